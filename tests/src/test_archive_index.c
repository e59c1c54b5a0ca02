/* test_archive_index - what is put in is found again, or is told to be damaged.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/database.h"
#include "tests/src/indexed.h"

static void put_and_find(void **state)
{
    struct archive_index *x = filled();
    struct entry t = entry_made("abc1234567", 1.25, "\xc3\xa4 'quoted\" %"), u;
    struct err e = { "" };

    (void)state;
    t.centre_hz = NAN;
    t.samples = UINT64_C(1) << 50;
    for (size_t i = 0; i < ENTRY_HEARD_MAX; i++) {
        char fob[16];
        snprintf(fob, sizeof fob, "%zu", i);
        hear(&t, "Microchip-HCS200", fob, "proven", i % 2 ? NAN : 4e8 + 0.1);
    }
    put_ok(x, &t);
    memset(&u, 0x55, sizeof u);
    assert_int_equal(archive_index_find(x, "abc1", &u, &e), 0);
    assert_null(entry_difference(&t, &u));
    assert_string_equal(t.owner[0], u.owner[0]);
    assert_string_equal(t.name, u.name);
    assert_string_equal(t.sha512, u.sha512);
    assert_int_equal(u.n_heard, ENTRY_HEARD_MAX);
    assert_string_equal(u.heard[31].fob, "31");
    assert_true(isnan(u.heard[31].carrier_hz) && isnan(u.centre_hz));
    assert_true(u.heard[30].carrier_hz == 4e8 + 0.1);
    assert_true(u.samples == t.samples && u.lost == 7);
    assert_true(u.start_unix_s == 1.25 && u.added_unix_s == 1.8e9);
    assert_int_equal(archive_index_find(x, "abc1234567", &u, &e), 0);
    assert_int_equal(archive_index_find(x, "abd", &u, &e), -ENOENT);
    assert_non_null(strstr(e.text, "abd"));
    assert_int_equal(archive_index_find(x, "abc12345678", &u, &e), -ENOENT);
    archive_index_close(x);
}

static void several_with_one_prefix(void **state)
{
    struct archive_index *x = filled();
    struct entry t = entry_made("a010000000", 1, ""), u;
    struct err e = { "" };

    (void)state;
    put_ok(x, &t);
    assert_int_equal(archive_index_find(x, "a0", &u, &e), -ENOTUNIQ);
    assert_non_null(strstr(e.text, "a0"));
    assert_int_equal(archive_index_find(x, "a01", &u, &e), 0);
    assert_string_equal(u.id, "a010000000");
    archive_index_close(x);
}

static bool only_first(void *user, const struct entry *t)
{
    ++*(int *)user;
    return t == NULL;
}

static void a_list_can_be_left(void **state)
{
    struct archive_index *x = filled();
    struct err e = { "" };
    int n = 0;

    (void)state;
    assert_int_equal(archive_index_list(x, ALL, only_first, &n, &e), 0);
    assert_int_equal(n, 1);
    put_ok(x, &(const struct entry){ .id = "ff00000000", .name = "n" });
    archive_index_close(x);
}

static void put_replaces(void **state)
{
    struct archive_index *x = filled();
    struct entry t = entry_made("a000000000", 1000, "renamed"), u;
    struct err e = { "" };

    (void)state;
    hear(&t, "Siemens-5WY72XX", "1", "proven", NAN);
    put_ok(x, &t);
    assert_int_equal(archive_index_find(x, "a000", &u, &e), 0);
    assert_null(entry_difference(&t, &u));
    lists(x, FILTER(.label = "good"), "a2");
    lists(x, FILTER(.model = "Unknown"), "");
    lists(x, FILTER(.fob = "0C0FFEE"), "a4");
    lists(x, ALL, "a1a0a4a3a2");
    archive_index_close(x);
}

static void an_id_is_there_once(void **state)
{
    struct archive_index *x = filled();
    struct entry t = entry_made("a100000000", 1, "");
    struct err e = { "" };

    (void)state;
    strcpy(t.name, "a_copy_of_it");
    assert_int_equal(archive_index_begin(x, &e), 0);
    assert_int_equal(archive_index_put(x, &t, key, &e), -EEXIST);
    archive_index_rollback(x);
    lists(x, ALL, "a1a0a4a3a2");
    archive_index_close(x);
}

/* An index from elsewhere may name any file. */
static void names_are_those_of_files_here(void **state)
{
    static const char *const names[] = { "../x", "/etc/x", ".", "", "a/b" };
    struct archive_index *x = filled();
    enum archive_change change;
    struct err e = { "" };
    char name[ENTRY_NAME];

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(archive_index_intend(x, names[i], ARCHIVE_FORGETS, &e),
                         0);
        assert_int_equal(archive_index_intended(x, name, &change, &e),
                         -EBADMSG);
        assert_int_equal(archive_index_settle(x, names[i], &e), 0);
    }
    assert_int_equal(archive_index_intended(x, name, &change, &e), 0);
    archive_index_close(x);
}

