/* unknown - frames of formats that nobody has published.
 *
 * Every chip of a burst is explained by the likeliest story of one kind: silence,
 * a preamble of equal pulses, a gap, bits in one line code, or chips of any
 * pattern. Bits of the right code explain their chips with fewer free choices
 * than "any pattern", so the code, where its bits start and how many there are
 * come out together: the shortest description is the likeliest.
 *
 *   in      struct keying, the chips of chip_track
 *   out     struct sighting without protocol
 *   memory  allocated by init
 *   source  Viterbi; J. Rissanen, "Modeling by shortest data description", 1978
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_UNKNOWN_H
#define PROTOCOLS_UNKNOWN_H

#include "dsp/chip_track.h"
#include "protocols/framing.h"

enum unknown_state {
    UNKNOWN_IDLE,     /* no carrier */
    UNKNOWN_ANY,      /* chips of any pattern */
    UNKNOWN_PREAMBLE, /* on, off, on, off */
    UNKNOWN_SLOW,     /* a preamble of pulses twice as long */
    UNKNOWN_SYNC,     /* the low between a preamble and what follows */
    UNKNOWN_GAP,      /* any other low; in FSK the space tone */
    UNKNOWN_DATA,     /* bits; the next starts low, where that matters */
    UNKNOWN_DATA_HIGH,
    UNKNOWN_STATES
};

struct unknown_node { /* private */
    float score;
    unsigned char length; /* chips of the step that led here */
    unsigned char from;   /* state it came from */
};

struct unknown { /* private */
    const struct likelihood *likelihood;
    const struct chip_track *track; /* of the burst that is being read */
    struct line_decoder *decoder;
    struct chips fitted; /* of one frame, with its own levels */
    void *memory;
    struct unknown_node *nodes; /* UNKNOWN_STATES a chip */
    unsigned char *path, *best; /* state of each chip */
    size_t room;
};

int unknown_init(struct unknown *u, const struct likelihood *l, size_t room);
void unknown_finish(struct unknown *u);

/* Whether, outside these sightings, the chips of t hold enough for a frame. */
bool unknown_is_left(const struct chip_track *t, const struct sighting *s,
                     size_t n);

/* The chips of t, which are those of k. room: of out. Returns how many frames
 * were written. */
size_t unknown_find(struct unknown *u, const struct keying *k,
                    const struct chip_track *t, struct sighting *out,
                    size_t room);

#endif
