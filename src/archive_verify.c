/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/archive_verify.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/archive_impl.h"
#include "src/sigmf.h"
#include "src/sigmf_rules.h"

static const char meta_ending[] = ".sigmf-meta";
static const char data_ending[] = ".sigmf-data";
static const char collection_ending[] = ".sigmf-collection";

struct verify {
    struct archive *archive;
    const struct archive_verify_cfg *cfg;
    struct archive_verify_totals *totals;
    const char *what; /* is being looked at */
    bool is_first;    /* of two looks: damages are counted, not told */
    size_t doubts;
};

static void damage(struct verify *v, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void damage(struct verify *v, const char *format, ...)
{
    struct err text;
    va_list args;
    char sentence[sizeof text.text];

    if (v->is_first) {
        v->doubts++;
        return;
    }
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    err_set(&text, 0, "%s", sentence); /* no control characters */
    v->totals->damages++;
    v->cfg->damage(v->cfg->user, v->what, text.text);
}

/* Where something seems wrong another process may be at it: it is looked at
 * again, with the lock. */
static void look(struct verify *v, void (*at)(struct verify *v, const void *it),
                 const void *it)
{
    const struct archive_verify_totals before = *v->totals;
    bool is_locked;

    v->is_first = true;
    v->doubts = 0;
    at(v, it);
    v->is_first = false;
    if (v->doubts == 0)
        return;
    *v->totals = before;
    is_locked = archive_lock(v->archive, true, NULL) == 0;
    at(v, it);
    if (is_locked)
        archive_unlock(v->archive);
}

static void on_fault(void *user, const char *sentence)
{
    damage(user, "%s", sentence);
}

/* What begins with the name of what is looked at says it once. */
static void damage_of(struct verify *v, const struct err *why)
{
    const size_t n = strlen(v->what);
    const char *text = why->text;

    if (strncmp(text, v->what, n) == 0 && strncmp(text + n, ": ", 2) == 0)
        text += n + 2;
    damage(v, "%s", text);
}

static void make_file(char file[ENTRY_NAME + 32], const char *name,
                      const char *ending)
{
    snprintf(file, ENTRY_NAME + 32, "%s%s", name, ending);
}

/* False, told, where it is not there, or no file. */
static bool look_at_file(struct verify *v, const char *file, struct stat *st)
{
    if (fstatat(v->archive->folder_fd, file, st, AT_SYMLINK_NOFOLLOW) != 0) {
        damage(v, "%s: %s", file, strerror(errno));
        return false;
    }
    if (!S_ISREG(st->st_mode)) {
        damage(v, "%s: is no regular file", file);
        return false;
    }
    if ((st->st_mode & 077) != 0)
        damage(v, "%s: others may read it (mode %03o)", file,
               (unsigned)st->st_mode & 0777);
    return true;
}

/* The samples, by their hash. */
static void verify_samples(struct verify *v, const struct entry *t,
                           const char *file, off_t bytes)
{
    const int fd = archive_open_file(v->archive, file);
    char hash[HASH_HEX];
    const int status = fd < 0 ? fd : hash_file(fd, hash);

    if (fd >= 0)
        close(fd);
    if (status < 0) {
        damage(v, "%s: %s", file, strerror(-status));
        return;
    }
    v->totals->bytes += (uint64_t)bytes;
    if (strcmp(hash, t->sha512) != 0)
        damage(v, "%s: its samples are not those that were kept (SHA-512)",
               file);
}

static void verify_row(struct verify *v, const struct entry *t)
{
    struct archive_index *index = v->archive->index;
    struct err why = { "" };
    const char *difference;
    struct entry row;
    int status;

    if (index == NULL)
        return;
    status = archive_index_find(index, t->id, &row, &why);
    if (status == -ENOENT)
        damage(v, "is not in the index: \"fobscope archive reindex\"");
    else if (status < 0)
        damage_of(v, &why);
    else if ((difference = entry_difference(t, &row)) != NULL)
        damage(v,
               "the index has another %s than the file: \"fobscope archive "
               "reindex\"",
               difference);
}

static void verify_name(struct verify *v, const struct entry *t)
{
    char name[ENTRY_NAME];

    entry_make_name(name, t);
    if (strcmp(name, t->name) != 0)
        damage(v, "should be called %s", name);
}

static void verify_document(struct verify *v, const char *name,
                            const struct json *document)
{
    struct err why = { "" };
    char file[ENTRY_NAME + 32];
    struct entry t;
    struct stat st;
    bool has_data;

    make_file(file, name, data_ending);
    has_data = look_at_file(v, file, &st);
    if (entry_from(&t, document, has_data ? (uint64_t)st.st_size : 0, name,
                   &why) < 0) {
        damage_of(v, &why);
        return;
    }
    sigmf_rules_check(document, has_data ? t.samples : UINT64_MAX, on_fault, v);
    verify_name(v, &t);
    if (has_data)
        verify_samples(v, &t, file, st.st_size);
    verify_row(v, &t);
}

static void verify_recording(struct verify *v, const char *name)
{
    char path[PATH_MAX], file[ENTRY_NAME + 32];
    struct err why = { "" };
    struct json *document;
    struct stat st;

    v->what = name;
    make_file(file, name, meta_ending);
    if (fstatat(v->archive->folder_fd, file, &st, AT_SYMLINK_NOFOLLOW) != 0 &&
        errno == ENOENT)
        return; /* has been forgotten this moment */
    v->totals->recordings++;
    if (!look_at_file(v, file, &st))
        return;
    snprintf(path, sizeof path, "%.*s/%s", ARCHIVE_PLACE, v->archive->folder,
             file);
    if (sigmf_load(&document, path, &why) < 0) {
        damage_of(v, &why);
        return;
    }
    verify_document(v, name, document);
    json_free(document);
}

/* A recording of a collection, by name and hash. */
static void verify_stream(struct verify *v, const struct json *stream)
{
    const char *name = json_text(stream, "name");
    const char *expected = json_text(stream, "hash");
    char file[ENTRY_NAME + 32], hash[HASH_HEX];
    int fd, status;

    if (name == NULL || !entry_is_name(name)) {
        damage(v, "names no recording of this archive");
        return;
    }
    make_file(file, name, meta_ending);
    fd = archive_open_file(v->archive, file);
    status = fd < 0 ? fd : hash_file(fd, hash);
    if (fd >= 0)
        close(fd);
    if (status < 0)
        damage(v, "%s: %s", name, strerror(-status));
    else if (expected == NULL || strcmp(hash, expected) != 0)
        damage(v, "%s: its metadata is not what the collection has (SHA-512)",
               name);
}

static void verify_collection(struct verify *v, const char *name)
{
    char path[PATH_MAX], file[ENTRY_NAME + 32];
    struct err why = { "" };
    const struct json *streams;
    struct json *document;
    struct stat st;

    v->what = name;
    make_file(file, name, collection_ending);
    if (!look_at_file(v, file, &st))
        return;
    snprintf(path, sizeof path, "%.*s/%s", ARCHIVE_PLACE, v->archive->folder,
             file);
    if (sigmf_load(&document, path, &why) < 0) {
        damage_of(v, &why);
        return;
    }
    streams = json_get(json_get(document, "collection"), "core:streams");
    if (json_size(streams) == 0)
        damage(v, "is no SigMF collection");
    for (size_t i = 0; i < json_size(streams); i++)
        verify_stream(v, json_at(streams, i));
    json_free(document);
}

/* Data whose metadata is not there belong to nobody. */
static void verify_orphan(struct verify *v, const char *file, const char *name)
{
    char meta[ENTRY_NAME + 32];
    struct stat st;

    make_file(meta, name, meta_ending);
    v->what = file;
    if (fstatat(v->archive->folder_fd, meta, &st, 0) != 0 &&
        fstatat(v->archive->folder_fd, file, &st, 0) == 0)
        damage(v, "samples without metadata");
}

static void verify_file(struct verify *v, const void *it)
{
    const char *file = it;
    char name[ENTRY_NAME];

    if (archive_has_ending(file, meta_ending, name))
        verify_recording(v, name);
    else if (archive_has_ending(file, collection_ending, name))
        verify_collection(v, name);
    else if (archive_has_ending(file, data_ending, name))
        verify_orphan(v, file, name);
    else {
        v->what = file;
        damage(v, "is no file of the archive");
    }
}

/* Rows whose metadata is not there. */
struct missing {
    struct verify *verify;
    struct entry *entries;
    size_t n, room;
    bool is_short; /* of memory */
};

static bool has_metadata(const struct verify *v, const struct entry *t)
{
    char file[ENTRY_NAME + 32];
    struct stat st;

    make_file(file, t->name, meta_ending);
    return fstatat(v->archive->folder_fd, file, &st, 0) == 0;
}

static bool add_missing(void *user, const struct entry *t)
{
    struct missing *m = user;

    if (has_metadata(m->verify, t))
        return true;
    if (m->n == m->room) {
        const size_t room = 2 * m->room + 8;
        struct entry *grown = realloc(m->entries, room * sizeof *grown);

        m->is_short = grown == NULL;
        if (m->is_short)
            return false;
        m->entries = grown;
        m->room = room;
    }
    m->entries[m->n++] = *t;
    return true;
}

static void verify_entry(struct verify *v, const void *it)
{
    const struct entry *t = it;
    struct entry again;

    v->what = t->name;
    if (!has_metadata(v, t) &&
        archive_index_find(v->archive->index, t->id, &again, NULL) == 0)
        damage(v, "is in the index, and its files are gone");
}

/* The list is read to its end first: until then the index does not change. */
static int verify_rows(struct verify *v, struct err *e)
{
    const struct archive_filter all = { .since_unix_s = NAN,
                                        .until_unix_s = NAN };
    struct missing m = { .verify = v };
    int status =
        archive_index_list(v->archive->index, &all, add_missing, &m, e);

    if (status == 0 && m.is_short)
        status = err_set(e, -ENOMEM, "out of memory");
    for (size_t i = 0; i < m.n && status == 0; i++)
        look(v, verify_entry, &m.entries[i]);
    free(m.entries);
    return status;
}

/* What only its owner may read: files and folders of the place itself. */
static void verify_modes(struct verify *v)
{
    static const char *const names[] = { "recordings", "work", "key", "lock",
                                         "index.sqlite" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[PATH_MAX];
        struct stat st;

        archive_inside(v->archive, names[i], path);
        v->what = names[i];
        if (lstat(path, &st) == 0 && (st.st_mode & 077) != 0)
            damage(v, "others may read it (mode %03o)",
                   (unsigned)st.st_mode & 0777);
    }
}

static bool verify_listed_collection(void *user, const char *collection,
                                     const char *title)
{
    struct verify *v = user;
    char file[ENTRY_NAME + 32];
    struct stat st;

    (void)title;
    make_file(file, collection, collection_ending);
    if (fstatat(v->archive->folder_fd, file, &st, AT_SYMLINK_NOFOLLOW) == 0)
        return true;
    v->what = collection;
    damage(v, "is in the index, and its file is gone");
    return true;
}

static int verify_tables(struct verify *v, struct err *why)
{
    int status = archive_index_check(v->archive->index, why);

    if (status == 0)
        status = verify_rows(v, why);
    if (status == 0)
        status = archive_index_collections(v->archive->index, NULL,
                                           verify_listed_collection, v, why);
    return status;
}

static void verify_index(struct verify *v)
{
    char path[PATH_MAX];
    struct err why = { "" };
    struct stat st;
    int status;

    archive_inside(v->archive, "index.sqlite", path);
    if (v->archive->index != NULL) {
        status = verify_tables(v, &why);
    } else if (lstat(path, &st) == 0 && st.st_size > 0) {
        status = archive_open_index(v->archive, &why); /* to say why not */
    } else if (v->totals->recordings == 0) {
        status = 0; /* it comes with the first */
    } else {
        status = err_set(&why, -ENOENT,
                         "is not there: \"fobscope archive reindex\" makes it "
                         "from the recordings");
    }
    v->what = path;
    if (status < 0)
        damage_of(v, &why);
    v->what = NULL;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_file(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

int archive_verify(struct archive *a, const struct archive_verify_cfg *cfg,
                   struct archive_verify_totals *totals, struct err *e)
{
    struct verify v = { .archive = a, .cfg = cfg, .totals = totals };
    struct dirent **files;
    const int n = scandir(a->folder, &files, is_file, by_name);
    int status = 0;

    *totals = (struct archive_verify_totals){ 0 };
    if (n < 0)
        return err_set(e, -errno, "%s: %s", a->folder, strerror(errno));
    for (int i = 0; i < n; i++) {
        if (status == 0 && *cfg->stop)
            status = err_set(e, -EINTR, "stopped");
        if (status == 0)
            look(&v, verify_file, files[i]->d_name);
        if (cfg->done != NULL)
            cfg->done(cfg->user, (size_t)i + 1, (size_t)n);
        free(files[i]);
    }
    free(files);
    if (status == 0) {
        verify_modes(&v);
        verify_index(&v);
    }
    return status;
}

static void verify_one(struct verify *v, const void *it)
{
    const struct entry *t = it;
    const size_t before = v->totals->recordings;

    verify_recording(v, t->name);
    if (v->totals->recordings > before)
        return;
    v->what = t->name;
    v->totals->recordings++;
    damage(v, "is in the index, and its files are gone");
}

void archive_verify_one(struct archive *a, const struct entry *t,
                        const struct archive_verify_cfg *cfg,
                        struct archive_verify_totals *totals)
{
    struct verify v = { .archive = a, .cfg = cfg, .totals = totals };

    look(&v, verify_one, t);
}
