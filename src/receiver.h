/* receiver - one burst: from its samples to the frames seen in it.
 *
 * Mixes the burst's stretch of the band down, finds its carriers, and tries
 * each as OOK and each likely pair as FSK. The modulation is the one that
 * explains the burst best; the chip clock and the line codes do the rest.
 *
 *   in      struct burst and its samples; or pulses
 *   out     struct reading: frames, with where and how they were received
 *   memory  allocated by create, for the longest burst
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_RECEIVER_H
#define SRC_RECEIVER_H

#include "dsp/burst.h"
#include "protocols/frame.h"
#include "protocols/framing.h"
#include "src/pipeline.h"

enum { RECEIVER_SIGHTINGS_MAX = 2 * FRAMING_SIGHTINGS_MAX };

/* What became of a burst. */
struct reading {
    struct burst_report report;
    struct frame frames[RECEIVER_SIGHTINGS_MAX]; /* one a copy, by at */
    size_t n;
    /* the lattice of the best hypothesis, for --chips; n_chips 0: none */
    const float *llr;
    size_t n_chips;
    uint64_t chips_at;
};

struct receiver;

/* max_samples: of the longest burst. -ENOMEM. */
int receiver_create(struct receiver **ret, double rate_hz, size_t max_samples);
void receiver_destroy(struct receiver *r); /* takes NULL */

/* A burst's samples, in as many pieces as it takes. */
void receiver_begin(struct receiver *r, const struct burst *b);
void receiver_push(struct receiver *r, const iq *x, size_t n);

/* is_overload: samples were at the converter's end stops. The reading stays
 * valid until the next begin. */
const struct reading *receiver_end(struct receiver *r, bool is_overload);

/* A train of pulses that starts at microsecond at, of a receiver for m. */
const struct reading *receiver_pulses(struct receiver *r, uint64_t at,
                                      const pulse_us *pulses, size_t n,
                                      enum modulation m);

#endif
