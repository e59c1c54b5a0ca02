/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/json.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What json_line writes; the caller frees it. */
static char *line_of(const struct json *j)
{
    char *text = NULL;
    size_t n;
    FILE *f = open_memstream(&text, &n);

    assert_non_null(f);
    assert_int_equal(json_line(j, f), 0);
    fclose(f);
    return text;
}

static void assert_line(struct json *j, const char *want)
{
    char *text = line_of(j);

    assert_string_equal(text, want);
    free(text);
    json_free(j);
}

static void test_keys_keep_their_order(void **state)
{
    struct json *j = json_new_object();

    (void)state;
    json_set_int(j, "z", -1);
    json_set_bool(j, "a", true);
    json_set_null(j, "m");
    json_set_string(j, "b", "x\"y");
    assert_line(j, "{\"z\": -1, \"a\": true, \"m\": null, \"b\": "
                   "\"x\\\"y\"}\n");
}

static void test_reals_have_ten_digits(void **state)
{
    struct json *j = json_new_object();

    (void)state;
    json_set_real(j, "carrier", 433870210.4);
    json_set_real(j, "te", 398.21);
    json_set_real(j, "nan", NAN);
    json_set_real(j, "inf", INFINITY);
    assert_line(j, "{\"carrier\": 433870210.4, \"te\": 398.21, \"nan\": null, "
                   "\"inf\": null}\n");
}

static void test_children_are_taken_over(void **state)
{
    struct json *j = json_new_object();
    struct json *list = json_new_array();
    struct json *item = json_new_object();

    (void)state;
    json_append_int(list, 1);
    json_append_real(list, 0.5);
    json_append(list, item);
    json_set(j, "list", list);
    assert_int_equal(json_size(json_get(j, "list")), 3);
    assert_line(j, "{\"list\": [1, 0.5, {}]}\n");
}

static void test_bytes_that_are_no_utf8(void **state)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        { "a\xff"
          "b",
          "a?b" },
        { "\xc3\xa9", "\xc3\xa9" },                 /* e acute */
        { "\xc0\xaf", "??" },                       /* too long a form */
        { "\xe2\x82", "??" },                       /* cut off */
        { "\xed\xa0\x80", "???" },                  /* a surrogate */
        { "\xf0\x9f\x94\x91", "\xf0\x9f\x94\x91" }, /* a key */
        { "\xf4\x90\x80\x80", "????" },             /* past the end */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct json *j = json_new_object();

        json_set_string(j, "s", cases[i].in);
        assert_string_equal(json_text(j, "s"), cases[i].out);
        json_free(j);
    }
}

/* A child for which there was no memory is NULL; the object is then spoiled,
 * and nothing that comes later may hide it. */
static void test_out_of_memory_shows(void **state)
{
    struct json *inner = json_new_object();
    struct json *j = json_new_object();

    (void)state;
    json_set(inner, "child", NULL);
    json_set_int(inner, "later", 1);
    assert_int_equal(json_line(inner, stderr), -ENOMEM);
    json_set(j, "inner", inner);
    json_set_int(j, "later", 1);
    assert_int_equal(json_line(j, stderr), -ENOMEM);
    json_free(j);
}

static void test_null_does_nothing(void **state)
{
    struct json *child = json_new_object();

    (void)state;
    json_set_int(NULL, "a", 1);
    json_set_string(NULL, "a", "b");
    json_set(NULL, "a", child);
    json_append_int(NULL, 1);
    assert_int_equal(json_line(NULL, stderr), -ENOMEM);
    assert_null(json_get(NULL, "a"));
    assert_null(json_text(NULL, "a"));
    assert_int_equal(json_size(NULL), 0);
    json_free(NULL);
}

static void test_write_error(void **state)
{
    struct json *j = json_new_object();
    FILE *full = fopen("/dev/full", "w");

    (void)state;
    if (full == NULL)
        skip();
    setvbuf(full, NULL, _IONBF, 0);
    assert_int_equal(json_line(j, full), -EIO);
    fclose(full);
    json_free(j);
}

static void test_load(void **state)
{
    static const char text[] = "{\"a\": [1, {\"b\": 2.5}], \"s\": \"t\"}tail";
    struct err e;
    struct json *j = json_load(text, sizeof text - 5, "a.json", &e);
    const struct json *second = json_at(json_get(j, "a"), 1);

    (void)state;
    assert_non_null(j);
    assert_true(json_number(second, "b", 0) == 2.5);
    assert_true(json_number(second, "c", -1) == -1);
    assert_true(json_number(j, "s", -1) == -1);
    assert_string_equal(json_text(j, "s"), "t");
    assert_null(json_text(j, "a"));
    assert_null(json_at(json_get(j, "a"), 2));
    json_free(j);
}

static void test_load_names_the_fault(void **state)
{
    static const char text[] = "{\n\"a\": }";
    struct err e = { .text = "" };

    (void)state;
    assert_null(json_load(text, sizeof text - 1, "a.json", &e));
    assert_memory_equal(e.text, "a.json: not JSON: line 2", 24);
    assert_null(json_load("", 0, "a.json", NULL));
}

static void test_whole_numbers(void **state)
{
    static const char text[] =
        "{\"most\": 9223372036854775807, \"minus\": -3, \"real\": 5.0, "
        "\"past\": 9007199254740992.0, \"part\": 0.5, \"text\": \"7\", "
        "\"true\": true, \"huge\": 1e300}";
    static const char *none[] = { "past", "part", "text",
                                  "true", "huge", "missing" };
    struct json *j = json_load(text, sizeof text - 1, "a.json", NULL);
    int64_t x = 0;

    (void)state;
    assert_non_null(j);
    assert_true(json_whole(j, "most", &x) && x == INT64_MAX);
    assert_true(json_whole(j, "minus", &x) && x == -3);
    assert_true(json_whole(j, "real", &x) && x == 5);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(json_whole(j, none[i], &x));
    assert_false(json_whole(NULL, "most", &x));
    assert_int_equal(x, 5);
    json_free(j);
}

/* Notes a member as its key and the number of its kind. */
static void note(void *user, const char *key, const struct json *value)
{
    char *text = user;
    size_t n = strlen(text);

    snprintf(text + n, 64 - n, "%s%d ", key, (int)json_kind(value));
}

static void test_members_and_their_kinds(void **state)
{
    static const char text[] = "{\"z\": {}, \"a\": [], \"t\": \"\", \"i\": 1,"
                               "\"r\": 1.5, \"y\": true, \"n\": false,"
                               "\"o\": null}";
    struct json *j = json_load(text, sizeof text - 1, "a.json", NULL);
    char seen[64] = "";

    (void)state;
    json_each(j, note, seen);
    assert_string_equal(seen, "z1 a2 t3 i4 r4 y5 n5 o6 ");
    json_each(json_get(j, "a"), note, seen);
    json_each(NULL, note, seen);
    assert_string_equal(seen, "z1 a2 t3 i4 r4 y5 n5 o6 ");
    assert_int_equal(json_kind(NULL), JSON_KIND_NONE);
    json_free(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_keep_their_order),
        cmocka_unit_test(test_reals_have_ten_digits),
        cmocka_unit_test(test_children_are_taken_over),
        cmocka_unit_test(test_bytes_that_are_no_utf8),
        cmocka_unit_test(test_out_of_memory_shows),
        cmocka_unit_test(test_null_does_nothing),
        cmocka_unit_test(test_write_error),
        cmocka_unit_test(test_load),
        cmocka_unit_test(test_load_names_the_fault),
        cmocka_unit_test(test_whole_numbers),
        cmocka_unit_test(test_members_and_their_kinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
