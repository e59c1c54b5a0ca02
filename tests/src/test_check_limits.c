/* test_check_limits - limits from a good fob's document, and boards held to them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/check_limits.h"
#include "tests/src/opened.h"
#include "tests/src/sat.h"

#define PRESS(is, hz, db, te)                                                  \
    "{\"is_fob\":" is ",\"carrier_hz\":" hz ",\"level_dbfs\":" db              \
    ",\"te_us\":" te "}"
#define DOCUMENT(members, presses)                                             \
    "{\"schema\":\"fobscope.check/1\"" members ",\"presses\":[" presses "]}"

static const char good[] = DOCUMENT(
    "",
    PRESS("true", "433900000", "-20", "400") "," PRESS(
        "true", "433910000", "-22",
        "402") "," PRESS("true", "433980000", "-30",
                         "404") "," PRESS("false", "315000000", "0",
                                          "100") "," PRESS("true", "433905000",
                                                           "-21", "null"));

static int read_text(struct check_limits *l, const char *text, struct err *e)
{
    put_text("l.json", text);
    return check_limits_read(l, "l.json", e);
}

static void near(double x, double want)
{
    if (!(fabs(x - want) <= 1e-9 * fabs(want)))
        fail_msg("%.12g, not %.12g", x, want);
}

static void medians_of_the_fobs_presses(void **state)
{
    struct check_limits l;
    struct err e = { "" };

    (void)state;
    assert_int_equal(read_text(&l, good, &e), 0);
    near(l.carrier_hz, 433907500);
    near(l.level_dbfs, -21.5);
    near(l.te_us, 402);
    near(l.off_hz, 75e3);
    near(l.weaker_db, 6);
    near(l.te_share, 0.1);
}

static void limits_of_its_own(void **state)
{
    struct check_limits l;
    struct err e = { "" };

    (void)state;
    assert_int_equal(read_text(&l,
                               DOCUMENT(",\"carrier_khz\":20,\"level_db\":-3,"
                                        "\"te_percent\":2.5",
                                        PRESS("true", "315e6", "null", "null")),
                               &e),
                     0);
    near(l.carrier_hz, 315e6);
    assert_true(isnan(l.level_dbfs) && isnan(l.te_us));
    near(l.off_hz, 20e3);
    near(l.weaker_db, 3); /* -3 dB is how people say it */
    near(l.te_share, 0.025);
}

static void hold(const struct check_limits *l, double hz, double dbfs,
                 double te_us, const char *why)
{
    const struct check_measures m = { hz, dbfs, te_us, 1 };
    char text[128];

    assert_true(check_limits_hold(l, &m, text, sizeof text) ==
                (why[0] == '\0'));
    assert_string_equal(text, why);
}

static void boards(void **state)
{
    const struct check_limits l = { 433.9e6, -20, 400, 75e3, 6, 0.1 };
    const struct check_limits blind = { 433.9e6, NAN, NAN, 75e3, 6, 0.1 };

    (void)state;
    hold(&l, 433.9e6, -20, 400, "");
    hold(&l, 433.974e6, -25.9, 439, "");
    hold(&l, 433.826e6, -10, 361, ""); /* stronger is no fault */
    hold(&l, 433.976e6, -20, 400, "carrier +76 kHz");
    hold(&l, 433.8e6, -20, 400, "carrier -100 kHz");
    hold(&l, 433.9e6, -26.5, 400, "level -6.5 dB");
    hold(&l, 433.9e6, -20, 450, "TE +12 %");
    hold(&l, 434.4e6, -40, 300, "carrier +500 kHz, level -20.0 dB, TE -25 %");
    hold(&l, 433.9e6, NAN, NAN, "no level, no TE"); /* is not within */
    hold(&blind, 433.9e6, -90, 100, "");
}

/* All fits in the room there is. */
static void little_room(void **state)
{
    const struct check_limits l = { 433.9e6, -20, 400, 75e3, 6, 0.1 };
    const struct check_measures m = { 315e6, -90, 100, 1 };

    (void)state;
    for (size_t n = 1; n <= 64; n++) {
        char *text = malloc(n); /* of this size, for the sanitizer */
        assert_non_null(text);
        assert_true(check_limits_hold(&l, &m, text, n) == (n == 1));
        assert_true(strlen(text) < n);
        free(text);
    }
}

