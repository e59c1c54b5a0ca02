/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/view.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/inference.h"
#include "src/figure.h"
#include "src/report_fields.h"
#include "src/scene_figures.h"

#define MARGIN  20.0
#define HEADING 58.0
#define FOOT    20.0
#define GAP     14.0
/* How high the strips are: the bits by their rows, the others in these shares of
 * the rest. */
#define BITS_HEAD  120.0
#define BITS_ROW   18.0
#define BITS_SHARE 0.32 /* at most */
static const double shares[] = { 0.4, 0.31, 0, 0.29 };
/* Of edges: two of the figures but say that there is nothing. */
static const double shares_of_pulses[] = { 0.26, 0.41, 0, 0.33 };

enum { LABEL = 32, LINE = 256 };

/* What the parts of the picture share. */
struct view {
    struct draw *draw;
    const struct scene *scene;
    const struct view_cfg *cfg;
    const struct frame *best; /* the surest frame; NULL: there is none */
    const struct field *fields;
    struct inferred_protocol *inferred;
    struct inference *inference;
    struct bits *bits; /* of inferred formats, as they are read */
    struct figure_row row[SCENE_PRESSES_MAX];
    char label[SCENE_PRESSES_MAX][LABEL];
    const char *button[SCENE_PRESSES_MAX];
    double level_dbfs[SCENE_PRESSES_MAX];
    size_t n_rows;
    bool is_hidden[BITS_MAX];
};

/* What the button is called, where the format says so. */
static const char *action_name(const struct frame *f)
{
    const struct field *a = field_find(f->protocol, &f->bits, ROLE_ACTION);

    if (a == NULL || f->protocol->actions == NULL)
        return NULL;
    for (const struct action *x = f->protocol->actions; x->name != NULL; x++)
        if (x->value == field_value(a, &f->bits))
            return x->name;
    return NULL;
}

static void find_best(struct view *v)
{
    for (size_t i = 0; i < v->scene->n_presses; i++) {
        const struct frame *f = &v->scene->press[i].frame;

        if (v->best == NULL || f->confidence > v->best->confidence)
            v->best = f;
    }
}

/* Of the format that the picture's bits are of. */
static bool is_like_best(const struct view *v, const struct frame *f)
{
    return f->protocol == v->best->protocol && f->kind == v->best->kind;
}

/* Fields of a format that nobody has described, from its presses. */
static int infer(struct view *v)
{
    const struct scene *s = v->scene;
    struct inference_frame *frames = calloc(s->n_presses, sizeof *frames);
    struct inferrer m = { 0 };
    size_t n = 0;
    int status = frames == NULL ? -ENOMEM : inferrer_init(&m);

    v->inference = malloc(sizeof *v->inference);
    v->inferred = malloc(sizeof *v->inferred);
    v->bits = malloc(s->n_presses * sizeof *v->bits);
    if (v->inference == NULL || v->inferred == NULL || v->bits == NULL)
        status = -ENOMEM;
    for (size_t i = 0; status == 0 && i < s->n_presses; i++)
        if (is_like_best(v, &s->press[i].frame))
            frames[n++] =
                (struct inference_frame){ .bits = &s->press[i].frame.bits,
                                          .button = -1 };
    if (status == 0 &&
        inference_find(&m, frames, n, v->best->kind, v->inference)) {
        inference_describe(v->inference, v->best, v->inferred);
        report_fields_hide(v->inference, v->is_hidden);
        v->fields = v->inferred->fields;
    }
    inferrer_finish(&m);
    free(frames);
    return status;
}

static void add_row(struct view *v, const struct scene_press *p)
{
    const struct frame *f = &p->frame;
    const struct bits *bits = &f->bits;
    const size_t i = v->n_rows++;
    const char *button = action_name(f);

    if (v->fields != NULL && v->inferred != NULL) {
        inference_read_as(bits, f->kind, v->inference->kind, &v->bits[i]);
        bits = &v->bits[i];
    }
    snprintf(v->label[i], LABEL, "%u %s", p->number,
             button != NULL ? button : "");
    v->button[i] = button;
    v->level_dbfs[i] = f->reception.level_dbfs;
    v->row[i] = (struct figure_row){ .bit = bits->value,
                                     .n = bits->n,
                                     .label = v->label[i] };
}

static int prepare(struct view *v)
{
    const struct scene *s = v->scene;
    int status = 0;

    find_best(v);
    if (v->best == NULL)
        return 0;
    if (v->best->protocol != NULL)
        v->fields = v->best->protocol->fields;
    else
        status = infer(v);
    for (size_t i = 0; status == 0 && i < s->n_presses; i++)
        if (is_like_best(v, &s->press[i].frame))
            add_row(v, &s->press[i]);
    return status;
}

