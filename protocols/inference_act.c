/* inference_act - does a stretch of bits follow the button?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/inference_impl.h"

#include <math.h>

#include <assert.h>

#define LN2 0.6931471805599453
/* Assumed: every second button code has one bit of its own set or cleared, or two
 * (1, 2, 4, 8 of HCS, DOMAIN.md 5.1; 01h, 02h, 04h); the others are any. */
#define PLAIN_SHARE 0.5

enum { PLAIN_BITS = 2 };

static unsigned count_ones(unsigned v)
{
    unsigned n = 0;

    for (; v != 0; v &= v - 1)
        n++;
    return n;
}

/* Of a narrow field half the values are plain at most. */
static unsigned most_ones(unsigned bits)
{
    return bits < 3 * PLAIN_BITS ? 1 : PLAIN_BITS;
}

static bool is_plain(unsigned v, unsigned bits)
{
    const unsigned ones = count_ones(v), most = most_ones(bits);

    return ones <= most || ones >= bits - most;
}

/* How many values of so many bits are plain. */
static unsigned count_plain(unsigned bits)
{
    unsigned n = 0;

    for (unsigned v = 0; v < 1u << bits; v++)
        n += is_plain(v, bits);
    return n;
}

/* Nats of a button having this code, over any. */
static double code_gain(unsigned v, unsigned bits, unsigned plain)
{
    const double all = ldexp(1, (int)bits);

    return log(1 - PLAIN_SHARE +
               (is_plain(v, bits) ? PLAIN_SHARE * all / plain : 0));
}

static unsigned number(const uint8_t *value, size_t at, unsigned bits)
{
    unsigned v = 0;

    for (unsigned i = 0; i < bits; i++)
        v = v << 1 | value[at + i];
    return v;
}

/* Where buttons are not known: a few values that come back, in whatever order. A
 * new one comes with the next press as often as it does from a new table at a
 * Chinese restaurant (Pitman, "Combinatorial stochastic processes", 2006, 3.1). */
static double returning(const struct aligned *a, size_t at, unsigned bits,
                        unsigned plain)
{
    uint16_t seen[1u << ACTION_BITS_MAX] = { 0 };
    double gain = 0;

    for (size_t i = 0; i < a->n; i++) {
        const unsigned v = number(a->value[i], at, bits);

        if (seen[v] > 0)
            gain += log(seen[v]) + bits * LN2;
        else
            gain += code_gain(v, bits, plain);
        gain -= log((double)i + 1);
        seen[v]++;
    }
    return gain;
}

/* The value that most frames of a button have on bit k. */
static unsigned usual(const struct aligned *a, size_t k, int button)
{
    float ones = 0;

    for (size_t i = 0; i < a->n; i++)
        if (a->button[i] == button)
            ones += a->p[i][k] - 0.5f;
    return ones > 0;
}

/* Where they are known: one value each. columns[k]: nats of the bits before k. */
static double following(const struct aligned *a, const double *columns,
                        size_t at, unsigned bits, unsigned plain)
{
    double gain = columns[at + bits] - columns[at];

    for (unsigned button = 0; button < a->buttons; button++) {
        unsigned v = 0;

        for (unsigned i = 0; i < bits; i++)
            v = v << 1 | usual(a, at + i, (int)button);
        gain += code_gain(v, bits, plain);
    }
    return gain;
}

void inference_act(struct explained *x)
{
    const struct aligned *a = x->aligned;
    double columns[BITS_MAX + 1] = { 0 };
    unsigned plain[ACTION_BITS_MAX + 1];

    for (size_t k = 0; k < a->n_bits; k++) {
        columns[k + 1] = columns[k];
        for (unsigned button = 0; button < a->buttons; button++)
            columns[k + 1] += inference_same(a, k, -1, (int)button);
    }
    for (unsigned bits = 1; bits <= ACTION_BITS_MAX; bits++)
        plain[bits] = count_plain(bits);
    for (size_t at = 0; at < a->n_bits; at++)
        for (unsigned bits = 1;
             bits <= ACTION_BITS_MAX && at + bits <= a->n_bits; bits++)
            x->acting[at][bits] =
                (float)(a->buttons > 0
                            ? following(a, columns, at, bits, plain[bits])
                            : returning(a, at, bits, plain[bits]));
}
