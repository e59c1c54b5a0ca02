/* figure_impl - what the files figure_*.c share: titles, axes, legends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_FIGURE_IMPL_H
#define SRC_FIGURE_IMPL_H

#include "src/figure.h"

/* Heights of letters: legible at half the size, where they are 7 pixels. */
#define FIGURE_TITLE 16.0
#define FIGURE_WORDS 14.0
#define FIGURE_SMALL 12.5

/* Beside and below a plot: numbers such as 433.92, and words. One for all, so that
 * plots that stand above each other are aligned. */
#define FIGURE_LEFT  78.0
#define FIGURE_BELOW 40.0

struct figure_axis {
    double low, high; /* low < high */
    const char *words;
    double unit; /* an axis in kHz of values in Hz: 1e3 */
};

struct figure_plot {
    struct draw *draw;
    struct box at; /* of the plot itself */
    struct figure_axis x, y;
};

/* Room around a plot, for figure_inner. */
struct figure_margins {
    double left, right, below;
};

bool figure_is_too_small(struct box b);

/* Whether an axis can be drawn: of finite numbers that were measured, not of what
 * only looks like it. */
bool figure_is_axis(const struct figure_axis *a);

/* A number that may stand on an axis; decibels go nowhere near it. */
bool figure_is_value(double v);

/* The title, the note, and where there are two fobs the legend; what is left of b
 * for the rest. */
struct box figure_heading(struct draw *d, struct box b,
                          const struct figure_text *t, size_t fobs);

/* Why there is nothing, in the middle of a shaded box. */
void figure_nothing(struct draw *d, struct box b, const struct figure_text *t);

struct box figure_inner(struct box b, struct figure_margins m);

/* The distance of ticks: 1, 2 or 5 times a power of ten, at most `most` of them in
 * the span. */
double figure_step(double span, double most);

/* How a tick is written: no more digits than the step needs. */
void figure_number(char text[32], double value, double step);

/* The same of a vertical axis: two ticks at least, where numbers have room. */
double figure_y_step(struct box at, struct figure_axis y);

/* Words on paper, which hides what is behind them. */
void figure_label(struct draw *d, double x, double y, const char *text,
                  struct draw_style s);

/* Grid, ticks with numbers, words, and the frame. figure_grid draws what lies
 * below the data. */
void figure_grid(const struct figure_plot *p);
void figure_axes(const struct figure_plot *p);

/* The vertical axis alone, on the right side: of a scale of shades. */
void figure_scale(struct draw *d, struct box bar, struct figure_axis y);

/* Where a value is; outside of the axis, its end. */
double figure_x(const struct figure_plot *p, double value);
double figure_y(const struct figure_plot *p, double value);

/* A line of n <= FIGURE_POINTS_MAX points of which x[i] = first + i * step. */
void figure_curve(const struct figure_plot *p, const float *value, size_t n,
                  double first, double step, struct draw_pen pen);

/* The pen of fob i. */
struct draw_pen figure_pen(size_t i);

/* Words of a style that is used everywhere. */
struct draw_style figure_style(double size, enum draw_align align);

#endif
