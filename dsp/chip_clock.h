/* chip_clock - how long a chip of an unknown burst is.
 *
 * For a trial TE, blocks of chips are scored by the likelihood of "some on/off
 * pattern on this lattice" against noise alone, the phase of each block free
 * and averaged over, so a lattice may re-phase after gaps that are not whole
 * chips. The true TE beats its half, which pays the prior twice and loses
 * coherence, and its double, which mixes chips.
 *
 * A filter a few percent too long or too short loses nothing to speak of. So
 * filters of one length serve all trials near it: their outputs are computed
 * once, on a grid, and a trial only adds them up.
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
    CHIP_CLOCK_TABLE = 1024,
    CHIP_CLOCK_GRID = 1 << 18 /* 0.45 s of 55 us chips, 16 places in each */
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
    float grid[CHIP_CLOCK_GRID];  /* evidence of a chip that starts there */
    iq sums[CHIP_CLOCK_GRID];
    double te[CHIP_CLOCK_STEPS_MAX];
    float evidence[CHIP_CLOCK_STEPS_MAX];
};

void chip_clock_init(struct chip_clock *c, const struct likelihood *l);

/* What is searched, and in which part of the burst (samples of the tones). */
struct chip_clock_range {
    double from, to;       /* what the grid has no room for is left out */
    double te_min, te_max; /* >= 2 */
};

/* reference: power of the strongest carrier of the burst. What does not fit a
 * lattice (sloping edges, jitter, clipping) grows with it, and counts as noise:
 * so evidence is comparable between hypotheses of one burst. Returns how many
 * rates were written. */
size_t chip_clock_find(struct chip_clock *c, const struct keying *k,
                       float reference, const struct chip_clock_range *range,
                       struct chip_rate out[CHIP_CLOCK_RATES_MAX]);

/* The evidence for one te from .. to. */
float chip_clock_evidence(struct chip_clock *c, const struct keying *k,
                          float reference, double from, double to, double te);

#endif
