/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/protocol.h"

#include <assert.h>

/* S3, S0, S1, S2 in the order sent; S0 is 1, S3 is 8. */
static uint64_t s3012(const struct bits *b, size_t at)
{
    return bits_lsb(b, at + 1, 3) | bits_lsb(b, at, 1) << 3;
}

uint64_t field_value(const struct field *f, const struct bits *b)
{
    assert(f->order <= ORDER_S3012);
    switch (f->order) {
    case ORDER_LSB:
        return bits_lsb(b, f->at, f->bits);
    case ORDER_MSB:
        return bits_msb(b, f->at, f->bits);
    case ORDER_BYTES_LE:
        return bits_bytes_le(b, f->at, f->bits);
    case ORDER_S3012:
        assert(f->bits == 4);
        return s3012(b, f->at);
    }
    return 0;
}
