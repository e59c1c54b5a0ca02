/* test_date - dates against known ones, and against the C library's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "src/date.h"
#include "tests/support/synth.h"

static const struct {
    const char *text;
    double unix_s;
} known[] = {
    { "1970-01-01T00:00:00.000000Z", 0 },
    { "1969-12-31T23:59:59.500000Z", -0.5 },
    { "2026-03-29T11:27:00.000000Z", 1774783620 },
    { "2026-03-29T11:27:00.250000Z", 1774783620.25 },
    { "2000-02-29T00:00:00.000000Z", 951782400 },
    { "1900-03-01T00:00:00.000000Z", -2203891200 },
    { "2038-01-19T03:14:08.000000Z", 2147483648 },
    { "2100-03-01T00:00:00.000000Z", 4107542400 },
    { "0001-01-01T00:00:00.000000Z", -62135596800 },
    { "9999-12-31T23:59:58.000000Z", 253402300798 },
};

static void test_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char text[40];
        double unix_s = NAN;

        date_format(text, sizeof text, known[i].unix_s);
        assert_string_equal(text, known[i].text);
        assert_true(date_parse(text, &unix_s));
        assert_true(unix_s == known[i].unix_s);
    }
}

/* Every day of the years 1 to 9999, and times that look random. */
static void test_against_libc(void **state)
{
    struct synth_random random = { 7 };

    (void)state;
    for (int64_t day = -719162; day < 2932896; day++) {
        const time_t at =
            (time_t)(day * 86400 +
                     (int64_t)(synth_random_u64(&random) % 86400));
        struct date d;
        struct tm want;
        double back = NAN;

        assert_non_null(gmtime_r(&at, &want));
        if (!date_from_unix(&d, (double)at))
            fail_msg("day %lld", (long long)day);
        if (d.year != want.tm_year + 1900 || d.month != want.tm_mon + 1 ||
            d.day != want.tm_mday || d.weekday != want.tm_wday ||
            d.hour != want.tm_hour || d.minute != want.tm_min ||
            d.second != want.tm_sec || d.microsecond != 0)
            fail_msg("day %lld", (long long)day);
        if (!date_to_unix(&d, &back) || back != (double)at)
            fail_msg("day %lld there and back", (long long)day);
    }
}

/* What was written reads as what was written. */
static void test_there_and_back(void **state)
{
    struct synth_random random = { 8 };

    (void)state;
    for (int i = 0; i < 100000; i++) {
        const double unix_s = synth_random_unit(&random) * 4e9;
        char text[40], again[40];
        double back = NAN;

        date_format(text, sizeof text, unix_s);
        assert_true(date_parse(text, &back));
        assert_true(fabs(back - unix_s) < 1e-6);
        date_format(again, sizeof again, back);
        assert_string_equal(text, again);
    }
}

static void test_rounds_into_the_next_second(void **state)
{
    char text[40];

    (void)state;
    date_format(text, sizeof text, nextafter(1774783620, 0));
    assert_string_equal(text, "2026-03-29T11:27:00.000000Z");
    date_format(text, sizeof text, 1735689599.9999998);
    assert_string_equal(text, "2025-01-01T00:00:00.000000Z");
}

static void test_no_such_time(void **state)
{
    static const double none[] = { NAN,   INFINITY,      -INFINITY,   DBL_MAX,
                                   1e300, -62135596801., 253402300800 };

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        char text[40] = "x";
        struct date d;

        assert_false(date_from_unix(&d, none[i]));
        date_format(text, sizeof text, none[i]);
        assert_string_equal(text, "");
    }
}

static void test_forms(void **state)
{
    static const struct {
        const char *text;
        double unix_s;
    } rows[] = {
        { "2026-03-29T11:27:00Z", 1774783620 },
        { "2026-03-29T11:27:00+00:00", 1774783620 },
        { "2026-03-29T11:27:00.5Z", 1774783620.5 },
        { "2026-03-29T11:27:00.5+00:00", 1774783620.5 },
        { "2026-03-29T11:27:00.25000000000000000000000000000001Z",
          1774783620.25 },
        { "2024-02-29T00:00:00Z", 1709164800 },
        { "2400-02-29T00:00:00Z", 13574563200 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double unix_s = NAN;

        if (!date_parse(rows[i].text, &unix_s) || unix_s != rows[i].unix_s)
            fail_msg("%s: %.17g", rows[i].text, unix_s);
    }
}

static void test_garbage(void **state)
{
    static const char *const texts[] = {
        "",
        "Z",
        "2026",
        "2026-03-29",
        "2026-03-29T11:27Z",
        "2026-03-29T11:27:00", /* whose time? */
        "2026-03-29T11:27:00+01:00",
        "2026-03-29T11:27:00-00:00",
        "2026-03-29T11:27:00.Z",
        "2026-03-29T11:27:00,5Z",
        "2026-03-29T11:27:00Z ",
        " 2026-03-29T11:27:00Z",
        "2026-03-29 11:27:00Z",
        "2026-3-29T11:27:00Z",
        "2026-03-29T11:27:0-Z",
        "+026-03-29T11:27:00Z",
        "-026-03-29T11:27:00Z",
        "12026-03-29T11:27:00Z",
        "0000-03-29T11:27:00Z",
        "2026-00-29T11:27:00Z",
        "2026-13-29T11:27:00Z",
        "2026-03-00T11:27:00Z",
        "2026-03-32T11:27:00Z",
        "2026-04-31T11:27:00Z",
        "2026-02-29T11:27:00Z", /* no leap year */
        "2100-02-29T11:27:00Z",
        "2026-03-29T24:00:00Z",
        "2026-03-29T11:60:00Z",
        "2026-03-29T11:27:60Z",
        "2026-03-29T11:27:00\xef\xbc\x9a",
        "nan",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        double unix_s = 77;

        if (date_parse(texts[i], &unix_s) || unix_s != 77)
            fail_msg("\"%s\" is taken for a date", texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_against_libc),
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_rounds_into_the_next_second),
        cmocka_unit_test(test_no_such_time),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_garbage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
