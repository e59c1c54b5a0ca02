/* post_card - the picture of a report: what is concluded, and what it is concluded
 * from, on one card.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/post.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/draw.h"
#include "src/figure.h"
#include "src/post_parts.h"
#include "src/report_check.h"
#include "src/report_fields.h"
#include "src/scene_figures.h"

#define MARGIN  22.0
#define GAP     14.0
#define HEAD    118.0 /* title, headline, verdicts */
#define CURVES  192.0
#define BITS    212.0
#define FOOT    18.0
#define BADGE_W 220.0
#define BADGE_H 26.0
#define ROW_H   22.0

/* Sizes of letters: 12.5 is legible at half the size (figure_impl.h). */
#define TITLE 15.0
#define LARGE 22.0
#define PLAIN 14.0
#define SMALL 12.5

enum {
    LABEL = 40,
    WORDS = 600,
    REASONS_MAX = 6,
    ROWS_MAX = 8, /* of bits: those that there is room for */
};

/* What the parts of the card share. */
struct card {
    struct draw *draw;
    const struct post *post;
    struct inferred_protocol inferred[POST_FOBS_MAX];
    const struct protocol *format[POST_FOBS_MAX]; /* NULL: not known */
    struct bits bits[POST_FOBS_MAX * ROWS_MAX];
    struct figure_row row[POST_FOBS_MAX * ROWS_MAX];
    char label[POST_FOBS_MAX * ROWS_MAX][LABEL];
    size_t n_rows[POST_FOBS_MAX];
    double level_dbfs[POST_FOBS_MAX][SITTING_PRESSES_MAX];
    char button[POST_FOBS_MAX][SITTING_PRESSES_MAX][SITTING_BUTTON_MAX];
    const char *name[POST_FOBS_MAX][SITTING_PRESSES_MAX];
    size_t n_presses[POST_FOBS_MAX];
};

static struct draw_style style(double size, enum draw_ink ink)
{
    return (struct draw_style){ size, ALIGN_LEFT, ink, false, false };
}

/* A verdict in a word, on a colour of its own lightness. */
struct badge {
    const char *word;
    enum draw_ink fill, ink;
};

static struct badge badge_of(enum status s, bool is_pair)
{
    switch (s) {
    case STATUS_OK:
        return (struct badge){ is_pair ? "ALIKE" : "TRANSMITS", DRAW_ROLLING,
                               DRAW_BLACK };
    case STATUS_FAULT:
        return (struct badge){ is_pair ? "DIFFER" : "FAULT", DRAW_MARK,
                               DRAW_PAPER };
    case STATUS_LOST:
        return (struct badge){ "SAMPLES LOST", DRAW_BLACK, DRAW_PAPER };
    case STATUS_USAGE:
    case STATUS_INCONCLUSIVE:
    case STATUS_INPUT:
    case STATUS_BUG:
    case STATUS_INTERRUPTED:
        break;
    }
    return (struct badge){ "INCONCLUSIVE", DRAW_COUNTER, DRAW_BLACK };
}

static void put_badge(struct draw *d, double x, double y, const char *what,
                      struct badge b)
{
    const struct box box = { x, y, BADGE_W, BADGE_H };
    struct draw_style s = style(TITLE, b.ink);
    char text[LABEL];

    snprintf(text, sizeof text, "%s%s", what, b.word);
    s.is_bold = true;
    s.align = ALIGN_CENTRE;
    draw_fill(d, box, b.fill);
    draw_frame(d, box, (struct draw_pen){ DRAW_BLACK, 1, false });
    draw_text(d, x + BADGE_W / 2, y + 18, text, s);
}

/* What follows of two; what was found of one. */
static void put_follows(const struct card *c, struct box at)
{
    const struct verdict_result *v = c->post->fob[0].verdict;
    char text[WORDS] = "";

    for (size_t i = 0; i < v->n && strlen(text) + 1 < sizeof text; i++) {
        const size_t n = strlen(text);

        snprintf(text + n, sizeof text - n, "%s%s", i > 0 ? "; " : "",
                 v->finding[i].evidence);
    }
    post_parts_fold(c->draw, at, 2,
                    c->post->n == 2 ? c->post->comparison->follows : text,
                    style(PLAIN, DRAW_BLACK));
}

