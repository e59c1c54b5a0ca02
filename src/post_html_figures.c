/* post_html_figures - what was measured, drawn, each picture with its numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/post_html_impl.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/figure.h"
#include "src/report_check.h"
#include "src/report_fields.h"
#include "src/scene_figures.h"

/* Pictures are as wide as the page's text (post_html.css), so that their letters
 * are as large as the text's small print. */
enum {
    WIDTH = 920,
    HEIGHT = 340,
    BITS_HEAD = 150, /* of the figure of bits: all but its rows, */
    BITS_ROW = 22    /* and each of these */
};
#define INSET 8.0

/* Values of presses, with their buttons. */
struct presses {
    double level_dbfs[SITTING_PRESSES_MAX], te_us[SITTING_PRESSES_MAX];
    char name[SITTING_PRESSES_MAX][SITTING_BUTTON_MAX];
    const char *button[SITTING_PRESSES_MAX];
    size_t n;
    bool has_level, has_te;
};

static int fail(struct page *g, int status)
{
    if (g->status == 0)
        g->status = err_set(g->e, status, "out of memory");
    return status;
}

struct draw *page_picture_begin(struct page *g, const char *label, unsigned w,
                                unsigned h)
{
    struct draw *d = NULL;
    struct err e = { "" };
    const int status = draw_create(&d, DRAW_SVG, w, h, &e);

    fputs("<figure>\n<div class=\"picture\" role=\"img\" tabindex=\"0\" "
          "aria-label=\"",
          g->out);
    html_text(g->out, label);
    fputs("\">\n", g->out);
    if (status == 0)
        return d;
    fail(g, status);
    return NULL;
}

void page_picture_end(struct page *g, struct draw *d, const char *caption)
{
    void *svg = NULL;
    size_t n = 0;
    struct err e = { "" };
    char prefix[24];
    const int status = d != NULL ? draw_finish(d, &svg, &n, &e) : -ENOMEM;

    snprintf(prefix, sizeof prefix, "f%u-", g->pictures++);
    if (status == 0)
        html_svg(g->out, svg, n, prefix);
    else
        fail(g, status);
    free(svg);
    draw_destroy(d);
    fputs("</div>\n", g->out);
    html_element(g->out, "figcaption", "%s", caption);
    fputs("<details><summary>The numbers</summary>\n", g->out);
}

void page_figure_end(struct page *g)
{
    fputs("</details>\n</figure>\n", g->out);
}

static struct box inside(const struct draw *d)
{
    const struct box b = draw_box(d);

    return (struct box){ b.x + INSET, b.y + INSET, b.w - 2 * INSET,
                         b.h - 2 * INSET };
}

static const struct scene_closeup *closeup(const struct page *g, size_t i)
{
    static const struct scene_closeup none = { .n = 0 };
    const struct scene *s = g->post->fob[i].scene;

    return s != NULL && s->has_closeup ? &s->closeup : &none;
}

static void put_spectrogram(struct page *g, size_t i)
{
    const struct scene *s = g->post->fob[i].scene;
    static const char words[] = "power over time and frequency";
    char name[PAGE_NAME], label[PAGE_NAME + 160], caption[PAGE_NAME + 240];
    struct figure_burst burst[SCENE_BURSTS_MAX];
    struct draw *d;

    struct figure_spectrogram f = scene_spectrogram(s, burst);
    f.text.title = g->post->n == 1 ? "Spectrogram"
                   : i == 0        ? "Spectrogram of fob A"
                                   : "Spectrogram of fob B";
    page_fob(g, i, name);
    snprintf(label, sizeof label,
             "Spectrogram. %s: %s, %.3g seconds with %zu bursts.", name, words,
             s->duration_s, s->n_bursts);
    snprintf(caption, sizeof caption,
             "%s: %s. Dark is strong: the strongest within each %.3g ms. "
             "Boxes are bursts.",
             name, words, 1e3 * s->grid.column_s);
    d = page_picture_begin(g, label, WIDTH, HEIGHT);
    if (d != NULL)
        figure_spectrogram(d, inside(d), &f);
    page_picture_end(g, d, caption);
    page_bursts_table(g, i);
    page_figure_end(g);
}

static void put_envelopes(struct page *g)
{
    const struct post *p = g->post;
    struct figure_envelopes f = { .text = { .title = "Level of a press" },
                                  .n = p->n };
    struct draw *d;

    for (size_t i = 0; i < p->n; i++) {
        f.of[i] = scene_level_line(p->fob[i].scene, p->is_full);
        f.is_keying |= p->fob[i].scene != NULL &&
                       p->fob[i].scene->info.kind == SOURCE_PULSES;
    }
    d = page_picture_begin(
        g,
        p->n > 1 ? "Level over time of the clearest press of fob A and of "
                   "fob B, one over the other from their first edge."
                 : "Level over time of the clearest press, from its first "
                   "edge.",
        WIDTH, HEIGHT);
    if (d != NULL)
        figure_envelopes(d, inside(d), &f);
    page_picture_end(g, d,
                     p->is_full
                         ? "Level of the clearest press, one frame of it, from "
                           "its first edge."
                         : "Level of the clearest press, from its first edge. "
                           "Behind the preamble it is coarse, so that no bits "
                           "show.");
    page_envelopes_table(g);
    page_figure_end(g);
}

