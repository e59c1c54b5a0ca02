/* test_sticker_search - a code that stands in the frames is found where it is,
 * however it is sent; and is not found where it is not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "src/sticker.h"
#include "tests/src/planted.h"
#include "tests/support/synth.h"

enum { PRESSES = 8, BITS = 96 };

static const enum line_kind kinds[] = {
    LINE_PWM, LINE_PPM, LINE_MANCHESTER, LINE_NRZ, LINE_DIFF_MANCHESTER,
    LINE_PIWM
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* Frames of a sitting, and the search in the first n of them. */
struct sat {
    struct frame frame[PRESSES];
    const struct frame *press[PRESSES];
    struct sticker sticker;
    struct sticker_result r;
};

static void search(struct sat *s, size_t n)
{
    memset(&s->r, 0x5a, sizeof s->r);
    sticker_search(&s->sticker, s->press, n, &s->r);
}

/* All bits are noise, but for the code at `at` in the view. */
static void plant(struct sat *s, struct synth_random *random,
                  enum line_kind kind, enum sticker_view view,
                  const char *image, size_t at)
{
    for (size_t i = 0; i < PRESSES; i++) {
        char seen[PLANTED_TEXT], bits[PLANTED_TEXT];

        planted_noise(random, seen, BITS);
        memcpy(seen + at, image, strlen(image));
        planted_bits(bits, view, seen, i % 2 ? '1' : '0');
        planted_frame(&s->frame[i], kind, bits);
        s->press[i] = &s->frame[i];
    }
}

/* In how many ways, places times transforms, the code is seen. */
static unsigned ways(struct sticker_code code, enum line_kind kind,
                     const char *bits)
{
    unsigned n = 0;

    for (int v = 0; v < STICKER_VIEWS; v++)
        for (unsigned t = 0; t < STICKER_TRANSFORMS; t++) {
            char seen[PLANTED_TEXT], image[33];

            if (code.bits == 28 && (t & STICKER_BYTES_REVERSED))
                continue;
            planted_view(seen, kind, (enum sticker_view)v, bits);
            planted_image(image, code, t);
            for (const char *c = seen; (c = strstr(c, image)) != NULL; c++)
                n++;
        }
    return n;
}

/* No two transforms make the same of it. */
static bool is_clear(struct sticker_code code)
{
    char image[STICKER_TRANSFORMS][33];

    for (unsigned t = 0; t < STICKER_TRANSFORMS; t++) {
        image[t][0] = '\0';
        if (code.bits == 28 && (t & STICKER_BYTES_REVERSED))
            continue;
        planted_image(image[t], code, t);
        for (unsigned i = 0; i < t; i++)
            if (!strcmp(image[i], image[t]))
                return false;
    }
    return true;
}

static struct sticker_code random_code(struct synth_random *random,
                                       unsigned bits)
{
    struct sticker_code code = { 0, bits };

    do
        code.value = (uint32_t)(synth_random_u64(random) >> (64 - bits));
    while (!is_clear(code));
    return code;
}

static void set_code(struct sat *s, struct sticker_code code)
{
    s->sticker = (struct sticker){ .n_codes = 1, .code = { code } };
}

static void assert_hit(const struct sat *s, unsigned presses,
                       enum sticker_view view, unsigned transform, size_t at)
{
    if (!s->r.is_hit || s->r.view != view || s->r.transform != transform ||
        s->r.at != at)
        fail_msg("hit %d, view %d, transform %u, at %zu; want %d, %u, %zu",
                 s->r.is_hit, (int)s->r.view, s->r.transform, s->r.at,
                 (int)view, transform, at);
    assert_int_equal(s->r.with_code, presses);
    assert_int_equal(s->r.code.value, s->sticker.code[0].value);
    assert_int_equal(s->r.code.bits, s->sticker.code[0].bits);
    assert_true(s->r.chance > 0 && s->r.chance < 1e-3);
}

static void assert_none(const struct sat *s, unsigned presses)
{
    assert_false(s->r.is_hit);
    assert_int_equal(s->r.presses, presses);
    assert_int_equal(s->r.with_code, 0);
}

