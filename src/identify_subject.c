/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/identify_subject.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An RTL-SDR that nobody calibrated (DOMAIN.md 2.6: 20 to 100 ppm). */
#define DONGLE_ERROR 50e-6
/* Around twice the fundamental that makes it (DOMAIN.md 2.6: fobs are on band
 * within 250 kHz). */
#define ON_BAND_HZ 250e3
/* What is likelier than this is said of a code; and what is less likely is denied. */
#define ROLLS 0.9
/* Presses, where it is not known which buttons they were of: a fixed code may be
 * another one for each of two or three. */
enum { ENOUGH = 4 };
/* Of an inferred button field. */
#define ACTION_SURE 0.95

void identify_subject_gather(struct identify_subject *x,
                             const struct sitting *s, struct inferrer *m)
{
    struct inference_frame frames[SITTING_PRESSES_MAX];
    size_t n;

    memset(x, 0, sizeof *x);
    x->sitting = s;
    facts_gather(&x->facts, s);
    fob_frames_collect(&x->frames, s);
    if (x->frames.best == NULL || x->frames.best->protocol != NULL)
        return;
    n = fob_frames_present(&x->frames, 0, &x->buttons, frames,
                           SITTING_PRESSES_MAX);
    x->is_inferred =
        inference_find(m, frames, n, x->frames.best->kind, &x->inference);
}

void identify_subject_join(struct identify_subject *x,
                           const struct fob_frames *other, struct inferrer *m)
{
    struct inference_frame frames[INFERENCE_FRAMES_MAX];
    const size_t half = INFERENCE_FRAMES_MAX / 2;
    struct inference together;
    size_t n;

    if (!x->is_inferred || x->inference.fobs > 1)
        return; /* two are enough to tell them apart */
    n = fob_frames_present(&x->frames, 0, &x->buttons, frames, half);
    n += fob_frames_present(other, 1, &x->buttons, frames + n, half);
    if (inference_find(m, frames, n, x->frames.best->kind, &together))
        x->inference = together;
}

enum line_kind identify_subject_kind(const struct identify_subject *x)
{
    return x->is_inferred ? x->inference.kind : x->frames.best->kind;
}

const struct protocol *identify_subject_format(const struct identify_subject *x,
                                               struct inferred_protocol *p)
{
    if (x->frames.best == NULL)
        return NULL;
    if (x->frames.best->protocol != NULL)
        return x->frames.best->protocol;
    if (!x->is_inferred)
        return NULL;
    inference_describe(&x->inference, x->frames.best, p);
    return &p->protocol;
}

void identify_subject_bits(const struct identify_subject *x, size_t frame,
                           struct bits *out)
{
    const struct frame *f = x->frames.frame[frame];

    inference_read_as(&f->bits, f->kind, identify_subject_kind(x), out);
}

/* The fundamental of what was heard was there as well. */
static bool is_harmonic(const struct identify_subject *x, double carrier_hz)
{
    const struct sitting *s = x->sitting;

    for (size_t i = 0; i < s->n_presses; i++)
        if (fabs(2 * s->press[i].carrier_hz - carrier_hz) < 2 * ON_BAND_HZ)
            return true;
    return false;
}

/* Of a known format what its field says; of another the fields that are surely the
 * button's. False: it does not say. */
static bool read_action(const struct protocol *p,
                        const struct identify_subject *x, const struct bits *b,
                        uint64_t *ret)
{
    bool has = false;

    *ret = 0;
    for (const struct field *f = p->fields; f->name != NULL; f++) {
        if (f->role != ROLE_ACTION || !field_is_inside(f, b))
            continue;
        for (size_t i = 0; x->is_inferred && i < x->inference.n; i++)
            if (x->inference.field[i].at == f->at &&
                x->inference.field[i].confidence < ACTION_SURE)
                return false;
        *ret = *ret << f->bits | field_value(f, b);
        has = true;
    }
    return has;
}

static unsigned count_actions(const struct identify_subject *x)
{
    uint64_t seen[SITTING_PRESSES_MAX], action;
    struct inferred_protocol inferred;
    const struct protocol *p = identify_subject_format(x, &inferred);
    unsigned n = 0;
    struct bits bits;

    if (x->is_inferred && x->inference.buttons == 0)
        return 0; /* what comes back need not be a button */
    for (size_t i = 0; i < x->frames.n && p != NULL; i++) {
        unsigned k = 0;

        identify_subject_bits(x, i, &bits);
        if (!read_action(p, x, &bits, &action))
            continue;
        while (k < n && seen[k] != action)
            k++;
        if (k == n)
            seen[n++] = action;
    }
    return n;
}

static enum truth find_rolling(const struct identify_subject *x)
{
    const struct facts *f = &x->facts;

    if (x->is_inferred && f->codes > f->repeated) {
        if (x->inference.rolls <= 1 - ROLLS)
            return TRUTH_NO;
        return x->inference.rolls >= ROLLS &&
                       (x->inference.buttons > 0 || x->frames.n >= ENOUGH)
                   ? TRUTH_YES
                   : TRUTH_UNKNOWN;
    }
    if (f->codes == 0 || !f->is_told)
        return TRUTH_UNKNOWN;
    if (f->is_fixed_format || 2 * f->repeated > f->codes)
        return TRUTH_NO;
    return f->repeated == 0 ? TRUTH_YES : TRUTH_UNKNOWN;
}

static void fill_frames(const struct identify_subject *x,
                        const struct sticker *sticker,
                        struct identify_radio *ret)
{
    const struct frame *best = x->frames.best;

    ret->has_modulation = true;
    ret->modulation = best->reception.modulation;
    ret->has_code = true;
    ret->kind = identify_subject_kind(x);
    ret->protocol = best->protocol;
    ret->is_proven = best->verdict == VERDICT_PROVEN;
    ret->actions = count_actions(x);
    if (sticker != NULL) {
        sticker_search(sticker, x->frames.frame, x->frames.n, &ret->sticker);
        ret->has_sticker_result = true;
    }
}

void identify_subject_radio(const struct identify_subject *x,
                            const struct sticker *sticker,
                            struct identify_radio *ret)
{
    const struct facts *f = &x->facts;

    *ret = (struct identify_radio){ .presses = f->presses,
                                    .with_frame = f->with_frame,
                                    .carrier_hz = NAN,
                                    .carrier_spread_hz = NAN };
    if (f->is_on_air) {
        ret->carrier_hz = f->carrier_hz;
        ret->carrier_spread_hz = DONGLE_ERROR * f->carrier_hz;
        if (x->frames.best != NULL)
            ret->carrier_spread_hz =
                fmax(ret->carrier_spread_hz,
                     x->frames.best->reception.carrier_uncertainty_hz);
        ret->is_harmonic = is_harmonic(x, f->carrier_hz);
    }
    ret->is_rolling = find_rolling(x);
    if (x->frames.best != NULL)
        fill_frames(x, sticker, ret);
}
