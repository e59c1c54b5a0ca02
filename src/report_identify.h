/* report_identify - what a fob is, for people and as JSON (fobscope.identify/1 of
 * INTERFACE.md).
 *
 * No serial, code or sticker of a fob is in it, unless all is asked for.
 *
 *   memory  the caller frees what it is given; out of memory as in json.h
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_REPORT_IDENTIFY_H
#define SRC_REPORT_IDENTIFY_H

#include <stdbool.h>

#include "src/cmd.h"
#include "src/identify.h"
#include "src/identify_subject.h"
#include "src/json.h"
#include "src/report_table.h"

struct report_identify {
    const struct identify_subject *subject;
    const struct identify_radio *radio;
    const struct identification *id;
    const struct knowledge *knowledge;
    enum status status;
    bool is_synthetic; /* what was read was computed: no fob was there */
    bool is_full;
};

struct json *report_identify_json(const struct report_identify *r);

/* Conclusion, what was heard, the evidence, the fields, what is open. */
void report_identify_text(const struct report_identify *r,
                          struct report_table *t);

#endif
