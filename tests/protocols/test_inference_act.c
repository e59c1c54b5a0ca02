/* Bits that follow the button, where it is known which, and where it is not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/inference_impl.h"
#include "tests/protocols/presses.h"

#define LN2 0.6931471805599453

enum { FRAMES = 24, AT = 8, AFTER = 16 };

static struct aligned aligned;
static struct explained explained;

/* AT random bits, the code of `bits`, AFTER random bits; no frame is in doubt. */
static void act(unsigned bits, const unsigned *code, unsigned codes,
                bool is_known, uint64_t seed)
{
    struct synth_random r = { seed };

    aligned.n = FRAMES;
    aligned.n_bits = AT + bits + AFTER;
    aligned.fobs = 1;
    aligned.buttons = is_known ? codes : 0;
    for (size_t i = 0; i < FRAMES; i++) {
        const unsigned button = (unsigned)(synth_random_u64(&r) >> 32) % codes;

        aligned.button[i] = is_known ? (int)button : -1;
        for (size_t k = 0; k < aligned.n_bits; k++) {
            const bool is_code = k >= AT && k < AT + bits;
            const unsigned v = is_code
                                   ? code[button] >> (AT + bits - 1 - k) & 1
                                   : (unsigned)(synth_random_u64(&r) >> 40) & 1;

            aligned.value[i][k] = (uint8_t)v;
            aligned.p[i][k] = v ? 0.998f : 0.002f;
        }
    }
    explained.aligned = &aligned;
    inference_act(&explained);
}

/* Buttons' codes of 4, 8 and 12 bits: all frames but each button's first say so. */
static void codes_are_found(void **state)
{
    static const unsigned codes[3] = { 0x001, 0x004, 0x007 };

    (void)state;
    for (unsigned is_known = 0; is_known < 2; is_known++)
        for (unsigned bits = 4; bits <= ACTION_BITS_MAX; bits += 4) {
            const double all = (FRAMES - 3) * (double)bits * LN2;
            double gain;

            act(bits, codes, 3, is_known == 1, bits);
            gain = (double)explained.acting[AT][bits];
            /* Not known: which of three it is costs ln 3 or more a press. */
            assert_true(gain > all - (is_known ? 10 : FRAMES * 2));
            assert_true(gain < all + 10);
        }
}

static void random_bits_follow_nothing(void **state)
{
    static const unsigned codes[3] = { 1, 2, 4 };
    float most = -INFINITY;
    unsigned above = 0, all = 0;

    (void)state;
    for (unsigned is_known = 0; is_known < 2; is_known++)
        for (uint64_t seed = 1; seed <= 20; seed++) {
            act(4, codes, 3, is_known == 1, seed);
            for (size_t at = AT + 4; at < aligned.n_bits; at++)
                for (size_t bits = 1;
                     bits <= ACTION_BITS_MAX && at + bits <= aligned.n_bits;
                     bits++) {
                    most = fmaxf(most, explained.acting[at][bits]);
                    above += explained.acting[at][bits] > 3;
                    all++;
                }
        }
    print_message("of %u stretches %u above 3 nats, most %.2f\n", all, above,
                  (double)most);
    assert_true(above <= all * exp(-3));
    assert_true(most < logf((float)all));
}

/* One bit set or cleared is a likelier code than any. */
static void plain_codes_are_likelier(void **state)
{
    static const unsigned plain[3] = { 0x1, 0x2, 0x8 };
    static const unsigned any[3] = { 0x3, 0x5, 0xA };
    float gain;

    (void)state;
    for (unsigned is_known = 0; is_known < 2; is_known++) {
        act(4, plain, 3, is_known == 1, 7);
        gain = explained.acting[AT][4];
        act(4, any, 3, is_known == 1, 7);
        assert_true(gain > explained.acting[AT][4] + 0.3f);
    }
}

/* A frame whose button is not known neither speaks for it nor against it. */
static void unknown_buttons_say_nothing(void **state)
{
    static const unsigned codes[3] = { 1, 2, 4 };
    float gain;

    (void)state;
    act(4, codes, 3, true, 3);
    gain = explained.acting[AT][4];
    aligned.button[5] = -1;
    for (size_t k = AT; k < AT + 4; k++)
        aligned.p[5][k] = 1 - aligned.p[5][k];
    inference_act(&explained);
    assert_true(explained.acting[AT][4] < gain - 2);
    assert_true(explained.acting[AT][4] > gain - 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_found),
        cmocka_unit_test(random_bits_follow_nothing),
        cmocka_unit_test(plain_codes_are_likelier),
        cmocka_unit_test(unknown_buttons_say_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
