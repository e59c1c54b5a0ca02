/* err - makes the sentence fit for a terminal and for JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Controls a terminal obeys: C0, DEL, C1, and the separators and direction
 * marks by which a file name can disguise a line (Unicode 15, ch. 23.2). */
static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) ||
           (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

/* Bytes of the character at p if it is well-formed UTF-8 (RFC 3629, section 4)
 * and can be shown; 0 if not. The text ends in a 0, which is no continuation,
 * so nothing is read behind it. */
static size_t shown_bytes(const unsigned char *p)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t n = p[0] < 0x80   ? 1
               : p[0] < 0xc0 ? 0
               : p[0] < 0xe0 ? 2
               : p[0] < 0xf0 ? 3
               : p[0] < 0xf8 ? 4
                             : 0;
    if (n == 0)
        return 0;
    uint32_t code = n == 1 ? p[0] : p[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (p[i] & 0x3fu);
    }
    if (code < least[n] || code > 0x10ffff ||
        (code >= 0xd800 && code <= 0xdfff) || is_control(code))
        return 0;
    return n;
}

void err_clean(char *text)
{
    unsigned char *p = (unsigned char *)text;
    while (*p) {
        size_t n = shown_bytes(p);
        if (n == 0)
            *p = '?';
        p += n ? n : 1;
    }
}

int err_set(struct err *e, int code, const char *format, ...)
{
    if (!e)
        return code;
    char text[sizeof e->text]; /* an argument may be e->text itself */
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0)
        text[0] = '\0';
    err_clean(text);
    memcpy(e->text, text, sizeof text);
    return code;
}
