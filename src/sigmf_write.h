/* sigmf_write - the metadata documents that we write.
 *
 *   source  SigMF specification 1.2.5; the keys of the fob: extension are in
 *           captures/fob.sigmf-ext.md
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SIGMF_WRITE_H
#define SRC_SIGMF_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "dsp/iq.h"
#include "src/err.h"
#include "src/json.h"
#include "src/owner.h"

/* Samples of the file from `start` on, up to the next segment: without a gap, of
 * one centre and gain. */
struct sigmf_segment {
    uint64_t start;            /* in the file */
    uint64_t global;           /* position in the stream that was listened to */
    uint64_t left_out;         /* of those missing before it: on purpose */
    double centre_hz, gain_db; /* NAN: not known */
};

/* A stretch of the file that something is said about. */
struct sigmf_note {
    uint64_t start, count;
    double low_hz, high_hz; /* on the air; NAN: not known */
    const char *label;
    struct json *about; /* under fob:frame; taken over; NULL: nothing */
};

/* What the receiver, the owner and the file's former metadata say. */
struct sigmf_origin {
    double start_unix_s;  /* of position 0; NAN: not known */
    const char *hardware; /* NULL: not known */
    double added_unix_s;  /* to the archive; NAN: it is in none */
    struct owner_words owner;
    /* Of the recording that the samples are a copy of: what it says that we do
     * not know better is kept. NULL: there was none. */
    const struct json *former;
    bool is_cut; /* its captures and annotations do not fit any more */
};

struct sigmf_description {
    enum sample_format format;
    double rate_hz;
    const char *sha512; /* of the samples */
    const struct sigmf_segment *segments;
    size_t n_segments;
    const struct sigmf_note *notes; /* by start */
    size_t n_notes;
    struct sigmf_origin origin;
};

/* The document. What json.h says of missing memory holds. */
struct json *sigmf_write(const struct sigmf_description *d);

/* The same document with other words of the owner's: those that are not NULL take
 * the place of what there was, "" removes it. Takes document over. */
struct json *sigmf_relabel(struct json *document, const struct owner_words *w);

/* Only its owner may read the file; on the disk when this returns. -errno. */
int sigmf_save(const struct json *document, const char *path);

#endif
