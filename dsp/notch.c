/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/notch.h"

#include <math.h>

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

static iq turn_at(double frequency, size_t i)
{
    const double a = TWO_PI * fmod(frequency * (double)i, 1.0);
    return (float)cos(a) + I * (float)sin(a);
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

static void turn_back(const iq *x, size_t n, double frequency, iq *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = x[i] * conjf(turn_at(frequency, i));
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
        x[i] -= y * turn_at(frequency, i);
    }
}
