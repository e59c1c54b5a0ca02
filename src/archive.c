/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/archive.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/archive_impl.h"
#include "src/sigmf.h"
#include "src/sigmf_write.h"

/* An id is found by as few of its digits. */
enum { PREFIX_MIN = 3 };

static int fault(const char *path, int code, struct err *e)
{
    return err_set(e, code, "%s: %s", path, strerror(-code));
}

struct archive_index *archive_get_index(struct archive *a)
{
    return a->index;
}

const char *archive_folder(const struct archive *a)
{
    return a->folder;
}

const uint8_t *archive_key(const struct archive *a)
{
    return a->key;
}

const char *archive_work(const struct archive *a)
{
    return a->work;
}

void archive_path(const struct archive *a, const struct entry *t,
                  char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%.*s/%s.sigmf-meta", ARCHIVE_PLACE, a->folder,
             t->name);
}

bool archive_is_id(const char *text)
{
    const size_t n = strspn(text, "0123456789abcdefABCDEF");

    return n >= PREFIX_MIN && n <= ENTRY_ID_DIGITS && text[n] == '\0';
}

int archive_find(struct archive *a, const char *prefix, struct entry *ret,
                 struct err *e)
{
    char low[ENTRY_ID];

    if (!archive_is_id(prefix))
        return err_set(e, -EINVAL,
                       "%s: no id: %d to %d hexadecimal digits, as \"fobscope "
                       "archive list\" shows them",
                       prefix, PREFIX_MIN, ENTRY_ID_DIGITS);
    snprintf(low, sizeof low, "%s", prefix);
    for (char *s = low; *s != '\0'; s++)
        *s = (char)(*s >= 'A' && *s <= 'F' ? *s + ('a' - 'A') : *s);
    return archive_index_find(a->index, low, ret, e);
}

/* A reader that finds an index as it should be changes nothing, and does not
 * wait for those who write. */
static int settle_reader(struct archive *a, struct err *e)
{
    char name[ENTRY_NAME];
    enum archive_change change;
    int status;

    if (a->is_read_only)
        return archive_index_is_new(a->index)
                   ? err_set(e, -ENODATA,
                             "%s: has no index, and none can be made there",
                             a->place)
                   : 0;
    if (!archive_index_is_new(a->index)) {
        status = archive_index_intended(a->index, name, &change, e);
        if (status <= 0)
            return status;
        /* somebody is at it, or died */
        if (archive_lock(a, false, NULL) < 0)
            return 0;
        archive_unlock(a);
    }
    status = archive_begin(a, e);
    if (status == 0)
        archive_end(a);
    /* what cannot be put right now does no harm to what is there */
    return status == -ENOSPC && !archive_index_is_new(a->index) ? 0 : status;
}

static bool has_index(const struct archive *a)
{
    char path[PATH_MAX];
    struct stat st;

    archive_inside(a, "index.sqlite", path);
    return stat(path, &st) == 0 && st.st_size > 0;
}

/* With the lock, while nobody makes the index or puts another in its place; who
 * only reads one that is there does not wait. */
static int open_index(struct archive *a, struct err *e)
{
    int status;

    if (a->is_read_only || (a->mode == ARCHIVE_READS && has_index(a)))
        return archive_open_index(a, e);
    status = archive_lock(a, true, e);
    if (status < 0)
        return status;
    status = archive_open_index(a, e);
    archive_unlock(a);
    return status;
}

static int open_all(struct archive *a, const char *place, struct err *e)
{
    int status = archive_enter(a, place, e);

    if (status < 0)
        return status;
    if (a->mode != ARCHIVE_READS && a->mode != ARCHIVE_WRITES &&
        !a->is_read_only)
        archive_give_reserve(a);
    if (a->mode == ARCHIVE_REPAIRS && !has_index(a))
        return 0; /* verify says so, reindex makes one */
    status = open_index(a, e);
    if (a->mode == ARCHIVE_REPAIRS) {
        /* what a process that died left open is no damage */
        if (status == 0)
            settle_reader(a, NULL);
        return status == -EBADMSG || status == -EPROTONOSUPPORT ? 0 : status;
    }
    if (status == 0 && a->mode == ARCHIVE_READS)
        return settle_reader(a, e);
    if (status == 0)
        status = archive_begin(a, e);
    if (status == 0)
        archive_end(a);
    return status;
}

