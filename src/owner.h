/* owner - what the owner of a fob says of it: typed in, kept with a recording, and
 * left out of what is given away.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_OWNER_H
#define SRC_OWNER_H

#include <stddef.h>

enum {
    OWNER_WORDS = 5,
    OWNER_WORD_MAX = 200, /* bytes of one */
};

struct owner_words {
    const char *label;   /* "good key", "tray3-07"; NULL: not said */
    const char *car;     /* "MINI R53 2004" */
    const char *buttons; /* "2", or "lock,unlock" */
    const char *sticker; /* what is printed on its board */
    const char *note;
};

/* "label", "car" ... of word i; behind "fob:" the key in SigMF. */
extern const char *const owner_names[OWNER_WORDS];

/* Word i, in the order of the names; NULL: not said. */
const char *owner_word(const struct owner_words *w, size_t i);

#endif
