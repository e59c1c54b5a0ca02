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
    iq *sums; /* sums[i]: of the samples before i; n + 1 of them */
    size_t n;
    double rate_hz; /* of the samples */
    float noise;    /* mean noise power of a sample as if white */
};

enum { TONE_PARTS_MAX = 64, TONE_TURN = 64 };

/* Where a carrier goes during a burst: a cheap fob's drifts by kilohertz. */
struct tone_course {
    size_t n, piece; /* parts; samples of a part, a multiple of TONE_TURN */
    double frequency[TONE_PARTS_MAX]; /* cycles a sample */
};

/* Turns x[n] back by the course and sums it into t->sums. */
void tone_build(struct tone *t, const iq *x, size_t n,
                const struct tone_course *c);

/* Adds to the course what is left of the carrier's frequency in t, measured in
 * pieces of so many samples: good to 0.7 / piece. Returns how much the whole
 * was off. */
double tone_centre(const struct tone *t, double piece, struct tone_course *c);

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
