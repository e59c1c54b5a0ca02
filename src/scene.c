/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/scene.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "src/playback.h"
#include "src/scene_impl.h"

enum {
    BLOCK = 16384,
    TRAIN_GAP_US = 90000, /* PULSE_GAP_US of the pipeline */
};

/* A burst must be so much clearer to take the place of one that is close up: the
 * first press is as good as the fifth. */
#define CLEARER_DB 3.0

/* One pass over a source. */
struct reading {
    struct scene *scene;
    const struct scene_cfg *cfg;
    struct pipeline *pipeline;
    struct scene_painter painter;
    struct scene_train train;
    uint64_t end; /* samples; pulses: us */
    void *block;
};

static void on_frame(void *user, const struct frame *f, unsigned press)
{
    struct reading *r = user;
    struct scene *s = r->scene;
    struct scene_press *last =
        s->n_presses > 0 ? &s->press[s->n_presses - 1] : NULL;

    if (last != NULL && last->number == press) {
        if (f->confidence > last->frame.confidence)
            last->frame = *f;
    } else if (s->n_presses < SCENE_PRESSES_MAX) {
        s->press[s->n_presses++] =
            (struct scene_press){ .number = press, .frame = *f };
    } else {
        s->presses_left_out++;
    }
}

/* A frame before none, then what is clearer. */
static bool is_better(const struct scene *s, const struct burst_report *b)
{
    const struct burst_report *old = &s->closeup.burst;

    if (!s->has_closeup)
        return true;
    if ((b->n_frames > 0) != (old->n_frames > 0))
        return b->n_frames > 0;
    return b->reception.snr_db > old->reception.snr_db + CLEARER_DB;
}

static void on_burst(void *user, const struct burst_report *b)
{
    struct reading *r = user;
    struct scene *s = r->scene;
    const double rate = s->info.rate_hz;

    if (s->n_bursts < SCENE_BURSTS_MAX)
        s->burst[s->n_bursts++] = (struct scene_burst){
            .start_s = (double)b->at / rate,
            .end_s = (double)(b->at + b->samples) / rate,
            .low_hz = b->reception.carrier_hz - b->bandwidth_hz / 2,
            .high_hz = b->reception.carrier_hz + b->bandwidth_hz / 2,
            .snr_db = b->reception.snr_db,
            .has_frame = b->n_frames > 0,
        };
    else
        s->bursts_left_out++;
    if (!is_better(s, b))
        return;
    s->has_closeup |=
        s->info.kind == SOURCE_PULSES
            ? scene_closeup_take_pulses(&s->closeup, &r->train, b)
            : scene_closeup_take(&s->closeup, r->pipeline, &s->info, b);
}

/* One by one: the train holds what the pipeline's burst does. */
static void push_pulses(struct reading *r, const pulse_us *pulses, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const uint64_t bursts = pipeline_totals(r->pipeline).bursts;

        const bool is_gap = pulses[i] < -TRAIN_GAP_US;

        if (r->train.n < SCENE_PULSES_MAX && !is_gap &&
            (r->train.n > 0 || pulses[i] > 0))
            r->train.pulses[r->train.n++] = pulses[i];
        pipeline_process_pulses(r->pipeline, &pulses[i], 1);
        r->end += (uint64_t)llabs((long long)pulses[i]);
        if (is_gap || pipeline_totals(r->pipeline).bursts > bursts)
            r->train.n = 0;
    }
}

static void push_samples(struct reading *r, struct source *s, size_t n)
{
    const struct source_gap gap = source_gap(s);

    scene_painter_skip(&r->painter, gap.lost + gap.skipped);
    scene_painter_process(&r->painter, r->block, n);
    if (gap.lost > 0)
        pipeline_lose(r->pipeline, gap.lost);
    if (gap.skipped > 0)
        pipeline_skip(r->pipeline, gap.skipped);
    pipeline_process(r->pipeline, r->block, n);
    r->end = pipeline_position(r->pipeline);
}

