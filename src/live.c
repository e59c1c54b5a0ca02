/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/live.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/convert.h"
#include "src/hopper.h"

enum {
    BLOCK = 16384, /* samples a read at most */
    HELD_MAX = 16, /* frames and bursts that may be harmonics */
    SAMPLE_BYTES_MAX = 8,
};

#define GAIN_STEP_DB 7.0
/* One press is one step: its bursts end at different times. */
#define GAIN_STEP_SECONDS 0.5
/* Stronger than a burst can be: more than so many samples at the end stops over
 * so long. */
#define CLIPPED_SHARE   0.05
#define CLIPPED_SECONDS 1.5
/* The DC spur and its 1/f noise are tuned away from the carrier by so much, or by
 * a fifth of the rate where that is less: 50 kHz at 250 kS/s, beyond the tones of
 * an FSK fob (Continental: 30 kHz). */
#define OFFSET_HZ    200e3
#define OFFSET_SHARE 5
/* A frame that may be a harmonic is held no longer. */
#define HELD_SECONDS 1.0

/* A frame or a burst. */
struct held {
    bool is_burst;
    struct burst_report burst;
    struct frame frame;
    unsigned press;
    uint64_t at;
    double hz;
    double centre_hz, gain_db;
};

struct live {
    struct source *source;
    struct pipeline *pipeline;
    struct hopper hopper;
    struct pipeline_sink sink;
    struct live_events events;
    double gain_db;
    bool is_automatic; /* gain */
    double seconds;    /* 0: no end */
    bool has_told_slow;
    uint64_t stepped;          /* position of the last step of gain */
    uint64_t clipped, counted; /* samples, within CLIPPED_SECONDS */
    struct held held[HELD_MAX];
    size_t n_held;
    uint8_t block[BLOCK * SAMPLE_BYTES_MAX];
};

double live_offset_hz(double rate_hz)
{
    return fmin(OFFSET_HZ, rate_hz / OFFSET_SHARE);
}

static void tell_tuned(const struct live *l, double centre_hz, double gain_db)
{
    if (l->events.tuned != NULL)
        l->events.tuned(l->events.user, centre_hz, gain_db);
}

static void tell_warning(const struct live *l)
{
    const char *sentence = source_warning(l->source);
    if (sentence != NULL && l->events.warning != NULL)
        l->events.warning(l->events.user, sentence);
}

/* A step down, unless the last one is too young to have shown. */
static void on_overload(struct live *l)
{
    const uint64_t now = pipeline_position(l->pipeline);
    double gain_db = l->gain_db - GAIN_STEP_DB;
    bool is_lower = false;

    if (l->stepped > 0 &&
        (double)(now - l->stepped) < GAIN_STEP_SECONDS * live_info(l)->rate_hz)
        return;
    l->stepped = now;
    if (l->is_automatic && l->gain_db > 0)
        is_lower = source_set_gain(l->source, &gain_db, NULL) == 0 &&
                   gain_db < l->gain_db;
    if (is_lower)
        l->gain_db = gain_db;
    if (l->events.overload != NULL)
        l->events.overload(l->events.user, l->gain_db, is_lower);
    if (is_lower)
        tell_tuned(l, live_centre_hz(l), l->gain_db);
}

static void on_chips(void *user, const struct chip_report *c)
{
    struct live *l = user;

    l->sink.chips(l->sink.user, c);
}

static void pass_on(const struct live *l, const struct held *h)
{
    if (h->is_burst && l->sink.burst != NULL)
        l->sink.burst(l->sink.user, &h->burst);
    if (!h->is_burst && l->sink.frame != NULL)
        l->sink.frame(l->sink.user, &h->frame, h->press);
}

static void leave_out(const struct live *l, double hz)
{
    if (l->events.harmonic != NULL)
        l->events.harmonic(l->events.user, hz);
}

