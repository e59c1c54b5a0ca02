/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/convert.h"

#include <math.h>
#include <string.h>

#include "dsp/vector.h"

size_t convert_size(enum sample_format format)
{
    switch (format) {
    case SAMPLE_CU8:
    case SAMPLE_CS8:
        return 2;
    case SAMPLE_CS16:
        return 4;
    case SAMPLE_CF32:
        break;
    }
    return 8;
}

/* An RTL2832U's zero lies between 127 and 128. */
DSP_VECTOR static void from_cu8(const uint8_t *restrict in, size_t n,
                                float *restrict out)
{
    for (size_t i = 0; i < 2 * n; i++)
        out[i] = ((float)in[i] - 127.5f) * (1 / 127.5f);
}

DSP_VECTOR static void from_cs8(const int8_t *restrict in, size_t n,
                                float *restrict out)
{
    for (size_t i = 0; i < 2 * n; i++)
        out[i] = (float)in[i] * (1 / 128.0f);
}

DSP_VECTOR static void from_cs16(const uint8_t *restrict in, size_t n,
                                 float *restrict out)
{
    for (size_t i = 0; i < 2 * n; i++) {
        int16_t v;
        memcpy(&v, in + 2 * i, 2);
        out[i] = (float)v * (1 / 32768.0f);
    }
}

/* A float file may hold anything; 1e6 is 120 dB over full scale. */
DSP_VECTOR static void from_cf32(const uint8_t *restrict in, size_t n,
                                 float *restrict out)
{
    for (size_t i = 0; i < 2 * n; i++) {
        float v;
        memcpy(&v, in + 4 * i, 4);
        out[i] = fabsf(v) < 1e6f ? v : 0;
    }
}

void convert_to_iq(enum sample_format format, const void *in, size_t n, iq *out)
{
    float *rails = (float *)out;
    switch (format) {
    case SAMPLE_CU8:
        from_cu8(in, n, rails);
        break;
    case SAMPLE_CS8:
        from_cs8(in, n, rails);
        break;
    case SAMPLE_CS16:
        from_cs16(in, n, rails);
        break;
    case SAMPLE_CF32:
        from_cf32(in, n, rails);
        break;
    }
}

DSP_VECTOR static size_t count_cu8(const uint8_t *in, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        const uint8_t a = (uint8_t)(in[2 * i] + 1);
        const uint8_t b = (uint8_t)(in[2 * i + 1] + 1);
        count += (a <= 1) | (b <= 1); /* 255 and 0 */
    }
    return count;
}

size_t convert_count_clipped(enum sample_format format, const void *in,
                             size_t n)
{
    /* One step short of the end counts for wide formats: scaling on the way
     * rounds. Floats have no end stop: 1.0 is full scale by convention. */
    const float stop = format == SAMPLE_CS8    ? 126.5f / 128
                       : format == SAMPLE_CS16 ? 32766.0f / 32768
                                               : 0.9999f;
    if (format == SAMPLE_CU8)
        return count_cu8(in, n);
    size_t count = 0;
    iq x[64];
    const uint8_t *p = in;
    while (n) {
        const size_t k = n < 64 ? n : 64;
        convert_to_iq(format, p, k, x);
        for (size_t i = 0; i < k; i++)
            count += fabsf(crealf(x[i])) >= stop || fabsf(cimagf(x[i])) >= stop;
        p += k * convert_size(format);
        n -= k;
    }
    return count;
}
