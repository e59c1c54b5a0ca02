/* compared - two fobs of sat.h, each in a sitting of its own, held against each other.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_COMPARED_H
#define TESTS_SRC_COMPARED_H

#include "src/compare.h"
#include "tests/src/sat.h"

enum { COMPARED_PRESSES = 4 }; /* of each button */

/* How a fob is pressed; the rest is in struct sat_fob. */
struct compared_fob {
    struct sat_fob fob;
    double gain_db;
    bool is_half_silent; /* the second button is not heard */
    bool is_unheard;     /* neither is */
    bool has_one_code;   /* the second button sends the first one's code */
    bool is_unasked;     /* nobody knows which button it was */
};

struct compared_side {
    struct sitting sitting;
    struct identify_subject subject;
    struct verdict_result verdict;
};

static inline struct compared_fob compared_fob(const struct protocol *p)
{
    return (struct compared_fob){ .fob = sat_fob(p), .gain_db = 30 };
}

/* What a fob scatters from press to press: +- 60 Hz, 0.2 dB, 0.05 us. */
static inline void compared_send(struct sat *a, const struct compared_fob *x,
                                 struct sat_fob *fob, unsigned i)
{
    static const double way[] = { 0.3, -0.8, 1, -0.5 };
    const double w = way[i % 4];
    const unsigned button = i / COMPARED_PRESSES;
    struct sat_fob now;

    fob->seed += 77777 * (fob->is_frozen ? 0 : i + 1);
    now = *fob;
    now.carrier_hz += 60 * w;
    now.level_dbfs += 0.2 * w;
    now.te_us += 0.05 * w;
    if (!x->is_unasked)
        sitting_ask(a->s, a->t, button == 0 ? "lock" : "unlock", false);
    sitting_tune(a->s, sat_at(a->s, a->t),
                 fob->carrier_hz < 400e6 ? 315e6 : 433.92e6, x->gain_db);
    if (!x->is_unheard && !(x->is_half_silent && button == 1))
        sat_send(a->s, &now, a->t + 0.5, x->has_one_code ? 1 : 1 + button);
    if (x->is_unheard)
        sat_hop(a, 6); /* all bands, as a receiver does that looks for it */
    a->t += 4;
    sitting_watch(a->s, sat_at(a->s, a->t));
}

static inline void compared_hear(struct compared_side *y,
                                 const struct compared_fob *x,
                                 const struct verdict_cfg *cfg,
                                 struct inferrer *m)
{
    struct sat_fob fob = x->fob;
    struct sat a = sat_live(SAT_ALL);

    for (unsigned i = 0; i < 2 * COMPARED_PRESSES; i++)
        compared_send(&a, x, &fob, i);
    sat_hop(&a, 3);
    sat_end(&a);
    y->sitting = *a.s;
    identify_subject_gather(&y->subject, &y->sitting, m);
    verdict_judge(&y->verdict, &y->sitting, cfg);
}

/* b beside a, in one sitting. */
static inline void compared_judge(struct comparison *c,
                                  struct compared_side side[2],
                                  const struct compared_fob *a,
                                  const struct compared_fob *b,
                                  bool is_one_sitting, struct inferrer *m)
{
    const struct compare_cfg cfg = { .is_one_sitting = is_one_sitting };
    struct verdict_cfg how = { .market_hz = NAN };

    compared_hear(&side[0], a, &how, m);
    how.has_reference = is_one_sitting && side[0].subject.facts.sure > 0;
    compared_hear(&side[1], b, &how, m);
    compare_judge(
        c, &(struct compare_fob){ "A", &side[0].subject, &side[0].verdict },
        &(struct compare_fob){ "B", &side[1].subject, &side[1].verdict }, &cfg,
        m);
}

#endif
