/* archive_index - what is in the archive, in a form that can be searched. All of it can be had again from the files.
 *
 * Changes are made between begin and commit, by one process at a time (archive.c
 * has the lock); one that does not get as far as commit has not happened.
 *
 *   memory  open and close belong together
 *   errors  negative errno, and a sentence: -EBADMSG: the index is damaged;
 *           -EPROTONOSUPPORT: a newer fobscope wrote it; -EROFS, -ENOSPC, -EIO,
 *           -EBUSY, -ENOMEM
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_ARCHIVE_INDEX_H
#define SRC_ARCHIVE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/entry.h"
#include "src/err.h"

struct archive_index;

enum { TITLE_MAX = 201 }; /* of a collection */

/* path: of an existing file, empty at first. A read-only one is opened as it
 * lies on the disk. */
int archive_index_open(struct archive_index **ret, const char *path,
                       bool is_read_only, struct err *e);
void archive_index_close(struct archive_index *x); /* takes NULL */

/* Whether it has no tables yet. */
bool archive_index_is_new(const struct archive_index *x);

int archive_index_begin(struct archive_index *x, struct err *e);
int archive_index_commit(struct archive_index *x, struct err *e);
void archive_index_rollback(struct archive_index *x);

/* Makes the tables of a new index, or forgets all that an old one knows. */
int archive_index_clear(struct archive_index *x, struct err *e);

/* Whether the file is sound: 0; -EBADMSG with what SQLite found. */
int archive_index_check(struct archive_index *x, struct err *e);

/* Takes the place of what had the same name. -EEXIST: another recording has the
 * id. */
int archive_index_put(struct archive_index *x, const struct entry *t,
                      const uint8_t key[HASH_KEY_BYTES], struct err *e);
int archive_index_remove(struct archive_index *x, const char *name,
                         struct err *e);

/* The recording whose id begins with prefix, which are hexadecimal digits.
 * -ENOENT; -ENOTUNIQ: several do. */
int archive_index_find(struct archive_index *x, const char *prefix,
                       struct entry *ret, struct err *e);

/* What is looked for: all that is given must hold. */
struct archive_filter {
    const char *label;     /* part of the label; NULL: any */
    const char *model;     /* part of a model's name */
    const char *fob;       /* a serial or a pseudonym */
    const char *verdict;   /* "proven", "plausible", "damaged", "none" */
    const double *band_hz; /* carriers */
    size_t n_bands;        /* 0: any */
    double since_unix_s, until_unix_s; /* NAN: any */
};

/* Calls each for every recording that fits, oldest first. each returns whether
 * to go on. */
int archive_index_list(struct archive_index *x, const struct archive_filter *f,
                       bool (*each)(void *user, const struct entry *t),
                       void *user, struct err *e);

/* Changes of files that have begun and may not have ended. */
enum archive_change {
    ARCHIVE_ADDS,
    ARCHIVE_CHANGES,
    ARCHIVE_FORGETS,
    ARCHIVE_COLLECTS, /* a collection, not a recording */
};

int archive_index_intend(struct archive_index *x, const char *name,
                         enum archive_change change, struct err *e);
int archive_index_settle(struct archive_index *x, const char *name,
                         struct err *e);

/* One of them into name and *change. 1; 0: there is none. */
int archive_index_intended(struct archive_index *x, char name[ENTRY_NAME],
                           enum archive_change *change, struct err *e);

/* Collections: recordings, by name, that belong together. */
int archive_index_collect(struct archive_index *x, const char *collection,
                          const char *title, struct err *e);
int archive_index_add_member(struct archive_index *x, const char *collection,
                             const char *name, struct err *e);
int archive_index_drop_collection(struct archive_index *x,
                                  const char *collection, struct err *e);

/* The recording is gone from all of them. */
int archive_index_drop_member(struct archive_index *x, const char *name,
                              struct err *e);

/* Those that the recording `name` (NULL: any) is in: their names and titles. */
int archive_index_collections(struct archive_index *x, const char *name,
                              bool (*each)(void *user, const char *collection,
                                           const char *title),
                              void *user, struct err *e);

/* The names of its recordings, in the order in which they were added. */
int archive_index_members(struct archive_index *x, const char *collection,
                          bool (*each)(void *user, const char *name),
                          void *user, struct err *e);

#endif
