/* Known frames of HCS360 and HCS361 remotes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/protocols/vector.h"

extern const struct protocol protocol_hcs361;

static const struct protocol *const p = &protocol_hcs361;

/* A Federal Signal spotlight: UberGuidoZ/Flipper, Federal_Spotlight. */
static const struct {
    const char *bits;
    uint64_t hop, button;
} federal[] = {
    { "1111011011000110000001010001111110100101010000000000000000000001001",
      0xF8A0636F, 4 }, /* Center_button.sub */
    { "0111101001111111011111111000101110100101010000000000000000001000001",
      0xD1FEFE5E, 8 }, /* Down.sub */
    { "1101100110011111000010000100010110100101010000000000000000000010001",
      0xA210F99B, 2 }, /* Left.sub */
    { "1111000101111110110001001011011010100101010000000000000000000100001",
      0x6D237E8F, 1 }, /* Right.sub */
    { "0001001101001001111110110100001010100101010000000000000000000111001",
      0x42DF92C8, 7 }, /* Up.sub */
};

static void frames_have_their_fields(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof federal / sizeof federal[0]; i++) {
        struct bits b = vector_bits(federal[i].bits);
        assert_int_equal(p->check(&b), VERDICT_PLAUSIBLE);
        assert_int_equal(vector_value(p, &b, "hop"), federal[i].hop);
        assert_int_equal(vector_value(p, &b, "serial"), 0x00002A5);
        assert_int_equal(vector_value(p, &b, "button"), federal[i].button);
        assert_int_equal(vector_value(p, &b, "low_battery"), 0);
        assert_int_equal(vector_value(p, &b, "crc"), 2);
    }
}

/* DS41189A, 3.1.4.4: all single errors are found. The flag alone may differ
 * from the one in the CRC, and only by being set. */
static void a_flipped_bit_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof federal / sizeof federal[0]; i++) {
        struct bits b = vector_bits(federal[i].bits);
        assert_int_equal(vector_flips_passed(p, &b, 0, 64), 0);
        assert_int_equal(vector_flips_passed(p, &b, 64, 65), 1);
        assert_int_equal(vector_flips_passed(p, &b, 65, 67), 0);
    }
}

static void a_low_battery_has_two_right_crcs(void **state)
{
    struct bits b = vector_bits(federal[0].bits);
    unsigned passed[4] = { 0 };

    (void)state;
    b.value[64] = 1;
    for (unsigned crc = 0; crc < 4; crc++) {
        b.value[65] = crc & 1;
        b.value[66] = (uint8_t)(crc >> 1);
        passed[crc] = p->check(&b) == VERDICT_PLAUSIBLE;
    }
    /* 2 is the CRC with the flag taken as 0; the other has both bits turned. */
    assert_int_equal(passed[0], 0);
    assert_int_equal(passed[1], 1);
    assert_int_equal(passed[2], 1);
    assert_int_equal(passed[3], 0);
}

static void a_stuck_carrier_is_no_frame(void **state)
{
    (void)state;
    for (uint8_t value = 0; value < 2; value++) {
        for (unsigned tail = 0; tail < 128; tail++) {
            struct bits b = vector_constant(67, value);
            for (unsigned i = 0; i < 7; i++)
                b.value[60 + i] = tail >> i & 1;
            assert_int_equal(p->check(&b), VERDICT_DAMAGED);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_have_their_fields),
        cmocka_unit_test(a_flipped_bit_is_found),
        cmocka_unit_test(a_low_battery_has_two_right_crcs),
        cmocka_unit_test(a_stuck_carrier_is_no_frame),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
