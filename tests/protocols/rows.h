/* rows - frames as rows of bits, for the tests of relations; no code of the program.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_PROTOCOLS_ROWS_H
#define TESTS_PROTOCOLS_ROWS_H

#include <string.h>

#include "protocols/relation.h"
#include "tests/support/synth.h"

struct rows {
    uint8_t cell[RELATION_ROWS_MAX][BITS_MAX];
    bool varies[BITS_MAX];
    struct relation_input in;
};

/* All bits random, all rows of fob 0. */
static inline void rows_init(struct rows *w, size_t n_rows, size_t n_bits,
                             struct synth_random *r)
{
    w->in = (struct relation_input){ .n_rows = n_rows,
                                     .n_bits = n_bits,
                                     .varies = w->varies };
    for (size_t i = 0; i < n_rows; i++) {
        w->in.row[i] = w->cell[i];
        for (size_t k = 0; k < n_bits; k++)
            w->cell[i][k] = (uint8_t)(synth_random_u64(r) >> 40 & 1);
    }
}

/* The number in `bits` bits from `at` on; is_lsb: the lowest was sent first. */
static inline uint32_t rows_get(const uint8_t *row, size_t at, size_t bits,
                                bool is_lsb)
{
    uint32_t x = 0;

    for (size_t i = 0; i < bits; i++)
        x |= (uint32_t)row[at + i] << (is_lsb ? i : bits - 1 - i);
    return x;
}

static inline void rows_put(uint8_t *row, size_t at, size_t bits, bool is_lsb,
                            uint32_t x)
{
    for (size_t i = 0; i < bits; i++)
        row[at + i] = x >> (is_lsb ? i : bits - 1 - i) & 1;
}

/* The same in all rows from `at` up to `end`. */
static inline void rows_fix(struct rows *w, size_t at, size_t end)
{
    for (size_t i = 1; i < w->in.n_rows; i++)
        memcpy(w->cell[i] + at, w->cell[0] + at, end - at);
}

static inline void rows_find(struct rows *w, struct relation_list *out)
{
    memset(w->varies, 0, sizeof w->varies);
    for (size_t i = 1; i < w->in.n_rows; i++)
        for (size_t j = 0; j < i; j++)
            for (size_t k = 0; k < w->in.n_bits && w->in.fob[i] == w->in.fob[j];
                 k++)
                w->varies[k] |= w->cell[i][k] != w->cell[j][k];
    relation_find(&w->in, out);
}

/* NULL: there is none. */
static inline const struct relation_candidate *
rows_best(const struct relation_list *l)
{
    const struct relation_candidate *best = NULL;

    for (size_t i = 0; i < l->n; i++)
        if (best == NULL || l->at[i].gain > best->gain)
            best = &l->at[i];
    return best;
}

/* The best of this kind on these bits. NULL: there is none. */
static inline const struct relation_candidate *
rows_of(const struct relation_list *l, enum relation_kind kind, size_t at,
        size_t bits)
{
    const struct relation_candidate *best = NULL;

    for (size_t i = 0; i < l->n; i++)
        if (l->at[i].relation.kind == kind && l->at[i].at == at &&
            l->at[i].bits == bits &&
            (best == NULL || l->at[i].gain > best->gain))
            best = &l->at[i];
    return best;
}

#endif
