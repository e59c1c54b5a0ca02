/* inference_story - which sequence of stories explains the bits best, and how sure
 * each part of it is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/inference_impl.h"

#include <math.h>
#include <string.h>

#include <assert.h>

#define LN2 0.6931471805599453
/* Assumed: a flag that is no button changes in one press of ten; one flag in five
 * follows something that is not seen, and changes as it likes. */
#define FLIP_SHARE 0.1
#define FREE_SHARE 0.2

/* Assumed: of how many fields of a format are what. */
static const double share[STORIES] = {
    [STORY_CONSTANT] = 0.3, [STORY_FIXED] = 0.15,  [STORY_IDENTITY] = 0.15,
    [STORY_ACTION] = 0.2,   [STORY_STATUS] = 0.08, [STORY_COUNTER] = 0.12,
    [STORY_ROLLING] = 0.15, [STORY_CHECK] = 0.15,
};

double inference_add_logs(double a, double b)
{
    const double high = fmax(a, b);

    return isinf(high) ? high : high + log(exp(a - high) + exp(b - high));
}

double inference_same(const struct aligned *a, size_t k, int fob, int button)
{
    double one = 0, zero = 0;

    for (size_t i = 0; i < a->n; i++)
        if ((fob < 0 || a->fob[i] == (unsigned)fob) &&
            (button < 0 || a->button[i] == button)) {
            one += log(2 * (double)a->p[i][k]);
            zero += log(2 * (1 - (double)a->p[i][k]));
        }
    return inference_add_logs(one, zero) - LN2;
}

/* A flag that stays as it is, mostly, each fob's by itself; or any. */
static double flag(const struct aligned *a, size_t k)
{
    double gain = 0;

    for (unsigned fob = 0; fob < a->fobs; fob++) {
        double one = 0.5, zero = 0.5;

        for (size_t i = 0; i < a->n; i++) {
            const double p = (double)a->p[i][k];
            const double was = one;
            double sum;

            if (a->fob[i] != fob)
                continue;
            one = ((1 - FLIP_SHARE) * one + FLIP_SHARE * zero) * 2 * p;
            zero = ((1 - FLIP_SHARE) * zero + FLIP_SHARE * was) * 2 * (1 - p);
            sum = one + zero;
            gain += log(sum);
            one /= sum;
            zero /= sum;
        }
    }
    return inference_add_logs(log(1 - FREE_SHARE) + gain, log(FREE_SHARE));
}

static void reckon_columns(struct explained *x)
{
    const struct aligned *a = x->aligned;

    for (size_t k = 0; k < a->n_bits; k++) {
        double identity = 0;

        for (unsigned fob = 0; fob < a->fobs; fob++)
            identity += inference_same(a, k, (int)fob, -1);
        x->fixed[k + 1] = x->fixed[k] + inference_same(a, k, -1, -1);
        x->identity[k + 1] = x->identity[k] + identity;
        x->status[k + 1] = x->status[k] + flag(a, k);
    }
}

static void reckon_relations(struct explained *x)
{
    const struct aligned *a = x->aligned;
    struct relation_input in = { .n_bits = a->n_bits, .varies = a->moves };

    for (size_t i = 0; i < a->n; i++)
        if (a->is_clean[i]) {
            in.fob[in.n_rows] = a->fob[i];
            in.row[in.n_rows++] = a->value[i];
        }
    relation_find(&in, &x->relations);
}

static double check_gain(const struct explained *x, size_t at, size_t bits)
{
    double gain = -INFINITY;

    for (size_t i = 0; i < x->relations.n; i++) {
        const struct relation_candidate *c = &x->relations.at[i];

        if (c->at == at && c->bits == bits)
            gain = inference_add_logs(gain, c->gain);
    }
    return gain;
}

static bool has_moving(const struct aligned *a, size_t at, size_t bits)
{
    for (size_t k = at; k < at + bits; k++)
        if (a->moves[k])
            return true;
    return false;
}

static double action_gain(const struct explained *x, size_t at, size_t bits)
{
    const struct aligned *a = x->aligned;

    if (bits > ACTION_BITS_MAX || !has_moving(a, at, bits))
        return -INFINITY;
    return (double)x->acting[at][bits];
}

