/* The spectrum against a direct transform, white noise and tones.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dsp/spectrum.h"
#include "tests/support/synth.h"

static const double two_pi = 6.283185307179586476925;

static struct spectrum begin(size_t n)
{
    struct spectrum s = { 0 };

    assert_int_equal(spectrum_init(&s, n), 0);
    return s;
}

static void sizes_are_bounded(void **state)
{
    const size_t bad[] = { 0, 1, 4, 7, 9, 24, 65535, 65537, 131072, SIZE_MAX };
    struct spectrum zeroed = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct spectrum s = { 0 };
        assert_int_equal(spectrum_init(&s, bad[i]), -EINVAL);
    }
    spectrum_finish(&zeroed);
    for (size_t n = 8; n <= 65536; n *= 2) {
        struct spectrum s = begin(n);
        spectrum_finish(&s);
    }
    assert_true(strlen(spectrum_library_version()) > 0);
}

/* Even about the middle of the block, which is between two samples. */
static double hann(size_t i, size_t n)
{
    return 0.5 - 0.5 * cos(two_pi * ((double)i + 0.5) / (double)n);
}

/* Bin k in double, from the sum that defines it. */
static double direct(const iq *x, size_t n, size_t k)
{
    double re = 0, im = 0, weight = 0;

    for (size_t i = 0; i < n; i++) {
        double w = hann(i, n);
        double a =
            -two_pi *
            fmod((double)i * ((double)k - (double)n / 2) / (double)n, 1.0);
        double xr = (double)crealf(x[i]), xi = (double)cimagf(x[i]);
        re += w * (xr * cos(a) - xi * sin(a));
        im += w * (xr * sin(a) + xi * cos(a));
        weight += w * w;
    }
    return (re * re + im * im) / weight;
}

/* Single precision over 256 terms: 1e-4 of the mean is ample. */
static void bins_are_those_of_a_direct_transform(void **state)
{
    const size_t sizes[] = { 8, 64, 256 };

    (void)state;
    for (size_t j = 0; j < 3; j++) {
        size_t n = sizes[j];
        struct spectrum s = begin(n);
        struct synth_random r = { 11 + n };
        iq x[256] = { 0 };
        float sum[256] = { 0 };
        synth_noise(&r, 0.0, x, n);
        memcpy(spectrum_input(&s), x, n * sizeof *x);
        spectrum_add(&s, sum);
        for (size_t k = 0; k < n; k++) {
            double want = direct(x, n, k);
            assert_float_equal(sum[k], (float)want, (float)(1e-4 * (1 + want)));
        }
        spectrum_finish(&s);
    }
}

/* A mean of 2,000 exponentials has a deviation of 2.2 %: five of them a bin;
 * 128,000 of them (the window makes it half as many) 0.4 %: four of them. */
static void white_noise_has_its_power_in_every_bin(void **state)
{
    enum { N = 64, BLOCKS = 2000 };
    struct spectrum s = begin(N);
    struct synth_random r = { 3 };
    float sum[N] = { 0 }, all = 0;

    (void)state;
    for (size_t i = 0; i < BLOCKS; i++) {
        iq *x = spectrum_input(&s);
        memset(x, 0, N * sizeof *x);
        synth_noise(&r, -30.0, x, N);
        spectrum_add(&s, sum);
    }
    for (size_t k = 0; k < N; k++) {
        assert_float_equal(sum[k] / BLOCKS, 0.001f, 0.00011f);
        all += sum[k] / BLOCKS / N;
    }
    assert_float_equal(all, 0.001f, 0.000016f);
    spectrum_finish(&s);
}

/* Of a Hann window: (sum w)^2 / sum w^2 = n 2 / 3 in its bin, a quarter of it
 * in the next ones, nothing in the others. Bin n / 2 is the centre. */
static void a_tone_is_in_its_bin(void **state)
{
    enum { N = 128 };
    struct spectrum s = begin(N);

    (void)state;
    for (size_t bin = 0; bin < N; bin += 9) {
        float sum[N] = { 0 };
        iq *x = spectrum_input(&s);
        for (size_t i = 0; i < N; i++) {
            double a = two_pi * (double)(i * (bin + N / 2) % N) / N;
            x[i] = (float)(0.5 * cos(a)) + (float)(0.5 * sin(a)) * I;
        }
        spectrum_add(&s, sum);
        float peak = 0.25f * N * 2 / 3;
        for (size_t k = 0; k < N; k++) {
            size_t d = (k + N - bin) % N;
            float want = d == 0 ? peak : d == 1 || d == N - 1 ? peak / 4 : 0;
            assert_float_equal(sum[k], want, 1e-4f * peak);
        }
    }
    spectrum_finish(&s);
}

static void power_is_added_to_what_is_there(void **state)
{
    enum { N = 16 };
    struct spectrum s = begin(N);
    float once[N] = { 0 }, twice[N];

    (void)state;
    for (size_t i = 0; i < N; i++)
        twice[i] = 5.0f;
    for (int round = 0; round < 3; round++) {
        iq *x = spectrum_input(&s);
        memset(x, 0, N * sizeof *x);
        x[N / 2] = 1.0f;
        spectrum_add(&s, round == 0 ? once : twice);
    }
    for (size_t k = 0; k < N; k++) {
        assert_true(once[k] > 0.1f);
        assert_float_equal(twice[k], 5.0f + 2 * once[k], 1e-5f);
    }
    spectrum_finish(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(bins_are_those_of_a_direct_transform),
        cmocka_unit_test(white_noise_has_its_power_in_every_bin),
        cmocka_unit_test(a_tone_is_in_its_bin),
        cmocka_unit_test(power_is_added_to_what_is_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
