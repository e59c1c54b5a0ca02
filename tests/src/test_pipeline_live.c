/* What a live receiver needs of the pipeline: gaps, bands, and frames at once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/src/played.h"

#define RATE 250e3

enum { FRAME = 26100, TAIL = 50000 }; /* samples: 105 ms, and 200 ms */

/* The pipeline under test, and all that it was given. */
static struct pipeline *pipe_line;
static const struct source_info cu8 = { .kind = SOURCE_IQ,
                                        .format = SAMPLE_CU8,
                                        .rate_hz = RATE,
                                        .centre_hz = 433.92e6 };

static void create(unsigned bands, bool is_prompt, bool is_every)
{
    struct pipeline_cfg cfg = {
        .input = cu8,
        .is_every = is_every,
        .is_prompt = is_prompt,
        .bands = bands,
        .sink = { .user = &came,
                  .frame = on_frame,
                  .burst = on_burst,
                  .chips = on_chips },
    };
    char *text = came.text;

    came = (struct log){ .text = text ? text : malloc(LOG_ROOM) };
    assert_non_null(came.text);
    came.text[0] = '\0';
    assert_int_equal(pipeline_create(&pipe_line, &cfg, NULL), 0);
}

/* Bytes of a recording in noise, which is used up. */
static uint8_t *bytes_of(struct recording *r, uint64_t seed, double noise_dbfs)
{
    uint8_t *bytes = malloc(2 * r->n);

    assert_non_null(bytes);
    synth_noise(&(struct synth_random){ seed }, noise_dbfs, r->x, r->n);
    synth_store(SAMPLE_CU8, r->x, r->n, bytes);
    free(r->x);
    r->x = NULL;
    return bytes;
}

static void give_noise(double seconds, uint64_t seed, double noise_dbfs)
{
    struct recording r = record(SAMPLE_CU8, RATE, seconds);
    uint8_t *bytes = bytes_of(&r, seed, noise_dbfs);

    pipeline_process(pipe_line, bytes, r.n);
    free(bytes);
}

/* A frame of content `seed` after start_s, and noise after it: 0.2 s unless told
 * otherwise. */
static struct bits give_frame(uint64_t seed, double start_s)
{
    struct recording r = record(SAMPLE_CU8, RATE, start_s + 0.105 + 0.2);
    struct bits b = transmit(&r, seed, start_s, 30e3, 1);
    uint8_t *bytes = bytes_of(&r, seed + 1000, -40);

    pipeline_process(pipe_line, bytes, r.n);
    free(bytes);
    return b;
}

/* Within half a chip. */
static void is_frame_at(const struct frame *f, const struct bits *b, double at)
{
    assert_ptr_equal(f->protocol, &protocol_hcs200);
    assert_int_equal(f->bits.n, b->n);
    assert_memory_equal(f->bits.value, b->value, b->n);
    assert_true(fabs((double)f->at - at) < 50);
}

static double position(void)
{
    return (double)pipeline_position(pipe_line);
}

/* Not when its press has ended, 0.6 s later. */
static void a_frame_comes_with_its_burst(void **state)
{
    (void)state;
    for (int is_prompt = 0; is_prompt < 2; is_prompt++) {
        create(0, is_prompt, false);
        give_noise(0.7, 1, -40);
        struct bits b = give_frame(2, 0.1);
        assert_int_equal(came.n, is_prompt);
        assert_int_equal(came.n_bursts, 1);
        give_noise(3, 3, -40);
        assert_int_equal(came.n, 1);
        is_frame_at(&came.frame[0], &b, 0.8 * RATE);
        end(pipe_line);
    }
}

/* A fob that is held down: the second burst proves what the first has said, and
 * those that follow say nothing new. */
