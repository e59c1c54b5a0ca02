/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/receiver.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/carriers.h"
#include "dsp/channel.h"
#include "dsp/chip_clock.h"
#include "dsp/pulses.h"
#include "protocols/match.h"
#include "protocols/unknown.h"

enum {
    HYPOTHESES_MAX = 6,
    TONES = CARRIERS_MAX,
    WIDTHS_MIN = 12,
    WIDTHS_MAX = 400
};

/* The channel around a burst: room for FSK tones that were too weak to be in
 * its box, and no wider than fobs and memory need. */
#define MARGIN_HZ   40e3
#define WIDE_HZ     250e3
#define WIDE_MAX_HZ 1e6
/* A tone's rate: 60 us chips (Honda KR5V2X) still have 4 samples. */
#define NARROW_HZ 62.5e3
#define TE_MIN_US 55.0
#define TE_MAX_US 1800.0
/* FSK tones differ in strength by the resonator's slope, not by more. */
#define FSK_BALANCE      10.0
#define FSK_SHIFT_MAX_HZ 250e3
/* Share of a burst, with its room on both sides, that a carrier is on. */
#define DUTY_MIN      0.05
#define DUTY_MAX      0.9
#define PIECE_SECONDS 150e-6
/* A carrier's course is known every so often. */
#define COURSE_SECONDS 0.02
/* Longest part of a burst that the chip clock looks at; of a carrier so strong
 * that a few pulses say it all, this much. */
#define CLOCK_SECONDS        0.15
#define CLOCK_STRONG_SECONDS 0.04
/* E/N0 in PULSES_FILTER_SECONDS that makes pulses sure: 13 dB. */
#define STRONG_E_N0 20.0f
/* Two tones of FSK are on by turns: their powers do not rise together. A
 * shadow's do. */
#define TOGETHER_FSK    0.2
#define TOGETHER_SHADOW 0.5
#define EVIDENCE_MIN    12.0f
/* Images and skirts lie this far under their cause. */
#define SHADOW_DB 10.0
/* Nats by which one explanation of the same chips beats another. */
#define DENIAL 3.0
/* Pulses have no noise; 20 dB at 400 us stands for their jitter. */
#define PULSE_RATE_HZ     50e3
#define PULSE_NOISE       0.2f
#define PULSE_SECONDS_MAX 20.0

struct hypothesis {
    struct keying keying;
    double mark_hz, space_hz; /* from the centre of the input */
    double from, to;          /* the burst, in samples of the tones */
    struct chip_rate rates[CHIP_CLOCK_RATES_MAX];
    size_t n_rates;
    float evidence;
    float reference; /* power that the misfit is measured by */
    int lobes[2];
    struct tone_course courses[2];
};

struct receiver {
    double rate_hz;
    bool is_pulses; /* there is no noise, and no carrier to refine */
    struct burst burst;
    struct likelihood likelihood;
    struct carriers carriers;
    struct chip_clock clock;
    struct framing framing;
    struct unknown unknown;
    struct channel wide_channel, tone_channel;
    double wide_hz, narrow_hz, centre_hz;
    iq *wide;
    size_t n_wide, wide_room;
    struct carrier lobes[CARRIERS_MAX];
    size_t n_lobes;
    double fsk_hz, fsk_deviation_hz; /* of the last FSK read; 0: none */
    iq *narrow[TONES];
    size_t n_narrow, narrow_room;
    iq *sums[2];
    struct hypothesis hypotheses[HYPOTHESES_MAX];
    size_t n_hypotheses;
    struct sighting sightings[2 * FRAMING_SIGHTINGS_MAX];
    float *llr; /* of the chips of the reading */
    struct reading reading;
};

