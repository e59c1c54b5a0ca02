/* notch - takes a steady carrier out.
 *
 * What turns at the carrier's frequency is averaged, once forward and once
 * backward over the whole burst so that nothing is delayed, and subtracted. A
 * keyed signal loses what it has within NOTCH_HZ of the carrier.
 *
 *   in, out  iq[n], in place
 *   memory   none
 *   source   forward-backward filtering: F. Gustafsson, IEEE Trans. Signal
 *            Processing 44(4), 1996
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_NOTCH_H
#define DSP_NOTCH_H

#include "dsp/iq.h"

#define NOTCH_HZ 60.0

/* frequency: cycles a sample, good to a quarter of a kilohertz; it is measured
 * anew in the first n_quiet samples, where no burst is. rate_hz: of the samples.
 * average: room for n. */
void notch_carrier(iq *x, size_t n, size_t n_quiet, double frequency,
                   double rate_hz, iq *average);

#endif
