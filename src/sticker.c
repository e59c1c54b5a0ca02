/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/sticker.h"

#include <stdio.h>

const char *sticker_view_name(enum sticker_view v)
{
    static const char *const names[STICKER_VIEWS] = {
        [STICKER_AS_DECODED] = "as decoded",
        [STICKER_DIFFERENTIAL] = "differential",
        [STICKER_INTEGRATED] = "integrated",
        [STICKER_CHIPS] = "chips",
    };

    return names[v];
}

void sticker_transform_name(unsigned transform, char *text, size_t room)
{
    static const struct {
        unsigned bit;
        const char *name;
    } all[] = {
        { STICKER_INVERTED, "inverted" },
        { STICKER_BITS_REVERSED, "bits reversed" },
        { STICKER_BYTES_REVERSED, "bytes reversed" },
        { STICKER_MINUS_ONE, "minus one" },
    };
    size_t n = 0;

    snprintf(text, room, "%s", "plain");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if ((transform & all[i].bit) && n < room)
            n += (size_t)snprintf(text + n, room - n, "%s%s",
                                  n == 0 ? "" : ", ", all[i].name);
}
