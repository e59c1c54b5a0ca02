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

static void add(size_t low, size_t high, uint64_t first, uint64_t last)
{
    burst_boxes_add(
        &boxes, &(struct burst_hit){
                    .low = low, .high = high, .first = first, .last = last });
}

static void hits_that_touch_are_one_box(void **state)
{
    (void)state;
    begin();
    add(100, 102, 10, 13);
    add(107, 108, 14, 14);
    add(95, 96, 5, 15);
    assert_int_equal(open_boxes(), 1);
    const struct burst_box *b = box_of(100);
    assert_true(b->low == 95 && b->high == 108);
    assert_true(b->first == 5 && b->last == 15);
}

static void hits_apart_are_not(void **state)
{
    (void)state;
    begin();
    add(100, 102, 10, 13);
    add(108, 108, 10, 13);
    assert_int_equal(open_boxes(), 2);
    assert_ptr_not_equal(box_of(100), box_of(108));
}

static void boxes_that_meet_are_joined(void **state)
{
    (void)state;
    begin();
    add(100, 100, 10, 13);
    add(110, 110, 8, 12);
    burst_boxes_join(&boxes);
    assert_int_equal(open_boxes(), 2);
    add(105, 105, 14, 14);
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
        add(20 * i, 20 * i, 1, 1);
    assert_int_equal(open_boxes(), BURST_BOXES_MAX);
    add(1, 1, 2, 2);
    assert_int_equal(box_of(1)->last, 2);
}

static void add_brief(size_t low, size_t high, uint64_t first, uint64_t last)
{
    burst_boxes_add(&boxes, &(struct burst_hit){ .low = low,
                                                 .high = high,
                                                 .first = first,
                                                 .last = last,
                                                 .is_brief = true });
}

static void a_long_sum_moves_no_clear_end(void **state)
{
    (void)state;
    begin();
    add_brief(100, 101, 20, 20);
    add(98, 101, 8, 23); /* holds row 20: only wider */
    assert_true(box_of(98)->last == 20);
    add(100, 101, 21, 36); /* holds nothing of it: more of it */
    assert_true(box_of(100)->last == 36);
    begin();
    add(100, 101, 8, 23); /* too weak for brief hits: all there is */
    add(100, 101, 12, 27);
    assert_true(box_of(100)->last == 27);
}

static void what_is_over_is_not_told_again(void **state)
{
    (void)state;
    begin();
    add_brief(100, 101, 20, 20);
    burst_boxes_close(&boxes.at[0]);
    add(100, 101, 10, 41);
    assert_int_equal(open_boxes(), 0);
    add_brief(200, 201, 42, 42); /* elsewhere */
    add_brief(100, 101, 43, 43); /* another */
    assert_int_equal(open_boxes(), 2);
    begin();
    add_brief(100, 101, 20, 20);
    burst_boxes_close(&boxes.at[0]);
    burst_boxes_forget(&boxes, 20);
    add(100, 101, 20, 51);
    assert_int_equal(open_boxes(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hits_that_touch_are_one_box),
        cmocka_unit_test(hits_apart_are_not),
        cmocka_unit_test(boxes_that_meet_are_joined),
        cmocka_unit_test(there_are_no_more_than_so_many),
        cmocka_unit_test(a_long_sum_moves_no_clear_end),
        cmocka_unit_test(what_is_over_is_not_told_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