/* Passes it on, keeps it, or leaves it out. */
static void sift(struct live *l, struct held *h, double carrier_hz)
{
    enum hopper_harmonic harmonic = HOPPER_NO;

    h->centre_hz = live_centre_hz(l);
    h->gain_db = l->gain_db;
    h->hz = h->centre_hz + carrier_hz;
    if (l->hopper.cfg.bands > 1)
        harmonic = hopper_is_harmonic(&l->hopper, h->hz, h->at);
    if (harmonic == HOPPER_YES)
        leave_out(l, h->hz);
    else if (harmonic == HOPPER_PERHAPS && l->n_held < HELD_MAX)
        l->held[l->n_held++] = *h;
    else
        pass_on(l, h);
}

static void on_burst(void *user, const struct burst_report *b)
{
    struct held h = { .is_burst = true, .burst = *b, .at = b->at };
    struct live *l = user;

    sift(l, &h, b->reception.carrier_hz);
    if (b->reception.is_overload && live_info(l)->is_live)
        on_overload(l);
}

static void on_frame(void *user, const struct frame *f, unsigned press)
{
    struct held h = { .frame = *f, .press = press, .at = f->at };

    sift(user, &h, f->reception.carrier_hz);
}

/* What is held goes out, or is left out, when the other band has been looked at;
 * is_last: now. */
static void settle_held(struct live *l, bool is_last)
{
    const uint64_t now = pipeline_position(l->pipeline);
    size_t n = 0;

    for (size_t i = 0; i < l->n_held; i++) {
        const struct held *h = &l->held[i];
        const double age_s = (double)(now - h->at) / live_info(l)->rate_hz;
        const enum hopper_harmonic harmonic =
            hopper_is_harmonic(&l->hopper, h->hz, h->at);

        if (harmonic == HOPPER_PERHAPS && age_s < HELD_SECONDS && !is_last) {
            l->held[n++] = *h;
        } else if (harmonic == HOPPER_YES) {
            leave_out(l, h->hz);
        } else {
            /* the listener reckons with the centre it was told */
            tell_tuned(l, h->centre_hz, h->gain_db);
            pass_on(l, h);
            tell_tuned(l, live_centre_hz(l), l->gain_db);
        }
    }
    l->n_held = n;
}

static void set_bands(struct live *l, const struct options *o)
{
    struct options all = *o;
    struct hopper_cfg cfg = { .bands = 1 };

    if (o->n_bands == 0 && !isnan(o->centre_hz)) {
        cfg.band_hz[0] = o->centre_hz;
    } else {
        if (o->n_bands == 0)
            options_all_bands(&all);
        cfg.bands = (unsigned)all.n_bands;
        memcpy(cfg.band_hz, all.band_hz, sizeof cfg.band_hz);
    }
    cfg.rate_hz = o->rate_hz > 0 ? o->rate_hz : LIVE_RATE_HZ;
    hopper_init(&l->hopper, &cfg);
}

static int open_source(struct live *l, const struct options *o,
                       const volatile sig_atomic_t *stop, struct err *e)
{
    const char *device = o->device != NULL ? o->device : "0";
    const bool is_device = source_is_device(device);
    const double rate = l->hopper.cfg.rate_hz;
    const struct source_tuning t = {
        .rate_hz = is_device ? rate : o->rate_hz,
        .centre_hz = is_device ? l->hopper.cfg.band_hz[0] - live_offset_hz(rate)
                               : o->centre_hz,
        .gain_db = l->gain_db,
        .ppm = o->ppm,
        .is_reconnecting = o->is_reconnecting,
        .stop = stop,
        .talk = l->events.talk,
        .user = l->events.user,
    };
    int status;

    if (!is_device && (o->n_bands > 0 || !isnan(o->gain_db) || o->ppm != 0 ||
                       o->is_reconnecting))
        return err_set(e, -EINVAL,
                       "%s: a recording has no --band, --gain, --ppm or "
                       "--reconnect",
                       device);
    status = source_open_device(&l->source, device, &t, e);
    if (status < 0)
        return status;
    if (live_info(l)->kind != SOURCE_IQ)
        return err_set(e, -EINVAL,
                       "%s: has pulses, no samples; fobscope decode reads it",
                       device);
    l->hopper.cfg.rate_hz = live_info(l)->rate_hz;
    l->hopper.cfg.settle_s = live_info(l)->settle_s;
    l->gain_db = is_device ? live_info(l)->gain_db : NAN;
    if (!is_device)
        l->hopper.cfg.bands = 1;
    return 0;
}

