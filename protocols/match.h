/* match - is a frame of an unknown format one of a known format after all?
 *
 * framing finds weak frames by their template on an even lattice. A strong
 * frame is read by unknown whatever its timing does, its preamble 3 % faster
 * than its data, say; here its story is held against the descriptors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_MATCH_H
#define PROTOCOLS_MATCH_H

#include "protocols/framing.h"

/* s as unknown_find made it; te_us: its TE. If a descriptor fits and its check
 * does not object, makes s a sighting of it and returns true. */
bool match_protocol(struct sighting *s, enum modulation m, double te_us);

#endif
