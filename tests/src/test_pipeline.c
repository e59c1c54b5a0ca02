/* Samples in, frames out: whatever the blocks, the rate and the recording's
 * ends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/src/played.h"

extern const struct protocol protocol_continental_kr5v2x, protocol_hcs362;

enum { BLOCK = 4096 };

/* Half a chip of position, half a percent of TE. */
static void is_frame(const struct frame *f, const struct bits *b,
                     double start_s, double rate_hz)
{
    assert_ptr_equal(f->protocol, &protocol_hcs200);
    assert_int_equal(f->bits.n, b->n);
    assert_memory_equal(f->bits.value, b->value, b->n);
    assert_true(f->confidence > 0.99);
    assert_float_equal((float)f->te_us, 400.0f, 2.0f);
    assert_true(fabs((double)f->at / rate_hz - start_s) < 200e-6);
}

static void frames_come_out_where_they_are(void **state)
{
    struct recording r = record(SAMPLE_CU8, 250e3, 0.6);
    struct bits b = transmit(&r, 1, 0.2000317, -37.4e3, 2);

    (void)state;
    play(&r, 1, BLOCK, false);
    assert_int_equal(came.n, 1);
    const struct frame *f = &came.frame[0];
    is_frame(f, &b, 0.2000317, 250e3);
    assert_int_equal(f->copies, 2);
    /* 231 chips and the guard, of 100 samples each */
    assert_true(f->samples >= 230 * 100 && f->samples <= 262 * 100);
    assert_int_equal(f->reception.modulation, MODULATION_OOK);
    assert_false(f->reception.is_overload);
    assert_float_equal((float)f->reception.carrier_hz, -37.4e3f, 100.0f);
    assert_float_equal((float)f->reception.level_dbfs, -20.0f, 1.0f);
    assert_float_equal((float)f->reception.noise_dbfs, -40.0f, 1.0f);
    assert_float_equal((float)f->reception.snr_db, 20.0f, 1.5f);
    assert_int_equal(came.n_bursts, 1);
}

static void each_copy_comes_out_where_asked(void **state)
{
    struct recording r = record(SAMPLE_CU8, 250e3, 0.6);
    struct bits b = transmit(&r, 2, 0.1, 20e3, 3);

    (void)state;
    play(&r, 2, BLOCK, true);
    assert_int_equal(came.n, 3);
    for (size_t i = 0; i < 3; i++)
        is_frame(&came.frame[i], &b, 0.1 + (double)i * (261 + 9) * 400e-6,
                 250e3);
}

/* Every digit the same. */
static void the_size_of_blocks_does_not_matter(void **state)
{
    const size_t blocks[] = { 1, 997, 65536 };
    char *first = NULL;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct recording r = record(SAMPLE_CU8, 250e3, 0.7);
        transmit(&r, 3, 0.05, -37e3, 2);
        transmit(&r, 4, 0.3, 60e3, 1);
        play(&r, 3, blocks[i], false);
        assert_int_equal(came.n, 2);
        assert_true(came.n_chips >= 1);
        if (first == NULL) {
            first = strdup(came.text);
            assert_non_null(first);
        }
        assert_string_equal(came.text, first);
    }
    free(first);
}

static void a_frame_at_the_very_start_is_found(void **state)
{
    (void)state;
    for (double start = 0.0; start < 0.006; start += 0.0014) {
        struct recording r = record(SAMPLE_CU8, 250e3, 0.3);
        struct bits b = transmit(&r, 5, start, 30e3, 1);
        play(&r, 5, BLOCK, false);
        assert_int_equal(came.n, 1);
        is_frame(&came.frame[0], &b, start, 250e3);
    }
}

/* The last bit ends, and with it the recording: the guard is not in it. A frame
 * that is cut in its middle is no frame of 66 bits. */
static void a_frame_at_the_very_end_is_found(void **state)
{
    struct recording r = record(SAMPLE_CU8, 250e3, 0.3 + 232 * 400e-6);
    struct bits b = transmit(&r, 6, 0.3, 30e3, 1);

    (void)state;
    play(&r, 6, BLOCK, false);
    assert_int_equal(came.n, 1);
    is_frame(&came.frame[0], &b, 0.3, 250e3);
    r = record(SAMPLE_CU8, 250e3, 0.3 + 140 * 400e-6);
    transmit(&r, 7, 0.3, 30e3, 1);
    play(&r, 7, BLOCK, false);
    assert_int_equal(came.n_bursts, 1);
    for (size_t i = 0; i < came.n; i++)
        assert_null(came.frame[i].protocol);
}

