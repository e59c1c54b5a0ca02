/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/figure_impl.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define HEADING   24.0
#define TICK      5.0
#define UPRIGHT_X 15.0 /* base line of the vertical axis's words */

/* More than a picture of DRAW_SIDE_MAX has, whatever its scale. */
#define BOX_MAX 1e6
/* Sums of steps stay exact enough below. */
#define VALUE_MAX  1e12
#define SPAN_LEAST 1e-9 /* of the value */

bool figure_is_too_small(struct box b)
{
    return !(b.w >= FIGURE_W_MIN && b.h >= FIGURE_H_MIN && b.w <= BOX_MAX &&
             b.h <= BOX_MAX && fabs(b.x) <= BOX_MAX && fabs(b.y) <= BOX_MAX);
}

bool figure_is_value(double v)
{
    return fabs(v) <= VALUE_MAX;
}

bool figure_is_axis(const struct figure_axis *a)
{
    return figure_is_value(a->low) && figure_is_value(a->high) &&
           a->high - a->low > SPAN_LEAST * fmax(fabs(a->low), fabs(a->high)) &&
           a->high - a->low > 1e-12;
}

struct draw_style figure_style(double size, enum draw_align align)
{
    return (
        struct draw_style){ .size = size, .align = align, .ink = DRAW_BLACK };
}

struct draw_pen figure_pen(size_t i)
{
    return i == 0 ? (struct draw_pen){ DRAW_A, 1.5, false }
                  : (struct draw_pen){ DRAW_B, 1.8, true };
}

/* From right to left, so that it ends with the box; where it begins. */
static double legend(struct draw *d, double right, double y,
                     const struct figure_text *t)
{
    static const char *const usual[] = { "A", "B" };
    const double line = 34, gap = 8;
    struct draw_style s = figure_style(FIGURE_WORDS, ALIGN_RIGHT);

    for (size_t i = 2; i-- > 0;) {
        const char *name = t->name[i] != NULL ? t->name[i] : usual[i];
        struct draw_pen pen = figure_pen(i);

        pen.width = 3;
        draw_text(d, right, y, name, s);
        right -= draw_text_width(d, name, s) + gap;
        draw_line(d, right - line, y - 5, right, y - 5, pen);
        right -= line + 2 * gap;
    }
    return right;
}

struct box figure_heading(struct draw *d, struct box b,
                          const struct figure_text *t, size_t fobs)
{
    struct draw_style s = figure_style(FIGURE_TITLE, ALIGN_LEFT);
    double right = b.x + b.w, left;

    s.is_bold = true;
    if (fobs > 1)
        right = legend(d, right, b.y + 15, t);
    draw_text(d, b.x, b.y + 16, t->title, s);
    left = b.x + draw_text_width(d, t->title, s) + 12;
    s = figure_style(FIGURE_SMALL, ALIGN_LEFT);
    s.ink = DRAW_PALE;
    if (t->note != NULL && left + draw_text_width(d, t->note, s) <= right)
        draw_text(d, left, b.y + 16, t->note, s);
    return (struct box){ b.x, b.y + HEADING, b.w, b.h - HEADING };
}

void figure_nothing(struct draw *d, struct box b, const struct figure_text *t)
{
    const char *why = t->why_empty != NULL ? t->why_empty : "nothing was read";
    struct draw_style s = figure_style(FIGURE_WORDS, ALIGN_CENTRE);

    draw_fill(d, b, DRAW_SHADE);
    s.ink = DRAW_PALE;
    while (s.size > 6 && draw_text_width(d, why, s) > b.w - 16)
        s.size -= 1;
    draw_text(d, b.x + b.w / 2, b.y + b.h / 2 + 5, why, s);
}

struct box figure_inner(struct box b, struct figure_margins m)
{
    return (struct box){ b.x + m.left, b.y + 4, b.w - m.left - m.right,
                         b.h - m.below - 4 };
}

