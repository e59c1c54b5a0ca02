/* The floor under noise, carriers that stay and bursts that do not.
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

#include <cmocka.h>

#include "dsp/noise_floor.h"
#include "tests/support/rows.h"

enum { PRIME = 128, CARRIER_BIN = 37 };

struct bench {
    struct noise_floor floor;
    struct synth_random random;
    float mean[ROWS_BINS]; /* of a bin: what the floor should be */
};

static void mean_row(struct bench *b, float *row)
{
    rows_make(&b->random, b->mean, row);
    for (size_t i = 0; i < ROWS_BINS; i++)
        row[i] /= ROWS_HOPS;
}

static void run(struct bench *b, double seconds)
{
    float row[ROWS_BINS];

    for (double s = 0; s < seconds; s += ROWS_SECONDS) {
        mean_row(b, row);
        noise_floor_process(&b->floor, row);
    }
}

/* A band that is not flat: 6 dB down at its ends. */
static struct bench begin(uint64_t seed)
{
    struct bench b = { .random = { seed } };
    static float rows[PRIME * ROWS_BINS], scratch[PRIME];
    const struct noise_floor_cfg cfg = { .bins = ROWS_BINS,
                                         .hops = ROWS_HOPS,
                                         .row_seconds = ROWS_SECONDS };

    assert_int_equal(noise_floor_init(&b.floor, &cfg), 0);
    for (size_t i = 0; i < ROWS_BINS; i++) {
        double x = ((double)i - 64) / 64;
        b.mean[i] = (float)(1e-4 * (1 - 0.75 * x * x));
    }
    for (size_t r = 0; r < PRIME; r++)
        mean_row(&b, rows + r * ROWS_BINS);
    noise_floor_prime(&b.floor, rows, PRIME, scratch);
    return b;
}

/* The largest factor, up or down, between the floor and what it should be in
 * the bins of from .. to - 1. */
static float off_by(const struct bench *b, size_t from, size_t to)
{
    float worst = 1;

    for (size_t i = from; i < to; i++) {
        float x = b->floor.floor[i] / b->mean[i];
        worst = fmaxf(worst, fmaxf(x, 1 / x));
    }
    return worst;
}

static void settings_are_bounded(void **state)
{
    struct noise_floor f = { 0 };

    (void)state;
    noise_floor_finish(&f);
    assert_int_equal(
        noise_floor_init(&f, &(struct noise_floor_cfg){ 0, 8, 0.004 }),
        -EINVAL);
    assert_int_equal(
        noise_floor_init(&f, &(struct noise_floor_cfg){ 16, 0, 0.004 }),
        -EINVAL);
    assert_int_equal(
        noise_floor_init(&f, &(struct noise_floor_cfg){ 16, 8, 0 }), -EINVAL);
    assert_int_equal(
        noise_floor_init(&f, &(struct noise_floor_cfg){ 16, 8, NAN }), -EINVAL);
}

/* The lower half of 128 rows of 8 spectra has a deviation of 4 %, the running
 * mean over a second one of 1.6 %: five of each. The minimum of two seconds
 * errs now and then, in one bin of many. */
static void the_level_of_noise_is_found(void **state)
{
    struct bench b = begin(1);
    size_t off = 0;

    (void)state;
    assert_true(off_by(&b, 0, ROWS_BINS) < 1.2f);
    for (int i = 0; i < 50; i++) {
        run(&b, 2);
        for (size_t k = 0; k < ROWS_BINS; k++)
            off += off_by(&b, k, k + 1) > 1.08f;
        assert_true(off_by(&b, 0, ROWS_BINS) < 1.6f);
    }
    assert_true(off < 50 * ROWS_BINS / 100);
    noise_floor_finish(&b.floor);
}

