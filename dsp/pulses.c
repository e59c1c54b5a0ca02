/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/pulses.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

static float power_at(const struct tone *t, double from, double to)
{
    const iq v = tone_sum(t, to) - tone_sum(t, from);
    return crealf(v) * crealf(v) + cimagf(v) * cimagf(v);
}

static bool is_high(const struct keying *k, double from, double to)
{
    const float length = (float)(to - from);
    const float mark = power_at(&k->mark, from, to);
    if (k->modulation == MODULATION_FSK)
        return mark > power_at(&k->space, from, to);
    return mark > k->power * length * length / 4;
}

size_t pulses_measure(const struct keying *k, double from, double to,
                      float *widths, size_t room)
{
    const double length = PULSES_FILTER_SECONDS * k->mark.rate_hz;
    bool level = false;
    double edge = -1; /* of the first high on */
    size_t n = 0;
    for (double at = from; at + length <= to && n < room; at += 1) {
        if (is_high(k, at, at + length) == level)
            continue;
        if (edge >= 0)
            widths[n++] = (float)(at - edge);
        edge = at;
        level = !level;
    }
    return n;
}

static int by_width(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

float pulses_short(float *widths, size_t n)
{
    assert(n > 0);
    qsort(widths, n, sizeof *widths, by_width);
    return widths[n / 10];
}
