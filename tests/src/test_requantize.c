/* test_requantize - every value of the narrow formats, edges of the wide ones.
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

#include "dsp/convert.h"
#include "src/requantize.h"
#include "tests/support/synth.h"

enum { ALL = 65536 / 2 }; /* samples that hold each value of 16 bits */

static uint8_t in8[256], out8[2 * ALL];
static int16_t in16[2 * ALL], out16[2 * ALL];
static float in32[2 * ALL];

static struct requantize run(enum sample_format in, enum sample_format out,
                             const void *samples, size_t n)
{
    struct requantize r;

    requantize_init(&r, in, out, requantize_peak(in, samples, n));
    requantize_process(&r, samples, n,
                       out == SAMPLE_CU8 ? (void *)out8 : (void *)out16);
    return r;
}

static void check_plain(const struct requantize *r)
{
    assert_true(r->scale == 1 && r->is_exact);
    assert_int_equal(r->clipped, 0);
}

static void test_narrow_to_16_bits(void **state)
{
    struct requantize r;

    (void)state;
    for (int i = 0; i < 256; i++)
        in8[i] = (uint8_t)i;
    r = run(SAMPLE_CU8, SAMPLE_CS16, in8, 128);
    check_plain(&r);
    for (int i = 0; i < 256; i++) {
        assert_int_equal(out16[i], (2 * i - 255) * 128);
        assert_int_equal((out16[i] / 128 + 255) / 2, i); /* and back */
    }
    r = run(SAMPLE_CS8, SAMPLE_CS16, in8, 128);
    check_plain(&r);
    for (int i = 0; i < 256; i++)
        assert_int_equal(out16[i], (int8_t)i * 256);
    r = run(SAMPLE_CU8, SAMPLE_CU8, in8, 128);
    check_plain(&r);
    assert_memory_equal(in8, out8, 256);
}

/* Floats that were made from integers become them again. */
static void test_floats_of_integers(void **state)
{
    struct requantize r;

    (void)state;
    for (int i = 0; i < 256; i++)
        in8[i] = (uint8_t)i;
    for (int i = 0; i < 2 * ALL; i++)
        in16[i] = (int16_t)(i - 32768);
    convert_to_iq(SAMPLE_CU8, in8, 128, (iq *)in32);
    r = run(SAMPLE_CF32, SAMPLE_CU8, in32, 128);
    check_plain(&r);
    assert_memory_equal(in8, out8, 256);
    convert_to_iq(SAMPLE_CS16, in16, ALL, (iq *)in32);
    r = run(SAMPLE_CF32, SAMPLE_CS16, in32, ALL);
    check_plain(&r);
    assert_memory_equal(in16, out16, sizeof in16);
    r = run(SAMPLE_CS16, SAMPLE_CS16, in16, ALL);
    check_plain(&r);
    assert_memory_equal(in16, out16, sizeof in16);
}

static void test_16_bits_to_cu8(void **state)
{
    struct requantize r;

    (void)state;
    for (int i = 0; i < 2 * ALL; i++)
        in16[i] = (int16_t)(i - 32768);
    r = run(SAMPLE_CS16, SAMPLE_CU8, in16, ALL);
    assert_true(r.scale == 1 && !r.is_exact && r.clipped == 0);
    assert_int_equal(out8[0], 0);
    assert_int_equal(out8[2 * ALL - 1], 255);
    for (int i = 0; i < 2 * ALL; i++)
        assert_true(fabs(out8[i] - (in16[i] / 32768.0 * 127.5 + 127.5)) <= 0.5);
    /* weak: 0.01 becomes 0.64 */
    in16[0] = 328;
    in16[1] = -328;
    r = run(SAMPLE_CS16, SAMPLE_CU8, in16, 1);
    assert_true(r.scale == 64);
    assert_int_equal(out8[0],
                     (int)nearbyint(328 * 64 / 32768.0 * 127.5 + 127.5));
    memset(in16, 0, sizeof in16);
    r = run(SAMPLE_CS16, SAMPLE_CU8, in16, ALL);
    assert_true(r.scale == 1 && !r.is_exact); /* cu8 has no zero */
}

static struct requantize two_rails(enum sample_format out, float a, float b)
{
    in32[0] = a;
    in32[1] = b;
    return run(SAMPLE_CF32, out, in32, 1);
}

