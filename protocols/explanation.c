/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/explanation.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Nats that a story of an unknown format owes for its free choice of code, TE,
 * preamble, sync and length: ln of some 1e5. */
#define STORY 12.0
/* Bare chips explain nothing: they come out where nothing else does. */
#define BARE 1e-3
/* A check that fails with sure bits says no more than this. */
#define DENIAL_MAX 20.0
/* ln of the trials of framing_search (lattices, places, formats: some 1e6), and
 * as much again for patterns that look alike: what a frame and its copies must
 * gain together. */
#define GAIN_MIN 28.0
/* Share of the bits that copies have in common, at least; three in a hundred
 * pairs of random 96 bits have. */
#define SAME_MIN 0.6
/* Share of the shortest frame's length that two may have in common at an end,
 * half of it each. */
#define EDGE 0.25

/* All sightings, and what becomes of them. */
struct scene {
    const struct sighting *s;
    size_t n;
    double from[EXPLANATION_MAX], to[EXPLANATION_MAX];
    double weight[EXPLANATION_MAX], copies[EXPLANATION_MAX];
    size_t order[EXPLANATION_MAX];  /* by their ends */
    size_t before[EXPLANATION_MAX]; /* how many of those end before it starts */
};

static bool overlap(const struct scene *v, size_t i, size_t j)
{
    return v->from[i] < v->to[j] && v->from[j] < v->to[i];
}

static double length_of(const struct sighting *s)
{
    return (double)s->n_chips * s->lattice.te;
}

static void place(struct scene *v)
{
    double shortest = HUGE_VAL;
    for (size_t i = 0; i < v->n; i++)
        shortest = fmin(shortest, length_of(&v->s[i]));
    for (size_t i = 0; i < v->n; i++) {
        const double start = v->s[i].lattice.start;
        v->from[i] = start + EDGE / 2 * shortest;
        v->to[i] = start + length_of(&v->s[i]) - EDGE / 2 * shortest;
        size_t at = i;
        for (; at > 0 && v->to[v->order[at - 1]] > v->to[i]; at--)
            v->order[at] = v->order[at - 1];
        v->order[at] = i;
    }
    for (size_t k = 0; k < v->n; k++) {
        size_t b = k;
        while (b > 0 && v->to[v->order[b - 1]] > v->from[v->order[k]])
            b--;
        v->before[k] = b;
    }
}

/* What a check adds: it holds by chance once in 2^bits, and where the format is
 * right it fails only with a wrong bit. */
static double check_weight(const struct sighting *s)
{
    const double right = sighting_confidence(&s->bits);
    const double chance = pow(2, -(double)s->protocol->check_bits);
    if (s->verdict == VERDICT_DAMAGED)
        return fmax(log(fmax(1 - right, 1e-30)), -DENIAL_MAX);
    return log((right + (1 - right) * chance) / chance);
}

static double weight_of(const struct sighting *s)
{
    if (s->protocol)
        return fmax((double)s->gain + check_weight(s), 0);
    if (s->code.kind == LINE_NRZ)
        return BARE;
    return fmax((double)s->gain - STORY, BARE);
}

/* The same reading of two frames, or of one. */
static bool are_alike(const struct sighting *a, const struct sighting *b)
{
    return a->protocol == b->protocol && a->waveform == b->waveform &&
           a->code.kind == b->code.kind && a->bits.n == b->bits.n;
}

static size_t count_same(const struct bits *a, const struct bits *b)
{
    size_t same = 0;
    for (size_t i = 0; i < a->n; i++)
        same += a->value[i] == b->value[i];
    return same;
}

/* Nats for the same bits in both; 0 unless they are copies. Two frames of their
 * own agree in half of their bits, which is told without their likelihoods. */
static double agreement(const struct scene *v, size_t i, size_t j)
{
    const struct sighting *a = &v->s[i], *b = &v->s[j];
    if (i == j || !are_alike(a, b) || overlap(v, i, j) ||
        (double)count_same(&a->bits, &b->bits) < SAME_MIN * (double)a->bits.n)
        return 0;
    return fmax(bits_agreement(&a->bits, &b->bits), 0);
}

/* The copies of a sighting, at each place the one that weighs most together with
 * how well it agrees. */
struct copies {
    size_t n, at[EXPLANATION_MAX];
    double agreement; /* with all of them */
};

