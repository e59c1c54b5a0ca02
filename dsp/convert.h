/* convert - stored samples to complex float.
 *
 *   in      samples as enum sample_format stores them
 *   out     iq, full scale 1.0; what is not finite becomes 0
 *   memory  none; cannot fail
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_CONVERT_H
#define DSP_CONVERT_H

#include "dsp/iq.h"

/* Bytes of one sample, both rails. */
size_t convert_size(enum sample_format format);

/* n samples from in to out. */
void convert_to_iq(enum sample_format format, const void *in, size_t n,
                   iq *out);

/* How many of the n samples have a rail at the converter's end stop. */
size_t convert_count_clipped(enum sample_format format, const void *in,
                             size_t n);

#endif
