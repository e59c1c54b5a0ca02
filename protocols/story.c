/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/story.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CODES = 8 };
#define NO 1e6f /* nats: never */
/* Nats behind the best at a chip that no story makes up for: "any pattern" is
 * always to be had for 6. */
#define BEAM 100.0f

struct code {
    struct line_code line;
    float prior; /* nats a frame; where two codes explain it, the usual one */
};

static const struct code codes[CODES] = {
    { { LINE_MANCHESTER, { 0 } }, 0 },
    { { LINE_PWM, { "110", "100" } }, 0 },
    { { LINE_PWM, { "1110", "1000" } }, 0 },
    { { LINE_PWM, { "011", "001" } }, -2 }, /* Subaru: low first */
    { { LINE_PPM, { "10", "1000" } }, -1 },
    { { LINE_PPM, { "10", "100" } }, -1 },
    { { LINE_DIFF_MANCHESTER, { 0 } }, -14 },
    { { LINE_PIWM, { 0 } }, -16 },
};

/* ln of how often one state follows another, roughly: what counts is that
 * leaving a state costs more than a few chips that fit it badly. Equal bits in
 * the midst of data look like a preamble; 20 nats are 29 of them in a row. So do
 * equal bits just after a preamble and its low: 14 nats are 20 of them. A preamble
 * of Manchester bits in turn is slow, and a chip out of step with the data. */
static const float change[STORY_STATES][STORY_STATES] = {
    /*               idle any  pre slow half  sync  gap data high */
    [STORY_IDLE] = { 0, -5, -3, -5, -NO, -NO, -9, -6, -6 },
    [STORY_ANY] = { -5, 0, -8, -9, -NO, -NO, -4, -6, -6 },
    [STORY_PREAMBLE] = { -2, -4, 0, -9, -NO, -2, -NO, -2, -2 },
    [STORY_SLOW] = { -2, -4, -9, 0, -2, -2, -NO, -2, -2 },
    [STORY_HALF] = { -NO, -NO, -NO, -NO, -NO, -NO, -NO, -2, -2 },
    [STORY_SYNC] = { -5, -5, -14, -14, -NO, 0, -NO, -2, -2 },
    [STORY_GAP] = { -3, -3, -8, -10, -NO, -NO, 0, -2, -2 },
    [STORY_DATA] = { -3, -6, -20, -20, -NO, -NO, -3, 0, 0 },
    [STORY_DATA_HIGH] = { -3, -6, -20, -20, -NO, -NO, -3, 0, 0 },
};

int story_init(struct story *t, const struct likelihood *l, size_t room)
{
    *t = (struct story){ .likelihood = l, .room = room };
    t->nodes = malloc((room + 1) * STORY_STATES * sizeof *t->nodes);
    t->path = malloc(room + 1);
    t->best = malloc(room + 1);
    if (t->nodes && t->path && t->best)
        return 0;
    story_finish(t);
    return -ENOMEM;
}

void story_finish(struct story *t)
{
    free(t->nodes);
    free(t->path);
    free(t->best);
    *t = (struct story){ 0 };
}

static struct story_node *node(struct story *t, size_t k, unsigned state)
{
    return &t->nodes[k * STORY_STATES + state];
}

/* A step of length chips from chip k in state from into state to. */
static void step(struct story *t, size_t k, unsigned from, unsigned to,
                 size_t length, float metric)
{
    if (k + length > t->track->chips.n)
        return;
    const float score = node(t, k, from)->score + change[from][to] + metric;
    struct story_node *n = node(t, k + length, to);
    if (score > n->score)
        *n = (struct story_node){ score, (unsigned char)length,
                                  (unsigned char)from };
}

/* A line code, and what is asked of it at every chip. */
struct walk {
    const struct code *code;
    unsigned longest, first, length[2];
    bool has_memory, is_even; /* all bits of one length */
    float metric[2][2];       /* from the chip at hand on, by level and bit */
};

static struct walk start_walk(const struct code *code)
{
    const struct line_code *l = &code->line;
    return (struct walk){
        .code = code,
        .longest = line_code_longest(l),
        .first = line_code_first(l),
        .length = { line_code_length(l, 0), line_code_length(l, 1) },
        .has_memory = line_code_has_memory(l),
        .is_even = line_code_period(l) > 0,
    };
}

/* Fills w->metric for chip k; both bits in one where they lead to one state. */
static void measure_bits(const struct story *t, struct walk *w, size_t k)
{
    const struct line_code *l = &w->code->line;
    for (unsigned level = 0; level < 2; level++)
        for (unsigned bit = 0; bit < 2; bit++)
            if (w->has_memory || level == w->first)
                w->metric[level][bit] =
                    line_code_metric(l, &t->track->chips, k, bit, level);
    if (!w->has_memory && w->is_even)
        w->metric[w->first][0] = likelihood_either(
            t->likelihood, w->metric[w->first][0], w->metric[w->first][1]);
}

