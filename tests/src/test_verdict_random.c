/* test_verdict_random - laws that hold for the verdict on any sitting: many random
 * ones.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/src/judged.h"

enum { SITTINGS = 20000, FOBS = 3 };

static struct synth_random random_state = { 20260301 };
static struct verdict_cfg cfg;

static unsigned below(unsigned n)
{
    return (unsigned)(synth_random_u64(&random_state) >> 32) % n;
}

/* One time in n. */
static bool once_in(unsigned n)
{
    return below(n) == 0;
}

static double between(double low, double high)
{
    return low + (high - low) * synth_random_unit(&random_state);
}

static struct sat_fob random_fob(void)
{
    static const struct protocol *const kinds[] = {
        NULL,
        NULL,
        &protocol_hcs200,
        &protocol_hcs361,
        &protocol_siemens_5wy72xx,
        &protocol_princeton,
    };
    struct sat_fob x = sat_fob(kinds[below(6)]);

    x.seed = synth_random_u64(&random_state);
    x.serial = below(3);
    x.carrier_hz = sat_centre_hz[below(3)] + between(-1.2e6, 1.2e6);
    if (once_in(2))
        x.carrier_hz = 433.92e6 + between(-60e3, 60e3);
    x.level_dbfs = once_in(20) ? NAN : between(-60, 0);
    x.snr_db = once_in(20) ? NAN : between(-12, 30);
    x.sag_db = once_in(3) ? between(0, 12) : 0;
    x.drift_hz = between(-1e3, 1e3);
    x.te_us = between(100, 800);
    x.confidence = once_in(3) ? between(0, 1) : 0.999;
    x.copies = 1 + below(6);
    x.is_overload = once_in(8);
    x.is_frozen = once_in(5);
    x.is_low = once_in(8);
    return x;
}

/* Something is sent in the next seconds, or not. */
static void happen(struct sat_fob *fobs, double t, double seconds)
{
    struct sat_fob *x = &fobs[below(FOBS)];
    const double at_s = t + between(0, seconds);

    switch (below(8)) {
    case 0:
    case 1:
        return;
    case 2:
        sat_burst(a.s, x, at_s, between(0.001, once_in(10) ? 40 : 1), 0);
        return;
    case 3:
        sat_burst(a.s, x, at_s, between(0.001, 1), between(50, 900));
        return;
    default:
        if (once_in(30))
            x->copies = 60 + below(400); /* a button is held */
        sat_send(a.s, x, at_s, 1 + below(3));
        x->copies = 1 + below(6);
    }
}

static void make_receiver(void)
{
    static const double centres[] = { 315e6, 433.92e6, 868.35e6, NAN };

    if (once_in(3)) {
        a = sat_file(centres[below(4)], between(0, 60));
        a.bands = 0;
        return;
    }
    a = sat_live(1 + below(SAT_ALL));
    if (once_in(2))
        a.bands = SAT_ALL;
}

/* Prompts that are answered often, seldom or never; losses; a control. */
static void make(void)
{
    static const char *const buttons[] = { "lock", "unlock", "", "boot" };
    struct sat_fob fobs[FOBS];
    const unsigned prompts = once_in(3) ? 0 : below(9);
    const unsigned quiet = once_in(3) ? 1 : 4; /* 1: nothing is ever sent */

    make_receiver();
    for (size_t i = 0; i < FOBS; i++)
        fobs[i] = random_fob();
    for (unsigned i = 0; i < (prompts > 0 ? prompts : below(8)); i++) {
        const double seconds = between(0.5, 9);

        if (prompts > 0)
            sitting_ask(a.s, a.t, buttons[below(4)], false);
        for (unsigned k = below(quiet); k > 0; k--)
            happen(fobs, a.t, seconds);
        if (a.bands != 0)
            sat_hop(&a, seconds);
        else
            a.t += seconds;
    }
    if (prompts > 0 && once_in(2)) {
        sitting_ask(a.s, a.t, "", true);
        if (!once_in(3))
            sat_send(a.s, &fobs[0], a.t + 1, 1);
        if (a.bands != 0)
            sat_hop(&a, 2);
    }
    if (once_in(8))
        sitting_lose(a.s, 1 + below(100000));
    if (once_in(8))
        sitting_overload(a.s);
    if (once_in(15))
        a.s->left_out = 1 + below(5);
    cfg.market_hz = once_in(2) ? NAN : once_in(2) ? 315e6 : 433.92e6;
    cfg.has_reference = once_in(4);
}

