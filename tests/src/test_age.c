/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/age.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NOW_S 1774783620.0 /* 2026-03-29T11:27:00Z */

/* The seconds are those of date -u +%s -d. */
static void test_moments(void **state)
{
    static const struct {
        const char *text;
        double unix_s;
    } cases[] = {
        { "1970-01-01", 0 },
        { "2000-02-29", 951782400 },
        { "2000-03-01", 951868800 },
        { "2024-12-31T23:59:59Z", 1735689599 },
        { "2026-03-29", 1774742400 },
        { "2026-03-29T11:27Z", NOW_S },
        { "2026-03-29T11:27:30Z", NOW_S + 30 },
        { "2100-03-01", 4107542400 }, /* no leap year */
        { "9999-12-31T23:59:59Z", 253402300799 },
        { "12h", NOW_S - 12 * 3600 },
        { "7d", NOW_S - 7 * 86400 },
        { "8w", NOW_S - 56 * 86400 },
        { "6m", NOW_S - 180 * 86400 },
        { "1y", NOW_S - 365 * 86400 },
        { "100000h", NOW_S - 360e6 },
        { "00000001h", NOW_S - 3600 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = { "" };
        double got = -1;

        if (age_parse(cases[i].text, NOW_S, &got, &e) != 0)
            fail_msg("%s", e.text);
        if (got != cases[i].unix_s)
            fail_msg("%s: %.0f, not %.0f", cases[i].text, got, cases[i].unix_s);
    }
}

#define NEITHER                                                                \
    ": not a date (2026-03-29, 2026-03-29T11:27Z) or an age (12h, 7d, 8w, "    \
    "6m, 1y)"

static void test_what_is_none(void **state)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        { "", NEITHER },
        { "7", "7" NEITHER },
        { "d", "d" NEITHER },
        { "7x", "7x" NEITHER },
        { "7dd", "7dd" NEITHER },
        { "-7d", "-7d" NEITHER },
        { " 7d", " 7d" NEITHER },
        { "1.5d", "1.5d" NEITHER },
        { "2026", "2026" NEITHER },
        { "2026-3-29", "2026-3-29" NEITHER },
        { "2026-03-29 ", "2026-03-29 " NEITHER },
        { "2026-03-29T", "2026-03-29T" NEITHER },
        { "2026-03-29T11:27", "2026-03-29T11:27" NEITHER },
        { "2026-03-29T11Z", "2026-03-29T11Z" NEITHER },
        { "2026-03-29T11:27:30+01:00", "2026-03-29T11:27:30+01:00" NEITHER },
        { "0d", "0d: an age begins at 1d" },
        { "000h", "000h: an age begins at 1h" },
        { "57y", "57y: before 1970" },
        { "99999y", "99999y: before 1970" },
        { "1000000h", "1000000h: before 1970" },
        { "99999999999999999999d", "99999999999999999999d: before 1970" },
        { "1969-12-31", "1969-12-31: before 1970" },
        { "2026-00-01", "2026-00-01: there is no such day" },
        { "2026-13-01", "2026-13-01: there is no such day" },
        { "2026-04-00", "2026-04-00: there is no such day" },
        { "2026-04-31", "2026-04-31: there is no such day" },
        { "2026-02-29", "2026-02-29: there is no such day" },
        { "2100-02-29", "2100-02-29: there is no such day" },
        { "2026-03-29T24:00Z",
          "2026-03-29T24:00Z: there is no such time of day" },
        { "2026-03-29T11:60Z",
          "2026-03-29T11:60Z: there is no such time of day" },
        { "2026-03-29T11:27:60Z",
          "2026-03-29T11:27:60Z: there is no such time of day" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = { "" };
        double got = -1;

        assert_int_equal(age_parse(cases[i].text, NOW_S, &got, &e), -EINVAL);
        assert_string_equal(e.text, cases[i].sentence);
        assert_true(got == -1); /* untouched */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_what_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
