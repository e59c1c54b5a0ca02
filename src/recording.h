/* recording - one recording on its way to the disk.
 *
 * A SigMF pair, or the samples alone, named as rtl_433 reads it:
 * g001_433.72M_2048k. A file has its name only when it is whole; until then, and
 * for good where that fails, it ends in .part. Only its owner may read it.
 *
 *   memory  fixed; notes are the caller's
 *   errors  negative errno; recording_path names the file
 *   source  SigMF 1.2.5, "Captures Array": core:global_index of each segment
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_RECORDING_H
#define SRC_RECORDING_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "src/err.h"
#include "src/sigmf_write.h"
#include "src/source.h"

enum { RECORDING_SEGMENTS_MAX = 1000, RECORDING_STEM = PATH_MAX - 32 };

struct recording { /* private but for written and segments; zeroed: none */
    FILE *file;    /* NULL: none is under way */
    char stem[RECORDING_STEM];
    bool is_plain;
    enum sample_format format;
    double rate_hz;
    uint64_t written; /* samples in the file */
    struct sigmf_segment segments[RECORDING_SEGMENTS_MAX];
    size_t n_segments;
};

/* Whether recordings can be written into folder (NULL: the current one). -errno
 * with a sentence. */
int recording_check(const char *folder, struct err *e);

/* Opens the first free of the names behind number *number, and sets that. */
int recording_open(struct recording *r, const char *folder, bool is_plain,
                   const struct source_info *info, unsigned *number);

/* From here on samples are those from stream position global on. -EFBIG: too
 * many segments. */
int recording_segment(struct recording *r, uint64_t global, double centre_hz,
                      double gain_db);

/* Of the samples missing before the last segment, n are so on purpose. */
void recording_leave_out(struct recording *r, uint64_t n);

int recording_write(struct recording *r, const void *samples, size_t n);

/* Where in the file stream position at is; where in a gap, its end. */
uint64_t recording_index(const struct recording *r, uint64_t at);

/* The stream position behind the last sample; UINT64_MAX: there is none yet. */
uint64_t recording_end(const struct recording *r);

/* n samples turned out to be missing in front of position at: what was written
 * from there on is n further on in the stream than it was taken for. */
int recording_shift(struct recording *r, uint64_t at, uint64_t n);

/* Keeps the first `length` samples, and gives the files their names. Notes' about
 * is taken over. */
int recording_close(struct recording *r, uint64_t length,
                    const struct sigmf_origin *origin,
                    const struct sigmf_note *notes, size_t n_notes);

/* The .part stays. */
void recording_abandon(struct recording *r);

/* Of the metadata, or of the samples where they are alone. */
void recording_path(const struct recording *r, char path[PATH_MAX]);

#endif