static int open_all(struct live *l, const struct options *o,
                    const volatile sig_atomic_t *stop, struct err *e)
{
    struct pipeline_cfg cfg = {
        .is_every = o->is_every,
        .is_all = o->is_all,
        .is_prompt = true,
        .sink = { .user = l, .frame = on_frame, .burst = on_burst },
    };
    int status;

    set_bands(l, o);
    status = open_source(l, o, stop, e);
    if (status < 0)
        return status;
    cfg.input = *live_info(l);
    cfg.bands = l->hopper.cfg.bands;
    if (l->sink.chips != NULL)
        cfg.sink.chips = on_chips;
    status = pipeline_create(&l->pipeline, &cfg, e);
    if (status < 0)
        return status;
    tell_warning(l);
    tell_tuned(l, live_centre_hz(l), l->gain_db);
    return 0;
}

int live_open(struct live **ret, const struct options *o,
              const struct pipeline_sink *sink,
              const struct live_events *events,
              const volatile sig_atomic_t *stop, struct err *e)
{
    struct live *l = calloc(1, sizeof *l);
    int status;

    if (l == NULL)
        return err_set(e, -ENOMEM, "out of memory");
    l->sink = *sink;
    l->events = *events;
    l->is_automatic = isnan(o->gain_db);
    l->gain_db = l->is_automatic ? LIVE_GAIN_DB : o->gain_db;
    l->seconds = o->seconds;
    status = open_all(l, o, stop, e);
    if (status < 0) {
        live_close(l);
        return status;
    }
    *ret = l;
    return 0;
}

static void tell_lost(const struct live *l, uint64_t at, uint64_t n)
{
    if (l->events.lost != NULL)
        l->events.lost(l->events.user, at, n);
}

/* Positions that are missing, in the order in which they would have come. beyond:
 * samples that were read since the last that was processed. */
static void pass_gap(struct live *l, uint64_t beyond)
{
    const struct source_gap gap = source_gap(l->source);
    const uint64_t now = pipeline_position(l->pipeline);

    if (gap.is_slow && !l->has_told_slow && l->events.warning != NULL)
        l->events.warning(l->events.user,
                          "samples come more slowly than time passes: the "
                          "server or the network may lose some all the time");
    l->has_told_slow |= gap.is_slow;
    if (gap.late > 0 && gap.ago >= beyond) {
        const uint64_t ago = gap.ago - beyond;

        tell_lost(l, now - (ago < now ? ago : now), gap.late);
        pipeline_lose_late(l->pipeline, gap.late);
    }
    if (beyond > 0)
        return;
    if (gap.lost > 0) {
        tell_lost(l, now + gap.late, gap.lost);
        pipeline_lose(l->pipeline, gap.lost);
    }
    if (gap.skipped > 0)
        pipeline_skip(l->pipeline, gap.skipped);
}

static void count_clipped(struct live *l, size_t n)
{
    l->clipped += convert_count_clipped(live_info(l)->format, l->block, n);
    l->counted += n;
    if ((double)l->counted < CLIPPED_SECONDS * live_info(l)->rate_hz)
        return;
    if ((double)l->clipped > CLIPPED_SHARE * (double)l->counted)
        on_overload(l);
    l->clipped = l->counted = 0;
}

