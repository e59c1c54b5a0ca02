/* test_recording - files with names, modes, segments; whole or absent.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/recording.h"
#include "src/sigmf.h"

static struct recording rec;
static char folder[PATH_MAX];
static const struct source_info info = { .format = SAMPLE_CU8,
                                         .rate_hz = 2.048e6,
                                         .centre_hz = 433.72e6 };
static const struct sigmf_origin begun = { .start_unix_s = 0.5,
                                           .added_unix_s = NAN };

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/fobscope-test-XXXXXX");
    rec = (struct recording){ 0 };
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    (void)state;
    recording_abandon(&rec);
    while (dir != NULL && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            assert_int_equal(unlinkat(dirfd(dir), entry->d_name, 0), 0);
    if (dir != NULL)
        closedir(dir);
    return rmdir(folder);
}

static void path_of(char path[PATH_MAX + 64], const char *name)
{
    snprintf(path, PATH_MAX + 64, "%s/%s", folder, name);
}

static bool is_there(const char *name)
{
    char path[PATH_MAX + 64];

    path_of(path, name);
    return access(path, F_OK) == 0;
}

static char *text_of(const char *name, size_t *n)
{
    char path[PATH_MAX + 64];
    char *text = calloc(1, 65536);
    FILE *f;

    path_of(path, name);
    f = fopen(path, "r");
    assert_non_null(f);
    assert_non_null(text);
    *n = fread(text, 1, 65535, f);
    fclose(f);
    return text;
}

static void write_counting(size_t n)
{
    uint8_t samples[2000];

    assert_true(n <= 1000);
    for (size_t i = 0; i < n; i++)
        samples[2 * i] = samples[2 * i + 1] =
            (uint8_t)((rec.written + i) & 0xff);
    assert_int_equal(recording_write(&rec, samples, n), 0);
}

/* Until it is whole a file is not there by its name. */
static void a_pair_is_whole_or_absent(void **state)
{
    char path[PATH_MAX + 64];
    unsigned number = 0;
    struct sigmf_meta meta;
    struct stat st;
    struct err e;

    (void)state;
    assert_int_equal(recording_open(&rec, folder, false, &info, &number), 0);
    assert_int_equal(number, 1);
    assert_int_equal(recording_segment(&rec, 5000, 433.72e6, 28), 0);
    write_counting(1000);
    assert_true(is_there("g001_433.72M_2048k.sigmf-data.part"));
    assert_false(is_there("g001_433.72M_2048k.sigmf-data"));
    assert_int_equal(recording_close(&rec, 600, &begun, NULL, 0), 0);
    assert_false(is_there("g001_433.72M_2048k.sigmf-data.part"));
    assert_false(is_there("g001_433.72M_2048k.sigmf-meta.part"));
    path_of(path, "g001_433.72M_2048k.sigmf-data");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, 1200);
    assert_int_equal(st.st_mode & 0777, 0600);
    path_of(path, "g001_433.72M_2048k.sigmf-meta");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(sigmf_read(&meta, path, &e), 0);
    assert_true(meta.rate_hz == 2.048e6 && meta.centre_hz == 433.72e6);
    assert_int_equal(meta.format, SAMPLE_CU8);
}

static void nothing_is_overwritten(void **state)
{
    static struct recording other;
    char path[PATH_MAX + 64];
    unsigned number = 0;
    FILE *f;

    (void)state;
    path_of(path, "g001_433.72M_2048k.cu8");
    f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
    path_of(path, "g002_433.72M_2048k.cu8.part"); /* of a crash */
    f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
    assert_int_equal(recording_open(&rec, folder, true, &info, &number), 0);
    assert_int_equal(number, 3);
    number = 0; /* another process at the same time */
    other = (struct recording){ 0 };
    assert_int_equal(recording_open(&other, folder, true, &info, &number), 0);
    assert_int_equal(number, 4);
    assert_int_equal(recording_close(&other, 0, &begun, NULL, 0), 0);
    assert_int_equal(recording_close(&rec, 0, &begun, NULL, 0), 0);
    assert_true(is_there("g003_433.72M_2048k.cu8"));
    assert_true(is_there("g004_433.72M_2048k.cu8"));
    assert_false(is_there("g003_433.72M_2048k.sigmf-meta"));
}

static void no_folder_is_a_fault(void **state)
{
    char path[PATH_MAX + 64];
    unsigned number = 0;

    (void)state;
    path_of(path, "none");
    assert_int_equal(recording_open(&rec, path, true, &info, &number), -ENOENT);
    assert_null(rec.file);
}

/* 0 .. 99 are stream 1000 .. 1099, then 50 are missing. */
static void begin_with_a_gap(void)
{
    unsigned number = 0;

    assert_int_equal(recording_open(&rec, folder, false, &info, &number), 0);
    assert_int_equal(recording_segment(&rec, 1000, 433.72e6, 28), 0);
    write_counting(100);
    assert_int_equal(recording_segment(&rec, 1150, 433.72e6, 28), 0);
    write_counting(100);
}

static void positions_are_found_in_the_file(void **state)
{
    (void)state;
    begin_with_a_gap();
    assert_int_equal(recording_index(&rec, 0), 0);
    assert_int_equal(recording_index(&rec, 1000), 0);
    assert_int_equal(recording_index(&rec, 1099), 99);
    assert_int_equal(recording_index(&rec, 1100), 100);
    assert_int_equal(recording_index(&rec, 1149), 100);
    assert_int_equal(recording_index(&rec, 1150), 100);
    assert_int_equal(recording_index(&rec, 1200), 150);
    assert_int_equal(recording_index(&rec, 9999), 200);
}

