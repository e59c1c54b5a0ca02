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
#include "protocols/line_code.h"

enum { FRAMING_SIGHTINGS_MAX = 64 };

/* One copy of a frame, where it was seen. */
struct sighting {
    const struct protocol *protocol; /* NULL: unknown format */
    const struct waveform *waveform; /* NULL: unknown format */
    struct line_code code;
    struct lattice lattice; /* from its first preamble chip on */
    size_t n_chips;         /* of the whole frame */
    unsigned preamble_chips, sync_chips;
    float score;          /* nats over noise alone */
    float gain;           /* nats over "any pattern on this lattice" */
    float power, noise;   /* as measured in the frame itself, per sample */
    enum verdict verdict; /* of check() */
    double confidence;    /* that every bit is right */
    struct bits bits;
};

struct framing_template { /* private */
    char chips[512];
    size_t n, data;
    char tail[32]; /* stop and guard */
    size_t n_tail;
    size_t head; /* chips up to the header, which may be a chip off */
};

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

/* Neither denied by its check nor likely wrong. */
bool framing_is_sound(const struct sighting *s);

/* Probability that all bits are right, from their likelihoods. */
double framing_confidence(const struct bits *b);

/* Verdict and confidence of decoded bits: what check() says, weighed with how
 * sure the bits are. */
void framing_judge(const struct protocol *p, const struct bits *b,
                   enum verdict *ret_verdict, double *ret_confidence);

#endif
