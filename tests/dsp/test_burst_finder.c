/* Bursts in rows of exponential noise: none, weak ones, several at once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsp/burst_finder.h"
#include "tests/support/rows.h"

enum { FOUND_MAX = 64 };

/* Power added to bins low .. high in rows first .. end - 1. */
struct energy {
    size_t low, high, first, end;
    float power; /* over the noise, in each bin */
};

struct bench {
    struct burst_finder finder;
    struct synth_random random;
    float noise[ROWS_BINS]; /* power of a bin */
    struct energy energy[8];
    size_t row, n;
    struct burst found[FOUND_MAX];
    struct burst *room;
};

static void begin(struct bench *b, uint64_t seed, double max_seconds)
{
    const struct burst_finder_cfg cfg = { .rate_hz = ROWS_RATE,
                                          .bins = ROWS_BINS,
                                          .hops = ROWS_HOPS,
                                          .max_seconds = max_seconds };

    *b = (struct bench){ .random = { seed } };
    assert_int_equal(burst_finder_init(&b->finder, &cfg), 0);
    for (size_t i = 0; i < ROWS_BINS; i++)
        b->noise[i] = 1;
    assert_true(burst_finder_bound(&b->finder) >= BURST_FINDER_OPEN_MAX);
    b->room = calloc(burst_finder_bound(&b->finder), sizeof *b->room);
    assert_non_null(b->room);
}

static void keep(struct bench *b, size_t n, size_t most)
{
    assert_true(n <= most);
    for (size_t i = 0; i < n && b->n < FOUND_MAX; i++)
        b->found[b->n++] = b->room[i];
}

static void run(struct bench *b, size_t rows)
{
    float mean[ROWS_BINS], row[ROWS_BINS];

    for (size_t end = b->row + rows; b->row < end; b->row++) {
        memcpy(mean, b->noise, sizeof mean);
        for (const struct energy *e = b->energy; e->power > 0; e++)
            for (size_t i = e->low; i <= e->high; i++)
                if (b->row >= e->first && b->row < e->end)
                    mean[i] += e->power * b->noise[i];
        rows_make(&b->random, mean, row);
        size_t n = burst_finder_process(&b->finder, row, b->room);
        keep(b, n,
             b->row + 1 == BURST_FINDER_PRIME_ROWS
                 ? burst_finder_bound(&b->finder)
                 : BURST_FINDER_OPEN_MAX);
    }
}

static void end(struct bench *b)
{
    keep(b, burst_finder_flush(&b->finder, b->room),
         burst_finder_bound(&b->finder));
    burst_finder_finish(&b->finder);
    free(b->room);
}

/* The lower edge of a bin, from the centre. */
static double edge_hz(size_t bin)
{
    return ((double)bin - 0.5 - ROWS_BINS / 2) * ROWS_BIN_HZ;
}

/* Is all of the energy inside the box? */
static bool is_around(const struct burst *b, const struct energy *e)
{
    return b->at <= e->first * ROWS_SAMPLES &&
           b->at + b->samples >= e->end * ROWS_SAMPLES &&
           b->low_hz <= edge_hz(e->high) && b->high_hz >= edge_hz(e->low + 1) &&
           b->peak_hz >= edge_hz(e->low) && b->peak_hz <= edge_hz(e->high + 1);
}

/* 146,500 rows of a band that is 10 dB down at its ends. */
static void ten_minutes_of_noise_have_no_burst(void **state)
{
    static struct bench b;

    (void)state;
    begin(&b, 1, 1.4);
    for (size_t i = 0; i < ROWS_BINS; i++) {
        double x = ((double)i - 64) / 64;
        b.noise[i] = (float)pow(10, -3 - x * x);
    }
    run(&b, (size_t)(600 / ROWS_SECONDS));
    end(&b);
    assert_int_equal(b.n, 0);
}

/* E/N0 at the decode limit of HCS frames is 10.5 dB at a TE of 400 us, 14 kHz
 * of N0 on average as half of the chips are on. Spread over three bins of 1953
 * Hz that is 2.4 of noise; 6 dB less is 0.6. */
static void a_burst_too_weak_to_decode_is_found(void **state)
{
    static struct bench b;
    size_t found = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        begin(&b, 100 + seed, 1.4);
        b.energy[0] = (struct energy){ 90, 92, 300, 325, 0.6f };
        run(&b, 500);
        end(&b);
        assert_true(b.n <= 1);
        found += b.n == 1 && b.found[0].peak_hz > edge_hz(89) &&
                 b.found[0].peak_hz < edge_hz(94) &&
                 b.found[0].at < 310 * ROWS_SAMPLES &&
                 b.found[0].at + b.found[0].samples > 315 * ROWS_SAMPLES;
    }
    assert_int_equal(found, 20);
}

