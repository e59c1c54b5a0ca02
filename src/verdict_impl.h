/* verdict_impl - what verdict.c and verdict_silence.c share; nobody else includes it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_VERDICT_IMPL_H
#define SRC_VERDICT_IMPL_H

#include "src/verdict.h"
#include "src/verdict_facts.h"

struct judge {
    const struct sitting *s;
    const struct verdict_cfg *cfg;
    struct facts f;
    struct verdict_result *v;
};

/* One finding more, with its evidence. */
void verdict_add(struct judge *j, enum finding_kind kind, const char *format,
                 ...) __attribute__((format(printf, 3, 4)));

/* The frequency nearest to hz that fobs have. */
double verdict_nominal(double hz);

/* Whether nothing of what was sent is missing. */
bool verdict_has_all(const struct judge *j);

/* verdict_silence.c: */

/* Whether the band around hz was listened to for long enough. */
bool verdict_has_watched(const struct sitting *s, double hz);

void verdict_find_nothing(struct judge *j);
void verdict_find_interference(struct judge *j);

#endif
