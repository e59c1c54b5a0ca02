/* scene - what a recording looks like: one pass through the pipeline, kept small
 * enough to be drawn.
 *
 *   in      a source, which is read to its end
 *   out     power over time and frequency, bursts, presses, and the course of the
 *           clearest burst
 *   memory  fixed, whatever the length of the recording; destroy takes NULL
 *   errors  negative errno, and a sentence
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SCENE_H
#define SRC_SCENE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "protocols/frame.h"
#include "src/err.h"
#include "src/log.h"
#include "src/pipeline.h"
#include "src/source.h"

enum {
    SCENE_COLUMNS_MAX = 900,
    SCENE_ROWS_MAX = 256,
    SCENE_BURSTS_MAX = 400,
    SCENE_PRESSES_MAX = 400,
    SCENE_POINTS_MAX = 4096,
    SCENE_BINS_MAX = 4096,
    SCENE_LENGTHS_MAX = 4096,
};

/* Where bits are to be hidden, nothing that lasts is shown finer than this: the
 * strongest within it is, and a bit of any format is on for a part of its time. */
#define SCENE_COARSE_S 5e-3

/* The strongest within each cell. */
struct scene_grid {
    float *power_dbfs; /* [columns * rows], a column after the other, the lowest
                        * frequency first; NAN: nothing was received then */
    size_t columns, rows;
    double column_s, low_hz, high_hz; /* outer edges, from the centre */
};

struct scene_burst {
    double start_s, end_s;
    double low_hz, high_hz; /* from the centre */
    double snr_db;
    bool has_frame;
};

struct scene_press {
    unsigned number;    /* as in a table of frames */
    struct frame frame; /* its surest */
};

/* One burst close up: of those with a frame the clearest, else of all. */
struct scene_closeup {
    struct burst_report burst;
    uint64_t at; /* of the first edge: samples, or us of pulses */
    /* Of the carrier: */
    float *level_dbfs; /* pulses: 1 is on, 0 is off */
    size_t n;
    double first_ms, step_ms; /* from the first edge */
    float *power_dbfs;        /* in each bin; none of pulses */
    size_t n_bins;
    double first_hz, step_hz; /* from the carrier */
    /* How long it was on, and off; of FSK: mark and space. None where it is too
     * weak to be measured. */
    float *high_us, *low_us;
    size_t n_highs, n_lows;
};

struct scene {
    struct source_info info;
    struct pipeline_totals totals;
    double duration_s;
    struct scene_grid grid; /* columns 0: pulses have none */
    struct scene_burst burst[SCENE_BURSTS_MAX]; /* by their end */
    size_t n_bursts, bursts_left_out;
    struct scene_press *press; /* in order */
    size_t n_presses, presses_left_out;
    bool has_closeup;
    struct scene_closeup closeup;
};

struct scene_cfg {
    bool is_full;                      /* bits may be read off the picture */
    const volatile sig_atomic_t *stop; /* NULL: nobody stops it */
    struct progress *progress;         /* NULL: not shown */
};

/* -EINTR: stopped. *ret is untouched on failure. */
int scene_create(struct scene **ret, struct source *s,
                 const struct scene_cfg *cfg, struct err *e);
void scene_destroy(struct scene *s);

#endif
