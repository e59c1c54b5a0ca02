/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/pipeline.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/burst_finder.h"
#include "dsp/convert.h"
#include "dsp/spectrum.h"
#include "src/press.h"
#include "src/receiver.h"

/* Bins of about 2 kHz: a weak fob fills two or three of them. */
#define BIN_HZ 2000.0
enum { HOPS = 8, BINS_MIN = 16, CHUNK = 1024 };
/* Share of a burst's samples at the end stops that is no accident: noise of a
 * sixth of full scale puts one in 1e5 there. */
#define OVERLOAD 1e-3
/* A longer burst is cut: a frame takes 0.1 s, its copies are told apart. */
#define BURST_SECONDS 1.4
/* The ring of raw samples; at high rates the longest burst gets shorter. */
#define RING_BYTES_MAX (40u << 20)
/* Pulses of a burst end at a low of this length. */
#define PULSE_GAP_US 90000
enum { PULSES_MAX = 16384 };
#define PULSE_BURST_US 1500000

struct pipeline {
    struct pipeline_cfg cfg;
    struct pipeline_totals totals;
    size_t sample_bytes;
    struct spectrum spectrum;
    struct burst_finder finders[PIPELINE_BANDS_MAX];
    struct burst_finder *finder; /* of the band under way */
    struct receiver *receiver;
    struct press_grouper grouper;
    float *row;
    unsigned hops; /* blocks in the row so far */
    /* Samples are counted within a stretch that has no gap; it began at start
     * of the input. */
    uint64_t start, stretch;
    uint64_t transformed; /* samples that went through the spectrum */
    uint8_t *ring;        /* raw samples of the stretch */
    size_t ring_samples;
    struct burst *bursts;
    pulse_us *pulses;
    size_t n_pulses;
    uint64_t pulse_at, train_at; /* us: of the next pulse, of the train */
    int64_t train_us;
};

static size_t bins_for(double rate_hz)
{
    size_t n = BINS_MIN;
    while ((double)n * 1.5 < rate_hz / BIN_HZ)
        n *= 2;
    return n;
}

static void frame_out(void *user, const struct frame *f, unsigned press)
{
    struct pipeline *p = user;
    p->totals.frames++;
    if (p->cfg.sink.frame)
        p->cfg.sink.frame(p->cfg.sink.user, f, press);
}

static int create_iq(struct pipeline *p)
{
    const double rate = p->cfg.input.rate_hz;
    const size_t bins = bins_for(rate);
    p->sample_bytes = convert_size(p->cfg.input.format);
    const double most = (double)(RING_BYTES_MAX / p->sample_bytes) / rate;
    struct burst_finder_cfg cfg = { .rate_hz = rate,
                                    .bins = bins,
                                    .hops = HOPS,

                                    .max_seconds = BURST_SECONDS };
    if (most < BURST_SECONDS + 1)
        cfg.max_seconds = fmax(most - 1, 0.25);
    int e = spectrum_init(&p->spectrum, bins);
    for (unsigned i = 0; !e && i < (p->cfg.bands ? p->cfg.bands : 1); i++)
        e = burst_finder_init(&p->finders[i], &cfg);
    if (e)
        return e;
    const size_t rows = burst_finder_memory_rows(p->finder) + 8;
    p->ring_samples = rows * HOPS * bins;
    p->ring = malloc(p->ring_samples * p->sample_bytes);
    p->row = calloc(bins, sizeof *p->row);
    p->bursts = malloc(burst_finder_bound(p->finder) * sizeof *p->bursts);
    if (!p->ring || !p->row || !p->bursts)
        return -ENOMEM;
    const size_t longest = (size_t)(cfg.max_seconds * rate) + 64 * HOPS * bins;
    return receiver_create(&p->receiver, rate, longest);
}

static int create_pulses(struct pipeline *p)
{
    p->pulses = malloc(PULSES_MAX * sizeof *p->pulses);
    if (!p->pulses)
        return -ENOMEM;
    return receiver_create(&p->receiver, 1e6, 0);
}

