/* framing_search - where in the chips of a burst frames of known formats may be.
 *
 * A waveform's known chips (preamble, header, sync) and the chips its line code
 * never varies are the template. On a grid of chips every place is scored by
 * how much better "this frame is here" explains them than "any pattern on this
 * lattice": the Bayes factor of the two.
 *
 *   in      struct keying and a grid, or the rates of chip_clock
 *   out     struct places
 *   memory  allocated by init
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_FRAMING_SEARCH_H
#define PROTOCOLS_FRAMING_SEARCH_H

#include "dsp/chip_track.h"
#include "protocols/candidates.h"

enum { FRAMING_SEARCH_PLACES_MAX = 64 };

/* Nats that a place must gain: little more than ln of the trials (some 1e6). One
 * of several copies may be as weak; explanation wants more of a single one. */
#define FRAMING_SEARCH_GAIN_MIN 16.0f

/* How well a frame explains its chips: over noise alone, which says where it
 * lies, and over any pattern on the same lattice, which says whether it is one.
 */
struct fit {
    float score, gain;
};

/* A place where a frame may be. */
struct place {
    const struct protocol *protocol;
    const struct waveform *waveform;
    double data, te; /* start of the data, in samples */
    struct fit fit;
};

struct places {
    struct place at[FRAMING_SEARCH_PLACES_MAX];
    size_t n;
};

struct framing_search { /* private */
    const struct likelihood *likelihood;
    const struct chips *chips; /* of the grid at hand */
    struct chips own;
    void *memory;
    size_t room;
    double *data_sum, *free_sum;
    float *evidence;
    unsigned char *likely; /* places that the data do not rule out */
};

/* room: the most chips of a burst. 0, -ENOMEM; finish() takes a zeroed struct.
 */
int framing_search_init(struct framing_search *f, const struct likelihood *l,
                        size_t room);
void framing_search_finish(struct framing_search *f);

/* On the chips that were followed, whose TE this is: one grid. */
void framing_search_track(struct framing_search *f, const struct keying *k,
                          const struct chip_track *t, double te,
                          struct places *found);

/* On all grids from .. to that the error of te leaves open. */
void framing_search_rate(struct framing_search *f, const struct keying *k,
                         double from, double to, double te,
                         struct places *found);

#endif
