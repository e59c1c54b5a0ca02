/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/framing.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/framing_shape.h"

enum { SPARE = FRAMING_TEMPLATE_SHIFT, WAKE_MAX = 400, SCAN_STEPS = 10 };

/* 0.1 % moves the end of HCS361's longest VPWM frame by 0.13 of a chip. */
#define SCAN_STEP 0.001
#define GAIN_MIN  FRAMING_SEARCH_GAIN_MIN
/* Nats under their best that wake bits may fall before they have ended. */
#define WAKE_DIP 8.0f
/* Chips that a place may be off: on a grid of four phases that drift by as much;
 * where eight phases are followed. */
#define GRID_OFF  0.25
#define TRACK_OFF 0.125
/* 14 dB: HCS200 frames are right 99 times in 100. */
#define SURE_E_N0 25.0f
/* How far a rate may be behind the best. */
#define RIVAL_NATS  40.0f
#define RIVAL_SHARE 0.4f
/* Surer than this, another look at the same chips says nothing new. */
#define CLEAR 0.999

int framing_init(struct framing *f, const struct likelihood *l, size_t room)
{
    *f = (struct framing){ .likelihood = l, .room = FRAMING_CHIPS_MAX };
    const int e = framing_search_init(&f->search, l, room);
    f->memory = malloc(chips_bytes(f->room));
    f->decoder = malloc(sizeof *f->decoder);
    if (!e && f->memory && f->decoder) {
        chips_attach(&f->chips, f->memory, f->room);
        return 0;
    }
    framing_finish(f);
    return -ENOMEM;
}

void framing_finish(struct framing *f)
{
    framing_search_finish(&f->search);
    free(f->memory);
    free(f->decoder);
    *f = (struct framing){ 0 };
}

/* How well the frame at this place explains its chips, runs and all; decodes into
 * bits. */
static struct fit fit_of(struct framing *f, const struct keying *k,
                         const struct place *p,
                         const struct framing_template *t, struct bits *bits,
                         size_t *ret_end)
{
    const struct line_code l = line_code_of(p->waveform);
    const size_t head = SPARE + t->n;
    const struct lattice at = { p->data - (double)head * p->te, p->te };
    const size_t most = p->waveform->n_bits * line_code_longest(&l);
    size_t n = head + most + t->n_tail + line_code_longest(&l);
    n = n < f->room ? n : f->room;
    chips_measure(&f->chips, f->likelihood, k, at, n, line_code_most_run(&l));
    struct fit fit = { 0 };
    fit.score = line_code_decode(f->decoder, &l, f->likelihood, &f->chips, head,
                                 p->waveform->n_bits, bits, ret_end);
    if (fit.score == -INFINITY)
        return (struct fit){ -INFINITY, -INFINITY };
    const size_t tail = n - *ret_end < t->n_tail ? n - *ret_end : t->n_tail;
    fit.score += framing_template_head(t, &f->chips, SPARE) +
                 framing_template_tail(t, &f->chips, *ret_end, tail);
    fit.gain = fit.score;
    for (size_t i = SPARE; i < *ret_end + tail; i++)
        fit.gain -= f->chips.free[i];
    return fit;
}

/* Climbs in start and TE by ever smaller steps; off: chips that the place may be
 * off. */
static void refine(struct framing *f, const struct keying *k, struct place *p,
                   const struct framing_template *t, double off)
{
    struct bits bits;
    size_t end;
    const struct line_code l = line_code_of(p->waveform);
    const double chips =
        (double)(t->n + line_code_most_chips(&l, p->waveform->n_bits));
    p->fit = fit_of(f, k, p, t, &bits, &end);
    for (double step = off; step > 0.02; step /= 2)
        for (int move = 0; move < 4; move++) {
            struct place trial = *p;
            const double by = move % 2 ? step : -step;
            if (move < 2) {
                trial.data += by * p->te;
            } else { /* turns about the middle of the frame */
                trial.te += 2 * by * p->te / chips;
                trial.data -= (chips / 2 - (double)t->n) * (trial.te - p->te);
            }
            trial.fit = fit_of(f, k, &trial, t, &bits, &end);
            if (trial.fit.score > p->fit.score)
                *p = trial;
        }
}

/* How likely each chip of the frame is on, for measuring its levels. */
static size_t expected_chips(const struct sighting *s,
                             const struct framing_template *t, float *out,
                             size_t room)
{
    if (t->n + s->bits.n * line_code_longest(&s->code) > room)
        return 0;
    for (size_t i = 0; i < t->n; i++)
        out[i] = t->chips[i] == '1';
    return t->n + line_code_expect(&s->code, &s->bits, out + t->n);
}

static void invert(struct bits *b)
{
    for (size_t i = 0; i < b->n; i++) {
        b->llr[i] = -b->llr[i];
        b->value[i] = !b->value[i];
    }
}

/* Wake bits before the ones in the template: as many as gain most over "any
 * pattern". A weak one does not end them. */
