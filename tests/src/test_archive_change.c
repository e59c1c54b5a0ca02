/* test_archive_change - words of the owner's, collections, an index made anew
 * from files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/database.h"
#include "tests/src/verified.h"

/* Reindexes; how many files could not be taken in. n: recordings then. */
static int reindex(struct archive *a, size_t *n)
{
    struct err e = { "" };
    int status = archive_reindex(a, NULL, NULL, n, &e);

    if (status < 0)
        fail_msg("%s", e.text);
    return status;
}

static void words_of_the_owner(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    struct entry t = add_small(a, 1, "one"), u, v;
    const struct entry was = t;
    struct err e = { "" };
    char name[ENTRY_NAME];

    (void)state;
    const struct owner_words more = { .car = "MINI",
                                      .note = "\xc3\xa4 \"quoted\"" };
    strcpy(name, t.name);
    assert_int_equal(archive_relabel(a, &t, &more, &e), 0);
    assert_string_equal(t.owner[0], "one"); /* NULL leaves it */
    assert_string_equal(t.owner[1], "MINI");
    assert_int_equal(archive_find(a, t.id, &u, &e), 0);
    assert_null(entry_difference(&t, &u));
    assert_int_equal(entry_read(&v, archive_folder(a), t.name, &e), 0);
    assert_null(entry_difference(&t, &v));
    assert_int_equal(damages(a), 0);
    const struct owner_words less = { .label = "", .car = "" };
    assert_int_equal(archive_relabel(a, &t, &less, &e), 0);
    assert_string_equal(t.owner[0], "");
    assert_string_equal(t.owner[1], "");
    assert_string_equal(t.owner[4], more.note);
    const struct owner_words back = { .label = "one", .note = "" };
    assert_int_equal(archive_relabel(a, &t, &back, &e), 0);
    assert_null(entry_difference(&t, &was));
    assert_string_equal(t.name, name);
    assert_int_equal(damages(a), 0);
    archive_close(a);
}

static void forgotten_for_good(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    const struct entry t = add_small(a, 1, NULL);
    const struct entry u = add_small(a, 2, NULL);
    struct entry v;
    struct err e = { "" };

    (void)state;
    assert_int_equal(archive_forget(a, &t, &e), 0);
    assert_int_equal(archive_find(a, t.id, &v, &e), -ENOENT);
    assert_int_equal(archive_find(a, u.id, &v, &e), 0);
    assert_int_equal(count_files(archive_folder(a)), 2);
    assert_int_equal(damages(a), 0);
    add_small(a, 1, NULL); /* it can come back */
    assert_int_equal(damages(a), 0);
    archive_close(a);
}

static bool note_name(void *user, const char *name)
{
    strcat(user, name);
    strcat(user, " ");
    return true;
}

static bool note_title(void *user, const char *name, const char *title)
{
    (void)name;
    return note_name(user, title);
}

static void collections(struct archive *a, const char *collection,
                        const char *want, const char *titles)
{
    char names[4 * ENTRY_NAME] = "", all[1024] = "";
    struct err e = { "" };

    assert_int_equal(archive_index_members(archive_get_index(a), collection,
                                           note_name, names, &e),
                     0);
    assert_string_equal(names, want);
    assert_int_equal(archive_index_collections(archive_get_index(a), NULL,
                                               note_title, all, &e),
                     0);
    assert_string_equal(all, titles);
}

static void recordings_that_belong_together(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    const struct entry t = add_small(a, 1, NULL);
    const struct entry u = add_small(a, 2, NULL);
    const struct entry v = add_small(a, 3, NULL);
    char names[2][ENTRY_NAME], collection[ENTRY_NAME] = "";
    char want[4 * ENTRY_NAME], path[PATH_MAX];
    struct err e = { "" };
    size_t n = 77;

    (void)state;
    strcpy(names[0], v.name); /* in this order */
    strcpy(names[1], t.name);
    if (archive_collect(a, "two \"of\" them", (const char(*)[ENTRY_NAME])names,
                        2, collection, &e) < 0)
        fail_msg("%s", e.text);
    snprintf(path, sizeof path, "%s/%s.sigmf-collection", archive_folder(a),
             collection);
    assert_true(there_is(path));
    snprintf(want, sizeof want, "%s %s ", v.name, t.name);
    collections(a, collection, want, "two \"of\" them ");
    assert_int_equal(damages(a), 0);
    const struct owner_words w = { .label = "new" };
    struct entry changed = t;
    assert_int_equal(archive_relabel(a, &changed, &w, &e), 0);
    collections(a, collection, want, "two \"of\" them ");
    if (damages(a) != 0) /* the collection has hashes of the metadata */
        fail_msg("%s", told);
    assert_int_equal(reindex(a, &n), 0);
    assert_int_equal(n, 3);
    collections(a, collection, want, "two \"of\" them ");
    assert_int_equal(archive_forget(a, &v, &e), 0);
    snprintf(want, sizeof want, "%s ", t.name);
    collections(a, collection, want, "two \"of\" them ");
    if (damages(a) != 0)
        fail_msg("%s", told);
    assert_int_equal(reindex(a, &n), 0);
    collections(a, collection, want, "two \"of\" them ");
    assert_int_equal(archive_forget(a, &changed, &e), 0);
    assert_int_equal(archive_forget(a, &u, &e), 0);
    if (damages(a) != 0)
        fail_msg("%s", told);
    archive_close(a);
}

