/* Running sums of a tone, and where its carrier goes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dsp/tone.h"
#include "tests/support/synth.h"

static const double two_pi = 6.283185307179586476925;

/* 50 kHz, 128 ms */
#define RATE 50e3

enum { N = 6400 };

static iq x[N], sums[N + 1];
static struct tone t = { .sums = sums, .n = N, .rate_hz = RATE, .noise = 1 };

/* A carrier of amplitude 1 that goes from one frequency to another, keyed in
 * pulses of `pulse` samples, half of the time on; 0: always on. */
static void carrier(double from_hz, double to_hz, size_t pulse, double noise_db)
{
    struct synth_random r = { 8 };
    double cycles = 0;

    for (size_t i = 0; i < N; i++) {
        double a = two_pi * cycles;
        bool on = pulse == 0 || i / pulse % 2 == 0;
        x[i] = on ? (float)cos(a) + (float)sin(a) * I : 0;
        double hz = from_hz + (to_hz - from_hz) * (double)i / N;
        cycles = fmod(cycles + hz / RATE, 1.0);
    }
    synth_noise(&r, noise_db, x, N);
}

static struct tone_course course(size_t parts)
{
    struct tone_course c = { .n = parts };

    c.piece = (N / parts + TONE_TURN - 1) / TONE_TURN * TONE_TURN;
    return c;
}

/* Power that filters of `piece` samples get of all there is. */
static double coherence(double piece)
{
    double got = 0, all = 0;

    for (double at = 0; at + piece <= N; at += piece) {
        iq s = tone_sum(&t, at + piece) - tone_sum(&t, at);
        got += (double)crealf(s * conjf(s)) / piece;
    }
    for (size_t i = 0; i < N; i++)
        all += (double)crealf(x[i] * conjf(x[i]));
    return got / all;
}

static void sums_are_those_of_the_samples(void **state)
{
    struct tone_course c = course(1);
    double re = 0, im = 0;

    (void)state;
    carrier(0, 0, 7, -10);
    tone_build(&t, x, N, &c);
    for (size_t i = 0; i <= N; i++) {
        assert_float_equal(crealf(sums[i]), (float)re, 0.02f);
        assert_float_equal(cimagf(sums[i]), (float)im, 0.02f);
        if (i < N) {
            re += (double)crealf(x[i]);
            im += (double)cimagf(x[i]);
        }
    }
    assert_true(t.n == N);
}

static void between_samples_sums_are_straight_lines(void **state)
{
    struct tone_course c = course(1);

    (void)state;
    carrier(0, 0, 5, 0);
    tone_build(&t, x, N, &c);
    for (size_t i = 0; i < 200; i++)
        for (float part = 0; part < 1; part += 0.125f) {
            iq want = sums[i] + part * x[i];
            iq got = tone_sum(&t, (double)i + (double)part);
            assert_true(cabsf(got - want) < 1e-4f);
        }
    assert_true(tone_sum(&t, -3.5) == sums[0]);
    assert_true(tone_sum(&t, 0.0) == sums[0]);
    assert_true(tone_sum(&t, N) == sums[N]);
    assert_true(tone_sum(&t, N + 17.25) == sums[N]);
    assert_true(tone_sum(&t, (double)NAN) == sums[0]);
}

/* Where the course says the carrier is: between the middles of two parts on a
 * straight line. */
static double frequency_at(const struct tone_course *c, double at)
{
    double part = at / (double)c->piece - 0.5;
    size_t i = part > 0 ? (size_t)part : 0;

    if (part <= 0 || i + 1 >= c->n)
        return c->frequency[part <= 0 ? 0 : c->n - 1];
    return c->frequency[i] +
           (part - (double)i) * (c->frequency[i + 1] - c->frequency[i]);
}

/* A tone turned back by its own course is constant: its sum is a line. It moves
 * by 1 % of a cycle a sample from end to end, in steps of TONE_TURN samples. */
static void a_course_turns_its_tone_back(void **state)
{
    (void)state;
    for (size_t parts = 1; parts <= TONE_PARTS_MAX; parts = parts * 3 + 1) {
        struct tone_course c = course(parts);
        double cycles = 0;
        for (size_t p = 0; p < c.n; p++)
            c.frequency[p] = 0.01 + 0.01 * (double)p / (double)c.n;
        for (size_t i = 0; i < N; i++) {
            double a = two_pi * cycles;
            x[i] = (float)cos(a) + (float)sin(a) * I;
            size_t turn = i / TONE_TURN * TONE_TURN + TONE_TURN / 2;
            cycles = fmod(cycles + frequency_at(&c, (double)turn), 1.0);
        }
        tone_build(&t, x, N, &c);
        for (size_t i = 0; i < N; i += 100)
            assert_true(cabsf(sums[i + 100] - sums[i]) > 99.0f);
        assert_true(cabsf(sums[N]) > 0.98f * N);
    }
}

/* Pulses of 20 samples: a chip of 400 us. Noise as strong as the carrier, an
 * E/N0 of 13 dB a chip: 6,400 samples know the frequency to some 10 Hz. */
static void a_carrier_off_centre_is_centred(void **state)
{
    const double offset[] = { -1000, -313, 0, 500, 1000 };

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        struct tone_course c = course(1);
        carrier(offset[i], offset[i], 20, 0);
        tone_build(&t, x, N, &c);
        double off = tone_centre(&t, 20, &c) * RATE;
        assert_float_equal((float)(off - offset[i]), 0.0f, 60.0f);
        assert_float_equal((float)(c.frequency[0] * RATE - offset[i]), 0.0f,
                           60.0f);
        /* and a second look finds nothing left */
        tone_build(&t, x, N, &c);
        off = tone_centre(&t, 20, &c) * RATE;
        assert_float_equal((float)off, 0.0f, 30.0f);
    }
}

/* 2 kHz of drift in 128 ms and 500 Hz off at the start. A filter of 60 samples
 * loses 7 % where it is off by 125 Hz, and all of it by 833 Hz; parts lean to
 * the mean of all, by a quarter of what they are off at most. */
static void a_drifting_carrier_is_followed(void **state)
{
    struct tone_course c = course(16);

    (void)state;
    carrier(500, 2500, 0, -10);
    tone_build(&t, x, N, &c);
    double before = coherence(60);
    for (int i = 0; i < 3; i++) {
        tone_centre(&t, 20, &c);
        tone_build(&t, x, N, &c);
    }
    assert_true(before < 0.5);
    assert_true(coherence(60) > 0.85); /* of it a tenth is noise */
    for (size_t i = 1; i < 15; i++) {
        double hz = 500 + 2000 * ((double)i + 0.5) / 16;
        assert_float_equal((float)(c.frequency[i] * RATE), (float)hz, 250.0f);
    }
}

static void silence_has_no_frequency(void **state)
{
    struct tone_course c = course(4);

    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = 0;
    tone_build(&t, x, N, &c);
    assert_true(isfinite(tone_centre(&t, 20, &c)));
    for (size_t i = 0; i < 4; i++)
        assert_true(isfinite(c.frequency[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_those_of_the_samples),
        cmocka_unit_test(between_samples_sums_are_straight_lines),
        cmocka_unit_test(a_course_turns_its_tone_back),
        cmocka_unit_test(a_carrier_off_centre_is_centred),
        cmocka_unit_test(a_drifting_carrier_is_followed),
        cmocka_unit_test(silence_has_no_frequency),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
