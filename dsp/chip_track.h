/* chip_track - where the chips of a whole burst begin and end.
 *
 * The chip clock knows TE; the phase is followed block by block along the
 * burst. It may creep, as a resonator's clock does, and jump where nothing is
 * on the air: copies of a frame are not whole chips apart.
 *
 *   in      struct keying, TE
 *   out     edges, in samples of the tones
 *   memory  the caller's
 *   source  Viterbi over 8 phases a block
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_CHIP_TRACK_H
#define DSP_CHIP_TRACK_H

#include "dsp/chips.h"

enum { CHIP_TRACK_PHASES = 8, CHIP_TRACK_BLOCK = 16 };

struct chip_track { /* private */
    struct chips chips;
    void *memory;
    unsigned char *from; /* best phase before, by block and phase */
    size_t blocks;
};

/* room: the most chips of a burst. 0, -ENOMEM; finish() takes a zeroed struct.
 */
int chip_track_init(struct chip_track *t, size_t room);
void chip_track_finish(struct chip_track *t);

/* Writes the edges of up to room chips from from on, in whole blocks, so up to
 * CHIP_TRACK_BLOCK chips beyond to: one edge more than the number of chips that
 * it returns. edges has room for room + 1. */
size_t chip_track_follow(struct chip_track *t, const struct likelihood *l,
                         const struct keying *k, double from, double to,
                         double te, double *edges, size_t room);

#endif
