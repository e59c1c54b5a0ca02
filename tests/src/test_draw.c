/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/draw.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "tests/src/opened.h"

static struct draw *create(enum draw_kind kind, unsigned w, unsigned h)
{
    struct draw *d = NULL;
    struct err e = { "" };

    if (draw_create(&d, kind, w, h, &e) < 0)
        fail_msg("%s", e.text);
    return d;
}

struct bytes {
    uint8_t *at;
    size_t n;
};

static struct bytes finish(struct draw *d)
{
    struct bytes b = { NULL, 0 };
    struct err e = { "" };
    void *at = NULL;

    if (draw_finish(d, &at, &b.n, &e) < 0)
        fail_msg("%s", e.text);
    b.at = at;
    draw_destroy(d);
    return b;
}

static void assert_same(struct bytes a, struct bytes b, bool is_same)
{
    assert_int_equal(a.n == b.n && memcmp(a.at, b.at, a.n) == 0, is_same);
    free(a.at);
    free(b.at);
}

/* One of each. */
static void everything(struct draw *d)
{
    const double x[] = { 10, 20, NAN, 40, 50 }, y[] = { 5, 9, 7, INFINITY, 8 };
    uint8_t shades[] = { 0, 100, 254, 255 };

    draw_fill(d, (struct box){ 1, 2, 30, 20 }, DRAW_A);
    for (int i = 0; i < HATCHES; i++)
        draw_hatch(d, (struct box){ 10 * i, 30, 9, 12 }, (enum draw_hatch)i,
                   DRAW_BLACK);
    draw_frame(d, (struct box){ 5, 5, 50, 40 },
               (struct draw_pen){ DRAW_B, 2, true });
    draw_line(d, 0, 0, 60, 60, (struct draw_pen){ DRAW_MARK, 1, false });
    draw_polyline(d, x, y, 5, (struct draw_pen){ DRAW_A, 1, false });
    draw_dot(d, 30, 30, 4, DRAW_B);
    draw_image(d, (struct box){ 70, 10, 20, 20 }, shades, 2, 2);
    draw_text(d, 20, 60, "level [dBFS]",
              (struct draw_style){ 12, ALIGN_CENTRE, DRAW_BLACK, true, true });
}

static void test_sizes(void **state)
{
    static const unsigned bad[][2] = {
        { 0, 100 },           { 100, 0 },    { DRAW_SIDE_MIN - 1, 100 },
        { 100, 4294967295u }, { 4097, 100 }, { 2147483648u, 2147483648u },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct draw *d = NULL;
        struct err e = { "" };

        assert_int_equal(draw_create(&d, i % 2 ? DRAW_SVG : DRAW_PNG, bad[i][0],
                                     bad[i][1], &e),
                         -EINVAL);
        assert_null(d);
        assert_non_null(strstr(e.text, "either side is 16 to 4096"));
    }
    draw_destroy(NULL);
}