/* 48 kHz has 19 samples a chip; 3.2 MHz is the dongle's most. */
static void any_rate_will_do(void **state)
{
    const double rates[] = { 48e3, 300e3, 1.0e6, 3.2e6 };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct recording r = record(SAMPLE_CS16, rates[i], 0.25);
        struct bits b = transmit(&r, 8 + i, 0.06, 0.21 * rates[i], 1);
        play(&r, 8 + i, BLOCK, false);
        assert_int_equal(came.n, 1);
        is_frame(&came.frame[0], &b, 0.06, rates[i]);
    }
}

static void any_format_will_do(void **state)
{
    (void)state;
    for (int format = SAMPLE_CU8; format <= SAMPLE_CF32; format++) {
        struct recording r = record((enum sample_format)format, 250e3, 0.3);
        struct bits b = transmit(&r, 12, 0.1, 30e3, 1);
        play(&r, 12, BLOCK, false);
        assert_int_equal(came.n, 1);
        is_frame(&came.frame[0], &b, 0.1, 250e3);
    }
}

/* 14 dB over full scale: the carrier is a square. */
static void a_clipped_frame_is_found(void **state)
{
    struct recording r = record(SAMPLE_CU8, 250e3, 0.3);
    struct bits b = transmit(&r, 13, 0.1, 30e3, 1);

    (void)state;
    for (size_t i = 0; i < r.n; i++)
        r.x[i] *= 50;
    play(&r, 13, BLOCK, false);
    assert_true(came.n >= 1);
    size_t found = 0;
    for (size_t i = 0; i < came.n; i++)
        if (came.frame[i].protocol == &protocol_hcs200) {
            is_frame(&came.frame[i], &b, 0.1, 250e3);
            found++;
        }
    assert_int_equal(found, 1);
}

static void two_fobs_at_once_are_two(void **state)
{
    struct recording r = record(SAMPLE_CU8, 250e3, 0.5);
    struct bits a = transmit(&r, 14, 0.1, -70e3, 1);
    struct bits b = transmit(&r, 15, 0.14, 60e3, 1);

    (void)state;
    play(&r, 14, BLOCK, false);
    assert_int_equal(came.n, 2);
    bool is_first = came.frame[0].reception.carrier_hz < 0;
    is_frame(&came.frame[!is_first], &a, 0.1, 250e3);
    is_frame(&came.frame[is_first], &b, 0.14, 250e3);
}

/* One frame, 51 kHz beside the centre, 30 kHz to either side of that. */
static void play_fsk(const struct waveform *w, const struct bits *b)
{
    struct recording r = record(SAMPLE_CU8, 500e3, 0.25);
    struct synth_train t = { 0 };
    struct synth_transmitter x = { .train = &t,
                                   .modulation = MODULATION_FSK,
                                   .start_samples = 0.08 * 500e3,
                                   .carrier_hz = 51e3,
                                   .deviation_hz = 30e3,
                                   .level_dbfs = -20 };

    sent_frame(&t, w, (double)w->te_us, b);
    synth_transmit(&x, 500e3, 0, r.x, r.n);
    synth_free(&t);
    play(&r, 16, BLOCK, false);
}

static void fsk_is_found(void **state)
{
    const struct protocol *p = &protocol_continental_kr5v2x;
    struct synth_random random = { 16 };
    struct bits b = sent_bits(p, 112, &random);

    (void)state;
    play_fsk(p->waveforms, &b);
    assert_int_equal(came.n, 1);
    const struct frame *f = &came.frame[0];
    assert_ptr_equal(f->protocol, p);
    assert_memory_equal(f->bits.value, b.value, 112);
    assert_int_equal(f->verdict, VERDICT_PROVEN);
    assert_int_equal(f->reception.modulation, MODULATION_FSK);
    assert_float_equal((float)f->reception.carrier_hz, 51e3f, 500.0f);
    assert_float_equal((float)f->reception.deviation_hz, 30e3f, 500.0f);
}

static void noise_has_nothing(void **state)
{
    (void)state;
    for (int format = SAMPLE_CU8; format <= SAMPLE_CF32; format++) {
        struct recording r = record((enum sample_format)format, 250e3, 2);
        play(&r, 17, BLOCK, false);
        assert_int_equal(came.n_text, 0);
    }
}

/* In unsigned bytes there is no silence: a carrier in the middle may be seen,
 * and has no frames in it. */
