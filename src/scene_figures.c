/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/scene_figures.h"

#include <math.h>

/* Of one frame, and as much as is read at a glance. */
#define FRAME_SHARE 1.2
#define LEAST_MS    20.0

struct figure_spectrogram
scene_spectrogram(const struct scene *s,
                  struct figure_burst burst[SCENE_BURSTS_MAX])
{
    for (size_t i = 0; i < s->n_bursts; i++)
        burst[i] =
            (struct figure_burst){ s->burst[i].start_s, s->burst[i].end_s,
                                   s->burst[i].low_hz, s->burst[i].high_hz };
    return (struct figure_spectrogram){
        .power_dbfs = s->grid.power_dbfs,
        .columns = s->grid.columns,
        .rows = s->grid.rows,
        .column_s = s->grid.column_s,
        .low_hz = s->grid.low_hz,
        .high_hz = s->grid.high_hz,
        .centre_hz = s->info.centre_hz,
        .burst = burst,
        .n_bursts = s->n_bursts,
    };
}

/* Where the frame ends that the burst has; the end of it all if there is none. */
static double frame_end_ms(const struct scene *s)
{
    const struct scene_closeup *c = &s->closeup;
    double ms = c->first_ms + (double)c->n * c->step_ms;

    for (size_t i = 0; i < s->n_presses; i++) {
        const struct frame *f = &s->press[i].frame;

        if (f->at + f->samples > c->burst.at &&
            f->at < c->burst.at + c->burst.samples)
            ms = fmax(1e3 * FRAME_SHARE * (double)f->samples / s->info.rate_hz,
                      LEAST_MS);
    }
    return ms;
}

struct figure_line scene_level_line(const struct scene *s, bool has_bits)
{
    if (s == NULL || !s->has_closeup || s->closeup.n == 0)
        return (struct figure_line){ .n = 0 };
    const struct scene_closeup *c = &s->closeup;
    const double n =
        has_bits ? (frame_end_ms(s) - c->first_ms) / c->step_ms : (double)c->n;

    return (struct figure_line){ c->level_dbfs,
                                 (size_t)fmin(fmax(n, 0), (double)c->n),
                                 c->first_ms, c->step_ms };
}

struct figure_line scene_power_line(const struct scene *s)
{
    if (s == NULL || !s->has_closeup)
        return (struct figure_line){ .n = 0 };
    return (struct figure_line){ s->closeup.power_dbfs, s->closeup.n_bins,
                                 s->closeup.first_hz, s->closeup.step_hz };
}