int receiver_create(struct receiver **ret, double rate_hz, size_t max_samples)
{
    struct receiver *r = calloc(1, sizeof *r);
    if (!r)
        return -ENOMEM;
    r->rate_hz = rate_hz;
    likelihood_init(&r->likelihood);
    chip_clock_init(&r->clock, &r->likelihood);
    const double seconds =
        fmax((double)max_samples / rate_hz, PULSE_SECONDS_MAX);
    r->wide_room = max_samples + 64;
    r->narrow_room = (size_t)(seconds * 2 * NARROW_HZ) + 64;
    if (rate_hz < NARROW_HZ * 2)
        r->narrow_room =
            r->wide_room > r->narrow_room ? r->wide_room : r->narrow_room;
    const size_t chips = (size_t)(seconds * 1e6 / TE_MIN_US) + 64;
    int e = carriers_init(&r->carriers);
    if (!e)
        e = framing_init(&r->framing, &r->likelihood, chips);
    if (!e)
        e = unknown_init(&r->unknown, &r->likelihood, chips);
    r->llr = malloc(chips * sizeof *r->llr);
    r->wide = malloc(r->wide_room * sizeof *r->wide);
    for (int i = 0; i < TONES; i++)
        r->narrow[i] = malloc(r->narrow_room * sizeof(iq));
    for (int i = 0; i < 2; i++)
        r->sums[i] = malloc((r->narrow_room + 1) * sizeof(iq));
    for (int i = 0; i < TONES; i++)
        e = r->narrow[i] ? e : -ENOMEM;
    if (e || !r->llr || !r->wide || !r->sums[0] || !r->sums[1]) {
        receiver_destroy(r);
        return -ENOMEM;
    }
    *ret = r;
    return 0;
}

void receiver_destroy(struct receiver *r)
{
    if (!r)
        return;
    carriers_finish(&r->carriers);
    framing_finish(&r->framing);
    unknown_finish(&r->unknown);
    channel_finish(&r->wide_channel);
    channel_finish(&r->tone_channel);
    free(r->wide);
    free(r->llr);
    for (int i = 0; i < TONES; i++)
        free(r->narrow[i]);
    free(r->sums[0]);
    free(r->sums[1]);
    free(r);
}

/* Designs the filter anew only when the decimation changes. */
static bool set_decimation(struct channel *c, unsigned decimation)
{
    if (c->decimation == decimation)
        return true;
    channel_finish(c);
    return channel_init(c, decimation) == 0;
}

void receiver_begin(struct receiver *r, const struct burst *b)
{
    r->burst = *b;
    r->n_wide = 0;
    r->centre_hz = (b->low_hz + b->high_hz) / 2;
    double width = b->high_hz - b->low_hz + 2 * MARGIN_HZ;
    if (width > WIDE_MAX_HZ) {
        r->centre_hz = b->peak_hz;
        width = WIDE_MAX_HZ;
    }
    const double wish = fmax(WIDE_HZ, width / 0.8);
    if (!set_decimation(&r->wide_channel,
                        channel_decimation(r->rate_hz / wish)))
        return;
    r->wide_hz = r->rate_hz / r->wide_channel.decimation;
    channel_reset(&r->wide_channel, r->centre_hz / r->rate_hz);
}

void receiver_push(struct receiver *r, const iq *x, size_t n)
{
    if (!r->wide_channel.decimation ||
        r->n_wide + channel_bound(&r->wide_channel, n) > r->wide_room)
        return;
    r->n_wide += channel_process(&r->wide_channel, x, n, r->wide + r->n_wide);
}

/* Narrow iq of a lobe, at zero frequency. */
static bool extract(struct receiver *r, size_t lobe)
{
    const unsigned d = channel_decimation(r->wide_hz / NARROW_HZ);
    if (!set_decimation(&r->tone_channel, d))
        return false;
    struct channel *c = &r->tone_channel;
    channel_reset(c, r->lobes[lobe].hz / r->wide_hz);
    if (channel_bound(c, r->n_wide) > r->narrow_room)
        return false;
    iq *out = r->narrow[lobe];
    r->n_narrow = channel_process(c, r->wide, r->n_wide, out);
    r->n_narrow += channel_flush(c, out + r->n_narrow);
    r->narrow_hz = r->wide_hz / d;
    return true;
}