static uint32_t big_endian(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

/* A PNG of that size, without a chunk that holds words or a date. */
static void test_png(void **state)
{
    static const char *const allowed[] = { "IHDR", "bKGD", "IDAT", "IEND" };
    struct draw *d = create(DRAW_PNG, 123, 77);
    struct bytes b;
    char last[5] = "";

    (void)state;
    everything(d);
    b = finish(d);
    assert_memory_equal(b.at, "\x89PNG\r\n\x1a\n", 8);
    assert_int_equal(big_endian(b.at + 16), 123);
    assert_int_equal(big_endian(b.at + 20), 77);
    for (size_t at = 8; at < b.n;) {
        const uint32_t n = big_endian(b.at + at);
        bool is_allowed = false;

        assert_true(n <= b.n - at - 12);
        memcpy(last, b.at + at + 4, 4);
        for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
            is_allowed |= strcmp(last, allowed[i]) == 0;
        if (!is_allowed)
            fail_msg("a chunk %s", last);
        at += 12 + n;
    }
    assert_string_equal(last, "IEND");
    free(b.at);
}

static void test_svg(void **state)
{
    struct draw *d = create(DRAW_SVG, 100, 80);
    struct bytes b;
    char *text;

    (void)state;
    everything(d);
    b = finish(d);
    text = calloc(b.n + 1, 1);
    assert_non_null(text);
    memcpy(text, b.at, b.n);
    assert_int_equal(strlen(text), b.n);
    assert_non_null(strstr(text, "<svg"));
    assert_non_null(strstr(text, "width=\"100px\""));
    assert_non_null(strstr(text, "viewBox=\"0 0 100 80\""));
    assert_non_null(strstr(text, "</svg>"));
    assert_null(strstr(text, "<metadata"));
    free(text);
    free(b.at);
}

/* The same calls, the same bytes; what was drawn before in this process changes
 * nothing of a PNG. */
static void test_stable(void **state)
{
    struct draw *a = create(DRAW_PNG, 100, 80), *b;

    (void)state;
    everything(a);
    b = create(DRAW_PNG, 100, 80);
    everything(b);
    assert_same(finish(a), finish(b), true);
    a = create(DRAW_PNG, 100, 80);
    b = create(DRAW_PNG, 100, 80);
    everything(a);
    everything(b);
    draw_dot(b, 50, 50, 3, DRAW_MARK);
    assert_same(finish(a), finish(b), false);
}

/* Words from outside: cairo would draw nothing more after what is no UTF-8. */
static void test_hostile_words(void **state)
{
    static const char *const words[] = { "\xff\xfe", "\xc3", "a\x01\x1b[31m",
                                         "\xed\xa0\x80", "" };
    const struct draw_style s = { .size = 12, .ink = DRAW_BLACK };
    char many[2000];

    (void)state;
    memset(many, 'x', sizeof many);
    many[sizeof many - 1] = '\0';
    for (size_t i = 0; i < 6; i++) {
        const char *text = i < 5 ? words[i] : many;
        struct draw *a = create(DRAW_PNG, 100, 80);
        struct draw *b = create(DRAW_PNG, 100, 80);

        draw_text(a, 5, 20, text, s);
        draw_text(b, 5, 20, text, s);
        draw_text(b, 5, 60, "seen", s);
        assert_true(draw_text_width(b, text, s) >= 0);
        assert_same(finish(a), finish(b), false);
    }
}

static void test_scale(void **state)
{
    const struct draw_style s = { .size = 12, .ink = DRAW_BLACK };
    struct draw *d = create(DRAW_PNG, 600, 300);
    double wide;

    (void)state;
    wide = draw_text_width(d, "level", s);
    assert_true(wide > 20 && wide < 60);
    assert_true(draw_box(d).w == 600 && draw_box(d).h == 300);
    draw_scale(d, 0.5);
    assert_true(draw_box(d).w == 1200 && draw_box(d).h == 600);
    assert_true(fabs(draw_text_width(d, "level", s) - wide) < 0.1);
    draw_destroy(d);
}

/* Where it is, and that no other is touched. */
static void test_save(void **state)
{
    struct draw *d = create(DRAW_PNG, 20, 20);
    struct err e = { "" };
    struct stat st;

    (void)state;
    assert_int_equal(draw_save(d, "a.png", &e), 0);
    draw_destroy(d);
    assert_int_equal(stat("a.png", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    d = create(DRAW_PNG, 20, 20);
    assert_int_equal(draw_save(d, "a.png", &e), -EEXIST);
    draw_destroy(d);
    d = create(DRAW_SVG, 20, 20);
    assert_int_equal(draw_save(d, "none/a.svg", &e), -ENOENT);
    assert_non_null(strstr(e.text, "none/a.svg"));
    draw_destroy(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_png),
        cmocka_unit_test(test_svg),
        cmocka_unit_test(test_stable),
        cmocka_unit_test(test_hostile_words),
        cmocka_unit_test(test_scale),
        cmocka_unit_test_setup_teardown(test_save, enter, leave),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