static void an_index_made_anew(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    struct entry t[3], u;
    struct err e = { "" };
    size_t n = 77;

    (void)state;
    for (size_t i = 0; i < 3; i++)
        t[i] = add_small(a, i, i == 1 ? NULL : "l");
    archive_close(a);
    for (int i = 0; i < 3; i++) {
        if (i == 1)
            assert_int_equal(unlink("p/index.sqlite"), 0);
        else
            put_text("p/index.sqlite", i == 0 ? "not a database" : "");
        a = archive_ok("p", ARCHIVE_REPAIRS);
        assert_int_equal(reindex(a, &n), 0);
        assert_int_equal(n, 3);
        archive_close(a);
        a = archive_ok("p", ARCHIVE_READS);
        for (size_t k = 0; k < 3; k++) {
            assert_int_equal(archive_find(a, t[k].id, &u, &e), 0);
            assert_null(entry_difference(&t[k], &u));
        }
        assert_int_equal(damages(a), 0);
        archive_close(a);
    }
}

static void a_damaged_index_is_told(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    struct err e = { "" };

    (void)state;
    add_small(a, 1, NULL);
    archive_close(a);
    a = NULL;
    put_text("p/index.sqlite", "not a database");
    assert_int_equal(archive_open(&a, "p", ARCHIVE_READS, &e), -EBADMSG);
    assert_non_null(strstr(e.text, "reindex"));
    assert_int_equal(archive_open(&a, "p", ARCHIVE_WRITES, &e), -EBADMSG);
    assert_null(a);
    e.text[0] = '\0';
    assert_int_equal(archive_open(&a, "p", ARCHIVE_REPAIRS, &e), 0);
    assert_null(archive_get_index(a));
    assert_string_not_equal(e.text, "");
    assert_true(damages(a) >= 1);
    archive_close(a);
}

static void an_index_of_a_newer_program(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    struct database *d = NULL;
    char cwd[PATH_MAX / 2], path[PATH_MAX];
    struct err e = { "" };
    size_t n = 77;

    (void)state;
    add_small(a, 1, NULL);
    archive_close(a);
    a = NULL;
    assert_non_null(getcwd(cwd, sizeof cwd));
    snprintf(path, sizeof path, "%s/p/index.sqlite", cwd);
    assert_int_equal(database_open(&d, path, false, "", &e), 0);
    assert_int_equal(database_run(d, "PRAGMA user_version = 1000000", &e), 0);
    database_close(d);
    assert_int_equal(archive_open(&a, "p", ARCHIVE_READS, &e),
                     -EPROTONOSUPPORT);
    assert_int_equal(archive_open(&a, "p", ARCHIVE_WRITES, &e),
                     -EPROTONOSUPPORT);
    assert_null(a);
    a = archive_ok("p", ARCHIVE_REPAIRS);
    assert_null(archive_get_index(a));
    assert_int_equal(reindex(a, &n), 0);
    assert_int_equal(n, 1);
    archive_close(a);
    a = archive_ok("p", ARCHIVE_READS);
    assert_int_equal(damages(a), 0);
    archive_close(a);
}

/* By hand: a file out, one in, one that is none. */
static void files_by_hand(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    const struct entry t = add_small(a, 1, "t");
    const struct entry u = add_small(a, 2, "u");
    char meta[PATH_MAX], aside[PATH_MAX + 8], data[PATH_MAX];
    struct entry v;
    struct err e = { "" };
    size_t n = 77;

    (void)state;
    archive_path(a, &t, meta);
    strcpy(data, meta);
    strcpy(data + strlen(data) - 4, "data");
    snprintf(aside, sizeof aside, "%s", "aside.sigmf-meta");
    assert_int_equal(rename(meta, aside), 0);
    assert_true(damages(a) >= 1);
    assert_non_null(strstr(told, t.id));
    assert_null(strstr(told, u.id));
    reindex(a, &n);
    assert_int_equal(n, 1);
    assert_int_equal(archive_find(a, t.id, &v, &e), -ENOENT);
    assert_int_equal(rename(aside, meta), 0);
    assert_true(damages(a) >= 1); /* not in the index */
    assert_int_equal(reindex(a, &n), 0);
    assert_int_equal(n, 2);
    assert_int_equal(damages(a), 0);
    put_text(meta, "{");
    assert_true(damages(a) >= 1);
    assert_int_equal(reindex(a, &n), 1);
    assert_int_equal(n, 1);
    assert_int_equal(unlink(meta), 0);
    assert_int_equal(unlink(data), 0);
    assert_int_equal(reindex(a, &n), 0);
    assert_int_equal(damages(a), 0);
    archive_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(words_of_the_owner),
        TEST(forgotten_for_good),
        TEST(recordings_that_belong_together),
        TEST(an_index_made_anew),
        TEST(a_damaged_index_is_told),
        TEST(an_index_of_a_newer_program),
        TEST(files_by_hand),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
