/* test_sticker_chance - the stated chance of an accident is the share of all codes
 * that hit: all of them counted, and codes that look random tried.
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
#include <stdlib.h>
#include <string.h>

#include "src/sticker.h"
#include "tests/src/planted.h"
#include "tests/support/synth.h"

enum { PRESSES = 3 };

/* Frames of one fob, as texts, and which of all codes stand in them. */
struct fob {
    enum line_kind kind;
    char bits[PRESSES][BITS_MAX + 1];
    struct frame frame[PRESSES];
    const struct frame *press[PRESSES];
    unsigned code_bits;
    uint8_t *is_in; /* a bit a code */
    uint32_t codes;
};

/* Bits are fixed with this probability, in runs of 40 on average, as fields
 * are. */
static void make_fob(struct fob *f, struct synth_random *random,
                     enum line_kind kind, size_t n, double fixed)
{
    bool is_fixed = synth_random_unit(random) < fixed;

    f->kind = kind;
    planted_noise(random, f->bits[0], n);
    for (int p = 1; p < PRESSES; p++)
        memcpy(f->bits[p], f->bits[0], n + 1);
    for (size_t i = 0; i < n; i++) {
        if (synth_random_unit(random) < 1 / 40.0)
            is_fixed = synth_random_unit(random) < fixed;
        for (int p = 1; p < PRESSES && !is_fixed; p++)
            f->bits[p][i] = synth_random_u64(random) >> 63 ? '1' : '0';
    }
    for (int p = 0; p < PRESSES; p++) {
        planted_frame(&f->frame[p], kind, f->bits[p]);
        f->press[p] = &f->frame[p];
    }
}

static bool is_marked(const struct fob *f, uint32_t code)
{
    return f->is_in[code / 8] >> code % 8 & 1;
}

static void mark(struct fob *f, uint32_t code)
{
    if (is_marked(f, code))
        return;
    f->is_in[code / 8] |= (uint8_t)(1u << code % 8);
    f->codes++;
}

/* Is the stretch the same in all, and no "0101..."? */
static bool is_common(char seen[PRESSES][PLANTED_TEXT], size_t at, size_t n)
{
    bool is_idle = true;

    for (int p = 0; p < PRESSES; p++)
        if (strlen(seen[p]) < at + n || memchr(seen[p] + at, '?', n) ||
            memcmp(seen[p] + at, seen[0] + at, n) != 0)
            return false;
    for (size_t i = at + 2; i < at + n; i++)
        is_idle = is_idle && seen[0][i] == seen[0][i - 2];
    return !is_idle;
}

static void start_marking(struct fob *f, unsigned code_bits)
{
    f->code_bits = code_bits;
    f->codes = 0;
    f->is_in = calloc((size_t)1 << (code_bits - 3), 1);
    assert_non_null(f->is_in);
}

static void mark_window(struct fob *f, const char *window)
{
    for (unsigned t = 0; t < STICKER_TRANSFORMS; t++)
        if (f->code_bits == 24 || !(t & STICKER_BYTES_REVERSED))
            mark(f, planted_code(window, f->code_bits, t).value);
}

/* Marks every code that stands in the frames, by the words of the header. */
static void mark_all(struct fob *f)
{
    const unsigned code_bits = f->code_bits;

    for (int v = 0; v < STICKER_VIEWS; v++) {
        char seen[PRESSES][PLANTED_TEXT];

        for (int p = 0; p < PRESSES; p++)
            planted_view(seen[p], f->kind, (enum sticker_view)v, f->bits[p]);
        for (size_t at = 0; seen[0][at] != '\0'; at++)
            if (is_common(seen, at, code_bits))
                mark_window(f, seen[0] + at);
    }
}

static bool is_hit(const struct fob *f, uint32_t code, unsigned bits,
                   double *chance)
{
    const struct sticker s = { .code = { { code, bits } }, .n_codes = 1 };
    struct sticker_result r;

    sticker_search(&s, f->press, PRESSES, &r);
    *chance = r.chance;
    return r.is_hit;
}

static const enum line_kind kinds[] = { LINE_PWM, LINE_MANCHESTER, LINE_PIWM,
                                        LINE_NRZ, LINE_DIFF_MANCHESTER };
enum { KINDS = sizeof kinds / sizeof *kinds };

/* Of all 2^24 codes, and of all 2^28: the chance is the share of those that are
 * marked; marked ones hit, others do not. */
