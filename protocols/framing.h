/* framing - frames of known formats in the chips of a burst.
 *
 * Places that framing_search has found are refined, their levels measured from
 * the frame itself, decoded, and checked.
 *
 *   in      struct keying, the rates of chip_clock or the chips of chip_track
 *   out     struct sighting: one copy of one frame each
 *   memory  allocated by init
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_FRAMING_H
#define PROTOCOLS_FRAMING_H

#include "dsp/chip_clock.h"
#include "protocols/framing_search.h"
#include "protocols/sighting.h"

enum {
    FRAMING_SIGHTINGS_MAX = FRAMING_SEARCH_PLACES_MAX,
    FRAMING_CHIPS_MAX = 2048 /* of a frame; the longest have some 800 */
};

struct framing { /* private */
    const struct likelihood *likelihood;
    struct framing_search search;
    struct chips chips;
    struct line_decoder *decoder;
    void *memory;
    size_t room;
};

/* room: the most chips of a burst. 0, -ENOMEM; finish() takes a zeroed struct.
 */
int framing_init(struct framing *f, const struct likelihood *l, size_t room);
void framing_finish(struct framing *f);

/* So strong that the chips which were followed leave no doubt. */
bool framing_is_sure(const struct chip_track *t);

/* Frames that are clear at first sight, in chips that were followed and whose
 * TE this is: strong ones, at a small part of what framing_find() costs. */
size_t framing_find_clear(struct framing *f, const struct keying *k,
                          const struct chip_track *t, double te,
                          struct sighting out[FRAMING_SIGHTINGS_MAX]);

/* Searches from .. to (samples of the tones) for the waveforms of all protocols
 * that the rates allow. Sightings of different protocols may overlap; the best
 * of each place comes first. */
size_t framing_find(struct framing *f, const struct keying *k, double from,
                    double to, const struct chip_rate *rates, size_t n_rates,
                    struct sighting out[FRAMING_SIGHTINGS_MAX]);

#endif
