/* What many presses, long fields and many fobs show.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/protocols/inferred.h"
#include "tests/protocols/presses.h"

enum { FOBS = 10 };

static struct presses presses;
static struct inference found;

static const uint64_t serials[2] = { 0xA5C3961, 0x5A3C69E };

static bool find(void)
{
    return inference_find(&inferrer, presses.frame, presses.n, LINE_PWM,
                          &found);
}

/* Whether a counter was found that ends before bit 44 and begins with the highest of
 * its bits that changed: from 28 on. */
static bool is_counter_found(void)
{
    size_t at = 28;

    while (at < 44) {
        size_t i = 1;

        while (i < presses.n &&
               presses.bits[i].value[at] == presses.bits[0].value[at])
            i++;
        if (i < presses.n)
            break;
        at++;
    }
    for (size_t i = 0; i < found.n; i++)
        if (found.field[i].role == ROLE_COUNTER)
            return found.field[i].at == at &&
                   found.field[i].at + found.field[i].bits == 44;
    return false;
}

/* A counter of 16 bits from bit 28 on, between a serial and random bits; the random
 * ones behind it or in front. Returns in how many of FOBS fobs it is found there. */
static unsigned count_counters(size_t n, bool is_random_behind)
{
    unsigned right = 0;

    for (uint64_t seed = 1; seed <= FOBS; seed++) {
        struct synth_random r = { seed };
        const uint64_t first = synth_random_u64(&r);

        presses.n = 0;
        for (size_t i = 0; i < n; i++) {
            struct bits *b = presses_add(&presses, 0, 0);

            if (is_random_behind)
                presses_append(b, 28, serials[0]);
            else
                presses_append_random(b, 28, &r);
            presses_append(b, 16, first + i);
            if (is_random_behind)
                presses_append_random(b, 28, &r);
            else
                presses_append(b, 28, serials[0]);
        }
        assert_true(find());
        presses_assert_sane(&found);
        right += is_counter_found();
    }
    print_message("%zu presses: %u of %u counters\n", n, right, FOBS);
    return right;
}

static void a_few_presses_show_a_counter(void **state)
{
    (void)state;
    assert_true(count_counters(12, false) >= FOBS - 1);
    assert_true(count_counters(24, true) >= FOBS - 1);
}

/* A counter with the first bits of the rolling code behind it would be one that is
 * raised by about 2, 4, 8 in a press. */
static void a_counter_ends_where_a_rolling_code_begins(void **state)
{
    (void)state;
    assert_true(count_counters(48, true) >= FOBS - 1);
}

/* The more presses, the surer. */
static void many_presses_show_a_counter(void **state)
{
    (void)state;
    assert_true(count_counters(100, false) >= FOBS - 1);
}

/* What both fobs have is no serial, however long it is. */
static void long_fixed_bits_are_no_serial(void **state)
{
    struct synth_random r = { 2 };
    struct bits fixed = { 0 };

    (void)state;
    presses_append_random(&fixed, 100, &r);
    presses.n = 0;
    for (unsigned i = 0; i < 20; i++) {
        struct bits *b = presses_add(&presses, i % 2, 0);

        *b = fixed;
        presses_append(b, 28, serials[i % 2]);
    }
    assert_true(find());
    presses_assert_sane(&found);
    for (size_t i = 0; i < found.n; i++)
        if (found.field[i].at + found.field[i].bits <= 100)
            assert_int_equal(found.field[i].role, ROLE_FIXED);
}

/* More fobs than have a number of their own: the others' are not mixed up. */
static void many_fobs_are_not_mixed_up(void **state)
{
    struct synth_random r = { 4 };

    (void)state;
    presses.n = 0;
    for (unsigned fob = 0; fob < 20; fob++) {
        const uint64_t serial = synth_random_u64(&r);

        for (unsigned i = 0; i < 4; i++) {
            struct bits *b = presses_add(&presses, fob, 0);

            presses_append(b, 32, serial);
            presses_append_random(b, 32, &r);
        }
    }
    assert_true(find());
    presses_assert_sane(&found);
    assert_int_equal(found.n, 2);
    assert_int_equal(found.field[0].role, ROLE_IDENTITY);
    assert_int_equal(found.field[1].role, ROLE_ROLLING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_few_presses_show_a_counter),
        cmocka_unit_test(many_presses_show_a_counter),
        cmocka_unit_test(a_counter_ends_where_a_rolling_code_begins),
        cmocka_unit_test(long_fixed_bits_are_no_serial),
        cmocka_unit_test(many_fobs_are_not_mixed_up),
    };

    return cmocka_run_group_tests(tests, open_inferrer, close_inferrer);
}
