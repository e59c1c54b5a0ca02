/* test_sitting - what is sent put together to presses.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/src/sat.h"

static struct sat a;
static struct sat_fob fob, other;

static void begin(void)
{
    fob = sat_fob(&protocol_hcs200);
    other = fob;
    other.serial = 0x1112223;
    other.seed = 99;
    a = sat_file(433.92e6, 600);
}

static const struct sitting_press *only(void)
{
    assert_int_equal(a.s->n_presses, 1);
    return &a.s->press[0];
}

static void copies_are_one_press(void **state)
{
    (void)state;
    begin();
    fob.sag_db = 3;
    fob.drift_hz = 700;
    sat_send(a.s, &fob, 1, 1);
    const struct sitting_press *p = only();
    assert_int_equal(p->copies, 4);
    assert_int_equal(p->bursts, 0);
    assert_int_equal(p->cut_offs, 0);
    sat_near(p->start_s, 1, 1e-5);
    sat_near(p->end_s, 1.38, 1e-5);
    sat_near(p->carrier_hz, 433.93e6, 1);
    sat_near(p->drift_hz, 700, 1);
    sat_near(p->sag_db, 3, 1e-3);
    sat_near(p->level_dbfs, -20, 1e-6);
    sat_near(p->te_us, 400, 1e-6);
    assert_true(p->is_keyed && !p->is_overload);
    assert_ptr_equal(p->frame.protocol, &protocol_hcs200);
}

static void one_copy_neither_sags_nor_drifts(void **state)
{
    (void)state;
    begin();
    fob.copies = 1;
    sat_send(a.s, &fob, 1, 1);
    assert_true(isnan(only()->sag_db) && isnan(only()->drift_hz));
}

/* Between copies: from end to end, and what of that is silence. */
static void pauses_are_measured(void **state)
{
    (void)state;
    begin();
    const struct bits b = sat_bits(&fob, 1);
    sat_copy(a.s, &fob, &b, 1, 0);
    assert_true(isnan(only()->period_s) && isnan(only()->gap_s));
    sat_copy(a.s, &fob, &b, 1.25, 1); /* the one between is not there */
    sat_near(only()->period_s, 0.25, 1e-5);
    sat_copy(a.s, &fob, &b, 1.375, 2);
    sat_copy(a.s, &fob, &b, 1.625, 3);
    sat_near(only()->period_s, 0.125, 1e-5);
    sat_near(only()->gap_s, 0.045, 1e-5); /* a frame lasts 0.08 s */
}

static void gain_stays_with_its_press(void **state)
{
    (void)state;
    begin();
    sitting_tune(a.s, 0, 433.92e6, 28);
    sat_send(a.s, &fob, 1, 1);
    sitting_set_gain(a.s, NAN);
    sat_send(a.s, &fob, 4, 1);
    sitting_set_gain(a.s, 20);
    sat_send(a.s, &fob, 7, 1);
    sat_end(&a);
    assert_int_equal(a.s->n_presses, 3);
    sat_near(a.s->press[0].gain_db, 28, 0);
    assert_true(isnan(a.s->press[1].gain_db));
    sat_near(a.s->press[2].gain_db, 20, 0);
}

static void a_copy_is_lost(void **state)
{
    (void)state;
    begin();
    const struct bits b = sat_bits(&fob, 1);
    sat_copy(a.s, &fob, &b, 1, 0);
    sat_copy(a.s, &fob, &b, 1.25, 1); /* the one between is not there */
    sat_copy(a.s, &fob, &b, 1.9, 2);  /* 0.57 s of silence */
    assert_int_equal(only()->copies, 3);
    sat_copy(a.s, &fob, &b, 2.61, 3); /* 0.63 s: another press */
    assert_int_equal(a.s->n_presses, 2);
}

/* In the order in which a press's runs come out of the pipeline. */
static void copies_out_of_order(void **state)
{
    (void)state;
    begin();
    const struct bits b = sat_bits(&fob, 1);
    for (unsigned k = 4; k-- > 0;)
        sat_copy(a.s, &fob, &b, 1 + 0.1 * k, k);
    sat_near(only()->start_s, 1, 1e-5);
    sat_near(only()->end_s, 1.38, 1e-5);
    assert_int_equal(only()->copies, 4);
}

static void anothers_frames_in_between(void **state)
{
    (void)state;
    begin();
    const struct bits b = sat_bits(&fob, 1), c = sat_bits(&other, 2);
    for (unsigned k = 0; k < 4; k++) {
        sat_copy(a.s, &fob, &b, 1 + 0.2 * k, k);
        sat_copy(a.s, &other, &c, 1.1 + 0.2 * k, k);
    }
    sat_end(&a);
    assert_int_equal(a.s->n_presses, 2);
    assert_int_equal(a.s->n_sources, 2);
    assert_int_equal(a.s->press[0].copies, 4);
    assert_int_equal(a.s->press[1].copies, 4);
    assert_int_not_equal(a.s->press[0].source, a.s->press[1].source);
}

