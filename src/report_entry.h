/* report_entry - what the archive knows of a recording, as JSON and for people.
 *
 * A fob is shown by its pseudonym, and what could tell its serial is left out,
 * unless all is asked for.
 *
 *   memory  the caller frees what it is given; out of memory as in json.h
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_REPORT_ENTRY_H
#define SRC_REPORT_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "src/entry.h"
#include "src/json.h"

struct report_entry {
    const uint8_t *key; /* of the archive's pseudonyms */
    bool is_full;       /* serials, stickers, codes */
};

/* An object for lists. */
struct json *report_entry_json(const struct report_entry *r,
                               const struct entry *t);

/* A frame as its annotation has it: what is in it that tells no serial, or all. */
struct json *report_entry_frame(const struct report_entry *r,
                                const struct json *frame);

/* A line of a table of `width` columns, and the line above it. */
void report_entry_heading(FILE *out, size_t width);
void report_entry_row(const struct report_entry *r, const struct entry *t,
                      FILE *out, size_t width);

/* "fob-3f9a12bc", its serial where all is asked for, "-" where there is none. */
void report_entry_fob(const struct report_entry *r, const struct entry_heard *h,
                      char text[ENTRY_WORD]);

enum { REPORT_DATE = 32 };

/* "2026-03-29 11:27" as it is here, "-" where it is not known. */
void report_entry_date(double unix_s, char text[REPORT_DATE]);

#endif
