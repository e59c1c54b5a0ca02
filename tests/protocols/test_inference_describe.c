/* An inferred table keeps the rules of a descriptor.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/frame.h"
#include "tests/protocols/presses.h"

static struct inferred_protocol described;

static const struct frame frame = {
    .symbols = { "100", "110" },
    .te_us = 400,
    .preamble_chips = 24,
    .sync_chips = 10,
    .reception = { .modulation = MODULATION_FSK },
};

/* Fields of these bits, one after the other. */
static struct inference table_of(const enum field_role *role,
                                 const uint16_t *bits, size_t n)
{
    struct inference r = { .kind = LINE_PWM, .n = n };

    for (size_t i = 0; i < n; i++) {
        r.field[i] = (struct inference_field){ .role = role[i],
                                               .order = ORDER_MSB,
                                               .at = (uint16_t)r.n_bits,
                                               .bits = bits[i] };
        r.n_bits += bits[i];
    }
    return r;
}

/* Returns how many fields. */
static size_t assert_described(const struct inference *r, const struct bits *b)
{
    const struct field *f = described.protocol.fields;
    size_t at = 0, n = 0;

    for (; f->name != NULL; f++, n++) {
        assert_true(n < INFERRED_FIELDS_MAX);
        assert_true(f->name[0] != '\0' && strlen(f->name) < INFERRED_NAME);
        assert_int_equal(
            strspn(f->name, "abcdefghijklmnopqrstuvwxyz0123456789_"),
            strlen(f->name));
        assert_true(f->bits >= 1 && f->bits <= 64);
        assert_int_equal(f->at, at);
        assert_true(f->at + f->bits <= r->n_bits);
        assert_true(f->bits == 64 || field_value(f, b) < 1ull << f->bits);
        at += f->bits;
        for (size_t k = 0; k < n; k++)
            assert_string_not_equal(f->name, described.protocol.fields[k].name);
    }
    assert_int_equal(at, r->n_bits);
    return n;
}

/* Each field by all that it has. */
static void assert_field(size_t i, const char *name, size_t at, size_t bits,
                         enum field_role role, uint64_t value,
                         const struct bits *b)
{
    const struct field *f = &described.protocol.fields[i];

    assert_string_equal(f->name, name);
    assert_int_equal(f->at, at);
    assert_int_equal(f->bits, bits);
    assert_int_equal(f->role, role);
    assert_true(field_value(f, b) == value);
}

static void fields_become_a_descriptor(void **state)
{
    static const enum field_role role[] = { ROLE_FIXED,   ROLE_IDENTITY,
                                            ROLE_ACTION,  ROLE_STATUS,
                                            ROLE_COUNTER, ROLE_ROLLING,
                                            ROLE_CHECK,   ROLE_FIXED };
    static const uint16_t bits[] = { 4, 32, 4, 1, 16, 64, 8, 3 };
    struct inference r = table_of(role, bits, 8);
    struct bits b = { 0 };

    (void)state;
    presses_append(&b, 4, 0xA);
    presses_append(&b, 32, 0x12345678);
    presses_append(&b, 4, 0x2);
    presses_append(&b, 1, 1);
    presses_append_lsb(&b, 16, 0xBEEF);
    presses_append(&b, 64, 0xFEDCBA9876543210);
    presses_append(&b, 8, 0x5A);
    presses_append(&b, 3, 6);
    r.field[4].order = ORDER_LSB;
    inference_describe(&r, &frame, &described);
    assert_int_equal(assert_described(&r, &b), 8);
    assert_field(0, "fixed", 0, 4, ROLE_FIXED, 0xA, &b);
    assert_field(1, "id", 4, 32, ROLE_IDENTITY, 0x12345678, &b);
    assert_field(2, "button", 36, 4, ROLE_ACTION, 2, &b);
    assert_field(3, "status", 40, 1, ROLE_STATUS, 1, &b);
    assert_field(4, "counter", 41, 16, ROLE_COUNTER, 0xBEEF, &b);
    assert_field(5, "rolling", 57, 64, ROLE_ROLLING, 0xFEDCBA9876543210, &b);
    assert_field(6, "check", 121, 8, ROLE_CHECK, 0x5A, &b);
    assert_field(7, "fixed_2", 129, 3, ROLE_FIXED, 6, &b);
}

