/* source_impl - what the source_*.c files share; nobody else includes it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SOURCE_IMPL_H
#define SRC_SOURCE_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "src/err.h"
#include "src/feed.h"
#include "src/sigmf.h"
#include "src/source.h"
#include "src/source_name.h"

enum {
    INPUT_BUFFER = 65536, /* bytes read at once: a pipe's capacity on Linux */
    SHOWN_MAX = 160,      /* bytes of a name in a sentence of 512 */
};

/* Bytes from a regular file or a pipe, with a look ahead. */
struct input {
    int fd; /* < 0: not open; 0 belongs to the process and stays open */
    bool is_regular;
    bool at_end;
    off_t start;      /* regular: where it stood when it was opened */
    uint64_t size;    /* regular: bytes from start */
    const char *name; /* borrowed, for sentences */
    size_t at, n;     /* bytes[at..n) are read and not yet taken */
    unsigned char bytes[INPUT_BUFFER];
};

/* path "-" is standard input. Closed again on failure. */
int input_open(struct input *in, const char *path, const char *name,
               struct err *e);

/* Waits for n bytes, n <= INPUT_BUFFER, at bytes[at]. Returns how many there
 * are: fewer than n at the end of the file only; negative errno. -EINTR loses
 * nothing: ask again. */
ssize_t input_peek(struct input *in, size_t n, struct err *e);

/* Passes over n bytes; -ENODATA with a sentence if there are fewer. */
int input_skip(struct input *in, uint64_t n, struct err *e);

void input_close(struct input *in);

struct source_reader {
    ssize_t (*read)(struct source *s, void *out, size_t n, struct err *e);
    ssize_t (*read_pulses)(struct source *s, pulse_us *out, size_t n,
                           struct err *e);
    void (*stop)(struct source *s);
    int (*tune)(struct source *s, double centre_hz, struct err *e);
    int (*set_gain)(struct source *s, double *gain_db, struct err *e);
    void (*close)(struct source *s); /* NULL: nothing but the input */
    const char *when_silent;         /* live: what to do then */
};

struct source {
    struct source_info info;
    const struct source_reader *reader;
    char *path;
    char *name;            /* NULL: the path */
    char shown[SHOWN_MAX]; /* the end of path, for sentences */
    struct err warning;    /* text "": none */
    struct feed *feed;     /* live: what its thread delivers; else NULL */
    struct source_gap gap; /* of the last read */
    /* Of a recording that tells of its gaps: */
    struct sigmf_gap *gaps; /* NULL: it does not */
    size_t n_gaps, next_gap;
    uint64_t read; /* samples so far */
    void *state;   /* the reader's own */
    struct input in;
};

/* The path, or the end of it where it is too long for a sentence. */
void source_show(char shown[SHOWN_MAX], const char *path);

/* What can be a recording's. */
bool source_is_rate(double hz);
bool source_is_centre(double hz);

/* Each takes a source whose input is open and at its first byte, and fills in
 * reader, state and the info its container gives: rate 0 and centre NAN where
 * it gives none. On failure the caller closes the source. */
int source_raw_start(struct source *s, enum sample_format format, uint64_t skip,
                     struct err *e); /* skip: bytes of header */
int source_sndfile_start(struct source *s, struct err *e);
int source_pulses_start(struct source *s, enum input_kind kind, struct err *e);

/* The same for live receivers: name is what stands in spec for which one; the
 * info they fill in is what became of the tuning. */
int source_rtlsdr_start(struct source *s, const char *name,
                        const struct source_tuning *t, struct err *e);
int source_rtltcp_start(struct source *s, const char *name,
                        const struct source_tuning *t, struct err *e);

/* The read of both: from the feed. */
ssize_t source_live_read(struct source *s, void *out, size_t n, struct err *e);

#endif
