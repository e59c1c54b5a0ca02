/* A format that nobody has described, from its presses to its fields.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/protocols/inferred.h"
#include "tests/protocols/presses.h"

static struct presses presses;
static struct inference found;

/* 8 bits fixed, a counter of 16, a serial of 28, a button of 4, a rolling code of
 * 32, the XOR of all the bytes. */
enum { N_BITS = 96, FIELDS = 6 };

static const struct {
    enum field_role role;
    size_t at, bits;
} fields[FIELDS] = {
    { ROLE_FIXED, 0, 8 },   { ROLE_COUNTER, 8, 16 },  { ROLE_IDENTITY, 24, 28 },
    { ROLE_ACTION, 52, 4 }, { ROLE_ROLLING, 56, 32 }, { ROLE_CHECK, 88, 8 },
};

static const unsigned codes[4] = { 0x2, 0x5, 0x9, 0xE };
/* Shortly before many bits of it change at once. */
static const unsigned counts[2] = { 0x3FFA, 0xBFFC };
static const uint64_t serials[2] = { 0xA5C3961, 0x5A3C69E };

static void press(unsigned fob, unsigned button, unsigned count,
                  struct synth_random *r)
{
    struct bits *b = presses_add(&presses, fob, (int)button);
    unsigned xor = 0;

    presses_append(b, 8, 0xB4);
    presses_append(b, 16, counts[fob] + count);
    presses_append(b, 28, serials[fob]);
    presses_append(b, 4, codes[button]);
    presses_append_random(b, 32, r);
    for (size_t at = 0; at < b->n; at += 8)
        xor ^= (unsigned)bits_msb(b, at, 8);
    presses_append(b, 8, xor);
}

/* Presses in turn: each of the buttons, of each fob. */
static void make(unsigned n, unsigned fobs, unsigned buttons, uint64_t seed)
{
    struct synth_random r = { seed };

    presses.n = 0;
    for (unsigned i = 0; i < n; i++)
        press(i % fobs, i / fobs % buttons, i / fobs, &r);
}

static bool find_as(enum line_kind kind)
{
    return inference_find(&inferrer, presses.frame, presses.n, kind, &found);
}

static bool find(void)
{
    return find_as(LINE_PWM);
}

static bool is_wanted(enum inference_want_kind kind)
{
    for (size_t i = 0; i < found.n_wants; i++)
        if (found.want[i].kind == kind)
            return true;
    return false;
}

static void assert_fields(void)
{
    presses_assert_sane(&found);
    assert_int_equal(found.n_bits, N_BITS);
    assert_int_equal(found.n, FIELDS);
    for (size_t i = 0; i < FIELDS; i++) {
        assert_int_equal(found.field[i].role, fields[i].role);
        assert_int_equal(found.field[i].at, fields[i].at);
        assert_int_equal(found.field[i].bits, fields[i].bits);
        assert_int_equal(found.field[i].order, ORDER_MSB);
        assert_true(found.field[i].confidence > 0.6);
        assert_true(found.field[i].gain > 0 ||
                    found.field[i].role == ROLE_ROLLING);
    }
    assert_int_equal(found.field[1].step, 1);
    assert_int_equal(found.field[3].step, 0);
    assert_int_equal(found.field[5].relation.kind, RELATION_XOR);
    assert_int_equal(found.field[5].relation.from, 0);
    assert_int_equal(found.field[5].relation.from_bits, 88);
    assert_int_equal(found.field[5].relation.unit, 8);
    assert_int_equal(found.field[5].relation.constant, 0);
    assert_true(found.field[5].relation.confidence > 0.9);
    assert_int_equal(found.field[4].relation.kind, RELATION_NONE);
}

static void a_format_is_found_field_by_field(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        make(48, 2, 4, seed);
        assert_true(find());
        assert_fields();
        assert_int_equal(found.frames, 48);
        assert_int_equal(found.fobs, 2);
        assert_int_equal(found.buttons, 4);
        assert_int_equal(found.left_out, 0);
        assert_int_equal(found.kind, LINE_PWM);
        assert_true(found.kind_gain == 0);
        assert_int_equal(found.n_wants, 0);
    }
}

