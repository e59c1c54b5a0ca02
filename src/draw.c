/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/draw.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cairo-svg.h>
#include <cairo.h>

#include "src/new_file.h"

/* More than any picture here comes to; what grows beyond is a bug or an attack. */
#define BYTES_MAX ((size_t)128 << 20)

/* Of hatching, in pixels: still told apart at half the size. */
#define HATCH_STEP  6.0
#define HATCH_WIDTH 1.0

struct draw {
    cairo_surface_t *surface;
    cairo_t *cr;
    enum draw_kind kind;
    unsigned width, height;
    double scale;
    uint8_t *bytes;
    size_t n, room;
};

struct rgb {
    double r, g, b;
};

/* Lightness falls from paper to black; that of the fills differs by 5 % at least
 * (0.93 counter, 0.86, 0.80, 0.74, 0.69, 0.63, 0.57 rolling, by the weights of ITU-R
 * BT.709), and each has a hatch of its own besides. */
static const struct rgb inks[DRAW_INKS] = {
    [DRAW_PAPER] = { 1, 1, 1 },
    [DRAW_SHADE] = { 0.93, 0.93, 0.93 },
    [DRAW_GRID] = { 0.84, 0.84, 0.84 },
    [DRAW_PALE] = { 0.36, 0.36, 0.36 },
    [DRAW_BLACK] = { 0.08, 0.08, 0.08 },
    [DRAW_A] = { 0.00, 0.27, 0.52 },
    [DRAW_B] = { 0.90, 0.58, 0.10 },
    [DRAW_MARK] = { 0.80, 0.30, 0.00 },
    [DRAW_IDENTITY] = { 0.56, 0.78, 0.93 },
    [DRAW_ACTION] = { 0.94, 0.66, 0.22 },
    [DRAW_STATUS] = { 0.90, 0.84, 0.93 },
    [DRAW_COUNTER] = { 0.98, 0.95, 0.60 },
    [DRAW_ROLLING] = { 0.30, 0.66, 0.52 },
    [DRAW_CHECK] = { 0.86, 0.56, 0.72 },
    [DRAW_FIXED] = { 0.80, 0.80, 0.80 },
};

/* From paper to a blue that is nearly black, in even steps of lightness. */
static const struct rgb ramp[] = {
    { 1.00, 1.00, 1.00 }, { 0.80, 0.90, 0.97 }, { 0.52, 0.77, 0.90 },
    { 0.20, 0.58, 0.78 }, { 0.05, 0.36, 0.60 }, { 0.02, 0.12, 0.30 },
};

/* What cairo writes goes here. */
static cairo_status_t take(void *closure, const unsigned char *data,
                           unsigned length)
{
    struct draw *d = closure;

    if (length > d->room - d->n) {
        size_t room = d->room;
        uint8_t *more;

        while (length > room - d->n)
            room = room > 0 ? 2 * room : 65536;
        more = room <= BYTES_MAX ? realloc(d->bytes, room) : NULL;
        if (more == NULL)
            return CAIRO_STATUS_WRITE_ERROR;
        d->bytes = more;
        d->room = room;
    }
    memcpy(d->bytes + d->n, data, length);
    d->n += length;
    return CAIRO_STATUS_SUCCESS;
}

static int create_surface(struct draw *d)
{
    if (d->kind == DRAW_PNG) {
        d->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24,
                                                (int)d->width, (int)d->height);
    } else {
        d->surface =
            cairo_svg_surface_create_for_stream(take, d, d->width, d->height);
        if (cairo_surface_status(d->surface) == CAIRO_STATUS_SUCCESS)
            cairo_svg_surface_set_document_unit(d->surface, CAIRO_SVG_UNIT_PX);
    }
    d->cr = cairo_create(d->surface);
    return cairo_status(d->cr) == CAIRO_STATUS_SUCCESS ? 0 : -ENOMEM;
}

/* Letters are where they are whatever a desktop says of hinting. */
static void set_font(struct draw *d)
{
    cairo_font_options_t *o = cairo_font_options_create();

    cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
    cairo_set_font_options(d->cr, o);
    cairo_font_options_destroy(o);
}

