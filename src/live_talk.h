/* live_talk - what happens to a receiver, said in sentences on standard error.
 *
 * Sits between live and a command: says each event once, and passes it on.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_LIVE_TALK_H
#define SRC_LIVE_TALK_H

#include <stdbool.h>
#include <stdint.h>

#include "src/live.h"
#include "src/log.h"

enum { LIVE_TALK_BANDS = 16 * PIPELINE_BANDS_MAX };

struct live_talk {
    struct live_events next;   /* the command's own; any may be NULL */
    struct progress *progress; /* hidden before anything is said */
    bool is_verbose;
    bool is_remote; /* the receiver is behind a server */
    double rate_hz; /* 0 until the receiver is open */
    /* Private: */
    double harmonic_hz; /* that was told last */
    double overload_gain_db;
    bool has_overload;
};

/* What live_open is to be given. */
struct live_events live_talk_events(struct live_talk *t);

/* What is known of the receiver from now on. */
void live_talk_opened(struct live_talk *t, const struct live *l,
                      const struct options *o);

/* "315, 433.92 and 868.35". */
void live_talk_bands(const struct live *l, char text[LIVE_TALK_BANDS]);

/* live_talk_opened, and "listening on 315, 433.92 and 868.35 MHz ..." */
void live_talk_start(struct live_talk *t, const struct live *l,
                     const struct options *o);

/* What a run with these totals is worth: STATUS_OK or STATUS_LOST. */
enum status live_talk_end(const struct live_talk *t,
                          const struct pipeline_totals *totals);

#endif
