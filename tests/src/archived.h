/* archived - archives with small recordings in them, for tests.
 *
 * Include <cmocka.h> and what it needs before this. Each test works in a folder
 * of its own, with TEST() of opened.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_ARCHIVED_H
#define TESTS_SRC_ARCHIVED_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "src/archive.h"
#include "src/json.h"
#include "src/keep.h"
#include "tests/src/opened.h"
#include "tests/support/synth.h"

enum { SAMPLES = 3000 }; /* of a small recording */

/* n bytes of noise, the same for a seed. */
static inline void put_noise(const char *name, uint64_t seed, size_t n)
{
    struct synth_random r = { seed * 7919 + 1 };
    uint8_t *bytes = malloc(n);

    assert_non_null(bytes);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)(127 + synth_random_u64(&r) % 3);
    put(name, bytes, n);
    free(bytes);
}

static inline struct archive *archive_ok(const char *place,
                                         enum archive_mode mode)
{
    struct archive *a = NULL;
    struct err e = { "" };

    if (archive_open(&a, place, mode, &e) < 0)
        fail_msg("%s", e.text);
    return a;
}

/* spec decoded and written into the work folder of a. */
static inline void keep_ok(struct archive *a, const char *spec,
                           const struct owner_words *w, char meta[PATH_MAX])
{
    static const volatile sig_atomic_t stop;
    struct progress progress = { 0 };
    struct keep_cfg cfg = { .folder = archive_work(a),
                            .progress = &progress,
                            .stop = &stop };
    struct source *s = open_ok(spec);
    struct err e = { "" };
    size_t left_out = 0;

    if (w != NULL)
        cfg.owner = *w;
    if (keep_recording(s, &cfg, meta, &left_out, &e) < 0)
        fail_msg("%s", e.text);
    source_close(s);
}

static inline struct entry take_ok(struct archive *a, const char *spec,
                                   const struct owner_words *w)
{
    char meta[PATH_MAX];
    struct entry t;
    struct err e = { "" };
    bool is_old = true;

    keep_ok(a, spec, w, meta);
    if (archive_take(a, meta, &t, &is_old, &e) < 0)
        fail_msg("%s", e.text);
    assert_false(is_old);
    return t;
}

/* The small recording `seed` put into a, with a label. */
static inline struct entry add_small(struct archive *a, uint64_t seed,
                                     const char *label)
{
    const struct owner_words w = { .label = label };

    put_noise("in_433.92M_250k.cu8", seed, 2 * SAMPLES);
    struct entry t = take_ok(a, "in_433.92M_250k.cu8", &w);
    assert_int_equal(unlink("in_433.92M_250k.cu8"), 0);
    return t;
}

static inline bool there_is(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

/* What is in folder, hidden files among it. */
static inline size_t count_files(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t n = 0;

    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir)) != NULL;)
        n += strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
    closedir(dir);
    return n;
}

/* A file's bytes, to be freed; a 0 behind them. */
static inline char *bytes_of(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    struct stat st;

    if (f == NULL)
        fail_msg("%s cannot be opened", path);
    assert_int_equal(fstat(fileno(f), &st), 0);
    char *bytes = malloc((size_t)st.st_size + 1);
    assert_non_null(bytes);
    *n = fread(bytes, 1, (size_t)st.st_size, f);
    bytes[*n] = '\0';
    fclose(f);
    return bytes;
}

static inline struct json *document_of(const char *path)
{
    struct err e = { "" };
    size_t n;
    char *text = bytes_of(path, &n);
    struct json *j = json_load(text, n, path, &e);

    free(text);
    if (j == NULL)
        fail_msg("%s", e.text);
    return j;
}

/* A document in the test's own text, ' instead of ". */
static inline struct json *document(const char *format, ...)
{
    static char text[1 << 18];
    struct err e = { "" };
    va_list args;

    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    assert_true(n >= 0 && (size_t)n < sizeof text);
    for (char *c = text; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    struct json *j = json_load(text, (size_t)n, "document", &e);
    if (j == NULL)
        fail_msg("%s", e.text);
    return j;
}

#endif