static void it_comes_again_when_it_is_proven(void **state)
{
    struct bits b;

    (void)state;
    create(0, true, false);
    give_noise(0.7, 4, -40);
    for (size_t i = 0; i < 5; i++) {
        b = give_frame(5, 0.05);
        assert_int_equal(came.n_bursts, i + 1);
        assert_int_equal(came.n, i < 2 ? i + 1 : 2);
    }
    end(pipe_line);
    assert_int_equal(came.n, 2);
    assert_int_equal(came.frame[0].verdict, VERDICT_PLAUSIBLE);
    assert_int_equal(came.frame[0].copies, 1);
    assert_int_equal(came.frame[1].verdict, VERDICT_PROVEN);
    assert_int_equal(came.frame[1].copies, 2);
    assert_memory_equal(came.frame[1].bits.value, b.value, 66);
    assert_non_null(strstr(came.text, "frame 1 "));
    assert_null(strstr(came.text, "frame 2 ")); /* one press */
}

static void positions_go_on_over_gaps(void **state)
{
    (void)state;
    create(0, true, false);
    assert_true(position() == 0);
    pipeline_skip(pipe_line, 777);
    assert_true(position() == 777);
    give_noise(1, 6, -40);
    assert_true(position() == 250777);
    pipeline_lose(pipe_line, 100000);
    assert_true(position() == 350777);
    struct bits a = give_frame(7, 0.1);
    double at = position();
    pipeline_skip(pipe_line, 1000001);
    pipeline_lose(pipe_line, 3);
    assert_true(position() == at + 1000004);
    struct bits b = give_frame(8, 0.2);
    assert_true(position() == at + 1000004 + 126250);
    pipeline_lose_late(pipe_line, 4096);
    assert_true(position() == at + 1000004 + 126250 + 4096);
    double last = position();
    struct bits c = give_frame(9, 0.1);
    struct pipeline_totals t = end(pipe_line);
    assert_int_equal(t.lost, 100000 + 3 + 4096);
    assert_int_equal(t.samples, 250000 + 2 * 101250 + 126250);
    assert_int_equal(came.n, 3);
    is_frame_at(&came.frame[0], &a, 350777 + 0.1 * RATE);
    is_frame_at(&came.frame[1], &b, at + 1000004 + 0.2 * RATE);
    is_frame_at(&came.frame[2], &c, last + 0.1 * RATE);
}

/* Wherever a loss cuts it: no frame of 66 bits that was not sent comes out, and
 * the next one is found where it is. One that lost a part of its preamble begins
 * behind that. */
static void a_burst_may_be_cut_by_a_loss(void **state)
{
    const double start_s = 0.6, next_s = 1.1;

    (void)state;
    for (size_t i = 0; i <= 24; i++) {
        struct recording r = record(SAMPLE_CU8, RATE, 1.5);
        struct bits a = transmit(&r, 10, start_s, 30e3, 1);
        struct bits b = transmit(&r, 11, next_s, 30e3, 1);
        const size_t cut = (size_t)((start_s - 0.01) * RATE) + i * FRAME / 20;
        const size_t lost = 100 + 300 * i;
        uint8_t *bytes = bytes_of(&r, 12 + i, -40);

        create(0, true, false);
        pipeline_process(pipe_line, bytes, cut);
        pipeline_lose(pipe_line, lost);
        pipeline_process(pipe_line, bytes + 2 * (cut + lost), r.n - cut - lost);
        assert_true(position() == (double)r.n);
        end(pipe_line);
        free(bytes);
        size_t known = 0;
        for (size_t k = 0; k < came.n; k++) {
            const struct frame *f = &came.frame[k];
            if (f->protocol == NULL)
                continue;
            known++;
            if ((double)f->at < (next_s - 0.01) * RATE)
                is_frame_at(f, &a, i == 2 ? (double)f->at : start_s * RATE);
            else
                is_frame_at(f, &b, next_s * RATE);
        }
        assert_true(known == 1 || known == 2);
        assert_ptr_equal(came.frame[came.n - 1].protocol, &protocol_hcs200);
        is_frame_at(&came.frame[came.n - 1], &b, next_s * RATE);
    }
}

/* Gaps of any length, any number of times, at once, and before all else. */
static void gaps_alone_do_no_harm(void **state)
{
    struct synth_random random = { 13 };

    (void)state;
    create(3, true, false);
    for (int i = 0; i < 300; i++) {
        switch (synth_random_u64(&random) % 5) {
        case 0:
            pipeline_skip(pipe_line, synth_random_u64(&random) % 100);
            break;
        case 1:
            pipeline_lose(pipe_line, synth_random_u64(&random) % 100000);
            break;
        case 2:
            pipeline_lose_late(pipe_line, synth_random_u64(&random) % 100);
            break;
        case 3:
            pipeline_select(pipe_line,
                            (unsigned)(synth_random_u64(&random) % 3));
            break;
        default:
            give_noise(0.03 * synth_random_unit(&random), 14, -40);
        }
        pipeline_is_busy(pipe_line);
        pipeline_is_settled(pipe_line);
    }
    end(pipe_line);
    assert_int_equal(came.n, 0);
}

