/* test_database - values there and back, what may be there once, damage.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/database.h"
#include "tests/src/archived.h"

static const char repair[] = "run me";

/* The whole path of a name in the test's folder. */
static const char *at(const char *name)
{
    static char path[PATH_MAX];
    char cwd[PATH_MAX / 2];

    assert_non_null(getcwd(cwd, sizeof cwd));
    snprintf(path, sizeof path, "%s/%s", cwd, name);
    return path;
}

static struct database *database_ok(const char *name, bool is_read_only)
{
    struct database *d = NULL;
    struct err e = { "" };

    if (database_open(&d, at(name), is_read_only, repair, &e) < 0)
        fail_msg("%s", e.text);
    assert_non_null(strstr(database_name(d), name));
    return d;
}

static void run_ok(struct database *d, const char *sql)
{
    struct err e = { "" };

    if (database_run(d, sql, &e) < 0)
        fail_msg("%s: %s", sql, e.text);
}

static struct database *with_table(const char *name)
{
    put(name, "", 0);
    struct database *d = database_ok(name, false);
    run_ok(d, "CREATE TABLE t (a TEXT UNIQUE, b REAL, c INTEGER)");
    return d;
}

static int insert(struct database *d, const char *text, double x, uint64_t n,
                  struct err *e)
{
    struct statement *s =
        database_prepare(d, "INSERT INTO t VALUES (?1, ?2, ?3)");

    statement_text(s, 1, text);
    statement_real(s, 2, x);
    statement_count(s, 3, n);
    return statement_finish(s, e);
}

static void check_row(struct statement *s, const char *text, double x,
                      uint64_t n)
{
    struct err e = { "" };
    char back[64] = "was";

    assert_int_equal(statement_step(s, &e), 1);
    statement_get_text(s, 0, back, sizeof back);
    assert_string_equal(back, text);
    if (isnan(x))
        assert_true(isnan(statement_get_real(s, 1)));
    else
        assert_true(statement_get_real(s, 1) == x);
    assert_true(statement_get_count(s, 2) == n);
}

static void values_there_and_back(void **state)
{
    struct err e = { "" };
    char some[5];

    (void)state;
    struct database *d = with_table("d");
    assert_int_equal(
        insert(d, "it's \xc3\xa4 \"", -0x1.123456789abcp-700, INT64_MAX, &e),
        0);
    assert_int_equal(insert(d, NULL, NAN, 0, &e), 0);
    assert_int_equal(insert(d, "", INFINITY, 1, &e), 0);
    struct statement *s = database_prepare(d, "SELECT * FROM t ORDER BY rowid");
    check_row(s, "it's \xc3\xa4 \"", -0x1.123456789abcp-700, INT64_MAX);
    statement_get_text(s, 0, some, sizeof some);
    assert_string_equal(some, "it's");
    check_row(s, "", NAN, 0);
    check_row(s, "", NAN, 1); /* none, as what is not finite */
    assert_int_equal(statement_step(s, &e), 0);
    statement_end(s);
    s = database_prepare(d, "SELECT count(*) FROM t WHERE a IS NULL");
    assert_int_equal(statement_step(s, &e), 1);
    assert_int_equal(statement_get_count(s, 0), 1);
    statement_end(s);
    database_close(d);
}

static void what_may_be_there_once(void **state)
{
    struct err e = { "" };

    (void)state;
    struct database *d = with_table("d");
    assert_int_equal(insert(d, "x", 1, 1, &e), 0);
    assert_int_equal(insert(d, "x", 2, 2, &e), -EEXIST);
    assert_non_null(strstr(e.text, database_name(d)));
    assert_int_equal(insert(d, "y", 2, 2, &e), 0);
    database_close(d);
    d = database_ok("d", true); /* it stays */
    struct statement *s = database_prepare(d, "SELECT * FROM t ORDER BY a");
    check_row(s, "x", 1, 1);
    check_row(s, "y", 2, 2);
    assert_int_equal(statement_step(s, &e), 0);
    statement_end(s);
    database_close(d);
}

static void faults_of_statements(void **state)
{
    struct err e = { "" };
    char text[8] = "was";

    (void)state;
    struct database *d = with_table("d");
    struct statement *s = database_prepare(d, "SELEKT * FROM t");
    statement_text(s, 1, "x");
    statement_real(s, 1, 1);
    statement_count(s, 1, 1);
    assert_true(statement_step(s, &e) < 0);
    assert_string_not_equal(e.text, "");
    statement_get_text(s, 0, text, sizeof text);
    assert_string_equal(text, "");
    assert_true(isnan(statement_get_real(s, 0)));
    assert_true(statement_get_count(s, 0) == 0);
    statement_end(s);
    assert_true(statement_finish(database_prepare(d, "DROP t"), &e) < 0);
    assert_true(database_run(d, "DELETE FROM none", &e) < 0);
    database_close(d);
}

