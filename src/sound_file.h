/* sound_file - WAV, RF64, W64 and FLAC read, WAV, RF64 and FLAC written; the
 * only module that knows libsndfile.
 *
 *   memory  open and create belong together with close
 *   errors  negative errno
 *   source  RFC 2361 (WAV), EBU Tech 3306 (RF64), RFC 9639 (FLAC)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SOUND_FILE_H
#define SRC_SOUND_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "src/sound_tag.h"

struct sound_file;

enum sound_coding {
    SOUND_16_BITS, /* or fewer: read as int16_t */
    SOUND_FLOAT,   /* or more than 16 bits: read as float */
    SOUND_CODED,   /* A-law and the like: not read */
};

struct sound_info {
    int channels;
    double rate_hz;
    int64_t frames; /* that the header promises; one is a sample I and Q */
    enum sound_coding coding;
    const char *comment; /* "": none; lives as long as the file */
};

/* Longer than any disk: a header that claims more is not believed. */
#define SOUND_FRAMES_MAX ((int64_t)1 << 44)

/* The file begins at `start` of fd, which stays the caller's. -EINVAL: its
 * header is damaged. */
int sound_file_open(struct sound_file **ret, int fd, off_t start,
                    struct sound_info *info);

/* Up to n frames. Returns how many; 0: the end, or damage. */
size_t sound_file_read(struct sound_file *f, enum sound_coding coding,
                       void *out, size_t n);

bool sound_file_is_damaged(const struct sound_file *f);

enum sound_kind {
    SOUND_WAV, /* with an auxi chunk; RF64 where WAV is too short */
    SOUND_FLAC,
};

struct sound_file_cfg {
    enum sound_kind kind;
    struct sound_tag tag; /* stop_unix_s of the last sample that will come */
    uint64_t frames;      /* that will come */
    uint64_t rf64_bytes;  /* of samples from which on WAV becomes RF64; 0: as
                           * many as WAV has room for */
};

/* Into fd, an empty regular file open to be read and written, which stays the
 * caller's. 16 bits, two channels. */
int sound_file_create(struct sound_file **ret, int fd,
                      const struct sound_file_cfg *cfg);

/* n frames. */
int sound_file_write(struct sound_file *f, const int16_t *samples, size_t n);

/* Takes NULL. A writer is to be asked whether all has been written; and even
 * then FLAC's last block may be missing (libsndfile does not say). */
int sound_file_close(struct sound_file *f);

/* Name and version of the library. */
const char *sound_file_version(void);

#endif
