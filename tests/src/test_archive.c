/* test_archive - recordings taken in, found, changed and forgotten, by one handle
 * and by two.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/archive_verify.h"
#include "tests/src/archived.h"

static void found(struct archive *a, const char *prefix, const struct entry *t)
{
    struct entry u;
    struct err e = { "" };

    if (archive_find(a, prefix, &u, &e) < 0)
        fail_msg("%s", e.text);
    assert_string_equal(u.id, t->id);
    assert_null(entry_difference(&u, t));
}

static void not_found(struct archive *a, const char *prefix, int code)
{
    struct entry u;
    struct err e = { "" };

    assert_int_equal(archive_find(a, prefix, &u, &e), code);
    assert_string_not_equal(e.text, "");
}

static void damage(void *user, const char *what, const char *sentence)
{
    fail_msg("%s: %s: %s", (const char *)user, what, sentence);
}

/* Undamaged, with n recordings. */
static void sound(struct archive *a, size_t n)
{
    static const volatile sig_atomic_t never;
    const struct archive_verify_cfg cfg = { .damage = damage, .stop = &never };
    struct archive_verify_totals totals = { 0 };
    struct err e = { "" };

    assert_int_equal(archive_verify(a, &cfg, &totals, &e), 0);
    assert_int_equal(totals.recordings, n);
    assert_int_equal(totals.damages, 0);
    assert_int_equal(count_files(archive_folder(a)), 2 * n);
}

