/* requantize - samples of any format as 16 or 8 bits a rail.
 *
 *   in      samples as enum sample_format stores them
 *   out     SAMPLE_CS16 or SAMPLE_CU8. From cu8 to 16 bits: (2x - 255) * 128,
 *           which is even and so goes back exactly, but reads 0.03 dB lower
 *   memory  none; cannot fail
 *
 * Where a step of the output may be too coarse or its range too small, levels
 * are multiplied by a power of two, which takes nothing from a float.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_REQUANTIZE_H
#define SRC_REQUANTIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsp/iq.h"

struct requantize {
    enum sample_format in, out;
    double scale;     /* by which levels are multiplied; 1 as a rule */
    uint64_t clipped; /* samples that did not fit */
    bool is_exact;    /* every sample can be had back, divided by scale */
};

/* peak: the largest rail that will come, full scale 1.0; it counts only where
 * requantize_wants_peak. */
void requantize_init(struct requantize *r, enum sample_format in,
                     enum sample_format out, double peak);

bool requantize_wants_peak(enum sample_format in, enum sample_format out);

/* The largest rail of n samples. */
double requantize_peak(enum sample_format in, const void *samples, size_t n);

/* n samples from `in` to `out`, which do not overlap. */
void requantize_process(struct requantize *r, const void *in, size_t n,
                        void *out);

#endif
