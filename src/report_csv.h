/* report_csv - frames and bursts as comma-separated values (RFC 4180, with \n).
 *
 * One header for everything, as rtl_433 has it: the keys of every protocol in
 * the registry, so that the columns do not depend on what is received.
 *
 *   memory  none; what report_csv_init finds points into the registry
 *
 * Write errors stay in the FILE: ask ferror.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_REPORT_CSV_H
#define SRC_REPORT_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "src/json.h"

#define CSV_COLUMNS_MAX 96

struct report_csv {
    FILE *out;
    const char *keys[CSV_COLUMNS_MAX];
    size_t n;
};

/* has_file: a column for the name of the input; has_bursts: columns only
 * bursts have. Prints nothing yet. */
void report_csv_init(struct report_csv *c, FILE *out, bool has_file,
                     bool has_bursts);

void report_csv_header(const struct report_csv *c);

/* An object of report_json: a frame or a burst. */
void report_csv_row(const struct report_csv *c, const struct json *j);

#endif
