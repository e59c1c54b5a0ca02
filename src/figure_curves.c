/* figure_curves - spectra and envelopes: one line a fob.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/figure_impl.h"

#include <math.h>

/* Of the strongest: what lies lower says nothing of a fob. */
#define SPAN_MAX_DB 80.0
#define SPAN_MIN_DB 20.0

struct range {
    double low, high; /* low > high: nothing was seen */
};

static void widen(struct range *r, double low, double high)
{
    r->low = fmin(r->low, low);
    r->high = fmax(r->high, high);
}

static void widen_by(struct range *r, const float *value, size_t n)
{
    for (size_t i = 0; i < n && i < FIGURE_POINTS_MAX; i++)
        if (figure_is_value((double)value[i]))
            widen(r, (double)value[i], (double)value[i]);
}

/* Room above and below, and neither too much nor too little of it. */
static struct figure_axis level_axis(struct range r, const char *words)
{
    const double high = r.high + 3;
    const double low =
        fmin(fmax(r.low - 3, high - SPAN_MAX_DB), high - SPAN_MIN_DB);

    return (struct figure_axis){ low, high, words, 1 };
}

static bool is_line(const struct figure_line *l)
{
    return l->n > 0 && isfinite(l->first) && isfinite(l->step) && l->step > 0;
}

/* What the lines of one figure lie within. */
static void find_ranges(const struct figure_line *of, size_t n, struct range *x,
                        struct range *y)
{
    *x = *y = (struct range){ INFINITY, -INFINITY };
    for (size_t i = 0; i < n; i++) {
        const struct figure_line *l = &of[i];

        if (!is_line(l))
            continue;
        widen(x, l->first, l->first + (double)(l->n - 1) * l->step);
        widen_by(y, l->level_db, l->n);
    }
}

/* Keying has no level: "on" and "off" are its ticks. */
static void keying_axis(const struct figure_plot *p)
{
    const struct draw_style s = figure_style(FIGURE_WORDS, ALIGN_RIGHT);

    draw_text(p->draw, p->at.x - 9, figure_y(p, 1) + 5, "on", s);
    draw_text(p->draw, p->at.x - 9, figure_y(p, 0) + 5, "off", s);
}

/* Lines, a fob each, and their axes. unit NULL: the levels are "on" and "off". */
static void draw_lines(struct draw *d, struct box b,
                       const struct figure_text *text,
                       const struct figure_line *of, size_t n,
                       struct figure_axis across, const char *unit)
{
    struct range x, y;
    struct box rest;

    if (figure_is_too_small(b))
        return;
    rest = figure_heading(d, b, text, n);
    find_ranges(of, n, &x, &y);
    const struct figure_plot p = {
        .draw = d,
        .at = figure_inner(
            rest, (struct figure_margins){ FIGURE_LEFT, 8, FIGURE_BELOW }),
        .x = { x.low, x.high, across.words, across.unit },
        .y = unit != NULL ? level_axis(y, unit)
                          : (struct figure_axis){ -0.2, 1.2, NULL, 1 },
    };

    if (y.high < y.low || !figure_is_axis(&p.x) || !figure_is_axis(&p.y)) {
        figure_nothing(d, rest, text);
        return;
    }
    if (unit != NULL)
        figure_grid(&p);
    for (size_t i = 0; i < n; i++)
        if (is_line(&of[i]))
            figure_curve(&p, of[i].level_db, of[i].n, of[i].first, of[i].step,
                         figure_pen(i));
    figure_axes(&p);
    if (unit == NULL)
        keying_axis(&p);
}

void figure_spectra(struct draw *d, struct box b,
                    const struct figure_spectra *f)
{
    draw_lines(d, b, &f->text, f->of, f->n < 2 ? f->n : 2,
               (struct figure_axis){ .words = "offset from the carrier [kHz]",
                                     .unit = 1e3 },
               f->unit != NULL ? f->unit : "power [dB]");
}

void figure_envelopes(struct draw *d, struct box b,
                      const struct figure_envelopes *f)
{
    draw_lines(d, b, &f->text, f->of, f->n < 2 ? f->n : 2,
               (struct figure_axis){ .words = "time from the first edge [ms]",
                                     .unit = 1 },
               f->is_keying ? NULL : "level [dBFS]");
}
