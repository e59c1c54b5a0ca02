/* A steady carrier goes, and what is beside it stays.
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

#include "dsp/notch.h"
#include "tests/support/synth.h"

static const double two_pi = 6.283185307179586476925;

#define RATE 62.5e3

enum { N = 16000 };

static iq x[N], average[N];

static void add_tone(double hz, float amplitude, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        double a = two_pi * fmod(hz / RATE * (double)i, 1.0);
        x[i] += amplitude * ((float)cos(a) + (float)sin(a) * I);
    }
}

static void clear(void)
{
    for (size_t i = 0; i < N; i++)
        x[i] = 0;
}

/* Power of what turns at hz, away from the ends. */
static double power_at(double hz)
{
    double re = 0, im = 0;
    const size_t edge = 2000, n = N - 2 * edge;

    for (size_t i = edge; i < N - edge; i++) {
        double a = -two_pi * fmod(hz / RATE * (double)i, 1.0);
        double xr = (double)crealf(x[i]), xi = (double)cimagf(x[i]);
        re += xr * cos(a) - xi * sin(a);
        im += xr * sin(a) + xi * cos(a);
    }
    return (re * re + im * im) / ((double)n * (double)n);
}

/* Averages of 60 Hz know it to the end; 40 dB are more than a fob needs. */
static void the_carrier_goes(void **state)
{
    (void)state;
    for (double hz = -30e3; hz < 31e3; hz += 7123.4) {
        clear();
        add_tone(hz, 3, 0, N);
        notch_carrier(x, N, N, hz / RATE, RATE, average);
        assert_true(power_at(hz) < 9e-4);
        for (size_t i = 0; i < N; i++)
            assert_true(cabsf(x[i]) < 0.3f);
    }
}

/* 1 kHz is 17 times NOTCH_HZ: a pole of first order, twice, leaves 1 - 1/300. */
static void what_is_beside_it_stays(void **state)
{
    (void)state;
    for (double off = 1e3; off < 30e3; off *= 2)
        for (int sign = -1; sign <= 1; sign += 2) {
            clear();
            add_tone(500, 3, 0, N);
            add_tone(500 + sign * off, 1, 0, N);
            notch_carrier(x, N, N, 500 / RATE, RATE, average);
            assert_float_equal((float)power_at(500 + sign * off), 1.0f, 0.03f);
            assert_true(power_at(500) < 1e-3);
        }
}

/* Forward and backward: a pulse stays where it is, and even about its middle. */
static void nothing_is_delayed(void **state)
{
    (void)state;
    clear();
    add_tone(9e3, 1, N / 2 - 25, N / 2 + 25);
    notch_carrier(x, N, N, -3e3 / RATE, RATE, average);
    for (size_t i = 0; i < N; i++) {
        float want = i >= N / 2 - 25 && i < N / 2 + 25;
        assert_float_equal(cabsf(x[i]), want, 0.05f);
        assert_float_equal(cabsf(x[i]), cabsf(x[N - 1 - i]), 0.02f);
    }
}

static void any_length_is_taken(void **state)
{
    (void)state;
    for (size_t n = 0; n < 100; n = n * 2 + 1) {
        iq *exact = calloc(n + 1, sizeof *exact);
        iq *room = calloc(n + 1, sizeof *room);
        assert_non_null(exact);
        assert_non_null(room);
        for (size_t i = 0; i <= n; i++)
            exact[i] = room[i] = 5;
        notch_carrier(exact, n, n, 0.1, RATE, room);
        assert_true(exact[n] == 5 && room[n] == 5);
        for (size_t i = 0; i < n; i++)
            assert_true(isfinite(cabsf(exact[i])));
        free(exact);
        free(room);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_carrier_goes),
        cmocka_unit_test(what_is_beside_it_stays),
        cmocka_unit_test(nothing_is_delayed),
        cmocka_unit_test(any_length_is_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
