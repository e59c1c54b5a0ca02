/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(const struct new_file *f, int code, struct err *e)
{
    return err_set(e, code, "%.300s: cannot be written: %s", f->path,
                   strerror(-code));
}

static int exists(const struct new_file *f, struct err *e)
{
    return err_set(e, -EEXIST, "%.300s: exists already; nothing is overwritten",
                   f->path);
}

static bool is_taken(const struct new_file *f)
{
    struct stat st;

    return lstat(f->path, &st) == 0;
}

static int name(struct new_file *f, const char *path, struct err *e)
{
    const int n = snprintf(f->path, sizeof f->path, "%s", path);

    snprintf(f->part, sizeof f->part, "%s.part", path);
    if (n < 0 || (size_t)n >= sizeof f->path)
        return fail(f, -ENAMETOOLONG, e);
    return is_taken(f) ? exists(f, e) : 0;
}

int new_file_check(const char *path, struct err *e)
{
    struct new_file f;

    return name(&f, path, e);
}

int new_file_open(struct new_file *f, const char *path, struct err *e)
{
    const int status = name(f, path, e);

    if (status < 0)
        return status;
    f->fd = open(f->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (f->fd < 0 && errno == EEXIST)
        return err_set(e, -EEXIST,
                       "%.300s: exists: it is being written, or was broken "
                       "off and can be deleted",
                       f->part);
    if (f->fd < 0)
        return fail(f, -errno, e);
    if (fchmod(f->fd, 0600) == 0) /* whatever the umask took away */
        return 0;
    const int code = -errno;

    new_file_drop(f);
    return fail(f, code, e);
}

/* link() takes no name that is taken. FAT has no links: there another program
 * could only slip in between two calls. */
static int give_name(const struct new_file *f, struct err *e)
{
    if (link(f->part, f->path) == 0)
        return 0;
    if (errno == EEXIST)
        return exists(f, e);
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
        return fail(f, -errno, e);
    if (is_taken(f))
        return exists(f, e);
    return rename(f->part, f->path) == 0 ? 0 : fail(f, -errno, e);
}

/* The name is on the disk, too. A folder that cannot be synced is none of ours to
 * judge. */
static void sync_folder(const struct new_file *f)
{
    char folder[PATH_MAX];
    char *slash;
    int fd;

    snprintf(folder, sizeof folder, "%s", f->path);
    slash = strrchr(folder, '/');
    if (slash != NULL)
        slash[slash == folder ? 1 : 0] = '\0';
    fd = open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

int new_file_keep(struct new_file *f, struct err *e)
{
    const int status = fsync(f->fd) == 0 ? give_name(f, e) : fail(f, -errno, e);

    new_file_drop(f);
    if (status == 0)
        sync_folder(f);
    return status;
}

void new_file_drop(struct new_file *f)
{
    close(f->fd);
    unlink(f->part);
}