int draw_create(struct draw **ret, enum draw_kind kind, unsigned width,
                unsigned height, struct err *e)
{
    struct draw *d;

    if (width < DRAW_SIDE_MIN || width > DRAW_SIDE_MAX ||
        height < DRAW_SIDE_MIN || height > DRAW_SIDE_MAX)
        return err_set(e, -EINVAL,
                       "a picture of %u by %u pixels: either side is %d to %d",
                       width, height, DRAW_SIDE_MIN, DRAW_SIDE_MAX);
    d = calloc(1, sizeof *d);
    if (d == NULL)
        return err_set(e, -ENOMEM, "out of memory");
    d->kind = kind;
    d->width = width;
    d->height = height;
    d->scale = 1;
    if (create_surface(d) < 0) {
        draw_destroy(d);
        return err_set(e, -ENOMEM, "out of memory");
    }
    set_font(d);
    draw_fill(d, draw_box(d), DRAW_PAPER);
    *ret = d;
    return 0;
}

void draw_destroy(struct draw *d)
{
    if (d == NULL)
        return;
    if (d->cr != NULL)
        cairo_destroy(d->cr);
    if (d->surface != NULL)
        cairo_surface_destroy(d->surface);
    free(d->bytes);
    free(d);
}

struct box draw_box(const struct draw *d)
{
    return (struct box){ 0, 0, d->width / d->scale, d->height / d->scale };
}

void draw_scale(struct draw *d, double factor)
{
    d->scale *= factor;
    cairo_scale(d->cr, factor, factor);
}

static void set_ink(struct draw *d, enum draw_ink ink)
{
    assert(ink < DRAW_INKS);
    cairo_set_source_rgb(d->cr, inks[ink].r, inks[ink].g, inks[ink].b);
}