static void put_head(const struct card *c, struct box b)
{
    const struct post *p = c->post;
    struct draw *d = c->draw;
    struct box at = { b.x, b.y + 38, b.w - BADGE_W - 24, 0 };
    struct draw_style s = style(TITLE, DRAW_PALE);
    char title[WORDS];

    snprintf(title, sizeof title, "%s%s%.100s%s",
             p->n == 2 ? "Two key fobs, side by side" : "A key fob",
             p->fob[0].car != NULL ? ": " : "",
             p->fob[0].car != NULL ? p->fob[0].car : "",
             p->is_synthetic ? "   (computed recordings: no fob was there)"
                             : "");
    post_parts_line(d, b.x, b.y + 12, at.w, title, s);
    s = style(LARGE, DRAW_BLACK);
    s.is_bold = true;
    at.y = post_parts_fold(
        d, at, 2,
        p->n == 2 ? p->comparison->conclusion : p->fob[0].verdict->headline, s);
    put_follows(c, at);
    for (size_t i = 0; i < p->n; i++)
        put_badge(d, b.x + b.w - BADGE_W, b.y + (double)i * (BADGE_H + 6),
                  p->n == 1 ? ""
                  : i == 0  ? "A: "
                            : "B: ",
                  badge_of(p->fob[i].verdict->status, false));
    if (p->n == 2)
        put_badge(d, b.x + b.w - BADGE_W, b.y + 2 * (BADGE_H + 6), "",
                  badge_of(p->comparison->status, true));
}

static bool is_pulses(const struct post *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->fob[i].scene == NULL ||
            p->fob[i].scene->info.kind != SOURCE_PULSES)
            return false;
    return true;
}

static const char *why_no_curve(const struct post *p)
{
    return p->fob[0].scene == NULL ? "the recording could be read but once"
                                   : "no burst was found";
}

static void put_envelopes(const struct card *c, struct box b)
{
    const struct post *p = c->post;
    struct figure_envelopes f = {
        .text = { .title = p->n == 2 ? "Level of a press of each"
                                     : "Level of a press",
                  .note = p->is_full ? NULL : "coarse: no bits show",
                  .why_empty = why_no_curve(p) },
        .is_keying = is_pulses(p),
        .n = p->n,
    };

    for (size_t i = 0; i < p->n; i++) {
        const struct scene *s = p->fob[i].scene;

        /* Keying has no level: beside one, it is left out. */
        if (s != NULL && (f.is_keying || s->info.kind == SOURCE_IQ))
            f.of[i] = scene_level_line(s, p->is_full);
    }
    figure_envelopes(c->draw, b, &f);
}

static void put_spectra(const struct card *c, struct box b)
{
    const struct post *p = c->post;
    struct figure_spectra f = {
        .text = { .title = p->n == 2 ? "Their spectra" : "Its spectrum",
                  .why_empty = is_pulses(p) ? "edges have no spectrum"
                                            : why_no_curve(p) },
        .unit = "power [dBFS]",
        .n = p->n,
    };

    for (size_t i = 0; i < p->n; i++)
        f.of[i] = scene_power_line(p->fob[i].scene);
    figure_spectra(c->draw, b, &f);
}

/* Fobs i .. i + n - 1, in one table. */
static void put_bits(const struct card *c, struct box b, size_t i, size_t n)
{
    const struct post *p = c->post;
    struct figure_row row[POST_FOBS_MAX * ROWS_MAX];
    struct figure_bits f = {
        .text = { .title = p->n == 1 ? "Bits of its presses"
                           : n == 2  ? "Bits of presses of each"
                           : i == 0  ? "Bits of A"
                                     : "Bits of B",
                  .note = p->is_full
                              ? NULL
                              : "what tells a serial or a code is hatched",
                  .why_empty = "no frame was read" },
        .row = row,
        .field = c->format[i] != NULL ? c->format[i]->fields : NULL,
        .is_redacted = !p->is_full,
    };
    bool hidden[BITS_MAX] = { false };

    f.is_hidden = hidden;
    for (size_t k = i; k < i + n; k++) /* of one of two, and so of both */
        if (p->fob[k].subject->is_inferred)
            report_fields_hide(&p->fob[k].subject->inference, hidden);

    for (size_t k = i; k < i + n; k++)
        for (size_t r = 0; r < c->n_rows[k] && r < ROWS_MAX / n; r++)
            row[f.n_rows++] = c->row[k * ROWS_MAX + r];
    if (f.n_rows == 0)
        f.text.note = NULL;
    figure_bits(c->draw, b, &f);
}