/* Of one fob, what is its own and what is every fob's cannot be told. */
static void one_fob_wants_another(void **state)
{
    (void)state;
    make(24, 1, 4, 1);
    assert_true(find());
    presses_assert_sane(&found);
    assert_int_equal(found.fobs, 1);
    for (size_t i = 0; i < found.n;
         i++) /* the fixed bits may be the counter's */
        if (found.field[i].at >= fields[2].at)
            assert_int_equal(found.field[i].role,
                             fields[FIELDS - found.n + i].role);
    assert_true(is_wanted(WANT_FOB));
    assert_false(is_wanted(WANT_BUTTON));
    assert_false(is_wanted(WANT_LABELS));
    assert_false(is_wanted(WANT_SAME_BUTTON));
}

static void one_button_wants_another(void **state)
{
    (void)state;
    make(24, 2, 1, 1);
    assert_true(find());
    presses_assert_sane(&found);
    assert_int_equal(found.buttons, 1);
    for (size_t i = 0; i < found.n; i++)
        assert_int_not_equal(found.field[i].role, ROLE_ACTION);
    assert_true(is_wanted(WANT_BUTTON));
    assert_false(is_wanted(WANT_FOB));
}

static void buttons_pressed_once_want_again(void **state)
{
    (void)state;
    make(4, 1, 4, 1);
    assert_true(find());
    presses_assert_sane(&found);
    assert_true(is_wanted(WANT_SAME_BUTTON));
    assert_true(is_wanted(WANT_FOB));
    assert_false(is_wanted(WANT_BUTTON));
    make(5, 1, 4, 1);
    assert_true(find());
    assert_false(is_wanted(WANT_SAME_BUTTON));
}

/* Values that come back are a button's, even where nobody said which. */
static void labels_may_be_unknown(void **state)
{
    (void)state;
    make(48, 2, 4, 1);
    for (size_t i = 0; i < presses.n; i++)
        presses.frame[i].button = -1 - (int)i;
    assert_true(find());
    assert_int_equal(found.buttons, 0);
    assert_fields();
    assert_true(is_wanted(WANT_LABELS));
    assert_false(is_wanted(WANT_BUTTON));
}

static void two_presses_leave_much_open(void **state)
{
    (void)state;
    make(2, 1, 2, 1);
    assert_true(find());
    presses_assert_sane(&found);
    assert_true(is_wanted(WANT_PRESSES));
}

static void fewer_than_two_show_nothing(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 2; n++) {
        make(n, 1, 1, 1);
        found.n = 7;
        assert_false(find());
        assert_int_equal(found.n, 0);
        assert_false(find_as(LINE_MANCHESTER));
        assert_int_equal(found.n, 0);
    }
    presses_add(&presses, 0, 0); /* of no bits */
    presses_add(&presses, 0, 0);
    assert_false(find());
    assert_int_equal(found.n, 0);
}

/* A fob that sends the same each time: one field, and all is open. */
static void frames_may_all_be_the_same(void **state)
{
    static const enum line_kind kinds[] = { LINE_PWM, LINE_MANCHESTER,
                                            LINE_DIFF_MANCHESTER };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        make(1, 1, 1, 1);
        presses.frame[0].button = -1;
        while (presses.n < 10)
            *presses_add(&presses, 0, -1) = presses.bits[0];
        assert_true(find_as(kinds[i]));
        presses_assert_sane(&found);
        assert_int_equal(found.n, 1);
        assert_int_equal(found.field[0].role, ROLE_IDENTITY);
        assert_int_equal(found.field[0].bits, N_BITS);
        assert_int_equal(found.kind, kinds[i]);
        assert_true(is_wanted(WANT_LABELS));
        assert_true(is_wanted(WANT_FOB));
    }
}

/* A fixed code and two buttons: what changes follows the button and is no check,
 * though there is always a polynomial that divides the one difference. */
