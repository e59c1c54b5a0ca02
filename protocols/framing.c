/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/framing.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PHASES = 4, WAKE_MAX = 400, SCAN_STEPS = 10 };

/* 0.1 % moves the end of HCS361's longest VPWM frame by 0.13 of a chip. */
#define SCAN_STEP 0.001

/* How far the chip clock may be off. */
#define RATE_ERROR 0.006
/* Chips by which the ends of a frame may drift on the grid; what that and four
 * phases lose, the search has to spare. */
#define DRIFT 0.25
/* ln of the trials (lattices, places, formats: some 1e6), and as much again
 * for patterns that look alike. */
#define GAIN_MIN 28.0f
/* Nats a chip that the data of a weak frame may lose to "any pattern" on the
 * search's grid; the template makes up for it. */
#define SLACK 0.1
/* Nats under "any pattern" that a bit may be: noise in a chip that is off costs
 * up to 6 once in 1e3 bits; a missing pulse costs g, E/N0 of a chip. */
#define HOLE      8.0f
#define HOLE_E_N0 0.5f
/* Chips that two places of one frame may be apart, on different lattices. */
#define SAME_PLACE 1.5
/* Nats over silence that make what follows a frame another bit. */
#define GOES_ON 6.0f

int framing_init(struct framing *f, const struct likelihood *l, size_t room)
{
    *f = (struct framing){ .likelihood = l, .room = room };
    f->memory = malloc(chips_bytes(room));
    f->decoder = malloc(sizeof *f->decoder);
    f->data_sum = malloc((room + 1) * sizeof *f->data_sum);
    f->free_sum = malloc((room + 1) * sizeof *f->free_sum);
    f->evidence = malloc(room * sizeof *f->evidence);
    if (f->evidence && f->memory && f->decoder && f->data_sum && f->free_sum) {
        chips_attach(&f->chips, f->memory, room);
        return 0;
    }
    framing_finish(f);
    return -ENOMEM;
}

void framing_finish(struct framing *f)
{
    free(f->memory);
    free(f->decoder);
    free(f->data_sum);
    free(f->free_sum);
    free(f->evidence);
    *f = (struct framing){ 0 };
}

/* Sums for any place on the lattice: of the free evidence, and of the bits'
 * evidence, one period apart. */
static void sum_free(struct framing *f)
{
    const struct chips *c = &f->chips;
    f->free_sum[0] = 0;
    for (size_t k = 0; k < c->n; k++)
        f->free_sum[k + 1] = f->free_sum[k] + (double)c->free[k];
}

static void sum_data(struct framing *f, const struct line_code *l)
{
    const struct chips *c = &f->chips;
    const unsigned period = line_code_period(l);
    if (!period)
        return;
    line_code_evidence(l, f->likelihood, c, f->evidence);
    for (size_t k = 0; k < c->n; k++) {
        const double before = k < period ? 0 : f->data_sum[k - period];
        f->data_sum[k] = before;
        if (k + period <= c->n)
            f->data_sum[k] += (double)f->evidence[k];
    }
}

/* How well a frame explains its chips: over noise alone, which says where it
 * lies, and over any pattern on the same lattice, which says whether it is one.
 */
struct fit {
    float score, gain;
};

/* Template at chip k, data after it; gain -INFINITY where the data alone rules
 * it out. */
static struct fit fit_at(const struct framing *f,
                         const struct framing_template *t, unsigned period,
                         size_t k)
{
    const size_t from = k + t->n, end = from + t->data;
    double score = 0;
    if (period) {
        score = f->data_sum[end - period] -
                (from < period ? 0 : f->data_sum[from - period]);
        const double slack = SLACK * (double)t->data + GAIN_MIN;
        if (score < f->free_sum[end] - f->free_sum[from] - slack)
            return (struct fit){ 0, -INFINITY };
    }
    const size_t tail = period ? t->n_tail : 0; /* its place is not known */
    score += (double)framing_template_head(t, &f->chips, k) +
             (double)framing_template_tail(t, &f->chips, end, tail);
    const double free = f->free_sum[end + tail] - f->free_sum[k];
    return (struct fit){ (float)score, (float)(score - free) };
}

