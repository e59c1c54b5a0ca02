/* identify_subject - what a sitting tells of the fob it was held with: for identify,
 * and for reports of it.
 *
 *   memory  points into the sitting
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_IDENTIFY_SUBJECT_H
#define SRC_IDENTIFY_SUBJECT_H

#include "src/fob_frames.h"
#include "src/identify.h"
#include "src/verdict_facts.h"

struct identify_subject {
    const struct sitting *sitting;
    struct facts facts;
    struct fob_frames frames;
    struct fob_buttons buttons; /* as inference numbers them */
    bool is_inferred; /* of no known format, and there are presses enough */
    struct inference inference;
};

/* After sitting_settle. */
void identify_subject_gather(struct identify_subject *x,
                             const struct sitting *s, struct inferrer *m);

/* Another fob of the same family: what is its own and what is every fob's shows in
 * the fields now. */
void identify_subject_join(struct identify_subject *x,
                           const struct fob_frames *other, struct inferrer *m);

/* What was heard; sticker: to be looked for in it, or NULL. */
void identify_subject_radio(const struct identify_subject *x,
                            const struct sticker *sticker,
                            struct identify_radio *ret);

/* The line code, as its frames or what they have in common say. There is one:
 * frames.best. */
enum line_kind identify_subject_kind(const struct identify_subject *x);

/* The fields, and a frame's bits in which they stand: those of the format that is
 * known, else those inferred (p has room). NULL: neither. */
const struct protocol *identify_subject_format(const struct identify_subject *x,
                                               struct inferred_protocol *p);
void identify_subject_bits(const struct identify_subject *x, size_t frame,
                           struct bits *out);

#endif
