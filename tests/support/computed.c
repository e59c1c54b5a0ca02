/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/support/computed.h"

#include <assert.h>

static uint64_t mask_of(unsigned bits)
{
    return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

static unsigned bit_at(const struct computed *c, const struct bits *b,
                       size_t at)
{
    return at >= c->at && at < (size_t)c->at + c->bits ? 0 : b->value[at];
}

static uint64_t number(const struct computed *c, const struct bits *b,
                       size_t at, size_t n, bool is_lsb)
{
    uint64_t x = 0;

    for (size_t i = 0; i < n; i++)
        x = x << 1 | bit_at(c, b, is_lsb ? at + n - 1 - i : at + i);
    return x;
}

static bool is_sum(const struct relation *r)
{
    return r->kind == RELATION_SUM || r->kind == RELATION_NEGATIVE_SUM;
}

/* How long the unit is that begins at `at`. */
static size_t next_unit(const struct computed *c, unsigned unit, size_t at)
{
    const size_t end = (size_t)c->relation.from + c->relation.from_bits;
    size_t n = unit;

    if (c->is_short_first && at == c->relation.from &&
        c->relation.from_bits % unit != 0)
        n = c->relation.from_bits % unit;
    return n < end - at ? n : end - at;
}

static uint64_t units(const struct computed *c, const struct bits *b,
                      unsigned unit)
{
    const struct relation *r = &c->relation;
    const size_t end = (size_t)r->from + r->from_bits;
    uint64_t x = 0;

    for (size_t at = r->from, n = 0; at < end; at += n) {
        n = next_unit(c, unit, at);
        if (is_sum(r)) {
            x += number(c, b, at, n, r->is_lsb);
        } else {
            uint64_t word = number(c, b, at, n, false);
            /* A short last unit lies under the first bits of the check. */
            x ^= c->is_short_first ? word : word << (unit - n);
        }
    }
    return x & mask_of(c->bits);
}

static uint64_t crc(const struct computed *c, const struct bits *b)
{
    const struct relation *r = &c->relation;
    uint64_t x = 0;

    for (size_t i = 0; i < r->from_bits; i++) {
        size_t place = r->is_lsb ? i / 8 * 8 + 7 - i % 8 : i;
        uint64_t top = x >> (c->bits - 1u) & 1;
        top ^= place < r->from_bits ? bit_at(c, b, r->from + place) : 0;
        x = (x << 1 & mask_of(c->bits)) ^ (top ? r->polynomial : 0);
    }
    return x;
}

/* Of the check's bits, highest first as a number, which is the i-th. */
static size_t place_of(const struct computed *c, size_t i)
{
    if (is_sum(&c->relation) && c->relation.is_lsb)
        return c->at + c->bits - 1u - i;
    if (c->relation.kind == RELATION_CRC && c->relation.is_lsb &&
        c->bits % 8 == 0)
        return c->at + i / 8 * 8 + 7 - i % 8;
    return c->at + i;
}

/* The check as it stands in the frame, as the number that is computed. */
static uint64_t sent(const struct computed *c, const struct bits *b)
{
    uint64_t x = 0;

    for (size_t i = 0; i < c->bits; i++)
        x = x << 1 | b->value[place_of(c, i)];
    return x;
}

static uint64_t value_of(const struct computed *c, const struct bits *b)
{
    const struct relation *r = &c->relation;

    switch (r->kind) {
    case RELATION_NONE:
        break;
    case RELATION_COPY:
        return number(c, b, r->from, c->bits, false);
    case RELATION_INVERSE:
        return ~number(c, b, r->from, c->bits, false) & mask_of(c->bits);
    case RELATION_PARITY:
        return units(c, b, 1);
    case RELATION_XOR:
    case RELATION_XOR_PLUS:
        return units(c, b, c->bits);
    case RELATION_SUM:
    case RELATION_NEGATIVE_SUM:
        return units(c, b, r->unit);
    case RELATION_CRC:
        return crc(c, b);
    case RELATIONS:
        break;
    }
    return 0;
}

static bool is_workable(const struct computed *c, const struct bits *b)
{
    const struct relation *r = &c->relation;
    const size_t end = (size_t)r->from + r->from_bits;

    if (c->bits == 0 || c->bits > 64 || (size_t)c->at + c->bits > b->n ||
        end > b->n || r->from_bits == 0 || r->kind == RELATION_NONE)
        return false;
    if (r->kind == RELATION_COPY || r->kind == RELATION_INVERSE)
        return r->from_bits >= c->bits;
    if (r->kind == RELATION_PARITY)
        return c->bits == 1;
    return !is_sum(r) || (r->unit > 0 && r->unit <= 64);
}

bool computed_constant(const struct computed *c, const struct bits *b,
                       uint64_t *constant)
{
    if (!is_workable(c, b))
        return false;
    uint64_t value = value_of(c, b), is = sent(c, b);
    if (c->relation.kind == RELATION_SUM ||
        c->relation.kind == RELATION_XOR_PLUS)
        *constant = (is - value) & mask_of(c->bits);
    else if (c->relation.kind == RELATION_NEGATIVE_SUM)
        *constant = (is + value) & mask_of(c->bits);
    else
        *constant = is ^ value;
    return true;
}

void computed_fill(const struct computed *c, struct bits *b)
{
    const uint64_t want = c->relation.constant;
    uint64_t constant = 0;

    for (size_t i = 0; i < c->bits; i++)
        b->value[c->at + i] = 0;
    bool is_known = computed_constant(c, b, &constant);
    assert(is_known);
    if (!is_known)
        return;
    /* A check of 0 would need `constant`. */
    const bool is_added =
        is_sum(&c->relation) || c->relation.kind == RELATION_XOR_PLUS;
    uint64_t x = is_added ? want - constant : want ^ constant;
    for (size_t i = 0; i < c->bits; i++)
        b->value[place_of(c, i)] = x >> (c->bits - 1u - i) & 1;
}

static bool is_one_constant(const struct computed *c, const struct bits *frames,
                            size_t n, uint64_t *constant)
{
    uint64_t one = 0, first = 0;

    for (size_t i = 0; i < n; i++) {
        if (!computed_constant(c, &frames[i], &one) || (i > 0 && one != first))
            return false;
        first = one;
    }
    if (n > 0)
        *constant = first;
    return n > 0;
}

bool computed_holds(const struct computed *c, const struct bits *frames,
                    size_t n, uint64_t *constant)
{
    for (unsigned reading = 0; reading < 4; reading++) {
        struct computed other = *c;
        other.relation.is_lsb ^= reading & 1;
        other.is_short_first = (reading & 2) != 0;
        if (is_one_constant(&other, frames, n, constant))
            return true;
    }
    return false;
}
