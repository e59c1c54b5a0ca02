/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/likelihood.h"

#include <math.h>

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
        l->ln_i0[i] = (float)ln_i0((double)LIKELIHOOD_I0_STEP * i);
    for (int i = 0; i <= LIKELIHOOD_SOFT_STEPS; i++)
        l->soft[i] =
            (float)log1p(exp(-(double)LIKELIHOOD_SOFT_STEP * (i + 0.5)));
}
