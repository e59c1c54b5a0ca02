/* A frame as rtl_433 describes it; no recording of this fob is known.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/protocols/vector.h"

extern const struct protocol protocol_continental_kr5v2x;

static const struct protocol *const p = &protocol_continental_kr5v2x;

static const char made_up[] = "0A1B2C3D551E00ABCDDEADBEEF0F";

static void a_frame_has_its_fields(void **state)
{
    struct bits b = vector_hex(made_up);

    (void)state;
    assert_int_equal(p->check(&b), VERDICT_PROVEN);
    assert_int_equal(vector_value(p, &b, "id"), 0x0A1B2C3D);
    assert_int_equal(vector_value(p, &b, "button_code"), 1);
    assert_int_equal(vector_value(p, &b, "sequence"), 0x00ABCD);
    assert_int_equal(vector_value(p, &b, "encrypted"), 0xDEADBEEF);
    assert_int_equal(vector_value(p, &b, "xor"), 0x0F);
}

static void a_flipped_bit_is_found(void **state)
{
    struct bits b = vector_hex(made_up);

    (void)state;
    assert_int_equal(vector_flips_passed(p, &b, 0, 112), 0);
}

static void a_constant_id_is_none(void **state)
{
    struct bits zeros = vector_constant(112, 0), ones = vector_constant(112, 1);
    struct bits b = vector_hex("FFFFFFFF551E00ABCDDEADBEEF0F");

    (void)state;
    assert_int_equal(p->check(&zeros), VERDICT_DAMAGED);
    assert_int_equal(p->check(&ones), VERDICT_DAMAGED);
    assert_int_equal(bits_xor8(&b, 0, 112), 0);
    assert_int_equal(p->check(&b), VERDICT_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_has_its_fields),
        cmocka_unit_test(a_flipped_bit_is_found),
        cmocka_unit_test(a_constant_id_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
