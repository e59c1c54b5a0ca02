/* compare_impl - what the compare*.c files share; nobody else includes it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_COMPARE_IMPL_H
#define SRC_COMPARE_IMPL_H

#include "src/compare.h"

struct compare_run {
    struct comparison *c;
    const struct compare_fob *a, *b;
    const struct compare_cfg *cfg;
    struct inferrer *inferrer;
    bool is_other_band, is_other_format;
};

/* One more row, of words, that cannot be compared yet. NULL never. */
struct compare_row *compare_add(struct compare_run *r, const char *name,
                                const char *title);

/* A sentence for why. */
void compare_say(struct compare_row *row, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The quantities with scatter. */
void compare_measure(struct compare_run *r);

/* What the frames carry: identity, code, counter, button codes. */
void compare_fields(struct compare_run *r);

/* Relation, sentence, status. */
void compare_conclude(struct compare_run *r);

#endif