static void held_button(void **state)
{
    (void)state;
    begin();
    fob.copies = 300;
    sat_send(a.s, &fob, 5, 1);
    assert_int_equal(only()->copies, 300);
    sat_near(only()->end_s - only()->start_s, 29.98, 1e-3);
}

static void quick_presses_of_two_codes(void **state)
{
    (void)state;
    begin();
    sat_send(a.s, &fob, 1, 1);
    sat_send(a.s, &fob, 1.45, 1);
    sat_end(&a);
    assert_int_equal(a.s->n_presses, 2);
    assert_int_equal(a.s->n_sources, 1);
    assert_int_equal(a.s->source[0].presses, 2);
}

/* A copy that was read badly is of the same press. */
static void unknown_beside_known(void **state)
{
    struct sat_fob bad;

    (void)state;
    begin();
    bad = sat_fob(NULL);
    for (unsigned first = 0; first < 2; first++) {
        begin();
        const struct bits b = sat_bits(&fob, 1), c = sat_bits(&bad, 1);
        for (unsigned k = 0; k < 4; k++)
            sat_copy(a.s, k == first ? &bad : &fob, k == first ? &c : &b,
                     1 + 0.1 * k, k);
        assert_int_equal(only()->copies, 4);
        assert_ptr_equal(only()->frame.protocol, &protocol_hcs200);
    }
    bad.carrier_hz += 20e3; /* another transmitter's */
    const struct bits c = sat_bits(&bad, 1);
    sat_copy(a.s, &bad, &c, 1.2, 0);
    assert_int_equal(a.s->n_presses, 2);
}

/* One frame of x and five of y, either first, within 0.1 s: one press. Its frame
 * is that of b. */
static void one_press_of(const struct sat_fob *x, const struct bits *one,
                         const struct sat_fob *y, const struct bits *five,
                         const struct bits *b)
{
    for (unsigned first = 0; first < 2; first++) {
        begin();
        if (first == 0)
            sat_copy(a.s, x, one, 1, 0);
        for (unsigned k = 0; k < 5; k++)
            sat_copy(a.s, y, five, 1.1 + 0.1 * k, k);
        if (first == 1)
            sat_copy(a.s, x, one, 1.6, 0);
        assert_int_equal(only()->copies, 6);
        assert_int_equal(only()->frame.bits.n, b->n);
        assert_memory_equal(only()->frame.bits.value, b->value, b->n);
    }
}

/* Beside `five`, which are proven. */
static void is_press(const struct bits *one, double confidence,
                     const struct bits *five, const struct bits *b)
{
    struct sat_fob x = sat_fob(NULL), y = x;

    x.confidence = confidence;
    y.verdict = VERDICT_PROVEN;
    one_press_of(&x, one, &y, five, b);
}

/* Of n bits. */
static struct bits random_bits(size_t n, uint64_t seed)
{
    struct sat_fob x = sat_fob(NULL);

    x.n_bits = n;
    x.seed = seed;
    return sat_bits(&x, 0);
}

/* A Subaru: 65 bits, of which 32 come five times more. */
static void the_longer_frame_is_the_press(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        const struct bits whole = random_bits(65, seed);
        struct bits start = whole;
        start.n = 32;
        is_press(&whole, 0.999, &start, &whole);
        is_press(&whole, 0.8, &start, &start); /* too doubtful */
    }
}

/* Two and more of them, some bits wrong. */
static void copies_run_together_say_no_more(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++)
        for (size_t n = 64; n <= 97; n += 11) {
            const struct bits start = random_bits(32, seed);
            struct bits longer = random_bits(n, seed);
            for (size_t i = 0; i < n; i++)
                longer.value[i] = start.value[i % 32];
            is_press(&longer, 0.999, &start, &start);
            for (size_t i = 0; i < 3; i++)
                longer.value[33 + 9 * i] ^= 1;
            is_press(&longer, 0.999, &start, &start);
        }
}

/* A copy that was read with bits too many. */
static void some_bits_too_many_say_no_more(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++)
        for (size_t n = 33; n < 40; n++) {
            const struct bits longer = random_bits(n, seed);
            struct bits start = longer;
            start.n = 32;
            is_press(&longer, 0.999, &start, &start);
        }
}

