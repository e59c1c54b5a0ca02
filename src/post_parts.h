/* post_parts - what the forms of a report share: which evidence weighs most, and words
 * that are drawn into a width.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_POST_PARTS_H
#define SRC_POST_PARTS_H

#include <stddef.h>

#include "src/draw.h"
#include "src/identify.h"
#include "src/post.h"

/* What speaks for or against, the weightiest first, at most `most`. Returns how
 * many. */
size_t post_parts_reasons(const struct identification *id,
                          const struct evidence **ret, size_t most);

/* "12 to 1". Returns text. */
const char *post_parts_ratio(const struct evidence *e, char text[32]);

/* One line, cut where there is no more room. */
void post_parts_line(struct draw *d, double x, double y, double width,
                     const char *text, struct draw_style s);

/* In lines from at.y on, at most so many; the base line of the next one. */
double post_parts_fold(struct draw *d, struct box at, size_t most,
                       const char *text, struct draw_style s);

#endif
