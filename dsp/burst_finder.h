/* burst_finder - boxes of energy above each bin's own floor.
 *
 * Rows of power are divided by the floor and summed over four lengths in time,
 * from one row (4 ms: a short strong burst) to 32 (130 ms: a weak one), in one
 * bin and in three. The threshold of each sum follows from the false-alarm rate
 * that all of them may have together; hits that touch become a box.
 *
 *   in      rows of power from spectrum: bins floats, a mean of HOPS blocks
 *   out     struct burst, in order of their end
 *   delay   BURST_FINDER_PRIME_ROWS at the start, then the hang time
 *   memory  allocated by init
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_BURST_FINDER_H
#define DSP_BURST_FINDER_H

#include <stdbool.h>

#include "dsp/burst.h"
#include "dsp/burst_boxes.h"
#include "dsp/noise_floor.h"

enum {
    BURST_FINDER_OPEN_MAX = BURST_BOXES_MAX,
    BURST_FINDER_PRIME_ROWS = 128,
};

struct burst_finder_cfg {
    double rate_hz;
    size_t bins;   /* of a row; a power of two */
    unsigned hops; /* blocks of bins samples in a row */

    double max_seconds; /* a longer burst is cut at its weakest place */
};

struct burst_finder { /* private */
    struct burst_finder_cfg cfg;
    struct noise_floor floor;
    uint64_t row;   /* rows processed */
    size_t primed;  /* rows kept for priming; SIZE_MAX: done */
    bool is_primed; /* on as many rows as it takes */
    size_t history; /* rows in the ring, a power of two */
    size_t max_rows;
    float *ring;    /* history rows over the floor */
    float *sums[3]; /* of 4, 16 and 32 rows */
    float *sum4_ring, *scratch;
    unsigned char *hot;
    float one_bin[4], three_bins[4]; /* thresholds per length */
    struct burst_boxes boxes;
};

/* 0, -EINVAL, -ENOMEM; finish() takes a zeroed struct. */
int burst_finder_init(struct burst_finder *f,
                      const struct burst_finder_cfg *cfg);
void burst_finder_finish(struct burst_finder *f);

/* One row (a sum over the hops, not divided). Writes the bursts that ended to
 * out, which has room for BURST_FINDER_OPEN_MAX, except when priming ends: then
 * BURST_FINDER_PRIME_ROWS rows at once may write burst_finder_bound(). */
size_t burst_finder_process(struct burst_finder *f, const float *sum,
                            struct burst *out);

/* The most bursts that one call can write. */
size_t burst_finder_bound(const struct burst_finder *f);

/* Completes a row of fewer hops, at the end of the input: what is missing counts
 * as noise, or, before there is a floor, as more of the same. */
void burst_finder_complete(const struct burst_finder *f, float *sum,
                           unsigned hops);

/* The end of the input: all that is open ends. */
size_t burst_finder_flush(struct burst_finder *f, struct burst *out);

/* After flush(): the rows that follow do not go on from those before. The floor
 * stays, if it was known; rows count from 0 again. */
void burst_finder_reset(struct burst_finder *f);

/* Whether the floor is known. */
bool burst_finder_is_settled(const struct burst_finder *f);

/* What never stops, once the floor is known; levels are linear powers of white noise
 * in the whole band that would give such a floor. aside: see noise_floor.h. */
struct noise_floor_view burst_finder_floor(const struct burst_finder *f,
                                           size_t aside);

/* Whether a burst is open that is strong enough to be decoded; its middle, from
 * the centre, or NAN. */
bool burst_finder_is_busy(const struct burst_finder *f);
double burst_finder_busy_hz(const struct burst_finder *f);

/* Rows before this one belong to no burst that is still to come out. */
uint64_t burst_finder_settled(const struct burst_finder *f);

/* Rows behind the newest that an ending burst may start at. */
size_t burst_finder_memory_rows(const struct burst_finder *f);

#endif
