/* Frames with bits too few and too many come to lie on each other.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/inference_impl.h"
#include "tests/protocols/presses.h"

enum {
    FRAMES = 10,
    FIXED = 48,
    ROLLING = 24,
    N_BITS = FIXED + ROLLING,
    NEAR = 6, /* bits by which a slip may seem to be elsewhere */
};

static struct presses presses;
static struct aligned aligned;

/* A serial of n - ROLLING bits, then random ones. */
static void make(size_t n_frames, size_t n_bits, unsigned fob, uint64_t seed)
{
    struct synth_random r = { seed };
    struct bits serial = { 0 };

    presses_append_random(&serial, n_bits - ROLLING, &r);
    for (size_t i = 0; i < n_frames; i++) {
        struct bits *b = presses_add(&presses, fob, -1);

        *b = serial;
        presses_append_random(b, ROLLING, &r);
    }
}

static void start(size_t n_frames, size_t n_bits, uint64_t seed)
{
    presses.n = 0;
    make(n_frames, n_bits, 0, seed);
}

static bool align(void)
{
    return inference_align(&aligned, presses.frame, presses.n);
}

/* Frame i's column is bit `bit` of `from`. */
static void assert_column(size_t i, size_t column, const struct bits *from,
                          size_t bit)
{
    assert_int_equal(aligned.value[i][column], from->value[bit]);
    assert_true(from->value[bit] ? aligned.p[i][column] > 0.99f
                                 : aligned.p[i][column] < 0.01f);
}

/* So many columns frame i has no bit on. */
static size_t count_empty(size_t i)
{
    size_t n = 0;

    for (size_t k = 0; k < aligned.n_bits; k++)
        n += aligned.p[i][k] == 0.5f;
    return n;
}

static void frames_that_fit_are_left_as_they_are(void **state)
{
    (void)state;
    start(FRAMES, N_BITS, 1);
    assert_true(align());
    assert_int_equal(aligned.n_bits, N_BITS);
    assert_int_equal(aligned.n, FRAMES);
    assert_int_equal(aligned.left_out, 0);
    assert_int_equal(aligned.slipped, 0);
    for (size_t i = 0; i < FRAMES; i++) {
        assert_true(aligned.is_clean[i]);
        for (size_t k = 0; k < N_BITS; k++)
            assert_column(i, k, &presses.bits[i], k);
    }
    for (size_t k = 0; k < FIXED; k++)
        assert_false(aligned.varies[k]);
}

static void columns_that_change_are_told(void **state)
{
    (void)state;
    start(3, N_BITS, 1);
    for (size_t i = 0; i < 3; i++) {
        presses_set_bit(&presses.bits[i], 5, i == 1);
        presses_set_bit(&presses.bits[i], 9, i == 1);
        presses.bits[i].llr[9] *= i == 1 ? 0.05f : 1; /* in doubt */
    }
    assert_true(align());
    assert_true(aligned.varies[5]);
    assert_false(aligned.varies[9]);
    assert_true(aligned.is_clean[0]);
    assert_false(aligned.is_clean[1]);
}

/* The first bit lost, the last, the first there twice. */
static void ends_may_be_wrong(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct bits whole[FRAMES];

        start(FRAMES, N_BITS, seed);
        memcpy(whole, presses.bits, sizeof whole);
        presses_drop(&presses.bits[2], 0);
        presses_drop(&presses.bits[4], N_BITS - 1);
        presses_double(&presses.bits[6], 0);
        presses_append(&presses.bits[8], 1, seed & 1);
        assert_true(align());
        assert_int_equal(aligned.n_bits, N_BITS);
        assert_int_equal(aligned.n, FRAMES);
        assert_int_equal(aligned.slipped, 4);
        assert_true(aligned.p[2][0] == 0.5f);
        for (size_t i = 2; i <= 8; i += 2)
            for (size_t k = i == 2; k < FIXED; k++)
                assert_column(i, k, &whole[i], k);
    }
}

/* Random bits that agree with those of other frames by chance are no reason to
 * move a rolling code against the serial in front of it. */
