/* source_sndfile - WAV, RF64, W64 and FLAC; the only module that knows
 * libsndfile.
 *
 *   source  auxi chunk: SpectraVue's format, as HDSDR, SDRuno and SDRangel
 *           write it: two SYSTEMTIME of 16 bytes, then the centre frequency.
 *           Chunks: RFC 2361 and EBU Tech 3306 (RF64)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/source_impl.h"

enum {
    CHUNKS_MAX = 256, /* a recorder writes about five */
    AUXI_CENTRE = 32, /* where in auxi the frequency stands */
    AUXI_READ = 36,
    DS64_DATA = 8, /* where in ds64 the 64-bit length of data stands */
    DS64_READ = 16,
};
/* Longer than any disk: a header that claims more is not believed. */
static const sf_count_t frames_max = (sf_count_t)1 << 44;

struct reading {
    SNDFILE *file;
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

/* SDR Console writes XML under the same name, in UTF-8 or UTF-16. */
static bool is_xml(const unsigned char *auxi)
{
    return auxi[0] == '<' || auxi[0] == 0xef || auxi[0] == 0xff;
}

/* What libsndfile does not tell: the centre frequency, and whether the file is
 * as long as it says. Stops where the chunks stop making sense. */
static void walk_chunks(struct source *s, struct reading *w)
{
    const struct input *in = &s->in;
    unsigned char head[8], body[AUXI_READ];
    uint64_t at = 12, long_data = 0;
    for (int i = 0; i < CHUNKS_MAX && read_at(in, at, head, 8); i++) {
        uint64_t n = little_endian(head + 4, 4);
        at += 8;
        if (memcmp(head, "ds64", 4) == 0 && n >= DS64_READ &&
            read_at(in, at, body, DS64_READ))
            long_data = little_endian(body + DS64_DATA, 8);
        if (memcmp(head, "auxi", 4) == 0 && n >= AUXI_READ &&
            read_at(in, at, body, AUXI_READ) && !is_xml(body)) {
            uint64_t hz = little_endian(body + AUXI_CENTRE, 4);
            s->info.centre_hz = hz > 0 ? (double)hz : NAN;
        }
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

static void note_end(struct source *s, const struct reading *w)
{
    if (sf_error(w->file) != SF_ERR_NO_ERROR)
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
    sf_count_t ask = n < (size_t)frames_max ? (sf_count_t)n : frames_max;
    sf_count_t got = s->info.format == SAMPLE_CS16
                         ? sf_readf_short(w->file, out, ask)
                         : sf_readf_float(w->file, out, ask);
    if (got <= 0) {
        note_end(s, w);
        return 0;
    }
    w->frames += (uint64_t)got;
    return (ssize_t)got;
}

static void sound_close(struct source *s)
{
    struct reading *w = s->state;
    sf_close(w->file);
    free(w);
}

static const struct source_reader sound_reader = {
    .read = sound_read,
    .close = sound_close,
};

static int choose_format(struct source *s, const SF_INFO *info, struct err *e)
{
    switch (info->format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_U8:
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_PCM_16:
        s->info.format = SAMPLE_CS16;
        return 0;
    case SF_FORMAT_PCM_24:
    case SF_FORMAT_PCM_32:
    case SF_FORMAT_FLOAT:
    case SF_FORMAT_DOUBLE:
        s->info.format = SAMPLE_CF32;
        return 0;
    default:
        return err_set(e, -EINVAL,
                       "%s: its samples are coded for sound, not stored plain",
                       s->shown);
    }
}

static int check(struct source *s, const SF_INFO *info, struct err *e)
{
    if (info->channels != 2)
        return err_set(e, -EINVAL, "%s: has %d channel%s; I and Q need two",
                       s->shown, info->channels,
                       info->channels == 1 ? "" : "s");
    if (info->frames <= 0)
        return err_set(e, -ENODATA, "%s: is empty: it holds no samples",
                       s->shown);
    return choose_format(s, info, e);
}

const char *source_library_version(void)
{
    return sf_version_string();
}

int source_sndfile_start(struct source *s, struct err *e)
{
    if (!s->in.is_regular)
        return err_set(e, -ESPIPE,
                       "%s: WAV and FLAC cannot be read from a pipe; save to "
                       "a file first",
                       s->shown);
    struct reading *w = calloc(1, sizeof *w);
    if (!w)
        return err_set(e, -ENOMEM, "%s: out of memory", s->shown);
    SF_INFO info = { 0 };
    if (lseek(s->in.fd, s->in.start, SEEK_SET) == s->in.start)
        w->file = sf_open_fd(s->in.fd, SFM_READ, &info, SF_FALSE);
    if (!w->file) {
        free(w);
        return err_set(e, -EINVAL, "%s: its WAV or FLAC header is damaged",
                       s->shown);
    }
    s->state = w;
    s->reader = &sound_reader; /* from here source_close cleans up */
    int r = check(s, &info, e);
    if (r < 0)
        return r;
    s->info.kind = SOURCE_IQ;
    s->info.rate_hz = info.samplerate;
    s->info.total = info.frames < frames_max ? (uint64_t)info.frames : 0;
    walk_chunks(s, w);
    return 0;
}
