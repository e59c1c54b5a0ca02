/* loss_watch - samples that a receiver lost, told by the clock.
 *
 * Neither a dongle whose FIFO ran over nor an rtl_tcp server that threw buffers
 * away says so. But samples come at a steady rate: how far the last one lags
 * behind the clock has a lower edge that only delays can be above, and a loss
 * lifts that edge for good. The edge is looked at in windows; it may creep, for
 * the dongle's crystal is not the computer's. One that rises steadily by more than
 * any crystal is a receiver that loses a little all the time; but behind a server it
 * may be no receiver at all, and is only said.
 *
 *   in      for each block: a clock that only rises, and how many samples
 *   out     how many are missing, and how long ago
 *   delay   one to three windows
 *   memory  none beyond struct loss_watch
 *   source  "delivered pairs against CLOCK_MONOTONIC", stream1090 #74
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_LOSS_WATCH_H
#define SRC_LOSS_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/ring.h"

enum { LOSS_WATCH_BLOCKS = 1024, LOSS_WATCH_WINDOWS = 8 };

struct loss_watch_cfg {
    double rate_hz;
    double window_seconds; /* of many blocks */
    double slack_seconds;  /* a shorter loss is taken for delay, > 0 */
    double burst_samples;  /* what comes at once as a rule; 0: block by block */
    bool wants_step;       /* what rises little by little is not counted */
    double unit_samples; /* what is lost is a multiple of this, as a rule: so it
                            * is taken for one that is within slack_seconds */
};

struct loss_watch { /* private */
    struct loss_watch_cfg cfg;
    double start_s, window_s; /* of the clock; window_s: when it began */
    double last_s;            /* of the newest block */
    uint64_t samples;         /* delivered or known to be missing */
    uint64_t delivered;
    double least;                    /* lag within the window, in samples */
    double past[LOSS_WATCH_WINDOWS]; /* of windows before it, newest first */
    unsigned windows;                /* of those, that there are */
    double creep;                    /* of the edge, a window */
    bool is_slow;                    /* it did rise so; the caller clears it */
    unsigned raised;                 /* windows in a row above the edge */
    double edge, raised_least;       /* then: expected, and found */
    struct { /* newest blocks, to find the place of a loss; some are put
              * together */
        uint64_t delivered; /* in front of the first */
        double lag;         /* the least of them */
    } block[LOSS_WATCH_BLOCKS];
    uint64_t blocks;
};

void loss_watch_init(struct loss_watch *w, const struct loss_watch_cfg *cfg);

/* The stream stood still or began anew: what is missing is known, or nobody's
 * business. */
void loss_watch_reset(struct loss_watch *w);

/* n samples have come in at now_s. What turned out to be missing, `ago` samples
 * before the end of these. */
struct ring_gap loss_watch_add(struct loss_watch *w, double now_s, size_t n);

/* The stream has ended: a loss within its last windows. */
struct ring_gap loss_watch_finish(const struct loss_watch *w);

#endif
