/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/inference_impl.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <assert.h>

/* One fob's constant bits are called its identity from here on: formats have
 * serials of 16 bits and more (inference_width.c). */
enum { IDENTITY_MIN = 16, MORE_MAX = 20, BITS_OF_FIELD_MAX = 64 };

/* Assumed: the decoder took one code in 50 for the other of its chips; what is
 * nobody's format is mostly plain Manchester (DOMAIN.md 5). */
#define OTHER_SHARE 0.02
/* Nats by which the other one has to explain the frames better besides: where a field
 * begins a bit earlier moves a few. */
#define KIND_NATS 10.0
/* What is surer than this is settled. */
#define SETTLED 0.95

int inferrer_init(struct inferrer *m)
{
    m->aligned = calloc(1, sizeof *m->aligned);
    m->explained = calloc(1, sizeof *m->explained);
    m->other = calloc(1, sizeof *m->other);
    if (m->aligned != NULL && m->explained != NULL && m->other != NULL)
        return 0;
    inferrer_finish(m);
    return -ENOMEM;
}

void inferrer_finish(struct inferrer *m)
{
    free(m->aligned);
    free(m->explained);
    free(m->other);
    *m = (struct inferrer){ 0 };
}

static enum field_role role_of(const struct segment *g)
{
    switch (g->story) {
    case STORY_CONSTANT:
        return g->bits >= IDENTITY_MIN ? ROLE_IDENTITY : ROLE_FIXED;
    case STORY_FIXED:
        return ROLE_FIXED;
    case STORY_IDENTITY:
        return ROLE_IDENTITY;
    case STORY_ACTION:
        return ROLE_ACTION;
    case STORY_STATUS:
        return ROLE_STATUS;
    case STORY_COUNTER:
        return ROLE_COUNTER;
    case STORY_ROLLING:
        return ROLE_ROLLING;
    case STORY_CHECK:
        return ROLE_CHECK;
    case STORIES:
        break;
    }
    return ROLE_FIXED;
}

/* Of the bits that changed, if any did: what others are cannot be seen. */
static double confidence_of(const struct explained *x, const struct segment *g,
                            const double *inside)
{
    double varying = 0, all = 0;
    size_t n = 0;

    for (size_t k = g->at; k < g->at + g->bits; k++) {
        all += inside[k];
        if (x->aligned->varies[k]) {
            varying += inside[k];
            n++;
        }
    }
    return n > 0 ? varying / (double)n : all / (double)g->bits;
}

/* The likeliest of the relations that make this stretch a check. */
static void choose_relation(const struct explained *x, const struct segment *g,
                            struct inference_field *f)
{
    const struct relation_candidate *best = NULL;
    double sum = 0;

    for (size_t i = 0; i < x->relations.n; i++) {
        const struct relation_candidate *c = &x->relations.at[i];

        if (c->at == g->at && c->bits == g->bits &&
            (best == NULL || c->gain > best->gain))
            best = c;
    }
    assert(best != NULL);
    for (size_t i = 0; i < x->relations.n; i++) {
        const struct relation_candidate *c = &x->relations.at[i];

        if (c->at == g->at && c->bits == g->bits)
            sum += exp(c->gain - best->gain);
    }
    f->relation = best->relation;
    f->relation.confidence = 1 / sum;
    f->order = best->relation.is_lsb ? ORDER_LSB : ORDER_MSB;
}

static void fill_field(const struct explained *x, const struct segment *g,
                       const double *inside, struct inference_field *f)
{
    const struct counting *c;

    *f = (struct inference_field){
        .role = role_of(g),
        .order = ORDER_MSB,
        .at = (uint16_t)g->at,
        .bits = (uint16_t)g->bits,
        .confidence = confidence_of(x, g, inside),
        .begins = explained_begins(x, g->story, g->at),
        .ends = explained_ends(x, g->story, g->at + g->bits),
        .gain = explained_evidence(x, g->story, g->at, g->bits),
    };
    if (g->story == STORY_COUNTER) {
        c = &x->counting[g->at][g->bits];
        f->order = c->is_lsb ? ORDER_LSB : ORDER_MSB;
        f->step = c->step;
    } else if (g->story == STORY_CHECK) {
        choose_relation(x, g, f);
    }
}

/* A counter of one fob goes as far as it was seen to: what is above the highest bit
 * that changed stands like what is beside it. Returns how many bits that is. */
static size_t unseen_of(const struct explained *x, const struct segment *g)
{
    const struct aligned *a = x->aligned;
    bool is_lsb;
    size_t n = 0;

    if (g->story != STORY_COUNTER || a->fobs > 1)
        return 0; /* others may be wider than any counter */
    is_lsb = x->counting[g->at][g->bits].is_lsb;
    while (!a->moves[is_lsb ? g->at + g->bits - 1 - n : g->at + n])
        n++;
    return n;
}

/* Gives those bits to the neighbour that stands, or makes one of them. Returns how
 * many segments there are. */