double explained_evidence(const struct explained *x, enum story s, size_t at,
                          size_t bits)
{
    const struct aligned *a = x->aligned;
    const size_t end = at + bits;

    switch (s) {
    case STORY_CONSTANT:
        return a->fobs > 1 ? -INFINITY : x->fixed[end] - x->fixed[at];
    case STORY_FIXED:
        return a->fobs < 2 ? -INFINITY : x->fixed[end] - x->fixed[at];
    case STORY_IDENTITY:
        return a->fobs < 2 ? -INFINITY : x->identity[end] - x->identity[at];
    case STORY_ACTION:
        return action_gain(x, at, bits);
    case STORY_STATUS:
        return has_moving(a, at, bits) ? x->status[end] - x->status[at]
                                       : -INFINITY;
    case STORY_COUNTER:
        return bits >= 2 && bits <= COUNTER_BITS_MAX
                   ? (double)x->counting[at][bits].gain
                   : 0;
    case STORY_ROLLING:
        return has_moving(a, at, bits) ? 0 : -INFINITY;
    case STORY_CHECK:
        return check_gain(x, at, bits);
    case STORIES:
        break;
    }
    return -INFINITY;
}

double explained_gain(const struct explained *x, enum story s, size_t at,
                      size_t bits)
{
    const double prior = inference_width(s, bits);

    return isinf(prior)
               ? prior
               : prior + log(share[s]) + explained_evidence(x, s, at, bits);
}

/* Two fields of a kind in a row would be one. */
static bool may_follow(enum story before, enum story after)
{
    return before != after || after == STORY_CHECK;
}

/* Fobs of one family have something that tells them apart: of the explanations that
 * have no identity in them one in a thousand is left. Which have one so far is kept
 * apart: side 1. */
#define NAMELESS_SHARE 1e-3

static unsigned side_after(const struct aligned *a, unsigned side, enum story s)
{
    return side == 1 || s == STORY_IDENTITY || a->fobs < 2;
}

static double ln_end(unsigned side)
{
    return side == 1 ? 0 : log(NAMELESS_SHARE);
}

/* ln of all explanations that come before a segment of story s from bit `at`. */
static double before(const struct explained *x, size_t at, enum story s,
                     unsigned side)
{
    double sum = at == 0 && side == 0 ? 0 : -INFINITY;

    for (unsigned t = 0; t < STORIES && at > 0; t++)
        if (may_follow((enum story)t, s))
            sum = inference_add_logs(sum, x->forward[at][t][side]);
    return sum;
}

static double after(const struct explained *x, size_t end, enum story s,
                    unsigned side)
{
    return end == x->aligned->n_bits ? ln_end(side) : x->backward[end][s][side];
}

/* Of the bits before `end`, the last story being s. */
static void sum_to(struct explained *x, size_t end, enum story s)
{
    for (unsigned side = 0; side < SIDES; side++)
        x->forward[end][s][side] = -INFINITY;
    for (size_t at = 0; at < end; at++) {
        const double gain = explained_gain(x, s, at, end - at);

        for (unsigned side = 0; side < SIDES && !isinf(gain); side++) {
            double *sum = &x->forward[end][s][side_after(x->aligned, side, s)];

            *sum = inference_add_logs(*sum, gain + before(x, at, s, side));
        }
    }
}

static void sum_forward(struct explained *x)
{
    const size_t n = x->aligned->n_bits;

    for (size_t end = 1; end <= n; end++)
        for (unsigned s = 0; s < STORIES; s++)
            sum_to(x, end, (enum story)s);
    x->total = -INFINITY;
    for (unsigned s = 0; s < STORIES; s++)
        for (unsigned side = 0; side < SIDES; side++)
            x->total = inference_add_logs(x->total, x->forward[n][s][side] +
                                                        ln_end(side));
}

/* Of the bits from `at` on, the first story being s. */
static void sum_from(const struct explained *x, size_t at, enum story s,
                     double from[SIDES])
{
    for (unsigned side = 0; side < SIDES; side++)
        from[side] = -INFINITY;
    for (size_t end = at + 1; end <= x->aligned->n_bits; end++) {
        const double gain = explained_gain(x, s, at, end - at);

        for (unsigned side = 0; side < SIDES && !isinf(gain); side++)
            from[side] = inference_add_logs(
                from[side],
                gain + after(x, end, s, side_after(x->aligned, side, s)));
    }
}

/* backward[at][t]: of the bits from `at` on, where a segment of t ended there. */
static void sum_backward(struct explained *x)
{
    for (size_t at = x->aligned->n_bits; at-- > 1;) {
        double from[STORIES][SIDES];

        for (unsigned s = 0; s < STORIES; s++)
            sum_from(x, at, (enum story)s, from[s]);
        for (unsigned t = 0; t < STORIES; t++)
            for (unsigned side = 0; side < SIDES; side++) {
                double *sum = &x->backward[at][t][side];

                *sum = -INFINITY;
                for (unsigned s = 0; s < STORIES; s++)
                    if (may_follow((enum story)t, (enum story)s))
                        *sum = inference_add_logs(*sum, from[s][side]);
            }
    }
}

