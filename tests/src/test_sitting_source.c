/* test_sitting_source - presses put together to sources, and which source is the fob.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/src/sat.h"

static struct sat a;
static struct sat_fob fob, other;

static void begin(void)
{
    fob = sat_fob(&protocol_hcs200);
    other = fob;
    other.serial = 0x1112223;
    other.seed = 99;
    a = sat_file(433.92e6, 600);
}

/* One fob keeps its serial on two carriers; unknown ones are told by carrier. */
static void sources(void **state)
{
    struct sat_fob u;

    (void)state;
    begin();
    u = sat_fob(NULL);
    sat_send(a.s, &fob, 1, 1);
    fob.carrier_hz += 60e3;
    sat_send(a.s, &fob, 5, 2);
    sat_send(a.s, &other, 9, 1);
    u.te_us = 500;
    sat_send(a.s, &u, 13, 1);
    u.carrier_hz += 30e3; /* warm */
    sat_send(a.s, &u, 17, 1);
    u.carrier_hz += 60e3;
    sat_send(a.s, &u, 21, 1);
    u.te_us = 600;
    sat_send(a.s, &u, 25, 1);
    u.n_bits += 3;
    sat_send(a.s, &u, 29, 1);
    sat_end(&a);
    assert_int_equal(a.s->n_presses, 8);
    assert_int_equal(a.s->n_sources, 6);
    assert_int_equal(a.s->press[0].source, a.s->press[1].source);
    assert_int_equal(a.s->press[3].source, a.s->press[4].source);
    /* without prompts the fob is what sends most, the first of them */
    assert_int_equal(a.s->fob, a.s->press[0].source);
    assert_true(sitting_is_fobs(a.s, 1) && !sitting_is_fobs(a.s, 2));
}

static void bare_bursts_go_to_the_source_they_fit(void **state)
{
    (void)state;
    begin();
    sat_burst(a.s, &fob, 1, 0.05, 400);
    sat_burst(a.s, &fob, 3, 0.05, 0);
    sat_send(a.s, &fob, 5, 1);
    sat_burst(a.s, &fob, 9, 0.05, 700);
    sat_end(&a);
    assert_int_equal(a.s->n_presses, 4);
    assert_int_equal(a.s->press[0].source, a.s->press[2].source);
    assert_int_equal(a.s->press[1].source, a.s->press[2].source);
    assert_int_not_equal(a.s->press[3].source, a.s->press[2].source);
}

static void frames_go_before_many_bursts(void **state)
{
    struct sat_fob noise;

    (void)state;
    begin();
    noise = fob;
    noise.carrier_hz -= 500e3;
    for (unsigned i = 0; i < 50; i++)
        sat_burst(a.s, &noise, 2 * i, 0.1, 0);
    sat_send(a.s, &fob, 5, 1);
    sat_end(&a);
    assert_true(a.s->fob >= 0);
    assert_ptr_equal(a.s->source[a.s->fob].frame.protocol, &protocol_hcs200);
}

static void nothing_is_no_fob(void **state)
{
    (void)state;
    begin();
    sat_end(&a);
    assert_int_equal(a.s->fob, -1);
    assert_int_equal(a.s->n_sources, 0);
}

