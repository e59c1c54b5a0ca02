/* The scorer on tables made by hand: what is right, what is not, and what the
 * presses cannot show.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/score.h"
#include "tests/support/shown.h"

static struct presses presses;

/* The truth as a table, sure of everything. */
static struct inference oracle(const struct format *f)
{
    struct inference i = { .n_bits = f->n_bits, .n = f->n };

    for (size_t k = 0; k < f->n; k++) {
        i.field[k] =
            (struct inference_field){ .role = f->field[k].role,
                                      .order = f->field[k].order,
                                      .at = f->field[k].at,
                                      .bits = f->field[k].bits,
                                      .confidence = 1,
                                      .relation = f->field[k].relation };
        i.field[k].relation.confidence = 1;
        if (f->field[k].role == ROLE_COUNTER)
            i.field[k].step = (int)f->step;
    }
    return i;
}

static void append(struct inference *i, const struct inference_field *like,
                   size_t at, size_t end)
{
    if (end <= at)
        return;
    i->field[i->n] = *like;
    i->field[i->n].at = (uint16_t)at;
    i->field[i->n++].bits = (uint16_t)(end - at);
}

/* Of each moving field but what it shows; what stands is fixed. A check whose
 * relation needs it whole is left so. */
static struct inference trimmed(const struct format *f, const struct shown *s)
{
    const struct inference whole = oracle(f);
    const struct inference_field fixed = { .role = ROLE_FIXED,
                                           .confidence = 1 };
    struct inference i = { .n_bits = f->n_bits };
    size_t done = 0;

    for (size_t k = 0; k < f->n; k++) {
        size_t at = f->field[k].at, end = at + f->field[k].bits;
        while (at < end && shown_stands(s, at) &&
               f->field[k].role != ROLE_CHECK)
            at++;
        while (end > at && shown_stands(s, end - 1) &&
               f->field[k].role != ROLE_CHECK)
            end--;
        if (at == end || (f->field[k].role == ROLE_CHECK && at < done))
            continue;
        append(&i, &fixed, done, at);
        append(&i, &whole.field[k], at, end);
        done = end;
    }
    append(&i, &fixed, done, f->n_bits);
    return i;
}

static void all_is_right(const struct format *f, const struct inference *i)
{
    struct score s;
    struct score_sum sum = { .claims = 0 };

    score_inference(f, &presses, i, &s);
    score_add(&sum, &s);
    assert_int_equal(s.false_claims, 0);
    assert_true(s.units > 0 && s.claims > 0);
    assert_true(score_exact_share(&sum, SCORE_KINDS) >= 1);
}

static void the_truth_is_right(void **state)
{
    struct format f;

    (void)state;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        formats_draw(&f, seed);
        for (unsigned fobs = 1; fobs <= 2; fobs++) {
            const struct presses_cfg cfg = {
                .fobs = fobs, .buttons = 2, .presses = 8, .seed = seed
            };
            presses_make(&f, &cfg, &presses);
            struct inference i = oracle(&f);
            all_is_right(&f, &i);
        }
    }
}

/* A table cannot be asked for columns that stand. */
static void so_is_what_can_be_seen_of_it(void **state)
{
    static struct shown shown;
    struct format f;

    (void)state;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        const struct presses_cfg cfg = {
            .fobs = 1, .buttons = 2, .presses = 8, .seed = seed
        };
        formats_draw(&f, seed);
        presses_make(&f, &cfg, &presses);
        shown_find(&f, &presses, &shown);
        struct inference i = trimmed(&f, &shown);
        all_is_right(&f, &i);
    }
}

/* 0       8          24       32        40        64    72
 * | fixed | identity | action | counter | rolling | XOR |  */
enum { FIXED, IDENTITY, ACTION, COUNTER, ROLLING, XOR, FIELDS };
static const struct format known = {
    .n_bits = 72,
    .n = FIELDS,
    .field = {
        { .role = ROLE_FIXED, .bits = 8, .value = 0xA5, .order = ORDER_MSB },
        { .role = ROLE_IDENTITY, .at = 8, .bits = 16, .order = ORDER_MSB },
        { .role = ROLE_ACTION, .at = 24, .bits = 8, .order = ORDER_MSB },
        { .role = ROLE_COUNTER, .at = 32, .bits = 8, .order = ORDER_MSB },
        { .role = ROLE_ROLLING, .at = 40, .bits = 24, .order = ORDER_MSB },
        { .role = ROLE_CHECK, .at = 64, .bits = 8, .order = ORDER_MSB,
          .relation = { .kind = RELATION_XOR, .from = 0, .from_bits = 64,
                        .unit = 8 } },
    },
    .code = { 1, 2, 4, 8 },
    .buttons = 4,
    .step = 1,
};