static void a_reader_does_not_write(void **state)
{
    struct err e = { "" };

    (void)state;
    database_close(with_table("d"));
    assert_int_equal(chmod("d", 0400), 0);
    struct database *d = database_ok("d", true);
    assert_int_equal(insert(d, "x", 1, 1, &e), -EROFS);
    assert_int_equal(database_run(d, "DROP TABLE t", &e), -EROFS);
    database_close(d);
    assert_int_equal(count_files("."), 1);
}

static void versions(void **state)
{
    struct err e = { "" };
    int version = 77;

    (void)state;
    put("d", "", 0);
    struct database *d = database_ok("d", false);
    assert_int_equal(database_version(d, &version, &e), 0);
    assert_int_equal(version, 0);
    run_ok(d, "PRAGMA user_version = 41");
    assert_int_equal(database_version(d, &version, &e), 0);
    assert_int_equal(version, 41);
    assert_int_equal(database_check(d, &e), 0);
    database_close(d);
    database_close(NULL);
    assert_true(strlen(database_library_version()) >= 5);
}

/* The first that does not succeed; *e holds its sentence. */
static int use(const char *name, struct err *e)
{
    struct database *d = NULL;
    int version, status = database_open(&d, at(name), false, repair, e);

    if (status == 0)
        status = database_version(d, &version, e);
    if (status == 0)
        status = database_check(d, e);
    if (status == 0)
        status = insert(d, NULL, 1, 1, e);
    database_close(d);
    return status;
}

static void damage(void **state)
{
    struct err e = { "" };
    size_t n;

    (void)state;
    struct database *d = with_table("d");
    for (int i = 0; i < 2000; i++) {
        char text[64];
        snprintf(text, sizeof text, "%056d", i);
        if (i == 0)
            run_ok(d, "BEGIN");
        assert_int_equal(insert(d, text, i, 1, &e), 0);
    }
    run_ok(d, "COMMIT");
    database_close(d);
    assert_int_equal(use("d", &e), 0);
    char *bytes = bytes_of("d", &n);
    assert_true(n > 100000);
    put("e", bytes, n / 2 + 100); /* its end is missing */
    assert_int_equal(use("e", &e), -EBADMSG);
    assert_non_null(strstr(e.text, repair));
    memset(bytes + 8192, 0xa5, 3 * 4096); /* its middle */
    put("e", bytes, n);
    assert_int_equal(use("e", &e), -EBADMSG);
    assert_non_null(strstr(e.text, "/e: "));
    memcpy(bytes, "no database", 11);
    put("e", bytes, n);
    assert_int_equal(use("e", &e), -EBADMSG);
    put("e", "0123456789", 10);
    assert_int_equal(use("e", &e), -EBADMSG);
    assert_non_null(strstr(e.text, repair));
    free(bytes);
}

static void what_is_no_file(void **state)
{
    struct database *d = NULL;
    struct err e = { "" };

    (void)state;
    assert_true(database_open(&d, at("none"), false, repair, &e) < 0);
    assert_true(database_open(&d, at("none"), true, repair, &e) < 0);
    assert_null(d);
    assert_int_equal(count_files("."), 0);
    database_close(with_table("d"));
    assert_int_equal(symlink("d", "l"), 0);
    assert_int_equal(mkdir("f", 0700), 0);
    assert_true(use("l", &e) < 0); /* somebody else's, perhaps */
    assert_true(use("f", &e) < 0);
}

/* One writes, the other is told so and not kept waiting for ever. */
static void two_at_once(void **state)
{
    struct err e = { "" };

    (void)state;
    struct database *d = with_table("d");
    struct database *reader = database_ok("d", true);
    run_ok(d, "BEGIN IMMEDIATE");
    assert_int_equal(insert(d, "x", 1, 1, &e), 0);
    struct statement *s = database_prepare(reader, "SELECT * FROM t");
    assert_int_equal(statement_step(s, &e), 0); /* not committed */
    statement_end(s);
    run_ok(d, "COMMIT");
    s = database_prepare(reader, "SELECT * FROM t");
    check_row(s, "x", 1, 1);
    statement_end(s);
    database_close(reader);
    database_close(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_there_and_back),
        TEST(what_may_be_there_once),
        TEST(faults_of_statements),
        TEST(a_reader_does_not_write),
        TEST(versions),
        TEST(damage),
        TEST(what_is_no_file),
        TEST(two_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