/* Power of a carrier while it is on, whatever share of the time that is: for
 * on/off keying the ratio of the second to the first moment of the power, both
 * less what noise adds to them (its power is exponential). Pieces as short as
 * the shortest usual pulse. */
static float power_while_on(const struct tone *t)
{
    const double piece = PIECE_SECONDS * t->rate_hz;
    const double noise = (double)t->noise * piece;
    double first = 0, second = 0, n = 0;
    for (double at = 0; at + piece <= (double)t->n; at += piece / 2, n++) {
        const double size =
            (double)cabsf(tone_sum(t, at + piece) - tone_sum(t, at));
        first += size * size;
        second += size * size * size * size;
    }
    first = first / fmax(n, 1) - noise;
    second = second / fmax(n, 1) - 2 * noise * noise - 4 * noise * first;
    first = fmax(first, 0.01 * noise);
    const double on =
        fmin(fmax(second / first, first / DUTY_MAX), first / DUTY_MIN);
    return (float)(on / (piece * piece));
}

/* Both tones' running sums, their carriers turned back to zero. */
static void build_tones(struct receiver *r, struct hypothesis *h)
{
    struct tone *tones[2] = { &h->keying.mark, &h->keying.space };
    const int n = h->keying.modulation == MODULATION_FSK ? 2 : 1;
    for (int i = 0; i < n; i++) {
        tones[i]->sums = r->sums[i];
        tone_build(tones[i], r->narrow[h->lobes[i]], r->n_narrow,
                   &h->courses[i]);
    }
}

static void start_course(const struct receiver *r, struct tone_course *c)
{
    const size_t usual = (size_t)(COURSE_SECONDS * r->narrow_hz) / TONE_TURN;
    const size_t least = r->n_narrow / TONE_PARTS_MAX / TONE_TURN + 1;
    *c = (struct tone_course){ 0 };
    c->piece = TONE_TURN * (usual > least ? usual : least);
    c->n = r->is_pulses ? 1 : r->n_narrow / c->piece + 1;
}

/* First in short pieces, which see far, then in longer ones. */
static void centre_tones(struct receiver *r, struct hypothesis *h)
{
    double *const hz[2] = { &h->mark_hz, &h->space_hz };
    const struct tone *const tones[2] = { &h->keying.mark, &h->keying.space };
    const int n = h->keying.modulation == MODULATION_FSK ? 2 : 1;
    for (int i = 0; i < n; i++)
        start_course(r, &h->courses[i]);
    build_tones(r, h);
    if (r->is_pulses)
        return;
    for (double seconds = PIECE_SECONDS; seconds < 3 * PIECE_SECONDS;
         seconds *= 2) {
        for (int i = 0; i < n; i++)
            *hz[i] +=
                r->narrow_hz *
                tone_centre(tones[i], seconds * r->narrow_hz, &h->courses[i]);
        build_tones(r, h);
    }
}

static void add_hypothesis(struct receiver *r, enum modulation m, int mark,
                           int space)
{
    if (r->n_hypotheses == HYPOTHESES_MAX)
        return;
    struct hypothesis *h = &r->hypotheses[r->n_hypotheses++];
    const float noise = (float)(r->burst.floor * r->narrow_hz / r->rate_hz);
    *h = (struct hypothesis){ .lobes = { mark, space } };
    h->keying.modulation = m;
    h->mark_hz = r->centre_hz + r->lobes[mark].hz;
    h->space_hz = r->centre_hz + r->lobes[space].hz;
    h->to = (double)r->n_narrow;
    h->keying.mark.rate_hz = h->keying.space.rate_hz = r->narrow_hz;
    h->keying.mark.noise = h->keying.space.noise = noise;
    centre_tones(r, h);
    h->keying.power = power_while_on(&h->keying.mark);
    if (m == MODULATION_FSK)
        h->keying.power =
            (h->keying.power + power_while_on(&h->keying.space)) / 2;
}

