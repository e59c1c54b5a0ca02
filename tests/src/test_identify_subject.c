/* test_identify_subject - what a sitting tells of its fob.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/identify_subject.h"
#include "tests/src/drawn.h"

static struct sat a;
static struct sat_fob fob;
static struct sitting sitting;
static struct inferrer inferrer;
static struct identify_subject subject;
static struct identify_radio radio;

static int begin_all(void **state)
{
    (void)state;
    return inferrer_init(&inferrer);
}

static int end_all(void **state)
{
    (void)state;
    inferrer_finish(&inferrer);
    return 0;
}

static void gather(const struct sitting *s)
{
    memset(&radio, 0x5a, sizeof radio);
    identify_subject_gather(&subject, s, &inferrer);
    identify_subject_radio(&subject, NULL, &radio);
}

/* n presses that nobody asked for. */
static void press(struct sat_fob *x, unsigned n, uint64_t action)
{
    for (unsigned i = 0; i < n; i++) {
        a.t += 3;
        sat_send(a.s, x, a.t, action);
    }
}

/* Settles what was heard, and looks. */
static void end(void)
{
    sat_end(&a);
    gather(a.s);
}

static void begin(const struct protocol *p)
{
    fob = sat_fob(p);
    a = sat_file(433.92e6, 600);
}

static void nothing_was_heard(void **state)
{
    struct inferred_protocol p;

    (void)state;
    begin(NULL);
    end();
    assert_int_equal(radio.presses, 0);
    assert_int_equal(radio.with_frame, 0);
    assert_true(isnan(radio.carrier_hz) && isnan(radio.carrier_spread_hz));
    assert_false(radio.is_harmonic || radio.has_modulation || radio.has_code);
    assert_int_equal(radio.is_rolling, TRUTH_UNKNOWN);
    assert_int_equal(radio.actions, 0);
    assert_false(radio.has_sticker_result || subject.is_inferred);
    assert_null(radio.protocol);
    assert_null(identify_subject_format(&subject, &p));
}

static void a_known_format(void **state)
{
    struct inferred_protocol p;

    (void)state;
    begin(&protocol_siemens_5wy72xx);
    press(&fob, 3, 1);
    press(&fob, 2, 4);
    end();
    assert_int_equal(radio.presses, 5);
    assert_int_equal(radio.with_frame, 5);
    assert_true(radio.has_modulation && radio.has_code);
    assert_int_equal(radio.modulation, MODULATION_OOK);
    assert_ptr_equal(radio.protocol, &protocol_siemens_5wy72xx);
    assert_false(radio.is_proven); /* sat's frames are plausible */
    assert_int_equal(radio.is_rolling, TRUTH_YES);
    assert_int_equal(radio.actions, 2);
    assert_false(subject.is_inferred || radio.has_sticker_result);
    assert_ptr_equal(identify_subject_format(&subject, &p),
                     &protocol_siemens_5wy72xx);
    for (size_t i = 0; i < a.s->n_presses; i++)
        a.s->press[i].frame.verdict = VERDICT_PROVEN;
    gather(a.s);
    assert_true(radio.is_proven);
}

/* So many presses with one code, then others. */
static void rolls_after(const struct protocol *p, unsigned frozen,
                        unsigned moving, enum truth want)
{
    begin(p);
    fob.is_frozen = true;
    press(&fob, frozen, 1);
    fob.is_frozen = false;
    press(&fob, moving, 1);
    end();
    assert_int_equal(radio.is_rolling, want);
}

static void rolling_of_known_formats(void **state)
{
    (void)state;
    rolls_after(&protocol_hcs200, 0, 1, TRUTH_UNKNOWN); /* nothing to compare */
    rolls_after(&protocol_hcs200, 0, 2, TRUTH_YES);
    rolls_after(&protocol_hcs200, 3, 0, TRUTH_NO);
    rolls_after(&protocol_hcs200, 2, 4, TRUTH_UNKNOWN);
    rolls_after(&protocol_princeton, 2, 0, TRUTH_NO);
    assert_int_equal(radio.actions, 0); /* it has no such field */
}

/* The first format from seed on whose fobs roll or do not. */
static uint64_t seed_of(bool rolls, unsigned buttons, uint64_t seed)
{
    for (;; seed++) {
        struct format f;
        bool has = false, flickers = false;

        formats_draw(&f, seed);
        for (size_t i = 0; i < f.n; i++) {
            has |= f.field[i].role == ROLE_ROLLING ||
                   f.field[i].role == ROLE_COUNTER;
            flickers |= f.field[i].flicker > 0;
        }
        if (has == rolls && !flickers && f.buttons >= buttons)
            return seed;
    }
}

