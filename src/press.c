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
/* Two copies that agree prove a frame when both are wrong less often. */
#define PROOF 1e-4
/* Carriers of one fob in one press stay this close. */
#define DRIFT_HZ 15e3

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

static void emit(struct press_grouper *g, const struct frame *f)
{
    if (!is_shown(g, f))
        return;
    g->frames++;
    g->cfg.frame(g->cfg.user, f, g->press);
}

/* ln P(the same bits) / P(bits of their own), from both likelihoods. */
static double agreement(const struct bits *a, const struct bits *b)
{
    double sum = 0;
    for (size_t i = 0; i < a->n; i++) {
        const double p = 1 / (1 + exp(-(double)a->llr[i]));
        const double q = 1 / (1 + exp(-(double)b->llr[i]));
        sum += log(fmax(2 * (p * q + (1 - p) * (1 - q)), 1e-6));
    }
    return sum;
}

static bool is_copy(const struct press_grouper *g, const struct frame *f)
{
    const struct frame *r = &g->run;
    return r->copies && r->protocol == f->protocol && r->kind == f->kind &&
           r->bits.n == f->bits.n &&
           fabs(r->reception.carrier_hz - f->reception.carrier_hz) < DRIFT_HZ &&
           agreement(&r->bits, &f->bits) > 0;
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
        framing_judge(r->protocol, &r->bits, &r->verdict, &r->confidence);
    else
        r->confidence = framing_confidence(&r->bits);
    if (r->verdict == VERDICT_PLAUSIBLE && g->doubt < PROOF &&
        1 - r->confidence < PROOF)
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
    g->doubt *= 1 - framing_confidence(&f->bits);
    g->last = *f;
}

static void end_run(struct press_grouper *g)
{
    if (!g->run.copies)
        return;
    judge(g);
    if (!g->cfg.is_every)
        emit(g, &g->run);
    g->run.copies = 0;
}

void press_process(struct press_grouper *g, const struct frame *f)
{
    const bool is_paused = g->press && is_pause(g, f->at);
    if (is_paused || !is_copy(g, f)) {
        end_run(g);
        g->press++;
        g->run = *f;
        g->run.copies = 1;
        g->last = *f;
        g->doubt = 1 - framing_confidence(&f->bits);
    } else {
        add_copy(g, f);
    }
    if (!g->cfg.is_every)
        return;
    struct frame one = *f;
    const unsigned copies = g->run.copies;
    struct frame run = g->run;
    judge(g); /* what the copies so far have proven holds for this one */
    if (copies > 1 && g->run.verdict == VERDICT_PROVEN &&
        !memcmp(one.bits.value, g->run.bits.value, one.bits.n))
        one.verdict = VERDICT_PROVEN;
    g->run = run;
    emit(g, &one);
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
