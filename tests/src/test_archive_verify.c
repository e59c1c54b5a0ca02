/* test_archive_verify - each damage is told, of the recording that has it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/src/verified.h"

/* t alone is damaged; one fault may be told in several ways. */
static void one_damage(struct archive *a, const struct entry *t)
{
    const struct archive_verify_cfg cfg = { .damage = tell, .stop = &never };
    struct archive_verify_totals totals = { .recordings = 10, .damages = 10 };
    const size_t n = damages(a);
    char all[sizeof told];

    assert_true(n >= 1 && n <= 3);
    strcpy(all, told);
    for (const char *line = told; *line != '\0'; line = strchr(line, '\n') + 1)
        assert_memory_equal(line, t->name, strlen(t->name));
    told[0] = '\0';
    archive_verify_one(a, t, &cfg, &totals);
    assert_true(totals.recordings == 11 && totals.damages == 10 + n);
    assert_string_equal(told, all);
}

static void each_damage_is_told(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    const struct entry t = add_small(a, 1, "t");
    char data[PATH_MAX], meta[PATH_MAX];
    size_t n, m;

    (void)state;
    add_small(a, 2, "u");
    archive_path(a, &t, meta);
    strcpy(data, meta);
    strcpy(data + strlen(data) - 4, "data");
    char *bytes = bytes_of(data, &n), *text = bytes_of(meta, &m);
    bytes[n / 2] ^= 1; /* one bit */
    put(data, bytes, n);
    one_damage(a, &t);
    bytes[n / 2] ^= 1;
    put(data, bytes, n - 1); /* one byte less, one more */
    one_damage(a, &t);
    put(data, bytes, n + 1); /* the 0 behind them */
    one_damage(a, &t);
    assert_int_equal(unlink(data), 0);
    one_damage(a, &t);
    put(data, bytes, n);
    char *version = strstr(text, "1.2.5");
    assert_non_null(version);
    *version = 'x'; /* a rule of SigMF */
    put(meta, text, m);
    one_damage(a, &t);
    *version = '1';
    char *label = strstr(text, "\"t\"");
    assert_non_null(label);
    label[1] = 's'; /* not what the index has */
    put(meta, text, m);
    one_damage(a, &t);
    label[1] = 't';
    put(meta, text, m);
    assert_int_equal(chmod(data, 0600), 0);
    assert_int_equal(damages(a), 0);
    free(bytes);
    free(text);
    archive_close(a);
}

static void verify_is_stopped(void **state)
{
    const volatile sig_atomic_t stop = 1;
    const struct archive_verify_cfg cfg = { .damage = tell, .stop = &stop };
    struct archive_verify_totals totals = { 0 };
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    struct err e = { "" };

    (void)state;
    add_small(a, 1, NULL);
    assert_int_equal(archive_verify(a, &cfg, &totals, &e), -EINTR);
    archive_close(a);
}

static void bytes_are_counted(void **state)
{
    const struct archive_verify_cfg cfg = { .damage = tell, .stop = &never };
    struct archive_verify_totals totals = { 0 };
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    struct err e = { "" };

    (void)state;
    add_small(a, 1, NULL);
    add_small(a, 2, NULL);
    assert_int_equal(archive_verify(a, &cfg, &totals, &e), 0);
    assert_true(totals.bytes == 2 * 2 * SAMPLES && totals.recordings == 2);
    archive_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_damage_is_told),
        TEST(verify_is_stopped),
        TEST(bytes_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
