/* candidates - the waveforms that a modulation and a TE allow.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_CANDIDATES_H
#define PROTOCOLS_CANDIDATES_H

#include "protocols/framing_template.h"

enum { CANDIDATES_MAX = 32 };

struct candidate {
    const struct protocol *protocol;
    const struct waveform *waveform;
    struct framing_template template;
    struct line_code code;
    size_t same_code; /* first candidate with its line code */
};

struct candidates {
    struct candidate at[CANDIDATES_MAX];
    size_t n, longest; /* chips */
    size_t lead;       /* chips of silence before the burst that count */
    unsigned runs;     /* longest run of chips in a bit */
};

/* Those of all protocols[]; beyond CANDIDATES_MAX the last are left out. */
void candidates_list(struct candidates *c, enum modulation m, double te_us);

#endif
