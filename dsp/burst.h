/* burst - a stretch of energy in time and frequency; no code.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_BURST_H
#define DSP_BURST_H

#include <stddef.h>
#include <stdint.h>

enum { BURST_STEADY_MAX = 8 };

struct burst {
    uint64_t at, samples; /* of the input, with some room on both sides */
    uint64_t seen_at, seen_samples; /* without it */
    double low_hz, high_hz;         /* edges, from the centre */
    double peak_hz;                 /* strongest bin */
    double floor; /* linear power of white noise in the whole band
                              * that would give the floor around the peak */
    double steady_hz[BURST_STEADY_MAX]; /* carriers that never stop, nearby */
    size_t n_steady;
    double snr_db; /* of the strongest bin over its floor, mean of the burst */
};

#endif