static void find_copies(const struct scene *v, size_t i, const double *own,
                        struct copies *c)
{
    double agree[EXPLANATION_MAX];
    for (size_t j = 0; j < v->n; j++)
        agree[j] = agreement(v, i, j);
    *c = (struct copies){ .n = 0 };
    for (;;) {
        size_t best = v->n;
        for (size_t j = 0; j < v->n; j++)
            if (agree[j] > 0 &&
                (best == v->n || own[j] + agree[j] > own[best] + agree[best]))
                best = j;
        if (best == v->n)
            return;
        c->at[c->n++] = best;
        c->agreement += agree[best];
        agree[best] = 0;
        for (size_t j = 0; j < v->n; j++)
            if (overlap(v, best, j))
                agree[j] = 0;
    }
}

/* What the best reading of a place weighs, over this one. */
static double shortfall(const struct scene *v, size_t i)
{
    double most = v->weight[i];
    for (size_t j = 0; j < v->n; j++)
        if (overlap(v, i, j))
            most = fmax(most, v->weight[j]);
    return most - v->weight[i];
}

/* Weights of readings, each in the light of its copies. A reading that others
 * agree with gains by that. Copies are read alike: what a reading falls short of
 * the best is the mean of what it does over all of them, for not all readings
 * see all copies. One that is weak and has no copies is nothing. */
static void weigh(struct scene *v)
{
    double own[EXPLANATION_MAX], lack[EXPLANATION_MAX];
    struct copies c;
    for (size_t i = 0; i < v->n; i++)
        own[i] = weight_of(&v->s[i]);
    for (size_t i = 0; i < v->n; i++) {
        find_copies(v, i, own, &c);
        v->weight[i] = own[i] + c.agreement / (double)(c.n + 1);
    }
    for (size_t i = 0; i < v->n; i++)
        lack[i] = shortfall(v, i);
    for (size_t i = 0; i < v->n; i++) {
        double sum = lack[i], gain = own[i];
        find_copies(v, i, own, &c);
        for (size_t j = 0; j < c.n; j++) {
            sum += lack[c.at[j]];
            gain += own[c.at[j]];
        }
        v->copies[i] = (double)(c.n + 1);
        v->weight[i] += lack[i] - sum / v->copies[i];
        if (v->s[i].protocol && gain + c.agreement < GAIN_MIN)
            v->weight[i] = 0;
        v->weight[i] = fmax(v->weight[i], 0);
    }
}

/* Two of them say the same of one place: no rivals. */
static bool is_same_reading(const struct scene *v, size_t i, size_t j)
{
    const struct sighting *a = &v->s[i], *b = &v->s[j];
    return i == j || (are_alike(a, b) && overlap(v, i, j) &&
                      count_same(&a->bits, &b->bits) == a->bits.n);
}

/* best[k]: the most that the first k of order weigh together without overlap.
 * without: leaves out this one and what says the same; v->n: none. */
static void schedule(const struct scene *v, size_t without, double *best)
{
    best[0] = 0;
    for (size_t k = 0; k < v->n; k++) {
        const size_t i = v->order[k];
        best[k + 1] = best[k];
        if (without == v->n || !is_same_reading(v, without, i))
            best[k + 1] = fmax(best[k], best[v->before[k]] + v->weight[i]);
    }
}

/* Those of the best set, by their ends. */
static size_t choose(const struct scene *v, const double *best,
                     size_t out[EXPLANATION_MAX])
{
    size_t n = 0;
    for (size_t k = v->n; k > 0;) {
        if (best[k] > best[k - 1]) {
            out[n++] = v->order[k - 1];
            k = v->before[k - 1];
        } else {
            k--;
        }
    }
    for (size_t i = 0; i < n / 2; i++) {
        const size_t swap = out[i];
        out[i] = out[n - 1 - i];
        out[n - 1 - i] = swap;
    }
    return n;
}

/* Probability that the best explanation without this one is not the right one. */
static double standing(const struct scene *v, size_t i, double most)
{
    double best[EXPLANATION_MAX + 1];
    schedule(v, i, best);
    const double ahead = (most - best[v->n]) * v->copies[i];
    return 1 / (1 + exp(-fmin(ahead, 700)));
}

static void lower_confidence(struct sighting *s, double by)
{
    s->confidence *= by;
    if (s->verdict == VERDICT_PROVEN && 1 - s->confidence > SIGHTING_PROOF)
        s->verdict = VERDICT_PLAUSIBLE;
}

size_t explanation_choose(struct sighting *s, size_t n,
                          size_t out[EXPLANATION_MAX])
{
    struct scene v = { .s = s, .n = n };
    double best[EXPLANATION_MAX + 1];
    assert(n <= EXPLANATION_MAX);
    place(&v);
    weigh(&v);
    schedule(&v, n, best);
    const size_t chosen = choose(&v, best, out);
    for (size_t i = 0; i < chosen; i++)
        lower_confidence(&s[out[i]], standing(&v, out[i], best[n]));
    return chosen;
}
