/* live - a receiver listened to: tuned, hopped, its gain minded, its losses told.
 *
 *   in      a receiver, or a recording in its place
 *   out     the pipeline's bursts and frames, and events
 *   memory  fixed at open
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_LIVE_H
#define SRC_LIVE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "src/err.h"
#include "src/options.h"
#include "src/pipeline.h"
#include "src/source.h"

/* Used where no rate is asked for: wide enough for the whole of a band, 433.05 to
 * 434.79 MHz the widest, and what every computer takes without loss. */
#define LIVE_RATE_HZ 2.048e6
/* And this where no gain is: a fob at half a metre to a metre wants 20 to 28 dB
 * (ECOSYSTEM.md 2.6). */
#define LIVE_GAIN_DB 28.0

/* What happens besides bursts and frames; any may be NULL. */
struct live_events {
    void *user;
    /* The band is about to be left: what was received can still be had. */
    void (*leaving)(void *user);
    /* From here on samples are of this centre, and some milliseconds later of this
     * gain. */
    void (*tuned)(void *user, double centre_hz, double gain_db);
    /* n samples are missing in front of position at. */
    void (*lost)(void *user, uint64_t at, uint64_t n);
    /* The receiver was overloaded. is_lower: its gain has been lowered. */
    void (*overload)(void *user, double gain_db, bool is_lower);
    /* Frames of hz were left out: the harmonic of a fob in another band. */
    void (*harmonic)(void *user, double hz);
    void (*warning)(void *user, const char *sentence);
    void (*talk)(void *user, const char *line); /* of the receiver's library */
};

struct live;

/* How far under a carrier a receiver of this rate is tuned, so that its own DC and
 * 1/f noise are out of the way. */
double live_offset_hz(double rate_hz);

/* By o->device, rate_hz, centre_hz, bands, gain_db, ppm; sink is called from
 * within live_step and live_finish. *stop ends what waits for a server. -errno
 * with a sentence; none with -EINTR. */
int live_open(struct live **ret, const struct options *o,
              const struct pipeline_sink *sink,
              const struct live_events *events,
              const volatile sig_atomic_t *stop, struct err *e);

/* Waits for samples and processes them. 1; 0: the end; negative errno: -EINTR
 * after a signal, which harms nothing. */
int live_step(struct live *l, struct err *e);

/* The end: what is still inside comes out. */
void live_finish(struct live *l);

/* Of the sample that comes next; what was received so far. */
uint64_t live_position(const struct live *l);
struct pipeline_totals live_totals(const struct live *l);

const struct pipeline *live_pipeline(const struct live *l);
const struct source_info *live_info(const struct live *l);
double live_centre_hz(const struct live *l);
double live_gain_db(const struct live *l);
double live_start_time(const struct live *l); /* as source_start_time */
unsigned live_bands(const struct live *l);
/* For how long a button must be held to be heard on whichever it is. */
double live_press_seconds(const struct live *l);
double live_band_hz(const struct live *l, unsigned band); /* band < bands */

/* From now on only the band that hz is nearest to; its carrier. NAN: all again. */
double live_keep_to(struct live *l, double hz);

/* A sentence about what was left out of a recording, or NULL. */
const char *live_warning(const struct live *l);

void live_close(struct live *l); /* takes NULL */

#endif
