/* check_limits - how far a board may be from a good one, for many boards in a row.
 *
 * The file is what `fobscope check --json` said of a good fob; members "carrier_khz",
 * "level_db" and "te_percent" in it, if they are there, take the place of 75 kHz, 6 dB
 * and 10 %.
 *
 *   source  the three: a SAW resonator's tolerance (DOMAIN.md 2.6), a board at the
 *           same place, an RC oscillator beside another one
 *   errors  negative errno, and a sentence
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_CHECK_LIMITS_H
#define SRC_CHECK_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

#include "src/err.h"
#include "src/sitting.h"

struct check_limits {
    double carrier_hz, level_dbfs, te_us; /* of the good one; NAN: not known */
    double off_hz, weaker_db, te_share;   /* that are allowed */
};

/* Medians of a fob's presses; NAN: it has none. */
struct check_measures {
    double carrier_hz, level_dbfs, te_us;
    unsigned presses;
};

void check_measure(struct check_measures *m, const struct sitting *s);

int check_limits_read(struct check_limits *l, const char *path, struct err *e);

/* Whether m is within; else why not, in text[n]. */
bool check_limits_hold(const struct check_limits *l,
                       const struct check_measures *m, char *text, size_t n);

#endif
