/* test_compare - pairs of fobs with one thing planted: what is named, whether it
 * matters, what is concluded; and what is never said.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/src/compared.h"

enum { NOTED = 3 };

struct planted {
    const char *name;
    const struct protocol *protocol;
    void (*plant)(struct compared_fob *a, struct compared_fob *b);
    const char *noted[NOTED]; /* names of rows; NULL ends */
    bool matters;
    enum compare_relation relation;
    enum status status;
    const char *said; /* in the conclusion, or in what follows */
};

static struct compared_side *side;
static struct comparison *comparison;
static struct inferrer inferrer;

static void nothing(struct compared_fob *a, struct compared_fob *b)
{
    (void)a, (void)b;
}

static void carrier(struct compared_fob *a, struct compared_fob *b)
{
    (void)a;
    b->fob.carrier_hz += 41e3;
}

static void far_carrier(struct compared_fob *a, struct compared_fob *b)
{
    (void)a;
    b->fob.carrier_hz -= 180e3;
}

static void level(struct compared_fob *a, struct compared_fob *b)
{
    (void)a;
    b->fob.level_dbfs -= 6;
    b->fob.snr_db -= 6;
}

static void level_and_gain(struct compared_fob *a, struct compared_fob *b)
{
    level(a, b);
    b->gain_db = 20;
}

static void gain_unknown(struct compared_fob *a, struct compared_fob *b)
{
    level(a, b);
    a->gain_db = b->gain_db = NAN;
}

static void chips(struct compared_fob *a, struct compared_fob *b)
{
    (void)a;
    b->fob.te_us *= 1.03;
}

static void format(struct compared_fob *a, struct compared_fob *b)
{
    (void)a;
    b->fob.protocol = &protocol_hcs361;
    b->fob.n_bits = protocol_hcs361.waveforms[0].n_bits;
    b->fob.te_us = 300;
}

static void silent_button(struct compared_fob *a, struct compared_fob *b)
{
    (void)a;
    b->is_half_silent = true;
}

static void silent_button_of_a(struct compared_fob *a, struct compared_fob *b)
{
    (void)b;
    a->is_half_silent = true;
}

static void frozen(struct compared_fob *a, struct compared_fob *b)
{
    (void)a;
    b->fob.is_frozen = true;
}

static void both_frozen(struct compared_fob *a, struct compared_fob *b)
{
    a->fob.is_frozen = b->fob.is_frozen = true;
}

static void sag(struct compared_fob *a, struct compared_fob *b)
{
    (void)a;
    b->fob.sag_db = 6;
}

static void drift(struct compared_fob *a, struct compared_fob *b)
{
    (void)a;
    b->fob.drift_hz = 2500;
}

static void band(struct compared_fob *a, struct compared_fob *b)
{
    (void)a;
    b->fob.carrier_hz = 315.02e6;
}

static void same_fob(struct compared_fob *a, struct compared_fob *b)
{
    b->fob.serial = a->fob.serial;
}

static void low_cell(struct compared_fob *a, struct compared_fob *b)
{
    (void)a;
    b->fob.is_low = true;
}

static void one_code(struct compared_fob *a, struct compared_fob *b)
{
    (void)a;
    b->has_one_code = true;
}

static void unheard(struct compared_fob *a, struct compared_fob *b)
{
    (void)a;
    b->is_unheard = true;
}

static void unasked(struct compared_fob *a, struct compared_fob *b)
{
    a->is_unasked = b->is_unasked = true;
}

#define HCS  &protocol_hcs200
#define SAME RELATION_SAME_FAMILY