static void open_modes(void **state)
{
    struct archive *a = NULL;
    struct err e = { "" };
    struct stat st;

    (void)state;
    assert_int_equal(archive_open(&a, "p", ARCHIVE_READS, &e), -ENOENT);
    assert_null(a);
    assert_false(there_is("p"));
    a = archive_ok("p", ARCHIVE_WRITES);
    assert_non_null(archive_get_index(a));
    archive_close(a);
    assert_int_equal(stat("p", &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(stat("p/recordings", &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(stat("p/key", &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_size, HASH_KEY_BYTES);
    assert_int_equal(stat("p/index.sqlite", &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    a = archive_ok("p", ARCHIVE_READS);
    assert_non_null(archive_get_index(a));
    assert_non_null(strstr(archive_folder(a), "p/recordings"));
    archive_close(a);
    archive_close(archive_ok("p", ARCHIVE_REPAIRS));
    archive_close(archive_ok("q/r/s", ARCHIVE_WRITES)); /* all that misses */
    archive_close(NULL);
}

static void the_key_stays(void **state)
{
    uint8_t key[HASH_KEY_BYTES];
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    struct archive *b = archive_ok("q", ARCHIVE_WRITES);

    (void)state;
    memcpy(key, archive_key(a), sizeof key);
    assert_memory_not_equal(key, archive_key(b), sizeof key);
    archive_close(a);
    archive_close(b);
    a = archive_ok("p", ARCHIVE_READS);
    assert_memory_equal(key, archive_key(a), sizeof key);
    archive_close(a);
}

static void no_archive_is_made_of_a_file(void **state)
{
    struct archive *a = NULL;
    struct err e = { "" };

    (void)state;
    put_text("f", "mine");
    assert_true(archive_open(&a, "f", ARCHIVE_WRITES, &e) < 0);
    assert_true(archive_open(&a, "f/g", ARCHIVE_WRITES, &e) < 0);
    assert_true(archive_open(&a, "f", ARCHIVE_READS, &e) < 0);
    assert_null(a);
    assert_non_null(strstr(e.text, "f"));
}

static void take_and_find(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    char path[PATH_MAX], upper[ENTRY_ID];
    struct stat st;

    (void)state;
    const struct entry t = add_small(a, 1, "one");
    const struct entry u = add_small(a, 2, "two");
    assert_string_equal(t.owner[0], "one");
    assert_memory_equal(t.sha512, t.id, ENTRY_ID_DIGITS);
    assert_int_equal(t.samples, SAMPLES);
    for (size_t n = 3; n <= ENTRY_ID_DIGITS; n++) {
        char prefix[ENTRY_ID];
        snprintf(prefix, n + 1, "%s", t.id);
        found(a, prefix, &t);
    }
    strcpy(upper, u.id);
    for (char *c = upper; *c != '\0'; c++)
        *c = (char)(*c >= 'a' && *c <= 'f' ? *c - 'a' + 'A' : *c);
    found(a, upper, &u);
    archive_path(a, &t, path);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    strcpy(path + strlen(path) - 4, "data");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, 2 * SAMPLES);
    assert_int_equal(st.st_mode & 07777, 0600);
    sound(a, 2);
    archive_close(a);
    a = archive_ok("p", ARCHIVE_READS); /* it is there for good */
    found(a, t.id, &t);
    found(a, u.id, &u);
    sound(a, 2);
    archive_close(a);
}

static void what_is_not_found(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    char sql[ENTRY_ID + 8];

    (void)state;
    not_found(a, "000", -ENOENT);
    const struct entry t = add_small(a, 1, NULL);
    char other[ENTRY_ID];
    strcpy(other, t.id);
    other[9] = other[9] == '0' ? '1' : '0';
    not_found(a, other, -ENOENT);
    snprintf(sql, sizeof sql, "%.2s", t.id);
    not_found(a, sql, -EINVAL); /* too few */
    snprintf(sql, sizeof sql, "%s0", t.id);
    not_found(a, sql, -EINVAL); /* too many */
    snprintf(sql, sizeof sql, "%.3s%%", t.id);
    not_found(a, sql, -EINVAL);
    not_found(a, "", -EINVAL);
    not_found(a, "xyz", -EINVAL);
    archive_close(a);
}

static void what_looks_like_an_id(void **state)
{
    (void)state;
    assert_true(archive_is_id("123"));
    assert_true(archive_is_id("abcdef0123"));
    assert_true(archive_is_id("ABC"));
    assert_false(archive_is_id(""));
    assert_false(archive_is_id("12"));
    assert_false(archive_is_id("abcdef01234"));
    assert_false(archive_is_id("12g"));
    assert_false(archive_is_id("a.cu8"));
    assert_false(archive_is_id("123 "));
    assert_false(archive_is_id("-123"));
    assert_false(archive_is_id("0x123"));
}

/* Two whose ids begin with the same three digits, which a few hundred have. */
static void an_ambiguous_prefix(void **state)
{
    static char ids[4096][ENTRY_ID];
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    char hex[HASH_HEX], prefix[4] = "";
    uint64_t first = 0, second = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 4096 && second == 0; seed++) {
        size_t n;
        put_noise("n", seed, 2 * SAMPLES);
        char *bytes = bytes_of("n", &n);
        hash_bytes(bytes, n, hex);
        free(bytes);
        snprintf(ids[seed], ENTRY_ID, "%.10s", hex);
        for (uint64_t k = 0; k < seed && second == 0; k++)
            if (memcmp(ids[k], ids[seed], 3) == 0) {
                first = k;
                second = seed;
            }
    }
    assert_true(second > 0);
    const struct entry t = add_small(a, first, NULL);
    memcpy(prefix, t.id, 3);
    found(a, prefix, &t);
    const struct entry u = add_small(a, second, NULL);
    not_found(a, prefix, -ENOTUNIQ);
    found(a, u.id, &u);
    found(a, t.id, &t);
    archive_close(a);
}

static void the_same_samples_are_kept_once(void **state)
{
    const struct owner_words other = { .label = "other" };
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    const struct entry t = add_small(a, 1, "one");
    char meta[PATH_MAX];
    struct entry u;
    struct err e = { "" };
    bool is_old = false;

    (void)state;
    put_noise("x_315M_1000k.cu8", 1, 2 * SAMPLES);
    keep_ok(a, "x_315M_1000k.cu8", &other, meta);
    assert_int_equal(archive_take(a, meta, &u, &is_old, &e), 0);
    assert_true(is_old);
    assert_null(entry_difference(&t, &u)); /* the one that was there */
    assert_false(there_is(meta));
    sound(a, 1);
    archive_close(a);
}

static void nothing_is_taken_that_is_not_there(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    char meta[PATH_MAX];
    struct entry u;
    struct err e = { "" };
    bool is_old;

    (void)state;
    snprintf(meta, sizeof meta, "%s/none.sigmf-meta", archive_work(a));
    assert_true(archive_take(a, meta, &u, &is_old, &e) < 0);
    put_noise("x_315M_1000k.cu8", 1, 2 * SAMPLES);
    keep_ok(a, "x_315M_1000k.cu8", NULL, meta);
    strcpy(meta + strlen(meta) - 4, "data");
    assert_int_equal(unlink(meta), 0);
    strcpy(meta + strlen(meta) - 4, "meta");
    assert_true(archive_take(a, meta, &u, &is_old, &e) < 0);
    sound(a, 0);
    archive_close(a);
    a = archive_ok("p", ARCHIVE_WRITES);
    sound(a, 0);
    archive_close(a);
}

static void the_work_folder_goes(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    struct archive *b = archive_ok("p", ARCHIVE_WRITES);
    char work[PATH_MAX], meta[PATH_MAX];
    struct stat st;

    (void)state;
    strcpy(work, archive_work(a));
    assert_int_equal(stat(work, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_string_not_equal(work, archive_work(b));
    put_noise("x_315M_1000k.cu8", 1, 2 * SAMPLES);
    keep_ok(a, "x_315M_1000k.cu8", NULL, meta); /* and left there */
    assert_int_equal(count_files(work), 2);
    archive_close(a);
    assert_false(there_is(work));
    assert_true(there_is(archive_work(b)));
    strcpy(work, archive_work(b));
    archive_close(b);
    assert_false(there_is(work));
    assert_int_equal(count_files("p/work"), 0);
}

static void two_handles(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    struct archive *b = archive_ok("p", ARCHIVE_WRITES);
    struct archive *reader = archive_ok("p", ARCHIVE_READS);
    struct err e = { "" };

    (void)state;
    const struct entry t = add_small(a, 1, "a's");
    found(b, t.id, &t);
    found(reader, t.id, &t);
    struct entry u = add_small(b, 2, "b's");
    found(a, u.id, &u);
    found(reader, u.id, &u);
    const struct owner_words w = { .label = "a's now" };
    assert_int_equal(archive_relabel(a, &u, &w, &e), 0);
    assert_string_equal(u.owner[0], "a's now");
    found(b, u.id, &u);
    found(reader, u.id, &u);
    assert_int_equal(archive_forget(b, &t, &e), 0);
    not_found(a, t.id, -ENOENT);
    not_found(reader, t.id, -ENOENT);
    assert_int_equal(archive_forget(a, &t, &e), 0); /* it is gone */
    sound(reader, 1);
    /* in the middle of a change nobody is kept waiting */
    assert_int_equal(archive_index_begin(archive_get_index(a), &e), 0);
    assert_int_equal(archive_index_remove(archive_get_index(a), u.id, &e), 0);
    found(reader, u.id, &u);
    struct archive *late = archive_ok("p", ARCHIVE_READS);
    found(late, u.id, &u);
    archive_close(late);
    archive_index_rollback(archive_get_index(a));
    archive_close(reader);
    archive_close(b);
    sound(a, 1);
    archive_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(open_modes),
        TEST(the_key_stays),
        TEST(no_archive_is_made_of_a_file),
        TEST(take_and_find),
        TEST(what_is_not_found),
        TEST(what_looks_like_an_id),
        TEST(an_ambiguous_prefix),
        TEST(the_same_samples_are_kept_once),
        TEST(nothing_is_taken_that_is_not_there),
        TEST(the_work_folder_goes),
        TEST(two_handles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
