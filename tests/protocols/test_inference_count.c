/* Counters are found by what they are raised by, and random bits do not count.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/inference_impl.h"
#include "tests/protocols/presses.h"

#define LN2 0.6931471805599453

enum { FRAMES = 20, AT = 8, AFTER = 8 };

static struct presses presses;
static struct aligned aligned;
static struct explained explained;

/* The frames as they are, without a doubt; nothing is moved. */
static void count(void)
{
    assert_true(presses.n <= INFERENCE_FRAMES_MAX);
    aligned.n = presses.n;
    aligned.n_bits = presses.bits[0].n;
    for (size_t k = 0; k < aligned.n_bits; k++) {
        aligned.varies[k] = aligned.moves[k] = false;
        for (size_t i = 0; i < presses.n; i++) {
            aligned.value[i][k] = presses.bits[i].value[k];
            aligned.fob[i] = presses.frame[i].fob;
            aligned.varies[k] |= aligned.value[i][k] != aligned.value[0][k];
            for (size_t j = 0; j < i && !aligned.moves[k]; j++)
                aligned.moves[k] = aligned.fob[i] == aligned.fob[j] &&
                                   aligned.value[i][k] != aligned.value[j][k];
        }
    }
    explained.aligned = &aligned;
    inference_count(&explained);
}

/* AT random bits, the counter, AFTER random ones. */
static void add(unsigned fob, size_t bits, bool is_lsb, uint64_t x,
                struct synth_random *r)
{
    struct bits *b = presses_add(&presses, fob, -1);

    presses_append_random(b, AT, r);
    if (is_lsb)
        presses_append_lsb(b, bits, x);
    else
        presses_append(b, bits, x);
    presses_append_random(b, AFTER, r);
}

/* Of so many presses in a row, each but the first in a hundred ways at most. */
static double least_gain(size_t n_frames, size_t bits)
{
    return (double)(n_frames - 1) * ((double)bits * LN2 - log(3)) - log(100);
}

static void assert_counts(size_t bits, bool is_lsb, int step)
{
    const struct counting *c = &explained.counting[AT][bits];

    assert_int_equal(c->is_lsb, is_lsb);
    assert_int_equal(c->step, step);
    assert_true((double)c->gain > least_gain(FRAMES, bits));
}

static void both_orders_are_found(void **state)
{
    (void)state;
    for (size_t bits = 3; bits <= COUNTER_BITS_MAX; bits++)
        for (unsigned is_lsb = 0; is_lsb < 2; is_lsb++) {
            struct synth_random r = { bits };
            const uint64_t first = synth_random_u64(&r);

            presses.n = 0;
            for (size_t i = 0; i < FRAMES; i++)
                add(0, bits, is_lsb == 1, first + i, &r);
            count();
            assert_counts(bits, is_lsb == 1, 1);
        }
}

static void step(int by)
{
    struct synth_random r = { (uint64_t)by };

    presses.n = 0;
    for (size_t i = 0; i < FRAMES; i++)
        add(0, 16, false, 0x12F0 + i * (size_t)by, &r);
    count();
    assert_counts(16, false, by);
}

static void a_step_may_be_three(void **state)
{
    (void)state;
    step(1);
    step(3);
}

/* The lowest bits never change, and are part of the counter nonetheless. */
static void a_step_may_be_even(void **state)
{
    (void)state;
    step(2);
    step(4);
    step(8);
    step(16);
}

/* Presses that were not recorded, frames that are counted, one frame sent twice,
 * one that comes too late. */
static void rises_need_not_be_even(void **state)
{
    static const unsigned missed[] = { 1, 1, 2, 1, 9, 1, 1, 1, 2, 1 };
    static const unsigned frames[] = { 4, 5, 4, 4, 6, 4, 3, 4, 5, 4 };
    static const unsigned late[] = { 1, 0, 1, 1, 0xFFFF, 2, 1, 0, 1, 1 };
    static const unsigned *const all[] = { missed, frames, late };

    (void)state;
    for (size_t k = 0; k < 3; k++) {
        struct synth_random r = { k };
        unsigned x = 0x7FF0;

        presses.n = 0;
        for (size_t i = 0; i < FRAMES; i++, x += all[k][i % 10])
            add(0, 16, false, x, &r);
        count();
        assert_int_equal(explained.counting[AT][16].step, 1);
        assert_false(explained.counting[AT][16].is_lsb);
        assert_true(explained.counting[AT][16].gain > 100);
    }
}