/* Eight presses in which no column of what changes stands at its border, and
 * none of the rolling code's does what a neighbour's would. */
static void press_known(unsigned fobs, unsigned buttons, unsigned n)
{
    const struct presses_cfg cfg = {
        .fobs = fobs, .buttons = buttons, .presses = n, .seed = 12
    };

    presses_make(&known, &cfg, &presses);
}

static struct score score_of(const struct inference *i)
{
    struct score s;

    score_inference(&known, &presses, i, &s);
    return s;
}

static enum score_result result_of(const struct score *s, enum score_kind k)
{
    for (size_t i = 0; i < s->units; i++)
        if (s->unit[i].kind == k)
            return s->unit[i].result;
    fail_msg("no %s is shown", score_kind_name(k));
    return SCORE_RESULTS;
}

static void known_is_as_drawn(void **state)
{
    (void)state;
    press_known(1, 2, 8);
    struct inference i = oracle(&known);
    struct score s = score_of(&i);
    assert_int_equal(s.units, 5); /* fixed and identity are one */
    assert_int_equal(s.unit[0].kind, SCORE_CONSTANT);
    assert_int_equal(s.unit[0].bits, 24);
    assert_int_equal(s.claims, FIELDS);
    assert_int_equal(s.false_claims, 0);
    assert_int_equal(s.steps_right, 1);
    assert_int_equal(s.constants_right, 1);
}

static void move_border(struct inference *i, size_t left, int by)
{
    i->field[left].bits = (uint16_t)(i->field[left].bits + by);
    i->field[left + 1].at = (uint16_t)(i->field[left + 1].at + by);
    i->field[left + 1].bits = (uint16_t)(i->field[left + 1].bits - by);
}

static void a_shifted_border_is_wrong(void **state)
{
    (void)state;
    press_known(1, 2, 8);
    for (int by = -1; by <= 1; by += 2) {
        struct inference i = oracle(&known);
        move_border(&i, COUNTER, by);
        struct score s = score_of(&i);
        assert_int_equal(result_of(&s, SCORE_COUNTER), SCORE_WRONG_BORDER);
        assert_int_equal(result_of(&s, SCORE_ROLLING), SCORE_WRONG_BORDER);
        assert_int_equal(result_of(&s, SCORE_ACTION), SCORE_EXACT);
        assert_int_equal(result_of(&s, SCORE_CHECK), SCORE_EXACT);
        /* One of the two holds a column that is the other's. */
        assert_int_equal(s.false_claims, 1);
        assert_true(s.is_false[by > 0 ? COUNTER : ROLLING]);
    }
}

/* Of the counter the lowest bits change, of the action the last two. */
static void columns_that_stand_are_anyones_who_may_have_them(void **state)
{
    struct inference i = oracle(&known);

    (void)state;
    press_known(1, 2, 8);
    move_border(&i, IDENTITY, 6);
    move_border(&i, ACTION, 4);
    all_is_right(&known, &i);
    i = oracle(&known);
    move_border(&i, IDENTITY, -8); /* the action over identity */
    all_is_right(&known, &i);
    move_border(&i, IDENTITY, -5); /* of 24 that stand over half */
    struct score s = score_of(&i);
    assert_int_equal(result_of(&s, SCORE_CONSTANT), SCORE_MISSING);
    assert_int_equal(result_of(&s, SCORE_ACTION), SCORE_EXACT);
    assert_int_equal(s.false_claims, 0);
}

