/* scene_closeup - one burst close up: its level over time, its spectrum, how long
 * it is on and off.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/scene_impl.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/convert.h"

/* Before and behind a burst. */
#define MARGIN_S 3e-3
/* Longer than any frame, and no longer than can be seen in a picture. */
#define SPAN_S 0.3
/* What the narrow samples hold besides the modulation. */
#define ROOM_HZ 10e3
/* Chips are drawn with so many points; without a chip clock a point is a fifth of
 * the shortest chip of any known format, some 250 us. */
#define POINTS_A_CHIP 8.0
#define STEP_S        50e-6
/* On the screen: from the carrier to either side at least. */
#define SIDE_HZ 60e3
#define BIN_HZ  500.0
enum { BINS_MIN = 64, CHUNK = 4096, NARROW_MAX = 1 << 17 };

/* Edges of a carrier that is weaker than this, in the narrow band, are noise. */
#define EDGES_DB 15.0
/* Schmitt trigger around half the amplitude, a quarter of the power. */
#define UP_SHARE   0.32
#define DOWN_SHARE 0.18
/* And around the middle of two tones, in shares of the deviation. */
#define TONE_SHARE 0.3

/* The burst at its carrier, at a narrow rate. */
struct narrow {
    iq *x;
    size_t n, decimation;
    double rate_hz;
};

/* What one pass over the samples needs. */
struct pass {
    const struct pipeline *p;
    const struct source_info *info;
    double carrier_hz;
    uint64_t from, to;
    struct narrow narrow;
    double complex sum, phasor, turn;
    size_t summed;
    struct spectrum spectrum;
    float *bins;
    size_t filled, blocks;
};

int scene_closeup_init(struct scene_closeup *c)
{
    c->level_dbfs = malloc(SCENE_POINTS_MAX * sizeof *c->level_dbfs);
    c->power_dbfs = malloc(SCENE_BINS_MAX * sizeof *c->power_dbfs);
    c->high_us = malloc(SCENE_LENGTHS_MAX * sizeof *c->high_us);
    c->low_us = malloc(SCENE_LENGTHS_MAX * sizeof *c->low_us);
    return c->level_dbfs && c->power_dbfs && c->high_us && c->low_us ? 0
                                                                     : -ENOMEM;
}

void scene_closeup_finish(struct scene_closeup *c)
{
    free(c->level_dbfs);
    free(c->power_dbfs);
    free(c->high_us);
    free(c->low_us);
}

/* What holds nearly all of a keyed carrier: three lobes to either side. */
static double width_hz(const struct burst_report *b)
{
    return b->te_us > 0
               ? ROOM_HZ + 2 * b->reception.deviation_hz + 6e6 / b->te_us
               : fmax(1.5 * b->bandwidth_hz, ROOM_HZ);
}

/* Boxcar: what lies next to the fob is damped, and edges stay where they are. */
static void narrow_push(struct pass *a, iq sample)
{
    a->sum += (double complex)sample * a->phasor;
    a->phasor *= a->turn;
    if (++a->summed < a->narrow.decimation)
        return;
    if (a->narrow.n < NARROW_MAX)
        a->narrow.x[a->narrow.n++] =
            (iq)(a->sum / (double)a->narrow.decimation);
    a->sum = 0;
    a->summed = 0;
    a->phasor /= cabs(a->phasor);
}

static void spectrum_push(struct pass *a, iq sample)
{
    spectrum_input(&a->spectrum)[a->filled++] = sample;
    if (a->filled < a->spectrum.n)
        return;
    spectrum_add(&a->spectrum, a->bins);
    a->filled = 0;
    a->blocks++;
}

/* False: samples are gone. */
static bool read_samples(struct pass *a)
{
    unsigned char raw[CHUNK * 8]; /* of the largest samples, cf32 */
    iq x[CHUNK];

    for (uint64_t at = a->from; at < a->to;) {
        const uint64_t left = a->to - at;
        const size_t n = left < CHUNK ? (size_t)left : CHUNK;

        if (!pipeline_copy_raw(a->p, at, n, raw))
            return false;
        convert_to_iq(a->info->format, raw, n, x);
        for (size_t i = 0; i < n; i++) {
            narrow_push(a, x[i]);
            spectrum_push(a, x[i]);
        }
        at += n;
    }
    return true;
}

