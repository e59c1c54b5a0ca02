/* identify_options - what the owner says of a fob, from options, from what was kept
 * with a recording, or asked for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_IDENTIFY_OPTIONS_H
#define SRC_IDENTIFY_OPTIONS_H

#include <signal.h>

#include "src/check_files.h"
#include "src/err.h"
#include "src/identify.h"
#include "src/options.h"

enum { IDENTIFY_ANSWERS = 5, IDENTIFY_ANSWER = 64 };

/* What was typed when it was asked for: what identify_owner points to. */
struct identify_answers {
    char text[IDENTIFY_ANSWERS][IDENTIFY_ANSWER];
};

/* Options go before what is kept with the recordings (NULL: there are none). The
 * words must live as long. -EINVAL and a sentence. */
int identify_options_take(struct identify_owner *ret, const struct options *o,
                          const struct check_files *kept, struct err *e);

/* Asks for what options do not say, if somebody is there to answer. */
void identify_options_ask(struct options *o, struct identify_answers *a,
                          const volatile sig_atomic_t *stop);

#endif
