/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/unknown.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/extent.h"

enum {
    BITS_MIN = 12,     /* fewer are no code */
    RISES_MIN = 6,     /* of which every second one may be a new pulse */
    SYNC_MAX = 40,     /* chips between preamble and data */
    BITS_ALONE = 20,   /* without preamble or sync, fewer are a fragment */
    HEAD_MIN = 6,      /* chips of preamble and sync */
    START_BIT_GAP = 3, /* a code that starts after such a gap has a start bit */
    CODES = 8,
    RUN_MAX = 6,      /* chips of a run on average: else TE is not their TE */
    PAUSE_CHIPS = 24, /* the shortest silence between two frames */
};
#define NO 1e6f /* nats: never */
/* Nats behind the best at a chip that no story makes up for: "any pattern" is
 * always to be had for 6. */
#define BEAM 100.0f
/* Nats over "any pattern" that a frame must have: ln of some 1e5 stories. */
#define GAIN_MIN 12.0f
/* Nats of a chip that is on, beyond doubt. */
#define RISE 5.0f
/* NRZ explains any chips; they must at least be sure. */
#define SURE 0.98

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
 * equal bits just after a preamble and its low: 14 nats are 20 of them. */
static const float change[UNKNOWN_STATES][UNKNOWN_STATES] = {
    /*               idle any  pre slow  sync  gap data high */
    [UNKNOWN_IDLE] = { 0, -5, -3, -5, -NO, -9, -6, -6 },
    [UNKNOWN_ANY] = { -5, 0, -8, -9, -NO, -4, -6, -6 },
    [UNKNOWN_PREAMBLE] = { -2, -4, 0, -9, -2, -NO, -2, -2 },
    [UNKNOWN_SLOW] = { -2, -4, -9, 0, -2, -NO, -2, -2 },
    [UNKNOWN_SYNC] = { -5, -5, -14, -14, 0, -NO, -2, -2 },
    [UNKNOWN_GAP] = { -3, -3, -8, -10, -NO, 0, -2, -2 },
    [UNKNOWN_DATA] = { -3, -6, -20, -20, -NO, -3, 0, 0 },
    [UNKNOWN_DATA_HIGH] = { -3, -6, -20, -20, -NO, -3, 0, 0 },
};

int unknown_init(struct unknown *u, const struct likelihood *l, size_t room)
{
    *u = (struct unknown){ .likelihood = l, .room = room };
    u->nodes = malloc((room + 1) * UNKNOWN_STATES * sizeof *u->nodes);
    u->path = malloc(room + 1);
    u->best = malloc(room + 1);
    u->decoder = malloc(sizeof *u->decoder);
    u->memory = malloc(chips_bytes(FRAMING_CHIPS_MAX));
    if (u->nodes && u->path && u->best && u->decoder && u->memory) {
        chips_attach(&u->fitted, u->memory, FRAMING_CHIPS_MAX);
        return 0;
    }
    unknown_finish(u);
    return -ENOMEM;
}

void unknown_finish(struct unknown *u)
{
    free(u->nodes);
    free(u->path);
    free(u->best);
    free(u->decoder);
    free(u->memory);
    *u = (struct unknown){ 0 };
}

static bool is_inside(double at, const struct sighting *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct lattice *l = &s[i].lattice;
        if (at > l->start - l->te &&
            at < l->start + ((double)s[i].n_chips + 1) * l->te)
            return true;
    }
    return false;
}

bool unknown_is_left(const struct chip_track *t, const struct sighting *s,
                     size_t n)
{
    const struct chips *c = &t->chips;
    size_t rises = 0;
    for (size_t k = 1; k < c->n; k++)
        rises += c->on[0][k] > RISE && chips_llr(c, k) > RISE &&
                 chips_llr(c, k - 1) <= 0 && !is_inside(t->edges[k], s, n);
    return rises >= RISES_MIN;
}

static struct unknown_node *node(struct unknown *u, size_t k, unsigned state)
{
    return &u->nodes[k * UNKNOWN_STATES + state];
}

