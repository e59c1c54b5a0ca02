/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/chips.h"

#include <math.h>
#include <string.h>

/* ln of how often a pulse keeps its phase, 0.97, and how often it does not. */
#define LN_COHERENT     (-0.0305f)
#define LN_NOT_COHERENT (-3.507f)

size_t chips_bytes(size_t n)
{
    return (2 * CHIPS_RUN_MAX + 2) * n * sizeof(float);
}

void chips_attach(struct chips *c, void *memory, size_t n)
{
    float *p = memory;
    for (size_t i = 0; i < CHIPS_RUN_MAX; i++, p += n)
        c->on[i] = p;
    for (size_t i = 0; i < CHIPS_RUN_MAX; i++, p += n)
        c->off[i] = p;
    c->free = p;
    c->scratch = p + n;
}

/* A run whose chips keep one phase, or, where the carrier drifts or chirps, not:
 * then each chip says what it says alone. */
static float run_of(const struct likelihood *l, float whole, const float *chips,
                    unsigned m)
{
    float apart = 0;
    for (unsigned i = 0; i < m; i++)
        apart += chips[i];
    return likelihood_add(l, whole + LN_COHERENT, apart + LN_NOT_COHERENT);
}

/* Runs of 1 .. runs chips ending with chip k, filed under their first chip. */
static void measure_tone(const struct likelihood *l, const struct tone *t,
                         const struct chip_grid *at, size_t n, unsigned runs,
                         float g, float scale, float *const out[CHIPS_RUN_MAX])
{
    iq edge[CHIPS_RUN_MAX + 1]; /* sums at the last edges, newest first */
    const float gain = 2 * sqrtf(g) * scale;
    edge[0] = tone_sum(t, chip_grid_edge(at, 0));
    for (size_t k = 0; k < n; k++) {
        for (unsigned m = runs; m > 0; m--)
            edge[m] = edge[m - 1];
        edge[0] = tone_sum(t, chip_grid_edge(at, k + 1));
        for (unsigned m = 1; m <= runs && m <= k + 1; m++) {
            const iq r = edge[0] - edge[m];
            const float size =
                sqrtf(crealf(r) * crealf(r) + cimagf(r) * cimagf(r));
            const float whole = likelihood_ln_i0(l, gain * size) - (float)m * g;
            out[m - 1][k + 1 - m] =
                m == 1 ? whole : run_of(l, whole, out[0] + k + 1 - m, m);
        }
    }
    for (unsigned m = 2; m <= runs; m++)
        for (size_t k = n < m ? 0 : n - m + 1; k < n; k++)
            out[m - 1][k] = -(float)m * g;
}

void chips_measure_grid(struct chips *c, const struct likelihood *l,
                        const struct keying *k, const struct chip_grid *at,
                        size_t n, unsigned runs)
{
    c->n = n;
    const float te = (float)at->even.te;
    c->noise = fmaxf(k->mark.noise, k->power * te / CHIPS_E_N0_MAX);
    c->g = k->power * te / c->noise;
    const float scale = 1 / sqrtf(te * c->noise);
    c->is_fsk = k->modulation == MODULATION_FSK;
    measure_tone(l, &k->mark, at, n, runs, c->g, scale, c->on);
    if (c->is_fsk)
        measure_tone(l, &k->space, at, n, runs, c->g, scale, c->off);
    else
        for (unsigned m = 0; m < runs; m++)
            memset(c->off[m], 0, n * sizeof *c->off[m]);
    for (size_t i = 0; i < n; i++)
        c->free[i] = likelihood_either(l, c->on[0][i], c->off[0][i]);
}

void chips_measure(struct chips *c, const struct likelihood *l,
                   const struct keying *k, struct lattice at, size_t n,
                   unsigned runs)
{
    chips_measure_grid(c, l, k, &(struct chip_grid){ .even = at }, n, runs);
}

struct sums {
    double n, size, power;
};

static void add_chip(struct sums *s, double weight, double size)
{
    s->n += weight;
    s->size += weight * size;
    s->power += weight * size * size;
}

static double chip_size(const struct tone *t, double from, double to)
{
    return (double)cabsf(tone_sum(t, to) - tone_sum(t, from));
}

bool chips_fit(const struct keying *k, struct lattice at, const float *on_chip,
               size_t n, float *ret_power, float *ret_noise)
{
    struct sums on = { 0 }, off = { 0 };
    for (size_t i = 0; i < n; i++) {
        const double from = at.start + (double)i * at.te, to = from + at.te;
        const double p = (double)on_chip[i];
        const double mark = chip_size(&k->mark, from, to);
        add_chip(&on, p, mark);
        add_chip(&off, 1 - p, mark);
        if (k->modulation == MODULATION_FSK) {
            const double space = chip_size(&k->space, from, to);
            add_chip(&on, 1 - p, space);
            add_chip(&off, p, space);
        }
    }
    if (on.n < 2 || off.n < 2)
        return false;
    /* A strong carrier's size varies by half of the noise's power. */
    const double mean = on.size / on.n;
    const double ripple = 2 * fmax(on.power / on.n - mean * mean, 0);
    const double rest = off.power / off.n;
    const double noise =
        fmax((rest * off.n + ripple * on.n) / (on.n + off.n), 1e-30);
    *ret_noise = (float)(noise / at.te);
    *ret_power =
        (float)fmax((on.power / on.n - noise) / (at.te * at.te), 1e-30);
    return true;
}