static size_t count_wake(struct framing *f, const struct keying *k,
                         const struct place *p, const struct line_code *l,
                         float *gain)
{
    const unsigned period = line_code_period(l);
    const unsigned bit = p->waveform->wake[0] == '1';
    float sum = 0, most = 0;
    size_t best = 0;
    for (size_t n = 1; n <= WAKE_MAX && sum > most - WAKE_DIP; n++) {
        const double start = p->data - (double)(n * period) * p->te;
        if (start < 0)
            break;
        chips_measure(&f->chips, f->likelihood, k,
                      (struct lattice){ start, p->te }, period, 1);
        sum += line_code_metric(l, &f->chips, 0, bit, LINE_CODE_ALONE);
        for (unsigned i = 0; i < period; i++)
            sum -= f->chips.free[i];
        if (sum <= most)
            continue;
        most = sum;
        best = n;
    }
    *gain += most;
    return best;
}

/* In the chips that were measured last. */
static bool has_shape(const struct framing *f, const struct place *p,
                      const struct framing_template *t, size_t end)
{
    const struct line_code l = line_code_of(p->waveform);
    return framing_shape_fits(&(struct framing_shape){
        f->likelihood, &f->chips, &l, p->waveform, t, SPARE, end });
}

/* More pulses before the head than the longest preamble has. */
static bool has_more_pulses(struct framing *f, const struct keying *k,
                            const struct place *p,
                            const struct framing_template *t)
{
    const struct waveform *w = p->waveform;
    const unsigned most = w->preamble_pulses - w->preamble_sure + 1u;
    if (!w->preamble_sure || w->preamble_sure == w->preamble_pulses)
        return false;
    const size_t n = 2u * most;
    const double start = p->data - (double)(t->n + n) * p->te;
    chips_measure(&f->chips, f->likelihood, k, (struct lattice){ start, p->te },
                  n, 1);
    return framing_shape_is_sure(&f->chips) &&
           framing_shape_pulses(&f->chips, n) >= most;
}

/* Where the frame's first preamble chip lies, in chips before the data. Wake
 * bits that the template left out add to the gain. */
static size_t chips_before(struct framing *f, const struct keying *k,
                           const struct place *p, const struct line_code *l,
                           float *gain)
{
    const struct waveform *w = p->waveform;
    const unsigned period = line_code_period(l);
    const size_t sync = strlen(w->sync ? w->sync : "") * period;
    size_t n = sync + strlen(w->lead ? w->lead : "");
    if (w->wake && w->wake_sure) {
        struct place first = *p;
        first.data -= (double)(sync + w->wake_sure * period) * p->te;
        n += w->wake_sure * period;
        n += count_wake(f, k, &first, l, gain) * period;
    }
    if (w->preamble_pulses)
        n += 2u * w->preamble_pulses - 1 + w->header;
    return n;
}

/* Of bits of two lengths the search has seen the template only, which leaves TE
 * wide: tries them all. */
static void scan_rate(struct framing *f, const struct keying *k,
                      struct place *p, const struct framing_template *t)
{
    struct bits bits;
    size_t end;
    struct place best = *p;
    best.fit.score = -INFINITY;
    for (int i = -SCAN_STEPS; i <= SCAN_STEPS; i++) {
        struct place trial = *p;
        trial.te *= 1 + i * SCAN_STEP;
        trial.fit = fit_of(f, k, &trial, t, &bits, &end);
        if (trial.fit.score > best.fit.score)
            best = trial;
    }
    *p = best;
}

static bool finish_sighting(struct framing *f, const struct keying *k,
                            struct place *p, double off, struct sighting *s)
{
    struct framing_template t;
    framing_template_build(&t, p->waveform, k->modulation);
    if (!t.data)
        scan_rate(f, k, p, &t);
    refine(f, k, p, &t, off);
    *s = (struct sighting){
        .protocol = p->protocol,
        .waveform = p->waveform,
        .code = line_code_of(p->waveform),
        .power = k->power,
        .noise = k->mark.noise,
    };
    size_t end;
    /* levels fitted to a wrong frame would take its misfits for noise */
    if (fit_of(f, k, p, &t, &s->bits, &end).gain < GAIN_MIN ||
        !has_shape(f, p, &t, end) || has_more_pulses(f, k, p, &t))
        return false;
    float chips[FRAMING_CHIPS_MAX];
    const size_t n = expected_chips(s, &t, chips, FRAMING_CHIPS_MAX);
    const struct lattice whole = { p->data - (double)t.n * p->te, p->te };
    const struct keying fitted = sighting_fit(s, k, whole, chips, n);
    const struct fit fit = fit_of(f, &fitted, p, &t, &s->bits, &end);
    s->gain = fit.gain;
    s->score = p->fit.score;
    if (s->gain < GAIN_MIN)
        return false;
    if (p->waveform->is_inverted)
        invert(&s->bits);
    const size_t before = chips_before(f, &fitted, p, &s->code, &s->gain);
    s->lattice = (struct lattice){ p->data - (double)before * p->te, p->te };
    s->n_chips = before + (end - SPARE - t.n);
    sighting_judge(p->protocol, &s->bits, &s->verdict, &s->confidence);
    return s->verdict != VERDICT_NOT_MINE;
}

