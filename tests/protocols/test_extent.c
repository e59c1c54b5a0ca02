/* Bits that lie where they are said to, a bit off, one too many, one too few.
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

#include "protocols/extent.h"
#include "protocols/sighting.h"
#include "tests/protocols/sent.h"

enum { BITS = 40, ROOM = 600 };

static struct likelihood table;
static struct line_decoder decoder;

static const struct waveform codes[] = {
    { .kind = LINE_PWM, .symbols = { "110", "100" } },
    { .kind = LINE_MANCHESTER },
    { .kind = LINE_PPM, .symbols = { "10", "1000" } },
};
enum { CODES = sizeof codes / sizeof codes[0] };

struct scene {
    struct keyed keyed;
    struct chips chips, own;
    void *memory, *own_memory;
    size_t end; /* chip after the last bit */
};

/* Random bits after SENT_AROUND chips of noise; PPM ends with a pulse. */
static struct scene send_as(enum modulation m, const struct waveform *w,
                            double e_n0_db, uint64_t seed)
{
    struct synth_train t = { 0 };
    struct synth_random r = { seed };
    struct scene s = { .memory = calloc(1, chips_bytes(ROOM)),
                       .own_memory = calloc(1, chips_bytes(ROOM)) };
    char bits[BITS + 1] = "";

    assert_true(s.memory != NULL && s.own_memory != NULL);
    for (size_t i = 0; i < BITS; i++)
        bits[i] = synth_random_u64(&r) & 1 ? '1' : '0';
    bits[BITS - 1] = '0';
    synth_bits(&t, w, bits, 300);
    s.end = SENT_AROUND + (size_t)(synth_duration_us(&t) / 300 + 0.5);
    s.keyed = sent_keyed(&t, m, 300, e_n0_db, seed);
    chips_attach(&s.chips, s.memory, ROOM);
    chips_attach(&s.own, s.own_memory, ROOM);
    chips_measure(&s.chips, &table, &s.keyed.keying,
                  (struct lattice){ 0.3 * SENT_TE, SENT_TE },
                  s.keyed.n / SENT_TE - 1, CHIPS_RUN_MAX);
    synth_free(&t);
    return s;
}

static struct scene send(const struct waveform *w, double e_n0_db,
                         uint64_t seed)
{
    return send_as(MODULATION_OOK, w, e_n0_db, seed);
}

static void discard(struct scene *s)
{
    keyed_free(&s->keyed);
    free(s->memory);
    free(s->own_memory);
}

/* Of n bits from chip first on. */
static double certainty(struct scene *s, const struct waveform *w, size_t first,
                        size_t n, struct bits *bits)
{
    const struct line_code code = line_code_of(w);
    size_t end = 0;

    chips_measure(&s->own, &table, &s->keyed.keying,
                  (struct lattice){ (0.3 + (double)first) * SENT_TE, SENT_TE },
                  s->chips.n - first, CHIPS_RUN_MAX);
    assert_true(line_code_decode(&decoder, &code, &table, &s->own, 0, n, bits,
                                 &end) > -INFINITY);
    double c = extent_certainty(&(struct extent){
        .likelihood = &table,
        .chips = &s->chips,
        .fitted = &s->own,
        .code = &code,
        .bits = bits,
        .first = first,
        .end = first + end,
        .is_after_silence = true,
    });
    assert_true(c >= 0 && c <= 1);
    return c;
}

static void bits_in_their_place_are_sure(void **state)
{
    struct bits b;

    (void)state;
    for (size_t i = 0; i < CODES; i++)
        for (uint64_t seed = 1; seed <= 10; seed++) {
            struct scene s = send(&codes[i], 18, seed);
            assert_true(certainty(&s, &codes[i], SENT_AROUND, BITS, &b) > 0.99);
            discard(&s);
        }
}