static void the_same_byte_for_ever_has_no_frames(void **state)
{
    enum { N = 500000 };
    const uint8_t values[] = { 0, 127, 128, 255 };
    uint8_t *bytes = malloc(N);

    (void)state;
    assert_non_null(bytes);
    for (int format = SAMPLE_CU8; format <= SAMPLE_CF32; format++)
        for (size_t i = 0; i < 4; i++) {
            const struct source_info info = { .format =
                                                  (enum sample_format)format,
                                              .rate_hz = 250e3 };
            struct pipeline *p = begin(&info, false);
            memset(bytes, values[i], N);
            pipeline_process(p, bytes, N / synth_sample_bytes(info.format));
            end(p);
            assert_int_equal(came.n, 0);
            if (format != SAMPLE_CU8 && values[i] == 0)
                assert_int_equal(came.n_text, 0);
        }
    free(bytes);
}

/* No samples at all, one, and less than the first row. */
static void short_recordings_do_no_harm(void **state)
{
    (void)state;
    for (size_t n = 0; n < 3000; n = n * 2 + 1) {
        struct recording r = record(SAMPLE_CU8, 250e3, 0.1);
        r.n = n;
        play(&r, 18, BLOCK, false);
        assert_int_equal(came.n, 0);
    }
}

/* What is not finite becomes 0; the frame after it is found. */
static void samples_that_are_no_numbers_do_no_harm(void **state)
{
    const float harm[] = { NAN, INFINITY, -INFINITY, 3.4e38f, -3.4e38f };

    (void)state;
    for (size_t h = 0; h < 5; h++) {
        struct recording r = record(SAMPLE_CF32, 250e3, 0.5);
        struct bits b = transmit(&r, 19, 0.3, 30e3, 1);
        for (size_t i = 0; i < 25000; i++)
            r.x[i] = h < 3 || i % 1000 == 0 ? harm[h] + harm[h] * I : 0;
        play(&r, 19, BLOCK, false);
        size_t found = 0;
        for (size_t i = 0; i < came.n; i++)
            if (came.frame[i].protocol == &protocol_hcs200) {
                is_frame(&came.frame[i], &b, 0.3, 250e3);
                found++;
            }
        assert_int_equal(found, 1);
    }
}

/* Edges as a Flipper has them; "at" is in microseconds. */
static size_t pulses_of(const struct synth_train *t, pulse_us *out)
{
    size_t n = 0;

    out[n++] = -30000;
    for (size_t i = 0; i < t->n; i++) {
        pulse_us us = (pulse_us)lround(t->piece[i].us);
        out[n++] = t->piece[i].level == SYNTH_MARK ? us : -us;
    }
    return n;
}

static void pulses_are_read_like_samples(void **state)
{
    const struct source_info info = { .kind = SOURCE_PULSES, .rate_hz = 1e6 };
    struct synth_random random = { 20 };
    struct bits b = sent_bits(&protocol_hcs200, 66, &random);
    struct synth_train t = { 0 };
    pulse_us pulses[600];
    char *first = NULL;

    (void)state;
    sent_frame(&t, protocol_hcs200.waveforms, 400, &b);
    sent_frame(&t, protocol_hcs200.waveforms, 400, &b);
    size_t n = pulses_of(&t, pulses);
    for (size_t block = 1; block < 1000; block *= 7) {
        struct pipeline *p = begin(&info, false);
        for (size_t at = 0; at < n; at += block)
            pipeline_process_pulses(p, pulses + at,
                                    n - at < block ? n - at : block);
        end(p);
        assert_int_equal(came.n, 1);
        is_frame(&came.frame[0], &b, 0.03, 1e6);
        assert_int_equal(came.frame[0].copies, 2);
        if (first == NULL)
            first = strdup(came.text);
        assert_string_equal(came.text, first);
    }
    free(first);
    synth_free(&t);
}

/* All of t through the pipeline as pulses of a receiver for m. */
static void play_pulses(const struct synth_train *t, enum modulation m)
{
    const struct source_info info = { .kind = SOURCE_PULSES,
                                      .rate_hz = 1e6,
                                      .modulation = m };
    struct pipeline *p = begin(&info, false);
    pulse_us pulses[600];

    assert_true(t->n < 600);
    pipeline_process_pulses(p, pulses, pulses_of(t, pulses));
    end(p);
}

/* One frame: whose, its bits, and how it was keyed; pulses tell of no more. */
static void one_frame_came(const struct protocol *whose, const struct bits *b,
                           enum modulation m)
{
    const struct frame *f = &came.frame[0];

    assert_int_equal(came.n, 1);
    assert_ptr_equal(f->protocol, whose);
    assert_int_equal(f->bits.n, b->n);
    assert_memory_equal(f->bits.value, b->value, b->n);
    assert_int_equal(f->reception.modulation, m);
    if (m == MODULATION_FSK)
        assert_true(isnan(f->reception.deviation_hz));
    else
        assert_true(f->reception.deviation_hz == 0);
    assert_true(isnan(f->reception.level_dbfs));
}

