/* archive_reindex - the index from the files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/archive_impl.h"

/* One reading of the folder. */
struct scan {
    struct archive *archive;
    void (*fault)(void *user, const char *sentence);
    void *user;
    size_t n;
    int faults;
};

/* A file that cannot be taken in is told of and passed over; 0. A fault of the
 * index itself ends it. */
static int note(struct scan *s, int code, const struct err *why, struct err *e)
{
    if (code == -EBADMSG || code == -ENOSPC || code == -EIO || code == -EROFS ||
        code == -ENOMEM)
        return err_set(e, code, "%s", why->text);
    s->faults++;
    if (s->fault != NULL)
        s->fault(s->user, why->text);
    return 0;
}

static int add_recording(struct scan *s, const char *name, struct err *e)
{
    struct archive *a = s->archive;
    struct err why = { "" };
    struct entry t;
    int status;

    if (!entry_is_name(name)) {
        err_set(&why, -EINVAL, "%s: is no name of a recording here", name);
        return note(s, -EINVAL, &why, e);
    }
    status = entry_read(&t, a->folder, name, &why);
    if (status < 0)
        return note(s, -EINVAL, &why, e);
    status = archive_index_put(a->index, &t, a->key, &why);
    if (status == -EEXIST)
        err_set(&why, status, "%s: is there twice", name);
    if (status < 0)
        return note(s, status, &why, e);
    s->n++;
    if (t.samples > 0)
        return 0;
    err_set(&why, -ENODATA, "%s: its samples are not there", name);
    return note(s, -ENODATA, &why, e);
}

static int add_collection(struct scan *s, const char *name, struct err *e)
{
    struct err why = { "" };
    const int status = archive_index_collection(s->archive, name, &why);

    return status < 0 ? note(s, status, &why, e) : 0;
}

bool archive_has_ending(const char *file, const char *ending,
                        char name[ENTRY_NAME])
{
    const size_t n = strlen(file), m = strlen(ending);

    if (n <= m || n - m >= ENTRY_NAME || strcmp(file + n - m, ending) != 0)
        return false;
    memcpy(name, file, n - m);
    name[n - m] = '\0';
    return true;
}

static bool is_regular(const struct archive *a, const char *file)
{
    struct stat st;

    return fstatat(a->folder_fd, file, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(st.st_mode);
}

/* Files that end in ending, each by add. */
static int read_folder(struct scan *s, const char *ending,
                       int (*add)(struct scan *s, const char *name,
                                  struct err *e),
                       struct err *e)
{
    DIR *dir = opendir(s->archive->folder);
    struct dirent *d;
    char name[ENTRY_NAME];
    int status = 0;

    if (dir == NULL)
        return err_set(e, -errno, "%s: %s", s->archive->folder,
                       strerror(errno));
    while (status == 0 && (d = readdir(dir)) != NULL)
        if (archive_has_ending(d->d_name, ending, name) &&
            is_regular(s->archive, d->d_name))
            status = add(s, name, e);
    closedir(dir);
    return status;
}

int archive_scan(struct archive *a,
                 void (*fault)(void *user, const char *sentence), void *user,
                 size_t *n, struct err *e)
{
    struct scan s = { .archive = a, .fault = fault, .user = user };
    int status = archive_index_clear(a->index, e);

    if (status == 0)
        status = read_folder(&s, ".sigmf-meta", add_recording, e);
    if (status == 0)
        status = read_folder(&s, ".sigmf-collection", add_collection, e);
    *n = s.n;
    return status < 0 ? status : s.faults;
}