/* A bit late, or one too few or too many. PPM's last pulse is its last bit. */
static void bits_out_of_their_place_are_not(void **state)
{
    struct bits b;

    (void)state;
    for (size_t i = 0; i < CODES; i++)
        for (uint64_t seed = 1; seed <= 10; seed++) {
            const struct line_code l = line_code_of(&codes[i]);
            struct scene s = send(&codes[i], 18, seed);
            assert_true(certainty(&s, &codes[i], SENT_AROUND, BITS, &b) > 0.99);
            size_t late = SENT_AROUND + line_code_length(&l, b.value[0]);
            assert_true(certainty(&s, &codes[i], late, BITS - 1, &b) < 0.01);
            assert_true(certainty(&s, &codes[i], SENT_AROUND, BITS - 1, &b) <
                        0.01);
            if (codes[i].kind != LINE_PPM) /* nothing: a pulse more is tried */
                assert_true(
                    certainty(&s, &codes[i], SENT_AROUND, BITS + 1, &b) < 0.01);
            discard(&s);
        }
}

/* Where chips are doubtful, less sure than the bits by themselves. */
static void doubt_about_the_ends_counts(void **state)
{
    double sure = 0, bits_alone = 0;
    struct bits b;

    (void)state;
    for (size_t i = 0; i < CODES; i++)
        for (uint64_t seed = 1; seed <= 20; seed++) {
            struct scene s = send(&codes[i], 9, seed);
            sure += certainty(&s, &codes[i], SENT_AROUND, BITS, &b);
            bits_alone += sighting_confidence(&b);
            discard(&s);
        }
    assert_true(sure < bits_alone && sure > 0);
}

/* Nats for a bit from chip end on. */
static double more(const struct scene *s, const struct waveform *w, size_t end)
{
    const struct line_code code = line_code_of(w);

    return extent_more(&(struct extent){
        .likelihood = &table, .chips = &s->chips, .code = &code, .end = end });
}

/* Where the bits end there is none, nor where the chips do. */
static void a_bit_more_is_told(void **state)
{
    static const struct waveform low_first = { .kind = LINE_PWM,
                                               .symbols = { "011", "001" } };
    const struct waveform *w[] = { &codes[0], &low_first };

    (void)state;
    for (size_t i = 0; i < 2; i++)
        for (uint64_t seed = 1; seed <= 10; seed++) {
            struct scene s = send(w[i], 18, seed);
            for (size_t bits = 1; bits < BITS; bits++)
                assert_true(more(&s, w[i], s.end - 3 * bits) > 5);
            assert_true(more(&s, w[i], s.end) < -5);
            assert_true(more(&s, w[i], s.chips.n - 2) < -5);
            discard(&s);
        }
}

static void codes_that_cannot_tell_do_not(void **state)
{
    static const struct waveform others[] = {
        { .kind = LINE_MANCHESTER },
        { .kind = LINE_PPM, .symbols = { "10", "1000" } },
        { .kind = LINE_PPM, .symbols = { "10", "100" } },
        { .kind = LINE_PWM, .symbols = { "10", "1100" } },
        { .kind = LINE_DIFF_MANCHESTER },
        { .kind = LINE_PIWM },
    };

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct scene s = send(&others[i], 18, i + 1);
        for (size_t at = SENT_AROUND; at <= s.chips.n; at++)
            assert_true(more(&s, &others[i], at) == -1);
        discard(&s);
    }
}

static void fsk_cannot_tell_either(void **state)
{
    (void)state;
    for (size_t i = 0; i < CODES; i++) {
        struct scene s = send_as(MODULATION_FSK, &codes[i], 18, i + 1);
        assert_true(s.chips.is_fsk);
        for (size_t at = SENT_AROUND; at <= s.chips.n; at++)
            assert_true(more(&s, &codes[i], at) == -1);
        discard(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_in_their_place_are_sure),
        cmocka_unit_test(bits_out_of_their_place_are_not),
        cmocka_unit_test(doubt_about_the_ends_counts),
        cmocka_unit_test(a_bit_more_is_told),
        cmocka_unit_test(codes_that_cannot_tell_do_not),
        cmocka_unit_test(fsk_cannot_tell_either),
    };

    likelihood_init(&table);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
