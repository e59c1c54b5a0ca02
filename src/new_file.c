/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fault(const char *path, int code, struct err *e)
{
    return err_set(e, code, "%.300s: %s", path,
                   code == -EEXIST ? "is there already, and stays as it is"
                                   : strerror(-code));
}

int new_file_open(struct new_file *f, const char *path, struct err *e)
{
    struct stat st;

    if (strlen(path) >= sizeof f->path)
        return fault(path, -ENAMETOOLONG, e);
    strcpy(f->path, path);
    snprintf(f->part, sizeof f->part, "%s.part", path);
    if (lstat(path, &st) == 0)
        return fault(path, -EEXIST, e);
    f->fd = open(f->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (f->fd < 0)
        return fault(f->part, -errno, e);
    if (fchmod(f->fd, 0600) == 0)
        return 0;
    const int code = -errno;

    new_file_drop(f);
    return fault(f->part, code, e);
}

int new_file_keep(struct new_file *f, struct err *e)
{
    int code = fsync(f->fd) == 0 ? 0 : -errno;

    /* link() takes nobody's place; a file system without links has rename() */
    if (code == 0 && link(f->part, f->path) != 0)
        code = errno == EPERM || errno == ENOTSUP ? 1 : -errno;
    if (code > 0)
        code = rename(f->part, f->path) == 0 ? 0 : -errno;
    new_file_drop(f);
    return code == 0 ? 0 : fault(f->path, code, e);
}

void new_file_drop(struct new_file *f)
{
    close(f->fd);
    unlink(f->part);
}
