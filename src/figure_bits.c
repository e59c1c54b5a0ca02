/* figure_bits - the bits of frames, a row a press, coloured and hatched by role.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/figure_impl.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    ROLES = ROLE_FIXED + 1,
    NO_ROLE = ROLES, /* of a bit in no field */
    LOOKS
};

#define AXIS       38.0 /* below the rows: numbers of bits, and words */
#define NAMES      18.0 /* above them: names of fields */
#define LEGEND     24.0
#define BAND       10.0 /* between names and rows: the roles once more */
#define ROW_MIN    10.0
#define ROW_MAX    26.0
#define CELL_MAX   22.0
#define DIGIT_CELL 7.5 /* a narrower cell has no room for a digit */

/* Hatches are told apart where colours are not. */
static const struct look {
    const char *word;
    enum draw_ink ink;
    enum draw_hatch hatch;
    bool is_open; /* says nothing of a serial or a code */
} looks[LOOKS] = {
    [ROLE_IDENTITY] = { "identity", DRAW_IDENTITY, HATCH_RISING, false },
    [ROLE_ACTION] = { "action (button)", DRAW_ACTION, HATCH_NONE, true },
    [ROLE_STATUS] = { "status", DRAW_STATUS, HATCH_LEVEL, true },
    [ROLE_COUNTER] = { "counter", DRAW_COUNTER, HATCH_FALLING, false },
    [ROLE_ROLLING] = { "rolling", DRAW_ROLLING, HATCH_CROSSED, false },
    [ROLE_CHECK] = { "check", DRAW_CHECK, HATCH_UPRIGHT, false },
    [ROLE_FIXED] = { "fixed", DRAW_FIXED, HATCH_DOTS, true },
    [NO_ROLE] = { "role not known", DRAW_SHADE, HATCH_NONE, false },
};

/* The table of one figure: cells, and what each column is. */
struct table {
    struct draw *draw;
    struct box at; /* of the cells */
    size_t columns, rows;
    double cell, row; /* width, height */
    uint8_t role[BITS_MAX];
};

static double text_width(struct draw *d, const char *text, double size)
{
    return draw_text_width(d, text, figure_style(size, ALIGN_LEFT));
}

static void find_roles(struct table *t, const struct field *fields)
{
    memset(t->role, NO_ROLE, sizeof t->role);
    for (const struct field *f = fields; f != NULL && f->name != NULL; f++)
        for (size_t i = f->at; i < (size_t)f->at + f->bits; i++)
            if (i < BITS_MAX && (unsigned)f->role < ROLES)
                t->role[i] = (uint8_t)f->role;
}

static size_t row_bits(const struct figure_row *r)
{
    return r->n < BITS_MAX ? r->n : BITS_MAX;
}

/* Room for the labels in front of the rows. */
static double label_width(struct draw *d, const struct figure_bits *f)
{
    double most = 0;

    for (size_t i = 0; i < f->n_rows && i < FIGURE_ROWS_MAX; i++)
        if (f->row[i].label != NULL)
            most = fmax(most, text_width(d, f->row[i].label, FIGURE_WORDS));
    return fmax(fmin(most + 12, 150), FIGURE_LEFT);
}

static bool lay_out(struct table *t, struct draw *d, struct box b,
                    const struct figure_bits *f)
{
    const double label = label_width(d, f);
    double height;

    *t = (struct table){ .draw = d };
    for (size_t i = 0; i < f->n_rows && i < FIGURE_ROWS_MAX; i++)
        if (row_bits(&f->row[i]) > t->columns)
            t->columns = row_bits(&f->row[i]);
    if (t->columns == 0)
        return false;
    find_roles(t, f->field);
    height = b.h - AXIS - NAMES - LEGEND - BAND;
    t->rows = f->n_rows < FIGURE_ROWS_MAX ? f->n_rows : FIGURE_ROWS_MAX;
    t->rows = (size_t)fmin((double)t->rows, fmax(floor(height / ROW_MIN), 1));
    t->row = fmin(height / (double)t->rows, ROW_MAX);
    t->cell = fmin((b.w - label - 8) / (double)t->columns, CELL_MAX);
    t->at =
        (struct box){ b.x + label, b.y + NAMES + LEGEND + BAND,
                      t->cell * (double)t->columns, t->row * (double)t->rows };
    return true;
}

/* Those roles that are there, each as its cells look. */
static void put_legend(const struct table *t, struct box b)
{
    double x = t->at.x;
    bool is_there[LOOKS] = { false };

    for (size_t i = 0; i < t->columns; i++)
        is_there[t->role[i]] = true;
    for (size_t r = 0; r < LOOKS; r++) {
        const struct box patch = { x, b.y + 2, 26, 14 };
        const double wide = text_width(t->draw, looks[r].word, FIGURE_WORDS);

        if (!is_there[r] || x + 32 + wide > b.x + b.w)
            continue;
        draw_fill(t->draw, patch, looks[r].ink);
        draw_hatch(t->draw, patch, looks[r].hatch, DRAW_PALE);
        draw_frame(t->draw, patch, (struct draw_pen){ DRAW_BLACK, 1, false });
        draw_text(t->draw, x + 32, b.y + 14, looks[r].word,
                  figure_style(FIGURE_WORDS, ALIGN_LEFT));
        x += 32 + wide + 18;
    }
}