int archive_open(struct archive **ret, const char *place,
                 enum archive_mode mode, struct err *e)
{
    struct archive *a = calloc(1, sizeof *a);
    int status;

    if (a == NULL)
        return err_set(e, -ENOMEM, "out of memory");
    a->mode = mode;
    a->folder_fd = a->lock_fd = a->work_fd = -1;
    status = open_all(a, place, e);
    if (status == 0)
        *ret = a;
    else
        archive_close(a);
    return status;
}

void archive_close(struct archive *a)
{
    bool has_index;

    if (a == NULL)
        return;
    has_index = a->index != NULL;
    archive_index_close(a->index);
    if (has_index && a->mode != ARCHIVE_READS && !a->is_read_only)
        archive_keep_reserve(a);
    archive_leave(a);
    free(a);
}

/* The last part of a path, without its ending. */
static void stem_of(const char *path, char stem[ENTRY_NAME])
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;

    snprintf(stem, ENTRY_NAME, "%.*s",
             (int)(strlen(name) - strlen(".sigmf-meta")), name);
}

static int read_pair(const struct archive *a, const char *stem,
                     struct entry *ret, struct err *e)
{
    const int status = entry_read(ret, a->work, stem, e);

    if (status < 0)
        return status;
    if (ret->samples == 0)
        return err_set(e, -ENODATA, "%s: holds no samples", stem);
    entry_make_name(ret->name, ret);
    return 0;
}

/* From the work folder to their names; *moved: how many were, the data first. */
static int move_pair(struct archive *a, const char *stem, const char *name,
                     size_t *moved, struct err *e)
{
    int status = 0;

    for (*moved = 0; *moved < 2 && status == 0; *moved += status == 0) {
        char from[ENTRY_NAME + 16], to[ENTRY_NAME + 16];

        snprintf(from, sizeof from, "%s%s", stem, archive_halves[*moved]);
        snprintf(to, sizeof to, "%s%s", name, archive_halves[*moved]);
        status = archive_move(a, from, to, e);
    }
    return status;
}

/* And back, as far as they can be: data without metadata is nothing. */
static void move_back(struct archive *a, const char *stem, const char *name,
                      size_t moved)
{
    while (moved-- > 0) {
        char from[ENTRY_NAME + 16], to[ENTRY_NAME + 16];

        snprintf(from, sizeof from, "%s%s", name, archive_halves[moved]);
        snprintf(to, sizeof to, "%s%s", stem, archive_halves[moved]);
        if (renameat(a->folder_fd, from, a->work_fd, to) != 0)
            return;
    }
}

/* With the lock. */
static int take_pair(struct archive *a, const char *stem, const struct entry *t,
                     struct err *e)
{
    int status = archive_index_intend(a->index, t->name, ARCHIVE_ADDS, e);
    size_t moved;

    if (status < 0)
        return status;
    status = move_pair(a, stem, t->name, &moved, e);
    if (status == 0)
        status = archive_change(a, t->name, ARCHIVE_ADDS, e);
    if (status < 0) {
        /* it was not told of; where even this cannot be noted, the next
         * process does it */
        move_back(a, stem, t->name, moved);
        archive_change(a, t->name, ARCHIVE_ADDS, NULL);
    }
    return status;
}

