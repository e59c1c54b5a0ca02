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

#include "src/check_inputs.h"

void compare_inputs_play(struct check_inputs *c, const char *operand);

#endif
