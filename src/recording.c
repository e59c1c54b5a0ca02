/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dsp/convert.h"
#include "src/hash.h"

enum { NUMBERS = 9999 }; /* of files in one folder */

/* Endings of a file that is not whole yet. */
static const char unfinished[] = ".part";

static size_t sample_bytes(const struct recording *r)
{
    return convert_size(r->format);
}

static const char *data_ending(const struct recording *r)
{
    static const char *const plain[] = {
        [SAMPLE_CU8] = ".cu8",
        [SAMPLE_CS8] = ".cs8",
        [SAMPLE_CS16] = ".cs16",
        [SAMPLE_CF32] = ".cf32",
    };

    return r->is_plain ? plain[r->format] : ".sigmf-data";
}

/* stem, ending and, for a file that is not whole, its mark. */
static void make_path(char path[PATH_MAX], const struct recording *r,
                      const char *ending, const char *mark)
{
    const size_t n = strlen(r->stem), m = strlen(ending);

    memcpy(path, r->stem, n);
    memcpy(path + n, ending, m);
    strcpy(path + n + m, mark);
}

void recording_path(const struct recording *r, char path[PATH_MAX])
{
    make_path(path, r, r->is_plain ? data_ending(r) : ".sigmf-meta", "");
}

static bool exists(const struct recording *r, const char *ending)
{
    char path[PATH_MAX];

    make_path(path, r, ending, "");
    return access(path, F_OK) == 0;
}

