/* test_sound_tag - auxi byte by byte, comments of ours and of others.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "src/sound_tag.h"
#include "tests/support/synth.h"

static const struct sound_tag tag = {
    .rate_hz = 2048000,
    .centre_hz = 433920000,
    .start_unix_s = 1774783620.25,
    .stop_unix_s = 1774783622,
    .scale = 0.5,
};
static const struct sound_tag nothing = { NAN, NAN, NAN, NAN, NAN };

static void test_auxi(void **state)
{
    /* 2026-03-29, a Sunday, 11:27:00.250 and 11:27:02 */
    static const unsigned char want[] = {
        0xea, 0x07, 3,    0,    0,    0, 29,   0,    11,   0,    27, 0,  0,
        0,    250,  0,    0xea, 0x07, 3, 0,    0,    0,    29,   0,  11, 0,
        27,   0,    2,    0,    0,    0, 0x00, 0x18, 0xdd, 0x19, /* 433920000 */
        0x00, 0x40, 0x1f, 0x00,                                  /* 2048000 */
        0,    0,    0,    0,                                     /* IF */
        0x00, 0x40, 0x1f, 0x00,                                  /* bandwidth */
        0,    0,    0,    0,                                     /* IQ offset */
    };
    unsigned char auxi[SOUND_AUXI_BYTES];
    struct sound_tag back = nothing;

    (void)state;
    memset(auxi, 0xaa, sizeof auxi);
    sound_tag_to_auxi(&tag, auxi);
    assert_memory_equal(auxi, want, sizeof want);
    for (size_t i = sizeof want; i < sizeof auxi; i++)
        assert_int_equal(auxi[i], 0);
    sound_tag_from_auxi(&back, auxi);
    assert_true(back.centre_hz == 433920000);
    assert_true(back.start_unix_s == 1774783620.25);
    sound_tag_to_auxi(&nothing, auxi);
    for (size_t i = 0; i < sizeof auxi; i++)
        assert_int_equal(auxi[i], 0);
    sound_tag_from_auxi(&back, auxi);
    assert_true(isnan(back.centre_hz) && isnan(back.start_unix_s));
}

static void test_auxi_rounds(void **state)
{
    unsigned char auxi[SOUND_AUXI_BYTES];
    struct sound_tag t = tag, back;

    (void)state;
    t.centre_hz = 433920000.6;
    t.start_unix_s = 1774783619.9996; /* the next second's first */
    sound_tag_to_auxi(&t, auxi);
    sound_tag_from_auxi(&back, auxi);
    assert_true(back.centre_hz == 433920001);
    assert_true(back.start_unix_s == 1774783620);
    t.centre_hz = 5.8e9; /* no room */
    sound_tag_to_auxi(&t, auxi);
    sound_tag_from_auxi(&back, auxi);
    assert_true(isnan(back.centre_hz));
}

/* Each word of a time at its bounds; the rest is always good. */
static void test_no_system_time(void **state)
{
    static const struct {
        size_t word;
        unsigned value;
    } rows[] = {
        { 0, 0 },  { 0, 10000 }, { 1, 0 },     { 1, 13 },
        { 3, 0 },  { 3, 32 },    { 4, 24 },    { 5, 60 },
        { 6, 60 }, { 7, 1000 },  { 7, 65535 },
    };
    unsigned char good[SOUND_AUXI_BYTES];

    (void)state;
    sound_tag_to_auxi(&tag, good);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char auxi[SOUND_AUXI_BYTES];
        struct sound_tag t;

        memcpy(auxi, good, sizeof auxi);
        auxi[2 * rows[i].word] = (unsigned char)rows[i].value;
        auxi[2 * rows[i].word + 1] = (unsigned char)(rows[i].value >> 8);
        sound_tag_from_auxi(&t, auxi);
        assert_true(isnan(t.start_unix_s));
        assert_true(t.centre_hz == 433920000); /* which stays good */
    }
}

static void test_xml(void **state)
{
    static const char *const starts[] = { "<?xml", "\xef\xbb\xbf<", "\xff\xfe<",
                                          "\xfe\xff" };
    unsigned char auxi[SOUND_AUXI_BYTES];
    struct sound_tag t = tag;

    (void)state;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        sound_tag_to_auxi(&tag, auxi);
        memcpy(auxi, starts[i], strlen(starts[i]));
        sound_tag_from_auxi(&t, auxi);
        assert_true(isnan(t.start_unix_s) && isnan(t.centre_hz));
    }
    for (int year = 2026; year < 2300; year++) {
        t = tag;
        t.start_unix_s += (year - 2026) * 365.2425 * 86400;
        sound_tag_to_auxi(&t, auxi);
        sound_tag_from_auxi(&t, auxi);
        assert_true(t.centre_hz == 433920000 && isfinite(t.start_unix_s));
    }
}

