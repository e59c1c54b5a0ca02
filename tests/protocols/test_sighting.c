/* How far bits are trusted, and what a check adds to it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "protocols/sighting.h"
#include "tests/protocols/sent.h"

static struct bits of_reliability(struct bits b, float llr)
{
    for (size_t i = 0; i < b.n; i++)
        b.llr[i] = b.value[i] ? llr : -llr;
    return b;
}

/* Bits are right with 1 / (1 + exp(-|L|)), and independent. */
static void confidence_is_that_of_all_bits(void **state)
{
    struct bits b = { .n = 3, .value = { 1, 0, 1 }, .llr = { 1, -2, 0.5f } };
    double want = 1 / (1 + exp(-1)) / (1 + exp(-2)) / (1 + exp(-0.5));

    (void)state;
    assert_float_equal((float)sighting_confidence(&b), (float)want, 1e-5f);
    b = (struct bits){ .n = BITS_MAX };
    assert_float_equal((float)sighting_confidence(&b), 0.0f, 1e-6f);
    for (size_t i = 0; i < BITS_MAX; i++)
        b.llr[i] = -50;
    assert_float_equal((float)sighting_confidence(&b), 1.0f, 1e-6f);
}

/* A check of 8 bits that holds makes doubtful bits surer; one that fails says
 * that they are not right. */
static void a_check_weighs_with_the_bits(void **state)
{
    extern const struct protocol protocol_siemens_5wy72xx, protocol_hcs200;
    struct synth_random r = { 7 };
    struct bits b = sent_bits(&protocol_siemens_5wy72xx, 96, &r);
    struct bits h = sent_bits(&protocol_hcs200, 66, &r);
    enum verdict v;
    double sure, doubtful;

    (void)state;
    b = of_reliability(b, 30);
    sighting_judge(&protocol_siemens_5wy72xx, &b, &v, &sure);
    assert_int_equal(v, VERDICT_PROVEN);
    assert_true(sure > 0.9999);
    b = of_reliability(b, 5);
    sighting_judge(&protocol_siemens_5wy72xx, &b, &v, &doubtful);
    assert_true(doubtful < sure && doubtful > sighting_confidence(&b));
    b = of_reliability(b, 0.1f); /* one of 256 random ones would pass */
    sighting_judge(&protocol_siemens_5wy72xx, &b, &v, &doubtful);
    assert_true(v != VERDICT_PROVEN && doubtful < 0.01);
    b = of_reliability(b, 30);
    b.value[3] ^= 1;
    sighting_judge(&protocol_siemens_5wy72xx, &b, &v, &doubtful);
    assert_int_equal(v, VERDICT_DAMAGED);
    h = of_reliability(h, 5);
    sighting_judge(&protocol_hcs200, &h, &v, &doubtful);
    assert_int_equal(v, VERDICT_PLAUSIBLE);
    assert_float_equal((float)doubtful, (float)sighting_confidence(&h), 1e-6f);
}

static void a_frame_is_sound_if_nothing_denies_it(void **state)
{
    struct sighting s = { .verdict = VERDICT_PLAUSIBLE, .confidence = 0.99 };

    (void)state;
    assert_true(sighting_is_sound(&s));
    s.confidence = 0.01;
    assert_false(sighting_is_sound(&s));
    s.confidence = 0.99;
    s.verdict = VERDICT_DAMAGED;
    assert_false(sighting_is_sound(&s));
    s.verdict = VERDICT_PROVEN;
    assert_true(sighting_is_sound(&s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(confidence_is_that_of_all_bits),
        cmocka_unit_test(a_check_weighs_with_the_bits),
        cmocka_unit_test(a_frame_is_sound_if_nothing_denies_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
