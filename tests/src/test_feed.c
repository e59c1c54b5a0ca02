/* What a receiver's thread pushes, the main thread reads: all of it, or how much
 * is missing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "src/feed.h"
#include "tests/support/synth.h"

#define RATE 100e3

enum { PIECE = 500 };

static struct feed *feed;

/* The clock of the watch is the real one: here, where samples come as fast as
 * they can, it never gets to judge. */
static void create(double seconds, double silent_seconds)
{
    const struct feed_cfg cfg = { .seconds = seconds,
                                  .silent_seconds = silent_seconds,
                                  .sample_bytes = sizeof(uint32_t),
                                  .watch = { .rate_hz = RATE,
                                             .window_seconds = 1e6,
                                             .slack_seconds = 1e-3,
                                             .unit_samples = 1 } };

    feed = NULL;
    assert_int_equal(feed_create(&feed, &cfg), 0);
    assert_non_null(feed);
}

/* Samples from `first` on. */
static void push(uint32_t first, size_t n)
{
    uint32_t in[PIECE];

    for (; n > 0; n -= n < PIECE ? n : PIECE, first += PIECE) {
        for (uint32_t i = 0; i < PIECE; i++)
            in[i] = first + i;
        feed_push(feed, in, n < PIECE ? n : PIECE);
    }
}

static double unix_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What has come out so far. Sample number i of the air is i, whether it comes,
 * is skipped or lost. */
struct heard {
    uint64_t read, skipped, lost;
    uint32_t next;
    struct err e;
};

static struct heard heard;

/* Through what comes now and then while nothing else does. */
static ssize_t hear(size_t n)
{
    uint32_t out[PIECE];
    struct source_gap gap = { 0 };
    ssize_t got;

    do
        got = feed_read(feed, out, n, &gap, &heard.e);
    while (got == -EINTR);

    assert_true(got <= (ssize_t)n);
    if (got < 0)
        return got;
    assert_int_equal(gap.late, 0);
    heard.skipped += gap.skipped;
    heard.lost += gap.lost;
    heard.next += (uint32_t)(gap.skipped + gap.lost);
    for (ssize_t i = 0; i < got; i++)
        assert_int_equal(out[i], heard.next++);
    heard.read += (uint64_t)got;
    return got;
}

/* Until the end; returns what came then. */
static ssize_t hear_all(void)
{
    ssize_t got;

    while ((got = hear(PIECE)) > 0)
        ;
    return got;
}

static int fresh(void **state)
{
    (void)state;
    heard = (struct heard){ 0 };
    return 0;
}

static int finish(void **state)
{
    (void)state;
    feed_destroy(feed);
    feed = NULL;
    return 0;
}

static void what_was_pushed_is_read(void **state)
{
    (void)state;
    create(1, 10);
    push(0, 1234);
    feed_end(feed, 0, "");
    assert_int_equal(hear(1), 1);
    assert_int_equal(hear_all(), 0);
    assert_int_equal(heard.read, 1234);
    assert_int_equal(heard.lost + heard.skipped, 0);
    assert_int_equal(hear(PIECE), 0); /* and again */
}

static void the_end_may_be_a_fault(void **state)
{
    (void)state;
    create(1, 10);
    push(0, 700);
    feed_end(feed, -ENODEV, "0: was pulled out");
    assert_int_equal(hear_all(), -ENODEV);
    assert_int_equal(heard.read, 700); /* first what there was */
    assert_string_equal(heard.e.text, "0: was pulled out");
    assert_int_equal(hear(PIECE), -ENODEV);
}

/* All that is in the ring, and some that come. */
static void what_is_skipped_is_counted(void **state)
{
    (void)state;
    create(1, 10);
    push(0, 300);
    assert_int_equal(hear(100), 100);
    feed_skip(feed, 50);
    push(300, 20);
    push(320, 400);
    feed_end(feed, 0, "");
    assert_true(hear(10) > 0);
    assert_int_equal(heard.next - heard.read, 250);
    assert_int_equal(hear_all(), 0);
    assert_int_equal(heard.skipped, 250);
    assert_int_equal(heard.lost, 0);
    assert_int_equal(heard.read, 720 - 250);
}

