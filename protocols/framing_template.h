/* framing_template - the chips of a waveform that are known beforehand.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_FRAMING_TEMPLATE_H
#define PROTOCOLS_FRAMING_TEMPLATE_H

#include "protocols/line_code.h"

enum {
    FRAMING_TEMPLATE_LEAD = 2,
    FRAMING_TEMPLATE_GUARD_MAX = 8,
    FRAMING_TEMPLATE_SHIFT = 1 /* chips that a head may be off */
};

/* All lengths in chips; chips[] and tail[] hold '0' and '1'. */
struct framing_template {
    char chips[512];
    size_t n, data;
    char tail[32]; /* stop and guard */
    size_t n_tail;
    size_t head; /* chips up to the header, which may be SHIFT off */
};

/* Preamble, header, lead, wake and sync before the data, stop and guard after.
 * FRAMING_TEMPLATE_LEAD chips before a preamble that is always whole are off,
 * and so is the guard, except in FSK, which may have its carrier on there. */
void framing_template_build(struct framing_template *t,
                            const struct waveform *w, enum modulation m);

/* Where the head lies if the rest is at chip k: by -SHIFT, 0 or SHIFT chips off.
 * The preamble of a real fob may run 3 % faster than its data (HCS301 of a
 * DoorHan remote: 402 and 415 us). */
int framing_template_shift(const struct framing_template *t,
                           const struct chips *c, size_t k);

/* Log-likelihood of known chips at chip k on: what stands before the data, and
 * the first n of the tail. Runs of one chip each: for a search, a run's
 * coherence can wait. */
float framing_template_head(const struct framing_template *t,
                            const struct chips *c, size_t k);
float framing_template_tail(const struct framing_template *t,
                            const struct chips *c, size_t k, size_t n);

#endif
