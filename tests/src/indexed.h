/* indexed - an index with five recordings in it, for tests.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_INDEXED_H
#define TESTS_SRC_INDEXED_H

#include "src/archive_index.h"
#include "tests/src/archived.h"

static const uint8_t key[HASH_KEY_BYTES] = "a key of no archive";

static const char *at(const char *name)
{
    static char path[PATH_MAX];
    char cwd[PATH_MAX / 2];

    assert_non_null(getcwd(cwd, sizeof cwd));
    snprintf(path, sizeof path, "%s/%s", cwd, name);
    return path;
}

static inline struct archive_index *index_ok(const char *name,
                                             bool is_read_only)
{
    struct archive_index *x = NULL;
    struct err e = { "" };

    if (archive_index_open(&x, at(name), is_read_only, &e) < 0)
        fail_msg("%s", e.text);
    return x;
}

static inline struct archive_index *new_index(void)
{
    struct err e = { "" };

    assert_int_equal(hash_start(), 0);
    put("x", "", 0);
    struct archive_index *x = index_ok("x", false);
    assert_true(archive_index_is_new(x));
    assert_int_equal(archive_index_begin(x, &e), 0);
    assert_int_equal(archive_index_clear(x, &e), 0);
    assert_int_equal(archive_index_commit(x, &e), 0);
    return x;
}

static inline struct entry entry_made(const char *id, double start_unix_s,
                                      const char *label)
{
    struct entry t = { .rate_hz = 250e3,
                       .centre_hz = 433.92e6,
                       .added_unix_s = 1.8e9,
                       .start_unix_s = start_unix_s,
                       .samples = 1000,
                       .lost = 7 };

    strcpy(t.id, id);
    snprintf(t.name, sizeof t.name, "fob_%s_433.92M_250k", id);
    memset(t.sha512, 'a', sizeof t.sha512 - 1);
    memcpy(t.sha512, id, strlen(id));
    strcpy(t.datatype, "cu8");
    strcpy(t.owner[0], label);
    strcpy(t.owner[4], "a note");
    return t;
}

static inline void hear(struct entry *t, const char *model, const char *fob,
                        const char *verdict, double carrier_hz)
{
    struct entry_heard *h = &t->heard[t->n_heard++];

    *h = (struct entry_heard){ .frames = 2, .carrier_hz = carrier_hz };
    strcpy(h->model, model);
    strcpy(h->fob, fob);
    strcpy(h->verdict, verdict);
}

static inline void put_ok(struct archive_index *x, const struct entry *t)
{
    struct err e = { "" };

    if (archive_index_begin(x, &e) < 0 ||
        archive_index_put(x, t, key, &e) < 0 || archive_index_commit(x, &e) < 0)
        fail_msg("%s", e.text);
}

/* The first two digits of each id, in the order of the list. */
static inline bool note_id(void *user, const struct entry *t)
{
    const char two[] = { t->id[0], t->id[1], '\0' };

    strcat(user, two);
    return true;
}

static inline void lists(struct archive_index *x,
                         const struct archive_filter *f, const char *want)
{
    char ids[256] = "";
    struct err e = { "" };

    if (archive_index_list(x, f, note_id, ids, &e) < 0)
        fail_msg("%s", e.text);
    assert_string_equal(ids, want);
}

#define BETWEEN(since, until, ...)                                             \
    &(const struct archive_filter)                                             \
    {                                                                          \
        .since_unix_s = since, .until_unix_s = until, __VA_ARGS__              \
    }
#define FILTER(...) BETWEEN(NAN, NAN, __VA_ARGS__)
#define ALL         FILTER(.label = NULL)

/* Ids a0 to a4 by time: a1, a0, a4, a3 (added only), a2. */
static inline struct archive_index *filled(void)
{
    struct archive_index *x = new_index();
    struct entry t = entry_made("a000000000", 1000, "Good Key");

    hear(&t, "Microchip-HCS200", "0C0FFEE", "proven", 433.9e6);
    hear(&t, "Unknown", "", "plausible", 433.8e6);
    put_ok(x, &t);
    t = entry_made("a100000000", 500, "tray 100%_x");
    hear(&t, "Continental-KR5V2X", "DECAFBAD", "plausible", 868.35e6);
    t.centre_hz = 868.5e6;
    put_ok(x, &t);
    t = entry_made("a200000000", 1.9e9, "good two");
    hear(&t, "Microchip-HCS200", "5EA51DE", "damaged", NAN);
    t.centre_hz = 315e6;
    put_ok(x, &t);
    put_ok(x, (t = entry_made("a300000000", NAN, ""), &t));
    t = entry_made("a400000000", 2000, "KEYLESS");
    hear(&t, "Microchip-HCS200", "0C0FFEE", "plausible", 315.01e6);
    t.centre_hz = 314.9e6;
    put_ok(x, &t);
    return x;
}

#endif