static void sit(uint64_t seed, unsigned buttons, unsigned presses,
                const struct drawn_cfg *how)
{
    const struct presses_cfg cfg = { .fobs = 1,
                                     .buttons = buttons,
                                     .presses = presses };

    drawn_sit(&sitting, drawn_presses(seed, &cfg), 0, how);
    gather(&sitting);
}

static const struct drawn_cfg *unasked(void)
{
    static struct drawn_cfg how;

    how = drawn_usual;
    how.is_asked = false;
    return &how;
}

/* Over some formats: no wrong answer, and mostly one. */
static void rolling_of_unknown_formats(void **state)
{
    (void)state;
    for (int rolls = 0; rolls < 2; rolls++) {
        unsigned told = 0;

        for (uint64_t k = 0, seed = 0; k < 10; k++, seed++) {
            seed = seed_of(rolls, 2, seed);
            sit(seed, 2, 8, k % 2 ? unasked() : &drawn_usual);
            assert_true(subject.is_inferred);
            assert_int_not_equal(radio.is_rolling,
                                 rolls ? TRUTH_NO : TRUTH_YES);
            told += radio.is_rolling != TRUTH_UNKNOWN;
        }
        assert_in_range(told, 8, 10);
    }
}

/* A fixed code of a button a press each: it must not be said to roll. */
static void fixed_codes_do_not_roll(void **state)
{
    (void)state;
    for (uint64_t k = 0, seed = 0; k < 5; k++, seed++) {
        seed = seed_of(false, 3, seed);
        for (unsigned presses = 1; presses <= 4; presses++) {
            sit(seed, 3, presses, unasked());
            assert_int_not_equal(radio.is_rolling, TRUTH_YES);
            sit(seed, 3, presses, &drawn_usual);
            assert_int_not_equal(radio.is_rolling, TRUTH_YES);
        }
    }
}

/* Two or three that differ may be as many buttons. */
static void few_presses_without_names(void **state)
{
    const uint64_t seed = seed_of(true, 2, 0);

    (void)state;
    for (unsigned presses = 1; presses < 4; presses++) {
        sit(seed, 1, presses, unasked());
        assert_int_equal(radio.is_rolling, TRUTH_UNKNOWN);
    }
    sit(seed, 1, 4, unasked());
    assert_int_equal(radio.is_rolling, TRUTH_YES);
    sit(seed, 1, 3, &drawn_usual);
    assert_true(subject.inference.buttons == 1);
    assert_int_equal(radio.is_rolling, TRUTH_YES);
}

static void actions_of_known_formats(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 4; n++) {
        begin(&protocol_hcs361);
        for (unsigned i = 0; i < n; i++)
            press(&fob, 1 + n % 2, 1u << i);
        press(&fob, 1, 1); /* one of them again */
        end();
        assert_int_equal(radio.actions, n);
    }
}

/* As many as were pressed, where it is sure which bits follow them; or none. */
static void actions_of_unknown_formats(void **state)
{
    unsigned told = 0;

    (void)state;
    for (uint64_t k = 0, seed = 0; k < 12; k++, seed++) {
        const unsigned n = 2 + k % 2;

        seed = seed_of(k % 3 != 0, n, seed);
        sit(seed, n, 10, &drawn_usual);
        if (radio.actions != 0)
            assert_int_equal(radio.actions, n);
        told += radio.actions != 0;
    }
    assert_in_range(told, 9, 12);
}

/* All the bits, 80 of them, are another code for each button. */
static void actions_as_long_as_a_frame(void **state)
{
    struct drawn_cfg how = drawn_usual;
    struct synth_random r = { 5 };
    struct bits code[3];

    (void)state;
    for (size_t b = 0; b < 3; b++) {
        code[b] = (struct bits){ .n = 80 };
        for (size_t i = 0; i < code[b].n; i++) {
            code[b].value[i] = synth_random_u64(&r) & 1;
            code[b].llr[i] = code[b].value[i] ? 30 : -30;
        }
    }
    drawn_begin(&sitting, &how);
    for (size_t i = 0; i < 12; i++) {
        struct frame f = drawn_frame(&how, &code[i % 3]);

        drawn_press(&sitting, &f, drawn_names[i % 3], 3);
    }
    sitting_settle(&sitting);
    gather(&sitting);
    assert_true(subject.is_inferred);
    assert_int_equal(radio.is_rolling, TRUTH_NO);
    if (radio.actions != 0)
        assert_int_equal(radio.actions, 3);
}

