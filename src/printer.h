/* printer - what the pipeline finds, written in the format that was asked for.
 *
 * Writes at once what it is given; keeps the first fault of the output and says
 * it at the end.
 *
 *   memory  none that grows
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_PRINTER_H
#define SRC_PRINTER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "src/cmd.h"
#include "src/log.h"
#include "src/options.h"
#include "src/pipeline.h"
#include "src/report_csv.h"
#include "src/report_json.h"
#include "src/report_table.h"

struct printer {
    const struct options *options;
    FILE *out;
    int error; /* the first errno of writing; 0: none */
    struct report_table table;
    struct report_csv csv;
    bool has_items; /* of the JSON document's array */
    bool has_files; /* each object says which recording it is of */
    /* Of the input under way: */
    struct report_origin origin;
    struct progress progress;
    uint64_t idle_bursts; /* bursts from which no frame came */
};

/* Opens options->output and writes what comes first; has_files: there is more
 * than one input. -errno, after a sentence on standard error. */
int printer_open(struct printer *p, const struct options *o, bool has_files);

/* What the pipeline is to call. */
struct pipeline_sink printer_sink(struct printer *p);

/* So that what was written is there before somebody waits. */
void printer_flush(struct printer *p);

/* The end of all: a summary where one was asked for, and status, or, where the
 * output could not be written, STATUS_INPUT. files: how many inputs. */
enum status printer_close(struct printer *p, const struct pipeline_totals *t,
                          size_t files, enum status status);

#endif