static void set_pen(struct draw *d, struct draw_pen pen)
{
    const double dash[] = { 4 * pen.width, 2.5 * pen.width };

    set_ink(d, pen.ink);
    cairo_set_line_width(d->cr, pen.width);
    cairo_set_line_join(d->cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(d->cr, dash, pen.is_dashed ? 2 : 0, 0);
}

void draw_fill(struct draw *d, struct box b, enum draw_ink ink)
{
    set_ink(d, ink);
    cairo_rectangle(d->cr, b.x, b.y, b.w, b.h);
    cairo_fill(d->cr);
}

void draw_frame(struct draw *d, struct box b, struct draw_pen pen)
{
    set_pen(d, pen);
    cairo_rectangle(d->cr, b.x, b.y, b.w, b.h);
    cairo_stroke(d->cr);
}

void draw_line(struct draw *d, double x0, double y0, double x1, double y1,
               struct draw_pen pen)
{
    set_pen(d, pen);
    cairo_move_to(d->cr, x0, y0);
    cairo_line_to(d->cr, x1, y1);
    cairo_stroke(d->cr);
}

void draw_polyline(struct draw *d, const double *x, const double *y, size_t n,
                   struct draw_pen pen)
{
    bool is_broken = true;

    set_pen(d, pen);
    for (size_t i = 0; i < n; i++) {
        const bool is_there = isfinite(x[i]) && isfinite(y[i]);

        if (is_there && is_broken)
            cairo_move_to(d->cr, x[i], y[i]);
        else if (is_there)
            cairo_line_to(d->cr, x[i], y[i]);
        is_broken = !is_there;
    }
    cairo_stroke(d->cr);
}

/* The part of the line x + sign * y = c that lies in b. */
static void slant(struct draw *d, struct box b, double sign, double c)
{
    const double at_top = c - sign * b.y, at_foot = c - sign * (b.y + b.h);
    const double low = fmax(b.x, fmin(at_top, at_foot));
    const double high = fmin(b.x + b.w, fmax(at_top, at_foot));

    if (low >= high)
        return;
    cairo_move_to(d->cr, low, sign * (c - low));
    cairo_line_to(d->cr, high, sign * (c - high));
}

/* Lines are where they would be if the whole picture were hatched: neighbours of
 * one kind go on into each other. */
static void slants(struct draw *d, struct box b, double sign)
{
    const double a = b.x + sign * b.y, z = b.x + b.w + sign * (b.y + b.h);
    const double low = fmin(fmin(a, z), fmin(a + sign * b.h, a + b.w));
    const double high = fmax(fmax(a, z), fmax(a + sign * b.h, a + b.w));
    const double step = HATCH_STEP * M_SQRT2;

    for (double c = ceil(low / step) * step; c <= high; c += step)
        slant(d, b, sign, c);
}

static void rules(struct draw *d, struct box b, bool is_level)
{
    const double low = is_level ? b.y : b.x;
    const double high = low + (is_level ? b.h : b.w);

    for (double c = ceil(low / HATCH_STEP) * HATCH_STEP; c <= high;
         c += HATCH_STEP) {
        cairo_move_to(d->cr, is_level ? b.x : c, is_level ? c : b.y);
        cairo_line_to(d->cr, is_level ? b.x + b.w : c,
                      is_level ? c : b.y + b.h);
    }
}

static void dots(struct draw *d, struct box b)
{
    const double side = 1.5;

    for (double y = ceil(b.y / HATCH_STEP) * HATCH_STEP; y + side <= b.y + b.h;
         y += HATCH_STEP)
        for (double x = ceil(b.x / HATCH_STEP) * HATCH_STEP;
             x + side <= b.x + b.w; x += HATCH_STEP)
            cairo_rectangle(d->cr, x, y, side, side);
    cairo_fill(d->cr);
}

void draw_hatch(struct draw *d, struct box b, enum draw_hatch hatch,
                enum draw_ink ink)
{
    set_pen(d, (struct draw_pen){ ink, HATCH_WIDTH, false });
    if (hatch == HATCH_RISING || hatch == HATCH_CROSSED)
        slants(d, b, 1);
    if (hatch == HATCH_FALLING || hatch == HATCH_CROSSED)
        slants(d, b, -1);
    if (hatch == HATCH_LEVEL || hatch == HATCH_UPRIGHT)
        rules(d, b, hatch == HATCH_LEVEL);
    if (hatch == HATCH_DOTS)
        dots(d, b);
    cairo_stroke(d->cr);
}

void draw_dot(struct draw *d, double x, double y, double radius,
              enum draw_ink ink)
{
    set_ink(d, ink);
    cairo_new_sub_path(d->cr);
    cairo_arc(d->cr, x, y, radius, 0, 2 * M_PI);
    cairo_fill(d->cr);
}

static void set_style(struct draw *d, struct draw_style style)
{
    set_ink(d, style.ink);
    cairo_select_font_face(d->cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                           style.is_bold ? CAIRO_FONT_WEIGHT_BOLD
                                         : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(d->cr, style.size);
}

/* Invalid text would make cairo draw nothing from then on. */
static void clean(char out[256], const char *text)
{
    snprintf(out, 256, "%s", text);
    err_clean(out);
}

double draw_text_width(struct draw *d, const char *text,
                       struct draw_style style)
{
    cairo_text_extents_t extents;
    char line[256];

    clean(line, text);
    set_style(d, style);
    cairo_text_extents(d->cr, line, &extents);
    return extents.x_advance;
}

void draw_text(struct draw *d, double x, double y, const char *text,
               struct draw_style style)
{
    const double share[] = {
        [ALIGN_LEFT] = 0, [ALIGN_CENTRE] = 0.5, [ALIGN_RIGHT] = 1
    };
    const double back = share[style.align] * draw_text_width(d, text, style);
    char line[256];

    clean(line, text);
    cairo_save(d->cr);
    cairo_translate(d->cr, x, y);
    if (style.is_upright)
        cairo_rotate(d->cr, -M_PI / 2);
    cairo_move_to(d->cr, -back, 0);
    cairo_show_text(d->cr, line);
    cairo_restore(d->cr);
}

static uint32_t pixel(struct rgb c)
{
    return (uint32_t)lround(255 * c.r) << 16 |
           (uint32_t)lround(255 * c.g) << 8 | (uint32_t)lround(255 * c.b);
}

static uint32_t shade_pixel(uint8_t shade)
{
    const size_t last = sizeof ramp / sizeof *ramp - 1;
    const double at = (double)shade / DRAW_SHADE_MAX * (double)last;
    const size_t i = at < (double)last ? (size_t)at : last - 1;
    const double t = at - (double)i;
    const struct rgb *a = &ramp[i], *b = &ramp[i + 1];

    if (shade == DRAW_SHADE_NONE)
        return pixel(inks[DRAW_GRID]);
    return pixel((struct rgb){ a->r + t * (b->r - a->r),
                               a->g + t * (b->g - a->g),
                               a->b + t * (b->b - a->b) });
}

static cairo_surface_t *new_image(const uint8_t *shades, size_t columns,
                                  size_t rows)
{
    cairo_surface_t *s =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)columns, (int)rows);
    unsigned char *out = cairo_image_surface_get_data(s);

    if (out == NULL)
        return s;
    cairo_surface_flush(s);
    for (size_t y = 0; y < rows; y++)
        for (size_t x = 0; x < columns; x++) {
            const uint32_t v = shade_pixel(shades[y * columns + x]);

            memcpy(out + y * (size_t)cairo_image_surface_get_stride(s) + 4 * x,
                   &v, sizeof v);
        }
    cairo_surface_mark_dirty(s);
    return s;
}