static size_t bins_for(double rate_hz)
{
    size_t n = BINS_MIN;

    while (n < SCENE_BINS_MAX && (double)n < rate_hz / BIN_HZ)
        n *= 2;
    return n;
}

static bool pass_init(struct pass *a, const struct burst_report *b,
                      uint64_t edge)
{
    const double rate = a->info->rate_hz;
    const uint64_t margin = (uint64_t)(MARGIN_S * rate);
    const uint64_t oldest = pipeline_oldest(a->p);
    const uint64_t newest = pipeline_position(a->p);

    a->from = edge > oldest + margin ? edge - margin : oldest;
    a->to = b->at + b->samples + margin;
    a->to = a->to < newest ? a->to : newest;
    if (a->to <= a->from)
        return false;
    if (a->to - a->from > (uint64_t)(SPAN_S * rate))
        a->to = a->from + (uint64_t)(SPAN_S * rate);
    a->carrier_hz = b->reception.carrier_hz;
    a->phasor = 1;
    a->turn = cexp(-2 * M_PI * I * a->carrier_hz / rate);
    a->narrow.decimation = (size_t)fmax(floor(rate / (2 * width_hz(b))), 1);
    while ((a->to - a->from) / a->narrow.decimation > NARROW_MAX)
        a->narrow.decimation++;
    a->narrow.rate_hz = rate / (double)a->narrow.decimation;
    a->narrow.x = malloc(NARROW_MAX * sizeof *a->narrow.x);
    a->bins = calloc(bins_for(rate), sizeof *a->bins);
    return a->narrow.x != NULL && a->bins != NULL &&
           spectrum_init(&a->spectrum, bins_for(rate)) == 0;
}

static void pass_finish(struct pass *a)
{
    spectrum_finish(&a->spectrum);
    free(a->bins);
    free(a->narrow.x);
}

static void take_spectrum(struct scene_closeup *c, const struct pass *a,
                          const struct burst_report *b)
{
    const size_t n = a->spectrum.n;
    const double bin = a->info->rate_hz / (double)n;
    const double side = fmax(SIDE_HZ, 1.5 * width_hz(b));
    /* 1.5 bins: HANN_BINS of scene_grid.c */
    const double scale = 1.5 / (double)n / fmax((double)a->blocks, 1);

    c->n_bins = 0;
    c->step_hz = bin;
    for (size_t i = 0; i < n && a->blocks > 0; i++) {
        const double hz = ((double)i - (double)n / 2) * bin - a->carrier_hz;

        if (fabs(hz) > side)
            continue;
        if (c->n_bins == 0)
            c->first_hz = hz;
        c->power_dbfs[c->n_bins++] =
            (float)(10 * log10(scale * (double)a->bins[i]));
    }
}

static double power_of(iq x)
{
    const double re = (double)crealf(x), im = (double)cimagf(x);

    return re * re + im * im;
}

static double strongest(const struct narrow *x)
{
    double most = 0;

    for (size_t i = 0; i < x->n; i++)
        most = fmax(most, power_of(x->x[i]));
    return most;
}

/* Bursts have some room in front: no more of it than MARGIN_S is shown. */
static void trim(struct scene_closeup *c)
{
    const double over = -c->first_ms - 1e3 * MARGIN_S;
    const size_t n = over > 0 ? (size_t)(over / c->step_ms) : 0;

    if (n == 0 || n >= c->n)
        return;
    c->n -= n;
    c->first_ms += (double)n * c->step_ms;
    memmove(c->level_dbfs, c->level_dbfs + n, c->n * sizeof *c->level_dbfs);
}

