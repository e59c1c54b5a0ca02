/* archive_place - folders, key and lock of an archive.
 *
 * Folders are 0700 and files 0600, whatever the umask is: a recording holds a
 * fob's codes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "src/archive_impl.h"

static const char folder_name[] = "recordings";
static const char work_name[] = "work";
static const char reserve_name[] = "reserve";

/* What SQLite shares with other processes (32 KiB), and a log of some removals of
 * some ten pages each. */
enum { RESERVE_BYTES = 512 << 10 };

/* The first of what is said; XDG Base Directory Specification 0.8: a path that
 * is not absolute is no answer. */
int archive_place(char place[PATH_MAX], const char *given, struct err *e)
{
    const char *own = getenv("FOBSCOPE_ARCHIVE");
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    int n;

    if (given == NULL && own != NULL && own[0] != '\0')
        given = own;
    if (given != NULL)
        n = snprintf(place, PATH_MAX, "%s", given);
    else if (data != NULL && data[0] == '/')
        n = snprintf(place, PATH_MAX, "%s/fobscope", data);
    else if (home != NULL && home[0] == '/')
        n = snprintf(place, PATH_MAX, "%s/.local/share/fobscope", home);
    else
        return err_set(e, -ENOENT,
                       "there is no home folder for an archive: say --archive");
    if (n <= 0 || n >= ARCHIVE_PLACE)
        return err_set(e, -ENAMETOOLONG,
                       "the archive's name is empty or too long");
    return 0;
}

void archive_inside(const struct archive *a, const char *name,
                    char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%.*s/%s", ARCHIVE_PLACE, a->place, name);
}

static int fault(const char *path, struct err *e)
{
    return err_set(e, -errno, "%s: %s", path, strerror(errno));
}

/* A folder of our own. */
static int make_folder(const char *path, struct err *e)
{
    if (mkdir(path, 0700) == 0)
        return chmod(path, 0700) == 0 ? 0 : fault(path, e);
    return errno == EEXIST ? 0 : fault(path, e);
}

/* All that is missing of it. */
static int make_path(const char *place, struct err *e)
{
    char path[PATH_MAX];
    int status = 0;

    snprintf(path, sizeof path, "%s", place);
    for (char *s = path + 1; *s != '\0' && status == 0; s++) {
        if (*s != '/')
            continue;
        *s = '\0';
        status = make_folder(path, e);
        *s = '/';
    }
    return status == 0 ? make_folder(path, e) : status;
}

/* Whether who runs this may write there. */
static bool is_writable(const struct archive *a)
{
    char index[PATH_MAX];

    archive_inside(a, "index.sqlite", index);
    return access(a->place, W_OK | X_OK) == 0 &&
           access(a->folder, W_OK | X_OK) == 0 &&
           (access(index, W_OK) == 0 || errno == ENOENT);
}

void archive_keep_reserve(const struct archive *a)
{
    char path[PATH_MAX];
    int fd;

    archive_inside(a, reserve_name, path);
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return;
    /* where it cannot be had, nothing is worse than before */
    if (fchmod(fd, 0600) != 0 || posix_fallocate(fd, 0, RESERVE_BYTES) != 0)
        unlink(path);
    close(fd);
}

void archive_give_reserve(const struct archive *a)
{
    char path[PATH_MAX];
    struct statvfs fs;

    archive_inside(a, reserve_name, path);
    if (fstatvfs(a->folder_fd, &fs) == 0 &&
        (double)fs.f_bavail * (double)fs.f_frsize < 4.0 * RESERVE_BYTES)
        unlink(path);
}

bool archive_writes(const struct archive *a)
{
    return a->mode == ARCHIVE_WRITES || a->mode == ARCHIVE_REMOVES;
}

static int open_place(struct archive *a, const char *place, struct err *e)
{
    int status = 0;

    if (a->mode == ARCHIVE_WRITES)
        status = make_path(place, e);
    if (status < 0)
        return status;
    if (realpath(place, a->place) == NULL)
        return errno == ENOENT
                   ? err_set(e, -ENOENT, "nothing is kept in %s yet", place)
                   : fault(place, e);
    if (strlen(a->place) >= ARCHIVE_PLACE)
        return err_set(e, -ENAMETOOLONG, "%s: its name is too long", place);
    archive_inside(a, folder_name, a->folder);
    if (a->mode == ARCHIVE_WRITES)
        status = make_folder(a->folder, e);
    if (status < 0)
        return status;
    a->folder_fd = open(a->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (a->folder_fd < 0)
        return errno == ENOENT
                   ? err_set(e, -ENOENT, "nothing is kept in %s yet", place)
                   : fault(a->folder, e);
    a->is_read_only = !is_writable(a);
    if (a->is_read_only && archive_writes(a))
        return err_set(e, -EACCES, "%s: cannot be written into", a->place);
    return 0;
}

/* Writes the whole key; on failure the caller removes the file. */
static int write_key(const char *path, const uint8_t *key, struct err *e)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int status = 0;

    if (fd < 0)
        return fault(path, e);
    errno = EIO;
    if (fchmod(fd, 0600) != 0 ||
        write(fd, key, HASH_KEY_BYTES) != HASH_KEY_BYTES || fsync(fd) != 0)
        status = fault(path, e);
    close(fd);
    return status;
}