void draw_image(struct draw *d, struct box b, const uint8_t *shades,
                size_t columns, size_t rows)
{
    cairo_surface_t *s;

    assert(columns <= DRAW_IMAGE_MAX && rows <= DRAW_IMAGE_MAX);
    if (columns == 0 || rows == 0)
        return;
    s = new_image(shades, columns, rows);
    cairo_save(d->cr);
    cairo_rectangle(d->cr, b.x, b.y, b.w, b.h);
    cairo_clip(d->cr);
    cairo_translate(d->cr, b.x, b.y);
    cairo_scale(d->cr, b.w / (double)columns, b.h / (double)rows);
    cairo_set_source_surface(d->cr, s, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(d->cr), CAIRO_FILTER_GOOD);
    if (d->kind == DRAW_PNG) /* else the edge fades into the paper */
        cairo_pattern_set_extend(cairo_get_source(d->cr), CAIRO_EXTEND_PAD);
    cairo_paint(d->cr);
    cairo_restore(d->cr);
    cairo_surface_destroy(s);
}

int draw_finish(struct draw *d, void **bytes, size_t *n, struct err *e)
{
    cairo_status_t status = cairo_status(d->cr);

    cairo_show_page(d->cr);
    if (status == CAIRO_STATUS_SUCCESS && d->kind == DRAW_PNG)
        status = cairo_surface_write_to_png_stream(d->surface, take, d);
    cairo_surface_finish(d->surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(d->surface);
    if (status == CAIRO_STATUS_NO_MEMORY || status == CAIRO_STATUS_WRITE_ERROR)
        return err_set(e, -ENOMEM, "out of memory");
    if (status != CAIRO_STATUS_SUCCESS)
        return err_set(e, -EIO, "the picture cannot be drawn: %s",
                       cairo_status_to_string(status));
    *bytes = d->bytes;
    *n = d->n;
    d->bytes = NULL;
    d->n = d->room = 0;
    return 0;
}

static int put(int fd, const uint8_t *bytes, size_t n, const char *path,
               struct err *e)
{
    while (n > 0) {
        const ssize_t k = write(fd, bytes, n);

        if (k < 0 && errno != EINTR)
            return err_set(e, -errno, "%.300s: cannot be written: %s", path,
                           strerror(errno));
        if (k > 0) {
            bytes += k;
            n -= (size_t)k;
        }
    }
    return 0;
}

int draw_save(struct draw *d, const char *path, struct err *e)
{
    struct new_file f;
    void *bytes = NULL;
    size_t n;
    int status = draw_finish(d, &bytes, &n, e);

    if (status == 0)
        status = new_file_open(&f, path, e);
    if (status == 0) {
        status = put(f.fd, bytes, n, path, e);
        if (status == 0)
            status = new_file_keep(&f, e);
        else
            new_file_drop(&f);
    }
    free(bytes);
    return status;
}

const char *draw_library_version(void)
{
    return cairo_version_string();
}
