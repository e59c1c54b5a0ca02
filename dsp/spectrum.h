/* spectrum - power per frequency bin, over every sample.
 *
 * A Hann window without overlap: detection has decibels to spare (see
 * ARCHITECTURE.md, section 3), and this is the only work done on every sample.
 *
 *   in      iq[n]
 *   out     float[n]: power in each bin, lowest frequency first (bin n / 2 is
 *           the centre), scaled so that white noise of power P gives P in
 *           every bin on average
 *   memory  allocated by init
 *   thread  one at a time; FFTW's planner is not reentrant
 *   source  F. Harris, "On the use of windows for harmonic analysis", 1978
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_SPECTRUM_H
#define DSP_SPECTRUM_H

#include "dsp/iq.h"

struct spectrum { /* private */
    size_t n;
    float *window, *buffer, *bins;
    void *plan;
};

/* n: a power of two, 8 .. 65536. 0, -EINVAL, -ENOMEM; finish() takes a zeroed
 * struct. */
int spectrum_init(struct spectrum *s, size_t n);
void spectrum_finish(struct spectrum *s);

/* Where the caller puts the next n samples, before spectrum_add. */
iq *spectrum_input(struct spectrum *s);

/* Adds the power of one block of n samples to sum. The input is overwritten. */
void spectrum_add(struct spectrum *s, float *sum);

const char *spectrum_library_version(void);

#endif
