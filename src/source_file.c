/* source_file - bytes from a file or pipe, and samples stored raw in it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dsp/convert.h"
#include "src/source_impl.h"

static int open_fault(int code, const char *name, struct err *e)
{
    switch (code) {
    case ENOENT:
    case ENOTDIR:
        return err_set(e, -code, "%s: does not exist", name);
    case EACCES:
    case EPERM:
        return err_set(e, -code, "%s: cannot be read: permission denied", name);
    case ENAMETOOLONG:
        return err_set(e, -code, "%s: name is too long", name);
    default:
        return err_set(e, -code, "%s: cannot be opened: %s", name,
                       strerror(code));
    }
}

/* Only what has an end or a writer: a disk or a terminal is a slip. */
static int check_kind(struct input *in, struct err *e)
{
    struct stat st;
    if (fstat(in->fd, &st) < 0)
        return open_fault(errno, in->name, e);
    if (S_ISDIR(st.st_mode))
        return err_set(e, -EISDIR, "%s: is a directory", in->name);
    if (isatty(in->fd))
        return err_set(e, -EINVAL, "%s: is a terminal, not a recording",
                       in->name);
    if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode) && !S_ISCHR(st.st_mode) &&
        !S_ISSOCK(st.st_mode))
        return err_set(e, -EINVAL, "%s: is neither a file nor a pipe",
                       in->name);
    if (S_ISREG(st.st_mode)) {
        in->is_regular = true;
        in->start = lseek(in->fd, 0, SEEK_CUR);
        if (in->start < 0)
            return open_fault(errno, in->name, e);
        in->size =
            st.st_size > in->start ? (uint64_t)(st.st_size - in->start) : 0;
    }
    return 0;
}

int input_open(struct input *in, const char *path, const char *name,
               struct err *e)
{
    in->name = name;
    in->at = in->n = 0;
    in->is_regular = in->at_end = false;
    in->start = 0;
    in->size = 0;
    if (strcmp(path, "-") == 0)
        in->fd = STDIN_FILENO;
    else
        in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (in->fd < 0)
        return open_fault(errno, name, e);
    int r = check_kind(in, e);
    if (r < 0)
        input_close(in);
    return r;
}

ssize_t input_peek(struct input *in, size_t n, struct err *e)
{
    assert(n <= INPUT_BUFFER);
    size_t have = in->n - in->at;
    if (have >= n)
        return (ssize_t)have;
    memmove(in->bytes, in->bytes + in->at, have);
    in->at = 0;
    in->n = have;
    while (in->n < n && !in->at_end) {
        ssize_t r = read(in->fd, in->bytes + in->n, INPUT_BUFFER - in->n);
        if (r < 0)
            return err_set(e, -errno, "%s: cannot be read: %s", in->name,
                           strerror(errno));
        in->at_end = r == 0;
        in->n += (size_t)r;
    }
    return (ssize_t)in->n;
}

int input_skip(struct input *in, uint64_t n, struct err *e)
{
    while (n > 0) {
        ssize_t have = input_peek(in, 1, e);
        if (have < 0)
            return (int)have;
        if (have == 0)
            return err_set(e, -ENODATA, "%s: ends before its samples",
                           in->name);
        size_t step = (uint64_t)have < n ? (size_t)have : (size_t)n;
        in->at += step;
        n -= step;
    }
    return 0;
}

void input_close(struct input *in)
{
    if (in->fd > STDIN_FILENO)
        close(in->fd);
    in->fd = -1;
}

/* At the end: less than a sample is left in the buffer. */
static void note_rest(struct source *s)
{
    size_t rest = s->in.n - s->in.at;
    if (rest > 0)
        err_set(&s->warning, 0, "%s: %zu odd byte%s at the end left out",
                s->shown, rest, rest == 1 ? "" : "s");
}

static ssize_t raw_read(struct source *s, void *out, size_t n, struct err *e)
{
    size_t size = convert_size(s->info.format), got = 0;
    while (got < n) {
        ssize_t have = input_peek(&s->in, size, e);
        if (have < 0)
            return got ? (ssize_t)got : have;
        size_t whole = (size_t)have / size;
        if (whole == 0) {
            note_rest(s);
            break;
        }
        if (whole > n - got)
            whole = n - got;
        memcpy((unsigned char *)out + got * size, s->in.bytes + s->in.at,
               whole * size);
        s->in.at += whole * size;
        got += whole;
        if (!s->in.is_regular)
            break; /* a pipe: what is there now, not later */
    }
    return (ssize_t)got;
}

static const struct source_reader raw_reader = { .read = raw_read };

int source_raw_start(struct source *s, enum sample_format format, uint64_t skip,
                     struct err *e)
{
    size_t size = convert_size(format);
    int r = input_skip(&s->in, skip, e);
    if (r < 0)
        return r;
    ssize_t have = input_peek(&s->in, size, e);
    if (have < 0)
        return (int)have;
    if (have == 0)
        return err_set(e, -ENODATA, "%s: is empty", s->shown);
    if ((size_t)have < size)
        return err_set(e, -ENODATA,
                       "%s: is shorter than one sample of %zu "
                       "bytes",
                       s->shown, size);
    s->info.kind = SOURCE_IQ;
    s->info.format = format;
    if (s->in.is_regular && s->in.size > skip)
        s->info.total = (s->in.size - skip) / size;
    s->reader = &raw_reader;
    return 0;
}
