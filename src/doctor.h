/* doctor - what is wrong with the way from the antenna to the program.
 *
 * Goes from the library to the signal and stops where nothing further can be
 * known. Each check is fine, or has one cause and one command.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_DOCTOR_H
#define SRC_DOCTOR_H

#include <signal.h>

#include "src/cmd.h"
#include "src/options.h"

enum doctor_status {
    DOCTOR_OK,
    DOCTOR_NOTE, /* fine, or not to be known; something to know about it */
    DOCTOR_FAULT,
    DOCTOR_SKIPPED, /* because of an earlier fault */
};

struct doctor_check {
    const char *name;
    enum doctor_status status;
    const char *text;
    const char *command; /* "": none */
};

struct doctor_sink {
    void *user;
    void (*check)(void *user, const struct doctor_check *c);
    /* What is being done now, and takes a second or more. */
    void (*busy)(void *user, const char *text);
};

/* The status that all checks come to: STATUS_OK, STATUS_FAULT, STATUS_INPUT where
 * the receiver cannot be opened, STATUS_LOST. */
enum status doctor_run(const struct options *o, const struct doctor_sink *sink,
                       const volatile sig_atomic_t *stop);

#endif
