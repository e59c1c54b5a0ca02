/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/relation.h"

#include <math.h>

#include <assert.h>

#define LN2 0.6931471805599453

/* Assumed: a check is the frame's last field every second time, and followed by no
 * more than a byte nine times in ten, as it is in the formats of DOMAIN.md 5. */
#define LAST_SHARE 0.5
#define NEAR_SHARE 0.4
enum { NEAR_BITS = 8 };

/* Assumed: of the kinds of checks. Sums of nibbles and bytes in both bit orders,
 * with both signs, are the last two's. Kia adds 1 to a XOR of nibbles (DOMAIN.md 5).
 */
#define KIND_PARITY   0.1
#define KIND_XOR      0.3
#define KIND_XOR_PLUS 0.03
#define KIND_SUM      0.03
/* Assumed: half of the checks are over all there is in front of them. */
#define WHOLE_SHARE 0.5
/* Assumed: every second constant is zero, one in ten all ones. */
#define ZERO_SHARE 0.5
#define ONES_SHARE 0.1
/* Assumed: of fobs of one family, one in five has another constant. */
#define OWN_SHARE 0.2

const char *relation_name(enum relation_kind k)
{
    static const char *const names[RELATIONS] = {
        "none",     "copy", "inverse",      "parity", "xor",
        "xor_plus", "sum",  "negative_sum", "crc",
    };

    assert(k < RELATIONS);
    return names[k];
}

void relation_add(struct relation_list *l, const struct relation_candidate *c)
{
    size_t worst = 0;

    if (l->n < RELATION_CANDIDATES) {
        l->at[l->n++] = *c;
        return;
    }
    for (size_t i = 1; i < l->n; i++)
        if (l->at[i].gain < l->at[worst].gain)
            worst = i;
    if (c->gain > l->at[worst].gain)
        l->at[worst] = *c;
}

double relation_place(size_t end, size_t n_bits)
{
    if (end == n_bits)
        return log(LAST_SHARE);
    if (n_bits - end <= NEAR_BITS)
        return log(NEAR_SHARE / NEAR_BITS);
    return log((1 - LAST_SHARE - NEAR_SHARE) / (double)n_bits);
}

static double ln_constant(uint32_t constant, unsigned bits)
{
    const uint32_t ones = bits < 32 ? (1u << bits) - 1 : UINT32_MAX;
    const double any = (1 - ZERO_SHARE - ONES_SHARE) / ((double)ones + 1);

    return log(any + (constant == 0      ? ZERO_SHARE
                      : constant == ones ? ONES_SHARE
                                         : 0));
}

double relation_constants(const struct relation_input *in,
                          const uint32_t *constant, unsigned bits)
{
    double gain = ln_constant(constant[0], bits);

    for (size_t r = 1; r < in->n_rows; r++)
        if (in->first[r] == r)
            gain += constant[r] == constant[0] ? log(1 - OWN_SHARE)
                                               : log(OWN_SHARE) - bits * LN2;
    return gain;
}

static uint32_t unit_of(const uint8_t *row, size_t at, unsigned n, bool is_lsb)
{
    uint32_t x = 0;

    for (unsigned i = 0; i < n; i++)
        x = x << 1 | row[at + (is_lsb ? n - 1 - i : i)];
    return x;
}

bool relation_varies(const struct relation_input *in, size_t at, size_t n)
{
    for (size_t i = at; i < at + n; i++)
        if (in->varies[i])
            return true;
    return false;
}

/* One way to compute a check. */
struct method {
    enum relation_kind kind;
    unsigned bits, unit;
    bool is_lsb;
    double prior;
};

static uint32_t accumulate(const struct method *m, uint32_t sum, uint32_t unit)
{
    return m->kind == RELATION_SUM || m->kind == RELATION_NEGATIVE_SUM
               ? sum + unit
               : sum ^ unit;
}

/* What is left of the check when the sum is taken off. */
static uint32_t residue(const struct method *m, uint32_t check, uint32_t sum)
{
    const uint32_t mask = (1u << m->bits) - 1;

    assert(m->bits <= RELATION_UNIT_MAX);
    switch (m->kind) {
    case RELATION_SUM:
    case RELATION_XOR_PLUS:
        return (check - sum) & mask;
    case RELATION_NEGATIVE_SUM:
        return (check + sum) & mask;
    case RELATION_XOR:
    case RELATION_PARITY:
        return (check ^ sum) & mask;
    case RELATION_NONE:
    case RELATION_COPY:
    case RELATION_INVERSE:
    case RELATION_CRC:
    case RELATIONS:
        break;
    }
    return 0;
}

/* Whether the check at bit `at` leaves the same in all rows of a fob: into left. */
static bool holds(const struct relation_input *in, const struct method *m,
                  size_t at, const uint32_t *sums, uint32_t *left)
{
    for (size_t r = 0; r < in->n_rows; r++) {
        const uint32_t check = unit_of(in->row[r], at, m->bits, m->is_lsb);

        left[r] = residue(m, check, sums[r]);
        if (left[r] != left[in->first[r]])
            return false;
    }
    return true;
}

/* To add nothing, or the highest bit alone, is to XOR it. */
static bool is_plain_xor(const struct method *m, const uint32_t *left)
{
    return m->kind == RELATION_XOR_PLUS && left[0] % (1u << (m->bits - 1)) == 0;
}

