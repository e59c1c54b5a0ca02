/* keyer - a press of a fob as stretches of mark and space.
 *
 *   in      struct press: a format, its fields and how it is keyed
 *   out     the frame's bits, and a train for the synthesiser
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SUPPORT_KEYER_H
#define TESTS_SUPPORT_KEYER_H

#include "tests/support/scenarios.h"
#include "tests/support/synth.h"

/* NULL: no protocol has this name. */
const struct protocol *keyer_protocol(const char *name);

/* Of a press whose protocol, if it has one, exists. */
const struct waveform *keyer_waveform(const struct press *p);

/* The bits of a frame, its check solved. NULL, or what is wrong. */
const char *keyer_fill(const struct press *p, struct bits *b);

/* What stands in front of the first copy of all. */
void keyer_lead(const struct press *p, struct synth_train *t);

/* The lead and all copies. */
void keyer_key(const struct press *p, const struct bits *b,
               struct synth_train *t);

#endif
