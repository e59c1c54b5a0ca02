/* opened - files written and opened as sources, for tests.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_OPENED_H
#define TESTS_SRC_OPENED_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/err.h"
#include "src/source.h"

enum { PATH_ROOM = 512 };

/* Each test works in a folder of its own, which is the working folder. */
static inline int enter(void **state)
{
    char *name = strdup("/tmp/test_source_XXXXXX");
    *state = name;
    return name && mkdtemp(name) && chdir(name) == 0 ? 0 : -1;
}

static inline int leave(void **state)
{
    char command[PATH_ROOM];
    snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
    int r = chdir("/") == 0 ? system(command) : -1;
    free(*state);
    return r;
}

static inline void put(const char *name, const void *bytes, size_t n)
{
    FILE *f = fopen(name, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static inline void put_text(const char *name, const char *text)
{
    put(name, text, strlen(text));
}

static inline struct source *open_ok(const char *spec)
{
    struct source *s = NULL;
    struct err e = { "" };
    if (source_open(&s, spec, NULL, &e) < 0)
        fail_msg("%s: %s", spec, e.text);
    return s;
}

static inline void open_fails(const char *spec, int code, const char *sentence)
{
    struct source *s = NULL;
    struct err e = { "" };
    assert_int_equal(source_open(&s, spec, NULL, &e), code);
    assert_null(s);
    assert_string_equal(e.text, sentence);
}

/* Opens, checks rate and centre (NAN: unknown), closes. */
static inline void check_info(const char *spec, enum sample_format format,
                              double rate_hz, double centre_hz)
{
    struct source *s = open_ok(spec);
    const struct source_info *i = source_info(s);
    assert_int_equal(i->kind, SOURCE_IQ);
    assert_int_equal(i->format, format);
    assert_true(i->rate_hz == rate_hz);
    if (isnan(centre_hz))
        assert_true(isnan(i->centre_hz));
    else
        assert_true(i->centre_hz == centre_hz);
    source_close(s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

#endif
