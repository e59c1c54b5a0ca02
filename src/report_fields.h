/* report_fields - the field table of a fob's format, known or inferred.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_REPORT_FIELDS_H
#define SRC_REPORT_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "src/identify_subject.h"
#include "src/json.h"
#include "src/report_table.h"

enum { REPORT_WANT = 160 };

/* An array; is_full: with the value in each press. NULL: no format. */
struct json *report_fields_json(const struct identify_subject *x, bool is_full);

/* A line a field, with its heading. */
void report_fields_text(const struct identify_subject *x,
                        struct report_table *t);

/* Marks the bits of an inferred table that may as well be part of a serial, though
 * they look like a button or a flag: fields that are not sure, and what was the same
 * in all presses. They are not given away; those marked before stay so. */
void report_fields_hide(const struct inference *i, bool hidden[BITS_MAX]);

/* What would settle something that is open, in words. */
void report_fields_want(const struct identify_subject *x,
                        const struct inference_want *w, char text[REPORT_WANT]);

#endif