void explained_reckon(struct explained *x, const struct aligned *a)
{
    memset(x, 0, sizeof *x);
    x->aligned = a;
    reckon_columns(x);
    inference_act(x);
    inference_count(x);
    reckon_relations(x);
    sum_forward(x);
    sum_backward(x);
}

/* The best way to come to a segment of story s from bit `at`. */
static double best_before(const struct explained *x, size_t at, enum story s,
                          unsigned side, uint8_t *ret_story)
{
    double best = at == 0 && side == 0 ? 0 : -INFINITY;

    *ret_story = STORIES;
    for (unsigned t = 0; t < STORIES && at > 0; t++)
        if (may_follow((enum story)t, s) && x->best[at][t][side].nats > best) {
            best = x->best[at][t][side].nats;
            *ret_story = (uint8_t)t;
        }
    return best;
}

static void find_best(struct explained *x, size_t end, enum story s)
{
    for (unsigned side = 0; side < SIDES; side++)
        x->best[end][s][side].nats = -INFINITY;
    for (size_t at = 0; at < end; at++) {
        const double gain = explained_gain(x, s, at, end - at);

        for (unsigned side = 0; side < SIDES && !isinf(gain); side++) {
            struct best_way *best =
                &x->best[end][s][side_after(x->aligned, side, s)];
            uint8_t story;
            const double nats = gain + best_before(x, at, s, side, &story);

            if (nats > best->nats)
                *best = (struct best_way){ nats, (uint16_t)at, story,
                                           (uint8_t)side };
        }
    }
}

static void reverse(struct segment *p, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        const struct segment t = p[i];

        p[i] = p[n - 1 - i];
        p[n - 1 - i] = t;
    }
}

size_t explained_best(struct explained *x, struct segment *out)
{
    const size_t n_bits = x->aligned->n_bits;
    double most = -INFINITY;
    unsigned s = 0, side = 0;
    size_t n = 0;

    for (size_t end = 1; end <= n_bits; end++)
        for (unsigned t = 0; t < STORIES; t++)
            find_best(x, end, (enum story)t);
    for (unsigned t = 0; t < STORIES; t++)
        for (unsigned k = 0; k < SIDES; k++)
            if (x->best[n_bits][t][k].nats + ln_end(k) > most) {
                most = x->best[n_bits][t][k].nats + ln_end(k);
                s = t;
                side = k;
            }
    for (size_t end = n_bits; end > 0; n++) {
        const struct best_way *best = &x->best[end][s][side];

        out[n] = (struct segment){ (enum story)s, best->at, end - best->at };
        end = best->at;
        s = best->story;
        side = best->side;
    }
    reverse(out, n);
    return n;
}

/* The probability of this segment. */
static double posterior(const struct explained *x, enum story s, size_t at,
                        size_t bits)
{
    const double gain = explained_gain(x, s, at, bits);
    double sum = -INFINITY;

    for (unsigned side = 0; side < SIDES && !isinf(gain); side++)
        sum = inference_add_logs(
            sum, before(x, at, s, side) +
                     after(x, at + bits, s, side_after(x->aligned, side, s)));
    return exp(sum + gain - x->total);
}

double explained_begins(const struct explained *x, enum story s, size_t at)
{
    double sum = 0;

    for (size_t end = at + 1; end <= x->aligned->n_bits; end++)
        sum += posterior(x, s, at, end - at);
    return fmin(sum, 1);
}

double explained_ends(const struct explained *x, enum story s, size_t end)
{
    double sum = 0;

    for (size_t at = 0; at < end; at++)
        sum += posterior(x, s, at, end - at);
    return fmin(sum, 1);
}

void explained_inside(const struct explained *x, enum story s,
                      double inside[BITS_MAX])
{
    double change[BITS_MAX + 1] = { 0 }, sum = 0;
    const size_t n = x->aligned->n_bits;

    for (size_t at = 0; at < n; at++)
        for (size_t end = at + 1; end <= n; end++) {
            const double p = posterior(x, s, at, end - at);

            change[at] += p;
            change[end] -= p;
        }
    for (size_t k = 0; k < n; k++) {
        sum += change[k];
        inside[k] = fmin(fmax(sum, 0), 1);
    }
}
