/* post_html_tables - the numbers behind the pictures, for those who do not see them,
 * and for calculators.
 *
 * Never finer than the pictures: levels are the strongest within SCENE_COARSE_S or
 * more, and of bits only those are written that figure_bits writes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/post_html_impl.h"
#include "src/report_fields.h"
#include "src/scene_figures.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROWS_MAX = 40, /* of a table of a curve: a page and no more */
    COLUMNS = 6,
    HEAD = 24,
    PRESSES_MAX = 64 /* as many as figure_bits draws: FIGURE_ROWS_MAX */
};

/* Where there is no burst: what the picture shows all the same. */
static void put_grid(const struct page *g, const struct scene_grid *x)
{
    static const char *const heads[] = { "within the picture", "#dBFS", NULL };
    double least = NAN, most = NAN;

    for (size_t i = 0; i < x->columns * x->rows; i++) {
        least = fmin(least, (double)x->power_dbfs[i]); /* NAN loses */
        most = fmax(most, (double)x->power_dbfs[i]);
    }
    html_table_begin(g->out, "No burst was found", heads);
    fputs("<tr><th scope=\"row\">strongest</th>", g->out);
    html_real(g->out, 1, most);
    fputs("</tr>\n<tr><th scope=\"row\">weakest</th>", g->out);
    html_real(g->out, 1, least);
    fputs("</tr>\n", g->out);
    html_table_end(g->out);
}

void page_bursts_table(const struct page *g, size_t i)
{
    static const char *const heads[] = { "#burst",      "#at, s",
                                         "#length, ms", "#low, kHz",
                                         "#high, kHz",  "#SNR, dB",
                                         "frame",       NULL };
    const struct scene *s = g->post->fob[i].scene;

    if (s->n_bursts == 0) {
        put_grid(g, &s->grid);
        return;
    }
    html_table_begin(g->out, "Bursts; frequencies are from the centre", heads);
    for (size_t k = 0; k < s->n_bursts; k++) {
        const struct scene_burst *b = &s->burst[k];

        fputs("<tr>", g->out);
        html_number(g->out, "%zu", k + 1);
        html_real(g->out, 2, b->start_s);
        html_real(g->out, 0, 1e3 * (b->end_s - b->start_s));
        html_real(g->out, 1, b->low_hz / 1e3);
        html_real(g->out, 1, b->high_hz / 1e3);
        html_real(g->out, 1, b->snr_db);
        html_cell(g->out, "%s", b->has_frame ? "yes" : "no");
        fputs("</tr>\n", g->out);
    }
    html_table_end(g->out);
}

/* The strongest within; NAN: there is none. */
static double strongest(const struct figure_line *c, double from, double to)
{
    double most = NAN;

    for (size_t i = 0; i < c->n; i++) {
        const double at = c->first + (double)i * c->step;

        if (at >= from && at < to && isfinite(c->level_db[i]))
            most = fmax(most, (double)c->level_db[i]); /* NAN loses */
    }
    return most;
}

static void put_curves(const struct page *g, const char *caption,
                       const char *const *heads, const struct figure_line *c,
                       double least)
{
    double from = INFINITY, to = -INFINITY, step;

    for (size_t i = 0; i < g->post->n; i++)
        if (c[i].n > 0) {
            from = fmin(from, c[i].first);
            to = fmax(to, c[i].first + (double)c[i].n * c[i].step);
        }
    html_table_begin(g->out, caption, heads);
    step = fmax((to - from) / ROWS_MAX, least);
    from = floor(from / step) * step;
    for (size_t k = 0; k <= ROWS_MAX && from + (double)k * step < to; k++) {
        const double at = from + (double)k * step;

        fputs("<tr>", g->out);
        html_real(g->out, 1, at);
        for (size_t i = 0; i < g->post->n; i++)
            html_real(g->out, 1, strongest(&c[i], at, at + step));
        fputs("</tr>\n", g->out);
    }
    html_table_end(g->out);
}

void page_envelopes_table(const struct page *g)
{
    static const char *const heads[POST_FOBS_MAX][4] = {
        { "#from, ms", "#strongest" }, { "#from, ms", "#A", "#B" }
    };
    struct figure_line c[POST_FOBS_MAX];

    for (size_t i = 0; i < g->post->n; i++)
        c[i] = scene_level_line(g->post->fob[i].scene, g->post->is_full);
    put_curves(g, "The strongest within each step, dBFS (of edges: 1 is on)",
               heads[g->post->n - 1], c, 1e3 * SCENE_COARSE_S);
}