int pipeline_create(struct pipeline **ret, const struct pipeline_cfg *cfg,
                    struct err *e)
{
    const double rate = cfg->input.rate_hz;
    if (!(rate >= PIPELINE_RATE_MIN_HZ && rate <= PIPELINE_RATE_MAX_HZ))
        return err_set(e, -EINVAL, "a sample rate of %g Hz is not supported",
                       rate);
    struct pipeline *p = calloc(1, sizeof *p);
    if (!p)
        return err_set(e, -ENOMEM, "out of memory");
    assert(cfg->bands <= PIPELINE_BANDS_MAX);
    p->cfg = *cfg;
    p->finder = p->finders;
    press_init(&p->grouper, &(struct press_cfg){ .rate_hz = rate,
                                                 .is_every = cfg->is_every,
                                                 .is_all = cfg->is_all,
                                                 .is_prompt = cfg->is_prompt,
                                                 .frame = frame_out,
                                                 .user = p });
    const int code =
        cfg->input.kind == SOURCE_PULSES ? create_pulses(p) : create_iq(p);
    if (code) {
        pipeline_destroy(p);
        return err_set(e, code, "out of memory");
    }
    *ret = p;
    return 0;
}

void pipeline_destroy(struct pipeline *p)
{
    if (!p)
        return;
    spectrum_finish(&p->spectrum);
    for (size_t i = 0; i < PIPELINE_BANDS_MAX; i++)
        burst_finder_finish(&p->finders[i]);
    receiver_destroy(p->receiver);
    free(p->row);
    free(p->ring);
    free(p->bursts);
    free(p->pulses);
    free(p);
}

static void report(struct pipeline *p, const struct reading *d)
{
    const struct pipeline_sink *sink = &p->cfg.sink;
    if (sink->chips && d->n_chips)
        sink->chips(
            sink->user,
            &(struct chip_report){ .at = d->chips_at,
                                   .modulation = d->report.reception.modulation,
                                   .carrier_hz = d->report.reception.carrier_hz,
                                   .te_us = d->report.te_us,
                                   .llr = d->llr,
                                   .n = d->n_chips });
    for (size_t i = 0; i < d->n; i++)
        press_process(&p->grouper, &d->frames[i]);
    press_settle(&p->grouper);
    p->totals.bursts++;
    if (sink->burst)
        sink->burst(sink->user, &d->report);
}

/* Hands the burst's samples, from the ring, to the receiver. */
static void receive(struct pipeline *p, const struct burst *b)
{
    iq x[CHUNK];
    size_t clipped = 0;
    uint64_t at = b->at;
    const uint64_t oldest =
        p->transformed > p->ring_samples ? p->transformed - p->ring_samples : 0;
    struct burst whole = *b;
    if (at < oldest) {
        whole.samples -= oldest - at;
        whole.at = at = oldest;
    }
    const uint64_t end = whole.at + whole.samples;
    whole.at += p->start;
    whole.seen_at += p->start;
    receiver_begin(p->receiver, &whole);
    while (at < end) {
        const size_t place = at % p->ring_samples;
        size_t n = end - at < CHUNK ? (size_t)(end - at) : CHUNK;
        n = n < p->ring_samples - place ? n : p->ring_samples - place;
        const uint8_t *raw = p->ring + place * p->sample_bytes;
        convert_to_iq(p->cfg.input.format, raw, n, x);
        clipped += convert_count_clipped(p->cfg.input.format, raw, n);
        receiver_push(p->receiver, x, n);
        at += n;
    }
    const bool is_overload = (double)clipped > OVERLOAD * (double)whole.samples;
    report(p, receiver_end(p->receiver, is_overload));
}

static bool comes_first(const struct burst *a, const struct burst *b)
{
    return a->at < b->at + b->samples && b->at < a->at + a->samples &&
           a->snr_db > b->snr_db;
}