/* clang-format off */
static const struct planted table[] = {
    { "nothing", HCS, nothing, { NULL }, false, SAME, STATUS_OK,
      "consistent with" },
    { "nothing, not asked for", HCS, unasked, { NULL }, false, SAME, STATUS_OK,
      "of one family" },
    { "nothing, with a counter", &protocol_siemens_5wy72xx, nothing, { NULL },
      false, SAME, STATUS_OK, "of one family" },
    { "carrier, 41 kHz", HCS, carrier, { "carrier" }, false, SAME, STATUS_OK,
      "does not matter: carrier" },
    { "carrier, 180 kHz", HCS, far_carrier, { "carrier" }, true, SAME,
      STATUS_FAULT, "what matters: carrier" },
    { "level, -6 dB", HCS, level, { "level" }, true, SAME, STATUS_FAULT,
      "what matters: level" },
    { "level, at another gain", HCS, level_and_gain, { NULL }, false, SAME,
      STATUS_OK, "of one family" },
    { "level, gain not known", HCS, gain_unknown, { NULL }, false, SAME,
      STATUS_OK, "of one family" },
    { "chips, 3 %", HCS, chips, { "te" }, false, SAME, STATUS_OK,
      "does not matter: chip" },
    { "format", HCS, format, { "format" }, true, RELATION_OTHER_FAMILY,
      STATUS_FAULT, "not of one family" },
    { "silent button", HCS, silent_button, { "buttons" }, true, SAME,
      STATUS_FAULT, "what matters: buttons" },
    { "silent button of A", HCS, silent_button_of_a, { "buttons" }, true, SAME,
      STATUS_FAULT, "what matters: buttons" },
    { "frozen", HCS, frozen, { "rolling" }, true, SAME, STATUS_FAULT,
      "what matters: code" },
    { "frozen, with a counter", &protocol_siemens_5wy72xx, frozen,
      { "rolling" }, true, SAME, STATUS_FAULT, "what matters: code" },
    { "both frozen", HCS, both_frozen, { NULL }, false, SAME, STATUS_FAULT,
      "the same fault" },
    { "sag", HCS, sag, { "sag" }, true, SAME, STATUS_FAULT,
      "what matters: sag" },
    { "drift", HCS, drift, { "drift" }, false, SAME, STATUS_OK,
      "does not matter: drift" },
    { "band", HCS, band, { "band" }, true, SAME, STATUS_FAULT,
      "different bands" },
    { "one fob twice", HCS, same_fob, { "identity" }, true, RELATION_SAME_FOB,
      STATUS_OK, "one fob" },
    { "low cell", HCS, low_cell, { "cell_flag" }, true, SAME, STATUS_FAULT,
      "what matters: cell flag" },
    { "two buttons, one code", HCS, one_code, { "button_codes" }, true, SAME,
      STATUS_FAULT, "what matters: key codes" },
    { "not heard", HCS, unheard, { "buttons" }, true, RELATION_UNKNOWN,
      STATUS_FAULT, "B does not transmit" },
};
/* clang-format on */

static bool is_wanted(const struct planted *x, const char *name)
{
    for (size_t i = 0; i < NOTED && x->noted[i] != NULL; i++)
        if (strcmp(x->noted[i], name) == 0)
            return true;
    return false;
}

/* What holds for every comparison. */
static void check_wording(const char *name, const struct comparison *c)
{
    static const char *const never[] = { "dead", "nan", "inf ", "learning" };

    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        if (strstr(c->conclusion, never[i]) || strstr(c->follows, never[i]))
            fail_msg("%s: \"%s\"", name, never[i]);
        for (size_t k = 0; k < c->n; k++)
            if (strstr(c->row[k].why, never[i]))
                fail_msg("%s: row %zu says what it never may: %zu", name, k, i);
    }
    assert_true(strlen(c->conclusion) > 0 && strlen(c->follows) > 0);
    for (size_t k = 0; k < c->n; k++) {
        const size_t n = strlen(c->row[k].why);

        if (n == 0 || n >= COMPARE_WHY - 1)
            fail_msg("%s: %s: why of %zu bytes", name, c->row[k].name, n);
        for (size_t i = 0; i < k; i++)
            assert_string_not_equal(c->row[i].name, c->row[k].name);
    }
}

static void check_planted(void **state)
{
    const struct planted *x = *state;
    struct compared_fob a = compared_fob(x->protocol);
    struct compared_fob b = compared_fob(x->protocol);
    const struct comparison *c = comparison;

    b.fob.serial = 0x1234567;
    b.fob.seed = 4711;
    x->plant(&a, &b);
    compared_judge(comparison, side, &a, &b, true, &inferrer);
    for (size_t i = 0; i < c->n; i++) {
        const struct compare_row *row = &c->row[i];

        if (compare_is_noted(row) != is_wanted(x, row->name))
            fail_msg("%s: %s %s: %s and %s (%g, limit %g): %s", x->name,
                     row->name,
                     compare_is_noted(row) ? "is noted" : "is not noted",
                     row->a, row->b, row->delta, row->limit, row->why);
        if (compare_is_noted(row) && row->matters != x->matters)
            fail_msg("%s: %s: matters or not", x->name, row->name);
    }
    if (c->status != x->status || c->relation != x->relation ||
        (!strstr(c->conclusion, x->said) && !strstr(c->follows, x->said)))
        fail_msg("%s: %s, exit %d: %s", x->name,
                 compare_relation_name(c->relation), (int)c->status,
                 c->conclusion);
    check_wording(x->name, c);
}