static void counted(void **state)
{
    static const struct {
        size_t n;
        double fixed;
    } shapes[] = { { 66, 0.5 }, { 66, 1 }, { 130, 0.7 }, { 400, 1 } };
    struct synth_random random = { 21 };
    struct fob f;

    (void)state;
    for (size_t i = 0; i < 2 * KINDS * 4; i++) {
        const unsigned bits = i % 10 == 9 ? 28 : 24;
        const uint32_t all = UINT32_C(1) << bits;
        const uint32_t step = i % 4 == 3 ? 997 : 29;
        uint32_t tried = 0;
        double chance;

        make_fob(&f, &random, kinds[i % KINDS], shapes[i % 4].n,
                 shapes[i % 4].fixed);
        start_marking(&f, bits);
        mark_all(&f);
        for (int k = 0; k < 100; k++) {
            const uint32_t code =
                (uint32_t)(synth_random_u64(&random) >> (64 - bits));

            assert_int_equal(is_hit(&f, code, bits, &chance),
                             is_marked(&f, code));
            if (chance != (double)f.codes / all)
                fail_msg("kind %d, %zu bits: chance %g, %u codes of 2^%u",
                         (int)f.kind, shapes[i % 4].n, chance, f.codes, bits);
        }
        for (uint32_t code = 0; code < all; code++)
            if (is_marked(&f, code) && tried++ % step == 0)
                assert_true(is_hit(&f, code, bits, &chance));
        assert_int_equal(tried, f.codes);
        free(f.is_in);
    }
}

/* The probability of k or more where mean are expected (Poisson). */
static double tail(double mean, unsigned k)
{
    double term = exp(-mean), below = 0;

    for (unsigned i = 0; i < k; i++) {
        below += term;
        term *= mean / (i + 1);
    }
    return 1 - below;
}

/* 10,000 codes that look random in each of several fobs: no more hits than were
 * promised, with one alarm in a million. */
static void random_codes(void **state)
{
    struct synth_random random = { 22 };
    double expected = 0;
    unsigned hits = 0;
    struct fob f;

    (void)state;
    for (int seed = 0; seed < KINDS; seed++) {
        make_fob(&f, &random, kinds[seed % KINDS], 66, 0.5);
        for (int i = 0; i < 10000; i++) {
            double chance;
            const uint32_t code = (uint32_t)(synth_random_u64(&random) >> 40);

            hits += is_hit(&f, code, 24, &chance);
            expected += chance;
        }
    }
    print_message("66 bits: %u hits, %.2f expected\n", hits, expected);
    assert_true(expected > 0 && expected < 20);
    assert_true(tail(expected, hits) > 1e-6);
}

/* Where all of 400 bits are fixed there are hits enough to count: within four
 * standard deviations. */
static void many_hits(void **state)
{
    struct synth_random random = { 23 };
    double expected = 0;
    unsigned hits = 0;
    struct fob f;

    (void)state;
    make_fob(&f, &random, LINE_PWM, 400, 1);
    for (int i = 0; i < 10000; i++) {
        double chance;
        const uint32_t code = (uint32_t)(synth_random_u64(&random) >> 40);

        hits += is_hit(&f, code, 24, &chance);
        expected += chance;
    }
    print_message("400 bits: %u hits, %.2f expected\n", hits, expected);
    assert_true(expected > 8);
    assert_true(fabs(hits - expected) < 4 * sqrt(expected));
}

/* What was typed has two readings: their chances are added. */
static void readings(void **state)
{
    static const struct sticker both = {
        .code = { { 0x3d760ba, 28 }, { 0xd760ba, 24 } }, .n_codes = 2
    };
    struct synth_random random = { 24 };
    struct sticker_result r;
    double a, b;
    struct fob f;

    (void)state;
    make_fob(&f, &random, LINE_MANCHESTER, 130, 1);
    is_hit(&f, 0x3d760ba, 28, &a);
    is_hit(&f, 0xd760ba, 24, &b);
    sticker_search(&both, f.press, PRESSES, &r);
    assert_true(a > 0 && b > a && r.chance == a + b);
    sticker_search(&(struct sticker){ .n_codes = 0 }, f.press, PRESSES, &r);
    assert_true(!r.is_hit && r.chance == 0 && r.presses == PRESSES);
}

/* More windows than there is room for, of frames of many lengths: then the chance
 * is no less than the share of codes, little more, and never over 1. */
static void more_than_room(void **state)
{
    static const size_t counts[] = { 2, 10, 230 };
    struct synth_random random = { 25 };

    (void)state;
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        const size_t n = counts[c] * KINDS;
        struct fob *fobs = calloc(n, sizeof *fobs), all;
        const struct frame **press = calloc(n, sizeof *fobs->press * PRESSES);
        const struct sticker s = { .code = { { 0x123456, 24 } }, .n_codes = 1 };
        struct sticker_result r;
        double part;

        assert_true(fobs && press);
        start_marking(&all, 24);
        for (size_t i = 0; i < n; i++) {
            make_fob(&fobs[i], &random, kinds[i % KINDS], BITS_MAX - i / KINDS,
                     1);
            memcpy(press + i * PRESSES, fobs[i].press, sizeof fobs->press);
            all.kind = fobs[i].kind;
            memcpy(all.bits, fobs[i].bits, sizeof all.bits);
            mark_all(&all);
        }
        sticker_search(&s, press, n * PRESSES, &r);
        part = (double)all.codes / (1 << 24);
        print_message("%zu formats: chance %g, share %g\n", n, r.chance, part);
        assert_true(r.chance >= part && r.chance <= 1);
        assert_true(c ? r.chance < 3 * part : r.chance < 1.2 * part);
        free(all.is_in);
        free(press);
        free(fobs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counted),        cmocka_unit_test(random_codes),
        cmocka_unit_test(many_hits),      cmocka_unit_test(readings),
        cmocka_unit_test(more_than_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
