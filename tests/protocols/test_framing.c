/* Every registered format, synthesised and found; and none in noise.
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

#include "protocols/framing.h"
#include "tests/protocols/sent.h"

enum { ROOM = 8000 };

static struct likelihood table;
static struct chip_track track;
static struct framing framing;
static struct sighting seen[FRAMING_SIGHTINGS_MAX];

static size_t find(const struct keyed *k, double te)
{
    const struct chip_rate rate = { te, 1000 };
    size_t n =
        framing_find(&framing, &k->keying, 0, (double)k->n, &rate, 1, seen);

    assert_true(n <= FRAMING_SIGHTINGS_MAX);
    return n;
}

static bool has_bits(const struct sighting *s, const struct bits *b)
{
    return s->bits.n == b->n && memcmp(s->bits.value, b->value, b->n) == 0;
}

static double start_of(const struct sighting *s)
{
    return s->lattice.start / SENT_TE - SENT_AROUND - 0.3;
}

/* One frame. The best of its place comes first, with its bits, within half a
 * chip; TE is good to 0.4 %, half a chip over 125, as many as the shortest has.
 */
static void is_found(const struct protocol *p, const struct waveform *w,
                     enum modulation m, uint64_t seed)
{
    struct synth_train t = { 0 };
    struct synth_random r = { seed };
    struct bits b = sent_bits(p, w->n_bits, &r);
    double te_us = (double)w->te_us;
    double silence = w->preamble_pulses > 0 ? 0 : w->header;

    sent_frame(&t, w, te_us, &b);
    struct keyed k = sent_keyed(&t, m, te_us, 25, seed);
    if (find(&k, SENT_TE) < 1)
        fail_msg("waveform %d of %s is not found", (int)(w - p->waveforms),
                 p->name);
    assert_string_equal(seen[0].protocol->name, p->name);
    assert_ptr_equal(seen[0].waveform, w);
    assert_true(has_bits(&seen[0], &b));
    assert_int_equal(seen[0].verdict, p->check(&b));
    assert_true(seen[0].confidence > 0.999);
    assert_true(fabs(start_of(&seen[0]) - silence) < 0.5);
    assert_float_equal((float)(seen[0].lattice.te / SENT_TE), 1.0f, 0.004f);
    double chips = synth_duration_us(&t) / te_us - silence;
    assert_true((double)seen[0].n_chips <= chips + 0.01);
    assert_true((double)seen[0].n_chips >= chips - w->guard - 2.01);
    keyed_free(&k);
    synth_free(&t);
}

static void every_format_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; protocols[i] != NULL; i++)
        for (const struct waveform *w = protocols[i]->waveforms; w->n_bits > 0;
             w++)
            for (int m = MODULATION_OOK; m <= MODULATION_FSK; m++) {
                if ((w->modulations & 1u << m) == 0)
                    continue;
                is_found(protocols[i], w, (enum modulation)m, 1);
                is_found(protocols[i], w, (enum modulation)m, 2);
            }
}

/* The power is that of the carrier; edges between samples, which a strong
 * carrier makes much of, count as noise. */
static void levels_are_measured_in_the_frame(void **state)
{
    extern const struct protocol protocol_hcs200;
    struct synth_train t = { 0 };
    struct synth_random r = { 3 };
    struct bits b = sent_bits(&protocol_hcs200, 66, &r);

    (void)state;
    sent_frame(&t, protocol_hcs200.waveforms, 400, &b);
    struct keyed k = sent_keyed(&t, MODULATION_OOK, 400, 20, 3);
    assert_true(find(&k, SENT_TE) >= 1);
    assert_float_equal(seen[0].power / k.keying.power, 1.0f, 0.1f);
    assert_true(seen[0].noise > 0.7f && seen[0].noise < 3.0f);
    keyed_free(&k);
    synth_free(&t);
}

/* The prototype of ARCHITECTURE.md had 90 % at 13.6 dB. At 16 dB it is the grid
 * that costs a bit now and then; TE is known to 1 %, as the chip clock has it. */
static void weak_frames_are_found(void **state)
{
    extern const struct protocol protocol_hcs200;
    struct synth_random r = { 4 };
    unsigned right = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct synth_train t = { 0 };
        struct bits b = sent_bits(&protocol_hcs200, 66, &r);
        sent_frame(&t, protocol_hcs200.waveforms, 400, &b);
        struct keyed k = sent_keyed(&t, MODULATION_OOK, 400, 16, seed);
        assert_true(find(&k, SENT_TE * (seed % 2 ? 1.01 : 0.99)) >= 1);
        assert_ptr_equal(seen[0].protocol, &protocol_hcs200);
        right += has_bits(&seen[0], &b);
        assert_true(fabs(start_of(&seen[0])) < 0.5);
        keyed_free(&k);
        synth_free(&t);
    }
    assert_true(right >= 8);
}