/* Every kind, view of bits and transform; first, last and any place. */
static void every_way_in_bits(void **state)
{
    static const unsigned lengths[] = { 24, 28 };
    struct synth_random random = { 1 };
    struct sat s;

    (void)state;
    for (size_t k = 0; k < KINDS; k++)
        for (int v = 0; v < STICKER_CHIPS; v++)
            for (unsigned t = 0; t < STICKER_TRANSFORMS; t++)
                for (size_t i = 0; i < 6; i++) {
                    const enum sticker_view view = (enum sticker_view)v;
                    const unsigned bits = lengths[i % 2];
                    /* the first bit has no difference */
                    const size_t first = view == STICKER_DIFFERENTIAL;
                    const size_t at = i < 2   ? first
                                      : i < 4 ? BITS - bits
                                              : 7 + t;
                    char image[33];

                    if (bits == 28 && (t & STICKER_BYTES_REVERSED))
                        continue;
                    set_code(&s, random_code(&random, bits));
                    planted_image(image, s.sticker.code[0], t);
                    plant(&s, &random, kinds[k], view, image, at);
                    search(&s, PRESSES);
                    assert_hit(&s, PRESSES, view, t, at);
                    assert_int_equal(s.r.presses, PRESSES);
                    search(&s, 3);
                    assert_hit(&s, 3, view, t, at);
                    search(&s, 2);
                    assert_none(&s, 2);
                    assert_true(s.r.chance == 0);
                }
}

/* The chips of a line code cannot be any code: one is taken that they are. Even
 * and odd places, every transform. */
static void every_way_in_chips(void **state)
{
    struct synth_random random = { 2 };
    struct sat s;

    (void)state;
    for (size_t k = 0; k < KINDS; k++)
        for (unsigned t = 0; t < STICKER_TRANSFORMS; t++)
            for (unsigned i = 0; i < 4; i++) {
                const unsigned bits = i / 2 ? 28 : 24;
                const size_t at = 10 + t + i % 2;
                char head[PLANTED_TEXT], chips[PLANTED_TEXT];

                if (!planted_has_chips(kinds[k]) ||
                    (bits == 28 && (t & STICKER_BYTES_REVERSED)))
                    continue;
                /* the same up to the code's end, and then noise */
                do {
                    planted_noise(&random, head, 60);
                    planted_chips(chips, kinds[k], head);
                    set_code(&s, planted_code(chips + at, bits, t));
                } while (ways(s.sticker.code[0], kinds[k], head) != 1);
                plant(&s, &random, kinds[k], STICKER_AS_DECODED, head, 0);
                search(&s, PRESSES);
                assert_hit(&s, PRESSES, STICKER_CHIPS, t, at);
            }
}

/* PIWM sends a one in one chip and a zero in two: a press may end before the
 * place where the others have the code. */
static void fewer_chips(void **state)
{
    struct synth_random random = { 9 };
    char bits[PLANTED_TEXT], chips[PLANTED_TEXT];
    struct sat s;

    (void)state;
    planted_noise(&random, bits, BITS);
    planted_chips(chips, LINE_PIWM, bits);
    set_code(&s, planted_code(chips + strlen(chips) - 24, 24, STICKER_PLAIN));
    for (size_t i = 0; i < 4; i++) {
        if (i == 3)
            memset(bits, '1', BITS);
        planted_frame(&s.frame[i], LINE_PIWM, bits);
        s.press[i] = &s.frame[i];
    }
    search(&s, 3);
    assert_hit(&s, 3, STICKER_CHIPS, STICKER_PLAIN, strlen(chips) - 24);
    search(&s, 4);
    assert_none(&s, 4);
}

/* PWM, PPM: unknown symbols; NRZ: they are the bits. */
static void no_chips(void **state)
{
    struct synth_random random = { 3 };
    struct sat s;

    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        char head[PLANTED_TEXT], chips[PLANTED_TEXT];

        if (planted_has_chips(kinds[k]))
            continue;
        planted_noise(&random, head, 60);
        planted_chips(chips, LINE_MANCHESTER, head);
        set_code(&s, planted_code(chips + 13, 24, STICKER_PLAIN));
        plant(&s, &random, kinds[k], STICKER_AS_DECODED, head, 0);
        search(&s, PRESSES);
        assert_none(&s, PRESSES);
        assert_true(s.r.chance > 0);
    }
}

static void plant_plain(struct sat *s, uint64_t seed)
{
    struct synth_random random = { seed };
    char image[33];

    set_code(s, random_code(&random, 24));
    planted_image(image, s->sticker.code[0], STICKER_PLAIN);
    plant(s, &random, LINE_PWM, STICKER_AS_DECODED, image, 30);
}

