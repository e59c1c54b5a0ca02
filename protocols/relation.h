/* relation - bits that are computed from others: copies, parities, sums, CRCs.
 *
 * All frames of a fob agree with a check or none does, so that a wrong guess is
 * found out soon: one bit of a check that holds in n frames is right by chance once
 * in 2^(n - 1). What is not known of it (a CRC's start value, what is added) is
 * taken from each fob's first frame: parts of the frame that are not seen may differ
 * from fob to fob.
 *
 *   in      frames as rows of bits, aligned and beyond doubt
 *   out     struct relation_candidate
 *   memory  the caller's
 *   source  a CRC's polynomial divides the difference of any two frames, so it is
 *           their greatest common divisor: G. Ewing, "Reverse-Engineering a CRC
 *           Algorithm", 2010; polynomials: G. Cook, "Catalogue of parametrised CRC
 *           algorithms"
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_RELATION_H
#define PROTOCOLS_RELATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocols/bits.h"

enum {
    RELATION_ROWS_MAX = 400,
    RELATION_FOBS_MAX = 16,
    RELATION_UNIT_MAX = 8,      /* bits of what is summed */
    RELATION_CRC_BITS_MAX = 16, /* of a fob's CRC: longest in DOMAIN.md 5 */
    RELATION_CANDIDATES = 256,
};

enum relation_kind {
    RELATION_NONE,
    RELATION_COPY,         /* the same bits again */
    RELATION_INVERSE,      /* the same, inverted */
    RELATION_PARITY,       /* XOR of all the bits: one bit */
    RELATION_XOR,          /* XOR of units as wide as the check */
    RELATION_XOR_PLUS,     /* the same, and then something added to it */
    RELATION_SUM,          /* sum of units, modulo 2^bits */
    RELATION_NEGATIVE_SUM, /* what makes the sum a constant */
    RELATION_CRC,
    RELATIONS
};

/* Of what, and how. */
struct relation {
    enum relation_kind kind;
    uint16_t from, from_bits; /* the bits it is computed from */
    uint8_t unit;        /* bits of what is XORed or summed; 0: nothing is */
    bool is_lsb;         /* units are sent lowest bit first */
    uint32_t polynomial; /* of a CRC, without its highest term */
    uint32_t constant;   /* what is added (sums, XOR_PLUS) or XORed (others) */
    double confidence;   /* that it is just this one, if it is a check at all */
};

struct relation_input {
    const uint8_t *row[RELATION_ROWS_MAX]; /* n_bits values of 0 or 1 each */
    unsigned
        fob[RELATION_ROWS_MAX]; /* < RELATION_FOBS_MAX: constants are a fob's */
    size_t n_rows, n_bits;
    const bool
        *varies; /* n_bits: whether a column has both values in one fob */
    uint16_t first
        [RELATION_ROWS_MAX]; /* its fob's first row; relation_find fills it */
};

struct relation_candidate {
    uint16_t at, bits;
    double
        gain; /* ln P(bits | this relation) / P(any bits), times how likely this
                  * one is before anything was seen */
    struct relation relation;
};

struct relation_list {
    struct relation_candidate at[RELATION_CANDIDATES];
    size_t n; /* the best ones, where there is no room for more */
};

/* All relations that hold in every row. */
void relation_find(const struct relation_input *in, struct relation_list *out);

/* "xor", "crc" ...: for JSON. */
const char *relation_name(enum relation_kind k);

/* Of relation_find's parts: a candidate more. */
void relation_add(struct relation_list *l, const struct relation_candidate *c);

/* ln of how likely a check is to end at bit `end` of n_bits, before anything was
 * seen. */
double relation_place(size_t end, size_t n_bits);

/* Whether any of n columns from `at` on does. */
bool relation_varies(const struct relation_input *in, size_t at, size_t n);

/* ln of how likely the constants of the fobs are, which are those of their first
 * rows: constant[r] is row r's. */
double relation_constants(const struct relation_input *in,
                          const uint32_t *constant, unsigned bits);

/* relation_crc.c: */
void relation_find_crc(const struct relation_input *in,
                       struct relation_list *out);

#endif