/* 20 dB, of which the box's room takes 1 dB. */
static void a_box_is_around_its_burst(void **state)
{
    static struct bench b;

    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        begin(&b, 200 + seed, 1.4);
        for (size_t i = 0; i < ROWS_BINS; i++)
            b.noise[i] = 1e-3f;
        b.energy[0] =
            (struct energy){ 20, 22, 200 + 7 * seed, 400 + 7 * seed, 100 };
        run(&b, 700);
        end(&b);
        assert_int_equal(b.n, 1);
        assert_true(is_around(&b.found[0], &b.energy[0]));
        /* some room, not seconds of it */
        assert_true(b.found[0].samples < (200 + 80) * ROWS_SAMPLES);
        assert_true(b.found[0].high_hz - b.found[0].low_hz < 12 * ROWS_BIN_HZ);
        assert_float_equal((float)b.found[0].floor, 1e-3f, 1.5e-4f);
        assert_float_equal((float)b.found[0].snr_db, 20, 1.5f);
    }
}

static void two_far_apart_are_two(void **state)
{
    static struct bench b;

    (void)state;
    begin(&b, 300, 1.4);
    b.energy[0] = (struct energy){ 20, 22, 300, 330, 20 };
    b.energy[1] = (struct energy){ 100, 101, 310, 350, 20 };
    b.energy[2] = (struct energy){ 100, 101, 700, 740, 20 };
    run(&b, 1000);
    end(&b);
    assert_int_equal(b.n, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(is_around(&b.found[i], &b.energy[i]));
}

/* In order of their end. */
static void many_come_in_order(void **state)
{
    static struct bench b;

    (void)state;
    begin(&b, 301, 1.4);
    for (size_t i = 0; i < 7; i++)
        b.energy[i] = (struct energy){ i % 2 ? 110 : 10, i % 2 ? 111 : 11,
                                       300 + 40 * i, 320 + 40 * i, 30 };
    run(&b, 800);
    end(&b);
    assert_int_equal(b.n, 7);
    for (size_t i = 0; i < 7; i++)
        assert_true(is_around(&b.found[i], &b.energy[i]));
}

/* Long sums stay hot for 130 ms, and neither keep a burst open nor tell it a
 * second time. The weaker is hot in sums of four rows only. */
static void a_burst_is_told_soon_after_its_end_and_once(void **state)
{
    static struct bench b;
    const float power[] = { 100, 10, 1.5f };
    const size_t within = (size_t)(0.1 / ROWS_SECONDS);

    (void)state;
    for (size_t i = 0; i < 3; i++)
        for (uint64_t seed = 0; seed < 8; seed++) {
            begin(&b, 400 + seed, 1.4);
            const size_t last = 400 + seed;
            b.energy[0] = (struct energy){ 70, 72, 300, last, power[i] };
            run(&b, last + within);
            assert_int_equal(b.n, 1);
            assert_true(b.found[0].at + b.found[0].samples >=
                        (last - 2) * ROWS_SAMPLES);
            run(&b, 100);
            end(&b);
            assert_int_equal(b.n, 1);
        }
}

/* A press may follow while the long sums still hold the one before it. */
static void a_burst_in_the_afterglow_of_another_is_found(void **state)
{
    static struct bench b;

    (void)state;
    for (size_t pause = 22; pause < 40; pause++) {
        begin(&b, 420 + pause, 1.4);
        b.energy[0] = (struct energy){ 70, 72, 300, 400, 30 };
        b.energy[1] = (struct energy){ 70, 72, 400 + pause, 440 + pause, 1.5f };
        run(&b, 700);
        end(&b);
        assert_int_equal(b.n, 2);
        assert_true(b.found[1].at + b.found[1].samples >=
                    (438 + pause) * ROWS_SAMPLES);
    }
}

/* Rows of one short strong burst: 4 ms at 20 dB. */
static void a_short_strong_burst_is_found(void **state)
{
    static struct bench b;

    (void)state;
    begin(&b, 302, 1.4);
    b.energy[0] = (struct energy){ 70, 71, 400, 401, 100 };
    run(&b, 600);
    end(&b);
    assert_int_equal(b.n, 1);
    assert_true(is_around(&b.found[0], &b.energy[0]));
}

/* Priming looks at the first half second and forgets none of it. */
static void bursts_at_both_ends_of_the_input_are_found(void **state)
{
    static struct bench b;

    (void)state;
    for (size_t rows = 30; rows < 500; rows += 90) {
        begin(&b, 303 + rows, 1.4);
        b.energy[0] = (struct energy){ 40, 42, 0, 20, 30 };
        run(&b, rows);
        end(&b);
        assert_int_equal(b.n, 1);
        assert_int_equal(b.found[0].at, 0);
        assert_true(b.found[0].samples >= 20 * ROWS_SAMPLES);
    }
    begin(&b, 310, 1.4);
    b.energy[0] = (struct energy){ 40, 42, 480, 600, 30 };
    run(&b, 500);
    end(&b);
    assert_int_equal(b.n, 1);
    assert_true(b.found[0].at <= 480 * ROWS_SAMPLES);
    assert_true(b.found[0].at + b.found[0].samples >= 500 * ROWS_SAMPLES);
}

static void a_steady_carrier_is_reported_but_not_for_ever(void **state)
{
    static struct bench b;

    (void)state;
    begin(&b, 311, 1.4);
    b.energy[0] = (struct energy){ 40, 41, 300, SIZE_MAX, 30 };
    run(&b, 300 + (size_t)(5 / ROWS_SECONDS));
    size_t n = b.n;
    assert_true(n >= 1);
    run(&b, (size_t)(60 / ROWS_SECONDS));
    end(&b);
    assert_int_equal(b.n, n);
}

/* The weak place is 25 ms in the last part of the second that fits. */
static void a_long_burst_is_cut_where_it_is_weakest(void **state)
{
    static struct bench b;

    (void)state;
    begin(&b, 312, 1.0);
    b.energy[0] = (struct energy){ 40, 42, 300, 500, 30 };
    b.energy[1] = (struct energy){ 40, 42, 500, 506, 8 };
    b.energy[2] = (struct energy){ 40, 42, 506, 650, 30 };
    run(&b, 1000);
    end(&b);
    assert_int_equal(b.n, 2);
    uint64_t cut = (b.found[0].at + b.found[0].samples) / ROWS_SAMPLES;
    assert_true(b.found[0].at <= 300 * ROWS_SAMPLES);
    assert_true(cut >= 500 && cut <= 507);
    assert_true(b.found[1].at / ROWS_SAMPLES >= 470);
    assert_true(b.found[1].at / ROWS_SAMPLES <= 506);
    assert_true(b.found[1].at + b.found[1].samples >= 650 * ROWS_SAMPLES);
}

/* What comes out must still be in a ring of raw samples. */
static void no_burst_starts_before_its_memory(void **state)
{
    static struct bench b;

    (void)state;
    begin(&b, 313, 0.5);
    b.energy[0] = (struct energy){ 40, 42, 300, 620, 30 };
    for (size_t i = 0; i < 900; i++) {
        size_t n = b.n;
        run(&b, 1);
        for (; n < b.n; n++)
            assert_true(b.row * ROWS_SAMPLES - b.found[n].at <=
                        burst_finder_memory_rows(&b.finder) * ROWS_SAMPLES);
    }
    end(&b);
    assert_true(b.n >= 2);
}

static void silence_has_no_burst(void **state)
{
    static struct bench b;

    (void)state;
    begin(&b, 314, 1.4);
    memset(b.noise, 0, sizeof b.noise);
    run(&b, 2000);
    end(&b);
    assert_int_equal(b.n, 0);
}

/* The rows that follow count from 0, and their noise is known. */
static void begin_anew(struct bench *b)
{
    keep(b, burst_finder_flush(&b->finder, b->room),
         burst_finder_bound(&b->finder));
    burst_finder_reset(&b->finder);
    b->row = b->n = 0;
}

static void the_floor_stays_after_a_reset(void **state)
{
    static struct bench b;

    (void)state;
    begin(&b, 600, 1.4);
    assert_false(burst_finder_is_settled(&b.finder));
    run(&b, BURST_FINDER_PRIME_ROWS - 1);
    assert_false(burst_finder_is_settled(&b.finder));
    run(&b, 1);
    assert_true(burst_finder_is_settled(&b.finder));
    for (size_t round = 0; round < 5; round++) {
        begin_anew(&b);
        assert_true(burst_finder_is_settled(&b.finder));
        assert_int_equal(burst_finder_settled(&b.finder), 0);
        b.energy[0] = (struct energy){ 90, 92, 5 + round, 30, 100 };
        run(&b, 30 + 25 + round); /* within 100 ms of its end */
        assert_int_equal(b.n, 1);
        assert_true(is_around(&b.found[0], &b.energy[0]));
        run(&b, 40);
        assert_int_equal(b.n, 1);
    }
    end(&b);
}

/* What was open is told by flush, and is not open any more. */
static void a_reset_ends_what_is_open(void **state)
{
    static struct bench b;

    (void)state;
    begin(&b, 601, 1.4);
    b.energy[0] = (struct energy){ 90, 92, 200, 230, 100 };
    run(&b, 230);
    assert_int_equal(b.n, 0);
    assert_true(burst_finder_is_busy(&b.finder));
    keep(&b, burst_finder_flush(&b.finder, b.room),
         burst_finder_bound(&b.finder));
    assert_int_equal(b.n, 1);
    burst_finder_reset(&b.finder);
    assert_false(burst_finder_is_busy(&b.finder));
    b.energy[0].power = 0;
    run(&b, 300);
    assert_int_equal(b.n, 1);
    end(&b);
}

/* Before there is a floor, it is as at the beginning. */
static void an_early_reset_begins_anew(void **state)
{
    static struct bench b;

    (void)state;
    begin(&b, 602, 1.4);
    begin_anew(&b);
    assert_false(burst_finder_is_settled(&b.finder));
    run(&b, 20);
    begin_anew(&b);
    run(&b, BURST_FINDER_PRIME_ROWS);
    assert_true(burst_finder_is_settled(&b.finder));
    b.energy[0] = (struct energy){ 90, 92, 150, 180, 100 };
    run(&b, 200);
    assert_int_equal(b.n, 1);
    assert_true(is_around(&b.found[0], &b.energy[0]));
    end(&b);
}

/* Noise is not, nor a burst 6 dB too weak. */
static void busy_is_what_may_be_decoded(void **state)
{
    static struct bench b;

    (void)state;
    begin(&b, 603, 1.4);
    assert_false(burst_finder_is_busy(&b.finder));
    b.energy[0] = (struct energy){ 90, 92, 300, 325, 100 };
    b.energy[1] = (struct energy){ 40, 42, 600, 625, 0.6f };
    while (b.row < 1000) {
        const bool is_busy = burst_finder_is_busy(&b.finder);
        if (b.row <= 300 || b.row > 325 + 30)
            assert_false(is_busy);
        if (b.row >= 305 && b.row <= 325)
            assert_true(is_busy);
        run(&b, 1);
    }
    end(&b);
    assert_int_equal(b.n, 2);
}

static void settings_are_bounded(void **state)
{
    const struct burst_finder_cfg good = { ROWS_RATE, ROWS_BINS, ROWS_HOPS, 1 };
    struct burst_finder f = { 0 };
    struct burst_finder_cfg c = good;

    (void)state;
    burst_finder_finish(&f);
    c.hops = 0;
    assert_int_equal(burst_finder_init(&f, &c), -EINVAL);
    c = good;
    c.rate_hz = 0;
    assert_int_equal(burst_finder_init(&f, &c), -EINVAL);
    assert_int_equal(burst_finder_init(&f, &good), 0);
    burst_finder_finish(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_minutes_of_noise_have_no_burst),
        cmocka_unit_test(a_burst_too_weak_to_decode_is_found),
        cmocka_unit_test(a_box_is_around_its_burst),
        cmocka_unit_test(two_far_apart_are_two),
        cmocka_unit_test(many_come_in_order),
        cmocka_unit_test(a_burst_is_told_soon_after_its_end_and_once),
        cmocka_unit_test(a_burst_in_the_afterglow_of_another_is_found),
        cmocka_unit_test(a_short_strong_burst_is_found),
        cmocka_unit_test(bursts_at_both_ends_of_the_input_are_found),
        cmocka_unit_test(a_steady_carrier_is_reported_but_not_for_ever),
        cmocka_unit_test(a_long_burst_is_cut_where_it_is_weakest),
        cmocka_unit_test(no_burst_starts_before_its_memory),
        cmocka_unit_test(silence_has_no_burst),
        cmocka_unit_test(the_floor_stays_after_a_reset),
        cmocka_unit_test(a_reset_ends_what_is_open),
        cmocka_unit_test(an_early_reset_begins_anew),
        cmocka_unit_test(busy_is_what_may_be_decoded),
        cmocka_unit_test(settings_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