/* In one sitting the dongle's error cancels; between recordings it may not. */
static void dongle_is_spoken_of(void **state)
{
    struct compared_fob a = compared_fob(HCS), b = compared_fob(HCS);

    (void)state;
    carrier(&a, &b);
    compared_judge(comparison, side, &a, &b, true, &inferrer);
    assert_non_null(
        strstr(compare_find(comparison, "carrier")->why, "cancels"));
    compared_judge(comparison, side, &a, &b, false, &inferrer);
    assert_non_null(
        strstr(compare_find(comparison, "carrier")->why, "same receiver"));
}

/* Without proof that it would have been heard. */
static void silence_without_proof(void **state)
{
    struct compared_fob a = compared_fob(HCS), b = compared_fob(HCS);

    (void)state;
    b.is_unheard = true;
    compared_judge(comparison, side, &a, &b, false, &inferrer);
    assert_int_equal(comparison->status, STATUS_INCONCLUSIVE);
    assert_string_equal(comparison->conclusion, "B was not heard, A was.");
    a.is_unheard = true;
    compared_judge(comparison, side, &a, &b, true, &inferrer);
    assert_int_equal(comparison->status, STATUS_INCONCLUSIVE);
    assert_string_equal(comparison->conclusion, "Neither fob was heard.");
}

/* The difference, its uncertainty and what would be called one are told. */
static void numbers(void **state)
{
    struct compared_fob a = compared_fob(HCS), b = compared_fob(HCS);
    const struct compare_row *row;

    (void)state;
    b.fob.serial = 7;
    carrier(&a, &b);
    compared_judge(comparison, side, &a, &b, true, &inferrer);
    row = compare_find(comparison, "carrier");
    sat_near(row->delta, 41e3, 1e-3);
    /* scatter of 60 Hz * (0.3, -0.8, 1, -0.5), twice: 45.9 Hz; own 50 Hz of 8 */
    sat_near(row->uncertainty,
             sqrt(2 * (44.7 * 44.7 * 8 / 7 / 8 + 50 * 50 / 8.)), 2);
    assert_true(row->limit > 4 * row->uncertainty && row->limit < 500);
    row = compare_find(comparison, "te");
    sat_near(row->delta, 0, 1e-9);
    assert_true(row->limit < 1);
    assert_null(compare_find(comparison, "none"));
}

/* What sat.h's fobs do not have, put into the presses of B; x: of a press. */
struct quantity {
    const char *name;
    const struct protocol *protocol;
    void (*put)(struct sitting_press *p, bool is_b, double x);
};

static void put_jitter(struct sitting_press *p, bool is_b, double x)
{
    p->te_us = p->frame.te_us = 400 + (is_b ? 8 : 0.02) * x;
}

static void put_gap(struct sitting_press *p, bool is_b, double x)
{
    p->gap_s = (is_b ? 20e-3 : 16e-3) + 1e-5 * x;
}

static void put_preamble(struct sitting_press *p, bool is_b, double x)
{
    p->frame.preamble_chips = (is_b ? 12u : 24u) + (x > 0);
}

static void put_sync(struct sitting_press *p, bool is_b, double x)
{
    p->frame.sync_chips = (is_b ? 6u : 18u) + (x > 0);
}

static void put_deviation(struct sitting_press *p, bool is_b, double x)
{
    p->frame.reception.modulation = MODULATION_FSK;
    p->frame.reception.deviation_hz = (is_b ? 31e3 : 30e3) + 50 * x;
}

/* The counter of B stands still, and its code changes all the same. */
static void put_counter(struct sitting_press *p, bool is_b, double x)
{
    const struct field *f =
        field_find(p->frame.protocol, &p->frame.bits, ROLE_COUNTER);

    (void)x;
    assert_non_null(f);
    synth_set_field(&p->frame.bits, f,
                    is_b ? 77 : 1000 + (uint64_t)(p->start_s / 4));
}

