/* presses - what fobs of a format send when their buttons are pressed, for tests.
 *
 *   counter   begins anywhere; 5 % of the presses follow one to three that were
 *             not heard
 *   fobs      have identities of their own; in 15 % of the families these are of
 *             one batch, with the upper half alike
 *   buttons   pressed equally often, in random order
 *   bits      right ones have a likelihood ratio of e^30
 *   noise     1 % of the frames have a wrong bit, of e^0.2 to e^1.2; in 5 % the
 *             first bit is lost, or one comes twice, the first time in doubt
 *
 * Same seed, same frames.
 *
 *   memory  the caller's
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SUPPORT_PRESSES_H
#define TESTS_SUPPORT_PRESSES_H

#include "tests/support/formats.h"

enum { PRESSES_MAX = 64 };

struct presses_cfg {
    unsigned fobs, buttons; /* buttons <= the format's */
    unsigned presses;       /* of each fob */
    bool is_unlabelled;     /* nobody knows which button it was */
    bool is_noisy;
    uint64_t seed;
};

/* fobs * presses of them, fob after fob. frame points into heard: not to be
 * copied. */
struct presses {
    size_t n;
    struct bits sent[PRESSES_MAX];             /* as they left the fob */
    struct bits heard[PRESSES_MAX];            /* as they were received */
    int button[PRESSES_MAX];                   /* which it was, known or not */
    struct inference_frame frame[PRESSES_MAX]; /* for inference_find */
};

void presses_make(const struct format *f, const struct presses_cfg *cfg,
                  struct presses *p);

#endif
