/* hcs361 - Microchip HCS360 and HCS361 code hopping encoders.
 *
 * 67 bits, each field lowest bit first (DS40146F, page 1; rtl_433, hcs361.c):
 *
 *     0         32        60      64  65
 *     | hop     | serial  | btn   | V | CRC |
 *
 * With the option of a long serial (XSER) it has 32 bits and takes the place
 * of the buttons; the air does not tell which, so 28 + 4 is assumed.
 *
 * The CRC and its traps: hcs36x.h.
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
    { 0 },
};

static const struct waveform waveforms[] = {
    /* DS40152D table 8-4: TE 400, 200 or 100 us, -35 to +55 %; preamble 32 TE,
     * header 10 TE, guard 16 TE or more. So is the Federal Signal spotlight of
     * UberGuidoZ/Flipper: TE 386 us, 16 pulses. */
    { .modulations = 1u << MODULATION_OOK,
      .kind = LINE_PWM, .symbols = { .zero = "110", .one = "100" },
      .te_us = 400, .te_min_us = 65, .te_max_us = 660,
      .preamble_pulses = 16, .preamble_sure = 12, .header = 10,
      .sync = "", .guard = 12, .n_bits = 67 },
    /* HCS361, TXWAK 0: six short pulses, a pulse of 10 TE, a gap of 10 TE
     * (rtl_433, hcs361.c). Only the gap can be said here. */
    { .modulations = 1u << MODULATION_OOK,
      .kind = LINE_PWM, .symbols = { .zero = "110", .one = "100" },
      .te_us = 400, .te_min_us = 130, .te_max_us = 660,
      .header = 10, .sync = "", .guard = 12, .n_bits = 67 },
    /* HCS361, TXWAK 1: TE 200 or 100 us at 833 or 1667 bit/s, so bits of 6 TE;
     * header 10 TE, guard 32 TE or more (rtl_433, hcs361.c). */
    { .modulations = 1u << MODULATION_OOK,
      .kind = LINE_PWM, .symbols = { .zero = "110000", .one = "100000" },
      .te_us = 200, .te_min_us = 65, .te_max_us = 330,
      .header = 10, .sync = "", .guard = 24, .n_bits = 67 },
    /* HCS361, VPWM (DS40146C table 8-5): 28 TE of preamble, which is six times
     * "100" and a pulse of 10 TE; header 10 TE; then 1 TE or 2 TE for each
     * bit, high first; guard 112 TE. Short is 1 (rtl_433, hcs361.c). */
    { .modulations = 1u << MODULATION_OOK,
      .kind = LINE_PIWM,
      .te_us = 400, .te_min_us = 130, .te_max_us = 660,
      .lead = "100100100100100100" "1111111111" "0000000000",
      .sync = "", .guard = 72, .n_bits = 67 },
    { 0 },
};
/* clang-format on */

/* clang-format off */
const struct protocol protocol_hcs361 = {
    .name       = "hcs361",
    .model      = "Microchip-HCS361",
    .title      = "Microchip HCS360, HCS361 (KeeLoq)",
    .source     = "Microchip DS40146, DS40152, DS41189; rtl_433 hcs361.c",
    .waveforms  = waveforms,
    .fields     = fields,
    .check_bits = HCS36X_CHECK_BITS,
    .mic        = "CRC",
    .is_rolling = true,
    .check      = hcs36x_check,
};
/* clang-format on */
