/* Runs of copies that are told when their burst ends, and not twice.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/src/pressed.h"

static void begin(bool is_prompt, bool is_every)
{
    came.n = 0;
    press_init(&grouper, &(struct press_cfg){ .rate_hz = RATE,
                                              .is_prompt = is_prompt,
                                              .is_every = is_every,
                                              .frame = keep,
                                              .user = &came });
}

/* A burst of some copies, and its end. */
static void burst(uint64_t content, double seconds, unsigned copies, float llr)
{
    for (unsigned i = 0; i < copies; i++) {
        struct frame f = copy_of(content, seconds + 0.12 * i, llr);
        press_process(&grouper, &f);
    }
    press_settle(&grouper);
}

static void is_told(size_t i, uint64_t content, unsigned copies,
                    enum verdict verdict, unsigned press)
{
    struct frame want = copy_of(content, 0, 20);

    assert_true(i < came.n);
    assert_memory_equal(came.frame[i].bits.value, want.bits.value, 66);
    assert_int_equal(came.frame[i].copies, copies);
    assert_int_equal(came.frame[i].verdict, verdict);
    assert_int_equal(came.press[i], press);
}

static void a_run_is_told_with_its_burst(void **state)
{
    (void)state;
    begin(true, false);
    burst(1, 1, 1, 12);
    assert_int_equal(came.n, 1);
    is_told(0, 1, 1, VERDICT_PLAUSIBLE, 1);
    press_settle(&grouper);
    press_advance(&grouper, (uint64_t)(20 * RATE));
    press_flush(&grouper);
    assert_int_equal(came.n, 1);
    assert_int_equal(grouper.frames, 1);
}

static void without_it_the_end_of_a_burst_is_nothing(void **state)
{
    (void)state;
    begin(false, false);
    burst(2, 1, 2, 12);
    burst(2, 1.4, 1, 12);
    assert_int_equal(came.n, 0);
    press_flush(&grouper);
    assert_int_equal(came.n, 1);
    is_told(0, 2, 3, VERDICT_PROVEN, 1);
}

static void copies_of_one_burst_are_told_together(void **state)
{
    (void)state;
    begin(true, false);
    burst(3, 1, 3, 12);
    assert_int_equal(came.n, 1);
    is_told(0, 3, 3, VERDICT_PROVEN, 1);
    for (int i = 1; i < 8; i++) /* held down */
        burst(3, 1 + 0.5 * i, 2, 12);
    press_flush(&grouper);
    assert_int_equal(came.n, 1);
}

static void a_run_is_told_again_when_it_is_proven(void **state)
{
    (void)state;
    begin(true, false);
    for (int i = 0; i < 6; i++)
        burst(4, 1 + 0.3 * i, 1, 9);
    press_flush(&grouper);
    assert_int_equal(came.n, 2);
    is_told(0, 4, 1, VERDICT_PLAUSIBLE, 1);
    is_told(1, 4, 2, VERDICT_PROVEN, 1);
}

/* Even if its burst has not been seen to end. */
static void the_end_of_a_press_tells_what_it_has_proven(void **state)
{
    struct frame f = copy_of(5, 1.3, 9);

    (void)state;
    begin(true, false);
    burst(5, 1, 1, 9);
    press_process(&grouper, &f);
    press_flush(&grouper);
    assert_int_equal(came.n, 2);
    is_told(1, 5, 2, VERDICT_PROVEN, 1);
}

/* Nothing at first; it is no press before it is shown. */
static void doubtful_copies_wait_for_each_other(void **state)
{
    (void)state;
    begin(true, false);
    burst(6, 1, 1, 3.5f);
    assert_int_equal(came.n, 0);
    burst(6, 1.3, 1, 3.5f);
    burst(6, 1.6, 1, 3.5f);
    assert_true(came.n >= 1 && came.n <= 2);
    for (size_t i = 0; i < came.n; i++)
        assert_int_equal(came.press[i], 1);
    assert_memory_equal(came.frame[came.n - 1].bits.value,
                        copy_of(6, 0, 20).bits.value, 66);
    burst(7, 9, 1, 12);
    is_told(came.n - 1, 7, 1, VERDICT_PLAUSIBLE, 2);
}

