/* view - one picture of a recording: spectrogram, the course of a press, bits,
 * levels.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_VIEW_H
#define SRC_VIEW_H

#include "src/draw.h"
#include "src/err.h"
#include "src/scene.h"

/* The picture is laid out for this size, and made larger or smaller. */
enum { VIEW_W = 1200, VIEW_H = 900, VIEW_W_MIN = 400, VIEW_H_MIN = 300 };

struct view_cfg {
    const char *name; /* of the recording, written only if is_full */
    bool is_full;     /* as the scene was made: codes and serials are shown */
};

/* All of d. */
int view_draw(struct draw *d, const struct scene *s, const struct view_cfg *cfg,
              struct err *e);

/* "1200x900" into width and height. -EINVAL: it is no size, or not within
 * VIEW_W_MIN by VIEW_H_MIN and DRAW_SIDE_MAX. */
int view_parse_size(const char *text, unsigned *width, unsigned *height,
                    struct err *e);

#endif
