/* test_sticker - what an owner may type, and what is no code.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/sticker.h"
#include "tests/support/synth.h"

static void codes(void **state)
{
    static const struct {
        const char *text, *tidy;
        struct sticker_code a, b;
    } rows[] = {
        /* as published: DOMAIN.md 3.1 */
        { "3FAC55", "3FAC55", { 0x3fac55, 24 }, { 0, 0 } },
        { "3D760BA", "3D760BA", { 0x3d760ba, 28 }, { 0xd760ba, 24 } },
        { "N3D7643", "N3D7643", { 0x3d7643, 24 }, { 0, 0 } },
        /* and as people type them */
        { "3fac55", "3FAC55", { 0x3fac55, 24 }, { 0, 0 } },
        { " 3f ac\t55  ", "3FAC55", { 0x3fac55, 24 }, { 0, 0 } },
        { "n3d7643", "N3D7643", { 0x3d7643, 24 }, { 0, 0 } },
        { "z 000000", "Z000000", { 0, 24 }, { 0, 0 } },
        { "N3D760BA", "N3D760BA", { 0x3d760ba, 28 }, { 0xd760ba, 24 } },
        { "A3FAC55", "A3FAC55", { 0xa3fac55, 28 }, { 0x3fac55, 24 } },
        { "A3D760BA", "A3D760BA", { 0x3d760ba, 28 }, { 0xd760ba, 24 } },
        { "FFFFFF", "FFFFFF", { 0xffffff, 24 }, { 0, 0 } },
        { "FFFFFFF", "FFFFFFF", { 0xfffffff, 28 }, { 0xffffff, 24 } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sticker s;
        struct err e;

        if (sticker_parse(&s, rows[i].text, &e))
            fail_msg("%s: %s", rows[i].text, e.text);
        assert_string_equal(s.text, rows[i].tidy);
        assert_int_equal(s.check, STICKER_CHECK_NONE);
        assert_int_equal(s.n_codes, rows[i].b.bits ? 2 : 1);
        assert_int_equal(s.code[0].value, rows[i].a.value);
        assert_int_equal(s.code[0].bits, rows[i].a.bits);
        assert_int_equal(s.code[1].value, rows[i].b.value);
        assert_int_equal(s.code[1].bits, rows[i].b.bits);
    }
}

/* The three published lines, of which two print another check character; and
 * lines whose sum was taken by hand. */
static void labels(void **state)
{
    static const struct {
        const char *text;
        uint32_t code;
        enum sticker_check check;
    } rows[] = {
        { "FFFFFFFF40E4D1R", 0xbf1b2e, STICKER_CHECK_RIGHT },
        { "FFFFFFFF40E4D1S", 0xbf1b2e, STICKER_CHECK_WRONG },
        { "N27FAC727FAC6FFT", 0x27fac7, STICKER_CHECK_RIGHT },
        { "N27FAC727FAC6FF+", 0x27fac7, STICKER_CHECK_WRONG },
        { "FFFFFFFFD80538S", 0x27fac7, STICKER_CHECK_RIGHT },
        { "FFFFFFFFD80538M", 0x27fac7, STICKER_CHECK_WRONG },
        { "ffff ffff 40e4d1 r", 0xbf1b2e, STICKER_CHECK_RIGHT },
        { "n 27fac7 27fac6 ff t", 0x27fac7, STICKER_CHECK_RIGHT },
        /* 23 + 0 + 90 + 30 = 143 = 3 * 43 + 14: E; one less wraps */
        { "N000000FFFFFFFFE", 0x000000, STICKER_CHECK_RIGHT },
        /* 8 * 15 + 0 = 120 = 2 * 43 + 34: Y */
        { "FFFFFFFF000000Y", 0xffffff, STICKER_CHECK_RIGHT },
        /* 120 + 8 = 128 = 2 * 43 + 42: % */
        { "FFFFFFFF000008%", 0xfffff7, STICKER_CHECK_RIGHT },
        /* 120 + 4 = 124 = 2 * 43 + 38: a space, which nobody sees */
        { "FFFFFFFF000004 ", 0xfffffb, STICKER_CHECK_RIGHT },
        { "FFFFFFFF0000040", 0xfffffb, STICKER_CHECK_WRONG },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sticker s;
        struct err e;

        if (sticker_parse(&s, rows[i].text, &e))
            fail_msg("%s: %s", rows[i].text, e.text);
        if (s.check != rows[i].check)
            fail_msg("%s: check %d", rows[i].text, (int)s.check);
        assert_int_equal(s.n_codes, 1);
        assert_int_equal(s.code[0].value, rows[i].code);
        assert_int_equal(s.code[0].bits, 24);
    }
}