/* A place where a frame may be. */
struct place {
    const struct protocol *protocol;
    const struct waveform *waveform;
    double data, te; /* start of the data, in samples */
    struct fit fit;
};

struct places {
    struct place at[FRAMING_SIGHTINGS_MAX];
    size_t n;
};

/* At one place, on two lattices, the likelier is better; of two places, which
 * explain different chips, the one that gains more over "any pattern". */
static bool is_better(const struct place *a, const struct place *b)
{
    if (fabs(a->data - b->data) < SAME_PLACE * a->te)
        return a->fit.score > b->fit.score;
    return a->fit.gain > b->fit.gain;
}

/* Keeps the best of the places of one waveform that overlap. */
static void keep(struct places *p, const struct place *new, double length)
{
    size_t slot = p->n;
    for (size_t i = 0; i < p->n; i++) {
        const struct place *old = &p->at[i];
        if (old->waveform != new->waveform ||
            fabs(old->data - new->data) > 0.8 * length)
            continue;
        if (!is_better(new, old))
            return;
        slot = i;
    }
    if (slot == FRAMING_SIGHTINGS_MAX)
        return;
    p->at[slot] = *new;
    p->n += slot == p->n;
}

static void search_candidate(const struct framing *f, const struct candidate *c,
                             struct lattice at, struct places *found)
{
    const struct framing_template *t = &c->template;
    const unsigned period = line_code_period(&c->code);
    const size_t span = t->n + t->data + t->n_tail;
    const double length = (double)(t->n + c->waveform->n_bits) * at.te;
    /* of bits of two lengths only the template counts yet */
    const float least = period ? GAIN_MIN : GAIN_MIN / 2;
    for (size_t k = 0; k + span <= f->chips.n; k++) {
        const struct fit fit = fit_at(f, t, period, k);
        if (fit.gain < least || fit.score < least)
            continue;
        const double data = at.start + (double)(k + t->n) * at.te;
        const struct place place = {
            c->protocol, c->waveform, data, at.te, fit,
        };
        keep(found, &place, length);
    }
}

static void search_lattice(struct framing *f, const struct candidates *c,
                           struct lattice at, struct places *found)
{
    sum_free(f);
    for (size_t i = 0; i < c->n; i++) {
        if (c->at[i].same_code != i)
            continue;
        sum_data(f, &c->at[i].code);
        for (size_t j = i; j < c->n; j++)
            if (c->at[j].same_code == i)
                search_candidate(f, &c->at[j], at, found);
    }
}

/* Measures as many chips as the burst has, and the guard beyond its end. */
static void measure(struct framing *f, const struct keying *k, double to,
                    struct lattice at, unsigned runs)
{
    size_t n =
        (size_t)fmax((to - at.start) / at.te, 0) + FRAMING_TEMPLATE_GUARD_MAX;
    n = n < f->room ? n : f->room;
    chips_measure(&f->chips, f->likelihood, k, at, n, runs);
}

static void search_rate(struct framing *f, const struct keying *k, double from,
                        double to, double te, struct places *found)
{
    struct candidates c;
    candidates_list(&c, k->modulation, te / k->mark.rate_hz * 1e6);
    if (!c.n)
        return;
    const double step = 2 * DRIFT / (double)c.longest;
    const int steps = (int)ceil(RATE_ERROR / step);
    for (int i = -steps; i <= steps; i++) {
        const double trial = te * (1 + i * step);
        for (int phase = 0; phase < PHASES; phase++) {
            const struct lattice at = {
                from + trial * phase / PHASES - (double)c.lead * trial,
                trial,
            };
            measure(f, k, to, at, c.runs);
            search_lattice(f, &c, at, found);
        }
    }
}

