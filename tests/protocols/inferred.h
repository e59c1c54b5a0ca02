/* inferred - one inferrer for all tests of a program.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_PROTOCOLS_INFERRED_H
#define TESTS_PROTOCOLS_INFERRED_H

#include "protocols/inference.h"

static struct inferrer inferrer;

/* For cmocka_run_group_tests. */
static int open_inferrer(void **state)
{
    (void)state;
    return inferrer_init(&inferrer);
}

static int close_inferrer(void **state)
{
    (void)state;
    inferrer_finish(&inferrer);
    return 0;
}

#endif
