/* report_check - the verdict on a sitting, for people and as JSON
 * (fobscope.check/1 of INTERFACE.md).
 *
 * No serial and no code of a fob is in it, unless all is asked for.
 *
 *   memory  the caller frees what it is given; out of memory as in json.h
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_REPORT_CHECK_H
#define SRC_REPORT_CHECK_H

#include <stdbool.h>

#include "src/json.h"
#include "src/report_table.h"
#include "src/verdict.h"

struct report_check {
    const struct sitting *sitting;
    const struct verdict_result *verdict;
    const char *car; /* for wording only; NULL: not known */
    bool is_full;
};

struct json *report_check_json(const struct report_check *r);

/* Headline, evidence, what to do, what was not tested, a line a press. */
void report_check_text(const struct report_check *r, struct report_table *t);

/* The press's button: as it was asked for, as its frame names it, or "-". */
void report_check_button(const struct sitting *s, const struct sitting_press *p,
                         char text[SITTING_BUTTON_MAX]);

#endif
