/* lobes - the carriers of one burst, each as narrow iq of its own.
 *
 * Mixes the burst's stretch of the band down once, finds the lines in its
 * spectrum and takes each out. Pulses enter here: they are one lobe at zero
 * frequency, without noise.
 *
 *   in      struct burst and its samples; or pulses
 *   out     carrier[n] and narrow[n], strongest first
 *   memory  allocated by init, for the longest burst
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_LOBES_H
#define SRC_LOBES_H

#include <stdbool.h>

#include "dsp/burst.h"
#include "dsp/carriers.h"
#include "dsp/channel.h"
#include "src/source.h"

/* A tone's rate: 60 us chips (Honda KR5V2X) still have 4 samples. */
#define LOBES_RATE_HZ 62.5e3
/* Shorter than the shortest usual pulse: what power is measured in. */
#define LOBES_PIECE_SECONDS 150e-6
/* The longest train of pulses. */
#define LOBES_PULSE_SECONDS 4.0

/* Widths of the channel around a burst: 250, 500 and 1000 kHz. */
enum { LOBES_WIDTHS = 3 };

struct lobes {
    struct carrier carrier[CARRIERS_MAX]; /* from centre_hz */
    iq *narrow[CARRIERS_MAX];
    size_t n, n_narrow; /* lobes; samples of each */
    double narrow_hz;   /* rate of narrow */
    double centre_hz;   /* from the centre of the input */
    float noise;        /* mean power of it in a narrow sample, as if white */
    bool is_pulses;     /* there is no noise, and no carrier to refine */
    double rate_hz;     /* of the input */
    struct burst burst;
    /* private from here */
    struct carriers finder;
    struct channel wide_channel[LOBES_WIDTHS], tone_channel[LOBES_WIDTHS];
    size_t width; /* of the burst: which of them */
    double wide_hz;
    iq *wide;
    size_t n_wide, wide_room, narrow_room;
};

/* max_samples: of the longest burst. 0, -ENOMEM; finish() takes a zeroed
 * struct. */
int lobes_init(struct lobes *l, double rate_hz, size_t max_samples);
void lobes_finish(struct lobes *l);

/* A burst's samples, in as many pieces as it takes. */
void lobes_begin(struct lobes *l, const struct burst *b);
void lobes_push(struct lobes *l, const iq *x, size_t n);
void lobes_end(struct lobes *l);

/* A train of pulses that starts at microsecond at. */
void lobes_pulses(struct lobes *l, uint64_t at, const pulse_us *pulses,
                  size_t n);

/* Correlation of two lobes' powers over the burst, -1 to 1. */
double lobes_rise_together(const struct lobes *l, size_t i, size_t j);

/* Share of the weaker lobe's energy that falls into the same few milliseconds as
 * as much of the other's, 0 to 1. */
double lobes_share_time(const struct lobes *l, size_t i, size_t j);

#endif
