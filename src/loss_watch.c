/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/loss_watch.h"

#include <math.h>

/* A computer under load may be late with each block of a window, but hardly of
 * three. */
enum { RAISED_WINDOWS = 2 };
/* At the end there is no time left for that. */
enum { LAST_BLOCKS = 16 };
/* Of a loss that comes at once; the rest is jitter. */
#define STEP_SHARE 0.75
/* Windows whose best one the next is held against; so many before those tell the
 * creep. One window may be late with all of its blocks. */
enum { HALF = LOSS_WATCH_WINDOWS / 2 };
/* Blocks are told apart so far as three windows of them fit. */
#define BLOCKS_PER_WINDOW (LOSS_WATCH_BLOCKS / 4)
/* Cheap crystals are 100 ppm off (rtl_433 #2477), the computer's up to 50. */
#define CREEP_MAX 150e-6
/* How fast the creep is learnt: it changes with temperature only. */
#define CREEP_SHARE 0.25

void loss_watch_init(struct loss_watch *w, const struct loss_watch_cfg *cfg)
{
    *w = (struct loss_watch){ .cfg = *cfg };
    loss_watch_reset(w);
}

void loss_watch_reset(struct loss_watch *w)
{
    const struct loss_watch_cfg cfg = w->cfg;

    *w = (struct loss_watch){ .cfg = cfg, .start_s = NAN, .least = INFINITY };
}

static double window_samples(const struct loss_watch *w)
{
    return w->cfg.window_seconds * w->cfg.rate_hz;
}

static uint64_t oldest_block(const struct loss_watch *w)
{
    return w->blocks > LOSS_WATCH_BLOCKS ? w->blocks - LOSS_WATCH_BLOCKS : 0;
}

/* The first block behind a loss that has lifted the edge to `after`: none before
 * it does better than `middle`. Blocks that a stall has held up are even later than
 * that, and came before the buffers ran over. */
static uint64_t find_block(const struct loss_watch *w, double middle,
                           double after)
{
    const double slack = w->cfg.slack_seconds * w->cfg.rate_hz;
    const double latest = after + slack + w->cfg.burst_samples;
    uint64_t i = w->blocks;

    while (i > oldest_block(w) &&
           w->block[(i - 1) % LOSS_WATCH_BLOCKS].lag >= middle)
        i--;
    while (i + 1 < w->blocks && w->block[i % LOSS_WATCH_BLOCKS].lag > latest)
        i++;
    return i;
}

/* The least lag of blocks from i on, forwards or backwards, over two bursts. */
static double least_beside(const struct loss_watch *w, uint64_t i, int step)
{
    const double start = (double)w->block[i % LOSS_WATCH_BLOCKS].delivered;
    double least = INFINITY;

    while (i >= oldest_block(w) && i < w->blocks) {
        const size_t at = i % LOSS_WATCH_BLOCKS;

        if (fabs((double)w->block[at].delivered - start) >
            2 * w->cfg.burst_samples)
            break;
        least = fmin(least, w->block[at].lag);
        i += (uint64_t)step; /* beyond 0 it is too large */
    }
    return least;
}

/* Whether most of the rise came at once, in front of block i. */
static bool is_step(const struct loss_watch *w, uint64_t i, double rise)
{
    if (i <= oldest_block(w) || i >= w->blocks)
        return false;
    return least_beside(w, i, 1) - least_beside(w, i - 1, -1) >=
           STEP_SHARE * rise;
}

/* As many whole units as fit the rise; the rise itself where none do. */
static uint64_t lost_samples(const struct loss_watch *w, double rise)
{
    const double unit = w->cfg.unit_samples;
    const double whole = round(rise / unit) * unit;
    const bool fits =
        fabs(whole - rise) < w->cfg.slack_seconds * w->cfg.rate_hz;

    return (uint64_t)(fits && whole > 0 ? whole : round(rise));
}

static struct ring_gap declare(struct loss_watch *w, double edge, double rise)
{
    const uint64_t n = lost_samples(w, rise);
    const uint64_t place = find_block(w, edge + rise / 2, edge + rise);
    struct ring_gap gap = { .samples = n };