static size_t show_counters(const struct explained *x, struct segment *g,
                            size_t n, uint16_t *reach)
{
    for (size_t i = 0; i < n; i++) {
        const bool is_lsb = g[i].story == STORY_COUNTER &&
                            x->counting[g[i].at][g[i].bits].is_lsb;
        const size_t unseen = unseen_of(x, &g[i]);
        const size_t beside = is_lsb ? i + 1 : i - 1;
        const bool has_one = beside < n && g[beside].story == STORY_CONSTANT;

        reach[i] = (uint16_t)unseen;
        if (unseen == 0 || (!has_one && n == BITS_MAX))
            continue;
        g[i].bits -= unseen;
        g[i].at += is_lsb ? 0 : unseen;
        if (has_one) {
            g[beside].bits += unseen;
            g[beside].at -= is_lsb ? unseen : 0;
            continue;
        }
        const size_t to = is_lsb ? i + 1 : i;

        memmove(&g[to + 1], &g[to], (n - to) * sizeof *g);
        memmove(&reach[to + 1], &reach[to], (n - to) * sizeof *reach);
        g[to] = (struct segment){ STORY_CONSTANT,
                                  is_lsb ? g[i].at + g[i].bits
                                         : g[i + 1].at - unseen,
                                  unseen };
        reach[to] = 0;
        n++;
        i++;
    }
    return n;
}

/* The probability of each bit to be in such a story; of one that stands, to be in
 * that or in the upper part of a counter: that it did not change is seen. */
static void stands_or(const struct explained *x, enum story s,
                      double inside[BITS_MAX])
{
    double counter[BITS_MAX];

    explained_inside(x, s, inside);
    if (s != STORY_CONSTANT)
        return;
    explained_inside(x, STORY_COUNTER, counter);
    for (size_t k = 0; k < x->aligned->n_bits; k++)
        inside[k] = fmin(inside[k] + counter[k], 1);
}

static void fill_fields(struct explained *x, struct inference *ret)
{
    struct segment segment[BITS_MAX];
    uint16_t reach[BITS_MAX] = { 0 };
    double inside[BITS_MAX];
    const size_t n =
        show_counters(x, segment, explained_best(x, segment), reach);

    for (size_t i = 0; i < n && i < INFERENCE_FIELDS_MAX; i++) {
        stands_or(x, segment[i].story, inside);
        fill_field(x, &segment[i], inside, &ret->field[i]);
        ret->field[i].reach = reach[i];
        ret->n++;
    }
}

/* Whether any bit is part of something that rolls or counts. */
static double rolling(const struct explained *x)
{
    double code[BITS_MAX], counter[BITS_MAX], most = 0;

    explained_inside(x, STORY_ROLLING, code);
    explained_inside(x, STORY_COUNTER, counter);
    for (size_t k = 0; k < x->aligned->n_bits; k++)
        most = fmax(most, code[k] + counter[k]);
    return fmin(most, 1);
}

static void want(struct inference *r, enum inference_want_kind kind,
                 double presses, const struct inference_field *f, int button)
{
    /* the last place is WANT_FOB's */
    if (r->n_wants + (kind != WANT_FOB) == INFERENCE_WANTS_MAX)
        return;
    r->want[r->n_wants++] = (struct inference_want){
        .kind = kind,
        .presses = (unsigned)fmin(fmax(ceil(presses), 1), MORE_MAX),
        .button = button,
        .at = f != NULL ? f->at : 0,
        .bits = f != NULL ? f->bits : 0,
    };
}

static bool is_constant(const struct inference_field *f)
{
    return f->role == ROLE_FIXED || f->role == ROLE_IDENTITY;
}

/* A rolling code's last bits may have been the same in all presses: with each one
 * more that is half as likely. */
static double presses_for_border(double p)
{
    return p >= SETTLED
               ? 0
               : log2((1 - p) / fmax(p, 1e-3) * SETTLED / (1 - SETTLED));
}

/* As much evidence from each press as there was so far. */
static double presses_for_role(const struct inference *r,
                               const struct inference_field *f)
{
    const double c = fmin(fmax(f->confidence, 0.01), 0.99);
    const double wanted = log(SETTLED / (1 - SETTLED)) - log(c / (1 - c));

    return wanted / fmax(fabs(f->gain) / r->frames, 0.7);
}

/* The button that was pressed least; -1: all alike, or they are not known. */
static int least_pressed(const struct aligned *a)
{
    unsigned count[BUTTONS_MAX] = { 0 }, least = 0, most = 0;

    for (size_t i = 0; i < a->n; i++)
        if (a->button[i] >= 0)
            count[a->button[i]]++;
    for (unsigned k = 1; k < a->buttons; k++) {
        least = count[k] < count[least] ? k : least;
        most = count[k] > count[most] ? k : most;
    }
    return a->buttons > 1 && count[least] < count[most] ? a->label[least] : -1;
}

