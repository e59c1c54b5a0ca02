/* Frames of the usual line codes in noise as a Flipper's slicer makes it, noise
 * alone, frames alone, and widths that nobody sends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsp/squelch.h"
#include "tests/support/synth.h"

enum {
    NEAR = 4,          /* noise so close to a frame may count as part of it */
    PREAMBLE = 12,     /* pulses */
    JITTER_US = 20,    /* of each edge of a frame, either way */
    LONGEST_US = 5000, /* of noise */
};

enum origin { NOISE, FRAME, PAUSE };

enum code { PWM, PWM_LONG, MANCHESTER, PPM, PPM_LONG, PPM_WIDE, CODES };

struct train {
    int32_t width[SQUELCH_PULSES]; /* highs are the even ones */
    unsigned char origin[SQUELCH_PULSES];
    size_t n;
    struct synth_random random;
    int32_t step_us;         /* of the receiver's timer */
    double mean_us[2], tail; /* of noise: lows, highs; share of long ones */
    enum code code;
    double te_us;
};

struct bench {
    struct train train;
    struct squelch squelch;
};

static double between(struct synth_random *r, double low, double high)
{
    return low + (high - low) * synth_random_unit(r);
}

static size_t count(struct synth_random *r, size_t low, size_t high)
{
    return low + synth_random_u64(r) % (high - low + 1);
}

static void begin(struct train *t, uint64_t seed)
{
    memset(t, 0, sizeof *t);
    t->random.state = seed;
    t->step_us = count(&t->random, 0, 1) ? 26 : 33;
    t->mean_us[0] = between(&t->random, 80, 200);
    t->mean_us[1] = between(&t->random, 80, 200);
    t->tail = between(&t->random, 0.01, 0.1);
    t->code = (enum code)(seed % CODES);
    t->te_us = between(&t->random, 200, 800);
}

/* What does not fit any more is left out. */
static void add(struct train *t, double us, enum origin origin)
{
    const double steps = round(us / t->step_us);

    if (t->n == SQUELCH_PULSES)
        return;
    t->width[t->n] = t->step_us * (int32_t)(steps < 1 ? 1 : steps);
    t->origin[t->n++] = (unsigned char)origin;
}

/* An even number, so that a frame after it begins with a high. */
static void add_noise(struct train *t, size_t n)
{
    for (size_t i = 0; i < n + n % 2; i++) {
        const double mean = t->mean_us[(t->n + 1) % 2];
        const double u = synth_random_unit(&t->random);
        add(t,
            synth_random_unit(&t->random) < t->tail
                ? mean * pow(LONGEST_US / mean, u)
                : -mean * log(1 - u),
            NOISE);
    }
}

static void key(struct train *t, double te, enum origin origin)
{
    add(t, te * t->te_us + between(&t->random, -JITTER_US, JITTER_US), origin);
}

static void key_manchester(struct train *t, size_t bits)
{
    bool last = true;

    key(t, 1, FRAME);
    for (size_t i = 1; i < bits; i++) {
        const bool bit = count(&t->random, 0, 1);
        if (bit == last)
            key(t, 1, FRAME);
        key(t, bit == last ? 1 : 2, FRAME);
        last = bit;
    }
    if (!last)
        key(t, 1, FRAME);
}

/* In TE: a high and a low for a 0, and for a 1. */
static void key_pairs(struct train *t, size_t bits)
{
    static const double pair[CODES][2][2] = {
        [PWM] = { { 1, 2 }, { 2, 1 } },
        [PWM_LONG] = { { 1, 3 }, { 3, 1 } },
        [PPM] = { { 1, 1 }, { 1, 2 } },
        [PPM_LONG] = { { 1, 2 }, { 1, 4 } },
        [PPM_WIDE] = { { 1, 1 }, { 1, 3 } },
    };

    for (size_t i = 0; i < bits; i++) {
        const double *p = pair[t->code][count(&t->random, 0, 1)];
        key(t, p[0], FRAME);
        key(t, p[1], FRAME);
    }
    key(t, 1, FRAME);
}

