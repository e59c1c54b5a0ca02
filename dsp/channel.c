/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/channel.h"

#include <errno.h>
#include <liquid/liquid.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/vector.h"

#define TWO_PI 6.283185307179586

/* Half lengths in output samples. The first stage only has to keep aliases out
 * of the middle of its band, the last one shapes the channel: 0.09 of its rate
 * from pass to stop at 60 dB (Kaiser's formula). FIRST_HALF, a multiple of
 * SPLIT, makes the delay of both a whole number of outputs. */
enum { SPLIT = 2, FIRST_HALF = 2 * SPLIT, LAST_HALF = 10 };
#define STOP_DB 60.0f

unsigned channel_decimation(double wish)
{
    if (!(wish >= 2))
        return 1;
    const unsigned d =
        wish > CHANNEL_DECIMATION_MAX ? CHANNEL_DECIMATION_MAX : (unsigned)wish;
    return d < 8 ? d : d - d % SPLIT;
}

static unsigned half_length(unsigned stage)
{
    return stage + 1 == CHANNEL_STAGES ? LAST_HALF : FIRST_HALF;
}

/* Oldest tap first; zeros in front make the number of lanes whole. */
static int init_stage(struct channel_stage *s, unsigned factor, unsigned half)
{
    s->factor = factor;
    if (factor == 1)
        return 0;
    const size_t length = 2 * (size_t)half * factor + 1;
    const size_t lane = CHANNEL_LANES / 2;
    s->taps = (length + lane - 1) / lane * lane;
    s->weights = calloc(2 * s->taps, sizeof *s->weights);
    s->buffer = calloc(s->taps + factor + CHANNEL_CHUNK, sizeof *s->buffer);
    float *taps = malloc(length * sizeof *taps);
    if (!s->weights || !s->buffer || !taps) {
        free(taps);
        return -ENOMEM;
    }
    liquid_firdes_kaiser((unsigned)length, 0.5f / (float)factor, STOP_DB, 0,
                         taps);
    float sum = 0;
    for (size_t i = 0; i < length; i++)
        sum += taps[i];
    for (size_t i = 0; i < length; i++)
        for (size_t rail = 0; rail < 2; rail++)
            s->weights[2 * (s->taps - length + i) + rail] = taps[i] / sum;
    free(taps);
    return 0;
}

int channel_init(struct channel *c, unsigned decimation)
{
    *c = (struct channel){ .decimation = decimation };
    if (decimation < 1 || decimation > CHANNEL_DECIMATION_MAX)
        return -EINVAL;
    const bool is_split = decimation >= 8 && decimation % SPLIT == 0;
    const unsigned first = is_split ? decimation / SPLIT : 1;
    const unsigned factor[CHANNEL_STAGES] = { first, decimation / first };
    for (unsigned i = 0; i < CHANNEL_STAGES; i++)
        if (init_stage(&c->stage[i], factor[i], half_length(i))) {
            channel_finish(c);
            return -ENOMEM;
        }
    return 0;
}

void channel_finish(struct channel *c)
{
    for (unsigned i = 0; i < CHANNEL_STAGES; i++) {
        free(c->stage[i].weights);
        free(c->stage[i].buffer);
    }
    *c = (struct channel){ 0 };
}

void channel_reset(struct channel *c, double frequency)
{
    c->phase = 0;
    c->step = -frequency;
    for (size_t i = 0; i < CHANNEL_TURN; i++) {
        c->turn_re[i] = (float)cos(TWO_PI * c->step * (double)i);
        c->turn_im[i] = (float)sin(TWO_PI * c->step * (double)i);
    }
    c->delay = 0;
    size_t rate = 1;
    for (unsigned i = 0; i < CHANNEL_STAGES; i++) {
        struct channel_stage *s = &c->stage[i];
        rate *= s->factor;
        if (s->factor == 1)
            continue;
        s->have = s->next = s->taps - 1;
        memset(s->buffer, 0, s->have * sizeof *s->buffer);
        c->delay += rate * half_length(i);
    }
    c->skip = c->delay / c->decimation;
}

size_t channel_bound(const struct channel *c, size_t n)
{
    return n / c->decimation + c->delay / c->decimation + 2;
}

