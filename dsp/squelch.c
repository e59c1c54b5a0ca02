/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/squelch.h"

#include <assert.h>
#include <math.h>

/* Of the TEs that are tried. A Flipper tells pulses apart in steps of some 30 us,
 * so that anything is a lattice of less than 150: noise that is explained so is no
 * signal. */
#define TE_MIN_US   60.0
#define TE_MAX_US   2000.0
#define TE_STEP     1.06
#define TE_KEYED_US 150.0
/* Widths are so far from their TE's multiples, as measured in recordings of a
 * Flipper; one in 25 is none. */
#define SPREAD_SHARE 0.08
#define SPREAD_US    12.0
#define STRAY_SHARE  0.04
enum { MULTIPLES = 4 };
/* Of noise: half of it short, as the slicer's filter makes it, the rest anything,
 * as log-uniform from 30 us to 20 ms; of four recordings, medians of 77 to 200 us. */
#define NOISE_US   100.0
#define NOISE_SPAN 6.5 /* ln(20 ms / 30 us) */
#define WIDTH_STEP 0.01
/* A change of state costs as much as eight pulses tell, in nats. */
#define CHANGE_COST 14.0f
/* What is keyed says so by this much, in nats: a frame of 24 bits has 60. */
#define GAIN_MIN 150.0f
enum { PULSES_MIN = 64 }; /* which fewer cannot say */
enum { FOBS_MAX = 4 };    /* with a TE each, in one train */
enum { EXPLAINED = SQUELCH_WIDTHS };
/* Of the keyed pulses so many have one TE: else it is half of another. */
#define SINGLE_SHARE 0.1
/* Pulses beside those that are keyed, which go with them, unless such a pause is
 * between them. */
enum { MARGIN = 16, PAUSE_US = 10000 };
/* Less noise than this is left alone: the decoder copes. */
#define NOISE_SHARE 0.25

static double width_us(size_t i)
{
    return SQUELCH_SHORTEST_US * exp((double)i * WIDTH_STEP);
}

static uint16_t index_of(int32_t us)
{
    const double width = fabs((double)us);
    const double at = log(fmax(width / SQUELCH_SHORTEST_US, 1)) / WIDTH_STEP;

    return (uint16_t)fmin(at + 0.5, SQUELCH_WIDTHS - 1);
}

/* Densities per us. */
static double anything(double us)
{
    return 1 / (us * NOISE_SPAN);
}

static double noise(double us)
{
    return (exp(-us / NOISE_US) / NOISE_US + anything(us)) / 2;
}

static double keyed(double us, double te_us)
{
    const double spread = SPREAD_SHARE * te_us + SPREAD_US;
    double sum = 0;

    for (int k = 1; k <= MULTIPLES; k++) {
        const double off = (us - k * te_us) / spread;

        sum += exp(-off * off / 2);
    }
    sum *= (1 - STRAY_SHARE) / MULTIPLES / (spread * sqrt(2 * M_PI));
    return sum + STRAY_SHARE * anything(us);
}

static void weigh(struct squelch *s, double te_us)
{
    for (size_t i = 0; i < SQUELCH_WIDTHS; i++) {
        const double us = width_us(i);

        s->gain[i] = (float)log(keyed(us, te_us) / noise(us));
    }
    s->gain[EXPLAINED] = 0;
}

enum { FROM_KEYED = 1, FROM_NOISE = 2 };

/* How much likelier the best way is than all noise; came has the way. */
static float best_way(struct squelch *s, bool *ends_keyed)
{
    float in_noise = 0, in_keyed = -CHANGE_COST;

    for (size_t i = 0; i < s->n; i++) {
        const float to_keyed = in_noise - CHANGE_COST;
        const float to_noise = in_keyed - CHANGE_COST;

        s->came[i] = 0;
        if (to_noise > in_noise) {
            s->came[i] |= FROM_KEYED;
            in_noise = to_noise;
        }
        if (to_keyed > in_keyed) {
            s->came[i] |= FROM_NOISE;
            in_keyed = to_keyed;
        }
        in_keyed += s->gain[s->width[i]];
    }
    *ends_keyed = in_keyed > in_noise;
    return fmaxf(in_keyed, in_noise);
}

static void mark(struct squelch *s, bool is_keyed)
{
    for (size_t i = s->n; i-- > 0;) {
        s->keyed[i] = is_keyed;
        if (s->came[i] & (is_keyed ? FROM_NOISE : FROM_KEYED))
            is_keyed = !is_keyed;
    }
}

/* How much further what is keyed reaches at pulse i, given that of the one beside
 * it. */
static size_t reach(const struct squelch *s, size_t i, size_t beside)
{
    if (s->width[i] == EXPLAINED)
        return MARGIN + 1;
    return beside == 0 || s->width[i] > index_of(PAUSE_US) ? 0 : beside - 1;
}

/* The border is not known to the pulse, and a frame must not be cut. */
static void mark_explained(struct squelch *s)
{
    size_t left = 0;

    for (size_t i = 0; i < s->n; i++)
        s->keyed[i] = (left = reach(s, i, left)) > 0;
    left = 0;
    for (size_t i = s->n; i-- > 0;)
        s->keyed[i] |= (left = reach(s, i, left)) > 0;
}

static size_t count_keyed(const struct squelch *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++)
        n += s->keyed[i];
    return n;
}

/* Whether TE itself is among them as well. */
static bool has_singles(const struct squelch *s, double te_us)
{
    const uint16_t most = index_of((int32_t)(1.5 * te_us));
    size_t singles = 0, n = 0;

    for (size_t i = 0; i < s->n; i++) {
        const bool is_new = s->keyed[i] && s->width[i] != EXPLAINED;

        singles += is_new && s->width[i] < most;
        n += is_new;
    }
    return (double)singles >= SINGLE_SHARE * (double)n;
}

/* Marks what this TE explains. */
static float explain(struct squelch *s, double te_us)
{
    bool ends_keyed;

    weigh(s, te_us);
    const float gain = best_way(s, &ends_keyed);
    mark(s, ends_keyed);
    return gain;
}

/* Finds the TE that explains most of what no other has; 0: none does. */
static double find_te(struct squelch *s)
{
    double best_te_us = 0;
    float best = GAIN_MIN;

    for (double te_us = TE_MIN_US; te_us < TE_MAX_US; te_us *= TE_STEP) {
        const float gain = explain(s, te_us);

        if (gain > best && has_singles(s, te_us)) {
            best = gain;
            best_te_us = te_us;
        }
    }
    return best_te_us;
}

/* What is explained tells nothing about another TE. */
static void set_aside(struct squelch *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->keyed[i])
            s->width[i] = EXPLAINED;
}

bool squelch_find(struct squelch *s, const int32_t *widths_us, size_t n)
{
    assert(n <= SQUELCH_PULSES);
    if (n < PULSES_MIN)
        return false;
    s->n = n;
    for (size_t i = 0; i < n; i++)
        s->width[i] = index_of(widths_us[i]);
    for (int fob = 0; fob < FOBS_MAX; fob++) {
        const double te_us = find_te(s);

        if (fob == 0 && te_us < TE_KEYED_US)
            return false;
        if (te_us < TE_KEYED_US)
            break;
        explain(s, te_us);
        set_aside(s);
    }
    mark_explained(s);
    return (double)count_keyed(s) < (1 - NOISE_SHARE) * (double)n;
}
