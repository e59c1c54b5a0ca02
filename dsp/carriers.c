/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/carriers.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* An OOK line is about 1 / TE wide: 2.5 kHz at 400 us. */
#define SMOOTH_HZ 2500.0
/* Two lines closer than this are one. */
#define APART_HZ 8000.0
/* Skirts of a keyed carrier fall as 1 / (pi f T)^2, T = 150 us for the
 * shortest pulses of consequence; 4: room for their ripple. */
#define SKIRT_SECONDS 150e-6
#define SKIRT_ROOM    4.0
#define SIGMAS        5.0

int carriers_init(struct carriers *c)
{
    return spectrum_init(&c->spectrum, CARRIERS_BINS);
}

void carriers_finish(struct carriers *c)
{
    spectrum_finish(&c->spectrum);
}

/* Half-overlapped blocks; a burst shorter than one is padded with zeros. */
static size_t average(struct carriers *c, const iq *x, size_t n)
{
    const size_t m = CARRIERS_BINS;
    size_t blocks = 0;
    memset(c->power, 0, sizeof c->power);
    for (size_t from = 0; from == 0 || from + m <= n; from += m / 2) {
        iq *in = spectrum_input(&c->spectrum);
        const size_t k = n - from < m ? n - from : m;
        memcpy(in, x + from, k * sizeof *x);
        memset(in + k, 0, (m - k) * sizeof *x);
        spectrum_add(&c->spectrum, c->power);
        blocks++;
    }
    for (size_t i = 0; i < m; i++)
        c->power[i] /= (float)blocks;
    return blocks;
}

/* Triangle of half width w, less the noise. */
static void smooth(struct carriers *c, size_t w, float noise)
{
    for (size_t i = 0; i < CARRIERS_BINS; i++) {
        float sum = 0, weights = 0;
        for (size_t j = i < w ? 0 : i - w; j <= i + w && j < CARRIERS_BINS;
             j++) {
            const float k = (float)(w + 1) - fabsf((float)i - (float)j);
            sum += k * (c->power[j] - noise);
            weights += k;
        }
        c->smooth[i] = sum / weights;
    }
}

static bool is_skirt(const struct carrier *found, size_t n, double hz,
                     double level, const double *levels)
{
    for (size_t i = 0; i < n; i++) {
        const double away = fabs(hz - found[i].hz);
        const double fall = 3.141592653589793 * away * SKIRT_SECONDS;
        if (away < APART_HZ || level < levels[i] * SKIRT_ROOM / (fall * fall))
            return true;
    }
    return false;
}

/* Centre of gravity and power around bin i. */
static struct carrier measure(const struct carriers *c, size_t i, double bin_hz,
                              float noise)
{
    const double half_hz = APART_HZ / 2;
    const long w = 1 + (long)(half_hz / bin_hz);
    double sum = 0, moment = 0, weight = 0;
    for (long j = (long)i - w; j <= (long)i + w; j++) {
        if (j < 0 || j >= CARRIERS_BINS)
            continue;
        const double p = (double)(c->power[j] - noise);
        const double away = (double)(j - (long)i);
        sum += p;
        if (fabs(away) * bin_hz > SMOOTH_HZ)
            continue;
        moment += fmax(p, 0) * away;
        weight += fmax(p, 0);
    }
    const double centre = weight > 0 ? moment / weight : 0;
    return (struct carrier){
        .hz = ((double)i + centre - CARRIERS_BINS / 2) * bin_hz,
        .power = sum / CARRIERS_BINS,
    };
}

static bool is_inside(const struct carriers_band *band, double hz)
{
    for (size_t i = 0; i < band->n_steady; i++)
        if (fabs(hz - band->steady_hz[i]) < CARRIERS_STEADY_HZ)
            return false;
    return hz >= band->low_hz && hz <= band->high_hz;
}

size_t carriers_find(struct carriers *c, const iq *x, size_t n, double rate_hz,
                     double noise, const struct carriers_band *band,
                     struct carrier out[CARRIERS_MAX])
{
    const double bin_hz = rate_hz / CARRIERS_BINS;
    const size_t w = 1 + (size_t)(SMOOTH_HZ / bin_hz / 2);
    const size_t blocks = average(c, x, n);
    smooth(c, w, (float)noise);
    const double least = SIGMAS * noise / sqrt((double)blocks * (double)w);
    double levels[CARRIERS_MAX];
    size_t found = 0;
    while (found < CARRIERS_MAX) {
        size_t best = CARRIERS_BINS;
        for (size_t i = 0; i < CARRIERS_BINS; i++) {
            const double hz = ((double)i - CARRIERS_BINS / 2) * bin_hz;
            const double level = (double)c->smooth[i];
            if (!is_inside(band, hz) || level < least ||
                is_skirt(out, found, hz, level, levels))
                continue;
            if (best == CARRIERS_BINS || c->smooth[i] > c->smooth[best])
                best = i;
        }
        if (best == CARRIERS_BINS)
            break;
        levels[found] = (double)c->smooth[best];
        out[found++] = measure(c, best, bin_hz, (float)noise);
    }
    return found;
}

double carriers_locate(struct carriers *c, const iq *x, size_t n,
                       double rate_hz, double hz, double reach_hz)
{
    const double bin_hz = rate_hz / CARRIERS_BINS;
    average(c, x, n);
    size_t best = 0;
    for (size_t i = 1; i + 1 < CARRIERS_BINS; i++) {
        const double at = ((double)i - CARRIERS_BINS / 2) * bin_hz;
        if (fabs(at - hz) <= reach_hz &&
            (!best || c->power[i] > c->power[best]))
            best = i;
    }
    if (!best)
        return hz;
    /* A Hann line's bins tell its place by the ratio of the two largest:
     * r = |X[k+1]| / |X[k]|, off (2 r - 1) / (r + 1) (Harris 1978). */
    const double low = (double)c->power[best - 1];
    const double mid = (double)c->power[best] + 1e-30;
    const double high = (double)c->power[best + 1];
    const double ratio = sqrt(fmax(low, high) / mid);
    const double size = (2 * ratio - 1) / (ratio + 1);
    const double off = high > low ? size : -size;
    return ((double)best + fmax(fmin(off, 0.5), -0.5) - CARRIERS_BINS / 2) *
           bin_hz;
}
