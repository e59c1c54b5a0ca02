/* Quantiles of random sets against sorting.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsp/quantile.h"
#include "tests/support/synth.h"

enum { MAX = 300 };

static int by_value(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Few values make many ties, many make none. */
static void it_is_what_sorting_says(void **state)
{
    struct synth_random r = { 1 };

    (void)state;
    for (unsigned i = 0; i < 3000; i++) {
        float v[MAX], sorted[MAX];
        const size_t n = 1 + synth_random_u64(&r) % MAX;
        const size_t rank = synth_random_u64(&r) % n;
        const uint64_t values = 1 + synth_random_u64(&r) % (i % 2 ? 5 : 1000);
        for (size_t k = 0; k < n; k++)
            v[k] = (float)(synth_random_u64(&r) % values);
        memcpy(sorted, v, sizeof sorted);
        qsort(sorted, n, sizeof *sorted, by_value);
        assert_true(quantile_select(v, n, rank) == sorted[rank]);
        for (size_t k = 0; k < n; k++)
            assert_true(k < rank ? v[k] <= v[rank] : v[k] >= v[rank]);
        qsort(v, n, sizeof *v, by_value);
        assert_memory_equal(v, sorted, n * sizeof *v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_what_sorting_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
