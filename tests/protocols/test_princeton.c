/* Known frames of fixed 24-bit codes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/protocols/vector.h"

extern const struct protocol protocol_princeton;

static const struct protocol *const p = &protocol_princeton;

/* CharlesCNorton/subghz-verified, te500: code C0FFEE and the sync bit. */
static const char coffee[] = "1100000011111111111011100";

static void a_frame_has_its_fields(void **state)
{
    struct bits b = vector_bits(coffee);

    (void)state;
    assert_int_equal(p->check(&b), VERDICT_PLAUSIBLE);
    assert_int_equal(vector_value(p, &b, "code"), 0xC0FFEE);
    assert_int_equal(vector_value(p, &b, "stop"), 0);
    assert_false(p->is_rolling);
}

static void another_pulse_at_the_end_is_another_format(void **state)
{
    struct bits b = vector_bits(coffee);

    (void)state;
    b.value[24] = 1;
    assert_int_equal(p->check(&b), VERDICT_NOT_MINE);
}

static void constant_bits_are_no_code(void **state)
{
    struct bits zeros = vector_constant(25, 0), ones = vector_constant(25, 1);

    (void)state;
    ones.value[24] = 0;
    assert_int_equal(p->check(&zeros), VERDICT_DAMAGED);
    assert_int_equal(p->check(&ones), VERDICT_DAMAGED);
}

/* 24 pulses, one more, then low: the least there is between two copies of a
 * known recording is 29.7 TE (te250), 3 of them part of the sync bit. */
static void the_sync_bit_is_on_the_air_as_drawn(void **state)
{
    const struct waveform *w = p->waveforms;
    struct synth_train t = { 0 };

    (void)state;
    synth_bits(&t, w, "10", 500.0);
    assert_int_equal(t.n, 4);
    assert_true(t.piece[0].level == SYNTH_MARK && t.piece[0].us == 1500.0);
    assert_true(t.piece[1].level == SYNTH_SPACE && t.piece[1].us == 500.0);
    assert_true(t.piece[2].level == SYNTH_MARK && t.piece[2].us == 500.0);
    assert_true(t.piece[3].level == SYNTH_SPACE && t.piece[3].us == 1500.0);
    synth_free(&t);
    assert_in_range(w->header, 16, 29);
    assert_in_range(w->guard, 16, 29 - 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_has_its_fields),
        cmocka_unit_test(another_pulse_at_the_end_is_another_format),
        cmocka_unit_test(constant_bits_are_no_code),
        cmocka_unit_test(the_sync_bit_is_on_the_air_as_drawn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
