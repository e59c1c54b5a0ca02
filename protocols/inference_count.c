/* inference_count - does a stretch of bits count?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/inference_impl.h"

#include <math.h>

#define LN2 0.6931471805599453
/* Assumed: of two presses in a row, one in 50 has a counter that was read wrong or
 * started anew, one in ten the same (some send two frames a press, as Hitag2's fob
 * does), one in 20 a lower one: recordings need not be in order. */
#define WILD_SHARE 0.02
#define SAME_SHARE 0.1
#define DOWN_SHARE 0.05
/* Of the others one in four follows presses that were not recorded: one, two or
 * more. */
#define MISSED_SHARE 0.25
#define UP_SHARE     (1 - WILD_SHARE - SAME_SHARE - DOWN_SHARE)

/* How a counter may be raised from one press to the next. */
struct way {
    int step;
    double
        more; /* steps that a press has besides the first, on average; 0: hardly
                  * any, but presses that were not recorded */
    double share;
};

/* Assumed: most count presses, by one; some count frames, of which a press has a few
 * (Siemens 5WY72XX: four to five a press in the recording of a Pacifica). */
static const struct way ways[] = {
    { 1, 0, 0.75 },  { 2, 0, 0.02 },   { 4, 0, 0.01 }, { 8, 0, 0.003 },
    { 3, 0, 0.003 }, { 16, 0, 0.003 }, { 1, 1, 0.04 }, { 1, 2, 0.04 },
    { 1, 3, 0.04 },  { 1, 4, 0.03 },   { 1, 6, 0.02 }, { 1, 9, 0.02 },
};
enum { N_WAYS = sizeof ways / sizeof *ways };

/* More steps than a press has, but by 1/k^2. */
enum { RAISED_MAX = 64, PAIRS_MAX = 48, DOUBTFUL_MAX = 3 };

/* How likely a counter is raised by k of its steps: for each way, k up to
 * RAISED_MAX. */
struct chances {
    double raised[N_WAYS][RAISED_MAX + 1];
};

static void fill_chances(struct chances *c)
{
    for (size_t i = 0; i < N_WAYS; i++) {
        const double more = ways[i].more;
        double poisson = exp(-more);

        c->raised[i][0] = 0;
        for (unsigned k = 1; k <= RAISED_MAX; k++) {
            c->raised[i][k] = more > 0 ? poisson : MISSED_SHARE / (k * (k + 1));
            poisson *= more / k;
        }
        if (more <= 0)
            c->raised[i][1] += 1 - MISSED_SHARE;
    }
}

static double raised(const struct chances *c, size_t way, uint32_t k)
{
    if (k <= RAISED_MAX)
        return c->raised[way][k];
    return ways[way].more > 0 ? 0
                              : MISSED_SHARE / ((double)k * ((double)k + 1));
}

/* How likely a counter of so many bits is raised by `rise` next. */
static double next(const struct chances *c, size_t way, uint32_t rise,
                   uint32_t mask)
{
    const uint32_t step = (uint32_t)ways[way].step;
    const uint32_t fall = (0 - rise) & mask;
    double p = WILD_SHARE / ((double)mask + 1);

    if (rise == 0)
        return p + SAME_SHARE;
    if (rise % step == 0)
        p += UP_SHARE * raised(c, way, rise / step);
    if (fall % step == 0)
        p += DOWN_SHARE * raised(c, way, fall / step);
    return p;
}

/* What a stretch of at most 32 bits says. */
static uint32_t number(const uint8_t *value, size_t at, unsigned bits,
                       bool is_lsb)
{
    uint32_t x = 0;

    for (unsigned i = 0; i < bits; i++)
        x = x << 1 | value[at + (is_lsb ? bits - 1 - i : i)];
    return x;
}

/* From one press to the next. */
struct rise {
    uint32_t by;
    unsigned
        doubtful; /* bits that were chosen so that it counts: no evidence */
};

/* The doubtful bits of frame i there, as they lie in the number. Returns how many. */
static unsigned find_doubtful(const struct aligned *a, size_t i, size_t at,
                              unsigned bits, bool is_lsb,
                              uint32_t bit[DOUBTFUL_MAX])
{
    unsigned n = 0;

    for (unsigned k = 0; k < bits && !a->is_clean[i]; k++)
        if (inference_is_doubtful(a->p[i][at + k])) {
            if (n < DOUBTFUL_MAX)
                bit[n] = 1u << (is_lsb ? k : bits - 1 - k);
            n++;
        }
    return n;
}