static void a_rolling_code_moves_with_its_serial(void **state)
{
    unsigned wrong = 0, all = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++)
        for (unsigned is_lost = 0; is_lost < 2; is_lost++) {
            struct bits whole;

            start(FRAMES, N_BITS, seed);
            whole = presses.bits[2];
            if (is_lost)
                presses_drop(&presses.bits[2], 0);
            else
                presses_double(&presses.bits[2], 0);
            assert_true(align());
            for (size_t k = FIXED; k < N_BITS; k++, all++)
                wrong += aligned.p[2][k] == 0.5f ||
                         aligned.value[2][k] != whole.value[k];
        }
    print_message("of %u bits of rolling codes %u on a wrong column\n", all,
                  wrong);
    assert_int_equal(wrong, 0);
}

/* A bit lost or doubled in the midst of the serial: which of equal bits it was cannot
 * be seen, but one column is empty at most, and no bit is on a wrong one. */
static void a_bit_may_slip_in_the_midst(void **state)
{
    (void)state;
    for (unsigned is_double = 0; is_double < 2; is_double++)
        for (size_t at = 15; at < 35; at++) {
            struct bits whole;
            size_t empty = 0;

            start(FRAMES, N_BITS, 100 + at);
            whole = presses.bits[3];
            if (is_double)
                presses_double(&presses.bits[3], at);
            else
                presses_drop(&presses.bits[3], at);
            assert_true(align());
            assert_int_equal(aligned.slipped, 1);
            for (size_t k = 0; k < FIXED; k++)
                if (aligned.p[3][k] == 0.5f)
                    empty++;
                else
                    assert_column(3, k, &whole, k);
            assert_int_equal(empty, is_double ? 0 : 1);
        }
}

/* The same, in a frame that another one at its end makes up for. */
static void a_slip_shows_at_the_usual_length(void **state)
{
    struct bits whole;

    (void)state;
    start(FRAMES, N_BITS, 7);
    whole = presses.bits[3];
    presses_drop(&presses.bits[3], 0);
    presses_append(&presses.bits[3], 1, 1);
    assert_int_equal(presses.bits[3].n, N_BITS);
    assert_true(align());
    assert_int_equal(aligned.slipped, 1);
    for (size_t k = 1; k < FIXED; k++)
        assert_column(3, k, &whole, k);
}

/* A serial of 28 bits, a counter that carries in the last press, a rolling code: a
 * frame whose constant bits change at once is no frame that does not fit. */
static void a_carry_is_no_slip(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct synth_random r = { seed };
        const uint64_t serial = synth_random_u64(&r);

        presses.n = 0;
        for (size_t i = 0; i < FRAMES; i++) {
            struct bits *b = presses_add(&presses, 0, -1);

            presses_append(b, 28, serial);
            presses_append(b, 16, 0x1000 - (FRAMES - 1) + i);
            presses_append_random(b, 20, &r);
        }
        assert_true(align());
        wrong += aligned.left_out + aligned.slipped;
    }
    print_message("of 20 frames whose counter carries %u moved or left out\n",
                  wrong);
    assert_int_equal(wrong, 0);
}

/* Random bits fit nowhere, and where they are as well as elsewhere: rolling codes of
 * the usual length stay. */
static void rolling_codes_are_not_moved(void **state)
{
    static const size_t length[] = { 64, 160, 256, BITS_MAX };
    unsigned wrong = 0, all = 0;

    (void)state;
    for (size_t k = 0; k < 4; k++)
        for (uint64_t seed = 1; seed <= 3; seed++) {
            struct synth_random r = { seed };

            presses.n = 0;
            for (size_t i = 0; i < 20; i++, all++)
                presses_append_random(presses_add(&presses, 0, -1), length[k],
                                      &r);
            (void)align();
            wrong += aligned.left_out + aligned.slipped;
        }
    print_message("of %u rolling codes %u moved or left out\n", all, wrong);
    assert_int_equal(wrong, 0);
}