/* An identity beside it cannot be a part of it. */
static void a_rolling_code_does_not_stand(void **state)
{
    static const struct format f = {
        .n_bits = 64,
        .n = 3,
        .field = { { .role = ROLE_ACTION, .bits = 8, .order = ORDER_MSB },
                   { .role = ROLE_IDENTITY, .at = 8, .bits = 24 },
                   { .role = ROLE_ROLLING, .at = 32, .bits = 32 } },
        .code = { 1, 2 },
        .buttons = 2,
    };
    const struct presses_cfg cfg = {
        .fobs = 1, .buttons = 2, .presses = 8, .seed = 1
    };
    struct score s;

    (void)state;
    presses_make(&f, &cfg, &presses);
    struct inference i = oracle(&f);
    all_is_right(&f, &i);
    move_border(&i, 1, -1);
    score_inference(&f, &presses, &i, &s);
    assert_int_equal(result_of(&s, SCORE_ROLLING), SCORE_WRONG_BORDER);
    assert_int_equal(result_of(&s, SCORE_CONSTANT), SCORE_WRONG_BORDER);
    assert_int_equal(s.false_claims, 0); /* it stands: nothing contradicts */
}

static void a_wrong_role_is_wrong_and_false_if_claimed(void **state)
{
    struct inference i = oracle(&known);

    (void)state;
    press_known(1, 2, 8);
    i.field[COUNTER].role = ROLE_STATUS;
    struct score s = score_of(&i);
    assert_int_equal(result_of(&s, SCORE_COUNTER), SCORE_WRONG_ROLE);
    assert_int_equal(s.false_claims, 1);
    assert_true(s.is_false[COUNTER]);
    i.field[COUNTER].confidence = 0.89;
    s = score_of(&i);
    assert_int_equal(result_of(&s, SCORE_COUNTER), SCORE_WRONG_ROLE);
    assert_int_equal(s.claims, FIELDS - 1);
    assert_int_equal(s.false_claims, 0);
}

static void a_counter_has_an_order(void **state)
{
    struct inference i = oracle(&known);

    (void)state;
    press_known(1, 2, 8);
    i.field[COUNTER].order = ORDER_LSB;
    struct score s = score_of(&i);
    assert_int_equal(result_of(&s, SCORE_COUNTER), SCORE_WRONG_ROLE);
    assert_true(s.is_false[COUNTER]);
}

static void what_is_swallowed_is_missing(void **state)
{
    struct inference i = oracle(&known);

    (void)state;
    press_known(1, 2, 8);
    i.field[COUNTER] = i.field[ROLLING];
    i.field[COUNTER].at = 32;
    i.field[COUNTER].bits = 32;
    i.field[ROLLING] = i.field[XOR];
    i.n--;
    struct score s = score_of(&i);
    assert_int_equal(result_of(&s, SCORE_COUNTER), SCORE_MISSING);
    assert_int_equal(result_of(&s, SCORE_ROLLING), SCORE_WRONG_BORDER);
    assert_int_equal(result_of(&s, SCORE_CHECK), SCORE_EXACT);
    assert_int_equal(s.false_claims, 1);
}

static void a_field_in_pieces_is_not_whole(void **state)
{
    struct inference i = oracle(&known);

    (void)state;
    press_known(1, 2, 8);
    i.field[i.n++] = i.field[XOR];
    i.field[XOR] = i.field[ROLLING];
    i.field[ROLLING].bits = 10;
    i.field[XOR].at += 10;
    i.field[XOR].bits -= 10;
    struct score s = score_of(&i);
    assert_int_equal(result_of(&s, SCORE_ROLLING), SCORE_WRONG_BORDER);
    assert_int_equal(s.false_claims, 0);
}

static void a_relation_is_right_if_it_fits_all_frames(void **state)
{
    struct inference i = oracle(&known);
    struct relation *r = &i.field[XOR].relation;

    (void)state;
    press_known(1, 2, 8);
    r->from = 24; /* what stands is a constant */
    r->from_bits = 40;
    r->constant = presses.sent[0].value[8];
    all_is_right(&known, &i);
    r->from_bits = 72; /* with itself, as it is often written: all are 0 */
    r->from = 0;
    all_is_right(&known, &i);
    r->from_bits = 56;
    struct score s = score_of(&i);
    assert_int_equal(result_of(&s, SCORE_CHECK), SCORE_WRONG_ROLE);
    assert_true(s.is_false[XOR]);
    r->confidence = 0.5; /* a check, but of what is open */
    s = score_of(&i);
    assert_int_equal(result_of(&s, SCORE_CHECK), SCORE_WRONG_ROLE);
    assert_false(s.is_false[XOR]);
    r->kind = RELATION_SUM;
    r->from_bits = 64;
    r->confidence = 1;
    assert_true(score_of(&i).is_false[XOR]);
}