static void measures_of_a_sitting(void **state)
{
    struct check_measures m;
    struct sat a = sat_file(433.92e6, 60);
    struct sat_fob fob = sat_fob(&protocol_hcs200);

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        fob.carrier_hz = 433.9e6 + 1e3 * i;
        fob.level_dbfs = -20 - (double)i;
        fob.te_us = 400 + i;
        sat_send(a.s, &fob, 1 + 5 * i, 1);
    }
    sat_end(&a);
    check_measure(&m, a.s);
    assert_int_equal(m.presses, 3);
    near(m.carrier_hz, 433.901e6);
    assert_true(fabs(m.level_dbfs + 21) < 1e-6);
    near(m.te_us, 401);

    a = sat_file(433.92e6, 60);
    sat_end(&a);
    check_measure(&m, a.s);
    assert_int_equal(m.presses, 0);
    assert_true(isnan(m.carrier_hz) && isnan(m.level_dbfs) && isnan(m.te_us));
}

static void hostile_documents(void **state)
{
    static const char *const documents[] = {
        "",
        "{",
        "[]",
        "null",
        "{}",
        "{\"schema\":\"fobscope.check/2\",\"presses\":[]}",
        "{\"schema\":3,\"presses\":[]}",
        "{\"schema\":\"fobscope.check/1\"}",
        "{\"schema\":\"fobscope.check/1\",\"presses\":{}}",
        "{\"schema\":\"fobscope.check/1\",\"presses\":\"many\"}",
        DOCUMENT("", ""),
        DOCUMENT("", "1,null,[],\"a\""),
        DOCUMENT("", PRESS("false", "433e6", "-20", "400")),
        DOCUMENT("", PRESS("1", "433e6", "-20", "400")),
        DOCUMENT("", PRESS("true", "\"433e6\"", "-20", "400")),
        DOCUMENT("", PRESS("true", "null", "-20", "400")),
        DOCUMENT("", PRESS("true", "1e999", "-20", "400")),
        DOCUMENT(",\"carrier_khz\":0", PRESS("true", "4e8", "-20", "400")),
        DOCUMENT(",\"carrier_khz\":-5", PRESS("true", "4e8", "-20", "400")),
        DOCUMENT(",\"te_percent\":0", PRESS("true", "4e8", "-20", "400")),
        DOCUMENT(",\"level_db\":0", PRESS("true", "4e8", "-20", "400")),
    };

    (void)state;
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct check_limits l;
        struct err e = { "" };

        if (read_text(&l, documents[i], &e) != -EINVAL)
            fail_msg("taken: %s", documents[i]);
        assert_non_null(strstr(e.text, "l.json"));
        assert_null(strchr(e.text, '\n'));
    }
}

static void no_file(void **state)
{
    struct check_limits l;
    struct err e = { "" };

    (void)state;
    assert_int_equal(check_limits_read(&l, "none.json", &e), -ENOENT);
    assert_non_null(strstr(e.text, "none.json"));
    assert_true(check_limits_read(&l, ".", &e) < 0);
}

/* More than a sitting has. */
static void many_presses(void **state)
{
    const size_t n = 5000, room = 128 * n;
    char *text = malloc(room);
    struct check_limits l;
    struct err e = { "" };
    size_t at;

    (void)state;
    assert_non_null(text);
    at = (size_t)snprintf(text, room,
                          "{\"schema\":\"fobscope.check/1\",\"presses\":[");
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, room - at, "%s%s", i > 0 ? "," : "",
                               PRESS("true", "433000000", "-20", "400"));
    snprintf(text + at, room - at, "]}");
    assert_int_equal(read_text(&l, text, &e), 0);
    near(l.carrier_hz, 433e6);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(medians_of_the_fobs_presses),
        TEST(limits_of_its_own),
        TEST(boards),
        TEST(little_room),
        TEST(measures_of_a_sitting),
        TEST(hostile_documents),
        TEST(no_file),
        TEST(many_presses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
