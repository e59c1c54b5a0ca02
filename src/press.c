/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/press.h"

#include <math.h>
#include <string.h>

#include "protocols/framing.h"

/* Longest silence within a press: HCS361's long guard time leaves out a whole
 * word of 100 ms (DS40146, table 5-1); a person needs longer between two. */
#define PAUSE_SECONDS 0.6
/* As doubtful as this a frame is not shown, unless all are asked for. */
#define SHOWN 0.5
/* Copies of a frame in one burst are not further apart: HCS362, guard time 77 ms
 * (DS40189). */
#define COPY_SECONDS 0.1
/* Carriers of one fob in one press stay this close. */
#define DRIFT_HZ 15e3

enum {
    FRAGMENT_MIN = 20,    /* bits: fewer may be alike by chance */
    FRAGMENT_LOSS = 5,    /* one in five may lie outside */
    FRAGMENT_ERRORS = 40, /* one in forty may differ */
};

void press_init(struct press_grouper *g, const struct press_cfg *cfg)
{
    memset(g, 0, sizeof *g);
    g->cfg = *cfg;
}

static bool is_shown(const struct press_grouper *g, const struct frame *f)
{
    return g->cfg.is_all ||
           (f->verdict >= VERDICT_PLAUSIBLE && f->confidence >= SHOWN);
}

/* Bits so weak that a check which fails says nothing yet: copies may add up. */
static bool is_doubtful(const struct frame *f)
{
    return sighting_confidence(&f->bits) < SHOWN;
}

static void emit(struct press_grouper *g, const struct frame *f)
{
    if (!is_shown(g, f))
        return;
    g->frames++;
    g->cfg.frame(g->cfg.user, f, g->press);
}

/* A frame of the run; the first one makes it a press. */
static void emit_of_run(struct press_grouper *g, const struct frame *f)
{
    if (!g->is_press && is_shown(g, f)) {
        g->press++;
        g->is_press = true;
    }
    emit(g, f);
}

static bool is_same(const struct frame *a, const struct frame *b)
{
    return a->protocol == b->protocol && a->kind == b->kind &&
           a->bits.n == b->bits.n && bits_agreement(&a->bits, &b->bits) > 0;
}

static bool is_near(const struct frame *a, const struct frame *b)
{
    return fabs(a->reception.carrier_hz - b->reception.carrier_hz) < DRIFT_HZ;
}

static bool is_copy(const struct press_grouper *g, const struct frame *f)
{
    return g->run.copies && is_near(&g->run, f) && is_same(&g->run, f);
}

/* What the copies say, and at the same time as one of them: an image in the
 * receiver's mixer, or they are. Copies may follow without a gap. */
static bool is_image(const struct press_grouper *g, const struct frame *f)
{
    const struct frame *r = &g->run;
    return r->copies && f->at + f->samples / 4 < g->last.at + g->last.samples &&
           f->at + f->samples > r->at && is_same(r, f);
}

/* Most bits of the shorter frame stand in the longer one, at some offset: a copy
 * that was cut off, or read with a bit more or less. */
static bool is_fragment(const struct bits *a, const struct bits *b)
{
    const struct bits *brief = a->n < b->n ? a : b;
    const struct bits *whole = a->n < b->n ? b : a;
    const size_t least = brief->n - brief->n / FRAGMENT_LOSS;
    if (brief->n < FRAGMENT_MIN)
        return false;
    for (size_t shift = 0; shift <= whole->n + brief->n - 2 * least; shift++) {
        /* bit i of brief on bit i + shift - (brief->n - least) of whole */
        size_t same = 0, n = 0;
        for (size_t i = 0; i < brief->n; i++) {
            const size_t j = i + shift + least;
            if (j < brief->n || j - brief->n >= whole->n)
                continue;
            n++;
            same += brief->value[i] == whole->value[j - brief->n];
        }
        if (n >= least && n - same <= n / FRAGMENT_ERRORS)
            return true;
    }
    return false;
}

static bool is_pause(const struct press_grouper *g, uint64_t now)
{
    const uint64_t end = g->last.at + g->last.samples;
    return now > end && (double)(now - end) > PAUSE_SECONDS * g->cfg.rate_hz;
}

