/* test_notes - bursts and frames on their way to the annotations of a file that
 * leaves out some of the stream.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "src/notes.h"

static struct notes notes;
static struct sigmf_note sorted[NOTES_MAX];
static const struct report_origin origin = { .rate_hz = 1e6,
                                             .centre_hz = NAN,
                                             .gain_db = NAN };

static int start(void **state)
{
    (void)state;
    memset(&notes, 0, sizeof notes);
    return 0;
}

static void add_frame(uint64_t at, uint64_t samples)
{
    struct frame f = { .verdict = VERDICT_PLAUSIBLE,
                       .te_us = 400,
                       .at = at,
                       .samples = samples,
                       .copies = 1,
                       .confidence = 0.9,
                       .reception = { .carrier_hz = 10e3 } };

    f.bits.n = 24;
    notes_add_frame(&notes, &f, 1, 433.92e6, 20);
}

static void add_burst(uint64_t at, uint64_t samples, size_t n_frames)
{
    const struct burst_report b = { .at = at,
                                    .samples = samples,
                                    .reception = { .carrier_hz = -20e3 },
                                    .bandwidth_hz = 8e3,
                                    .n_frames = n_frames };

    notes_add_burst(&notes, &b, 433.92e6, 20);
}

/* 0 .. 99 are stream 1000 .. 1099, 100 .. 199 are 1150 .. 1249. */
static const struct recording file = {
    .rate_hz = 1e6,
    .written = 200,
    .segments = { { .start = 0, .global = 1000 },
                  { .start = 100, .global = 1150 } },
    .n_segments = 2,
};

static size_t written(uint64_t first, uint64_t length)
{
    return notes_write(&notes, &file, first, length, &origin, sorted);
}

static void free_sorted(size_t n)
{
    for (size_t i = 0; i < n; i++)
        json_free(sorted[i].about);
}

static void where_they_are_in_the_file(void **state)
{
    (void)state;
    add_frame(1160, 20);
    add_burst(1010, 30, 0);
    const size_t n = written(1000, 200);
    assert_int_equal(n, 2); /* by start */
    assert_true(sorted[0].start == 10 && sorted[0].count == 30);
    assert_true(sorted[1].start == 110 && sorted[1].count == 20);
    assert_true(sorted[0].low_hz == 433.9e6 - 4e3);
    assert_true(sorted[0].high_hz == 433.9e6 + 4e3);
    assert_null(sorted[0].about);
    assert_non_null(sorted[1].about);
    assert_true(sorted[1].low_hz < 433.93e6 && sorted[1].high_hz > 433.93e6);
    assert_true(json_number(json_get(sorted[1].about, "fob"), "carrier_hz",
                            0) == 433.93e6);
    free_sorted(n);
}

/* Of one that lies partly in the file there is that part. */
static void at_the_ends(void **state)
{
    static const struct {
        uint64_t at, samples;
        size_t n;
        uint64_t start, count;
    } cases[] = {
        { 900, 100, 0, 0, 0 },    { 900, 101, 1, 0, 1 },
        { 900, 900, 1, 0, 200 },  { 1000, 1, 1, 0, 1 },
        { 1090, 20, 1, 90, 10 },  { 1110, 20, 0, 0, 0 },
        { 1110, 50, 1, 100, 10 }, { 1090, 70, 1, 90, 20 },
        { 1249, 1, 1, 199, 1 },   { 1249, 500, 1, 199, 1 },
        { 1250, 5, 0, 0, 0 },     { 1u << 30, 5, 0, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        notes_clear(&notes);
        add_burst(cases[i].at, cases[i].samples, 0);
        const size_t n = written(1000, 200);
        if (n != cases[i].n)
            fail_msg("case %zu: %zu notes", i, n);
        if (n > 0 && (sorted[0].start != cases[i].start ||
                      sorted[0].count != cases[i].count))
            fail_msg("case %zu: %d + %d", i, (int)sorted[0].start,
                     (int)sorted[0].count);
        free_sorted(n);
    }
}

static void only_the_samples_that_stay(void **state)
{
    (void)state;
    add_burst(1010, 5, 0);
    add_burst(1045, 10, 0);
    add_burst(1200, 5, 0);
    const size_t n = written(1000, 50); /* of the file's 200 */
    assert_int_equal(n, 2);
    assert_true(sorted[1].start == 45 && sorted[1].count == 5);
    free_sorted(n);
}

static void a_burst_with_frames_is_told_by_them(void **state)
{
    (void)state;
    add_burst(1010, 30, 2);
    assert_int_equal(notes.n, 0);
    assert_int_equal(written(1000, 200), 0);
}

static void found_out_late(void **state)
{
    (void)state;
    add_burst(1010, 5, 0);
    add_frame(1150, 5);
    add_burst(1160, 5, 0);
    notes_shift(&notes, 1150, 30);
    const size_t n = written(1000, 200);
    assert_int_equal(n, 3);
    assert_true(sorted[0].start == 10);
    assert_true(sorted[1].start == 130 && sorted[1].count == 5);
    assert_true(sorted[2].start == 140);
    free_sorted(n);
}

static void those_without_room_are_counted(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < NOTES_MAX + 7; i++) {
        if (i % 2 == 0)
            add_burst(1249 - i % 50, 1, 0);
        else
            add_frame(1000 + i % 50, 1);
    }
    assert_int_equal(notes.n, NOTES_MAX);
    assert_int_equal(notes.left_out, 7);
    const size_t n = written(1000, 200);
    assert_int_equal(n, NOTES_MAX);
    for (size_t i = 1; i < n; i++)
        assert_true(sorted[i - 1].start <= sorted[i].start);
    free_sorted(n);
    notes_clear(&notes);
    assert_int_equal(notes.n + notes.left_out, 0);
    assert_int_equal(written(1000, 200), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(where_they_are_in_the_file, start),
        cmocka_unit_test_setup(at_the_ends, start),
        cmocka_unit_test_setup(only_the_samples_that_stay, start),
        cmocka_unit_test_setup(a_burst_with_frames_is_told_by_them, start),
        cmocka_unit_test_setup(found_out_late, start),
        cmocka_unit_test_setup(those_without_room_are_counted, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
