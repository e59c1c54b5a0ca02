/* The channel: what passes, what does not, when, and however it is cut.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsp/channel.h"
#include "tests/support/stage.h"
#include "tests/support/synth.h"

static const double two_pi = 6.283185307179586476925;

struct outcome {
    iq *out;
    size_t n;
};

static struct outcome run(unsigned decimation, double frequency, const iq *in,
                          size_t n)
{
    struct channel c = { 0 };
    struct outcome o = { 0 };

    assert_int_equal(channel_init(&c, decimation), 0);
    channel_reset(&c, frequency);
    size_t bound = channel_bound(&c, n);
    o.out = calloc(bound + 1, sizeof *o.out);
    assert_non_null(o.out);
    o.n = channel_process(&c, in, n, o.out);
    o.n += channel_flush(&c, o.out + o.n);
    assert_true(o.n <= bound);
    channel_finish(&c);
    return o;
}

/* A tone of amplitude 1, frequency in cycles a sample; the caller frees. */
static iq *tone(double frequency, size_t n)
{
    iq *x = calloc(n, sizeof *x);

    assert_non_null(x);
    for (size_t i = 0; i < n; i++) {
        double a = two_pi * fmod(frequency * (double)i, 1.0);
        x[i] = (float)cos(a) + (float)sin(a) * I;
    }
    return x;
}

/* Gain in dB of a tone `offset` output rates off the middle of the channel,
 * away from the ends. */
static double gain_db(unsigned d, double middle, double offset)
{
    size_t n = 120 * (size_t)d;
    iq *x = tone(middle + offset / d, n);
    struct outcome o = run(d, middle, x, n);
    double power = 0;

    assert_true(o.n >= 119);
    for (size_t i = 30; i < 90; i++)
        power += (double)(crealf(o.out[i] * conjf(o.out[i]))) / 60;
    free(o.out);
    free(x);
    return 10 * log10(power + 1e-20);
}

static const unsigned decimations[] = { 1, 2, 3, 5, 12, 25, 64 };
enum { N_DECIMATIONS = sizeof decimations / sizeof decimations[0] };

/* A tenth of a decibel is 1 % of a level: less than noise does. */
static void it_is_flat_to_the_edge_of_its_band(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_DECIMATIONS; i++)
        for (double f = -0.4; f < 0.41; f += 0.1)
            assert_true(fabs(gain_db(decimations[i], 0.05, f)) < 0.1);
}

/* From 0.6 of the output's rate on, what is folded falls into the flat part.
 * 50 dB: a fob at ten times the distance of its neighbour, twice over. */
static void what_would_fold_is_kept_out(void **state)
{
    (void)state;
    for (size_t i = 1; i < N_DECIMATIONS; i++) {
        unsigned d = decimations[i];
        for (double f = 0.6; f < 0.5 * d; f += 0.25 + 0.03 * f) {
            assert_true(gain_db(d, -0.11, f) < -50);
            assert_true(gain_db(d, -0.11, -f) < -50);
        }
    }
}

/* Of a tone at 0.3 of the output's rate, 0.02 rad are a hundredth of an output;
 * which output it is, a step says, to what a straight line can. */
static void the_delay_is_taken_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_DECIMATIONS; i++) {
        unsigned d = decimations[i];
        size_t n = 120 * (size_t)d, edge = 60 * (size_t)d + d / 3, j = 0;
        iq *x = tone(0.3 / d, n);
        struct outcome o = run(d, 0.0, x, n);
        for (size_t k = 30; k < 90; k++) {
            double a = two_pi * 0.3 * (double)k;
            iq want = (float)cos(a) + (float)sin(a) * I;
            assert_true(cabsf(o.out[k] - want) < 0.02f);
        }
        free(o.out);
        for (size_t k = 0; k < n; k++)
            x[k] = k < edge ? 0.0f : 1.0f;
        o = run(d, 0.0, x, n);
        while (crealf(o.out[j + 1]) < 0.5f)
            j++;
        float a = crealf(o.out[j]), b = crealf(o.out[j + 1]);
        float at = (float)j + (0.5f - a) / (b - a);
        assert_float_equal(at, ((float)edge - 0.5f) / (float)d, 0.1f);
        free(o.out);
        free(x);
    }
}

/* Outputs come from in[0] on and the tail is not lost, but for inputs that do
 * not make a whole output. */