static void a_new_press_is_told_anew(void **state)
{
    (void)state;
    begin(true, false);
    burst(8, 1, 2, 12);
    burst(9, 1.5, 2, 12); /* another button */
    burst(9, 8, 1, 12);   /* the same, after a pause */
    burst(8, 12, 2, 12);
    press_flush(&grouper);
    assert_int_equal(came.n, 4);
    is_told(0, 8, 2, VERDICT_PROVEN, 1);
    is_told(1, 9, 2, VERDICT_PROVEN, 2);
    is_told(2, 9, 1, VERDICT_PLAUSIBLE, 3);
    is_told(3, 8, 2, VERDICT_PROVEN, 4);
}

/* Two runs within one burst: the first has ended by itself. */
static void runs_within_a_burst_are_each_told(void **state)
{
    struct frame f = copy_of(10, 1, 12);

    (void)state;
    begin(true, false);
    press_process(&grouper, &f);
    burst(11, 1.12, 2, 12);
    assert_int_equal(came.n, 2);
    is_told(0, 10, 1, VERDICT_PLAUSIBLE, 1);
    is_told(1, 11, 2, VERDICT_PROVEN, 2);
}

/* Each copy comes out by itself: a run adds nothing to them. */
static void with_every_copy_it_changes_nothing(void **state)
{
    struct log each[2];

    (void)state;
    for (int is_prompt = 0; is_prompt < 2; is_prompt++) {
        begin(is_prompt, true);
        burst(12, 1, 3, 9);
        burst(12, 1.4, 1, 9);
        burst(13, 1.6, 1, 9);
        press_flush(&grouper);
        each[is_prompt] = came;
    }
    assert_int_equal(each[0].n, 5);
    assert_int_equal(each[1].n, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(each[0].press[i], each[1].press[i]);
        assert_int_equal(each[0].frame[i].at, each[1].frame[i].at);
        assert_int_equal(each[0].frame[i].verdict, each[1].frame[i].verdict);
    }
}

/* That it has been told takes nothing from what the copies add up to. */
static void to_tell_does_not_change_the_sum(void **state)
{
    struct log last[2];

    (void)state;
    for (int is_prompt = 0; is_prompt < 2; is_prompt++) {
        begin(is_prompt, false);
        burst(14, 1, 1, 9);
        burst(14, 1.3, 1, 10);
        press_flush(&grouper);
        assert_true(came.n >= 1);
        last[is_prompt].frame[0] = came.frame[came.n - 1];
    }
    for (size_t i = 0; i < 66; i++)
        assert_float_equal(last[1].frame[0].bits.llr[i],
                           last[0].frame[0].bits.llr[i], 1e-4f);
    assert_true(last[1].frame[0].confidence == last[0].frame[0].confidence);
    assert_int_equal(last[1].frame[0].at, last[0].frame[0].at);
}

static void a_burst_without_frames_is_nothing(void **state)
{
    (void)state;
    begin(true, false);
    press_settle(&grouper);
    press_flush(&grouper);
    press_settle(&grouper);
    assert_int_equal(came.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_told_with_its_burst),
        cmocka_unit_test(without_it_the_end_of_a_burst_is_nothing),
        cmocka_unit_test(copies_of_one_burst_are_told_together),
        cmocka_unit_test(a_run_is_told_again_when_it_is_proven),
        cmocka_unit_test(the_end_of_a_press_tells_what_it_has_proven),
        cmocka_unit_test(doubtful_copies_wait_for_each_other),
        cmocka_unit_test(a_new_press_is_told_anew),
        cmocka_unit_test(runs_within_a_burst_are_each_told),
        cmocka_unit_test(with_every_copy_it_changes_nothing),
        cmocka_unit_test(to_tell_does_not_change_the_sum),
        cmocka_unit_test(a_burst_without_frames_is_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
