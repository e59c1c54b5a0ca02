/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/tone.h"

#include <math.h>

#define TWO_PI 6.283185307179586

void tone_build(struct tone *t, const iq *x, size_t n, double frequency)
{
    /* The rotation is exact every 64 samples and grows by products between. */
    const iq step = (float)cos(TWO_PI * frequency) -
                    I * (float)sin(TWO_PI * frequency);
    iq turn = 1;
    double re = 0, im = 0;
    t->sums[0] = 0;
    for (size_t i = 0; i < n; i++) {
        if (i % 64 == 0) {
            const double a = TWO_PI * fmod(frequency * (double)i, 1.0);
            turn = (float)cos(a) - I * (float)sin(a);
        }
        const iq y = x[i] * turn;
        re += (double)crealf(y);
        im += (double)cimagf(y);
        t->sums[i + 1] = (float)re + I * (float)im;
        turn *= step;
    }
    t->n = n;
}
