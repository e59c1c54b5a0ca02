/* report_compare - two fobs or more side by side, for people and as JSON
 * (fobscope.compare/1 of INTERFACE.md).
 *
 * No serial and no code of a fob is in it, unless all is asked for.
 *
 *   memory  the caller frees what it is given; out of memory as in json.h
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_REPORT_COMPARE_H
#define SRC_REPORT_COMPARE_H

#include <stdbool.h>

#include "src/compare.h"
#include "src/json.h"
#include "src/options.h"
#include "src/report_table.h"

struct report_compare {
    const struct compare_fob *fob; /* n of them, */
    const struct comparison
        *comparison; /* and n - 1: of each but the first with the first */
    size_t n;        /* 2 .. COMPARE_FOBS_MAX */
    bool is_one_sitting, is_synthetic, is_full;
};

/* Of all comparisons: a difference goes before a doubt. */
enum status report_compare_status(const struct report_compare *r);

struct json *report_compare_json(const struct report_compare *r);

/* Conclusion; what differs, with its meaning; what is the same; what was not
 * tested. Of more than two, a matrix. */
void report_compare_text(const struct report_compare *r,
                         struct report_table *t);

#endif
