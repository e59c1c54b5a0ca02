/* TE of bursts in random line codes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "dsp/chip_clock.h"
#include "tests/support/keyed.h"

#define RATE 40e3

static struct likelihood table;
static struct chip_clock chip_clock;

static const struct waveform codes[] = {
    { .kind = LINE_PWM, .symbols = { .zero = "110", .one = "100" } },
    { .kind = LINE_PPM, .symbols = { .zero = "10", .one = "1000" } },
    { .kind = LINE_MANCHESTER },
};

/* A preamble, a gap, 60 random bits: half a fob's frame. te in samples. */
static struct keyed burst(enum modulation m, unsigned code, double te,
                          double e_n0_db, uint64_t seed)
{
    struct synth_train t = { 0 };
    struct synth_random r = { seed };
    char bits[61] = { 0 };
    struct keyed_cfg c = { .train = &t,
                           .rate_hz = RATE,
                           .modulation = m,
                           .before = 150 + 10 * synth_random_unit(&r),
                           .after = 150,
                           .power = pow(10, e_n0_db / 10) / te,
                           .noise = 1,
                           .seed = seed };

    for (size_t i = 0; i < 60; i++)
        bits[i] = synth_random_u64(&r) & 1 ? '1' : '0';
    synth_chips(&t, "10101010101010101000000000", te / RATE * 1e6);
    synth_bits(&t, &codes[code], bits, te / RATE * 1e6);
    struct keyed k = keyed_make(&c);
    synth_free(&t);
    return k;
}

static size_t find(const struct keyed *k,
                   struct chip_rate out[CHIP_CLOCK_RATES_MAX])
{
    const struct chip_clock_range range = { 0, (double)k->n, 4, 60 };
    size_t n =
        chip_clock_find(&chip_clock, &k->keying, k->keying.power, &range, out);

    assert_true(n <= CHIP_CLOCK_RATES_MAX);
    return n;
}

/* As ARCHITECTURE.md says of the prototype: 180 of 180 at 11 to 18 dB. */
static void te_is_found_to_a_percent(void **state)
{
    struct synth_random r = { 1 };

    (void)state;
    for (unsigned i = 0; i < 20; i++) {
        struct chip_rate out[CHIP_CLOCK_RATES_MAX];
        double te = 8 + 20 * synth_random_unit(&r);
        struct keyed k = burst(MODULATION_OOK, i % 3, te, 13, 50 + i);
        assert_true(find(&k, out) >= 1);
        assert_float_equal((float)(out[0].te / te), 1.0f, 0.01f);
        keyed_free(&k);
    }
}

/* The other level is never silence, so half of TE loses less: it may win. */
static void te_of_fsk_is_among_those_found(void **state)
{
    struct synth_random r = { 2 };

    (void)state;
    for (unsigned i = 0; i < 10; i++) {
        struct chip_rate out[CHIP_CLOCK_RATES_MAX];
        double te = 8 + 20 * synth_random_unit(&r), best = 1;
        struct keyed k = burst(MODULATION_FSK, i % 3, te, 13, 90 + i);
        size_t n = find(&k, out);
        for (size_t j = 0; j < n; j++)
            best = fmin(best, fabs(out[j].te / te - 1));
        assert_true(best < 0.01);
        keyed_free(&k);
    }
}

/* Beyond some 11 dB no more is believed. */
static void evidence_grows_with_the_signal(void **state)
{
    float last = 0;

    (void)state;
    for (double db = 7; db < 14; db += 2) {
        struct keyed k = burst(MODULATION_OOK, 0, 16, db, 3);
        float e = chip_clock_evidence(&chip_clock, &k.keying, k.keying.power, 0,
                                      (double)k.n, 16);
        assert_true(e > last);
        last = e;
        keyed_free(&k);
    }
}

/* The half pays the prior twice, the double mixes chips. */
static void the_right_te_beats_its_half_and_double(void **state)
{
    const double te = 14.2;

    (void)state;
    for (unsigned code = 0; code < 3; code++) {
        struct keyed k = burst(MODULATION_OOK, code, te, 14, 7 + code);
        float e[5];
        const double times[5] = { 1, 0.5, 2, 1.1, 0.9 };
        for (size_t i = 0; i < 5; i++)
            e[i] = chip_clock_evidence(&chip_clock, &k.keying, k.keying.power,
                                       0, (double)k.n, te * times[i]);
        for (size_t i = 1; i < 5; i++)
            assert_true(e[0] > e[i]);
        assert_true(e[0] > 0);
        keyed_free(&k);
    }
}

/* A carrier that is not there: no evidence to speak of, against some 1,000
 * nats of a frame at 13 dB. */
static void noise_has_no_evidence(void **state)
{
    struct synth_train t = { 0 };
    struct keyed_cfg c = {
        .train = &t, .rate_hz = RATE, .power = 1, .noise = 1
    };

    (void)state;
    synth_add(&t, SYNTH_SILENT, 100e3);
    for (c.seed = 1; c.seed <= 10; c.seed++) {
        struct chip_rate out[CHIP_CLOCK_RATES_MAX];
        struct keyed k = keyed_make(&c);
        size_t n = find(&k, out);
        for (size_t i = 0; i < n; i++)
            assert_true(out[i].evidence < 20);
        keyed_free(&k);
    }
    synth_free(&t);
}

static void short_and_empty_stretches_do_no_harm(void **state)
{
    struct keyed k = burst(MODULATION_OOK, 0, 16, 20, 3);

    (void)state;
    for (double n = 0; n < 200; n += 7.3) {
        struct chip_rate out[CHIP_CLOCK_RATES_MAX];
        const struct chip_clock_range range = { 100, 100 + n, 2, 60 };
        size_t found = chip_clock_find(&chip_clock, &k.keying, k.keying.power,
                                       &range, out);
        assert_true(found <= CHIP_CLOCK_RATES_MAX);
        for (size_t i = 0; i < found; i++)
            assert_true(isfinite(out[i].te) && isfinite(out[i].evidence));
    }
    keyed_free(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(te_is_found_to_a_percent),
        cmocka_unit_test(te_of_fsk_is_among_those_found),
        cmocka_unit_test(evidence_grows_with_the_signal),
        cmocka_unit_test(the_right_te_beats_its_half_and_double),
        cmocka_unit_test(noise_has_no_evidence),
        cmocka_unit_test(short_and_empty_stretches_do_no_harm),
    };

    likelihood_init(&table);
    chip_clock_init(&chip_clock, &table);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
