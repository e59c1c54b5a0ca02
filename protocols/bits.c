/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/bits.h"

#include <math.h>

#include <assert.h>

uint64_t bits_lsb(const struct bits *b, size_t at, size_t n)
{
    uint64_t x = 0;

    assert(n <= 64 && at + n <= b->n);
    for (size_t i = n; i > 0; i--)
        x = x << 1 | b->value[at + i - 1];
    return x;
}

uint64_t bits_msb(const struct bits *b, size_t at, size_t n)
{
    uint64_t x = 0;

    assert(n <= 64 && at + n <= b->n);
    for (size_t i = 0; i < n; i++)
        x = x << 1 | b->value[at + i];
    return x;
}

uint64_t bits_bytes_le(const struct bits *b, size_t at, size_t n)
{
    uint64_t x = 0;

    assert(n <= 64 && n % 8 == 0 && at + n <= b->n);
    for (size_t i = n; i > 0; i -= 8)
        x = x << 8 | bits_msb(b, at + i - 8, 8);
    return x;
}

bool bits_are_constant(const struct bits *b, size_t at, size_t n)
{
    assert(at + n <= b->n);
    for (size_t i = 1; i < n; i++)
        if (b->value[at + i] != b->value[at])
            return false;
    return true;
}

uint8_t bits_xor8(const struct bits *b, size_t at, size_t n)
{
    uint64_t x = 0;

    assert(n % 8 == 0 && at + n <= b->n);
    for (size_t i = 0; i < n; i += 8)
        x ^= bits_msb(b, at + i, 8);
    return (uint8_t)x;
}

double bits_agreement(const struct bits *a, const struct bits *b)
{
    double sum = 0;
    for (size_t i = 0; i < a->n; i++) {
        const double p = 1 / (1 + exp(-(double)a->llr[i]));
        const double q = 1 / (1 + exp(-(double)b->llr[i]));
        sum += log(fmax(2 * (p * q + (1 - p) * (1 - q)), 1e-6));
    }
    return sum;
}
