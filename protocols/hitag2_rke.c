/* hitag2_rke - Hitag2 remote keyless entry (PCF7946 and relatives: Fiat, Opel,
 * Renault, Peugeot and others).
 *
 * 88 bits after the sync word 0001h, highest bit first:
 *
 *     0     32       36            46     78      80    88
 *     | uid | button | counter_low | hop  | spare | xor |
 *
 * Read from 12 frames of one fob (le0nidus/CTF_PracticalCarHacking,
 * parseRKE.py, whose split this is) and from a Fiat Panda (KaraZajac/KAT). The
 * low 10 bits of the counter are in clear; hop is the cipher's answer, kept as
 * it was sent. The spare bits are 10 in all of them. The fob of the 12 frames
 * sends two a press, of one counter: button 1, then 0.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/protocol.h"

/* clang-format off */
static const struct field fields[] = {
    { "uid",          0, 32, ROLE_IDENTITY, ORDER_MSB, SHOW_HEX,  "id" },
    { "button",      32,  4, ROLE_ACTION,   ORDER_MSB, SHOW_INT,  "button" },
    { "counter_low", 36, 10, ROLE_COUNTER,  ORDER_MSB, SHOW_INT,  "sequence" },
    { "hop",         46, 32, ROLE_ROLLING,  ORDER_MSB, SHOW_HEX,  "encrypted" },
    { "spare",       78,  2, ROLE_FIXED,    ORDER_MSB, SHOW_NONE, NULL },
    { "xor",         80,  8, ROLE_CHECK,    ORDER_MSB, SHOW_NONE, NULL },
    { 0 },
};

/* TE 259 us in the Fiat recording, 100 us in others of its kind (KAT). There
 * the first copy follows 191 or more pulses of 1 TE and a gap of 12 TE, the
 * others a gap of 13 TE; then comes a pulse of 8 TE, and with the next low the
 * sync word: nothing but the word itself is in front of every copy. */
static const struct waveform waveforms[] = {
    { .modulations = 1u << MODULATION_OOK,
      .kind = LINE_MANCHESTER,
      .te_us = 260, .te_min_us = 90, .te_max_us = 300,
      .sync = "0000000000000001", .guard = 0, .n_bits = 88 },
    { 0 },
};
/* clang-format on */

static enum verdict check(const struct bits *b)
{
    if (bits_are_constant(b, 0, 88)) /* its XOR would be right */
        return VERDICT_DAMAGED;
    return bits_xor8(b, 0, 88) == 0 ? VERDICT_PROVEN : VERDICT_DAMAGED;
}

/* clang-format off */
const struct protocol protocol_hitag2_rke = {
    .name       = "hitag2_rke",
    .model      = "Hitag2-RKE",
    .title      = "Hitag2 remote keyless entry (Fiat, Opel, Renault, ...)",
    .source     = "le0nidus/CTF_PracticalCarHacking parseRKE.py; "
                  "KaraZajac/KAT Fiat Panda.sub",
    .waveforms  = waveforms,
    .fields     = fields,
    .check_bits = 8,
    .mic        = "CHECKSUM",
    .is_rolling = true,
    .check      = check,
};
/* clang-format on */