void page_spectra_table(const struct page *g)
{
    static const char *const heads[POST_FOBS_MAX][4] = {
        { "#from, kHz", "#strongest" }, { "#from, kHz", "#A", "#B" }
    };
    struct figure_line c[POST_FOBS_MAX];

    for (size_t i = 0; i < g->post->n; i++) {
        c[i] = scene_power_line(g->post->fob[i].scene);
        c[i].first /= 1e3;
        c[i].step /= 1e3;
    }
    put_curves(g, "The strongest within each step, dBFS", heads[g->post->n - 1],
               c, 0.1);
}

static double share_within(const float *us, size_t n, double from, double to)
{
    size_t found = 0;

    for (size_t i = 0; i < n; i++)
        found += (double)us[i] >= from && (double)us[i] < to;
    return n > 0 ? 100 * (double)found / (double)n : NAN;
}

/* A length that occurs: in percent of each fob's on and off. */
static void put_length(const struct page *g, double from, double to)
{
    double share[2 * POST_FOBS_MAX], most = 0;

    for (size_t i = 0; i < 2 * g->post->n; i++) {
        const struct scene *s = g->post->fob[i / 2].scene;
        const bool is_there = s != NULL && s->has_closeup;

        share[i] =
            !is_there ? NAN
            : i % 2 == 0
                ? share_within(s->closeup.high_us, s->closeup.n_highs, from, to)
                : share_within(s->closeup.low_us, s->closeup.n_lows, from, to);
        most = fmax(most, share[i]);
    }
    if (most < 0.5)
        return;
    fputs("<tr>", g->out);
    html_number(g->out, "%.0f-%.0f", from, to);
    for (size_t i = 0; i < 2 * g->post->n; i++)
        html_real(g->out, 0, share[i]);
    fputs("</tr>\n", g->out);
}

void page_lengths_table(const struct page *g)
{
    static const char *const heads[POST_FOBS_MAX][COLUMNS] = {
        { "#us", "#on, %", "#off, %" },
        { "#us", "#A on, %", "#A off, %", "#B on, %", "#B off, %" }
    };
    /* Half of the shortest chip, 200 us or so; longer than 2 ms is a gap. */
    const double step_us = 50, end_us = 2000;

    html_table_begin(g->out, "How often each length occurs, up to 2 ms",
                     heads[g->post->n - 1]);
    for (double us = 0; us < end_us; us += step_us)
        put_length(g, us, us + step_us);
    html_table_end(g->out);
}

/* As in the picture of the bits. */
static bool is_open(const struct page *g, const struct identify_subject *x,
                    const struct field *f)
{
    bool hidden[BITS_MAX] = { false };

    if (x->is_inferred)
        report_fields_hide(&x->inference, hidden);
    return g->post->is_full || (!hidden[f->at] && (f->role == ROLE_ACTION ||
                                                   f->role == ROLE_STATUS ||
                                                   f->role == ROLE_FIXED));
}

static void put_value(const struct page *g, const struct identify_subject *x,
                      const struct field *f, const struct bits *b)
{
    if (!field_is_inside(f, b))
        html_cell(g->out, "-");
    else if (!is_open(g, x, f))
        html_cell(g->out, "hidden");
    else
        html_cell(g->out, "%0*" PRIX64, (f->bits + 3) / 4, field_value(f, b));
}

static void put_bits(const struct page *g, size_t i, struct bits *b,
                     struct inferred_protocol *inferred)
{
    const struct identify_subject *x = g->post->fob[i].subject;
    const struct protocol *p = identify_subject_format(x, inferred);
    char name[PAGE_NAME], caption[PAGE_NAME + 32];
    const char *heads[INFERRED_FIELDS_MAX + 4] = { "#press", "button" };
    size_t n = 2;

    if (p == NULL) {
        html_element(g->out, "p", "The role of the bits is not known.");
        return;
    }
    for (const struct field *f = p->fields;
         f->name != NULL && n < INFERRED_FIELDS_MAX + 2; f++)
        heads[n++] = f->name;
    snprintf(caption, sizeof caption, "%s: fields of each press, hexadecimal",
             page_fob(g, i, name));
    html_table_begin(g->out, caption, heads);
    for (size_t k = 0; k < x->frames.n && k < PRESSES_MAX; k++) {
        const char *button = x->frames.button[k];

        identify_subject_bits(x, k, b);
        fputs("<tr>", g->out);
        html_number(g->out, "%zu", k + 1);
        html_cell(g->out, "%s", button != NULL ? button : "");
        for (size_t m = 2; m < n; m++)
            put_value(g, x, &p->fields[m - 2], b);
        fputs("</tr>\n", g->out);
    }
    html_table_end(g->out);
}

void page_bits_table(const struct page *g, size_t i)
{
    struct inferred_protocol *inferred = malloc(sizeof *inferred);
    struct bits *b = malloc(sizeof *b);

    if (inferred != NULL && b != NULL)
        put_bits(g, i, b, inferred);
    else
        html_element(g->out, "p", "There was no memory for the numbers.");
    free(inferred);
    free(b);
}
