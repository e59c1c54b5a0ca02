/* sigmf_archive - libarchive behind a wall: what it says of an archive is held
 * against our own rules before a byte is written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/sigmf_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/sigmf_pairs.h"

enum {
    BLOCK_BYTES = 65536, /* of a file that is packed */
    INPUT_BYTES = 16384, /* after so many is seen how much came out of them */
    MAGIC_BYTES = 6,     /* of xz, the longest */
    META_MAX = 8 << 20,  /* bytes: more is not read by sigmf_read */
    SLACK_BYTES = 64 << 20, /* headers and padding: 6 KiB an entry */
    ENTRIES_MAX = 10000,    /* of any kind: 1000 pairs, and pictures of them */
};

const struct sigmf_archive_limits sigmf_archive_limits = {
    .bytes = UINT64_C(16) << 30,
    .ratio = 100,
    .free_bytes = UINT64_C(64) << 20,
};

/* An archive that is read, from where its fd stood. */
struct input {
    int fd;
    bool is_regular;
    off_t start;
    size_t ahead; /* block[0..ahead) was read and not yet given away */
    unsigned char block[INPUT_BYTES];
};

struct unpack {
    struct archive *a;
    struct input in;
    const char *name;
    int stopped; /* why give_block gave nothing: negative errno */
    struct sigmf_pairs pairs;
    struct err *e;
};

/* What libarchive complains of. Its -1 is "something else". */
static int fault(struct archive *a, const char *name, const char *what,
                 struct err *e)
{
    const char *why = archive_error_string(a);
    int code = archive_errno(a);
    return err_set(e, code > 0 ? -code : -EINVAL, "%s: %s: %s", name, what,
                   why ? why : "unknown fault");
}

static int no_memory(const char *name, struct err *e)
{
    return err_set(e, -ENOMEM, "%s: out of memory", name);
}

static ssize_t read_some(int fd, void *to, size_t n)
{
    ssize_t r;
    do
        r = read(fd, to, n);
    while (r < 0 && errno == EINTR);
    return r;
}

static ssize_t input_read(struct unpack *u, void *to, size_t n)
{
    ssize_t r = read_some(u->in.fd, to, n);
    if (r > 0 && !u->in.is_regular)
        u->pairs.in += (uint64_t)r;
    return r;
}

/* Our own callbacks: those of libarchive begin at byte 0 where they seek. Here
 * alone zeros behind the end are seen, of which no entry tells. */
static la_ssize_t give_block(struct archive *a, void *data, const void **ret)
{
    struct unpack *u = data;
    la_int64_t taken = archive_filter_bytes(a, 0) - SLACK_BYTES;
    ssize_t n = (ssize_t)u->in.ahead;
    if (taken > 0 && (uint64_t)taken > sigmf_pairs_most(&u->pairs))
        u->stopped = -EFBIG;
    else if (n == 0 && (n = input_read(u, u->in.block, INPUT_BYTES)) < 0)
        u->stopped = -errno;
    u->in.ahead = 0;
    *ret = u->in.block;
    return u->stopped ? ARCHIVE_FATAL : n;
}

static la_int64_t seek_to(struct archive *a, void *data, la_int64_t offset,
                          int whence)
{
    struct unpack *u = data;
    struct input *in = &u->in;
    off_t at = whence == SEEK_SET   ? in->start
               : whence == SEEK_END ? in->start + (off_t)u->pairs.in
                                    : lseek(in->fd, 0, SEEK_CUR);
    if (at < 0 || offset < in->start - at || offset > INT64_MAX - at ||
        lseek(in->fd, at + offset, SEEK_SET) < 0) {
        archive_set_error(a, EINVAL, "points outside itself");
        return ARCHIVE_FATAL;
    }
    in->ahead = 0;
    return at + offset - in->start;
}

/* The first bytes, by which the packer is told. */
static int input_start(struct unpack *u, int fd)
{
    struct input *in = &u->in;
    struct stat st;
    ssize_t n = 1;
    in->fd = fd;
    if (fstat(fd, &st) < 0)
        return err_set(u->e, -errno, "%s: %s", u->name, strerror(errno));
    in->start = S_ISREG(st.st_mode) ? lseek(fd, 0, SEEK_CUR) : -1;
    in->is_regular = in->start >= 0;
    if (in->is_regular && st.st_size > in->start)
        u->pairs.in = (uint64_t)(st.st_size - in->start);
    while (in->ahead < MAGIC_BYTES && n > 0) {
        n = input_read(u, in->block + in->ahead, MAGIC_BYTES - in->ahead);
        if (n > 0)
            in->ahead += (size_t)n;
    }
    if (n < 0)
        return err_set(u->e, -errno, "%s: %s", u->name, strerror(errno));
    if (in->ahead == 0)
        return err_set(u->e, -ENODATA, "%s: is empty", u->name);
    return 0;
}

