/* inference_align - frames of several presses on common columns.
 *
 * Frames that were read with a bit too few or too many, at an end or in the midst,
 * are moved until the bits that are the same in the others lie on each other.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/inference_impl.h"

#include <math.h>
#include <string.h>

#include <assert.h>

/* A bit is wrong, however sure it seems, once in 500: a frame read wrong, a slip
 * that was not seen. */
#define FLOOR 0.002f
/* A bit in doubt is wrong once in 20 or more. */
#define DOUBT 0.05f
/* Nats that a shift, and that a slip must have besides those of as many ways to do
 * so: 150 to 1; and more, for what is in front of a rolling code and what is behind
 * it may each have an advocate. */
#define SHIFT_NATS 5.0
#define SLIP_NATS  10.0
/* Of columns that are alike in all frames by chance there may be few or many. */
#define STANDING_MIN 0.02
#define STANDING_MAX 0.98

/* Of so many columns more than this share: of random bits it is half. */
#define STRANGE_SHARE 0.4
enum { STANDING_LEAST = 16 };

/* A sync word that was taken for data is that long; no more bits are lost or
 * doubled in the midst. */
enum { SHIFT_MAX = 32, SHIFTS = 2 * SHIFT_MAX + 1, SLIP_MAX = 2 };

/* What is no number says nothing. */
static float probability(float llr)
{
    const float p = isnan(llr) ? 0.5f : 1 / (1 + expf(-llr));

    return fminf(fmaxf(p, FLOOR), 1 - FLOOR);
}

bool inference_is_doubtful(float p)
{
    return p > DOUBT && p < 1 - DOUBT;
}

/* The length that most frames have; of two the longer. */
static size_t usual_length(const struct inference_frame *frames, size_t n)
{
    unsigned count[BITS_MAX + 1] = { 0 };
    size_t best = 0;

    for (size_t i = 0; i < n; i++)
        count[frames[i].bits->n]++;
    for (size_t k = 1; k <= BITS_MAX; k++)
        if (count[k] > 0 && count[k] >= count[best])
            best = k;
    return best;
}

/* What a bit is worth on each column, by the frames of the same fob and of the usual
 * length, frame `but` left out: nats for a 1 and for a 0. A column in which those
 * differ is worth nothing, one in which they agree is one that stands, or does so by
 * chance. */
struct consensus {
    float nats[BITS_MAX][2];
};

/* How many frames are sure of a 1 on each column, and how many of a 0. */
struct votes {
    unsigned of[BITS_MAX][2];
    unsigned frames;
};

static void vote(struct votes *v, const struct inference_frame *frames,
                 size_t n, size_t n_bits, size_t but)
{
    memset(v, 0, sizeof *v);
    for (size_t i = 0; i < n; i++) {
        if (i == but || frames[i].bits->n != n_bits ||
            frames[i].fob != frames[but].fob)
            continue;
        v->frames++;
        for (size_t k = 0; k < n_bits; k++) {
            const float p = probability(frames[i].bits->llr[k]);

            if (!inference_is_doubtful(p))
                v->of[k][p > 0.5f]++;
        }
    }
}

static bool is_unanimous(const unsigned of[2])
{
    return (of[0] == 0) != (of[1] == 0);
}

/* The share of columns that stand: those that are alike, less those by chance. */
static double standing_share(const struct votes *v, size_t n_bits)
{
    const double chance = ldexp(2, -(int)v->frames);
    double alike = 0;

    if (v->frames < 2)
        return 0.5;
    for (size_t k = 0; k < n_bits; k++)
        alike += is_unanimous(v->of[k]);
    alike = (alike / (double)n_bits - chance) / (1 - chance);
    return fmin(fmax(alike, STANDING_MIN), STANDING_MAX);
}