static void a_change_without_commit_has_not_happened(void **state)
{
    struct archive_index *x = filled();
    struct entry t = entry_made("b000000000", 1, "");
    struct err e = { "" };

    (void)state;
    assert_int_equal(archive_index_begin(x, &e), 0);
    assert_int_equal(archive_index_put(x, &t, key, &e), 0);
    assert_int_equal(archive_index_remove(x, "fob_a400000000_433.92M_250k", &e),
                     0);
    lists(x, ALL, "b0a1a0a3a2");
    archive_index_rollback(x);
    lists(x, ALL, "a1a0a4a3a2");
    assert_int_equal(archive_index_begin(x, &e), 0);
    assert_int_equal(archive_index_clear(x, &e), 0);
    archive_index_close(x); /* as if it had died */
    x = index_ok("x", true);
    lists(x, ALL, "a1a0a4a3a2");
    lists(x, FILTER(.fob = "0C0FFEE"), "a0a4");
    archive_index_close(x);
}

static void by_its_name_it_goes(void **state)
{
    struct archive_index *x = filled();
    struct err e = { "" };

    (void)state;
    assert_int_equal(archive_index_begin(x, &e), 0);
    assert_int_equal(archive_index_remove(x, "fob_a100000000_433.92M_250k", &e),
                     0);
    assert_int_equal(archive_index_remove(x, "a400000000", &e),
                     0); /* no name */
    assert_int_equal(archive_index_remove(x, "fob_a200000000_433.92M_250k", &e),
                     0);
    assert_int_equal(archive_index_remove(x, "a1", &e), 0); /* no prefix */
    assert_int_equal(archive_index_commit(x, &e), 0);
    lists(x, ALL, "a0a4a3");
    lists(x, FILTER(.model = "Continental"), "");
    put_ok(x, &(const struct entry){ .id = "a100000000", .name = "n" });
    lists(x, FILTER(.model = "Continental"), ""); /* it left nothing */
    archive_index_close(x);
}

static bool note_text(void *user, const char *text)
{
    strcat(user, text);
    strcat(user, " ");
    return true;
}

static bool note_collection(void *user, const char *collection,
                            const char *title)
{
    return note_text(user, collection) && note_text(user, title);
}

static void collections(struct archive_index *x, const char *name,
                        const char *want)
{
    char text[256] = "";
    struct err e = { "" };

    assert_int_equal(
        archive_index_collections(x, name, note_collection, text, &e), 0);
    assert_string_equal(text, want);
}

static void members(struct archive_index *x, const char *collection,
                    const char *want)
{
    char text[256] = "";
    struct err e = { "" };

    assert_int_equal(archive_index_members(x, collection, note_text, text, &e),
                     0);
    assert_string_equal(text, want);
}

