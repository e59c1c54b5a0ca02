/* fuzz_pipeline - bytes as samples or pulses, twice, in blocks of two sizes:
 * the same must come out.
 *
 *   byte 0      format, or pulses; what is to come out
 *   byte 1      rate, 20 kHz to 61 MHz
 *   byte 2      size of the blocks
 *   byte 3      how often the rest is repeated, and the silence in between
 *   the rest    samples as stored, NaN and infinities among them; or pulses
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#undef NDEBUG /* a fuzzer without asserts finds nothing */
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/convert.h"
#include "src/pipeline.h"

enum { BYTES_MAX = 1 << 17 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What came out, as one number (FNV-1a), and what it may not be. */
struct seen {
    uint64_t hash, end;
    double rate_hz;
    uint64_t frames, bursts;
};

static void add(struct seen *s, const void *p, size_t n)
{
    const uint8_t *byte = p;

    for (size_t i = 0; i < n; i++)
        s->hash = (s->hash ^ byte[i]) * 1099511628211u;
}

/* Levels that nobody measured are NaN: those of pulses, and of a burst. */
static void add_reception(struct seen *s, const struct reception *r)
{
    assert(fabs(r->carrier_hz) <= s->rate_hz);
    assert(!isinf(r->level_dbfs) && !isinf(r->noise_dbfs));
    assert(!isinf(r->snr_db) && isfinite(r->deviation_hz));
    add(s, &r->carrier_hz, sizeof r->carrier_hz);
    add(s, &r->level_dbfs, sizeof r->level_dbfs);
}

static void on_frame(void *user, const struct frame *f, unsigned press)
{
    struct seen *s = user;

    s->frames++;
    assert(press >= 1 && f->copies >= 1);
    assert(f->bits.n >= 1 && f->bits.n <= BITS_MAX);
    assert(f->confidence >= 0 && f->confidence <= 1);
    assert(f->te_us > 0 && isfinite(f->te_us));
    assert(f->at <= s->end);
    add(s, &f->at, sizeof f->at);
    add(s, f->bits.value, f->bits.n);
    add(s, f->bits.llr, f->bits.n * sizeof f->bits.llr[0]);
    add_reception(s, &f->reception);
}

static void on_burst(void *user, const struct burst_report *b)
{
    struct seen *s = user;

    s->bursts++;
    assert(b->at <= s->end && b->te_us >= 0 && isfinite(b->te_us));
    assert(b->bandwidth_hz >= 0 && b->bandwidth_hz <= s->rate_hz * 1.01);
    add(s, &b->at, sizeof b->at);
    add(s, &b->samples, sizeof b->samples);
    add_reception(s, &b->reception);
}

static void on_chips(void *user, const struct chip_report *c)
{
    for (size_t i = 0; i < c->n; i++)
        assert(!isnan(c->llr[i]));
    add(user, c->llr, c->n * sizeof c->llr[0]);
}

/* Pulses of both signs, none of 0, as source_read_pulses gives them. */
static size_t to_pulses(const uint8_t *bytes, size_t n, pulse_us *out)
{
    for (size_t i = 0; i < n; i++) {
        pulse_us us = (bytes[i] + 1) * (bytes[i] > 240 ? 5000 : 25);
        out[i] = i % 2 ? -us : us;
    }
    return n;
}

static struct seen run(const struct pipeline_cfg *cfg, const uint8_t *bytes,
                       size_t n, size_t block)
{
    struct seen s = { .hash = 14695981039346656037u,
                      .rate_hz = cfg->input.rate_hz };
    struct pipeline_cfg c = *cfg;
    struct pipeline *p = NULL;
    const bool is_pulses = c.input.kind == SOURCE_PULSES;
    const size_t bytes_each =
        is_pulses ? sizeof(pulse_us) : convert_size(c.input.format);

    c.sink = (struct pipeline_sink){ &s, on_frame, on_burst, on_chips };
    s.end = is_pulses ? UINT64_MAX : n;
    if (pipeline_create(&p, &c, NULL) != 0)
        abort();
    for (size_t at = 0; at < n; at += block) {
        size_t k = n - at < block ? n - at : block;
        if (is_pulses)
            pipeline_process_pulses(
                p, (const pulse_us *)(const void *)bytes + at, k);
        else
            pipeline_process(p, bytes + at * bytes_each, k);
    }
    pipeline_flush(p);
    struct pipeline_totals t = pipeline_totals(p);
    assert(t.frames == s.frames && t.bursts == s.bursts);
    assert(is_pulses || t.samples == n);
    pipeline_destroy(p);
    return s;
}

/* The same from a receiver that loses samples, is tuned, and comes back. */
static void run_with_gaps(const struct pipeline_cfg *cfg, const uint8_t *bytes,
                          size_t n, size_t block, unsigned how)
{
    struct seen s = { .rate_hz = cfg->input.rate_hz, .end = UINT64_MAX };
    struct pipeline_cfg c = *cfg;
    struct pipeline *p = NULL;
    const size_t bytes_each = convert_size(c.input.format);
    uint64_t missing = 0;

    c.is_prompt = how & 1;
    c.input.is_live = how & 2;
    c.bands = 3;
    c.sink = (struct pipeline_sink){ &s, on_frame, on_burst, on_chips };
    if (pipeline_create(&p, &c, NULL) != 0)
        abort();
    for (size_t at = 0; at < n; at += block, how = how * 5 + 1) {
        const uint64_t gap = how % 7 * 1000;

        missing += how % 4 < 3 ? gap : 0;
        if (how % 4 == 0)
            pipeline_lose(p, gap);
        else if (how % 4 == 1)
            pipeline_skip(p, gap);
        else if (how % 4 == 2)
            pipeline_lose_late(p, gap);
        else
            pipeline_select(p, how / 4 % 3);
        pipeline_process(p, bytes + at * bytes_each,
                         n - at < block ? n - at : block);
    }
    assert(pipeline_position(p) == n + missing);
    pipeline_flush(p);
    assert(pipeline_totals(p).samples == n);
    pipeline_destroy(p);
}

/* The payload, some silence, and again. */
static size_t repeat(uint8_t *out, const uint8_t *in, size_t n, unsigned how)
{
    size_t times = 1 + (how & 31), silence = n * (how >> 5), used = 0;

    for (size_t i = 0; i < times && used + n + silence <= BYTES_MAX; i++) {
        memcpy(out + used, in, n);
        memset(out + used + n, 0, silence);
        used += n + silence;
    }
    return used;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 5 || size > 1 << 16)
        return 0;
    const bool is_pulses = (data[0] & 7) == 7;
    struct pipeline_cfg cfg = {
        .input = { .kind = is_pulses ? SOURCE_PULSES : SOURCE_IQ,
                   .format = (enum sample_format)(data[0] & 3),
                   .rate_hz = is_pulses ? 1e6 : 20e3 * pow(2, data[1] / 22.1) },
        .is_every = data[0] & 8,
        .is_all = data[0] & 16,
    };
    uint8_t *bytes = malloc(BYTES_MAX);
    pulse_us *pulses = malloc(size * sizeof *pulses);
    if (bytes == NULL || pulses == NULL)
        abort();
    struct seen a, b;
    size_t block = 1 + (size_t)data[2] * data[2] / 4;
    if (is_pulses) {
        size_t n = to_pulses(data + 4, size - 4, pulses);
        a = run(&cfg, (const uint8_t *)pulses, n, block);
        b = run(&cfg, (const uint8_t *)pulses, n, n);
    } else {
        size_t n = repeat(bytes, data + 4, size - 4, data[3]) /
                   convert_size(cfg.input.format);
        a = run(&cfg, bytes, n, block);
        b = run(&cfg, bytes, n, n + 1);
        run_with_gaps(&cfg, bytes, n, block * 64, data[3]);
    }
    assert(a.hash == b.hash);
    free(bytes);
    free(pulses);
    return 0;
}
