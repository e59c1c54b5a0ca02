/* inputs - what the operands of a command stand for: a file, a recording of the
 * archive by its id, each recording in a .sigmf archive.
 *
 * A file goes before an id of the same name.
 *
 *   memory  open and close belong together
 *   errors  negative errno, and a sentence
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_INPUTS_H
#define SRC_INPUTS_H

#include <limits.h>
#include <stdbool.h>

#include "src/archive.h"
#include "src/err.h"

struct input_item {
    const char *spec; /* for source_open */
    const char *name; /* what it is called, if that is not its path; or NULL */
    const struct entry *entry; /* of the archive; NULL: it is not from there */
};

struct inputs {
    const char *place;       /* of the archive; NULL: as a rule */
    struct archive *archive; /* NULL: not opened yet */
    bool is_mine;            /* it was opened here */
    char folder[PATH_MAX];   /* for what is unpacked; "": not made yet */
};

/* archive: the one to look into, which stays the caller's; NULL: that at place,
 * when one is asked for. */
void inputs_open(struct inputs *in, const char *place, struct archive *archive);

/* Whether operand may stand for several recordings. */
bool inputs_is_several(const char *operand);

/* Calls each for every recording that operand stands for. */
int inputs_each(struct inputs *in, const char *operand,
                void (*each)(void *user, const struct input_item *item),
                void *user, struct err *e);

void inputs_close(struct inputs *in);

#endif
