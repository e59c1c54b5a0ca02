/* formats - formats that no descriptor knows, drawn at random, for tests.
 *
 * The distribution follows the published formats (DOMAIN.md, section 5: KeeLoq
 * HCS, Hitag2, Siemens, Continental, GM, Chrysler, Alps, Kia, Mazda, PSA, ..).
 * Shares are of what is drawn; what does not come to 40..120 bits is drawn
 * again.
 *
 *   what moves   rolling code 40 %, counter in clear 25 %, both 25 %, neither
 *                10 % (a fixed code)
 *   identity     16 (5 %), 20 (8), 24 (25), 28 (25), 32 (37) bits, random
 *   action       2 (10 %), 3 (5), 4 (50), 8 (35) bits; codes one-hot (50 %),
 *                small numbers (35), any (15)
 *   rolling      24 (10 %), 28 (5), 32 (55), 40 (10), 48 (10), 64 (10)
 *   counter      8 (8 %), 10 (8), 12 (12), 16 (40), 20 (4), 24 (20), 32 (8);
 *                step 1 (85 %), 2 (10), 4 (5)
 *   fixed        none (35 %), one (45), two (20), of 4 (30 %), 5..7 (10), 8
 *                (35), 9..15 (10), 16 (15) bits; all 0, all 1, or any
 *   status       in 55 %: one bit (60 %) or two; constant, mostly 0; in 8 % of
 *                them a bit that is another one in a quarter of the presses
 *   copy         in 15 %: copy (60 %) or inverse, of the action (60 %), or else
 *                of a counter, fixed field or identity; after it, mostly at once
 *   check        in 60 %: XOR of bytes (24 %) or nibbles (8), sum of bytes
 *                (19), its negative (6), nibble sum of 4 bits (7) or 8 (3),
 *                CRC-8 (15), CRC-16 (6), the 2-bit CRC of HCS36x (5), CRC-4
 *                (2), parity (5). A CRC has a known polynomial (75 %) or any;
 *                in one of 12 its bytes are reflected against the order sent.
 *                A constant, or what another start of the register comes to,
 *                in 40 %
 *   covers       everything before it, but for a first fixed field in 25 %;
 *                filled up to whole units by a fixed field, or short of some of
 *                its first bits
 *   order        a fixed field first in 70 % of formats that have one, the rest
 *                in any order; the check last, but for 10 % in the midst; after
 *                it a stop bit in 20 %
 *   number order highest bit first (60 %) or lowest, one for the format
 *
 * Same seed, same format.
 *
 *   memory  the caller's
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SUPPORT_FORMATS_H
#define TESTS_SUPPORT_FORMATS_H

#include "protocols/inference.h"

enum {
    FORMATS_FIELDS_MAX = 16,
    FORMATS_BUTTONS_MAX = 4,
    FORMATS_BITS_MIN = 40,
    FORMATS_BITS_MAX = 120,
};

struct format_field {
    enum field_role role;
    enum field_order order;
    uint16_t at, bits;
    struct relation relation; /* of a check; else of RELATION_NONE */
    uint64_t value;           /* FIXED and STATUS */
    double flicker; /* STATUS: share of presses with the lowest bit flipped */
};

/* The truth about a format: its fields, in order, cover all bits. */
struct format {
    size_t n_bits, n;
    struct format_field field[FORMATS_FIELDS_MAX];
    uint64_t code[FORMATS_BUTTONS_MAX]; /* of the action; all different */
    unsigned buttons;                   /* so many codes, 2 .. 4 */
    unsigned step;                      /* of the counter */
};

void formats_draw(struct format *f, uint64_t seed);

#endif
