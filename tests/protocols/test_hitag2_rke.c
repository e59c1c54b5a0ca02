/* Known frames of two Hitag2 fobs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/protocols/vector.h"

extern const struct protocol protocol_hitag2_rke;

static const struct protocol *const p = &protocol_hitag2_rke;

static const char fiat[] = "EFB82D662234A66F54FA6D"; /* KAT, Fiat Panda.sub */

/* le0nidus/CTF_PracticalCarHacking, parseRKE.py: 6 presses of 2 frames. */
static const char *const ctf[] = {
    "0200472A139CCBA22672DD", "0200472A039C5B16462ED5",
    "0200472A13A0CF8DCF4617", "0200472A03A05749E7FACF",
    "0200472A13A4D7AF8E2608", "0200472A03A44FA9960AB2",
    "0200472A13A8571BB4FED2", "0200472A03A8CFD528DE28",
    "0200472A13AC4FBBB18E1B", "0200472A03ACD7BFBF2631",
    "0200472A13B0CD6F20723C", "0200472A03B0577D9E6E06",
};

static void a_frame_has_its_fields(void **state)
{
    struct bits b = vector_hex(fiat);

    (void)state;
    assert_int_equal(p->check(&b), VERDICT_PROVEN);
    assert_int_equal(vector_value(p, &b, "uid"), 0xEFB82D66);
    assert_int_equal(vector_value(p, &b, "button"), 2);
    assert_int_equal(vector_value(p, &b, "counter_low"), 141);
    assert_int_equal(vector_value(p, &b, "hop"), 0x299BD53E);
    assert_int_equal(vector_value(p, &b, "spare"), 2);
    assert_int_equal(vector_value(p, &b, "xor"), 0x6D);
}

static void two_frames_of_a_press_share_the_counter(void **state)
{
    (void)state;
    for (size_t i = 0; i < 12; i++) {
        struct bits b = vector_hex(ctf[i]);
        assert_int_equal(p->check(&b), VERDICT_PROVEN);
        assert_int_equal(vector_value(p, &b, "uid"), 0x0200472A);
        assert_int_equal(vector_value(p, &b, "button"), i % 2 == 0);
        assert_int_equal(vector_value(p, &b, "counter_low"), 231 + i / 2);
        assert_int_equal(vector_value(p, &b, "spare"), 2);
    }
}

static void a_flipped_bit_is_found(void **state)
{
    struct bits b = vector_hex(fiat);

    (void)state;
    assert_int_equal(vector_flips_passed(p, &b, 0, 88), 0);
}

static void constant_bits_are_no_frame(void **state)
{
    struct bits zeros = vector_constant(88, 0), ones = vector_constant(88, 1);

    (void)state;
    assert_int_equal(p->check(&zeros), VERDICT_DAMAGED);
    assert_int_equal(p->check(&ones), VERDICT_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_has_its_fields),
        cmocka_unit_test(two_frames_of_a_press_share_the_counter),
        cmocka_unit_test(a_flipped_bit_is_found),
        cmocka_unit_test(constant_bits_are_no_frame),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
