/* drawn - fobs of formats that nobody has described, drawn at random, as they are
 * heard in a sitting, for tests.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 *   memory  one family of presses, the same at each call; sittings are the caller's
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_DRAWN_H
#define TESTS_SRC_DRAWN_H

#include "src/fob_frames.h"
#include "tests/src/sat.h"
#include "tests/support/presses.h"

/* How they are sent and heard. */
struct drawn_cfg {
    enum line_kind kind; /* as which the receiver reads the chips, */
    enum line_kind sent; /* and as which the fob sends its bits */
    double te_us;
    enum modulation modulation;
    double centre_hz;      /* of the recording; NAN: not known */
    double carrier_hz;     /* from there */
    double uncertainty_hz; /* of the carrier */
    bool is_asked;         /* for each button by its name */
};

static const struct drawn_cfg drawn_usual = {
    .kind = LINE_PWM,
    .sent = LINE_PWM,
    .te_us = 400,
    .modulation = MODULATION_OOK,
    .centre_hz = 433.92e6,
    .carrier_hz = 10e3,
    .uncertainty_hz = 50,
    .is_asked = true,
};

static const char *const drawn_names[] = { "lock", "unlock", "boot", "panic" };

/* The family of a seed: its format is that of formats_draw. */
static inline const struct presses *drawn_presses(uint64_t seed,
                                                  const struct presses_cfg *cfg)
{
    static struct presses p;
    struct format f;
    struct presses_cfg c = *cfg;

    formats_draw(&f, seed);
    c.seed = cfg->seed != 0 ? cfg->seed : seed;
    if (c.buttons > f.buttons)
        c.buttons = f.buttons;
    presses_make(&f, &c, &p);
    return &p;
}

/* That every bit is right. */
static inline double drawn_confidence(const struct bits *b)
{
    double p = 1;

    for (size_t i = 0; i < b->n; i++)
        p /= 1 + exp(-fabs((double)b->llr[i]));
    return p;
}

static inline struct frame drawn_frame(const struct drawn_cfg *c,
                                       const struct bits *sent)
{
    struct frame f = {
        .verdict = VERDICT_PLAUSIBLE,
        .kind = c->kind,
        .te_us = c->te_us,
        .preamble_chips = 24,
        .sync_chips = 10,
        .copies = 1,
        .confidence = drawn_confidence(sent),
        .reception = { .modulation = c->modulation,
                       .carrier_hz = c->carrier_hz,
                       .carrier_uncertainty_hz = c->uncertainty_hz,
                       .level_dbfs = -20,
                       .noise_dbfs = -40,
                       .snr_db = 20 },
    };

    if (c->kind == LINE_PWM)
        f.symbols = (struct symbols){ .zero = "110", .one = "100" };
    if (c->kind == LINE_PPM)
        f.symbols = (struct symbols){ .zero = "100", .one = "1000" };
    inference_read_as(sent, c->sent, c->kind, &f.bits);
    return f;
}

/* One press, `after` seconds behind the last; name: of the button that is asked
 * for, or NULL. */
static inline void drawn_press(struct sitting *s, struct frame *f,
                               const char *name, double after)
{
    const double now_s = s->watched_s + after;

    if (name != NULL)
        assert_true(sitting_ask(s, now_s - 1, name, false));
    f->at = sat_at(s, now_s);
    f->samples = (uint64_t)(0.08 * s->rate_hz);
    sitting_frame(s, f);
    sitting_watch(s, sat_at(s, now_s + 1));
    if (name != NULL)
        sitting_stop_asking(s, now_s + 1);
}

static inline void drawn_begin(struct sitting *s, const struct drawn_cfg *c)
{
    sitting_init(s, SAT_RATE, false);
    sitting_join(s, SAT_RATE);
    sitting_tune(s, 0, c->centre_hz, NAN);
}

/* What is heard of fob number `fob` of the family. */
static inline void drawn_sit(struct sitting *s, const struct presses *p,
                             unsigned fob, const struct drawn_cfg *c)
{
    drawn_begin(s, c);
    for (size_t i = 0; i < p->n; i++) {
        struct frame f = drawn_frame(c, &p->heard[i]);

        if (p->frame[i].fob == fob)
            drawn_press(s, &f, c->is_asked ? drawn_names[p->button[i]] : NULL,
                        3);
    }
    sitting_settle(s);
}

#endif
