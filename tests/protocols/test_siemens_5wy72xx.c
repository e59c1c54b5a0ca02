/* Known frames of a Siemens 5WY72XX fob.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/protocols/vector.h"

extern const struct protocol protocol_siemens_5wy72xx;

static const struct protocol *const p = &protocol_siemens_5wy72xx;

/* From the fields rtl_433_tests has for siemens/5WY72XX/01, g001 and g004. */
static const char trunk[] = "7A1B228D0403D11E4716D186";
static const char panic[] = "7A1B228D0803D45A4E9F009A";

static void a_frame_has_its_fields(void **state)
{
    struct bits b = vector_hex(trunk);

    (void)state;
    assert_int_equal(p->check(&b), VERDICT_PROVEN);
    assert_int_equal(vector_value(p, &b, "id"), 0x8D221B7A);
    assert_int_equal(vector_value(p, &b, "button_code"), 4);
    assert_int_equal(vector_value(p, &b, "sequence"), 977);
    assert_int_equal(vector_value(p, &b, "encrypted"), 0xD116471E);
    assert_int_equal(vector_value(p, &b, "xor"), 0x86);
}

static void the_sequence_counts_presses(void **state)
{
    struct bits b = vector_hex(panic);

    (void)state;
    assert_int_equal(p->check(&b), VERDICT_PROVEN);
    assert_int_equal(vector_value(p, &b, "id"), 0x8D221B7A);
    assert_int_equal(vector_value(p, &b, "button_code"), 8);
    assert_int_equal(vector_value(p, &b, "sequence"), 980);
    assert_int_equal(vector_value(p, &b, "encrypted"), 0x009F4E5A);
}

static void a_flipped_bit_is_found(void **state)
{
    struct bits b = vector_hex(trunk);

    (void)state;
    assert_int_equal(vector_flips_passed(p, &b, 0, 96), 0);
}

static void constant_bits_are_no_frame(void **state)
{
    struct bits zeros = vector_constant(96, 0), ones = vector_constant(96, 1);

    (void)state;
    assert_int_equal(p->check(&zeros), VERDICT_DAMAGED);
    assert_int_equal(p->check(&ones), VERDICT_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_has_its_fields),
        cmocka_unit_test(the_sequence_counts_presses),
        cmocka_unit_test(a_flipped_bit_is_found),
        cmocka_unit_test(constant_bits_are_no_frame),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
