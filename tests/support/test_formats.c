/* Random formats are as formats.h says, and their checks are right.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/computed.h"
#include "tests/support/presses.h"
#include "tests/support/synth.h"

enum { MANY = 4000 };

static struct presses presses;

static void fields_cover_all_bits(void **state)
{
    struct format f;

    (void)state;
    for (uint64_t seed = 0; seed < MANY; seed++) {
        size_t at = 0;
        formats_draw(&f, seed);
        for (size_t i = 0; i < f.n; i++) {
            const struct format_field *x = &f.field[i];
            assert_int_equal(x->at, at);
            assert_in_range(x->bits, 1, 64);
            assert_true((x->role == ROLE_CHECK) ==
                        (x->relation.kind != RELATION_NONE));
            if (x->role == ROLE_CHECK)
                assert_true(x->relation.from + x->relation.from_bits <= x->at);
            at += x->bits;
        }
        assert_int_equal(at, f.n_bits);
        assert_in_range(f.n_bits, FORMATS_BITS_MIN, FORMATS_BITS_MAX);
        assert_in_range(f.buttons, 2, FORMATS_BUTTONS_MAX);
    }
}

static bool has(const struct format *f, enum field_role role)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->field[i].role == role)
            return true;
    return false;
}

static bool has_copy(const struct format *f)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->field[i].relation.kind == RELATION_COPY ||
            f->field[i].relation.kind == RELATION_INVERSE)
            return true;
    return false;
}

/* Redrawing what is too long or too short shifts the shares a little. */
static void shares_are_about_those_said(void **state)
{
    unsigned rolling = 0, counter = 0, neither = 0, check = 0, copy = 0;
    struct format f;

    (void)state;
    for (uint64_t seed = 0; seed < MANY; seed++) {
        formats_draw(&f, seed);
        rolling += has(&f, ROLE_ROLLING);
        counter += has(&f, ROLE_COUNTER);
        neither += !has(&f, ROLE_ROLLING) && !has(&f, ROLE_COUNTER);
        copy += has_copy(&f);
        for (size_t i = 0; i < f.n; i++)
            check += f.field[i].relation.kind > RELATION_INVERSE;
    }
    assert_float_equal((double)rolling / MANY, 0.65, 0.05);
    assert_float_equal((double)counter / MANY, 0.50, 0.05);
    assert_float_equal((double)neither / MANY, 0.10, 0.05);
    assert_float_equal((double)check / MANY, 0.60, 0.05);
    assert_float_equal((double)copy / MANY, 0.15, 0.05);
}

static void checks_hold_in_all_frames(void **state)
{
    struct format f;

    (void)state;
    for (uint64_t seed = 0; seed < 500; seed++) {
        const struct presses_cfg cfg = {
            .fobs = 2, .buttons = 2, .presses = 8, .seed = seed
        };
        formats_draw(&f, seed);
        presses_make(&f, &cfg, &presses);
        assert_int_equal(presses.n, 16);
        for (size_t i = 0; i < f.n; i++) {
            const struct computed c = { .relation = f.field[i].relation,
                                        .at = f.field[i].at,
                                        .bits = f.field[i].bits };
            uint64_t constant = 0;
            for (size_t k = 0; k < presses.n && c.relation.kind; k++) {
                assert_true(computed_constant(&c, &presses.sent[k], &constant));
                assert_int_equal(constant, c.relation.constant);
            }
        }
    }
}

static uint64_t number(const struct format_field *f, const struct bits *b)
{
    uint64_t x = 0;

    for (size_t i = 0; i < f->bits; i++)
        x = x << 1 |
            b->value[f->at + (f->order == ORDER_MSB ? i : f->bits - 1u - i)];
    return x;
}

static void fields_do_what_their_role_says(void **state)
{
    struct format f;

    (void)state;
    for (uint64_t seed = 0; seed < 500; seed++) {
        const struct presses_cfg cfg = {
            .fobs = 1, .buttons = 2, .presses = 6, .seed = seed
        };
        formats_draw(&f, seed);
        presses_make(&f, &cfg, &presses);
        for (size_t i = 0; i < f.n; i++)
            for (size_t k = 1; k < presses.n; k++) {
                const struct format_field *x = &f.field[i];
                uint64_t was = number(x, &presses.sent[k - 1]);
                uint64_t is = number(x, &presses.sent[k]);
                uint64_t step =
                    (is - was) & ((UINT64_C(1) << (x->bits & 63)) - 1);
                if (x->role == ROLE_COUNTER)
                    assert_true(step % f.step == 0 && step > 0 &&
                                step <= 4u * f.step);
                if (x->role == ROLE_IDENTITY || x->role == ROLE_FIXED)
                    assert_true(is == was);
                if (x->role == ROLE_ACTION)
                    assert_int_equal(is, f.code[presses.button[k]]);
                if (x->role == ROLE_ROLLING)
                    assert_true(is != was);
            }
    }
}

