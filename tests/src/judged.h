/* judged - rows of "what happened, what must be said", for tests of verdicts.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_JUDGED_H
#define TESTS_SRC_JUDGED_H

#include <ctype.h>
#include <stdio.h>

#include "src/verdict.h"
#include "tests/src/sat.h"

enum { JUDGED_WORDS = 6, JUDGED_ROOM = 16384, JUDGED_ROWS = 100 };

/* The sitting that a row makes. */
static struct sat a;

struct row {
    const char *name;
    void (*make)(void);
    enum finding_kind kind; /* the headline's */
    enum status status;
    double market_hz; /* 0: not known */
    bool has_reference;
    const char *said[JUDGED_WORDS];  /* in all that is said */
    const char *never[JUDGED_WORDS]; /* not in it */
    enum finding_kind also;          /* 0: nothing in particular */
};

/* All sentences of a verdict, in lines. */
static inline const char *judged_text(const struct verdict_result *v)
{
    static char text[JUDGED_ROOM];
    size_t n = (size_t)snprintf(text, sizeof text, "%s\n", v->headline);

    for (size_t i = 0; i < v->n; i++) {
        const struct finding *x = &v->finding[i];

        n += (size_t)snprintf(text + n, sizeof text - n, "%s: %s\n%s\n%s\n",
                              finding_name(x->kind), x->evidence,
                              x->cannot != NULL ? x->cannot : "",
                              x->advice != NULL ? x->advice : "");
        assert_true(n < sizeof text);
    }
    for (size_t i = 0; i < v->n_not_tested; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "not tested: %s\n",
                              v->not_tested[i]);
    assert_true(n < sizeof text);
    return text;
}

/* The word, in letters of either case, with no letter before or behind it. */
static inline bool judged_has_word(const char *text, const char *word)
{
    const size_t n = strlen(word);

    for (const char *c = text; *c != '\0'; c++) {
        size_t i = 0;

        while (i < n && tolower((unsigned char)c[i]) == word[i])
            i++;
        if (i == n && !isalpha((unsigned char)c[n]) &&
            (c == text || !isalpha((unsigned char)c[-1])))
            return true;
    }
    return false;
}

static inline bool judged_has(const struct verdict_result *v,
                              enum finding_kind kind)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->finding[i].kind == kind)
            return true;
    return false;
}

/* What holds for every verdict (DOMAIN.md 7, PRODUCT.md). */
static inline void judged_wording(const char *name,
                                  const struct verdict_result *v)
{
    static const char *const never[] = { "dead",       "nan",      "inf",
                                         "broken fob", "learning", "pairing" };
    const char *text = judged_text(v);

    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (judged_has_word(text, never[i]))
            fail_msg("%s: \"%s\" in:\n%s", name, never[i], text);
    if (!judged_has(v, FINDING_SILENT) &&
        (strstr(text, "does not transmit") || strstr(text, " silent")))
        fail_msg("%s: silence without proof:\n%s", name, text);
    for (size_t i = 0; i < v->n; i++) {
        const size_t n = strlen(v->finding[i].evidence);

        if (n == 0 || n >= FINDING_TEXT - 1)
            fail_msg("%s: evidence of %zu bytes", name, n);
    }
    /* what radio cannot prove is never a finding, only what was not tested */
    for (size_t i = 0; i < v->n; i++)
        if (judged_has_word(v->finding[i].evidence, "counter") ||
            judged_has_word(v->finding[i].evidence, "registered") ||
            judged_has_word(v->finding[i].evidence, "learned"))
            fail_msg("%s: as a fact: %s", name, v->finding[i].evidence);
}

static inline void judge_row(const struct row *r)
{
    const struct verdict_cfg cfg = { .market_hz =
                                         r->market_hz > 0 ? r->market_hz : NAN,
                                     .has_reference = r->has_reference };
    struct verdict_result v;
    const char *text;

    r->make();
    sat_end(&a);
    verdict_judge(&v, a.s, &cfg);
    text = judged_text(&v);
    assert_true(v.n >= 1);
    if (v.finding[0].kind != r->kind || v.status != r->status)
        fail_msg("%s: %s, exit %d; not %s, exit %d:\n%s", r->name,
                 finding_name(v.finding[0].kind), (int)v.status,
                 finding_name(r->kind), (int)r->status, text);
    assert_string_equal(v.headline, finding_headline(r->kind));
    for (size_t i = 0; i < JUDGED_WORDS && r->said[i] != NULL; i++)
        if (strstr(text, r->said[i]) == NULL)
            fail_msg("%s: no \"%s\" in:\n%s", r->name, r->said[i], text);
    for (size_t i = 0; i < JUDGED_WORDS && r->never[i] != NULL; i++)
        if (strstr(text, r->never[i]) != NULL)
            fail_msg("%s: \"%s\" in:\n%s", r->name, r->never[i], text);
    if (r->also != 0 && !judged_has(&v, r->also))
        fail_msg("%s: no %s in:\n%s", r->name, finding_name(r->also), text);
    judged_wording(r->name, &v);
}

static inline void judge_one(void **state)
{
    judge_row(*state);
}

/* Each row in a test of its own, so that one failure does not hide another. How
 * many failed. */
static inline int judge_table(const struct row *table, size_t n)
{
    struct CMUnitTest tests[JUDGED_ROWS] = { { 0 } }; /* no function: none */

    if (n > JUDGED_ROWS)
        return 1;
    for (size_t i = 0; i < n; i++)
        tests[i] = (struct CMUnitTest){ .name = table[i].name,
                                        .test_func = judge_one,
                                        .initial_state =
                                            (void *)(uintptr_t)&table[i] };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
