/* new_file - a file that is there whole, or not at all, and takes nobody's place.
 *
 * It is written as PATH.part, for the user alone (0600, whatever the umask), and
 * given its name when it is on the disk.
 *
 *   errors  negative errno, and a sentence that names the file
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_NEW_FILE_H
#define SRC_NEW_FILE_H

#include <limits.h>

#include "src/err.h"

struct new_file {
    char path[PATH_MAX], part[PATH_MAX + 8];
    int fd; /* to be written to */
};

/* -EEXIST: there is a file of that name. */
int new_file_check(const char *path, struct err *e);
int new_file_open(struct new_file *f, const char *path, struct err *e);

/* Syncs and names it. On failure it is gone, as after new_file_drop. */
int new_file_keep(struct new_file *f, struct err *e);

/* It is given up. */
void new_file_drop(struct new_file *f);

#endif
