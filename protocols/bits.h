/* bits - the data bits of one frame, each with its reliability.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_BITS_H
#define PROTOCOLS_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BITS_MAX 512 /* the longest known fob frame has 268 (Opel Mokka) */

struct bits {
    size_t n;
    uint8_t value[BITS_MAX]; /* 0 or 1, in the order sent */
    float llr[BITS_MAX];     /* log P(1) / P(0); its sign is value */
};

/* at + n <= b->n and n <= 64 in all of these. */

/* The number whose lowest bit was sent first. */
uint64_t bits_lsb(const struct bits *b, size_t at, size_t n);

/* The number whose highest bit was sent first. */
uint64_t bits_msb(const struct bits *b, size_t at, size_t n);

/* Bytes sent highest bit first, lowest byte first; n is a multiple of 8. */
uint64_t bits_bytes_le(const struct bits *b, size_t at, size_t n);

/* True if the n bits are all 0 or all 1. n is not limited to 64. */
bool bits_are_constant(const struct bits *b, size_t at, size_t n);

/* ln P(the same bits) / P(bits of their own), from both likelihoods; a->n is
 * b->n. */
double bits_agreement(const struct bits *a, const struct bits *b);

/* XOR of the n / 8 bytes from bit at on; n is not limited to 64. */
uint8_t bits_xor8(const struct bits *b, size_t at, size_t n);

#endif
