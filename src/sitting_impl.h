/* sitting_impl - what the sitting*.c files share; nobody else includes it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SITTING_IMPL_H
#define SRC_SITTING_IMPL_H

#include "src/sitting.h"

/* Two oscillators of one kind are further apart than this; one drifts less
 * within a sitting (DOMAIN.md 2.6). */
#define SITTING_SAME_HZ 40e3
/* A frame that was read wrong, beside those that were read right. */
#define SITTING_NEAR_HZ 5e3
/* A person who was asked presses no sooner, and what began a moment before is what
 * they were at already. */
#define SITTING_REACTION_S 0.1

bool sitting_is_near(double a, double b, double most);

/* Of chips; one that is not known is like any. */
bool sitting_is_same_te(double a_us, double b_us);

bool sitting_has_frame(const struct frame *f);

/* Whether two frames may come from one transmitter. */
bool sitting_is_same_source(const struct frame *a, double a_hz,
                            const struct frame *b, double b_hz);

#endif