/* Before anything came, and again before that is over. */
static void skips_may_follow_each_other(void **state)
{
    (void)state;
    create(1, 10);
    feed_skip(feed, 100);
    push(0, 60);
    feed_skip(feed, 100);
    push(60, 400);
    feed_end(feed, 0, "");
    assert_int_equal(hear_all(), 0);
    assert_int_equal(heard.skipped, 160);
    assert_int_equal(heard.read, 300);
}

/* What is skipped up to the end has come, and is told with it. */
static void a_skip_may_reach_the_end(void **state)
{
    (void)state;
    create(1, 10);
    push(0, 60);
    feed_skip(feed, 1000);
    push(60, 40);
    feed_end(feed, 0, "");
    assert_int_equal(hear_all(), 0);
    assert_int_equal(heard.read, 0);
    assert_int_equal(heard.skipped, 100);
}

static void what_has_no_room_is_a_gap(void **state)
{
    (void)state;
    create(0.01, 10); /* 1000 samples, or some more */
    push(0, 20000);
    while (hear(PIECE) > 0 && heard.read < 1000)
        ;
    assert_int_equal(heard.lost, 0);
    push(20000, 100);
    feed_end(feed, 0, "");
    assert_int_equal(hear_all(), 0);
    assert_int_equal(heard.next, 20100);
    assert_int_equal(heard.read + heard.lost, 20100);
    assert_true(heard.lost > 10000);
}

static void a_gap_at_the_end_is_told(void **state)
{
    (void)state;
    create(0.01, 10);
    push(0, 20000);
    feed_end(feed, -ENODEV, "gone");
    while (heard.read < 1000)
        assert_true(hear(PIECE) > 0);
    for (;;) { /* with the end, be it a fault, or before it */
        uint32_t out[PIECE];
        struct source_gap gap = { 0 };
        ssize_t got = feed_read(feed, out, PIECE, &gap, NULL);
        heard.lost += gap.lost;
        if (got < 0) {
            assert_int_equal(got, -ENODEV);
            break;
        }
        heard.read += (uint64_t)got;
    }
    assert_int_equal(heard.read + heard.lost, 20000);
}

static void a_receiver_that_was_away_leaves_a_gap(void **state)
{
    (void)state;
    create(1, 10);
    push(0, 100);
    feed_lose(feed, 5000);
    push(5100, 100);
    feed_lose(feed, 30);
    feed_lose(feed, 3);
    push(5233, 10);
    feed_end(feed, 0, "");
    assert_int_equal(hear_all(), 0);
    assert_int_equal(heard.lost, 5033);
    assert_int_equal(heard.read, 210);
}

static void silence_is_a_fault(void **state)
{
    const double start_s = unix_now();

    (void)state;
    create(1, 0.2);
    assert_int_equal(hear(PIECE), -ETIMEDOUT);
    assert_true(heard.e.text[0] != '\0');
    push(0, 10);
    assert_int_equal(hear(PIECE), 10);
    assert_int_equal(hear(PIECE), -ETIMEDOUT);
    assert_true(unix_now() - start_s < 20);
}

/* No more than that: after it, it goes on. */
static void silence_before_a_skip_does_not_count(void **state)
{
    (void)state;
    create(1, 0.2);
    assert_int_equal(hear(PIECE), -ETIMEDOUT);
    feed_skip(feed, 5);
    push(0, 9);
    assert_int_equal(hear(PIECE), 4);
    assert_int_equal(heard.skipped, 5);
}

static void nothing(int signal)
{
    (void)signal;
}

static _Atomic bool is_enough;
static pthread_t reader;

/* Again and again: one may come before the reader waits. */
static void *disturb(void *user)
{
    (void)user;
    while (!is_enough) {
        pthread_kill(reader, SIGUSR1);
        sched_yield();
    }
    return NULL;
}

static void a_signal_ends_a_wait(void **state)
{
    const struct sigaction action = { .sa_handler = nothing };
    struct sigaction before;
    pthread_t thread;

    (void)state;
    create(1, 60);
    is_enough = false;
    reader = pthread_self();
    sigaction(SIGUSR1, &action, &before);
    assert_int_equal(pthread_create(&thread, NULL, disturb, NULL), 0);
    uint32_t out[PIECE];
    struct source_gap gap;
    ssize_t got = feed_read(feed, out, PIECE, &gap, NULL);
    is_enough = true;
    assert_int_equal(pthread_join(thread, NULL), 0);
    sigaction(SIGUSR1, &before, NULL);
    assert_int_equal(got, -EINTR);
    push(0, 10);
    assert_int_equal(hear(PIECE), 10); /* it can go on */
}

