/* test_sigmf_write - documents that keep the rules and say what is known; words
 * put in and taken out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/sigmf.h"
#include "src/sigmf_rules.h"
#include "src/sigmf_write.h"
#include "tests/src/archived.h"

static void fault(void *user, const char *sentence)
{
    (void)user;
    fail_msg("%s", sentence);
}

static char *text_of(const struct json *j)
{
    char *text = NULL;
    size_t n;
    FILE *f = open_memstream(&text, &n);

    assert_non_null(f);
    assert_int_equal(json_document(j, f), 0);
    fclose(f);
    return text;
}

static struct sigmf_description plain(void)
{
    static char hash[HASH_HEX];
    static const struct sigmf_segment one = { .centre_hz = 433.92e6,
                                              .gain_db = NAN };

    memset(hash, 'a', sizeof hash - 1);
    return (struct sigmf_description){
        .format = SAMPLE_CU8,
        .rate_hz = 250e3,
        .sha512 = hash,
        .segments = &one,
        .n_segments = 1,
        .origin = { .start_unix_s = NAN, .added_unix_s = NAN },
    };
}

static struct json *written(const struct sigmf_description *d)
{
    struct json *j = sigmf_write(d);

    assert_non_null(j);
    sigmf_rules_check(j, UINT64_MAX, fault, NULL);
    return j;
}

static void what_is_known(void **state)
{
    static const struct sigmf_segment segments[] = {
        { .global = 500, .centre_hz = 433.92e6, .gain_db = 20 },
        { .start = 10,
          .global = 610,
          .left_out = 60,
          .centre_hz = 868.35e6,
          .gain_db = NAN },
    };
    struct sigmf_meta meta;
    struct err e = { "" };

    (void)state;
    struct sigmf_description d = plain();
    d.format = SAMPLE_CF32;
    d.segments = segments;
    d.n_segments = 2;
    d.origin.start_unix_s = 1774783620;
    d.origin.added_unix_s = 1774783621.25;
    d.origin.hardware = "a dongle";
    d.origin.owner = (struct owner_words){ .label = "L", .note = "" };
    struct json *j = written(&d);
    assert_int_equal(sigmf_understand(&meta, j, "n", &e), 0);
    assert_int_equal(meta.format, SAMPLE_CF32);
    assert_true(meta.rate_hz == 250e3 && meta.centre_hz == 433.92e6);
    assert_true(meta.is_retuned);
    assert_true(fabs(meta.start_unix_s - (1774783620 + 500 / 250e3)) < 1e-6);
    assert_int_equal(meta.n_gaps, 1);
    assert_true(meta.gaps[0].start == 10 && meta.gaps[0].lost == 40 &&
                meta.gaps[0].left_out == 60);
    const struct json *global = json_get(j, "global");
    assert_string_equal(json_text(global, "core:sha512"), d.sha512);
    assert_string_equal(json_text(global, "fob:label"), "L");
    assert_null(json_get(global, "fob:note"));
    assert_null(json_get(global, "fob:car"));
    assert_string_equal(json_text(global, "fob:added"),
                        "2026-03-29T11:27:01.250000Z");
    char *text = text_of(j);
    assert_non_null(strstr(text, "a dongle"));
    free(text);
    json_free(j);
}

static void what_is_not_known_is_not_said(void **state)
{
    struct sigmf_description d = plain();
    const struct sigmf_segment none = { .centre_hz = NAN, .gain_db = NAN };

    (void)state;
    d.segments = &none;
    struct json *j = written(&d);
    char *text = text_of(j);
    assert_null(strstr(text, "null"));
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "core:frequency"));
    assert_null(strstr(text, "core:datetime"));
    assert_null(strstr(text, "fob:added"));
    free(text);
    json_free(j);
}

static void notes_are_in_it(void **state)
{
    struct json *about = json_new_object();
    const struct sigmf_note notes[] = {
        { .start = 3, .count = 4, .low_hz = NAN, .high_hz = NAN, .label = "b" },
        { .start = 5,
          .count = 6,
          .low_hz = 1,
          .high_hz = 2,
          .label = "X",
          .about = about },
    };
    struct sigmf_description d = plain();

    (void)state;
    json_set_string(about, "model", "M");
    d.notes = notes;
    d.n_notes = 2;
    struct json *j = written(&d);
    const struct json *a = json_get(j, "annotations");
    assert_int_equal(json_size(a), 2);
    assert_null(json_get(json_at(a, 0), "core:freq_lower_edge"));
    assert_null(json_get(json_at(a, 0), "fob:frame"));
    assert_true(json_number(json_at(a, 1), "core:freq_upper_edge", 0) == 2);
    assert_string_equal(
        json_text(json_get(json_at(a, 1), "fob:frame"), "model"), "M");
    json_free(j);
}

static void words_in_and_out(void **state)
{
    struct sigmf_description d = plain();
    const struct owner_words all = { "1", "2", "3", "4", "5" };
    const struct owner_words out = { "", "", "", "", "" };
    const struct owner_words nothing = { .label = NULL };

    (void)state;
    struct json *j = written(&d);
    char *before = text_of(j);
    j = sigmf_relabel(j, &all);
    sigmf_rules_check(j, UINT64_MAX, fault, NULL);
    for (size_t i = 0; i < OWNER_WORDS; i++) {
        char key[32];
        snprintf(key, sizeof key, "fob:%s", owner_names[i]);
        assert_string_equal(json_text(json_get(j, "global"), key),
                            owner_word(&all, i));
    }
    char *with = text_of(j);
    j = sigmf_relabel(j, &nothing);
    char *same = text_of(j);
    assert_string_equal(with, same);
    j = sigmf_relabel(j, &(const struct owner_words){ .car = "", .note = "N" });
    assert_null(json_get(json_get(j, "global"), "fob:car"));
    assert_string_equal(json_text(json_get(j, "global"), "fob:note"), "N");
    assert_string_equal(json_text(json_get(j, "global"), "fob:label"), "1");
    j = sigmf_relabel(j, &out);
    char *after = text_of(j);
    assert_string_equal(before, after);
    sigmf_rules_check(j, UINT64_MAX, fault, NULL);
    json_free(j);
    free(before);
    free(with);
    free(same);
    free(after);
}

/* Somebody else's document, where fob: was not declared. */
static void words_for_another_document(void **state)
{
    (void)state;
    struct json *j = sigmf_relabel(
        document("{'global':{'core:datatype':'cu8','core:version':'1.2.5',"
                 "'core:sample_rate':1000},'captures':["
                 "{'core:sample_start':0}],'annotations':[]}"),
        &(const struct owner_words){ .label = "L" });
    sigmf_rules_check(j, UINT64_MAX, fault, NULL);
    assert_string_equal(json_text(json_get(j, "global"), "fob:label"), "L");
    json_free(j);
}

static void saved_for_its_owner(void **state)
{
    static const mode_t masks[] = { 0, 022, 0777 };
    struct sigmf_description d = plain();
    struct json *j = written(&d);
    struct stat st;

    (void)state;
    char *text = text_of(j);
    for (size_t i = 0; i < 3; i++) {
        const mode_t was = umask(masks[i]);
        size_t n;

        assert_int_equal(sigmf_save(j, "s.sigmf-meta"), 0);
        umask(was);
        assert_int_equal(stat("s.sigmf-meta", &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        char *bytes = bytes_of("s.sigmf-meta", &n);
        assert_string_equal(bytes, text);
        free(bytes);
        unlink("s.sigmf-meta");
    }
    assert_int_equal(sigmf_save(j, "none/s.sigmf-meta"), -ENOENT);
    assert_true(sigmf_save(j, "/dev/full") < 0);
    free(text);
    json_free(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_known),
        TEST(what_is_not_known_is_not_said),
        TEST(notes_are_in_it),
        TEST(words_in_and_out),
        TEST(words_for_another_document),
        TEST(saved_for_its_owner),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