static void a_known_format_is_the_press(void **state)
{
    struct sat_fob x = sat_fob(NULL);

    (void)state;
    begin();
    fob.confidence = 0.6;
    for (x.n_bits = 40; x.n_bits <= 200; x.n_bits += 40) {
        const struct sat_fob y = fob;
        const struct bits known = sat_bits(&fob, 1), longer = sat_bits(&x, 1);
        one_press_of(&x, &longer, &y, &known, &known);
        assert_ptr_equal(only()->frame.protocol, &protocol_hcs200);
        one_press_of(&y, &known, &x, &longer, &known);
        assert_ptr_equal(only()->frame.protocol, &protocol_hcs200);
    }
}

static void bare_bursts(void **state)
{
    (void)state;
    begin();
    sat_burst(a.s, &fob, 1, 0.009, 0); /* a click */
    assert_int_equal(a.s->n_presses, 0);
    sat_burst(a.s, &fob, 1, 0.2, 0);
    sat_burst(a.s, &fob, 1.5, 0.2, 0);
    assert_int_equal(only()->bursts, 2);
    assert_int_equal(only()->copies, 0);
    assert_int_equal(only()->cut_offs, 0);
    assert_false(only()->is_keyed);
    assert_true(isnan(only()->level_dbfs));
    sat_burst(a.s, &fob, 2.5, 0.2, 0);
    assert_int_equal(a.s->n_presses, 2);
    fob.carrier_hz += 100e3;
    sat_burst(a.s, &fob, 2.5, 0.2, 0);
    assert_int_equal(a.s->n_presses, 3);
}

/* A burst with frames is told by them. */
static void bursts_of_frames_do_not_count(void **state)
{
    struct burst_report b = {
        .at = 1000000, .samples = 100000, .te_us = 400, .n_frames = 2
    };

    (void)state;
    begin();
    b.reception = sat_reception(a.s, &fob);
    sitting_burst(a.s, &b);
    assert_int_equal(a.s->n_presses, 0);
    sat_near(a.s->band[0].noise_dbfs, -40, 1e-9);
}

static void cut_offs_in_a_press(void **state)
{
    (void)state;
    begin();
    sat_burst(a.s, &fob, 0.9, 0.05, 402);
    sat_send(a.s, &fob, 1, 1);
    sat_burst(a.s, &fob, 1.45, 0.05, 396);
    assert_int_equal(only()->copies, 4);
    assert_int_equal(only()->cut_offs, 2);
    sat_near(only()->start_s, 0.9, 1e-5);
    sat_near(only()->end_s, 1.5, 1e-5);
    sat_burst(a.s, &fob, 1.6, 0.05, 600); /* another clock */
    assert_int_equal(a.s->n_presses, 2);
    sat_end(&a);
    assert_int_equal(a.s->n_sources, 2);
}

static void overload_stays_with_its_press(void **state)
{
    (void)state;
    begin();
    fob.is_overload = true;
    sat_send(a.s, &fob, 1, 1);
    fob.is_overload = false;
    sat_send(a.s, &fob, 5, 1);
    assert_true(a.s->press[0].is_overload);
    assert_false(a.s->press[1].is_overload);
}

static void bands_are_watched_in_turn(void **state)
{
    struct sitting *s;

    (void)state;
    a = sat_live(SAT_ALL);
    s = a.s;
    assert_int_equal(s->n_bands, 3);
    for (size_t i = 0; i < 3; i++)
        sat_near(s->band[i].watched_s, 1, 1e-3);
    sat_near(s->watched_s, 3, 1e-3);
    sitting_tune(s, sat_at(s, 3), 315e6, 20);
    sitting_tune(s, sat_at(s, 5), 433.92e6, 40);
    sitting_watch(s, sat_at(s, 5.5));
    sitting_watch(s, sat_at(s, 4)); /* time does not go back */
    sat_near(s->band[0].watched_s, 3, 1e-3);
    sat_near(s->band[1].watched_s, 1.5, 1e-3);
    sat_near(s->gain_db, 40, 0);
    assert_int_equal(s->tuned, 1);
    /* what is heard is of the band that is tuned to */
    fob = sat_fob(&protocol_hcs200);
    sat_send(s, &fob, 5.2, 1);
    sat_near(s->press[0].carrier_hz, fob.carrier_hz, 1);
    sat_near(s->band[0].noise_dbfs, -40, 1e-9);
    sat_near(s->band[1].noise_dbfs, -40, 1e-9);
}

