/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/lobes.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/notch.h"

/* The channel around a burst: room for FSK tones that were too weak to be in
 * its box, and no wider than fobs and memory need. */
#define MARGIN_HZ   40e3
#define WIDE_HZ     250e3
#define WIDE_MAX_HZ (WIDE_HZ * (1u << (LOBES_WIDTHS - 1)))
#define WIDE_FLAT   0.8 /* of it, see channel.h */
/* Pulses have no noise; 20 dB at 400 us stands for their jitter. */
#define PULSE_RATE_HZ 50e3
#define PULSE_NOISE   0.2f
/* Enough to tell where a steady carrier is. */
#define QUIET_SECONDS 5e-3
/* A bin of the finder, and half of one. */
#define COVERED_HZ 3e3
/* Some 8 ms: longer than a frame's runs of one level. */
enum { SPAN_PIECES = 50 };

/* Decimation of both channels at each width. */
static int init_channels(struct lobes *l)
{
    for (size_t i = 0; i < LOBES_WIDTHS; i++) {
        const double hz = WIDE_HZ * (double)(1u << i);
        const unsigned wide = channel_decimation(l->rate_hz / hz);
        const unsigned tone =
            channel_decimation(l->rate_hz / wide / LOBES_RATE_HZ);
        int e = channel_init(&l->wide_channel[i], wide);
        if (!e)
            e = channel_init(&l->tone_channel[i], tone);
        if (e)
            return e;
    }
    return 0;
}

int lobes_init(struct lobes *l, double rate_hz, size_t max_samples)
{
    *l = (struct lobes){ .rate_hz = rate_hz };
    const double seconds =
        fmax((double)max_samples / rate_hz, LOBES_PULSE_SECONDS);
    l->wide_room = max_samples + 64;
    l->narrow_room = (size_t)(seconds * 2 * LOBES_RATE_HZ) + 64;
    if (rate_hz < 2 * LOBES_RATE_HZ && l->wide_room > l->narrow_room)
        l->narrow_room = l->wide_room;
    int e = carriers_init(&l->finder);
    if (!e)
        e = init_channels(l);
    l->wide = malloc(l->wide_room * sizeof *l->wide);
    e = l->wide ? e : -ENOMEM;
    for (int i = 0; i < CARRIERS_MAX; i++) {
        l->narrow[i] = malloc(l->narrow_room * sizeof(iq));
        e = l->narrow[i] ? e : -ENOMEM;
    }
    if (e)
        lobes_finish(l);
    return e;
}

void lobes_finish(struct lobes *l)
{
    carriers_finish(&l->finder);
    for (size_t i = 0; i < LOBES_WIDTHS; i++) {
        channel_finish(&l->wide_channel[i]);
        channel_finish(&l->tone_channel[i]);
    }
    free(l->wide);
    for (int i = 0; i < CARRIERS_MAX; i++)
        free(l->narrow[i]);
    *l = (struct lobes){ 0 };
}

void lobes_begin(struct lobes *l, const struct burst *b)
{
    double width = b->high_hz - b->low_hz + 2 * MARGIN_HZ;
    l->burst = *b;
    l->n_wide = 0;
    l->width = 0;
    l->centre_hz = (b->low_hz + b->high_hz) / 2;
    if (width > WIDE_FLAT * WIDE_MAX_HZ) {
        l->centre_hz = b->peak_hz;
        width = WIDE_FLAT * WIDE_MAX_HZ;
    }
    while (l->width + 1 < LOBES_WIDTHS &&
           WIDE_FLAT * WIDE_HZ * (double)(1u << l->width) < width)
        l->width++;
    struct channel *c = &l->wide_channel[l->width];
    l->wide_hz = l->rate_hz / c->decimation;
    channel_reset(c, l->centre_hz / l->rate_hz);
}

void lobes_push(struct lobes *l, const iq *x, size_t n)
{
    struct channel *c = &l->wide_channel[l->width];
    if (l->n_wide + channel_bound(c, n) <= l->wide_room)
        l->n_wide += channel_process(c, x, n, l->wide + l->n_wide);
}

/* Narrow iq of a lobe, at zero frequency. */
static bool extract(struct lobes *l, size_t lobe)
{
    struct channel *c = &l->tone_channel[l->width];
    channel_reset(c, l->carrier[lobe].hz / l->wide_hz);
    if (channel_bound(c, l->n_wide) > l->narrow_room)
        return false;
    iq *out = l->narrow[lobe];
    l->n_narrow = channel_process(c, l->wide, l->n_wide, out);
    l->n_narrow += channel_flush(c, out + l->n_narrow);
    l->narrow_hz = l->wide_hz / c->decimation;
    return true;
}

/* What is before the burst has its steady carriers and nothing else; without any
 * of it, all there is. */
static size_t quiet_samples(const struct lobes *l)
{
    const double before = (double)(l->burst.seen_at - l->burst.at);
    const double n = before * l->wide_hz / l->rate_hz;
    return n < QUIET_SECONDS * l->wide_hz ? l->n_wide : (size_t)n;
}

/* Steady carriers near the burst leak into its channel: out with them. narrow[]
 * is not in use yet. */
static void remove_steady(struct lobes *l)
{
    for (size_t i = 0; i < l->burst.n_steady; i++) {
        const double hz = l->burst.steady_hz[i];
        if (fabs(hz) > 0.5 * l->wide_hz || l->n_wide > l->narrow_room)
            continue;
        const size_t quiet = quiet_samples(l);
        const double exact = carriers_locate(
            &l->finder, l->wide, quiet, l->wide_hz, hz, CARRIERS_STEADY_HZ);
        notch_carrier(l->wide, l->n_wide, quiet, exact / l->wide_hz, l->wide_hz,
                      l->narrow[0]);
    }
}

