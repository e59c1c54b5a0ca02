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

static bool is_line(size_t n, double first, double step)
{
    return n > 0 && isfinite(first) && isfinite(step) && step > 0;
}

void figure_spectra(struct draw *d, struct box b,
                    const struct figure_spectra *f)
{
    struct range x = { INFINITY, -INFINITY }, y = x;
    struct box rest;
    const size_t n = f->n < 2 ? f->n : 2;

    if (figure_is_too_small(b))
        return;
    rest = figure_heading(d, b, &f->text, n);
    for (size_t i = 0; i < n; i++) {
        const struct figure_spectrum *s = &f->of[i];

        if (!is_line(s->n, s->first_hz, s->step_hz))
            continue;
        widen(&x, s->first_hz, s->first_hz + (double)(s->n - 1) * s->step_hz);
        widen_by(&y, s->power_db, s->n);
    }
    const struct figure_plot p = {
        .draw = d,
        .at = figure_inner(
            rest, (struct figure_margins){ FIGURE_LEFT, 8, FIGURE_BELOW }),
        .x = { x.low, x.high, "offset from the carrier [kHz]", 1e3 },
        .y = level_axis(y, f->unit != NULL ? f->unit : "power [dB]"),
    };

    if (y.high < y.low || !figure_is_axis(&p.x) || !figure_is_axis(&p.y)) {
        figure_nothing(d, rest, &f->text);
        return;
    }
    figure_grid(&p);
    for (size_t i = 0; i < n; i++)
        if (is_line(f->of[i].n, f->of[i].first_hz, f->of[i].step_hz))
            figure_curve(&p, f->of[i].power_db, f->of[i].n, f->of[i].first_hz,
                         f->of[i].step_hz, figure_pen(i));
    figure_axes(&p);
}

/* Keying has no level: "on" and "off" are its ticks. */
static void keying_axis(const struct figure_plot *p)
{
    const struct draw_style s = figure_style(FIGURE_WORDS, ALIGN_RIGHT);

    draw_text(p->draw, p->at.x - 9, figure_y(p, 1) + 5, "on", s);
    draw_text(p->draw, p->at.x - 9, figure_y(p, 0) + 5, "off", s);
}

void figure_envelopes(struct draw *d, struct box b,
                      const struct figure_envelopes *f)
{
    struct range x = { INFINITY, -INFINITY }, y = x;
    struct box rest;
    const size_t n = f->n < 2 ? f->n : 2;

    if (figure_is_too_small(b))
        return;
    rest = figure_heading(d, b, &f->text, n);
    for (size_t i = 0; i < n; i++) {
        const struct figure_envelope *s = &f->of[i];

        if (!is_line(s->n, s->first_ms, s->step_ms))
            continue;
        widen(&x, s->first_ms, s->first_ms + (double)(s->n - 1) * s->step_ms);
        widen_by(&y, s->level_dbfs, s->n);
    }
    struct figure_plot p = {
        .draw = d,
        .at = figure_inner(
            rest, (struct figure_margins){ FIGURE_LEFT, 8, FIGURE_BELOW }),
        .x = { x.low, x.high, "time from the first edge [ms]", 1 },
        .y = f->is_keying ? (struct figure_axis){ -0.2, 1.2, NULL, 1 }
                          : level_axis(y, "level [dBFS]"),
    };

    if (y.high < y.low || !figure_is_axis(&p.x) || !figure_is_axis(&p.y)) {
        figure_nothing(d, rest, &f->text);
        return;
    }
    if (!f->is_keying)
        figure_grid(&p);
    for (size_t i = 0; i < n; i++)
        if (is_line(f->of[i].n, f->of[i].first_ms, f->of[i].step_ms))
            figure_curve(&p, f->of[i].level_dbfs, f->of[i].n, f->of[i].first_ms,
                         f->of[i].step_ms, figure_pen(i));
    figure_axes(&p);
    if (f->is_keying)
        keying_axis(&p);
}
