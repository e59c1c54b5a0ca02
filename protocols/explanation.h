/* explanation - of all that may have been sent, what explains a burst best.
 *
 * Sightings of several formats lie over each other. Each says by how many nats
 * it explains its chips better than "any pattern"; the set without overlap that
 * gains most in sum is the explanation. What decides between two readings is
 * decided for all copies of a frame at once.
 *
 *   in      struct sighting, in any order
 *   out     which of them, by place
 *   memory  none
 *   source  weighted interval scheduling, by dynamic programming
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_EXPLANATION_H
#define PROTOCOLS_EXPLANATION_H

#include "protocols/sighting.h"

enum { EXPLANATION_MAX = 128 }; /* sightings */

/* n <= EXPLANATION_MAX. Writes the indices of the chosen ones, and lowers their
 * confidence by what another reading of the same chips has for it. */
size_t explanation_choose(struct sighting *s, size_t n,
                          size_t out[EXPLANATION_MAX]);

#endif
