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

/* ln I0(x), x >= 0; within 0.005. */
float likelihood_ln_i0(const struct likelihood *l, float x);

/* ln(1 + exp(-x)), x >= 0; within 0.001. */
float likelihood_soft(const struct likelihood *l, float x);

/* ln((exp(a) + exp(b)) / 2): one or the other, equally likely before. */
float likelihood_either(const struct likelihood *l, float a, float b);

/* ln(exp(a) + exp(b)). */
float likelihood_add(const struct likelihood *l, float a, float b);

#endif
