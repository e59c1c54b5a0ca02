/* cmd - what a command of the program is, and how it ends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_CMD_H
#define SRC_CMD_H

#include <signal.h>
#include <stdbool.h>

struct options;

/* Exit status of the program; PRODUCT.md has the whole list. */
enum status {
    STATUS_OK = 0,
    STATUS_FAULT = 1, /* a fault was found */
    STATUS_USAGE = 2,
    STATUS_INPUT = 4, /* an input or output cannot be opened, read, written */
    STATUS_LOST = 5,  /* samples were lost */
    STATUS_BUG = 70,
    STATUS_INTERRUPTED = 130,
};

/* The bit of a command in the options table. */
enum cmd_set {
    CMD_PROGRAM = 1u << 0, /* fobscope itself, without a command */
    CMD_DECODE = 1u << 1,
    CMD_DEMO = 1u << 2,
    CMD_LISTEN = 1u << 3,
    CMD_CAPTURE = 1u << 4,
    CMD_DOCTOR = 1u << 5,
};

struct cmd {
    const char *name;
    const char *operands;    /* "FILE..." as usage shows it, "" for none */
    const char *summary;     /* for lists, at most 54 characters */
    const char *description; /* a paragraph, no line breaks */
    unsigned set;            /* one of enum cmd_set */
    /* stop turns true when the user has had enough: end well, and soon. */
    enum status (*exec)(const struct options *o,
                        const volatile sig_atomic_t *stop);
};

extern const struct cmd cmd_capture;
extern const struct cmd cmd_decode;
extern const struct cmd cmd_demo;
extern const struct cmd cmd_doctor;
extern const struct cmd cmd_listen;

#endif
