/* Copies of a frame and the presses that they make up.
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

extern const struct protocol protocol_siemens_5wy72xx;

static void begin(bool is_every, bool is_all)
{
    came.n = 0;
    press_init(&grouper, &(struct press_cfg){ .rate_hz = RATE,
                                              .is_every = is_every,
                                              .is_all = is_all,
                                              .frame = keep,
                                              .user = &came });
}

static void send(uint64_t content, double seconds, float llr)
{
    struct frame f = copy_of(content, seconds, llr);

    press_process(&grouper, &f);
}

static bool has_bits(const struct frame *f, uint64_t content)
{
    struct frame want = copy_of(content, 0, 20);

    return memcmp(f->bits.value, want.bits.value, 66) == 0;
}

static void copies_become_one_frame(void **state)
{
    (void)state;
    begin(false, false);
    for (int i = 0; i < 4; i++)
        send(1, 1 + 0.12 * i, 9);
    press_flush(&grouper);
    assert_int_equal(came.n, 1);
    assert_int_equal(came.press[0], 1);
    assert_int_equal(came.frame[0].copies, 4);
    assert_true(has_bits(&came.frame[0], 1));
    assert_int_equal(came.frame[0].at, (uint64_t)RATE);
    /* reliabilities add up */
    for (size_t i = 0; i < 66; i++)
        assert_float_equal(fabsf(came.frame[0].bits.llr[i]), 36.0f, 1e-3f);
    assert_int_equal(grouper.frames, 1);
    press_flush(&grouper);
    assert_int_equal(came.n, 1);
}

/* A bit that one copy has wrong, with doubt, the others put right. */
static void likelihoods_outvote_a_wrong_bit(void **state)
{
    struct frame bad = copy_of(2, 1.12, 9);

    (void)state;
    bad.bits.value[7] ^= 1;
    bad.bits.llr[7] = bad.bits.value[7] ? 1.5f : -1.5f;
    sighting_judge(bad.protocol, &bad.bits, &bad.verdict, &bad.confidence);
    begin(false, false);
    send(2, 1, 9);
    press_process(&grouper, &bad);
    send(2, 1.24, 9);
    press_flush(&grouper);
    assert_int_equal(came.n, 1);
    assert_int_equal(came.frame[0].copies, 3);
    assert_true(has_bits(&came.frame[0], 2));
    assert_float_equal(fabsf(came.frame[0].bits.llr[7]), 16.5f, 1e-3f);
}

/* Surer together than the surest of them; that they agree is the proof that a
 * format without a check lacks. */
static void copies_are_surer_than_one(void **state)
{
    struct frame one = copy_of(3, 0, 9);

    (void)state;
    begin(false, false);
    send(3, 1, 9);
    send(3, 1.12, 9);
    press_flush(&grouper);
    assert_int_equal(came.n, 1);
    assert_true(came.frame[0].confidence > one.confidence);
    assert_int_equal(one.verdict, VERDICT_PLAUSIBLE);
    assert_int_equal(came.frame[0].verdict, VERDICT_PROVEN);
    assert_true(came.frame[0].confidence <= 1);
}

/* The mixer's image of each copy, 600 kHz away and 25 dB weaker, whichever comes
 * first: one press, of as many copies as were sent, where it is strongest. */
static void an_image_is_no_copy(void **state)
{
    (void)state;
    for (int image_first = 0; image_first < 2; image_first++) {
        begin(false, false);
        for (int round = 0; round < 2; round++)
            for (int i = 0; i < 3; i++) {
                struct frame f = copy_of(8, 1 + 0.12 * i, 12);
                if (round != image_first) {
                    f.reception.carrier_hz -= 600e3;
                    f.reception.level_dbfs -= 25;
                }
                press_process(&grouper, &f);
            }
        press_flush(&grouper);
        assert_int_equal(came.n, 1);
        assert_int_equal(came.frame[0].copies, 3);
        assert_float_equal((float)came.frame[0].reception.carrier_hz,
                           (float)copy_of(8, 1, 12).reception.carrier_hz, 1.0f);
    }
}