static void no_codes(void **state)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        { "", "nothing: expected" },
        { "  ", "nothing: expected" },
        { "3FAC5", "3FAC5: expected the 6 or 7 hex" },
        { "N3FAC5", "expected the 6 or 7 hex" },
        { "3FAC5G", "expected the 6 or 7 hex" },
        { "NN3FAC55", "expected the 6 or 7 hex" },
        { "13D760BA", "expected the 6 or 7 hex" },
        { "N13D760BA", "expected the 6 or 7 hex" },
        { "0x3FAC55", "expected the 6 or 7 hex" },
        { "3FAC55N", "expected the 6 or 7 hex" },
        { "3FAC-55", "expected the 6 or 7 hex" },
        { "3FAC55\n", "expected the 6 or 7 hex" },
        { "3FAC55 18/06/07", "expected the 6 or 7 hex" },
        { "\xc3\x89"
          "3FAC55",
          "\xc3\x89"
          "3FAC55: expected the 6 or 7 hex" },
        { "\x1b[31m3FAC55", "?[31m3FAC55: expected" },
        { "FFFFFFF40E4D1R", "expected the 6 or 7 hex" },
        { "N27FAC727FAC6FET", "expected the 6 or 7 hex" },
        { "FFFFFFFF40E4D1", "ends in a check character" },
        { "N27FAC727FAC6FF", "ends in a check character" },
        { "FFFFFFFF40E4D1RR", "one check character" },
        { "FFFFFFFF40E4D1!", "one check character" },
        { "FFFFFFFF40E4D1\xc3", "one check character" },
        { "N27FAC727FAC5FFT", "first six less one" },
        { "N27FAC728FAC6FFT", "first six less one" },
        { "FFFFFFFF40E4D1RN27FAC727FAC6FFT", "one check character" },
        { "FFFFFFFF40E4D1R N27FAC727FAC6FFT 1",
          "FFFFFFFF40E4D1R N27FAC727FAC6FFT 1: expected" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sticker s, was;
        struct err e = { "" };

        memset(&s, 0x5a, sizeof s);
        memcpy(&was, &s, sizeof s);
        if (sticker_parse(&s, rows[i].text, &e) != -EINVAL)
            fail_msg("\"%s\" is taken for a code", rows[i].text);
        if (!strstr(e.text, rows[i].says))
            fail_msg("\"%s\" says: %s", rows[i].text, e.text);
        assert_memory_equal(&s, &was, sizeof s);
        assert_int_equal(sticker_parse(&s, rows[i].text, NULL), -EINVAL);
    }
}

/* The sentence is whole, however much was typed. */
static void long_texts(void **state)
{
    static const size_t lengths[] = { 31, 32, 33, 1000, 100000 };

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char *text = calloc(lengths[i] + 1, 1);
        struct sticker s;
        struct err e;

        assert_non_null(text);
        memset(text, 'F', lengths[i]);
        assert_int_equal(sticker_parse(&s, text, &e), -EINVAL);
        assert_non_null(strstr(e.text, "check character"));
        memset(text, ' ', lengths[i]);
        memcpy(text + lengths[i] - 6, "3fac55", 6);
        assert_int_equal(sticker_parse(&s, text, &e), 0);
        assert_int_equal(s.code[0].value, 0x3fac55);
        free(text);
    }
}

/* Whatever is typed: a sticker that is whole, or a sentence. Most of the texts
 * are near to good ones. */
static void random_texts(void **state)
{
    static const char *const seeds[] = { "3FAC55", "3D760BA", "N3D7643",
                                         "FFFFFFFF40E4D1R",
                                         "N27FAC727FAC6FFT" };
    struct synth_random random = { 11 };
    const long n = 1000000;
    long good = 0;

    (void)state;
    for (long i = 0; i < n; i++) {
        char *text = calloc(48, 1); /* for the sanitizer to guard */
        struct sticker s = { .n_codes = 99 };
        struct err e = { "" };
        const size_t room = synth_random_u64(&random) % 47;

        assert_non_null(text);
        if (i % 4)
            snprintf(text, 48, "%s", seeds[synth_random_u64(&random) % 5]);
        for (size_t k = 0; k < (i % 4 ? room % 3 : room); k++)
            text[i % 4 ? synth_random_u64(&random) % 47 : k] =
                (char)(synth_random_u64(&random) >> 56);
        if (sticker_parse(&s, text, &e)) {
            assert_int_equal(s.n_codes, 99);
            assert_non_null(strstr(e.text, "expected"));
        } else {
            good++;
            assert_true(s.n_codes >= 1 && s.n_codes <= STICKER_CODES_MAX);
            for (size_t k = 0; k < s.n_codes; k++) {
                assert_true(s.code[k].bits == 24 || s.code[k].bits == 28);
                assert_int_equal(s.code[k].value >> s.code[k].bits, 0);
            }
            assert_in_range(strlen(s.text), 6, 16);
        }
        free(text);
    }
    assert_true(good > n / 4);
}

static void names(void **state)
{
    char text[80], cut[8];

    (void)state;
    for (int i = 0; i < STICKER_VIEWS; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(sticker_view_name((enum sticker_view)i),
                                    sticker_view_name((enum sticker_view)k));
    sticker_transform_name(STICKER_PLAIN, text, sizeof text);
    assert_string_equal(text, "plain");
    sticker_transform_name(STICKER_BYTES_REVERSED, text, sizeof text);
    assert_string_equal(text, "bytes reversed");
    sticker_transform_name(STICKER_INVERTED | STICKER_BITS_REVERSED, text,
                           sizeof text);
    assert_string_equal(text, "inverted, bits reversed");
    sticker_transform_name(STICKER_TRANSFORMS - 1, text, sizeof text);
    assert_string_equal(text,
                        "minus one, inverted, bits reversed, bytes reversed");
    sticker_transform_name(STICKER_TRANSFORMS - 1, cut, sizeof cut);
    assert_string_equal(cut, "minus o");
    sticker_transform_name(STICKER_TRANSFORMS - 1, cut, 1);
    assert_string_equal(cut, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes),        cmocka_unit_test(labels),
        cmocka_unit_test(no_codes),     cmocka_unit_test(long_texts),
        cmocka_unit_test(random_texts), cmocka_unit_test(names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
