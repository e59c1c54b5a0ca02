/* story - what each chip of a burst is, in the likeliest order of things.
 *
 * Every chip is explained by the likeliest story of one kind: silence, a preamble
 * of equal pulses, a gap, bits in one line code, or chips of any pattern. Bits of
 * the right code explain their chips with fewer free choices than "any pattern",
 * so the code, where its bits start and how many there are come out together: the
 * shortest description is the likeliest.
 *
 *   in      the chips of chip_track
 *   out     a line code, and stretches of chips
 *   memory  allocated by init
 *   source  Viterbi; J. Rissanen, "Modeling by shortest data description", 1978
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_STORY_H
#define PROTOCOLS_STORY_H

#include "dsp/chip_track.h"
#include "protocols/line_code.h"

enum story_state {
    STORY_IDLE,     /* no carrier */
    STORY_ANY,      /* chips of any pattern */
    STORY_PREAMBLE, /* on, off, on, off */
    STORY_SLOW,     /* a preamble of pulses twice as long */
    STORY_HALF,     /* its last pulse, of which a half is the first bit's */
    STORY_SYNC,     /* the low between a preamble and what follows */
    STORY_GAP,      /* any other low; in FSK the space tone */
    STORY_DATA,     /* bits; the next starts low, where that matters */
    STORY_DATA_HIGH,
    STORY_STATES
};

enum { STORY_PAUSE_CHIPS = 24 }; /* the shortest silence between two frames */

struct story_node { /* private */
    float score;
    unsigned char length; /* chips of the step that led here */
    unsigned char from;   /* state it came from */
};

struct story { /* private */
    const struct likelihood *likelihood;
    const struct chip_track *track; /* of the burst that it is about */
    struct story_node *nodes;       /* STORY_STATES a chip */
    unsigned char *path, *best;     /* state of each chip */
    size_t room;
};

/* A run of steps of one state; never STORY_DATA_HIGH. */
struct stretch {
    size_t from, to, steps; /* chips; steps in it */
    unsigned state;
};

/* For bursts of up to room chips. 0, -ENOMEM; finish() takes a zeroed struct. */
int story_init(struct story *t, const struct likelihood *l, size_t room);
void story_finish(struct story *t);

/* The line code that explains the chips of c best; c must stay. */
const struct line_code *story_tell(struct story *t, const struct chip_track *c);

/* The stretch behind *s, or the first if that is zeroed; false: none is left. */
bool story_next(const struct story *t, struct stretch *s);

#endif