/* The next one begins a sample before the last one ends, as it may be measured. */
static void copies_without_a_gap_count(void **state)
{
    (void)state;
    begin(false, false);
    for (int i = 0; i < 4; i++) {
        struct frame f = copy_of(9, 1, 12);
        f.at += (uint64_t)i * (f.samples - 1);
        press_process(&grouper, &f);
    }
    press_flush(&grouper);
    assert_int_equal(came.n, 1);
    assert_int_equal(came.frame[0].copies, 4);
}

static void other_content_is_another_press(void **state)
{
    (void)state;
    begin(false, false);
    send(4, 1, 12);
    send(4, 1.12, 12);
    send(5, 1.24, 12);
    send(5, 1.36, 12);
    send(6, 1.48, 12);
    press_flush(&grouper);
    assert_int_equal(came.n, 3);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(came.press[i], i + 1);
        assert_true(has_bits(&came.frame[i], 4 + i));
        assert_int_equal(came.frame[i].copies, i < 2 ? 2 : 1);
    }
}

/* A fob that is pressed twice in a row and sends the same (no rolling code). */
static void a_pause_ends_a_press(void **state)
{
    (void)state;
    begin(false, false);
    send(7, 1, 12);
    send(7, 1.12, 12);
    send(7, 9, 12);
    press_flush(&grouper);
    assert_int_equal(came.n, 2);
    assert_int_equal(came.press[0], 1);
    assert_int_equal(came.press[1], 2);
    assert_int_equal(came.frame[0].copies, 2);
    assert_int_equal(came.frame[1].copies, 1);
}

/* What is known to be over does not wait for the next frame. */
static void time_that_passes_ends_a_press(void **state)
{
    (void)state;
    begin(false, false);
    send(8, 1, 12);
    press_advance(&grouper, (uint64_t)(1.1 * RATE));
    assert_int_equal(came.n, 0);
    press_advance(&grouper, (uint64_t)(1.15 * RATE));
    assert_int_equal(came.n, 0);
    press_advance(&grouper, (uint64_t)(20 * RATE));
    assert_int_equal(came.n, 1);
    press_advance(&grouper, (uint64_t)(40 * RATE));
    press_flush(&grouper);
    assert_int_equal(came.n, 1);
}

static void every_copy_comes_out_where_asked(void **state)
{
    (void)state;
    begin(true, false);
    send(9, 1, 12);
    send(9, 1.12, 12);
    send(10, 1.24, 12);
    send(10, 9, 12);
    press_flush(&grouper);
    const unsigned press[4] = { 1, 1, 2, 3 };
    assert_int_equal(came.n, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(came.press[i], press[i]);
        assert_int_equal(came.frame[i].copies, 1);
        assert_float_equal(fabsf(came.frame[i].bits.llr[0]), 12.0f, 1e-4f);
    }
    assert_int_equal(came.frame[1].at, (uint64_t)(1.12 * RATE));
}

/* Damaged: its check says so. Doubtful: 66 bits of 92 % each. */
static void damaged_and_doubtful_frames_are_hidden(void **state)
{
    (void)state;
    for (int is_every = 0; is_every < 2; is_every++)
        for (int is_all = 0; is_all < 2; is_all++) {
            struct frame damaged = copy_of(11, 1, 12);
            damaged.verdict = VERDICT_DAMAGED;
            memset(damaged.bits.value, 1, 66);
            for (size_t i = 0; i < 66; i++)
                damaged.bits.llr[i] = 12;
            begin(is_every, is_all);
            press_process(&grouper, &damaged);
            press_flush(&grouper);
            assert_int_equal(came.n, is_all);
            begin(is_every, is_all);
            send(12, 1, 2.5f);
            press_flush(&grouper);
            assert_int_equal(came.n, is_all);
        }
}

