/* Gaps of a ring that meet, and more of them than it holds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/ring.h"

/* One found out late, one because there was no room; a gap of 0 is none. */
static void two_gaps_at_one_place_stay_two(void **state)
{
    struct ring *r = NULL;
    struct ring_gap gap;
    char out[16];

    (void)state;
    assert_int_equal(ring_create(&r, 16, 1), 0);
    ring_push(r, "0123456789abcdef", 16);
    ring_push_gap(r, (struct ring_gap){ 0, 12 });
    ring_push_gap(r, (struct ring_gap){ 3, 10 });
    ring_push(r, "xyz", 3); /* no room */
    assert_int_equal(ring_read(r, out, 16, &gap), 16);
    assert_int_equal(gap.samples, 0);
    ring_push(r, "g", 1);
    assert_int_equal(ring_read(r, out, 16, &gap), 0);
    assert_true(gap.samples == 3 && gap.ago == 10);
    assert_int_equal(ring_read(r, out, 16, &gap), 1);
    assert_true(gap.samples == 3 && gap.ago == 0);
    ring_destroy(r);
}

/* More of them than the ring can hold; the rest is there when all has ended. */
static void no_gap_is_forgotten(void **state)
{
    struct ring *r = NULL;
    struct ring_gap gap;
    uint64_t n = 0;
    char out[64];

    (void)state;
    assert_int_equal(ring_create(&r, 1024, 1), 0);
    for (int i = 0; i < 100; i++) {
        ring_push_gap(r, (struct ring_gap){ .samples = 1 });
        ring_push(r, "x", 1);
    }
    for (int i = 0; i < 300; i++) {
        n += ring_read(r, out, 64, &gap);
        n += gap.samples;
    }
    while ((gap = ring_rest(r)).samples > 0)
        n += gap.samples;
    assert_int_equal(n, 200);
    ring_destroy(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_gaps_at_one_place_stay_two),
        cmocka_unit_test(no_gap_is_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
