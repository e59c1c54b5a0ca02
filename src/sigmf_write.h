/* sigmf_write - the .sigmf-meta of a recording of ours.
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
#include "src/json.h"

/* Samples of the file from `start` on, up to the next segment: without a gap, of
 * one centre and gain. */
struct sigmf_segment {
    uint64_t start;            /* in the file */
    uint64_t global;           /* position in the stream that was listened to */
    double centre_hz, gain_db; /* NAN: not known */
};

/* A stretch of the file that something is said about. */
struct sigmf_note {
    uint64_t start, count;
    double low_hz, high_hz; /* on the air; NAN: not known */
    const char *label;
    struct json *about; /* under fob:frame; taken over; NULL: nothing */
};

struct sigmf_description {
    enum sample_format format;
    double rate_hz;
    double start_unix_s; /* of position 0; NAN: not known */
    const char *hardware;
    const struct sigmf_segment *segments;
    size_t n_segments;
    const struct sigmf_note *notes; /* by start */
    size_t n_notes;
};

/* The document. What json.h says of missing memory holds. */
struct json *sigmf_write(const struct sigmf_description *d);

#endif