/* Of what the number may be, by its doubtful bits, that which is the least above
 * `last`. */
static uint32_t choose(uint32_t now, const uint32_t *bit, unsigned n,
                       uint32_t last, uint32_t mask)
{
    uint32_t best = now;

    for (unsigned way = 0; way < 1u << n; way++) {
        uint32_t x = now;

        for (unsigned k = 0; k < n; k++)
            x ^= way >> k & 1 ? bit[k] : 0;
        if (((x - last - 1) & mask) < ((best - last - 1) & mask))
            best = x;
    }
    return best;
}

/* What a counter there was raised by from press to press, each fob's by itself: of
 * the first few dozen. A frame with more doubt is as good as one not recorded. */
static size_t find_rises(const struct aligned *a, size_t at, unsigned bits,
                         bool is_lsb, struct rise rise[PAIRS_MAX])
{
    const uint32_t mask = bits < 32 ? (1u << bits) - 1 : UINT32_MAX;
    uint32_t last[FOBS_MAX], bit[DOUBTFUL_MAX];
    bool has_last[FOBS_MAX] = { false };
    size_t n = 0;

    for (size_t i = 0; i < a->n && n < PAIRS_MAX; i++) {
        const unsigned fob = a->fob[i];
        const unsigned doubtful = find_doubtful(a, i, at, bits, is_lsb, bit);
        uint32_t now = number(a->value[i], at, bits, is_lsb);

        if (doubtful > DOUBTFUL_MAX || (doubtful > 0 && !has_last[fob]))
            continue;
        if (has_last[fob]) {
            now = choose(now, bit, doubtful, last[fob], mask);
            rise[n++] = (struct rise){ (now - last[fob]) & mask, doubtful };
        }
        last[fob] = now;
        has_last[fob] = true;
    }
    return n;
}

/* The lowest bits that stand: what it is raised by is a multiple of 2 to that. */
static unsigned count_low(const struct aligned *a, size_t at, unsigned bits,
                          bool is_lsb)
{
    unsigned n = 0;

    while (n < bits && !a->varies[is_lsb ? at + n : at + bits - 1 - n])
        n++;
    return n;
}

/* Nats of counting in this way; the presses beyond those that were looked at are
 * taken to count as well. */
static double gain_of(const struct aligned *a, const struct chances *ch,
                      size_t way, const struct rise *rise, size_t n,
                      unsigned bits)
{
    const uint32_t mask = bits < 32 ? (1u << bits) - 1 : UINT32_MAX;
    double gain = 0;

    for (size_t i = 0; i < n; i++)
        gain += log(next(ch, way, rise[i].by, mask)) +
                (bits - rise[i].doubtful) * LN2;
    if (n == PAIRS_MAX)
        gain *= (double)(a->n - a->fobs) / PAIRS_MAX;
    return gain + log(ways[way].share / 2);
}

/* All ways to count in it. */
static struct counting count(const struct aligned *a, const struct chances *ch,
                             size_t at, unsigned bits)
{
    struct counting c = { -INFINITY, 0, 0 };
    double all = -INFINITY, best = -INFINITY;
    struct rise rise[PAIRS_MAX];

    for (unsigned lsb = 0; lsb < 2; lsb++) {
        const unsigned low = count_low(a, at, bits, lsb == 1);
        const size_t n =
            low < bits ? find_rises(a, at, bits, lsb == 1, rise) : 0;

        for (size_t way = 0; way < N_WAYS && low < bits; way++) {
            double gain;

            if (low >= 8 || ways[way].step % (1 << low) != 0)
                continue; /* the lowest bit that it raises changes first */
            gain = gain_of(a, ch, way, rise, n, bits);
            all = inference_add_logs(all, gain);
            if (gain <= best)
                continue;
            best = gain;
            c.is_lsb = (uint8_t)lsb;
            c.step = (int8_t)ways[way].step;
        }
    }
    c.gain = (float)all;
    return c;
}

void inference_count(struct explained *x)
{
    const struct aligned *a = x->aligned;
    struct chances chances;

    fill_chances(&chances);
    for (size_t at = 0; at < a->n_bits; at++)
        for (unsigned bits = 2;
             bits <= COUNTER_BITS_MAX && at + bits <= a->n_bits; bits++)
            x->counting[at][bits] = count(a, &chances, at, bits);
}
