/* archive_change - changes of files and index, whole or not at all.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/archive_impl.h"

static const char index_name[] = "index.sqlite";

const char *const archive_halves[2] = { ".sigmf-data", ".sigmf-meta" };

static int fault(const char *path, int code, struct err *e)
{
    return err_set(e, code, "%s: %s", path, strerror(-code));
}

/* SQLite would make the file with the umask's mode. */
static int make_index_file(const char *path, struct err *e)
{
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    int status = 0;

    if (fd < 0)
        return fault(path, -errno, e);
    if (fchmod(fd, 0600) != 0)
        status = fault(path, -errno, e);
    close(fd);
    return status;
}

int archive_open_index(struct archive *a, struct err *e)
{
    char path[PATH_MAX];
    struct stat st;
    int status = 0;

    archive_inside(a, index_name, path);
    archive_index_close(a->index);
    a->index = NULL;
    if (!a->is_read_only)
        status = make_index_file(path, e);
    if (status < 0)
        return status;
    status = archive_index_open(&a->index, path, a->is_read_only, e);
    /* on a full disk SQLite cannot make the files it shares with others */
    if ((status == -EIO || status == -ENOSPC) && !archive_writes(a) &&
        !a->is_read_only)
        status = archive_index_open(&a->index, path, true, e);
    a->index_inode = stat(path, &st) == 0 ? st.st_ino : 0;
    return status;
}

static void drop_index(struct archive *a)
{
    /* the file first: a log without one is not believed */
    static const char *const names[] = { "index.sqlite", "index.sqlite-wal",
                                         "index.sqlite-shm" };

    archive_index_close(a->index);
    a->index = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[PATH_MAX];

        archive_inside(a, names[i], path);
        unlink(path);
    }
}

/* Somebody may have made the index anew since it was opened. */
static int follow_index(struct archive *a, struct err *e)
{
    char path[PATH_MAX];
    struct stat st;

    archive_inside(a, index_name, path);
    if (a->index != NULL && stat(path, &st) == 0 && st.st_ino == a->index_inode)
        return 0;
    return archive_open_index(a, e);
}

static int fill_index(struct archive *a, struct err *e)
{
    size_t n;
    int status = archive_index_begin(a->index, e);

    if (status < 0)
        return status;
    if (archive_index_is_new(a->index)) /* else another process was first */
        status = archive_scan(a, NULL, NULL, &n, e);
    if (status >= 0)
        status = archive_index_commit(a->index, e);
    if (status < 0)
        archive_index_rollback(a->index);
    return status;
}

int archive_unlink(struct archive *a, const char *name, struct err *e)
{
    for (size_t i = 2; i-- > 0;) { /* data without metadata is nothing */
        char file[ENTRY_NAME + 16];

        snprintf(file, sizeof file, "%s%s", name, archive_halves[i]);
        if (unlinkat(a->folder_fd, file, 0) != 0 && errno != ENOENT)
            return fault(file, -errno, e);
    }
    return 0;
}

int archive_sync(struct archive *a, struct err *e)
{
    return fsync(a->folder_fd) == 0 ? 0 : fault(a->folder, -errno, e);
}

int archive_move(struct archive *a, const char *from, const char *to,
                 struct err *e)
{
    return renameat(a->work_fd, from, a->folder_fd, to) == 0
               ? 0
               : fault(to, -errno, e);
}

static bool is_there(const struct archive *a, const char *name,
                     const char *half)
{
    char file[ENTRY_NAME + 16];

    snprintf(file, sizeof file, "%s%s", name, half);
    return faccessat(a->folder_fd, file, F_OK, 0) == 0;
}

/* Row and collections of a recording as its files are now. */
static int follow_files(struct archive *a, const char *name, struct err *e)
{
    struct entry t;
    int status = entry_read(&t, a->folder, name, e);

    if (status < 0) /* whatever it is: of a file, not of the index */
        return status == -ENOMEM ? status : -EINVAL;
    status = archive_index_put(a->index, &t, a->key, e);
    return status == 0 ? archive_refresh_collections(a, name, e) : status;
}

static int forget_files(struct archive *a, const char *name, struct err *e)
{
    int status = archive_unlink(a, name, e);

    if (status == 0)
        status = archive_index_remove(a->index, name, e);
    if (status == 0)
        status = archive_refresh_collections(a, name, e);
    return status == 0 ? archive_index_drop_member(a->index, name, e) : status;
}

