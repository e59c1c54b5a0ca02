/* report_json - what the pipeline found, as the objects of INTERFACE.md.
 *
 * Tables and CSV are cut out of these objects, so a value has one rendering.
 *
 *   memory  the caller frees what it is given; out of memory shows in
 *           json_line, as with any struct json
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_REPORT_JSON_H
#define SRC_REPORT_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "protocols/frame.h"
#include "src/json.h"
#include "src/pipeline.h"

/* The recording that all positions and frequencies belong to. */
struct report_origin {
    const char *file;    /* NULL: leave "file" out */
    double rate_hz;      /* > 0 */
    double centre_hz;    /* NAN: not known */
    bool is_live;        /* then also: */
    double start_unix_s; /* the time of position 0 */
    double gain_db;      /* of the receiver */
};

struct json *report_json_frame(const struct frame *f, unsigned press,
                               const struct report_origin *o);

struct json *report_json_burst(const struct burst_report *b,
                               const struct report_origin *o);

/* "model": "Chips", with the log-likelihood ratios. */
struct json *report_json_chips(const struct chip_report *c,
                               const struct report_origin *o);

/* "model": "Pulses": the same chips as runs, on > 0, off < 0. */
struct json *report_json_pulses(const struct chip_report *c,
                                const struct report_origin *o);

/* files > 1 is said. */
struct json *report_json_summary(const struct pipeline_totals *t, size_t files);

/* The run of chips of one sign that starts at chip *i, in microseconds, on > 0,
 * off < 0; *i is moved behind it. 0: none left. */
double report_pulse_us(const struct chip_report *c, size_t *i);

/* Prints a document on standard output, and gives it back; out of memory is said. */
void report_json_print(struct json *j);

#endif
