/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/quantile.h"

#include <assert.h>

float quantile_select(float *v, size_t n, size_t rank)
{
    size_t low = 0, high = n;
    assert(rank < n);
    while (high - low > 1) {
        /* never the last: each part is smaller than the whole */
        const float pivot = v[low + (high - low - 1) / 2];
        size_t i = low, j = high - 1;
        for (;;) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i >= j)
                break;
            const float swap = v[i];
            v[i++] = v[j];
            v[j--] = swap;
        }
        /* low .. j is no larger than the pivot, j + 1 .. high no smaller */
        if (rank <= j)
            high = j + 1;
        else
            low = j + 1;
    }
    return v[rank];
}
