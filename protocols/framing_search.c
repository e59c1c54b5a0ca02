/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/framing_search.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/vector.h"

enum { PHASES = 4, ALTERNATIVES = 6 };

/* How far the chip clock may be off, as share of TE; candidates has some room
 * more. */
#define RATE_ERROR 0.006
/* Chips by which the ends of a frame may drift on the grid; what that and four
 * phases lose, the search has to spare. */
#define DRIFT 0.25
/* Nats a chip that the data of a weak frame may lose to "any pattern" on the
 * search's grid; the template makes up for it. */
#define SLACK 0.1
/* Chips that two places of one frame may be apart, on different lattices. */
#define SAME_PLACE 1.5

int framing_search_init(struct framing_search *f, const struct likelihood *l,
                        size_t room)
{
    *f = (struct framing_search){ .likelihood = l, .room = room };
    f->memory = malloc(chips_bytes(room));
    f->data_sum = malloc((room + 1) * sizeof *f->data_sum);
    f->free_sum = malloc((room + 1) * sizeof *f->free_sum);
    f->evidence = malloc(room * sizeof *f->evidence);
    f->likely = malloc(room);
    if (f->likely && f->evidence && f->memory && f->data_sum && f->free_sum) {
        chips_attach(&f->own, f->memory, room);
        return 0;
    }
    framing_search_finish(f);
    return -ENOMEM;
}

void framing_search_finish(struct framing_search *f)
{
    free(f->memory);
    free(f->data_sum);
    free(f->free_sum);
    free(f->evidence);
    free(f->likely);
    *f = (struct framing_search){ 0 };
}

/* Sums for any place on the lattice: of the free evidence, and of the bits'
 * evidence, one period apart. */
static void sum_free(struct framing_search *f)
{
    const struct chips *c = f->chips;
    f->free_sum[0] = 0;
    for (size_t k = 0; k < c->n; k++)
        f->free_sum[k + 1] = f->free_sum[k] + (double)c->free[k];
}

