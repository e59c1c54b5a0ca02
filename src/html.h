/* html - a page of HTML, written so that nothing from outside can become a part of
 * it: words, tables, pictures, data.
 *
 * Markup is written by whoever makes the page, as constants; all else goes through
 * here. Control characters, those that turn the direction of writing, and what is
 * no UTF-8 become U+FFFD.
 *
 *   out     UTF-8, into a FILE whose errors are the caller's to ask for
 *   source  HTML Living Standard, 13.1.2.3 (quoted attribute values), 13.1.3
 *           (text), 4.12.1.3 (restrictions for contents of script elements)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_HTML_H
#define SRC_HTML_H

#include <stddef.h>
#include <stdio.h>

/* As text, or within the quotes of an attribute. */
void html_text(FILE *out, const char *text);
void html_say(FILE *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* <tag>text</tag>; tag is a name, or a name with attributes, of the page's own. */
void html_element(FILE *out, const char *tag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A table in a box of its own, in which it can be moved sideways. heads ends with
 * NULL; one that begins with '#' is of numbers, which stand to the right. */
void html_table_begin(FILE *out, const char *caption, const char *const *heads);
void html_table_end(FILE *out);

/* Between <tr> and </tr>: "": an empty cell. */
void html_cell(FILE *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void html_number(FILE *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void html_real(FILE *out, int digits, double x); /* "-": it is not finite */

/* JSON for a script element: in it < > & are written as \u003c and so on, which
 * JSON reads as the same. */
void html_json(FILE *out, const char *json, size_t n);

/* An SVG of draw.h as a part of the page: without its XML declaration, with its ids
 * and what refers to them behind prefix, so that several can stand in one page. */
void html_svg(FILE *out, const char *svg, size_t n, const char *prefix);

#endif
