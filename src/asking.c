/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/asking.h"

#include <assert.h>

/* A person who reads a line presses within a few seconds; who has not by then
 * does not. */
#define PROMPT_S 8.0
/* To fetch another remote takes longer. */
#define CONTROL_S 20.0
/* Between two presses: more than between copies of one (sitting.c), so that what
 * comes next is another press. */
#define QUIET_S 0.8
/* A button is let go within this; a fob that still sends then is stuck
 * (verdict.c says so from 10 s on), and to ask for more is in vain. */
#define RELEASE_S 12.0

void asking_init(struct asking *a, const struct asking_cfg *cfg)
{
    assert(cfg->n_buttons >= 1 && cfg->n_buttons <= ASKING_BUTTONS_MAX &&
           cfg->presses >= 1);
    *a = (struct asking){ .cfg = *cfg, .state = ASKING_SETTLES };
}

unsigned asking_total(const struct asking *a)
{
    return (unsigned)a->cfg.n_buttons * a->cfg.presses;
}

unsigned asking_number(const struct asking *a)
{
    return (unsigned)a->button * a->cfg.presses + a->press + 1;
}

static bool enter(struct asking *a, enum asking_state state, double now_s)
{
    a->state = state;
    a->since_s = now_s;
    return true;
}

/* A fob that was not heard at all may be deaf ears: another remote will show. */
static bool end(struct asking *a, double now_s)
{
    return enter(a, a->has_heard ? ASKING_ENDED : ASKING_CONTROLS, now_s);
}

static bool ask_next(struct asking *a, double now_s)
{
    if (++a->press == a->cfg.presses) {
        a->press = 0;
        a->button++;
    }
    if (a->button < a->cfg.n_buttons)
        return enter(a, ASKING_WAITS, now_s);
    a->button = a->cfg.n_buttons - 1; /* the last that was asked for */
    a->press = a->cfg.presses - 1;
    return end(a, now_s);
}

bool asking_step(struct asking *a, const struct asking_view *v)
{
    const double age_s = v->now_s - a->since_s;

    switch (a->state) {
    case ASKING_SETTLES:
        return age_s >= a->cfg.settle_s && enter(a, ASKING_WAITS, v->now_s);
    case ASKING_WAITS:
        a->has_heard |= v->is_answered;
        if (v->is_answered)
            return enter(a, ASKING_HEARS, v->now_s);
        /* what is being sent now may be the answer */
        return age_s >= (v->is_busy ? RELEASE_S : PROMPT_S) &&
               ask_next(a, v->now_s);
    case ASKING_HEARS:
        if (!v->is_busy && v->quiet_s >= QUIET_S)
            return ask_next(a, v->now_s);
        return age_s >= RELEASE_S && enter(a, ASKING_ENDED, v->now_s);
    case ASKING_CONTROLS:
        return ((v->is_answered && v->quiet_s >= QUIET_S) ||
                age_s >= CONTROL_S) &&
               enter(a, ASKING_ENDED, v->now_s);
    case ASKING_ENDED:
        break;
    }
    return false;
}
