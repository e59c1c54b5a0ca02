/* compare_inputs - the recordings that one operand of compare stands for: a file, an
 * ID of the archive, several of these with commas, or a pattern.
 *
 * What exists under the name as it is goes first. A pattern in quotes ("a*.sub") is
 * one fob; the shell would make a fob of each file.
 *
 *   errors  told as they come; the next recording still comes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_COMPARE_INPUTS_H
#define SRC_COMPARE_INPUTS_H

#include <signal.h>

#include "src/check_inputs.h"

/* Calls each for every recording, in order; it may still not be there. */
void compare_inputs_each(const char *operand, const volatile sig_atomic_t *stop,
                         void (*each)(void *user, const char *recording),
                         void *user);

void compare_inputs_play(struct check_inputs *c, const char *operand);

#endif
