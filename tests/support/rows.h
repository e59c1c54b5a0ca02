/* rows - power per bin of noise and bursts, made directly, for tests.
 *
 * A bin of a sum of h spectra of white noise of power P is P / 2 times a
 * chi-square with 2 h degrees of freedom; so is a fob's, whose keying is noise
 * to a bin. No IQ is needed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SUPPORT_ROWS_H
#define TESTS_SUPPORT_ROWS_H

#include <math.h>

#include "tests/support/synth.h"

enum { ROWS_HOPS = 8, ROWS_BINS = 128 };

/* 250 kHz in 128 bins, 8 of them a row: bins of 1953 Hz, rows of 4.096 ms. */
#define ROWS_RATE    250e3
#define ROWS_BIN_HZ  (ROWS_RATE / ROWS_BINS)
#define ROWS_SAMPLES (ROWS_HOPS * ROWS_BINS)
#define ROWS_SECONDS (ROWS_SAMPLES / ROWS_RATE)

/* A sum of 8 exponentials of mean 1: the product of 8 uniforms. */
static inline float rows_sum8(struct synth_random *r)
{
    double product = 1;

    for (int i = 0; i < ROWS_HOPS / 2; i++) {
        uint64_t u = synth_random_u64(r);
        product *= ((double)(u >> 32) + 0.5) * 0x1p-32;
        product *= ((double)(u & 0xFFFFFFFF) + 0.5) * 0x1p-32;
    }
    return -logf((float)product);
}

/* One row, the sum of the hops; mean[bins] is the power of a bin. */
static inline void rows_make(struct synth_random *r, const float *mean,
                             float *row)
{
    for (size_t b = 0; b < ROWS_BINS; b++)
        row[b] = mean[b] * rows_sum8(r);
}

#endif