static void add_holding(const struct relation_input *in, const struct method *m,
                        size_t at, size_t from, const uint32_t *constant,
                        struct relation_list *out)
{
    const bool is_whole = from < m->unit;
    const double start =
        is_whole ? WHOLE_SHARE : (1 - WHOLE_SHARE) * m->unit / (double)at;
    const double n = (double)in->n_rows;
    const struct relation_candidate c = {
        .at = (uint16_t)at,
        .bits = (uint16_t)m->bits,
        .gain = n * m->bits * LN2 + relation_constants(in, constant, m->bits) +
                log(m->prior) + log(start) +
                relation_place(at + m->bits, in->n_bits),
        .relation = { .kind = m->kind,
                      .from = (uint16_t)from,
                      .from_bits = (uint16_t)(at - from),
                      .unit = (uint8_t)m->unit,
                      .is_lsb = m->is_lsb,
                      .constant = constant[0] },
    };

    relation_add(out, &c);
}

/* The check at bit `at`, over one unit in front of it, two, and so on. */
static void find_at(const struct relation_input *in, const struct method *m,
                    size_t at, struct relation_list *out)
{
    uint32_t sums[RELATION_ROWS_MAX] = { 0 }, constant[RELATION_ROWS_MAX];
    bool has_any = false;

    for (size_t from = at; from >= m->unit;) {
        from -= m->unit;
        has_any |= relation_varies(in, from, m->unit);
        for (size_t r = 0; r < in->n_rows; r++)
            sums[r] = accumulate(m, sums[r],
                                 unit_of(in->row[r], from, m->unit, m->is_lsb));
        if (has_any && at - from > m->unit &&
            holds(in, m, at, sums, constant) && !is_plain_xor(m, constant))
            add_holding(in, m, at, from, constant, out);
    }
}

static void find_sums(const struct relation_input *in,
                      struct relation_list *out)
{
    static const struct method methods[] = {
        { RELATION_PARITY, 1, 1, false, KIND_PARITY },
        { RELATION_XOR, 4, 4, false, KIND_XOR / 2 },
        { RELATION_XOR, 8, 8, false, KIND_XOR },
        { RELATION_XOR_PLUS, 4, 4, false, KIND_XOR_PLUS },
        { RELATION_XOR_PLUS, 8, 8, false, KIND_XOR_PLUS },
        { RELATION_SUM, 4, 4, false, KIND_SUM },
        { RELATION_SUM, 4, 4, true, KIND_SUM },
        { RELATION_SUM, 8, 8, false, 2 * KIND_SUM },
        { RELATION_SUM, 8, 8, true, KIND_SUM },
        { RELATION_SUM, 8, 4, false, KIND_SUM },
        { RELATION_NEGATIVE_SUM, 4, 4, false, KIND_SUM },
        { RELATION_NEGATIVE_SUM, 4, 4, true, KIND_SUM },
        { RELATION_NEGATIVE_SUM, 8, 8, false, KIND_SUM },
        { RELATION_NEGATIVE_SUM, 8, 8, true, KIND_SUM },
    };

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        const struct method *m = &methods[i];

        for (size_t at = 2 * m->unit; at + m->bits <= in->n_bits; at++)
            if (relation_varies(in, at, m->bits))
                find_at(in, m, at, out);
    }
}

/* Whether column i is column i - lag in all rows, or its inverse. */
static bool follows(const struct relation_input *in, size_t i, size_t lag,
                    unsigned inverse)
{
    for (size_t r = 0; r < in->n_rows; r++)
        if ((in->row[r][i] ^ in->row[r][i - lag]) != inverse)
            return false;
    return true;
}

static void add_copy(const struct relation_input *in, size_t at, size_t end,
                     size_t lag, unsigned inverse, struct relation_list *out)
{
    const double n_bits = (double)in->n_bits;
    const struct relation_candidate c = {
        .at = (uint16_t)at,
        .bits = (uint16_t)(end - at),
        .gain = (double)(in->n_rows * (end - at)) * LN2 - 2 * log(n_bits) - LN2,
        .relation = { .kind = inverse ? RELATION_INVERSE : RELATION_COPY,
                      .from = (uint16_t)(at - lag),
                      .from_bits = (uint16_t)(end - at) },
    };

    relation_add(out, &c);
}

/* Columns that follow those `lag` before them, from the first that varies to the
 * last that does, and all that do. */
static void find_copies_at(const struct relation_input *in, size_t lag,
                           unsigned inverse, struct relation_list *out)
{
    for (size_t at = lag; at < in->n_bits; at++) {
        size_t end = at, first = in->n_bits, last = 0;

        while (end < in->n_bits && end - at < lag &&
               follows(in, end, lag, inverse)) {
            if (in->varies[end]) {
                first = first < end ? first : end;
                last = end;
            }
            end++;
        }
        if (first <= last && last - first + 1 >= 2) {
            add_copy(in, first, last + 1, lag, inverse, out);
            if (end - at > last - first + 1)
                add_copy(in, at, end, lag, inverse, out);
        }
        if (end > at)
            at = end - 1;
    }
}

static void find_first_rows(struct relation_input *in)
{
    for (size_t r = 0; r < in->n_rows; r++) {
        in->first[r] = 0;
        while (in->fob[in->first[r]] != in->fob[r])
            in->first[r]++;
    }
}

void relation_find(const struct relation_input *in, struct relation_list *out)
{
    struct relation_input with_first;

    out->n = 0;
    assert(in->n_rows <= RELATION_ROWS_MAX && in->n_bits <= BITS_MAX);
    if (in->n_rows < 2)
        return;
    with_first = *in;
    find_first_rows(&with_first);
    for (size_t lag = 1; lag < in->n_bits; lag++)
        for (unsigned inverse = 0; inverse < 2; inverse++)
            find_copies_at(&with_first, lag, inverse, out);
    find_sums(&with_first, out);
    relation_find_crc(&with_first, out);
}