/* How much the power changes from piece to piece: much in a keyed carrier,
 * little in a steady one or in noise. */
static double keying_in(const struct tone *t, double from, double to)
{
    const double piece = PIECE_SECONDS * t->rate_hz;
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

static bool is_strong(const struct hypothesis *h)
{
    const struct tone *t = &h->keying.mark;
    return h->keying.power * (float)(PULSES_FILTER_SECONDS * t->rate_hz) >
           STRONG_E_N0 * t->noise;
}

/* Which stretch the chip clock looks at: all of a short burst, of a long one
 * the part that is keyed most. */
static void clock_window(const struct hypothesis *h, double *from, double *to)
{
    const struct tone *t = &h->keying.mark;
    const double length =
        t->rate_hz * (is_strong(h) ? CLOCK_STRONG_SECONDS : CLOCK_SECONDS);
    *from = h->from;
    *to = h->to;
    if (h->to - h->from <= 1.3 * length)
        return;
    double most = -1;
    for (double a = h->from; a + length <= h->to; a += length / 4) {
        const double keying = keying_in(t, a, a + length);
        if (keying > most) {
            most = keying;
            *from = a;
        }
    }
    *to = *from + length;
}

/* Where TE may lie: anywhere, unless the pulses of a strong carrier show it. */
static void clock_range(const struct hypothesis *h, double from, double to,
                        double *least, double *most)
{
    float widths[WIDTHS_MAX];
    const double us = h->keying.mark.rate_hz * 1e-6;
    *least = fmax(TE_MIN_US * us, 2.5);
    *most = TE_MAX_US * us;
    if (!is_strong(h))
        return;
    const size_t n = pulses_measure(&h->keying, from, to, widths, WIDTHS_MAX);
    if (n < WIDTHS_MIN)
        return;
    const double brief = (double)pulses_short(widths, n);
    *least = fmax(*least, brief / 2.4); /* a chip and a half, and some */
    *most = fmin(*most, fmax(brief * 1.5, 2 * *least));
}

static void find_clock(struct receiver *r, struct hypothesis *h)
{
    double from, to, least, most;
    build_tones(r, h);
    clock_window(h, &from, &to);
    clock_range(h, from, to, &least, &most);
    h->n_rates = chip_clock_find(&r->clock, &h->keying, h->reference, from, to,
                                 least, most, h->rates);
    h->evidence = h->n_rates ? h->rates[0].evidence : 0;
}

static double piece_power(const iq *x, size_t n)
{
    iq sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return (double)(crealf(sum) * crealf(sum) + cimagf(sum) * cimagf(sum));
}

/* Correlation of two lobes' powers over the burst, -1 to 1. */
static double rise_together(const struct receiver *r, size_t i, size_t j)
{
    const size_t piece = (size_t)(PIECE_SECONDS * r->narrow_hz) + 1;
    double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
    for (size_t at = 0; at + piece <= r->n_narrow; at += piece, n++) {
        const double p = piece_power(r->narrow[i] + at, piece);
        const double q = piece_power(r->narrow[j] + at, piece);
        a += p;
        b += q;
        aa += p * p;
        bb += q * q;
        ab += p * q;
    }
    const double spread = (n * aa - a * a) * (n * bb - b * b);
    return spread > 0 ? (n * ab - a * b) / sqrt(spread) : 0;
}

/* One lobe as OOK, and with each other that may be its second tone as FSK. */
static void make_hypotheses(struct receiver *r, size_t i, const bool *is_used)
{
    r->n_hypotheses = 0;
    add_hypothesis(r, MODULATION_OOK, (int)i, (int)i);
    const struct carrier *a = &r->lobes[i];
    for (size_t j = i + 1; j < r->n_lobes; j++) {
        const struct carrier *b = &r->lobes[j];
        if (is_used[j] || fabs(a->hz - b->hz) > FSK_SHIFT_MAX_HZ ||
            a->power > FSK_BALANCE * b->power ||
            rise_together(r, i, j) > TOGETHER_FSK)
            continue;
        const bool is_up = a->hz > b->hz;
        add_hypothesis(r, MODULATION_FSK, (int)(is_up ? i : j),
                       (int)(is_up ? j : i));
    }
}

/* Much weaker than a lobe that was read, and on when that is on, or among the
 * products of two tones. */
static bool is_shadow_lobe(const struct receiver *r, size_t i,
                           const bool *is_used)
{
    const double shadow = pow(10, -SHADOW_DB / 10);
    for (size_t j = 0; j < r->n_lobes; j++)
        if (is_used[j] && r->lobes[i].power < shadow * r->lobes[j].power &&
            (rise_together(r, i, j) > TOGETHER_SHADOW ||
             fabs(r->lobes[i].hz - r->fsk_hz) < 3 * r->fsk_deviation_hz))
            return true;
    return false;
}

static double decibels(double ratio)
{
    return 10 * log10(fmax(ratio, 1e-20));
}

static struct reception describe(const struct receiver *r,
                                 const struct hypothesis *h, double power,
                                 double te)
{
    const bool is_fsk = h->keying.modulation == MODULATION_FSK;
    const double e_n0 = fmax(power * te / (double)h->keying.mark.noise, 1);
    struct reception x = {
        .modulation = h->keying.modulation,
        .carrier_hz = is_fsk ? (h->mark_hz + h->space_hz) / 2 : h->mark_hz,
        .deviation_hz = is_fsk ? (h->mark_hz - h->space_hz) / 2 : 0,
        /* some 50 pulses of this length, Cramer-Rao for a tone of each; no
         * better than the search's last step */
        .carrier_uncertainty_hz =
            h->keying.mark.rate_hz / te * fmax(0.02, 0.39 / sqrt(50 * e_n0)),
        .level_dbfs = decibels(power),
        .noise_dbfs = decibels(r->burst.floor),
    };
    x.snr_db = x.level_dbfs - x.noise_dbfs;
    if (r->is_pulses)
        x.level_dbfs = x.noise_dbfs = x.snr_db = NAN;
    return x;
}

static struct frame make_frame(const struct receiver *r,
                               const struct hypothesis *h,
                               const struct sighting *s)
{
    const double scale = r->rate_hz / h->keying.mark.rate_hz;
    const double at = s->lattice.start * scale;
    return (struct frame){
        .protocol = s->protocol,
        .verdict = s->verdict,
        .kind = s->code.kind,
        .te_us = s->lattice.te / h->keying.mark.rate_hz * 1e6,
        .at = r->burst.at + (uint64_t)(at > 0 ? at + 0.5 : 0),
        .samples = (uint64_t)((double)s->n_chips * s->lattice.te * scale + 0.5),
        .bits = s->bits,
        .preamble_chips = s->preamble_chips,
        .sync_chips = s->sync_chips,
        .copies = 1,
        .confidence = s->confidence,
        .gain = (double)s->gain,
        .reception = describe(r, h, (double)s->power, s->lattice.te),
    };
}

static bool overlaps(const struct frame *a, const struct frame *b)
{
    const uint64_t from = a->at > b->at ? a->at : b->at;
    const uint64_t a_end = a->at + a->samples, b_end = b->at + b->samples;
    const uint64_t to = a_end < b_end ? a_end : b_end;
    const uint64_t least = a->samples < b->samples ? a->samples : b->samples;
    return to > from && to - from > least / 4;
}

/* Much weaker than a frame at the same time: a skirt, an image, clipping. */
static bool is_shadow(const struct frame *strong, const struct frame *f)
{
    return f->reception.level_dbfs < strong->reception.level_dbfs - SHADOW_DB &&
           (!f->protocol || f->protocol == strong->protocol ||
            f->verdict < VERDICT_PROVEN);
}

/* Sightings come best first: one that overlaps a better one on the same
 * carrier is another reading of the same chips; so is one on another carrier
 * that says the same, or is a shadow. */
static bool is_new(const struct reading *d, const struct frame *f,
                   size_t same_carrier)
{
    for (size_t i = 0; i < d->n; i++) {
        const struct frame *o = &d->frames[i];
        if (overlaps(o, f) &&
            (i >= same_carrier || is_shadow(o, f) ||
             (o->bits.n == f->bits.n &&
              !memcmp(o->bits.value, f->bits.value, f->bits.n))))
            return false;
    }
    return true;
}

/* Another known format explains the same chips better, though its check denies
 * it or its bits are in doubt: then it is that, damaged. */
static bool is_denied(const struct receiver *r, const struct hypothesis *h,
                      const struct frame *f, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct sighting *s = &r->sightings[i];
        if (!s->protocol || s->protocol == f->protocol || framing_is_sound(s) ||
            (double)s->gain <= f->gain + DENIAL)
            continue;
        const struct frame other = make_frame(r, h, s);
        if (overlaps(&other, f))
            return true;
    }
    return false;
}

