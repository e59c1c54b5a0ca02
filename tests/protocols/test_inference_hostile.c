/* Whatever the frames are, a table comes out, and soon.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <time.h>

#include "tests/protocols/inferred.h"
#include "tests/protocols/presses.h"

static struct presses presses;
static struct inference found;

static void find(enum line_kind kind)
{
    if (inference_find(&inferrer, presses.frame, presses.n, kind, &found))
        presses_assert_sane(&found);
    else
        assert_int_equal(found.n, 0);
}

/* A serial of 28 bits and as many random ones. */
static void make(size_t n, struct synth_random *r)
{
    const uint64_t serial = synth_random_u64(r);

    presses.n = 0;
    for (size_t i = 0; i < n; i++) {
        struct bits *b = presses_add(&presses, 0, (int)(i % 3));

        presses_append(b, 28, serial);
        presses_append_random(b, 28, r);
    }
}

static void likelihoods_may_be_no_numbers(void **state)
{
    static const float values[] = { NAN,    INFINITY, -INFINITY, 0,
                                    1e-40f, 3e38f,    -3e38f,    -NAN };

    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct synth_random r = { seed + 1 };

        make(12, &r);
        for (size_t i = 0; i < presses.n; i++)
            for (size_t k = 0; k < presses.bits[i].n; k++)
                if (synth_random_u64(&r) % 8 < seed / 2)
                    presses.bits[i].llr[k] = values[synth_random_u64(&r) % 8];
        find(LINE_MANCHESTER);
        find(LINE_DIFF_MANCHESTER);
        find(LINE_PPM);
    }
}

/* Not a number says nothing of a bit: it is no sure 0. */
static void no_number_is_no_evidence(void **state)
{
    struct synth_random r = { 3 };

    (void)state;
    make(12, &r);
    for (size_t i = 0; i < presses.n; i++) {
        presses_set_bit(&presses.bits[i], 27, 1);
        if (i % 2)
            presses.bits[i].llr[27] = NAN;
    }
    find(LINE_PWM);
    assert_int_equal(found.field[0].role, ROLE_IDENTITY);
    assert_int_equal(found.field[0].bits, 28);
}

static void lengths_may_be_any(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct synth_random r = { seed };

        presses.n = 0;
        for (size_t i = 0; i < 30; i++)
            presses_append_random(presses_add(&presses, (unsigned)(i % 3), -1),
                                  synth_random_u64(&r) % (seed * 10), &r);
        find(LINE_PWM);
        find(LINE_MANCHESTER);
    }
    for (size_t n = 0; n <= 40; n++) { /* short ones */
        struct synth_random r = { n };

        presses.n = 0;
        for (size_t i = 0; i < 6; i++)
            presses_append_random(presses_add(&presses, 0, 0), n, &r);
        find(LINE_MANCHESTER);
        assert_int_equal(found.n_bits, n);
    }
}

static void fobs_and_buttons_may_be_any(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct synth_random r = { seed };

        make(40, &r);
        for (size_t i = 0; i < presses.n; i++) {
            presses.frame[i].fob = (unsigned)(synth_random_u64(&r) >> 16);
            presses.frame[i].button =
                (int)(unsigned)(synth_random_u64(&r) >> 16);
        }
        find(LINE_PWM);
        assert_true(found.frames + found.left_out == 40);
        assert_true(found.fobs == 16); /* more are left out */
        presses.frame[0].button = INT32_MIN;
        presses.frame[1].button = INT32_MAX;
        presses.frame[2].fob = UINT32_MAX;
        find(LINE_PWM);
    }
}

/* A flag in each nibble: more fields than the table has room for. */
static void make_flags(void)
{
    enum { FLAGS_BITS = 200 };
    struct synth_random r = { 5 };
    struct bits base = { 0 };

    presses_append_random(&base, FLAGS_BITS, &r);
    presses.n = 0;
    for (size_t i = 0; i < 40; i++) {
        struct bits *b = presses_add(&presses, 0, -1);

        *b = base;
        for (size_t k = 2; k < FLAGS_BITS; k += 4)
            presses_set_bit(b, k, (unsigned)(synth_random_u64(&r) >> 40) & 1);
    }
}

static void many_fields_cover_all_bits(void **state)
{
    (void)state;
    make_flags();
    find(LINE_PWM);
}

/* What one fob cannot show is not crowded out by the fields that are open. */
static void another_fob_is_wanted_however_much_is_open(void **state)
{
    bool is_wanted = false;

    (void)state;
    make_flags();
    assert_true(
        inference_find(&inferrer, presses.frame, presses.n, LINE_PWM, &found));
    assert_int_equal(found.fobs, 1);
    for (size_t i = 0; i < found.n_wants; i++)
        is_wanted |= found.want[i].kind == WANT_FOB;
    assert_true(is_wanted);
}

/* Measured: random frames 1.0 s in the usual build; as Manchester, which is read both
 * ways, 2.9 s, and 7.0 s if every second column changes in every second frame. Of CPU
 * time: a slow machine, with sanitizers, may take twenty times as long. */
static void the_most_frames_do_not_take_long(void **state)
{
    enum { SECONDS_MAX = 20 };
    struct synth_random r = { 7 };
    clock_t start;
    double seconds;

    (void)state;
    presses.n = 0;
    for (size_t i = 0; i < INFERENCE_FRAMES_MAX; i++)
        presses_append_random(presses_add(&presses, 0, (int)(i % 5)), BITS_MAX,
                              &r);
    start = clock();
    find(LINE_PWM);
    seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    print_message("%u frames of %u bits: %.2f s\n", INFERENCE_FRAMES_MAX,
                  BITS_MAX, seconds);
    assert_int_equal(found.n_bits, BITS_MAX);
    assert_true(seconds < SECONDS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(likelihoods_may_be_no_numbers),
        cmocka_unit_test(no_number_is_no_evidence),
        cmocka_unit_test(lengths_may_be_any),
        cmocka_unit_test(fobs_and_buttons_may_be_any),
        cmocka_unit_test(many_fields_cover_all_bits),
        cmocka_unit_test(another_fob_is_wanted_however_much_is_open),
        cmocka_unit_test(the_most_frames_do_not_take_long),
    };

    return cmocka_run_group_tests(tests, open_inferrer, close_inferrer);
}
