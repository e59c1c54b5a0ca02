/* Numbers out of bits, and fields out of numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>

#include "tests/protocols/vector.h"

static void numbers_are_read_in_the_order_sent(void **state)
{
    struct bits b = vector_bits("0110100000010010001101001");

    (void)state;
    assert_int_equal(bits_lsb(&b, 0, 8), 0x16);
    assert_int_equal(bits_msb(&b, 0, 8), 0x68);
    assert_int_equal(bits_bytes_le(&b, 0, 8), 0x68);
    assert_int_equal(bits_bytes_le(&b, 0, 24), 0x341268);
    assert_int_equal(bits_msb(&b, 0, 24), 0x681234);
    assert_int_equal(bits_msb(&b, 1, 3), 6);
    assert_int_equal(bits_lsb(&b, 1, 3), 3);
    assert_int_equal(bits_msb(&b, 24, 1), 1);
    assert_int_equal(bits_msb(&b, 25, 0), 0);
}

static void sixty_four_bits_are_not_too_many(void **state)
{
    struct bits b = vector_hex("80F0E0D0C0B0A091");

    (void)state;
    assert_true(bits_msb(&b, 0, 64) == 0x80F0E0D0C0B0A091u);
    assert_true(bits_lsb(&b, 0, 64) == 0x89050D030B070F01u);
    assert_true(bits_bytes_le(&b, 0, 64) == 0x91A0B0C0D0E0F080u);
}

static void one_odd_bit_is_not_constant(void **state)
{
    struct bits b = vector_constant(100, 1);

    (void)state;
    assert_true(bits_are_constant(&b, 0, 100));
    b.value[99] = 0;
    assert_false(bits_are_constant(&b, 0, 100));
    assert_true(bits_are_constant(&b, 0, 99));
    assert_true(bits_are_constant(&b, 99, 1));
    assert_true(bits_are_constant(&b, 100, 0));
    b.value[0] = 0;
    assert_false(bits_are_constant(&b, 0, 99));
    assert_true(bits_are_constant(&b, 1, 98));
}

static void xor_is_taken_over_bytes_from_any_bit_on(void **state)
{
    struct bits b = vector_hex("F010203047");

    (void)state;
    assert_int_equal(bits_xor8(&b, 0, 40), 0xF0 ^ 0x10 ^ 0x20 ^ 0x30 ^ 0x47);
    assert_int_equal(bits_xor8(&b, 4, 32), 0x01 ^ 0x02 ^ 0x03 ^ 0x04);
    assert_int_equal(bits_xor8(&b, 0, 0), 0);
}

static float agreement(const struct bits *a, const struct bits *b)
{
    double forth = bits_agreement(a, b);

    assert_true(isfinite(forth) && forth == bits_agreement(b, a));
    return (float)forth;
}

/* Each bit that is sure in both and the same was one of two by chance. */
static void sure_bits_agree_by_ln_2_each(void **state)
{
    struct bits b = vector_hex("123456789ABCDEF0F"), other = b;

    (void)state;
    assert_float_equal(agreement(&b, &b), 68 * logf(2), 1e-3f);
    for (size_t i = 0; i < b.n; i++)
        other.llr[i] = -b.llr[i];
    assert_true(agreement(&b, &other) < -5.0f * 68);
    other = b;
    other.llr[40] = -b.llr[40]; /* one costs more than it gave */
    assert_true(agreement(&b, &other) < 68 * logf(2) - 5);
    b.n = other.n = 0;
    assert_float_equal(agreement(&b, &other), 0.0f, 1e-6f);
}

/* Bits that say nothing, in one frame or both, neither agree nor disagree; what
 * is doubtful counts for as much as it says: P = 3/4 twice is 1/4 over even. */
static void doubtful_bits_say_little(void **state)
{
    struct bits b = vector_constant(66, 1), nothing = { .n = 66 };

    (void)state;
    assert_float_equal(agreement(&nothing, &nothing), 0.0f, 1e-6f);
    assert_float_equal(agreement(&b, &nothing), 0.0f, 1e-6f);
    for (size_t i = 0; i < b.n; i++)
        b.llr[i] = logf(3);
    assert_float_equal(agreement(&b, &b), 66 * logf(1.25f), 1e-3f);
    nothing.llr[7] = logf(3);
    assert_float_equal(agreement(&b, &nothing), logf(1.25f), 1e-5f);
    nothing.llr[7] = -logf(3);
    assert_float_equal(agreement(&b, &nothing), logf(0.75f), 1e-5f);
}

static void fields_follow_their_order(void **state)
{
    struct bits b = vector_hex("12345678");
    struct field f = { .at = 8, .bits = 16 };

    (void)state;
    f.order = ORDER_MSB;
    assert_int_equal(field_value(&f, &b), 0x3456);
    f.order = ORDER_BYTES_LE;
    assert_int_equal(field_value(&f, &b), 0x5634);
    f.order = ORDER_LSB;
    assert_int_equal(field_value(&f, &b), 0x6A2C);
}

static void each_microchip_button_has_its_weight(void **state)
{
    static const char *const sent[] = { "0100", "0010", "0001", "1000" };
    const struct field f = { .bits = 4, .order = ORDER_S3012 };

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct bits b = vector_bits(sent[i]);
        assert_int_equal(field_value(&f, &b), 1u << i);
    }
}

static void a_field_set_is_the_field_read(void **state)
{
    static const struct field all[] = {
        { .at = 3, .bits = 32, .order = ORDER_LSB },
        { .at = 3, .bits = 32, .order = ORDER_MSB },
        { .at = 3, .bits = 32, .order = ORDER_BYTES_LE },
        { .at = 3, .bits = 4, .order = ORDER_S3012 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct bits b = vector_constant(40, 1);
        uint64_t value = all[i].bits == 4 ? 6 : 0xCAFE1234;
        synth_set_field(&b, &all[i], value);
        assert_true(field_value(&all[i], &b) == value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_in_the_order_sent),
        cmocka_unit_test(sixty_four_bits_are_not_too_many),
        cmocka_unit_test(one_odd_bit_is_not_constant),
        cmocka_unit_test(xor_is_taken_over_bytes_from_any_bit_on),
        cmocka_unit_test(sure_bits_agree_by_ln_2_each),
        cmocka_unit_test(doubtful_bits_say_little),
        cmocka_unit_test(fields_follow_their_order),
        cmocka_unit_test(each_microchip_button_has_its_weight),
        cmocka_unit_test(a_field_set_is_the_field_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