static void pulses_are_of_their_receivers_modulation(void **state)
{
    static const struct waveform w = { .kind = LINE_PWM,
                                       .symbols = { "110", "100" },
                                       .preamble_pulses = 12,
                                       .header = 9 };
    struct synth_train t = { 0 };
    struct bits b;

    (void)state;
    synth_bits_from(&b, "0110100111010001011100101101000111010010110");
    sent_frame(&t, &w, 400, &b);
    play_pulses(&t, MODULATION_FSK);
    one_frame_came(NULL, &b, MODULATION_FSK);
    play_pulses(&t, MODULATION_OOK);
    one_frame_came(NULL, &b, MODULATION_OOK);
    synth_free(&t);
}

/* A format that is only sent in FSK. */
static void pulses_of_the_other_modulation_are_not_named(void **state)
{
    const struct protocol *p = &protocol_continental_kr5v2x;
    struct synth_random random = { 22 };
    const struct bits b = sent_bits(p, 112, &random);
    struct synth_train t = { 0 };

    (void)state;
    sent_frame(&t, p->waveforms, 100, &b);
    play_pulses(&t, MODULATION_FSK);
    one_frame_came(p, &b, MODULATION_FSK);
    play_pulses(&t, MODULATION_OOK);
    assert_int_equal(came.n, 1);
    assert_null(came.frame[0].protocol);
    synth_free(&t);
}

/* Pulses are read as if keyed on and off: what is so sent is named in them, whatever
 * the receiver was for. The rfHCS362F has a transmitter for either (DS41189A). */
static void pulses_of_an_hcs362_are_named(void **state)
{
    const struct protocol *p = &protocol_hcs362;
    struct synth_random random = { 21 };

    (void)state;
    for (const struct waveform *w = p->waveforms; w->n_bits > 0; w++) {
        const struct bits b = sent_bits(p, w->n_bits, &random);
        struct synth_train t = { 0 };
        sent_frame(&t, w, (double)w->te_us, &b);
        play_pulses(&t, MODULATION_FSK);
        one_frame_came(p, &b, MODULATION_FSK);
        play_pulses(&t, MODULATION_OOK);
        one_frame_came(p, &b, MODULATION_OOK);
        synth_free(&t);
    }
}

static void rates_are_bounded(void **state)
{
    const double rates[] = { 0, -1, 19999, 61.45e6, NAN, INFINITY };
    struct pipeline *const untouched = (struct pipeline *)&came;
    struct pipeline *p = untouched;

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        struct pipeline_cfg cfg = { .input = { .rate_hz = rates[i] } };
        struct err e = { "" };
        assert_int_equal(pipeline_create(&p, &cfg, &e), -EINVAL);
        assert_ptr_equal(p, untouched);
        assert_true(e.text[0] != '\0');
    }
    pipeline_destroy(NULL);
    /* nobody listens */
    struct pipeline_cfg cfg = { .input = { .rate_hz = 250e3 } };
    assert_int_equal(pipeline_create(&p, &cfg, NULL), 0);
    pipeline_flush(p);
    pipeline_destroy(p);
}

static int forget(void **state)
{
    (void)state;
    free(came.text);
    came.text = NULL;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_come_out_where_they_are),
        cmocka_unit_test(each_copy_comes_out_where_asked),
        cmocka_unit_test(the_size_of_blocks_does_not_matter),
        cmocka_unit_test(a_frame_at_the_very_start_is_found),
        cmocka_unit_test(a_frame_at_the_very_end_is_found),
        cmocka_unit_test(any_rate_will_do),
        cmocka_unit_test(any_format_will_do),
        cmocka_unit_test(a_clipped_frame_is_found),
        cmocka_unit_test(two_fobs_at_once_are_two),
        cmocka_unit_test(fsk_is_found),
        cmocka_unit_test(noise_has_nothing),
        cmocka_unit_test(the_same_byte_for_ever_has_no_frames),
        cmocka_unit_test(short_recordings_do_no_harm),
        cmocka_unit_test(samples_that_are_no_numbers_do_no_harm),
        cmocka_unit_test(pulses_are_read_like_samples),
        cmocka_unit_test(pulses_are_of_their_receivers_modulation),
        cmocka_unit_test(pulses_of_the_other_modulation_are_not_named),
        cmocka_unit_test(pulses_of_an_hcs362_are_named),
        cmocka_unit_test(rates_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