/* One that its check denies comes after all others. */
static bool is_before(const struct sighting *a, const struct sighting *b)
{
    const bool a_good = a->verdict >= VERDICT_PLAUSIBLE;
    const bool b_good = b->verdict >= VERDICT_PLAUSIBLE;
    return a_good != b_good ? a_good : a->score > b->score;
}

/* By as few moves as there are sightings, which are large, and without memory of
 * its own, which libc's qsort takes. */
static void sort(struct sighting *s, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        size_t best = i;
        for (size_t j = i + 1; j < n; j++)
            best = is_before(&s[j], &s[best]) ? j : best;
        const struct sighting swap = s[i];
        s[i] = s[best];
        s[best] = swap;
    }
}

/* By its bits, not by its check: one that lies a bit off may pass that. */
static bool is_clear(const struct sighting *s)
{
    return sighting_is_sound(s) && sighting_confidence(&s->bits) > CLEAR;
}

static bool overlaps(const struct sighting *s, const struct place *p)
{
    const double end = s->lattice.start + (double)s->n_chips * s->lattice.te;
    return p->data > s->lattice.start && p->data < end;
}

/* Another reading of chips that a clear one explains better. */
static bool is_outdone(const struct place *p, const struct sighting *s,
                       size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_clear(&s[i]) && s[i].gain > p->fit.gain && overlaps(&s[i], p))
            return true;
    return false;
}

/* Most gain first. */
static void sort_places(struct places *p)
{
    for (size_t i = 1; i < p->n; i++) {
        const struct place it = p->at[i];
        size_t at = i;
        for (; at > 0 && p->at[at - 1].fit.gain < it.fit.gain; at--)
            p->at[at] = p->at[at - 1];
        p->at[at] = it;
    }
}

/* Adds the sightings of these places, good to so many chips, to out[n]. */
static size_t finish_all(struct framing *f, const struct keying *k,
                         struct places *found, double off, struct sighting *out,
                         size_t n)
{
    sort_places(found);
    for (size_t i = 0; i < found->n && n < FRAMING_SIGHTINGS_MAX; i++)
        if (!is_outdone(&found->at[i], out, n))
            n += finish_sighting(f, k, &found->at[i], off, &out[n]);
    return n;
}

bool framing_is_sure(const struct chip_track *t)
{
    return t->chips.g > SURE_E_N0;
}

/* Something that gains more lies over it and is not clear: a bit off it may have
 * passed its check by chance. s: the first n, by gain. */
static bool is_doubted(const struct sighting *it, const struct sighting *s,
                       size_t n)
{
    const struct place p = { .data = it->lattice.start +
                                     (double)it->n_chips * it->lattice.te / 2 };
    for (size_t i = 0; i < n; i++)
        if (overlaps(&s[i], &p) && !is_clear(&s[i]))
            return true;
    return false;
}

size_t framing_find_clear(struct framing *f, const struct keying *k,
                          const struct chip_track *t, double te,
                          struct sighting out[FRAMING_SIGHTINGS_MAX])
{
    struct places found = { .n = 0 };
    framing_search_track(&f->search, k, t, te, &found);
    const size_t all = finish_all(f, k, &found, TRACK_OFF, out, 0);
    bool is_wanted[FRAMING_SIGHTINGS_MAX];
    size_t n = 0;
    for (size_t i = 0; i < all; i++)
        is_wanted[i] = is_clear(&out[i]) && !is_doubted(&out[i], out, i);
    for (size_t i = 0; i < all; i++)
        if (is_wanted[i])
            out[n++] = out[i];
    sort(out, n);
    return n;
}

/* Not so far behind the best that it cannot be the right one: noise alone makes
 * differences of some nats, a lattice that explains half of the chips as well
 * more. */
static bool is_rival(const struct chip_rate *best, const struct chip_rate *r)
{
    return best->evidence - r->evidence <
           fmaxf(RIVAL_NATS, RIVAL_SHARE * best->evidence);
}

size_t framing_find(struct framing *f, const struct keying *k, double from,
                    double to, const struct chip_rate *rates, size_t n_rates,
                    struct sighting out[FRAMING_SIGHTINGS_MAX])
{
    size_t n = 0;
    bool is_sure = false;
    for (size_t r = 0; r < n_rates && !is_sure; r++) {
        if (!is_rival(&rates[0], &rates[r]))
            continue;
        struct places found = { .n = 0 };
        framing_search_rate(&f->search, k, from, to, rates[r].te, &found);
        const size_t before = n;
        n = finish_all(f, k, &found, GRID_OFF, out, n);
        for (size_t i = before; i < n; i++)
            is_sure |= sighting_is_sound(&out[i]);
    }
    sort(out, n);
    return n;
}
