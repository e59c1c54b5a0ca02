/* asking - which button to ask for next, and when: the order of a guided check.
 *
 * Pure: it goes by what it is told, and can be tested without a receiver.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_ASKING_H
#define SRC_ASKING_H

#include <stdbool.h>
#include <stddef.h>

enum { ASKING_BUTTONS_MAX = 8 };

struct asking_cfg {
    const char *button[ASKING_BUTTONS_MAX]; /* "lock"; they live as long */
    size_t n_buttons;                       /* 1 .. ASKING_BUTTONS_MAX */
    unsigned presses;                       /* of each, >= 1 */
    double settle_s; /* before the first, for the noise floors to be known */
};

enum asking_state {
    ASKING_SETTLES,  /* the receiver is not ready yet */
    ASKING_WAITS,    /* a button was asked for */
    ASKING_HEARS,    /* it was heard, and is being let go */
    ASKING_CONTROLS, /* another remote was asked for */
    ASKING_ENDED,
};

struct asking {
    struct asking_cfg cfg;
    enum asking_state state;
    size_t button;  /* that is asked for now */
    unsigned press; /* of it, from 0 */
    double since_s; /* when the state began */
    bool has_heard; /* any press so far */
};

/* What has happened since the last prompt. */
struct asking_view {
    double now_s;
    bool is_answered; /* a press began during the prompt */
    bool is_busy;     /* something is being sent now */
    double quiet_s;   /* since the last of it ended */
};

void asking_init(struct asking *a, const struct asking_cfg *cfg);

/* True: the state, the button or the press is another one now: say so. */
bool asking_step(struct asking *a, const struct asking_view *v);

/* How many presses are asked for in all, and which one this is, from 1. */
unsigned asking_total(const struct asking *a);
unsigned asking_number(const struct asking *a);

#endif
