/* fob_frames - the frames of a sitting's fob, one a press: those that are sure, and
 * of the format that it mostly sends. Buttons are known by their names, so that two
 * fobs' can be put together.
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

/* Names of buttons, numbered in the order in which they came. */
struct fob_buttons {
    const char *name[SITTING_PROMPTS_MAX];
    size_t n;
};

struct fob_frames {
    const struct frame *frame[SITTING_PRESSES_MAX];
    const char *button[SITTING_PRESSES_MAX]; /* NULL: not known */
    size_t n;
    /* The surest of those with as many bits as most have; NULL: there is none. */
    const struct frame *best;
};

/* After sitting_settle. */
void fob_frames_collect(struct fob_frames *f, const struct sitting *s);

/* As presses of fob number `fob`, for inference_find, into out; at most room. Names
 * that are new get the next number. Returns how many. */
size_t fob_frames_present(const struct fob_frames *f, unsigned fob,
                          struct fob_buttons *names,
                          struct inference_frame *out, size_t room);

#endif
