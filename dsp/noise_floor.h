/* noise_floor - the power that is always there, bin by bin.
 *
 * A carrier that never stops becomes part of the floor of its own bins and of
 * no others. Bursts do not raise the floor: rows far above it are left out of
 * the mean. Where that was wrong, because the noise itself rose, the minimum
 * over two seconds says so ("minimum statistics", R. Martin, IEEE Trans. Speech
 * and Audio Processing 9(5), 2001, with its bias computed for our rows).
 *
 *   in      rows of power per bin, each a mean of HOPS independent spectra
 *   out     float[bins], linear power
 *   memory  allocated by init
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_NOISE_FLOOR_H
#define DSP_NOISE_FLOOR_H

#include <stdbool.h>
#include <stddef.h>

enum { NOISE_FLOOR_PARTS = 8 };

struct noise_floor { /* private */
    size_t bins, part_rows, rows, part;
    unsigned hops;

    float *floor, *inverse, *minimum;
    float min_bias;
    bool is_old; /* NOISE_FLOOR_PARTS parts of minima are full */
};

struct noise_floor_cfg {
    size_t bins;   /* > 0 */
    unsigned hops; /* spectra a row, >= 1 */

    double row_seconds;
};

/* 0, -EINVAL, -ENOMEM; finish() takes a zeroed struct. */
int noise_floor_init(struct noise_floor *f, const struct noise_floor_cfg *cfg);
void noise_floor_finish(struct noise_floor *f);

/* A first guess from the rows at the start, row r at rows + r * bins; scratch
 * has room for as many floats as the larger of n and bins. A bin that is more
 * than 10 dB over the usual level is taken for a burst, not noise: a short
 * recording may hold nothing else. Unless its power hardly changes over many
 * rows: a carrier that never stops. */
void noise_floor_prime(struct noise_floor *f, const float *rows, size_t n,
                       float *scratch);

/* The level that three quarters of the bins do not stay below: a wide burst may
 * fill half of a narrow band. scratch: bins floats. */
float noise_floor_usual(const struct noise_floor *f, float *scratch);

struct noise_floor_view {
    float usual, highest;
    size_t bin; /* that has the highest floor */
};

/* The usual level, and the highest, but for the bins at the edges and those that are
 * no further than `aside` from the middle. scratch: bins floats. */
struct noise_floor_view noise_floor_view(const struct noise_floor *f,
                                         size_t aside, float *scratch);

/* One row more. */
void noise_floor_process(struct noise_floor *f, const float *row);

#endif
