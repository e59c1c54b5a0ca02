/* test_new_file - whole or absent, for its owner alone, in nobody's place.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/new_file.h"
#include "tests/src/archived.h"

static void open_file(struct new_file *f, const char *path)
{
    struct err e = { "" };

    if (new_file_open(f, path, &e) < 0)
        fail_msg("%s", e.text);
}

static void refused(const char *path, int code)
{
    struct new_file f = { .fd = -1 };
    struct err e = { "" };

    assert_int_equal(new_file_open(&f, path, &e), code);
    assert_memory_equal(e.text, path, strlen(path) < 99 ? strlen(path) : 99);
}

static void holds(const char *path, const char *text)
{
    size_t n;
    char *bytes = bytes_of(path, &n);

    assert_string_equal(bytes, text);
    free(bytes);
}

static void it_is_there_when_it_is_whole(void **state)
{
    struct new_file f;
    struct err e = { "" };

    (void)state;
    open_file(&f, "a");
    assert_int_equal(write(f.fd, "text", 4), 4);
    assert_true(there_is("a.part"));
    assert_false(there_is("a"));
    assert_int_equal(new_file_keep(&f, &e), 0);
    assert_false(there_is("a.part"));
    holds("a", "text");
}

static void it_is_its_owners_whatever_the_mask(void **state)
{
    static const mode_t masks[] = { 0, 022, 0277, 0777 };
    struct stat st;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const mode_t was = umask(masks[i]);
        struct new_file f;
        struct err e = { "" };

        open_file(&f, "a");
        umask(was);
        assert_int_equal(fstat(f.fd, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        assert_int_equal(new_file_keep(&f, &e), 0);
        assert_int_equal(stat("a", &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        assert_int_equal(st.st_nlink, 1);
        assert_int_equal(unlink("a"), 0);
    }
}

static void what_is_there_stays(void **state)
{
    (void)state;
    put_text("a", "mine");
    refused("a", -EEXIST);
    holds("a", "mine");
    assert_false(there_is("a.part"));
    assert_int_equal(symlink("nowhere", "l"), 0);
    refused("l", -EEXIST);
    assert_false(there_is("nowhere") || there_is("l.part"));
    put_text("p.part", "half");
    refused("p", -EEXIST);
    holds("p.part", "half");
    assert_int_equal(symlink("a", "s.part"), 0);
    refused("s", -EEXIST);
    holds("a", "mine");
    assert_int_equal(mkdir("d", 0700), 0);
    refused("d", -EEXIST);
    assert_false(there_is("d.part"));
}

/* Between open and keep. */
static void who_came_first_stays(void **state)
{
    struct new_file f;
    struct err e = { "" };

    (void)state;
    open_file(&f, "a");
    assert_int_equal(write(f.fd, "late", 4), 4);
    put_text("a", "first");
    assert_int_equal(new_file_keep(&f, &e), -EEXIST);
    assert_non_null(strstr(e.text, "a: "));
    holds("a", "first");
    assert_false(there_is("a.part"));
    open_file(&f, "b");
    assert_int_equal(symlink("nowhere", "b"), 0);
    assert_int_equal(new_file_keep(&f, &e), -EEXIST);
    assert_false(there_is("nowhere") || there_is("b.part"));
}

static void no_folder(void **state)
{
    static char path[PATH_MAX + 10];

    (void)state;
    refused("none/a", -ENOENT);
    put_text("f", "");
    refused("f/a", -ENOTDIR);
    memset(path, 'n', 300);
    refused(path, -ENAMETOOLONG);
    for (size_t i = 0; i < sizeof path - 1; i++)
        path[i] = i % 2 == 0 ? '.' : '/';
    refused(path, -ENAMETOOLONG);
    assert_int_equal(count_files("."), 1);
}

static void given_up(void **state)
{
    struct new_file f;

    (void)state;
    open_file(&f, "a");
    assert_int_equal(write(f.fd, "text", 4), 4);
    new_file_drop(&f);
    assert_int_equal(count_files("."), 0);
    open_file(&f, "a"); /* the name is free again */
    new_file_drop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_there_when_it_is_whole),
        TEST(it_is_its_owners_whatever_the_mask),
        TEST(what_is_there_stays),
        TEST(who_came_first_stays),
        TEST(no_folder),
        TEST(given_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
