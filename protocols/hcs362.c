/* hcs362 - Microchip HCS362 code hopping encoder, and others that send its 69
 * bits (HCS365, HCS410, HCS473).
 *
 * Each field lowest bit first (DS40189D, 3.1; DS40035C, figure 3-2):
 *
 *     0         32        60      64  65    67
 *     | hop     | serial  | btn   | V | CRC | Q |
 *
 * Q counts presses of the same button within 2 s, to 3. With the option of a
 * long serial (XSER) it takes the place of the buttons; with CTSEL 0 time bits
 * take that of the CRC, and such a frame counts as damaged.
 *
 * The CRC does not cover Q. For what it is worth, and for V, the low voltage
 * flag, see hcs36x.h: the known car fob of this format (Hyundai, recordings in
 * rtl_433_tests) sends V set and the CRC of V clear in all four frames.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/hcs36x.h"

/* clang-format off */
static const struct field fields[] = {
    { "hop",          0, 32, ROLE_ROLLING,  ORDER_LSB,   SHOW_HEX,
      "encrypted" },
    { "serial",      32, 28, ROLE_IDENTITY, ORDER_LSB,   SHOW_HEX,      "id" },
    { "button",      60,  4, ROLE_ACTION,   ORDER_S3012, SHOW_INT, "button" },
    { "low_battery", 64,  1, ROLE_STATUS,   ORDER_LSB,   SHOW_NOT_FLAG,
      "battery_ok" },
    { "crc",         65,  2, ROLE_CHECK,    ORDER_LSB,   SHOW_NONE,     NULL },
    { "queue",       67,  2, ROLE_STATUS,   ORDER_LSB,   SHOW_INT, "repeat" },
    { 0 },
};

/* DS40189D, 3.1: TE 100, 200, 400 or 800 us, calibrated to 10 % (DS41189A
 * table 10-5); header 3 or 10 TE; guard 0 or more. The documents draw 16
 * pulses, recordings (Hyundai, and rtl_433 issue 3112) have 12. After a guard
 * of 0 the Hyundai fob still stays low for 1 TE: 8 copies run together.
 *
 * Manchester: header 4 TE, a start bit 1, and after the data a stop bit 1, so
 * that nothing is sure to be low there (DS41189A, figures 10-5 and 10-6). High
 * then low is 1 (rtl_433, hcs362.c). */
static const struct waveform waveforms[] = {
    { .modulations = 1u << MODULATION_OOK,
      .kind = LINE_PWM, .symbols = { .zero = "110", .one = "100" },
      .te_us = 400, .te_min_us = 85, .te_max_us = 920,
      .preamble_pulses = 12, .preamble_sure = 12, .header = 3,
      .sync = "", .guard = 1, .n_bits = 69 },
    { .modulations = 1u << MODULATION_OOK,
      .kind = LINE_PWM, .symbols = { .zero = "110", .one = "100" },
      .te_us = 400, .te_min_us = 85, .te_max_us = 920,
      .preamble_pulses = 12, .preamble_sure = 12, .header = 10,
      .sync = "", .guard = 1, .n_bits = 69 },
    { .modulations = 1u << MODULATION_OOK,
      .kind = LINE_MANCHESTER,
      .te_us = 200, .te_min_us = 85, .te_max_us = 920,
      .preamble_pulses = 12, .preamble_sure = 12, .header = 4,
      .sync = "1", .stop = "10", .guard = 8, .n_bits = 69 },
    { 0 },
};
/* clang-format on */

/* clang-format off */
const struct protocol protocol_hcs362 = {
    .name       = "hcs362",
    .model      = "Microchip-HCS362",
    .title      = "Microchip HCS362 (KeeLoq, 69 bits)",
    .source     = "Microchip DS40189D, DS41189A; rtl_433 hcs362.c",
    .waveforms  = waveforms,
    .fields     = fields,
    .check_bits = HCS36X_CHECK_BITS,
    .mic        = "CRC",
    .is_rolling = true,
    .check      = hcs36x_check,
};
/* clang-format on */
