/* continental_kr5v2x - Continental KR5V2X car remote (Honda 72147-SNA-A01).
 *
 * 112 bits after the sync word F0F06h, highest bit first (rtl_433,
 * continental_car_remote.c):
 *
 *     0    32  40     44  48         72          104   112
 *     | id | ? | btn  | ? | sequence | encrypted | xor |
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/protocol.h"

/* clang-format off */
static const struct field fields[] = {
    { "id",            0, 32, ROLE_IDENTITY, ORDER_MSB, SHOW_HEX,  "id" },
    { "button_code",  40,  4, ROLE_ACTION,   ORDER_MSB, SHOW_INT,
      "button_code" },
    { "sequence",     48, 24, ROLE_COUNTER,  ORDER_MSB, SHOW_INT,
      "sequence" },
    { "encrypted",    72, 32, ROLE_ROLLING,  ORDER_MSB, SHOW_HEX,
      "encrypted" },
    { "xor",         104,  8, ROLE_CHECK,    ORDER_MSB, SHOW_NONE, NULL },
    { 0 },
};

/* rtl_433's names. Trunk and panic are told apart by a long press only. */
static const struct action actions[] = {
    {  1, "Lock" },
    {  3, "Unlock" },
    {  9, "Trunk Long Press" },
    { 10, "Trunk/Panic Short Press" },
    { 11, "Panic Long Press" },
    { 0, NULL },
};

/* TE 100 us, sync F0F06h after "a longer wakeup": rtl_433. It gives neither a
 * tolerance, 20 % is taken, nor the number of wake bits, of which 16 are taken
 * to be sure. */
static const struct waveform waveforms[] = {
    { .modulations = 1u << MODULATION_FSK,
      .kind = LINE_MANCHESTER,
      .te_us = 100, .te_min_us = 80, .te_max_us = 120,
      .wake = "0", .wake_sure = 16,
      .sync = "11110000111100000110", .guard = 0, .n_bits = 112 },
    { 0 },
};
/* clang-format on */

static enum verdict check(const struct bits *b)
{
    /* An id of 00000000h or FFFFFFFFh is none (rtl_433); nor do constant bits,
     * whose XOR would be right, pass this. */
    if (bits_are_constant(b, 0, 32))
        return VERDICT_DAMAGED;
    return bits_xor8(b, 0, 112) == 0 ? VERDICT_PROVEN : VERDICT_DAMAGED;
}

/* clang-format off */
const struct protocol protocol_continental_kr5v2x = {
    .name       = "continental_kr5v2x",
    .model      = "Continental-KR5V2X",
    .title      = "Continental KR5V2X (Honda)",
    .source     = "rtl_433 continental_car_remote.c",
    .waveforms  = waveforms,
    .fields     = fields,
    .actions    = actions,
    .check_bits = 8,
    .mic        = "CHECKSUM",
    .is_rolling = true,
    .check      = check,
};
/* clang-format on */