/* Several copies agree: for a format without a check that is the proof. */
static void judge(struct press_grouper *g)
{
    struct frame *r = &g->run;
    if (r->copies < 2)
        return;
    if (r->protocol)
        sighting_judge(r->protocol, &r->bits, &r->verdict, &r->confidence);
    else
        r->confidence = sighting_confidence(&r->bits);
    if (r->verdict == VERDICT_PLAUSIBLE && g->doubt < SIGHTING_PROOF &&
        1 - r->confidence < SIGHTING_PROOF)
        r->verdict = VERDICT_PROVEN;
}

static void add_copy(struct press_grouper *g, const struct frame *f)
{
    struct frame *r = &g->run;
    for (size_t i = 0; i < r->bits.n; i++) {
        r->bits.llr[i] += f->bits.llr[i];
        r->bits.value[i] = r->bits.llr[i] > 0;
    }
    r->copies++;
    g->doubt *= 1 - sighting_confidence(&f->bits);
    g->last = *f;
}

/* The run as its copies so far make it, unless that was said before. */
static void tell_run(struct press_grouper *g)
{
    const struct frame run = g->run;
    judge(g);
    if (!g->cfg.is_every && is_shown(g, &g->run) &&
        !(g->is_out && g->run.verdict <= g->said)) {
        emit_of_run(g, &g->run);
        g->is_out = true;
        g->said = g->run.verdict;
    }
    g->run = run;
}

void press_settle(struct press_grouper *g)
{
    if (g->run.copies && g->cfg.is_prompt)
        tell_run(g);
}

static void end_run(struct press_grouper *g)
{
    if (g->run.copies)
        tell_run(g);
    g->run.copies = 0;
}

static void start_run(struct press_grouper *g, const struct frame *f)
{
    g->run = *f;
    g->run.copies = 1;
    g->is_out = false;
    g->doubt = 1 - sighting_confidence(&f->bits);
    g->last = *f;
}

/* A part of the frame before it, or the whole of which that was a part. */
static void process_fragment(struct press_grouper *g, const struct frame *f)
{
    const bool is_better = f->protocol && !g->run.protocol
                               ? true
                               : f->bits.n > g->run.bits.n && !g->run.protocol;
    if (is_better && g->run.copies == 1) {
        start_run(g, f);
        return;
    }
    g->last = *f;
}

/* With is_every: one copy by itself; what the copies so far have proven holds
 * for it too. */
static void emit_copy(struct press_grouper *g, const struct frame *f)
{
    const struct frame run = g->run;
    struct frame one = *f;
    judge(g);
    if (g->run.copies > 1 && g->run.verdict == VERDICT_PROVEN &&
        one.bits.n == g->run.bits.n &&
        !memcmp(one.bits.value, g->run.bits.value, one.bits.n))
        one.verdict = VERDICT_PROVEN;
    g->run = run;
    emit_of_run(g, &one);
}

/* Too soon after a copy for another press, and too weak to say what it is. */
static bool is_astray(const struct press_grouper *g, const struct frame *f)
{
    const uint64_t end = g->last.at + g->last.samples;
    return is_doubtful(f) &&
           (double)f->at < (double)end + COPY_SECONDS * g->cfg.rate_hz;
}

void press_process(struct press_grouper *g, const struct frame *f)
{
    if (f->verdict < VERDICT_PLAUSIBLE && !is_doubtful(f)) {
        emit(g, f); /* says nothing about the press */
        return;
    }
    const bool goes_on = g->run.copies && !is_pause(g, f->at);
    if (is_image(g, f)) {
        if (f->reception.level_dbfs > g->run.reception.level_dbfs)
            g->run.reception = f->reception;
        return;
    }
    if (goes_on && is_copy(g, f)) {
        add_copy(g, f);
    } else if (goes_on && is_fragment(&g->run.bits, &f->bits)) {
        process_fragment(g, f);
        if (!g->cfg.is_all)
            return;
    } else if (goes_on && is_astray(g, f)) {
        emit(g, f);
        return;
    } else {
        end_run(g);
        g->is_press = false;
        start_run(g, f);
    }
    if (g->cfg.is_every)
        emit_copy(g, f);
}

void press_advance(struct press_grouper *g, uint64_t now)
{
    if (g->run.copies && is_pause(g, now))
        end_run(g);
}

void press_flush(struct press_grouper *g)
{
    end_run(g);
}
