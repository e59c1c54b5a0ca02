/* Hits in time and frequency: what touches is one box.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dsp/burst_boxes.h"

static struct burst_boxes boxes;

static size_t open_boxes(void)
{
    size_t n = 0;
    for (size_t i = 0; i < BURST_BOXES_MAX; i++)
        n += boxes.at[i].is_open;
    return n;
}

static const struct burst_box *box_of(size_t bin)
{
    for (size_t i = 0; i < BURST_BOXES_MAX; i++)
        if (boxes.at[i].is_open && boxes.at[i].low <= bin &&
            boxes.at[i].high >= bin)
            return &boxes.at[i];
    fail_msg("bin %zu is in no box", bin);
    return NULL;
}

static void begin(void)
{
    boxes = (struct burst_boxes){ .tolerance = 5 };
}

static void hits_that_touch_are_one_box(void **state)
{
    (void)state;
    begin();
    burst_boxes_add(&boxes, 100, 102, 10, 13);
    burst_boxes_add(&boxes, 107, 108, 14, 14);
    burst_boxes_add(&boxes, 95, 96, 5, 15);
    assert_int_equal(open_boxes(), 1);
    const struct burst_box *b = box_of(100);
    assert_true(b->low == 95 && b->high == 108);
    assert_true(b->first == 5 && b->last == 15);
}

static void hits_apart_are_not(void **state)
{
    (void)state;
    begin();
    burst_boxes_add(&boxes, 100, 102, 10, 13);
    burst_boxes_add(&boxes, 108, 108, 10, 13);
    assert_int_equal(open_boxes(), 2);
    assert_ptr_not_equal(box_of(100), box_of(108));
}

static void boxes_that_meet_are_joined(void **state)
{
    (void)state;
    begin();
    burst_boxes_add(&boxes, 100, 100, 10, 13);
    burst_boxes_add(&boxes, 110, 110, 8, 12);
    burst_boxes_join(&boxes);
    assert_int_equal(open_boxes(), 2);
    burst_boxes_add(&boxes, 105, 105, 14, 14);
    burst_boxes_join(&boxes);
    assert_int_equal(open_boxes(), 1);
    assert_true(box_of(105)->first == 8 && box_of(105)->last == 14);
    assert_true(box_of(105)->low == 100 && box_of(105)->high == 110);
}

static void there_are_no_more_than_so_many(void **state)
{
    (void)state;
    begin();
    for (size_t i = 0; i < 2 * BURST_BOXES_MAX; i++)
        burst_boxes_add(&boxes, 20 * i, 20 * i, 1, 1);
    assert_int_equal(open_boxes(), BURST_BOXES_MAX);
    burst_boxes_add(&boxes, 1, 1, 2, 2);
    assert_int_equal(box_of(1)->last, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hits_that_touch_are_one_box),
        cmocka_unit_test(hits_apart_are_not),
        cmocka_unit_test(boxes_that_meet_are_joined),
        cmocka_unit_test(there_are_no_more_than_so_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
