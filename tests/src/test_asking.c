/* test_asking - the order of a guided check, without a receiver.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "src/asking.h"
#include "tests/support/synth.h"

#define STEP_S 0.05

static const struct asking_cfg two_by_three = {
    .button = { "lock", "unlock" }, .n_buttons = 2, .presses = 3, .settle_s = 2
};

/* A person, or a receiver, at a time. */
struct run {
    struct asking a;
    struct asking_view v;
    double pressed_s; /* when the press began that is being heard */
    double hold_s;
    unsigned changes;
    char log[512]; /* a letter a change: W H C E, then the number */
};

static void note(struct run *r)
{
    static const char letters[] = { 'S', 'W', 'H', 'C', 'E' };
    const size_t n = strlen(r->log);

    r->changes++;
    snprintf(r->log + n, sizeof r->log - n, "%c%u ", letters[r->a.state],
             asking_number(&r->a));
}

/* One step; a press that began when heard, lasts hold_s. */
static bool step(struct run *r, bool is_pressed)
{
    const bool is_change = asking_step(&r->a, &r->v);

    if (is_change) {
        note(r);
        r->v.is_answered = false;
    }
    r->v.now_s += STEP_S;
    if (is_pressed && !r->v.is_busy) {
        r->v.is_busy = r->v.is_answered = true;
        r->pressed_s = r->v.now_s;
    }
    if (r->v.is_busy && r->v.now_s - r->pressed_s > r->hold_s)
        r->v.is_busy = false;
    r->v.quiet_s = r->v.is_busy ? 0 : r->v.quiet_s + STEP_S;
    return is_change;
}

static struct run begin(const struct asking_cfg *cfg)
{
    struct run r = { .hold_s = 0.5 };

    asking_init(&r.a, cfg);
    return r;
}

/* Until it ends: answers while the bit of the number is in heard. */
static void go(struct run *r, unsigned heard)
{
    for (unsigned i = 0; r->a.state != ASKING_ENDED; i++) {
        assert_true(i < 20 * 300); /* no more than five minutes */
        const bool is_asked =
            r->a.state == ASKING_WAITS && r->v.now_s - r->a.since_s > 1;
        step(r, is_asked && heard >> (asking_number(&r->a) - 1) & 1);
    }
}

static void all_are_heard(void **state)
{
    (void)state;
    struct run r = begin(&two_by_three);
    assert_int_equal(asking_total(&r.a), 6);
    assert_int_equal(asking_number(&r.a), 1);
    go(&r, 0x3F);
    /* no control: the receiver has shown that it works */
    assert_string_equal(r.log, "W1 H1 W2 H2 W3 H3 W4 H4 W5 H5 W6 H6 E6 ");
    assert_int_equal(r.a.button, 1);
    assert_true(r.v.now_s < 2 + 6 * 3.5);
}

static void one_button_is_not_heard(void **state)
{
    (void)state;
    struct run r = begin(&two_by_three);
    go(&r, 0x07);
    assert_string_equal(r.log, "W1 H1 W2 H2 W3 H3 W4 W5 W6 E6 ");
}

static void the_last_is_heard(void **state)
{
    (void)state;
    struct run r = begin(&two_by_three);
    go(&r, 0x20);
    assert_string_equal(r.log, "W1 W2 W3 W4 W5 W6 H6 E6 ");
}

/* Eight seconds for a press, twenty for another remote. */
static void nothing_is_heard(void **state)
{
    (void)state;
    struct run r = begin(&two_by_three);
    go(&r, 0);
    assert_string_equal(r.log, "W1 W2 W3 W4 W5 W6 C6 E6 ");
    assert_true(r.v.now_s > 2 + 6 * 8 + 20 && r.v.now_s < 2 + 6 * 8 + 20 + 1);
}

static void nothing_is_asked_before_it_settles(void **state)
{
    (void)state;
    struct run r = begin(&two_by_three);
    while (r.v.now_s < 1.9)
        assert_false(step(&r, true)); /* somebody presses all the same */
    assert_int_equal(r.a.state, ASKING_SETTLES);
    assert_false(r.a.has_heard);
}