static void put_spectrogram(const struct view *v, struct box b)
{
    const struct scene *s = v->scene;
    struct figure_burst burst[SCENE_BURSTS_MAX];
    char note[LINE];

    snprintf(note, sizeof note, "%s each %.3g ms; boxes are bursts",
             "the strongest within", 1e3 * s->grid.column_s);
    struct figure_spectrogram f = scene_spectrogram(s, burst);
    f.text.title = "Spectrogram";
    f.text.note = s->n_bursts > 0 && s->grid.columns > 0 ? note : NULL;
    f.text.why_empty = s->info.kind == SOURCE_PULSES
                           ? "a recording of edges has no spectrum"
                           : NULL;
    figure_spectrogram(v->draw, b, &f);
}

/* Why there is nothing to see of a burst. */
static const char *why_no_burst(const struct scene *s)
{
    return s->n_bursts == 0 ? "no burst was found" : NULL;
}

static void put_envelope(const struct view *v, struct box b)
{
    const struct scene *s = v->scene;
    const struct figure_envelopes f = {
        .text = { .title = "Level of a press",
                  .note = v->cfg->is_full || !s->has_closeup
                              ? NULL
                              : "coarse behind the preamble, so "
                                "that no bits show",
                  .why_empty = why_no_burst(s) },
        .is_keying = s->info.kind == SOURCE_PULSES,
        .of = { scene_level_line(s, v->cfg->is_full) },
        .n = s->has_closeup ? 1 : 0,
    };

    figure_envelopes(v->draw, b, &f);
}

static void put_spectrum(const struct view *v, struct box b)
{
    const struct scene *s = v->scene;
    const struct figure_spectra f = {
        .text = { .title = "Its spectrum",
                  .why_empty = s->info.kind == SOURCE_PULSES
                                   ? "edges have no spectrum"
                                   : why_no_burst(s) },
        .unit = "power [dBFS]",
        .of = { scene_power_line(s) },
        .n = s->has_closeup ? 1 : 0,
    };

    figure_spectra(v->draw, b, &f);
}

static void put_bits(const struct view *v, struct box b)
{
    const size_t others = v->scene->n_presses - v->n_rows;
    char note[LINE];

    snprintf(note, sizeof note, "%s%s",
             v->cfg->is_full
                 ? ""
                 : "what may tell a serial or a code is not written",
             others > 0 ? "; presses of other formats are left out" : "");
    const struct figure_bits f = {
        .text = { .title = "Bits of each press",
                  .note = v->n_rows == 0   ? NULL
                          : note[0] == ';' ? note + 2
                                           : note,
                  .why_empty = v->scene->n_bursts > 0
                                   ? "no frame was read from these bursts"
                                   : why_no_burst(v->scene) },
        .row = v->row,
        .n_rows = v->n_rows,
        .field = v->fields,
        .is_redacted = !v->cfg->is_full,
        .is_hidden = v->is_hidden,
    };

    figure_bits(v->draw, b, &f);
}

static void put_levels(const struct view *v, struct box b)
{
    const struct figure_presses f = {
        .text = { .title = "Level of each press",
                  .why_empty = v->n_rows > 0 ? "edges have no level"
                                             : "no frame was read" },
        .unit = "level [dBFS]",
        .span_min = 6,
        .of = { { v->level_dbfs, v->button, v->n_rows } },
        .n = 1,
    };

    figure_presses(v->draw, b, &f);
}

