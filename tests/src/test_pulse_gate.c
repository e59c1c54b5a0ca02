/* What comes out of the gate is what went in, but for noise, however it is cut
 * into blocks.
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

#include "src/pulse_gate.h"
#include "tests/support/synth.h"

enum {
    ROOM = 4 * SQUELCH_PULSES,
    BORDER = SQUELCH_PULSES / 4 * 3, /* the second block begins */
    TE_US = 400,
    JITTER_US = 20,    /* of each edge of a frame, either way */
    STEP_US = 26,      /* of a Flipper's timer */
    LONGEST_US = 5000, /* of noise */
    NOISE_US = 120,    /* the mean of the rest */
    NEAR = 20,         /* so many may stay on either side of a frame */
    FRAME_PULSES = 24 + 2 * 50,
};

struct pulses {
    pulse_us us[ROOM];
    size_t n;
};

struct bench {
    struct pulse_gate gate;
    struct pulses in, out, again;
    struct synth_random random;
};

static size_t count(struct bench *b, size_t low, size_t high)
{
    return low + synth_random_u64(&b->random) % (high - low + 1);
}

static void begin(struct bench *b, uint64_t seed)
{
    b->in.n = 0;
    b->random.state = seed;
}

/* The first pulse is a high. */
static void add(struct bench *b, double us)
{
    const double steps = round(us / STEP_US);
    const pulse_us width = STEP_US * (pulse_us)(steps < 1 ? 1 : steps);

    assert_true(b->in.n < ROOM);
    b->in.us[b->in.n] = b->in.n % 2 ? -width : width;
    b->in.n++;
}

static void key(struct bench *b, double te)
{
    add(b, te * TE_US + JITTER_US * (2 * synth_random_unit(&b->random) - 1));
}

/* A preamble of 12, a header, 50 bits as a third or two of three TE. */
static void add_frame(struct bench *b, double guard)
{
    for (unsigned i = 1; i < 24; i++)
        key(b, 1);
    key(b, 8);
    for (unsigned i = 0; i < 50; i++) {
        const double high = count(b, 0, 1) ? 2 : 1;
        key(b, high);
        key(b, i == 49 ? guard : 3 - high);
    }
}

/* Until there are n pulses; even, so that what comes next begins high. */
static void noise_until(struct bench *b, size_t n)
{
    assert_true(n % 2 == 0);
    while (b->in.n < n) {
        const double u = synth_random_unit(&b->random);
        add(b, synth_random_unit(&b->random) < 0.05
                   ? NOISE_US * pow((double)LONGEST_US / NOISE_US, u)
                   : -NOISE_US * log(1 - u));
    }
}

static void take(struct pulse_gate *g, struct pulses *out, size_t piece)
{
    size_t got;

    while ((got = pulse_gate_take(g, out->us + out->n,
                                  piece < ROOM - out->n ? piece
                                                        : ROOM - out->n)) > 0) {
        assert_true(got <= piece);
        out->n += got;
    }
}

/* Puts in and takes out at most so many at once; 0: as many as there is room
 * for. The last are told of with the last, or after it. */
static void run(struct bench *b, struct pulses *out, size_t piece,
                bool is_told_late)
{
    bool is_told = false;
    size_t at = 0;

    memset(&b->gate, 0, sizeof b->gate);
    out->n = 0;
    while (!is_told) {
        size_t n;
        pulse_us *to = pulse_gate_room(&b->gate, &n);
        assert_true(n > 0);
        n = piece > 0 && piece < n ? piece : n;
        n = b->in.n - at < n ? b->in.n - at : n;
        memcpy(to, b->in.us + at, n * sizeof *to);
        at += n;
        is_told = at == b->in.n && (n == 0 || !is_told_late);
        pulse_gate_put(&b->gate, n, is_told);
        take(&b->gate, out, piece > 0 ? piece : ROOM);
    }
}

static int64_t length(pulse_us us)
{
    return us < 0 ? -(int64_t)us : us;
}

static void check_turns(const struct pulses *p)
{
    for (size_t i = 0; i < p->n; i++) {
        assert_int_not_equal(p->us[i], 0);
        assert_true(length(p->us[i]) <= PULSE_MAX_US);
        assert_true(i == 0 || (p->us[i] > 0) != (p->us[i - 1] > 0));
    }
}

