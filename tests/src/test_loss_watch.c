/* Losses told by a clock that is simulated: an hour takes no time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/loss_watch.h"
#include "tests/support/synth.h"

enum { PACKET = 256, TOLD_MAX = 256, BUFFER = 131072 };

static const double rates[] = { 250e3, 1.024e6, 2.048e6, 2.4e6 };
static const double crystals[] = { 0, 60, -60, 120, -120 };
enum { RATES = 4, CRYSTALS = 5 };

/* How samples come: in blocks, each as late as chance will have it, and none
 * for some milliseconds at times; then what has piled up comes at once. */
struct line {
    double rate_hz, ppm;
    size_t block;
    unsigned chunks;      /* that come together; 0 is 1 */
    double jitter_s;      /* mean of an exponential delay */
    double stall_every_s; /* of 5 to 40 ms; 0: never */
    struct synth_random random;
    /* so far: */
    uint64_t blocks, delivered, air; /* air: with what went missing */
    double now_s, stalled_until_s;   /* the next stall comes 0.1 s later */
};

struct told {
    uint64_t samples, at; /* in front of the at-th sample delivered */
    double when_s;
};

static struct loss_watch watch;
static struct told told[TOLD_MAX];
static size_t n_told;

static struct line usb(double rate_hz, double ppm, uint64_t seed)
{
    const double block = round(rate_hz * 4e-3 / PACKET) * PACKET;
    const struct loss_watch_cfg cfg = { .rate_hz = rate_hz,
                                        .window_seconds = 0.5,
                                        .slack_seconds = 1e-3,
                                        .unit_samples = block };

    n_told = 0;
    loss_watch_init(&watch, &cfg);
    return (struct line){ .rate_hz = rate_hz,
                          .ppm = ppm,
                          .block = (size_t)block,
                          .jitter_s = 100e-6,
                          .random = { seed } };
}

static double uniform(struct line *l, double least, double most)
{
    return least + (most - least) * synth_random_unit(&l->random);
}

static void keep(const struct line *l, struct ring_gap gap)
{
    if (gap.samples == 0)
        return;
    assert_true(n_told < TOLD_MAX);
    assert_true(gap.ago <= l->delivered);
    told[n_told++] =
        (struct told){ gap.samples, l->delivered - gap.ago, l->now_s };
}

/* The next block comes. */
static void come(struct line *l)
{
    const unsigned chunks = l->chunks ? l->chunks : 1;
    const uint64_t left = chunks - 1 - l->blocks % chunks;
    double at_s;

    l->air += l->block;
    l->delivered += l->block;
    l->blocks++;
    at_s =
        (double)(l->air + left * l->block) / (l->rate_hz * (1 + l->ppm * 1e-6));
    if (l->stall_every_s > 0 && at_s > l->stalled_until_s + 0.1 &&
        uniform(l, 0, l->stall_every_s) < (double)l->block / l->rate_hz)
        l->stalled_until_s = at_s + uniform(l, 5e-3, 40e-3);
    at_s -= l->jitter_s * log(1 - synth_random_unit(&l->random));
    l->now_s = fmax(l->now_s, fmax(at_s, l->stalled_until_s));
    keep(l, loss_watch_add(&watch, l->now_s, l->block));
}

static void come_for(struct line *l, double seconds)
{
    for (double t = 0; t < seconds; t += (double)l->block / l->rate_hz)
        come(l);
}

static uint64_t total(void)
{
    uint64_t n = 0;

    for (size_t i = 0; i < n_told; i++)
        n += told[i].samples;
    return n;
}

/* To the sample. */
static void counts(uint64_t samples, uint64_t want)
{
    if (samples != want)
        fail_msg("%g samples a second: %llu lost, not %llu", watch.cfg.rate_hz,
                 (unsigned long long)want, (unsigned long long)samples);
}

/* All was told once, as one gap, in its place, and soon. */
static void is_one_gap(uint64_t samples, uint64_t at, double before_s)
{
    assert_int_equal(n_told, 1);
    counts(told[0].samples, samples);
    assert_int_equal(told[0].at, at);
    assert_true(told[0].when_s < before_s);
}

