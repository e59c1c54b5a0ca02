/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/dongle/play.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool play_name(const char *path, enum sample_format *format, double *rate_hz,
               double *centre_hz)
{
    const char *name = strrchr(path, '/');
    const char *end = strrchr(path, '.');

    if (end == NULL)
        return false;
    if (strcmp(end, ".cu8") == 0)
        *format = SAMPLE_CU8;
    else if (strcmp(end, ".cs16") == 0)
        *format = SAMPLE_CS16;
    else if (strcmp(end, ".cf32") == 0)
        *format = SAMPLE_CF32;
    else
        return false;
    for (const char *p = name != NULL ? name + 1 : path; p < end; p++) {
        char *after = NULL;
        if ((p != path && p[-1] != '_' && p[-1] != '/') || *p < '0' || *p > '9')
            continue;
        double x = strtod(p, &after);
        if (*after == 'M')
            *centre_hz = x * 1e6;
        else if (*after == 'k')
            *rate_hz = x * 1e3;
    }
    return true;
}

static iq sample(const struct emitter *e, double at)
{
    size_t width = synth_sample_bytes(e->format) / 2;
    float rail[2] = { 0 };

    if (at < 0.0 || at >= (double)e->n)
        return 0;
    const uint8_t *p = e->bytes + (size_t)at * 2 * width;
    for (unsigned i = 0; i < 2; i++, p += width) {
        if (e->format == SAMPLE_CU8)
            rail[i] = ((float)p[0] - 127.5f) / 127.5f;
        else if (e->format == SAMPLE_CS16)
            rail[i] = (float)(int16_t)(p[0] | p[1] << 8) / 32768.0f;
        else
            memcpy(&rail[i], p, sizeof rail[i]);
    }
    return rail[0] + rail[1] * I;
}

/* Cubic through four samples (Catmull and Rom, 1974). */
static iq between(const struct emitter *e, double at)
{
    double whole = floor(at);
    float t = (float)(at - whole);
    iq a = sample(e, whole - 1.0), b = sample(e, whole);
    iq c = sample(e, whole + 1.0), d = sample(e, whole + 2.0);
    iq slope = c - a, bend = 2.0f * a - 5.0f * b + 4.0f * c - d;
    iq twist = 3.0f * (b - c) + d - a;

    return b + 0.5f * t * (slope + t * (bend + t * twist));
}

void play_add(struct air *a, const struct emitter *e, double begin_s, double hz,
              double gain_db, uint64_t at, size_t n)
{
    const double two_pi = 6.283185307179586476925;
    double scale = pow(10.0, gain_db / 20.0);

    for (size_t i = 0; i < n; i++) {
        double s = air_time_s(a, at + i) - begin_s;
        if (s < 0.0 || s >= e->seconds)
            continue;
        double angle = two_pi * fmod(s * hz, 1.0);
        iq x = between(e, s * e->rate_hz);
        if (a->tuning.is_mirrored)
            x = conjf(x);
        a->x[i] +=
            x * ((float)(scale * cos(angle)) + (float)(scale * sin(angle)) * I);
    }
}
