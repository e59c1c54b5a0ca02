/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/html.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { SAY_BYTES = 2048 };

#define REPLACEMENT "\xef\xbf\xbd"

/* Length of the sequence that begins here, 1 .. 4, and its character; 0: it is no
 * UTF-8 (RFC 3629: no overlong ones, no surrogates). text ends with NUL. */
static size_t sequence(const unsigned char *text, uint32_t *ret)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char c = *text;
    const size_t n = c < 0x80             ? 1
                     : (c & 0xe0) == 0xc0 ? 2
                     : (c & 0xf0) == 0xe0 ? 3
                     : (c & 0xf8) == 0xf0 ? 4
                                          : 0;
    uint32_t x = n < 2 ? c : c & (0x7fu >> n);

    for (size_t i = 1; i < n; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        x = x << 6 | (text[i] & 0x3fu);
    }
    if (n == 0 || x < least[n] || (x >= 0xd800 && x <= 0xdfff) || x > 0x10ffff)
        return 0;
    *ret = x;
    return n;
}

/* Controls, and what turns the direction of writing (Unicode UAX 9, 2.1-2.3), so
 * that no word can make others look different. */
static bool is_shown(uint32_t x)
{
    return !((x < 0x20 && x != '\n' && x != '\t') || (x >= 0x7f && x < 0xa0) ||
             x == 0x200e || x == 0x200f || x == 0x61c ||
             (x >= 0x202a && x <= 0x202e) || (x >= 0x2066 && x <= 0x2069) ||
             (x & 0xfffe) == 0xfffe);
}

static const char *entity(uint32_t x)
{
    switch (x) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void html_text(FILE *out, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;

    while (*s != '\0') {
        uint32_t x = 0;
        const size_t n = sequence(s, &x);

        if (n == 0 || !is_shown(x))
            fputs(REPLACEMENT, out);
        else if (entity(x) != NULL)
            fputs(entity(x), out);
        else
            fwrite(s, 1, n, out);
        s += n > 0 ? n : 1;
    }
}

static void __attribute__((format(printf, 2, 0)))
say(FILE *out, const char *format, va_list args)
{
    char text[SAY_BYTES];

    vsnprintf(text, sizeof text, format, args);
    html_text(out, text);
}

void html_say(FILE *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(out, format, args);
    va_end(args);
}

void html_element(FILE *out, const char *tag, const char *format, ...)
{
    va_list args;

    fprintf(out, "<%s>", tag);
    va_start(args, format);
    say(out, format, args);
    va_end(args);
    fprintf(out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

void html_table_begin(FILE *out, const char *caption, const char *const *heads)
{
    fputs("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"",
          out);
    html_text(out, caption);
    fputs("\"><table><caption>", out);
    html_text(out, caption);
    fputs("</caption>\n<thead><tr>", out);
    for (; *heads != NULL; heads++) {
        const bool is_number = **heads == '#';

        fputs(is_number ? "<th scope=\"col\" class=\"n\">"
                        : "<th scope=\"col\">",
              out);
        html_text(out, *heads + is_number);
        fputs("</th>", out);
    }
    fputs("</tr></thead>\n<tbody>\n", out);
}

void html_table_end(FILE *out)
{
    fputs("</tbody></table></div>\n", out);
}

void html_cell(FILE *out, const char *format, ...)
{
    va_list args;

    fputs("<td>", out);
    va_start(args, format);
    say(out, format, args);
    va_end(args);
    fputs("</td>", out);
}

void html_number(FILE *out, const char *format, ...)
{
    va_list args;

    fputs("<td class=\"n\">", out);
    va_start(args, format);
    say(out, format, args);
    va_end(args);
    fputs("</td>", out);
}

void html_real(FILE *out, int digits, double x)
{
    if (isfinite(x))
        html_number(out, "%.*f", digits, x);
    else
        html_number(out, "-");
}

void html_json(FILE *out, const char *json, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (json[i] == '<' || json[i] == '>' || json[i] == '&')
            fprintf(out, "\\u%04x", (unsigned)json[i]);
        else
            fputc(json[i], out);
}

/* Behind these stands an id, in what cairo 1.16 to 1.18 write. */
static size_t before_id(const char *at, size_t n)
{
    static const char *const marks[] = { " id=\"", "=\"#", "url(#" };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const size_t length = strlen(marks[i]);

        if (n >= length && memcmp(at, marks[i], length) == 0)
            return length;
    }
    return 0;
}

void html_svg(FILE *out, const char *svg, size_t n, const char *prefix)
{
    size_t i = 0;

    if (n >= 5 && memcmp(svg, "<?xml", 5) == 0)
        while (i < n && svg[i++] != '\n')
            ;
    while (i < n) {
        const size_t mark = before_id(svg + i, n - i);

        if (mark == 0) {
            fputc(svg[i++], out);
            continue;
        }
        fwrite(svg + i, 1, mark, out);
        fputs(prefix, out);
        i += mark;
    }
}
