/* log - talk: sentences and progress on standard error, never data.
 *
 * Control characters in sentences are shown as '?'. Errors of writing to
 * standard error are nobody's business.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_LOG_H
#define SRC_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "src/err.h"

enum log_level {
    LOG_ERROR,   /* "fobscope: a.cu8: is a directory" */
    LOG_WARNING, /* "fobscope: warning: ..." */
    LOG_NOTE,    /* "fobscope: ..." */
};

void log_say(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A fault of what is called name (NULL: the sentence says it), which is put in front
 * of the sentence unless that begins with it. */
void log_fault(const char *name, const struct err *e);

/* Talk goes to this descriptor, which stays the caller's, and no longer to the
 * one of standard error; -1: back again. 0; negative errno. */
int log_to(int fd);

/* Where talk goes now. */
FILE *log_stream(void);

/* How far one input has been read: a line at the bottom of the terminal that
 * comes after a second and goes without a trace. */
struct progress {
    const char *name; /* belongs to the caller */
    uint64_t total;   /* samples; 0: not known */
    double rate_hz;
    double start_s, shown_s; /* seconds of a clock that only rises */
    bool is_on, is_shown;
};

/* Silent unless standard error is a terminal. */
void progress_init(struct progress *p, const char *name, uint64_t total,
                   double rate_hz);

void progress_update(struct progress *p, uint64_t samples);

/* Before anything else is printed, and at the end. */
void progress_hide(struct progress *p);

#endif
