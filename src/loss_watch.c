/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/loss_watch.h"

#include <math.h>

/* A computer under load may be late with each block of a window, but hardly of
 * three. */
enum { RAISED_WINDOWS = 2 };
/* At the end there is no time left for that. */
enum { LAST_BLOCKS = 16 };
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

/* The first block that a loss of n samples has delayed: none before it does
 * better than half of that. */
static uint64_t find_place(const struct loss_watch *w, double middle)
{
    const uint64_t oldest =
        w->blocks > LOSS_WATCH_BLOCKS ? w->blocks - LOSS_WATCH_BLOCKS : 0;
    uint64_t place = w->delivered;

    for (uint64_t i = w->blocks; i > oldest; i--) {
        if (w->block[(i - 1) % LOSS_WATCH_BLOCKS].lag < middle)
            break;
        place = w->block[(i - 1) % LOSS_WATCH_BLOCKS].delivered;
    }
    return place;
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

static struct ring_gap declare(struct loss_watch *w, double rise)
{
    const uint64_t n = lost_samples(w, rise);
    const struct ring_gap gap = {
        .samples = n,
        .ago = w->delivered - find_place(w, w->edge + rise / 2),
    };

    w->samples += n;
    for (size_t i = 0; i < LOSS_WATCH_BLOCKS; i++)
        w->block[i].lag -= (double)n;
    w->edge += rise - (double)n;
    w->raised = 0;
    return gap;
}

/* The window has ended: is its edge where the one before lets expect it? */
static struct ring_gap judge(struct loss_watch *w)
{
    const double slack = w->cfg.slack_seconds * w->cfg.rate_hz;
    const double most = CREEP_MAX * window_samples(w);
    const double rise = w->least - w->edge - w->creep;
    struct ring_gap none = { 0 };

    if (w->windows == 0 || rise < slack) {
        const double step = fmin(fmax(w->least - w->edge, -most), most);

        if (w->windows > 0 && w->raised == 0)
            w->creep += CREEP_SHARE * (step - w->creep);
        w->edge = w->least;
        w->windows = 1;
        w->raised = 0;
        return none;
    }
    w->edge += w->creep;
    w->raised_least =
        w->raised == 0 ? w->least : fmin(w->raised_least + w->creep, w->least);
    if (++w->raised < RAISED_WINDOWS)
        return none;
    return declare(w, w->raised_least - w->edge);
}

struct ring_gap loss_watch_add(struct loss_watch *w, double now_s, size_t n)
{
    struct ring_gap gap = { 0 };
    double lag;

    if (isnan(w->start_s))
        w->start_s = w->window_s = now_s;
    w->samples += n;
    lag = (now_s - w->start_s) * w->cfg.rate_hz - (double)w->samples;
    w->block[w->blocks % LOSS_WATCH_BLOCKS].delivered = w->delivered;
    w->block[w->blocks % LOSS_WATCH_BLOCKS].lag = lag;
    w->blocks++;
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
    struct loss_watch copy = *w;
    double least = INFINITY;

    for (uint64_t i = 1; i <= LAST_BLOCKS && i <= w->blocks; i++)
        least = fmin(least, w->block[(w->blocks - i) % LOSS_WATCH_BLOCKS].lag);
    if (w->windows == 0 || w->blocks < LAST_BLOCKS ||
        !(least - w->edge >= slack))
        return (struct ring_gap){ 0 };
    return declare(&copy, least - w->edge);
}