/* Back in a band, its noise is known, whatever that of the other is. */
static void bands_have_floors_of_their_own(void **state)
{
    (void)state;
    create(2, true, false);
    assert_false(pipeline_is_settled(pipe_line));
    give_noise(1, 15, -40);
    assert_true(pipeline_is_settled(pipe_line));
    pipeline_select(pipe_line, 1);
    assert_false(pipeline_is_settled(pipe_line));
    give_noise(1, 16, -20);
    assert_true(pipeline_is_settled(pipe_line));
    for (uint64_t i = 0; i < 3; i++) {
        pipeline_select(pipe_line, 0);
        assert_true(pipeline_is_settled(pipe_line));
        assert_int_equal(came.n_bursts, i);
        const double at = position();
        struct bits b = give_frame(17 + i, 0.02);
        assert_int_equal(came.n, i + 1);
        is_frame_at(&came.frame[i], &b, at + 0.02 * RATE);
        pipeline_select(pipe_line, 1);
        assert_true(pipeline_is_settled(pipe_line));
        give_noise(0.3, 20 + i, -20);
    }
    end(pipe_line);
    assert_int_equal(came.n_bursts, 3);
}

/* What is being sent when the band changes comes out if it is whole. */
static void a_change_of_band_ends_a_burst(void **state)
{
    (void)state;
    create(2, true, false);
    give_noise(0.7, 24, -40);
    struct recording r = record(SAMPLE_CU8, RATE, 0.12);
    struct bits b = transmit(&r, 25, 0.005, 30e3, 1);
    uint8_t *bytes = bytes_of(&r, 26, -40);
    pipeline_process(pipe_line, bytes, r.n);
    free(bytes);
    assert_int_equal(came.n, 0);
    assert_true(pipeline_is_busy(pipe_line));
    pipeline_select(pipe_line, 1);
    assert_false(pipeline_is_busy(pipe_line));
    assert_int_equal(came.n, 1);
    is_frame_at(&came.frame[0], &b, 0.705 * RATE);
    end(pipe_line);
}

/* From 60 ms after its beginning, and not long after its end. */
static void busy_is_while_something_is_sent(void **state)
{
    struct recording r = record(SAMPLE_CU8, RATE, 2.0);
    transmit(&r, 27, 1.0, 30e3, 4); /* 0.43 s */
    uint8_t *bytes = bytes_of(&r, 28, -40);

    (void)state;
    create(0, true, false);
    for (size_t at = 0; at < r.n; at += 1000) {
        const double s = (double)at / RATE;
        if (s < 1.0 || s > 1.7)
            assert_false(pipeline_is_busy(pipe_line));
        if (s > 1.06 && s < 1.4)
            assert_true(pipeline_is_busy(pipe_line));
        pipeline_process(pipe_line, bytes + 2 * at, 1000);
    }
    end(pipe_line);
    free(bytes);
}

/* With a gap, a loss and a change of band in between, every digit the same. */
static void the_size_of_blocks_does_not_matter(void **state)
{
    const size_t blocks[] = { SIZE_MAX, 1, 997, 65536 };
    struct recording r = record(SAMPLE_CU8, RATE, 2.4);
    const size_t parts[] = { 200000, 180000, 120000, 100000 };
    char *first = NULL;

    (void)state;
    for (uint64_t i = 0; i < 5; i++)
        transmit(&r, 30 + i / 2, 0.1 + 0.45 * (double)i, 30e3, 2);
    uint8_t *bytes = bytes_of(&r, 33, -40);
    for (size_t i = 0; i < 4; i++) {
        size_t at = 0;
        create(2, true, false);
        for (size_t part = 0; part < 4; part++) {
            for (size_t n = parts[part]; n > 0;) {
                const size_t k = n < blocks[i] ? n : blocks[i];
                pipeline_process(pipe_line, bytes + 2 * at, k);
                at += k;
                n -= k;
            }
            if (part == 0)
                pipeline_lose(pipe_line, 5000);
            if (part == 1)
                pipeline_select(pipe_line, 1);
            if (part == 2)
                pipeline_lose_late(pipe_line, 512);
        }
        assert_int_equal(at, r.n);
        end(pipe_line);
        assert_true(came.n >= 3);
        if (first == NULL)
            first = strdup(came.text);
        assert_non_null(first);
        assert_string_equal(came.text, first);
    }
    free(first);
    free(bytes);
}