static void outputs_are_as_many_as_inputs_make(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_DECIMATIONS; i++)
        for (size_t n = 0; n < 300; n += 1 + n / 7) {
            iq *x = tone(0.0, n + 1);
            struct outcome o = run(decimations[i], 0.0, x, n);
            assert_int_equal(o.n, (n + decimations[i] - 1) / decimations[i]);
            free(o.out);
            free(x);
        }
}

/* A tone in the middle comes out as a constant, its phase in half a second of
 * 2.4 MHz still right to a hundredth of a turn. */
static void the_mixer_keeps_its_phase(void **state)
{
    const size_t n = 1200000;
    const double f = 0.2371;
    iq *x = tone(f, n);
    struct outcome o = run(50, f, x, n);

    (void)state;
    for (size_t i = 20; i + 20 < o.n; i += 100)
        assert_true(cabsf(o.out[i] - o.out[20]) < 0.06f);
    free(o.out);
    free(x);
}

/* White noise of power 1 in has 1 / d of it out: the filter's noise bandwidth
 * is about 0.98 of the output's rate. 4,000 outputs: 1.6 % each sigma. */
static void noise_is_as_strong_as_its_share(void **state)
{
    enum { D = 20, N = 4000 * D };
    struct synth_random r = { 4 };
    iq *x = calloc(N, sizeof *x);
    double power = 0;

    (void)state;
    assert_non_null(x);
    synth_noise(&r, 0.0, x, N);
    struct outcome o = run(D, 0.3, x, N);
    for (size_t i = 0; i < o.n; i++)
        power += (double)crealf(o.out[i] * conjf(o.out[i])) / (double)o.n;
    assert_float_equal((float)power * D, 1.0f, 0.15f);
    free(o.out);
    free(x);
}

static void decimations_are_bounded(void **state)
{
    struct channel c = { 0 };

    (void)state;
    channel_finish(&c);
    assert_int_equal(channel_init(&c, 0), -EINVAL);
    assert_int_equal(channel_init(&c, 4097), -EINVAL);
    for (unsigned d = 1; d <= 4096; d = d * 3 / 2 + 1) {
        assert_int_equal(channel_init(&c, channel_decimation(d)), 0);
        channel_finish(&c);
    }
    for (double wish = 1; wish < 9000; wish *= 1.01) {
        unsigned d = channel_decimation(wish);
        assert_true(d >= 1 && d <= wish && d <= CHANNEL_DECIMATION_MAX);
        assert_true(2 * d >= wish || wish > CHANNEL_DECIMATION_MAX);
    }
    assert_true(strlen(channel_library_version()) > 0);
}

static int begin(void *s)
{
    int e = channel_init(s, 15);

    if (e == 0)
        channel_reset(s, 0.123);
    return e;
}

static void again(void *s, uint64_t at)
{
    (void)at;
    channel_reset(s, 0.123);
}

static size_t most(const void *s, size_t n)
{
    return channel_bound(s, n);
}

static size_t feed(void *s, const void *in, size_t n, void *out)
{
    return channel_process(s, in, n, out);
}

static size_t drain(void *s, void *out)
{
    return channel_flush(s, out);
}

static void finish(void *s)
{
    channel_finish(s);
}

/* Single precision: the mixer's turn is rounded where a block begins. */
static bool is_near(const void *a, const void *b)
{
    iq x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return cabsf(x - y) < 1e-6f;
}

static void it_keeps_the_laws_of_a_stage(void **state)
{
    static const struct stage stage = {
        .state_bytes = sizeof(struct channel),
        .in_bytes = sizeof(iq),
        .out_bytes = sizeof(iq),
        .init = begin,
        .reset = again,
        .bound = most,
        .process = feed,
        .flush = drain,
        .finish = finish,
        .is_equal = is_near,
    };
    enum { N = 6000 };
    static iq x[N], bad[500];
    struct synth_random r = { 6 };

    (void)state;
    synth_noise(&r, 0.0, x, N);
    stage_harm((float *)bad, 1000);
    stage_ignores_block_size(&stage, x, N);
    stage_reset_is_fresh(&stage, x, N);
    stage_keeps_to_bound(&stage, x, N);
    stage_survives(&stage, bad, 500, x, N);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_flat_to_the_edge_of_its_band),
        cmocka_unit_test(what_would_fold_is_kept_out),
        cmocka_unit_test(the_delay_is_taken_out),
        cmocka_unit_test(outputs_are_as_many_as_inputs_make),
        cmocka_unit_test(the_mixer_keeps_its_phase),
        cmocka_unit_test(noise_is_as_strong_as_its_share),
        cmocka_unit_test(decimations_are_bounded),
        cmocka_unit_test(it_keeps_the_laws_of_a_stage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
