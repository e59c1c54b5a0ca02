/* archive - the place where recordings are kept: SigMF pairs, and an index of
 * them that can be made anew from the pairs at any time.
 *
 *   PLACE/recordings/fob_ID_DATE_CENTRE_RATE.sigmf-meta and .sigmf-data
 *   PLACE/recordings/col_ID.sigmf-collection
 *   PLACE/index.sqlite   see archive_index.h
 *   PLACE/key            32 bytes that make pseudonyms nobody else can make
 *   PLACE/lock           held by whoever changes files
 *   PLACE/reserve        room that a full disk leaves for removing
 *   PLACE/work/...       a folder for each process that writes
 *
 * A change of files is noted in the index before it begins and taken off when the
 * index is right again. What a process that died left open, the next one ends: a
 * recording whose two files have their names is kept, any other was never there.
 * Several processes may use one archive.
 *
 *   memory  open and close belong together; one archive, one thread
 *   errors  negative errno, and a sentence
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_ARCHIVE_H
#define SRC_ARCHIVE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/archive_index.h"
#include "src/entry.h"
#include "src/err.h"
#include "src/owner.h"

enum archive_mode {
    ARCHIVE_READS,   /* -ENOENT: there is no archive yet */
    ARCHIVE_WRITES,  /* makes what is missing */
    ARCHIVE_REMOVES, /* writes; -ENOENT: there is no archive yet */
    ARCHIVE_REPAIRS, /* the index may be damaged, or of a newer program */
};

struct archive;

/* given, or $FOBSCOPE_ARCHIVE, or $XDG_DATA_HOME/fobscope, or
 * ~/.local/share/fobscope: the first that is said. */
int archive_place(char place[PATH_MAX], const char *given, struct err *e);

int archive_open(struct archive **ret, const char *place,
                 enum archive_mode mode, struct err *e);
void archive_close(struct archive *a); /* takes NULL */

/* NULL in ARCHIVE_REPAIRS, where it cannot be used: why is in *e then. */
struct archive_index *archive_get_index(struct archive *a);

/* The folder of the pairs; the key of the pseudonyms. */
const char *archive_folder(const struct archive *a);
const uint8_t *archive_key(const struct archive *a);

/* ARCHIVE_WRITES: a folder for files on their way into the archive. It goes when
 * the archive is closed. */
const char *archive_work(const struct archive *a);

/* The recording whose id begins with prefix: three hexadecimal digits or more. */
int archive_find(struct archive *a, const char *prefix, struct entry *ret,
                 struct err *e);

/* Whether text looks like the beginning of an id. */
bool archive_is_id(const char *text);

/* Its .sigmf-meta. */
void archive_path(const struct archive *a, const struct entry *t,
                  char path[PATH_MAX]);

/* Whether both of its files are there, and are files: nothing else is opened. */
int archive_check(const struct archive *a, const struct entry *t,
                  struct err *e);

/* Moves the pair of meta, in the work folder, into the archive: it is there for
 * good when this returns 0. *is_old: the same samples were there already; *ret is
 * that recording, and the pair is removed. On failure it stays where it is. */
int archive_take(struct archive *a, const char *meta, struct entry *ret,
                 bool *is_old, struct err *e);

/* Removes a pair from the work folder. */
void archive_drop(struct archive *a, const char *meta);

/* What could not be taken in, and cannot be had again, is not thrown away: the work
 * folder gets a name that stays, in path. Nothing more can be taken from it. */
int archive_set_aside(struct archive *a, char path[PATH_MAX], struct err *e);

/* Other words of the owner's; NULL leaves one as it is. */
int archive_relabel(struct archive *a, struct entry *t,
                    const struct owner_words *w, struct err *e);

/* Removes files and row. */
int archive_forget(struct archive *a, const struct entry *t, struct err *e);

/* n recordings belong together; its name in collection. */
int archive_collect(struct archive *a, const char *title,
                    const char (*names)[ENTRY_NAME], size_t n,
                    char collection[ENTRY_NAME], struct err *e);

/* Makes the index anew from the files. Calls fault, if it is not NULL, with a
 * sentence for each file that could not be taken in. Returns how many could not;
 * negative errno. *n: recordings in the index. */
int archive_reindex(struct archive *a,
                    void (*fault)(void *user, const char *sentence), void *user,
                    size_t *n, struct err *e);

#endif
