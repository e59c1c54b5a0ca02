/* draft - a format as a descriptor in C, and as a decoder for rtl_433's -X: to begin
 * with, where somebody wants to describe what was inferred.
 *
 * Neither has a serial or a code in it: they say where the fields are.
 *
 *   source  rtl_433's flex decoder: its OPERATION.md and -X help
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_DRAFT_H
#define SRC_DRAFT_H

#include <stdbool.h>
#include <stdio.h>

#include "protocols/inference.h"

/* A .c file for protocols/. i: what was inferred, p: as inference_describe made it. */
void draft_descriptor(FILE *out, const struct inference *i,
                      const struct protocol *p);

/* What follows rtl_433 -X, without an end of line: fields that it can take, not those
 * that always stand. False, nothing written: it has no decoder for the line code. */
bool draft_flex(FILE *out, const struct protocol *p);

#endif