/* ---- raw samples */

/* Byte k of the input, from a number. */
static uint8_t raw_byte(uint64_t k)
{
    struct synth_random random = { k };

    return 124 + (synth_random_u64(&random) & 7);
}

static void give_raw(size_t n)
{
    uint8_t bytes[2 * 4096];

    while (n > 0) {
        const size_t k = n < 4096 ? n : 4096;
        const uint64_t at = pipeline_position(pipe_line);
        for (size_t i = 0; i < 2 * k; i++)
            bytes[i] = raw_byte(2 * at + i);
        pipeline_process(pipe_line, bytes, k);
        n -= k;
    }
}

static bool copies_right(uint64_t at, size_t n)
{
    uint8_t *out = malloc(2 * n + 1);

    assert_non_null(out);
    out[2 * n] = 0x5a;
    const bool is_there = pipeline_copy_raw(pipe_line, at, n, out);
    assert_int_equal(out[2 * n], 0x5a);
    for (size_t i = 0; i < 2 * n && is_there; i++)
        assert_int_equal(out[i], raw_byte(2 * at + i));
    free(out);
    return is_there;
}

/* Those of the last second at least, whatever has gone by. */
static void raw_samples_are_what_went_in(void **state)
{
    struct synth_random random = { 40 };

    (void)state;
    create(0, true, false);
    assert_false(copies_right(0, 1));
    for (int i = 0; i < 60; i++) {
        give_raw(synth_random_u64(&random) % 60000);
        const uint64_t now = pipeline_position(pipe_line);
        const uint64_t back = now < 250000 ? now : 250000;
        for (int k = 0; k < 20; k++) {
            const uint64_t ago = synth_random_u64(&random) % (back + 1);
            assert_true(copies_right(now - ago, synth_random_u64(&random) %
                                                    3000 % (ago + 1)));
        }
        assert_true(copies_right(now - back, (size_t)back));
        assert_false(copies_right(now, 1)); /* not yet */
        assert_false(copies_right(now - back, (size_t)back + 1));
    }
    assert_false(copies_right(0, 1)); /* not any more */
    end(pipe_line);
}

/* From behind the gap on they go by their new positions. */
static void raw_samples_after_a_gap(void **state)
{
    (void)state;
    create(0, true, false);
    give_raw(100001);
    pipeline_skip(pipe_line, 50000);
    assert_false(copies_right(100001, 1));
    assert_false(copies_right(120000, 50000));
    give_raw(70000);
    assert_true(copies_right(150001, 70000));
    assert_false(copies_right(150000, 2)); /* one was skipped */
    assert_false(copies_right(100000, 50002));
    pipeline_lose(pipe_line, 1);
    give_raw(5);
    assert_true(copies_right(220002, 5));
    end(pipe_line);
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
        cmocka_unit_test(a_frame_comes_with_its_burst),
        cmocka_unit_test(it_comes_again_when_it_is_proven),
        cmocka_unit_test(positions_go_on_over_gaps),
        cmocka_unit_test(a_burst_may_be_cut_by_a_loss),
        cmocka_unit_test(gaps_alone_do_no_harm),
        cmocka_unit_test(bands_have_floors_of_their_own),
        cmocka_unit_test(a_change_of_band_ends_a_burst),
        cmocka_unit_test(busy_is_while_something_is_sent),
        cmocka_unit_test(the_size_of_blocks_does_not_matter),
        cmocka_unit_test(raw_samples_are_what_went_in),
        cmocka_unit_test(raw_samples_after_a_gap),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
