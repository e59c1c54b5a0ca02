/* The tables against sums computed another way, in double.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dsp/likelihood.h"
#include "tests/support/synth.h"

/* A step of a table of 512 to 16, where the slope is one half at most. */
#define SOFT 0.02f

static struct likelihood table;

/* ln I0: the power series sum (x^2/4)^k / k!^2 (Abramowitz and Stegun 9.6.12)
 * to 30, then the asymptotic series (9.7.1), good to 1e-9 there. */
static double ln_i0(double x)
{
    double sum = 1, term = 1;

    if (x <= 30) {
        for (int k = 1; k < 200; k++) {
            term *= x * x / 4 / ((double)k * k);
            sum += term;
        }
        return log(sum);
    }
    for (int k = 1; k < 12; k++) {
        term *= (2.0 * k - 1) * (2.0 * k - 1) / (8 * x * k);
        sum += term;
    }
    return x - 0.5 * log(6.283185307179586476925 * x) + log(sum);
}

static void the_two_series_meet(void **state)
{
    (void)state;
    double below = ln_i0(30.0), above = ln_i0(30.0 + 1e-9);
    assert_true(fabs(below - above) < 1e-7);
    assert_true(fabs(ln_i0(1.0) - 0.23591438) < 1e-6); /* I0(1) = 1.2660659 */
}

/* 0.005 is what the header promises. */
static void ln_i0_is_good_to_its_promise(void **state)
{
    float last = 0;

    (void)state;
    for (float x = 0; x < 1e3f; x = x * 1.003f + 0.0007f) {
        float got = likelihood_ln_i0(&table, x);
        assert_float_equal(got, (float)ln_i0((double)x), 0.005f);
        assert_true(got >= last - 1e-5f);
        last = got;
    }
    assert_float_equal(likelihood_ln_i0(&table, 0.0f), 0.0f, 1e-6f);
}

/* Chips are not believed beyond 20 dB; what is beyond is as good as certain,
 * and 0.1 % of it does not matter. */
static void ln_i0_takes_any_size(void **state)
{
    (void)state;
    for (float x = 1e3f; x < 1e30f; x *= 10)
        assert_float_equal(likelihood_ln_i0(&table, x) / x,
                           (float)(ln_i0((double)x) / (double)x), 0.001f);
}

static void soft_is_good_to_its_promise(void **state)
{
    (void)state;
    for (float x = 0; x < 200; x = x * 1.004f + 0.0003f)
        assert_float_equal(likelihood_soft(&table, x),
                           (float)log1p(exp(-(double)x)), SOFT);
    assert_float_equal(likelihood_soft(&table, 1e30f), 0.0f, 1e-6f);
}

static void sums_of_likelihoods_are_right(void **state)
{
    struct synth_random r = { 2 };

    (void)state;
    for (int i = 0; i < 20000; i++) {
        double a = 60 * (synth_random_unit(&r) - 0.5);
        double b = i % 2 ? a + 4 * (synth_random_unit(&r) - 0.5)
                         : 60 * (synth_random_unit(&r) - 0.5);
        double sum = fmax(a, b) + log1p(exp(-fabs(a - b)));
        float add = likelihood_add(&table, (float)a, (float)b);
        float either = likelihood_either(&table, (float)a, (float)b);
        assert_float_equal(add, (float)sum, SOFT + 1e-5f);
        assert_float_equal(either, (float)(sum - log(2)), SOFT + 1e-5f);
        assert_true(add == likelihood_add(&table, (float)b, (float)a));
    }
}

/* What cannot be counts for nothing. */
static void a_sum_with_the_impossible_is_the_possible(void **state)
{
    (void)state;
    assert_float_equal(likelihood_add(&table, -INFINITY, 3.0f), 3.0f, 1e-6f);
    assert_float_equal(likelihood_add(&table, 3.0f, -INFINITY), 3.0f, 1e-6f);
    assert_float_equal(likelihood_add(&table, -1e30f, 3.0f), 3.0f, 1e-6f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_two_series_meet),
        cmocka_unit_test(ln_i0_is_good_to_its_promise),
        cmocka_unit_test(ln_i0_takes_any_size),
        cmocka_unit_test(soft_is_good_to_its_promise),
        cmocka_unit_test(sums_of_likelihoods_are_right),
        cmocka_unit_test(a_sum_with_the_impossible_is_the_possible),
    };

    likelihood_init(&table);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