static void put_levels(const struct card *c, struct box b)
{
    const struct post *p = c->post;
    struct figure_presses f = {
        .text = { .title = "Level of each press",
                  .why_empty =
                      is_pulses(p) ? "edges have no level" : "no press" },
        .unit = "level [dBFS]",
        .span_min = 6,
        .n = p->n,
    };

    for (size_t i = 0; i < p->n; i++)
        f.of[i] = (struct figure_press){ c->level_dbfs[i], c->name[i],
                                         c->n_presses[i] };
    figure_presses(c->draw, b, &f);
}

/* A row of what differs: title, A, B, and whether it matters. */
static void put_cells(const struct card *c, struct box b,
                      const char *const cell[4], bool is_bold)
{
    static const double at[] = { 0, 0.19, 0.47, 0.76, 1.01 };
    struct draw_style s = style(PLAIN, DRAW_BLACK);

    s.is_bold = is_bold;
    for (size_t i = 0; i < 4; i++) {
        post_parts_line(c->draw, b.x + at[i] * b.w, b.y + 16,
                        (at[i + 1] - at[i] - 0.01) * b.w, cell[i], s);
        s.is_bold = is_bold;
    }
    draw_line(c->draw, b.x, b.y + ROW_H, b.x + b.w, b.y + ROW_H,
              (struct draw_pen){ is_bold ? DRAW_BLACK : DRAW_GRID, 1, false });
}

static const char *word_of(const struct compare_row *r)
{
    if (compare_is_noted(r))
        return r->matters ? "DIFFERS, matters" : "differs, need not";
    return r->answer == COMPARE_SAME ? "the same" : "not judged";
}

/* 0: it matters; 1: it is noted; 2: the same; 3: left out. */
static int order_of(const struct compare_row *r)
{
    if (compare_is_noted(r))
        return r->matters ? 0 : 1;
    return r->answer == COMPARE_SAME && !r->is_consequence ? 2 : 3;
}

static void put_differences(const struct card *c, struct box b)
{
    static const char *const titles[4] = { "", "A", "B", "" };
    const struct comparison *x = c->post->comparison;
    const double foot = b.y + b.h;

    put_cells(c, b, titles, true);
    for (int order = 0; order < 3; order++)
        for (size_t i = 0; i < x->n; i++) {
            const struct compare_row *r = &x->row[i];
            const char *const cell[4] = { r->title, r->a, r->b, word_of(r) };

            if (order_of(r) != order || b.y + 2 * ROW_H > foot)
                continue;
            b.y += ROW_H;
            put_cells(c, b, cell, order == 0);
        }
}

/* What one fob is, and why. */
static void put_identity(const struct card *c, struct box b)
{
    const struct identification *id = c->post->fob[0].id;
    struct draw_style s = style(16, DRAW_BLACK);
    const struct evidence *reason[REASONS_MAX];
    const size_t n = post_parts_reasons(id, reason, REASONS_MAX);
    const double foot = b.y + b.h;
    char text[WORDS], ratio[32];

    s.is_bold = true;
    draw_text(c->draw, b.x, b.y + 16, "What it is", s);
    s = style(PLAIN, DRAW_BLACK);
    b.y = post_parts_fold(c->draw, (struct box){ b.x, b.y + 40, b.w, 0 }, 3,
                          identify_conclusion(id, text, IDENTIFY_TEXT), s);
    for (size_t i = 0; i < n && b.y + 24 < foot; i++) {
        snprintf(text, sizeof text, "%s: %s",
                 post_parts_ratio(reason[i], ratio), reason[i]->finding);
        b.y = post_parts_fold(c->draw, (struct box){ b.x, b.y + 5, b.w, 0 },
                              b.y + 42 < foot ? 2 : 1, text, s);
    }
}

static void put_foot(const struct card *c, struct box b)
{
    struct draw_style s = style(SMALL, DRAW_PALE);

    draw_text(c->draw, b.x, b.y + b.h, "fobscope " FOBSCOPE_VERSION, s);
    s.align = ALIGN_RIGHT;
    draw_text(c->draw, b.x + b.w, b.y + b.h,
              c->post->is_full ? "" : "no serial, sticker or code is in this",
              s);
    if (!c->post->is_full)
        return;
    s = style(PLAIN, DRAW_PAPER);
    s.is_bold = true;
    s.align = ALIGN_CENTRE;
    draw_fill(c->draw, (struct box){ b.x + 200, b.y, b.w - 200, b.h + 4 },
              DRAW_MARK);
    draw_text(c->draw, b.x + 200 + (b.w - 200) / 2, b.y + b.h - 2,
              "NOT FOR POSTING: serials and codes of the fob are in this "
              "picture",
              s);
}

