/* Carriers of bursts whose frequencies and powers are known.
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

#include "dsp/carriers.h"
#include "tests/support/synth.h"

#define RATE 100e3

enum { N = 8000 }; /* 80 ms */

static struct carriers finder;
static struct carrier found[CARRIERS_MAX];
static iq x[N];

static void noise(uint64_t seed)
{
    for (size_t i = 0; i < N; i++)
        x[i] = 0;
    synth_noise(&(struct synth_random){ seed }, 0.0, x, N);
}

/* Random chips of 400 us, half of them on: a line about 2.5 kHz wide. */
static void keyed(double hz, double db, double deviation_hz, uint64_t seed)
{
    struct synth_train t = { 0 };
    struct synth_random r = { seed };

    for (int i = 0; i < 200; i++)
        synth_add(&t, synth_random_u64(&r) & 1 ? SYNTH_MARK : SYNTH_SPACE, 400);
    struct synth_transmitter tx = {
        .train = &t,
        .modulation = deviation_hz > 0 ? MODULATION_FSK : MODULATION_OOK,
        .carrier_hz = hz,
        .deviation_hz = deviation_hz,
        .level_dbfs = db,
    };
    synth_transmit(&tx, RATE, 0, x, N);
    synth_free(&t);
}

static size_t find(double low_hz, double high_hz)
{
    const struct carriers_band band = { low_hz, high_hz, NULL, 0 };

    return carriers_find(&finder, x, N, RATE, 1.0, &band, found);
}

/* A keyed line is 2.5 kHz wide: a tenth of it. Half of the chips are on, give
 * or take 7 %; skirts outside of the smoothing are lost. */
static void a_keyed_carrier_is_where_it_is(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        double hz = (double)seed * 3217.7 - 34e3;
        noise(seed);
        keyed(hz, 5, 0, seed + 100);
        size_t n = find(-45e3, 45e3);
        assert_true(n >= 1);
        assert_float_equal((float)(found[0].hz - hz), 0.0f, 250.0f);
        double db = 10 * log10(found[0].power) - 5 - 10 * log10(0.5);
        assert_true(fabs(db) < 2);
    }
}

/* Bins are 195 Hz wide. */
static void a_steady_carrier_is_where_it_is(void **state)
{
    struct synth_train t = { 0 };
    struct synth_transmitter tx = { .train = &t, .level_dbfs = 10 };

    (void)state;
    synth_add(&t, SYNTH_MARK, 1e6);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        tx.carrier_hz = (double)seed * 3217.7 - 34e3;
        noise(seed);
        synth_transmit(&tx, RATE, 0, x, N);
        assert_int_equal(find(-45e3, 45e3), 1);
        assert_float_equal((float)(found[0].hz - tx.carrier_hz), 0.0f, 200.0f);
        assert_float_equal((float)found[0].power, 10.0f, 1.5f);
    }
    synth_free(&t);
}

static void the_strongest_comes_first(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        noise(seed);
        keyed(-12e3, 6, 0, seed + 200);
        keyed(17e3, 12, 0, seed + 300);
        assert_true(find(-45e3, 45e3) >= 2);
        assert_float_equal((float)found[0].hz, 17e3f, 300.0f);
        assert_float_equal((float)found[1].hz, -12e3f, 300.0f);
        assert_true(found[0].power > found[1].power);
    }
}

static void the_tones_of_fsk_are_two(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        noise(seed);
        keyed(4e3, 10, 18e3, seed + 400);
        assert_true(find(-45e3, 45e3) >= 2);
        double low = fmin(found[0].hz, found[1].hz);
        double high = fmax(found[0].hz, found[1].hz);
        assert_float_equal((float)low, -14e3f, 300.0f);
        assert_float_equal((float)high, 22e3f, 300.0f);
    }
}

static void outside_of_its_band_nothing_counts(void **state)
{
    (void)state;
    noise(1);
    keyed(-12e3, 6, 0, 2);
    keyed(27e3, 20, 0, 3);
    size_t n = find(-20e3, 5e3);
    assert_true(n >= 1);
    assert_float_equal((float)found[0].hz, -12e3f, 300.0f);
    for (size_t i = 0; i < n; i++)
        assert_true(found[i].hz >= -20e3 && found[i].hz <= 5e3);
}