static void a_fixed_code_has_no_check(void **state)
{
    struct synth_random r = { 4 };
    const uint64_t serial = synth_random_u64(&r);

    (void)state;
    presses.n = 0;
    for (unsigned i = 0; i < 20; i++) {
        struct bits *b = presses_add(&presses, 0, (int)(i % 2));

        presses_append(b, 20, serial);
        presses_append(b, 4, i % 2 ? 0x3 : 0xC);
    }
    assert_true(find());
    presses_assert_sane(&found);
    assert_int_equal(found.n, 2);
    assert_int_equal(found.field[0].role, ROLE_IDENTITY);
    assert_int_equal(found.field[1].role, ROLE_ACTION);
    assert_int_equal(found.field[1].bits, 4);
}

/* One bit of field `field` hardly surer than not, in every so many-th frame; every
 * second one wrong. */
static void put_in_doubt(size_t field, size_t every, struct synth_random *r)
{
    for (size_t i = 0; i < presses.n; i += every) {
        struct bits *b = &presses.bits[i];
        const size_t at =
            fields[field].at + synth_random_u64(r) % fields[field].bits;

        b->value[at] = (uint8_t)(b->value[at] ^ (i / every & 1));
        b->llr[at] = b->value[at] ? 0.5f : -0.5f;
    }
}

static void assert_found_in_doubt(size_t field, size_t every)
{
    for (uint64_t seed = 1; seed <= 2; seed++) {
        struct synth_random r = { seed };

        make(48, 2, 4, seed);
        put_in_doubt(field, every, &r);
        assert_true(find());
        assert_int_equal(found.left_out, 0);
        assert_fields();
    }
}

static void doubtful_bits_do_not_break_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < FIELDS; i++)
        if (fields[i].role != ROLE_COUNTER)
            assert_found_in_doubt(i, 4);
}

/* A number of which one bit is in doubt is not another number. */
static void doubtful_bits_do_not_break_a_counter(void **state)
{
    (void)state;
    assert_found_in_doubt(1, 4);
}

/* Frames with a bit lost in front, among many that are whole. */
static void lost_bits_do_not_break_it(void **state)
{
    (void)state;
    make(48, 2, 4, 1);
    for (size_t i = 5; i < presses.n; i += 16)
        presses_drop(&presses.bits[i], 0);
    assert_true(find());
    assert_true(found.slipped >= 3);
    assert_fields();
}

/* ln P(1) / P(0) of the bit before and of this one, as it is read. */
static void manchester_can_be_read_otherwise(void **state)
{
    struct bits in = { 0 }, out, back;

    (void)state;
    presses_append(&in, 8, 0xD2); /* 11010010 to 10111011 */
    in.llr[3] = 2;
    inference_read_as(&in, LINE_MANCHESTER, LINE_DIFF_MANCHESTER, &out);
    assert_int_equal(out.n, 8);
    assert_int_equal(bits_msb(&out, 0, 8), 0xBB);
    assert_float_equal(out.llr[2], 20, 1e-5);
    assert_float_equal(out.llr[3], 2, 1e-5);
    assert_float_equal(out.llr[4], 2, 1e-5);
    assert_float_equal(out.llr[5], -20, 1e-5);
    inference_read_as(&out, LINE_DIFF_MANCHESTER, LINE_MANCHESTER, &back);
    assert_int_equal(bits_msb(&back, 0, 8), 0xD2);
    assert_float_equal(back.llr[2], -20, 1e-5);
    assert_float_equal(back.llr[3], 2, 1e-5);
    assert_float_equal(back.llr[7], -2, 1e-5); /* as sure as those before it */
}

