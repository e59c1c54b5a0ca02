/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/owner.h"

#include <assert.h>

const char *const owner_names[OWNER_WORDS] = {
    "label", "car", "buttons", "sticker", "note",
};

const char *owner_word(const struct owner_words *w, size_t i)
{
    const char *const words[OWNER_WORDS] = {
        w->label, w->car, w->buttons, w->sticker, w->note,
    };

    assert(i < OWNER_WORDS);
    return words[i];
}