/* One filter, named: left to itself libarchive takes off 25 layers, of which
 * only the last is measured. ARCHIVE_WARN: it would run a program for it. */
static int append_filter(struct unpack *u)
{
    static const struct {
        const char *magic;
        size_t n;
        int code;
    } filters[] = {
        { "\x1f\x8b\x08", 3, ARCHIVE_FILTER_GZIP }, /* RFC 1952; 8: deflate */
        { "\xfd\x37zXZ", 6, ARCHIVE_FILTER_XZ }, /* .xz format 1.1, 2.1.1.1 */
        { "\x28\xb5\x2f\xfd", 4, ARCHIVE_FILTER_ZSTD }, /* RFC 8878, 3.1.1 */
    };
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        if (u->in.ahead >= filters[i].n &&
            memcmp(u->in.block, filters[i].magic, filters[i].n) == 0 &&
            archive_read_append_filter(u->a, filters[i].code) != ARCHIVE_OK)
            return fault(u->a, u->name, "cannot be unpacked", u->e);
    return 0;
}

/* libarchive has words of its own where our callback stopped it. */
static int damaged(struct unpack *u, const char *what)
{
    if (u->stopped == 0)
        return fault(u->a, u->name, what, u->e);
    return err_set(u->e, u->stopped, "%s: %s", u->name,
                   u->stopped == -EFBIG ? "unpacks to too much for its size"
                                        : strerror(-u->stopped));
}

/* zip is not in the standard, but sigmf-python writes it. Only where there is
 * its directory: a stream of it shows what was deleted, and guesses where a
 * file ends. A tar is read on behind its end, for there are the checksums of
 * xz and zstd. */
static int reader_open(struct unpack *u, int fd)
{
    int r = input_start(u, fd);
    if (r < 0)
        return r;
    u->a = archive_read_new();
    if (!u->a)
        return no_memory(u->name, u->e);
    r = append_filter(u);
    if (r < 0)
        return r;
    if (archive_read_support_format_tar(u->a) != ARCHIVE_OK ||
        archive_read_set_format_option(
            u->a, "tar", "read_concatenated_archives", "1") != ARCHIVE_OK ||
        archive_read_set_read_callback(u->a, give_block) != ARCHIVE_OK ||
        archive_read_set_callback_data(u->a, u) != ARCHIVE_OK)
        return no_memory(u->name, u->e);
    if (u->in.is_regular &&
        (archive_read_support_format_zip_seekable(u->a) < ARCHIVE_WARN ||
         archive_read_set_seek_callback(u->a, seek_to) != ARCHIVE_OK))
        return no_memory(u->name, u->e);
    if (archive_read_open1(u->a) != ARCHIVE_OK)
        return damaged(u, "is no tar, or is damaged");
    return 0;
}

static int refuse(struct unpack *u, int code, const char *entry,
                  const char *why)
{
    return err_set(u->e, code, "%s: %.160s %s", u->name, entry, why);
}

/* What one entry holds, into fd; < 0: it is only passed over, and counted all
 * the same. So do the zeros of a sparse entry, and those up to the size that it
 * told, which are in no block. */
static int take_data(struct unpack *u, const char *entry, int fd, uint64_t max,
                     uint64_t told)
{
    const void *block;
    size_t n;
    la_int64_t offset;
    uint64_t at = 0;
    int r;
    while ((r = archive_read_data_block(u->a, &block, &n, &offset)) ==
           ARCHIVE_OK) {
        uint64_t from = fd < 0 ? at : (uint64_t)offset;
        if (from < at || from > (uint64_t)INT64_MAX - n)
            return refuse(u, -EINVAL, entry, "overlaps itself");
        if (from + n > max)
            return refuse(u, -EFBIG, entry, "is over 8 MiB");
        r = sigmf_pairs_allow(&u->pairs, from + n - at, u->e);
        if (r == 0 && fd >= 0)
            r = sigmf_pairs_write(&u->pairs, fd, block, n, from, u->e);
        if (r < 0)
            return r;
        u->pairs.out += from + n - at;
        at = from + n;
    }
    /* Here a warning is a checksum that is wrong. */
    if (r != ARCHIVE_EOF)
        return damaged(u, "is damaged");
    r = told > at ? sigmf_pairs_allow(&u->pairs, told - at, u->e) : 0;
    u->pairs.out += told > at ? told - at : 0;
    return r;
}