static void put_spectra(struct page *g)
{
    const struct post *p = g->post;
    struct figure_spectra f = { .text = { .title = "Spectrum of a press" },
                                .unit = "power [dBFS]",
                                .n = p->n };
    struct draw *d;

    for (size_t i = 0; i < p->n; i++)
        f.of[i] = scene_power_line(p->fob[i].scene);
    d = page_picture_begin(g,
                           p->n > 1
                               ? "Power over frequency of the clearest press "
                                 "of fob A and of fob B, each around its "
                                 "carrier."
                               : "Power over frequency of the clearest press, "
                                 "around its carrier.",
                           WIDTH, HEIGHT);
    if (d != NULL)
        figure_spectra(d, inside(d), &f);
    page_picture_end(g, d,
                     "Spectrum of the clearest press, around its carrier.");
    page_spectra_table(g);
    page_figure_end(g);
}

static bool is_fsk(const struct scene_closeup *c)
{
    return c->burst.is_modulation_known &&
           c->burst.reception.modulation == MODULATION_FSK;
}

static void put_lengths(struct page *g)
{
    const struct post *p = g->post;
    struct figure_lengths f = { .text = { .title = "Lengths of on and off" },
                                .n = p->n };
    struct draw *d;

    for (size_t i = 0; i < p->n; i++) {
        const struct scene_closeup *c = closeup(g, i);

        f.of[i] = (struct figure_length){ c->high_us, c->low_us, c->n_highs,
                                          c->n_lows };
        f.is_fsk |= is_fsk(c);
    }
    if (f.is_fsk)
        f.text.title = "Lengths of mark and space";
    d = page_picture_begin(g,
                           "How long the carrier is on at a time, upward, and "
                           "off, downward, in the clearest press.",
                           WIDTH, HEIGHT);
    if (d != NULL)
        figure_lengths(d, inside(d), &f);
    page_picture_end(g, d,
                     "How often each length occurs in the clearest press: on "
                     "(of FSK: mark) upward, off (space) downward.");
    page_lengths_table(g);
    page_figure_end(g);
}

static void take_presses(const struct sitting *s, struct presses *x)
{
    for (size_t i = 0; i < s->n_presses; i++) {
        const struct sitting_press *p = &s->press[i];

        if (!sitting_is_fobs(s, i))
            continue;
        report_check_button(s, p, x->name[x->n]);
        x->button[x->n] =
            strcmp(x->name[x->n], "-") != 0 ? x->name[x->n] : NULL;
        x->level_dbfs[x->n] = p->level_dbfs;
        x->te_us[x->n] = p->te_us > 0 ? p->te_us : NAN;
        x->has_level |= isfinite(p->level_dbfs);
        x->has_te |= p->te_us > 0;
        x->n++;
    }
}

static void put_presses_table(const struct page *g, const struct presses *x,
                              bool is_level)
{
    static const char *const heads[2][6] = {
        { "#press", "A, button", "#A, us", "B, button", "#B, us" },
        { "#press", "A, button", "#A, dBFS", "B, button", "#B, dBFS" },
    };
    const char *own[6] = { NULL };
    size_t most = 0;

    for (size_t i = 0; i < g->post->n; i++)
        most = x[i].n > most ? x[i].n : most;
    memcpy(own, heads[is_level], (1 + 2 * g->post->n) * sizeof *own);
    html_table_begin(
        g->out, is_level ? "Level of each press" : "Chip length of each press",
        own);
    for (size_t k = 0; k < most; k++) {
        fputs("<tr>", g->out);
        html_number(g->out, "%zu", k + 1);
        for (size_t i = 0; i < g->post->n; i++) {
            const bool is_there = k < x[i].n;
            const double *value = is_level ? x[i].level_dbfs : x[i].te_us;

            html_cell(g->out, "%s",
                      is_there && x[i].button[k] != NULL ? x[i].button[k] : "");
            html_real(g->out, is_level ? 1 : 2, is_there ? value[k] : NAN);
        }
        fputs("</tr>\n", g->out);
    }
    html_table_end(g->out);
}

static void put_values(struct page *g, const struct presses *x, bool is_level)
{
    struct figure_presses f = {
        .text = { .title = is_level ? "Level of each press"
                                    : "Chip length of each press" },
        .unit = is_level ? "level [dBFS]" : "chip length [us]",
        .span_min = is_level ? 6 : 10,
        .n = g->post->n,
    };
    struct draw *d;

    for (size_t i = 0; i < g->post->n; i++)
        f.of[i] =
            (struct figure_press){ is_level ? x[i].level_dbfs : x[i].te_us,
                                   x[i].button, x[i].n };
    d = page_picture_begin(g,
                           is_level ? "How strongly each press was received, "
                                      "in the order of the presses."
                                    : "How long a chip, the shortest time on "
                                      "or off, was in each press.",
                           WIDTH, HEIGHT - 60);
    if (d != NULL)
        figure_presses(d, inside(d), &f);
    page_picture_end(g, d,
                     is_level
                         ? "How strongly each press was received, in order."
                         : "How long a chip was in each press, in order.");
    put_presses_table(g, x, is_level);
    page_figure_end(g);
}

