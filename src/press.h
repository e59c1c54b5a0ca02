/* press - what a person did: copies of one frame, and the presses they make up.
 *
 * Frames come in order. Copies of one frame, whose likelihoods say that they
 * carry the same bits, are added up before anything is decided, their check
 * included; a press ends when the content changes or after a pause. A frame that
 * is part of the one before it was cut off, and is left out; a whole one replaces
 * its part. What says the same at the same time is an image, and no copy.
 *
 *   in      struct frame, one a copy, by at within a burst
 *   out     struct frame with copies, and the press it belongs to
 *   delay   one run of copies
 *   memory  none beyond struct press_grouper
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_PRESS_H
#define SRC_PRESS_H

#include "protocols/frame.h"

struct press_cfg {
    double rate_hz;
    bool is_every;  /* frames come out one by one; presses are counted alike */
    bool is_all;    /* damaged and doubtful frames come out as well */
    bool is_prompt; /* a run comes out at press_settle; copies that follow are
                     * told only if they make it proven */
    void (*frame)(void *user, const struct frame *f, unsigned press);
    void *user;
};

struct press_grouper { /* private */
    struct press_cfg cfg;
    struct frame run;  /* copies so far; copies 0: none */
    struct frame last; /* newest copy of the press */
    double doubt;      /* product of the copies' probabilities of error */
    bool is_press;     /* a frame of the run has come out */
    bool is_out;       /* is_prompt: the run has, */
    enum verdict said; /* with this verdict */
    unsigned press;
    uint64_t frames; /* that came out */
};

void press_init(struct press_grouper *g, const struct press_cfg *cfg);
void press_process(struct press_grouper *g, const struct frame *f);

/* The burst has ended: with is_prompt, what has come of the run comes out. */
void press_settle(struct press_grouper *g);

/* Samples up to now have been looked at: a run that a pause ended comes out. */
void press_advance(struct press_grouper *g, uint64_t now);
void press_flush(struct press_grouper *g);

#endif
