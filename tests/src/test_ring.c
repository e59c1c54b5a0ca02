/* Samples from one thread to another: whole, in order, and what is missing in
 * its place.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/ring.h"
#include "tests/support/synth.h"

enum { PIECE = 512, GAPS_MAX = 4096 };

/* Sample number i of the air is stored as i. What goes missing leaves a hole in
 * the numbers, and a gap of that size has to be told at that place. */
struct taken {
    uint64_t read;   /* samples that came out */
    uint64_t next;   /* number of the next one, if none is missing */
    uint64_t holes;  /* samples missing by their numbers */
    uint64_t missed; /* by the gaps */
    struct {
        uint64_t at, samples; /* in front of the at-th sample that came out */
    } hole[GAPS_MAX], gap[GAPS_MAX];
    size_t n_holes, n_gaps;
};

static struct taken taken;

static size_t take(struct ring *r, size_t n)
{
    uint32_t out[PIECE + 1];
    struct ring_gap gap = { 77, 77 };

    assert_true(n <= PIECE);
    out[n] = 0xdeadbeef;
    size_t got = ring_read(r, out, n, &gap);
    assert_true(got <= n);
    assert_int_equal(out[n], 0xdeadbeef);
    if (gap.samples > 0) {
        assert_true(gap.ago <= taken.read);
        assert_true(taken.n_gaps < GAPS_MAX);
        taken.gap[taken.n_gaps].at = taken.read - gap.ago;
        taken.gap[taken.n_gaps++].samples = gap.samples;
        taken.missed += gap.samples;
    }
    for (size_t i = 0; i < got; i++) {
        uint32_t hole = out[i] - (uint32_t)taken.next;
        if (hole > 0) {
            assert_true(taken.n_holes < GAPS_MAX);
            taken.hole[taken.n_holes].at = taken.read + i;
            taken.hole[taken.n_holes++].samples = hole;
            taken.holes += hole;
            taken.next += hole;
        }
        taken.next++;
    }
    taken.read += got;
    return got + (gap.samples > 0);
}

static void take_all(struct ring *r)
{
    while (take(r, PIECE) > 0)
        ;
}

/* All gaps that were told in front of the at-th sample. */
static uint64_t missed_at(uint64_t at)
{
    uint64_t n = 0;

    for (size_t i = 0; i < taken.n_gaps; i++)
        if (taken.gap[i].at == at)
            n += taken.gap[i].samples;
    return n;
}

/* Every hole has its gap, and there are no others but at the end. */
static void gaps_are_holes(void)
{
    uint64_t at_end = missed_at(taken.read);

    for (size_t i = 0; i < taken.n_holes; i++)
        assert_int_equal(missed_at(taken.hole[i].at), taken.hole[i].samples);
    assert_int_equal(taken.missed, taken.holes + at_end);
}

static struct ring *ring_of(size_t n)
{
    struct ring *r = NULL;

    taken = (struct taken){ 0 };
    assert_int_equal(ring_create(&r, n, sizeof(uint32_t)), 0);
    assert_non_null(r);
    return r;
}

static void give(struct ring *r, uint64_t *next, size_t n)
{
    uint32_t in[PIECE];

    assert_true(n <= PIECE);
    for (size_t i = 0; i < n; i++)
        in[i] = (uint32_t)(*next + i);
    *next += n;
    ring_push(r, in, n);
}

/* Until there is no room. Returns how many samples it holds. */
static uint64_t fill(struct ring *r, uint64_t *next)
{
    uint64_t before = ring_stored(r), stored = before;

    for (;;) {
        give(r, next, 1);
        if (ring_stored(r) == stored)
            break;
        stored = ring_stored(r);
    }
    return stored - before;
}

static void what_goes_in_comes_out(void **state)
{
    const size_t rooms[] = { 1, 2, 7, 512, 1000 };
    struct synth_random random = { 1 };

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        struct ring *r = ring_of(rooms[i]);
        uint64_t next = 0;
        for (int round = 0; round < 5000; round++) {
            size_t room = rooms[i] - (size_t)(next - taken.read);
            size_t n = synth_random_u64(&random) % (room + 1);
            give(r, &next, n < PIECE ? n : PIECE);
            assert_int_equal(ring_stored(r), next);
            take(r, synth_random_u64(&random) % (PIECE + 1));
        }
        take_all(r);
        assert_int_equal(taken.read, next);
        assert_int_equal(taken.n_holes, 0);
        assert_int_equal(taken.n_gaps, 0);
        ring_destroy(r);
    }
    ring_destroy(NULL);
}