/* However long the silence may last: a signal that came just before the wait is
 * not seen by it, but whoever waits gets to look at what it did. */
static void a_wait_is_short(void **state)
{
    struct source_gap gap;
    uint32_t out[PIECE];

    (void)state;
    create(1, 60);
    assert_int_equal(feed_read(feed, out, PIECE, &gap, NULL), -EINTR);
}

/* The first sample began when n of them had not yet come. */
static void the_start_is_when_it_was(void **state)
{
    (void)state;
    create(1, 10);
    assert_true(isnan(feed_start_time(feed)));
    const double before_s = unix_now();
    push(0, 500);
    const double after_s = unix_now(), start_s = feed_start_time(feed);
    assert_true(start_s > before_s - 500 / RATE - 1e-3);
    assert_true(start_s < after_s - 500 / RATE + 1e-3);
    push(500, 2000);
    assert_true(feed_start_time(feed) == start_s);
    feed_lose(feed, 100);
    push(2600, 10);
    assert_true(feed_start_time(feed) == start_s);
}

static void *end_it(void *user)
{
    (void)user;
    feed_end(feed, 0, "");
    return NULL;
}

static void an_end_is_waited_for(void **state)
{
    pthread_t thread;

    (void)state;
    create(1, 10);
    assert_false(feed_has_ended(feed, 0));
    assert_int_equal(pthread_create(&thread, NULL, end_it, NULL), 0);
    assert_true(feed_has_ended(feed, 60));
    assert_true(feed_has_ended(feed, 0));
    assert_int_equal(pthread_join(thread, NULL), 0);
    feed_destroy(NULL);
}

/* ---- two threads: no sample but is read, skipped, or lost in its place */

enum { AIR = 2000000 };

static _Atomic uint64_t position;

static void *produce(void *user)
{
    struct synth_random random = { 1 };
    uint32_t next = 0;

    (void)user;
    while (next < AIR) {
        uint32_t n = (uint32_t)(synth_random_u64(&random) % PIECE);
        push(next, n);
        next += n;
        if (synth_random_u64(&random) % 1000 == 0) {
            feed_lose(feed, 77);
            next += 77;
        }
        if (synth_random_u64(&random) % 50 != 0)
            for (int i = 0; i < 1000 && next - position > 8000; i++)
                sched_yield(); /* who skips gets nothing for a while */
    }
    feed_end(feed, -ENODEV, "all");
    return (void *)(uintptr_t)next;
}

static void two_threads_agree(void **state)
{
    struct synth_random random = { 2 };
    pthread_t thread;
    uint64_t asked = 0;
    void *sent;
    ssize_t got;

    (void)state;
    create(0.1, 60);
    position = 0;
    assert_int_equal(pthread_create(&thread, NULL, produce, NULL), 0);
    while ((got = hear(1 + synth_random_u64(&random) % PIECE)) > 0) {
        position = heard.next;
        if (synth_random_u64(&random) % 300 == 0) {
            feed_skip(feed, 40);
            asked += 40;
        }
    }
    assert_int_equal(got, -ENODEV);
    assert_int_equal(pthread_join(thread, &sent), 0);
    assert_true(asked > 0 && heard.skipped > 0 && heard.lost >= 77);
    assert_int_equal(heard.read + heard.skipped + heard.lost, heard.next);
    assert_true(heard.next <= (uintptr_t)sent);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_pushed_is_read),
        TEST(the_end_may_be_a_fault),
        TEST(what_is_skipped_is_counted),
        TEST(skips_may_follow_each_other),
        TEST(a_skip_may_reach_the_end),
        TEST(what_has_no_room_is_a_gap),
        TEST(a_gap_at_the_end_is_told),
        TEST(a_receiver_that_was_away_leaves_a_gap),
        TEST(silence_is_a_fault),
        TEST(silence_before_a_skip_does_not_count),
        TEST(a_wait_is_short),
        TEST(a_signal_ends_a_wait),
        TEST(the_start_is_when_it_was),
        TEST(an_end_is_waited_for),
        TEST(two_threads_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