static int hop(struct live *l, struct err *e)
{
    const double rate = live_info(l)->rate_hz;
    const struct hopper_view view = {
        .now = pipeline_position(l->pipeline),
        .is_settled = pipeline_is_settled(l->pipeline),
        .is_busy = pipeline_is_busy(l->pipeline),
        .busy_hz = live_centre_hz(l) + pipeline_busy_hz(l->pipeline),
    };
    const int band = hopper_next(&l->hopper, &view);
    int status;

    settle_held(l, false);
    if (band < 0)
        return 0;
    /* what is open ends with the centre it belongs to */
    pipeline_cut(l->pipeline);
    if (l->events.leaving != NULL)
        l->events.leaving(l->events.user);
    pipeline_select(l->pipeline, (unsigned)band);
    status = source_tune(l->source,
                         l->hopper.cfg.band_hz[band] - live_offset_hz(rate), e);
    if (status < 0)
        return status;
    hopper_tuned(&l->hopper, (unsigned)band, view.now);
    tell_warning(l);
    tell_tuned(l, live_centre_hz(l), l->gain_db);
    return 0;
}

int live_step(struct live *l, struct err *e)
{
    const double rate = live_info(l)->rate_hz;
    size_t room = BLOCK;
    ssize_t n;

    if (l->seconds > 0) {
        const double left =
            l->seconds * rate - (double)pipeline_position(l->pipeline);

        if (left < 1)
            return 0;
        room = left < BLOCK ? (size_t)left : BLOCK;
    }
    n = source_read(l->source, l->block, room, e);
    pass_gap(l, 0);
    if (n <= 0)
        return (int)n;
    if (live_info(l)->is_live)
        count_clipped(l, (size_t)n);
    pipeline_process(l->pipeline, l->block, (size_t)n);
    if (l->hopper.cfg.bands > 1) {
        const int status = hop(l, e);

        if (status < 0)
            return status;
    }
    return 1;
}

/* What was received before the end, and what is known only now to be missing. */
static void drain(struct live *l)
{
    const double rate = live_info(l)->rate_hz;
    uint64_t beyond = 0; /* samples received after the last that was wanted */
    ssize_t n;

    source_stop(l->source);
    while ((n = source_read(l->source, l->block, BLOCK, NULL)) > 0 ||
           n == -EINTR) {
        const uint64_t now = pipeline_position(l->pipeline);
        const double left =
            l->seconds > 0 ? l->seconds * rate - (double)now : (double)BLOCK;
        const size_t k = left < 1               ? 0
                         : left < (double)BLOCK ? (size_t)left
                                                : BLOCK;

        if (n == -EINTR)
            continue;
        pass_gap(l, beyond);
        if (k > 0)
            pipeline_process(l->pipeline, l->block,
                             k < (size_t)n ? k : (size_t)n);
        beyond += (size_t)n > k ? (size_t)n - k : 0;
    }
    pass_gap(l, beyond);
}

void live_finish(struct live *l)
{
    if (live_info(l)->is_live)
        drain(l);
    pipeline_flush(l->pipeline);
    settle_held(l, true);
}

uint64_t live_position(const struct live *l)
{
    return pipeline_position(l->pipeline);
}

struct pipeline_totals live_totals(const struct live *l)
{
    return pipeline_totals(l->pipeline);
}

const struct pipeline *live_pipeline(const struct live *l)
{
    return l->pipeline;
}

const struct source_info *live_info(const struct live *l)
{
    return source_info(l->source);
}

double live_centre_hz(const struct live *l)
{
    return live_info(l)->centre_hz;
}

double live_gain_db(const struct live *l)
{
    return l->gain_db;
}

double live_start_time(const struct live *l)
{
    return source_start_time(l->source);
}

unsigned live_bands(const struct live *l)
{
    return l->hopper.cfg.bands;
}

double live_band_hz(const struct live *l, unsigned band)
{
    return l->hopper.cfg.band_hz[band];
}

double live_press_seconds(const struct live *l)
{
    return hopper_press_seconds(&l->hopper);
}

double live_keep_to(struct live *l, double hz)
{
    return hopper_keep_to(&l->hopper, hz);
}

const char *live_warning(const struct live *l)
{
    return live_info(l)->is_live ? NULL : source_warning(l->source);
}

void live_close(struct live *l)
{
    if (l == NULL)
        return;
    pipeline_destroy(l->pipeline);
    source_close(l->source);
    free(l);
}