static struct box part(struct box b, double from, double to)
{
    const double half = 1.5 * GAP / 2;

    return (struct box){ b.x + from * b.w + (from > 0 ? half : 0), b.y,
                         (to - from) * b.w - (from > 0 ? half : 0) -
                             (to < 1 ? half : 0),
                         b.h };
}

/* Bits of the same fields stand in one table. */
static bool is_one_table(const struct card *c)
{
    const struct protocol *a = c->format[0], *b = c->format[1];

    if (c->post->n < 2 || c->n_rows[0] == 0 || c->n_rows[1] == 0)
        return false;
    if (a == b)
        return true;
    if (c->post->comparison->relation == RELATION_OTHER_FAMILY || a == NULL ||
        b == NULL)
        return false;
    for (size_t i = 0;; i++) {
        const struct field *x = &a->fields[i], *y = &b->fields[i];

        if (x->name == NULL || y->name == NULL)
            return x->name == y->name;
        if (x->at != y->at || x->bits != y->bits || x->role != y->role)
            return false;
    }
}

static void put_all(const struct card *c)
{
    const struct box whole = draw_box(c->draw);
    const size_t n = c->post->n;
    struct box b = { whole.x + MARGIN, whole.y + MARGIN - 4,
                     whole.w - 2 * MARGIN, HEAD };
    const double bottom = whole.y + whole.h - MARGIN + 8;

    put_head(c, b);
    b.y += HEAD + GAP;
    b.h = CURVES;
    put_envelopes(c, part(b, 0, 0.58));
    put_spectra(c, part(b, 0.58, 1));
    b.y += CURVES + GAP;
    b.h = BITS;
    if (n == 1 || is_one_table(c)) {
        put_bits(c, b, 0, n);
    } else {
        put_bits(c, part(b, 0, 0.5), 0, 1);
        put_bits(c, part(b, 0.5, 1), 1, 1);
    }
    b.y += BITS + GAP;
    b.h = bottom - FOOT - GAP - b.y;
    put_levels(c, part(b, 0, 0.45));
    if (n == 2)
        put_differences(c, part(b, 0.45, 1));
    else
        put_identity(c, part(b, 0.45, 1));
    put_foot(c, (struct box){ b.x, bottom - FOOT, b.w, FOOT });
}

/* Of fob i: its frames, evenly from all of its presses, so that each button is
 * there. */
static void add_rows(struct card *c, size_t i)
{
    const struct post_fob *x = &c->post->fob[i];
    const size_t n = x->subject->frames.n;
    const size_t most = ROWS_MAX / c->post->n;
    const size_t rows = n < most ? n : most;

    for (size_t k = 0; k < rows; k++) {
        const size_t of = k * n / rows, at = i * ROWS_MAX + k;
        const char *button = x->subject->frames.button[of];

        identify_subject_bits(x->subject, of, &c->bits[at]);
        snprintf(c->label[at], LABEL, "%s%zu %s",
                 c->post->n == 1 ? ""
                 : i == 0        ? "A "
                                 : "B ",
                 of + 1, button != NULL ? button : "");
        c->row[at] = (struct figure_row){ c->bits[at].value, c->bits[at].n,
                                          c->label[at] };
    }
    c->n_rows[i] = rows;
}

static void add_presses(struct card *c, size_t i)
{
    const struct sitting *s = c->post->fob[i].sitting;

    for (size_t k = 0; k < s->n_presses; k++) {
        const size_t n = c->n_presses[i];

        if (!sitting_is_fobs(s, k))
            continue;
        report_check_button(s, &s->press[k], c->button[i][n]);
        c->name[i][n] =
            strcmp(c->button[i][n], "-") != 0 ? c->button[i][n] : NULL;
        c->level_dbfs[i][n] = s->press[k].level_dbfs;
        c->n_presses[i]++;
    }
}

int post_card(const char *path, const struct post *p, struct err *e)
{
    struct card *c = calloc(1, sizeof *c);
    int status;

    if (c == NULL)
        return err_set(e, -ENOMEM, "out of memory");
    c->post = p;
    for (size_t i = 0; i < p->n; i++) {
        c->format[i] =
            identify_subject_format(p->fob[i].subject, &c->inferred[i]);
        add_rows(c, i);
        add_presses(c, i);
    }
    status = draw_create(&c->draw, DRAW_PNG, POST_CARD_W, POST_CARD_H, e);
    if (status == 0) {
        put_all(c);
        status = draw_save(c->draw, path, e);
    }
    draw_destroy(c->draw);
    free(c);
    return status;
}
