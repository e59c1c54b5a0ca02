/* sticker - the code printed on the board of a Rover-era fob, looked for in what
 * the fob sends.
 *
 *   in      what the owner typed; the best frame of each press
 *   out     whether the code stands in them, where, and how likely that is by chance
 *   source  design/DOMAIN.md 2.1, 3.1, 7.2
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_STICKER_H
#define SRC_STICKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocols/frame.h"
#include "src/err.h"

enum {
    STICKER_CODES_MAX = 4, /* readings of what was typed */
    STICKER_TEXT_MAX = 32,
    STICKER_PRESSES_MIN = 3, /* that must have it at one offset */
};

/* One way to read what was typed: "3D760BA" is 28 bits, or a letter and 24. */
struct sticker_code {
    uint32_t value;
    unsigned bits; /* 24 or 28 */
};

enum sticker_check {
    STICKER_CHECK_NONE,  /* no label line: nothing to check */
    STICKER_CHECK_RIGHT, /* its mod-43 character is right */
    STICKER_CHECK_WRONG, /* a typing error, or the label of a clone's tool */
};

struct sticker {
    char text[STICKER_TEXT_MAX]; /* as typed, in capitals, without spaces */
    struct sticker_code code[STICKER_CODES_MAX];
    size_t n_codes;
    enum sticker_check check;
};

/* Six or seven hexadecimal digits with or without one letter in front, or a line of
 * the printed label with its check character. -EINVAL and a sentence. */
int sticker_parse(struct sticker *s, const char *text, struct err *e);

/* How the bits of a frame are read, besides as they were decoded. */
enum sticker_view {
    STICKER_AS_DECODED,
    STICKER_DIFFERENTIAL, /* each bit XOR the one before: differential Manchester
                           * for Manchester, NRZI for NRZ */
    STICKER_INTEGRATED,   /* XOR of all bits so far: the other way round */
    STICKER_CHIPS,        /* the chips themselves: NRZ */
    STICKER_VIEWS
};

/* What is done to the code before it is looked for; bits may be combined. */
enum sticker_transform {
    STICKER_PLAIN = 0,
    STICKER_INVERTED = 1u << 0,
    STICKER_BITS_REVERSED = 1u << 1,
    STICKER_BYTES_REVERSED = 1u << 2,
    STICKER_MINUS_ONE = 1u << 3,
    STICKER_TRANSFORMS = 1u << 4
};

struct sticker_result {
    bool is_hit;
    unsigned presses; /* with a frame that was searched */
    unsigned with_code; /* of these, that have it at the offset */
    enum sticker_view view;
    unsigned transform; /* set of enum sticker_transform */
    size_t at;          /* bit of the view */
    struct sticker_code code;
    /* That a code nobody planted would hit in just these frames: the share of all
     * codes that do, times the readings of what was typed. */
    double chance;
};

/* frames: one a press. A hit is the same code at the same offset of one view in
 * STICKER_PRESSES_MIN of them, and no press that shows another there. */
void sticker_search(const struct sticker *s, const struct frame *const *frames,
                    size_t n, struct sticker_result *ret);

const char *sticker_view_name(enum sticker_view v);

/* "inverted, bits reversed"; "plain". */
void sticker_transform_name(unsigned transform, char *text, size_t room);

#endif