static void same_seed_same_frames(void **state)
{
    static struct presses again;
    const struct presses_cfg cfg = {
        .fobs = 2, .buttons = 2, .presses = 16, .is_noisy = true, .seed = 7
    };
    struct format a, b;

    (void)state;
    formats_draw(&a, 5);
    formats_draw(&b, 5);
    presses_make(&a, &cfg, &presses);
    presses_make(&b, &cfg, &again);
    assert_memory_equal(presses.heard, again.heard, sizeof again.heard);
    formats_draw(&b, 6);
    assert_true(a.n_bits != b.n_bits || a.n != b.n ||
                memcmp(a.code, b.code, sizeof a.code) != 0);
}

/* Frames are hurt as often as presses.h says, and sent is what left the fob. */
static void noise_is_as_rare_as_said(void **state)
{
    unsigned slips = 0, wrong = 0;
    double frames = 0;
    struct format f;

    (void)state;
    for (uint64_t seed = 0; seed < 500; seed++) {
        const struct presses_cfg cfg = { .fobs = 1,
                                         .buttons = 2,
                                         .presses = 16,
                                         .is_noisy = true,
                                         .seed = seed };
        formats_draw(&f, seed);
        presses_make(&f, &cfg, &presses);
        for (size_t k = 0; k < presses.n; k++) {
            const struct bits *s = &presses.sent[k], *h = &presses.heard[k];
            frames++;
            assert_int_equal(s->n, f.n_bits);
            slips += h->n != s->n;
            if (h->n == s->n)
                for (size_t i = 0; i < s->n; i++)
                    if (s->value[i] != h->value[i]) {
                        wrong++;
                        assert_true(fabsf(h->llr[i]) < 2);
                    }
        }
    }
    assert_float_equal((float)(slips / frames), 0.05, 0.01);
    assert_float_equal((float)(wrong / frames), 0.01, 0.005);
}

/* "123456789" is the customary test of a CRC: G. Cook's catalogue. */
static uint64_t of_123456789(const struct relation *r, unsigned bits,
                             bool is_lsb)
{
    struct bits b = { .n = 72 + bits };
    struct computed c = { .relation = *r, .at = 72, .bits = (uint16_t)bits };
    const struct format_field f = { .at = 72,
                                    .bits = (uint16_t)bits,
                                    .order = is_lsb ? ORDER_LSB : ORDER_MSB };

    for (unsigned i = 0; i < 72; i++) {
        unsigned shift = is_lsb ? i % 8 : 7 - i % 8;
        b.value[i] = (unsigned)"123456789"[i / 8] >> shift & 1;
    }
    c.relation.from_bits = 72;
    computed_fill(&c, &b);
    return number(&f, &b);
}

static void checks_are_the_customary_ones(void **state)
{
    const struct relation smbus = { RELATION_CRC, .polynomial = 0x07 };
    const struct relation maxim = { RELATION_CRC, .polynomial = 0x31 };
    const struct relation xmodem = { RELATION_CRC, .polynomial = 0x1021 };
    const struct relation arc = { RELATION_CRC, .polynomial = 0x8005 };
    const struct relation turned = { RELATION_CRC, .polynomial = 0x31,
                                     .is_lsb = true, .unit = 8 };
    const struct relation sum = { RELATION_SUM, .unit = 8 };
    const struct relation minus = { RELATION_NEGATIVE_SUM, .unit = 8 };
    const struct relation nibbles = { RELATION_SUM, .unit = 4 };
    const struct relation xor = { RELATION_XOR, .unit = 8 };

    (void)state;
    assert_int_equal(of_123456789(&smbus, 8, false), 0xF4);
    assert_int_equal(of_123456789(&maxim, 8, true), 0xA1);
    assert_int_equal(of_123456789(&turned, 8, false), 0xA1);
    assert_int_equal(of_123456789(&xmodem, 16, false), 0x31C3);
    assert_int_equal(of_123456789(&arc, 16, true), 0xBB3D);
    assert_int_equal(of_123456789(&sum, 8, false), 0xDD); /* 9 * 0x35 */
    assert_int_equal(of_123456789(&minus, 8, false), 0x23);
    assert_int_equal(of_123456789(&nibbles, 8, false), 9 * 3 + 45);
    assert_int_equal(of_123456789(&xor, 8, false), 0x31);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_cover_all_bits),
        cmocka_unit_test(shares_are_about_those_said),
        cmocka_unit_test(checks_hold_in_all_frames),
        cmocka_unit_test(fields_do_what_their_role_says),
        cmocka_unit_test(same_seed_same_frames),
        cmocka_unit_test(noise_is_as_rare_as_said),
        cmocka_unit_test(checks_are_the_customary_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
