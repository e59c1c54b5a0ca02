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
    STATUS_INCONCLUSIVE = 3, /* nothing can be concluded */
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
    CMD_GROUP = 1u << 6, /* the first word of a group, without the second */
    CMD_ARCHIVE_ADD = 1u << 7,
    CMD_ARCHIVE_LIST = 1u << 8,
    CMD_ARCHIVE_SHOW = 1u << 9,
    CMD_ARCHIVE_VERIFY = 1u << 10,
    CMD_ARCHIVE_EXPORT = 1u << 11,
    CMD_ARCHIVE_FORGET = 1u << 12,
    CMD_ARCHIVE_PURGE = 1u << 13,
    CMD_ARCHIVE_REINDEX = 1u << 14,
    CMD_ARCHIVE_DIFF = 1u << 15,
    CMD_CHECK = 1u << 16,
    CMD_IDENTIFY = 1u << 17,
    CMD_VIEW = 1u << 18,
    CMD_COMPARE = 1u << 19,
    CMD_REPORT = 1u << 20,
};

struct cmd {
    const char *name; /* one word, or two: "archive add" is of a group */
    /* As usage shows them, and how many there may be: "FILE..." one or more,
     * "[ID...]" any number, "ID ID" two, "" none. */
    const char *operands;
    const char *summary;     /* for lists, at most 54 characters */
    const char *description; /* a paragraph, no line breaks */
    unsigned set;            /* one of enum cmd_set */
    /* stop turns true when the user has had enough: end well, and soon. */
    enum status (*exec)(const struct options *o,
                        const volatile sig_atomic_t *stop);
};

/* Commands whose names begin with the same word. */
struct cmd_group {
    const char *name;
    const char *summary;     /* for lists; the second words follow it */
    const char *description; /* as of a command */
};

extern const struct cmd cmd_archive_add;
extern const struct cmd cmd_archive_diff;
extern const struct cmd cmd_archive_export;
extern const struct cmd cmd_archive_forget;
extern const struct cmd cmd_archive_list;
extern const struct cmd cmd_archive_purge;
extern const struct cmd cmd_archive_reindex;
extern const struct cmd cmd_archive_show;
extern const struct cmd cmd_archive_verify;
extern const struct cmd cmd_capture;
extern const struct cmd cmd_check;
extern const struct cmd cmd_compare;
extern const struct cmd cmd_decode;
extern const struct cmd cmd_demo;
extern const struct cmd cmd_doctor;
extern const struct cmd cmd_identify;
extern const struct cmd cmd_listen;
extern const struct cmd cmd_report;
extern const struct cmd cmd_view;

#endif