static void a_check_of_what_is_none_is_false(void **state)
{
    struct inference i = oracle(&known);

    (void)state;
    press_known(1, 2, 8);
    i.field[FIXED + 1].role = ROLE_CHECK; /* it stands, and is no check */
    i.field[FIXED + 1].relation = (struct relation){
        .kind = RELATION_XOR, .from = 0, .from_bits = 8, .confidence = 1
    };
    struct score s = score_of(&i);
    assert_true(s.is_false[FIXED + 1]);
    assert_int_equal(s.false_claims, 1);
    i.field[FIXED + 1].role = ROLE_ROLLING;
    assert_true(score_of(&i).is_false[FIXED + 1]);
    i.field[FIXED + 1].role = ROLE_STATUS;
    assert_int_equal(score_of(&i).false_claims, 0);
}

static void nothing_found_is_all_missing(void **state)
{
    struct inference i = { .n_bits = known.n_bits };

    (void)state;
    press_known(1, 2, 8);
    struct score s = score_of(&i);
    assert_int_equal(s.units, 5);
    for (size_t k = 0; k < s.units; k++)
        assert_int_equal(s.unit[k].result, SCORE_MISSING);
    assert_int_equal(s.claims, 0);
    i = oracle(&known);
    i.n_bits++; /* of another length */
    s = score_of(&i);
    assert_int_equal(result_of(&s, SCORE_ROLLING), SCORE_MISSING);
    assert_int_equal(s.false_claims, FIELDS);
}

static void two_fobs_tell_identity_from_fixed(void **state)
{
    struct inference i = oracle(&known);

    (void)state;
    press_known(2, 2, 8);
    struct score s = score_of(&i);
    assert_int_equal(s.units, 6);
    assert_int_equal(result_of(&s, SCORE_IDENTITY), SCORE_EXACT);
    assert_int_equal(result_of(&s, SCORE_CONSTANT), SCORE_EXACT);
    i.field[FIXED].role = ROLE_IDENTITY; /* not contradicted, but not seen */
    s = score_of(&i);
    assert_int_equal(result_of(&s, SCORE_CONSTANT), SCORE_WRONG_ROLE);
    assert_int_equal(s.false_claims, 0);
    i = oracle(&known);
    i.field[IDENTITY].role = ROLE_FIXED;
    s = score_of(&i);
    assert_int_equal(result_of(&s, SCORE_IDENTITY), SCORE_WRONG_ROLE);
    assert_true(s.is_false[IDENTITY]);
}

/* Four presses of four buttons: only its place and width hint at it. */
static void an_action_is_shown_by_pressing_again(void **state)
{
    struct inference i = oracle(&known);

    (void)state;
    press_known(1, 4, 4);
    struct score s = score_of(&i);
    assert_int_equal(result_of(&s, SCORE_ACTION), SCORE_EXACT);
    i.field[ACTION].role = ROLE_ROLLING;
    s = score_of(&i);
    assert_int_equal(result_of(&s, SCORE_ACTION), SCORE_WRONG_ROLE);
    assert_true(s.is_false[ACTION]);
    i.field[ACTION].confidence = 0.6;
    s = score_of(&i);
    assert_int_equal(result_of(&s, SCORE_ACTION), SCORE_EXACT);
    press_known(1, 4, 8);
    s = score_of(&i);
    assert_int_equal(result_of(&s, SCORE_ACTION), SCORE_WRONG_ROLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_truth_is_right),
        cmocka_unit_test(so_is_what_can_be_seen_of_it),
        cmocka_unit_test(known_is_as_drawn),
        cmocka_unit_test(a_shifted_border_is_wrong),
        cmocka_unit_test(columns_that_stand_are_anyones_who_may_have_them),
        cmocka_unit_test(a_rolling_code_does_not_stand),
        cmocka_unit_test(a_wrong_role_is_wrong_and_false_if_claimed),
        cmocka_unit_test(a_counter_has_an_order),
        cmocka_unit_test(what_is_swallowed_is_missing),
        cmocka_unit_test(a_field_in_pieces_is_not_whole),
        cmocka_unit_test(a_relation_is_right_if_it_fits_all_frames),
        cmocka_unit_test(a_check_of_what_is_none_is_false),
        cmocka_unit_test(nothing_found_is_all_missing),
        cmocka_unit_test(two_fobs_tell_identity_from_fixed),
        cmocka_unit_test(an_action_is_shown_by_pressing_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