static void samples_may_be_of_any_size(void **state)
{
    const size_t sizes[] = { 1, 2, 3, 4, 8, 13 };
    struct synth_random random = { 2 };

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        const size_t size = sizes[i];
        unsigned char in[20 * 13], out[20 * 13];
        struct ring *r = NULL;
        struct ring_gap gap;
        assert_int_equal(ring_create(&r, 20, size), 0);
        for (int round = 0; round < 500; round++) {
            size_t n = synth_random_u64(&random) % 21;
            for (size_t j = 0; j < n * size; j++)
                in[j] = (unsigned char)synth_random_u64(&random);
            ring_push(r, in, n);
            size_t got = 0;
            while (got < n) {
                size_t more =
                    ring_read(r, out + got * size,
                              1 + synth_random_u64(&random) % 20, &gap);
                assert_true(more > 0 && more <= n - got);
                assert_int_equal(gap.samples, 0);
                got += more;
            }
            assert_memory_equal(in, out, n * size);
        }
        ring_destroy(r);
    }
}

/* All or none: the piece that did not fit is missing as a whole, in front of
 * the next that did. */
static void what_does_not_fit_is_counted(void **state)
{
    struct ring *r = ring_of(100);
    uint64_t next = 0;

    (void)state;
    uint64_t held = fill(r, &next);
    assert_true(held >= 100);
    take(r, 10);
    give(r, &next, 20); /* there is room for 10 */
    assert_int_equal(ring_stored(r), held);
    give(r, &next, 3);
    assert_int_equal(ring_stored(r), held + 3);
    take_all(r);
    assert_int_equal(taken.read, held + 3);
    assert_int_equal(taken.n_holes, 1);
    assert_int_equal(taken.hole[0].at, held);
    assert_int_equal(taken.hole[0].samples, 1 + 20);
    gaps_are_holes();
    assert_int_equal(taken.n_gaps, 1); /* merged */
    give(r, &next, 100);
    take_all(r);
    assert_int_equal(taken.missed, 21); /* told once */
    ring_destroy(r);
}

/* A read never goes on over a gap. */
static void a_gap_comes_in_front_of_its_sample(void **state)
{
    const uint32_t in[] = { 1, 2, 3, 4, 5, 6 };
    uint32_t out[8] = { 0 };
    struct ring_gap gap = { 9, 9 };
    struct ring *r = ring_of(16);

    (void)state;
    ring_push(r, in, 2);
    ring_push_gap(r, (struct ring_gap){ .samples = 1000 });
    ring_push(r, in + 2, 4);
    size_t got = ring_read(r, out, 8, &gap);
    assert_int_equal(got, 2);
    assert_int_equal(gap.samples, 0);
    do /* it may come alone */
        got = ring_read(r, out, 8, &gap);
    while (got == 0 && gap.samples == 0);
    assert_int_equal(gap.samples, 1000);
    assert_int_equal(gap.ago, 0);
    if (got == 0) {
        got = ring_read(r, out, 8, &gap);
        assert_int_equal(gap.samples, 0);
    }
    assert_int_equal(got, 4);
    assert_memory_equal(out, in + 2, sizeof in - 8);
    ring_destroy(r);
}

static void a_gap_at_the_end_comes_out_when_asked(void **state)
{
    struct ring *r = ring_of(50);
    uint64_t next = 0;

    (void)state;
    uint64_t held = fill(r, &next);
    give(r, &next, 30);
    take_all(r);
    assert_int_equal(taken.read, held);
    ring_push(r, NULL, 0);
    take_all(r);
    assert_int_equal(taken.read, held);
    assert_int_equal(taken.missed, 31);
    assert_int_equal(missed_at(held), 31);
    ring_push(r, NULL, 0);
    take_all(r);
    assert_int_equal(taken.missed, 31);
    ring_destroy(r);
}

/* In front of the first sample of all, too. */
static void a_gap_at_the_start_is_told(void **state)
{
    struct ring *r = ring_of(50);
    uint64_t next = 5;

    (void)state;
    ring_push_gap(r, (struct ring_gap){ .samples = 5 });
    give(r, &next, 10);
    take_all(r);
    assert_int_equal(taken.read, 10);
    assert_int_equal(missed_at(0), 5);
    gaps_are_holes();
    ring_destroy(r);
}

/* A piece that fits no ring is a gap, not a fault. */
static void a_piece_larger_than_the_ring_is_a_gap(void **state)
{
    static const uint32_t in[100000];
    struct ring *r = ring_of(16);
    uint64_t next = 100000;

    (void)state;
    ring_push(r, in, 100000);
    assert_int_equal(ring_stored(r), 0);
    give(r, &next, 4);
    take_all(r);
    assert_int_equal(taken.read, 4);
    assert_int_equal(missed_at(0), 100000);
    ring_destroy(r);
}

/* Found out when the samples behind it are in the ring already, or even read:
 * its place is the same. */
static void late_gaps_are_placed(void **state)
{
    (void)state;
    for (size_t read_before = 0; read_before <= 60; read_before += 5) {
        struct ring *r = ring_of(100);
        uint64_t next = 0;
        give(r, &next, 20);
        next += 7; /* went by */
        give(r, &next, 40);
        take(r, read_before);
        ring_push_gap(r, (struct ring_gap){ .samples = 7, .ago = 40 });
        give(r, &next, 10);
        take_all(r);
        assert_int_equal(taken.read, 70);
        assert_int_equal(taken.hole[0].at, 20);
        gaps_are_holes();
        ring_destroy(r);
    }
}

