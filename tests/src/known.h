/* known - the knowledge that shipped, opened once for all tests of a program.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_KNOWN_H
#define TESTS_SRC_KNOWN_H

#include "src/knowledge.h"

static struct knowledge *k;

/* For cmocka_run_group_tests. */
static int open_knowledge(void **state)
{
    (void)state;
    return knowledge_open(&k, NULL);
}

static int close_knowledge(void **state)
{
    (void)state;
    knowledge_close(k);
    return 0;
}

#endif
