/* unknown - frames of formats that nobody has published.
 *
 * The data of the likeliest story (story.h), read as bits with the levels that the
 * frame has itself.
 *
 *   in      struct keying, the chips of chip_track
 *   out     struct sighting without protocol
 *   memory  allocated by init
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_UNKNOWN_H
#define PROTOCOLS_UNKNOWN_H

#include "protocols/framing.h"
#include "protocols/story.h"

struct unknown { /* private */
    const struct likelihood *likelihood;
    const struct chip_track *track; /* of the burst that is being read */
    struct story story;
    struct line_decoder *decoder;
    struct chips fitted; /* of one frame, with its own levels */
    void *memory;
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
