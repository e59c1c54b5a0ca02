/* relation - bits that are computed from others: copies, parities, sums, CRCs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_RELATION_H
#define PROTOCOLS_RELATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocols/bits.h"

enum relation_kind {
    RELATION_NONE,
    RELATION_COPY,    /* the same bits again */
    RELATION_INVERSE, /* the same, inverted */
    RELATION_PARITY,  /* XOR of all the bits: one bit */
    RELATION_XOR,     /* XOR of units as wide as the check */
    RELATION_SUM,     /* sum of units, modulo 2^bits */
    RELATION_NEGATIVE_SUM, /* what makes the sum a constant */
    RELATION_CRC,
};

/* Of what, and how. */
struct relation {
    enum relation_kind kind;
    uint16_t from, from_bits; /* the bits it is computed from */
    uint8_t unit;   /* bits of what is summed; 0 where nothing is */
    bool is_lsb;    /* units are sent lowest bit first */
    uint32_t polynomial; /* of a CRC, without its highest term */
    uint32_t constant; /* what is added (sums) or XORed (others) */
    double confidence; /* that it is just this one, if it is a check at all */
};

#endif
