/* Widths of pulses that are known.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "dsp/pulses.h"
#include "tests/support/keyed.h"

/* A tone's rate in the program; 40 us are 2.5 samples. */
#define RATE 62.5e3

enum { ROOM = 400 };

static struct keyed burst(const struct synth_train *t, enum modulation m,
                          double snr_db)
{
    const struct keyed_cfg c = { .train = t,
                                 .rate_hz = RATE,
                                 .modulation = m,
                                 .before = 100,
                                 .after = 100,
                                 .power = pow(10, snr_db / 10),
                                 .noise = 1,
                                 .seed = 1 };

    return keyed_make(&c);
}

/* A hundred pieces of 200 to 900 us. */
static void draw(struct synth_train *t)
{
    struct synth_random r = { 2 };

    for (size_t i = 0; i < 100; i++)
        synth_add(t, i % 2 ? SYNTH_SPACE : SYNTH_MARK,
                  200 + 100 * (double)(synth_random_u64(&r) % 8));
}

/* Edges lie between samples: widths are right to one of them. At 20 dB a
 * sample, 24 dB in the filter, no edge is missed and none made up. From within
 * the first piece to within the last are 99 edges. */
static void widths_are_those_that_were_sent(void **state)
{
    struct synth_train t = { 0 };
    float widths[ROOM];

    (void)state;
    draw(&t);
    struct keyed k = burst(&t, MODULATION_OOK, 20);
    size_t n = pulses_measure(&k.keying, 105, (double)k.n - 105, widths, ROOM);
    assert_int_equal(n, 98);
    for (size_t i = 0; i < n; i++)
        assert_float_equal(widths[i], (float)(t.piece[i + 1].us * 1e-6 * RATE),
                           1.5f);
    keyed_free(&k);
    synth_free(&t);
}

/* Where one tone goes over into the other there may be neither: widths beside
 * such an edge are left out, and those that are in are right. */
static void widths_of_fsk_are_among_those_sent(void **state)
{
    struct synth_train t = { 0 };
    float widths[ROOM];
    size_t next = 1;

    (void)state;
    draw(&t);
    struct keyed k = burst(&t, MODULATION_FSK, 20);
    size_t n = pulses_measure(&k.keying, 0, (double)k.n, widths, ROOM);
    assert_true(n >= 70 && n <= 98);
    for (size_t i = 0; i < n; i++, next++) {
        while (next < 99 &&
               fabs((double)widths[i] - t.piece[next].us * 1e-6 * RATE) > 2.5)
            next++;
        assert_true(next < 99);
    }
    float brief = pulses_short(widths, n) / (float)RATE; /* 200 or 300 us */
    assert_true(brief > 160e-6f && brief < 340e-6f);
    keyed_free(&k);
    synth_free(&t);
}

static void no_more_than_there_is_room_for(void **state)
{
    struct synth_train t = { 0 };

    (void)state;
    for (size_t i = 0; i < 50; i++)
        synth_chips(&t, "10", 400);
    struct keyed k = burst(&t, MODULATION_OOK, 20);
    for (size_t room = 0; room < 120; room += 17) {
        float *exact = malloc((room + 1) * sizeof *exact);
        assert_non_null(exact);
        exact[room] = 77;
        size_t n = pulses_measure(&k.keying, 0, (double)k.n, exact, room);
        assert_true(n <= room && n >= (room < 90 ? room : 90));
        assert_true(exact[room] == 77);
        free(exact);
    }
    float none[4];
    assert_int_equal(pulses_measure(&k.keying, 120, 120, none, 4), 0);
    keyed_free(&k);
    synth_free(&t);
}

static void the_short_ones_are_a_tenth(void **state)
{
    float widths[50], one = 3, few[2] = { 9, 4 };

    (void)state;
    for (size_t i = 0; i < 50; i++)
        widths[i] = (float)(i * 37 % 50);
    assert_float_equal(pulses_short(widths, 50), 5.0f, 1.0f);
    for (size_t i = 0; i < 50; i++) /* all of them are still there */
        assert_true(i < 5 ? widths[i] < 5 : widths[i] >= 5);
    assert_true(pulses_short(&one, 1) == 3);
    assert_true(pulses_short(few, 2) == 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_are_those_that_were_sent),
        cmocka_unit_test(widths_of_fsk_are_among_those_sent),
        cmocka_unit_test(no_more_than_there_is_room_for),
        cmocka_unit_test(the_short_ones_are_a_tenth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