static void the_control_is_heard(void **state)
{
    (void)state;
    struct run r = begin(&two_by_three);
    while (r.a.state != ASKING_CONTROLS)
        step(&r, false);
    const double asked_s = r.v.now_s;
    r.hold_s = 1;
    while (r.a.state != ASKING_ENDED)
        step(&r, r.v.now_s - asked_s > 3 && r.v.now_s - asked_s < 3.1);
    /* it ends when the remote was let go, not while it sends */
    assert_true(r.v.now_s - asked_s > 4.5 && r.v.now_s - asked_s < 6);
}

static void a_stuck_button_does_not_hang(void **state)
{
    (void)state;
    struct run r = begin(&two_by_three);
    r.hold_s = 1e9;
    go(&r, 0x3F);
    /* it has been heard, and ends there: stuck */
    assert_true(strncmp(r.log, "W1 H1 ", 6) == 0);
    assert_int_equal(r.a.state, ASKING_ENDED);
    assert_true(r.v.now_s < 2 + 8 + 12 + 1);
}

/* What has been let go is quiet for a while before the next is asked for. */
static void a_press_is_let_go(void **state)
{
    (void)state;
    struct run r = begin(&two_by_three);
    r.hold_s = 3;
    while (r.a.state != ASKING_HEARS)
        step(&r, r.a.state == ASKING_WAITS);
    while (r.a.state == ASKING_HEARS)
        step(&r, false);
    assert_true(r.v.now_s - r.pressed_s > 3 + 0.8 &&
                r.v.now_s - r.pressed_s < 3 + 1.2);
}

static void an_end_is_an_end(void **state)
{
    (void)state;
    struct run r = begin(&two_by_three);
    go(&r, 0);
    const unsigned n = r.changes;
    for (unsigned i = 0; i < 2000; i++)
        step(&r, i % 7 == 0);
    assert_int_equal(r.changes, n);
}

/* Whatever happens: it ends, asks for all, in order, and asks for a control only
 * where nothing was heard. */
static void any_course(void **state)
{
    static const char *const names[] = {
        "a", "b", "c", "d", "e", "f", "g", "h"
    };
    struct synth_random random = { 4 };

    (void)state;
    for (unsigned n = 0; n < 2000; n++) {
        struct asking_cfg cfg = { .settle_s = 1 };
        unsigned number = 0, i = 0;
        bool has_control = false;

        memcpy(cfg.button, names, sizeof names);
        cfg.n_buttons = 1 + synth_random_u64(&random) % ASKING_BUTTONS_MAX;
        cfg.presses = 1 + synth_random_u64(&random) % 4;
        struct run r = begin(&cfg);
        const double often = synth_random_unit(&random) / 40;
        while (r.a.state != ASKING_ENDED) {
            assert_true(i++ < 20 * (1 + 32 * 20 + 25));
            r.hold_s = 0.1 + 14 * synth_random_unit(&random);
            const bool is_change =
                step(&r, n % 3 > 0 && synth_random_unit(&random) < often);
            if (is_change && r.a.state == ASKING_WAITS)
                assert_int_equal(asking_number(&r.a), ++number);
            if (r.a.state == ASKING_CONTROLS) {
                has_control = true;
                assert_false(r.a.has_heard);
            }
            assert_true(r.a.button < cfg.n_buttons);
        }
        /* all, unless a button was never let go */
        assert_true(number == asking_total(&r.a) ||
                    (number < asking_total(&r.a) && r.a.has_heard));
        assert_true(has_control != r.a.has_heard);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_heard),
        cmocka_unit_test(one_button_is_not_heard),
        cmocka_unit_test(the_last_is_heard),
        cmocka_unit_test(nothing_is_heard),
        cmocka_unit_test(nothing_is_asked_before_it_settles),
        cmocka_unit_test(the_control_is_heard),
        cmocka_unit_test(a_stuck_button_does_not_hang),
        cmocka_unit_test(a_press_is_let_go),
        cmocka_unit_test(an_end_is_an_end),
        cmocka_unit_test(any_course),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
