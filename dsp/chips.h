/* chips - soft values on a lattice of chips.
 *
 * A lattice says where the first chip starts and how long a chip is. On it,
 * every run of one, two or three chips of carrier has a log-likelihood ratio
 * against noise: a pulse keeps its phase, as a rule, so a run is worth more than
 * its chips. Off costs nothing in OOK (noise is the reference); in FSK it is the
 * other tone.
 *
 *   in      struct keying
 *   out     struct chips
 *   memory  the caller's arrays, chips_bytes(n) of them in one piece
 *   source  likelihood.h
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_CHIPS_H
#define DSP_CHIPS_H

#include <stdbool.h>

#include "dsp/keying.h"
#include "dsp/likelihood.h"

enum { CHIPS_RUN_MAX = 3 };

/* E/N0 of a chip is not believed beyond 20 dB: edges are never that sharp. */
#define CHIPS_E_N0_MAX 100.0f

struct lattice {
    double start, te; /* samples of the tones */
};

/* Where the edges of chips are: evenly spaced, or as listed. */
struct chip_grid {
    struct lattice even;
    const double *edges; /* NULL: even */
};

static inline double chip_grid_edge(const struct chip_grid *g, size_t k)
{
    return g->edges ? g->edges[k] : g->even.start + (double)k * g->even.te;
}

struct chips {
    size_t n;
    float g;     /* E/N0 of a chip, linear, as the likelihoods assume it */
    float noise; /* of a sample, as they assume it */
    float *on[CHIPS_RUN_MAX];  /* on[m - 1][k]: run of m chips from k on */
    float *off[CHIPS_RUN_MAX]; /* the same for the other level; OOK: zeros */
    float *free;               /* either level, equally likely before */
    float *scratch;            /* n floats for whoever reads the chips */
    iq *edge;                  /* private: sums at n + 1 edges of one tone */
    bool is_fsk;               /* false: off is all zeros */
};

/* Points the arrays of c into memory for n chips; n is the room. */
size_t chips_bytes(size_t n);
void chips_attach(struct chips *c, void *memory, size_t n);

/* Fills n chips; runs: 1 .. CHIPS_RUN_MAX lengths are filled (the last chips of
 * longer runs lie beyond the end of the lattice: they count as off). */
void chips_measure(struct chips *c, const struct likelihood *l,
                   const struct keying *k, struct lattice at, size_t n,
                   unsigned runs);

/* The same between n + 1 edges that need not be evenly spaced; at->even.te: about
 * how far apart they are. */
void chips_measure_grid(struct chips *c, const struct likelihood *l,
                        const struct keying *k, const struct chip_grid *at,
                        size_t n, unsigned runs);

/* What chips say about the signal, on[i] being the probability that chip i is
 * on (mark). Power of the carrier and noise of a sample; what does not fit, be
 * it noise, a sagging level or sloping edges, counts as noise. A doubtful chip
 * counts for both, as much as it is either: decided ones would make the carrier
 * stronger than it is and the noise less. Needs two chips of each kind; else
 * nothing is written and false returned. */
bool chips_fit(const struct keying *k, struct lattice at, const float *on,
               size_t n, float *ret_power, float *ret_noise);

/* Log-likelihood ratio of chip k, on over off. */
static inline float chips_llr(const struct chips *c, size_t k)
{
    return c->on[0][k] - c->off[0][k];
}

#endif
