/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/explanation.h"

#include <assert.h>
#include <math.h>

/* Nats that a story of an unknown format owes for its free choice of code, TE,
 * preamble, sync and length: ln of some 1e5. */
#define STORY 12.0
/* A check that fails with sure bits says no more than this. */
#define DENIAL_MAX 20.0
/* ln of the trials of framing_search (lattices, places, formats: some 1e6), and
 * as much again for patterns that look alike: what a frame and its copies must
 * gain together. */
#define GAIN_MIN 28.0
/* Share of the bits that copies have in common, at least; a third of 96 random
 * pairs in 1,000 have more. */
#define SAME_MIN 0.6
/* Share of a frame's length, at each end, that another may cover. */
#define EDGE 0.125

static double start_of(const struct sighting *s)
{
    return s->lattice.start + EDGE * (double)s->n_chips * s->lattice.te;
}

static double end_of(const struct sighting *s)
{
    return s->lattice.start + (1 - EDGE) * (double)s->n_chips * s->lattice.te;
}

static bool overlap(const struct sighting *a, const struct sighting *b)
{
    return start_of(a) < end_of(b) && start_of(b) < end_of(a);
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
    if (!s->protocol)
        return fmax((double)s->gain - STORY, 0);
    return fmax((double)s->gain + check_weight(s), 0);
}

/* The same reading of two frames, or of one. */
static bool are_alike(const struct sighting *a, const struct sighting *b)
{
    return a->protocol == b->protocol && a->waveform == b->waveform &&
           a->code.kind == b->code.kind && a->bits.n == b->bits.n;
}

/* Nats for the same bits in both; 0 unless they are copies. Two frames of their
 * own agree in half of their bits, which is told without their likelihoods. */
static double agreement(const struct sighting *a, const struct sighting *b)
{
    size_t same = 0;
    if (!are_alike(a, b) || overlap(a, b))
        return 0;
    for (size_t i = 0; i < a->bits.n; i++)
        same += a->bits.value[i] == b->bits.value[i];
    if ((double)same < SAME_MIN * (double)a->bits.n)
        return 0;
    return fmax(bits_agreement(&a->bits, &b->bits), 0);
}

/* The copies of sighting i, at each place the one that weighs most together with
 * how well it agrees. */
struct copies {
    size_t n, at[EXPLANATION_MAX];
    double agreement; /* with all of them */
};

static void find_copies(const struct sighting *s, size_t n, size_t i,
                        const double *own, struct copies *c)
{
    double agree[EXPLANATION_MAX];
    for (size_t j = 0; j < n; j++)
        agree[j] = j == i ? 0 : agreement(&s[i], &s[j]);
    *c = (struct copies){ .n = 0 };
    for (;;) {
        size_t best = n;
        for (size_t j = 0; j < n; j++)
            if (agree[j] > 0 &&
                (best == n || own[j] + agree[j] > own[best] + agree[best]))
                best = j;
        if (best == n)
            return;
        c->at[c->n++] = best;
        c->agreement += agree[best];
        for (size_t j = 0; j < n; j++)
            if (overlap(&s[best], &s[j]))
                agree[j] = 0;
    }
}

/* What the best reading of a place weighs, over this one. */
static double shortfall(const struct sighting *s, size_t n,
                        const double *weight, size_t i)
{
    double most = weight[i];
    for (size_t j = 0; j < n; j++)
        if (overlap(&s[i], &s[j]))
            most = fmax(most, weight[j]);
    return most - weight[i];
}

/* Weights of readings, each in the light of its copies. A reading that others
 * agree with gains by that. Copies are read alike: what a reading falls short of
 * the best is the mean of what it does over all of them, for not all readings
 * see all copies. One that is weak and has no copies is nothing. */
static void weigh(const struct sighting *s, size_t n, double *weight,
                  double *n_copies)
{
    double own[EXPLANATION_MAX], lack[EXPLANATION_MAX];
    struct copies c;
    for (size_t i = 0; i < n; i++)
        own[i] = weight_of(&s[i]);
    for (size_t i = 0; i < n; i++) {
        find_copies(s, n, i, own, &c);
        weight[i] = own[i] + c.agreement / (double)(c.n + 1);
    }
    for (size_t i = 0; i < n; i++)
        lack[i] = shortfall(s, n, weight, i);
    for (size_t i = 0; i < n; i++) {
        double sum = lack[i], gain = own[i];
        find_copies(s, n, i, own, &c);
        for (size_t j = 0; j < c.n; j++) {
            sum += lack[c.at[j]];
            gain += own[c.at[j]];
        }
        n_copies[i] = (double)(c.n + 1);
        weight[i] += lack[i] - sum / n_copies[i];
        if (s[i].protocol && gain + c.agreement < GAIN_MIN)
            weight[i] = 0;
        weight[i] = fmax(weight[i], 0);
    }
}

/* order: indices by end. */
static void sort_by_end(const struct sighting *s, size_t n, size_t *order)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        for (; at > 0 && end_of(&s[order[at - 1]]) > end_of(&s[i]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

/* best[i]: the most that the first i of order gain; before[i]: how many of them
 * end before the i-th, counted from 1, starts. */
static size_t schedule(const struct sighting *s, size_t n, const double *weight,
                       size_t out[EXPLANATION_MAX])
{
    size_t order[EXPLANATION_MAX], before[EXPLANATION_MAX + 1];
    double best[EXPLANATION_MAX + 1] = { 0 };
    sort_by_end(s, n, order);
    for (size_t i = 1; i <= n; i++) {
        const struct sighting *last = &s[order[i - 1]];
        size_t k = i - 1;
        while (k > 0 && end_of(&s[order[k - 1]]) > start_of(last))
            k--;
        before[i] = k;
        best[i] = fmax(best[i - 1], best[k] + weight[order[i - 1]]);
    }
    size_t chosen = 0;
    for (size_t i = n; i > 0;) {
        if (best[i] > best[i - 1] ||
            best[before[i]] + weight[order[i - 1]] >= best[i]) {
            out[chosen++] = order[i - 1];
            i = before[i];
        } else {
            i--;
        }
    }
    for (size_t i = 0; i < chosen / 2; i++) {
        const size_t swap = out[i];
        out[i] = out[chosen - 1 - i];
        out[chosen - 1 - i] = swap;
    }
    return chosen;
}

/* Probability that none of the other readings is the right one. */
static double standing(const struct sighting *s, size_t n, size_t i,
                       const double *weight, const double *copies)
{
    double others = 0;
    for (size_t j = 0; j < n; j++)
        if (j != i && overlap(&s[i], &s[j]))
            others += exp(fmin((weight[j] - weight[i]) * copies[i], 30));
    return 1 / (1 + others);
}

size_t explanation_choose(struct sighting *s, size_t n,
                          size_t out[EXPLANATION_MAX])
{
    double weight[EXPLANATION_MAX], copies[EXPLANATION_MAX];
    assert(n <= EXPLANATION_MAX);
    weigh(s, n, weight, copies);
    const size_t chosen = schedule(s, n, weight, out);
    for (size_t i = 0; i < chosen; i++) {
        struct sighting *best = &s[out[i]];
        best->confidence *= standing(s, n, out[i], weight, copies);
        if (best->verdict == VERDICT_PROVEN &&
            1 - best->confidence > SIGHTING_PROOF)
            best->verdict = VERDICT_PLAUSIBLE;
    }
    return chosen;
}
