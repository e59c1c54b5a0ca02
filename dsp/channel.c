/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/channel.h"

#include <errno.h>
#include <liquid/liquid.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define TWO_PI 6.283185307179586

/* Half lengths in output samples. The first stage only has to keep aliases out
 * of the middle of its band, the last one shapes the channel: 0.09 of its rate
 * from pass to stop at 60 dB (Kaiser's formula). FIRST_HALF, a multiple of SPLIT, makes the
 * delay of both a whole number of outputs. */
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

static unsigned half_length(const struct channel *c, unsigned stage)
{
    return stage + 1 == CHANNEL_STAGES ? LAST_HALF
           : c->factor[0] > 1          ? FIRST_HALF
                                       : 0;
}

int channel_init(struct channel *c, unsigned decimation)
{
    *c = (struct channel){ .decimation = decimation };
    if (decimation < 1 || decimation > CHANNEL_DECIMATION_MAX)
        return -EINVAL;
    const bool is_split = decimation >= 8 && decimation % SPLIT == 0;
    c->factor[0] = is_split ? decimation / SPLIT : 1;
    c->factor[1] = decimation / c->factor[0];
    for (unsigned i = 0; i < CHANNEL_STAGES; i++) {
        c->chunk[i] = malloc(CHANNEL_DECIMATION_MAX * sizeof *c->chunk[i]);
        if (!c->chunk[i])
            goto fail;
        if (c->factor[i] == 1)
            continue;
        firdecim_crcf f = firdecim_crcf_create_kaiser(
            c->factor[i], half_length(c, i), STOP_DB);
        if (!f)
            goto fail;
        /* liquid leaves the taps' sum to the caller */
        firdecim_crcf_set_scale(f, 1.0f / (float)c->factor[i]);
        c->filter[i] = f;
    }
    return 0;
fail:
    channel_finish(c);
    return -ENOMEM;
}

void channel_finish(struct channel *c)
{
    for (unsigned i = 0; i < CHANNEL_STAGES; i++) {
        if (c->filter[i])
            firdecim_crcf_destroy(c->filter[i]);
        free(c->chunk[i]);
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
        c->fill[i] = 0;
        rate *= c->factor[i];
        if (!c->filter[i])
            continue;
        firdecim_crcf_reset(c->filter[i]);
        c->delay += rate * half_length(c, i);
    }
    c->skip = c->delay / c->decimation;
}

size_t channel_bound(const struct channel *c, size_t n)
{
    return n / c->decimation + c->delay / c->decimation + 2;
}

/* Phase runs on over blocks of CHANNEL_TURN: one rotation each, exact at their start. */
static void mix(struct channel *c, const iq *in, size_t n, iq *out)
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

/* chunk[stage] keeps the samples that do not make an output yet. */
static size_t decimate(struct channel *c, unsigned stage, iq *x, size_t n,
                       iq *out)
{
    if (!c->filter[stage]) {
        memmove(out, x, n * sizeof *out);
        return n;
    }
    const unsigned m = c->factor[stage];
    iq *rest = c->chunk[stage];
    size_t done = 0, used = 0;
    while (used < n) {
        size_t take = m - c->fill[stage];
        if (c->fill[stage] == 0 && n - used >= m) {
            firdecim_crcf_execute(c->filter[stage], x + used, out + done++);
            used += m;
            continue;
        }
        take = take < n - used ? take : n - used;
        memcpy(rest + c->fill[stage], x + used, take * sizeof *rest);
        c->fill[stage] += (unsigned)take;
        used += take;
        if (c->fill[stage] == m) {
            firdecim_crcf_execute(c->filter[stage], rest, out + done++);
            c->fill[stage] = 0;
        }
    }
    return done;
}

static size_t process_chunk(struct channel *c, const iq *in, size_t n, iq *out)
{
    iq mixed[1024];
    iq half[1024];
    mix(c, in, n, mixed);
    const size_t k = decimate(c, 0, mixed, n, half);
    size_t m = decimate(c, 1, half, k, mixed);
    const size_t skip = m < c->skip ? m : c->skip;
    c->skip -= skip;
    m -= skip;
    memcpy(out, mixed + skip, m * sizeof *out);
    return m;
}

size_t channel_process(struct channel *c, const iq *in, size_t n, iq *out)
{
    size_t done = 0;
    for (size_t from = 0; from < n; from += 1024)
        done += process_chunk(c, in + from, n - from < 1024 ? n - from : 1024,
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