static void other_presses(void **state)
{
    struct sat s;

    (void)state;
    /* one that differs, in any bit of the code and nowhere else */
    for (size_t bit = 29; bit <= 54; bit++) {
        plant_plain(&s, bit);
        s.frame[5].bits.value[bit] ^= 1;
        search(&s, PRESSES);
        if (bit < 30 || bit >= 54)
            assert_hit(&s, PRESSES, STICKER_AS_DECODED, STICKER_PLAIN, 30);
        else
            assert_none(&s, PRESSES);
    }
    /* but one that may be wrong does not count */
    plant_plain(&s, 1);
    s.frame[5].bits.value[40] ^= 1;
    s.frame[5].confidence = 0.89;
    search(&s, PRESSES);
    assert_hit(&s, PRESSES - 1, STICKER_AS_DECODED, STICKER_PLAIN, 30);
    assert_int_equal(s.r.presses, PRESSES - 1);
    s.frame[5].confidence = 0.9;
    search(&s, PRESSES);
    assert_none(&s, PRESSES);
    s.frame[5].confidence = (double)NAN;
    search(&s, PRESSES);
    assert_hit(&s, PRESSES - 1, STICKER_AS_DECODED, STICKER_PLAIN, 30);
    /* nor one of another length or line code, nor one without a frame */
    s.frame[5].confidence = 1;
    s.frame[5].bits.n--;
    s.frame[3].kind = LINE_PPM;
    s.frame[3].bits.value[40] ^= 1;
    s.press[0] = NULL;
    s.frame[1].bits.n = 0;
    search(&s, PRESSES);
    assert_hit(&s, PRESSES - 4, STICKER_AS_DECODED, STICKER_PLAIN, 30);
    assert_int_equal(s.r.presses, PRESSES - 2);
}

/* Three that have it, none of them like another one. */
static void too_few_alike(void **state)
{
    struct sat s;

    (void)state;
    plant_plain(&s, 2);
    s.frame[2].bits.n--;
    search(&s, 3);
    assert_none(&s, 3);
    plant_plain(&s, 2);
    s.frame[2].kind = LINE_NRZ;
    search(&s, 3);
    assert_none(&s, 3);
    plant_plain(&s, 2);
    s.frame[2].confidence = 0.5;
    search(&s, 3);
    assert_none(&s, 2);
    plant_plain(&s, 2);
    s.press[2] = NULL;
    search(&s, 3);
    assert_none(&s, 2);
    plant_plain(&s, 2);
    search(&s, 3);
    assert_hit(&s, 3, STICKER_AS_DECODED, STICKER_PLAIN, 30);
    sticker_search(&s.sticker, NULL, 0, &s.r);
    assert_none(&s, 0);
    assert_true(s.r.chance == 0);
}

/* At one place in each, but not the same one. */
static void moving(void **state)
{
    struct sat s;

    (void)state;
    plant_plain(&s, 3);
    for (size_t i = 0; i < PRESSES; i++) {
        uint8_t *value = s.frame[i].bits.value;

        memmove(value + i, value, BITS - PRESSES);
    }
    search(&s, PRESSES);
    assert_none(&s, PRESSES);
}

/* Presses alternate between two lengths, and only the longer has it. */
static void two_formats(void **state)
{
    struct synth_random random = { 4 };
    struct sat s;

    (void)state;
    plant_plain(&s, 4);
    for (size_t i = 0; i < PRESSES; i += 2) {
        char text[PLANTED_TEXT];

        planted_noise(&random, text, 66);
        planted_frame(&s.frame[i], LINE_MANCHESTER, text);
    }
    search(&s, PRESSES);
    assert_hit(&s, PRESSES / 2, STICKER_AS_DECODED, STICKER_PLAIN, 30);
    assert_int_equal(s.r.presses, PRESSES);
}

/* Frames as short and as long as may be. */
static void ends(void **state)
{
    struct synth_random random = { 5 };
    struct sat s;

    (void)state;
    for (size_t n = 1; n <= BITS_MAX; n += n < 30 ? 1 : BITS_MAX - 30) {
        char text[PLANTED_TEXT], chips[PLANTED_TEXT];

        planted_noise(&random, text, n);
        planted_chips(chips, LINE_MANCHESTER, text);
        for (size_t i = 0; i < 3; i++) {
            planted_frame(&s.frame[i], LINE_MANCHESTER, text);
            s.press[i] = &s.frame[i];
        }
        if (n >= 12) {
            set_code(&s, planted_code(chips + 2 * n - 24, 24, 0));
            search(&s, 3);
            assert_int_equal(s.r.is_hit, 1);
            assert_int_equal(s.r.view, STICKER_CHIPS);
            assert_int_equal(s.r.at, 2 * n - 24);
        }
        if (n >= 24)
            set_code(&s, planted_code(text + n - 24, 24, 0));
        search(&s, 3);
        assert_int_equal(s.r.is_hit, n >= 12);
        assert_int_equal(s.r.at, n >= 24 ? n - 24 : n >= 12 ? 2 * n - 24 : 0);
        assert_true((s.r.chance > 0) == (n >= 12));
    }
}

