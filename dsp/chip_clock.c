/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/chip_clock.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "dsp/vector.h"

/* A block is long enough to tell 0.8 % and short enough not to need better:
 * 48 chips drift by 0.2 of a chip at half a step. */
enum { BLOCK = 48, COARSE_PHASES = 8, FINE_PHASES = 16 };
/* Places of the grid are counted in fixed point: 48 chips are 1e-4 off. */
enum { PLACE_BITS = 24 };
#define STEP      1.008
#define FINE_STEP 1.0015
/* Trials this near share a filter. 4 % too long or too short loses as much of
 * a chip's energy at each end: 0.1 dB at most. */
#define FILTER_REACH 1.04
#define TABLE_STEP   (1.0f / 16)
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

/* The noise that evidence is measured against: the same for every TE, or more
 * chips would be more evidence. */
static float noise_of(const struct keying *k, float reference)
{
    const float te_nominal = (float)(NOMINAL_SECONDS * k->mark.rate_hz);
    return fmaxf(k->mark.noise, reference * te_nominal / E_N0_MAX);
}

/* Filters from one place of the grid to the one phases further, n of them. */
struct filters {
    double from, step; /* samples of the tones */
    unsigned phases;
    size_t n;
    float scale; /* of a filter's output to entries of the tables */
};

DSP_VECTOR static void fill_sums(struct chip_clock *c, const struct tone *t,
                                 const struct filters *f)
{
    const size_t n = f->n + f->phases;
    size_t i = 0;
    for (; i < n && f->from + (double)i * f->step <= 0; i++)
        c->sums[i] = t->sums[0];
    /* inside of the tone: as tone_sum(), without asking each time */
    const double last = (double)t->n - f->from;
    for (; i < n && (double)i * f->step < last; i++) {
        const double at = f->from + (double)i * f->step;
        const int32_t k = (int32_t)at;
        const float part = (float)(at - k);
        const iq *s = t->sums + k;
        c->sums[i] = s[0] + part * (s[1] - s[0]);
    }
    for (; i < n; i++)
        c->sums[i] = t->sums[t->n];
}

/* Entry of the tables for the filter at place i. */
static inline int entry(const struct chip_clock *c, const struct filters *f,
                        size_t i)
{
    const iq r = c->sums[i + f->phases] - c->sums[i];
    const float re = crealf(r), im = cimagf(r);
    const int e = (int)(sqrtf(re * re + im * im) * f->scale);
    return e < c->entries ? e : c->entries - 1;
}

DSP_VECTOR static void fill_grid(struct chip_clock *c, const struct keying *k,
                                 const struct filters *f)
{
    fill_sums(c, &k->mark, f);
    const bool is_fsk = k->modulation == MODULATION_FSK;
    const float *table = is_fsk ? c->on : c->free;
    for (size_t i = 0; i < f->n; i++)
        c->grid[i] = table[entry(c, f, i)];
    if (!is_fsk)
        return;
    fill_sums(c, &k->space, f);
    for (size_t i = 0; i < f->n; i++)
        c->grid[i] =
            likelihood_either(c->likelihood, c->grid[i], c->on[entry(c, f, i)]);
}

/* ln of the mean of exp(v). */
static float mean_of_exp(const struct likelihood *l, const float *v, unsigned n)
{
    float sum = v[0];
    for (unsigned i = 1; i < n; i++)
        sum = likelihood_add(l, sum, v[i]);
    return sum - logf((float)n);
}

/* A block of n chips in all its phases at once: they lie side by side on the
 * grid. */
static inline float score_block(const struct likelihood *l,
                                const float *restrict grid, uint64_t step,
                                unsigned n, unsigned phases)
{
    float sum[FINE_PHASES] = { 0 };
    uint64_t at = 1u << (PLACE_BITS - 1); /* rounds */
    for (unsigned k = 0; k < n; k++, at += step) {
        const float *restrict g = grid + (at >> PLACE_BITS);
        for (unsigned p = 0; p < phases; p++)
            sum[p] += g[p];
    }
    return mean_of_exp(l, sum, phases);
}