/* The sound ones, or the others. */
static void keep_new(struct receiver *r, const struct hypothesis *h, size_t n,
                     size_t same_carrier, bool sound)
{
    struct reading *d = &r->reading;
    for (size_t i = 0; i < n && d->n < RECEIVER_SIGHTINGS_MAX; i++) {
        const struct sighting *s = &r->sightings[i];
        if (framing_is_sound(s) != sound)
            continue;
        const struct frame f = make_frame(r, h, s);
        if (is_new(d, &f, same_carrier) && !(sound && is_denied(r, h, &f, n)))
            d->frames[d->n++] = f;
    }
}

static void report_chips(struct receiver *r, const struct hypothesis *h,
                         size_t n)
{
    const double scale = r->rate_hz / h->keying.mark.rate_hz;
    for (size_t i = 0; i < n; i++)
        r->llr[i] = chips_llr(&r->unknown.chips, i);
    r->reading.llr = r->llr;
    r->reading.n_chips = n;
    r->reading.chips_at =
        r->burst.at + (uint64_t)fmax(r->unknown.edges[0] * scale, 0);
}

/* Frames by template, then those of the story that unknown tells. */
static size_t find_sightings(struct receiver *r, const struct hypothesis *h)
{
    struct sighting *s = r->sightings;
    const double us = 1e6 / h->keying.mark.rate_hz;
    size_t n = framing_find(&r->framing, &h->keying, h->from, h->to, h->rates,
                            h->n_rates, s);
    const size_t chips = unknown_measure(&r->unknown, &h->keying, h->from,
                                         h->to, h->rates[0].te);
    if (!r->reading.n_chips)
        report_chips(r, h, chips);
    const size_t stories =
        unknown_find(&r->unknown, &h->keying, s + n, FRAMING_SIGHTINGS_MAX);
    for (size_t i = 0; i < stories; i++, n++)
        match_protocol(&s[n], h->keying.modulation, s[n].lattice.te * us);
    return n;
}

