/* scene_impl - what the files scene*.c share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SCENE_IMPL_H
#define SRC_SCENE_IMPL_H

#include "dsp/spectrum.h"
#include "src/scene.h"

/* Samples into the grid. */
struct scene_painter {
    struct scene_grid *grid;
    struct spectrum spectrum;
    enum sample_format format;
    double rate_hz;
    float *bins;
    iq *window;              /* the newest samples, */
    size_t filled, hop;      /* so many of them; steps from block to block */
    uint64_t at;             /* of the next sample */
    uint64_t column_samples; /* a multiple of the spectrum's length */
};

int scene_painter_init(struct scene_painter *p, struct scene_grid *grid,
                       const struct source_info *info, bool is_full);
void scene_painter_process(struct scene_painter *p, const void *samples,
                           size_t n);
/* n samples are missing. */
void scene_painter_skip(struct scene_painter *p, uint64_t n);
/* Power becomes decibels. */
void scene_painter_flush(struct scene_painter *p);
void scene_painter_finish(struct scene_painter *p);

enum { SCENE_PULSES_MAX = 16384 };

/* Edges of the train under way. */
struct scene_train {
    pulse_us *pulses;
    size_t n;
};

int scene_closeup_init(struct scene_closeup *c);
void scene_closeup_finish(struct scene_closeup *c);

/* The close-up of a burst whose samples are in the pipeline's ring. False: they
 * are not any more. */
bool scene_closeup_take(struct scene_closeup *c, const struct pipeline *p,
                        const struct source_info *info,
                        const struct burst_report *b);
bool scene_closeup_take_pulses(struct scene_closeup *c,
                               const struct scene_train *t,
                               const struct burst_report *b);

/* Hides what could be read as bits, but for the beginning of f, which every frame has; f may
 * be NULL. */
void scene_closeup_redact(struct scene_closeup *c, const struct frame *f,
                          double rate_hz);

#endif
