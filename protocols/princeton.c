/* princeton - fixed codes of 24 pulses: PT2262, EV1527, HS1527 and their like.
 *
 * Not a car fob's rolling code: listed so that one is not taken for such.
 *
 *     0            24
 *     | code       | stop |   highest bit first, then silence
 *
 * A code word is 24 pulses, each 4 TE long, and a sync bit, which is 1 TE high
 * and 31 TE low (PT2272 V3.7, page 7: a pulse of 4 and a bit of 128 clocks
 * where a TE is 4). The word is repeated without pause, so that the sync bit
 * is also what stands in front of all copies but the first; the EV1527 counts
 * it as leading. It begins like a 0, so here it is the data bit "stop" and 28
 * TE of guard. What stands in front of every copy is silence: 30 TE of it
 * between copies (CharlesCNorton/subghz-verified, unleashed-firmware's
 * princeton_raw.sub), more before the first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/protocol.h"

/* clang-format off */
static const struct field fields[] = {
    { "code",  0, 24, ROLE_IDENTITY, ORDER_MSB, SHOW_HEX,  "id" },
    { "stop", 24,  1, ROLE_FIXED,    ORDER_MSB, SHOW_NONE, NULL },
    { 0 },
};

/* A resistor sets TE: 250, 500, 800 us in subghz-verified, 540 us in
 * princeton_raw.sub. Low before and after: 30 and 27 TE there. */
static const struct waveform waveforms[] = {
    { .modulations = 1u << MODULATION_OOK,
      .kind = LINE_PWM, .symbols = { .zero = "1000", .one = "1110" },
      .te_us = 400, .te_min_us = 150, .te_max_us = 900,
      .header = 24, .sync = "", .guard = 20, .n_bits = 25 },
    { 0 },
};
/* clang-format on */

static enum verdict check(const struct bits *b)
{
    if (b->value[24] != 0) /* not the pulse of a sync bit */
        return VERDICT_NOT_MINE;
    if (bits_are_constant(b, 0, 24)) /* interference, not a code */
        return VERDICT_DAMAGED;
    return VERDICT_PLAUSIBLE;
}

/* clang-format off */
const struct protocol protocol_princeton = {
    .name       = "princeton",
    .model      = "Princeton-24bit",
    .title      = "Fixed 24-bit code (PT2262, EV1527)",
    .source     = "Princeton PT2262 V3.8, PT2272 V3.7",
    .waveforms  = waveforms,
    .fields     = fields,
    .check_bits = 0,
    .is_rolling = false,
    .check      = check,
};
/* clang-format on */
