/* unknown - frames of formats that nobody has published.
 *
 * Every chip of a burst is explained by the likeliest story of one kind: silence,
 * a preamble of equal pulses, a gap, bits in one line code, or chips of any
 * pattern. Bits of the right code explain their chips with fewer free choices
 * than "any pattern", so the code, where its bits start and how many there are
 * come out together: the shortest description is the likeliest.
 *
 *   in      struct keying, the rates of chip_clock
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
    UNKNOWN_GAP,      /* off; in FSK the space tone */
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
    struct chip_track track;
    struct chips chips;
    struct line_decoder *decoder;
    void *memory;
    double *edges;
    struct unknown_node *nodes; /* UNKNOWN_STATES a chip */
    unsigned char *path, *best; /* state of each chip */
    size_t room;
};

int unknown_init(struct unknown *u, const struct likelihood *l, size_t room);
void unknown_finish(struct unknown *u);

/* Follows the chips of a burst at one TE: u->chips and u->edges. Returns how
 * many there are. */
size_t unknown_measure(struct unknown *u, const struct keying *k, double from,
                       double to, double te);

/* After unknown_measure. */
size_t unknown_find(struct unknown *u, const struct keying *k,
                    struct sighting *out, size_t room);

#endif
