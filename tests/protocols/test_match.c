/* Frames read as unknown whose format is known after all.
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

#include "protocols/match.h"
#include "protocols/unknown.h"
#include "tests/protocols/sent.h"

extern const struct protocol protocol_hcs200;

enum { ROOM = 4000 };

static struct likelihood table;
static struct chip_track track;
static struct unknown unknown;

/* The sighting of a train, as of no known format. */
static struct sighting read_train(const struct synth_train *t, double te_us,
                                  uint64_t seed)
{
    struct sighting seen[4];
    struct keyed k = sent_keyed(t, MODULATION_OOK, te_us, 25, seed);

    chip_track_follow(&track, &table, &k.keying, 0, (double)k.n, SENT_TE);
    size_t n = unknown_find(&unknown, &k.keying, &track, seen, 4);
    assert_int_equal(n, 1);
    assert_null(seen[0].protocol);
    keyed_free(&k);
    return seen[0];
}

/* An HCS200 frame of which preamble and header have a TE of their own. */
static struct sighting hcs200_of(const struct bits *b, size_t pulses,
                                 double head_us, double te_us, uint64_t seed)
{
    struct synth_train t = { 0 };
    char text[BITS_MAX + 1];

    for (size_t i = 0; i < pulses; i++)
        synth_chips(&t, i + 1 < pulses ? "10" : "1", head_us);
    synth_add(&t, SYNTH_SPACE, 10 * head_us);
    synth_bits_text(b, text);
    synth_bits(&t, protocol_hcs200.waveforms, text, te_us);
    synth_add(&t, SYNTH_SPACE, 39 * te_us);
    struct sighting s = read_train(&t, te_us, seed);
    synth_free(&t);
    return s;
}

static struct sighting hcs200(const struct bits *b, double head_us,
                              double te_us, uint64_t seed)
{
    return hcs200_of(b, 12, head_us, te_us, seed);
}

/* As an HCS301 of a DoorHan remote has it: 402 and 415 us. */
static void a_preamble_faster_than_its_data_is_matched(void **state)
{
    struct synth_random r = { 1 };

    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct bits b = sent_bits(&protocol_hcs200, 66, &r);
        double head_us = seed % 2 ? 402 : 415;
        struct sighting s = hcs200(&b, head_us, 415, seed);
        assert_true(match_protocol(&s, MODULATION_OOK, 415));
        assert_ptr_equal(s.protocol, &protocol_hcs200);
        assert_ptr_equal(s.waveform, protocol_hcs200.waveforms);
        assert_int_equal(s.bits.n, 66);
        assert_memory_equal(s.bits.value, b.value, 66);
        assert_int_equal(s.verdict, VERDICT_PLAUSIBLE);
        assert_true(s.confidence > 0.99);
    }
}

static void is_no_hcs200(struct sighting s, double te_us)
{
    struct sighting before = s;

    if (match_protocol(&s, MODULATION_OOK, te_us))
        assert_ptr_not_equal(s.protocol, &protocol_hcs200);
    else
        assert_memory_equal(&s.bits, &before.bits, sizeof s.bits);
}

/* 64 or 68 bits, a TE outside of the range, a check that objects. */
static void what_does_not_fit_is_left_as_it_is(void **state)
{
    struct synth_random r = { 2 };
    struct bits b = sent_bits(&protocol_hcs200, 66, &r);

    (void)state;
    struct sighting s = hcs200(&b, 400, 400, 20);
    is_no_hcs200(s, 200);
    is_no_hcs200(s, 700);
    for (size_t n = 60; n <= 70; n++)
        if (n < 65 || n > 67) {
            b.n = n;
            is_no_hcs200(hcs200(&b, 400, 400, 21 + n), 400);
        }
    b.n = 66;
    memset(b.value + 60, 0, 4); /* no button */
    is_no_hcs200(hcs200(&b, 400, 400, 40), 400);
}

/* A receiver's squelch may have eaten pulses; nothing adds them. */
static void a_preamble_has_no_more_than_its_pulses(void **state)
{
    struct synth_random r = { 4 };

    (void)state;
    for (size_t pulses = 4; pulses <= 15; pulses++) {
        struct bits b = sent_bits(&protocol_hcs200, 66, &r);
        struct sighting s = hcs200_of(&b, pulses, 400, 400, 60 + pulses);
        match_protocol(&s, MODULATION_OOK, 400);
        assert_true((s.protocol == &protocol_hcs200) == (pulses <= 12));
    }
}

static void a_format_of_nobody_is_not_matched(void **state)
{
    const struct waveform w = { .kind = LINE_MANCHESTER,
                                .te_us = 400,
                                .preamble_pulses = 12,
                                .header = 6,
                                .sync = "1" };
    struct synth_random r = { 3 };
    struct synth_train t = { 0 };
    struct bits b = { .n = 50 };

    (void)state;
    for (size_t i = 0; i < b.n; i++)
        b.value[i] = i > 0 && synth_random_u64(&r) & 1;
    synth_frame(&t, &w, &(struct synth_style){ 0 }, &b);
    struct sighting s = read_train(&t, 400, 50);
    assert_false(match_protocol(&s, MODULATION_OOK, 400));
    assert_null(s.protocol);
    synth_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_preamble_faster_than_its_data_is_matched),
        cmocka_unit_test(what_does_not_fit_is_left_as_it_is),
        cmocka_unit_test(a_preamble_has_no_more_than_its_pulses),
        cmocka_unit_test(a_format_of_nobody_is_not_matched),
    };

    likelihood_init(&table);
    if (unknown_init(&unknown, &table, ROOM) != 0 ||
        chip_track_init(&track, ROOM) != 0)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    chip_track_finish(&track);
    unknown_finish(&unknown);
    return failed;
}
