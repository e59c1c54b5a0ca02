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
    RUN_MAX = 6,       /* chips of a run on average: else TE is not their TE */
    SLOW_MIN = 8,      /* steps of a preamble that is one */
    LEFT_MAX = 4,      /* chips left between a slow preamble and the data */
};
/* Nats over "any pattern" that a frame must have: ln of some 1e5 stories. */
#define GAIN_MIN 12.0f
/* Nats that one more bit must have over anything else. */
#define MORE_MIN 5.0
/* Nats of a chip that is on, beyond doubt. */
#define RISE 5.0f
/* NRZ explains any chips; they must at least be sure. */
#define SURE 0.98

int unknown_init(struct unknown *u, const struct likelihood *l, size_t room)
{
    *u = (struct unknown){ .likelihood = l };
    u->decoder = malloc(sizeof *u->decoder);
    u->memory = malloc(chips_bytes(FRAMING_CHIPS_MAX));
    if (u->decoder && u->memory && !story_init(&u->story, l, room)) {
        chips_attach(&u->fitted, u->memory, FRAMING_CHIPS_MAX);
        return 0;
    }
    unknown_finish(u);
    return -ENOMEM;
}

void unknown_finish(struct unknown *u)
{
    story_finish(&u->story);
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

/* Chips that hold bits. */
struct data {
    size_t from, to, steps; /* steps: bits */
    size_t limit;           /* from here on it is another's preamble; 0: not
                             * known */
};

/* Decodes the bits of a stretch of data. */
static bool read_data(struct unknown *u, const struct keying *k,
                      const struct line_code *l, const struct data *data,
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
        .limit = data->limit,
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

static bool is_slow(const struct stretch *s)
{
    return s->state == STORY_SLOW && s->steps >= SLOW_MIN;
}

/* Where a slow preamble begins that next to nothing parts from the data; 0: there
 * is none. */
static size_t slow_behind(const struct unknown *u, struct stretch s)
{
    const size_t end = s.to;
    while (story_next(&u->story, &s) && s.from - end <= LEFT_MAX)
        if (is_slow(&s))
            return s.from;
    return 0;
}

/* Two chips, of which one is on beyond doubt. */
static bool is_manchester_bit(const struct unknown *u, size_t k)
{
    const struct chips *c = &u->track->chips;
    const float a = chips_llr(c, k), b = chips_llr(c, k + 1);
    return a * b < 0 && fabsf(a - b) > RISE;
}

/* A slow preamble is a Manchester code's bits in turn, a chip beside those of the
 * data. What is between it and the data has no room for anything but bits. */
static void fill_manchester(const struct unknown *u, const struct stretch *slow,
                            struct data *d)
{
    const bool is_after = is_slow(slow) && d->from - slow->to <= LEFT_MAX;
    for (; is_after && d->from >= slow->to + 2; d->from -= 2, d->steps++)
        if (!is_manchester_bit(u, d->from - 2))
            break;
    for (; d->to + 2 <= d->limit; d->to += 2, d->steps++)
        if (!is_manchester_bit(u, d->to))
            break;
}

/* Copies that follow each other at once: to leave the data for a preamble costs
 * more than the last bit tells, so that it was left out. */
static void fill_pwm(const struct unknown *u, const struct line_code *l,
                     struct data *d)
{
    const unsigned length = line_code_longest(l);
    struct extent e = { .likelihood = u->likelihood,
                        .chips = &u->track->chips,
                        .code = l,
                        .end = d->to };
    for (; extent_more(&e) > MORE_MIN; e.end = d->to += length)
        d->steps++;
}

/* The bits of a stretch of data, with those that the story has left out; slow: the
 * stretch of a slow preamble that came last. */
static struct data find_data(const struct unknown *u, const struct line_code *l,
                             const struct stretch *s,
                             const struct stretch *slow)
{
    struct data d = { s->from, s->to, s->steps, 0 };
    if (l->kind == LINE_MANCHESTER) {
        d.limit = slow_behind(u, *s);
        fill_manchester(u, slow, &d);
    } else if (l->kind == LINE_PWM) {
        fill_pwm(u, l, &d);
    }
    return d;
}

static size_t read_data_of(struct unknown *u, const struct keying *k,
                           const struct line_code *l, struct sighting *out,
                           size_t room)
{
    struct stretch s = { 0 }, slow = { 0 };
    size_t found = 0;
    while (found < room && story_next(&u->story, &s)) {
        if (is_slow(&s))
            slow = s;
        if (s.state != STORY_DATA)
            continue;
        const struct data d = find_data(u, l, &s, &slow);
        found += read_data(u, k, l, &d, &out[found]);
    }
    return found;
}

/* When no code was found in the whole burst: what is between silences. */
static size_t read_all_chips(struct unknown *u, const struct keying *k,
                             struct sighting *out, size_t room)
{
    struct stretch s = { 0 };
    size_t found = 0, from = 0;
    while (found < room && story_next(&u->story, &s)) {
        const bool is_edge = s.from == 0 || s.to == u->track->chips.n;
        const bool is_low = s.state == STORY_IDLE || s.state == STORY_GAP;
        if (!is_low || (s.to - s.from < STORY_PAUSE_CHIPS && !is_edge))
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
    u->track = t;
    const struct line_code *l = story_tell(&u->story, t);
    const size_t n = read_data_of(u, k, l, out, room);
    return n ? n : read_all_chips(u, k, out, room);
}
