/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/support/presses.h"

#include <assert.h>
#include <string.h>

#include "tests/support/computed.h"
#include "tests/support/synth.h"

static unsigned below(struct synth_random *r, unsigned n)
{
    return (unsigned)(synth_random_unit(r) * n);
}

static bool chance(struct synth_random *r, double p)
{
    return synth_random_unit(r) < p;
}

/* What a fob brings along, and how it goes on. */
struct fob {
    uint64_t identity, counter;
};

static unsigned identity_bits(const struct format *f)
{
    size_t i = 0;

    while (i + 1 < f->n && f->field[i].role != ROLE_IDENTITY)
        i++;
    return f->field[i].bits;
}

static struct fob draw_fob(const struct format *f, struct synth_random *r,
                           uint64_t batch)
{
    struct fob fob = { .identity = synth_random_u64(r),
                       .counter = synth_random_u64(r) };
    unsigned half = identity_bits(f) / 2;

    if (batch != 0) /* the upper half of the number is the batch's */
        fob.identity =
            batch << half | (fob.identity & ((UINT64_C(1) << half) - 1));
    return fob;
}

/* 5 % of the presses follow one to three that were not heard. */
static void count_on(const struct format *f, struct synth_random *r,
                     struct fob *fob)
{
    fob->counter += f->step;
    if (chance(r, 0.05))
        fob->counter += f->step * (1u + below(r, 3));
}

static uint64_t value_of(const struct format *f, const struct format_field *x,
                         const struct fob *fob, unsigned button,
                         struct synth_random *r)
{
    switch (x->role) {
    case ROLE_IDENTITY:
        return fob->identity;
    case ROLE_ACTION:
        return f->code[button];
    case ROLE_COUNTER:
        return fob->counter;
    case ROLE_ROLLING:
        return synth_random_u64(r);
    case ROLE_STATUS:
        return chance(r, x->flicker) ? x->value ^ 1 : x->value;
    case ROLE_CHECK:
    case ROLE_FIXED:
        return x->value;
    }
    return 0;
}

static void send(const struct format *f, const struct fob *fob, unsigned button,
                 struct synth_random *r, struct bits *b)
{
    *b = (struct bits){ .n = f->n_bits };
    for (size_t i = 0; i < f->n; i++) {
        const struct format_field *x = &f->field[i];
        const struct field field = { .at = x->at,
                                     .bits = x->bits,
                                     .order = x->order };
        synth_set_field(b, &field, value_of(f, x, fob, button, r));
    }
    for (size_t i = 0; i < f->n; i++) {
        const struct format_field *x = &f->field[i];
        if (x->relation.kind != RELATION_NONE)
            computed_fill(&(struct computed){ .relation = x->relation,
                                              .at = x->at,
                                              .bits = x->bits },
                          b);
    }
}

/* Likelihood ratios: e^30 of right bits; a wrong one is hardly believed. */
static void weigh(struct bits *b)
{
    for (size_t i = 0; i < b->n; i++)
        b->llr[i] = b->value[i] ? 30.0f : -30.0f;
}

static void doubt(struct bits *b, size_t i, struct synth_random *r)
{
    float doubtful = 0.2f + (float)synth_random_unit(r);

    b->llr[i] = b->value[i] ? doubtful : -doubtful;
}

static void slip(struct bits *b, struct synth_random *r)
{
    if (chance(r, 0.5)) { /* the first one is lost */
        memmove(b->value, b->value + 1, b->n - 1);
        memmove(b->llr, b->llr + 1, (b->n - 1) * sizeof b->llr[0]);
        b->n--;
        return;
    }
    size_t i = below(r, (unsigned)b->n); /* this one comes twice */
    memmove(b->value + i + 1, b->value + i, b->n - i);
    memmove(b->llr + i + 1, b->llr + i, (b->n - i) * sizeof b->llr[0]);
    b->n++;
    doubt(b, i, r);
}

static void disturb(struct bits *b, struct synth_random *r)
{
    if (chance(r, 0.01)) {
        size_t i = below(r, (unsigned)b->n);
        b->value[i] ^= 1;
        doubt(b, i, r);
    }
    if (chance(r, 0.05))
        slip(b, r);
}

/* The buttons equally often, in any order. */
static void draw_buttons(const struct presses_cfg *cfg, struct synth_random *r,
                         int *button)
{
    for (unsigned i = 0; i < cfg->presses; i++)
        button[i] = (int)(i % cfg->buttons);
    for (unsigned i = cfg->presses; i > 1; i--) {
        unsigned j = below(r, i);
        int x = button[i - 1];
        button[i - 1] = button[j];
        button[j] = x;
    }
}

void presses_make(const struct format *f, const struct presses_cfg *cfg,
                  struct presses *p)
{
    /* Other streams than formats_draw has of the same seed. */
    struct synth_random r = { ~cfg->seed }, noise = { cfg->seed << 32 };
    const uint64_t batch = chance(&r, 0.15) ? synth_random_u64(&r) : 0;

    assert(cfg->buttons <= f->buttons);
    assert(cfg->fobs * cfg->presses <= PRESSES_MAX);
    p->n = 0;
    for (unsigned i = 0; i < cfg->fobs; i++) {
        struct fob fob = draw_fob(f, &r, batch);
        draw_buttons(cfg, &r, p->button + p->n);
        for (unsigned k = 0; k < cfg->presses; k++, p->n++) {
            const int button = p->button[p->n];
            count_on(f, &r, &fob);
            send(f, &fob, (unsigned)button, &r, &p->sent[p->n]);
            weigh(&p->sent[p->n]);
            p->heard[p->n] = p->sent[p->n];
            if (cfg->is_noisy)
                disturb(&p->heard[p->n], &noise);
            p->frame[p->n] = (struct inference_frame){
                .bits = &p->heard[p->n],
                .fob = i,
                .button = cfg->is_unlabelled ? -1 : button,
            };
        }
    }
}
