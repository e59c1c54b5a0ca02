/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/hypothesis.h"

#include <math.h>

#include "dsp/pulses.h"

enum { WIDTHS_MIN = 12, WIDTHS_MAX = 400 };

/* Share of a burst, with its room on both sides, that a carrier is on. */
#define DUTY_MIN 0.05
#define DUTY_MAX 0.9
/* A carrier's course is known every so often. */
#define COURSE_SECONDS 0.02
/* Longest part of a burst that the chip clock looks at: the more of it is keyed
 * the better, and a long steady tone before the frames is nothing to look at.
 * Of a carrier so strong that a few pulses say it all, less will do; one so weak
 * that a single frame says too little is looked at in all its copies. */
#define CLOCK_SECONDS        0.15
#define CLOCK_STRONG_SECONDS 0.04
#define CLOCK_WEAK_SECONDS   0.45
/* And no more than so many of its short pulses. */
#define CLOCK_STRONG_PULSES 128
/* E/N0 in PULSES_FILTER_SECONDS that makes pulses sure: 16 dB. Noise alone then
 * makes one in 2e4 filters look like an edge; at 13 dB, one in 150, it spoilt the
 * shortest tenth of the widths. */
#define STRONG_E_N0 40.0f
/* E/N0 in a chip of this length that makes a carrier weak: 10 dB, where one
 * HCS200 frame in two is read. */
#define WEAK_E_N0    10.0f
#define WEAK_SECONDS 250e-6
/* Lobes this near are not out of each other's channel. */
#define CROWDED_HZ 45e3

/* Power of a carrier while it is on, whatever share of the time that is: for
 * on/off keying the ratio of the second to the first moment of the power, both
 * less what noise adds to them (its power is exponential). Pieces as short as
 * the shortest usual pulse. */
static float power_while_on(const struct tone *t)
{
    const double piece = LOBES_PIECE_SECONDS * t->rate_hz;
    const double noise = (double)t->noise * piece;
    double first = 0, second = 0, n = 0;
    for (double at = 0; at + piece <= (double)t->n; at += piece / 2, n++) {
        const iq sum = tone_sum(t, at + piece) - tone_sum(t, at);
        const double power =
            (double)(crealf(sum) * crealf(sum) + cimagf(sum) * cimagf(sum));
        first += power;
        second += power * power;
    }
    first = first / fmax(n, 1) - noise;
    second = second / fmax(n, 1) - 2 * noise * noise - 4 * noise * first;
    first = fmax(first, 0.01 * noise);
    const double on =
        fmin(fmax(second / first, first / DUTY_MAX), first / DUTY_MIN);
    return (float)(on / (piece * piece));
}

/* Both tones' running sums, their carriers turned back to zero. */
static void fill_sums(struct hypothesis *h, const struct lobes *l)
{
    struct tone *tones[2] = { &h->keying.mark, &h->keying.space };
    const int n = h->keying.modulation == MODULATION_FSK ? 2 : 1;
    for (int i = 0; i < n; i++) {
        tones[i]->sums = h->sums->tone[i];
        tone_build(tones[i], l->narrow[h->lobes[i]], l->n_narrow,
                   &h->courses[i]);
    }
    h->sums->whose = h;
}

void hypothesis_build(struct hypothesis *h, const struct lobes *l)
{
    if (h->sums->whose != h)
        fill_sums(h, l);
}

static void start_course(const struct lobes *l, struct tone_course *c)
{
    const size_t usual = (size_t)(COURSE_SECONDS * l->narrow_hz) / TONE_TURN;
    const size_t least = l->n_narrow / TONE_PARTS_MAX / TONE_TURN + 1;
    *c = (struct tone_course){ 0 };
    c->piece = TONE_TURN * (usual > least ? usual : least);
    c->n = l->is_pulses ? 1 : (l->n_narrow + c->piece - 1) / c->piece;
}

/* First in short pieces, which see far, then in longer ones. */
static void centre_tones(const struct lobes *l, struct hypothesis *h)
{
    double *const hz[2] = { &h->mark_hz, &h->space_hz };
    const struct tone *const tones[2] = { &h->keying.mark, &h->keying.space };
    const int n = h->keying.modulation == MODULATION_FSK ? 2 : 1;
    for (int i = 0; i < n; i++)
        start_course(l, &h->courses[i]);
    fill_sums(h, l);
    if (l->is_pulses)
        return;
    for (double seconds = LOBES_PIECE_SECONDS;
         seconds < 3 * LOBES_PIECE_SECONDS; seconds *= 2) {
        for (int i = 0; i < n; i++)
            *hz[i] +=
                l->narrow_hz *
                tone_centre(tones[i], seconds * l->narrow_hz, &h->courses[i]);
        fill_sums(h, l);
    }
}