/* Of bursts at the same time the strongest first: others may be its images. Each
 * goes before the first that it outshines. */
static void order(struct burst *b, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const struct burst it = b[i];
        size_t at = 0;
        while (at < i && !comes_first(&it, &b[at]))
            at++;
        memmove(b + at + 1, b + at, (i - at) * sizeof *b);
        b[at] = it;
    }
}

static void receive_all(struct pipeline *p, size_t n)
{
    order(p->bursts, n);
    for (size_t i = 0; i < n; i++)
        receive(p, &p->bursts[i]);
    press_advance(&p->grouper, p->start + burst_finder_settled(p->finder) *
                                              p->spectrum.n * HOPS);
}

/* One block of the spectrum, from the ring; it never wraps: the ring is a whole
 * number of blocks. */
static void transform(struct pipeline *p)
{
    const size_t bins = p->spectrum.n;
    const uint8_t *raw =
        p->ring + p->transformed % p->ring_samples * p->sample_bytes;
    convert_to_iq(p->cfg.input.format, raw, bins, spectrum_input(&p->spectrum));
    spectrum_add(&p->spectrum, p->row);
    p->transformed += bins;
    if (++p->hops < HOPS)
        return;
    p->hops = 0;
    const size_t n = burst_finder_process(p->finder, p->row, p->bursts);
    memset(p->row, 0, bins * sizeof *p->row);
    receive_all(p, n);
}

void pipeline_process(struct pipeline *p, const void *samples, size_t n)
{
    const uint8_t *in = samples;
    while (n) {
        /* the transform follows at once: never more than a block ahead */
        const size_t place = (size_t)(p->stretch % p->ring_samples);
        const size_t ahead = (size_t)(p->stretch - p->transformed);
        size_t k = p->spectrum.n - ahead;
        k = k < n ? k : n;
        memcpy(p->ring + place * p->sample_bytes, in, k * p->sample_bytes);
        p->totals.samples += k;
        p->stretch += k;
        in += k * p->sample_bytes;
        n -= k;
        if (p->stretch - p->transformed == p->spectrum.n)
            transform(p);
    }
}

static void end_train(struct pipeline *p)
{
    if (p->n_pulses > 4)
        report(p, receiver_pulses(p->receiver, p->train_at, p->pulses,
                                  p->n_pulses, p->cfg.input.modulation));
    p->n_pulses = 0;
    p->train_us = 0;
    press_advance(&p->grouper, p->pulse_at);
}

void pipeline_process_pulses(struct pipeline *p, const pulse_us *pulses,
                             size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const int64_t us = pulses[i] > 0 ? pulses[i] : -(int64_t)pulses[i];
        const bool is_gap = pulses[i] < 0 && us > PULSE_GAP_US;
        if (p->n_pulses == 0)
            p->train_at = p->pulse_at;
        p->pulse_at += (uint64_t)us;
        if (!is_gap && !(p->n_pulses == 0 && pulses[i] < 0)) {
            p->pulses[p->n_pulses++] = pulses[i];
            p->train_us += us;
        }
        if (is_gap || p->n_pulses == PULSES_MAX ||
            (p->train_us > PULSE_BURST_US && us > 5000))
            end_train(p);
    }
    p->totals.samples = p->pulse_at;
}

/* A burst that runs into the end has the last samples too. A live receiver's own
 * carriers are told from bursts by half a second of them; a recording may be all
 * there is, and shorter. */
static void flush_samples(struct pipeline *p)
{
    const size_t bins = p->spectrum.n;
    size_t n = 0;
    if (p->cfg.input.is_live && !burst_finder_is_settled(p->finder))
        return;
    if (p->hops) {
        burst_finder_complete(p->finder, p->row, p->hops);
        n = burst_finder_process(p->finder, p->row, p->bursts);
        memset(p->row, 0, bins * sizeof *p->row);
        p->hops = 0;
    }
    receive_all(p, n);
    n = burst_finder_flush(p->finder, p->bursts);
    for (size_t i = 0; i < n; i++) {
        struct burst *b = &p->bursts[i];
        const uint64_t end = p->stretch;
        if (b->at + b->samples + bins * HOPS > end)
            b->samples = end - b->at;
        if (b->seen_at + b->seen_samples > end)
            b->seen_samples = end - b->seen_at;
    }
    receive_all(p, n);
}