static int read_all(struct reading *r, struct source *s, struct err *e)
{
    const bool is_pulses = r->scene->info.kind == SOURCE_PULSES;
    ssize_t n;

    for (;;) {
        n = is_pulses ? source_read_pulses(s, r->block, BLOCK, e)
                      : source_read(s, r->block, BLOCK, e);
        if (r->cfg->stop != NULL && *r->cfg->stop)
            return err_set(e, -EINTR, "%s: stopped", source_name(s));
        if (n == 0)
            break;
        if (n < 0 && n != -EINTR)
            return (int)n;
        if (n > 0 && is_pulses)
            push_pulses(r, r->block, (size_t)n);
        else if (n > 0)
            push_samples(r, s, (size_t)n);
        if (r->cfg->progress != NULL)
            progress_update(r->cfg->progress, r->end);
    }
    pipeline_flush(r->pipeline);
    if (!is_pulses)
        scene_painter_flush(&r->painter);
    return 0;
}

static int reading_init(struct reading *r, struct source *s, struct err *e)
{
    const struct pipeline_cfg cfg = {
        .input = r->scene->info,
        .sink = { .user = r, .frame = on_frame, .burst = on_burst },
    };
    struct err why = { "" };
    int status = pipeline_create(&r->pipeline, &cfg, &why);

    if (status < 0)
        return err_set(e, status, "%s: %s", source_name(s), why.text);
    if (cfg.input.kind == SOURCE_IQ)
        status = scene_painter_init(&r->painter, &r->scene->grid, &cfg.input,
                                    r->cfg->is_full);
    r->block = malloc((size_t)BLOCK * PLAYBACK_BYTES);
    r->train.pulses = malloc(SCENE_PULSES_MAX * sizeof *r->train.pulses);
    r->scene->press = malloc(SCENE_PRESSES_MAX * sizeof *r->scene->press);
    if (status == 0)
        status = scene_closeup_init(&r->scene->closeup);
    if (status < 0 || r->block == NULL || r->train.pulses == NULL ||
        r->scene->press == NULL)
        return err_set(e, -ENOMEM, "out of memory");
    return 0;
}

/* The first frame in the burst that is close up. */
static const struct frame *closeup_frame(const struct scene *s)
{
    const struct burst_report *b = &s->closeup.burst;

    for (size_t i = 0; i < s->n_presses; i++) {
        const struct frame *f = &s->press[i].frame;

        if (f->at + f->samples > b->at && f->at < b->at + b->samples)
            return f;
    }
    return NULL;
}

int scene_create(struct scene **ret, struct source *s,
                 const struct scene_cfg *cfg, struct err *e)
{
    struct reading r = { .cfg = cfg };
    int status;

    r.scene = calloc(1, sizeof *r.scene);
    if (r.scene == NULL)
        return err_set(e, -ENOMEM, "out of memory");
    r.scene->info = *source_info(s);
    status = reading_init(&r, s, e);
    if (status == 0)
        status = read_all(&r, s, e);
    if (status == 0) {
        r.scene->totals = pipeline_totals(r.pipeline);
        r.scene->duration_s = (double)r.end / r.scene->info.rate_hz;
        if (!cfg->is_full && r.scene->has_closeup)
            scene_closeup_redact(&r.scene->closeup, closeup_frame(r.scene),
                                 r.scene->info.rate_hz);
        *ret = r.scene;
    } else {
        scene_destroy(r.scene);
    }
    scene_painter_finish(&r.painter);
    pipeline_destroy(r.pipeline);
    free(r.train.pulses);
    free(r.block);
    return status;
}

void scene_destroy(struct scene *s)
{
    if (s == NULL)
        return;
    free(s->grid.power_dbfs);
    free(s->press);
    scene_closeup_finish(&s->closeup);
    free(s);
}
