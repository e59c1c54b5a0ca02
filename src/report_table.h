/* report_table - frames, bursts and chips for people.
 *
 *   out     pure ASCII; no line longer than the width: the last columns go
 *   memory  none; one table belongs to one thread
 *
 * Write errors stay in the FILE: ask ferror.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_REPORT_TABLE_H
#define SRC_REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "src/json.h"
#include "src/pipeline.h"

#define TABLE_WIDTH_MIN 40
#define TABLE_WIDTH_MAX 1000

struct report_table {
    FILE *out;
    size_t width;    /* TABLE_WIDTH_MIN .. TABLE_WIDTH_MAX */
    bool is_bold;    /* headings in bold type */
    bool has_bits;   /* the bits below each frame */
    bool is_started; /* the heading of the columns has been printed */
};

/* Width by COLUMNS, the terminal, or 80; bold on a terminal that is not dumb,
 * unless NO_COLOR is set. */
void report_table_init(struct report_table *t, FILE *out);

/* Before the rows of a file; text may have any bytes, and is folded. */
void report_table_heading(struct report_table *t, const char *text);

/* Text in lines of the width; all but the first begin with indent spaces. */
void report_table_text(const struct report_table *t, const char *text,
                       size_t indent);

/* "what        text": a line, and more of them that begin below the text. */
void report_table_item(const struct report_table *t, const char *what,
                       const char *text);

/* An object of report_json: a frame or a burst. */
void report_table_row(struct report_table *t, const struct json *j);

void report_table_chips(struct report_table *t, const struct chip_report *c,
                        double rate_hz);
void report_table_pulses(struct report_table *t, const struct chip_report *c,
                         double rate_hz);

void report_table_summary(struct report_table *t,
                          const struct pipeline_totals *totals, size_t files);

#endif
