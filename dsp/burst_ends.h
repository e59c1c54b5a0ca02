/* burst_ends - the first and the last row of a burst.
 *
 *   in      power over the noise, row by row, of a stretch that holds the burst
 *   out     rows, to half of one where the burst is strong, to some where not
 *   memory  none; cannot fail
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_BURST_ENDS_H
#define DSP_BURST_ENDS_H

#include <stddef.h>

struct burst_ends {
    size_t first, last;
};

/* profile[n], n > 0; noise: the standard deviation of a row without a burst.
 * All of it where nothing stands out. */
struct burst_ends burst_ends_find(const float *profile, size_t n, float noise);

#endif