static void a_sync_word_may_be_in_front(void **state)
{
    (void)state;
    for (size_t sync = 1; sync <= 32; sync++) {
        struct bits whole, b = { 0 };
        struct synth_random r = { sync };

        start(FRAMES, N_BITS, sync);
        whole = presses.bits[5];
        presses_append_random(&b, sync, &r);
        for (size_t k = 0; k < N_BITS; k++)
            presses_append(&b, 1, whole.value[k]);
        presses.bits[5] = b;
        assert_true(align());
        assert_int_equal(aligned.n_bits, N_BITS);
        assert_int_equal(aligned.slipped, 1);
        for (size_t k = 0; k < FIXED - NEAR; k++)
            assert_column(5, k, &whole, k);
    }
}

/* A fob all of whose frames are longer or shorter has nothing to be moved to. */
static void another_fob_may_have_another_length(void **state)
{
    static const size_t length[] = { N_BITS - 8, N_BITS + 8 };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        start(FRAMES, N_BITS, 3);
        make(4, length[i], 9, 4);
        assert_true(align());
        assert_int_equal(aligned.n_bits, N_BITS);
        assert_int_equal(aligned.n, FRAMES + 4);
        assert_int_equal(aligned.fobs, 2);
        assert_int_equal(aligned.slipped + aligned.left_out, 0);
        for (size_t k = 0; k < N_BITS && k < length[i]; k++)
            assert_column(FRAMES + 2, k, &presses.bits[FRAMES + 2], k);
        assert_int_equal(count_empty(FRAMES + 2), i == 0 ? 8 : 0);
    }
}

/* Of two lengths that are as frequent, the longer. */
static void the_usual_length_is_the_most_frequent(void **state)
{
    (void)state;
    start(3, N_BITS, 3);
    make(3, N_BITS + 1, 1, 4);
    assert_true(align());
    assert_int_equal(aligned.n_bits, N_BITS + 1);
    make(1, N_BITS, 0, 3);
    assert_true(align());
    assert_int_equal(aligned.n_bits, N_BITS);
}

/* Frame 1 with random values for one bit in so many, and no likelihood. */
static void put_in_doubt(unsigned one_in, struct synth_random *r)
{
    for (size_t k = 0; k < N_BITS; k++)
        if ((synth_random_u64(r) >> 40) % one_in == 0) {
            presses.bits[1].llr[k] = 0;
            presses.bits[1].value[k] = synth_random_u64(r) >> 40 & 1;
        }
}

/* Bits without likelihood are 1 with 0.5, whatever their value says. */
static void assert_doubt_stays(unsigned one_in)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct synth_random r = { seed };

        start(FRAMES, N_BITS, seed);
        put_in_doubt(one_in, &r);
        assert_true(align());
        assert_int_equal(aligned.n, FRAMES);
        assert_int_equal(aligned.slipped, 0);
        assert_false(aligned.is_clean[1]);
        for (size_t k = 0; k < N_BITS; k++)
            if (presses.bits[1].llr[k] == 0)
                assert_true(aligned.p[1][k] == 0.5f);
            else
                assert_column(1, k, &presses.bits[1], k);
    }
}

static void bits_in_doubt_stay_where_they_are(void **state)
{
    (void)state;
    assert_doubt_stays(12);
}

/* Values of bits that say nothing are no evidence that a frame does not fit. */
static void many_bits_may_be_in_doubt(void **state)
{
    (void)state;
    assert_doubt_stays(2);
}

static void no_bit_may_be_sure(void **state)
{
    (void)state;
    assert_doubt_stays(1);
}

static void what_has_nothing_in_common_is_left_out(void **state)
{
    (void)state;
    for (size_t n = N_BITS - 3; n <= N_BITS + 3; n++) {
        struct synth_random r = { n };
        struct bits *b;

        start(FRAMES, N_BITS, 2);
        b = presses_add(&presses, 0, -1);
        presses_append_random(b, n, &r);
        presses_add(&presses, 0, -1); /* no bits at all */
        assert_true(align());
        assert_int_equal(aligned.n, FRAMES);
        assert_int_equal(aligned.left_out, 2);
    }
}

static void fewer_than_two_are_too_few(void **state)
{
    (void)state;
    presses.n = 0;
    assert_false(align());
    presses_add(&presses, 0, -1);
    presses_add(&presses, 0, -1);
    assert_false(align());
    start(1, N_BITS, 1);
    assert_false(align());
    presses_add(&presses, 0, -1);
    assert_false(align());
    assert_int_equal(aligned.left_out, 1);
    start(2, N_BITS, 1);
    assert_true(align());
}

