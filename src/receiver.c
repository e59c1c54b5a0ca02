/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/receiver.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/explanation.h"
#include "protocols/match.h"
#include "protocols/unknown.h"
#include "src/hypothesis.h"

enum { HYPOTHESES_MAX = 1 + CARRIERS_MAX };

/* FSK tones differ in strength by the resonator's slope, not by more. */
#define FSK_BALANCE      10.0
#define FSK_SHIFT_MAX_HZ 250e3
/* Two tones of FSK are on by turns: their powers do not rise together. A
 * shadow's do. */
#define TOGETHER_FSK    0.2
#define SHARED_FSK      0.4 /* over some ms both are there */
#define TOGETHER_SHADOW 0.5
/* FSK explains its lobes better than two transmitters would. Where a burst
 * begins and ends its clock loses up to a block each, so this much will do; two
 * fobs at once leave it a tenth. */
#define TWO_FOBS 0.75f
/* Nats that a chip clock must have: ln of its trials, some 1e3, and room. */
#define EVIDENCE_MIN 12.0f
/* Images and skirts lie this far under their cause. */
#define SHADOW_DB 10.0
/* Confidence of a frame that is no shadow. */
#define SURE 0.999

_Static_assert(EXPLANATION_MAX >= 2 * FRAMING_SIGHTINGS_MAX,
               "framing and unknown write as many each");

enum { LEAD_CHIPS = 32 }; /* Princeton: 24 and more */

struct receiver {
    struct likelihood likelihood;
    struct chip_clock clock;
    struct chip_track track;
    struct framing framing;
    struct unknown unknown;
    struct lobes lobes;
    bool is_overload;
    struct hypothesis_sums sums;
    double fsk_hz, fsk_deviation_hz; /* of the last FSK read; 0: none */
    enum modulation pulses_modulation;
    struct hypothesis hypotheses[HYPOTHESES_MAX];
    size_t n_hypotheses;
    struct sighting sightings[EXPLANATION_MAX];
    float *llr; /* of the chips of the reading */
    struct reading reading;
};

