/* extent - how sure it is that bits lie where they do, and are these.
 *
 * The bits of an unknown format have no length to go by: one more or one less at
 * either end may be noise, and in PPM a pulse more makes two bits of one.
 *
 *   in      struct chips
 *   out     a probability
 *   memory  none
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_EXTENT_H
#define PROTOCOLS_EXTENT_H

#include "protocols/line_code.h"

enum { EXTENT_CHIPS_MAX = 2048 }; /* of the bits */

struct extent {
    const struct likelihood *likelihood;
    const struct chips *chips; /* of the burst */
    const struct chips
        *fitted; /* from chip first on, with the frame's levels */
    const struct line_code *code;
    const struct bits *bits; /* all, as decoded from chip first to end */
    size_t first, end;
    size_t limit;          /* chips from here on are no bits; 0: not known */
    bool is_after_silence; /* a low before the bits is no part of them */
};

/* Nats for one more bit from end on, over what else the chips there may be. A code
 * whose bits look like a preamble, or have two lengths, cannot tell: -1. Wants no
 * bits. */
double extent_more(const struct extent *e);

/* Of codes with bits of two lengths other than PPM, and of FSK, whose silence is
 * a tone, only that the bits are right. */
double extent_certainty(const struct extent *e);

#endif