/* Points, and the place of the first edge: half of the amplitude. */
static void take_levels(struct scene_closeup *c, const struct pass *a,
                        const struct burst_report *b)
{
    const struct narrow *x = &a->narrow;
    const double step_s =
        b->te_us > 0 ? b->te_us * 1e-6 / POINTS_A_CHIP : STEP_S;
    const double most = (double)x->n / (SCENE_POINTS_MAX - 1);
    const size_t step =
        (size_t)fmax(fmax(floor(step_s * x->rate_hz), 1), ceil(most));
    const float edge = (float)(10 * log10(strongest(x)) - 6);
    size_t first = SIZE_MAX;

    c->n = 0;
    for (size_t i = 0; i + step <= x->n; i += step) {
        double sum = 0;

        for (size_t k = 0; k < step; k++)
            sum += power_of(x->x[i + k]);
        c->level_dbfs[c->n] = (float)(10 * log10(sum / (double)step));
        if (first == SIZE_MAX && c->level_dbfs[c->n] >= edge)
            first = c->n;
        c->n++;
    }
    c->step_ms = 1e3 * (double)step / x->rate_hz;
    first = first == SIZE_MAX ? 0 : first;
    c->first_ms = -(double)first * c->step_ms;
    c->at = a->from + (uint64_t)first * step * x->decimation;
    trim(c);
}

static void add_length(struct scene_closeup *c, bool is_high, double us)
{
    if (is_high && c->n_highs < SCENE_LENGTHS_MAX)
        c->high_us[c->n_highs++] = (float)us;
    if (!is_high && c->n_lows < SCENE_LENGTHS_MAX)
        c->low_us[c->n_lows++] = (float)us;
}

/* So much narrow signal around a place, smoothed over 40 us
 * (PULSES_FILTER_SECONDS of dsp/pulses.h). */
struct keyed {
    double power, hz;
};

static struct keyed keyed_at(const struct narrow *x, size_t at, size_t width)
{
    double complex turn = 0;
    double power = 0;

    for (size_t i = at; i < at + width; i++) {
        turn += (double complex)(x->x[i + 1] * conjf(x->x[i]));
        power += power_of(x->x[i]);
    }
    return (struct keyed){ power / (double)width,
                           carg(turn) * x->rate_hz / (2 * M_PI) };
}

/* Between which two levels the carrier is keyed. */
struct trigger {
    double up, down, floor; /* floor: of the power; FSK has to be there */
    bool is_fsk;
};

static struct trigger trigger_of(const struct narrow *x,
                                 const struct burst_report *b)
{
    const bool is_fsk = b->reception.modulation == MODULATION_FSK;
    const double most = strongest(x);
    const double scale = is_fsk ? b->reception.deviation_hz : most;

    return (struct trigger){ .up = scale * (is_fsk ? TONE_SHARE : UP_SHARE),
                             .down =
                                 scale * (is_fsk ? -TONE_SHARE : DOWN_SHARE),
                             .floor = is_fsk ? most * DOWN_SHARE : 0,
                             .is_fsk = is_fsk };
}

/* From edge to edge; an edge is where the line between two values crosses. */
static void find_edges(struct scene_closeup *c, const struct narrow *x,
                       const struct trigger *t)
{
    const size_t width = (size_t)fmax(round(40e-6 * x->rate_hz), 1);
    const double us = 1e6 / x->rate_hz;
    bool is_high = false;
    double edge = NAN, last = NAN;

    for (size_t i = 0; i + width + 1 < x->n; i++) {
        const struct keyed k = keyed_at(x, i, width);
        const double v = t->is_fsk ? k.hz : k.power;
        const double middle = (t->up + t->down) / 2;
        const double before = last;

        last = v;
        if (k.power < t->floor)
            edge = NAN;
        if (k.power < t->floor || (is_high ? v > t->down : v < t->up))
            continue;
        const double share = (middle - before) / (v - before);
        const double at = (double)i - 1 + (share > 0 && share < 1 ? share : 1);

        if (isfinite(edge))
            add_length(c, is_high, (at - edge) * us);
        edge = at;
        is_high = !is_high;
    }
}

static void take_lengths(struct scene_closeup *c, const struct pass *a,
                         const struct burst_report *b)
{
    const struct trigger t = trigger_of(&a->narrow, b);

    c->n_highs = c->n_lows = 0;
    if (b->is_modulation_known &&
        b->reception.snr_db + 10 * log10(a->info->rate_hz / width_hz(b)) >=
            EDGES_DB)
        find_edges(c, &a->narrow, &t);
}