/* Of two places, the one where less was done to it. */
static void simplest(void **state)
{
    struct synth_random random = { 6 };
    char image[33], bits[PLANTED_TEXT];
    struct sat s;

    (void)state;
    set_code(&s, random_code(&random, 24));
    planted_image(image, s.sticker.code[0],
                  STICKER_INVERTED | STICKER_BITS_REVERSED);
    plant(&s, &random, LINE_PWM, STICKER_AS_DECODED, image, 5);
    search(&s, PRESSES);
    assert_hit(&s, PRESSES, STICKER_AS_DECODED,
               STICKER_INVERTED | STICKER_BITS_REVERSED, 5);
    planted_image(image, s.sticker.code[0], STICKER_PLAIN);
    planted_bits(bits, STICKER_DIFFERENTIAL, image, '1');
    for (size_t i = 0; i < PRESSES; i++) {
        bits[0] = s.frame[i].bits.value[39] ? '1' : '0';
        for (size_t k = 0; k < 24; k++)
            s.frame[i].bits.value[40 + k] =
                s.frame[i].bits.value[39 + k] ^ (image[k] == '1');
    }
    search(&s, PRESSES);
    assert_hit(&s, PRESSES, STICKER_DIFFERENTIAL, STICKER_PLAIN, 40);
    for (size_t i = 0; i < PRESSES; i++)
        for (size_t k = 0; k < 24; k++)
            s.frame[i].bits.value[66 + k] = image[k] == '1';
    search(&s, PRESSES);
    assert_hit(&s, PRESSES, STICKER_AS_DECODED, STICKER_PLAIN, 66);
}

/* Seven digits: all of them where they are all there, else the last six. */
static void two_readings(void **state)
{
    struct synth_random random = { 7 };
    char image[33];
    struct sat s;

    (void)state;
    assert_int_equal(sticker_parse(&s.sticker, "3D760BA", NULL), 0);
    planted_number(image, 0x3d760ba, 28);
    plant(&s, &random, LINE_PWM, STICKER_AS_DECODED, image, 11);
    search(&s, PRESSES);
    assert_hit(&s, PRESSES, STICKER_AS_DECODED, STICKER_PLAIN, 11);
    for (size_t i = 0; i < PRESSES; i++)
        s.frame[i].bits.value[11] ^= i & 1;
    search(&s, PRESSES);
    assert_int_equal(s.r.is_hit, 1);
    assert_int_equal(s.r.code.bits, 24);
    assert_int_equal(s.r.code.value, 0xd760ba);
    assert_int_equal(s.r.at, 15);
}

/* What a line does between codes is no code, whoever typed it. */
static void idle(void **state)
{
    static const uint32_t codes[] = { 0,        1,        0xffffff,
                                      0x555555, 0xaaaaaa, 0x555556 };
    static const char *const pairs[] = { "00", "11", "01", "10" };
    struct synth_random random = { 8 };
    struct sat s;

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        for (size_t p = 0; p < 4; p++) {
            char image[61];

            for (size_t k = 0; k < 30; k++)
                memcpy(image + 2 * k, pairs[p], 2);
            image[60] = '\0';
            set_code(&s, (struct sticker_code){ codes[i], 24 });
            plant(&s, &random, LINE_NRZ, STICKER_AS_DECODED, image, 20);
            search(&s, PRESSES);
            assert_none(&s, PRESSES);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_in_bits),
        cmocka_unit_test(every_way_in_chips),
        cmocka_unit_test(fewer_chips),
        cmocka_unit_test(no_chips),
        cmocka_unit_test(other_presses),
        cmocka_unit_test(too_few_alike),
        cmocka_unit_test(moving),
        cmocka_unit_test(two_formats),
        cmocka_unit_test(ends),
        cmocka_unit_test(simplest),
        cmocka_unit_test(two_readings),
        cmocka_unit_test(idle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
