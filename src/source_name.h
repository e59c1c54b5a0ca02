/* source_name - what a spec's overrides and a file's name say. For the
 * source_*.c files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SOURCE_NAME_H
#define SRC_SOURCE_NAME_H

#include <stdbool.h>

#include "dsp/iq.h"

enum input_kind {
    INPUT_RAW,
    INPUT_SNDFILE,
    INPUT_SUB,
    INPUT_OOK,
    INPUT_FSK,
    INPUT_SIGMF_META,
    INPUT_SIGMF_DATA,
    INPUT_SIGMF_ARCHIVE,
};

/* A file name's ending, also the word of an override. */
struct input_type {
    const char *word;
    enum input_kind kind;
    enum sample_format format; /* INPUT_RAW only */
};

/* What a spec or a file's name says. */
struct source_facts {
    const struct input_type *type; /* NULL: nothing */
    double rate_hz, centre_hz;     /* NAN: nothing */
};

/* The path inside spec, its overrides in *ret. Opens nothing, but a path that
 * exists is taken whole, colons and all. */
const char *source_spec_parse(const char *spec, struct source_facts *ret);

/* What the last part of path says, in rtl_433's manner. */
void source_name_parse(const char *path, struct source_facts *ret);

bool source_is_stdin(const char *path); /* "-" */

/* By the word behind the last point; NULL: none of ours. */
const struct input_type *source_type_of_ending(const char *path);

/* The first of this kind. */
const struct input_type *source_type_of_kind(enum input_kind kind);

/* The word to put before a name, for sentences. */
const char *source_format_word(enum sample_format format);

#endif
