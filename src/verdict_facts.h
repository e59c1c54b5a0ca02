/* verdict_facts - a sitting in numbers: how many presses of which kind.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_VERDICT_FACTS_H
#define SRC_VERDICT_FACTS_H

#include "src/sitting.h"

enum { FACTS_BUTTONS_MAX = 12 };

/* One button that was asked for. */
struct facts_button {
    const char *name;
    unsigned asked,
        answered;      /* answered: by the fob, with a frame or without */
    unsigned framed;   /* of these, with one */
    unsigned searched; /* not answered, while bands were gone round */
    bool has_action;
    uint64_t action; /* what its frames say, where they say it */
    bool is_mixed;   /* not always the same */
};

struct facts {
    unsigned presses; /* the fob's, asked for or not */
    unsigned with_frame;
    unsigned sure;         /* of these, with bits that are sure */
    unsigned carrier_only; /* nothing was keyed */
    unsigned no_frame;     /* keyed, and no frame came of it */
    unsigned cut_off; /* presses that broke off, or whose most bursts did */
    unsigned overloaded;
    unsigned asked, answered;
    struct facts_button button[FACTS_BUTTONS_MAX];
    size_t n_buttons;
    bool has_control;   /* a control was asked for and heard */
    unsigned others;    /* presses of other sources */
    unsigned maybe;     /* prompts that one of them answered which does not send
                        * at other times: too few to be the fob's */
    double others_s;    /* that they lasted */
    double watched_s;   /* over all bands */
    double carrier_hz;  /* median of the fob's; NAN: none */
    bool is_on_air;     /* it is that; else from the centre of a recording that
                        * does not say its own */
    char place[32];     /* "433.930 MHz", "+10.0 kHz from the centre" */
    double snr_db;      /* median, over the band */
    double snr_250k_db; /* the same in 250 kHz of it */
    bool is_periodic;   /* it sends by a clock, not when it is asked for */
    double sag_db;      /* median of presses with three copies or more; NAN */
    unsigned sags;      /* how many presses that is */
    double longest_s;   /* press */
    bool is_late;       /* it sent long after a prompt's end */
    unsigned codes;     /* pairs of presses whose codes could be compared */
    unsigned repeated;  /* of these, with the same code */
    bool is_rolling_format,
        is_fixed_format; /* of a known format; else neither */
    bool is_told; /* whether the code rolls: one pair alike, of an unknown
                   * format, is no proof */
    bool is_low_cell;
};

/* Of n numbers, which are put in order; NAN: there are none. */
double facts_median(double *x, size_t n);

/* After sitting_settle. */
void facts_gather(struct facts *f, const struct sitting *s);

#endif