static void put_lengths(const struct view *v, struct box b)
{
    const struct scene *s = v->scene;
    const struct scene_closeup *c = &s->closeup;
    const bool is_fsk = s->has_closeup && c->burst.is_modulation_known &&
                        c->burst.reception.modulation == MODULATION_FSK;
    const struct figure_lengths f = {
        .text = { .title = is_fsk ? "Lengths of mark and space"
                                  : "Lengths of on and off",
                  .why_empty = s->has_closeup ? "too weak to measure its edges"
                                              : why_no_burst(s) },
        .is_fsk = is_fsk,
        .of = { { c->high_us, c->low_us, c->n_highs, c->n_lows } },
        .n = s->has_closeup ? 1 : 0,
    };

    figure_lengths(v->draw, b, &f);
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void put_heading(const struct view *v, struct box b)
{
    const struct scene *s = v->scene;
    const struct frame *f = v->best;
    struct draw_style big = { 22, ALIGN_LEFT, DRAW_BLACK, true, false };
    struct draw_style small = { 14, ALIGN_LEFT, DRAW_PALE, false, false };
    char line[LINE];
    int n;

    if (f == NULL)
        snprintf(line, sizeof line, "%s",
                 s->n_bursts > 0 ? "Bursts, and no frame in them"
                                 : "No burst of a fob was found");
    else
        snprintf(line, sizeof line, "%s, %zu press%s",
                 f->protocol != NULL ? f->protocol->title
                                     : "A format that is not known",
                 v->n_rows, v->n_rows == 1 ? "" : "es");
    draw_text(v->draw, b.x, b.y + 22, line, big);
    n = snprintf(line, sizeof line, "%.3g s, %zu burst%s", s->duration_s,
                 s->n_bursts + s->bursts_left_out,
                 plural(s->n_bursts + s->bursts_left_out));
    if (f != NULL && n > 0 && isfinite(s->info.centre_hz))
        n += snprintf(line + n, sizeof line - (size_t)n, ", carrier %.3f MHz",
                      (s->info.centre_hz + f->reception.carrier_hz) / 1e6);
    if (f != NULL && n > 0)
        n += snprintf(line + n, sizeof line - (size_t)n, ", %s, chip %.0f us",
                      modulation_name(f->reception.modulation), f->te_us);
    if (n > 0 && s->info.kind == SOURCE_IQ)
        n += snprintf(line + n, sizeof line - (size_t)n, ", %.4g kS/s",
                      s->info.rate_hz / 1e3);
    if (n > 0 && v->cfg->is_full && v->cfg->name != NULL)
        snprintf(line + n, sizeof line - (size_t)n, "; %.120s", v->cfg->name);
    draw_text(v->draw, b.x, b.y + 44, line, small);
}

static void put_foot(const struct view *v, struct box b)
{
    struct draw_style s = { 12.5, ALIGN_LEFT, DRAW_PALE, false, false };

    draw_text(v->draw, b.x, b.y + b.h, "fobscope " FOBSCOPE_VERSION, s);
    s.align = ALIGN_RIGHT;
    draw_text(v->draw, b.x + b.w, b.y + b.h,
              v->cfg->is_full
                  ? "codes and serials are in this picture: do not post it"
                  : "codes and serials are hidden",
              s);
}

/* Part of a strip, from share `from` to `to` of its width. */
static struct box part(struct box b, double from, double to)
{
    const double half = GAP / 2;

    return (struct box){ b.x + from * b.w + (from > 0 ? half : 0), b.y,
                         (to - from) * b.w - (from > 0 ? half : 0) -
                             (to < 1 ? half : 0),
                         b.h };
}

static void put_all(const struct view *v)
{
    const struct box whole = draw_box(v->draw);
    const struct box b = { whole.x + MARGIN, whole.y + MARGIN - 8,
                           whole.w - 2 * MARGIN, whole.h - 2 * MARGIN + 16 };
    const double height = b.h - HEADING - FOOT - 3 * GAP;
    const double bits = fmin(BITS_HEAD + BITS_ROW * fmax((double)v->n_rows, 1),
                             BITS_SHARE * height);
    const double *share =
        v->scene->info.kind == SOURCE_PULSES ? shares_of_pulses : shares;
    struct box strip[4];
    double y = b.y + HEADING;

    for (size_t i = 0; i < 4; i++) {
        const double h = i == 2 ? bits : share[i] * (height - bits);

        strip[i] = (struct box){ b.x, y, b.w, h };
        y += strip[i].h + GAP;
    }
    put_heading(v, b);
    put_spectrogram(v, strip[0]);
    put_envelope(v, part(strip[1], 0, 0.62));
    put_spectrum(v, part(strip[1], 0.62, 1));
    put_bits(v, strip[2]);
    put_levels(v, part(strip[3], 0, 0.5));
    put_lengths(v, part(strip[3], 0.5, 1));
    put_foot(v, b);
}

int view_draw(struct draw *d, const struct scene *s, const struct view_cfg *cfg,
              struct err *e)
{
    struct view *v = calloc(1, sizeof *v);
    const struct box b = draw_box(d);
    int status = -ENOMEM;

    if (v != NULL) {
        v->draw = d;
        v->scene = s;
        v->cfg = cfg;
        status = prepare(v);
    }
    if (status == 0) {
        draw_scale(d, fmin(b.w / VIEW_W, b.h / VIEW_H));
        put_all(v);
    } else {
        err_set(e, status, "out of memory");
    }
    if (v != NULL) {
        free(v->inference);
        free(v->inferred);
        free(v->bits);
    }
    free(v);
    return status;
}

/* Digits only; 0: it is no number up to a million. */
static unsigned long parse_side(const char *text, char **end)
{
    const unsigned long n =
        isdigit((unsigned char)*text) ? strtoul(text, end, 10) : 0;

    return n <= 1000000 ? n : 0;
}

int view_parse_size(const char *text, unsigned *width, unsigned *height,
                    struct err *e)
{
    char *end = NULL;
    const unsigned long w = parse_side(text, &end);
    const unsigned long h =
        w > 0 && *end == 'x' ? parse_side(end + 1, &end) : 0;

    if (h == 0 || *end != '\0')
        return err_set(e, -EINVAL,
                       "--size %.40s: is not WIDTHxHEIGHT, such as %dx%d", text,
                       VIEW_W, VIEW_H);
    if (w < VIEW_W_MIN || h < VIEW_H_MIN || w > DRAW_SIDE_MAX ||
        h > DRAW_SIDE_MAX)
        return err_set(e, -EINVAL, "--size %s: not within %dx%d and %dx%d",
                       text, VIEW_W_MIN, VIEW_H_MIN, DRAW_SIDE_MAX,
                       DRAW_SIDE_MAX);
    *width = (unsigned)w;
    *height = (unsigned)h;
    return 0;
}