/* Two doubtful copies make one that is not: 66 bits of 99.9 %. */
static void doubtful_copies_that_agree_come_out(void **state)
{
    (void)state;
    begin(false, false);
    send(13, 1, 3.5f);
    send(13, 1.12, 3.5f);
    send(13, 1.24, 3.5f);
    press_flush(&grouper);
    assert_int_equal(came.n, 1);
    assert_int_equal(came.frame[0].copies, 3);
    assert_true(came.frame[0].confidence > 0.9);
}

static void frames_of_other_length_are_no_copies(void **state)
{
    struct frame a = copy_of(14, 1, 12), b = copy_of(15, 1.12, 12);

    (void)state;
    a.protocol = b.protocol = NULL;
    b.bits.n = 50;
    begin(false, false);
    press_process(&grouper, &a);
    press_process(&grouper, &b);
    press_flush(&grouper);
    assert_int_equal(came.n, 2);
    assert_int_equal(came.frame[0].bits.n, 66);
    assert_int_equal(came.frame[1].bits.n, 50);
    assert_int_equal(came.press[1], 2);
}

/* Where nothing says how long a frame is, one that is cut off is not another:
 * whatever becomes of it, its press is the same. */
static void a_part_of_an_unknown_frame_is_no_press(void **state)
{
    struct frame a = copy_of(16, 1, 12), b = copy_of(16, 1.12, 12);

    (void)state;
    a.protocol = b.protocol = NULL;
    b.bits.n = 60;
    begin(false, false);
    press_process(&grouper, &a);
    press_process(&grouper, &b);
    press_flush(&grouper);
    assert_true(came.n >= 1);
    assert_int_equal(came.frame[0].bits.n, 66);
    for (size_t i = 0; i < came.n; i++)
        assert_int_equal(came.press[i], 1);
}

/* A frame whose 8 bits of check hold. */
static struct frame siemens_copy(uint64_t content, double seconds, float llr)
{
    struct frame f = copy_of(content, seconds, llr);

    f.protocol = &protocol_siemens_5wy72xx;
    f.kind = LINE_MANCHESTER;
    f.te_us = 220;
    f.bits.n = 96;
    for (size_t i = 66; i < 96; i++)
        f.bits.value[i] = f.bits.value[i - 60];
    for (size_t i = 88; i < 96; i++)
        f.bits.value[i] =
            (f.bits.value[i] ^ bits_xor8(&f.bits, 0, 96) >> (95 - i)) & 1;
    for (size_t i = 66; i < 96; i++)
        f.bits.llr[i] = f.bits.value[i] ? llr : -llr;
    sighting_judge(f.protocol, &f.bits, &f.verdict, &f.confidence);
    return f;
}

/* The same with a wrong bit that is as sure as llr. */
static struct frame siemens_wrong(struct frame f, size_t bit, float llr)
{
    f.bits.value[bit] ^= 1;
    f.bits.llr[bit] = f.bits.value[bit] ? llr : -llr;
    sighting_judge(f.protocol, &f.bits, &f.verdict, &f.confidence);
    assert_int_equal(f.verdict, VERDICT_DAMAGED);
    return f;
}

/* Each has a wrong bit, with doubt, and fails its check. Their sum does not. */
static void doubtful_copies_hold_their_check_together(void **state)
{
    (void)state;
    for (size_t n = 2; n <= 5; n++) {
        const struct frame want = siemens_copy(20, 1, 4);
        begin(false, false);
        for (size_t i = 0; i < n; i++) {
            struct frame f = siemens_copy(20, 1 + 0.12 * (double)i, 4);
            f = siemens_wrong(f, 7 + 13 * i, 0.5f);
            press_process(&grouper, &f);
        }
        press_flush(&grouper);
        assert_int_equal(came.n, 1);
        assert_int_equal(came.press[0], 1);
        assert_int_equal(came.frame[0].copies, n);
        assert_memory_equal(came.frame[0].bits.value, want.bits.value, 96);
        assert_true(came.frame[0].verdict >= VERDICT_PLAUSIBLE);
        assert_true(came.frame[0].confidence > 0.9);
        if (n > 3)
            assert_int_equal(came.frame[0].verdict, VERDICT_PROVEN);
    }
}