/* Files and rows as they are after the change. */
static int end_change(struct archive *a, const char *name,
                      enum archive_change change, struct err *e)
{
    const bool has_meta = is_there(a, name, archive_halves[1]);

    switch (change) {
    case ARCHIVE_FORGETS:
        return forget_files(a, name, e);
    case ARCHIVE_ADDS:
        return has_meta && is_there(a, name, archive_halves[0])
                   ? follow_files(a, name, e)
                   : forget_files(a, name, e);
    case ARCHIVE_CHANGES: /* what it had before is whole as well */
        return has_meta ? follow_files(a, name, e) : 0;
    case ARCHIVE_COLLECTS:
        return archive_index_collection(a, name, e);
    }
    return 0;
}

/* The change of files, its rows, and word that it is done: with the lock. */
int archive_change(struct archive *a, const char *name,
                   enum archive_change change, struct err *e)
{
    int status = archive_index_begin(a->index, e);

    if (status < 0)
        return status;
    status = end_change(a, name, change, e);
    if (status == 0)
        status = archive_sync(a, e);
    if (status == 0)
        status = archive_index_settle(a->index, name, e);
    if (status == 0)
        status = archive_index_commit(a->index, e);
    if (status < 0)
        archive_index_rollback(a->index);
    return status;
}

/* Whether the index, not a file, is what cannot be used. */
static bool is_of_index(int status)
{
    return status == -EBADMSG || status == -ENOSPC || status == -EIO ||
           status == -EROFS || status == -EBUSY || status == -ENOMEM;
}

/* What processes that died have left open. A file that was damaged since is for
 * verify to tell of, and stops nobody. */
static int end_changes(struct archive *a, struct err *e)
{
    char name[ENTRY_NAME];
    enum archive_change change;
    int status;

    while ((status = archive_index_intended(a->index, name, &change, e)) > 0) {
        status = archive_change(a, name, change, e);
        if (status < 0 && !is_of_index(status))
            status = archive_index_settle(a->index, name, e);
        if (status < 0)
            break;
    }
    return status;
}

/* The lock, and what every change needs; the index may be damaged. */
static int enter(struct archive *a, struct err *e)
{
    int status = archive_lock(a, true, e);

    if (status < 0)
        return status;
    if (a->work[0] == '\0')
        status = archive_make_work(a, e);
    if (status < 0)
        archive_unlock(a);
    return status;
}

int archive_begin(struct archive *a, struct err *e)
{
    int status = enter(a, e);

    if (status < 0)
        return status;
    status = follow_index(a, e);
    if (status == 0 && archive_index_is_new(a->index))
        status = fill_index(a, e);
    if (status == 0)
        status = end_changes(a, e);
    if (status < 0)
        archive_unlock(a);
    return status;
}

void archive_end(struct archive *a)
{
    archive_unlock(a);
}

static int make_anew(struct archive *a,
                     void (*report)(void *user, const char *sentence),
                     void *user, size_t *n, struct err *e)
{
    int status = archive_index_begin(a->index, e), faults;

    if (status < 0)
        return status;
    faults = archive_scan(a, report, user, n, e);
    status = faults < 0 ? faults : 0;
    if (status == 0) /* members may have been changed by hand */
        status = archive_refresh_collections(a, NULL, e);
    if (status == 0)
        status = archive_sync(a, e);
    if (status == 0)
        status = archive_index_commit(a->index, e);
    if (status < 0)
        archive_index_rollback(a->index);
    return status < 0 ? status : faults;
}

int archive_reindex(struct archive *a,
                    void (*report)(void *user, const char *sentence),
                    void *user, size_t *n, struct err *e)
{
    int status = enter(a, e);

    if (status < 0)
        return status;
    status = follow_index(a, e);
    if (status == 0 && !archive_index_is_new(a->index))
        status = archive_index_check(a->index, e);
    if (status == 0 && !archive_index_is_new(a->index))
        status = end_changes(a, e);
    if (status == 0)
        status = make_anew(a, report, user, n, e);
    if (status == -EBADMSG || status == -EPROTONOSUPPORT) {
        drop_index(a);
        status = archive_open_index(a, e);
        if (status == 0)
            status = make_anew(a, report, user, n, e);
    }
    archive_unlock(a);
    return status;
}
