/* scenarios - what is on the air in each golden recording.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SUPPORT_SCENARIOS_H
#define TESTS_SUPPORT_SCENARIOS_H

#include <stdbool.h>
#include <stdint.h>

#include "dsp/iq.h"
#include "protocols/protocol.h"

struct value {
    const char *name; /* of a field */
    uint64_t value;
};

/* One frame and its copies. */
struct press {
    const char *protocol;    /* NULL: a format that no descriptor knows */
    unsigned waveform;       /* which of the protocol's */
    struct value values[8];  /* ends with a name of NULL; checks are solved */
    struct waveform unknown; /* where protocol is NULL, with line_code, and */
    const char *bits;        /* either bits as they are, */
    const char *hex; /* or a sync byte and data: sent with the data's XOR behind
                      * them, differential (keyer.c) */
    const char *line_code;
    double te_us;
    unsigned copies;       /* 0 ends the list */
    double gap_us;         /* silence between copies, besides the guard */
    bool is_sharing_guard; /* the next header is the guard */
    unsigned lead_pulses;  /* once, before the first copy: on and off one TE */
    double lead_us;        /* then low, or the lower tone */
    const char *before;    /* chips in front of each copy, or NULL */
    double start_s;
    const char *asked; /* the button that was asked for, or NULL, */
    double asked_s;    /* and when */
    enum modulation modulation;
    double carrier_hz, deviation_hz; /* from the centre; half the shift */
    double snr_db; /* mark power over the noise in the whole bandwidth */
};

/* What the owner says: name is "car" of "fob:car". */
struct word {
    const char *name, *text;
};

struct scenario {
    const char *name, *about;
    bool is_hypothetical; /* a format that nobody has seen on the air */
    struct word owner[6]; /* ends with a name of NULL */
    bool is_sub;          /* edges as a Flipper writes them, no samples */
    enum sample_format format;
    double rate_hz, centre_hz, seconds, noise_dbfs;
    uint64_t seed;
    double steady_hz, steady_snr_db; /* a carrier all through; 0: none */
    struct press presses[9];         /* ends with one of no copies */
};

extern const struct scenario scenarios[]; /* ends with a name of NULL */

#endif
