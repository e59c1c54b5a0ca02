/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/post_parts.h"

#include <math.h>

#include <stdio.h>
#include <string.h>

enum { WORDS = 600 };

size_t post_parts_reasons(const struct identification *id,
                          const struct evidence **ret, size_t most)
{
    size_t n = 0;

    for (size_t i = 0; i < id->n; i++) {
        const struct evidence *e = &id->evidence[i];
        const double ratio = evidence_ratio(e, NULL);
        size_t at = n;

        if (ratio <= IDENTIFY_TELLS)
            continue;
        while (at > 0 && evidence_ratio(ret[at - 1], NULL) < ratio)
            at--;
        if (at == most)
            continue;
        n = n < most ? n + 1 : n;
        memmove(ret + at + 1, ret + at, (n - at - 1) * sizeof(*ret));
        ret[at] = e;
    }
    return n;
}

const char *post_parts_ratio(const struct evidence *e, char text[32])
{
    const double ratio = evidence_ratio(e, NULL);

    snprintf(text, 32, "%.*f to 1", ratio < 10 ? 1 : 0, ratio);
    return text;
}

/* The last letter goes, with all its bytes. */
static void cut_letter(char *text)
{
    size_t n = strlen(text);

    while (n > 0 && ((unsigned char)text[n - 1] & 0xc0) == 0x80)
        n--;
    text[n > 0 ? n - 1 : 0] = '\0';
}

void post_parts_line(struct draw *d, double x, double y, double width,
                     const char *text, struct draw_style s)
{
    char words[WORDS], line[WORDS + 4];

    snprintf(words, sizeof words, "%s", text);
    snprintf(line, sizeof line, "%s", words);
    while (words[0] != '\0' && draw_text_width(d, line, s) > width) {
        cut_letter(words);
        snprintf(line, sizeof line, "%s...", words);
    }
    draw_text(d, x, y, line, s);
}

/* How many bytes of text, whole words, fit into the width; at least one word. */
static size_t fitting(struct draw *d, const char *text, double width,
                      struct draw_style s)
{
    char line[WORDS];
    size_t best = 0;

    for (size_t at = 0; text[at] != '\0';) {
        at += strspn(text + at, " ");
        at += strcspn(text + at, " ");
        snprintf(line, sizeof line, "%.*s", (int)at, text);
        if (best > 0 && draw_text_width(d, line, s) > width)
            break;
        best = at;
    }
    return best;
}

double post_parts_fold(struct draw *d, struct box at, size_t most,
                       const char *text, struct draw_style s)
{
    char words[WORDS], line[WORDS];
    const char *rest = words;

    snprintf(words, sizeof words, "%s", text);
    for (size_t i = 0; i < most && *rest != '\0'; i++) {
        const size_t n =
            i + 1 == most ? strlen(rest) : fitting(d, rest, at.w, s);

        snprintf(line, sizeof line, "%.*s", (int)n, rest);
        post_parts_line(d, at.x, at.y, at.w, line, s);
        rest += n;
        rest += strspn(rest, " ");
        at.y += 1.3 * s.size;
    }
    return at.y;
}
