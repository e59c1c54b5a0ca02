/* parsed - command lines for tests of options, and what is printed of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_PARSED_H
#define TESTS_SRC_PARSED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "src/options.h"

#define ARGS_MAX 16

/* Parses words, which are parted by single spaces; a ~ in them is a space. The
 * words of *o live until the next call. */
static inline int parse(struct options *o, const char *words, struct err *e)
{
    static char text[512];
    static char *argv[ARGS_MAX + 1];
    int argc = 0;

    snprintf(text, sizeof text, "fobscope%s%s", *words ? " " : "", words);
    for (char *s = strtok(text, " "); s != NULL; s = strtok(NULL, " ")) {
        assert_in_range(argc, 0, ARGS_MAX - 1);
        for (char *c = s; *c != '\0'; c++)
            *c = *c == '~' ? ' ' : *c;
        argv[argc++] = s;
    }
    argv[argc] = NULL;
    return options_parse(o, argc, argv, e);
}

static inline struct options parse_ok(const char *words)
{
    struct options o;
    struct err e;

    if (parse(&o, words, &e) != 0)
        fail_msg("%s: %s", words, e.text);
    return o;
}

/* What print writes; the caller frees it. */
static inline char *text_of(void (*print)(FILE *out))
{
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    assert_non_null(out);
    print(out);
    fclose(out);
    return text;
}

/* Lines fit a terminal and have no spaces at their end. */
static inline void check_lines(const char *text)
{
    for (const char *line = text; *line != '\0';) {
        const size_t n = strcspn(line, "\n");

        assert_in_range(n, 0, 79);
        assert_true(n == 0 || line[n - 1] != ' ');
        line += n + 1;
    }
}

static inline void bash(FILE *out)
{
    assert_int_equal(options_completion(out, "bash"), 0);
}

static inline void zsh(FILE *out)
{
    assert_int_equal(options_completion(out, "zsh"), 0);
}

static inline void fish(FILE *out)
{
    assert_int_equal(options_completion(out, "fish"), 0);
}

#endif
