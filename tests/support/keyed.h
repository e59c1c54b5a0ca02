/* keyed - a train of chips in noise as the modem sees it, for tests.
 *
 *   in      struct synth_train, how strong it is
 *   out     struct keying, its tones built and its powers known exactly
 *   memory  allocated; keyed_free
 *
 * Noise has a power of 1 a sample, so that g = power * te in samples. OOK has
 * its carrier at 0 Hz, FSK its tones at a quarter of the rate above and below.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SUPPORT_KEYED_H
#define TESTS_SUPPORT_KEYED_H

#include <math.h>
#include <stdlib.h>

#include "dsp/keying.h"
#include "tests/support/synth.h"

struct keyed_cfg {
    const struct synth_train *train;
    double rate_hz; /* 40 kHz: 16 samples in a chip of 400 us */
    enum modulation modulation;
    double before, after; /* samples of noise around the train */
    double power;         /* of the carrier, over noise of 1 */
    double noise;         /* 1 but for tests without noise */
    uint64_t seed;
};

struct keyed {
    struct keying keying;
    iq *x;
    size_t n;
};

static inline struct tone keyed_tone(const iq *x, size_t n, double rate_hz,
                                     double frequency)
{
    const struct tone_course course = { .n = 1,
                                        .piece =
                                            (n / TONE_TURN + 1) * TONE_TURN,
                                        .frequency = { frequency } };
    struct tone t = { .sums = calloc(n + 1, sizeof(iq)),
                      .n = n,
                      .rate_hz = rate_hz,
                      .noise = 1.0f };

    if (t.sums == NULL)
        abort();
    tone_build(&t, x, n, &course);
    return t;
}

static inline struct keyed keyed_make(const struct keyed_cfg *c)
{
    struct keyed k = { .keying = { .modulation = c->modulation,
                                   .power = (float)c->power } };
    const bool is_fsk = c->modulation == MODULATION_FSK;
    const struct synth_transmitter x = {
        .train = c->train,
        .modulation = c->modulation,
        .start_samples = c->before,
        .deviation_hz = c->rate_hz / 4,
        .level_dbfs = 10 * log10(c->power > 0 ? c->power : 1e-30),
        .is_restarting = !is_fsk,
        .phase_seed = c->seed + 1,
    };

    k.n = (size_t)(c->before + synth_duration_us(c->train) * 1e-6 * c->rate_hz +
                   c->after);
    k.x = calloc(k.n, sizeof *k.x);
    if (k.x == NULL)
        abort();
    synth_transmit(&x, c->rate_hz, 0, k.x, k.n);
    if (c->noise > 0)
        synth_noise(&(struct synth_random){ c->seed }, 10 * log10(c->noise),
                    k.x, k.n);
    k.keying.mark = keyed_tone(k.x, k.n, c->rate_hz, is_fsk ? 0.25 : 0.0);
    if (is_fsk)
        k.keying.space = keyed_tone(k.x, k.n, c->rate_hz, -0.25);
    return k;
}

static inline void keyed_free(struct keyed *k)
{
    free(k->keying.mark.sums);
    free(k->keying.space.sums);
    free(k->x);
    *k = (struct keyed){ .n = 0 };
}

#endif