static void the_longest_frames_have_room(void **state)
{
    struct bits whole;

    (void)state;
    start(6, BITS_MAX, 1);
    whole = presses.bits[2];
    presses_drop(&presses.bits[2], 0);
    assert_true(align());
    assert_int_equal(aligned.n_bits, BITS_MAX);
    assert_int_equal(aligned.slipped, 1);
    for (size_t k = 1; k < BITS_MAX - ROLLING; k++)
        assert_column(2, k, &whole, k);
}

static void more_frames_than_there_is_room_for(void **state)
{
    (void)state;
    for (size_t n = INFERENCE_FRAMES_MAX - 1; n <= INFERENCE_FRAMES_MAX + 50;
         n += 17) {
        start(n, N_BITS, n);
        assert_true(align());
        assert_int_equal(aligned.n,
                         n < INFERENCE_FRAMES_MAX ? n : INFERENCE_FRAMES_MAX);
        assert_column(aligned.n - 1, 60, &presses.bits[aligned.n - 1], 60);
    }
}

static void fobs_and_buttons_are_numbered_as_they_come(void **state)
{
    static const unsigned fob[] = { 70, 3, 70, UINT32_MAX, 3 };
    static const int button[] = { INT32_MAX, -1, 5, INT32_MIN, INT32_MAX };
    static const unsigned want_fob[] = { 0, 1, 0, 2, 1 };
    static const int want_button[] = { 0, -1, 1, -1, 0 };

    (void)state;
    start(5, N_BITS, 1);
    for (size_t i = 0; i < 5; i++) {
        presses.frame[i].fob = fob[i];
        presses.frame[i].button = button[i];
    }
    assert_true(align());
    assert_int_equal(aligned.fobs, 3);
    assert_int_equal(aligned.buttons, 2);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(aligned.fob[i], want_fob[i]);
        if (want_button[i] >= 0)
            assert_int_equal(aligned.button[i], want_button[i]);
        else
            assert_true(aligned.button[i] < 0);
    }
}

static void many_fobs_and_buttons_stay_in_their_tables(void **state)
{
    (void)state;
    start(60, N_BITS, 1);
    for (size_t i = 0; i < 60; i++) {
        presses.frame[i].fob = (unsigned)(1000 * i);
        presses.frame[i].button = (int)i;
    }
    assert_true(align());
    assert_int_equal(aligned.fobs, FOBS_MAX);
    assert_int_equal(aligned.buttons, BUTTONS_MAX);
    for (size_t i = 0; i < aligned.n; i++) {
        assert_true(aligned.fob[i] < FOBS_MAX);
        assert_true(aligned.button[i] < BUTTONS_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_that_fit_are_left_as_they_are),
        cmocka_unit_test(columns_that_change_are_told),
        cmocka_unit_test(ends_may_be_wrong),
        cmocka_unit_test(a_rolling_code_moves_with_its_serial),
        cmocka_unit_test(a_bit_may_slip_in_the_midst),
        cmocka_unit_test(a_slip_shows_at_the_usual_length),
        cmocka_unit_test(a_carry_is_no_slip),
        cmocka_unit_test(rolling_codes_are_not_moved),
        cmocka_unit_test(a_sync_word_may_be_in_front),
        cmocka_unit_test(another_fob_may_have_another_length),
        cmocka_unit_test(the_usual_length_is_the_most_frequent),
        cmocka_unit_test(bits_in_doubt_stay_where_they_are),
        cmocka_unit_test(many_bits_may_be_in_doubt),
        cmocka_unit_test(no_bit_may_be_sure),
        cmocka_unit_test(what_has_nothing_in_common_is_left_out),
        cmocka_unit_test(fewer_than_two_are_too_few),
        cmocka_unit_test(the_longest_frames_have_room),
        cmocka_unit_test(more_frames_than_there_is_room_for),
        cmocka_unit_test(fobs_and_buttons_are_numbered_as_they_come),
        cmocka_unit_test(many_fobs_and_buttons_stay_in_their_tables),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
