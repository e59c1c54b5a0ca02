/* draw - rectangles, lines, text and images, into a PNG or an SVG.
 *
 * The one module that knows cairo. Lengths are in pixels, y downward. Letters go
 * into an SVG as outlines: it looks alike wherever it is opened, whatever fonts are
 * there, and its text cannot be searched. The same calls give the same bytes, for
 * one version of cairo and of the font (DejaVu Sans, else what fontconfig takes for
 * it); there is no date, name or random number in them.
 *
 *   memory  create and destroy belong together; what finish gives is the caller's
 *   thread  one at a time
 *   errors  negative errno, and a sentence; of primitives, by draw_finish
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_DRAW_H
#define SRC_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/err.h"

/* Of either side: 4096 by 4096 pixels are 64 MiB. */
enum { DRAW_SIDE_MIN = 16, DRAW_SIDE_MAX = 4096, DRAW_IMAGE_MAX = 4096 };

enum draw_kind { DRAW_PNG, DRAW_SVG };

/* Colours that differ in lightness, so that they are told apart in grey. The hues
 * are those of Okabe and Ito, "Color universal design", 2008. */
enum draw_ink {
    DRAW_PAPER, /* white */
    DRAW_SHADE, /* of what is not there: a very light grey */
    DRAW_GRID,
    DRAW_PALE, /* words that matter less */
    DRAW_BLACK,
    DRAW_A, /* the first of two: dark blue */
    DRAW_B, /* the second: light orange */
    DRAW_MARK,
    DRAW_IDENTITY, /* fills of bits, by role: light enough for black words */
    DRAW_ACTION,
    DRAW_STATUS,
    DRAW_COUNTER,
    DRAW_ROLLING,
    DRAW_CHECK,
    DRAW_FIXED,
    DRAW_INKS
};

enum draw_hatch {
    HATCH_NONE,
    HATCH_RISING, /* diagonal lines */
    HATCH_FALLING,
    HATCH_CROSSED, /* both */
    HATCH_LEVEL,
    HATCH_UPRIGHT,
    HATCH_DOTS,
    HATCHES
};

enum draw_align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

struct box {
    double x, y, w, h;
};

struct draw_pen {
    enum draw_ink ink;
    double width;
    bool is_dashed;
};

struct draw_style {
    double size; /* of the font */
    enum draw_align align;
    enum draw_ink ink;
    bool is_bold;
    bool is_upright; /* read from below to above; x is its base line */
};

struct draw;

/* -EINVAL: a side outside DRAW_SIDE_MIN .. DRAW_SIDE_MAX; -ENOMEM. */
int draw_create(struct draw **ret, enum draw_kind kind, unsigned width,
                unsigned height, struct err *e);
void draw_destroy(struct draw *d); /* takes NULL */

/* From here on lengths are in so many pixels. Before anything is drawn. */
void draw_scale(struct draw *d, double factor);

/* The whole picture. */
struct box draw_box(const struct draw *d);

void draw_fill(struct draw *d, struct box b, enum draw_ink ink);
void draw_hatch(struct draw *d, struct box b, enum draw_hatch hatch,
                enum draw_ink ink);
void draw_frame(struct draw *d, struct box b, struct draw_pen pen);
void draw_line(struct draw *d, double x0, double y0, double x1, double y1,
               struct draw_pen pen);

/* Where x or y is not finite, the line is broken. */
void draw_polyline(struct draw *d, const double *x, const double *y, size_t n,
                   struct draw_pen pen);

/* y is the base line. Control characters and what is no UTF-8 become '?'. */
void draw_text(struct draw *d, double x, double y, const char *text,
               struct draw_style style);
double draw_text_width(struct draw *d, const char *text,
                       struct draw_style style);

/* A filled circle. */
void draw_dot(struct draw *d, double x, double y, double radius,
              enum draw_ink ink);

/* columns by rows shades, the upper row first: 0 is paper, 254 the darkest, 255 is
 * not there. At most DRAW_IMAGE_MAX of either. */
enum { DRAW_SHADE_MAX = 254, DRAW_SHADE_NONE = 255 };
void draw_image(struct draw *d, struct box b, const uint8_t *shades,
                size_t columns, size_t rows);

/* All of it as the bytes of a file, to be freed; nothing is drawn any more. */
int draw_finish(struct draw *d, void **bytes, size_t *n, struct err *e);

/* The same into a new file, that of the user alone. */
int draw_save(struct draw *d, const char *path, struct err *e);

const char *draw_library_version(void);

#endif
