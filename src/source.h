/* source - where samples or pulses come from: a file, standard input.
 *
 * A source is named as rtl_433 names it: a path, "-", or a path with overrides
 * in front: cu8:433.92M:250k:PATH, in any order. What no override says comes
 * from the container (SigMF, WAV), then from the file's name
 * (g001_433.92M_250k.cu8), then from the defaults given.
 *
 *   memory  create and destroy belong together; one source, one thread
 *   errors  negative errno, and a sentence that names file and fault
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SOURCE_H
#define SRC_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "dsp/iq.h"
#include "src/err.h"

enum source_kind {
    SOURCE_IQ,
    SOURCE_PULSES, /* Flipper .sub RAW, rtl_433 .ook: edges, no samples */
};

/* What was found out about the input before its first sample. */
struct source_info {
    enum source_kind kind;
    enum sample_format format;  /* what read() delivers; IQ only */
    double rate_hz;             /* > 0; pulses: 1e6, one sample a microsecond */
    double centre_hz;           /* NAN: not known */
    uint64_t total;             /* samples (pulses: 0); 0: not known */
    enum modulation modulation; /* pulses: how the receiver demodulated */
};

/* For inputs that do not say; 0 or NAN: no default. */
struct source_defaults {
    double rate_hz, centre_hz;
};

/* A stretch of carrier on (positive) or off (negative), in microseconds, never
 * 0. Two of one sign in a row do not come out: they are added up. */
typedef int32_t pulse_us;

struct source;

/* Opens and reads the headers. *ret is untouched on failure. */
int source_open(struct source **ret, const char *spec,
                const struct source_defaults *d, struct err *e);

const struct source_info *source_info(const struct source *s);

/* The path without its overrides; "stdin" for "-". */
const char *source_name(const struct source *s);

/* Up to n whole samples, as stored (see dsp/convert.h), into out. Returns how
 * many; 0: the end; negative errno. A file that ends early or in half a sample
 * is not an error: see source_warning. */
ssize_t source_read(struct source *s, void *out, size_t n, struct err *e);

/* The same for SOURCE_PULSES. */
ssize_t source_read_pulses(struct source *s, pulse_us *out, size_t n,
                           struct err *e);

/* After the end: a sentence about what was left out ("a.cu8: 1 odd byte at the
 * end left out"), or NULL. */
const char *source_warning(const struct source *s);

void source_close(struct source *s); /* takes NULL */

/* Name and version of the library that reads WAV and FLAC. */
const char *source_library_version(void);

#endif
