/* figure_presses - one value a press, with the button's name below.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/figure_impl.h"

#include <math.h>
#include <stdio.h>

/* Number and name of a press need so much beside the next. */
#define GAP 8.0

static size_t presses(const struct figure_press *p)
{
    return p->n < FIGURE_PRESSES_MAX ? p->n : FIGURE_PRESSES_MAX;
}

/* From the lowest to the highest; false: there is none. */
static bool find_axis(const struct figure_presses *f, size_t fobs,
                      struct figure_axis *ret)
{
    double low = INFINITY, high = -INFINITY, room;

    for (size_t i = 0; i < fobs; i++)
        for (size_t k = 0; k < presses(&f->of[i]); k++) {
            if (!figure_is_value(f->of[i].value[k]))
                continue;
            low = fmin(low, f->of[i].value[k]);
            high = fmax(high, f->of[i].value[k]);
        }
    if (low > high)
        return false;
    room = fmax(fmin(fmax(f->span_min, 1e-6), 1e6) - (high - low), 0) / 2;
    room += 0.12 * (high - low + 2 * room);
    *ret =
        (struct figure_axis){ low - room, high + room,
                              f->unit != NULL ? f->unit : "level [dBFS]", 1 };
    return true;
}

/* B is hollow and square. */
static void put_mark(struct draw *d, double x, double y, double radius,
                     size_t fob)
{
    const struct box square = { x - radius, y - radius, 2 * radius,
                                2 * radius };

    if (fob == 0) {
        draw_dot(d, x, y, radius, DRAW_A);
        return;
    }
    draw_fill(d, square, DRAW_PAPER);
    draw_frame(d, square, (struct draw_pen){ DRAW_B, 2.5, false });
}

static void put_fob(const struct figure_plot *p, const struct figure_press *f,
                    size_t fob)
{
    double x[FIGURE_PRESSES_MAX], y[FIGURE_PRESSES_MAX];
    const size_t n = presses(f);
    /* hundreds of them do not become one bar */
    const double radius =
        fmin(fmax((figure_x(p, 2) - figure_x(p, 1)) / 3, 1.5), 4.5);

    for (size_t k = 0; k < n; k++) {
        x[k] = figure_x(p, (double)(k + 1));
        y[k] = figure_is_value(f->value[k]) ? figure_y(p, f->value[k]) : NAN;
    }
    draw_polyline(p->draw, x, y, n, figure_pen(fob));
    for (size_t k = 0; k < n; k++)
        if (isfinite(y[k]))
            put_mark(p->draw, x[k], y[k], radius, fob);
}

/* Whether a name stands below each press without touching the next. */
static bool has_names(const struct figure_plot *p, const struct figure_press *f,
                      size_t most)
{
    const struct draw_style s = figure_style(FIGURE_SMALL, ALIGN_CENTRE);
    const double room = figure_x(p, 2) - figure_x(p, 1) - GAP;
    bool is_any = false;

    for (size_t k = 0; f->button != NULL && k < presses(f); k++) {
        if (f->button[k] == NULL)
            continue;
        is_any = true;
        if (most > 1 && draw_text_width(p->draw, f->button[k], s) > room)
            return false;
    }
    return is_any;
}

static void put_names(const struct figure_plot *p, const struct figure_press *f)
{
    const struct draw_style s = figure_style(FIGURE_SMALL, ALIGN_CENTRE);

    for (size_t k = 0; k < presses(f); k++)
        if (f->button[k] != NULL)
            draw_text(p->draw, figure_x(p, (double)(k + 1)),
                      p->at.y + p->at.h + 34, f->button[k], s);
}

static void put_numbers(const struct figure_plot *p, size_t most)
{
    const struct draw_style s = figure_style(FIGURE_WORDS, ALIGN_CENTRE);
    const double foot = p->at.y + p->at.h;
    const size_t step =
        (size_t)fmax(figure_step((double)most, p->at.w / 44), 1);

    for (size_t k = step; k <= most; k += step) {
        const double x = figure_x(p, (double)k);
        char text[24];

        snprintf(text, sizeof text, "%zu", k);
        draw_line(p->draw, x, foot, x, foot + 5,
                  (struct draw_pen){ DRAW_BLACK, 1, false });
        draw_text(p->draw, x, foot + 18, text, s);
    }
}

void figure_presses(struct draw *d, struct box b,
                    const struct figure_presses *f)
{
    const size_t n = f->n < 2 ? f->n : 2;
    struct figure_axis y;
    struct box rest;
    size_t most = 0;

    if (figure_is_too_small(b))
        return;
    rest = figure_heading(d, b, &f->text, n);
    if (!find_axis(f, n, &y) || !figure_is_axis(&y)) {
        figure_nothing(d, rest, &f->text);
        return;
    }
    for (size_t i = 0; i < n; i++)
        most = presses(&f->of[i]) > most ? presses(&f->of[i]) : most;
    struct figure_plot p = {
        .draw = d,
        .at = figure_inner(
            rest, (struct figure_margins){ FIGURE_LEFT, 8, FIGURE_BELOW }),
        .x = { 0.5, (double)most + 0.5, NULL, 1 },
        .y = y,
    };
    const bool is_named = has_names(&p, &f->of[0], most);

    if (is_named)
        p.at.h -= 14;
    p.x.words = NULL;
    figure_grid(&p);
    for (size_t i = 0; i < n; i++)
        put_fob(&p, &f->of[i], i);
    figure_axes(&p);
    put_numbers(&p, most);
    if (is_named)
        put_names(&p, &f->of[0]);
    draw_text(d, p.at.x + p.at.w / 2, p.at.y + p.at.h + (is_named ? 50 : 36),
              is_named ? "press, and its button" : "press",
              figure_style(FIGURE_WORDS, ALIGN_CENTRE));
}
