/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/likelihood.h"

#include <math.h>

#define I0_STEP   0.25f       /* f'' <= 1/2: error under 0.25^2 / 16 */
#define SOFT_STEP (1.0f / 32) /* to 16, where ln(1 + exp(-x)) is 1e-7 */
#define LN_2      0.69314718f

/* Power series below 20, where it needs 60 terms; beyond, the asymptotic
 * expansion (Abramowitz and Stegun 9.6.10 and 9.7.1). */
static double ln_i0(double x)
{
    if (x > 20)
        return x - 0.5 * log(6.283185307179586 * x) +
               log1p(1 / (8 * x) + 9 / (128 * x * x));
    double term = 1, sum = 1;
    for (int k = 1; k <= 60; k++) {
        term *= x * x / (4.0 * k * k);
        sum += term;
    }
    return log(sum);
}

void likelihood_init(struct likelihood *l)
{
    for (int i = 0; i <= LIKELIHOOD_I0_STEPS; i++)
        l->ln_i0[i] = (float)ln_i0(I0_STEP * (double)i);
    for (int i = 0; i <= LIKELIHOOD_SOFT_STEPS; i++)
        l->soft[i] = (float)log1p(exp(-(double)SOFT_STEP * i));
}

float likelihood_ln_i0(const struct likelihood *l, float x)
{
    const float at = x * (1 / I0_STEP);
    if (!(at < LIKELIHOOD_I0_STEPS)) /* 1024: its slope is 1 to 0.001 */
        return l->ln_i0[LIKELIHOOD_I0_STEPS] +
               (x - I0_STEP * LIKELIHOOD_I0_STEPS);
    const int i = (int)at;
    const float part = at - (float)i;
    return l->ln_i0[i] + part * (l->ln_i0[i + 1] - l->ln_i0[i]);
}

float likelihood_soft(const struct likelihood *l, float x)
{
    const float at = x * (1 / SOFT_STEP);
    return at < LIKELIHOOD_SOFT_STEPS ? l->soft[(int)(at + 0.5f)] : 0;
}

float likelihood_add(const struct likelihood *l, float a, float b)
{
    return fmaxf(a, b) + likelihood_soft(l, fabsf(a - b));
}

float likelihood_either(const struct likelihood *l, float a, float b)
{
    return likelihood_add(l, a, b) - LN_2;
}