/* A hole that is told when the samples behind it have been stored. What else is
 * missing may not come between. */
static bool tell_late(struct ring *r, uint64_t *next, uint64_t hole, size_t n)
{
    uint64_t stored;

    take_all(r);
    give(r, next, 1);
    stored = ring_stored(r);
    *next += hole;
    give(r, next, n);
    take(r, n / 2);
    assert_int_equal(ring_stored(r), stored + n);
    ring_push_gap(r, (struct ring_gap){ hole, n });
    give(r, next, 1);
    return n > 0;
}

/* Random pieces, reads, holes told at once or late, and a ring that is full at
 * times. */
static void whatever_happens_holes_are_told(void **state)
{
    struct synth_random random = { 3 };
    uint64_t late = 0, overflows = 0;

    (void)state;
    for (int round = 0; round < 300; round++) {
        struct ring *r = ring_of(62 + synth_random_u64(&random) % 300);
        uint64_t next = 0;
        for (int i = 0; i < 200; i++) {
            uint64_t stored = ring_stored(r);
            size_t n = synth_random_u64(&random) % 60;
            uint64_t hole = 1 + synth_random_u64(&random) % 50;
            give(r, &next, n);
            overflows += ring_stored(r) < stored + n;
            switch (synth_random_u64(&random) % 16) {
            case 0: /* told at once */
                next += hole;
                ring_push_gap(r, (struct ring_gap){ .samples = hole });
                break;
            case 1:
                late += tell_late(r, &next, hole, n);
                break;
            default:
                break;
            }
            if (synth_random_u64(&random) % 3 == 0)
                take(r, synth_random_u64(&random) % 100);
        }
        take_all(r);
        ring_push(r, NULL, 0);
        take_all(r);
        assert_int_equal(taken.next + missed_at(taken.read), next);
        gaps_are_holes();
        ring_destroy(r);
    }
    assert_true(late > 500 && overflows > 1000);
}

/* ---- two threads */

enum { AIR = 3000000, ROOM = 2000 };

static struct {
    struct ring *ring;
    _Atomic uint64_t read; /* by the consumer */
    _Atomic bool is_begun, is_over;
    uint64_t sent, stored;
} stress;

/* Sometimes it waits until the ring is nearly empty, sometimes for nothing. */
static void *produce(void *user)
{
    struct synth_random random = { 4 };
    uint64_t next = 0;

    (void)user;
    while (next < AIR) {
        give(stress.ring, &next, synth_random_u64(&random) % 300);
        if (synth_random_u64(&random) % 500 == 0) {
            uint64_t hole = 1 + synth_random_u64(&random) % 9;
            next += hole;
            ring_push_gap(stress.ring, (struct ring_gap){ .samples = hole });
        }
        if (next > 3 * ROOM)
            stress.is_begun = true; /* it has run over by now */
        if (stress.is_begun && synth_random_u64(&random) % 64 != 0)
            while (ring_stored(stress.ring) - stress.read > ROOM - 300)
                sched_yield();
    }
    stress.sent = next;
    stress.stored = ring_stored(stress.ring);
    stress.is_over = true;
    return NULL;
}

static void two_threads_agree(void **state)
{
    struct synth_random random = { 5 };
    pthread_t thread;

    (void)state;
    stress.ring = ring_of(ROOM);
    assert_int_equal(pthread_create(&thread, NULL, produce, NULL), 0);
    while (!stress.is_begun)
        sched_yield();
    while (!stress.is_over) {
        if (take(stress.ring, synth_random_u64(&random) % (PIECE + 1)) == 0)
            sched_yield();
        assert_true(ring_stored(stress.ring) >= taken.read);
        stress.read = taken.read;
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
    take_all(stress.ring);
    ring_push(stress.ring, NULL, 0);
    take_all(stress.ring);
    assert_int_equal(taken.read, stress.stored);
    assert_int_equal(taken.next + missed_at(taken.read), stress.sent);
    gaps_are_holes();
    assert_true(taken.holes >= ROOM && taken.n_holes > 1);
    ring_destroy(stress.ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(samples_may_be_of_any_size),
        cmocka_unit_test(what_does_not_fit_is_counted),
        cmocka_unit_test(a_gap_comes_in_front_of_its_sample),
        cmocka_unit_test(a_gap_at_the_end_comes_out_when_asked),
        cmocka_unit_test(a_gap_at_the_start_is_told),
        cmocka_unit_test(a_piece_larger_than_the_ring_is_a_gap),
        cmocka_unit_test(late_gaps_are_placed),
        cmocka_unit_test(whatever_happens_holes_are_told),
        cmocka_unit_test(two_threads_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
