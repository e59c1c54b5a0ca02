/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/notch.h"

#include <math.h>

enum { TURN = 64 };

#define TWO_PI 6.283185307179586
/* Blocks that see 250 Hz: a quarter of a spectrum's bin is half of that. */
#define BLOCK_SECONDS 2e-3

/* One pole: y += gain (x - y), started at the mean of the first time constant
 * so that it does not have to swing in. */
static iq start_value(const iq *x, size_t n, size_t length)
{
    iq sum = 0;
    const size_t m = length < n ? length : n;
    for (size_t i = 0; i < m; i++)
        sum += x[i];
    return m ? sum / (float)m : 0;
}

/* How far the carrier is off, by how its mean turns from block to block; good
 * to half a turn a block. */
static double refine(const iq *x, size_t n, double rate_hz)
{
    const size_t block = (size_t)(BLOCK_SECONDS * rate_hz) + 1;
    double re = 0, im = 0;
    iq before = 0;
    for (size_t at = 0; at + block <= n; at += block) {
        iq sum = 0;
        for (size_t i = 0; i < block; i++)
            sum += x[at + i];
        const iq turn = sum * conjf(before);
        re += (double)crealf(turn);
        im += (double)cimagf(turn);
        before = sum;
    }
    return re == 0 && im == 0 ? 0 : atan2(im, re) / (TWO_PI * (double)block);
}

/* Exact at the start of each block, by products from there. */
static void turn_back(const iq *x, size_t n, double frequency, iq *out)
{
    const double a = TWO_PI * frequency;
    const iq step = (float)cos(a) - I * (float)sin(a);
    for (size_t from = 0; from < n; from += TURN) {
        const double b = TWO_PI * fmod(frequency * (double)from, 1.0);
        iq turn = (float)cos(b) - I * (float)sin(b);
        for (size_t i = from; i < n && i < from + TURN; i++) {
            out[i] = x[i] * turn;
            turn *= step;
        }
    }
}

void notch_carrier(iq *x, size_t n, size_t n_quiet, double frequency,
                   double rate_hz, iq *average)
{
    const float gain = (float)(TWO_PI * NOTCH_HZ / rate_hz);
    const size_t length = (size_t)(1 / gain) + 1;
    turn_back(x, n, frequency, average);
    frequency += refine(average, n_quiet, rate_hz);
    turn_back(x, n, frequency, average);
    iq y = start_value(average, n, length);
    for (size_t i = 0; i < n; i++) {
        y += gain * (average[i] - y);
        average[i] = y;
    }
    for (size_t i = n; i-- > 0;) {
        y += gain * (average[i] - y);
        average[i] = y;
    }
    turn_back(average, n, -frequency, average);
    for (size_t i = 0; i < n; i++)
        x[i] -= average[i];
}
