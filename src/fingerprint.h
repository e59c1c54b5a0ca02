/* fingerprint - do two fobs send the same format?
 *
 * How they are keyed must agree, and the fields of one must be those of the other:
 * the frames of both are explained better together, as two fobs of one family, than
 * each by itself.
 *
 *   memory  none
 *   source  what makes a family: design/DOMAIN.md 7.2, item 3
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_FINGERPRINT_H
#define SRC_FINGERPRINT_H

#include "src/fob_frames.h"

enum { FINGERPRINT_WHY = 160 };

/* Of TE, between fobs of one family: RC oscillators are up to 55 % off (DS40138), but
 * those with a resonator, as the MINI's (DOMAIN.md 2.1), hardly at all. */
#define FINGERPRINT_TE 0.1
/* Nats by which frames are explained better together, or apart: 20 to 1. */
#define FINGERPRINT_NATS 3.0

enum fingerprint_answer {
    FINGERPRINT_OPEN, /* too few frames to tell */
    FINGERPRINT_SAME,
    FINGERPRINT_OTHER,
};

/* why: what agrees, or differs, in words. */
enum fingerprint_answer fingerprint_compare(const struct fob_frames *a,
                                            const struct fob_frames *b,
                                            struct inferrer *m,
                                            char why[FINGERPRINT_WHY]);

#endif