static void a_carrier_on_the_air(void **state)
{
    (void)state;
    rolls_after(&protocol_hcs200, 0, 3, TRUTH_YES);
    sat_near(radio.carrier_hz, 433.93e6, 1);
    /* 50 ppm: the receiver; the fob's own 50 Hz are less */
    sat_near(radio.carrier_spread_hz, 433.93e6 * 50e-6, 1);
    assert_false(radio.is_harmonic);
}

static void an_unknown_carrier(void **state)
{
    struct drawn_cfg how = drawn_usual;

    (void)state;
    how.centre_hz = NAN;
    sit(0, 2, 4, &how);
    assert_int_equal(radio.presses, 4);
    assert_true(radio.has_code);
    assert_true(isnan(radio.carrier_hz) && isnan(radio.carrier_spread_hz));
    assert_false(radio.is_harmonic);
}

/* Pulses, as somebody else's receiver wrote them down: what it was tuned to. */
static void a_carrier_of_pulses(void **state)
{
    struct drawn_cfg how = drawn_usual;

    (void)state;
    how.carrier_hz = 0;
    how.uncertainty_hz = 188e3;
    sit(0, 2, 4, &how);
    sat_near(radio.carrier_hz, 433.92e6, 1);
    sat_near(radio.carrier_spread_hz, 188e3, 1);
}

/* The fob at 434 MHz is heard at twice that as well, which is taken for it. */
static void harmonics(void **state)
{
    struct sat_fob echo;

    (void)state;
    begin(&protocol_hcs200);
    echo = fob;
    press(&fob, 1, 1); /* heard itself */
    echo.carrier_hz = 2 * fob.carrier_hz;
    press(&echo, 3, 1);
    end();
    sat_near(radio.carrier_hz, 867.86e6, 1);
    assert_true(radio.is_harmonic);
    begin(&protocol_hcs200); /* by itself: nothing says it is one */
    fob.carrier_hz = 867.86e6;
    press(&fob, 3, 1);
    end();
    assert_false(radio.is_harmonic);
    begin(&protocol_hcs200); /* something else, off by more than fobs are */
    echo = sat_fob(&protocol_princeton);
    echo.carrier_hz = 433.6e6;
    fob.carrier_hz = 867.86e6;
    press(&echo, 1, 1);
    press(&fob, 3, 1);
    end();
    assert_false(radio.is_harmonic);
}

/* The bits are those that were sent. */
static void reads_as_sent(const struct presses *p)
{
    struct bits bits;

    for (size_t i = 0; i < subject.frames.n; i++) {
        identify_subject_bits(&subject, i, &bits);
        assert_int_equal(bits.n, p->sent[i].n);
        assert_memory_equal(bits.value, p->sent[i].value, bits.n);
    }
}

/* Both kinds, decoded as the plain one. Plain ones are never said to be the other;
 * of the other some look plain: 10 of 100 formats, 13 with what is not sure. */
static void differential_manchester(void **state)
{
    const struct presses_cfg cfg = { .fobs = 1, .buttons = 2, .presses = 8 };
    struct drawn_cfg how = drawn_usual;
    unsigned told = 0;

    (void)state;
    how.kind = LINE_MANCHESTER;
    for (uint64_t seed = 0; seed < 24; seed++) {
        how.sent = seed % 2 ? LINE_DIFF_MANCHESTER : LINE_MANCHESTER;
        sit(seed / 2, 2, 8, &how);
        assert_true(subject.is_inferred);
        assert_int_equal(subject.frames.best->kind, LINE_MANCHESTER);
        if (how.sent == LINE_MANCHESTER)
            assert_int_equal(radio.kind, LINE_MANCHESTER);
        told += radio.kind == LINE_DIFF_MANCHESTER;
        if (identify_subject_kind(&subject) == how.sent)
            reads_as_sent(drawn_presses(seed / 2, &cfg));
    }
    assert_in_range(told, 8, 12);
}

