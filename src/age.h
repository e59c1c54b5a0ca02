/* age - "7d" or "2026-03-29": a moment in the past, as people write it.
 *
 *   dates  2026-03-29 (its first second), 2026-03-29T11:27Z,
 *          2026-03-29T11:27:30Z; all in UTC, years 1970 to 9999
 *   ages   12h, 7d, 8w, 6m (of 30 days), 1y (of 365 days) before now; one or
 *          more of them, and not before 1970
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_AGE_H
#define SRC_AGE_H

#include "src/err.h"

/* 0; -EINVAL with a sentence that begins with text, *unix_s untouched. */
int age_parse(const char *text, double now_unix_s, double *unix_s,
              struct err *e);

#endif
