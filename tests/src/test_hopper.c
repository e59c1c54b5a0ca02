/* test_hopper - which band is listened to, on a clock of samples.
 *
 * A world of transmissions, each in a band for so long, is heard by a hopper
 * that takes 30 ms for each change; what it hears it is told every 4 ms.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "src/hopper.h"

#define RATE 1e6
#define STEP (RATE * 0.004)
#define TUNE (RATE * 0.03)

struct sent {
    double start_s, end_s, hz;
};

struct world {
    struct hopper hopper;
    struct hopper_cfg cfg;
    const struct sent *sent; /* ends with an end_s of 0 */
    uint64_t now;
    unsigned band, changes;
    double primed_s[HOPPER_BANDS_MAX];  /* listened to each band */
    double heard_s[8];                  /* of each transmission */
    enum hopper_harmonic last_harmonic; /* of the last that was heard */
    double longest_s, since_s;          /* in one band */
};

static void begin(struct world *w, const struct hopper_cfg *cfg,
                  const struct sent *sent)
{
    *w = (struct world){ .cfg = *cfg, .sent = sent };
    w->cfg.rate_hz = RATE;
    w->cfg.settle_s = 0.02;
    hopper_init(&w->hopper, &w->cfg);
}

static double seconds(const struct world *w)
{
    return (double)w->now / RATE;
}

/* The transmission that is on in the band now; NULL: none. */
static const struct sent *on_air(const struct world *w)
{
    for (const struct sent *s = w->sent; s->end_s > 0; s++)
        if (seconds(w) >= s->start_s && seconds(w) < s->end_s &&
            fabs(s->hz - w->cfg.band_hz[w->band]) < 1e6)
            return s;
    return NULL;
}

static void run(struct world *w, double until_s)
{
    while (seconds(w) < until_s) {
        const struct sent *s = on_air(w);
        const struct hopper_view view = {
            .now = w->now,
            .is_settled = w->primed_s[w->band] > 0.5,
            .is_busy = s != NULL,
            .busy_hz = s != NULL ? s->hz : NAN,
        };
        const int next = hopper_next(&w->hopper, &view);

        if (s != NULL) {
            w->heard_s[s - w->sent] += STEP / RATE;
            w->last_harmonic = hopper_is_harmonic(&w->hopper, s->hz, w->now);
        }
        if (next >= 0) {
            w->band = (unsigned)next;
            w->changes++;
            hopper_tuned(&w->hopper, w->band, w->now);
            w->now += (uint64_t)TUNE;
            w->since_s = seconds(w);
        }
        w->longest_s = fmax(w->longest_s, seconds(w) - w->since_s);
        w->primed_s[w->band] += STEP / RATE;
        w->now += (uint64_t)STEP;
    }
}

static const struct hopper_cfg three = {
    .bands = 3, .band_hz = { 315e6, 433.92e6, 868.35e6 }
};
static const struct sent nothing[] = { { 0, 0, 0 } };

static void one_band_is_never_left(void **state)
{
    const struct hopper_cfg one = { .bands = 1, .band_hz = { 433.92e6 } };
    struct world w;

    (void)state;
    begin(&w, &one, nothing);
    run(&w, 60);
    assert_int_equal(w.changes, 0);
}

/* Each floor is learnt once; then a round takes less than a press. */
static void a_round_is_short(void **state)
{
    struct world w;

    (void)state;
    begin(&w, &three, nothing);
    run(&w, 2);
    for (unsigned i = 0; i < 3; i++)
        assert_true(w.primed_s[i] > 0.5);
    w.changes = 0;
    run(&w, 12);
    assert_true(w.changes >= 3 * 10 / 0.85);
    assert_true(hopper_round_seconds(&w.hopper) < 0.85);
    assert_true(hopper_press_seconds(&w.hopper) == 1);
}

/* A server's buffers are a quarter of a second old: a round takes longer, and so
 * must a press. */
static void a_slow_receiver_says_so(void **state)
{
    struct hopper_cfg slow = three;
    struct hopper h;

    (void)state;
    slow.settle_s = 0.25;
    hopper_init(&h, &slow);
    assert_true(hopper_round_seconds(&h) > 0.9);
    assert_true(hopper_press_seconds(&h) > hopper_round_seconds(&h));
}

/* Whenever it begins: half of a second is heard, enough for frames of 100 ms. */
static void a_press_of_a_second_is_heard_in_any_band(void **state)
{
    (void)state;
    for (unsigned band = 0; band < 3; band++)
        for (double start_s = 3; start_s < 4; start_s += 0.037) {
            const struct sent press[] = { { start_s, start_s + 1,
                                            three.band_hz[band] + 30e3 },
                                          { 0, 0, 0 } };
            struct world w;

            begin(&w, &three, press);
            run(&w, 6);
            assert_true(w.heard_s[0] > 0.3);
        }
}

