/* planted - frames made by hand with a code in them. Codes and bits are texts of
 * '0' and '1' here, and nothing of src/sticker*.c is used to make them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_PLANTED_H
#define TESTS_SRC_PLANTED_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "src/sticker.h"
#include "tests/support/synth.h"

enum { PLANTED_TEXT = 2 * BITS_MAX + 1 };

static inline void planted_frame(struct frame *f, enum line_kind kind,
                                 const char *text)
{
    *f = (struct frame){ .kind = kind, .confidence = 0.99 };
    synth_bits_from(&f->bits, text);
}

static inline void planted_noise(struct synth_random *r, char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        text[i] = synth_random_u64(r) >> 63 ? '1' : '0';
    text[n] = '\0';
}

static inline void planted_number(char *text, uint32_t value, unsigned bits)
{
    for (unsigned i = 0; i < bits; i++)
        text[i] = value >> (bits - 1 - i) & 1 ? '1' : '0';
    text[bits] = '\0';
}

static inline uint32_t planted_value(const char *text, unsigned bits)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < bits; i++)
        value = value * 2 + (text[i] == '1');
    return value;
}

/* All but minus one; done twice it is undone. */
static inline void planted_turn(char *text, unsigned bits, unsigned transform)
{
    char was[33];

    if (transform & STICKER_INVERTED)
        for (unsigned i = 0; i < bits; i++)
            text[i] = text[i] == '1' ? '0' : '1';
    memcpy(was, text, bits);
    if (transform & STICKER_BITS_REVERSED)
        for (unsigned i = 0; i < bits; i++)
            text[i] = was[bits - 1 - i];
    memcpy(was, text, bits);
    if (transform & STICKER_BYTES_REVERSED)
        for (unsigned i = 0; i < bits; i += 8)
            memcpy(text + i, was + bits - 8 - i, 8);
}

/* What the code looks like on the air. */
static inline void planted_image(char *text, struct sticker_code code,
                                 unsigned transform)
{
    uint32_t value = code.value;

    if (transform & STICKER_MINUS_ONE)
        value = value ? value - 1 : (uint32_t)((1ull << code.bits) - 1);
    planted_number(text, value, code.bits);
    planted_turn(text, code.bits, transform);
}

/* The code that looks like this. */
static inline struct sticker_code planted_code(const char *image, unsigned bits,
                                               unsigned transform)
{
    char text[33];
    uint64_t value;

    memcpy(text, image, bits);
    planted_turn(text, bits, transform);
    value = planted_value(text, bits);
    if (transform & STICKER_MINUS_ONE)
        value = (value + 1) % (1ull << bits);
    return (struct sticker_code){ (uint32_t)value, bits };
}

static inline bool planted_has_chips(enum line_kind kind)
{
    return kind == LINE_MANCHESTER || kind == LINE_DIFF_MANCHESTER ||
           kind == LINE_PIWM;
}

/* What protocols/protocol.h says of the kinds. The first level is high. */
static inline void planted_chips(char *out, enum line_kind kind,
                                 const char *bits)
{
    char level = '1';

    for (; *bits; bits++) {
        const bool one = *bits == '1';
        const char other = level == '1' ? '0' : '1';

        if (kind == LINE_MANCHESTER) {
            *out++ = one ? '1' : '0';
            *out++ = one ? '0' : '1';
        } else if (kind == LINE_PIWM) {
            *out++ = level;
            if (!one)
                *out++ = level;
            level = other;
        } else { /* an edge at each boundary, one in the middle for 0 */
            *out++ = level;
            *out++ = one ? level : other;
            level = one ? other : level;
        }
    }
    *out = '\0';
}

/* A view of bits as text; '?' where it has none. "": the kind has no such view. */
static inline void planted_view(char *out, enum line_kind kind,
                                enum sticker_view view, const char *bits)
{
    const size_t n = strlen(bits);
    unsigned ones = 0;

    out[0] = '\0';
    if (view == STICKER_CHIPS) {
        if (planted_has_chips(kind))
            planted_chips(out, kind, bits);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        ones += bits[i] == '1';
        out[i] = bits[i];
        if (view == STICKER_INTEGRATED)
            out[i] = ones % 2 ? '1' : '0';
        if (view == STICKER_DIFFERENTIAL)
            out[i] = !i ? '?' : bits[i] != bits[i - 1] ? '1' : '0';
    }
    out[n] = '\0';
}

/* The bits that look like this in a view that is not STICKER_CHIPS; first is the
 * first bit where the view does not say it. */
static inline void planted_bits(char *out, enum sticker_view view,
                                const char *seen, char first)
{
    const size_t n = strlen(seen);

    memcpy(out, seen, n + 1);
    if (view == STICKER_INTEGRATED)
        for (size_t i = 1; i < n; i++)
            out[i] = seen[i] != seen[i - 1] ? '1' : '0';
    if (view == STICKER_DIFFERENTIAL) {
        out[0] = first;
        for (size_t i = 1; i < n; i++)
            out[i] = (out[i - 1] == '1') != (seen[i] == '1') ? '1' : '0';
    }
}

#endif
