/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/export.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/date.h"
#include "src/new_file.h"
#include "src/requantize.h"
#include "src/sound_file.h"

enum {
    BLOCK = 16384, /* samples at once */
    SAMPLE_BYTES_MAX = 8,
    OUT_BYTES_MAX = 4,
};

/* One run. The recording is read twice: its peak and length come first. */
struct export
{
    const char *spec, *path;
    struct new_file file;
    const struct export_cfg *cfg;
    struct source_info info;
    struct export_done done;
    double peak;
    struct requantize levels;
    struct sound_file *sound; /* NULL: EXPORT_CU8 */
    uint8_t in[BLOCK * SAMPLE_BYTES_MAX];
    uint8_t out[BLOCK * OUT_BYTES_MAX];
};

static enum sample_format format_of(const struct export *x)
{
    return x->cfg->format == EXPORT_CU8 ? SAMPLE_CU8 : SAMPLE_CS16;
}

static int fail(const struct export *x, int code, struct err *e)
{
    return err_set(e, code, "%.300s: cannot be written: %s", x->path,
                   strerror(-code));
}

static int open_source(const struct export *x, struct source **ret,
                       struct err *e)
{
    struct source *s;
    const int status = source_open(&s, x->spec, NULL, e);

    if (status < 0)
        return status;
    if (source_info(s)->kind == SOURCE_IQ && source_info(s)->total > 0) {
        *ret = s;
        return 0;
    }
    err_set(e, 0,
            source_info(s)->kind == SOURCE_PULSES
                ? "%.300s: has pulses, no samples to export"
                : "%.300s: is a pipe; save to a file first",
            source_name(s));
    source_close(s);
    return -EINVAL;
}

/* What becomes of a block of n samples. 0; negative errno with a sentence. */
typedef int block_taker(struct export *x, const struct source *s, size_t n,
                        struct err *e);

static int measure(struct export *x, const struct source *s, size_t n,
                   struct err *e)
{
    const struct source_gap gap = source_gap(s);

    (void)e;
    x->done.samples += n;
    x->done.lost += gap.lost;
    x->done.left_out += gap.skipped;
    if (requantize_wants_peak(x->info.format, format_of(x)))
        x->peak = fmax(x->peak, requantize_peak(x->info.format, x->in, n));
    return 0;
}

static int write_bytes(int fd, const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        const ssize_t k = write(fd, bytes, n);

        if (k < 0 && errno != EINTR)
            return -errno;
        if (k > 0) {
            bytes += k;
            n -= (size_t)k;
        }
    }
    return 0;
}

static int convert(struct export *x, const struct source *s, size_t n,
                   struct err *e)
{
    int status;

    (void)s;
    requantize_process(&x->levels, x->in, n, x->out);
    if (x->sound != NULL)
        status = sound_file_write(x->sound, (const int16_t *)(void *)x->out, n);
    else
        status = write_bytes(x->file.fd, x->out, 2 * n);
    return status == 0 ? 0 : fail(x, status, e);
}

/* How many samples there were; negative errno. */
static int64_t each_block(struct export *x, block_taker *take, struct err *e)
{
    struct source *s = NULL;
    int64_t sum = 0;
    ssize_t n = 0;
    int status = open_source(x, &s, e);

    if (status < 0)
        return status;
    x->info = *source_info(s);
    while (status == 0 && (n = source_read(s, x->in, BLOCK, e)) > 0) {
        status = take(x, s, (size_t)n, e);
        sum += n;
        if (x->cfg->stop != NULL && *x->cfg->stop)
            status = err_set(e, -EINTR, "%.300s: stopped", x->path);
    }
    if (source_warning(s) != NULL)
        err_set(&x->done.warning, 0, "%s", source_warning(s));
    source_close(s);
    return status < 0 ? status : n < 0 ? n : sum;
}

static int start_sound(struct export *x, struct err *e)
{
    const double start = x->info.recorded_unix_s;
    const struct sound_file_cfg cfg = {
        .kind = x->cfg->format == EXPORT_WAV ? SOUND_WAV : SOUND_FLAC,
        .tag = { .rate_hz = x->info.rate_hz,
                 .centre_hz = x->info.centre_hz,
                 .start_unix_s = start,
                 .stop_unix_s =
                     start + (double)x->done.samples / x->info.rate_hz,
                 .scale = x->levels.scale },
        .frames = x->done.samples,
        .rf64_bytes = x->cfg->rf64_bytes,
    };
    const int status = sound_file_create(&x->sound, x->file.fd, &cfg);

    return status == 0 ? 0 : fail(x, status, e);
}

