/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/dongle/words.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void words_fault(struct words *w, const char *format, ...)
{
    va_list args;

    if (w->why[0] != '\0')
        return;
    va_start(args, format);
    vsnprintf(w->why, sizeof w->why, format, args);
    va_end(args);
}

void words_split(struct words *w, char *line)
{
    char *to = NULL;
    bool is_quoted = false;

    *w = (struct words){ 0 };
    for (char *p = line; *p != '\0' && (is_quoted || *p != '#'); p++) {
        bool is_blank = strchr(" \t\r\n", *p) != NULL;
        if (*p == '"')
            is_quoted = !is_quoted;
        if (to != NULL && is_blank && !is_quoted) {
            *to = '\0';
            to = NULL;
        } else if (to == NULL && !is_blank) {
            if (w->n == WORDS_MAX) {
                words_fault(w, "more than %d words", WORDS_MAX);
                return;
            }
            w->word[w->n++] = to = p;
        }
        if (to != NULL && *p != '"')
            *to++ = *p;
    }
    if (to != NULL)
        *to = '\0';
    if (is_quoted)
        words_fault(w, "a quote is not closed");
}

const char *words_text(struct words *w, const char *key)
{
    size_t n = strlen(key);

    for (size_t i = 0; i < w->n; i++) {
        if (w->is_taken[i] || strncmp(w->word[i], key, n) != 0 ||
            w->word[i][n] != '=')
            continue;
        w->is_taken[i] = true;
        return w->word[i] + n + 1;
    }
    return NULL;
}

bool words_parse(const char *text, double *to)
{
    char *end = NULL;
    double x = strtod(text, &end);
    double by = *end == 'k' ? 1e3 : *end == 'M' ? 1e6 : *end == 'G' ? 1e9 : 0;

    if (end == text || end[by > 0.0] != '\0' || !isfinite(x))
        return false;
    *to = by > 0.0 ? x * by : x;
    return true;
}

bool words_number(struct words *w, const char *key, double *to)
{
    const char *text = words_text(w, key);

    if (text == NULL)
        return false;
    if (!words_parse(text, to))
        words_fault(w, "%s=%s: not a number", key, text);
    return true;
}

bool words_count(struct words *w, const char *key, uint64_t *to)
{
    double x = 0.0;

    if (!words_number(w, key, &x))
        return false;
    if (x < 0.0 || x != floor(x) || x > 0x1p53)
        words_fault(w, "%s: not a whole number", key);
    else
        *to = (uint64_t)x;
    return true;
}

void words_level(struct words *w, const char *key, double *to)
{
    const char *text = words_text(w, key);

    if (text == NULL)
        return;
    if (strcmp(text, "none") == 0)
        *to = -INFINITY;
    else if (!words_parse(text, to))
        words_fault(w, "%s=%s: neither a number nor none", key, text);
}

void words_choice(struct words *w, const char *key, const char *const *names,
                  unsigned *to)
{
    const char *text = words_text(w, key);

    if (text == NULL)
        return;
    for (unsigned i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], text) != 0)
            continue;
        *to = i;
        return;
    }
    words_fault(w, "%s=%s: not one of those there are", key, text);
}

char *words_rest(struct words *w)
{
    for (size_t i = 0; i < w->n; i++) {
        if (w->is_taken[i])
            continue;
        w->is_taken[i] = true;
        return w->word[i];
    }
    return NULL;
}
