/* pairs - sittings of two fobs that are equal but for what is planted, as samples.
 *
 * Each press has a carrier, a level and a chip length of its own, near the fob's: a
 * resonator warms, a hand moves, an RC clock is not steady.
 *
 *   memory  the caller's; aborts where none is left (this is test code)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SUPPORT_PAIRS_H
#define TESTS_SUPPORT_PAIRS_H

#include "tests/support/scenarios.h"
#include "tests/support/synth.h"

enum { PAIRS_PRESSES = 8, PAIRS_COPIES = 3 };
#define PAIRS_RATE_HZ      62.5e3
#define PAIRS_NOISE_DBFS   -46.0
#define PAIRS_PRESS_S      1.3  /* from one to the next; */
#define PAIRS_ASKED_S      0.3  /* in it, when it is asked for, */
#define PAIRS_LATE_S       0.35 /* and when it is pressed at the earliest */
#define PAIRS_SECONDS      (PAIRS_PRESSES * PAIRS_PRESS_S)
#define PAIRS_DEVIATION_HZ 9e3 /* of FSK */
#define PAIRS_GAIN_DB      28.0

struct pair_fob {
    const char *protocol; /* NULL: that of the keys in captures/ */
    uint64_t serial;      /* 24 bits or what the format has */
    double centre_hz;     /* of the recording */
    double carrier_hz;    /* from it */
    double snr_db, te_us;
    double sag_db;       /* from the first copy to the last */
    bool is_frozen;      /* the code stays */
    bool is_half_silent; /* the second button sends nothing */
    uint64_t seed;
};

/* Scatter within one fob, one standard deviation. */
struct pair_scatter {
    double carrier_hz, level_db, te_share;
};

/* "lock" or "unlock": the button of press i. */
const char *pairs_button(unsigned i);

/* PAIRS_SECONDS * PAIRS_RATE_HZ samples of cu8, two bytes each, into out. */
size_t pairs_samples(void);
void pairs_make(const struct pair_fob *x, const struct pair_scatter *w,
                unsigned char *out);

#endif
