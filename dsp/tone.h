/* tone - a narrow signal, ready for matched filters of any length and place.
 *
 * Running sums of the signal: a filter from one instant to another is the
 * difference of two of them, between samples by straight lines.
 *
 *   memory  the caller's: sums[n + 1]
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_TONE_H
#define DSP_TONE_H

#include "dsp/iq.h"

struct tone {
    iq *sums;       /* sums[i]: of the samples before i; n + 1 of them */
    size_t n;
    double rate_hz; /* of the samples */
    float noise;    /* mean noise power of a sample as if white */
};

/* Rotates by frequency (cycles a sample) and sums x[n] into t->sums. */
void tone_build(struct tone *t, const iq *x, size_t n, double frequency);

/* Sum of the signal from 0 to the instant at, in samples; beyond the ends it
 * stays as it is there. */
static inline iq tone_sum(const struct tone *t, double at)
{
    if (!(at > 0))
        return t->sums[0];
    const size_t i = (size_t)at;
    if (i >= t->n)
        return t->sums[t->n];
    const float part = (float)(at - (double)i);
    return t->sums[i] + part * (t->sums[i + 1] - t->sums[i]);
}

#endif