/* With the lock: what a process that died here left is written over by the next,
 * which finds no key either. */
static int make_key(struct archive *a, const char *path, struct err *e)
{
    char fresh[PATH_MAX];
    uint8_t key[HASH_KEY_BYTES];
    int status = archive_lock(a, true, e);

    if (status < 0)
        return status;
    if (access(path, F_OK) != 0) {
        archive_inside(a, "key.new", fresh);
        unlink(fresh);
        hash_random(key, sizeof key);
        status = write_key(fresh, key, e);
        if (status == 0 && rename(fresh, path) != 0)
            status = fault(path, e);
        if (status < 0)
            unlink(fresh);
    }
    archive_unlock(a);
    return status;
}

static int read_key(struct archive *a, struct err *e)
{
    char path[PATH_MAX];
    int fd, status = 0;
    ssize_t n;

    archive_inside(a, "key", path);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT && !a->is_read_only) {
        status = make_key(a, path, e);
        if (status == 0)
            fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    }
    if (status < 0)
        return status;
    if (fd < 0)
        return fault(path, e);
    n = read(fd, a->key, sizeof a->key);
    close(fd);
    if (n != sizeof a->key)
        return err_set(e, -EINVAL,
                       "%s: is damaged: remove it, and \"fobscope archive "
                       "reindex\" gives new pseudonyms",
                       path);
    return 0;
}

static int open_lock(struct archive *a, struct err *e)
{
    char path[PATH_MAX];

    if (a->is_read_only)
        return 0;
    archive_inside(a, "lock", path);
    a->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (a->lock_fd < 0 || fchmod(a->lock_fd, 0600) != 0)
        return fault(path, e);
    return 0;
}

int archive_enter(struct archive *a, const char *place, struct err *e)
{
    int status = open_place(a, place, e);

    if (status == 0)
        status = open_lock(a, e);
    return status == 0 ? read_key(a, e) : status;
}

int archive_lock(struct archive *a, bool is_waiting, struct err *e)
{
    if (a->lock_fd < 0)
        return err_set(e, -EROFS, "%s: cannot be written into", a->place);
    /* it is never held for long, and what is to be kept when the user has had
     * enough is kept all the same; a second Ctrl-C ends the program */
    while (flock(a->lock_fd, LOCK_EX | (is_waiting ? 0 : LOCK_NB)) != 0) {
        if (errno == EWOULDBLOCK)
            return err_set(e, -EAGAIN, "%s: another process changes it",
                           a->place);
        if (errno != EINTR)
            return fault(a->place, e);
    }
    return 0;
}

void archive_unlock(struct archive *a)
{
    flock(a->lock_fd, LOCK_UN);
}

/* All that is in a folder, and in folders in it. */
static void empty_folder(int fd, int depth)
{
    const int copy = dup(fd);
    DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
    struct dirent *d;

    if (dir == NULL) {
        if (copy >= 0)
            close(copy);
        return;
    }
    rewinddir(dir);
    while ((d = readdir(dir)) != NULL) {
        const char *name = d->d_name;
        int inner;

        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
            unlinkat(fd, name, 0) == 0 || depth == 0)
            continue;
        inner =
            openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner < 0)
            continue;
        empty_folder(inner, depth - 1);
        close(inner);
        unlinkat(fd, name, AT_REMOVEDIR);
    }
    closedir(dir);
}

/* Work folders are locked by the process whose they are. */
static void sweep(int work_fd)
{
    const int copy = dup(work_fd);
    DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
    struct dirent *d;

    if (dir == NULL && copy >= 0)
        close(copy);
    while (dir != NULL && (d = readdir(dir)) != NULL) {
        const int fd =
            d->d_name[0] == '.'
                ? -1
                : openat(work_fd, d->d_name,
                         O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
            empty_folder(fd, 1);
            unlinkat(work_fd, d->d_name, AT_REMOVEDIR);
        }
        if (fd >= 0)
            close(fd);
    }
    if (dir != NULL)
        closedir(dir);
}

int archive_make_work(struct archive *a, struct err *e)
{
    char path[PATH_MAX], all[PATH_MAX];
    int fd, status;

    archive_inside(a, work_name, all);
    status = make_folder(all, e);
    if (status < 0)
        return status;
    fd = open(all, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return fault(all, e);
    sweep(fd);
    close(fd);
    archive_inside(a, "work/XXXXXX", path);
    if (mkdtemp(path) == NULL || chmod(path, 0700) != 0)
        return fault(path, e);
    a->work_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (a->work_fd < 0 || flock(a->work_fd, LOCK_EX | LOCK_NB) != 0)
        return fault(path, e);
    memcpy(a->work, path, sizeof path);
    return 0;
}

void archive_leave(struct archive *a)
{
    if (a->work_fd >= 0 && !a->is_aside) {
        empty_folder(a->work_fd, 1);
        rmdir(a->work);
    }
    if (a->work_fd >= 0)
        close(a->work_fd);
    if (a->lock_fd >= 0)
        close(a->lock_fd);
    if (a->folder_fd >= 0)
        close(a->folder_fd);
}
