/* test_sigmf_rules - each rule broken once, documents that are right, and the
 * fields of the table beside those of the tests' own JSON schema.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/hash.h"
#include "src/sigmf_rules.h"

#include <glob.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "dsp/convert.h"
#include "src/sigmf.h"
#include "src/sigmf_fields.h"
#include "src/sigmf_write.h"

enum { TEXT_MAX = 1 << 20, SAID_MAX = 8192 };

/* What was said, a line each. */
struct said {
    size_t lines;
    char text[SAID_MAX];
};

static void hear(void *user, const char *sentence)
{
    struct said *said = user;
    const size_t n = strlen(said->text);

    said->lines++;
    snprintf(said->text + n, SAID_MAX - n, "%s%s", n > 0 ? "\n" : "", sentence);
}

static struct json *load_text(const char *text, size_t n, const char *name)
{
    struct err e = { "" };
    struct json *j = json_load(text, n, name, &e);

    if (!j)
        fail_msg("%s", e.text);
    return j;
}

static struct json *load(const char *name)
{
    static char text[TEXT_MAX];
    FILE *f = fopen(name, "rb");

    if (!f)
        fail_msg("%s cannot be opened", name);
    const size_t n = fread(text, 1, sizeof text, f);
    fclose(f);
    return load_text(text, n, name);
}

/* The sentences are those of the case, and no others. */
static void check_case(const struct json *one)
{
    struct said said = { .text = "" };
    int64_t samples;
    uint64_t known = UINT64_MAX;

    if (json_whole(one, "samples", &samples))
        known = (uint64_t)samples;
    size_t n = sigmf_rules_check(json_get(one, "document"), known, hear, &said);
    assert_string_equal(said.text, json_text(one, "says"));
    assert_int_equal(n, said.lines);
}

/* tests/cli/sigmf_schema.py tries the same. */
static void test_documents(void **state)
{
    struct json *cases = load("tests/support/sigmf_documents.json");

    (void)state;
    assert_true(json_size(cases) > 100);
    for (size_t i = 0; i < json_size(cases); i++)
        check_case(json_at(cases, i));
    json_free(cases);
}

static void test_no_more_than_twenty(void **state)
{
    struct said said = { .text = "" };
    char text[1024] = "{\"global\": {}, \"captures\": [], \"annotations\": [";
    struct json *j;

    (void)state;
    for (int i = 0; i < 30; i++)
        strcat(text, i == 0 ? "{}" : ", {}");
    strcat(text, "]}");
    j = load_text(text, strlen(text), "m");
    assert_int_equal(sigmf_rules_check(j, UINT64_MAX, hear, &said), 32);
    assert_int_equal(said.lines, 20);
    json_free(j);
    assert_int_equal(sigmf_rules_check(NULL, 0, hear, &said), 1);
}

/* A key of the document's goes to a terminal. */
static void test_sentences_are_fit_to_show(void **state)
{
    static const char text[] =
        "{\"global\": {\"core:datatype\": \"cu8\", \"core:version\":"
        "\"1.2.5\", \"\\u001b[2J\": 0}, \"captures\": [],"
        "\"annotations\": []}";
    struct said said = { .text = "" };
    struct json *j = load_text(text, sizeof text - 1, "m");

    (void)state;
    sigmf_rules_check(j, UINT64_MAX, hear, &said);
    assert_string_equal(said.text, "global: ?[2J is not of the form "
                                   "namespace:name");
    json_free(j);
}

static void assert_right(const struct json *j, uint64_t samples,
                         const char *name)
{
    struct said said = { .text = "" };

    if (sigmf_rules_check(j, samples, hear, &said) > 0)
        fail_msg("%s: %s", name, said.text);
}

/* The samples beside a .sigmf-meta. */
static uint64_t samples_beside(const char *meta)
{
    struct sigmf_meta m;
    struct stat status;
    struct err e = { "" };
    char data[256];

    if (sigmf_read(&m, meta, &e) < 0)
        fail_msg("%s", e.text);
    snprintf(data, sizeof data, "%.*sdata", (int)strlen(meta) - 4, meta);
    assert_int_equal(stat(data, &status), 0);
    return (uint64_t)status.st_size / convert_size(m.format);
}

static void test_our_recordings(void **state)
{
    glob_t found;

    (void)state;
    assert_int_equal(glob("captures/*/*.sigmf-meta", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *name = found.gl_pathv[i];
        struct json *j = load(name);

        assert_right(j, samples_beside(name), name);
        json_free(j);
    }
    globfree(&found);
}

/* What `capture` writes, as text and read again. */
static void test_what_is_written(void **state)
{
    struct sigmf_note note = { .start = 20,
                               .count = 10,
                               .low_hz = 433.9e6,
                               .high_hz = 433.95e6,
                               .label = "hcs200",
                               .about = json_new_object() };
    struct sigmf_segment segments[] = {
        { .start = 0, .global = 7, .centre_hz = 433.92e6, .gain_db = NAN },
        { .start = 15,
          .global = 30,
          .left_out = 8,
          .centre_hz = NAN,
          .gain_db = 28 },
    };
    char hash[HASH_HEX];

    hash_bytes("", 0, hash);
    const struct sigmf_description d = { .format = SAMPLE_CU8,
                                         .rate_hz = 1024000,
                                         .sha512 = hash,
                                         .segments = segments,
                                         .n_segments = 2,
                                         .notes = &note,
                                         .n_notes = 1,
                                         .origin = {
                                             .start_unix_s = 1.7e9,
                                             .hardware = "RTL-SDR",
                                             .added_unix_s = 1.8e9,
                                             .owner = { .label = "x" } } };
    struct json *j = sigmf_write(&d);
    char *text = NULL;
    size_t n;
    FILE *f = open_memstream(&text, &n);

    (void)state;
    assert_non_null(f);
    assert_int_equal(json_document(j, f), 0);
    fclose(f);
    json_free(j);
    j = load_text(text, n, "m");
    assert_right(j, 30, "sigmf_write");
    json_free(j);
    free(text);
}

/* A place of the schema, and how many names of it are in the table. */
struct tally {
    enum sigmf_place place;
    size_t n;
};

static void find_field(void *user, const char *key, const struct json *value)
{
    struct tally *tally = user;

    (void)value;
    if (!sigmf_fields_find(tally->place, key))
        fail_msg("%s: %s is in the schema only", sigmf_places[tally->place],
                 key);
    tally->n++;
}

/* Those of the schema are in the table, and they are as many. */
static void test_schema_has_the_same_fields(void **state)
{
    struct json *schema = load("tests/support/sigmf_schema.json");
    const struct json *kinds = json_get(schema, "definitions");
    size_t n = 0;

    (void)state;
    for (size_t i = 0; i < SIGMF_PLACES; i++) {
        struct tally tally = { .place = (enum sigmf_place)i };

        json_each(json_get(json_get(kinds, sigmf_places[i]), "properties"),
                  find_field, &tally);
        assert_true(tally.n > 0);
        n += tally.n;
    }
    assert_int_equal(n, N_SIGMF_FIELDS);
    json_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_no_more_than_twenty),
        cmocka_unit_test(test_sentences_are_fit_to_show),
        cmocka_unit_test(test_our_recordings),
        cmocka_unit_test(test_what_is_written),
        cmocka_unit_test(test_schema_has_the_same_fields),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
