/* How wide fields are before anything was seen: a distribution, within bounds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "protocols/inference_impl.h"

static const struct {
    size_t least, most;
    size_t usual; /* bits that most formats have of it (DOMAIN.md 5) */
} bounds[STORIES] = {
    [STORY_CONSTANT] = { 1, BITS_MAX, 1 },  [STORY_FIXED] = { 1, BITS_MAX, 1 },
    [STORY_IDENTITY] = { 8, BITS_MAX, 32 }, [STORY_ACTION] = { 1, 12, 4 },
    [STORY_STATUS] = { 1, 4, 1 },           [STORY_COUNTER] = { 3, 32, 16 },
    [STORY_ROLLING] = { 8, 160, 32 },       [STORY_CHECK] = { 1, 32, 8 },
};

static double sum_of(enum story s)
{
    double sum = 0;

    for (size_t bits = 0; bits <= 2 * BITS_MAX; bits++)
        sum += exp(inference_width(s, bits));
    return sum;
}

static void shares_add_up(void **state)
{
    (void)state;
    for (unsigned s = 0; s < STORIES; s++) {
        const double sum = sum_of((enum story)s);

        if (!(sum > 0.9 && sum < 1.01))
            fail_msg("story %u: %.6f", s, sum);
    }
}

static void shares_are_not_more_than_one(void **state)
{
    (void)state;
    for (unsigned s = 0; s < STORIES; s++) {
        const double sum = sum_of((enum story)s);

        if (!(sum <= 1 + 1e-9))
            fail_msg("story %u: %.6f", s, sum);
    }
}

static void no_width_is_out_of_bounds(void **state)
{
    (void)state;
    for (unsigned s = 0; s < STORIES; s++)
        for (size_t bits = 0; bits <= 2 * BITS_MAX; bits++) {
            const double width = inference_width((enum story)s, bits);

            if (bits >= bounds[s].least && bits <= bounds[s].most)
                assert_true(isfinite(width) != 0 && width < 0);
            else
                assert_true(isinf(width) != 0 && width < 0);
        }
}

/* The usual width is the likeliest one, and what is wider than a field of any known
 * format is hardly likely at all. */
static void usual_widths_are_likeliest(void **state)
{
    (void)state;
    for (unsigned s = 0; s < STORIES; s++)
        for (size_t bits = bounds[s].least; bits <= bounds[s].most; bits++) {
            const double width = inference_width((enum story)s, bits);

            assert_true(width <=
                        inference_width((enum story)s, bounds[s].usual));
            if (bits > 64)
                assert_true(width < log(1e-3));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_add_up),
        cmocka_unit_test(shares_are_not_more_than_one),
        cmocka_unit_test(no_width_is_out_of_bounds),
        cmocka_unit_test(usual_widths_are_likeliest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
