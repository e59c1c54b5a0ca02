/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/tone.h"

#include <math.h>

#include "dsp/vector.h"

enum { LANES = 8 };

#define TWO_PI 6.283185307179586
/* A part of the course outweighs the whole where its turn is this many standard
 * deviations over noise. */
#define PRIOR 8.0

/* Parts say where the carrier is in their middle; between, it moves evenly. */
static double frequency_at(const struct tone_course *c, double at)
{
    if (c->n < 2)
        return c->frequency[0];
    const double part = at / (double)c->piece - 0.5;
    if (part <= 0)
        return c->frequency[0];
    const size_t i = (size_t)part;
    if (i + 1 >= c->n)
        return c->frequency[c->n - 1];
    return c->frequency[i] +
           (part - (double)i) * (c->frequency[i + 1] - c->frequency[i]);
}

/* x[n] turned back from a phase on, n <= TONE_TURN. Exact at the start, by
 * products from there; lanes side by side, so that each waits for its own only.
 */
DSP_VECTOR static void turn_back(const iq *restrict in, size_t n, double phase,
                                 double f, iq *restrict out)
{
    const float *restrict x = (const float *)in;
    float *restrict y = (float *)out;
    float co[LANES], si[LANES];
    const float one_co = (float)cos(TWO_PI * f);
    const float one_si = (float)-sin(TWO_PI * f);
    co[0] = (float)cos(TWO_PI * phase);
    si[0] = (float)-sin(TWO_PI * phase);
    for (size_t j = 1; j < LANES; j++) {
        co[j] = co[j - 1] * one_co - si[j - 1] * one_si;
        si[j] = co[j - 1] * one_si + si[j - 1] * one_co;
    }
    /* eight steps in one */
    float step_co = one_co, step_si = one_si;
    for (int k = 1; k < LANES; k *= 2) {
        const float c = step_co * step_co - step_si * step_si;
        step_si = 2 * step_co * step_si;
        step_co = c;
    }
    for (size_t i = 0; i < n; i += LANES)
        for (size_t j = 0; j < LANES && i + j < n; j++) {
            const size_t k = 2 * (i + j);
            y[k] = x[k] * co[j] - x[k + 1] * si[j];
            y[k + 1] = x[k] * si[j] + x[k + 1] * co[j];
            const float c = co[j] * step_co - si[j] * step_si;
            si[j] = co[j] * step_si + si[j] * step_co;
            co[j] = c;
        }
}

void tone_build(struct tone *t, const iq *x, size_t n,
                const struct tone_course *c)
{
    double re = 0, im = 0, phase = 0;
    t->sums[0] = 0;
    t->n = n;
    for (size_t from = 0; from < n; from += TONE_TURN) {
        const size_t to = n - from < TONE_TURN ? n : from + TONE_TURN;
        const double f = frequency_at(c, (double)from + TONE_TURN / 2);
        iq turned[TONE_TURN];
        turn_back(x + from, to - from, phase, f, turned);
        for (size_t i = from; i < to; i++) {
            re += (double)crealf(turned[i - from]);
            im += (double)cimagf(turned[i - from]);
            t->sums[i + 1] = (float)re + I * (float)im;
        }
        phase = fmod(phase + f * (double)(to - from), 1.0);
    }
}

struct turn {
    double re, im;
};

/* How the carrier turns from one half of a piece to the next, all pieces of a
 * stretch together, whatever their phases. Noise in two halves is independent:
 * no bias. */
static struct turn measure_turn(const struct tone *t, double from, double to,
                                double piece)
{
    struct turn sum = { 0, 0 };
    for (double at = from; at + piece <= to; at += piece / 2) {
        const iq middle = tone_sum(t, at + piece / 2);
        const iq early = middle - tone_sum(t, at);
        const iq late = tone_sum(t, at + piece) - middle;
        const iq turn = late * conjf(early);
        sum.re += (double)crealf(turn);
        sum.im += (double)cimagf(turn);
    }
    return sum;
}

/* Standard deviation of that sum in noise alone, for one part. */
static double turn_noise(const struct tone *t, double length, double piece)
{
    return (double)t->noise * piece / 2 * sqrt(2 * length / piece);
}

static double frequency_of(struct turn s, double piece)
{
    return s.re == 0 && s.im == 0 ? 0
                                  : atan2(s.im, s.re) / (TWO_PI * piece / 2);
}

/* The whole says where the carrier is; a part that is strong enough, where it
 * went. */
double tone_centre(const struct tone *t, double piece, struct tone_course *c)
{
    const double whole_length = (double)t->n;
    const struct turn whole = measure_turn(t, 0, whole_length, piece);
    const double size = hypot(whole.re, whole.im);
    const double by = frequency_of(whole, piece);
    for (size_t i = 0; i < c->n; i++) {
        if (c->n == 1 || !(size > 0)) {
            c->frequency[i] += by;
            continue;
        }
        const double from = (double)(i * c->piece);
        const double to = fmin(from + (double)c->piece, whole_length);
        struct turn part = measure_turn(t, from, to, piece);
        const double prior = PRIOR * turn_noise(t, to - from, piece);
        part.re += prior * whole.re / size;
        part.im += prior * whole.im / size;
        c->frequency[i] += frequency_of(part, piece);
    }
    return by;
}
