/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "src/chance.h"
#include "tests/support/synth.h"

static void near_share(double x, double want, double most)
{
    if (!(fabs(x - want) <= most * want))
        fail_msg("%g, not %g", x, want);
}

/* Tables of Student's t, two-sided. */
static void test_limit(void **state)
{
    (void)state;
    near_share(chance_limit(0.05, 1), 12.706, 1e-3);
    near_share(chance_limit(0.05, 4), 2.776, 1e-3);
    near_share(chance_limit(0.01, 10), 3.169, 1e-3);
    near_share(chance_limit(0.001, 2), 31.599, 1e-3);
    near_share(chance_limit(0.05, 1e9), 1.962, 1e-3); /* of 1000 */
    near_share(chance_limit(0.05, 0), 12.706, 1e-3);
}

/* Tables of Fisher's F. */
static void test_ratio(void **state)
{
    (void)state;
    near_share(chance_of_ratio(9.277, 3, 3), 0.05, 2e-3);
    near_share(chance_of_ratio(5.050, 5, 5), 0.05, 2e-3);
    near_share(chance_of_ratio(15.98, 4, 4), 0.01, 2e-3);
    near_share(chance_of_ratio(4.74, 2, 7), 0.05, 5e-3);
    near_share(chance_of_ratio(0, 3, 3), 1, 1e-9);
}

/* The tail of the normal distribution, far out: erfc. */
static void test_far_out(void **state)
{
    (void)state;
    for (double t = 1; t < 6; t++)
        near_share(chance_of_ratio(t * t, 1, 1000), erfc(t / sqrt(2)),
                   t * t * t * t / 2000 + 1e-3);
}

static void test_inverse(void **state)
{
    (void)state;
    for (double freedom = 1; freedom < 200; freedom *= 1.7)
        for (double p = 0.3; p > 1e-7; p /= 10) {
            const double t = chance_limit(p, freedom);

            near_share(chance_of_ratio(t * t, 1, freedom), p, 1e-3);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_ratio),
        cmocka_unit_test(test_far_out),
        cmocka_unit_test(test_inverse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
