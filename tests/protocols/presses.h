/* presses - frames of several presses, for the tests of inference; no code of the
 * program.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_PROTOCOLS_PRESSES_H
#define TESTS_PROTOCOLS_PRESSES_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocols/inference.h"
#include "tests/support/synth.h"

enum { PRESSES_MAX = INFERENCE_FRAMES_MAX + 50 };

struct presses {
    struct bits bits[PRESSES_MAX];
    struct inference_frame frame[PRESSES_MAX];
    size_t n;
};

/* Value and likelihood. */
static inline void presses_set_bit(struct bits *b, size_t at, unsigned value)
{
    b->value[at] = value & 1;
    b->llr[at] = value & 1 ? 20.0f : -20.0f;
}

/* More bits at the end, the highest first. */
static inline void presses_append(struct bits *b, size_t bits, uint64_t x)
{
    for (size_t i = 0; i < bits; i++)
        presses_set_bit(b, b->n + i, x >> (bits - 1 - i) & 1);
    b->n += bits;
}

/* The lowest first. */
static inline void presses_append_lsb(struct bits *b, size_t bits, uint64_t x)
{
    for (size_t i = 0; i < bits; i++)
        presses_set_bit(b, b->n + i, x >> i & 1);
    b->n += bits;
}

static inline void presses_append_random(struct bits *b, size_t bits,
                                         struct synth_random *r)
{
    for (size_t i = 0; i < bits; i++)
        presses_append(b, 1, synth_random_u64(r) >> 40);
}

/* A bit gone, or there twice. */
static inline void presses_drop(struct bits *b, size_t at)
{
    memmove(b->value + at, b->value + at + 1, b->n - at - 1);
    memmove(b->llr + at, b->llr + at + 1, (b->n - at - 1) * sizeof *b->llr);
    b->n--;
}

static inline void presses_double(struct bits *b, size_t at)
{
    memmove(b->value + at + 1, b->value + at, b->n - at);
    memmove(b->llr + at + 1, b->llr + at, (b->n - at) * sizeof *b->llr);
    b->n++;
}

/* A press more; its bits are to be filled in. */
static inline struct bits *presses_add(struct presses *p, unsigned fob,
                                       int button)
{
    struct bits *b = &p->bits[p->n];

    memset(b, 0, sizeof *b);
    p->frame[p->n] = (struct inference_frame){ b, fob, button };
    p->n++;
    return b;
}

/* What every table is, whatever was found: all bits, in order. */
static inline void presses_assert_sane(const struct inference *r)
{
    size_t at = 0;

    assert_true(r->n <= INFERENCE_FIELDS_MAX);
    for (size_t i = 0; i < r->n; i++) {
        const struct inference_field *f = &r->field[i];

        assert_int_equal(f->at, at);
        assert_true(f->bits > 0);
        assert_true(f->confidence >= 0 && f->confidence <= 1);
        assert_true(f->begins >= 0 && f->begins <= 1);
        assert_true(f->ends >= 0 && f->ends <= 1);
        assert_true(isfinite(f->gain) != 0);
        at += f->bits;
    }
    assert_int_equal(at, r->n_bits);
    assert_true(isfinite(r->kind_gain) != 0 && r->kind_gain >= 0);
    assert_true(r->n_wants <= INFERENCE_WANTS_MAX);
    for (size_t i = 0; i < r->n_wants; i++) {
        assert_true(r->want[i].presses >= 1 && r->want[i].presses <= 1000);
        assert_true(r->want[i].at + r->want[i].bits <= r->n_bits);
    }
}

#endif
