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
/* Nats: of some 325 n ways to move a frame, none is as good by chance; better than
 * none by this. */
#define MOVED_MIN 10.0

/* A sync word that was taken for data is that long; no more bits are lost or
 * doubled in the midst. */
enum { SHIFT_MAX = 32, SHIFTS = 2 * SHIFT_MAX + 1, SLIP_MAX = 2 };

static float probability(float llr)
{
    const float p = 1 / (1 + expf(-llr));

    return fminf(fmaxf(p, FLOOR), 1 - FLOOR);
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

/* What bits look like on each column, in the frames of one fob of the usual
 * length, those of frame `but` left out: nats for a 1 and for a 0. */
struct consensus {
    float nats[BITS_MAX][2];
};

static void agree(struct consensus *c, const struct inference_frame *frames,
                  size_t n, size_t n_bits, size_t but)
{
    for (size_t k = 0; k < n_bits; k++) {
        float ones = 0.5f, all = 1;

        for (size_t i = 0; i < n; i++) {
            if (i == but || frames[i].bits->n != n_bits ||
                frames[i].fob != frames[but].fob)
                continue;
            ones += probability(frames[i].bits->llr[k]);
            all += 1;
        }
        c->nats[k][1] = logf(2 * ones / all);
        c->nats[k][0] = logf(2 * (1 - ones / all));
    }
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
                s[k + 1] += c->nats[to][b->value[k]];
        }
    }
}

/* The best move. Returns its nats. */
static float find_move(const struct consensus *c, const struct bits *b,
                       size_t n_bits, struct move *ret)
{
    float sums[SHIFTS][BITS_MAX + 1], best = -INFINITY;

    sum_up(c, b, n_bits, sums);
    for (int x = 0; x < SHIFTS; x++)
        for (int y = x > SLIP_MAX ? x - SLIP_MAX : 0;
             y < SHIFTS && y <= x + SLIP_MAX; y++)
            for (size_t k = 0; k < (x == y ? 1 : b->n); k++) {
                const float nats = sums[x][k] + sums[y][b->n] - sums[y][k];

                if (nats > best) {
                    best = nats;
                    *ret = (struct move){ x - SHIFT_MAX, y - SHIFT_MAX, k };
                }
            }
    return best;
}

static float unmoved(const struct consensus *c, const struct bits *b)
{
    float nats = 0;

    for (size_t k = 0; k < b->n; k++)
        nats += c->nats[k][b->value[k]];
    return nats;
}

static void put(struct aligned *a, const struct inference_frame *f,
                const struct move *m)
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
        a->is_clean[a->n] &= p[k] < DOUBT || p[k] > 1 - DOUBT;
    }
    a->fob[a->n] = f->fob;
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

static void align_one(struct aligned *a, const struct inference_frame *frames,
                      size_t n, size_t i)
{
    const struct bits *b = frames[i].bits;
    struct consensus c;
    struct move m = { 0, 0, 0 }, none = { 0, 0, 0 };
    float nats;

    if (!has_usual(frames, n, a->n_bits, frames[i].fob)) {
        put(a, &frames[i], &none);
        return;
    }
    agree(&c, frames, n, a->n_bits, i);
    nats = find_move(&c, b, a->n_bits, &m);
    if (b->n == a->n_bits && nats < unmoved(&c, b) + (float)MOVED_MIN) {
        put(a, &frames[i], &none);
    } else if (nats >= (float)MOVED_MIN) {
        a->slipped++;
        put(a, &frames[i], &m);
    } else {
        a->left_out++;
    }
}

/* Fobs and buttons numbered from 0 on, in the order in which they come. */
static void number_fobs(struct aligned *a)
{
    unsigned seen[FOBS_MAX];

    a->fobs = 0;
    for (size_t i = 0; i < a->n; i++) {
        unsigned k = 0;

        while (k < a->fobs && seen[k] != a->fob[i])
            k++;
        if (k == a->fobs && k < FOBS_MAX)
            seen[a->fobs++] = a->fob[i];
        a->fob[i] = k < FOBS_MAX ? k : FOBS_MAX - 1;
    }
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
    if (n > INFERENCE_FRAMES_MAX)
        n = INFERENCE_FRAMES_MAX;
    a->n_bits = usual_length(frames, n);
    a->n = 0;
    a->left_out = a->slipped = 0;
    for (size_t i = 0; i < n && a->n_bits > 0; i++)
        align_one(a, frames, n, i);
    number_fobs(a);
    number_buttons(a);
    find_varying(a);
    return a->n >= INFERENCE_PRESSES_MIN;
}
