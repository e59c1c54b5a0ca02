/* sigmf - what a recording's .sigmf-meta says about its samples.
 *
 *   errors  negative errno, and a sentence that names file and fault
 *   source  SigMF specification 1.2.5, "Global Object", "Captures Array"
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SIGMF_H
#define SRC_SIGMF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsp/iq.h"
#include "src/err.h"
#include "src/json.h"

enum { SIGMF_GAPS_MAX = 1000 };

/* Samples are missing in front of sample `start` of the file: `left_out` were
 * cut away on purpose (fob:left_out), `lost` not. */
struct sigmf_gap {
    uint64_t start, lost, left_out; /* lost + left_out: 1 .. 2^50 */
};

struct sigmf_meta {
    enum sample_format format;
    double rate_hz, centre_hz; /* as written; NAN: not said */
    uint64_t header_bytes;     /* before the first sample; <= 2^40 */
    double start_unix_s;       /* of the first sample; NAN: not said */
    bool is_retuned;           /* captures differ in their frequency */
    struct sigmf_gap gaps[SIGMF_GAPS_MAX]; /* by start, from global_index */
    size_t n_gaps;
};

/* core:datatype of a format: "cu8", "ci16_le" ... */
const char *sigmf_datatype(enum sample_format format);

/* From a document of n bytes; name is for the sentence. *ret is untouched on
 * failure. */
int sigmf_parse(struct sigmf_meta *ret, const char *text, size_t n,
                const char *name, struct err *e);

/* From a document that was loaded. */
int sigmf_understand(struct sigmf_meta *ret, const struct json *document,
                     const char *name, struct err *e);

/* The document in a file of at most 8 MiB, to be freed. */
int sigmf_load(struct json **ret, const char *path, struct err *e);

/* Both. */
int sigmf_read(struct sigmf_meta *ret, const char *path, struct err *e);

#endif
