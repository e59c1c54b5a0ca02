/* test_archive_place - where the archive is: the first that says so.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/src/archived.h"

static void set(const char *name, const char *value)
{
    assert_int_equal(value ? setenv(name, value, 1) : unsetenv(name), 0);
}

static void environment(const char *own, const char *data, const char *home)
{
    set("FOBSCOPE_ARCHIVE", own);
    set("XDG_DATA_HOME", data);
    set("HOME", home);
}

static void place_is(const char *given, const char *want)
{
    char place[PATH_MAX];
    struct err e = { "" };

    if (archive_place(place, given, &e) < 0)
        fail_msg("%s", e.text);
    assert_string_equal(place, want);
}

static void no_place(const char *given, int code)
{
    char place[PATH_MAX];
    struct err e = { "" };

    assert_int_equal(archive_place(place, given, &e), code);
    assert_string_not_equal(e.text, "");
}

static void the_first_that_is_said(void **state)
{
    (void)state;
    environment("/own", "/data", "/home/me");
    place_is("/given", "/given");
    place_is("given", "given");
    place_is(NULL, "/own");
    environment(NULL, "/data", "/home/me");
    place_is("/given", "/given");
    place_is(NULL, "/data/fobscope");
    environment(NULL, NULL, "/home/me");
    place_is(NULL, "/home/me/.local/share/fobscope");
}

/* XDG Base Directory Specification 0.8: "All paths set in these environment
 * variables must be absolute. If an implementation encounters a relative path ...
 * it should consider the path invalid and ignore it"; empty is as unset. */
static void what_says_nothing(void **state)
{
    (void)state;
    environment("", "/data", "/home/me");
    place_is(NULL, "/data/fobscope");
    environment("", "", "/home/me");
    place_is(NULL, "/home/me/.local/share/fobscope");
    environment(NULL, "data", "/home/me");
    place_is(NULL, "/home/me/.local/share/fobscope");
    environment(NULL, "./data", "/home/me");
    place_is(NULL, "/home/me/.local/share/fobscope");
}

static void nothing_says_it(void **state)
{
    char place[PATH_MAX];
    struct err e = { "" };

    (void)state;
    environment(NULL, NULL, NULL); /* the system may know a home */
    if (archive_place(place, NULL, &e) < 0)
        assert_non_null(strstr(e.text, "--archive"));
    else
        assert_int_equal(place[0], '/');
}

static void too_long(void **state)
{
    static char path[2 * PATH_MAX];

    (void)state;
    memset(path, 'n', sizeof path - 1);
    path[0] = '/';
    environment(NULL, NULL, "/home/me");
    no_place(path, -ENAMETOOLONG);
    environment(path, NULL, "/home/me");
    no_place(NULL, -ENAMETOOLONG);
    environment(NULL, path, "/home/me");
    no_place(NULL, -ENAMETOOLONG);
    environment(NULL, NULL, path);
    no_place(NULL, -ENAMETOOLONG);
}

/* Names that fit, and those of the files in it that do not. */
static void nearly_too_long(void **state)
{
    static char path[PATH_MAX];

    (void)state;
    for (size_t n = PATH_MAX - 300; n < PATH_MAX; n += 7) {
        struct archive *a = NULL;
        struct err e = { "" };
        char place[PATH_MAX];

        for (size_t i = 0; i < n; i++)
            path[i] = i % 200 == 0 ? '/' : 'n';
        path[n] = '\0';
        if (archive_place(place, path, &e) == 0)
            assert_true(archive_open(&a, place, ARCHIVE_READS, &e) < 0);
        assert_null(a);
        assert_string_not_equal(e.text, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_that_is_said), TEST(what_says_nothing),
        TEST(nothing_says_it),        TEST(too_long),
        TEST(nearly_too_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