/* The same for one place, runs and all; decodes into bits. */
static struct fit fit_of(struct framing *f, const struct keying *k,
                         const struct place *p,
                         const struct framing_template *t, struct bits *bits,
                         size_t *ret_end)
{
    const struct line_code l = line_code_of(p->waveform);
    const struct lattice at = { p->data - (double)t->n * p->te, p->te };
    const size_t most = p->waveform->n_bits * line_code_longest(&l);
    size_t n = t->n + most + t->n_tail + line_code_longest(&l);
    n = n < f->room ? n : f->room;
    chips_measure(&f->chips, f->likelihood, k, at, n, CHIPS_RUN_MAX);
    struct fit fit = { 0 };
    fit.score = line_code_decode(f->decoder, &l, f->likelihood, &f->chips, t->n,
                                 p->waveform->n_bits, bits, ret_end);
    if (fit.score == -INFINITY)
        return (struct fit){ -INFINITY, -INFINITY };
    const size_t tail = n - *ret_end < t->n_tail ? n - *ret_end : t->n_tail;
    fit.score += framing_template_head(t, &f->chips, 0) +
                 framing_template_tail(t, &f->chips, *ret_end, tail);
    fit.gain = fit.score;
    for (size_t i = 0; i < *ret_end + tail; i++)
        fit.gain -= f->chips.free[i];
    return fit;
}

