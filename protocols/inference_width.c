/* inference_width - how wide fields are, before anything was seen.
 *
 *   source  the formats of DOMAIN.md 5: rolling codes of 32 bits in most, 24 (GM), 16
 *           (Nidec), 40 (Fiat V1), 64 (VAG, Opel); serials of 28 (HCS, Kia, Suzuki),
 *           32 (Siemens, Hitag2, Mitsubishi) and 24 (PSA, Porsche, Star Line);
 *           buttons of 4, 8 and 2, and of 12 (ceiling fans); counters of 16 (Kia,
 *           Suzuki, Siemens), 24 (Honda, GM), 10 (Hitag2), 12; checks of 8, 4, 2 and
 *           16. The shares are assumed, and smooth: what is not named is possible
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/inference_impl.h"

#include <math.h>

#include <assert.h>

/* Of all others up to 64 bits this share is spread evenly; what is wider is a
 * thousandth of one of those. */
#define OTHER_BITS 64
#define WIDE_SHARE 1e-3

struct width {
    uint16_t bits;
    double share; /* of the rest; they add up to 1 */
};

enum { WIDTHS_MAX = 10 };

struct widths {
    uint16_t least, most;           /* bits */
    double other;                   /* share of widths that are not named */
    struct width width[WIDTHS_MAX]; /* ends with 0 bits */
};

/* clang-format off */
static const struct widths table[STORIES] = {
    /* One fob's constant bits may be several fields in a row: any width. */
    [STORY_CONSTANT] = { 1, BITS_MAX, 0.6, { { 1, 0.3 }, { 2, 0.1 }, { 4, 0.1 },
                                          { 8, 0.1 }, { 24, 0.1 }, { 28, 0.1 },
                                          { 32, 0.2 } } },
    [STORY_FIXED] = { 1, BITS_MAX, 0.3, { { 1, 0.3 }, { 2, 0.15 }, { 3, 0.05 },
                                 { 4, 0.2 }, { 8, 0.2 }, { 16, 0.1 } } },
    [STORY_IDENTITY] = { 8, BITS_MAX, 0.2, { { 16, 0.1 }, { 20, 0.1 },
                                          { 24, 0.25 }, { 28, 0.25 },
                                          { 32, 0.3 } } },
    [STORY_ACTION] = { 1, ACTION_BITS_MAX, 0.1, { { 1, 0.05 }, { 2, 0.2 },
                                                  { 3, 0.1 }, { 4, 0.35 },
                                                  { 8, 0.2 }, { 12, 0.1 } } },
    [STORY_STATUS] = { 1, STATUS_BITS_MAX, 0.1, { { 1, 0.8 }, { 2, 0.2 } } },
    [STORY_COUNTER] = { 3, COUNTER_BITS_MAX, 0.1, { { 8, 0.15 }, { 10, 0.1 },
                                                 { 12, 0.1 }, { 16, 0.35 },
                                                 { 20, 0.05 }, { 24, 0.15 },
                                                 { 32, 0.1 } } },
    [STORY_ROLLING] = { 8, 160, 0.2, { { 16, 0.1 }, { 24, 0.15 }, { 28, 0.08 },
                                    { 32, 0.4 }, { 40, 0.1 }, { 48, 0.07 },
                                    { 64, 0.1 } } },
    [STORY_CHECK] = { 1, COUNTER_BITS_MAX, 0.1, { { 1, 0.1 }, { 2, 0.1 },
                                               { 4, 0.25 }, { 8, 0.45 },
                                               { 16, 0.1 } } },
};
/* clang-format on */

double inference_width(enum story s, size_t bits)
{
    const struct widths *t;
    double share = 0, widths;

    assert(s < STORIES);
    t = &table[s];
    if (bits < t->least || bits > t->most)
        return -INFINITY;
    widths = OTHER_BITS;
    if (t->most > OTHER_BITS)
        widths += WIDE_SHARE * (t->most - OTHER_BITS);
    for (size_t i = 0; i < WIDTHS_MAX && t->width[i].bits > 0; i++)
        if (t->width[i].bits == bits)
            share = t->width[i].share;
    return log((1 - t->other) * share +
               t->other / widths * (bits <= OTHER_BITS ? 1 : WIDE_SHARE));
}
