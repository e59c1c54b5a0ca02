/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/sigmf_archive.h"

/* Of a .sigmf archive; packed ones are what sigmf-python writes. */
static const char *const endings[] = {
    ".sigmf", ".sigmf.gz", ".sigmf.xz", ".sigmf.zst", ".sigmf.zip",
};

void inputs_open(struct inputs *in, const char *place, struct archive *archive)
{
    *in = (struct inputs){ .place = place, .archive = archive };
}

void inputs_close(struct inputs *in)
{
    if (in->folder[0] != '\0')
        rmdir(in->folder);
    if (in->is_mine)
        archive_close(in->archive);
}

bool inputs_is_several(const char *operand)
{
    const size_t n = strlen(operand);

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t m = strlen(endings[i]);

        if (n > m && strcmp(operand + n - m, endings[i]) == 0)
            return true;
    }
    return false;
}

/* As an id where it can be one; a sentence about both where it is neither. */
static int find_archived(struct inputs *in, const char *operand,
                         struct entry *ret, struct err *e)
{
    struct err why = { "" };
    char place[PATH_MAX];
    int status = 0;

    if (in->archive == NULL) {
        status = archive_place(place, in->place, &why);
        if (status == 0)
            status = archive_open(&in->archive, place, ARCHIVE_READS, &why);
        in->is_mine = status == 0;
    }
    if (status == 0)
        status = archive_find(in->archive, operand, ret, &why);
    if (status == -ENOENT)
        return err_set(e, status, "%s: no such file, and no such recording",
                       operand);
    return status < 0 ? err_set(e, status, "%s", why.text) : 0;
}

static int take_archived(struct inputs *in, const char *operand,
                         void (*each)(void *user,
                                      const struct input_item *item),
                         void *user, struct err *e)
{
    char path[PATH_MAX];
    struct entry t;
    int status = find_archived(in, operand, &t, e);

    if (status == 0)
        status = archive_check(in->archive, &t, e);
    if (status < 0)
        return status;
    archive_path(in->archive, &t, path);
    each(user, &(struct input_item){ .spec = path, .entry = &t });
    return 0;
}

/* A folder that only we can look into. */
static int make_folder(struct inputs *in, struct err *e)
{
    const char *tmp = getenv("TMPDIR");

    if (in->folder[0] != '\0')
        return 0;
    snprintf(in->folder, sizeof in->folder, "%.*s/fobscope-XXXXXX",
             PATH_MAX - 64, tmp != NULL && tmp[0] == '/' ? tmp : "/tmp");
    if (mkdtemp(in->folder) != NULL)
        return 0;
    const int status =
        err_set(e, -errno, "%s: %s", in->folder, strerror(errno));
    in->folder[0] = '\0';
    return status;
}

static void remove_pair(const char *meta)
{
    char data[PATH_MAX];

    snprintf(data, sizeof data, "%s", meta);
    unlink(meta);
    memcpy(data + strlen(data) - 4, "data", 4);
    unlink(data);
}

static int unpack(struct inputs *in, const char *operand,
                  struct sigmf_archive_pair *pairs, struct err *e)
{
    const int fd = open(operand, O_RDONLY | O_CLOEXEC);
    int status;

    if (fd < 0)
        return err_set(e, -errno, "%s: %s", operand, strerror(errno));
    status = make_folder(in, e);
    if (status == 0)
        status = sigmf_archive_unpack(fd, operand, in->folder,
                                      &sigmf_archive_limits, pairs, e);
    close(fd);
    return status;
}

static int take_unpacked(struct inputs *in, const char *operand,
                         void (*each)(void *user,
                                      const struct input_item *item),
                         void *user, struct err *e)
{
    struct sigmf_archive_pair *pairs =
        calloc(SIGMF_ARCHIVE_RECORDINGS, sizeof *pairs);
    int n;

    if (pairs == NULL)
        return err_set(e, -ENOMEM, "out of memory");
    n = unpack(in, operand, pairs, e);
    for (int i = 0; i < n; i++) {
        char name[PATH_MAX];

        snprintf(name, sizeof name, "%.*s:%s",
                 PATH_MAX - SIGMF_ARCHIVE_NAME - 2, operand, pairs[i].name);
        each(user, &(struct input_item){ .spec = pairs[i].meta, .name = name });
        remove_pair(pairs[i].meta);
    }
    free(pairs);
    return n < 0 ? n : 0;
}

int inputs_each(struct inputs *in, const char *operand,
                void (*each)(void *user, const struct input_item *item),
                void *user, struct err *e)
{
    if (archive_is_id(operand) && access(operand, F_OK) != 0)
        return take_archived(in, operand, each, user, e);
    if (inputs_is_several(operand))
        return take_unpacked(in, operand, each, user, e);
    each(user, &(struct input_item){ .spec = operand });
    return 0;
}