static void test_comment(void **state)
{
    char text[SOUND_COMMENT_MAX];
    struct sound_tag t = tag, back = nothing;

    (void)state;
    sound_tag_to_comment(&tag, text);
    assert_string_equal(text, "fobscope rate=2048000 centre=433920000 "
                              "start=2026-03-29T11:27:00.250000Z scale=0.5");
    assert_true(sound_tag_from_comment(&back, text));
    assert_true(back.rate_hz == tag.rate_hz && back.scale == tag.scale);
    assert_true(back.centre_hz == tag.centre_hz);
    assert_true(back.start_unix_s == tag.start_unix_s);
    t.centre_hz = t.start_unix_s = NAN;
    t.rate_hz = 250000.4;
    t.scale = 0x1p-17;
    sound_tag_to_comment(&t, text);
    assert_string_equal(text, "fobscope rate=250000.4 scale=7.629394531e-06");
    assert_true(sound_tag_from_comment(&back, text));
    assert_true(back.rate_hz == 250000.4 && isnan(back.centre_hz));
    assert_true(isnan(back.start_unix_s));
    /* a key of the future */
    assert_true(sound_tag_from_comment(&back, "fobscope x=y  rate=1e3 "));
    assert_true(back.rate_hz == 1000 && back.scale == 1);
}

static void test_hostile_comments(void **state)
{
    static const char *const texts[] = {
        "",
        "fobscope",
        "fobscope ",
        "fobscope  ",
        "fobscope rate",
        "fobscope rate=",
        "fobscope =1",
        "fobscope centre=1",
        "Fobscope rate=1",
        "a fobscope rate=1",
        "fobscope rate=nan",
        "fobscope rate=inf",
        "fobscope rate=1e999",
        "fobscope rate=-1",
        "fobscope rate=+1",
        "fobscope rate=0x10",
        "fobscope rate=1\t2",
        "fobscope rate=1\n",
        "fobscope rate=1,5",
        "fobscope rate=1e",
        "fobscope rate=1..2",
        "fobscope rate==1",
        "fobscope rate=1 centre=%s%s%n",
        "fobscope rate=1 centre=",
        "fobscope rate=1 start=now",
        "fobscope rate=1 start=2026-02-29T00:00:00Z",
        "fobscope rate=1 scale=one",
        "fobscope rate=1 x",
        "fobscope rate=\xff\xfe",
    };
    char text[SOUND_COMMENT_MAX + 100];
    struct sound_tag t = { .rate_hz = 77 };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (sound_tag_from_comment(&t, texts[i]) || t.rate_hz != 77)
            fail_msg("\"%s\" is taken for ours", texts[i]);
    memset(text, ' ', sizeof text);
    memcpy(text, "fobscope rate=1", 15);
    text[sizeof text - 1] = '\0';
    assert_false(sound_tag_from_comment(&t, text));
    text[SOUND_COMMENT_MAX - 1] = '\0'; /* the longest that is read */
    assert_true(sound_tag_from_comment(&t, text));
}

/* Bytes at random behind the mark: sanitizers look on. */
static void test_noise_comments(void **state)
{
    static const char letters[] = "fobscope rate=cntrs.0123456789eTZ:-+ ";
    struct synth_random random = { 5 };

    (void)state;
    for (int i = 0; i < 200000; i++) {
        char text[64] = "fobscope rate=1 ";
        struct sound_tag t;
        const size_t n = synth_random_u64(&random) % 47;

        for (size_t k = 0; k < n; k++)
            text[16 + k] =
                letters[synth_random_u64(&random) % (sizeof letters - 1)];
        if (sound_tag_from_comment(&t, text))
            assert_true(isfinite(t.rate_hz) && isfinite(t.scale));
    }
}

static void test_flac_rate(void **state)
{
    static const struct {
        double rate_hz;
        int header;
    } rows[] = {
        { 0.2, 1 },         { 20e3, 20000 },
        { 65535, 65535 },   { 65535.4, 65535 },
        { 65535.5, 65540 }, { 65536, 65540 },
        { 250e3, 250000 },  { 250001, 250000 },
        { 250005, 250010 }, { 655350, 655350 },
        { 655354, 655350 }, { 655355, 655 },
        { 2048e3, 2048 },   { 2.4e6, 2400 },
        { 61.44e6, 61440 }, { INFINITY, 1000000000 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(sound_tag_flac_rate(rows[i].rate_hz), rows[i].header);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_auxi),
        cmocka_unit_test(test_auxi_rounds),
        cmocka_unit_test(test_no_system_time),
        cmocka_unit_test(test_xml),
        cmocka_unit_test(test_comment),
        cmocka_unit_test(test_hostile_comments),
        cmocka_unit_test(test_noise_comments),
        cmocka_unit_test(test_flac_rate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