static void an_hour_without_a_loss_has_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < RATES; i++)
        for (size_t j = 0; j < CRYSTALS; j++) {
            struct line l = usb(rates[i], crystals[j], 1 + 10 * i + j);
            l.jitter_s = 300e-6;
            l.stall_every_s = 1.5;
            come_for(&l, 3600);
            assert_int_equal(n_told, 0);
            keep(&l, loss_watch_finish(&watch));
            assert_int_equal(n_told, 0);
        }
}

/* One or more buffers of the transport, when the watch has run for a while. */
static void lost_buffers_are_counted_and_placed(void **state)
{
    const unsigned buffers[] = { 1, 2, 3, 7, 50 };

    (void)state;
    for (size_t i = 0; i < RATES; i++)
        for (size_t j = 0; j < CRYSTALS; j++)
            for (size_t k = 0; k < 5; k++) {
                struct line l = usb(rates[i], crystals[j], 10 * j + k);
                const uint64_t lost = buffers[k] * l.block;
                come_for(&l, uniform(&l, 8, 9));
                const uint64_t at = l.delivered;
                const double when_s = l.now_s + (double)lost / l.rate_hz;
                l.air += lost;
                come_for(&l, 10);
                keep(&l, loss_watch_finish(&watch));
                is_one_gap(lost, at, when_s + 1.6);
            }
}

/* Packets of USB, not whole buffers: taken for whole ones that are within a
 * millisecond, and no better than blocks are in time. */
static void lost_packets_are_counted_roughly(void **state)
{
    struct synth_random random = { 2 };

    (void)state;
    for (size_t i = 0; i < RATES; i++)
        for (size_t k = 0; k < 40; k++) {
            struct line l = usb(rates[i], crystals[k % CRYSTALS], k);
            const uint64_t least = (uint64_t)(2e-3 * rates[i] / PACKET) + 1;
            const uint64_t lost =
                (least + synth_random_u64(&random) % 300) * PACKET;
            come_for(&l, uniform(&l, 8, 9));
            const uint64_t at = l.delivered;
            l.air += lost;
            come_for(&l, 5);
            assert_int_equal(n_told, 1);
            assert_int_equal(told[0].at, at);
            assert_true(fabs((double)told[0].samples - (double)lost) <
                        1.5e-3 * rates[i]);
        }
}

/* Late blocks hide where it was, and not how much; it may come out in two parts
 * that add up. */
static void stalls_do_not_hide_a_loss(void **state)
{
    (void)state;
    for (size_t i = 0; i < RATES; i++)
        for (size_t k = 0; k < 40; k++) {
            struct line l = usb(rates[i], crystals[k % CRYSTALS], 100 + k);
            const uint64_t lost = (1 + k % 4) * l.block;
            l.stall_every_s = 0.5;
            come_for(&l, uniform(&l, 8, 9));
            const uint64_t at = l.delivered;
            l.air += lost;
            come_for(&l, 5);
            assert_true(n_told == 1 || n_told == 2);
            counts(total(), lost);
            for (size_t m = 0; m < n_told; m++) {
                assert_true(fabs((double)at - (double)told[m].at) <
                            0.1 * l.rate_hz);
            }
        }
}

/* They may be told as one, and as many as they are. */
static void losses_in_quick_succession_add_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < RATES; i++)
        for (size_t k = 0; k < 60; k++) {
            struct line l = usb(rates[i], crystals[k % CRYSTALS], 200 + k);
            const unsigned n = 2 + (unsigned)k % 5;
            const double pause_s = k % 2 ? 0.1 : 0.01 + 0.02 * (double)k;
            uint64_t lost = 0;
            come_for(&l, uniform(&l, 8, 9));
            const uint64_t first = l.delivered;
            uint64_t last = 0;
            for (unsigned m = 0; m < n; m++) {
                last = l.delivered;
                l.air += (1 + m % 3) * l.block;
                lost += (1 + m % 3) * l.block;
                come_for(&l, pause_s);
            }
            come_for(&l, 5);
            counts(total(), lost);
            for (size_t m = 0; m < n_told; m++)
                assert_true(told[m].at >= first && told[m].at <= last);
        }
}

