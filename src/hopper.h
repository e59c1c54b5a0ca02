/* hopper - which band to listen to next, and when.
 *
 * Goes round the bands fast enough that a press of one second is heard on
 * whichever it is, and stays where something is being sent until that is over.
 * Time is a sample index; the receiver's word is what it goes by, so that it can
 * be tested without one.
 *
 * Trap: the second harmonic of a fob at 433.92 MHz is heard at 867.84 MHz. What is
 * sent at twice a frequency of another band is not waited for: that band is
 * looked at first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_HOPPER_H
#define SRC_HOPPER_H

#include <stdbool.h>
#include <stdint.h>

#include "src/pipeline.h"

enum { HOPPER_BANDS_MAX = PIPELINE_BANDS_MAX };

struct hopper_cfg {
    double rate_hz;
    double band_hz[HOPPER_BANDS_MAX];
    unsigned bands;  /* 1 .. HOPPER_BANDS_MAX; 1: never hops */
    double settle_s; /* that pass with each change */
};

/* What is known of the band that is being listened to. */
struct hopper_view {
    uint64_t now;    /* position of the input */
    bool is_settled; /* its noise floor is known */
    bool is_busy;    /* something that may be a fob is being sent, */
    double busy_hz;  /* here */
};

struct hopper { /* private */
    struct hopper_cfg cfg;
    unsigned band;
    uint64_t since;                    /* when the band was tuned to */
    uint64_t busy_since;               /* 0: it is not */
    uint64_t quiet_since;              /* when it was last busy */
    bool was_busy;                     /* in this visit */
    bool is_ignored[HOPPER_BANDS_MAX]; /* busy for so long that it is no fob */
    /* The band in which half of suspect_hz is being looked for; -1: none. */
    int checking;
    unsigned suspect_band;
    double suspect_hz;
    bool is_cleared;        /* nothing was at the half: a fob after all, */
    uint64_t cleared_until; /* for so long */
    uint64_t heard[HOPPER_BANDS_MAX]; /* when, + 1; 0: never */
    double heard_hz[HOPPER_BANDS_MAX];
    int only; /* the band that is stayed in; -1: all are looked at */
};

void hopper_init(struct hopper *h, const struct hopper_cfg *cfg);

/* No other band than the one that hz is nearest to from now on; its frequency.
 * NAN: all again. */
double hopper_keep_to(struct hopper *h, double hz);

/* How long it stays in a quiet band, and how long a round of all takes. */
double hopper_dwell_seconds(const struct hopper *h);
double hopper_round_seconds(const struct hopper *h);

/* For how long a button must be held to be heard for sure. */
double hopper_press_seconds(const struct hopper *h);

/* The band to tune to now; < 0: stay. The caller says when that is done. */
int hopper_next(struct hopper *h, const struct hopper_view *v);
void hopper_tuned(struct hopper *h, unsigned band, uint64_t now);

/* Whether hz, heard at `at`, is the harmonic of what was heard in another band
 * at that time: yes, no, or not known before the other band was looked at. */
enum hopper_harmonic { HOPPER_NO, HOPPER_YES, HOPPER_PERHAPS };
enum hopper_harmonic hopper_is_harmonic(const struct hopper *h, double hz,
                                        uint64_t at);

#endif
