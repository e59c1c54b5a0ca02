/* computed - what a check must be by its relation, for tests.
 *
 * A reading of protocols/relation.h made without its implementation: the
 * generator makes checks by it and the scorer tests claims by it.
 *
 *   COPY, INVERSE   the bits from `from` on, in the order sent
 *   PARITY          XOR of all from_bits bits
 *   XOR             XOR of units as wide as the check, in the order sent
 *   SUM             sum of units of `unit` bits, modulo 2^bits; units and sum
 *                   are sent lowest bit first if is_lsb
 *   NEGATIVE_SUM    constant - sum
 *   CRC             remainder of the bits in the order sent, highest term sent
 *                   first, from a register of 0: what another start or a final
 *                   XOR would do is a constant, as all frames have one length.
 *                   is_lsb: the bits of each byte, and of the check's bytes,
 *                   taken in the reverse of the order sent
 *   constant        added to sums, XORed to the others
 *
 *   memory  none
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SUPPORT_COMPUTED_H
#define TESTS_SUPPORT_COMPUTED_H

#include "protocols/bits.h"
#include "protocols/relation.h"

/* The check's place in the frame; bits <= 64. */
struct computed {
    struct relation relation;
    uint16_t at, bits;
    bool is_short_first; /* of units that do not come out even: the first is
                          * the short one, not the last */
};

/* The constant with which the check of this frame is right. False where the
 * relation cannot be worked out: no kind, or bits beyond the frame. Bits of the
 * check itself count as 0. */
bool computed_constant(const struct computed *c, const struct bits *b,
                       uint64_t *constant);

/* Makes the check right with relation.constant. */
void computed_fill(const struct computed *c, struct bits *b);

/* True if the check is right in all n frames: with one constant, under one of
 * the readings that relation.h allows (order of the bits in a unit, which unit
 * is short). *constant is relation.constant's due in the first that fits. */
bool computed_holds(const struct computed *c, const struct bits *frames,
                    size_t n, uint64_t *constant);

#endif
