/* vector - known frames, for the tests of descriptors; no code of the program.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_PROTOCOLS_VECTOR_H
#define TESTS_PROTOCOLS_VECTOR_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocols/protocol.h"
#include "tests/support/synth.h"

/* "1F00" to 16 bits, highest bit of a digit first. */
static inline struct bits vector_hex(const char *hex)
{
    char text[BITS_MAX + 1] = "";
    struct bits b = { 0 };

    for (; *hex != '\0'; hex++) {
        const char *digits = "0123456789ABCDEF";
        size_t x = (size_t)(strchr(digits, *hex) - digits);
        size_t at = strlen(text);
        for (size_t i = 0; i < 4; i++)
            text[at + i] = x >> (3 - i) & 1 ? '1' : '0';
        text[at + 4] = '\0';
    }
    synth_bits_from(&b, text);
    return b;
}

/* "0101" to 4 bits. */
static inline struct bits vector_bits(const char *text)
{
    struct bits b = { 0 };

    synth_bits_from(&b, text);
    return b;
}

/* n equal bits. */
static inline struct bits vector_constant(size_t n, uint8_t value)
{
    struct bits b = { .n = n };

    for (size_t i = 0; i < n; i++) {
        b.value[i] = value;
        b.llr[i] = value ? 40.0f : -40.0f;
    }
    return b;
}

/* The value of the field of that name, which must exist. */
static inline uint64_t vector_value(const struct protocol *p,
                                    const struct bits *b, const char *name)
{
    const struct field *f = p->fields;

    while (f->name != NULL && strcmp(f->name, name) != 0)
        f++;
    assert_non_null(f->name);
    return field_value(f, b);
}

/* How many of the frames that differ in one bit of [from, to) check() does not
 * call damaged. */
static inline unsigned vector_flips_passed(const struct protocol *p,
                                           const struct bits *b, size_t from,
                                           size_t to)
{
    unsigned n = 0;

    for (size_t i = from; i < to; i++) {
        struct bits flipped = *b;
        flipped.value[i] ^= 1;
        n += p->check(&flipped) != VERDICT_DAMAGED;
    }
    return n;
}

#endif
