/* compare - two fobs side by side: everything that was measured of one beside the
 * same of the other, what differs, and whether that matters.
 *
 * What is measured is compared by its own scatter: a difference is called one where
 * it exceeds what chance makes of it once in 20,000 times, and what one of the fobs
 * varies by itself. Of the COMPARE_TESTS quantities together, so, less than one in
 * 1000 pairs of equal fobs has a difference by chance. What is counted or decoded is
 * compared as it is.
 *
 * Pure: the same sittings give the same comparison.
 *
 *   memory  points into the sittings
 *   source  what a difference means: design/DOMAIN.md 2.6 and 4
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_COMPARE_H
#define SRC_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "src/identify_subject.h"
#include "src/verdict.h"

#define COMPARE_CHANCE                                                         \
    5e-5 /* of one quantity of equal fobs to be called other */
enum {
    COMPARE_TESTS = 10, /* quantities that are measured */
    COMPARE_ROWS = 32,
    COMPARE_WORDS = 40,
    COMPARE_WHY = 240,
    COMPARE_SENTENCE = 480,
    COMPARE_UNTESTED = 12,
};

enum compare_answer {
    COMPARE_OPEN, /* it cannot be compared, and why */
    COMPARE_SAME,
    COMPARE_OTHER,
};

struct compare_row {
    const char *name;  /* "carrier": for JSON, never renamed */
    const char *title; /* for people */
    const char *unit;  /* "hz"; NULL: words */
    char a[COMPARE_WORDS], b[COMPARE_WORDS];
    double a_value, b_value;        /* NAN: words */
    char difference[COMPARE_WORDS]; /* "+41.00 +- 0.08 kHz"; "": words */
    double delta;                   /* b less a */
    double uncertainty;             /* of delta, one standard deviation */
    double limit;                   /* |delta| above it is a difference */
    enum compare_answer answer;
    bool is_expected;    /* so it is with two sound fobs of one family */
    bool is_consequence; /* of another row, which says it all */
    bool matters;        /* a car may take one fob and not the other */
    char why[COMPARE_WHY];
};

enum compare_relation {
    RELATION_UNKNOWN,
    RELATION_SAME_FOB, /* or a copy of it */
    RELATION_SAME_FAMILY,
    RELATION_OTHER_FAMILY,
};

struct compare_fob {
    const char *name;
    const struct identify_subject *subject;
    const struct verdict_result *verdict;
};

struct compare_cfg {
    bool is_one_sitting; /* one receiver, in one place, one after the other */
};

struct comparison {
    struct compare_row row[COMPARE_ROWS];
    size_t n;
    enum compare_relation relation;
    enum status status;
    char conclusion[COMPARE_SENTENCE];
    char follows[COMPARE_SENTENCE];
    const char *not_tested[COMPARE_UNTESTED];
    size_t n_not_tested;
};

/* b beside a, which is the one that works, if one does. */
void compare_judge(struct comparison *c, const struct compare_fob *a,
                   const struct compare_fob *b, const struct compare_cfg *cfg,
                   struct inferrer *m);

/* Whether it is other than with two sound fobs of one family, by itself. */
bool compare_is_noted(const struct compare_row *r);

/* NULL: there is none of this name. */
const struct compare_row *compare_find(const struct comparison *c,
                                       const char *name);

/* "same_family" ...: for JSON, never renamed. */
const char *compare_relation_name(enum compare_relation r);

#endif
