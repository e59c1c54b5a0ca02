/* verified - what verify finds in an archive, for tests.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_VERIFIED_H
#define TESTS_SRC_VERIFIED_H

#include "src/archive_verify.h"
#include "tests/src/archived.h"

static const volatile sig_atomic_t never;
static char told[8192];

static inline void tell(void *user, const char *what, const char *sentence)
{
    const size_t n = strlen(told);

    (void)user;
    snprintf(told + n, sizeof told - n, "%s: %s\n", what, sentence);
}

static inline void count(void *user, size_t n, size_t total)
{
    size_t *last = user;

    assert_true(n == *last + 1 && n <= total);
    *last = n;
}

/* How many damages verify finds; their sentences are in told. */
static inline size_t damages(struct archive *a)
{
    size_t last = 0;
    const struct archive_verify_cfg cfg = {
        .damage = tell, .done = count, .user = &last, .stop = &never
    };
    struct archive_verify_totals totals = { 0 };
    struct err e = { "" };

    told[0] = '\0';
    if (archive_verify(a, &cfg, &totals, &e) < 0)
        fail_msg("%s", e.text);
    assert_true((told[0] == '\0') == (totals.damages == 0));
    return totals.damages;
}

#endif
