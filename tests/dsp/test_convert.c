/* Stored samples to complex float: zero, end stops, order of bytes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dsp/convert.h"
#include "tests/support/synth.h"

static const enum sample_format formats[] = { SAMPLE_CU8, SAMPLE_CS8,
                                              SAMPLE_CS16, SAMPLE_CF32 };

static void is_iq(iq x, float re, float im, float tolerance)
{
    assert_float_equal(crealf(x), re, tolerance);
    assert_float_equal(cimagf(x), im, tolerance);
}

static void sizes_are_those_of_the_formats(void **state)
{
    (void)state;
    assert_int_equal(convert_size(SAMPLE_CU8), 2);
    assert_int_equal(convert_size(SAMPLE_CS8), 2);
    assert_int_equal(convert_size(SAMPLE_CS16), 4);
    assert_int_equal(convert_size(SAMPLE_CF32), 8);
}

/* 1 % leaves open whether 127 or 128 steps are full scale. */
static void cu8_is_even_about_127_and_a_half(void **state)
{
    const uint8_t in[8] = { 0, 255, 127, 128, 191, 64, 255, 0 };
    iq out[4];

    (void)state;
    convert_to_iq(SAMPLE_CU8, in, 4, out);
    is_iq(out[0], -1.0f, 1.0f, 0.01f);
    is_iq(out[1], -0.5f / 127.5f, 0.5f / 127.5f, 1e-4f);
    is_iq(out[2], 0.5f, -0.5f, 0.01f);
    assert_true(crealf(out[3]) == -cimagf(out[3]));
    assert_true(crealf(out[1]) == -cimagf(out[1]));
}

static void signed_formats_have_their_zero_at_zero(void **state)
{
    const int8_t s8[6] = { 0, -128, 127, 64, -64, 1 };
    /* 1, -1; -32768, 32767; 256, 0: lowest byte first */
    const uint8_t s16[12] = { 1,    0,    255,  255, 0,    0x80,
                              0xFF, 0x7F, 0x00, 1,   0x00, 0 };
    iq out[3];

    (void)state;
    convert_to_iq(SAMPLE_CS8, s8, 3, out);
    is_iq(out[0], 0.0f, -1.0f, 0.01f);
    is_iq(out[1], 1.0f, 0.5f, 0.01f);
    is_iq(out[2], -0.5f, 1.0f / 128.0f, 0.01f);
    convert_to_iq(SAMPLE_CS16, s16, 3, out);
    is_iq(out[0], 1.0f / 32768.0f, -1.0f / 32768.0f, 1e-8f);
    is_iq(out[1], -1.0f, 1.0f, 1e-4f);
    is_iq(out[2], 256.0f / 32768.0f, 0.0f, 1e-6f);
}

static void floats_are_themselves_where_finite(void **state)
{
    const float in[10] = { 0.25f, -3.5f,    NAN,    INFINITY, -INFINITY,
                           1.0f,  -3.4e38f, 1e-45f, 0.0f,     -0.0f };
    uint8_t stored[8];
    iq out[5];

    (void)state;
    convert_to_iq(SAMPLE_CF32, in, 5, out);
    assert_true(out[0] == 0.25f - 3.5f * I);
    assert_true(crealf(out[1]) == 0.0f && cimagf(out[1]) == 0.0f);
    assert_true(crealf(out[2]) == 0.0f && cimagf(out[2]) == 1.0f);
    assert_true(isfinite(crealf(out[3])) && isfinite(cimagf(out[3])));
    assert_true(crealf(out[4]) == 0.0f && cimagf(out[4]) == 0.0f);
    /* 1.0 and -2.0, lowest byte first, whatever this machine's order is */
    memcpy(stored, (uint8_t[]){ 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0 }, 8);
    convert_to_iq(SAMPLE_CF32, stored, 1, out);
    assert_true(out[0] == 1.0f - 2.0f * I);
}

/* What synth stores comes back to half a step, and 1 % of scale. */
static void what_was_stored_comes_back(void **state)
{
    static const float step[] = { 1 / 127.5f, 1 / 127.0f, 1 / 32767.0f, 0 };
    enum { N = 1021 };
    struct synth_random r = { 7 };
    static iq in[N], out[N];
    static uint8_t stored[N * 8];

    (void)state;
    for (size_t i = 0; i < N; i++) {
        float re = (float)(2 * synth_random_unit(&r) - 1);
        float im = (float)(2 * synth_random_unit(&r) - 1);
        in[i] = re + im * I;
    }
    for (size_t f = 0; f < 4; f++) {
        synth_store(formats[f], in, N, stored);
        convert_to_iq(formats[f], stored, N, out);
        for (size_t i = 0; i < N; i++) {
            assert_true(fabsf(crealf(out[i] - in[i])) <=
                        0.5f * step[f] + 0.01f);
            assert_true(fabsf(cimagf(out[i] - in[i])) <=
                        0.5f * step[f] + 0.01f);
        }
    }
}

static void nothing_is_written_behind_the_end(void **state)
{
    uint8_t in[8 * 20] = { 0 };
    iq out[20];

    (void)state;
    for (size_t f = 0; f < 4; f++)
        for (size_t n = 0; n < 19; n++) {
            for (size_t i = 0; i < 20; i++)
                out[i] = 9.0f;
            convert_to_iq(formats[f], in, n, out);
            for (size_t i = 0; i < 20; i++)
                assert_true((crealf(out[i]) == 9.0f) == (i >= n));
        }
}

/* Of the signed formats one step short of the stop may count or not. */
static void a_rail_at_its_end_stop_is_clipped(void **state)
{
    const uint8_t u8[10] = { 0, 100, 255, 0, 1, 254, 128, 255, 128, 127 };
    const int8_t s8[8] = { -128, 0, 127, 127, -126, 125, 0, 127 };
    const int16_t s16[8] = { 32767, 0, 5, -32768, 32760, -32760, -1, 255 };
    uint8_t stored[16];

    (void)state;
    assert_int_equal(convert_count_clipped(SAMPLE_CU8, u8, 5), 3);
    assert_int_equal(convert_count_clipped(SAMPLE_CU8, u8, 0), 0);
    assert_int_equal(convert_count_clipped(SAMPLE_CS8, s8, 4), 3);
    for (size_t i = 0; i < 8; i++) {
        stored[2 * i] = (uint8_t)((uint16_t)s16[i] & 255);
        stored[2 * i + 1] = (uint8_t)((uint16_t)s16[i] >> 8);
    }
    assert_int_equal(convert_count_clipped(SAMPLE_CS16, stored, 4), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_those_of_the_formats),
        cmocka_unit_test(cu8_is_even_about_127_and_a_half),
        cmocka_unit_test(signed_formats_have_their_zero_at_zero),
        cmocka_unit_test(floats_are_themselves_where_finite),
        cmocka_unit_test(what_was_stored_comes_back),
        cmocka_unit_test(nothing_is_written_behind_the_end),
        cmocka_unit_test(a_rail_at_its_end_stop_is_clipped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