/* It is chosen only where it is much better; fields and evidence have one kind. */
static void hardly_differential(void **state)
{
    struct drawn_cfg how = drawn_usual;
    unsigned told = 0;

    (void)state;
    how.kind = LINE_MANCHESTER;
    how.sent = LINE_DIFF_MANCHESTER;
    for (unsigned i = 0; i < 24; i++) {
        sit(i, 2, 2 + i % 3, &how);
        const bool is_told = subject.inference.kind_gain > 10;
        told += is_told;
        assert_int_equal(radio.kind, is_told ? how.sent : how.kind);
        assert_int_equal(identify_subject_kind(&subject), radio.kind);
    }
    assert_in_range(told, 3, 21);
}

static void the_sticker_is_looked_for(void **state)
{
    struct sticker sticker;
    struct err e = { "" };

    (void)state;
    begin(&protocol_hcs200);
    fob.serial = 0x83FAC55; /* 24 of its bits */
    press(&fob, 6, 1);
    sat_end(&a);
    assert_int_equal(sticker_parse(&sticker, "3FAC55", &e), 0);
    identify_subject_gather(&subject, a.s, &inferrer);
    identify_subject_radio(&subject, &sticker, &radio);
    assert_true(radio.has_sticker_result);
    assert_true(radio.sticker.is_hit);
    assert_int_equal(radio.sticker.with_code, 6);
    assert_int_equal(sticker_parse(&sticker, "3FAC66", &e), 0);
    identify_subject_radio(&subject, &sticker, &radio);
    assert_true(radio.has_sticker_result);
    assert_false(radio.sticker.is_hit);
}

static unsigned bits_of(const struct inference *i, enum field_role role)
{
    unsigned n = 0;

    for (size_t k = 0; k < i->n; k++)
        n += i->field[k].role == role ? i->field[k].bits : 0;
    return n;
}

/* A second fob of the family: what stays in one is its own or every fob's. */
static void another_fob_joins(void **state)
{
    const struct presses_cfg cfg = { .fobs = 2, .buttons = 2, .presses = 8 };
    static struct sitting other;
    struct fob_frames frames;
    unsigned settled = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        bool wants_fob = false;
        const struct presses *p = drawn_presses(seed, &cfg);
        drawn_sit(&sitting, p, 0, unasked());
        drawn_sit(&other, p, 1, unasked());
        fob_frames_collect(&frames, &other);
        gather(&sitting);
        assert_int_equal(subject.inference.fobs, 1);
        identify_subject_join(&subject, &frames, &inferrer);
        assert_int_equal(subject.inference.fobs, 2);
        assert_int_equal(subject.inference.frames, 16);
        assert_int_equal(subject.frames.n, 8); /* those of the first one */
        for (size_t i = 0; i < subject.inference.n_wants; i++)
            wants_fob |= subject.inference.want[i].kind == WANT_FOB;
        assert_false(wants_fob);
        settled += bits_of(&subject.inference, ROLE_IDENTITY) > 0;
    }
    assert_in_range(settled, 5, 6);
}

/* Of a known format there is nothing to join. */
static void nothing_to_join(void **state)
{
    const struct fob_frames none = { .n = 0 };

    (void)state;
    rolls_after(&protocol_hcs200, 0, 3, TRUTH_YES);
    identify_subject_join(&subject, &none, &inferrer);
    assert_false(subject.is_inferred);
    sit(0, 2, 8, &drawn_usual); /* nor without frames */
    identify_subject_join(&subject, &none, &inferrer);
    assert_int_equal(subject.inference.fobs, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_was_heard),
        cmocka_unit_test(a_known_format),
        cmocka_unit_test(rolling_of_known_formats),
        cmocka_unit_test(rolling_of_unknown_formats),
        cmocka_unit_test(fixed_codes_do_not_roll),
        cmocka_unit_test(few_presses_without_names),
        cmocka_unit_test(actions_of_known_formats),
        cmocka_unit_test(actions_of_unknown_formats),
        cmocka_unit_test(actions_as_long_as_a_frame),
        cmocka_unit_test(a_carrier_on_the_air),
        cmocka_unit_test(an_unknown_carrier),
        cmocka_unit_test(a_carrier_of_pulses),
        cmocka_unit_test(harmonics),
        cmocka_unit_test(differential_manchester),
        cmocka_unit_test(hardly_differential),
        cmocka_unit_test(the_sticker_is_looked_for),
        cmocka_unit_test(another_fob_joins),
        cmocka_unit_test(nothing_to_join),
    };

    return cmocka_run_group_tests(tests, begin_all, end_all);
}