int recording_check(const char *folder, struct err *e)
{
    const char *path = folder != NULL ? folder : ".";
    struct stat st;

    if (stat(path, &st) != 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return err_set(e, -ENOTDIR, "%s: is no folder", path);
    if (access(path, W_OK | X_OK) != 0)
        return err_set(e, -errno, "%s: cannot be written into: %s", path,
                       strerror(errno));
    return 0;
}

static bool is_taken(const struct recording *r)
{
    return exists(r, data_ending(r)) || exists(r, ".sigmf-meta");
}

/* Only one process can make the unfinished file; and one that had the number
 * before may just have finished. */
static int create_file(struct recording *r)
{
    char path[PATH_MAX];
    int fd;

    if (is_taken(r))
        return -EEXIST;
    make_path(path, r, data_ending(r), unfinished);
    fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    if (is_taken(r)) {
        close(fd);
        unlink(path);
        return -EEXIST;
    }
    if (fchmod(fd, 0600) == 0) /* whatever the umask */
        r->file = fdopen(fd, "w+b");
    if (r->file != NULL)
        return 0;
    close(fd);
    return -errno;
}

/* Without the centre where that is not known. */
static void make_stem(struct recording *r, const char *folder,
                      const struct source_info *info, unsigned number)
{
    char centre[32] = "";

    if (isfinite(info->centre_hz))
        snprintf(centre, sizeof centre, "_%.9gM", info->centre_hz / 1e6);
    snprintf(r->stem, sizeof r->stem, "%s%sg%03u%s_%.9gk",
             folder != NULL ? folder : "", folder != NULL ? "/" : "", number,
             centre, info->rate_hz / 1e3);
}

int recording_open(struct recording *r, const char *folder, bool is_plain,
                   const struct source_info *info, unsigned *number)
{
    int status = -EEXIST;

    r->is_plain = is_plain;
    r->format = info->format;
    r->rate_hz = info->rate_hz;
    r->written = 0;
    r->n_segments = 0;
    for (unsigned i = *number + 1; i <= NUMBERS && status == -EEXIST; i++) {
        make_stem(r, folder, info, i);
        status = create_file(r);
        *number = i;
    }
    return status;
}

int recording_segment(struct recording *r, uint64_t global, double centre_hz,
                      double gain_db)
{
    if (r->n_segments > 0 && r->segments[r->n_segments - 1].start == r->written)
        r->n_segments--; /* nothing came in between */
    if (r->n_segments == RECORDING_SEGMENTS_MAX)
        return -EFBIG;
    r->segments[r->n_segments++] = (struct sigmf_segment){
        .start = r->written,
        .global = global,
        .centre_hz = centre_hz,
        .gain_db = gain_db,
    };
    return 0;
}

void recording_leave_out(struct recording *r, uint64_t n)
{
    r->segments[r->n_segments - 1].left_out = n;
}

int recording_write(struct recording *r, const void *samples, size_t n)
{
    errno = 0;
    if (fwrite(samples, sample_bytes(r), n, r->file) != n)
        return errno != 0 ? -errno : -EIO;
    r->written += n;
    return 0;
}

uint64_t recording_index(const struct recording *r, uint64_t at)
{
    size_t i = r->n_segments;

    while (i > 0 && r->segments[i - 1].global > at)
        i--;
    if (i == 0)
        return 0;
    const struct sigmf_segment *s = &r->segments[i - 1];
    const uint64_t index = s->start + (at - s->global);
    const uint64_t end = i < r->n_segments ? r->segments[i].start : r->written;
    return index < end ? index : end;
}

uint64_t recording_end(const struct recording *r)
{
    const struct sigmf_segment *last;

    if (r->n_segments == 0)
        return UINT64_MAX;
    last = &r->segments[r->n_segments - 1];
    return last->global + (r->written - last->start);
}

int recording_shift(struct recording *r, uint64_t at, uint64_t n)
{
    const uint64_t start = recording_index(r, at);
    size_t i = r->n_segments;

    while (i > 0 && r->segments[i - 1].global >= at)
        r->segments[--i].global += n;
    if (i == 0 || (i < r->n_segments && r->segments[i].start == start))
        return 0;
    if (r->n_segments == RECORDING_SEGMENTS_MAX)
        return -EFBIG;
    memmove(r->segments + i + 1, r->segments + i,
            (r->n_segments - i) * sizeof *r->segments);
    r->segments[i] = r->segments[i - 1];
    r->segments[i].start = start;
    r->segments[i].global = at + n;
    r->n_segments++;
    return 0;
}

static int write_metadata(const struct recording *r,
                          const struct sigmf_description *d)
{
    struct json *document = sigmf_write(d);
    char path[PATH_MAX], whole[PATH_MAX];
    int status;

    make_path(path, r, ".sigmf-meta", unfinished);
    make_path(whole, r, ".sigmf-meta", "");
    status = sigmf_save(document, path);
    json_free(document);
    if (status == 0 && rename(path, whole) != 0)
        status = -errno;
    return status;
}

/* Of the samples that are kept; the file is open for reading as well. */
static int hash_data(const struct recording *r, char hex[HASH_HEX])
{
    const int fd = fileno(r->file);

    if (lseek(fd, 0, SEEK_SET) != 0)
        return -errno;
    return hash_file(fd, hex);
}

/* Closed, on the disk, and by its name. */
static int close_data(struct recording *r, char hex[HASH_HEX])
{
    char path[PATH_MAX], whole[PATH_MAX];
    const off_t bytes = (off_t)(r->written * sample_bytes(r));
    int status = 0;

    if (fflush(r->file) != 0 || ftruncate(fileno(r->file), bytes) != 0 ||
        fsync(fileno(r->file)) != 0)
        status = -errno;
    if (status == 0 && !r->is_plain)
        status = hash_data(r, hex);
    if (fclose(r->file) != 0 && status == 0)
        status = -errno;
    r->file = NULL;
    make_path(path, r, data_ending(r), unfinished);
    make_path(whole, r, data_ending(r), "");
    if (status == 0 && rename(path, whole) != 0)
        status = -errno;
    return status;
}

int recording_close(struct recording *r, uint64_t length,
                    const struct sigmf_origin *origin,
                    const struct sigmf_note *notes, size_t n_notes)
{
    char sha512[HASH_HEX];
    const struct sigmf_description d = {
        .format = r->format,
        .rate_hz = r->rate_hz,
        .sha512 = sha512,
        .segments = r->segments,
        .n_segments = r->n_segments,
        .notes = notes,
        .n_notes = n_notes,
        .origin = *origin,
    };
    int status;

    if (length < r->written)
        r->written = length;
    status = close_data(r, sha512);
    if (status == 0 && !r->is_plain)
        return write_metadata(r, &d);
    for (size_t i = 0; i < n_notes; i++)
        json_free(notes[i].about);
    return status;
}

void recording_abandon(struct recording *r)
{
    if (r->file != NULL)
        fclose(r->file);
    r->file = NULL;
}