/* From the highest number to 0 is a rise by one. */
static void counters_wrap_around(void **state)
{
    (void)state;
    for (size_t bits = 4; bits <= COUNTER_BITS_MAX; bits += 4)
        for (unsigned is_lsb = 0; is_lsb < 2; is_lsb++) {
            struct synth_random r = { bits };

            presses.n = 0;
            for (size_t i = 0; i < FRAMES; i++)
                add(0, bits, is_lsb == 1, UINT32_MAX - 9 + i, &r);
            count();
            assert_counts(bits, is_lsb == 1, 1);
        }
}

/* Pressed in turn, each fob counts for itself; taken for one fob they do not. */
static void each_fob_counts_for_itself(void **state)
{
    struct synth_random r = { 6 };
    static const unsigned start[3] = { 0x1000, 0xC123, 0x7777 };
    float told_apart;

    (void)state;
    presses.n = 0;
    for (size_t i = 0; i < FRAMES; i++)
        add((unsigned)(i % 3), 16, false, start[i % 3] + i / 3, &r);
    count();
    told_apart = explained.counting[AT][16].gain;
    assert_int_equal(explained.counting[AT][16].step, 1);
    assert_true((double)told_apart > least_gain(FRAMES - 2, 16));
    for (size_t i = 0; i < FRAMES; i++)
        presses.frame[i].fob = 0;
    count();
    assert_true(explained.counting[AT][16].gain < 0);
}

/* Of all the stretches of frames of random bits, the most that one seems to
 * count: a fair gain is above t in exp(-t) of them at most. */
static void random_bits_do_not_count(void **state)
{
    enum { SEEDS = 20, N_BITS = 64 };
    unsigned above = 0, all = 0;
    float most = -INFINITY;

    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct synth_random r = { seed };

        presses.n = 0;
        for (size_t i = 0; i < 4 + seed; i++)
            presses_append_random(presses_add(&presses, 0, -1), N_BITS, &r);
        count();
        for (size_t at = 0; at < N_BITS; at++)
            for (size_t bits = 2;
                 bits <= COUNTER_BITS_MAX && at + bits <= N_BITS; bits++) {
                const float gain = explained.counting[at][bits].gain;

                assert_true(gain < 1000); /* no NAN */
                most = fmaxf(most, gain);
                above += gain > 3;
                all++;
            }
    }
    print_message("of %u stretches %u above 3 nats, most %.2f\n", all, above,
                  (double)most);
    assert_true(above <= all * exp(-3));
    assert_true(most < logf((float)all));
}

/* What never changes has no gain as a counter: there is no lowest bit. */
static void constant_bits_do_not_count(void **state)
{
    struct synth_random r = { 2 };
    struct bits one = { 0 };

    (void)state;
    presses_append_random(&one, 64, &r);
    presses.n = 0;
    for (size_t i = 0; i < FRAMES; i++)
        *presses_add(&presses, 0, -1) = one;
    count();
    for (size_t at = 0; at < 64; at++)
        for (size_t bits = 2; bits <= COUNTER_BITS_MAX && at + bits <= 64;
             bits++)
            assert_true(explained.counting[at][bits].gain <= 0);
}

/* More frames than are looked at, of the longest kind. */
static void the_largest_input_has_room(void **state)
{
    struct synth_random r = { 2 };

    (void)state;
    presses.n = 0;
    for (size_t i = 0; i < INFERENCE_FRAMES_MAX; i++) {
        struct bits *b = presses_add(&presses, (unsigned)(i % FOBS_MAX), -1);

        presses_append_random(b, BITS_MAX - COUNTER_BITS_MAX, &r);
        presses_append(b, COUNTER_BITS_MAX, 0xFFFFFFF0 + i / FOBS_MAX);
    }
    count();
    assert_true(
        explained.counting[BITS_MAX - COUNTER_BITS_MAX][COUNTER_BITS_MAX].gain >
        100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_orders_are_found),
        cmocka_unit_test(a_step_may_be_three),
        cmocka_unit_test(a_step_may_be_even),
        cmocka_unit_test(rises_need_not_be_even),
        cmocka_unit_test(counters_wrap_around),
        cmocka_unit_test(each_fob_counts_for_itself),
        cmocka_unit_test(random_bits_do_not_count),
        cmocka_unit_test(constant_bits_do_not_count),
        cmocka_unit_test(the_largest_input_has_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
