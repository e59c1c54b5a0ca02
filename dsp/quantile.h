/* quantile - the value that so many of a set do not exceed.
 *
 *   memory  none: the values are rearranged (libc's qsort allocates)
 *   source  C. A. R. Hoare, "Algorithm 65: Find", Comm. ACM 4(7), 1961
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_QUANTILE_H
#define DSP_QUANTILE_H

#include <stddef.h>

/* The value that would be v[rank] were v[n] sorted; rank < n. No NAN. Those
 * before it are no larger afterwards, those behind it no smaller. */
float quantile_select(float *v, size_t n, size_t rank);

#endif