double figure_step(double span, double most)
{
    const double least = span / fmax(most, 1);
    const double ten = pow(10, floor(log10(least)));
    const double share = least / ten;

    return ten * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

void figure_number(char text[32], double value, double step)
{
    const double digits = -floor(log10(step) + 1e-9);

    if (fabs(value) < step / 1e3)
        value = 0; /* not "-0" */
    snprintf(text, 32, "%.*f", digits > 0 && digits < 9 ? (int)digits : 0,
             value);
}

double figure_x(const struct figure_plot *p, double value)
{
    const double t = (value - p->x.low) / (p->x.high - p->x.low);

    return p->at.x + p->at.w * fmin(fmax(t, 0), 1);
}

double figure_y(const struct figure_plot *p, double value)
{
    const double t = (value - p->y.low) / (p->y.high - p->y.low);

    return p->at.y + p->at.h * (1 - fmin(fmax(t, 0), 1));
}

/* Ticks are so far apart that their numbers do not touch. */
static double x_step(const struct figure_plot *p)
{
    const double span = (p->x.high - p->x.low) / p->x.unit;
    const struct draw_style s = figure_style(FIGURE_WORDS, ALIGN_CENTRE);
    double most = p->at.w / 70, step, widest;

    for (;; most /= 1.5) {
        char low[32], high[32];

        step = figure_step(span, most);
        figure_number(low, p->x.low / p->x.unit, step);
        figure_number(high, p->x.high / p->x.unit, step);
        widest = fmax(draw_text_width(p->draw, low, s),
                      draw_text_width(p->draw, high, s));
        if (most < 2 || widest + 14 < step / span * p->at.w)
            return step;
    }
}

/* Ticks in units of the axis. */
static double first_tick(const struct figure_axis *a, double step)
{
    return ceil(a->low / a->unit / step - 1e-9) * step;
}

static double last_tick(const struct figure_axis *a, double step)
{
    return a->high / a->unit + step * 1e-9;
}

/* Heights of a line of numbers: as a rule, and at least. */
#define LINE_USUAL 24.0
#define LINE_LEAST 16.0

double figure_y_step(struct box at, struct figure_axis y)
{
    const double span = (y.high - y.low) / y.unit;
    double most = at.h / LINE_USUAL, step;

    for (;; most *= 1.3) {
        const double finer = figure_step(span, 1.3 * most);

        step = figure_step(span, most);
        if (last_tick(&y, step) - first_tick(&y, step) >= step ||
            finer / span * at.h < LINE_LEAST)
            return step;
    }
}

void figure_label(struct draw *d, double x, double y, const char *text,
                  struct draw_style s)
{
    const double w = draw_text_width(d, text, s) + 8;
    const double back = s.align == ALIGN_LEFT     ? 4
                        : s.align == ALIGN_CENTRE ? w / 2
                                                  : w - 4;

    draw_fill(d, (struct box){ x - back, y - s.size, w, s.size + 4 },
              DRAW_PAPER);
    draw_text(d, x, y, text, s);
}

void figure_grid(const struct figure_plot *p)
{
    const struct draw_pen pen = { DRAW_GRID, 1, false };
    double step = x_step(p);

    for (double v = first_tick(&p->x, step);
         p->x.words != NULL && v <= last_tick(&p->x, step); v += step) {
        const double x = figure_x(p, v * p->x.unit);

        draw_line(p->draw, x, p->at.y, x, p->at.y + p->at.h, pen);
    }
    step = figure_y_step(p->at, p->y);
    for (double v = first_tick(&p->y, step); v <= last_tick(&p->y, step);
         v += step) {
        const double y = figure_y(p, v * p->y.unit);

        draw_line(p->draw, p->at.x, y, p->at.x + p->at.w, y, pen);
    }
}

static void x_axis(const struct figure_plot *p)
{
    const double foot = p->at.y + p->at.h, step = x_step(p);
    const struct draw_pen pen = { DRAW_BLACK, 1, false };
    const struct draw_style s = figure_style(FIGURE_WORDS, ALIGN_CENTRE);

    for (double v = first_tick(&p->x, step); v <= last_tick(&p->x, step);
         v += step) {
        const double x = figure_x(p, v * p->x.unit);
        char text[32];

        figure_number(text, v, step);
        draw_line(p->draw, x, foot, x, foot + TICK, pen);
        draw_text(p->draw, x, foot + TICK + 13, text, s);
    }
    draw_text(p->draw, p->at.x + p->at.w / 2, foot + TICK + 31, p->x.words, s);
}

/* Returns where the numbers begin. */
static double y_axis(const struct figure_plot *p)
{
    const double step = figure_y_step(p->at, p->y);
    const struct draw_pen pen = { DRAW_BLACK, 1, false };
    const struct draw_style s = figure_style(FIGURE_WORDS, ALIGN_RIGHT);
    double widest = 0;

    for (double v = first_tick(&p->y, step); v <= last_tick(&p->y, step);
         v += step) {
        const double y = figure_y(p, v * p->y.unit);
        char text[32];

        figure_number(text, v, step);
        draw_line(p->draw, p->at.x - TICK, y, p->at.x, y, pen);
        draw_text(p->draw, p->at.x - TICK - 4, y + 5, text, s);
        widest = fmax(widest, draw_text_width(p->draw, text, s));
    }
    return p->at.x - TICK - 4 - widest;
}

/* Words along a vertical axis, as large as there is room for. */
static void upright(struct draw *d, double x, struct box at, const char *words)
{
    struct draw_style s = figure_style(FIGURE_WORDS, ALIGN_CENTRE);

    while (s.size > 8 && draw_text_width(d, words, s) > at.h + 8)
        s.size -= 0.5;
    s.is_upright = true;
    draw_text(d, x, at.y + at.h / 2, words, s);
}

void figure_axes(const struct figure_plot *p)
{
    const struct draw_pen pen = { DRAW_BLACK, 1, false };
    const double usual = p->at.x - FIGURE_LEFT + UPRIGHT_X;

    draw_frame(p->draw, p->at, pen);
    if (p->x.words != NULL)
        x_axis(p);
    if (p->y.words != NULL) {
        const double left = y_axis(p);

        upright(p->draw, fmin(usual, left - 7), p->at, p->y.words);
    }
}

void figure_scale(struct draw *d, struct box bar, struct figure_axis y)
{
    const struct figure_plot p = { .draw = d, .at = bar, .y = y };
    const double right = bar.x + bar.w, step = figure_y_step(bar, y);
    const struct draw_pen pen = { DRAW_BLACK, 1, false };

    draw_frame(d, bar, pen);
    for (double v = first_tick(&y, step); v <= last_tick(&y, step); v += step) {
        const double at = figure_y(&p, v * y.unit);
        char text[32];

        figure_number(text, v, step);
        draw_line(d, right, at, right + TICK, at, pen);
        draw_text(d, right + TICK + 4, at + 5, text,
                  figure_style(FIGURE_WORDS, ALIGN_LEFT));
    }
    upright(d, right + 58, bar, y.words);
}

void figure_curve(const struct figure_plot *p, const float *value, size_t n,
                  double first, double step, struct draw_pen pen)
{
    double *x, *y;

    n = n < FIGURE_POINTS_MAX ? n : FIGURE_POINTS_MAX;
    x = malloc((n > 0 ? n : 1) * 2 * sizeof *x);
    if (x == NULL)
        return;
    y = x + n;
    for (size_t i = 0; i < n; i++) {
        const double at = first + (double)i * step;

        x[i] = at >= p->x.low && at <= p->x.high ? figure_x(p, at) : NAN;
        y[i] = isfinite(value[i]) ? figure_y(p, (double)value[i]) : NAN;
    }
    draw_polyline(p->draw, x, y, n, pen);
    free(x);
}
