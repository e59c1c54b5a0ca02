/* fob_frames - the frames of a sitting's fob, one a press: those that are sure, and
 * of the format that it mostly sends.
 *
 *   memory  points into the sitting
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_FOB_FRAMES_H
#define SRC_FOB_FRAMES_H

#include "protocols/inference.h"
#include "src/sitting.h"

/* What is surer than this is taken for what was sent. */
#define FOB_FRAMES_SURE 0.9

struct fob_frames {
    const struct frame *frame[SITTING_PRESSES_MAX];
    int button
        [SITTING_PRESSES_MAX]; /* the first prompt that asked for it; -1: not
                                      * known */
    size_t n;
    const struct frame *best; /* the surest of them; NULL: there is none */
};

/* After sitting_settle. */
void fob_frames_collect(struct fob_frames *f, const struct sitting *s);

/* As presses of fob number `fob`, for inference_find, into out; at most room.
 * Returns how many. */
size_t fob_frames_present(const struct fob_frames *f, unsigned fob,
                          struct inference_frame *out, size_t room);

#endif
