/* archive_impl - what the archive_*.c files share; nobody else includes it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_ARCHIVE_IMPL_H
#define SRC_ARCHIVE_IMPL_H

#include <sys/types.h>

#include "src/archive.h"

/* What is behind the place's own name, with room to spare. */
enum { ARCHIVE_TAIL = 256, ARCHIVE_PLACE = PATH_MAX - ARCHIVE_TAIL };

struct archive {
    char place[PATH_MAX]; /* resolved, at most ARCHIVE_PLACE bytes */
    char folder[PATH_MAX];
    char work[PATH_MAX]; /* "": none */
    int folder_fd, lock_fd, work_fd;
    bool is_read_only;
    bool is_aside; /* the work folder is somewhere else, and stays */
    enum archive_mode mode;
    uint8_t key[HASH_KEY_BYTES];
    struct archive_index *index;
    ino_t index_inode; /* another one: somebody made the index anew */
};

/* archive_place.c: */

/* On a full disk nothing can be removed: the index has to note it first. So some
 * room is kept for that, and given up when a recording is to be removed. */
void archive_keep_reserve(const struct archive *a);
void archive_give_reserve(const struct archive *a);

/* Whether it was opened to be changed. */
bool archive_writes(const struct archive *a);

/* Opens place, folder, key and lock; makes what is missing where it may. */
int archive_enter(struct archive *a, const char *place, struct err *e);

/* Makes the work folder, and removes those of processes that are no more. With
 * the lock. */
int archive_make_work(struct archive *a, struct err *e);

/* Removes the work folder, and closes all. */
void archive_leave(struct archive *a);

/* Waits for the lock, or not; -EAGAIN: another process has it. */
int archive_lock(struct archive *a, bool is_waiting, struct err *e);
void archive_unlock(struct archive *a);

/* PLACE/NAME into path. */
void archive_inside(const struct archive *a, const char *name,
                    char path[PATH_MAX]);

/* archive_change.c: */

/* Endings of a pair: data, metadata. */
extern const char *const archive_halves[2];

int archive_open_index(struct archive *a, struct err *e);

/* For changes: the lock, an index that is the one on the disk and has no change
 * open, and a work folder. */
int archive_begin(struct archive *a, struct err *e);
void archive_end(struct archive *a);

/* Ends a change that was intended: files, rows, and word that it is done. */
int archive_change(struct archive *a, const char *name,
                   enum archive_change change, struct err *e);

/* Removes a pair's two files; that they are not there is no fault. */
int archive_unlink(struct archive *a, const char *name, struct err *e);

/* Renames WORK/from to FOLDER/to. */
int archive_move(struct archive *a, const char *from, const char *to,
                 struct err *e);

/* What was renamed and removed is on the disk. */
int archive_sync(struct archive *a, struct err *e);

/* archive_reindex.c: */

/* Within a change of the index: all that the folder holds. Returns how many files
 * could not be taken in; negative errno. */
int archive_scan(struct archive *a,
                 void (*fault)(void *user, const char *sentence), void *user,
                 size_t *n, struct err *e);

/* Whether file ends in ending; its name without it. */
bool archive_has_ending(const char *file, const char *ending,
                        char name[ENTRY_NAME]);

/* archive.c: */

/* Opens a regular file of the recordings for reading: what stands in its place, a
 * symbolic link, a pipe, is none of ours. -errno; -EINVAL: it is no file. */
int archive_open_file(const struct archive *a, const char *file);

/* archive_collection.c: */

/* Takes a collection's file into the index; one that is not there, off it. */
int archive_index_collection(struct archive *a, const char *collection,
                             struct err *e);

/* Writes the files of all collections that the recording (NULL: any) is in anew. */
int archive_refresh_collections(struct archive *a, const char *name,
                                struct err *e);

#endif
