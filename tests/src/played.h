/* played - recordings made and sent through the pipeline, for tests.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_PLAYED_H
#define TESTS_SRC_PLAYED_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/pipeline.h"
#include "tests/protocols/sent.h"

extern const struct protocol protocol_hcs200;

enum { LOG_ROOM = 400000, FRAMES_MAX = 16 };

/* All that came out, as text with every digit; the frames once more. */
struct log {
    char *text;
    size_t n_text;
    struct frame frame[FRAMES_MAX];
    size_t n, n_bursts, n_chips;
};

static struct log came;

static inline void print(struct log *l, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int n = vsnprintf(l->text + l->n_text, LOG_ROOM - l->n_text, format, args);
    va_end(args);
    assert_true(n >= 0 && l->n_text + (size_t)n < LOG_ROOM);
    l->n_text += (size_t)n;
}

static inline void print_reception(struct log *l, const struct reception *r)
{
    print(l, " %d %a %a %a %a %a %a %d\n", r->modulation, r->carrier_hz,
          r->carrier_uncertainty_hz, r->deviation_hz, r->level_dbfs,
          r->noise_dbfs, r->snr_db, r->is_overload);
}

static inline void on_frame(void *user, const struct frame *f, unsigned press)
{
    struct log *l = user;

    assert_true(l->n < FRAMES_MAX && press >= 1);
    l->frame[l->n++] = *f;
    print(l, "frame %u %s %d %d %a %llu %llu %u %a", press,
          f->protocol ? f->protocol->name : "unknown", f->verdict, f->kind,
          f->te_us, (unsigned long long)f->at, (unsigned long long)f->samples,
          f->copies, f->confidence);
    for (size_t i = 0; i < f->bits.n; i++)
        print(l, " %d%a", f->bits.value[i], (double)f->bits.llr[i]);
    print_reception(l, &f->reception);
}

static inline void on_burst(void *user, const struct burst_report *b)
{
    struct log *l = user;

    l->n_bursts++;
    print(l, "burst %llu %llu %a %d %a %zu", (unsigned long long)b->at,
          (unsigned long long)b->samples, b->bandwidth_hz,
          b->is_modulation_known, b->te_us, b->n_frames);
    print_reception(l, &b->reception);
}

static inline void on_chips(void *user, const struct chip_report *c)
{
    struct log *l = user;
    double sum = 0;

    l->n_chips++;
    for (size_t i = 0; i < c->n; i++)
        sum += (double)c->llr[i] * (double)(i + 1);
    print(l, "chips %llu %d %a %a %zu %a\n", (unsigned long long)c->at,
          c->modulation, c->carrier_hz, c->te_us, c->n, sum);
}

static inline struct pipeline *begin(const struct source_info *info,
                                     bool is_every)
{
    struct pipeline_cfg cfg = {
        .input = *info,
        .is_every = is_every,
        .sink = { .user = &came,
                  .frame = on_frame,
                  .burst = on_burst,
                  .chips = on_chips },
    };
    struct pipeline *p = NULL;
    struct err e = { "" };
    char *text = came.text;

    came = (struct log){ .text = text ? text : malloc(LOG_ROOM) };
    assert_non_null(came.text);
    came.text[0] = '\0';
    assert_int_equal(pipeline_create(&p, &cfg, &e), 0);
    return p;
}

static inline struct pipeline_totals end(struct pipeline *p)
{
    pipeline_flush(p);
    struct pipeline_totals t = pipeline_totals(p);
    pipeline_destroy(p);
    assert_int_equal(t.frames, came.n);
    assert_int_equal(t.bursts, came.n_bursts);
    return t;
}

/* A recording in the making: samples, then bytes. */
struct recording {
    struct source_info info;
    iq *x;
    size_t n;
};

static inline struct recording record(enum sample_format format, double rate_hz,
                                      double seconds)
{
    struct recording r = { .info = { .kind = SOURCE_IQ,
                                     .format = format,
                                     .rate_hz = rate_hz,
                                     .centre_hz = 433.92e6 },
                           .n = (size_t)(seconds * rate_hz) };

    r.x = calloc(r.n, sizeof *r.x);
    assert_non_null(r.x);
    return r;
}

/* HCS200 frames of 105 ms: contents by seed, at -20 dBFS. */
static inline struct bits transmit(struct recording *r, uint64_t seed,
                                   double start_s, double carrier_hz,
                                   unsigned copies)
{
    struct synth_train t = { 0 };
    struct synth_random random = { seed };
    struct bits b = sent_bits(&protocol_hcs200, 66, &random);
    struct synth_transmitter x = { .train = &t,
                                   .start_samples = start_s * r->info.rate_hz,
                                   .carrier_hz = carrier_hz,
                                   .level_dbfs = -20,
                                   .is_restarting = true,
                                   .phase_seed = seed };

    for (unsigned i = 0; i < copies; i++) {
        sent_frame(&t, protocol_hcs200.waveforms, 400, &b);
        synth_add(&t, SYNTH_SPACE, 9 * 400);
    }
    synth_transmit(&x, r->info.rate_hz, 0, r->x, r->n);
    synth_free(&t);
    return b;
}

/* Noise of -40 dBFS in 250 kHz, the same density at other rates; then all of it
 * through the pipeline. */
static inline struct pipeline_totals play(struct recording *r, uint64_t seed,
                                          size_t block, bool is_every)
{
    size_t size = synth_sample_bytes(r->info.format);
    struct pipeline *p = begin(&r->info, is_every);
    uint8_t *bytes = malloc(r->n * size);

    assert_non_null(bytes);
    synth_noise(&(struct synth_random){ seed },
                -40 + 10 * log10(r->info.rate_hz / 250e3), r->x, r->n);
    synth_store(r->info.format, r->x, r->n, bytes);
    for (size_t at = 0; at < r->n; at += block) {
        size_t n = r->n - at < block ? r->n - at : block;
        pipeline_process(p, bytes + at * size, n);
    }
    struct pipeline_totals t = end(p);
    assert_int_equal(t.samples, r->n);
    assert_int_equal(t.lost, 0);
    free(bytes);
    free(r->x);
    r->x = NULL;
    return t;
}

#endif
