/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/pulses.h"

#include <assert.h>
#include <stdbool.h>

#include "dsp/quantile.h"

static float power_at(const struct tone *t, double from, double to)
{
    const iq v = tone_sum(t, to) - tone_sum(t, from);
    return crealf(v) * crealf(v) + cimagf(v) * cimagf(v);
}

enum level { LEVEL_NONE = -1, LEVEL_LOW, LEVEL_HIGH };

/* FSK without either tone has no level. */
static enum level level_at(const struct keying *k, double from, double to)
{
    const float length = (float)(to - from);
    /* half the amplitude; FSK's tones are both that in the midst of an edge */
    const bool is_fsk = k->modulation == MODULATION_FSK;
    const float limit = k->power * length * length / (is_fsk ? 9 : 4);
    const float mark = power_at(&k->mark, from, to);
    if (!is_fsk)
        return mark > limit ? LEVEL_HIGH : LEVEL_LOW;
    const float space = power_at(&k->space, from, to);
    if (mark < limit && space < limit)
        return LEVEL_NONE;
    return mark > space ? LEVEL_HIGH : LEVEL_LOW;
}

size_t pulses_measure(const struct keying *k, double from, double to,
                      float *widths, size_t room)
{
    const double length = PULSES_FILTER_SECONDS * k->mark.rate_hz;
    enum level level = LEVEL_NONE;
    double edge = -1; /* from the second one on */
    size_t n = 0;
    for (double at = from; at + length <= to && n < room; at += 1) {
        const enum level now = level_at(k, at, at + length);
        if (now == level)
            continue;
        if (edge >= 0 && now != LEVEL_NONE)
            widths[n++] = (float)(at - edge);
        edge = level == LEVEL_NONE || now == LEVEL_NONE ? -1 : at;
        level = now;
    }
    return n;
}

float pulses_short(float *widths, size_t n)
{
    assert(n > 0);
    return quantile_select(widths, n, n / 10);
}