static bool is_plain_file(struct archive_entry *entry)
{
    return archive_entry_filetype(entry) == AE_IFREG &&
           !archive_entry_hardlink(entry) && !archive_entry_symlink(entry);
}

static int take_half(struct unpack *u, struct archive_entry *entry,
                     const char *name, enum sigmf_half half)
{
    const uint64_t max = half == SIGMF_META ? META_MAX : INT64_MAX;
    la_int64_t size = archive_entry_size(entry);
    const uint64_t told = size > 0 ? (uint64_t)size : 0;
    if (!is_plain_file(entry))
        return refuse(u, -EINVAL, name, "is no plain file");
    if (archive_entry_is_encrypted(entry))
        return refuse(u, -EINVAL, name, "is encrypted");
    if (told > max)
        return refuse(u, -EFBIG, name, "is over 8 MiB");
    int r = u->in.is_regular ? sigmf_pairs_allow(&u->pairs, told, u->e)
                             : 0; /* before the work */
    int fd = r < 0 ? r : sigmf_pairs_create(&u->pairs, name, half, u->e);
    if (fd < 0)
        return fd;
    r = take_data(u, name, fd, max, told);
    if (r == 0)
        return sigmf_pairs_finish(&u->pairs, fd, told, u->e);
    close(fd);
    return r;
}

static int take_entry(struct unpack *u, struct archive_entry *entry)
{
    char clean[SIGMF_ENTRY_NAME];
    /* NULL where the name is UTF-8 and the locale is not */
    const char *name = archive_entry_pathname(entry);
    if (!name)
        name = archive_entry_pathname_utf8(entry);
    const char *wrong = sigmf_entry_clean(clean, name);
    if (wrong)
        return refuse(u, -EINVAL, name && *name ? name : "an entry", wrong);
    enum sigmf_half half = sigmf_entry_half(clean);
    if (half < SIGMF_HALVES)
        return take_half(u, entry, clean, half);
    if (archive_entry_is_encrypted(entry))
        return 0;
    return take_data(u, clean, -1, INT64_MAX, 0);
}

/* To its end. Of a tar cut between two entries libarchive says that it has
 * ended; the mark of it, blocks of zeros (POSIX.1-2001, pax), is then not
 * among the bytes that it took. A warning with a header is about letters. */
static int take_entries(struct unpack *u)
{
    struct archive_entry *entry;
    for (int i = 0;; i++) {
        la_int64_t before = archive_filter_bytes(u->a, 0);
        int r = archive_read_next_header(u->a, &entry);
        if (r == ARCHIVE_EOF && archive_format(u->a) != ARCHIVE_FORMAT_ZIP &&
            archive_filter_bytes(u->a, 0) == before)
            return err_set(u->e, -EINVAL, "%s: is cut short", u->name);
        if (r == ARCHIVE_EOF)
            return 0;
        if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
            return damaged(u, "is damaged");
        if (i == ENTRIES_MAX)
            return err_set(u->e, -EFBIG, "%s: has more than %d entries",
                           u->name, ENTRIES_MAX);
        r = take_entry(u, entry);
        if (r < 0)
            return r;
    }
}

int sigmf_archive_unpack(int fd, const char *name, const char *folder,
                         const struct sigmf_archive_limits *limits,
                         struct sigmf_archive_pair *pairs, struct err *e)
{
    struct unpack u = { .name = name, .e = e };
    locale_t last, utf8 = sigmf_names_enter(&last);
    int r = sigmf_pairs_open(&u.pairs, name, folder, limits, pairs, e);
    if (r == 0)
        r = reader_open(&u, fd);
    if (r == 0)
        r = take_entries(&u);
    if (r == 0)
        r = sigmf_pairs_check(&u.pairs, e);
    archive_read_free(u.a);
    sigmf_names_leave(utf8, last);
    sigmf_pairs_close(&u.pairs, r == 0);
    return r < 0 ? r : (int)u.pairs.n;
}

/* Writing */

struct pack {
    struct archive *a;
    int fd;
    const char *name;
    const volatile sig_atomic_t *stop;
    int error; /* of the first write that failed: negative errno */
    struct err *e;
};

/* Never fails as libarchive sees it, which then would not free its buffer
 * (3.6.2); error is looked at after each of its calls. */