/* Ends with a low of so many TE. */
static void add_frame(struct train *t, double guard)
{
    const size_t bits = count(&t->random, 40, 70);

    for (size_t i = 1; i < 2 * PREAMBLE; i++)
        key(t, 1, FRAME);
    key(t, between(&t->random, 3, 10), PAUSE);
    if (t->code == MANCHESTER)
        key_manchester(t, bits);
    else
        key_pairs(t, bits);
    key(t, guard, PAUSE);
}

/* Between copies the carrier stays on, or there is noise. */
static void add_press(struct train *t, size_t copies)
{
    const bool is_noisy = count(&t->random, 0, 1);

    for (size_t i = 0; i < copies; i++) {
        add_frame(t, is_noisy ? 1 : between(&t->random, 10, 40));
        if (is_noisy && i + 1 < copies)
            add_noise(t, count(&t->random, 40, 200));
    }
}

/* The widths at the end of memory, where a look too far is seen. */
static bool found(struct squelch *s, const int32_t *width, size_t n)
{
    int32_t *exact = malloc(n * sizeof *exact + (n == 0));
    assert_non_null(exact);
    memcpy(exact, width, n * sizeof *exact);
    const bool is_found = squelch_find(s, exact, n);
    free(exact);
    return is_found;
}

static bool found_in(struct bench *b)
{
    return found(&b->squelch, b->train.width, b->train.n);
}

static bool is_noise(const struct train *t, size_t i)
{
    for (size_t k = i > NEAR ? i - NEAR : 0; k <= i + NEAR && k < t->n; k++)
        if (t->origin[k] != NOISE)
            return false;
    return true;
}

static size_t lost(const struct bench *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->train.n; i++)
        n += b->train.origin[i] == FRAME && !b->squelch.keyed[i];
    return n;
}

/* Noise, a press, noise. */
static void draw(struct train *t, size_t least, size_t most, size_t copies)
{
    add_noise(t, count(&t->random, least, most));
    add_press(t, count(&t->random, 1, copies));
    add_noise(t, count(&t->random, least, most));
}

static void test_frames_in_noise(void **state)
{
    struct bench *b = *state;
    size_t noise = 0, kept = 0;

    for (uint64_t seed = 1; seed <= 100; seed++) {
        begin(&b->train, seed);
        draw(&b->train, 400, 3000, 4);
        assert_true(found_in(b));
        assert_int_equal(lost(b), 0);
        for (size_t i = 0; i < b->train.n; i++)
            if (is_noise(&b->train, i)) {
                noise++;
                kept += b->squelch.keyed[i];
            }
    }
    assert_true(kept * 20 < noise);
}

/* A frame that cannot be told from noise is left to those who ask more of it,
 * but it is not cut. */
static void check_whole(struct bench *b)
{
    if (found_in(b))
        assert_int_equal(lost(b), 0);
}

static void test_hard_ones_are_not_cut(void **state)
{
    struct bench *b = *state;

    for (uint64_t seed = 1; seed <= 10; seed++) {
        begin(&b->train, seed);
        b->train.te_us = between(&b->train.random, 60, 220);
        draw(&b->train, 400, 6000, 1);
        check_whole(b);
    }
}

/* No wider than noise. */
static void test_short_te(void **state)
{
    struct bench *b = *state;

    for (uint64_t seed = 1; seed <= 8; seed++) {
        begin(&b->train, seed);
        b->train.te_us = 100;
        draw(&b->train, 400, 2000, 3);
        assert_false(found_in(b));
    }
}

static void test_edges(void **state)
{
    struct bench *b = *state;

    for (uint64_t seed = 1; seed <= 8; seed++) {
        begin(&b->train, seed);
        if (seed % 2)
            add_noise(&b->train, 1000);
        add_press(&b->train, 2);
        if (seed % 2 == 0)
            add_noise(&b->train, 1000);
        assert_true(found_in(b));
        assert_int_equal(lost(b), 0);
    }
}

/* As many as it takes, with a frame first and one cut off by the end. */
static void test_longest(void **state)
{
    struct bench *b = *state;

    begin(&b->train, 1);
    add_press(&b->train, 1);
    add_noise(&b->train, SQUELCH_PULSES / 2);
    add_press(&b->train, 1);
    add_noise(&b->train, SQUELCH_PULSES - 200 - b->train.n);
    while (b->train.n < SQUELCH_PULSES)
        add_frame(&b->train, 20);
    assert_int_equal(b->train.n, SQUELCH_PULSES);
    assert_true(found_in(b));
    assert_int_equal(lost(b), 0);
}