/* Climbs in start and TE by ever smaller steps. */
static void refine(struct framing *f, const struct keying *k, struct place *p,
                   const struct framing_template *t)
{
    struct bits bits;
    size_t end;
    const struct line_code l = line_code_of(p->waveform);
    const double chips =
        (double)(t->n + line_code_most_chips(&l, p->waveform->n_bits));
    p->fit = fit_of(f, k, p, t, &bits, &end);
    for (double step = 0.25; step > 0.02; step /= 2)
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

/* The frame's chips as decided, for measuring its levels. */
static size_t decided_chips(const struct sighting *s,
                            const struct framing_template *t, char *out,
                            size_t room)
{
    char bits[BITS_MAX + 1];
    size_t i = 0;
    for (; i < s->bits.n; i++)
        bits[i] = s->bits.value[i] ? '1' : '0';
    bits[i] = 0;
    if (t->n + s->bits.n * line_code_longest(&s->code) > room)
        return 0;
    memcpy(out, t->chips, t->n);
    return t->n + line_code_encode(&s->code, bits, out + t->n);
}

static void invert(struct bits *b)
{
    for (size_t i = 0; i < b->n; i++) {
        b->llr[i] = -b->llr[i];
        b->value[i] = !b->value[i];
    }
}

/* Wake bits before the ones in the template, as long as they fit better than
 * any pattern. */
static size_t count_wake(struct framing *f, const struct keying *k,
                         const struct place *p, const struct line_code *l,
                         float *gain)
{
    const unsigned period = line_code_period(l);
    const unsigned bit = p->waveform->wake[0] == '1';
    size_t n = 0;
    while (n < WAKE_MAX) {
        const double start = p->data - (double)((n + 1) * period) * p->te;
        if (start < 0)
            break;
        chips_measure(&f->chips, f->likelihood, k,
                      (struct lattice){ start, p->te }, period, 1);
        float free = 0;
        for (unsigned i = 0; i < period; i++)
            free += f->chips.free[i];
        const float metric =
            line_code_metric(l, &f->chips, 0, bit, LINE_CODE_ALONE);
        if (metric < free || metric < 0)
            break;
        *gain += metric - free;
        n++;
    }
    return n;
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

/* A frame has all of its bits: where neither value fits, with chips that leave
 * no doubt, it is another format, of one bit more or less. */
static bool has_hole(const struct framing *f, const struct line_code *l,
                     const struct framing_template *t, size_t n_bits)
{
    const struct chips *c = &f->chips;
    const unsigned period = line_code_period(l);
    for (size_t i = 0; period && i < n_bits; i++) {
        const size_t k = t->n + i * period;
        float gain = likelihood_either(
            f->likelihood, line_code_metric(l, c, k, 0, LINE_CODE_ALONE),
            line_code_metric(l, c, k, 1, LINE_CODE_ALONE));
        for (unsigned j = 0; j < period; j++)
            gain -= c->free[k + j];
        if (gain < -HOLE - HOLE_E_N0 * c->g)
            return true;
    }
    return false;
}

/* Where silence should follow, one more bit does. */
static bool goes_on(const struct framing *f, const struct waveform *w,
                    const struct line_code *l, size_t end)
{
    const struct chips *c = &f->chips;
    const unsigned period = line_code_period(l);
    end += w->stop ? strlen(w->stop) : 0;
    if (!period || !w->guard || c->is_fsk || end + period > c->n)
        return false;
    return likelihood_either(
               f->likelihood, line_code_metric(l, c, end, 0, LINE_CODE_ALONE),
               line_code_metric(l, c, end, 1, LINE_CODE_ALONE)) > GOES_ON;
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
                            struct place *p, struct sighting *s)
{
    struct framing_template t;
    framing_template_build(&t, p->waveform, k->modulation);
    if (!t.data)
        scan_rate(f, k, p, &t);
    refine(f, k, p, &t);
    *s = (struct sighting){
        .protocol = p->protocol,
        .waveform = p->waveform,
        .code = line_code_of(p->waveform),
        .power = k->power,
        .noise = k->mark.noise,
    };
    size_t end;
    if (fit_of(f, k, p, &t, &s->bits, &end).gain < GAIN_MIN)
        return false;
    char chips[2048];
    const size_t n = decided_chips(s, &t, chips, sizeof chips);
    const struct lattice whole = { p->data - (double)t.n * p->te, p->te };
    struct keying fitted = *k;
    if (n && chips_fit(k, whole, chips, n, &s->power, &s->noise)) {
        s->noise = fmaxf(s->noise, 0.7f * k->mark.noise);
        fitted.power = s->power;
        fitted.mark.noise = fitted.space.noise = s->noise;
    }
    const struct fit fit = fit_of(f, &fitted, p, &t, &s->bits, &end);
    s->gain = fit.gain;
    s->score = p->fit.score;
    if (s->gain < GAIN_MIN || has_hole(f, &s->code, &t, s->bits.n) ||
        goes_on(f, p->waveform, &s->code, end))
        return false;
    if (p->waveform->is_inverted)
        invert(&s->bits);
    const size_t before = chips_before(f, &fitted, p, &s->code, &s->gain);
    s->lattice = (struct lattice){ p->data - (double)before * p->te, p->te };
    s->n_chips = before + (end - t.n);
    sighting_judge(p->protocol, &s->bits, &s->verdict, &s->confidence);
    return s->verdict != VERDICT_NOT_MINE;
}

/* One that its check denies comes after all others. */
static int by_score(const void *a, const void *b)
{
    const struct sighting *x = a, *y = b;
    const int x_good = x->verdict >= VERDICT_PLAUSIBLE;
    const int y_good = y->verdict >= VERDICT_PLAUSIBLE;
    if (x_good != y_good)
        return y_good - x_good;
    return (x->score < y->score) - (x->score > y->score);
}

size_t framing_find(struct framing *f, const struct keying *k, double from,
                    double to, const struct chip_rate *rates, size_t n_rates,
                    struct sighting out[FRAMING_SIGHTINGS_MAX])
{
    size_t n = 0;
    bool is_sure = false;
    for (size_t r = 0; r < n_rates && !is_sure; r++) {
        struct places found = { .n = 0 };
        search_rate(f, k, from, to, rates[r].te, &found);
        for (size_t i = 0; i < found.n && n < FRAMING_SIGHTINGS_MAX; i++) {
            n += finish_sighting(f, k, &found.at[i], &out[n]);
            is_sure |= n && sighting_is_sound(&out[n - 1]);
        }
    }
    qsort(out, n, sizeof *out, by_score);
    return n;
}