static la_ssize_t take_block(struct archive *a, void *data, const void *bytes,
                             size_t n)
{
    struct pack *p = data;
    ssize_t w = (ssize_t)n;
    (void)a;
    if (p->error == 0 && p->stop && *p->stop)
        p->error = -EINTR;
    if (p->error == 0) {
        do
            w = write(p->fd, bytes, n);
        while (w < 0 && errno == EINTR);
    }
    if (w < 0)
        p->error = -errno;
    return w < 0 ? (ssize_t)n : w; /* fewer than n: it gives the rest */
}

static int check_written(struct pack *p, int status)
{
    if (p->error < 0)
        return err_set(p->e, p->error, "%s: cannot be written: %s", p->name,
                       strerror(-p->error));
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
        return fault(p->a, p->name, "cannot be written", p->e);
    return 0;
}

static int pack_header(struct pack *p, const char *name, uint64_t size)
{
    struct archive_entry *entry = archive_entry_new();
    if (!entry)
        return no_memory(p->name, p->e);
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644); /* it is to be given away */
    archive_entry_set_size(entry, (la_int64_t)size);
    archive_entry_set_mtime(entry, 0, 0);
    archive_entry_set_uid(entry, 0);
    archive_entry_set_gid(entry, 0);
    int r = archive_write_header(p->a, entry);
    archive_entry_free(entry);
    return check_written(p, r);
}

static int pack_bytes(struct pack *p, const char *bytes, size_t n)
{
    while (n > 0) {
        la_ssize_t w = archive_write_data(p->a, bytes, n);
        int r = check_written(p, w > 0 ? ARCHIVE_OK : ARCHIVE_FATAL);
        if (r < 0)
            return r;
        bytes += w;
        n -= (size_t)w;
    }
    return 0;
}

/* Exactly as much as its header says. */
static int pack_rest(struct pack *p, int fd, const char *path, uint64_t size)
{
    char block[BLOCK_BYTES];
    ssize_t n = 0;
    int r = 0;
    while (r == 0 && size > 0) {
        size_t want = size < sizeof block ? (size_t)size : sizeof block;
        n = read_some(fd, block, want);
        if (n <= 0)
            break;
        size -= (uint64_t)n;
        r = pack_bytes(p, block, (size_t)n);
    }
    if (r == 0 && size == 0)
        n = read_some(fd, block, 1);
    if (r == 0 && n < 0)
        return err_set(p->e, -errno, "%s: %s", path, strerror(errno));
    if (r == 0 && (size > 0 || n > 0))
        return err_set(p->e, -EBUSY, "%s: became %s while it was packed", path,
                       size > 0 ? "shorter" : "longer");
    return r;
}

/* A pipe of that name is not waited for. */
static int pack_path(struct pack *p, const struct sigmf_archive_file *file)
{
    struct stat st;
    int fd = open(file->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0) {
        int code = -errno;
        if (fd >= 0)
            close(fd);
        return err_set(p->e, code, "%s: %s", file->path, strerror(-code));
    }
    int r = 0;
    if (!S_ISREG(st.st_mode))
        r = err_set(p->e, -EINVAL, "%s: is no plain file", file->path);
    if (r == 0)
        r = pack_header(p, file->name, (uint64_t)st.st_size);
    if (r == 0)
        r = pack_rest(p, fd, file->path, (uint64_t)st.st_size);
    close(fd);
    return r;
}

static int pack_file(struct pack *p, const struct sigmf_archive_file *file)
{
    if (file->path)
        return pack_path(p, file);
    int r = pack_header(p, file->name, file->n);
    return r < 0 ? r : pack_bytes(p, file->bytes, file->n);
}

/* ustar, and pax where that has no room: names, and sizes from 8 GiB on. */
int sigmf_archive_pack(int fd, const char *name,
                       const struct sigmf_archive_file *files, size_t n,
                       const volatile sig_atomic_t *stop, struct err *e)
{
    struct pack p = {
        .a = archive_write_new(), .fd = fd, .name = name, .stop = stop, .e = e
    };
    if (!p.a)
        return no_memory(name, e);
    locale_t last, utf8 = sigmf_names_enter(&last);
    int status = archive_write_set_format_pax_restricted(p.a);
    if (status == ARCHIVE_OK)
        status = archive_write_open(p.a, &p, NULL, take_block, NULL);
    int r = check_written(&p, status);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = pack_file(&p, &files[i]);
    if (r == 0)
        r = check_written(&p, archive_write_close(p.a));
    if (r < 0) {
        p.error = r;
        archive_write_fail(p.a); /* an entry is not filled with zeros */
        archive_write_close(p.a);
    }
    archive_write_free(p.a);
    sigmf_names_leave(utf8, last);
    return r;
}

const char *sigmf_archive_library_version(void)
{
    return archive_version_details();
}
