/* carriers - the frequencies at which a burst has its energy.
 *
 * An averaged spectrum over the whole burst, smoothed to the width of a fob's
 * line; its peaks, strongest first. A peak that may be no more than the skirt
 * of a stronger one is left out.
 *
 *   in      iq of the burst's channel
 *   out     struct carrier, at most CARRIERS_MAX
 *   memory  allocated by init
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_CARRIERS_H
#define DSP_CARRIERS_H

#include "dsp/iq.h"
#include "dsp/spectrum.h"

enum { CARRIERS_MAX = 4, CARRIERS_BINS = 512 };

struct carrier {
    double hz;    /* from the channel's centre */
    double power; /* mean over the burst, linear, without noise */
};

struct carriers { /* private */
    struct spectrum spectrum;
    float power[CARRIERS_BINS], smooth[CARRIERS_BINS];
};

int carriers_init(struct carriers *c); /* 0, -ENOMEM */
void carriers_finish(struct carriers *c);

/* Where peaks count: in low_hz .. high_hz, but not within CARRIERS_STEADY_HZ of
 * a carrier that is always there. */
struct carriers_band {
    double low_hz, high_hz;
    const double *steady_hz;
    size_t n_steady;
};

#define CARRIERS_STEADY_HZ 1500.0

/* x[n] at rate_hz, in white noise of power noise. */
size_t carriers_find(struct carriers *c, const iq *x, size_t n, double rate_hz,
                     double noise, const struct carriers_band *band,
                     struct carrier out[CARRIERS_MAX]);

/* The exact place of a steady carrier that lies within reach_hz of hz; hz itself
 * when nothing is there. */
double carriers_locate(struct carriers *c, const iq *x, size_t n,
                       double rate_hz, double hz, double reach_hz);

#endif
