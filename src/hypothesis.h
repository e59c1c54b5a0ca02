/* hypothesis - "this lobe is keyed on and off", "these two are FSK tones".
 *
 * Follows the carriers, measures how strong they are while they are on, and
 * finds how long a chip is. Which hypothesis of a burst holds is decided by
 * their evidence.
 *
 *   in      struct lobes
 *   out     struct keying and its chip rates
 *   memory  the caller's running sums
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_HYPOTHESIS_H
#define SRC_HYPOTHESIS_H

#include "dsp/chip_clock.h"
#include "src/lobes.h"

/* The chip lengths that fobs have: Honda KR5V2X 60 us, Porsche 1680 us. */
#define HYPOTHESIS_TE_MIN_US 55.0
#define HYPOTHESIS_TE_MAX_US 1800.0

struct hypothesis;

/* Running sums of two tones, shared by all hypotheses of a burst. */
struct hypothesis_sums {
    iq *tone[2];                    /* room for l->n_narrow + 1 each */
    const struct hypothesis *whose; /* that they hold now */
};

struct hypothesis {
    struct keying keying;
    double mark_hz, space_hz; /* from the centre of the input */
    double from, to;          /* the burst, in samples of the tones */
    struct chip_rate rates[CHIP_CLOCK_RATES_MAX];
    size_t n_rates;
    float evidence;  /* nats over noise alone, of the part looked at */
    size_t lobes[2]; /* mark, space; OOK: the same */
    /* private */
    struct tone_course courses[2];
    struct hypothesis_sums *sums;
};

void hypothesis_init(struct hypothesis *h, const struct lobes *l,
                     enum modulation m, size_t mark, size_t space,
                     struct hypothesis_sums *sums);

/* Which stretch the chip clock should look at, in samples of the tones: all of a
 * short burst, of a long one the part that is keyed most. Just after init or
 * build. Evidence is comparable over one stretch only. */
void hypothesis_window(const struct hypothesis *h, const struct lobes *l,
                       double *from, double *to);

/* reference: see chip_clock_find. */
void hypothesis_find_clock(struct hypothesis *h, const struct lobes *l,
                           struct chip_clock *clock, float reference,
                           double from, double to);

/* Fills the running sums again if another hypothesis has used them. */
void hypothesis_build(struct hypothesis *h, const struct lobes *l);

#endif
