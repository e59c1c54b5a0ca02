/* framing - frames of known formats in the chips of a burst.
 *
 * A waveform's known chips (preamble, header, sync) and the chips its line code
 * never varies are the template. On a grid of TE and phase every place in the
 * burst is scored by how much better "this frame is here" explains the chips
 * than "any pattern on this lattice": the Bayes factor of the two. Places that
 * pass are refined, their levels measured from the frame itself, and decoded.
 *
 *   in      struct keying, the rates of chip_clock
 *   out     struct sighting: one copy of one frame each
 *   memory  allocated by init
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_FRAMING_H
#define PROTOCOLS_FRAMING_H

#include "dsp/chip_clock.h"
#include "protocols/candidates.h"
#include "protocols/sighting.h"

enum { FRAMING_SIGHTINGS_MAX = 64 };

struct framing { /* private */
    const struct likelihood *likelihood;
    struct chips chips;
    struct line_decoder *decoder;
    void *memory;
    size_t room;
    double *data_sum, *free_sum;
    float *evidence;
};

/* room: the most chips of a burst. 0, -ENOMEM; finish() takes a zeroed struct.
 */
int framing_init(struct framing *f, const struct likelihood *l, size_t room);
void framing_finish(struct framing *f);

/* Searches from .. to (samples of the tones) for the waveforms of all protocols
 * that the rates allow. Sightings of different protocols may overlap; the best
 * of each place comes first. */
size_t framing_find(struct framing *f, const struct keying *k, double from,
                    double to, const struct chip_rate *rates, size_t n_rates,
                    struct sighting out[FRAMING_SIGHTINGS_MAX]);

#endif