/* A computer that is away for longer than its buffers last: what they hold comes
 * late, in front of what is missing. */
static void a_loss_is_behind_what_a_stall_held_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < RATES; i++)
        for (size_t k = 1; k < 20; k++) {
            struct line l = usb(rates[i], crystals[k % CRYSTALS], 700 + k);
            const uint64_t lost = k * 3 * l.block;
            come_for(&l, uniform(&l, 8, 9));
            l.stalled_until_s = (double)(l.air + 64 * l.block + lost) /
                                (l.rate_hz * (1 + l.ppm * 1e-6));
            for (int m = 0; m < 64; m++)
                come(&l);
            const uint64_t at = l.delivered;
            l.air += lost;
            come_for(&l, 5);
            assert_int_equal(n_told, 1);
            counts(told[0].samples, lost);
            assert_true(fabs((double)at - (double)told[0].at) <=
                        (double)l.block);
        }
}

/* A stream that loses a buffer every ten seconds, for ten minutes. */
static void losses_for_ever_are_each_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < RATES; i++) {
        struct line l = usb(rates[i], 60, 300 + i);
        uint64_t at[60];
        come_for(&l, 5);
        for (size_t k = 0; k < 60; k++) {
            at[k] = l.delivered;
            l.air += l.block;
            come_for(&l, 10);
        }
        assert_int_equal(n_told, 60);
        for (size_t k = 0; k < 60; k++) {
            counts(told[k].samples, l.block);
            assert_int_equal(told[k].at, at[k]);
        }
    }
}

/* The crystal's error is not known yet: within a unit or two, of which there are
 * many in a buffer. */
static void a_loss_at_the_beginning_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < RATES; i++)
        for (size_t k = 0; k < 40; k++) {
            struct line l = usb(rates[i], crystals[k % CRYSTALS], 400 + k);
            const uint64_t lost = (1 + k % 3) * l.block;
            come_for(&l, uniform(&l, 1.05, 2.5));
            const uint64_t at = l.delivered;
            l.air += lost;
            come_for(&l, 5);
            assert_int_equal(n_told, 1);
            assert_int_equal(told[0].at, at);
            if (l.ppm == 0)
                assert_int_equal(told[0].samples, lost);
            assert_float_equal((float)total(), (float)lost,
                               (float)(250e-6 * l.rate_hz));
        }
}

static void a_loss_before_the_end_is_told(void **state)
{
    const double left_s[] = { 0.1, 0.2, 0.4, 0.7, 1.0, 1.4 };

    (void)state;
    for (size_t i = 0; i < RATES; i++)
        for (size_t j = 0; j < CRYSTALS; j++)
            for (size_t k = 0; k < 6; k++) {
                struct line l = usb(rates[i], crystals[j], 500 + 10 * j + k);
                const uint64_t lost = (1 + k % 3) * l.block;
                come_for(&l, uniform(&l, 8, 9));
                const uint64_t at = l.delivered;
                l.air += lost;
                come_for(&l, left_s[k]);
                keep(&l, loss_watch_finish(&watch));
                is_one_gap(lost, at, INFINITY);
            }
}

/* Wherever the stream ends, if only after a stall. */
static void an_end_is_no_loss(void **state)
{
    (void)state;
    for (size_t i = 0; i < RATES; i++)
        for (size_t j = 0; j < CRYSTALS; j++) {
            struct line l = usb(rates[i], crystals[j], 600 + j);
            l.jitter_s = 300e-6;
            l.stall_every_s = 0.3;
            for (size_t k = 0; k < 5000; k++) {
                keep(&l, loss_watch_finish(&watch));
                come(&l);
            }
            assert_int_equal(n_told, 0);
        }
}

static void without_samples_nothing_is_lost(void **state)
{
    struct line l = usb(250e3, 0, 700);

    (void)state;
    keep(&l, loss_watch_finish(&watch));
    come(&l);
    keep(&l, loss_watch_finish(&watch));
    assert_int_equal(n_told, 0);
}