/* A full disk may show in nothing but a FLAC file that ends early. */
static int check_sound(struct export *x, struct err *e)
{
    struct sound_file *f = NULL;
    struct sound_info info;
    uint64_t frames = 0;
    size_t n;

    if (sound_file_open(&f, x->file.fd, 0, &info) < 0)
        return fail(x, -EIO, e);
    while ((n = sound_file_read(f, info.coding, x->out, BLOCK)) > 0)
        frames += n;
    sound_file_close(f);
    return frames == x->done.samples ? 0 : fail(x, -EIO, e);
}

static int write_samples(struct export *x, struct err *e)
{
    int64_t n;
    int status;

    requantize_init(&x->levels, x->info.format, format_of(x), x->peak);
    status = x->cfg->format == EXPORT_CU8 ? 0 : start_sound(x, e);
    if (status < 0)
        return status;
    n = each_block(x, convert, e);
    status = sound_file_close(x->sound);
    if (n < 0)
        return (int)n;
    if (status < 0)
        return fail(x, status, e);
    if ((uint64_t)n != x->done.samples)
        return err_set(e, -EAGAIN, "%.300s: changed while it was read",
                       x->spec);
    if (x->cfg->format != EXPORT_CU8)
        status = check_sound(x, e);
    return status;
}

static int write_file(struct export *x, struct err *e)
{
    int status = new_file_open(&x->file, x->path, e);

    if (status < 0)
        return status;
    status = write_samples(x, e);
    if (status == 0)
        return new_file_keep(&x->file, e);
    new_file_drop(&x->file);
    return status;
}

int export_write(const char *spec, const char *path,
                 const struct export_cfg *cfg, struct export_done *done,
                 struct err *e)
{
    struct export *x = calloc(1, sizeof *x);
    int64_t n;
    int status;

    if (x == NULL)
        return err_set(e, -ENOMEM, "out of memory");
    x->spec = spec;
    x->path = path;
    x->cfg = cfg;
    /* before the long first reading, not only after it */
    status = new_file_check(path, e);
    n = status == 0 ? each_block(x, measure, e) : status;
    status = n < 0 ? (int)n : write_file(x, e);
    x->done.scale = x->levels.scale;
    x->done.clipped = x->levels.clipped;
    x->done.is_exact = x->levels.is_exact;
    if (status == 0)
        *done = x->done;
    free(x);
    return status;
}

/* "_20260329_112700Z", with that letter between date and time, or "". */
static void name_date(char *text, size_t n, double unix_s, char between)
{
    struct date d;

    text[0] = '\0';
    if (date_from_unix(&d, floor(unix_s)))
        snprintf(text, n, "_%04d%02d%02d%c%02d%02d%02dZ", d.year, d.month,
                 d.day, between, d.hour, d.minute, d.second);
}

/* The id comes behind date and centre: where it is all digits, who looks for a
 * date finds the date first. Its letters, a to f, are no unit of rtl_433. */
void export_name(char text[EXPORT_NAME_MAX], const struct source_info *info,
                 enum export_format format, const char *id)
{
    const bool has_centre = isfinite(info->centre_hz) && info->centre_hz > 0;
    const char *line = id != NULL ? "_" : "";
    char date[40], centre[40] = "";

    id = id != NULL ? id : "";
    name_date(date, sizeof date, info->recorded_unix_s,
              format == EXPORT_CU8 ? 'T' : '_');
    if (format == EXPORT_CU8) {
        if (has_centre)
            snprintf(centre, sizeof centre, "_%.9gM", info->centre_hz / 1e6);
        snprintf(text, EXPORT_NAME_MAX, "fob%s%s_%.9gk%s%.*s.cu8", date, centre,
                 info->rate_hz / 1e3, line, EXPORT_ID_MAX, id);
        return;
    }
    if (has_centre)
        snprintf(centre, sizeof centre, "_%.0fHz", info->centre_hz);
    snprintf(text, EXPORT_NAME_MAX, "fob%s%s%s%.*s_IQ.%s", date, centre, line,
             EXPORT_ID_MAX, id, format == EXPORT_WAV ? "wav" : "flac");
}