/* One bit from chip k on; the state after it is the code's level. */
static void step_bit(struct story *t, const struct walk *w, size_t k,
                     unsigned from)
{
    const bool is_inside = from == STORY_DATA || from == STORY_DATA_HIGH;
    const unsigned level =
        is_inside && w->has_memory ? from == STORY_DATA_HIGH : w->first;
    const float prior = is_inside ? 0 : w->code->prior;
    if (!w->has_memory && w->is_even) {
        step(t, k, from, STORY_DATA, w->longest, prior + w->metric[level][0]);
        return;
    }
    for (unsigned bit = 0; bit < 2; bit++) {
        const bool is_high =
            w->has_memory && line_code_next(&w->code->line, bit, level);
        step(t, k, from, is_high ? STORY_DATA_HIGH : STORY_DATA, w->length[bit],
             prior + w->metric[level][bit] - LIKELIHOOD_LN_2);
    }
}

/* Chips of the shortest silence from chip k on: a shorter low is part of
 * something. */
static size_t silence(const struct story *t, size_t k, unsigned from)
{
    const size_t left = t->track->chips.n - k;
    const size_t least = from == STORY_IDLE ? 1 : STORY_PAUSE_CHIPS;
    return least < left ? least : left;
}

static void steps_from(struct story *t, const struct walk *w, size_t k,
                       unsigned from)
{
    const struct chips *c = &t->track->chips;
    step(t, k, from, STORY_IDLE, silence(t, k, from), 0);
    step(t, k, from, STORY_ANY, 1, c->free[k]);
    step(t, k, from, STORY_SYNC, 1, c->off[0][k]);
    step(t, k, from, STORY_GAP, 1, c->off[0][k]);
    if (k + 2 <= c->n)
        step(t, k, from, STORY_PREAMBLE, 2, c->on[0][k] + c->off[0][k + 1]);
    if (k + 4 <= c->n)
        step(t, k, from, STORY_SLOW, 4, c->on[1][k] + c->off[1][k + 2]);
    if (w->code->line.kind == LINE_MANCHESTER)
        step(t, k, from, STORY_HALF, 1, c->on[0][k]);
    if (k + w->longest <= c->n)
        step_bit(t, w, k, from);
}

static float best_at(struct story *t, size_t k, unsigned *ret_state)
{
    unsigned best = 0;
    for (unsigned s = 1; s < STORY_STATES; s++)
        if (node(t, k, s)->score > node(t, k, best)->score)
            best = s;
    *ret_state = best;
    return node(t, k, best)->score;
}

/* The best story with one line code; its states go to t->path, a step's state
 * at its first chip, 0xff at the others. Returns its score. */
static float tell(struct story *t, const struct code *code)
{
    const size_t n = t->track->chips.n;
    struct walk w = start_walk(code);
    unsigned state;
    for (size_t i = 0; i < (n + 1) * STORY_STATES; i++)
        t->nodes[i].score = -INFINITY;
    node(t, 0, STORY_IDLE)->score = 0;
    node(t, 0, STORY_ANY)->score = 0;
    for (size_t k = 0; k < n; k++) {
        const float least = best_at(t, k, &state) - BEAM;
        if (k + w.longest <= n)
            measure_bits(t, &w, k);
        for (unsigned s = 0; s < STORY_STATES; s++)
            if (node(t, k, s)->score > least)
                steps_from(t, &w, k, s);
    }
    const float score = best_at(t, n, &state);
    memset(t->path, 0xff, n);
    for (size_t k = n; k > 0;) {
        const struct story_node *at = node(t, k, state);
        k -= at->length;
        t->path[k] =
            (unsigned char)(state == STORY_DATA_HIGH ? STORY_DATA : state);
        state = at->from;
    }
    return score;
}

bool story_next(const struct story *t, struct stretch *s)
{
    const size_t n = t->track->chips.n;
    *s = (struct stretch){ .from = s->to, .to = s->to };
    if (s->from >= n)
        return false;
    s->state = t->best[s->from];
    while (s->to < n && (t->best[s->to] == s->state || t->best[s->to] == 0xff))
        s->steps += t->best[s->to++] != 0xff;
    return true;
}

const struct line_code *story_tell(struct story *t, const struct chip_track *c)
{
    float score = -INFINITY;
    size_t best = 0;

    assert(c->chips.n <= t->room);
    t->track = c;
    for (size_t i = 0; i < CODES; i++) {
        const float s = tell(t, &codes[i]);
        if (s <= score)
            continue;
        score = s;
        best = i;
        memcpy(t->best, t->path, c->chips.n);
    }
    return &codes[best].line;
}