static void sum_data(struct framing_search *f, const struct line_code *l)
{
    const struct chips *c = f->chips;
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

/* How well the data alone explain theirs, of a frame whose data start at chip
 * from. */
static double data_score(const struct framing_search *f, unsigned period,
                         size_t from, size_t end)
{
    return f->data_sum[end - period] -
           (from < period ? 0 : f->data_sum[from - period]);
}

/* Template at chip k, data after it. */
static struct fit fit_at(const struct framing_search *f,
                         const struct framing_template *t, unsigned period,
                         size_t k)
{
    const size_t from = k + t->n, end = from + t->data;
    const size_t tail = period ? t->n_tail : 0; /* its place is not known */
    double score = period ? data_score(f, period, from, end) : 0;
    score += (double)framing_template_head(t, f->chips, k) +
             (double)framing_template_tail(t, f->chips, end, tail);
    const double free = f->free_sum[end + tail] - f->free_sum[k];
    return (struct fit){ (float)score, (float)(score - free) };
}

/* Marks the first n places of which the data alone do not rule out a frame: they
 * are no worse than "any pattern" by more than slack. Of each: the sum before
 * the data, and the sum to their end. */
DSP_VECTOR static void mark_likely(const double *restrict bits,
                                   const double *restrict bits_end,
                                   const double *restrict any,
                                   const double *restrict any_end, double slack,
                                   size_t n, unsigned char *restrict likely)
{
    for (size_t k = 0; k < n; k++)
        likely[k] = bits_end[k] - bits[k] > any_end[k] - any[k] - slack;
}

/* At one place, on two lattices, the likelier is better; of two places, which
 * explain different chips, the one that gains more over "any pattern". */
static bool is_better(const struct place *a, const struct place *b)
{
    if (fabs(a->data - b->data) < SAME_PLACE * a->te)
        return a->fit.score > b->fit.score;
    return a->fit.gain > b->fit.gain;
}

/* Keeps the best of the places of one waveform that overlap; of one whose wake
 * bits look alike wherever they are looked at, the best few: copies will tell. */
static void keep(struct places *p, const struct place *new, double length)
{
    const size_t most = new->waveform->wake ? ALTERNATIVES : 1;
    size_t rivals = 0, weakest = p->n;
    for (size_t i = 0; i < p->n; i++) {
        const struct place *old = &p->at[i];
        const double apart = fabs(old->data - new->data);
        if (old->waveform != new->waveform || apart > 0.8 * length)
            continue;
        if (apart < SAME_PLACE * new->te) {
            if (is_better(new, old))
                p->at[i] = *new;
            return;
        }
        rivals++;
        if (weakest == p->n || is_better(&p->at[weakest], old))
            weakest = i;
    }
    if (rivals < most && p->n < FRAMING_SEARCH_PLACES_MAX)
        p->at[p->n++] = *new;
    else if (rivals && is_better(new, &p->at[weakest]))
        p->at[weakest] = *new;
}

static void search_candidate(const struct framing_search *f,
                             const struct candidate *c,
                             const struct chip_grid *at, struct places *found)
{
    const struct framing_template *t = &c->template;
    const unsigned period = line_code_period(&c->code);
    const size_t span = t->n + t->data + t->n_tail;
    const double te = at->even.te;
    const double length = (double)(t->n + c->waveform->n_bits) * te;
    /* of bits of two lengths only the template counts yet */
    const float least =
        period ? FRAMING_SEARCH_GAIN_MIN : FRAMING_SEARCH_GAIN_MIN / 2;
    const size_t n = f->chips->n < span ? 0 : f->chips->n - span + 1;
    /* the first period has no sum before it */
    const size_t first = t->n < period ? period - t->n : 0;
    /* a known chip gains at most ln 2 over "any pattern" */
    const double known =
        (double)LIKELIHOOD_LN_2 * (double)(t->n + t->n_tail) - (double)least;
    const double slack = fmin(SLACK * (double)t->data + (double)least, known);
    memset(f->likely, 1, n);
    if (period && n > first) {
        const size_t data = first + t->n, end = data + t->data;
        mark_likely(f->data_sum + data - period, f->data_sum + end - period,
                    f->free_sum + data, f->free_sum + end, slack, n - first,
                    f->likely + first);
    }
    for (size_t k = 0; k < n; k++) {
        if (!f->likely[k])
            continue;
        const struct fit fit = fit_at(f, t, period, k);
        if (fit.gain < least || fit.score < least)
            continue;
        const struct place place = {
            c->protocol, c->waveform, chip_grid_edge(at, k + t->n), te, fit,
        };
        keep(found, &place, length);
    }
}

static void search_grid(struct framing_search *f, const struct candidates *c,
                        const struct chip_grid *at, struct places *found)
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

void framing_search_track(struct framing_search *f, const struct keying *k,
                          const struct chip_track *t, double te,
                          struct places *found)
{
    struct candidates c;
    const struct chip_grid at = { .even = { 0, te }, .edges = t->edges };
    candidates_list(&c, k->modulation, te / k->mark.rate_hz * 1e6);
    if (!c.n)
        return;
    assert(t->chips.n <= f->room);
    f->chips = &t->chips;
    search_grid(f, &c, &at, found);
}

/* As many chips as the burst has, and the guard beyond its end. */
static size_t chips_until(const struct framing_search *f, struct lattice at,
                          double to)
{
    const size_t n =
        (size_t)fmax((to - at.start) / at.te, 0) + FRAMING_TEMPLATE_GUARD_MAX;
    return n < f->room ? n : f->room;
}

void framing_search_rate(struct framing_search *f, const struct keying *k,
                         double from, double to, double te,
                         struct places *found)
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
            chips_measure(&f->own, f->likelihood, k, at, chips_until(f, at, to),
                          c.runs);
            f->chips = &f->own;
            search_grid(f, &c, &(struct chip_grid){ .even = at }, found);
        }
    }
}
