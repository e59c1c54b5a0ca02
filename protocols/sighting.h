/* sighting - one copy of one frame as it was seen, and how far to trust it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_SIGHTING_H
#define PROTOCOLS_SIGHTING_H

#include "dsp/chips.h"
#include "protocols/line_code.h"

/* What is wrong less often than this is proven: one frame in ten thousand. */
#define SIGHTING_PROOF 1e-4

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

/* Neither denied by its check nor likely wrong. */
bool sighting_is_sound(const struct sighting *s);

/* Probability that all bits are right, from their likelihoods. */
double sighting_confidence(const struct bits *b);

/* Measures power and noise in the frame's own chips, on[i] the probability of
 * chip i being on, and returns k with them; as it is where they say too little.
 */
struct keying sighting_fit(struct sighting *s, const struct keying *k,
                           struct lattice at, const float *on, size_t n);

/* Verdict and confidence of decoded bits: what check() says, weighed with how
 * sure the bits are. */
void sighting_judge(const struct protocol *p, const struct bits *b,
                    enum verdict *ret_verdict, double *ret_confidence);

#endif