int receiver_create(struct receiver **ret, double rate_hz, size_t max_samples)
{
    struct receiver *r = calloc(1, sizeof *r);
    if (!r)
        return -ENOMEM;
    likelihood_init(&r->likelihood);
    chip_clock_init(&r->clock, &r->likelihood);
    const double seconds =
        fmax((double)max_samples / rate_hz, LOBES_PULSE_SECONDS);
    const size_t chips =
        (size_t)(seconds * 1e6 / HYPOTHESIS_TE_MIN_US) + 64 + LEAD_CHIPS;
    int e = lobes_init(&r->lobes, rate_hz, max_samples);
    if (!e)
        e = chip_track_init(&r->track, chips);
    if (!e)
        e = framing_init(&r->framing, &r->likelihood, chips);
    if (!e)
        e = unknown_init(&r->unknown, &r->likelihood, chips);
    r->llr = malloc(chips * sizeof *r->llr);
    for (int i = 0; i < 2; i++)
        r->sums.tone[i] = malloc((r->lobes.narrow_room + 1) * sizeof(iq));
    if (e || !r->llr || !r->sums.tone[0] || !r->sums.tone[1]) {
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
    lobes_finish(&r->lobes);
    chip_track_finish(&r->track);
    framing_finish(&r->framing);
    unknown_finish(&r->unknown);
    free(r->llr);
    free(r->sums.tone[0]);
    free(r->sums.tone[1]);
    free(r);
}

static void add_hypothesis(struct receiver *r, enum modulation m, size_t mark,
                           size_t space)
{
    if (r->n_hypotheses < HYPOTHESES_MAX)
        hypothesis_init(&r->hypotheses[r->n_hypotheses++], &r->lobes, m, mark,
                        space, &r->sums);
}

/* One lobe as OOK, and with each other that may be its second tone as FSK. */
static void make_hypotheses(struct receiver *r, size_t i, const bool *is_used)
{
    r->n_hypotheses = 0;
    add_hypothesis(r, MODULATION_OOK, i, i);
    const struct carrier *a = &r->lobes.carrier[i];
    for (size_t j = i + 1; j < r->lobes.n; j++) {
        const struct carrier *b = &r->lobes.carrier[j];
        if (is_used[j] || fabs(a->hz - b->hz) > FSK_SHIFT_MAX_HZ ||
            a->power > FSK_BALANCE * b->power ||
            lobes_rise_together(&r->lobes, i, j) > TOGETHER_FSK ||
            lobes_share_time(&r->lobes, i, j) < SHARED_FSK)
            continue;
        const bool is_up = a->hz > b->hz;
        add_hypothesis(r, MODULATION_FSK, is_up ? i : j, is_up ? j : i);
    }
}

/* Much weaker than a lobe that was read, and on when that is on, or among the
 * products of two tones. */
static bool is_shadow_lobe(const struct receiver *r, size_t i,
                           const bool *is_used)
{
    const double shadow = pow(10, -SHADOW_DB / 10);
    for (size_t j = 0; j < r->lobes.n; j++)
        if (is_used[j] &&
            r->lobes.carrier[i].power < shadow * r->lobes.carrier[j].power &&
            (lobes_rise_together(&r->lobes, i, j) > TOGETHER_SHADOW ||
             fabs(r->lobes.carrier[i].hz - r->fsk_hz) <
                 3 * r->fsk_deviation_hz))
            return true;
    return false;
}

static double decibels(double ratio)
{
    return 10 * log10(fmax(ratio, 1e-20));
}

/* Pulses do not say where in the receiver's filter the carrier was; a Flipper's is
 * 650 kHz wide, in the preset that hears fobs: that over the root of 12. */
#define PULSES_UNCERTAIN_HZ 188e3

/* Pulses are read as if keyed on and off, whatever their receiver was for. */
static enum modulation modulation_of(const struct receiver *r,
                                     const struct keying *k)
{
    return r->lobes.is_pulses ? r->pulses_modulation : k->modulation;
}

static struct reception describe(const struct receiver *r,
                                 const struct hypothesis *h, double power,
                                 double te)
{
    const bool is_fsk = modulation_of(r, &h->keying) == MODULATION_FSK;
    const double e_n0 = fmax(power * te / (double)h->keying.mark.noise, 1);
    struct reception x = {
        .modulation = is_fsk ? MODULATION_FSK : MODULATION_OOK,
        .carrier_hz = is_fsk ? (h->mark_hz + h->space_hz) / 2 : h->mark_hz,
        .deviation_hz = is_fsk ? (h->mark_hz - h->space_hz) / 2 : 0,
        /* some 50 pulses of this length, Cramer-Rao for a tone of each; no
         * better than the search's last step */
        .carrier_uncertainty_hz =
            h->keying.mark.rate_hz / te * fmax(0.02, 0.39 / sqrt(50 * e_n0)),
        .level_dbfs = decibels(power),
        .noise_dbfs = decibels(r->lobes.burst.floor),
        .is_overload = r->is_overload,
    };
    x.snr_db = x.level_dbfs - x.noise_dbfs;
    if (r->lobes.is_pulses) {
        x.level_dbfs = x.noise_dbfs = x.snr_db = NAN;
        x.deviation_hz = is_fsk ? NAN : 0;
        x.carrier_uncertainty_hz = PULSES_UNCERTAIN_HZ;
    }
    return x;
}

static struct frame make_frame(const struct receiver *r,
                               const struct hypothesis *h,
                               const struct sighting *s)
{
    const double scale = r->lobes.rate_hz / h->keying.mark.rate_hz;
    const double at = s->lattice.start * scale;
    return (struct frame){
        .protocol = s->protocol,
        .verdict = s->verdict,
        .kind = s->code.kind,
        .symbols = s->code.symbols,
        .te_us = s->lattice.te / h->keying.mark.rate_hz * 1e6,
        .at = r->lobes.burst.at + (uint64_t)(at > 0 ? at + 0.5 : 0),
        .samples = (uint64_t)((double)s->n_chips * s->lattice.te * scale + 0.5),
        .bits = s->bits,
        .preamble_chips = s->preamble_chips,
        .sync_chips = s->sync_chips,
        .copies = 1,
        .confidence = s->confidence,
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

/* Bits of its own, and no doubt about them. */
static bool is_another(const struct frame *a, const struct frame *b)
{
    size_t same = 0;
    if (!b->protocol || b->confidence < SURE)
        return false;
    for (size_t i = 0; i < b->bits.n && i < a->bits.n; i++)
        same += a->bits.value[i] == b->bits.value[i];
    return a->protocol != b->protocol || same < b->bits.n - b->bits.n / 8;
}

/* Much weaker than a frame at the same time: a skirt, an image, clipping; unless
 * it says something else. */
static bool is_shadow(const struct frame *strong, const struct frame *f)
{
    return f->reception.level_dbfs < strong->reception.level_dbfs - SHADOW_DB &&
           !is_another(strong, f);
}

/* One on another of the first n carriers' frames that says the same, or is a
 * shadow, is another reading of the same transmission. */
static bool is_new(const struct reading *d, const struct frame *f, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct frame *o = &d->frames[i];
        if (overlaps(o, f) &&
            (is_shadow(o, f) ||
             (o->bits.n == f->bits.n &&
              !memcmp(o->bits.value, f->bits.value, f->bits.n))))
            return false;
    }
    return true;
}

/* Those that explain the chips best; other carriers may have said the same. */
static void keep_best(struct receiver *r, const struct hypothesis *h, size_t n)
{
    size_t chosen[EXPLANATION_MAX];
    struct reading *d = &r->reading;
    const size_t before = d->n;
    n = explanation_choose(r->sightings, n, chosen);
    for (size_t i = 0; i < n && d->n < RECEIVER_SIGHTINGS_MAX; i++) {
        const struct frame f = make_frame(r, h, &r->sightings[chosen[i]]);
        if (is_new(d, &f, before))
            d->frames[d->n++] = f;
    }
}

static void report_chips(struct receiver *r, const struct hypothesis *h)
{
    const double scale = r->lobes.rate_hz / h->keying.mark.rate_hz;
    const struct chips *c = &r->track.chips;
    size_t first = 0;
    while (first < c->n && r->track.edges[first] < 0)
        first++;
    for (size_t i = first; i < c->n; i++)
        r->llr[i - first] = chips_llr(c, i);
    r->reading.llr = r->llr;
    r->reading.n_chips = c->n - first;
    r->reading.chips_at =
        r->lobes.burst.at + (uint64_t)fmax(r->track.edges[first] * scale, 0);
}

/* What unknown tells, by name where it has one. */
static size_t find_stories(struct receiver *r, const struct keying *k,
                           struct sighting *out)
{
    const size_t n =
        unknown_find(&r->unknown, k, &r->track, out, FRAMING_SIGHTINGS_MAX);
    for (size_t i = 0; i < n; i++)
        match_protocol(&out[i], modulation_of(r, k),
                       out[i].lattice.te / k->mark.rate_hz * 1e6);
    return n;
}

/* Frames by template, then those of the story that unknown tells. Where clear
 * frames explain all that was on the air, that is it; where the chips are sure,
 * what is not seen in them at once is not in them. */
static size_t find_sightings(struct receiver *r, const struct hypothesis *h)
{
    struct sighting *s = r->sightings;
    const struct keying *k = &h->keying;
    const double te = h->rates[0].te;
    /* silence before the burst is part of some formats */
    chip_track_follow(&r->track, &r->likelihood, k, h->from - LEAD_CHIPS * te,
                      h->to, te);
    if (!r->reading.n_chips)
        report_chips(r, h);
    size_t n = framing_find_clear(&r->framing, k, &r->track, te, s);
    if (n && !unknown_is_left(&r->track, s, n))
        return n;
    const bool is_sure = framing_is_sure(&r->track);
    if (!is_sure)
        n = framing_find(&r->framing, k, h->from, h->to, h->rates, h->n_rates,
                         s);
    const size_t stories = find_stories(r, k, s + n);
    if (is_sure && n + stories == 0)
        return framing_find(&r->framing, k, h->from, h->to, h->rates,
                            h->n_rates, s);
    return n + stories;
}

static void decode(struct receiver *r, struct hypothesis *h)
{
    hypothesis_build(h, &r->lobes);
    keep_best(r, h, find_sightings(r, h));
}

/* By place; of the same, as they came. Frames are large, and libc's qsort takes
 * memory. */
static void sort_frames(struct frame *f, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t at = i; at > 0 && f[at].at < f[at - 1].at; at--) {
            const struct frame swap = f[at];
            f[at] = f[at - 1];
            f[at - 1] = swap;
        }
}

static void report_none(struct receiver *r)
{
    r->reading.n = r->reading.n_chips = 0;
    r->reading.report = (struct burst_report){
        .at = r->lobes.burst.seen_at,
        .samples = r->lobes.burst.seen_samples,
        .bandwidth_hz = r->lobes.burst.high_hz - r->lobes.burst.low_hz,
        .reception = { .carrier_hz = r->lobes.burst.peak_hz,
                       .carrier_uncertainty_hz =
                           (r->lobes.burst.high_hz - r->lobes.burst.low_hz) / 4,
                       .level_dbfs = NAN,
                       .noise_dbfs = decibels(r->lobes.burst.floor),
                       .snr_db = r->lobes.burst.snr_db,
                       .is_overload = r->is_overload },
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

/* What all hypotheses about one lobe are judged by. */
struct trial {
    float reference; /* strong signals: what does not fit is noise */
    double from, to; /* the stretch that the chip clock looks at */
};

static void run(struct receiver *r, struct hypothesis *h, const struct trial *t)
{
    hypothesis_find_clock(h, &r->lobes, &r->clock, t->reference, t->from,
                          t->to);
}

/* What the second tone's lobe would say by itself. */
static float evidence_alone(struct receiver *r, size_t lobe,
                            const struct trial *t)
{
    struct hypothesis h;
    hypothesis_init(&h, &r->lobes, MODULATION_OOK, lobe, lobe, &r->sums);
    run(r, &h, t);
    r->sums.whose = NULL;
    return h.evidence;
}

static struct hypothesis *best_hypothesis(struct receiver *r, size_t lobe)
{
    struct hypothesis *ook = &r->hypotheses[0], *best = ook;
    struct trial t = { .reference = ook->keying.power };
    float gain = 0;
    hypothesis_build(ook, &r->lobes);
    hypothesis_window(ook, &r->lobes, &t.from, &t.to);
    run(r, ook, &t);
    for (size_t i = 1; i < r->n_hypotheses; i++) {
        struct hypothesis *h = &r->hypotheses[i];
        const size_t other = h->lobes[h->lobes[0] == lobe];
        run(r, h, &t);
        const float apart =
            TWO_FOBS * (ook->evidence + evidence_alone(r, other, &t));
        if (h->evidence - apart > gain) {
            gain = h->evidence - apart;
            best = h;
        }
    }
    return best;
}

static void decode_all(struct receiver *r)
{
    bool is_used[CARRIERS_MAX] = { false };
    report_none(r);
    r->fsk_deviation_hz = 0;
    for (size_t i = 0; i < r->lobes.n; i++) {
        if (is_used[i] || is_shadow_lobe(r, i, is_used))
            continue;
        make_hypotheses(r, i, is_used);
        struct hypothesis *h = best_hypothesis(r, i);
        is_used[h->lobes[0]] = is_used[h->lobes[1]] = true;
        if (h->keying.modulation == MODULATION_FSK) {
            const double a = r->lobes.carrier[h->lobes[0]].hz;
            const double b = r->lobes.carrier[h->lobes[1]].hz;
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
    sort_frames(r->reading.frames, r->reading.n);
}

void receiver_begin(struct receiver *r, const struct burst *b)
{
    lobes_begin(&r->lobes, b);
}

void receiver_push(struct receiver *r, const iq *x, size_t n)
{
    lobes_push(&r->lobes, x, n);
}

const struct reading *receiver_end(struct receiver *r, bool is_overload)
{
    r->is_overload = is_overload;
    lobes_end(&r->lobes);
    decode_all(r);
    return &r->reading;
}

const struct reading *receiver_pulses(struct receiver *r, uint64_t at,
                                      const pulse_us *pulses, size_t n,
                                      enum modulation m)
{
    r->is_overload = false;
    r->pulses_modulation = m;
    lobes_pulses(&r->lobes, at, pulses, n);
    decode_all(r);
    return &r->reading;
}