    if (w->cfg.wants_step && !is_step(w, place, rise)) {
        w->is_slow = true;
        w->raised = w->windows = 0; /* begins anew from where it is */
        return (struct ring_gap){ 0 };
    }
    if (place < w->blocks)
        gap.ago = w->delivered - w->block[place % LOSS_WATCH_BLOCKS].delivered;
    w->samples += n;
    for (size_t i = 0; i < LOSS_WATCH_BLOCKS; i++)
        w->block[i].lag -= (double)n;
    w->raised = 0;
    return gap;
}

/* Where the edge of a window should be that comes after those in past. */
static double expected(const struct loss_watch *w)
{
    double edge = INFINITY;

    for (unsigned i = 0; i < HALF && i < w->windows; i++)
        edge = fmin(edge, w->past[i] + (i + 1) * w->creep);
    return edge;
}

static void learn_creep(struct loss_watch *w)
{
    const double most = CREEP_MAX * window_samples(w);
    double newer = INFINITY, older = INFINITY;

    if (w->windows < LOSS_WATCH_WINDOWS)
        return;
    for (unsigned i = 0; i < HALF; i++) {
        newer = fmin(newer, w->past[i] + i * w->creep);
        older = fmin(older, w->past[i + HALF] + i * w->creep);
    }
    const double step = fmin(fmax((newer - older) / HALF, -most), most);
    w->creep += CREEP_SHARE * (step - w->creep);
}

static void remember(struct loss_watch *w)
{
    for (unsigned i = LOSS_WATCH_WINDOWS - 1; i > 0; i--)
        w->past[i] = w->past[i - 1];
    w->past[0] = w->least;
    if (w->windows < LOSS_WATCH_WINDOWS)
        w->windows++;
    learn_creep(w);
}

/* The window has ended: is its edge where those before let expect it? */
static struct ring_gap judge(struct loss_watch *w)
{
    const double slack = w->cfg.slack_seconds * w->cfg.rate_hz;
    const double edge = w->raised > 0 ? w->edge + w->creep : expected(w);
    struct ring_gap none = { 0 };

    if (w->windows == 0 || w->least - edge < slack) {
        remember(w);
        w->raised = 0;
        return none;
    }
    w->edge = edge;
    w->raised_least =
        w->raised == 0 ? w->least : fmin(w->raised_least + w->creep, w->least);
    if (++w->raised < RAISED_WINDOWS)
        return none;
    return declare(w, edge, w->raised_least - edge);
}

/* Small blocks in quick succession count as one. */
static void keep_block(struct loss_watch *w, double now_s, double lag)
{
    const double least = window_samples(w) / BLOCKS_PER_WINDOW;
    const bool is_soon =
        now_s - w->last_s < w->cfg.window_seconds / BLOCKS_PER_WINDOW;
    const size_t last = (w->blocks - 1) % LOSS_WATCH_BLOCKS;
    const size_t next = w->blocks % LOSS_WATCH_BLOCKS;

    w->last_s = now_s;
    if (w->blocks > 0 && is_soon &&
        (double)(w->delivered - w->block[last].delivered) < least) {
        w->block[last].lag = fmin(w->block[last].lag, lag);
        return;
    }
    w->block[next].delivered = w->delivered;
    w->block[next].lag = lag;

    w->blocks++;
}

struct ring_gap loss_watch_add(struct loss_watch *w, double now_s, size_t n)
{
    struct ring_gap gap = { 0 };
    double lag;

    if (isnan(w->start_s))
        w->start_s = w->window_s = now_s;
    w->samples += n;
    lag = (now_s - w->start_s) * w->cfg.rate_hz - (double)w->samples;
    keep_block(w, now_s, lag);
    w->delivered += n;
    w->least = fmin(w->least, lag);
    if (now_s - w->window_s < w->cfg.window_seconds)
        return gap;
    gap = judge(w);
    w->window_s = now_s;
    w->least = INFINITY;
    return gap;
}

struct ring_gap loss_watch_finish(const struct loss_watch *w)
{
    const double slack = w->cfg.slack_seconds * w->cfg.rate_hz;
    const double edge = w->raised > 0 ? w->edge : expected(w);
    struct loss_watch copy = *w;
    double least = INFINITY;

    for (uint64_t i = 1; i <= LAST_BLOCKS && i <= w->blocks; i++)
        least = fmin(least, w->block[(w->blocks - i) % LOSS_WATCH_BLOCKS].lag);
    if (w->windows == 0 || w->blocks < LAST_BLOCKS || !(least - edge >= slack))
        return (struct ring_gap){ 0 };
    return declare(&copy, edge, least - edge);
}