static void prompts_are_answered(void **state)
{
    (void)state;
    begin();
    sitting_ask(a.s, 10, "lock", false);
    sitting_ask(a.s, 20, "unlock", false);
    sitting_ask(a.s, 30, "boot", false);
    sitting_stop_asking(a.s, 40);
    sitting_stop_asking(a.s, 50); /* it has ended */
    sat_near(a.s->prompt[0].end_s, 20, 0);
    sat_near(a.s->prompt[2].end_s, 40, 0);
    sat_send(a.s, &fob, 5, 1);     /* before */
    sat_send(a.s, &fob, 11, 1);    /* lock */
    sat_send(a.s, &fob, 15, 1);    /* lock, again */
    sat_send(a.s, &fob, 20.05, 1); /* too soon to be an answer */
    sat_send(a.s, &fob, 39.9, 1);  /* boot */
    sat_send(a.s, &fob, 41, 1);    /* after */
    sat_end(&a);
    static const int want[] = { -1, 0, 0, -1, 2, -1 };
    assert_int_equal(a.s->n_presses, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(a.s->press[i].prompt, want[i]);
    assert_int_equal(a.s->source[0].presses, 6);
    assert_int_equal(a.s->source[0].answers, 2);
}

/* A sensor sends more often than the fob, asked or not. */
static void a_chatty_sensor_is_not_the_fob(void **state)
{
    struct sat_fob sensor;

    (void)state;
    begin();
    sensor = sat_fob(NULL);
    sensor.carrier_hz -= 90e3;
    for (unsigned i = 0; i < 80; i++)
        sat_send(a.s, &sensor, 2.5 * i, 0);
    for (unsigned i = 0; i < 4; i++) {
        sitting_ask(a.s, 10 + 20 * i, "lock", false);
        sat_send(a.s, &fob, 12 + 20 * i, 1);
        sitting_stop_asking(a.s, 20 + 20 * i);
    }
    sat_end(&a);
    assert_int_equal(a.s->n_sources, 2);
    assert_true(a.s->fob >= 0);
    assert_ptr_equal(a.s->source[a.s->fob].frame.protocol, &protocol_hcs200);
    assert_int_equal(a.s->source[a.s->fob].answers, 4);

    begin(); /* and where the fob is not heard, it is not taken for it */
    for (unsigned i = 0; i < 80; i++)
        sat_send(a.s, &sensor, 2.5 * i, 0);
    for (unsigned i = 0; i < 4; i++) {
        sitting_ask(a.s, 10 + 20 * i, "lock", false);
        sitting_stop_asking(a.s, 20 + 20 * i);
    }
    sat_end(&a);
    assert_int_equal(a.s->n_sources, 1);
    assert_int_equal(a.s->fob, -1);
}

static void a_control_is_not_the_fob(void **state)
{
    (void)state;
    begin();
    for (unsigned i = 0; i < 3; i++)
        sitting_ask(a.s, 10 + 10 * i, "lock", false);
    sitting_ask(a.s, 40, "", true);
    sitting_stop_asking(a.s, 60);
    sat_send(a.s, &other, 45, 1);
    sat_end(&a);
    assert_int_equal(a.s->press[0].prompt, 3);
    assert_int_equal(a.s->source[0].answers, 0);
    assert_int_equal(a.s->fob, -1);
}

/* An image in the receiver, 30 dB down, is nobody's; a weak one of its own time is. */
static void shadows_are_dropped(void **state)
{
    (void)state;
    begin();
    other.carrier_hz = fob.carrier_hz - 190e3;
    other.snr_db = fob.snr_db - 30;
    sat_send(a.s, &fob, 1, 1);
    sat_burst(a.s, &other, 1.1, 0.2, 400);
    sat_burst(a.s, &other, 5, 0.2, 400);
    assert_int_equal(a.s->n_presses, 3);
    for (int twice = 0; twice < 2; twice++) {
        sitting_settle(a.s);
        assert_int_equal(a.s->n_presses, 2);
        sat_near(a.s->press[1].start_s, 5, 1e-5);
    }
    other.snr_db = fob.snr_db - 15; /* as strong as a neighbour's */
    sat_burst(a.s, &other, 1.1, 0.2, 400);
    sitting_settle(a.s);
    assert_int_equal(a.s->n_presses, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources),
        cmocka_unit_test(bare_bursts_go_to_the_source_they_fit),
        cmocka_unit_test(frames_go_before_many_bursts),
        cmocka_unit_test(nothing_is_no_fob),
        cmocka_unit_test(prompts_are_answered),
        cmocka_unit_test(a_chatty_sensor_is_not_the_fob),
        cmocka_unit_test(a_control_is_not_the_fob),
        cmocka_unit_test(shadows_are_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
