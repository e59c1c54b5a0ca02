/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/chip_clock.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* A block is long enough to tell 0.8 % and short enough not to need better:
 * 48 chips drift by 0.2 of a chip at half a step. */
enum { BLOCK = 48, COARSE_PHASES = 4, FINE_PHASES = 8, PHASES_MAX = 8 };
#define STEP       1.008
#define FINE_STEP  1.0015
#define TABLE_STEP (1.0f / 16)
/* A stronger carrier is taken for one of this E/N0, in a chip of this length:
 * what a grid of phases misses at the edges must stay under the price of more
 * chips. The prototype's bursts had 11 to 18 dB. */
#define E_N0_MAX        12.0f
#define NOMINAL_SECONDS 250e-6
/* Two rates this close are one. */
#define APART 0.03

void chip_clock_init(struct chip_clock *c, const struct likelihood *l)
{
    c->likelihood = l;
}

static void fill_tables(struct chip_clock *c, float g)
{
    const float gain = 2 * sqrtf(g);
    /* a carrier twice as strong as it seemed, and noise, are still inside */
    const float most = (2.2f * sqrtf(g) + 4) / TABLE_STEP;
    c->entries = most < CHIP_CLOCK_TABLE ? (int)most : CHIP_CLOCK_TABLE;
    for (int i = 0; i < c->entries; i++) {
        const float size = ((float)i + 0.5f) * TABLE_STEP;
        c->on[i] = likelihood_ln_i0(c->likelihood, gain * size) - g;
        c->free[i] = likelihood_either(c->likelihood, c->on[i], 0);
    }
}

static float size_of(iq x)
{
    return sqrtf(crealf(x) * crealf(x) + cimagf(x) * cimagf(x));
}

static float score_ook(const struct chip_clock *c, const struct tone *t,
                       double at, double te, float scale)
{
    const int last = c->entries - 1;
    float sum = 0;
    iq before = tone_sum(t, at);
    for (int k = 1; k <= BLOCK; k++) {
        const iq after = tone_sum(t, at + k * te);
        const int i = (int)(size_of(after - before) * scale);
        sum += c->free[i < last ? i : last];
        before = after;
    }
    return sum;
}

static float score_fsk(const struct chip_clock *c, const struct keying *k,
                       double at, double te, float scale)
{
    const int last = c->entries - 1;
    float sum = 0;
    iq mark = tone_sum(&k->mark, at), space = tone_sum(&k->space, at);
    for (int j = 1; j <= BLOCK; j++) {
        const iq m = tone_sum(&k->mark, at + j * te);
        const iq s = tone_sum(&k->space, at + j * te);
        const int i = (int)(size_of(m - mark) * scale);
        const int h = (int)(size_of(s - space) * scale);
        sum += likelihood_either(c->likelihood, c->on[i < last ? i : last],
                                 c->on[h < last ? h : last]);
        mark = m;
        space = s;
    }
    return sum;
}

/* ln of the mean of exp(v). */
static float mean_of_exp(const struct likelihood *l, const float *v, unsigned n)
{
    float sum = v[0];
    for (unsigned i = 1; i < n; i++)
        sum = likelihood_add(l, sum, v[i]);
    return sum - logf((float)n);
}

float chip_clock_evidence(struct chip_clock *c, const struct keying *k,
                          float reference, double from, double to, double te,
                          unsigned phases)
{
    assert(phases >= 1 && phases <= PHASES_MAX);
    /* the same noise for every TE, or more chips would be more evidence */
    const float te_nominal = (float)(NOMINAL_SECONDS * k->mark.rate_hz);
    const float noise = fmaxf(k->mark.noise, reference * te_nominal / E_N0_MAX);
    fill_tables(c, k->power * (float)te / noise);
    const float scale = 1 / (sqrtf((float)te * noise) * TABLE_STEP);
    float total = 0;
    for (double at = from; at < to; at += BLOCK * te) {
        float score[PHASES_MAX] = { 0 };
        for (unsigned p = 0; p < phases; p++) {
            const double start = at + te * p / phases;
            score[p] = k->modulation == MODULATION_FSK
                           ? score_fsk(c, k, start, te, scale)
                           : score_ook(c, &k->mark, start, te, scale);
        }
        /* a block may be silent */
        total += fmaxf(mean_of_exp(c->likelihood, score, phases), 0);
    }
    return total;
}

static size_t scan(struct chip_clock *c, const struct keying *k,
                   float reference, double from, double to, double te_min,
                   double te_max)
{
    size_t n = 0;
    for (double te = te_min; te <= te_max && n < CHIP_CLOCK_STEPS_MAX;
         te *= STEP) {
        c->te[n] = te;
        c->evidence[n++] =
            chip_clock_evidence(c, k, reference, from, to, te, COARSE_PHASES);
    }
    return n;
}

/* Walks uphill in small steps, with more phases. */
static struct chip_rate refine(struct chip_clock *c, const struct keying *k,
                               float reference, double from, double to,
                               double te)
{
    struct chip_rate best = { te, 0 };
    for (int i = -4; i <= 4; i++) {
        const double trial = te * pow(FINE_STEP, i);
        const float e =
            chip_clock_evidence(c, k, reference, from, to, trial, FINE_PHASES);
        if (e > best.evidence)
            best = (struct chip_rate){ trial, e };
    }
    return best;
}

static bool is_peak(const struct chip_clock *c, size_t n, size_t i)
{
    return c->evidence[i] > 0 &&
           (i == 0 || c->evidence[i] >= c->evidence[i - 1]) &&
           (i + 1 == n || c->evidence[i] >= c->evidence[i + 1]);
}

static bool is_taken(const struct chip_rate *found, size_t n, double te)
{
    for (size_t i = 0; i < n; i++)
        if (fabs(te / found[i].te - 1) < APART)
            return true;
    return false;
}

static int by_evidence(const void *a, const void *b)
{
    const struct chip_rate *x = a, *y = b;
    return (x->evidence < y->evidence) - (x->evidence > y->evidence);
}

size_t chip_clock_find(struct chip_clock *c, const struct keying *k,
                       float reference, double from, double to, double te_min,
                       double te_max,
                       struct chip_rate out[CHIP_CLOCK_RATES_MAX])
{
    const size_t n = scan(c, k, reference, from, to, te_min, te_max);
    size_t found = 0;
    while (found < CHIP_CLOCK_RATES_MAX) {
        size_t best = n;
        for (size_t i = 0; i < n; i++) {
            if (is_peak(c, n, i) && !is_taken(out, found, c->te[i]) &&
                (best == n || c->evidence[i] > c->evidence[best]))
                best = i;
        }
        if (best == n)
            break;
        out[found++] = refine(c, k, reference, from, to, c->te[best]);
    }
    qsort(out, found, sizeof *out, by_evidence);
    return found;
}
