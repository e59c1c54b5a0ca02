/* sticker - the code printed on the board of a Rover-era fob, looked for in what
 * the fob sends.
 *
 *   in      what the owner typed; the best frame of each press
 *   out     whether the code stands in them, where, and how likely that is by
 *           chance
 *   memory  none that is kept; sticker_search has 40 KiB on the stack
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
    STICKER_CODES_MAX = 2, /* readings of what was typed */
    STICKER_TEXT_MAX = 32,
    STICKER_PRESSES_MIN = 3, /* that must have it at one offset */
};

/* Frames that are less sure are left out: one wrong bit would hide the code. */
#define STICKER_CONFIDENCE 0.9

/* One way to read what was typed: "3D760BA" is 28 bits, or a type character
 * and 24. */
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
    struct sticker_code code[STICKER_CODES_MAX]; /* the longer one first */
    size_t n_codes;
    enum sticker_check check;
};

/* Six or seven hexadecimal digits with or without one letter in front, or a line
 * of the printed label with its check character:
 *
 *   FFFFFFFF40E4D1 R     the code inverted, after eight F
 *   N27FAC727FAC6FF T    the code, and the code less one
 *
 * -EINVAL and a sentence that says what is expected; *s is then as it was. */
int sticker_parse(struct sticker *s, const char *text, struct err *e);

/* How the bits of a frame are read, besides as they were decoded. */
enum sticker_view {
    STICKER_AS_DECODED,
    STICKER_DIFFERENTIAL, /* each bit XOR the one before, the first has none:
                           * differential Manchester for Manchester, NRZI for
                           * NRZ */
    STICKER_INTEGRATED,   /* XOR of all bits so far: the other way round */
    STICKER_CHIPS,        /* the chips themselves: NRZ. PWM and PPM have no such
                           * view: their symbols are not known here, and say no
                           * more than the bits do */
    STICKER_VIEWS
};

/* What is done to the code before it is looked for; bits may be combined. The
 * one is taken off first, modulo the code's length. The bytes of a code of 28
 * bits are not reversed: it is no whole number of them. */
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
    unsigned presses; /* with a frame that is sure enough */
    /* The rest is set with a hit. */
    unsigned with_code; /* of these, that have it at the offset */
    enum sticker_view view;
    unsigned transform; /* set of enum sticker_transform */
    size_t at;          /* first bit: of the frame, or chip of STICKER_CHIPS */
    struct sticker_code code;
    /* That a code nobody planted would hit in just these frames: the share of
     * all codes that do, added up over the readings of what was typed. Also set
     * without a hit. */
    double chance;
};

/* frames: one a press, or NULL for a press without. A hit is the same code at the
 * same offset of one view in STICKER_PRESSES_MIN frames of one length and line
 * code, when no other such frame shows another there. With several hits it is the
 * one with the fewest changes to code and bits. A stretch that repeats every bit
 * or every second one is no hit: idle lines and preambles look like that. */
void sticker_search(const struct sticker *s, const struct frame *const *frames,
                    size_t n, struct sticker_result *ret);

/* "as decoded", "differential", "integrated", "chips" */
const char *sticker_view_name(enum sticker_view v);

/* "minus one, inverted, bits reversed"; "plain". Cut where it has no room. */
void sticker_transform_name(unsigned transform, char *text, size_t room);

#endif