static void the_rest_is_how_it_is_sent(void **state)
{
    static const enum field_role role[] = { ROLE_IDENTITY, ROLE_CHECK,
                                            ROLE_CHECK };
    static const uint16_t bits[] = { 40, 8, 4 };
    const struct inference r = table_of(role, bits, 3);
    const struct protocol *p = &described.protocol;
    const struct bits b = { .n = 52 };

    (void)state;
    inference_describe(&r, &frame, &described);
    assert_string_equal(p->name, "unknown");
    assert_string_equal(p->model, "Unknown");
    assert_true(p->title[0] != '\0' && p->source[0] != '\0');
    assert_int_equal(p->check_bits, 12);
    assert_false(p->is_rolling);
    assert_int_equal(p->check(&b), VERDICT_PLAUSIBLE);
    assert_int_equal(p->waveforms[0].n_bits, 52);
    assert_int_equal(p->waveforms[1].n_bits, 0);
    assert_int_equal(p->waveforms[0].kind, LINE_PWM);
    assert_int_equal(p->waveforms[0].modulations, 1u << MODULATION_FSK);
    assert_string_equal(p->waveforms[0].symbols.zero, "100");
    assert_string_equal(p->waveforms[0].symbols.one, "110");
    assert_true(p->waveforms[0].te_us == 400);
    assert_true(p->waveforms[0].te_min_us < 400 &&
                p->waveforms[0].te_max_us > 400);
    assert_int_equal(p->waveforms[0].preamble_pulses, 12);
    assert_int_equal(p->waveforms[0].header, 10);
    assert_string_equal(p->waveforms[0].sync, "");
}

static void what_changes_each_time_is_rolling(void **state)
{
    static const enum field_role roles[] = { ROLE_ROLLING, ROLE_COUNTER,
                                             ROLE_ACTION };
    static const uint16_t bits[] = { 16 };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const struct inference r = table_of(&roles[i], bits, 1);

        inference_describe(&r, &frame, &described);
        assert_int_equal(described.protocol.is_rolling, i < 2);
    }
}

/* A field of a descriptor holds 64 bits. */
static void long_fields_come_in_parts(void **state)
{
    static const enum field_role role[] = { ROLE_ROLLING };

    (void)state;
    for (size_t n = 1; n <= BITS_MAX; n += n % 64 == 1 ? 62 : 1) {
        const struct inference r =
            table_of(role, &(uint16_t){ (uint16_t)n }, 1);
        struct synth_random random = { n };
        struct bits b = { 0 };

        presses_append_random(&b, n, &random);
        inference_describe(&r, &frame, &described);
        assert_int_equal(assert_described(&r, &b), (n + 63) / 64);
        for (size_t i = 0; i < n / 64; i++) {
            assert_int_equal(described.protocol.fields[i].role, ROLE_ROLLING);
            assert_true(field_value(&described.protocol.fields[i], &b) ==
                        bits_msb(&b, 64 * i, 64));
        }
    }
    assert_string_equal(described.names[0], "rolling");
    assert_string_equal(described.names[7], "rolling_8");
}

/* As many fields as there can be. */
static void the_longest_table_has_room(void **state)
{
    enum field_role role[INFERENCE_FIELDS_MAX];
    uint16_t bits[INFERENCE_FIELDS_MAX];
    const struct bits b = { .n = BITS_MAX };
    struct inference r;

    (void)state;
    for (size_t i = 0; i < INFERENCE_FIELDS_MAX; i++) {
        role[i] = i % 2 ? ROLE_IDENTITY : ROLE_ROLLING;
        bits[i] = 1;
    }
    r = table_of(role, bits, INFERENCE_FIELDS_MAX);
    assert_int_equal(r.n_bits, BITS_MAX);
    inference_describe(&r, &frame, &described);
    assert_int_equal(assert_described(&r, &b), INFERENCE_FIELDS_MAX);
}

/* Lengths that a descriptor's numbers cannot hold are cut, not wrapped. */
static void long_preambles_are_cut(void **state)
{
    static const enum field_role role[] = { ROLE_IDENTITY };
    static const uint16_t bits[] = { 20 };
    const struct inference r = table_of(role, bits, 1);
    struct frame f = frame;

    (void)state;
    f.preamble_chips = 1026;
    f.sync_chips = 257;
    inference_describe(&r, &f, &described);
    assert_int_equal(described.protocol.waveforms[0].preamble_pulses, 255);
    assert_int_equal(described.protocol.waveforms[0].preamble_sure, 255);
    assert_int_equal(described.protocol.waveforms[0].header, 255);
}

static void an_empty_table_is_one(void **state)
{
    const struct inference r = { 0 };
    const struct bits b = { 0 };

    (void)state;
    inference_describe(&r, &frame, &described);
    assert_int_equal(assert_described(&r, &b), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_become_a_descriptor),
        cmocka_unit_test(the_rest_is_how_it_is_sent),
        cmocka_unit_test(what_changes_each_time_is_rolling),
        cmocka_unit_test(long_fields_come_in_parts),
        cmocka_unit_test(the_longest_table_has_room),
        cmocka_unit_test(long_preambles_are_cut),
        cmocka_unit_test(an_empty_table_is_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
