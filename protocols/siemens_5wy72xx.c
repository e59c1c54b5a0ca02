/* siemens_5wy72xx - Siemens 5WY72XX car remote (Chrysler, FCC M3N5WY72XX).
 *
 * 96 bits after the sync word 6001h, bytes highest bit first (rtl_433,
 * siemens_5wy72xx.c):
 *
 *     0        32       40         56           88    96
 *     | id LE  | button | sequence | encrypted  | xor |
 *                         MSB        LE
 *
 * id and encrypted are written lowest byte first; the sequence number is not,
 * although rtl_433 calls the data little endian: only so do the presses of
 * rtl_433_tests count 977, 978, 979, 980.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/protocol.h"

/* clang-format off */
static const struct field fields[] = {
    { "id",           0, 32, ROLE_IDENTITY, ORDER_BYTES_LE, SHOW_HEX, "id" },
    { "button_code", 32,  8, ROLE_ACTION,   ORDER_MSB,      SHOW_INT,
      "button_code" },
    { "sequence",    40, 16, ROLE_COUNTER,  ORDER_MSB,      SHOW_INT,
      "sequence" },
    { "encrypted",   56, 32, ROLE_ROLLING,  ORDER_BYTES_LE, SHOW_HEX,
      "encrypted" },
    { "xor",         88,  8, ROLE_CHECK,    ORDER_MSB,      SHOW_NONE, NULL },
    { 0 },
};

/* One bit each: buttons pressed together make a sum (rtl_433). */
static const struct action actions[] = {
    {  1, "Lock" },
    {  2, "Unlock" },
    {  4, "Trunk" },
    {  8, "Panic" },
    { 16, "Left Door" },
    { 32, "Right Door" },
    { 0, NULL },
};

/* TE 220 us, sync 6001h: rtl_433. It gives neither a tolerance, 20 % is taken,
 * nor the number of wake bits, of which 16 are taken to be sure. */
static const struct waveform waveforms[] = {
    { .modulations = 1u << MODULATION_OOK,
      .kind = LINE_MANCHESTER,
      .te_us = 220, .te_min_us = 180, .te_max_us = 264,
      .wake = "0", .wake_sure = 16,
      .sync = "0110000000000001", .guard = 0, .n_bits = 96 },
    { 0 },
};
/* clang-format on */

static enum verdict check(const struct bits *b)
{
    if (bits_are_constant(b, 0, 96)) /* its XOR would be right */
        return VERDICT_DAMAGED;
    return bits_xor8(b, 0, 96) == 0 ? VERDICT_PROVEN : VERDICT_DAMAGED;
}

/* clang-format off */
const struct protocol protocol_siemens_5wy72xx = {
    .name       = "siemens_5wy72xx",
    .model      = "Siemens-5WY72XX",
    .title      = "Siemens 5WY72XX (Chrysler)",
    .source     = "rtl_433 siemens_5wy72xx.c, rtl_433_tests siemens/5WY72XX",
    .waveforms  = waveforms,
    .fields     = fields,
    .actions    = actions,
    .check_bits = 8,
    .mic        = "CHECKSUM",
    .is_rolling = true,
    .check      = check,
};
/* clang-format on */
