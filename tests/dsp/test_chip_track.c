/* Edges of chips whose phase jumps and creeps.
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

#include "dsp/chip_track.h"
#include "tests/support/keyed.h"

#define RATE  40e3
#define TE    15.0 /* samples */
#define TE_US (TE / RATE * 1e6)

enum { ROOM = 2000, BITS = 60 };

static struct likelihood table;
static struct chip_track track;

/* PWM bits. */
static void data(struct synth_train *t, uint64_t seed)
{
    struct synth_random r = { seed };

    for (size_t i = 0; i < BITS; i++)
        synth_chips(t, synth_random_u64(&r) & 1 ? "110" : "100", TE_US);
}

static struct keyed burst(const struct synth_train *t, double e_n0_db,
                          uint64_t seed)
{
    struct keyed_cfg c = { .train = t,
                           .rate_hz = RATE,
                           .before = 200,
                           .after = 200,
                           .power = pow(10, e_n0_db / 10) / TE,
                           .noise = 1,
                           .seed = seed };

    return keyed_make(&c);
}

static size_t follow(const struct keyed *k, double te)
{
    chip_track_follow(&track, &table, &k->keying, 0, (double)k->n, te);
    assert_true(track.chips.n <= ROOM);
    for (size_t i = 0; i < track.chips.n; i++)
        assert_true(track.edges[i + 1] > track.edges[i]);
    return track.chips.n;
}

/* How far, in chips, the nearest edge is from the instant; signed. */
static double error_at(double instant, size_t n)
{
    double best = 1e9;

    for (size_t i = 0; i <= n; i++)
        if (fabs(track.edges[i] - instant) < fabs(best))
            best = track.edges[i] - instant;
    return best / TE;
}

/* Phases are eighths of a chip: right to half of one, and noise. */
static void an_even_lattice_is_followed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct synth_train t = { 0 };
        data(&t, seed);
        struct keyed k = burst(&t, 16, seed);
        size_t n = follow(&k, TE);
        assert_true(n >= 3 * BITS);
        for (size_t i = 0; i <= 3 * BITS; i++)
            assert_true(fabs(error_at(200 + (double)i * TE, n)) < 0.2);
        keyed_free(&k);
        synth_free(&t);
    }
}

/* Two copies, the second half a chip late after 25.5 chips of silence. Chips
 * of the silence itself may be of either lattice. */
static void a_jump_in_silence_is_followed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct synth_train t = { 0 };
        double second = 200 + (3 * BITS + 40.5) * TE;
        data(&t, seed);
        synth_add(&t, SYNTH_SPACE, 40.5 * TE_US);
        data(&t, seed + 100);
        struct keyed k = burst(&t, 16, seed);
        size_t n = follow(&k, TE);
        for (size_t i = 0; i + 3 <= 3 * BITS; i++)
            assert_true(fabs(error_at(200 + (double)i * TE, n)) < 0.2);
        for (size_t i = 3; i <= 3 * BITS; i++)
            assert_true(fabs(error_at(second + (double)i * TE, n)) < 0.2);
        keyed_free(&k);
        synth_free(&t);
    }
}

/* TE known to 0.4 %: over 180 chips three quarters of one. */
static void a_creeping_clock_is_followed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct synth_train t = { 0 };
        data(&t, seed);
        struct keyed k = burst(&t, 18, seed);
        size_t n = follow(&k, TE * (seed % 2 ? 1.004 : 0.996));
        for (size_t i = 0; i <= 3 * BITS; i++)
            assert_true(fabs(error_at(200 + (double)i * TE, n)) < 0.25);
        keyed_free(&k);
        synth_free(&t);
    }
}

static void it_stays_in_its_room(void **state)
{
    struct synth_train t = { 0 };

    (void)state;
    data(&t, 1);
    struct keyed k = burst(&t, 16, 1);
    for (size_t room = 1; room < 300; room = room * 2 + 1) {
        struct chip_track small;
        assert_int_equal(chip_track_init(&small, room), 0);
        chip_track_follow(&small, &table, &k.keying, 0, (double)k.n, TE);
        assert_true(small.chips.n <= room);
        chip_track_finish(&small);
    }
    for (double n = 0; n < 40; n += 3.7) {
        chip_track_follow(&track, &table, &k.keying, 50, 50 + n, TE);
        assert_true(track.chips.n <= 3 + CHIP_TRACK_BLOCK);
    }
    keyed_free(&k);
    synth_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_even_lattice_is_followed),
        cmocka_unit_test(a_jump_in_silence_is_followed),
        cmocka_unit_test(a_creeping_clock_is_followed),
        cmocka_unit_test(it_stays_in_its_room),
    };

    likelihood_init(&table);
    if (chip_track_init(&track, ROOM) != 0)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    chip_track_finish(&track);
    chip_track_finish(&(struct chip_track){ 0 });
    return failed;
}