void hypothesis_init(struct hypothesis *h, const struct lobes *l,
                     enum modulation m, size_t mark, size_t space,
                     struct hypothesis_sums *sums)
{
    *h = (struct hypothesis){ .lobes = { mark, space }, .sums = sums };
    h->keying.modulation = m;
    h->mark_hz = l->centre_hz + l->carrier[mark].hz;
    h->space_hz = l->centre_hz + l->carrier[space].hz;
    h->to = (double)l->n_narrow;
    h->keying.mark.rate_hz = h->keying.space.rate_hz = l->narrow_hz;
    h->keying.mark.noise = h->keying.space.noise = l->noise;
    centre_tones(l, h);
    h->keying.power = power_while_on(&h->keying.mark);
    if (m == MODULATION_FSK)
        h->keying.power =
            (h->keying.power + power_while_on(&h->keying.space)) / 2;
}

/* How much the power changes from piece to piece: much in a keyed carrier,
 * little in a steady one or in noise. */
static double keying_in(const struct tone *t, double from, double to)
{
    const double piece = LOBES_PIECE_SECONDS * t->rate_hz;
    double sum = 0, before = 0;
    for (double at = from; at + piece <= to; at += piece) {
        const iq v = tone_sum(t, at + piece) - tone_sum(t, at);
        const double power =
            (double)(crealf(v) * crealf(v) + cimagf(v) * cimagf(v));
        sum += fabs(power - before);
        before = power;
    }
    return sum;
}

/* Another lobe leaks through the channel's edge. */
static bool is_crowded(const struct hypothesis *h, const struct lobes *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct carrier *c = &l->carrier[h->lobes[0]];
        if (i != h->lobes[0] && i != h->lobes[1] &&
            fabs(l->carrier[i].hz - c->hz) < CROWDED_HZ &&
            l->carrier[i].power > 0.1 * c->power)
            return true;
    }
    return false;
}

/* E/N0 in so many seconds of carrier. */
static float e_n0_in(const struct hypothesis *h, double seconds)
{
    const struct tone *t = &h->keying.mark;
    return h->keying.power * (float)(seconds * t->rate_hz) / t->noise;
}

static bool is_strong(const struct hypothesis *h, const struct lobes *l)
{
    return !is_crowded(h, l) && e_n0_in(h, PULSES_FILTER_SECONDS) > STRONG_E_N0;
}

/* The width that most pulses of a strong carrier have at least; 0: unknown. */
static double brief_pulse(const struct hypothesis *h, const struct lobes *l,
                          double from, double to)
{
    float widths[WIDTHS_MAX];
    if (!is_strong(h, l))
        return 0;
    const size_t n = pulses_measure(&h->keying, from, to, widths, WIDTHS_MAX);
    return n < WIDTHS_MIN ? 0 : (double)pulses_short(widths, n);
}

/* Narrows from .. to to the stretch of this length that is keyed most. */
static void keep_keyed(const struct hypothesis *h, double length, double *from,
                       double *to)
{
    double most = -1, best = *from;
    if (*to - *from < 1.3 * length)
        return;
    for (double a = *from; a + length <= *to; a += length / 4) {
        const double keying = keying_in(&h->keying.mark, a, a + length);
        if (keying > most) {
            most = keying;
            best = a;
        }
    }
    *from = best;
    *to = best + length;
}

void hypothesis_window(const struct hypothesis *h, const struct lobes *l,
                       double *from, double *to)
{
    const bool is_weak = e_n0_in(h, WEAK_SECONDS) < WEAK_E_N0;
    const double seconds = is_strong(h, l) ? CLOCK_STRONG_SECONDS
                           : is_weak       ? CLOCK_WEAK_SECONDS
                                           : CLOCK_SECONDS;
    *from = h->from;
    *to = h->to;
    keep_keyed(h, seconds * h->keying.mark.rate_hz, from, to);
    const double brief = brief_pulse(h, l, *from, *to);
    if (brief > 0)
        keep_keyed(h, CLOCK_STRONG_PULSES * brief, from, to);
}

/* Where TE may lie: anywhere, unless the pulses of a strong carrier show it. */
static struct chip_clock_range clock_range(const struct hypothesis *h,
                                           const struct lobes *l, double from,
                                           double to)
{
    const double us = h->keying.mark.rate_hz * 1e-6;
    struct chip_clock_range r = {
        .from = from,
        .to = to,
        .te_min = fmax(HYPOTHESIS_TE_MIN_US * us, 2.5),
        .te_max = HYPOTHESIS_TE_MAX_US * us,
    };
    const double brief = brief_pulse(h, l, from, to);
    if (brief > 0) {
        r.te_min =
            fmax(r.te_min, brief / 2.4); /* a chip and a half, and some */
        r.te_max = fmin(r.te_max, fmax(brief * 1.5, 2 * r.te_min));
    }
    return r;
}

void hypothesis_find_clock(struct hypothesis *h, const struct lobes *l,
                           struct chip_clock *clock, float reference,
                           double from, double to)
{
    hypothesis_build(h, l);
    const struct chip_clock_range range = clock_range(h, l, from, to);
    h->n_rates =
        chip_clock_find(clock, &h->keying, reference, &range, h->rates);
    h->evidence = h->n_rates ? h->rates[0].evidence : 0;
}