/* Phase runs on over blocks of CHANNEL_TURN: one rotation each, exact at their
 * start. */
DSP_VECTOR static void mix(struct channel *c, const iq *in, size_t n, iq *out)
{
    const float *restrict co = c->turn_re, *restrict si = c->turn_im;
    const float *restrict x = (const float *)in;
    float *restrict y = (float *)out;
    for (size_t from = 0; from < n; from += CHANNEL_TURN) {
        const size_t m = n - from < CHANNEL_TURN ? n - from : CHANNEL_TURN;
        const float bc = (float)cos(TWO_PI * c->phase);
        const float bs = (float)sin(TWO_PI * c->phase);
        for (size_t i = 0; i < m; i++) {
            const float rc = bc * co[i] - bs * si[i];
            const float rs = bc * si[i] + bs * co[i];
            const float re = x[2 * (from + i)], im = x[2 * (from + i) + 1];
            y[2 * (from + i)] = re * rc - im * rs;
            y[2 * (from + i) + 1] = re * rs + im * rc;
        }
        c->phase += c->step * (double)m;
        c->phase -= floor(c->phase);
    }
}

/* Lanes that are summed side by side let the compiler use vectors without
 * changing the order of any sum. */
static inline iq dot(const float *restrict w, const float *restrict x, size_t n)
{
    float sum[CHANNEL_LANES] = { 0 };
    for (size_t i = 0; i < n; i += CHANNEL_LANES)
        for (size_t j = 0; j < CHANNEL_LANES; j++)
            sum[j] += w[i + j] * x[i + j];
    return (sum[0] + sum[2]) + (sum[4] + sum[6]) +
           I * ((sum[1] + sum[3]) + (sum[5] + sum[7]));
}

/* All outputs that the samples in the buffer allow. */
DSP_VECTOR static size_t sum_all(const struct channel_stage *s, iq *out)
{
    size_t done = 0;
    for (size_t next = s->next; next < s->have; next += s->factor)
        out[done++] =
            dot(s->weights, (const float *)(s->buffer + next + 1 - s->taps),
                2 * s->taps);
    return done;
}

/* n <= CHANNEL_CHUNK. */
static size_t decimate(struct channel_stage *s, const iq *x, size_t n, iq *out)
{
    if (s->factor == 1) {
        memcpy(out, x, n * sizeof *out);
        return n;
    }
    memcpy(s->buffer + s->have, x, n * sizeof *x);
    s->have += n;
    const size_t done = sum_all(s, out);
    s->next += done * s->factor;
    const size_t first = s->next + 1 - s->taps;
    const size_t drop = first < s->have ? first : s->have;
    s->have -= drop;
    s->next -= drop;
    memmove(s->buffer, s->buffer + drop, s->have * sizeof *s->buffer);
    return done;
}

static size_t process_chunk(struct channel *c, const iq *in, size_t n, iq *out)
{
    iq mixed[CHANNEL_CHUNK];
    iq half[CHANNEL_CHUNK];
    mix(c, in, n, mixed);
    const size_t k = decimate(&c->stage[0], mixed, n, half);
    size_t m = decimate(&c->stage[1], half, k, mixed);
    const size_t skip = m < c->skip ? m : c->skip;
    c->skip -= skip;
    m -= skip;
    memcpy(out, mixed + skip, m * sizeof *out);
    return m;
}

size_t channel_process(struct channel *c, const iq *in, size_t n, iq *out)
{
    size_t done = 0;
    for (size_t from = 0; from < n; from += CHANNEL_CHUNK)
        done += process_chunk(
            c, in + from, n - from < CHANNEL_CHUNK ? n - from : CHANNEL_CHUNK,
            out + done);
    return done;
}

size_t channel_flush(struct channel *c, iq *out)
{
    const iq zero[64] = { 0 };
    size_t done = 0;
    for (size_t from = 0; from < c->delay; from += 64)
        done += channel_process(
            c, zero, c->delay - from < 64 ? c->delay - from : 64, out + done);
    return done;
}

const char *channel_library_version(void)
{
    return liquid_libversion();
}
