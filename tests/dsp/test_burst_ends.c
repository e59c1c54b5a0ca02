/* Ends of strong, weak and gapped bursts in rows of noise.
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

#include "dsp/burst_ends.h"
#include "tests/support/synth.h"

enum { N = 120 };

static float profile[N];

/* Rows of noise, its mean taken off, as of eight spectra: a sum of eight
 * exponentials, less one, has a standard deviation of 0.35. */
static const float noise = 0.354f;

static void fill_noise(struct synth_random *r)
{
    for (size_t i = 0; i < N; i++) {
        double sum = 0;
        for (int k = 0; k < 8; k++)
            sum -= log(1 - synth_random_unit(r));
        profile[i] = (float)(sum / 8 - 1);
    }
}

static void add(size_t from, size_t to, float level)
{
    for (size_t i = from; i < to; i++)
        profile[i] += level;
}

static void ends_are(size_t first, size_t last, size_t by)
{
    const struct burst_ends e = burst_ends_find(profile, N, noise);

    assert_true(e.first + by >= first && e.first <= first + by);
    assert_true(e.last + by >= last && e.last <= last + by);
}

static void a_strong_burst_ends_where_it_does(void **state)
{
    struct synth_random r = { 1 };

    (void)state;
    for (unsigned i = 0; i < 50; i++) {
        fill_noise(&r);
        add(30, 60, 20);
        ends_are(30, 59, 2);
    }
}

/* 1.4 times the noise of a row, 35 rows long: its ends are good to a third of
 * its length. */
static void a_weak_burst_ends_near_where_it_does(void **state)
{
    struct synth_random r = { 2 };
    size_t right = 0;

    (void)state;
    for (unsigned i = 0; i < 50; i++) {
        fill_noise(&r);
        add(40, 75, 0.5f);
        const struct burst_ends e = burst_ends_find(profile, N, noise);
        right += e.first >= 28 && e.first <= 52 && e.last >= 62 && e.last <= 86;
    }
    assert_true(right >= 42);
}

/* Copies of a frame with gaps, the last a third as strong. */
static void gaps_are_inside(void **state)
{
    struct synth_random r = { 3 };

    (void)state;
    for (unsigned i = 0; i < 50; i++) {
        fill_noise(&r);
        add(20, 30, 30);
        add(50, 60, 30);
        add(80, 90, 10);
        ends_are(20, 89, 2);
    }
}

/* Another fob, 12 dB weaker, 20 ms before or after a strong one. */
static void a_weaker_burst_beside_a_strong_one_is_inside(void **state)
{
    struct synth_random r = { 4 };

    (void)state;
    for (unsigned i = 0; i < 50; i++) {
        fill_noise(&r);
        add(i % 2 ? 20 : 55, i % 2 ? 50 : 85, 100);
        add(i % 2 ? 55 : 20, i % 2 ? 85 : 50, 6);
        ends_are(20, 84, 2);
    }
}

static void a_stretch_without_a_burst_is_left_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < N; i++)
        profile[i] = 0;
    const struct burst_ends e = burst_ends_find(profile, N, noise);
    assert_true(e.first <= e.last && e.last < N);
    for (size_t n = 1; n <= 10; n++) {
        const struct burst_ends few = burst_ends_find(profile, n, noise);
        assert_true(few.first <= few.last && few.last < n);
    }
    for (size_t i = 0; i < N; i++)
        profile[i] = -1;
    ends_are(0, N - 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_strong_burst_ends_where_it_does),
        cmocka_unit_test(a_weak_burst_ends_near_where_it_does),
        cmocka_unit_test(gaps_are_inside),
        cmocka_unit_test(a_weaker_burst_beside_a_strong_one_is_inside),
        cmocka_unit_test(a_stretch_without_a_burst_is_left_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
