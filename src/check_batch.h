/* check_batch - boards one after the other, a line each.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_CHECK_BATCH_H
#define SRC_CHECK_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "src/check_limits.h"
#include "src/options.h"
#include "src/verdict.h"

struct check_batch {
    const struct options *options;
    const struct check_limits *limits; /* NULL: none */
    size_t n, failed;                  /* boards so far */
};

/* Judges the sitting of one board, and prints its line. */
void check_batch_board(struct check_batch *b, struct sitting *s,
                       const struct verdict_cfg *cfg);

/* STATUS_FAULT: a board failed; STATUS_INCONCLUSIVE: there was none. */
enum status check_batch_end(const struct check_batch *b);

#endif
