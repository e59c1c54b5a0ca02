/* Known frames of HCS200 and HCS301 fobs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/protocols/vector.h"

extern const struct protocol protocol_hcs200;

static const struct protocol *const p = &protocol_hcs200;

/* Bits of an HCS301: DarkFlippers/unleashed-firmware, doorhan_raw.sub. */
static const char doorhan[] =
    "010110101011011001101001010110101000000101100011011011001011010011";

static void a_frame_has_its_fields(void **state)
{
    struct bits b = vector_bits(doorhan);

    (void)state;
    assert_int_equal(p->check(&b), VERDICT_PLAUSIBLE);
    assert_int_equal(vector_value(p, &b, "hop"), 0x5A966D5A);
    assert_int_equal(vector_value(p, &b, "serial"), 0xD36C681);
    assert_int_equal(vector_value(p, &b, "button"), 1);
    assert_int_equal(vector_value(p, &b, "low_battery"), 1);
    assert_int_equal(vector_value(p, &b, "repeat"), 1);
}

/* Fields as rtl_433_tests has them for Microchip/HCS200/01, g012-BTN3; the
 * third button is S2 with S3. */
static void two_switches_make_one_button(void **state)
{
    struct bits b = vector_bits("111011110100100011101000000101101000010010"
                                "010000101100000000100111");

    (void)state;
    assert_int_equal(p->check(&b), VERDICT_PLAUSIBLE);
    assert_int_equal(vector_value(p, &b, "hop"), 0x681712F7);
    assert_int_equal(vector_value(p, &b, "serial"), 0x00D0921);
    assert_int_equal(vector_value(p, &b, "button"), 12);
    assert_int_equal(vector_value(p, &b, "low_battery"), 1);
    assert_int_equal(vector_value(p, &b, "repeat"), 1);
}

static void the_last_bit_may_be_either(void **state)
{
    struct bits b = vector_bits(doorhan);

    (void)state;
    b.value[65] = 0;
    assert_int_equal(p->check(&b), VERDICT_PLAUSIBLE);
    assert_int_equal(vector_value(p, &b, "repeat"), 0);
}

static void a_stuck_carrier_is_no_frame(void **state)
{
    struct bits zeros = vector_constant(66, 0), ones = vector_constant(66, 1);

    (void)state;
    zeros.value[61] = 1; /* with a button */
    assert_int_equal(p->check(&zeros), VERDICT_DAMAGED);
    assert_int_equal(p->check(&ones), VERDICT_DAMAGED);
    ones.value[59] = 0;
    assert_int_equal(p->check(&ones), VERDICT_PLAUSIBLE);
}

static void no_button_is_no_frame(void **state)
{
    struct bits b = vector_bits(doorhan);

    (void)state;
    b.value[61] = 0;
    assert_int_equal(p->check(&b), VERDICT_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_has_its_fields),
        cmocka_unit_test(two_switches_make_one_button),
        cmocka_unit_test(the_last_bit_may_be_either),
        cmocka_unit_test(a_stuck_carrier_is_no_frame),
        cmocka_unit_test(no_button_is_no_frame),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
