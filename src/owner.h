/* owner - what the owner of a fob knows of it, as typed in.
 *
 * No radio tells it, and it may name a person or a car: it is kept beside a
 * recording, and left out of what is given away.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_OWNER_H
#define SRC_OWNER_H

/* Bytes of one of the texts. They hold no control characters; whether they are
 * UTF-8 nobody has looked. */
#define OWNER_WORDS_MAX 200

/* NULL: not given; "": given, and empty. */
struct owner_words {
    const char *label, *car, *buttons, *sticker, *note;
};

#endif