/* Two copies, another frame, and what its check denies around each of them. */
static void damaged_frames_are_no_press(void **state)
{
    (void)state;
    for (int is_all = 0; is_all < 2; is_all++) {
        unsigned good = 0;
        begin(false, is_all);
        for (unsigned i = 0; i < 7; i++) {
            const bool is_good = i % 2;
            struct frame f =
                siemens_copy(is_good ? 21 + i / 5 : 30 + i, 1 + 0.12 * i, 12);
            if (!is_good)
                f = siemens_wrong(f, 10 + 5 * i, 12);
            press_process(&grouper, &f);
        }
        press_flush(&grouper);
        assert_int_equal(came.n, is_all ? 4 + 2 : 2);
        for (size_t i = 0; i < came.n; i++) {
            if (came.frame[i].verdict < VERDICT_PLAUSIBLE)
                continue;
            assert_int_equal(came.frame[i].copies, good == 0 ? 2 : 1);
            assert_int_equal(came.press[i], ++good);
        }
        assert_int_equal(good, 2);
    }
}

/* Between two copies, nothing in doubt is another press; a sure one is. */
static void a_doubtful_frame_does_not_break_a_press(void **state)
{
    (void)state;
    for (int is_sure = 0; is_sure < 2; is_sure++) {
        begin(false, false);
        send(23, 1, 12);
        send(24, 1.15, is_sure ? 12 : 2); /* 50 ms after it */
        send(23, 1.3, 12);
        press_flush(&grouper);
        assert_int_equal(came.n, is_sure ? 3 : 1);
        assert_int_equal(came.frame[0].copies, is_sure ? 1 : 2);
        assert_true(has_bits(&came.frame[0], 23));
        for (unsigned i = 0; i < came.n; i++)
            assert_int_equal(came.press[i], i + 1);
    }
}

/* Of a format with a check as well: then it is damaged, too. */
static void nor_does_one_that_fails_its_check(void **state)
{
    struct frame f = siemens_wrong(siemens_copy(25, 1.15, 2), 30, 2);

    (void)state;
    begin(false, false);
    send(26, 1, 12);
    press_process(&grouper, &f);
    send(26, 1.3, 12);
    send(27, 1.45, 12);
    press_flush(&grouper);
    assert_int_equal(came.n, 2);
    assert_int_equal(came.frame[0].copies, 2);
    assert_int_equal(came.press[0], 1);
    assert_int_equal(came.press[1], 2);
}

static void without_frames_nothing_comes(void **state)
{
    (void)state;
    begin(false, true);
    press_advance(&grouper, 1000000);
    press_flush(&grouper);
    assert_int_equal(came.n, 0);
    assert_int_equal(grouper.frames, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_become_one_frame),
        cmocka_unit_test(likelihoods_outvote_a_wrong_bit),
        cmocka_unit_test(copies_are_surer_than_one),
        cmocka_unit_test(an_image_is_no_copy),
        cmocka_unit_test(copies_without_a_gap_count),
        cmocka_unit_test(other_content_is_another_press),
        cmocka_unit_test(a_pause_ends_a_press),
        cmocka_unit_test(time_that_passes_ends_a_press),
        cmocka_unit_test(every_copy_comes_out_where_asked),
        cmocka_unit_test(damaged_and_doubtful_frames_are_hidden),
        cmocka_unit_test(doubtful_copies_that_agree_come_out),
        cmocka_unit_test(frames_of_other_length_are_no_copies),
        cmocka_unit_test(a_part_of_an_unknown_frame_is_no_press),
        cmocka_unit_test(doubtful_copies_hold_their_check_together),
        cmocka_unit_test(damaged_frames_are_no_press),
        cmocka_unit_test(a_doubtful_frame_does_not_break_a_press),
        cmocka_unit_test(nor_does_one_that_fails_its_check),
        cmocka_unit_test(without_frames_nothing_comes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
