/* fuzz_archive_import - bytes as recordings from anywhere on their way into the
 * archive: what was taken in is there, undamaged, and goes again.
 *
 *   byte 0     bit 0: the rest is a .sigmf archive, or else a SigMF pair, its
 *              metadata in front of a zero byte; bit 1: only what is around
 *              bursts is kept; bit 2: with words of the owner's
 *   the rest   as byte 0 says
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <sys/stat.h>

#include "src/archive_verify.h"
#include "src/inputs.h"
#include "src/keep.h"
#include "src/sigmf.h"
#include "src/sigmf_rules.h"
#include "tests/fuzz/fuzz_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    IMPORT_MAX = 1 << 14, /* bytes: little signal is enough */
    RATE_MAX = 4000000,   /* Hz: the pipeline of more takes long to make */
    TAKEN_MAX = 4,        /* recordings of one input */
};

static const volatile sig_atomic_t never;
static char folder[PATH_MAX / 2], place[PATH_MAX];
static struct archive *archive;
static struct entry taken[TAKEN_MAX];
static size_t n_taken;
static uint8_t how;

static void remove_all(void)
{
    char command[PATH_MAX + 16];

    archive_close(archive);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert(system(command) == 0);
}

/* In memory, where there is such a folder: nothing waits for a disk. */
static void make_all(void)
{
    struct err e = { "" };

    strcpy(folder, access("/dev/shm", W_OK) == 0 ? "/dev/shm/fuzz_XXXXXX"
                                                 : "/tmp/fuzz_XXXXXX");
    assert(mkdtemp(folder) != NULL && atexit(remove_all) == 0);
    assert(setenv("TMPDIR", folder, 1) == 0);
    snprintf(place, sizeof place, "%s/a", folder);
    assert(archive_open(&archive, place, ARCHIVE_WRITES, &e) == 0);
}

/* NAME in the folder, as a file. */
static const char *put(const char *name, const uint8_t *bytes, size_t n)
{
    static char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert(f != NULL && fwrite(bytes, 1, n, f) == n);
    assert(fclose(f) == 0);
    return path;
}

static void ignore(void *user, const char *sentence)
{
    (void)user;
    fuzz_check_sentence(sentence);
}

static void damaged(void *user, const char *what, const char *sentence)
{
    (void)user;
    fprintf(stderr, "%s: %s\n", what, sentence);
    abort();
}

/* As cmd_archive_add.c does: only what keeps the rules is built upon. */
static struct json *load_former(const char *spec)
{
    char path[PATH_MAX];
    struct json *j = NULL;

    snprintf(path, sizeof path, "%s", spec);
    memcpy(path + strlen(path) - 4, "meta", 4);
    if (sigmf_load(&j, path, NULL) < 0)
        return NULL;
    if (sigmf_rules_check(j, UINT64_MAX, ignore, NULL) == 0)
        return j;
    json_free(j);
    return NULL;
}

static void keep_and_take(struct source *s, const char *spec)
{
    struct progress progress = { 0 };
    struct json *former = load_former(spec);
    const struct keep_cfg cfg = {
        .folder = archive_work(archive),
        .is_cut = how & 2,
        .pre_s = 0.001,
        .post_s = 0.001,
        .owner = { .label = how & 4 ? "label" : NULL },
        .former = former,
        .progress = &progress,
        .stop = &never,
    };
    char meta[PATH_MAX];
    struct entry t;
    struct err e = { "" };
    size_t left_out;
    bool is_old;

    if (keep_recording(s, &cfg, meta, &left_out, &e) < 0) {
        fuzz_check_sentence(e.text);
    } else if (archive_take(archive, meta, &t, &is_old, &e) < 0) {
        fuzz_check_sentence(e.text);
        abort(); /* what we wrote ourselves fits */
    } else if (!is_old && n_taken < TAKEN_MAX) {
        taken[n_taken++] = t;
    }
    json_free(former);
}

static void on_item(void *user, const struct input_item *item)
{
    struct source *s = NULL;
    struct err e = { "" };

    (void)user;
    assert(item->entry == NULL);
    if (source_open_as(&s, item->spec, item->name, NULL, &e) < 0)
        fuzz_check_sentence(e.text);
    else if (source_info(s)->rate_hz <= RATE_MAX && n_taken < TAKEN_MAX)
        keep_and_take(s, item->spec);
    source_close(s);
}

/* Whatever keep left there. */
static void empty_work(void)
{
    DIR *dir = opendir(archive_work(archive));

    assert(dir != NULL);
    for (struct dirent *d; (d = readdir(dir)) != NULL;)
        if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
            assert(unlinkat(dirfd(dir), d->d_name, 0) == 0);
    closedir(dir);
}

static void check_archive(void)
{
    const struct archive_verify_cfg cfg = { .damage = damaged, .stop = &never };
    struct archive_verify_totals totals = { 0 };
    struct err e = { "" };

    assert(archive_verify(archive, &cfg, &totals, &e) == 0);
    assert(totals.recordings == n_taken && totals.damages == 0);
    while (n_taken > 0)
        assert(archive_forget(archive, &taken[--n_taken], &e) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *operand;
    struct inputs in;
    struct err e = { "" };

    if (archive == NULL)
        make_all();
    if (size < 2 || size > IMPORT_MAX)
        return 0;
    how = data[0];
    if (how & 1) {
        operand = put("in.sigmf", data + 1, size - 1);
    } else {
        const uint8_t *end = memchr(data + 1, 0, size - 1);
        const size_t n = end ? (size_t)(end - data) - 1 : size - 1;

        put("in.sigmf-data", end ? end + 1 : data, end ? size - n - 2 : 0);
        operand = put("in.sigmf-meta", data + 1, n);
    }
    inputs_open(&in, NULL, archive);
    if (inputs_each(&in, operand, on_item, NULL, &e) < 0)
        fuzz_check_sentence(e.text);
    inputs_close(&in);
    if (n_taken > 0)
        check_archive();
    empty_work();
    return 0;
}