/* A high is let through whole and when it was, or not; no time is lost. */
static void check_sound(const struct pulses *in, const struct pulses *out)
{
    int64_t in_us = 0, out_us = 0;
    size_t k = 0;

    check_turns(out);
    for (size_t i = 0; i < out->n; i++) {
        for (; in_us < out_us && k < in->n; k++)
            in_us += length(in->us[k]);
        assert_true(in_us == out_us);
        if (out->us[i] > 0)
            assert_int_equal(out->us[i], in->us[k]);
        out_us += length(out->us[i]);
    }
    for (; k < in->n; k++)
        in_us += length(in->us[k]);
    assert_true(in_us == out_us);
}

static void check_same(const struct pulses *in, const struct pulses *out)
{
    assert_int_equal(out->n, in->n);
    assert_memory_equal(out->us, in->us, in->n * sizeof *in->us);
}

/* The pulse of out that begins when pulse i of in does, time being kept. */
static size_t place(const struct pulses *in, const struct pulses *out, size_t i)
{
    int64_t us = 0;
    size_t k = 0;

    for (size_t j = 0; j < i; j++)
        us += length(in->us[j]);
    for (; us > 0 && k < out->n; k++)
        us -= length(out->us[k]);
    assert_true(us == 0);
    return k;
}

/* From pulse i of in on; noise may have come to its last low. */
static void check_frame(const struct pulses *in, const struct pulses *out,
                        size_t i)
{
    const size_t k = place(in, out, i);

    assert_true(k + FRAME_PULSES <= out->n);
    assert_memory_equal(out->us + k, in->us + i,
                        (FRAME_PULSES - 1) * sizeof *in->us);
    assert_true(out->us[k + FRAME_PULSES - 1] <= in->us[i + FRAME_PULSES - 1]);
}

static void test_clean(void **state)
{
    struct bench *b = *state;

    begin(b, 1);
    while (b->in.n < SQUELCH_PULSES * 3)
        add_frame(b, 25);
    run(b, &b->out, 0, false);
    check_same(&b->in, &b->out);
    memmove(b->in.us, b->in.us + 1, --b->in.n * sizeof *b->in.us);
    assert_true(b->in.us[0] < 0);
    run(b, &b->out, 0, true);
    check_same(&b->in, &b->out);
}

/* One more and one less than what blocks hold. */
static void test_any_length(void **state)
{
    static const size_t lengths[] = { 0,
                                      1,
                                      2,
                                      63,
                                      BORDER,
                                      SQUELCH_PULSES - 1,
                                      SQUELCH_PULSES,
                                      SQUELCH_PULSES + 1,
                                      SQUELCH_PULSES + BORDER - 1,
                                      SQUELCH_PULSES + BORDER,
                                      SQUELCH_PULSES + BORDER + 1 };
    struct bench *b = *state;

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        begin(b, i);
        while (b->in.n < lengths[i])
            add_frame(b, 25);
        b->in.n = lengths[i];
        run(b, &b->out, 0, i % 2);
        check_same(&b->in, &b->out);
    }
}

static void test_noise_is_silence(void **state)
{
    struct bench *b = *state;
    size_t at[4];

    begin(b, 1);
    for (size_t i = 0; i < 4; i++) {
        noise_until(b, 1000 + 2500 * i);
        at[i] = b->in.n;
        add_frame(b, 1);
    }
    noise_until(b, 10000);
    run(b, &b->out, 0, false);
    check_sound(&b->in, &b->out);
    for (size_t i = 0; i < 4; i++)
        check_frame(&b->in, &b->out, at[i]);
    assert_true(b->out.n <= 4 * (FRAME_PULSES + 2 * NEAR + 1) + 1);
    for (size_t i = 0; i < 3; i++) {
        const size_t k = place(&b->in, &b->out, at[i]) + FRAME_PULSES;
        const size_t end = place(&b->in, &b->out, at[i + 1]);
        pulse_us longest = 0;
        for (size_t j = k; j < end; j++)
            longest = b->out.us[j] < longest ? b->out.us[j] : longest;
        assert_true(longest < -NOISE_US * 2000);
    }
}

/* Frames of which so many pulses lie before each border. */
static void check_borders(struct bench *b, size_t before)
{
    const size_t at[] = { 1000, BORDER - before, SQUELCH_PULSES - before,
                          SQUELCH_PULSES + 2000 };
    const size_t n = sizeof at / sizeof *at;

    begin(b, before);
    for (size_t i = 0; i < n; i++) {
        noise_until(b, at[i]);
        add_frame(b, 1);
    }
    noise_until(b, SQUELCH_PULSES + BORDER / 2);
    run(b, &b->out, 0, false);
    check_sound(&b->in, &b->out);
    for (size_t i = 0; i < n; i++)
        check_frame(&b->in, &b->out, at[i]);
    assert_true(b->out.n < n * (FRAME_PULSES + 2 * NEAR + 1) + 1);
}