void pipeline_flush(struct pipeline *p)
{
    if (p->cfg.input.kind == SOURCE_PULSES)
        end_train(p);
    else
        flush_samples(p);
    press_flush(&p->grouper);
}

/* Ends what is open, and begins a new stretch n samples after the last. */
static void begin_stretch(struct pipeline *p, uint64_t n)
{
    flush_samples(p);
    burst_finder_reset(p->finder);
    p->start += p->stretch + n;
    p->stretch = p->transformed = 0;
}

void pipeline_cut(struct pipeline *p)
{
    flush_samples(p);
}

void pipeline_skip(struct pipeline *p, uint64_t n)
{
    assert(p->cfg.input.kind == SOURCE_IQ);
    begin_stretch(p, n);
}

void pipeline_lose(struct pipeline *p, uint64_t n)
{
    pipeline_skip(p, n);
    p->totals.lost += n;
}

void pipeline_lose_late(struct pipeline *p, uint64_t n)
{
    p->start += n;
    p->totals.lost += n;
}

void pipeline_select(struct pipeline *p, unsigned band)
{
    assert(band == 0 || band < p->cfg.bands);
    begin_stretch(p, 0);
    press_flush(&p->grouper); /* what is heard there is no copy of this */
    p->finder = &p->finders[band];
    burst_finder_reset(p->finder);
}

bool pipeline_is_busy(const struct pipeline *p)
{
    return burst_finder_is_busy(p->finder);
}

double pipeline_busy_hz(const struct pipeline *p)
{
    return burst_finder_busy_hz(p->finder);
}

bool pipeline_is_settled(const struct pipeline *p)
{
    return burst_finder_is_settled(p->finder);
}

/* The DC spur of a receiver is as wide as this. */
#define OWN_HZ 10e3

struct pipeline_floor pipeline_floor(const struct pipeline *p)
{
    const double rate = p->cfg.input.rate_hz;
    const double bin_hz = rate / (double)p->spectrum.n;
    struct noise_floor_view v;
    if (!burst_finder_is_settled(p->finder))
        return (struct pipeline_floor){ .noise_dbfs = NAN };
    v = burst_finder_floor(p->finder, (size_t)(OWN_HZ / bin_hz));
    return (struct pipeline_floor){
        .noise_dbfs = 10 * log10((double)v.usual),
        .steady_hz = (double)v.bin * bin_hz - rate / 2,
        .steady_db = 10 * log10((double)(v.highest / v.usual)),
    };
}

uint64_t pipeline_position(const struct pipeline *p)
{
    return p->start + p->stretch;
}

uint64_t pipeline_oldest(const struct pipeline *p)
{
    return p->stretch > p->ring_samples
               ? p->start + p->stretch - p->ring_samples
               : p->start;
}

bool pipeline_copy_raw(const struct pipeline *p, uint64_t at, size_t n,
                       void *out)
{
    uint8_t *to = out;
    if (at < pipeline_oldest(p) || at > pipeline_position(p) ||
        n > pipeline_position(p) - at)
        return false;
    at -= p->start;
    while (n) {
        const size_t place = (size_t)(at % p->ring_samples);
        const size_t room = p->ring_samples - place;
        const size_t k = n < room ? n : room;
        memcpy(to, p->ring + place * p->sample_bytes, k * p->sample_bytes);
        to += k * p->sample_bytes;
        at += k;
        n -= k;
    }
    return true;
}

struct pipeline_totals pipeline_totals(const struct pipeline *p)
{
    return p->totals;
}
