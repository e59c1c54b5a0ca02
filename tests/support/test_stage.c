/* The laws of stage.h, on a stage that keeps them and on ones that do not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/stage.h"

/* Sums of each four inputs. */
struct sum4 {
    int32_t sum;
    uint32_t n;
};

static int sum4_init(void *s)
{
    *(struct sum4 *)s = (struct sum4){ 0 };
    return 0;
}

static void sum4_reset(void *s, uint64_t at)
{
    (void)at;
    sum4_init(s);
}

static size_t sum4_bound(const void *s, size_t n)
{
    return (((const struct sum4 *)s)->n + n) / 4;
}

static size_t sum4_process(void *state, const void *in, size_t n, void *out)
{
    struct sum4 *s = state;
    const int32_t *x = in;
    int32_t *y = out;
    size_t made = 0;

    for (size_t i = 0; i < n; i++) {
        s->sum += x[i];
        if (++s->n == 4) {
            y[made++] = s->sum;
            sum4_init(s);
        }
    }
    return made;
}

static const struct stage good = {
    .state_bytes = sizeof(struct sum4),
    .in_bytes = sizeof(int32_t),
    .out_bytes = sizeof(int32_t),
    .init = sum4_init,
    .reset = sum4_reset,
    .bound = sum4_bound,
    .process = sum4_process,
};

enum { N = 1001 };

static int32_t input[N];

static void a_good_stage_passes(void **state)
{
    (void)state;
    for (int32_t i = 0; i < N; i++)
        input[i] = i * 77 % 91;
    stage_ignores_block_size(&good, input, N);
    stage_reset_is_fresh(&good, input, N);
    stage_keeps_to_bound(&good, input, N);
    stage_survives(&good, input, 13, input, N);
    stage_is_silent(&good, input, 3);
}

/* A law that is broken fails its test, so these tests expect to fail: each
 * runs in a group of its own whose count of failures is looked at. */
static size_t forgets_process(void *s, const void *in, size_t n, void *out)
{
    sum4_init(s); /* what the last block left */
    return sum4_process(s, in, n, out);
}

static void block_size_matters(void **state)
{
    struct stage bad = good;

    (void)state;
    bad.process = forgets_process;
    stage_ignores_block_size(&bad, input, N);
}

static void no_reset(void *s, uint64_t at)
{
    (void)s;
    (void)at;
}

static void reset_forgets_nothing(void **state)
{
    struct stage bad = good;

    (void)state;
    bad.reset = no_reset;
    stage_reset_is_fresh(&bad, input, N);
}

static size_t small_bound(const void *s, size_t n)
{
    size_t true_bound = sum4_bound(s, n);

    return true_bound > 0 ? true_bound - 1 : 0;
}

static void bound_is_too_small(void **state)
{
    struct stage bad = good;

    (void)state;
    bad.bound = small_bound;
    stage_keeps_to_bound(&bad, input, N);
}

static void silence_is_heard(void **state)
{
    (void)state;
    stage_is_silent(&good, input, 4);
}

/* A law that breaks jumps out and leaves its memory behind. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

int main(void)
{
    const struct CMUnitTest kept[] = {
        cmocka_unit_test(a_good_stage_passes),
    };
    const struct CMUnitTest broken[] = {
        cmocka_unit_test(block_size_matters),
        cmocka_unit_test(reset_forgets_nothing),
        cmocka_unit_test(bound_is_too_small),
        cmocka_unit_test(silence_is_heard),
    };
    const int n_broken = sizeof broken / sizeof broken[0];

    if (cmocka_run_group_tests(kept, NULL, NULL) != 0)
        return 1;
    return cmocka_run_group_tests(broken, NULL, NULL) != n_broken;
}
