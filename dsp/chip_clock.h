/* chip_clock - how long a chip of an unknown burst is.
 *
 * For a trial TE, blocks of chips are scored by the likelihood of "some on/off
 * pattern on this lattice" against noise alone, the phase of each block free
 * and averaged over, so a lattice may re-phase after gaps that are not whole
 * chips. The true TE beats its half, which pays the prior twice and loses
 * coherence, and its double, which mixes chips.
 *
 *   in      struct keying
 *   out     struct chip_rate, best first
 *   memory  none beyond struct chip_clock; cannot fail
 *   source  ARCHITECTURE.md, section 3, "Modem"
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_CHIP_CLOCK_H
#define DSP_CHIP_CLOCK_H

#include "dsp/chips.h"

enum {
    CHIP_CLOCK_RATES_MAX = 3,
    CHIP_CLOCK_STEPS_MAX = 1024,
    CHIP_CLOCK_TABLE = 1024
};

struct chip_rate {
    double te;      /* samples of the tones */
    float evidence; /* nats over noise alone, of the part looked at */
};

struct chip_clock { /* private */
    const struct likelihood *likelihood;
    int entries;                  /* of the tables that are filled */
    float on[CHIP_CLOCK_TABLE];   /* L by size of the filter's output */
    float free[CHIP_CLOCK_TABLE]; /* the same, either level */
    double te[CHIP_CLOCK_STEPS_MAX];
    float evidence[CHIP_CLOCK_STEPS_MAX];
};

void chip_clock_init(struct chip_clock *c, const struct likelihood *l);

/* reference: power of the strongest carrier of the burst. What does not fit a
 * lattice (sloping edges, jitter, clipping) grows with it, and counts as noise:
 * so evidence is comparable between hypotheses of one burst.
 *
 * Searches from te_min to te_max (samples, >= 2) in from .. to of the burst.
 * Returns how many rates were written. */
size_t chip_clock_find(struct chip_clock *c, const struct keying *k,
                       float reference, double from, double to, double te_min,
                       double te_max,
                       struct chip_rate out[CHIP_CLOCK_RATES_MAX]);

/* The evidence for one te, over the same part. */
float chip_clock_evidence(struct chip_clock *c, const struct keying *k,
                          float reference, double from, double to, double te,
                          unsigned phases);

#endif
