/* pulses - how long the highs and lows of a strong burst are.
 *
 * A two-state segmentation at half the carrier's amplitude. It decides no bits:
 * it tells the chip clock where to look, which saves most of its work.
 *
 *   in      struct keying whose E/N0 in PULSES_FILTER_SECONDS is 16 dB or more
 *   out     widths in samples of the tones
 *   memory  the caller's
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_PULSES_H
#define DSP_PULSES_H

#include "dsp/keying.h"

#define PULSES_FILTER_SECONDS 40e-6

/* Widths from one edge to the next between from and to, at most room of them. */
size_t pulses_measure(const struct keying *k, double from, double to,
                      float *widths, size_t room);

/* The width that a tenth of them stay below; rearranges them. n > 0. */
float pulses_short(float *widths, size_t n);

#endif