static void test_noise_alone(void **state)
{
    struct bench *b = *state;

    for (uint64_t seed = 1; seed <= 16; seed++) {
        begin(&b->train, seed);
        add_noise(&b->train, seed * seed * 64);
        assert_false(found_in(b));
    }
}

static void test_frames_alone(void **state)
{
    struct bench *b = *state;

    for (uint64_t seed = 1; seed <= 12; seed++) {
        begin(&b->train, seed);
        for (size_t i = seed % 9; i < 10; i++)
            add_frame(&b->train, between(&b->train.random, 10, 40));
        assert_false(found_in(b));
    }
}

/* Two fobs, one after the other, and no noise at all. */
static void test_two_transmitters(void **state)
{
    struct bench *b = *state;

    for (uint64_t seed = 1; seed <= 8; seed++) {
        begin(&b->train, seed);
        b->train.te_us = 400;
        add_frame(&b->train, 25);
        b->train.te_us = 600 + 50.0 * (double)(seed % 4);
        add_frame(&b->train, 25);
        assert_false(found_in(b));
    }
}

/* A sixth of the pulses. */
static void test_little_noise(void **state)
{
    struct bench *b = *state;

    for (uint64_t seed = 1; seed <= 12; seed++) {
        begin(&b->train, seed);
        for (size_t i = 0; i < 10; i++)
            add_frame(&b->train, between(&b->train.random, 10, 40));
        add_noise(&b->train, b->train.n / 5);
        assert_false(found_in(b));
    }
}

static void test_few(void **state)
{
    struct bench *b = *state;

    begin(&b->train, 1);
    add_noise(&b->train, 32);
    add_frame(&b->train, 20);
    assert_false(found(&b->squelch, b->train.width, 0));
    assert_false(found(&b->squelch, b->train.width, 1));
    assert_false(found(&b->squelch, b->train.width, 63));
}

static void test_any_width(void **state)
{
    static const int32_t extreme[] = {
        1, INT32_MAX / 2, INT32_MAX, 0, INT32_MIN, -1, -500, 20
    };
    const size_t n = sizeof extreme / sizeof *extreme;
    struct bench *b = *state;
    struct train *t = &b->train;

    begin(t, 1);
    for (size_t i = 0; i < n; i++) { /* one alone is no noise */
        for (t->n = 0; t->n < 500; t->n++)
            t->width[t->n] = extreme[i];
        assert_false(found_in(b));
    }
    for (size_t i = 0; i < 500; i++)
        t->width[i] = extreme[synth_random_u64(&t->random) % n];
    found_in(b);
    for (uint64_t seed = 1; seed <= 6; seed++) { /* some among others */
        begin(t, seed);
        draw(t, 400, 1000, 2);
        for (size_t i = 0; i < t->n; i++)
            if (t->origin[i] == NOISE && count(&t->random, 1, 100) == 1)
                t->width[i] = extreme[synth_random_u64(&t->random) % n];
        assert_true(found_in(b));
        assert_int_equal(lost(b), 0);
    }
}

/* What it was used for before does not matter. */
static void test_again(void **state)
{
    struct bench *b = *state;
    bool keyed[SQUELCH_PULSES];

    begin(&b->train, 2);
    draw(&b->train, 1000, 1000, 2);
    memset(&b->squelch, 0, sizeof b->squelch);
    assert_true(found_in(b));
    memcpy(keyed, b->squelch.keyed, sizeof keyed);
    memset(&b->squelch, 0xA5, sizeof b->squelch);
    assert_true(found_in(b));
    assert_memory_equal(b->squelch.keyed, keyed, b->train.n * sizeof *keyed);
}

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct bench));
    return *state == NULL;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames_in_noise),
        cmocka_unit_test(test_hard_ones_are_not_cut),
        cmocka_unit_test(test_short_te),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_longest),
        cmocka_unit_test(test_noise_alone),
        cmocka_unit_test(test_frames_alone),
        cmocka_unit_test(test_two_transmitters),
        cmocka_unit_test(test_little_noise),
        cmocka_unit_test(test_few),
        cmocka_unit_test(test_any_width),
        cmocka_unit_test(test_again),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
