/* database - the only module that knows SQLite: one file, statements, rows.
 *
 *   memory  open and close, prepare and end belong together
 *   errors  negative errno, and a sentence that names the file: -EBADMSG: it is
 *           damaged; -EROFS, -ENOSPC, -EBUSY, -EEXIST (of something that may
 *           be there once), -ENOMEM, -EIO
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_DATABASE_H
#define SRC_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/err.h"

struct database;
struct statement;

/* path: of an existing file, empty at first; none of its parts is a symbolic
 * link. repair: a sentence's end, what to do when the file is damaged. One that
 * is read only is opened as it lies on the disk. */
int database_open(struct database **ret, const char *path, bool is_read_only,
                  const char *repair, struct err *e);
void database_close(struct database *d); /* takes NULL */

/* For sentences. */
const char *database_name(const struct database *d);

/* Statements without values. A commit is on the disk when it returns. */
int database_run(struct database *d, const char *sql, struct err *e);

/* The number that tells which tables are in it; 0: none yet. */
int database_version(struct database *d, int *version, struct err *e);

/* Whether the file is sound: 0; -EBADMSG with what is wrong. */
int database_check(struct database *d, struct err *e);

/* A fault shows in the first step; everything takes such a statement. */
struct statement *database_prepare(struct database *d, const char *sql);

/* Values ?1, ?2 ...: none where text is NULL, x is NAN. text lives until the
 * statement ends. */
void statement_text(struct statement *s, int i, const char *text);
void statement_real(struct statement *s, int i, double x);
void statement_count(struct statement *s, int i, uint64_t n);

/* 1: there is a row; 0: there is none; negative errno. */
int statement_step(struct statement *s, struct err *e);

/* Of the row, from column 0 on. A value that is not there: "", NAN, 0. */
void statement_get_text(struct statement *s, int i, char *to, size_t room);
double statement_get_real(struct statement *s, int i);
uint64_t statement_get_count(struct statement *s, int i);

/* Back to its start, for other values. */
void statement_reset(struct statement *s);

void statement_end(struct statement *s);

/* Steps once and ends: for what gives no rows. */
int statement_finish(struct statement *s, struct err *e);

const char *database_library_version(void);

#endif