static void decode(struct receiver *r, struct hypothesis *h)
{
    const size_t before = r->reading.n;
    build_tones(r, h);
    const size_t n = find_sightings(r, h);
    keep_new(r, h, n, before, true);
    keep_new(r, h, n, before, false);
}

static int by_place(const void *a, const void *b)
{
    const struct frame *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

static void report_none(struct receiver *r)
{
    r->reading.n = r->reading.n_chips = 0;
    r->reading.report = (struct burst_report){
        .at = r->burst.at,
        .samples = r->burst.samples,
        .bandwidth_hz = r->burst.high_hz - r->burst.low_hz,
        .reception = { .carrier_hz = r->burst.peak_hz,
                       .carrier_uncertainty_hz =
                           (r->burst.high_hz - r->burst.low_hz) / 4,
                       .level_dbfs = NAN,
                       .noise_dbfs = decibels(r->burst.floor),
                       .snr_db = r->burst.snr_db },
    };
}

static void report_hypothesis(struct receiver *r, const struct hypothesis *h)
{
    struct burst_report *b = &r->reading.report;
    const double te = h->rates[0].te;
    b->reception = describe(r, h, (double)h->keying.power, te);
    b->is_modulation_known = true;
    b->te_us = te / h->keying.mark.rate_hz * 1e6;
}

static struct hypothesis *best_hypothesis(struct receiver *r)
{
    struct hypothesis *best = &r->hypotheses[0];
    for (size_t i = 0; i < r->n_hypotheses; i++) {
        struct hypothesis *h = &r->hypotheses[i];
        /* strong signals: what does not fit is noise, the same for all */
        h->reference = r->hypotheses[0].keying.power;
        find_clock(r, h);
        best = h->evidence > best->evidence ? h : best;
    }
    return best;
}

static void decode_all(struct receiver *r)
{
    bool is_used[CARRIERS_MAX] = { false };
    report_none(r);
    r->fsk_deviation_hz = 0;
    for (size_t i = 0; i < r->n_lobes; i++) {
        if (is_used[i] || is_shadow_lobe(r, i, is_used))
            continue;
        make_hypotheses(r, i, is_used);
        struct hypothesis *h = best_hypothesis(r);
        is_used[h->lobes[0]] = is_used[h->lobes[1]] = true;
        if (h->keying.modulation == MODULATION_FSK) {
            const double a = r->lobes[h->lobes[0]].hz;
            const double b = r->lobes[h->lobes[1]].hz;
            r->fsk_hz = (a + b) / 2;
            r->fsk_deviation_hz = fabs(a - b) / 2;
        }
        if (h->evidence < EVIDENCE_MIN)
            continue;
        if (!r->reading.report.is_modulation_known)
            report_hypothesis(r, h);
        decode(r, h);
    }
    r->reading.report.n_frames = r->reading.n;
    qsort(r->reading.frames, r->reading.n, sizeof *r->reading.frames, by_place);
}

const struct reading *receiver_end(struct receiver *r)
{
    r->n_lobes = 0;
    if (r->n_wide + channel_bound(&r->wide_channel, 0) <= r->wide_room)
        r->n_wide += channel_flush(&r->wide_channel, r->wide + r->n_wide);
    const double half = (r->burst.high_hz - r->burst.low_hz) / 2;
    const double reach = fmin(half + MARGIN_HZ / 2, 0.45 * r->wide_hz);
    const double noise = r->burst.floor * r->wide_hz / r->rate_hz;
    if (r->n_wide)
        r->n_lobes = carriers_find(&r->carriers, r->wide, r->n_wide, r->wide_hz,
                                   noise, -reach, reach, r->lobes);
    for (size_t i = 0; i < r->n_lobes; i++)
        if (!extract(r, i))
            r->n_lobes = i;
    decode_all(r);
    return &r->reading;
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

const struct reading *receiver_pulses(struct receiver *r, uint64_t at,
                                      const pulse_us *pulses, size_t n)
{
    r->n_narrow = render(r->narrow[0], r->narrow_room, pulses, n);
    r->narrow_hz = PULSE_RATE_HZ;
    r->burst = (struct burst){
        .at = at,
        .samples = (uint64_t)((double)r->n_narrow / PULSE_RATE_HZ * r->rate_hz),
        .floor = (double)PULSE_NOISE * r->rate_hz / PULSE_RATE_HZ,
    };
    r->is_pulses = true;
    r->lobes[0] = (struct carrier){ 0 };
    r->n_lobes = 1;
    r->centre_hz = 0;
    decode_all(r);
    return &r->reading;
}
