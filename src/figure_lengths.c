/* figure_lengths - how long the carrier is on and off: a histogram upward, and one
 * downward.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/figure_impl.h"

#include <math.h>
#include <stdlib.h>

enum { BINS = 96 };

/* The axis ends behind nearly all lengths; a gap between frames is no length. */
#define QUANTILE 0.97
#define BEYOND   1.2

struct shares {
    double high[BINS], low[BINS]; /* percent */
};

static int by_value(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

static size_t append(float *all, size_t n, const float *us, size_t count)
{
    for (size_t i = 0; i < count && n < FIGURE_LENGTHS_MAX; i++)
        if (figure_is_value((double)us[i]) && us[i] > 0)
            all[n++] = us[i];
    return n;
}

/* Where the axis ends; 0: there are no lengths, or no memory. */
static double find_end(const struct figure_lengths *f, size_t fobs)
{
    float *all = malloc(FIGURE_LENGTHS_MAX * sizeof *all);
    size_t n = 0;
    double end = 0;

    if (all == NULL)
        return 0;
    for (size_t i = 0; i < fobs; i++) {
        n = append(all, n, f->of[i].high_us, f->of[i].n_highs);
        n = append(all, n, f->of[i].low_us, f->of[i].n_lows);
    }
    if (n > 0) {
        qsort(all, n, sizeof *all, by_value);
        end = BEYOND * (double)all[(size_t)(QUANTILE * (double)(n - 1))];
    }
    free(all);
    return end;
}

static void count(double share[BINS], const float *us, size_t n, double end)
{
    size_t all = 0;

    for (size_t i = 0; i < BINS; i++)
        share[i] = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(us[i] > 0))
            continue;
        all++;
        if ((double)us[i] < end)
            share[(size_t)((double)us[i] / end * BINS)]++;
    }
    for (size_t i = 0; i < BINS && all > 0; i++)
        share[i] *= 100 / (double)all;
}

static void put_bars(const struct figure_plot *p, const double share[BINS],
                     double end, bool is_high)
{
    const struct draw_pen pen = { DRAW_A, 1, false };
    const double zero = figure_y(p, 0);

    for (size_t i = 0; i < BINS; i++) {
        const double y = figure_y(p, is_high ? share[i] : -share[i]);
        const double x = figure_x(p, (double)i * end / BINS);
        const struct box bar = { x, fmin(y, zero), p->at.w / BINS,
                                 fabs(y - zero) };

        if (!(share[i] > 0))
            continue;
        if (is_high) {
            draw_fill(p->draw, bar, DRAW_A);
        } else {
            draw_fill(p->draw, bar, DRAW_IDENTITY);
            draw_frame(p->draw, bar, pen);
        }
    }
}

/* The same as an outline, so that one does not hide the other. */
static void put_outline(const struct figure_plot *p, const double share[BINS],
                        double end, double sign, struct draw_pen pen)
{
    double x[2 * BINS], y[2 * BINS];

    for (size_t i = 0; i < BINS; i++) {
        x[2 * i] = figure_x(p, (double)i * end / BINS);
        x[2 * i + 1] = figure_x(p, (double)(i + 1) * end / BINS);
        y[2 * i] = y[2 * i + 1] = figure_y(p, sign * share[i]);
    }
    draw_polyline(p->draw, x, y, (size_t)2 * BINS, pen);
}

static double highest(const struct shares *s)
{
    double most = 0;

    for (size_t i = 0; i < BINS; i++)
        most = fmax(most, fmax(s->high[i], s->low[i]));
    return most;
}

/* Percent, upward and downward: figure_axes would write the latter with a sign. */
static void put_numbers(const struct figure_plot *p, bool is_fsk)
{
    const double step = figure_y_step(p->at, p->y);
    const struct draw_style s = figure_style(FIGURE_WORDS, ALIGN_RIGHT);
    struct draw_style words = figure_style(FIGURE_WORDS, ALIGN_CENTRE);
    const double x = p->at.x + p->at.w - 8;

    for (double v = -floor(p->y.high / step) * step; v <= p->y.high;
         v += step) {
        char text[32];

        figure_number(text, fabs(v), step);
        draw_text(p->draw, p->at.x - 9, figure_y(p, v) + 5, text, s);
    }
    words.is_upright = true;
    draw_text(p->draw, p->at.x - FIGURE_LEFT + 15, p->at.y + p->at.h / 2,
              "share [%]", words);
    figure_label(p->draw, x, p->at.y + 17, is_fsk ? "mark" : "carrier on", s);
    figure_label(p->draw, x, p->at.y + p->at.h - 8,
                 is_fsk ? "space" : "carrier off", s);
}

void figure_lengths(struct draw *d, struct box b,
                    const struct figure_lengths *f)
{
    const size_t n = f->n < 2 ? f->n : 2;
    const double end = find_end(f, n);
    struct shares share[2];
    double most = 0;
    struct box rest;

    if (figure_is_too_small(b))
        return;
    rest = figure_heading(d, b, &f->text, n);
    if (!(end > 1e-6)) {
        figure_nothing(d, rest, &f->text);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        count(share[i].high, f->of[i].high_us, f->of[i].n_highs, end);
        count(share[i].low, f->of[i].low_us, f->of[i].n_lows, end);
        most = fmax(most, highest(&share[i]));
    }
    const struct figure_plot p = {
        .draw = d,
        .at = figure_inner(
            rest, (struct figure_margins){ FIGURE_LEFT, 8, FIGURE_BELOW }),
        .x = { 0, end, "length [us]", 1 },
        .y = { -1.15 * fmax(most, 1), 1.15 * fmax(most, 1), NULL, 1 },
    };

    figure_grid(&p);
    if (n == 1) {
        put_bars(&p, share[0].high, end, true);
        put_bars(&p, share[0].low, end, false);
    }
    for (size_t i = 0; n > 1 && i < n; i++) {
        put_outline(&p, share[i].high, end, 1, figure_pen(i));
        put_outline(&p, share[i].low, end, -1, figure_pen(i));
    }
    draw_line(d, p.at.x, figure_y(&p, 0), p.at.x + p.at.w, figure_y(&p, 0),
              (struct draw_pen){ DRAW_BLACK, 1, false });
    figure_axes(&p);
    put_numbers(&p, f->is_fsk);
}
