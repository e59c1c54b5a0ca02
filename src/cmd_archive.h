/* cmd_archive - what the commands of the archive share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_CMD_ARCHIVE_H
#define SRC_CMD_ARCHIVE_H

#include "src/archive.h"
#include "src/cmd.h"
#include "src/json.h"
#include "src/options.h"
#include "src/report_entry.h"

/* The archive that options name. STATUS_OK with *ret NULL, after a word, where a
 * reader finds none; STATUS_INPUT after a sentence. */
enum status cmd_archive_open(struct archive **ret, const struct options *o,
                             enum archive_mode mode);

/* Calls each for every recording that the operands name. A fault is said, and the
 * next one still comes; STATUS_INPUT then. */
enum status cmd_archive_each(struct archive *a, const struct options *o,
                             const volatile sig_atomic_t *stop,
                             enum status (*each)(void *user, struct entry *t),
                             void *user);

/* How fobs are shown. */
struct report_entry cmd_archive_report(const struct archive *a,
                                       const struct options *o);

/* Prints a document with schema and, where it is, that it is redacted: members of
 * `more` follow, which is taken over. */
enum status cmd_archive_document(const struct options *o, const char *schema,
                                 struct json *more);

/* The end of a command that lists recordings: with --json the document of them;
 * array is taken over. */
enum status cmd_archive_end(const struct options *o, struct json *array,
                            enum status status);

/* Standard output is read as it comes by other programs, and what was reported
 * is so when they read it. */
enum status cmd_archive_flush(enum status status);

#endif
