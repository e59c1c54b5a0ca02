/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/sound_file.h"

#include <errno.h>
#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A length of 32 bits, less our headers, which end before byte 512. */
#define WAV_BYTES_MAX ((UINT64_C(1) << 32) - 512)

/* The fifth of eight, libFLAC's own default. It matters little: of 4.80 MB of a
 * dongle's noise level 0 leaves 2.03 MB, and so does level 8. */
#define FLAC_LEVEL (5 / 8.0)

enum { FRAME_BYTES = 4, CHANNELS = 2 };

struct sound_file {
    SNDFILE *file;
    unsigned char auxi[SOUND_AUXI_BYTES]; /* until the header is written */
};

static enum sound_coding coding_of(int format)
{
    switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_U8:
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_PCM_16:
        return SOUND_16_BITS;
    case SF_FORMAT_PCM_24:
    case SF_FORMAT_PCM_32:
    case SF_FORMAT_FLOAT:
    case SF_FORMAT_DOUBLE:
        return SOUND_FLOAT;
    default:
        return SOUND_CODED;
    }
}

int sound_file_open(struct sound_file **ret, int fd, off_t start,
                    struct sound_info *info)
{
    struct sound_file *f = calloc(1, sizeof *f);
    const char *comment;
    SF_INFO i = { 0 };

    if (f == NULL)
        return -ENOMEM;
    if (lseek(fd, start, SEEK_SET) == start)
        f->file = sf_open_fd(fd, SFM_READ, &i, SF_FALSE);
    if (f->file == NULL) {
        free(f);
        return -EINVAL;
    }
    comment = sf_get_string(f->file, SF_STR_COMMENT);
    *info = (struct sound_info){
        .channels = i.channels,
        .rate_hz = i.samplerate,
        .frames = i.frames,
        .coding = coding_of(i.format),
        .comment = comment != NULL ? comment : "",
    };
    *ret = f;
    return 0;
}

size_t sound_file_read(struct sound_file *f, enum sound_coding coding,
                       void *out, size_t n)
{
    const sf_count_t ask =
        n < (size_t)SOUND_FRAMES_MAX ? (sf_count_t)n : SOUND_FRAMES_MAX;
    const sf_count_t got = coding == SOUND_16_BITS
                               ? sf_readf_short(f->file, out, ask)
                               : sf_readf_float(f->file, out, ask);

    return got > 0 ? (size_t)got : 0;
}

bool sound_file_is_damaged(const struct sound_file *f)
{
    return sf_error(f->file) != SF_ERR_NO_ERROR;
}

static SF_INFO info_of(const struct sound_file_cfg *cfg)
{
    const uint64_t most = cfg->rf64_bytes > 0 ? cfg->rf64_bytes : WAV_BYTES_MAX;
    SF_INFO i = {
        .channels = CHANNELS,
        .samplerate = (int)fmin(fmax(round(cfg->tag.rate_hz), 1), 2e9),
        .format = SF_FORMAT_PCM_16,
    };

    if (cfg->kind == SOUND_FLAC) {
        i.samplerate = sound_tag_flac_rate(cfg->tag.rate_hz);
        i.format |= SF_FORMAT_FLAC;
    } else {
        i.format |=
            cfg->frames < most / FRAME_BYTES ? SF_FORMAT_WAV : SF_FORMAT_RF64;
    }
    return i;
}

/* What has to be said before the first sample. */
static int describe(struct sound_file *f, const struct sound_file_cfg *cfg)
{
    SF_CHUNK_INFO chunk = {
        .id = "auxi",
        .id_size = 4,
        .datalen = SOUND_AUXI_BYTES,
        .data = f->auxi,
    };
    char comment[SOUND_COMMENT_MAX];
    double level = FLAC_LEVEL;

    if (cfg->kind == SOUND_FLAC) {
        sound_tag_to_comment(&cfg->tag, comment);
        sf_command(f->file, SFC_SET_COMPRESSION_LEVEL, &level, sizeof level);
        return sf_set_string(f->file, SF_STR_COMMENT, comment) == 0 ? 0 : -EIO;
    }
    sound_tag_to_auxi(&cfg->tag, f->auxi);
    return sf_set_chunk(f->file, &chunk) == SF_ERR_NO_ERROR ? 0 : -EIO;
}

int sound_file_create(struct sound_file **ret, int fd,
                      const struct sound_file_cfg *cfg)
{
    struct sound_file *f = calloc(1, sizeof *f);
    SF_INFO i = info_of(cfg);
    int status;

    if (f == NULL)
        return -ENOMEM;
    errno = 0;
    f->file = sf_open_fd(fd, SFM_WRITE, &i, SF_FALSE);
    if (f->file == NULL) {
        status = errno != 0 ? -errno : -EIO;
        free(f);
        return status;
    }
    status = describe(f, cfg);
    if (status < 0) {
        sound_file_close(f);
        return status;
    }
    *ret = f;
    return 0;
}

int sound_file_write(struct sound_file *f, const int16_t *samples, size_t n)
{
    errno = 0;
    if (sf_writef_short(f->file, samples, (sf_count_t)n) == (sf_count_t)n)
        return 0;
    return errno != 0 ? -errno : -EIO;
}

int sound_file_close(struct sound_file *f)
{
    int status = 0;

    if (f == NULL)
        return 0;
    errno = 0;
    if (sf_close(f->file) != 0)
        status = errno != 0 ? -errno : -EIO;
    free(f);
    return status;
}

const char *sound_file_version(void)
{
    return sf_version_string();
}