/* Found out late: 7 samples were missing in front of stream position 1170. */
static void a_late_gap_parts_a_segment(void **state)
{
    (void)state;
    begin_with_a_gap();
    assert_int_equal(recording_shift(&rec, 1170, 7), 0);
    assert_int_equal(rec.n_segments, 3);
    assert_int_equal(rec.segments[2].start, 120);
    assert_int_equal(rec.segments[2].global, 1177);
    assert_int_equal(recording_index(&rec, 1169), 119);
    assert_int_equal(recording_index(&rec, 1177), 120);
    /* in front of a segment: that moves, and none is added */
    assert_int_equal(recording_shift(&rec, 1150, 3), 0);
    assert_int_equal(rec.n_segments, 3);
    assert_int_equal(rec.segments[1].global, 1153);
    assert_int_equal(rec.segments[2].global, 1180);
    /* before all of it */
    assert_int_equal(recording_shift(&rec, 10, 1), 0);
    assert_int_equal(rec.segments[0].global, 1001);
}

static void the_end_of_what_was_written(void **state)
{
    unsigned number = 0;

    (void)state;
    assert_int_equal(recording_open(&rec, folder, false, &info, &number), 0);
    assert_true(recording_end(&rec) == UINT64_MAX);
    assert_int_equal(recording_segment(&rec, 1000, 433.72e6, 28), 0);
    write_counting(100);
    assert_true(recording_end(&rec) == 1100);
    write_counting(1);
    assert_true(recording_end(&rec) == 1101);
    assert_int_equal(recording_segment(&rec, 1150, 433.72e6, 28), 0);
    write_counting(100);
    assert_true(recording_end(&rec) == 1250);
    assert_int_equal(recording_shift(&rec, 1200, 7), 0);
    assert_true(recording_end(&rec) == 1257);
}

/* 30 of the 50 that are missing were not wanted. */
static void what_is_left_out_is_told_from_what_is_lost(void **state)
{
    char path[PATH_MAX + 64];
    struct sigmf_meta meta;
    struct err e;

    (void)state;
    begin_with_a_gap();
    recording_leave_out(&rec, 30);
    assert_int_equal(recording_close(&rec, 200, &begun, NULL, 0), 0);
    path_of(path, "g001_433.72M_2048k.sigmf-meta");
    assert_int_equal(sigmf_read(&meta, path, &e), 0);
    assert_int_equal(meta.n_gaps, 1);
    assert_true(meta.gaps[0].start == 100);
    assert_true(meta.gaps[0].left_out == 30 && meta.gaps[0].lost == 20);
}

static void too_many_gaps_are_told(void **state)
{
    unsigned number = 0;

    (void)state;
    assert_int_equal(recording_open(&rec, folder, false, &info, &number), 0);
    for (size_t i = 0; i < RECORDING_SEGMENTS_MAX; i++) {
        assert_int_equal(recording_segment(&rec, 100 * i, 1, 2), 0);
        write_counting(10);
    }
    assert_int_equal(recording_segment(&rec, 1000000, 1, 2), -EFBIG);
    assert_int_equal(recording_shift(&rec, 105, 2), -EFBIG);
}

static void the_metadata_says_what_is_known(void **state)
{
    struct json *about = json_new_object();
    size_t n;
    char *text;

    (void)state;
    begin_with_a_gap();
    json_set_string(about, "model", "X");
    const struct sigmf_note note = { .start = 3,
                                     .count = 40,
                                     .low_hz = 433.9e6,
                                     .high_hz = 433.91e6,
                                     .label = "X",
                                     .about = about };
    assert_int_equal(recording_close(&rec, 200, &begun, &note, 1), 0);
    text = text_of("g001_433.72M_2048k.sigmf-meta", &n);
    struct json *j = json_load(text, n, "meta", NULL);
    assert_non_null(j);
    const struct json *captures = json_get(j, "captures");
    assert_int_equal(json_size(captures), 2);
    const struct json *second = json_at(captures, 1);
    assert_true(json_number(second, "core:sample_start", -1) == 100);
    assert_true(json_number(second, "core:global_index", -1) == 1150);
    assert_true(json_number(second, "fob:gain_db", -1) == 28);
    assert_string_equal(json_text(second, "core:datetime"),
                        "1970-01-01T00:00:00.500562Z");
    const struct json *first = json_at(json_get(j, "annotations"), 0);
    assert_true(json_number(first, "core:sample_count", 0) == 40);
    assert_string_equal(json_text(first, "core:label"), "X");
    assert_string_equal(json_text(json_get(first, "fob:frame"), "model"), "X");
    json_free(j);
    free(text);
}

int main(void)
{
#define IN_FOLDER(f)                                                           \
    cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_pair_is_whole_or_absent),
        IN_FOLDER(nothing_is_overwritten),
        IN_FOLDER(no_folder_is_a_fault),
        IN_FOLDER(positions_are_found_in_the_file),
        IN_FOLDER(a_late_gap_parts_a_segment),
        IN_FOLDER(the_end_of_what_was_written),
        IN_FOLDER(what_is_left_out_is_told_from_what_is_lost),
        IN_FOLDER(too_many_gaps_are_told),
        IN_FOLDER(the_metadata_says_what_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
