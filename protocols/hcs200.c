/* hcs200 - Microchip HCS200, HCS300 and HCS301 code hopping encoders.
 *
 * 66 bits, each field lowest bit first (DS40138D and DS21137G, figures 4-2;
 * buttons S3 S0 S1 S2, figures 9-5 and 9-4):
 *
 *     0         32        60      64  65
 *     | hop     | serial  | btn   | V | R |
 *
 * V is the low voltage flag. R is a constant bit in the HCS200 ("Fixed"; the
 * same document calls it RPT in figure 9-5) and "Repeat" in the HCS300 and
 * HCS301. Both are 1 in every recording known, first copies too (HCS200 in
 * rtl_433_tests, an HCS301 in unleashed-firmware's doorhan_raw.sub), so R says
 * nothing of a retransmission and is not checked.
 *
 * The hop word is kept as it was sent: this program holds no keys. Nothing in
 * the clear proves a frame, so one alone is never more than PLAUSIBLE; the
 * pipeline raises it when a repeat agrees.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/protocol.h"

/* clang-format off */
static const struct field fields[] = {
    { "hop",          0, 32, ROLE_ROLLING,  ORDER_LSB,   SHOW_HEX,
      "encrypted" },
    { "serial",      32, 28, ROLE_IDENTITY, ORDER_LSB,   SHOW_HEX,      "id" },
    { "button",      60,  4, ROLE_ACTION,   ORDER_S3012, SHOW_INT, "button" },
    { "low_battery", 64,  1, ROLE_STATUS,   ORDER_LSB,   SHOW_NOT_FLAG,
      "battery_ok" },
    { "repeat",      65,  1, ROLE_STATUS,   ORDER_LSB,   SHOW_INT, "repeat" },
    { 0 },
};

/* DS40138D table 9-3 and DS21137G table 9-4: TE 400 us, 280..620 and 260..660;
 * 12 pulses in 23 TE, header 10 TE, guard 39 TE. Measured from the end of the
 * last bit the guard is 37 TE in doorhan_raw.sub. Over FSK the carrier itself
 * goes off after the frame, and no guard is heard. */
static const struct waveform waveforms[] = {
    { .modulations = 1u << MODULATION_OOK,
      .kind = LINE_PWM, .symbols = { .zero = "110", .one = "100" },
      .te_us = 400, .te_min_us = 260, .te_max_us = 660,
      .preamble_pulses = 12, .preamble_sure = 12, .header = 10,
      .sync = "", .guard = 30, .n_bits = 66 },
    /* The enjoy motors HS-8 leaves out the last bit (pulses of SIGNALduino's
     * list; its serial and hop are published with them). */
    { .modulations = 1u << MODULATION_OOK,
      .kind = LINE_PWM, .symbols = { .zero = "110", .one = "100" },
      .te_us = 400, .te_min_us = 260, .te_max_us = 660,
      .preamble_pulses = 12, .preamble_sure = 12, .header = 10,
      .sync = "", .guard = 30, .n_bits = 65 },
    { .modulations = 1u << MODULATION_FSK,
      .kind = LINE_PWM, .symbols = { .zero = "110", .one = "100" },
      .te_us = 400, .te_min_us = 260, .te_max_us = 660,
      .preamble_pulses = 12, .preamble_sure = 12, .header = 10,
      .sync = "", .guard = 0, .n_bits = 66 },
    { 0 },
};
/* clang-format on */

static enum verdict check(const struct bits *b)
{
    if (bits_are_constant(b, 0, 60)) /* a stuck carrier, not a fob */
        return VERDICT_DAMAGED;
    if (bits_lsb(b, 60, 4) == 0) /* no button, no frame */
        return VERDICT_DAMAGED;
    return VERDICT_PLAUSIBLE;
}

/* clang-format off */
const struct protocol protocol_hcs200 = {
    .name       = "hcs200",
    .model      = "Microchip-HCS200",
    .title      = "Microchip HCS200, HCS300, HCS301 (KeeLoq)",
    .source     = "Microchip DS40138D, DS21137G, DS21143C",
    .waveforms  = waveforms,
    .fields     = fields,
    .check_bits = 0,
    .is_rolling = true,
    .check      = check,
};
/* clang-format on */