/* A carrier's own power hardly varies; 100 times the noise is all carrier. */
static void a_steady_carrier_becomes_floor_in_its_own_bins(void **state)
{
    struct bench b = begin(2);

    (void)state;
    run(&b, 3);
    b.mean[CARRIER_BIN] *= 101;
    b.mean[CARRIER_BIN + 1] *= 26;
    run(&b, 3);
    assert_true(off_by(&b, 0, CARRIER_BIN) < 1.1f);
    assert_true(off_by(&b, CARRIER_BIN, CARRIER_BIN + 2) < 1.3f);
    assert_true(off_by(&b, CARRIER_BIN + 2, ROWS_BINS) < 1.1f);
    /* and is forgotten when it stops */
    b.mean[CARRIER_BIN] /= 101;
    b.mean[CARRIER_BIN + 1] /= 26;
    run(&b, 10);
    assert_true(off_by(&b, 0, ROWS_BINS) < 1.3f);
    noise_floor_finish(&b.floor);
}

static void a_burst_does_not_raise_it(void **state)
{
    const float over[] = { 5, 30, 1000, 1e6f };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct bench b = begin(3 + i);
        run(&b, 3);
        b.mean[CARRIER_BIN] *= over[i];
        run(&b, 0.5);
        b.mean[CARRIER_BIN] /= over[i];
        assert_true(off_by(&b, CARRIER_BIN, CARRIER_BIN + 1) < 1.15f);
        assert_true(off_by(&b, 0, ROWS_BINS) < 1.15f);
        noise_floor_finish(&b.floor);
    }
}

/* Gain, or a motor nearby: up by 10 dB, too much for the running mean. */
static void noise_that_rises_or_falls_is_followed(void **state)
{
    struct bench b = begin(8);

    (void)state;
    run(&b, 2);
    for (size_t i = 0; i < ROWS_BINS; i++)
        b.mean[i] *= 10;
    run(&b, 4);
    assert_true(off_by(&b, 0, ROWS_BINS) < 1.3f);
    for (size_t i = 0; i < ROWS_BINS; i++)
        b.mean[i] /= 10;
    run(&b, 8);
    assert_true(off_by(&b, 0, ROWS_BINS) < 1.3f);
    noise_floor_finish(&b.floor);
}

/* A recording that begins with a burst, or is one: noise is elsewhere. */
static void a_burst_at_the_start_is_not_noise(void **state)
{
    struct bench b = begin(9);
    static float rows[PRIME * ROWS_BINS], scratch[PRIME];

    (void)state;
    for (size_t n = 4; n <= PRIME; n *= 2) {
        for (size_t r = 0; r < n; r++) {
            mean_row(&b, rows + r * ROWS_BINS);
            for (size_t i = 60; i < 64; i++)
                rows[r * ROWS_BINS + i] *= 100;
        }
        float *room = calloc(ROWS_BINS, sizeof *room);
        assert_non_null(room);
        noise_floor_prime(&b.floor, rows, n, n > ROWS_BINS ? scratch : room);
        free(room);
        for (size_t i = 60; i < 64; i++)
            assert_true(b.floor.floor[i] < 5 * b.mean[i]);
    }
    noise_floor_finish(&b.floor);
}

static void silence_leaves_finite_numbers(void **state)
{
    struct bench b = begin(10);

    (void)state;
    for (size_t i = 0; i < ROWS_BINS; i++)
        b.mean[i] = 0;
    run(&b, 10);
    for (size_t i = 0; i < ROWS_BINS; i++) {
        assert_true(b.floor.floor[i] >= 0 && b.floor.floor[i] < 1e-8f);
        b.mean[i] = 1e-4f;
    }
    run(&b, 5);
    assert_true(off_by(&b, 0, ROWS_BINS) < 1.2f);
    noise_floor_finish(&b.floor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_are_bounded),
        cmocka_unit_test(the_level_of_noise_is_found),
        cmocka_unit_test(a_steady_carrier_becomes_floor_in_its_own_bins),
        cmocka_unit_test(a_burst_does_not_raise_it),
        cmocka_unit_test(noise_that_rises_or_falls_is_followed),
        cmocka_unit_test(a_burst_at_the_start_is_not_noise),
        cmocka_unit_test(silence_leaves_finite_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
