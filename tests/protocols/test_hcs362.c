/* Known frames of a car fob with the 69 bits of an HCS362.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/protocols/vector.h"

extern const struct protocol protocol_hcs362;

static const struct protocol *const p = &protocol_hcs362;

/* Hyundai: socrat3/rtl_433_tests, hyundai_remote/01. */
static const struct {
    const char *bits;
    uint64_t hop, crc;
} hyundai[] = {
    { "101111001101111010001011111101101011000111101110001000000000011010100",
      0x6FD17B3D, 2 }, /* gfile002 */
    { "111100000110101001100000010110001011000111101110001000000000011011100",
      0x1A06560F, 3 }, /* gfile004 */
    { "000111010110110001000100100011001011000111101110001000000000011010100",
      0x312236B8, 2 }, /* gfile007 */
    { "111100111000001011110110011000001011000111101110001000000000011011000",
      0x066F41CF, 1 }, /* gfile008 */
};

static void frames_have_their_fields(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hyundai / sizeof hyundai[0]; i++) {
        struct bits b = vector_bits(hyundai[i].bits);
        assert_int_equal(p->check(&b), VERDICT_PLAUSIBLE);
        assert_int_equal(vector_value(p, &b, "hop"), hyundai[i].hop);
        assert_int_equal(vector_value(p, &b, "serial"), 0x004778D);
        assert_int_equal(vector_value(p, &b, "button"), 3);
        assert_int_equal(vector_value(p, &b, "low_battery"), 1);
        assert_int_equal(vector_value(p, &b, "crc"), hyundai[i].crc);
        assert_int_equal(vector_value(p, &b, "queue"), 0);
    }
}

/* All of them carry the CRC of a flag of 0, so with the flag clear this is
 * the one right value. */
static void a_good_battery_has_one_right_crc(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hyundai / sizeof hyundai[0]; i++) {
        struct bits b = vector_bits(hyundai[i].bits);
        b.value[64] = 0;
        assert_int_equal(p->check(&b), VERDICT_PLAUSIBLE);
        assert_int_equal(vector_flips_passed(p, &b, 0, 64), 0);
        assert_int_equal(vector_flips_passed(p, &b, 65, 67), 0);
    }
}

/* With the flag set two values are right, and every third single error turns
 * one into the other. */
static void a_low_battery_has_two_right_crcs(void **state)
{
    struct bits b = vector_bits(hyundai[0].bits);

    (void)state;
    assert_int_equal(vector_flips_passed(p, &b, 0, 64), 21);
    assert_int_equal(vector_flips_passed(p, &b, 65, 67), 0);
    b.value[65] ^= 1;
    b.value[66] ^= 1;
    assert_int_equal(p->check(&b), VERDICT_PLAUSIBLE);
}

static void the_queue_is_not_checked(void **state)
{
    struct bits b = vector_bits(hyundai[0].bits);

    (void)state;
    b.value[67] = 1;
    assert_int_equal(p->check(&b), VERDICT_PLAUSIBLE);
    assert_int_equal(vector_value(p, &b, "queue"), 1);
    b.value[68] = 1;
    assert_int_equal(vector_value(p, &b, "queue"), 3);
}

static void a_stuck_carrier_is_no_frame(void **state)
{
    (void)state;
    for (uint8_t value = 0; value < 2; value++) {
        for (unsigned tail = 0; tail < 512; tail++) {
            struct bits b = vector_constant(69, value);
            for (unsigned i = 0; i < 9; i++)
                b.value[60 + i] = tail >> i & 1;
            assert_int_equal(p->check(&b), VERDICT_DAMAGED);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_have_their_fields),
        cmocka_unit_test(a_good_battery_has_one_right_crc),
        cmocka_unit_test(a_low_battery_has_two_right_crcs),
        cmocka_unit_test(the_queue_is_not_checked),
        cmocka_unit_test(a_stuck_carrier_is_no_frame),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
