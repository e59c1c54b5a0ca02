/* chip_track - where the chips of a whole burst begin and end.
 *
 * The chip clock knows TE; the phase is followed block by block along the
 * burst. It may creep, as a resonator's clock does, and jump where nothing is
 * on the air: copies of a frame are not whole chips apart.
 *
 *   in      struct keying, TE
 *   out     edges, in samples of the tones, and the chips between them
 *   memory  allocated by init
 *   source  Viterbi over 8 phases a block
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_CHIP_TRACK_H
#define DSP_CHIP_TRACK_H

#include "dsp/chips.h"

enum { CHIP_TRACK_PHASES = 8, CHIP_TRACK_BLOCK = 16 };

struct chip_track {
    double *edges; /* chips.n + 1 of them */
    struct chips chips;
    /* private from here */
    struct chips block;
    void *memory, *block_memory;
    unsigned char *from; /* best phase before, by block and phase */
    size_t blocks, room;
};

/* room: the most chips of a burst. 0, -ENOMEM; finish() takes a zeroed struct.
 */
int chip_track_init(struct chip_track *t, size_t room);
void chip_track_finish(struct chip_track *t);

/* Follows the chips from .. to, as many as there is room for, in whole blocks,
 * so up to CHIP_TRACK_BLOCK chips beyond to. */
void chip_track_follow(struct chip_track *t, const struct likelihood *l,
                       const struct keying *k, double from, double to,
                       double te);

#endif