static void reading_both_ways_is_the_identity(void **state)
{
    static const enum line_kind kinds[] = { LINE_MANCHESTER,
                                            LINE_DIFF_MANCHESTER };

    (void)state;
    for (size_t n = 0; n <= BITS_MAX; n += n < 10 ? 1 : 251)
        for (unsigned k = 0; k < 2; k++) {
            struct synth_random r = { n + 1 };
            struct bits in = { 0 }, out, back;

            presses_append_random(&in, n, &r);
            inference_read_as(&in, kinds[k], kinds[1 - k], &out);
            inference_read_as(&out, kinds[1 - k], kinds[k], &back);
            assert_memory_equal(&in, &back, sizeof in);
            if (n == BITS_MAX)
                assert_memory_not_equal(&in, &out, sizeof in);
            inference_read_as(&in, kinds[k], kinds[k], &out);
            assert_memory_equal(&in, &out, sizeof in);
            inference_read_as(&in, kinds[k], LINE_PWM, &out);
            assert_memory_equal(&in, &out, sizeof in);
        }
}

/* The frames as the decoder gives them if it takes the code for the other one. */
static void read_all_as(enum line_kind from, enum line_kind to)
{
    for (size_t i = 0; i < presses.n; i++) {
        const struct bits b = presses.bits[i];

        inference_read_as(&b, from, to, &presses.bits[i]);
    }
}

static void the_kind_is_told(void **state)
{
    static const enum line_kind kinds[] = { LINE_MANCHESTER,
                                            LINE_DIFF_MANCHESTER };

    (void)state;
    for (uint64_t seed = 1; seed <= 1; seed++)
        for (unsigned k = 0; k < 4; k++) {
            const enum line_kind sent = kinds[k & 1], decoded = kinds[k >> 1];

            make(48, 2, 4, seed);
            read_all_as(sent, decoded);
            assert_true(find_as(decoded));
            assert_int_equal(found.kind, sent);
            if (sent == decoded)
                assert_true(found.kind_gain == 0);
            else
                assert_true(found.kind_gain > 10);
            assert_fields();
        }
}

/* A code word and its inverse: as Manchester nothing in common, as its differential
 * kind all but the first bit. How much better that is, is a number. */
static void press_inverse(size_t n_bits)
{
    struct synth_random r = { 8 };
    struct bits *b;

    presses.n = 0;
    presses_append_random(presses_add(&presses, 0, 0), n_bits, &r);
    b = presses_add(&presses, 0, 0);
    for (size_t k = 0; k < n_bits; k++)
        presses_append(b, 1, presses.bits[0].value[k] ^ 1u);
}

static void frames_may_fit_as_the_other_kind_only(void **state)
{
    (void)state;
    press_inverse(64);
    assert_true(find_as(LINE_MANCHESTER));
    assert_int_equal(found.kind, LINE_DIFF_MANCHESTER);
    assert_true(found.kind_gain > 10);
    presses_assert_sane(&found);
    press_inverse(16); /* 15 bits: 10.4 nats, less what it has to overcome */
    assert_false(find_as(LINE_MANCHESTER));
    assert_int_equal(found.kind, LINE_MANCHESTER);
    assert_int_equal(found.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_format_is_found_field_by_field),
        cmocka_unit_test(one_fob_wants_another),
        cmocka_unit_test(one_button_wants_another),
        cmocka_unit_test(buttons_pressed_once_want_again),
        cmocka_unit_test(labels_may_be_unknown),
        cmocka_unit_test(two_presses_leave_much_open),
        cmocka_unit_test(fewer_than_two_show_nothing),
        cmocka_unit_test(frames_may_all_be_the_same),
        cmocka_unit_test(a_fixed_code_has_no_check),
        cmocka_unit_test(doubtful_bits_do_not_break_it),
        cmocka_unit_test(doubtful_bits_do_not_break_a_counter),
        cmocka_unit_test(lost_bits_do_not_break_it),
        cmocka_unit_test(manchester_can_be_read_otherwise),
        cmocka_unit_test(reading_both_ways_is_the_identity),
        cmocka_unit_test(the_kind_is_told),
        cmocka_unit_test(frames_may_fit_as_the_other_kind_only),
    };

    return cmocka_run_group_tests(tests, open_inferrer, close_inferrer);
}