/* Not whole chips apart. */
static void each_copy_is_seen(void **state)
{
    extern const struct protocol protocol_hcs200;
    struct synth_train t = { 0 };
    struct synth_random r = { 5 };
    struct bits b = sent_bits(&protocol_hcs200, 66, &r);
    double starts[3];
    unsigned found[3] = { 0 };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        starts[i] = synth_duration_us(&t) / 400;
        sent_frame(&t, protocol_hcs200.waveforms, 400, &b);
        synth_add(&t, SYNTH_SPACE, 9.4 * 400);
    }
    struct keyed k = sent_keyed(&t, MODULATION_OOK, 400, 20, 5);
    size_t n = find(&k, SENT_TE);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < 3; j++)
            found[j] += seen[i].protocol == &protocol_hcs200 &&
                        fabs(start_of(&seen[i]) - starts[j]) < 0.5 &&
                        has_bits(&seen[i], &b);
    for (size_t j = 0; j < 3; j++)
        assert_int_equal(found[j], 1);
    keyed_free(&k);
    synth_free(&t);
}

/* A carrier is said to be there that is not; the rates are as wrong. */
static void noise_gives_no_sighting(void **state)
{
    struct synth_train t = { 0 };

    (void)state;
    synth_add(&t, SYNTH_SILENT, 600 * 400);
    for (uint64_t seed = 1; seed <= 8; seed++)
        for (int m = MODULATION_OOK; m <= MODULATION_FSK; m++) {
            struct keyed k = sent_keyed(&t, (enum modulation)m, 400,
                                        5 + 2.0 * (double)seed, seed + 100);
            assert_int_equal(find(&k, 8 + 2.0 * (double)seed), 0);
            keyed_free(&k);
        }
    synth_free(&t);
}

/* One bit of 96 is wrong, strongly so: its check says it. */
static void a_frame_that_fails_its_check_is_damaged(void **state)
{
    extern const struct protocol protocol_siemens_5wy72xx;
    const struct protocol *p = &protocol_siemens_5wy72xx;
    struct synth_train t = { 0 };
    struct synth_random r = { 6 };
    struct bits b = sent_bits(p, 96, &r);

    (void)state;
    b.value[50] ^= 1;
    sent_frame(&t, p->waveforms, 220, &b);
    struct keyed k = sent_keyed(&t, MODULATION_OOK, 220, 20, 6);
    size_t n = find(&k, SENT_TE);
    for (size_t i = 0; i < n; i++)
        assert_true(seen[i].protocol != p ||
                    seen[i].verdict == VERDICT_DAMAGED);
    keyed_free(&k);
    synth_free(&t);
}

/* Nor is it clear; and no other place, a bit off, passes the check for it, where
 * chips are too weak to ask for the frame's shape. */
static void a_frame_that_fails_its_check_is_not_clear(void **state)
{
    extern const struct protocol protocol_continental_kr5v2x;
    const struct protocol *p = &protocol_continental_kr5v2x;
    struct synth_random r = { 7 };
    size_t clear[2] = { 0 };

    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct synth_train t = { 0 };
        struct bits b = sent_bits(p, 112, &r);
        for (int is_sent_right = 1; is_sent_right >= 0; is_sent_right--) {
            sent_frame(&t, p->waveforms, 100, &b);
            struct keyed k = sent_keyed(&t, MODULATION_FSK, 100, 10, seed);
            chip_track_follow(&track, &table, &k.keying, 0, (double)k.n,
                              SENT_TE);
            size_t n =
                framing_find_clear(&framing, &k.keying, &track, SENT_TE, seen);
            clear[is_sent_right] += n;
            keyed_free(&k);
            synth_free(&t);
            b.value[seed] ^= 1;
        }
    }
    assert_int_equal(clear[0], 0);
    assert_true(clear[1] >= 50 && clear[1] <= 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_is_found),
        cmocka_unit_test(levels_are_measured_in_the_frame),
        cmocka_unit_test(weak_frames_are_found),
        cmocka_unit_test(each_copy_is_seen),
        cmocka_unit_test(noise_gives_no_sighting),
        cmocka_unit_test(a_frame_that_fails_its_check_is_damaged),
        cmocka_unit_test(a_frame_that_fails_its_check_is_not_clear),
    };

    likelihood_init(&table);
    if (framing_init(&framing, &table, ROOM) != 0 ||
        chip_track_init(&track, ROOM) != 0)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    framing_finish(&framing);
    chip_track_finish(&track);
    framing_finish(&(struct framing){ 0 });
    return failed;
}