static void more_bands_than_there_is_room_for(void **state)
{
    (void)state;
    a = sat_live(SAT_315);
    for (unsigned i = 0; i < 20; i++)
        sitting_tune(a.s, sat_at(a.s, 3 + i), 400e6 + 1e6 * i, 0);
    assert_int_equal(a.s->n_bands, SITTING_BANDS_MAX);
    assert_true(a.s->tuned < SITTING_BANDS_MAX);
    /* a carrier is from the centre all the same: 419 MHz */
    fob = sat_fob(&protocol_hcs200);
    fob.carrier_hz = 419.03e6;
    sat_send(a.s, &fob, 23, 1);
    sat_near(a.s->press[0].carrier_hz, 419.03e6, 1);
}

static void centres_not_known_are_one(void **state)
{
    (void)state;
    a = sat_live(SAT_315);
    for (unsigned i = 0; i < 3; i++)
        sitting_tune(a.s, sat_at(a.s, 3 + i), NAN, 0);
    assert_int_equal(a.s->n_bands, 2);
}

/* Of several rates: each begins behind the one before. */
static void recordings_are_joined(void **state)
{
    double end_s = 0;

    (void)state;
    begin();
    sitting_init(a.s, 1, false);
    for (unsigned i = 0; i < 3; i++) {
        const double rate_hz = 250e3 * (i + 1);

        sitting_join(a.s, rate_hz);
        sitting_tune(a.s, 0, 433.92e6, NAN);
        sat_near(sitting_seconds(a.s, 0), i == 0 ? 0 : end_s + 5, 1e-9);
        sat_send(a.s, &fob, a.s->offset_s + 0.1, 1);
        sitting_watch(a.s, (uint64_t)(2 * rate_hz));
        end_s = a.s->watched_s;
    }
    sat_end(&a);
    sat_near(end_s, 16, 1e-6);
    assert_int_equal(a.s->n_bands, 1);
    sat_near(a.s->band[0].watched_s, 6, 1e-6); /* not the time between */
    assert_int_equal(a.s->n_presses, 3);
    assert_int_equal(a.s->n_sources, 1);
    sat_near(a.s->press[2].start_s, 14.1, 1e-4);
}

static void limits(void **state)
{
    (void)state;
    begin();
    fob.copies = 1;
    for (unsigned i = 0; i < SITTING_PRESSES_MAX + 7; i++)
        sat_send(a.s, &fob, 2 * i, 1);
    assert_int_equal(a.s->n_presses, SITTING_PRESSES_MAX);
    assert_int_equal(a.s->left_out, 7);
    sat_end(&a);
    assert_int_equal(a.s->source[0].presses, SITTING_PRESSES_MAX);

    begin();
    for (unsigned i = 0; i < SITTING_SOURCES_MAX + 9; i++) {
        fob.serial = i;
        sat_send(a.s, &fob, 2 * i, 1);
    }
    sat_end(&a);
    assert_int_equal(a.s->n_sources, SITTING_SOURCES_MAX);
    assert_int_equal(a.s->press[SITTING_SOURCES_MAX + 8].source, -1);
    assert_false(sitting_is_fobs(a.s, SITTING_SOURCES_MAX + 8));

    begin();
    for (unsigned i = 0; i < SITTING_PROMPTS_MAX; i++)
        assert_true(sitting_ask(a.s, i, "a button of a very long name", false));
    assert_int_equal(strlen(a.s->prompt[0].button), SITTING_BUTTON_MAX - 1);
    assert_false(sitting_ask(a.s, 200, "lock", false));
    assert_int_equal(a.s->n_prompts, SITTING_PROMPTS_MAX);
    sat_near(a.s->prompt[SITTING_PROMPTS_MAX - 1].end_s, 200, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_one_press),
        cmocka_unit_test(one_copy_neither_sags_nor_drifts),
        cmocka_unit_test(pauses_are_measured),
        cmocka_unit_test(gain_stays_with_its_press),
        cmocka_unit_test(a_copy_is_lost),
        cmocka_unit_test(copies_out_of_order),
        cmocka_unit_test(anothers_frames_in_between),
        cmocka_unit_test(held_button),
        cmocka_unit_test(quick_presses_of_two_codes),
        cmocka_unit_test(unknown_beside_known),
        cmocka_unit_test(the_longer_frame_is_the_press),
        cmocka_unit_test(copies_run_together_say_no_more),
        cmocka_unit_test(some_bits_too_many_say_no_more),
        cmocka_unit_test(a_known_format_is_the_press),
        cmocka_unit_test(bare_bursts),
        cmocka_unit_test(bursts_of_frames_do_not_count),
        cmocka_unit_test(cut_offs_in_a_press),
        cmocka_unit_test(overload_stays_with_its_press),
        cmocka_unit_test(bands_are_watched_in_turn),
        cmocka_unit_test(more_bands_than_there_is_room_for),
        cmocka_unit_test(centres_not_known_are_one),
        cmocka_unit_test(recordings_are_joined),
        cmocka_unit_test(limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