int archive_open_file(const struct archive *a, const char *file)
{
    const int fd = openat(a->folder_fd, file,
                          O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat st;

    if (fd < 0)
        return -errno;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        return fd;
    close(fd);
    return -EINVAL;
}

int archive_check(const struct archive *a, const struct entry *t, struct err *e)
{
    for (size_t i = 0; i < 2; i++) {
        char file[ENTRY_NAME + 16];
        int fd;

        snprintf(file, sizeof file, "%s%s", t->name, archive_halves[i]);
        fd = archive_open_file(a, file);
        if (fd == -EINVAL || fd == -ELOOP)
            return err_set(e, -EINVAL, "%s: is no regular file", file);
        if (fd < 0)
            return fault(file, fd, e);
        close(fd);
    }
    return 0;
}

static bool has_samples(const struct archive *a, const struct entry *t)
{
    char file[ENTRY_NAME + 16], hash[HASH_HEX];
    int fd, status;

    snprintf(file, sizeof file, "%s%s", t->name, archive_halves[0]);
    fd = archive_open_file(a, file);
    status = fd < 0 ? fd : hash_file(fd, hash);
    if (fd >= 0)
        close(fd);
    return status == 0 && strcmp(hash, t->sha512) == 0;
}

/* A recording that lost its samples gets them back. With the lock. */
static int mend_samples(struct archive *a, const char *stem,
                        const struct entry *t, struct err *e)
{
    char from[ENTRY_NAME + 16], to[ENTRY_NAME + 16];
    int status;

    if (has_samples(a, t))
        return 0;
    snprintf(from, sizeof from, "%s%s", stem, archive_halves[0]);
    snprintf(to, sizeof to, "%s%s", t->name, archive_halves[0]);
    status = archive_index_intend(a->index, t->name, ARCHIVE_CHANGES, e);
    if (status == 0)
        status = archive_move(a, from, to, e);
    return status == 0 ? archive_change(a, t->name, ARCHIVE_CHANGES, e)
                       : status;
}

int archive_take(struct archive *a, const char *meta, struct entry *ret,
                 bool *is_old, struct err *e)
{
    char stem[ENTRY_NAME];
    struct entry t, old;
    int status;

    assert(a->mode == ARCHIVE_WRITES);
    stem_of(meta, stem);
    status = read_pair(a, stem, &t, e);
    if (status == 0)
        status = archive_begin(a, e);
    if (status < 0)
        return status;
    *is_old = archive_index_find(a->index, t.id, &old, NULL) == 0;
    if (*is_old && strcmp(old.sha512, t.sha512) != 0)
        status =
            err_set(e, -EEXIST,
                    "its id %s is taken by another recording, by chance", t.id);
    else if (*is_old)
        status = mend_samples(a, stem, &old, e);
    else
        status = take_pair(a, stem, &t, e);
    archive_end(a);
    if (status == 0)
        *ret = *is_old ? old : t;
    if (status == 0 && *is_old)
        archive_drop(a, meta);
    return status;
}

void archive_drop(struct archive *a, const char *meta)
{
    char stem[ENTRY_NAME];

    stem_of(meta, stem);
    for (size_t i = 0; i < 2; i++) {
        char file[ENTRY_NAME + 16];

        snprintf(file, sizeof file, "%s%s", stem, archive_halves[i]);
        unlinkat(a->work_fd, file, 0);
    }
}

int archive_set_aside(struct archive *a, char path[PATH_MAX], struct err *e)
{
    archive_inside(a, "aside-XXXXXX", path);
    if (mkdtemp(path) == NULL || rename(a->work, path) != 0)
        return fault(path, -errno, e);
    a->is_aside = true;
    return 0;
}

/* The new metadata in the work folder. */
static int write_relabelled(struct archive *a, const char *name,
                            const struct owner_words *w, struct err *e)
{
    char path[PATH_MAX];
    struct json *document;
    int status;

    snprintf(path, sizeof path, "%.*s/%s.sigmf-meta", ARCHIVE_PLACE, a->folder,
             name);
    status = sigmf_load(&document, path, e);
    if (status < 0)
        return status;
    document = sigmf_relabel(document, w);
    snprintf(path, sizeof path, "%.*s/relabelled", PATH_MAX - 32, a->work);
    status = sigmf_save(document, path);
    json_free(document);
    if (status < 0)
        return fault(path, status, e);
    status = sigmf_load(&document, path, e); /* it may have grown too large */
    if (status == 0)
        json_free(document);
    return status;
}

int archive_relabel(struct archive *a, struct entry *t,
                    const struct owner_words *w, struct err *e)
{
    char file[ENTRY_NAME + 16];
    int status = archive_begin(a, e);

    if (status < 0)
        return status;
    snprintf(file, sizeof file, "%s%s", t->name, archive_halves[1]);
    status = write_relabelled(a, t->name, w, e);
    if (status == 0)
        status = archive_index_intend(a->index, t->name, ARCHIVE_CHANGES, e);
    if (status == 0)
        status = archive_move(a, "relabelled", file, e);
    if (status == 0)
        status = archive_change(a, t->name, ARCHIVE_CHANGES, e);
    if (status == 0)
        status = archive_find(a, t->id, t, e);
    archive_end(a);
    return status;
}

int archive_forget(struct archive *a, const struct entry *t, struct err *e)
{
    int status = archive_begin(a, e);

    if (status < 0)
        return status;
    status = archive_index_intend(a->index, t->name, ARCHIVE_FORGETS, e);
    if (status == 0)
        status = archive_change(a, t->name, ARCHIVE_FORGETS, e);
    archive_end(a);
    return status;
}
