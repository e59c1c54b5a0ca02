/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/requantize.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "dsp/convert.h"

enum { CHUNK = 256 }; /* samples at once: 2 KiB a buffer */

/* Below these the steps of the output are too coarse: a recorder's own noise
 * should keep some ten steps of 16 bits, and of 8 bits what there is. */
#define LOW_16_BITS (1 / 4.0)
#define LOW_8_BITS  (1 / 8.0)

bool requantize_wants_peak(enum sample_format in, enum sample_format out)
{
    return in == SAMPLE_CF32 || (out == SAMPLE_CU8 && in != SAMPLE_CU8);
}

/* Rails as numbers of the output, not yet whole: zero of cu8 is 127.5, as in
 * dsp/convert. */
static double to_steps(enum sample_format out, double rail)
{
    return out == SAMPLE_CU8 ? rail * 127.5 + 127.5 : rail * 32768;
}

static double top_of(enum sample_format out)
{
    return out == SAMPLE_CU8 ? UINT8_MAX : INT16_MAX;
}

static double bottom_of(enum sample_format out)
{
    return out == SAMPLE_CU8 ? 0 : INT16_MIN;
}

/* The power of two that brings the peak just below full scale. */
static double find_scale(enum sample_format out, double peak)
{
    const double low = out == SAMPLE_CU8 ? LOW_8_BITS : LOW_16_BITS;
    int exponent;

    if (peak <= 0 || (peak >= low && peak <= 1))
        return 1;
    if (nearbyint(to_steps(out, frexp(peak, &exponent))) > top_of(out))
        exponent++;
    return ldexp(1, -exponent);
}

void requantize_init(struct requantize *r, enum sample_format in,
                     enum sample_format out, double peak)
{
    assert(out == SAMPLE_CS16 || out == SAMPLE_CU8);
    *r = (struct requantize){ .in = in, .out = out, .scale = 1 };
    r->is_exact = true;
    if (requantize_wants_peak(in, out))
        r->scale = find_scale(out, peak);
}

double requantize_peak(enum sample_format in, const void *samples, size_t n)
{
    const size_t size = convert_size(in);
    const uint8_t *from = samples;
    iq x[CHUNK];
    float peak = 0;

    while (n > 0) {
        const size_t k = n < CHUNK ? n : CHUNK;

        convert_to_iq(in, from, k, x);
        for (size_t i = 0; i < k; i++)
            peak = fmaxf(peak, fmaxf(fabsf(crealf(x[i])), fabsf(cimagf(x[i]))));
        from += k * size;
        n -= k;
    }
    return (double)peak;
}

static void put_rail(enum sample_format out, void *to, size_t i, double whole)
{
    if (out == SAMPLE_CU8)
        ((uint8_t *)to)[i] = (uint8_t)whole;
    else
        ((int16_t *)to)[i] = (int16_t)whole;
}

/* The rail that stands at i in the recording, before convert_to_iq made 0 of what
 * is none. */
static float get_rail(const struct requantize *r, const uint8_t *in,
                      const float *rails, size_t i)
{
    float rail = rails[i];

    if (r->in == SAMPLE_CF32)
        memcpy(&rail, in + i * sizeof rail, sizeof rail);
    return rail;
}

/* At most CHUNK samples, by way of floats. */
static void process_chunk(struct requantize *r, const uint8_t *in, size_t n,
                          void *out)
{
    const double top = top_of(r->out), bottom = bottom_of(r->out);
    iq x[CHUNK], back[CHUNK];
    const float *rails = (const float *)x, *again = (const float *)back;

    convert_to_iq(r->in, in, n, x);
    for (size_t i = 0; i < n; i++) {
        bool has_clipped = false;

        for (size_t k = 2 * i; k < 2 * i + 2; k++) {
            const double steps =
                nearbyint(to_steps(r->out, (double)rails[k] * r->scale));

            has_clipped |= steps > top || steps < bottom;
            put_rail(r->out, out, k, fmin(fmax(steps, bottom), top));
        }
        r->clipped += has_clipped;
    }
    convert_to_iq(r->out, out, n, back);
    for (size_t i = 0; i < 2 * n && r->is_exact; i++)
        r->is_exact =
            again[i] == (float)((double)get_rail(r, in, rails, i) * r->scale);
}

static void widen_cu8(const uint8_t *in, size_t n, int16_t *out)
{
    for (size_t i = 0; i < 2 * n; i++)
        out[i] = (int16_t)((2 * in[i] - 255) * 128);
}

static void widen_cs8(const int8_t *in, size_t n, int16_t *out)
{
    for (size_t i = 0; i < 2 * n; i++)
        out[i] = (int16_t)(in[i] * 256);
}

void requantize_process(struct requantize *r, const void *in, size_t n,
                        void *out)
{
    const size_t size_in = convert_size(r->in);
    const size_t size_out = convert_size(r->out);
    const uint8_t *from = in;
    uint8_t *to = out;

    if (r->in == r->out) {
        memcpy(out, in, n * size_in);
    } else if (r->in == SAMPLE_CU8) {
        widen_cu8(in, n, out);
    } else if (r->in == SAMPLE_CS8 && r->out == SAMPLE_CS16) {
        widen_cs8(in, n, out);
    } else {
        for (size_t k; n > 0; n -= k) {
            k = n < CHUNK ? n : CHUNK;
            process_chunk(r, from, k, to);
            from += k * size_in;
            to += k * size_out;
        }
    }
}
