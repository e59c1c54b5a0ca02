/* likelihood - how much more likely "carrier on" is than noise alone.
 *
 * r is a matched filter's output over m chips, scaled so that noise alone has
 * power m; g is E/N0 of one chip that is on; the carrier's phase is unknown:
 *
 *     L = ln I0(2 sqrt(g) |r|) - m g
 *
 *   memory  tables inside the struct, built once by init; then const
 *   source  H. Van Trees, "Detection, Estimation, and Modulation Theory" I,
 *           section 4.4 (random phase)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_LIKELIHOOD_H
#define DSP_LIKELIHOOD_H

#include "dsp/iq.h"

enum { LIKELIHOOD_I0_STEPS = 4096, LIKELIHOOD_SOFT_STEPS = 512 };

struct likelihood { /* private */
    float ln_i0[LIKELIHOOD_I0_STEPS + 1];
    float soft[LIKELIHOOD_SOFT_STEPS + 1];
};

void likelihood_init(struct likelihood *l);

/* ln 2: what an even choice costs, in nats. */
#define LIKELIHOOD_LN_2      0.69314718f

#define LIKELIHOOD_I0_STEP   0.25f       /* f'' <= 1/2: error < 0.25^2 / 16 */
#define LIKELIHOOD_SOFT_STEP (1.0f / 32) /* to 16, where it is 1e-7 */

/* ln I0(x), x >= 0; within 0.005 up to 1024, a straight line from there, 0.05 %
 * off. */
static inline float likelihood_ln_i0(const struct likelihood *l, float x)
{
    const float at = x * (1 / LIKELIHOOD_I0_STEP);
    if (!(at < LIKELIHOOD_I0_STEPS)) /* 1024: its slope is 1 to 0.001 */
        return l->ln_i0[LIKELIHOOD_I0_STEPS] +
               (x - LIKELIHOOD_I0_STEP * LIKELIHOOD_I0_STEPS);
    const int i = (int)at;
    const float part = at - (float)i;
    return l->ln_i0[i] + part * (l->ln_i0[i + 1] - l->ln_i0[i]);
}

/* ln(1 + exp(-x)), x >= 0; within 0.02. */
static inline float likelihood_soft(const struct likelihood *l, float x)
{
    const float at = x * (1 / LIKELIHOOD_SOFT_STEP);
    return at < LIKELIHOOD_SOFT_STEPS ? l->soft[(int)at] : 0;
}

/* ln(exp(a) + exp(b)). */
static inline float likelihood_add(const struct likelihood *l, float a, float b)
{
    const float apart = a - b;
    return apart > 0 ? a + likelihood_soft(l, apart)
                     : b + likelihood_soft(l, -apart);
}

/* ln((exp(a) + exp(b)) / 2): one or the other, equally likely before. */
static inline float likelihood_either(const struct likelihood *l, float a,
                                      float b)
{
    return likelihood_add(l, a, b) - LIKELIHOOD_LN_2;
}

#endif