/* A step of length chips from chip k in state from into state to. */
static void step(struct unknown *u, size_t k, unsigned from, unsigned to,
                 size_t length, float metric)
{
    if (k + length > u->track->chips.n)
        return;
    const float score = node(u, k, from)->score + change[from][to] + metric;
    struct unknown_node *n = node(u, k + length, to);
    if (score > n->score)
        *n = (struct unknown_node){ score, (unsigned char)length,
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
static void measure_bits(const struct unknown *u, struct walk *w, size_t k)
{
    const struct line_code *l = &w->code->line;
    for (unsigned level = 0; level < 2; level++)
        for (unsigned bit = 0; bit < 2; bit++)
            if (w->has_memory || level == w->first)
                w->metric[level][bit] =
                    line_code_metric(l, &u->track->chips, k, bit, level);
    if (!w->has_memory && w->is_even)
        w->metric[w->first][0] = likelihood_either(
            u->likelihood, w->metric[w->first][0], w->metric[w->first][1]);
}

/* One bit from chip k on; the state after it is the code's level. */
static void step_bit(struct unknown *u, const struct walk *w, size_t k,
                     unsigned from)
{
    const bool is_inside = from == UNKNOWN_DATA || from == UNKNOWN_DATA_HIGH;
    const unsigned level =
        is_inside && w->has_memory ? from == UNKNOWN_DATA_HIGH : w->first;
    const float prior = is_inside ? 0 : w->code->prior;
    if (!w->has_memory && w->is_even) {
        step(u, k, from, UNKNOWN_DATA, w->longest, prior + w->metric[level][0]);
        return;
    }
    for (unsigned bit = 0; bit < 2; bit++) {
        const bool is_high =
            w->has_memory && line_code_next(&w->code->line, bit, level);
        step(u, k, from, is_high ? UNKNOWN_DATA_HIGH : UNKNOWN_DATA,
             w->length[bit], prior + w->metric[level][bit] - LIKELIHOOD_LN_2);
    }
}

/* Chips of the shortest silence from chip k on: a shorter low is part of
 * something. */
static size_t silence(const struct unknown *u, size_t k, unsigned from)
{
    const size_t left = u->track->chips.n - k;
    const size_t least = from == UNKNOWN_IDLE ? 1 : PAUSE_CHIPS;
    return least < left ? least : left;
}

static void steps_from(struct unknown *u, const struct walk *w, size_t k,
                       unsigned from)
{
    const struct chips *c = &u->track->chips;
    step(u, k, from, UNKNOWN_IDLE, silence(u, k, from), 0);
    step(u, k, from, UNKNOWN_ANY, 1, c->free[k]);
    step(u, k, from, UNKNOWN_SYNC, 1, c->off[0][k]);
    step(u, k, from, UNKNOWN_GAP, 1, c->off[0][k]);
    if (k + 2 <= c->n)
        step(u, k, from, UNKNOWN_PREAMBLE, 2, c->on[0][k] + c->off[0][k + 1]);
    if (k + 4 <= c->n)
        step(u, k, from, UNKNOWN_SLOW, 4, c->on[1][k] + c->off[1][k + 2]);
    if (k + w->longest <= c->n)
        step_bit(u, w, k, from);
}

static float best_at(struct unknown *u, size_t k, unsigned *ret_state)
{
    unsigned best = 0;
    for (unsigned s = 1; s < UNKNOWN_STATES; s++)
        if (node(u, k, s)->score > node(u, k, best)->score)
            best = s;
    *ret_state = best;
    return node(u, k, best)->score;
}

/* The best story with one line code; its states go to u->path, a step's state
 * at its first chip, 0xff at the others. Returns its score. */
static float tell(struct unknown *u, const struct code *code)
{
    const size_t n = u->track->chips.n;
    struct walk w = start_walk(code);
    unsigned state;
    for (size_t i = 0; i < (n + 1) * UNKNOWN_STATES; i++)
        u->nodes[i].score = -INFINITY;
    node(u, 0, UNKNOWN_IDLE)->score = 0;
    node(u, 0, UNKNOWN_ANY)->score = 0;
    for (size_t k = 0; k < n; k++) {
        const float least = best_at(u, k, &state) - BEAM;
        if (k + w.longest <= n)
            measure_bits(u, &w, k);
        for (unsigned s = 0; s < UNKNOWN_STATES; s++)
            if (node(u, k, s)->score > least)
                steps_from(u, &w, k, s);
    }
    const float score = best_at(u, n, &state);
    memset(u->path, 0xff, n);
    for (size_t k = n; k > 0;) {
        const struct unknown_node *at = node(u, k, state);
        k -= at->length;
        u->path[k] =
            (unsigned char)(state == UNKNOWN_DATA_HIGH ? UNKNOWN_DATA : state);
        state = at->from;
    }
    return score;
}

/* A run of steps of one state. */
struct stretch {
    size_t from, to, steps; /* chips; steps in it */
    unsigned state;
};

static bool next_stretch(const struct unknown *u, struct stretch *s)
{
    const size_t n = u->track->chips.n;
    *s = (struct stretch){ .from = s->to, .to = s->to };
    if (s->from >= n)
        return false;
    s->state = u->best[s->from];
    while (s->to < n && (u->best[s->to] == s->state || u->best[s->to] == 0xff))
        s->steps += u->best[s->to++] != 0xff;
    return true;
}

static void drop_first_bit(struct bits *b)
{
    b->n--;
    memmove(b->value, b->value + 1, b->n);
    memmove(b->llr, b->llr + 1, b->n * sizeof *b->llr);
}

/* The whole frame from chip first on. */
static void place(const struct unknown *u, struct sighting *s, size_t first,
                  size_t end)
{
    const double te =
        (u->track->edges[end] - u->track->edges[first]) / (double)(end - first);
    s->lattice = (struct lattice){ u->track->edges[first], te };
    s->n_chips = end - first;
}

static float free_of(const struct unknown *u, size_t from, size_t to)
{
    float sum = 0;
    for (size_t k = from; k < to; k++)
        sum += u->track->chips.free[k];
    return sum;
}

static bool is_on(const struct unknown *u, size_t k)
{
    return chips_llr(&u->track->chips, k) > 0;
}

/* Counts back from the data: the low before it, and the equal pulses before
 * that; the last pulse counts, the low after it is sync. */
static void count_head(const struct unknown *u, size_t data, struct sighting *s)
{
    size_t k = data;
    while (k > 0 && data - k < SYNC_MAX && !is_on(u, k - 1))
        k--;
    if (k == 0 || !is_on(u, k - 1))
        return;
    s->sync_chips = (unsigned)(data - k);
    const size_t end = k;
    k--; /* the last pulse */
    while (k >= 2 && !is_on(u, k - 1) && is_on(u, k - 2) &&
           (k == 2 || !is_on(u, k - 3) || !is_on(u, k - 2)))
        k -= 2;
    s->preamble_chips = (unsigned)(end - k);
}

/* Preamble and sync are as they are: no choice of pattern. */
static float head_gain(const struct unknown *u, size_t from, size_t to)
{
    float gain = 0;
    for (size_t k = from; k < to; k++)
        gain += (is_on(u, k) ? u->track->chips.on[0][k]
                             : u->track->chips.off[0][k]) -
                u->track->chips.free[k];
    return gain;
}

/* Decodes n bits from chip from to end once more, with the levels that they have
 * themselves: those of the burst are too good for some. */
static void decode_fitted(struct unknown *u, const struct keying *k,
                          size_t from, size_t end, size_t n, struct sighting *s)
{
    float on[FRAMING_CHIPS_MAX];
    const size_t chips = end - from;
    if ((n + 1) * line_code_longest(&s->code) > FRAMING_CHIPS_MAX ||
        line_code_expect(&s->code, &s->bits, on) != chips)
        return;
    const double *edges = u->track->edges + from;
    const double te = (edges[chips] - edges[0]) / (double)chips;
    const struct keying fitted =
        sighting_fit(s, k, (struct lattice){ edges[0], te }, on, chips);
    /* the decoder wants room for a longer bit at the end */
    const size_t left = u->track->chips.n - from;
    const size_t more = chips + line_code_longest(&s->code);
    chips_measure_grid(&u->fitted, u->likelihood, &fitted,
                       &(struct chip_grid){ { 0, te }, edges },
                       more < left ? more : left, CHIPS_RUN_MAX);
    line_code_decode(u->decoder, &s->code, u->likelihood, &u->fitted, 0, n,
                     &s->bits, &end);
}

/* Decodes the bits of a stretch of data. */
static bool read_data(struct unknown *u, const struct keying *k,
                      const struct line_code *l, const struct stretch *data,
                      struct sighting *s)
{
    const size_t most =
        line_code_period(l) ? BITS_MAX : LINE_CODE_VARIABLE_BITS_MAX;
    const size_t n = data->steps < most ? data->steps : most;
    size_t end;
    if (n < BITS_MIN)
        return false;
    *s = (struct sighting){ .code = *l,
                            .power = k->power,
                            .noise = k->mark.noise };
    s->score = line_code_decode(u->decoder, l, u->likelihood, &u->track->chips,
                                data->from, n, &s->bits, &end);
    if (s->score == -INFINITY)
        return false;
    s->gain = s->score - free_of(u, data->from, end);
    if (s->gain < GAIN_MIN)
        return false;
    decode_fitted(u, k, data->from, end, n, s);
    count_head(u, data->from, s);
    s->confidence = extent_certainty(&(struct extent){
        .likelihood = u->likelihood,
        .chips = &u->track->chips,
        .fitted = &u->fitted,
        .code = l,
        .bits = &s->bits,
        .first = data->from,
        .end = end,
        .is_after_silence = s->sync_chips >= START_BIT_GAP,
    });
    if (n < BITS_ALONE && s->sync_chips + s->preamble_chips < HEAD_MIN)
        return false;
    const size_t first = data->from - s->sync_chips - s->preamble_chips;
    s->gain += head_gain(u, first, data->from);
    if (l->kind == LINE_MANCHESTER && s->sync_chips >= START_BIT_GAP &&
        s->bits.value[0])
        drop_first_bit(&s->bits);
    if (l->kind == LINE_PPM) /* nothing bounds the gap after the last pulse */
        s->bits.n--;
    place(u, s, first, end);
    s->verdict = VERDICT_PLAUSIBLE;
    return true;
}

static size_t count_runs(const struct bits *b)
{
    size_t runs = 1;
    for (size_t i = 1; i < b->n; i++)
        runs += b->value[i] != b->value[i - 1];
    return runs;
}

/* Chips from .. to as they are. */
static bool read_chips(struct unknown *u, const struct keying *k, size_t from,
                       size_t to, struct sighting *s)
{
    static const struct line_code nrz = { LINE_NRZ, { 0 } };
    while (from < to && !is_on(u, from))
        from++;
    while (from < to && !is_on(u, to - 1))
        to--;
    if (to - from < 2 * BITS_MIN)
        return false;
    const size_t n = to - from < BITS_MAX ? to - from : BITS_MAX;
    size_t end;
    *s = (struct sighting){ .code = nrz,
                            .power = k->power,
                            .noise = k->mark.noise };
    s->score = line_code_decode(u->decoder, &nrz, u->likelihood,
                                &u->track->chips, from, n, &s->bits, &end);
    s->confidence = sighting_confidence(&s->bits);
    s->verdict = VERDICT_PLAUSIBLE;
    place(u, s, from, end);
    return s->confidence > SURE && count_runs(&s->bits) * RUN_MAX >= n;
}

static size_t read_data_of(struct unknown *u, const struct keying *k,
                           const struct line_code *l, struct sighting *out,
                           size_t room)
{
    struct stretch s = { 0 };
    size_t found = 0;
    while (found < room && next_stretch(u, &s))
        if (s.state == UNKNOWN_DATA)
            found += read_data(u, k, l, &s, &out[found]);
    return found;
}

/* When no code was found in the whole burst: what is between silences. */
static size_t read_all_chips(struct unknown *u, const struct keying *k,
                             struct sighting *out, size_t room)
{
    struct stretch s = { 0 };
    size_t found = 0, from = 0;
    while (found < room && next_stretch(u, &s)) {
        const bool is_edge = s.from == 0 || s.to == u->track->chips.n;
        const bool is_low = s.state == UNKNOWN_IDLE || s.state == UNKNOWN_GAP;
        if (!is_low || (s.to - s.from < PAUSE_CHIPS && !is_edge))
            continue;
        found += read_chips(u, k, from, s.from, &out[found]);
        from = s.to;
    }
    if (found < room && from < u->track->chips.n)
        found += read_chips(u, k, from, u->track->chips.n, &out[found]);
    return found;
}

size_t unknown_find(struct unknown *u, const struct keying *k,
                    const struct chip_track *t, struct sighting *out,
                    size_t room)
{
    assert(t->chips.n <= u->room);
    u->track = t;
    float score = -INFINITY;
    size_t best = 0;
    for (size_t i = 0; i < CODES; i++) {
        const float s = tell(u, &codes[i]);
        if (s <= score)
            continue;
        score = s;
        best = i;
        memcpy(u->best, u->path, u->track->chips.n);
    }
    const size_t n = read_data_of(u, k, &codes[best].line, out, room);
    return n ? n : read_all_chips(u, k, out, room);
}