static void test_borders(void **state)
{
    static const size_t before[] = { 0,  2,   4,   8,   16,  24,  40, 60,
                                     84, 100, 108, 116, 120, 122, 124 };
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        check_borders(*state, before[i]);
}

/* Silence that seems to be without end, in noise. */
static void test_longest_low(void **state)
{
    struct bench *b = *state;
    size_t n = 0;

    begin(b, 1);
    for (unsigned i = 0; i < 2; i++) {
        noise_until(b, 1000 + 4000 * i);
        add_frame(b, 1);
    }
    noise_until(b, 8000);
    for (size_t i = 2001; i < 4000; i += 2)
        b->in.us[i] = -PULSE_MAX_US;
    run(b, &b->out, 0, false);
    check_turns(&b->out);
    for (size_t i = 0; i < b->out.n; i++)
        n += b->out.us[i] == -PULSE_MAX_US;
    assert_int_equal(n, 1);
}

static void test_pieces(void **state)
{
    static const size_t piece[] = { 1, 7, 997, 4096 };
    struct bench *b = *state;

    begin(b, 1);
    for (size_t i = 0; i < 5; i++) {
        noise_until(b, b->in.n + 3000);
        add_frame(b, 1);
    }
    noise_until(b, b->in.n + 3000);
    run(b, &b->out, 0, false);
    assert_true(b->out.n < b->in.n / 4);
    for (size_t i = 0; i < sizeof piece / sizeof *piece; i++) {
        run(b, &b->again, piece[i], i % 2);
        check_same(&b->out, &b->again);
    }
}

/* Until it is full, or told that no more come. */
static void test_waits(void **state)
{
    struct bench *b = *state;
    size_t before, after;
    pulse_us out[8];

    memset(&b->gate, 0, sizeof b->gate);
    pulse_us *to = pulse_gate_room(&b->gate, &before);
    memcpy(to, ((const pulse_us[]){ 400, -800, 400 }), 3 * sizeof *to);
    pulse_gate_put(&b->gate, 3, false);
    assert_int_equal(pulse_gate_take(&b->gate, out, 8), 0);
    assert_ptr_equal(pulse_gate_room(&b->gate, &after), to + 3);
    assert_int_equal(after, before - 3);
    pulse_gate_put(&b->gate, 0, true);
    assert_int_equal(pulse_gate_take(&b->gate, out, 2), 2);
    assert_int_equal(out[1], -800);
    assert_int_equal(pulse_gate_take(&b->gate, out, 8), 1);
    assert_int_equal(out[0], 400);
    assert_int_equal(pulse_gate_take(&b->gate, out, 8), 0);
}

static void test_nothing(void **state)
{
    struct bench *b = *state;
    pulse_us out[8];

    memset(&b->gate, 0, sizeof b->gate);
    assert_int_equal(pulse_gate_take(&b->gate, out, 8), 0);
    for (unsigned i = 0; i < 4; i++) {
        pulse_gate_put(&b->gate, 0, i % 2);
        assert_int_equal(pulse_gate_take(&b->gate, out, 8), 0);
    }
}

/* Of frames, noise and pulses that nobody sends, beginning as it comes. */
static void draw(struct bench *b)
{
    const size_t n = count(b, 1, 40000);

    while (b->in.n < n) {
        const size_t kind = count(b, 0, 9);
        if (kind < 4)
            add_frame(b, 25);
        else if (kind < 8)
            noise_until(b, b->in.n + 2 * count(b, 0, 3000));
        else
            for (size_t i = count(b, 0, 9) * 2; i > 0; i--)
                add(b, pow(100000, synth_random_unit(&b->random)));
    }
    if (count(b, 0, 1))
        memmove(b->in.us, b->in.us + 1, --b->in.n * sizeof *b->in.us);
}

static void test_any_train(void **state)
{
    struct bench *b = *state;

    for (uint64_t seed = 1; seed <= 12; seed++) {
        begin(b, seed);
        draw(b);
        run(b, &b->out, count(b, 0, 5000), seed % 2);
        check_sound(&b->in, &b->out);
    }
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
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_any_length),
        cmocka_unit_test(test_noise_is_silence),
        cmocka_unit_test(test_borders),
        cmocka_unit_test(test_longest_low),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_waits),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_any_train),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