/* Far weaker peaks beside a strong one may be its own. */
static void skirts_are_no_carriers(void **state)
{
    (void)state;
    noise(1);
    keyed(1e3, 40, 0, 5);
    size_t n = find(-45e3, 45e3);
    assert_true(n >= 1);
    assert_float_equal((float)found[0].hz, 1e3f, 300.0f);
    for (size_t i = 1; i < n; i++)
        assert_true(found[i].power < 0.01 * found[0].power);
}

/* What a notch left of it, 10 dB under the fob 9 kHz beside it. */
static void a_carrier_that_is_always_there_does_not_count(void **state)
{
    const double steady[] = { 8.2e3, -31e3 };
    const struct carriers_band band = { -45e3, 45e3, steady, 2 };
    struct synth_train t = { 0 };
    struct synth_transmitter tx = { .train = &t,
                                    .level_dbfs = -5,
                                    .carrier_hz = 8.2e3 };

    (void)state;
    synth_add(&t, SYNTH_MARK, 1e6);
    noise(1);
    synth_transmit(&tx, RATE, 0, x, N);
    keyed(-1e3, 5, 0, 6);
    assert_true(find(-45e3, 45e3) >= 2);
    size_t n = carriers_find(&finder, x, N, RATE, 1.0, &band, found);
    assert_int_equal(n, 1);
    assert_float_equal((float)found[0].hz, -1e3f, 300.0f);
    synth_free(&t);
}

/* Bins are 195 Hz wide: a sixth of one. */
static void a_steady_carrier_is_located(void **state)
{
    struct synth_train t = { 0 };
    struct synth_transmitter tx = { .train = &t, .level_dbfs = 10 };

    (void)state;
    synth_add(&t, SYNTH_MARK, 1e6);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        tx.carrier_hz = (double)seed * 3217.7 - 34e3;
        noise(seed);
        synth_transmit(&tx, RATE, 0, x, N);
        double off = (double)(seed % 5) * 300 - 600;
        double hz =
            carriers_locate(&finder, x, N, RATE, tx.carrier_hz + off, 1000);
        assert_float_equal((float)(hz - tx.carrier_hz), 0.0f, 33.0f);
    }
    noise(30);
    double nothing = carriers_locate(&finder, x, N, RATE, 5e3, 1000);
    assert_true(fabs(nothing - 5e3) <= 1000);
    synth_free(&t);
}

static void any_length_is_taken(void **state)
{
    const struct carriers_band all = { -45e3, 45e3, NULL, 0 };

    (void)state;
    noise(1);
    for (size_t n = 0; n < 1200; n += 1 + n / 3) {
        iq *exact = malloc((n + 1) * sizeof *exact);
        assert_non_null(exact);
        for (size_t i = 0; i < n; i++)
            exact[i] = x[i];
        size_t k = carriers_find(&finder, exact, n, RATE, 1.0, &all, found);
        assert_true(k <= CARRIERS_MAX);
        for (size_t i = 0; i < k; i++)
            assert_true(isfinite(found[i].hz) && found[i].power >= 0);
        free(exact);
    }
    for (size_t i = 0; i < N; i++)
        x[i] = 0;
    assert_int_equal(find(-45e3, 45e3), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_keyed_carrier_is_where_it_is),
        cmocka_unit_test(a_steady_carrier_is_where_it_is),
        cmocka_unit_test(the_strongest_comes_first),
        cmocka_unit_test(the_tones_of_fsk_are_two),
        cmocka_unit_test(outside_of_its_band_nothing_counts),
        cmocka_unit_test(skirts_are_no_carriers),
        cmocka_unit_test(a_carrier_that_is_always_there_does_not_count),
        cmocka_unit_test(a_steady_carrier_is_located),
        cmocka_unit_test(any_length_is_taken),
    };

    if (carriers_init(&finder) != 0)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    carriers_finish(&finder);
    carriers_finish(&(struct carriers){ 0 });
    return failed;
}
