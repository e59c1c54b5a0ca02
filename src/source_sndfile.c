/* source_sndfile - recordings in WAV, RF64, W64 and FLAC.
 *
 *   source  chunks: RFC 2361 and EBU Tech 3306 (RF64)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/sound_file.h"
#include "src/source_impl.h"

enum {
    CHUNKS_MAX = 256, /* a recorder writes about five */
    DS64_DATA = 8,    /* where in ds64 the 64-bit length of data stands */
    DS64_READ = 16,
};

struct reading {
    struct sound_file *file;
    enum sound_coding coding;
    uint64_t frames;   /* read so far */
    uint64_t data, is; /* bytes that the header promises, that are there */
};

static uint64_t little_endian(const unsigned char *p, size_t n)
{
    uint64_t value = 0;
    while (n-- > 0)
        value = value << 8 | p[n];
    return value;
}

static bool read_at(const struct input *in, uint64_t at, unsigned char *to,
                    size_t n)
{
    return at <= in->size && in->size - at >= n &&
           pread(in->fd, to, n, in->start + (off_t)at) == (ssize_t)n;
}

static void take_auxi(struct source *s, const unsigned char *auxi)
{
    struct sound_tag t;
    sound_tag_from_auxi(&t, auxi);
    s->info.centre_hz = t.centre_hz;
    s->info.recorded_unix_s = t.start_unix_s;
}

/* What libsndfile does not tell: centre and start, and whether the file is as
 * long as it says. Stops where the chunks stop making sense. */
static void walk_chunks(struct source *s, struct reading *w)
{
    const struct input *in = &s->in;
    unsigned char head[8], body[SOUND_AUXI_READ];
    uint64_t at = 12, long_data = 0;
    for (int i = 0; i < CHUNKS_MAX && read_at(in, at, head, 8); i++) {
        uint64_t n = little_endian(head + 4, 4);
        at += 8;
        if (memcmp(head, "ds64", 4) == 0 && n >= DS64_READ &&
            read_at(in, at, body, DS64_READ))
            long_data = little_endian(body + DS64_DATA, 8);
        if (memcmp(head, "auxi", 4) == 0 && n >= SOUND_AUXI_READ &&
            read_at(in, at, body, SOUND_AUXI_READ))
            take_auxi(s, body);
        if (memcmp(head, "data", 4) == 0) {
            n = n == UINT32_MAX ? long_data : n;
            w->data = n;
            w->is = in->size - at;
        }
        if (n > in->size)
            break;
        at += n + (n & 1); /* chunks start at even offsets */
    }
}

/* A comment of ours holds for the samples it was written with. Another program
 * may have kept it when it changed the rate: then the header differs. */
static void take_comment(struct source *s, const char *comment)
{
    struct sound_tag t;
    if (!sound_tag_from_comment(&t, comment) || !source_is_rate(t.rate_hz) ||
        sound_tag_flac_rate(t.rate_hz) != s->info.rate_hz)
        return;
    s->info.rate_hz = t.rate_hz;
    s->info.centre_hz =
        t.centre_hz > 0 && source_is_centre(t.centre_hz) ? t.centre_hz : NAN;
    s->info.recorded_unix_s = t.start_unix_s;
}

static void note_end(struct source *s, const struct reading *w)
{
    if (sound_file_is_damaged(w->file))
        err_set(&s->warning, 0,
                "%s: damaged after %" PRIu64 " samples, the rest left out",
                s->shown, w->frames);
    else if (w->data > w->is)
        err_set(&s->warning, 0,
                "%s: cut off: %" PRIu64 " of %" PRIu64
                " bytes of samples are there",
                s->shown, w->is, w->data);
}

static ssize_t sound_read(struct source *s, void *out, size_t n, struct err *e)
{
    (void)e;
    struct reading *w = s->state;
    size_t got = sound_file_read(w->file, w->coding, out, n);
    if (got == 0)
        note_end(s, w);
    w->frames += got;
    return (ssize_t)got;
}

static void sound_close(struct source *s)
{
    struct reading *w = s->state;
    sound_file_close(w->file);
    free(w);
}

static const struct source_reader sound_reader = {
    .read = sound_read,
    .close = sound_close,
};

static int check(struct source *s, const struct sound_info *info, struct err *e)
{
    if (info->channels != 2)
        return err_set(e, -EINVAL, "%s: has %d channel%s; I and Q need two",
                       s->shown, info->channels,
                       info->channels == 1 ? "" : "s");
    if (info->frames <= 0)
        return err_set(e, -ENODATA, "%s: is empty: it holds no samples",
                       s->shown);
    if (info->coding == SOUND_CODED)
        return err_set(e, -EINVAL,
                       "%s: its samples are coded for sound, not stored plain",
                       s->shown);
    return 0;
}

const char *source_library_version(void)
{
    return sound_file_version();
}

static int open_fault(const struct source *s, int code, struct err *e)
{
    if (code == -ENOMEM)
        return err_set(e, code, "%s: out of memory", s->shown);
    return err_set(e, code, "%s: its WAV or FLAC header is damaged", s->shown);
}

int source_sndfile_start(struct source *s, struct err *e)
{
    struct sound_info info;
    if (!s->in.is_regular)
        return err_set(e, -ESPIPE,
                       "%s: WAV and FLAC cannot be read from a pipe; save to "
                       "a file first",
                       s->shown);
    struct reading *w = calloc(1, sizeof *w);
    if (!w)
        return open_fault(s, -ENOMEM, e);
    int r = sound_file_open(&w->file, s->in.fd, s->in.start, &info);
    if (r < 0) {
        free(w);
        return open_fault(s, r, e);
    }
    s->state = w;
    s->reader = &sound_reader; /* from here source_close cleans up */
    r = check(s, &info, e);
    if (r < 0)
        return r;
    w->coding = info.coding;
    s->info.kind = SOURCE_IQ;
    s->info.format = w->coding == SOUND_16_BITS ? SAMPLE_CS16 : SAMPLE_CF32;
    s->info.rate_hz = info.rate_hz;
    s->info.total = info.frames < SOUND_FRAMES_MAX ? (uint64_t)info.frames : 0;
    walk_chunks(s, w);
    take_comment(s, info.comment);
    return 0;
}