/* A steady carrier that the burst lies upon does not hide it: it is gone. */
static void forget_covered(struct lobes *l)
{
    struct burst *b = &l->burst;
    size_t n = 0;
    for (size_t i = 0; i < b->n_steady; i++)
        if (fabs(b->steady_hz[i] + l->centre_hz - b->peak_hz) > COVERED_HZ)
            b->steady_hz[n++] = b->steady_hz[i];
    b->n_steady = n;
}

void lobes_end(struct lobes *l)
{
    l->n = 0;
    l->is_pulses = false;
    struct channel *wide = &l->wide_channel[l->width];
    if (l->n_wide + channel_bound(wide, 0) <= l->wide_room)
        l->n_wide += channel_flush(wide, l->wide + l->n_wide);
    for (size_t i = 0; i < l->burst.n_steady; i++)
        l->burst.steady_hz[i] -= l->centre_hz;
    remove_steady(l);
    forget_covered(l);
    const double half = (l->burst.high_hz - l->burst.low_hz) / 2;
    const double reach = fmin(half + MARGIN_HZ / 2, 0.45 * l->wide_hz);
    /* beyond the band's edge there is only what lies within the other one */
    const double edge = l->rate_hz / 2, centre = l->centre_hz;
    const double noise = l->burst.floor * l->wide_hz / l->rate_hz;
    if (l->n_wide)
        l->n = carriers_find(
            &l->finder, l->wide, l->n_wide, l->wide_hz, noise,
            &(struct carriers_band){ .low_hz = fmax(-reach, -edge - centre),
                                     .high_hz = fmin(reach, edge - centre),
                                     .steady_hz = l->burst.steady_hz,
                                     .n_steady = l->burst.n_steady },
            l->carrier);
    for (size_t i = 0; i < l->n; i++)
        if (!extract(l, i))
            l->n = i;
    l->noise = (float)(l->burst.floor * l->narrow_hz / l->rate_hz);
}

/* Each sample is the share of its interval that the carrier is on. */
static size_t render(iq *out, size_t room, const pulse_us *pulses, size_t n)
{
    const double per_us = PULSE_RATE_HZ * 1e-6;
    double at = 0;
    memset(out, 0, room * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        const double end = at + fabs((double)pulses[i]) * per_us;
        for (size_t k = (size_t)at; pulses[i] > 0 && k < room; k++) {
            const double a = fmax(at, (double)k), b = fmin(end, (double)k + 1);
            if (b <= a)
                break;
            out[k] += (float)(b - a);
        }
        at = end;
    }
    return (size_t)at + 1 < room ? (size_t)at + 1 : room;
}

void lobes_pulses(struct lobes *l, uint64_t at, const pulse_us *pulses,
                  size_t n)
{
    l->n_narrow = render(l->narrow[0], l->narrow_room, pulses, n);
    l->narrow_hz = PULSE_RATE_HZ;
    const uint64_t samples =
        (uint64_t)((double)l->n_narrow / PULSE_RATE_HZ * l->rate_hz);
    l->burst = (struct burst){
        .at = at,
        .samples = samples,
        .seen_at = at,
        .seen_samples = samples,
        .floor = (double)PULSE_NOISE * l->rate_hz / PULSE_RATE_HZ,
    };
    l->is_pulses = true;
    l->carrier[0] = (struct carrier){ 0 };
    l->n = 1;
    l->centre_hz = 0;
    l->noise = PULSE_NOISE;
}

static double piece_power(const iq *x, size_t n)
{
    iq sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return (double)(crealf(sum) * crealf(sum) + cimagf(sum) * cimagf(sum));
}

/* Correlation of two lobes' powers over the burst, -1 to 1. */
double lobes_rise_together(const struct lobes *l, size_t i, size_t j)
{
    const size_t piece = (size_t)(LOBES_PIECE_SECONDS * l->narrow_hz) + 1;
    double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
    for (size_t at = 0; at + piece <= l->n_narrow; at += piece, n++) {
        const double p = piece_power(l->narrow[i] + at, piece);
        const double q = piece_power(l->narrow[j] + at, piece);
        a += p;
        b += q;
        aa += p * p;
        bb += q * q;
        ab += p * q;
    }
    const double spread = (n * aa - a * a) * (n * bb - b * b);
    return spread > 0 ? (n * ab - a * b) / sqrt(spread) : 0;
}

/* Energy over the noise of x[n], in pieces. */
static double excess(const struct lobes *l, const iq *x, size_t n, size_t piece)
{
    double sum = 0;
    for (size_t at = 0; at + piece <= n; at += piece)
        sum += piece_power(x + at, piece) - (double)l->noise * (double)piece;
    return fmax(sum, 0);
}

double lobes_share_time(const struct lobes *l, size_t i, size_t j)
{
    const size_t piece = (size_t)(LOBES_PIECE_SECONDS * l->narrow_hz) + 1;
    const size_t span = piece * SPAN_PIECES;
    double shared = 0, a = 0, b = 0;
    for (size_t at = 0; at + span <= l->n_narrow; at += span) {
        const double p = excess(l, l->narrow[i] + at, span, piece);
        const double q = excess(l, l->narrow[j] + at, span, piece);
        shared += fmin(p, q);
        a += p;
        b += q;
    }
    return fmin(a, b) > 0 ? shared / fmin(a, b) : 0;
}
