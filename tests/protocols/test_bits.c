/* Numbers out of bits, and fields out of numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
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
        cmocka_unit_test(fields_follow_their_order),
        cmocka_unit_test(each_microchip_button_has_its_weight),
        cmocka_unit_test(a_field_set_is_the_field_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
