/* test_finding - the catalogue of findings is whole.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/finding.h"

/* Those that only ever come beside another. */
static bool is_aside(enum finding_kind k)
{
    return k == FINDING_ROLLING || k == FINDING_LOW_CELL || k == FINDING_OTHERS;
}

static void each_is_whole(void **state)
{
    (void)state;
    for (int i = 0; i < FINDINGS; i++) {
        const enum finding_kind k = (enum finding_kind)i;
        const char *name = finding_name(k), *headline = finding_headline(k);
        struct finding x;

        assert_non_null(name);
        assert_true(strlen(name) >= 4);
        for (const char *c = name; *c != '\0'; c++)
            assert_true(islower((unsigned char)*c) || *c == '_');
        for (int j = 0; j < i; j++)
            assert_string_not_equal(name, finding_name((enum finding_kind)j));
        finding_init(&x, k);
        assert_int_equal(x.kind, k);
        assert_int_equal(x.evidence[0], '\0');
        assert_non_null(headline);
        if (is_aside(k)) {
            assert_string_equal(headline, "");
            assert_true(x.weight == WEIGHT_GOOD || x.weight == WEIGHT_FACT);
            continue;
        }
        assert_true(isupper((unsigned char)headline[0]));
        assert_int_equal(headline[strlen(headline) - 1], '.');
        for (int j = 0; j < i; j++)
            assert_string_not_equal(headline,
                                    finding_headline((enum finding_kind)j));
        /* there is something to do about all that is not a fact */
        assert_non_null(x.advice);
        assert_true(x.advice[0] != '\0' &&
                    x.advice[strlen(x.advice) - 1] != '.');
    }
}

/* Where it is said what a cause may be, all that look alike are named. */
static void no_cause_is_a_fact(void **state)
{
    static const enum finding_kind kinds[] = {
        FINDING_STUCK,    FINDING_CARRIER_ONLY,  FINDING_CUT_OFF,
        FINDING_SAGGING,  FINDING_BUTTONS_ALIKE, FINDING_INTERMITTENT,
        FINDING_SILENT,   FINDING_OFF_CARRIER,   FINDING_NO_FRAME,
        FINDING_TRANSMITS
    };
    struct finding x;

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        finding_init(&x, kinds[i]);
        assert_non_null(x.cannot);
    }
}

/* PRODUCT.md, DOMAIN.md 7.3. */
static void words_that_are_not_said(void **state)
{
    static const char *const never[] = { "dead",    "learning", "gesture",
                                         "re-sync", "pairing",  "relearn" };

    (void)state;
    for (int i = 0; i < FINDINGS; i++) {
        struct finding x;

        finding_init(&x, (enum finding_kind)i);
        for (size_t k = 0; k < sizeof never / sizeof *never; k++) {
            assert_null(strstr(finding_headline(x.kind), never[k]));
            assert_true(x.cannot == NULL || !strstr(x.cannot, never[k]));
            assert_true(x.advice == NULL || !strstr(x.advice, never[k]));
        }
    }
}

static void weights_have_names(void **state)
{
    (void)state;
    assert_string_equal(finding_weight_name(WEIGHT_FACT), "fact");
    assert_string_equal(finding_weight_name(WEIGHT_GOOD), "good");
    assert_string_equal(finding_weight_name(WEIGHT_DOUBT), "doubt");
    assert_string_equal(finding_weight_name(WEIGHT_FAULT), "fault");
}

static bool goes_before(enum finding_kind a, enum finding_kind b)
{
    struct finding x, y;

    finding_init(&x, a);
    finding_init(&y, b);
    return finding_goes_before(&x, &y);
}

/* A total order: lost samples, faults, doubts, good, facts. */
static void order(void **state)
{
    (void)state;
    for (int i = 0; i < FINDINGS; i++)
        for (int k = 0; k < FINDINGS; k++) {
            const enum finding_kind a = (enum finding_kind)i;
            const enum finding_kind b = (enum finding_kind)k;

            assert_true(i == k ? !goes_before(a, b)
                               : goes_before(a, b) != goes_before(b, a));
            if (i != k && a == FINDING_LOST)
                assert_true(goes_before(a, b));
        }
    assert_true(goes_before(FINDING_FIXED_CODE, FINDING_OVERLOAD));
    assert_true(goes_before(FINDING_FEW_PRESSES, FINDING_TRANSMITS));
    assert_true(goes_before(FINDING_STUCK, FINDING_SAGGING));
    assert_true(goes_before(FINDING_TRANSMITS, FINDING_LOW_CELL));
    struct finding fact, good;
    finding_init(&fact, FINDING_OVERLOAD);
    finding_init(&good, FINDING_TRANSMITS);
    fact.weight = WEIGHT_FACT; /* as read all the same */
    assert_true(finding_goes_before(&good, &fact));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_whole),
        cmocka_unit_test(no_cause_is_a_fact),
        cmocka_unit_test(words_that_are_not_said),
        cmocka_unit_test(weights_have_names),
        cmocka_unit_test(order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