/* From a little before edge on. */
static bool take(struct scene_closeup *c, const struct pipeline *p,
                 const struct source_info *info, const struct burst_report *b,
                 uint64_t edge)
{
    struct pass a = { .p = p, .info = info };
    const bool is_taken = pass_init(&a, b, edge) && read_samples(&a);

    if (is_taken) {
        c->burst = *b;
        take_spectrum(c, &a, b);
        take_levels(c, &a, b);
        take_lengths(c, &a, b);
    }
    pass_finish(&a);
    return is_taken;
}

/* A burst may begin long before its first edge, when a steady carrier is near. */
bool scene_closeup_take(struct scene_closeup *c, const struct pipeline *p,
                        const struct source_info *info,
                        const struct burst_report *b)
{
    const uint64_t late = (uint64_t)(4 * MARGIN_S * info->rate_hz);

    if (!take(c, p, info, b, b->at))
        return false;
    return c->at <= b->at + late || take(c, p, info, b, c->at);
}

/* Both ends of each pulse, on a grid that is fine enough for the eye. */
bool scene_closeup_take_pulses(struct scene_closeup *c,
                               const struct scene_train *t,
                               const struct burst_report *b)
{
    double span_us = 0, at_us = 0;

    if (t->n == 0)
        return false;
    c->burst = *b;
    c->at = b->at;
    c->n = c->n_bins = c->n_highs = c->n_lows = 0;
    for (size_t i = 0; i < t->n; i++) {
        const double us = fabs((double)t->pulses[i]);

        if (span_us + us <= 1e6 * SPAN_S)
            span_us += us;
        if (i + 1 < t->n) /* the last low is none, and the last high is cut */
            add_length(c, t->pulses[i] > 0, us);
    }
    c->step_ms = fmax(span_us / (SCENE_POINTS_MAX - 1), 20) / 1e3;
    c->first_ms = 0;
    for (size_t i = 0; i < t->n; i++) {
        at_us += fabs((double)t->pulses[i]);
        while (c->n < SCENE_POINTS_MAX &&
               (double)c->n * c->step_ms * 1e3 < at_us &&
               (double)c->n * c->step_ms * 1e3 <= span_us)
            c->level_dbfs[c->n++] = t->pulses[i] > 0 ? 1 : 0;
    }
    return true;
}

/* Of a bit. */
static bool is_two_chips(enum line_kind k)
{
    return k == LINE_MANCHESTER || k == LINE_DIFF_MANCHESTER;
}

/* So many chips at the beginning of f are the same in every frame of its format. */
static double head_chips(const struct frame *f)
{
    if (f->protocol == NULL)
        return f->preamble_chips;
    for (const struct waveform *w = f->protocol->waveforms; w->n_bits > 0; w++)
        if (w->n_bits == f->bits.n && w->kind == f->kind)
            return 2.0 * (w->preamble_sure +
                          is_two_chips(w->kind) *
                              (w->wake_sure + (double)strlen(w->sync)));
    return 0;
}

void scene_closeup_redact(struct scene_closeup *c, const struct frame *f,
                          double rate_hz)
{
    const size_t block = (size_t)ceil(1e3 * SCENE_COARSE_S / c->step_ms);
    const double edge_s = (double)c->at / rate_hz;
    double from_ms = 0, to_ms = 0; /* of the preamble */

    if (f != NULL && f->at + f->samples > c->burst.at &&
        f->at < c->burst.at + c->burst.samples) {
        from_ms = 1e3 * ((double)f->at / rate_hz - edge_s);
        to_ms = from_ms + 1e-3 * f->te_us * head_chips(f);
    }
    for (size_t i = 0; i < c->n;) {
        const double ms = c->first_ms + (double)i * c->step_ms;
        const double room =
            ms < from_ms ? ceil((from_ms - ms) / c->step_ms) : (double)block;
        const size_t whole = (size_t)fmin((double)block, room);
        const size_t end = i + whole < c->n ? i + whole : c->n;
        float most = -INFINITY;

        if (ms < 0 || (ms >= from_ms && ms < to_ms)) {
            i++;
            continue;
        }
        for (size_t k = i; k < end; k++)
            most = fmaxf(most, c->level_dbfs[k]);
        for (; i < end; i++)
            c->level_dbfs[i] = most;
    }
}