static void agree(struct consensus *c, const struct votes *v, size_t n_bits)
{
    const double share = standing_share(v, n_bits);

    for (size_t k = 0; k < n_bits; k++) {
        const unsigned of = v->of[k][0] + v->of[k][1];
        const double chance = (1 - share) * ldexp(2, -(int)of);
        const double stands =
            is_unanimous(v->of[k]) ? share / (share + chance) : 0;
        const double same = stands * (1 - (double)FLOOR) + (1 - stands) / 2;
        const unsigned value = v->of[k][1] > 0;

        c->nats[k][value] = (float)log(2 * same);
        c->nats[k][1 - value] = (float)log(2 * (1 - same));
    }
}

/* Nats of a bit on a column, by how sure the bit is. */
static float worth(const struct consensus *c, size_t column, float llr)
{
    const float p = probability(llr);

    return logf(p * expf(c->nats[column][1]) +
                (1 - p) * expf(c->nats[column][0]));
}

/* Bit k of b stands on column k + before up to `turn`, and on k + after from
 * there on. */
struct move {
    int before, after;
    size_t turn;
};

/* sums[d + SHIFT_MAX][k]: nats of the bits before the k-th, moved by d. */
static void sum_up(const struct consensus *c, const struct bits *b,
                   size_t n_bits, float sums[SHIFTS][BITS_MAX + 1])
{
    for (int d = -SHIFT_MAX; d <= SHIFT_MAX; d++) {
        float *s = sums[d + SHIFT_MAX];

        s[0] = 0;
        for (size_t k = 0; k < b->n; k++) {
            const long to = (long)k + d;

            s[k + 1] = s[k];
            if (to >= 0 && to < (long)n_bits)
                s[k + 1] += worth(c, (size_t)to, b->llr[k]);
        }
    }
}

/* The best move, and its nats less those that the best of as many moves has by
 * chance. */
static double find_move(const struct consensus *c, const struct bits *b,
                        size_t n_bits, struct move *ret)
{
    const double shifts = log(SHIFTS),
                 slips = log(2.0 * SLIP_MAX * (double)b->n);
    float sums[SHIFTS][BITS_MAX + 1];
    double best = -INFINITY;

    sum_up(c, b, n_bits, sums);
    for (int x = 0; x < SHIFTS; x++)
        for (int y = x > SLIP_MAX ? x - SLIP_MAX : 0;
             y < SHIFTS && y <= x + SLIP_MAX; y++)
            for (size_t k = 0; k < (x == y ? 1 : b->n); k++) {
                const float *before = sums[x], *after = sums[y];
                const double nats =
                    (double)(before[k] + after[b->n] - after[k]) -
                    (x == SHIFT_MAX ? 0 : shifts + SHIFT_NATS) -
                    (x == y ? 0 : slips + SLIP_NATS);

                if (nats > best) {
                    best = nats;
                    *ret = (struct move){ x - SHIFT_MAX, y - SHIFT_MAX, k };
                }
            }
    return best;
}

static void put(struct aligned *a, const struct inference_frame *f,
                const struct move *m, unsigned fob)
{
    const struct bits *b = f->bits;
    float *p = a->p[a->n];

    for (size_t k = 0; k < a->n_bits; k++)
        p[k] = 0.5f;
    for (size_t k = 0; k < b->n; k++) {
        const long to = (long)k + (k < m->turn ? m->before : m->after);

        if (to >= 0 && to < (long)a->n_bits)
            p[to] = probability(b->llr[k]);
    }
    a->is_clean[a->n] = true;
    for (size_t k = 0; k < a->n_bits; k++) {
        a->value[a->n][k] = p[k] > 0.5f;
        a->is_clean[a->n] &= !inference_is_doubtful(p[k]);
    }
    a->fob[a->n] = fob;
    a->button[a->n] = f->button;
    a->n++;
}

/* Of a fob all of whose frames have another length there is nothing to move to. */
static bool has_usual(const struct inference_frame *frames, size_t n,
                      size_t n_bits, unsigned fob)
{
    for (size_t i = 0; i < n; i++)
        if (frames[i].fob == fob && frames[i].bits->n == n_bits)
            return true;
    return false;
}

/* Whether it differs from all the others in so many of the columns that stand as
 * random bits do, and not as those do of which a counter has carried. */
