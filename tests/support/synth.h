/* synth - a fob's transmissions as samples, for tests.
 *
 * Descriptors are declarative, so any of them can be turned round: data bits
 * become stretches of mark, space and silence, and these become IQ samples in
 * noise. Same arguments, same samples.
 *
 *   in      struct waveform and bits, or stretches made by hand
 *   out     iq at rate_hz; full scale is 1.0, as in dsp/iq.h
 *   memory  the caller's; aborts where none is left (this is test code)
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SUPPORT_SYNTH_H
#define TESTS_SUPPORT_SYNTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsp/iq.h"
#include "protocols/protocol.h"

/* Numbers that look random, the same for a seed on every machine. */
struct synth_random {
    uint64_t state;
};

uint64_t synth_random_u64(struct synth_random *r);
double synth_random_unit(struct synth_random *r); /* [0, 1) */
iq synth_random_noise(struct synth_random *r);    /* E |x|^2 = 1 */

enum synth_level {
    SYNTH_SILENT, /* no carrier in any modulation */
    SYNTH_SPACE,  /* OOK: no carrier; FSK: the lower tone */
    SYNTH_MARK,   /* OOK: carrier; FSK: the upper tone */
};

struct synth_piece {
    double us;
    enum synth_level level;
};

/* Stretches in order of time; neighbours of one level are joined. Starts
 * zeroed. */
struct synth_train {
    struct synth_piece *piece;
    size_t n, room;
};

void synth_add(struct synth_train *t, enum synth_level level, double us);
void synth_chips(struct synth_train *t, const char *chips, double te_us);
void synth_bits(struct synth_train *t, const struct waveform *w,
                const char *bits, double te_us);
/* The stretches of another train; it may not be t. */
void synth_append(struct synth_train *t, const struct synth_train *other);
double synth_duration_us(const struct synth_train *t);
void synth_free(struct synth_train *t); /* leaves it zeroed */

/* How one frame departs from its descriptor. Zero: not at all. */
struct synth_style {
    double te_us;             /* 0: nominal */
    unsigned preamble_pulses; /* 0: the descriptor's */
    unsigned wake_bits;       /* 0: wake_sure */
    bool has_no_guard;        /* what comes next is its guard */
};

/* Preamble, header, wake bits, sync, data, guard. A PPM frame, whose last gap
 * nothing would end, gets one closing pulse; a frame of wake bits has no
 * preamble before them unless the descriptor says so. */
void synth_frame(struct synth_train *t, const struct waveform *w,
                 const struct synth_style *style, const struct bits *data);

/* "0101" to bits with high reliability, and back into text of b->n + 1. */
void synth_bits_from(struct bits *b, const char *text);
void synth_bits_text(const struct bits *b, char *text);

/* Makes field f hold value; f must lie inside b. The reverse of field_value. */
void synth_set_field(struct bits *b, const struct field *f, uint64_t value);

/* How loud, where and when. */
struct synth_transmitter {
    const struct synth_train *train;
    enum modulation modulation;
    double start_samples; /* of its first edge; need not be whole */
    double carrier_hz;    /* from the centre of the recording */
    double deviation_hz;  /* FSK: half the shift */
    double level_dbfs;    /* power while on, over 1.0 squared */
    double phase_rad;     /* at the first edge */
    bool is_restarting;   /* a new random phase in each pulse, as a keyed
                           * resonator has; phase_seed says which */
    uint64_t phase_seed;
};

/* Adds a transmitter to out, which begins with sample `at` of the recording.
 * A sample is the mean over its interval (integrate and dump), so that edges
 * fall between samples as they do on the air. */
void synth_transmit(const struct synth_transmitter *x, double rate_hz,
                    uint64_t at, iq *out, size_t n);

/* Adds white noise of noise_dbfs, I and Q together. */
void synth_noise(struct synth_random *r, double noise_dbfs, iq *out, size_t n);

size_t synth_sample_bytes(enum sample_format format);

/* As a converter stores them, clipped at its end stops. */
void synth_store(enum sample_format format, const iq *in, size_t n, void *out);

#endif
