/* scene_grid - power over time and frequency.
 *
 * Columns are joined two by two when there are too many: the length of the
 * recording need not be known.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/scene_impl.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/convert.h"

/* A bin of about 1 kHz and a block of 1 ms show both keying and drift. Where bits
 * are hidden a block is so short that it lies within one chip, and they overlap: the
 * strongest of many is then the carrier, however long it was on. */
#define BIN_HZ        1000.0
#define HIDING_BIN_HZ 4000.0
enum { BINS_MIN = 16, BINS_MAX = 4096, COLUMNS_WANTED = 400, OVERLAP = 4 };

/* Power of a tone is spread over so many bins by the Hann window (Harris, "On the
 * use of windows for harmonic analysis", 1978, table 1: ENBW). */
#define HANN_BINS 1.5

static size_t bins_for(const struct source_info *info, bool is_full)
{
    const double bin_hz = is_full ? BIN_HZ : HIDING_BIN_HZ;
    size_t n = BINS_MIN;

    while (n < BINS_MAX && (double)n * M_SQRT2 < info->rate_hz / bin_hz)
        n *= 2;
    while (is_full && n > 4 * BINS_MIN && info->total > 0 &&
           info->total / n < COLUMNS_WANTED)
        n /= 2;
    return n;
}

static void forget(struct scene_grid *g, size_t from, size_t to)
{
    for (size_t i = from * g->rows; i < to * g->rows; i++)
        g->power_dbfs[i] = NAN;
}

static uint64_t column_samples(const struct source_info *info, size_t n,
                               bool is_full)
{
    uint64_t blocks = info->total / n / SCENE_COLUMNS_MAX + 1;

    if (!is_full)
        blocks = (uint64_t)fmax(
            (double)blocks, ceil(SCENE_COARSE_S * info->rate_hz / (double)n));
    return blocks * n;
}

int scene_painter_init(struct scene_painter *p, struct scene_grid *grid,
                       const struct source_info *info, bool is_full)
{
    const size_t n = bins_for(info, is_full);
    const int status = spectrum_init(&p->spectrum, n);

    if (status < 0)
        return status;
    p->grid = grid;
    p->format = info->format;
    p->rate_hz = info->rate_hz;
    p->hop = is_full ? n : n / OVERLAP;
    p->bins = calloc(n, sizeof *p->bins);
    p->window = malloc(n * sizeof *p->window);
    p->column_samples = column_samples(info, n, is_full);
    grid->rows = n < SCENE_ROWS_MAX ? n : SCENE_ROWS_MAX;
    grid->low_hz = -info->rate_hz / 2;
    grid->high_hz = info->rate_hz / 2;
    grid->power_dbfs =
        malloc(SCENE_COLUMNS_MAX * grid->rows * sizeof *grid->power_dbfs);
    if (p->bins == NULL || p->window == NULL || grid->power_dbfs == NULL)
        return -ENOMEM;
    forget(grid, 0, SCENE_COLUMNS_MAX);
    return 0;
}

/* fmaxf takes the number of the two where one is NAN. */
static void join(struct scene_painter *p)
{
    struct scene_grid *g = p->grid;

    for (size_t x = 0; x < SCENE_COLUMNS_MAX / 2; x++)
        for (size_t y = 0; y < g->rows; y++) {
            const float *from = &g->power_dbfs[2 * x * g->rows + y];

            g->power_dbfs[x * g->rows + y] = fmaxf(from[0], from[g->rows]);
        }
    forget(g, SCENE_COLUMNS_MAX / 2, SCENE_COLUMNS_MAX);
    g->columns = (g->columns + 1) / 2;
    p->column_samples *= 2;
}

/* The column of a position; grows the grid up to it. */
static size_t column_of(struct scene_painter *p, uint64_t at)
{
    while (at / p->column_samples >= SCENE_COLUMNS_MAX)
        join(p);
    const size_t x = (size_t)(at / p->column_samples);

    if (x >= p->grid->columns)
        p->grid->columns = x + 1;
    return x;
}

static void transform(struct scene_painter *p)
{
    const size_t n = p->spectrum.n, rows = p->grid->rows, share = n / rows;
    const size_t x = column_of(p, p->at - n);
    float *to = &p->grid->power_dbfs[x * rows];

    for (size_t i = 0; i < n; i++)
        p->bins[i] = 0;
    memcpy(spectrum_input(&p->spectrum), p->window, n * sizeof *p->window);
    spectrum_add(&p->spectrum, p->bins);
    for (size_t i = 0; i < n; i++)
        to[i / share] = fmaxf(to[i / share], p->bins[i]);
    p->filled = n - p->hop;
    memmove(p->window, p->window + p->hop, p->filled * sizeof *p->window);
}

void scene_painter_process(struct scene_painter *p, const void *samples,
                           size_t n)
{
    const size_t bytes = convert_size(p->format);
    const unsigned char *in = samples;

    while (n > 0) {
        const size_t room = p->spectrum.n - p->filled;
        const size_t k = n < room ? n : room;

        convert_to_iq(p->format, in, k, p->window + p->filled);
        p->filled += k;
        p->at += k;
        in += k * bytes;
        n -= k;
        if (p->filled == p->spectrum.n)
            transform(p);
    }
}

void scene_painter_skip(struct scene_painter *p, uint64_t n)
{
    p->filled = 0; /* less than a block: too little to be seen */
    p->at += n;
    if (n > 0 && p->at > 0)
        column_of(p, p->at - 1);
}

void scene_painter_flush(struct scene_painter *p)
{
    const float scale = (float)(HANN_BINS / (double)p->spectrum.n);
    struct scene_grid *g = p->grid;

    for (size_t i = 0; i < g->columns * g->rows; i++)
        g->power_dbfs[i] = 10 * log10f(scale * g->power_dbfs[i]);
    g->column_s = (double)p->column_samples / p->rate_hz;
}

void scene_painter_finish(struct scene_painter *p)
{
    spectrum_finish(&p->spectrum);
    free(p->bins);
    free(p->window);
}