/* Eight bands are too many for that; each is still heard now and then. */
static void eight_bands_are_all_heard(void **state)
{
    const struct hopper_cfg eight = {
        .bands = 8,
        .band_hz = { 303e6, 315e6, 345e6, 390e6, 418e6, 433.92e6, 868.35e6,
                     915e6 },
    };
    struct world w;

    (void)state;
    begin(&w, &eight, nothing);
    run(&w, 20);
    for (unsigned i = 0; i < 8; i++)
        assert_true(w.primed_s[i] > 1);
}

static void a_press_is_stayed_with_to_its_end(void **state)
{
    const struct sent press[] = { { 3, 5.5, 315.05e6 }, { 0, 0, 0 } };
    struct world w;

    (void)state;
    begin(&w, &three, press);
    run(&w, 7);
    assert_true(w.heard_s[0] > 2.5 - 0.7);
    assert_true(w.longest_s < 3);
}

/* Interference is left after a while, and no reason to stay any more. */
static void a_carrier_for_ever_does_not_hold_it(void **state)
{
    const struct sent carrier[] = { { 3, 1000, 433.2e6 }, { 0, 0, 0 } };
    struct world w;

    (void)state;
    begin(&w, &three, carrier);
    run(&w, 10);
    w.changes = 0;
    w.longest_s = 0;
    run(&w, 30);
    assert_true(w.longest_s < 0.3);
    assert_true(w.changes >= 3 * 20 / 0.85);
}

static void a_harmonic_is_known_when_its_fob_was_heard(void **state)
{
    const struct sent both[] = { { 3, 4, 433.92e6 },
                                 { 3, 4, 867.84e6 },
                                 { 0, 0, 0 } };

    (void)state;
    for (double start_s = 0; start_s < 1; start_s += 0.053) {
        struct sent now[3] = { both[0], both[1], both[2] };
        struct world w;

        for (int i = 0; i < 2; i++) {
            now[i].start_s += start_s;
            now[i].end_s += start_s;
        }
        begin(&w, &three, now);
        run(&w, 7);
        assert_true(w.heard_s[0] > 0.3);
        /* in time: a frame of the harmonic would have come to be held */
        assert_int_equal(
            hopper_is_harmonic(&w.hopper, 867.84e6,
                               (uint64_t)((now[0].start_s + 0.5) * RATE)),
            HOPPER_YES);
    }
}

/* The half is looked at and nothing is there. */
static void alone_it_is_a_fob_of_its_own(void **state)
{
    (void)state;
    for (double start_s = 3; start_s < 4; start_s += 0.053) {
        const struct sent alone[] = { { start_s, start_s + 1, 867.84e6 },
                                      { 0, 0, 0 } };
        struct world w;

        begin(&w, &three, alone);
        run(&w, 6);
        assert_true(w.heard_s[0] > 0.2);
        assert_int_equal(w.last_harmonic, HOPPER_NO);
    }
}

/* The usual fob of that band is not even suspected. */
static void an_868_fob_is_not_suspected(void **state)
{
    struct world w;

    (void)state;
    begin(&w, &three, nothing);
    run(&w, 3);
    assert_int_equal(hopper_is_harmonic(&w.hopper, 868.35e6, w.now), HOPPER_NO);
    assert_int_equal(hopper_is_harmonic(&w.hopper, 867.84e6, w.now),
                     HOPPER_PERHAPS);
}

/* What was sent before, in another band, has nothing to do with it. */
static void an_earlier_press_makes_no_harmonic(void **state)
{
    const struct sent first[] = { { 3, 4, 433.92e6 },
                                  { 6, 7, 867.84e6 },
                                  { 0, 0, 0 } };
    struct world w;

    (void)state;
    begin(&w, &three, first);
    run(&w, 9);
    assert_true(w.heard_s[1] > 0.2);
    assert_int_equal(w.last_harmonic, HOPPER_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_band_is_never_left),
        cmocka_unit_test(a_round_is_short),
        cmocka_unit_test(a_slow_receiver_says_so),
        cmocka_unit_test(a_press_of_a_second_is_heard_in_any_band),
        cmocka_unit_test(eight_bands_are_all_heard),
        cmocka_unit_test(a_press_is_stayed_with_to_its_end),
        cmocka_unit_test(a_carrier_for_ever_does_not_hold_it),
        cmocka_unit_test(a_harmonic_is_known_when_its_fob_was_heard),
        cmocka_unit_test(alone_it_is_a_fob_of_its_own),
        cmocka_unit_test(an_868_fob_is_not_suspected),
        cmocka_unit_test(an_earlier_press_makes_no_harmonic),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