/* PRODUCT.md: both bands watched, presses asked for, a receiver that was not
 * overloaded, nothing lost, another transmitter heard in the same place. */
static bool has_proof(void)
{
    const struct sitting *s = a.s;
    bool is_315 = false, is_434 = false, has_control = cfg.has_reference;
    unsigned asked = 0;

    for (size_t i = 0; i < s->n_bands; i++) {
        is_315 |= s->band[i].centre_hz == 315e6 && s->band[i].watched_s >= 3;
        is_434 |= s->band[i].centre_hz == 433.92e6 && s->band[i].watched_s >= 3;
    }
    for (size_t j = 0; j < s->n_prompts; j++) {
        asked += !s->prompt[j].is_control;
        for (size_t i = 0; i < s->n_presses && s->prompt[j].is_control; i++)
            has_control |= s->press[i].start_s > s->prompt[j].start_s &&
                           s->press[i].start_s < s->prompt[j].end_s;
    }
    return is_315 && is_434 && asked >= 3 && has_control && s->lost == 0 &&
           s->left_out == 0 && s->overloads == 0 && s->fob < 0;
}

static void shuffle(struct sitting *s)
{
    for (size_t i = s->n_presses; i > 1; i--) {
        const size_t k = below((unsigned)i);
        const struct sitting_press swap = s->press[k];

        s->press[k] = s->press[i - 1];
        s->press[i - 1] = swap;
    }
}

static void same(unsigned n, const char *what, const struct verdict_result *x,
                 const struct verdict_result *y)
{
    bool is_same = x->n == y->n && x->status == y->status;

    for (size_t i = 0; i < x->n && is_same; i++)
        is_same = x->finding[i].kind == y->finding[i].kind &&
                  x->finding[i].weight == y->finding[i].weight &&
                  strcmp(x->finding[i].evidence, y->finding[i].evidence) == 0;
    if (!is_same) {
        print_error("%s", judged_text(x));
        fail_msg("sitting %u: %s:\n%s", n, what, judged_text(y));
    }
}

static void check(unsigned n, const struct verdict_result *v)
{
    char name[32];

    snprintf(name, sizeof name, "sitting %u", n);
    assert_in_range(v->n, 1, FINDINGS);
    assert_true(v->status == STATUS_OK || v->status == STATUS_FAULT ||
                v->status == STATUS_INCONCLUSIVE || v->status == STATUS_LOST);
    if (judged_has(v, FINDING_SILENT) && !has_proof())
        fail_msg("%s: silent without proof:\n%s", name, judged_text(v));
    assert_true((v->status == STATUS_LOST) == (a.s->lost > 0));
    if (v->status == STATUS_OK && !judged_has(v, FINDING_TRANSMITS))
        fail_msg("%s: exit 0:\n%s", name, judged_text(v));
    if (v->headline[0] == '\0')
        fail_msg("%s: no headline", name);
    for (size_t i = 0; i < v->n; i++)
        for (size_t k = 0; k < i; k++)
            if (v->finding[i].kind == v->finding[k].kind)
                fail_msg("%s: twice:\n%s", name, judged_text(v));
    judged_wording(name, v);
}

static void any_sitting(void **state)
{
    static struct verdict_result v, again, shuffled;
    unsigned of_kind[FINDINGS] = { 0 };

    (void)state;
    for (unsigned n = 0; n < SITTINGS; n++) {
        make();
        sat_end(&a);
        verdict_judge(&v, a.s, &cfg);
        of_kind[v.finding[0].kind]++;
        check(n, &v);
        verdict_judge(&again, a.s, &cfg);
        same(n, "judged again", &v, &again);
        sitting_settle(a.s);
        verdict_judge(&again, a.s, &cfg);
        same(n, "settled again", &v, &again);
        shuffle(a.s);
        sitting_settle(a.s);
        verdict_judge(&shuffled, a.s, &cfg);
        same(n, "shuffled", &v, &shuffled);
    }
    /* the sittings are of all kinds: what the laws say is not said in vain */
    for (size_t i = 0; i < FINDINGS; i++)
        print_message("%-16s %u\n", finding_name((enum finding_kind)i),
                      of_kind[i]);
    assert_true(of_kind[FINDING_SILENT] >= 20);
    assert_true(of_kind[FINDING_NOTHING_HEARD] >= 20);
    assert_true(of_kind[FINDING_TRANSMITS] >= 20);
    assert_true(of_kind[FINDING_STUCK] >= 20);
    assert_true(of_kind[FINDING_WRONG_BAND] >= 20);
    assert_true(of_kind[FINDING_INTERFERENCE] >= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(any_sitting) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