/* An hour's pause, and its clock goes on. */
static void a_reset_forgets(void **state)
{
    struct line l = usb(1.024e6, 60, 701);

    (void)state;
    come_for(&l, 10);
    l.air += (uint64_t)(3600 * l.rate_hz);
    loss_watch_reset(&watch);
    come_for(&l, 8.1);
    assert_int_equal(n_told, 0);
    const uint64_t at = l.delivered;
    l.air += 2 * l.block;
    come_for(&l, 3);
    is_one_gap(2 * l.block, at, INFINITY);
}

/* ---- rtl_tcp: buffers of 131072 samples that come in chunks, and are thrown
 * away whole */

static struct line tcp(double rate_hz, double ppm, unsigned chunks,
                       uint64_t seed)
{
    const struct loss_watch_cfg cfg = { .rate_hz = rate_hz,
                                        .window_seconds = 2,
                                        .slack_seconds = 20e-3,
                                        .wants_step = true,
                                        .burst_samples = BUFFER,
                                        .unit_samples = BUFFER };

    n_told = 0;
    loss_watch_init(&watch, &cfg);
    return (struct line){ .rate_hz = rate_hz,
                          .ppm = ppm,
                          .block = BUFFER / chunks,
                          .chunks = chunks,
                          .jitter_s = 1e-3,
                          .random = { seed } };
}

static void bursts_are_no_losses(void **state)
{
    (void)state;
    for (size_t i = 0; i < RATES; i++)
        for (size_t j = 0; j < CRYSTALS; j++)
            for (unsigned chunks = 1; chunks <= 64; chunks *= 8) {
                struct line l = tcp(rates[i], crystals[j], chunks, 800 + j);
                l.stall_every_s = 3;
                come_for(&l, 3600);
                assert_int_equal(n_told, 0);
            }
}

/* Where they were, in however many pieces a buffer comes. */
static void buffers_that_were_thrown_away_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < RATES; i++)
        for (size_t j = 0; j < CRYSTALS; j++)
            for (unsigned chunks = 1; chunks <= 64; chunks *= 4)
                for (unsigned n = 1; n <= 9; n += 4) {
                    struct line l = tcp(rates[i], crystals[j], chunks, 900 + n);
                    const uint64_t lost = n * (uint64_t)BUFFER;
                    come_for(&l, 21);
                    while (l.blocks % chunks != 0)
                        come(&l);
                    const uint64_t at = l.delivered;
                    l.air += lost;
                    come_for(&l, 10);
                    assert_int_equal(n_told, 1);
                    assert_int_equal(told[0].samples, lost);
                    assert_int_equal(told[0].at, at);
                }
}

/* Two in a hundred, little by little: behind a server that is said; of a dongle
 * it is counted. */
static void a_slow_stream_is_no_row_of_losses(void **state)
{
    (void)state;
    for (unsigned chunks = 1; chunks <= 64; chunks *= 4) {
        struct line l = tcp(1.024e6, -20000, chunks, 950);
        come_for(&l, 60);
        assert_int_equal(n_told, 0);
        assert_true(watch.is_slow);
    }
    struct line l = usb(1.024e6, -20000, 951);
    come_for(&l, 60);
    assert_true(n_told > 10);
    assert_true(fabs((double)total() / (0.02 * 60 * 1.024e6) - 1) < 0.2);
    assert_false(watch.is_slow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_without_a_loss_has_none),
        cmocka_unit_test(lost_buffers_are_counted_and_placed),
        cmocka_unit_test(lost_packets_are_counted_roughly),
        cmocka_unit_test(stalls_do_not_hide_a_loss),
        cmocka_unit_test(a_loss_is_behind_what_a_stall_held_up),
        cmocka_unit_test(losses_in_quick_succession_add_up),
        cmocka_unit_test(losses_for_ever_are_each_told),
        cmocka_unit_test(a_loss_at_the_beginning_is_told),
        cmocka_unit_test(a_loss_before_the_end_is_told),
        cmocka_unit_test(an_end_is_no_loss),
        cmocka_unit_test(without_samples_nothing_is_lost),
        cmocka_unit_test(a_reset_forgets),
        cmocka_unit_test(bursts_are_no_losses),
        cmocka_unit_test(buffers_that_were_thrown_away_are_told),
        cmocka_unit_test(a_slow_stream_is_no_row_of_losses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