/* te in samples; the grid is filled as f says. Every te sees the same stretch:
 * the last block is as long as that leaves it. */
DSP_VECTOR static float score(const struct chip_clock *c,
                              const struct filters *f, double to, double te)
{
    const double step = te / f->step;
    const uint64_t fixed = (uint64_t)(step * (1u << PLACE_BITS));
    const size_t chips = (size_t)(fmax(to - f->from, 0) / te);
    float total = 0;
    for (size_t k = 0; k < chips; k += BLOCK) {
        const size_t at = (size_t)((double)k * step);
        const float *grid = c->grid + at;
        const unsigned n = chips - k < BLOCK ? (unsigned)(chips - k) : BLOCK;
        assert(at + (size_t)(n * step + 0.5) + f->phases <= f->n);
        const float block =
            f->phases == COARSE_PHASES
                ? score_block(c->likelihood, grid, fixed, n, COARSE_PHASES)
                : score_block(c->likelihood, grid, fixed, n, FINE_PHASES);
        total += fmaxf(block, 0); /* a block may be silent */
    }
    return total;
}

/* Fills tables and grid for chips of about te samples, from .. *to; *to comes
 * nearer where the grid has no room for all. */
static struct filters prepare(struct chip_clock *c, const struct keying *k,
                              float reference, double from, double *to,
                              double te, unsigned phases)
{
    const float noise = noise_of(k, reference);
    struct filters f = {
        .from = from,
        .step = te / phases,
        .phases = phases,
        .scale = 1 / (sqrtf((float)te * noise) * TABLE_STEP),
    };
    const double beyond = 4 * phases; /* the last chip, in its last phase */
    const double room = CHIP_CLOCK_GRID - phases - beyond - 1;
    *to = fmin(*to, from + room * f.step);
    f.n = (size_t)(fmax(*to - from, 0) / f.step + beyond);
    fill_tables(c, k->power * (float)te / noise);
    fill_grid(c, k, &f);
    return f;
}

float chip_clock_evidence(struct chip_clock *c, const struct keying *k,
                          float reference, double from, double to, double te)
{
    const struct filters f =
        prepare(c, k, reference, from, &to, te, FINE_PHASES);
    return score(c, &f, to, te);
}

static size_t scan(struct chip_clock *c, const struct keying *k,
                   float reference, const struct chip_clock_range *r)
{
    size_t n = 0;
    double te = r->te_min;
    while (te <= r->te_max && n < CHIP_CLOCK_STEPS_MAX) {
        double to = r->to;
        const double last = te * FILTER_REACH * FILTER_REACH;
        const struct filters f = prepare(c, k, reference, r->from, &to,
                                         te * FILTER_REACH, COARSE_PHASES);
        for (; te <= last && te <= r->te_max && n < CHIP_CLOCK_STEPS_MAX;
             te *= STEP) {
            c->te[n] = te;
            c->evidence[n++] = score(c, &f, to, te);
        }
    }
    return n;
}

/* Looks around in small steps, with more phases. */
static struct chip_rate refine(struct chip_clock *c, const struct keying *k,
                               float reference,
                               const struct chip_clock_range *r, double te)
{
    double to = r->to;
    const struct filters f =
        prepare(c, k, reference, r->from, &to, te, FINE_PHASES);
    struct chip_rate best = { te, 0 };
    for (int i = -4; i <= 4; i++) {
        const double trial = te * pow(FINE_STEP, i);
        const float e = score(c, &f, to, trial);
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
                       float reference, const struct chip_clock_range *range,
                       struct chip_rate out[CHIP_CLOCK_RATES_MAX])
{
    const size_t n = scan(c, k, reference, range);
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
        out[found++] = refine(c, k, reference, range, c->te[best]);
    }
    qsort(out, found, sizeof *out, by_evidence);
    return found;
}