static void want_of_field(const struct aligned *a, struct inference *r,
                          size_t i)
{
    const struct inference_field *f = &r->field[i];
    double more = 0;

    if (f->role == ROLE_ROLLING && i > 0 && is_constant(f - 1))
        more = fmax(more, presses_for_border(f->begins));
    if (f->role == ROLE_ROLLING && i + 1 < r->n && is_constant(f + 1))
        more = fmax(more, presses_for_border(f->ends));
    if (f->confidence < SETTLED && !is_constant(f))
        more = fmax(more, presses_for_role(r, f));
    if (more > 0)
        want(r, WANT_PRESSES, more, f,
             f->role == ROLE_ACTION ? least_pressed(a) : -1);
}

/* Whether every button that is known was pressed but once. */
static bool is_once_each(const struct aligned *a)
{
    unsigned n = 0;

    for (size_t i = 0; i < a->n; i++)
        n += a->button[i] >= 0;
    return a->buttons > 1 && n == a->buttons;
}

static void fill_wants(const struct aligned *a, struct inference *r)
{
    if (a->buttons == 0)
        want(r, WANT_LABELS, 1, NULL, -1);
    else if (a->buttons == 1)
        want(r, WANT_BUTTON, 2, NULL, -1);
    else if (is_once_each(a))
        want(r, WANT_SAME_BUTTON, 1, NULL, -1);
    for (size_t i = 0; i < r->n; i++)
        want_of_field(a, r, i);
    if (a->fobs == 1)
        want(r, WANT_FOB, 2, NULL, -1);
}

/* The other line code that has the same chips; `kind` itself: there is none. */
static enum line_kind other_kind(enum line_kind kind)
{
    return kind == LINE_MANCHESTER        ? LINE_DIFF_MANCHESTER
           : kind == LINE_DIFF_MANCHESTER ? LINE_MANCHESTER
                                          : kind;
}

/* P(a xor b is 1) as a log-likelihood ratio. */
static float xor_llr(float a, float b)
{
    const float least = fminf(fabsf(a), fabsf(b));

    return (a > 0) != (b > 0) ? least : -least;
}

void inference_read_as(const struct bits *in, enum line_kind from,
                       enum line_kind to, struct bits *out)
{
    const bool is_differential =
        from == LINE_MANCHESTER && to == LINE_DIFF_MANCHESTER;
    const bool is_integrated =
        from == LINE_DIFF_MANCHESTER && to == LINE_MANCHESTER;

    *out = *in;
    for (size_t i = 1; i < in->n && (is_differential || is_integrated); i++) {
        const struct bits *before = is_differential ? in : out;

        out->value[i] = in->value[i] ^ before->value[i - 1];
        out->llr[i] = xor_llr(in->llr[i], before->llr[i - 1]);
    }
}

/* Nats of the likeliest story's evidence; -INFINITY: too few frames. */
static double explain(struct inferrer *m, const struct inference_frame *frames,
                      size_t n)
{
    if (!inference_align(m->aligned, frames, n))
        return -INFINITY;
    explained_reckon(m->explained, m->aligned);
    return m->explained->total;
}

/* The same frames, read as another line code, into m->other. */
static void read_all(struct inferrer *m, const struct inference_frame *frames,
                     size_t n, enum line_kind from, enum line_kind to)
{
    for (size_t i = 0; i < n; i++) {
        inference_read_as(frames[i].bits, from, to, &m->other->bits[i]);
        m->other->frame[i] = frames[i];
        m->other->frame[i].bits = &m->other->bits[i];
    }
}

static void fill(const struct aligned *a, struct explained *x,
                 struct inference *ret)
{
    ret->n_bits = a->n_bits;
    ret->frames = (unsigned)a->n;
    ret->fobs = a->fobs;
    ret->buttons = a->buttons;
    ret->left_out = a->left_out;
    ret->slipped = a->slipped;
    ret->evidence = x->total;
    ret->rolls = rolling(x);
    fill_fields(x, ret);
    fill_wants(a, ret);
}

bool inference_find(struct inferrer *m, const struct inference_frame *frames,
                    size_t n, enum line_kind kind, struct inference *ret)
{
    const enum line_kind other = other_kind(kind);
    double gain, other_gain = -INFINITY;

    *ret = (struct inference){ .kind = kind };
    if (n > INFERENCE_FRAMES_MAX)
        n = INFERENCE_FRAMES_MAX;
    if (n < INFERENCE_PRESSES_MIN)
        return false;
    if (other != kind) {
        read_all(m, frames, n, kind, other);
        other_gain = explain(m, m->other->frame, n) + log(OTHER_SHARE);
    }
    gain = explain(m, frames, n);
    /* What has nothing in common is any bits. */
    const double as_decoded = isinf(gain) ? 0 : gain;

    if (other_gain > as_decoded + KIND_NATS) {
        ret->kind = other;
        ret->kind_gain = other_gain - as_decoded;
        explain(m, m->other->frame, n);
    } else if (isinf(gain)) {
        return false;
    }
    fill(m->aligned, m->explained, ret);
    return true;
}
