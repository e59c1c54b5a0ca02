/* sigmf_pairs - files under names of our own for what an archive holds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/sigmf_pairs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_NAME = 16 + SIGMF_ENDING }; /* of a file that is made */

static const char *const endings[SIGMF_HALVES] = { ".sigmf-meta",
                                                   ".sigmf-data" };

locale_t sigmf_names_enter(locale_t *last)
{
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    *last = uselocale(utf8);
    return utf8;
}

void sigmf_names_leave(locale_t utf8, locale_t last)
{
    uselocale(last);
    if (utf8)
        freelocale(utf8);
}

const char *sigmf_entry_clean(char ret[SIGMF_ENTRY_NAME], const char *name)
{
    const char *p = name;
    size_t n = 0;
    if (!p || *p == '\0')
        return "has no name that can be read";
    if (*p == '/')
        return "has an absolute name";
    for (const char *c = p; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return "has control characters in its name";
    while (*p) {
        size_t part = strcspn(p, "/");
        if (part == 2 && p[0] == '.' && p[1] == '.')
            return "leads out of its folder";
        if (part > 0 && !(part == 1 && *p == '.')) {
            if (part + 2 > SIGMF_ENTRY_NAME - n)
                return "has too long a name";
            if (n > 0)
                ret[n++] = '/';
            memcpy(ret + n, p, part);
            n += part;
        }
        p += part;
        p += *p == '/';
    }
    ret[n] = '\0';
    return NULL;
}

/* What macOS puts beside each file, "._NAME", holds no half: RFC 1740,
 * AppleDouble. */
enum sigmf_half sigmf_entry_half(const char *clean)
{
    const char *slash = strrchr(clean, '/');
    const char *base = slash ? slash + 1 : clean;
    size_t n = strlen(clean);
    if (strncmp(base, "._", 2) == 0 || n < SIGMF_ENDING)
        return SIGMF_HALVES;
    enum sigmf_half half = SIGMF_META;
    while (half < SIGMF_HALVES &&
           strcmp(clean + n - SIGMF_ENDING, endings[half]) != 0)
        half++;
    return half;
}

int sigmf_pairs_open(struct sigmf_pairs *p, const char *archive,
                     const char *folder,
                     const struct sigmf_archive_limits *limits,
                     struct sigmf_archive_pair *pairs, struct err *e)
{
    *p = (struct sigmf_pairs){
        .archive = archive,
        .folder = folder,
        .folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
        .limits = limits,
        .pairs = pairs,
    };
    if (p->folder_fd < 0)
        return err_set(e, -errno, "%s: %s", folder, strerror(errno));
    return 0;
}

uint64_t sigmf_pairs_most(const struct sigmf_pairs *p)
{
    const struct sigmf_archive_limits *l = p->limits;
    if (l->free_bytes >= l->bytes ||
        (l->ratio > 0 && p->in > (l->bytes - l->free_bytes) / l->ratio))
        return l->bytes;
    return l->free_bytes + l->ratio * p->in;
}

int sigmf_pairs_allow(const struct sigmf_pairs *p, uint64_t n, struct err *e)
{
    uint64_t most = sigmf_pairs_most(p);
    if (n <= most && p->out <= most - n)
        return 0;
    return err_set(e, -EFBIG,
                   "%s: unpacks to more than the %llu bytes that are allowed "
                   "for its size",
                   p->archive, (unsigned long long)most);
}

static int add_pair(struct sigmf_pairs *p, const char *clean, size_t n,
                    struct err *e)
{
    if (n == 0 || clean[n - 1] == '/')
        return err_set(e, -EINVAL, "%s: %.160s has no name before its ending",
                       p->archive, clean);
    if (n >= SIGMF_ARCHIVE_NAME)
        return err_set(e, -EINVAL, "%s: %.160s has too long a name", p->archive,
                       clean);
    if (p->n == SIGMF_ARCHIVE_RECORDINGS)
        return err_set(e, -EFBIG, "%s: has more than %d recordings", p->archive,
                       SIGMF_ARCHIVE_RECORDINGS);
    struct sigmf_archive_pair *pair = &p->pairs[p->n];
    memcpy(pair->name, clean, n);
    pair->name[n] = '\0';
    int made = snprintf(pair->meta, sizeof pair->meta, "%s/%03u%s", p->folder,
                        p->n, endings[SIGMF_META]);
    if (made < 0 || (size_t)made >= sizeof pair->meta)
        return err_set(e, -ENAMETOOLONG, "%.160s: has too long a name",
                       p->folder);
    return (int)p->n++;
}

static int find_pair(struct sigmf_pairs *p, const char *clean, struct err *e)
{
    size_t n = strlen(clean) - SIGMF_ENDING;
    for (unsigned i = 0; i < p->n; i++)
        if (strlen(p->pairs[i].name) == n &&
            memcmp(p->pairs[i].name, clean, n) == 0)
            return (int)i;
    return add_pair(p, clean, n, e);
}

static void file_name(char ret[FILE_NAME], unsigned i, enum sigmf_half half)
{
    snprintf(ret, FILE_NAME, "%03u%s", i, endings[half]);
}

int sigmf_pairs_create(struct sigmf_pairs *p, const char *clean,
                       enum sigmf_half half, struct err *e)
{
    char name[FILE_NAME];
    int i = find_pair(p, clean, e);
    if (i < 0)
        return i;
    if (p->has[i][half])
        return err_set(e, -EINVAL, "%s: %.160s is there twice", p->archive,
                       clean);
    file_name(name, (unsigned)i, half);
    int fd = openat(p->folder_fd, name,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    p->has[i][half] = fd >= 0;
    if (fd >= 0 && fchmod(fd, 0600) == 0)
        return fd;
    int code = -errno;
    if (fd >= 0)
        close(fd);
    return err_set(e, code, "%.160s/%s: %s", p->folder, name, strerror(-code));
}

static int not_written(const struct sigmf_pairs *p, struct err *e)
{
    return err_set(e, -errno, "%s: cannot be unpacked in %.160s: %s",
                   p->archive, p->folder, strerror(errno));
}

int sigmf_pairs_write(const struct sigmf_pairs *p, int fd, const void *bytes,
                      size_t n, uint64_t at, struct err *e)
{
    const char *from = bytes;
    while (n > 0) {
        ssize_t w = pwrite(fd, from, n, (off_t)at);
        if (w < 0 && errno == EINTR)
            continue;
        if (w < 0)
            return not_written(p, e);
        from += w;
        n -= (size_t)w;
        at += (uint64_t)w;
    }
    return 0;
}

int sigmf_pairs_finish(const struct sigmf_pairs *p, int fd, uint64_t size,
                       struct err *e)
{
    struct stat st;
    int r = 0;
    if (fstat(fd, &st) < 0 ||
        ((uint64_t)st.st_size < size && ftruncate(fd, (off_t)size) < 0))
        r = not_written(p, e);
    if (close(fd) < 0 && r == 0)
        r = not_written(p, e);
    return r;
}

int sigmf_pairs_check(const struct sigmf_pairs *p, struct err *e)
{
    if (p->n == 0)
        return err_set(e, -ENODATA, "%s: has no recording in it", p->archive);
    for (unsigned i = 0; i < p->n; i++) {
        enum sigmf_half lost = p->has[i][SIGMF_META] ? SIGMF_DATA : SIGMF_META;
        if (!p->has[i][lost])
            return err_set(e, -EINVAL, "%s: %.160s%s is there, but no %s",
                           p->archive, p->pairs[i].name, endings[!lost],
                           endings[lost]);
    }
    return 0;
}

void sigmf_pairs_close(struct sigmf_pairs *p, bool keep)
{
    char name[FILE_NAME];
    if (p->folder_fd < 0)
        return;
    for (unsigned i = 0; !keep && i < p->n; i++) {
        for (enum sigmf_half half = SIGMF_META; half < SIGMF_HALVES; half++) {
            file_name(name, i, half);
            if (p->has[i][half])
                unlinkat(p->folder_fd, name, 0);
        }
    }
    close(p->folder_fd);
    p->folder_fd = -1;
}