static void put_presses(struct page *g)
{
    struct presses *x = calloc(POST_FOBS_MAX, sizeof *x);
    bool has_level = false, has_te = false;

    if (x == NULL) {
        fail(g, -ENOMEM);
        return;
    }
    for (size_t i = 0; i < g->post->n; i++) {
        take_presses(g->post->fob[i].sitting, &x[i]);
        has_level |= x[i].has_level;
        has_te |= x[i].has_te;
    }
    if (has_level)
        put_values(g, x, true);
    if (has_te)
        put_values(g, x, false);
    free(x);
}

/* What figure_bits is given. */
struct rows {
    struct bits bits[FIGURE_ROWS_MAX];
    char label[FIGURE_ROWS_MAX][40];
    struct figure_row row[FIGURE_ROWS_MAX];
    struct inferred_protocol inferred;
};

static void draw_bits(struct page *g, size_t i, struct rows *r)
{
    const struct identify_subject *x = g->post->fob[i].subject;
    const struct protocol *format = identify_subject_format(x, &r->inferred);
    const size_t n =
        x->frames.n < FIGURE_ROWS_MAX ? x->frames.n : FIGURE_ROWS_MAX;
    char name[PAGE_NAME], text[PAGE_NAME + 160];
    bool hidden[BITS_MAX] = { false };
    struct draw *d;

    if (x->is_inferred)
        report_fields_hide(&x->inference, hidden);
    for (size_t k = 0; k < n; k++) {
        const char *button = x->frames.button[k];

        identify_subject_bits(x, k, &r->bits[k]);
        snprintf(r->label[k], sizeof r->label[k], "%zu %.24s", k + 1,
                 button != NULL ? button : "");
        r->row[k] =
            (struct figure_row){ r->bits[k].value, r->bits[k].n, r->label[k] };
    }
    const struct figure_bits f = {
        .text = { .title = g->post->n == 1 ? "Bits of each press"
                           : i == 0        ? "Bits of each press of fob A"
                                           : "Bits of each press of fob B" },
        .row = r->row,
        .n_rows = n,
        .field = format != NULL ? format->fields : NULL,
        .is_redacted = !g->post->is_full,
        .is_hidden = x->is_inferred ? hidden : NULL,
    };

    snprintf(text, sizeof text,
             "%s: bits of %zu press%s in the order sent, coloured and hatched "
             "by their role.%s",
             page_fob(g, i, name), n, n == 1 ? "" : "es",
             g->post->is_full
                 ? ""
                 : " What tells a serial or a code is hatched only.");
    d = page_picture_begin(g, text, WIDTH, BITS_HEAD + BITS_ROW * (unsigned)n);
    if (d != NULL)
        figure_bits(d, inside(d), &f);
    page_picture_end(g, d, text);
    page_bits_table(g, i);
    page_figure_end(g);
}

static void put_bits(struct page *g, size_t i)
{
    struct rows *r;

    if (g->post->fob[i].subject->frames.best == NULL)
        return;
    r = calloc(1, sizeof *r);
    if (r == NULL)
        fail(g, -ENOMEM);
    else
        draw_bits(g, i, r);
    free(r);
}

void page_figures(struct page *g)
{
    const struct post *p = g->post;
    size_t points = 0, bins = 0, lengths = 0;
    unsigned before;

    fputs("<section id=\"figures\">\n<h2>Figures</h2>\n", g->out);
    before = g->pictures;
    for (size_t i = 0; i < p->n; i++) {
        const struct scene_closeup *c = closeup(g, i);

        points += scene_level_line(g->post->fob[i].scene, g->post->is_full).n;
        bins += c->n_bins;
        lengths += c->n_highs + c->n_lows;
    }
    if (bins > 0)
        put_spectra(g);
    if (points > 0)
        put_envelopes(g);
    put_presses(g);
    if (lengths > 0)
        put_lengths(g);
    for (size_t i = 0; i < p->n; i++)
        put_bits(g, i);
    for (size_t i = 0; i < p->n; i++)
        if (p->fob[i].scene != NULL && p->fob[i].scene->grid.columns > 0)
            put_spectrogram(g, i);
    if (g->pictures == before)
        html_element(g->out, "p", "Nothing was heard that could be drawn.");
    else if (bins == 0)
        html_element(g->out, "p",
                     "There is no spectrum: the recordings are of edges, or no "
                     "burst was found in them.");
    fputs("</section>\n", g->out);
}