static void test_peaks(void **state)
{
    struct requantize r;

    (void)state;
    r = two_rails(SAMPLE_CS16, 0.25f, 0);
    assert_true(r.scale == 1 && r.is_exact && out16[0] == 8192);
    r = two_rails(SAMPLE_CS16, 0.2499f, 0);
    assert_true(r.scale == 4 && out16[0] == 32755);
    r = two_rails(SAMPLE_CS16, -1, 0.5f);
    assert_true(r.scale == 1 && r.is_exact && out16[0] == -32768);
    r = two_rails(SAMPLE_CS16, 1, 0.5f); /* one step short of it */
    assert_true(r.scale == 1 && !r.is_exact && r.clipped == 1);
    assert_int_equal(out16[0], 32767);
    r = two_rails(SAMPLE_CS16, 1.5f, -1.5f);
    assert_true(r.scale == 0.5 && r.is_exact && out16[0] == 24576);
    r = two_rails(SAMPLE_CS16, 1.99999f, 0); /* would round to 32768 */
    assert_true(r.scale == 0.25 && r.clipped == 0 && out16[0] == 16384);
    r = two_rails(SAMPLE_CS16, 900000, -1);
    assert_true(r.scale == ldexp(1, -20) && r.clipped == 0);
    r = two_rails(SAMPLE_CS16, 1e-30f, 1e-45f);
    assert_true(r.scale == ldexp(1, 99) && r.clipped == 0 && out16[0] > 16384);
    r = two_rails(SAMPLE_CS16, 1e-45f, 0); /* the smallest float there is */
    assert_true(r.scale == ldexp(1, 148) && r.is_exact && out16[0] == 16384);
    r = two_rails(SAMPLE_CS16, 0, -0.0f);
    assert_true(r.scale == 1 && r.is_exact && out16[0] == 0);
    r = two_rails(SAMPLE_CU8, 0.125f, 0);
    assert_true(r.scale == 1);
    r = two_rails(SAMPLE_CU8, 0.1249f, 0);
    assert_true(r.scale == 8);
    r = two_rails(SAMPLE_CU8, 1, -1);
    assert_true(r.scale == 1 && r.is_exact && r.clipped == 0);
    r = two_rails(SAMPLE_CU8, 1.001f, -1);
    assert_true(r.scale == 0.5 && r.clipped == 0);
}

/* What dsp/convert hears as 0 is written as 0. */
static void test_no_numbers(void **state)
{
    static const float none[] = { NAN, INFINITY, -INFINITY, 1e6f, -3e38f };

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct requantize r = two_rails(SAMPLE_CS16, 0.5f, none[i]);

        assert_true(r.scale == 1 && !r.is_exact && r.clipped == 0);
        assert_int_equal(out16[0], 16384);
        assert_int_equal(out16[1], 0);
        r = two_rails(SAMPLE_CU8, none[i], none[i]);
        assert_true(r.scale == 1 && !r.is_exact);
        assert_int_equal(out8[0], 128);
    }
}

/* Rounded to the nearest, at any size of blocks. */
static void test_blocks(void **state)
{
    static int16_t whole[2 * ALL];
    struct synth_random random = { 3 };
    struct requantize r;

    (void)state;
    for (int i = 0; i < 2 * ALL; i++)
        in32[i] = (float)(synth_random_unit(&random) * 1.8 - 0.9);
    r = run(SAMPLE_CF32, SAMPLE_CS16, in32, ALL);
    assert_true(r.scale == 1 && !r.is_exact && r.clipped == 0);
    for (int i = 0; i < 2 * ALL; i++)
        assert_true(fabs(out16[i] - (double)in32[i] * 32768) <= 0.5);
    memcpy(whole, out16, sizeof whole);
    requantize_init(&r, SAMPLE_CF32, SAMPLE_CS16, 0.9);
    for (size_t at = 0, n = 1; at < ALL; at += n, n = n * 3 % 1001 + 1) {
        n = n < ALL - at ? n : ALL - at;
        requantize_process(&r, in32 + 2 * at, n, out16 + 2 * at);
    }
    assert_memory_equal(whole, out16, sizeof whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_narrow_to_16_bits),
        cmocka_unit_test(test_floats_of_integers),
        cmocka_unit_test(test_16_bits_to_cu8),
        cmocka_unit_test(test_peaks),
        cmocka_unit_test(test_no_numbers),
        cmocka_unit_test(test_blocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