static bool is_stranger(const struct votes *v, const struct bits *b)
{
    size_t standing = 0, other = 0;

    for (size_t k = 0; k < b->n; k++) {
        const float p = probability(b->llr[k]);

        if (!is_unanimous(v->of[k]) || inference_is_doubtful(p))
            continue;
        standing++;
        other += v->of[k][p > 0.5f] == 0;
    }
    return standing >= STANDING_LEAST &&
           (double)other > STRANGE_SHARE * (double)standing;
}

static bool is_unmoved(const struct move *m)
{
    return m->before == 0 && m->after == 0;
}

static void align_one(struct aligned *a, const struct inference_frame *frames,
                      size_t n, size_t i, unsigned fob)
{
    const struct bits *b = frames[i].bits;
    const struct move none = { 0, 0, 0 };
    struct move m = none;
    struct votes v;
    struct consensus c;
    double nats;

    if (!has_usual(frames, n, a->n_bits, frames[i].fob)) {
        put(a, &frames[i], &none, fob);
        return;
    }
    vote(&v, frames, n, a->n_bits, i);
    agree(&c, &v, a->n_bits);
    nats = find_move(&c, b, a->n_bits, &m);
    if (nats > 0 && !(is_unmoved(&m) && b->n == a->n_bits)) {
        a->slipped++;
        put(a, &frames[i], &m, fob);
    } else if (b->n == a->n_bits && !is_stranger(&v, b)) {
        put(a, &frames[i], &none, fob);
    } else {
        a->left_out++;
    }
}

/* The fobs, in the order in which they come; those beyond FOBS_MAX are left out. */
struct fobs {
    unsigned seen[FOBS_MAX], n;
};

static bool find_fob(struct fobs *f, unsigned fob, unsigned *ret)
{
    *ret = 0;
    while (*ret < f->n && f->seen[*ret] != fob)
        (*ret)++;
    if (*ret == FOBS_MAX)
        return false;
    if (*ret == f->n)
        f->seen[f->n++] = fob;
    return true;
}

static void number_buttons(struct aligned *a)
{
    a->buttons = 0;
    for (size_t i = 0; i < a->n; i++) {
        unsigned k = 0;

        if (a->button[i] < 0)
            continue;
        while (k < a->buttons && a->label[k] != a->button[i])
            k++;
        if (k == a->buttons && k < BUTTONS_MAX)
            a->label[a->buttons++] = a->button[i];
        a->button[i] = k < BUTTONS_MAX ? (int)k : -1;
    }
}

static void find_varying(struct aligned *a)
{
    for (size_t k = 0; k < a->n_bits; k++) {
        bool one[FOBS_MAX] = { false }, zero[FOBS_MAX] = { false };
        bool is_one = false, is_zero = false;

        a->moves[k] = false;
        for (size_t i = 0; i < a->n; i++) {
            one[a->fob[i]] |= a->p[i][k] > 1 - DOUBT;
            zero[a->fob[i]] |= a->p[i][k] < DOUBT;
        }
        for (unsigned fob = 0; fob < a->fobs; fob++) {
            a->moves[k] |= one[fob] && zero[fob];
            is_one |= one[fob];
            is_zero |= zero[fob];
        }
        a->varies[k] = is_one && is_zero;
    }
}

bool inference_align(struct aligned *a, const struct inference_frame *frames,
                     size_t n)
{
    struct fobs fobs = { .n = 0 };

    if (n > INFERENCE_FRAMES_MAX)
        n = INFERENCE_FRAMES_MAX;
    a->n_bits = usual_length(frames, n);
    a->n = 0;
    a->left_out = a->slipped = 0;
    for (size_t i = 0; i < n && a->n_bits > 0; i++) {
        unsigned fob;

        if (find_fob(&fobs, frames[i].fob, &fob))
            align_one(a, frames, n, i, fob);
        else
            a->left_out++;
    }
    a->fobs = fobs.n;
    number_buttons(a);
    find_varying(a);
    return a->n >= INFERENCE_PRESSES_MIN;
}
