/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/chip_track.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { PHASES = CHIP_TRACK_PHASES, BLOCK = CHIP_TRACK_BLOCK };

/* Nats for a phase that is an eighth of a chip off the last, and for any other:
 * what a wrong turn must not gain from noise. */
#define CREEP 4.0f
#define JUMP  14.0f

int chip_track_init(struct chip_track *t, size_t room)
{
    *t = (struct chip_track){ .blocks = room / BLOCK + 2, .room = room };
    t->edges = malloc((room + 1) * sizeof *t->edges);
    t->memory = malloc(chips_bytes(room));
    t->block_memory = malloc(chips_bytes(BLOCK));
    t->from = malloc(t->blocks * PHASES);
    if (t->edges && t->memory && t->block_memory && t->from) {
        chips_attach(&t->chips, t->memory, room);
        chips_attach(&t->block, t->block_memory, BLOCK);
        return 0;
    }
    chip_track_finish(t);
    return -ENOMEM;
}

void chip_track_finish(struct chip_track *t)
{
    free(t->edges);
    free(t->memory);
    free(t->block_memory);
    free(t->from);
    *t = (struct chip_track){ 0 };
}

static float step_cost(int from, int to)
{
    const int apart = abs(from - to);
    const int least = apart < PHASES - apart ? apart : PHASES - apart;
    return least == 0 ? 0 : least == 1 ? CREEP : JUMP;
}

/* What a block says for a phase: some pattern on the air, or nothing. */
static float block_score(struct chip_track *t, const struct likelihood *l,
                         const struct keying *k, struct lattice at)
{
    float sum = 0;
    chips_measure(&t->block, l, k, at, BLOCK, 1);
    for (size_t i = 0; i < BLOCK; i++)
        sum += t->block.free[i];
    return fmaxf(sum, 0);
}

/* Best phase of the last block; t->from leads back from it. */
static int search(struct chip_track *t, const struct likelihood *l,
                  const struct keying *k, double from, double te, size_t blocks)
{
    float best[PHASES] = { 0 };
    for (size_t b = 0; b < blocks; b++) {
        float next[PHASES];
        for (int p = 0; p < PHASES; p++) {
            const struct lattice at = {
                from + ((double)(b * BLOCK) + (double)p / PHASES) * te,
                te,
            };
            int prev = 0;
            for (int q = 1; q < PHASES; q++)
                if (best[q] - step_cost(q, p) > best[prev] - step_cost(prev, p))
                    prev = q;
            t->from[b * PHASES + (size_t)p] = (unsigned char)prev;
            next[p] =
                best[prev] - step_cost(prev, p) + block_score(t, l, k, at);
        }
        for (int p = 0; p < PHASES; p++)
            best[p] = next[p];
    }
    int last = 0;
    for (int p = 1; p < PHASES; p++)
        last = best[p] > best[last] ? p : last;
    return last;
}

/* The phases of all blocks, one edge after the other; returns how many. */
static size_t place_edges(struct chip_track *t, double from, double te,
                          size_t blocks)
{
    double *edges = t->edges;
    size_t n = 0;
    for (size_t b = 0; b < blocks; b++)
        for (size_t i = 0; i < BLOCK && n <= t->room; i++) {
            double at = from + ((double)(b * BLOCK + i) +
                                (double)t->from[b * PHASES] / PHASES) *
                                   te;
            if (n && at < edges[n - 1] + 0.5 * te)
                continue; /* the phase went back: this chip is there already */
            if (n && at > edges[n - 1] + 1.5 * te) {
                edges[n++] = at - te;
                if (n > t->room)
                    break;
            }
            edges[n++] = at;
        }
    return n;
}

void chip_track_follow(struct chip_track *t, const struct likelihood *l,
                       const struct keying *k, double from, double to,
                       double te)
{
    size_t blocks = (size_t)fmax((to - from) / te / BLOCK, 0) + 1;
    blocks = blocks < t->blocks ? blocks : t->blocks;
    int phase = search(t, l, k, from, te, blocks);
    for (size_t b = blocks; b-- > 0;) { /* phases in place of what led there */
        const int before = t->from[b * PHASES + (size_t)phase];
        t->from[b * PHASES] = (unsigned char)phase;
        phase = before;
    }
    const size_t edges = place_edges(t, from, te, blocks);
    const struct chip_grid at = { .even = { 0, te }, .edges = t->edges };
    chips_measure_grid(&t->chips, l, k, &at, edges - 1, CHIPS_RUN_MAX);
}
