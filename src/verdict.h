/* verdict - what a sitting says of a fob: findings, each with its evidence, what it
 * cannot tell, and what to do next.
 *
 * Pure: the same sitting gives the same verdict, in whatever order its presses
 * were put in. A fob is called silent only with proof that it would have been
 * heard; what radio cannot prove is worded so.
 *
 *   source  failure modes and their evidence: design/DOMAIN.md 4; exit status:
 *           design/PRODUCT.md
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_VERDICT_H
#define SRC_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "src/cmd.h"
#include "src/finding.h"
#include "src/sitting.h"

enum { NOT_TESTED_MAX = 8 };

struct verdict_result {
    enum status status;
    struct finding finding[FINDINGS]; /* the first makes the headline */
    size_t n;
    const char *headline;
    const char *not_tested[NOT_TESTED_MAX];
    size_t n_not_tested;
};

/* What is known besides the sitting. */
struct verdict_cfg {
    double market_hz;   /* the band of the car's market; NAN: not known */
    bool has_reference; /* another fob was heard in the same set-up before */
};

/* After sitting_settle. */
void verdict_judge(struct verdict_result *v, const struct sitting *s,
                   const struct verdict_cfg *cfg);

#endif
