/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/support/pairs.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/keyer.h"

enum { HEX = 20 };

const char *pairs_button(unsigned i)
{
    return i < PAIRS_PRESSES / 2 ? "lock" : "unlock";
}

size_t pairs_samples(void)
{
    return (size_t)(PAIRS_SECONDS * PAIRS_RATE_HZ);
}

/* Of a normal distribution, roughly: the real part of a complex one. */
static double scatter(struct synth_random *r, double sigma)
{
    return sigma * sqrt(2) * (double)__real__ synth_random_noise(r);
}

static uint64_t low_bits(uint64_t x, unsigned n)
{
    return n < 64 ? x & ((UINT64_C(1) << n) - 1) : x;
}

/* All fields by their roles; counter: of the press. */
static void fill(const struct pair_fob *x, const struct protocol *protocol,
                 unsigned button, unsigned counter, struct synth_random *code,
                 struct bits *b)
{
    const struct field *check = NULL;

    *b = (struct bits){ .n = protocol->waveforms[0].n_bits };
    for (const struct field *f = protocol->fields; f->name != NULL; f++) {
        uint64_t v = 0;

        if ((size_t)f->at + f->bits > b->n)
            continue;
        if (f->role == ROLE_IDENTITY)
            v = x->serial;
        else if (f->role == ROLE_ACTION)
            v = button;
        else if (f->role == ROLE_COUNTER)
            v = (x->serial >> 3) + counter;
        else if (f->role == ROLE_ROLLING)
            v = synth_random_u64(code) >> 7;
        else if (f->role == ROLE_CHECK)
            check = f;
        synth_set_field(b, f, low_bits(v, f->bits));
    }
    for (uint64_t v = 0; check != NULL && v < UINT64_C(1) << check->bits; v++) {
        synth_set_field(b, check, v);
        if (protocol->check(b) >= VERDICT_PLAUSIBLE)
            return;
    }
}

static void fill_unknown(const struct pair_fob *x, unsigned button,
                         struct synth_random *code, struct press *p,
                         struct bits *b)
{
    char hex[HEX];

    snprintf(hex, sizeof hex, "2D%06" PRIX64 "%06" PRIX64 "%u0",
             low_bits(x->serial, 24), low_bits(synth_random_u64(code) >> 9, 24),
             4 * button);
    p->hex = hex;
    keyer_fill(p, b);
}

static struct press press_of(const struct pair_fob *x)
{
    return (struct press){
        .protocol = x->protocol,
        .unknown = { .kind = LINE_MANCHESTER,
                     .te_us = 250,
                     .preamble_pulses = 16,
                     .header = 6,
                     .n_bits = 73 },
    };
}

static void send(const struct pair_fob *x, const struct pair_scatter *w,
                 unsigned i, struct synth_random *hand, const struct bits *b,
                 iq *out, size_t n)
{
    const struct press p = press_of(x);
    const struct waveform *wave = keyer_waveform(&p);
    const enum modulation modulation = wave->modulations == 1u << MODULATION_FSK
                                           ? MODULATION_FSK
                                           : MODULATION_OOK;
    const double te_us = x->te_us * (1 + scatter(hand, w->te_share));
    const double carrier_hz = x->carrier_hz + scatter(hand, w->carrier_hz);
    const double level_dbfs =
        PAIRS_NOISE_DBFS + x->snr_db + scatter(hand, w->level_db);
    double at_s =
        i * PAIRS_PRESS_S + PAIRS_LATE_S + 0.1 * synth_random_unit(hand);

    for (unsigned k = 0; k < PAIRS_COPIES; k++) {
        const struct synth_style style = { .te_us = te_us };
        struct synth_train t = { 0 };

        synth_frame(&t, wave, &style, b);
        synth_transmit(
            &(struct synth_transmitter){
                .train = &t,
                .modulation = modulation,
                .deviation_hz = PAIRS_DEVIATION_HZ,
                .start_samples = at_s * PAIRS_RATE_HZ,
                .carrier_hz = carrier_hz,
                .level_dbfs = level_dbfs - x->sag_db * k / (PAIRS_COPIES - 1.0),
                .is_restarting = modulation == MODULATION_OOK,
                .phase_seed = x->seed + 7 * i + k,
            },
            PAIRS_RATE_HZ, 0, out, n);
        /* what counts the pauses is the clock of the chips */
        at_s += (synth_duration_us(&t) + 40 * te_us) * 1e-6;
        synth_free(&t);
    }
}

void pairs_make(const struct pair_fob *x, const struct pair_scatter *w,
                unsigned char *out)
{
    const size_t n = pairs_samples();
    struct synth_random noise = { x->seed }, hand = { x->seed + 1 };
    iq *samples = calloc(n, sizeof *samples);

    if (samples == NULL)
        abort();
    synth_noise(&noise, PAIRS_NOISE_DBFS, samples, n);
    for (unsigned i = 0; i < PAIRS_PRESSES; i++) {
        struct synth_random code = { x->seed + 100 + (x->is_frozen ? 0 : i) };
        const unsigned button = i < PAIRS_PRESSES / 2 ? 1 : 2;
        struct press p = press_of(x);
        struct bits b;

        if (x->protocol == NULL)
            fill_unknown(x, button, &code, &p, &b);
        else
            fill(x, keyer_protocol(x->protocol), button, x->is_frozen ? 0 : i,
                 &code, &b);
        if (!x->is_half_silent || button == 1)
            send(x, w, i, &hand, &b, samples, n);
    }
    synth_store(SAMPLE_CU8, samples, n, out);
    free(samples);
}