static void collections_and_members(void **state)
{
    struct archive_index *x = filled();
    struct err e = { "" };

    (void)state;
    assert_int_equal(archive_index_begin(x, &e), 0);
    assert_int_equal(archive_index_collect(x, "col_1", "One", &e), 0);
    assert_int_equal(archive_index_collect(x, "col_2", "Two", &e), 0);
    assert_int_equal(archive_index_add_member(x, "col_1", "z", &e), 0);
    assert_int_equal(archive_index_add_member(x, "col_1", "a", &e), 0);
    assert_int_equal(archive_index_add_member(x, "col_2", "a", &e), 0);
    assert_int_equal(archive_index_commit(x, &e), 0);
    collections(x, NULL, "col_1 One col_2 Two ");
    collections(x, "z", "col_1 One ");
    collections(x, "a", "col_1 One col_2 Two ");
    collections(x, "b", "");
    members(x, "col_1", "z a ");
    members(x, "col_3", "");
    assert_int_equal(archive_index_begin(x, &e), 0);
    assert_int_equal(archive_index_drop_member(x, "a", &e), 0);
    assert_int_equal(archive_index_commit(x, &e), 0);
    members(x, "col_1", "z ");
    members(x, "col_2", "");
    assert_int_equal(archive_index_begin(x, &e), 0);
    assert_int_equal(archive_index_drop_collection(x, "col_1", &e), 0);
    assert_int_equal(archive_index_commit(x, &e), 0);
    members(x, "col_1", "");
    collections(x, "z", "");
    archive_index_close(x);
}

static void changes_under_way(void **state)
{
    struct archive_index *x = new_index();
    enum archive_change change = ARCHIVE_ADDS;
    char name[ENTRY_NAME] = "";
    struct err e = { "" };

    (void)state;
    assert_int_equal(archive_index_intended(x, name, &change, &e), 0);
    for (int i = ARCHIVE_ADDS; i <= ARCHIVE_COLLECTS; i++) {
        assert_int_equal(archive_index_begin(x, &e), 0);
        assert_int_equal(
            archive_index_intend(x, "n", (enum archive_change)i, &e), 0);
        assert_int_equal(archive_index_commit(x, &e), 0);
        archive_index_close(x);
        x = index_ok("x", false);
        assert_int_equal(archive_index_intended(x, name, &change, &e), 1);
        assert_string_equal(name, "n");
        assert_int_equal(change, i);
        assert_int_equal(archive_index_begin(x, &e), 0);
        assert_int_equal(archive_index_settle(x, "n", &e), 0);
        assert_int_equal(archive_index_commit(x, &e), 0);
        assert_int_equal(archive_index_intended(x, name, &change, &e), 0);
    }
    archive_index_close(x);
}

/* Opens x and makes use of it: the first that does not succeed. */
static int use(struct err *e)
{
    struct archive_index *x = NULL;
    char ids[256] = "";
    int status = archive_index_open(&x, at("x"), true, e);

    if (status == 0)
        status = archive_index_check(x, e);
    if (status == 0)
        status = archive_index_list(x, ALL, note_id, ids, e);
    archive_index_close(x);
    return status;
}

static void of_a_newer_program(void **state)
{
    struct database *d = NULL;
    struct err e = { "" };

    (void)state;
    archive_index_close(filled());
    assert_int_equal(database_open(&d, at("x"), false, "", &e), 0);
    assert_int_equal(database_run(d, "PRAGMA user_version = 1000000", &e), 0);
    database_close(d);
    assert_int_equal(use(&e), -EPROTONOSUPPORT);
    assert_non_null(strstr(e.text, "newer"));
}

static void damaged(void **state)
{
    struct err e = { "" };
    size_t n;

    (void)state;
    archive_index_close(filled());
    assert_int_equal(use(&e), 0);
    char *bytes = bytes_of("x", &n);
    for (size_t at_byte = 4096; at_byte + 4096 <= n; at_byte += 4096) {
        char page[4096];

        memcpy(page, bytes + at_byte, sizeof page);
        memset(bytes + at_byte, 0xa5, sizeof page);
        put("x", bytes, n);
        assert_int_equal(use(&e), -EBADMSG);
        assert_non_null(strstr(e.text, "reindex"));
        memcpy(bytes + at_byte, page, sizeof page);
    }
    put("x", bytes, n / 2);
    assert_int_equal(use(&e), -EBADMSG);
    put_text("x", "hello");
    assert_int_equal(use(&e), -EBADMSG);
    free(bytes);
    archive_index_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(put_and_find),
        TEST(several_with_one_prefix),
        TEST(a_list_can_be_left),
        TEST(put_replaces),
        TEST(an_id_is_there_once),
        TEST(names_are_those_of_files_here),
        TEST(a_change_without_commit_has_not_happened),
        TEST(by_its_name_it_goes),
        TEST(collections_and_members),
        TEST(changes_under_way),
        TEST(of_a_newer_program),
        TEST(damaged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
