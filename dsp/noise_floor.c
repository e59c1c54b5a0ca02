/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/noise_floor.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/quantile.h"
#include "dsp/vector.h"

/* Rows to average over: 1/256 leaves 1.6 % of error in rows of 8 spectra. */
#define GAIN (1.0f / 256)
/* A row over this many floors is a burst. Noise alone: once in 1e5 rows of 8
 * spectra (chi-square, 16 degrees of freedom). */
#define GATE            3.0f
#define MINIMUM_SECONDS 2.0
/* A carrier over the median of the bins by this much is not a floor yet. */
#define PRIME_LIMIT 10.0f
/* Rows of a steady carrier spread by so many standard deviations at most; those
 * of a keyed one by more. */
#define STEADY_SIGMA 4.0f
#define TINY         1e-20f /* -200 dBFS: all-zero input divides by this */

enum { STEADY_ROWS = 100 };

/* Wilson and Hilferty 1931: quantile of the mean of k exponentials. */
static double quantile_of_mean(double k, double z)
{
    const double v = 1 / (9 * k);
    const double c = 1 - v + z * sqrt(v);
    return c * c * c;
}

int noise_floor_init(struct noise_floor *f, const struct noise_floor_cfg *cfg)
{
    *f = (struct noise_floor){ .bins = cfg->bins, .hops = cfg->hops };
    if (!cfg->bins || !cfg->hops || !(cfg->row_seconds > 0))
        return -EINVAL;
    const double part = MINIMUM_SECONDS / NOISE_FLOOR_PARTS / cfg->row_seconds;
    f->part_rows = part < 1 ? 1 : (size_t)part;
    /* The least of n rows lies near the quantile 1 / n: for 500 rows, z = -2.9
     */
    f->min_bias = (float)(1 / quantile_of_mean(cfg->hops, -2.9));
    f->floor = calloc(f->bins, sizeof *f->floor);
    f->inverse = calloc(f->bins, sizeof *f->inverse);
    f->minimum = calloc(f->bins * NOISE_FLOOR_PARTS, sizeof *f->minimum);
    if (f->floor && f->inverse && f->minimum)
        return 0;
    noise_floor_finish(f);
    return -ENOMEM;
}

void noise_floor_finish(struct noise_floor *f)
{
    free(f->floor);
    free(f->inverse);
    free(f->minimum);
    *f = (struct noise_floor){ 0 };
}

static void set_floor(struct noise_floor *f, size_t b, float value)
{
    f->floor[b] = value > TINY ? value : TINY;
    f->inverse[b] = 1 / f->floor[b];
}

/* The mean of the lower half of v[n], rearranged on return, corrected for what
 * was left out: the lower half of chi-square with 16 degrees of freedom has 0.72
 * of the whole's mean. */
static float lower_mean(float *v, size_t n)
{
    const size_t half = n > 1 ? n / 2 : n;
    quantile_select(v, n, half - 1);
    float sum = 0;
    for (size_t i = 0; i < half; i++)
        sum += v[i];
    return sum / (float)half / (n > 1 ? 0.72f : 1);
}

float noise_floor_usual(const struct noise_floor *f, float *scratch)
{
    memcpy(scratch, f->floor, f->bins * sizeof *scratch);
    return quantile_select(scratch, f->bins, f->bins / 4);
}

/* The least that rows of a steady carrier get down to, over their mean: with a
 * power of s times the noise, one spectrum has the mean 1 + s and the variance
 * 1 + 2 s (chi-square with two degrees of freedom, non-central). */
static float steady_least(const struct noise_floor *f, float s)
{
    const float sigma = sqrtf((1 + 2 * s) / (float)f->hops) / (1 + s);
    return 1 - STEADY_SIGMA * sigma;
}

/* rows[n], bins apart; usual: the noise. */
static bool is_steady(const struct noise_floor *f, const float *rows, size_t n,
                      float usual)
{
    float sum = 0, least = HUGE_VALF;
    for (size_t r = 0; r < n; r++) {
        sum += rows[r * f->bins];
        least = fminf(least, rows[r * f->bins]);
    }
    const float mean = sum / (float)n;
    return n >= STEADY_ROWS && least > steady_least(f, mean / usual - 1) * mean;
}

void noise_floor_prime(struct noise_floor *f, const float *rows, size_t n,
                       float *scratch)
{
    for (size_t b = 0; b < f->bins; b++) {
        for (size_t r = 0; r < n; r++)
            scratch[r] = rows[r * f->bins + b];
        f->floor[b] = lower_mean(scratch, n);
    }
    const float usual = noise_floor_usual(f, scratch);
    for (size_t b = 0; b < f->bins; b++) {
        const float v = f->floor[b];
        const bool is_burst =
            v > PRIME_LIMIT * usual && !is_steady(f, rows + b, n, usual);
        set_floor(f, b, is_burst ? usual : v);
    }
    for (size_t i = 0; i < f->bins * NOISE_FLOOR_PARTS; i++)
        f->minimum[i] = HUGE_VALF;
    f->rows = f->part = 0;
    f->is_old = false;
}

/* The floor of a bin whose every row of the last two seconds was above it has
 * risen. */
static void raise_to_minimum(struct noise_floor *f)
{
    for (size_t b = 0; b < f->bins; b++) {
        float least = HUGE_VALF;
        for (size_t p = 0; p < NOISE_FLOOR_PARTS; p++)
            least = fminf(least, f->minimum[p * f->bins + b]);
        if (least * f->min_bias > 1.5f * f->floor[b])
            set_floor(f, b, least * f->min_bias);
    }
}

static void end_part(struct noise_floor *f)
{
    f->rows = 0;
    f->part = (f->part + 1) % NOISE_FLOOR_PARTS;
    f->is_old |= f->part == 0;
    if (f->is_old)
        raise_to_minimum(f);
    float *m = f->minimum + f->part * f->bins;
    for (size_t b = 0; b < f->bins; b++)
        m[b] = HUGE_VALF;
}

DSP_VECTOR static void follow(const float *restrict row, size_t n,
                              float *restrict m, float *restrict level,
                              float *restrict inverse)
{
    for (size_t b = 0; b < n; b++) {
        const float v = row[b];
        m[b] = v < m[b] ? v : m[b];
        const float step = v < GATE * level[b] ? GAIN * (v - level[b]) : 0;
        level[b] += step;
        inverse[b] = 1 / (level[b] + TINY);
    }
}

void noise_floor_process(struct noise_floor *f, const float *row)
{
    float *m = f->minimum + f->part * f->bins;
    follow(row, f->bins, m, f->floor, f->inverse);
    if (++f->rows == f->part_rows)
        end_part(f);
}

struct noise_floor_view noise_floor_view(const struct noise_floor *f,
                                         size_t aside, float *scratch)
{
    const size_t middle = f->bins / 2;
    size_t top = 1;
    for (size_t i = 1; i + 1 < f->bins; i++)
        if ((i + aside < middle || i > middle + aside) &&
            f->floor[i] > f->floor[top])
            top = i;
    return (struct noise_floor_view){
        .usual = noise_floor_usual(f, scratch),
        .highest = f->floor[top],
        .bin = top,
    };
}
