/* The synthesiser against what its header says.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/synth.h"

/* A train of 1 us chips as text. */
static const char *drawn(const struct synth_train *t)
{
    static char text[256];
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        for (long k = 0; k < lround(t->piece[i].us); k++)
            text[n++] = "~_-"[t->piece[i].level];
    text[n] = '\0';
    return text;
}

static void is_drawn_as(const struct waveform *w, const char *bits,
                        const char *want)
{
    struct synth_train t = { 0 };

    synth_bits(&t, w, bits, 1.0);
    assert_string_equal(drawn(&t), want);
    synth_free(&t);
}

static void line_codes_are_those_of_protocol_h(void **state)
{
    struct waveform w = { .symbols = { .zero = "110", .one = "100" } };

    (void)state;
    w.kind = LINE_PWM;
    is_drawn_as(&w, "10", "-__--_");
    w.is_inverted = true;
    is_drawn_as(&w, "10", "--_-__");
    w.is_inverted = false;
    w.kind = LINE_MANCHESTER;
    is_drawn_as(&w, "110", "-_-__-");
    w.kind = LINE_NRZ;
    is_drawn_as(&w, "1101", "--_-");
    w.kind = LINE_PIWM;
    is_drawn_as(&w, "1001", "-__--_");
    w.kind = LINE_DIFF_MANCHESTER; /* 1: no edge in the middle */
    is_drawn_as(&w, "1011", "--_-__--");
}

static void a_frame_has_all_its_parts(void **state)
{
    const struct waveform w = { .kind = LINE_MANCHESTER,
                                .te_us = 1.0f,
                                .preamble_pulses = 2,
                                .header = 4,
                                .wake = "0",
                                .wake_sure = 2,
                                .sync = "1",
                                .guard = 3,
                                .n_bits = 2 };
    const struct synth_style longer = { .wake_bits = 3, .preamble_pulses = 3 };
    struct synth_train t = { 0 };
    struct bits b;

    (void)state;
    synth_bits_from(&b, "10");
    synth_frame(&t, &w, &(struct synth_style){ 0 }, &b);
    assert_string_equal(drawn(&t), "-_-____"
                                   "_-_-"
                                   "-_"
                                   "-__-"
                                   "___");
    synth_free(&t);
    synth_frame(&t, &w, &longer, &b);
    assert_string_equal(drawn(&t), "-_-_-____"
                                   "_-_-_-"
                                   "-_"
                                   "-__-"
                                   "___");
    synth_free(&t);
}

static void fields_are_set_in_their_order(void **state)
{
    struct bits b;
    char text[BITS_MAX + 1];

    (void)state;
    synth_bits_from(&b, "00000000000000000000");
    synth_set_field(&b, &(struct field){ .at = 0, .bits = 4 }, 1);
    synth_set_field(
        &b, &(struct field){ .at = 4, .bits = 4, .order = ORDER_MSB }, 1);
    synth_set_field(
        &b, &(struct field){ .at = 8, .bits = 4, .order = ORDER_S3012 }, 1);
    synth_bits_text(&b, text);
    assert_string_equal(text, "10000001010000000000");
}

enum { N = 1000 };

static void a_transmitter_is_where_and_as_loud_as_asked(void **state)
{
    struct synth_train t = { 0 };
    struct synth_transmitter x = { .train = &t,
                                   .start_samples = 100.25,
                                   .carrier_hz = 250.0,
                                   .level_dbfs = -6.0206 };
    iq out[N] = { 0 };

    (void)state;
    synth_add(&t, SYNTH_MARK, 500e3); /* 500 samples at 1 kHz */
    synth_transmit(&x, 1e3, 0, out, N);
    assert_float_equal(cabsf(out[99]), 0.0f, 1e-6f);
    assert_float_equal(cabsf(out[100]), 0.375f, 1e-4f); /* 0.75 of it */
    assert_float_equal(cabsf(out[300]), 0.5f, 1e-4f);
    assert_float_equal(cabsf(out[600]), 0.125f, 1e-4f);
    assert_float_equal(cabsf(out[601]), 0.0f, 1e-6f);
    /* A quarter of the rate turns a quarter of a circle each sample. */
    iq turn = out[301] * conjf(out[300]);
    assert_float_equal(cargf(turn), 1.5708f, 1e-3f);
    synth_free(&t);
}

static void blocks_join_without_a_seam(void **state)
{
    struct synth_train t = { 0 };
    struct synth_transmitter x = { .train = &t,
                                   .modulation = MODULATION_FSK,
                                   .start_samples = 3.3,
                                   .carrier_hz = 101.0,
                                   .deviation_hz = 30.0,
                                   .is_restarting = true,
                                   .phase_seed = 9 };
    iq whole[N] = { 0 }, parts[N] = { 0 };

    (void)state;
    for (int i = 0; i < 40; i++)
        synth_chips(&t, "1011000", 3456.7);
    synth_transmit(&x, 1e3, 0, whole, N);
    for (size_t i = 0; i < N; i += 125)
        synth_transmit(&x, 1e3, i, parts + i, 125);
    assert_memory_equal(whole, parts, sizeof whole);
    synth_free(&t);
}

static void noise_has_its_power_and_its_seed(void **state)
{
    enum { M = 100000 };
    struct synth_random r = { 5 };
    iq *x = calloc(M, sizeof *x);
    double power = 0.0;

    (void)state;
    assert_non_null(x);
    synth_noise(&r, -20.0, x, M);
    for (size_t i = 0; i < M; i++)
        power += (double)(crealf(x[i] * conjf(x[i])));
    /* exponential: one sigma is 1 / sqrt(M) = 0.3 % */
    assert_float_equal(power / M, 0.01, 0.00015);
    iq first = 0;
    synth_noise(&(struct synth_random){ 5 }, -20.0, &first, 1);
    assert_true(first == x[0]);
    free(x);
}

static void stores_clip_at_the_end_stops(void **state)
{
    const iq in[2] = { 3.0f - 3.0f * I, 0.0f + 0.5f * I };
    uint8_t u8[4];
    int8_t s8[4];
    uint8_t s16[8];

    (void)state;
    synth_store(SAMPLE_CU8, in, 2, u8);
    assert_memory_equal(u8, ((uint8_t[]){ 255, 0, 128, 191 }), 4);
    synth_store(SAMPLE_CS8, in, 2, s8);
    assert_memory_equal(s8, ((int8_t[]){ 127, -128, 0, 64 }), 4);
    synth_store(SAMPLE_CS16, in, 2, s16);
    assert_memory_equal(
        s16, ((uint8_t[]){ 0xFF, 0x7F, 0x00, 0x80, 0, 0, 0x00, 0x40 }), 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_codes_are_those_of_protocol_h),
        cmocka_unit_test(a_frame_has_all_its_parts),
        cmocka_unit_test(fields_are_set_in_their_order),
        cmocka_unit_test(a_transmitter_is_where_and_as_loud_as_asked),
        cmocka_unit_test(blocks_join_without_a_seam),
        cmocka_unit_test(noise_has_its_power_and_its_seed),
        cmocka_unit_test(stores_clip_at_the_end_stops),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