/* Above their columns, those that fit. */
static void put_names(const struct table *t, const struct field *fields)
{
    double taken = t->at.x - 1;

    for (const struct field *f = fields; f != NULL && f->name != NULL; f++) {
        const double x = t->at.x + t->cell * (f->at + 0.5 * f->bits);
        const double half = text_width(t->draw, f->name, FIGURE_SMALL) / 2;

        if ((size_t)f->at + f->bits > t->columns || x - half < taken ||
            2 * half > t->cell * f->bits + 30 ||
            x + half > t->at.x + t->at.w + 8)
            continue;
        draw_text(t->draw, x, t->at.y - BAND - 5, f->name,
                  figure_style(FIGURE_SMALL, ALIGN_CENTRE));
        taken = x + half + 6;
    }
}

/* Digits on hatching are hard to read: it is above them. */
static void put_band(const struct table *t)
{
    for (size_t from = 0, to; from < t->columns; from = to) {
        struct box b = { t->at.x + t->cell * (double)from, t->at.y - BAND, 0,
                         BAND };

        for (to = from; to < t->columns && t->role[to] == t->role[from]; to++)
            ;
        b.w = t->cell * (double)(to - from);
        draw_fill(t->draw, b, looks[t->role[from]].ink);
        draw_hatch(t->draw, b, looks[t->role[from]].hatch, DRAW_PALE);
        draw_frame(t->draw, b, (struct draw_pen){ DRAW_BLACK, 1, false });
    }
}

static bool is_written(const struct figure_bits *f, size_t role, size_t bit)
{
    return !f->is_redacted ||
           (looks[role].is_open && !(f->is_hidden && f->is_hidden[bit]));
}

/* One row's bits from..to, which have one role. */
static void put_run(const struct table *t, const struct figure_bits *f,
                    size_t row, size_t from, size_t to)
{
    const struct figure_row *r = &f->row[row];
    const struct look *look = &looks[t->role[from]];
    const struct box run = { t->at.x + t->cell * (double)from,
                             t->at.y + t->row * (double)row,
                             t->cell * (double)(to - from), t->row };
    struct draw_style s = figure_style(
        fmin(fmin(FIGURE_WORDS, t->row - 1), 1.4 * t->cell), ALIGN_CENTRE);

    draw_fill(t->draw, run, look->ink);
    if (!is_written(f, t->role[from], from))
        draw_hatch(t->draw, run, look->hatch, DRAW_PALE);
    for (size_t i = from; i < to; i++) {
        if (!is_written(f, t->role[i], i))
            continue;
        const double x = t->at.x + t->cell * ((double)i + 0.5);
        const char *digit = r->bit[i] ? "1" : "0";

        if (t->cell >= DIGIT_CELL)
            draw_text(t->draw, x, run.y + run.h / 2 + 0.36 * s.size, digit, s);
        else if (r->bit[i])
            draw_fill(t->draw,
                      (struct box){ x - 0.35 * t->cell, run.y + 0.2 * run.h,
                                    0.7 * t->cell, 0.6 * run.h },
                      DRAW_BLACK);
    }
    draw_frame(t->draw, run, (struct draw_pen){ DRAW_PALE, 0.8, false });
}

static void put_row(const struct table *t, const struct figure_bits *f,
                    size_t row)
{
    const struct figure_row *r = &f->row[row];
    const size_t n = row_bits(r);
    const double y = t->at.y + t->row * ((double)row + 0.5);
    const double size = fmin(FIGURE_WORDS, t->row + 1);

    if (r->label != NULL)
        draw_text(t->draw, t->at.x - 8, y + 0.36 * size, r->label,
                  figure_style(size, ALIGN_RIGHT));
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from; to < n && t->role[to] == t->role[from]; to++)
            ;
        put_run(t, f, row, from, to);
    }
}

/* The columns' numbers, from 0 as in fields. */
static void put_axis(const struct table *t)
{
    const double foot = t->at.y + t->at.h;
    const double step = fmax(figure_step((double)t->columns, t->at.w / 44), 1);

    for (size_t i = 0; i < t->columns; i += (size_t)step) {
        const double x = t->at.x + t->cell * ((double)i + 0.5);
        char text[24];

        snprintf(text, sizeof text, "%zu", i);
        draw_line(t->draw, x, foot, x, foot + 4,
                  (struct draw_pen){ DRAW_BLACK, 1, false });
        draw_text(t->draw, x, foot + 17, text,
                  figure_style(FIGURE_WORDS, ALIGN_CENTRE));
    }
    draw_text(t->draw, t->at.x + t->at.w / 2, foot + 34,
              "bit, in the order sent",
              figure_style(FIGURE_WORDS, ALIGN_CENTRE));
}

void figure_bits(struct draw *d, struct box b, const struct figure_bits *f)
{
    struct table t;
    struct box rest;

    if (figure_is_too_small(b))
        return;
    rest = figure_heading(d, b, &f->text, 1);
    if (!lay_out(&t, d, rest, f)) {
        figure_nothing(d, rest, &f->text);
        return;
    }
    put_legend(&t, rest);
    put_names(&t, f->field);
    put_band(&t);
    for (size_t i = 0; i < t.rows; i++)
        put_row(&t, f, i);
    put_axis(&t);
    if (t.rows < f->n_rows) {
        char more[64];

        snprintf(more, sizeof more, "and %zu more presses", f->n_rows - t.rows);
        draw_text(d, t.at.x + t.at.w, t.at.y + t.at.h + 34, more,
                  figure_style(FIGURE_SMALL, ALIGN_RIGHT));
    }
}