static void check_quantity(const struct quantity *q, bool is_planted)
{
    const struct compare_cfg cfg = { .is_one_sitting = true };
    const struct verdict_cfg how = { .market_hz = NAN };
    struct compare_fob fob[2];

    for (int k = 0; k < 2; k++) {
        struct compared_fob x = compared_fob(q->protocol);

        x.fob.serial = 0x1234 + (uint64_t)k;
        x.fob.seed = 5; /* of an unknown format: bits like A's */
        compared_hear(&side[k], &x, &how, &inferrer);
        for (size_t i = 0; i < side[k].sitting.n_presses; i++)
            q->put(&side[k].sitting.press[i], is_planted && k == 1,
                   (double)(i * 5 % 7) / 3 - 1);
        identify_subject_gather(&side[k].subject, &side[k].sitting, &inferrer);
        fob[k] = (struct compare_fob){ "", &side[k].subject, &side[k].verdict };
    }
    compare_judge(comparison, &fob[0], &fob[1], &cfg, &inferrer);
    for (size_t i = 0; i < comparison->n; i++) {
        const struct compare_row *row = &comparison->row[i];
        const bool is_it = is_planted && strcmp(row->name, q->name) == 0;

        if (strcmp(row->name, "identity") != 0 &&
            compare_is_noted(row) != is_it)
            fail_msg("%s%s: %s: %s and %s (limit %g): %s", q->name,
                     is_planted ? "" : ", not planted", row->name, row->a,
                     row->b, row->limit, row->why);
    }
}

static void other_quantities(void **state)
{
    static const struct quantity quantities[] = {
        { "te_jitter", HCS, put_jitter },
        { "gap", HCS, put_gap },
        { "preamble", NULL, put_preamble },
        { "sync", NULL, put_sync },
        { "deviation", HCS, put_deviation },
        { "counter", &protocol_siemens_5wy72xx, put_counter },
    };

    (void)state;
    for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++) {
        check_quantity(&quantities[i], true);
        check_quantity(&quantities[i], false);
    }
}

/* Of one press each, and of two, hardly anything is known. */
static void few_presses(void **state)
{
    struct compared_fob a = compared_fob(HCS), b = compared_fob(HCS);
    const struct compare_cfg cfg = { .is_one_sitting = true };
    static const char *const names[] = { "te", "level", "gap", "te_jitter" };
    struct compare_fob fob[2];

    (void)state;
    b.fob.serial = 9;
    b.fob.te_us = 405;
    compared_judge(comparison, side, &a, &b, true, &inferrer);
    for (int k = 0; k < 2; k++) {
        side[k].sitting.n_presses = 1;
        identify_subject_gather(&side[k].subject, &side[k].sitting, &inferrer);
        fob[k] = (struct compare_fob){ "", &side[k].subject, &side[k].verdict };
    }
    compare_judge(comparison, &fob[0], &fob[1], &cfg, &inferrer);
    for (size_t i = 0; i < 4; i++)
        if (compare_find(comparison, names[i])->answer != COMPARE_OPEN)
            fail_msg("%s", names[i]);
    /* the carrier's own uncertainty is known of each press */
    assert_int_equal(compare_find(comparison, "carrier")->answer, COMPARE_SAME);
}

/* The other way round: the same rows, the sign the other way. */
static void order_does_not_matter(void **state)
{
    struct compared_fob a = compared_fob(HCS), b = compared_fob(HCS);
    double delta;

    (void)state;
    b.fob.serial = 7;
    carrier(&a, &b);
    chips(&a, &b);
    compared_judge(comparison, side, &a, &b, true, &inferrer);
    delta = compare_find(comparison, "te")->delta;
    compared_judge(comparison, side, &b, &a, true, &inferrer);
    sat_near(compare_find(comparison, "te")->delta, -delta, 1e-9);
    assert_true(compare_is_noted(compare_find(comparison, "te")));
    assert_true(compare_is_noted(compare_find(comparison, "carrier")));
}

int main(void)
{
    enum { ROWS = sizeof table / sizeof *table };
    struct CMUnitTest tests[ROWS] = { { 0 } };
    const struct CMUnitTest others[] = {
        cmocka_unit_test(dongle_is_spoken_of),
        cmocka_unit_test(silence_without_proof),
        cmocka_unit_test(numbers),
        cmocka_unit_test(other_quantities),
        cmocka_unit_test(few_presses),
        cmocka_unit_test(order_does_not_matter),
    };
    int failed;

    side = calloc(2, sizeof *side);
    comparison = calloc(1, sizeof *comparison);
    if (side == NULL || comparison == NULL || inferrer_init(&inferrer) < 0)
        return 1;
    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){ .name = table[i].name,
                                        .test_func = check_planted,
                                        .initial_state =
                                            (void *)(uintptr_t)&table[i] };
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    failed += cmocka_run_group_tests(others, NULL, NULL);
    inferrer_finish(&inferrer);
    free(comparison);
    free(side);
    return failed;
}
