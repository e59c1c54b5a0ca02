/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/figure_impl.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Shades span this at least: noise alone stays pale. */
#define SPAN_MIN_DB 30.0
/* What lies below the floor needs no shades, and little of what is noise. */
#define FLOOR_QUANTILE 0.25

enum { SAMPLES = 4096 };

static int by_value(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

/* From the floor to the strongest; false: nothing is finite. */
static bool find_range(const struct figure_spectrogram *f, double *low,
                       double *high)
{
    const size_t cells = f->columns * f->rows;
    const size_t stride = cells / SAMPLES + 1;
    float some[SAMPLES + 1];
    size_t n = 0;
    float most = -INFINITY;

    for (size_t i = 0; i < cells; i++) {
        if (!figure_is_value((double)f->power_dbfs[i]))
            continue;
        most = fmaxf(most, f->power_dbfs[i]);
        if (i % stride == 0 && n < SAMPLES)
            some[n++] = f->power_dbfs[i];
    }
    if (!figure_is_value((double)most))
        return false;
    if (n == 0)
        some[n++] = most;
    qsort(some, n, sizeof *some, by_value);
    *low = (double)some[(size_t)(FLOOR_QUANTILE * (double)(n - 1))];
    *low = fmax(*low, (double)most - 90); /* digital silence is no floor */
    *high = fmax((double)most, *low + SPAN_MIN_DB);
    return true;
}

static uint8_t shade(double db, double low, double high)
{
    const double t = (db - low) / (high - low);

    return (uint8_t)lround(fmin(fmax(t, 0), 1) * DRAW_SHADE_MAX);
}

/* Upper row first; NULL: out of memory. */
static uint8_t *make_image(const struct figure_spectrogram *f, double low,
                           double high)
{
    uint8_t *image = malloc(f->columns * f->rows);

    if (image == NULL)
        return NULL;
    for (size_t x = 0; x < f->columns; x++)
        for (size_t y = 0; y < f->rows; y++) {
            const float v = f->power_dbfs[x * f->rows + y];
            uint8_t *to = &image[(f->rows - 1 - y) * f->columns + x];

            if (figure_is_value((double)v))
                *to = shade((double)v, low, high);
            else
                *to = v < 0 ? 0 : DRAW_SHADE_NONE; /* silence is -inf */
        }
    return image;
}

static void put_bar(struct draw *d, struct box at, double low, double high)
{
    struct box bar = { at.x + at.w + 14, at.y, 14, at.h };
    uint8_t shades[DRAW_SHADE_MAX + 1];

    for (size_t i = 0; i <= DRAW_SHADE_MAX; i++)
        shades[i] = (uint8_t)(DRAW_SHADE_MAX - i);
    draw_image(d, bar, shades, 1, DRAW_SHADE_MAX + 1);
    figure_scale(d, bar, (struct figure_axis){ low, high, "power [dBFS]", 1 });
}

/* Its number above it, unless that would touch one before it. */
static void put_number(struct draw *d, struct box box, const struct box *plot,
                       size_t number, double *taken)
{
    struct draw_style s = figure_style(FIGURE_WORDS, ALIGN_CENTRE);
    char text[24];
    double w, x, y = box.y - 5;

    snprintf(text, sizeof text, "%zu", number);
    s.is_bold = true;
    w = draw_text_width(d, text, s) + 6;
    x = fmin(fmax(box.x + box.w / 2, plot->x + w / 2 + 1),
             plot->x + plot->w - w / 2 - 1);
    if (y < plot->y + 16)
        y = box.y + box.h + 16;
    y = fmin(y, plot->y + plot->h - 4);
    if (x - w / 2 < *taken)
        return;
    *taken = x + w / 2;
    draw_fill(d, (struct box){ x - w / 2, y - 13, w, 16 }, DRAW_PAPER);
    draw_text(d, x, y, text, s);
}

static void put_bursts(const struct figure_plot *p,
                       const struct figure_spectrogram *f)
{
    const struct draw_pen pen = { DRAW_MARK, 1.5, false };
    double taken = -1;

    for (size_t i = 0; i < f->n_bursts; i++) {
        const struct figure_burst *b = &f->burst[i];
        const double left = figure_x(p, b->start_s) - 2;
        const double right = figure_x(p, b->end_s) + 2;
        const double top = figure_y(p, b->high_hz) - 3;
        const double foot = figure_y(p, b->low_hz) + 3;
        struct box box = { fmax(left, p->at.x), fmax(top, p->at.y), 0, 0 };

        box.w = fmin(right, p->at.x + p->at.w) - box.x;
        box.h = fmin(foot, p->at.y + p->at.h) - box.y;
        if (!(box.w > 0 && box.h > 0))
            continue;
        draw_frame(p->draw, box, pen);
        put_number(p->draw, box, &p->at, i + 1, &taken);
    }
}

static bool is_drawable(const struct figure_spectrogram *f)
{
    return f->columns > 0 && f->rows > 0 && f->columns <= DRAW_IMAGE_MAX &&
           f->rows <= DRAW_IMAGE_MAX &&
           f->columns * f->rows <= FIGURE_CELLS_MAX && f->high_hz > f->low_hz &&
           f->column_s > 0;
}

void figure_spectrogram(struct draw *d, struct box b,
                        const struct figure_spectrogram *f)
{
    const bool is_on_air = figure_is_value(f->centre_hz);
    const double shift = is_on_air ? f->centre_hz : 0;
    const double end_s = f->start_s + (double)f->columns * f->column_s;
    struct box rest;
    double low, high;
    uint8_t *image;

    if (figure_is_too_small(b))
        return;
    rest = figure_heading(d, b, &f->text, 1);
    struct figure_plot p = {
        .draw = d,
        .at = figure_inner(
            rest, (struct figure_margins){ FIGURE_LEFT, 92, FIGURE_BELOW }),
        .x = { f->start_s, end_s, "time [s]", 1 },
        .y = { f->low_hz, f->high_hz, "", 1 },
    };
    const struct figure_axis y = { f->low_hz + shift, f->high_hz + shift,
                                   is_on_air ? "frequency [MHz]"
                                             : "offset from the centre [kHz]",
                                   is_on_air ? 1e6 : 1e3 };

    if (!is_drawable(f) || !figure_is_axis(&p.x) || !figure_is_axis(&y) ||
        !find_range(f, &low, &high)) {
        figure_nothing(d, rest, &f->text);
        return;
    }
    image = make_image(f, low, high);
    if (image == NULL)
        return;
    draw_image(d, p.at, image, f->columns, f->rows);
    free(image);
    put_bursts(&p, f);
    p.y = y;
    figure_axes(&p);
    put_bar(d, p.at, low, high);
}
