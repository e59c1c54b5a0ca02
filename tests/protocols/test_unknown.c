/* Formats that no descriptor knows: code and bits come out of the chips.
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

#include "protocols/unknown.h"
#include "tests/protocols/sent.h"

enum { ROOM = 4000, SEEN_MAX = 16, COPIES = 3 };

static struct likelihood table;
static struct chip_track track;
static struct unknown unknown;
static struct sighting seen[SEEN_MAX];
static char sent[BITS_MAX + 1], read_back[BITS_MAX + 1];

static const struct waveform formats[] = {
    { .kind = LINE_PWM, .symbols = { "110", "100" }, .header = 9 },
    { .kind = LINE_PPM, .symbols = { "10", "1000" }, .header = 9 },
    { .kind = LINE_MANCHESTER, .header = 7, .sync = "1" },
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

static void random_bits(struct synth_random *r, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sent[i] = synth_random_u64(r) & 1 ? '1' : '0';
    sent[n] = '\0';
}

/* Twelve pulses, a gap, the bits. */
static void add_frame(struct synth_train *t, const struct waveform *format,
                      double te_us)
{
    struct waveform w = *format;
    struct bits b;

    w.te_us = (float)te_us;
    w.preamble_pulses = 12;
    synth_bits_from(&b, sent);
    synth_frame(t, &w, &(struct synth_style){ 0 }, &b);
}

static size_t find(const struct keyed *k, double te)
{
    chip_track_follow(&track, &table, &k->keying, 0, (double)k->n, te);
    assert_true(track.chips.n > 0 && track.chips.n <= ROOM);
    size_t n = unknown_find(&unknown, &k->keying, &track, seen, SEEN_MAX);
    assert_true(n <= SEEN_MAX);
    return n;
}

/* The bits of a sighting contain those that were sent; up to two more in front
 * (a start bit) and none behind. */
static bool has_sent(const struct sighting *s)
{
    synth_bits_text(&s->bits, read_back);
    const char *at = strstr(read_back, sent);
    return at != NULL && at - read_back <= 2 && strlen(at) == strlen(sent);
}

/* One frame, its first chip and its TE. */
static void is_read(const struct waveform *w, enum modulation m, uint64_t seed)
{
    struct synth_train t = { 0 };
    struct synth_random r = { seed };

    random_bits(&r, 40 + seed % 30);
    if (w->kind == LINE_MANCHESTER) /* ones would look like a preamble */
        sent[0] = '0';
    add_frame(&t, w, 300);
    struct keyed k = sent_keyed(&t, m, 300, 20, seed);
    assert_int_equal(find(&k, SENT_TE), 1);
    const struct sighting *s = &seen[0];
    assert_null(s->protocol);
    assert_null(s->waveform);
    assert_int_equal(s->code.kind, w->kind);
    assert_true(has_sent(s));
    assert_true(s->score > 0 && s->gain > 0);
    assert_true(s->confidence > 0.9);
    assert_float_equal((float)(s->lattice.te / SENT_TE), 1.0f, 0.005f);
    assert_float_equal(s->power / k.keying.power, 1.0f, 0.2f);
    /* Twelve pulses; before the first the carrier of FSK is off, and noise may
     * look like one more or one less. */
    double some = m == MODULATION_FSK ? 2.5 : 0.5;
    double start = s->lattice.start / SENT_TE - SENT_AROUND - 0.3;
    assert_true(fabs(start) < some);
    assert_true(fabs((double)s->preamble_chips - 23) <= some);
    double chips = synth_duration_us(&t) / 300;
    assert_true(fabs((double)s->n_chips - chips) <= some + 1);
    keyed_free(&k);
    synth_free(&t);
}

static void codes_and_bits_come_out_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < FORMATS; i++)
        for (uint64_t seed = 1; seed <= 10; seed++) {
            is_read(&formats[i], MODULATION_OOK, seed);
            if (formats[i].kind != LINE_PPM) /* nobody sends it so */
                is_read(&formats[i], MODULATION_FSK, seed + 50);
        }
}

/* 22.4 chips of silence between them. */
static void copies_are_read_alike(void **state)
{
    (void)state;
    for (size_t i = 0; i < FORMATS; i++) {
        struct synth_train t = { 0 };
        struct synth_random r = { 70 + i };
        random_bits(&r, 50);
        sent[0] = '0';
        for (int copy = 0; copy < 3; copy++) {
            add_frame(&t, &formats[i], 300);
            synth_add(&t, SYNTH_SPACE, 22.4 * 300);
        }
        struct keyed k = sent_keyed(&t, MODULATION_OOK, 300, 20, i);
        assert_int_equal(find(&k, SENT_TE), 3);
        for (size_t j = 0; j < 3; j++) {
            assert_int_equal(seen[j].code.kind, formats[i].kind);
            assert_true(has_sent(&seen[j]));
        }
        keyed_free(&k);
        synth_free(&t);
    }
}

/* Each copy to the bit, and sure. */
static void copies_are_whole(const struct synth_train *t, enum line_kind kind,
                             double e_n0_db, uint64_t seed)
{
    struct keyed k = sent_keyed(t, MODULATION_OOK, 300, e_n0_db, seed);

    assert_int_equal(find(&k, SENT_TE), COPIES);
    for (size_t i = 0; i < COPIES; i++) {
        assert_null(seen[i].protocol);
        assert_int_equal(seen[i].code.kind, kind);
        synth_bits_text(&seen[i].bits, read_back);
        assert_string_equal(read_back, sent);
        assert_true(seen[i].confidence > 0.9);
    }
    keyed_free(&k);
}

/* Kia V1: pulses of two chips are Manchester bits in turn, a chip beside those of
 * the data, whose first bit begins where a pulse of the preamble would go on. The
 * next copy's pulses follow the data at once, a low between them. */
static void add_slow_copy(struct synth_train *t, unsigned pulses)
{
    static const struct waveform manchester = { .kind = LINE_MANCHESTER };

    for (unsigned i = 0; i < pulses; i++)
        synth_chips(t, "1100", 300);
    synth_chips(t, "1", 300);
    synth_bits(t, &manchester, sent, 300);
    if (sent[strlen(sent) - 1] == '0') /* which ends high */
        synth_chips(t, "0", 300);
}

/* What begins with 10 is a longer preamble, with 111 another one. */
static void random_manchester(struct synth_random *r, size_t n)
{
    random_bits(r, n);
    if (sent[0] == '0')
        return;
    memcpy(sent, "110", 3);
}

static void read_after_slow_preambles(uint64_t seed)
{
    struct synth_train t = { 0 };
    struct synth_random r = { seed };
    const unsigned pulses = 40 + (unsigned)(synth_random_u64(&r) % 51);

    random_manchester(&r, 40 + seed % 25);
    for (int copy = 0; copy < COPIES; copy++)
        add_slow_copy(&t, pulses);
    copies_are_whole(&t, LINE_MANCHESTER, 26, seed);
    synth_free(&t);
}

static void the_next_slow_preamble_takes_no_bits(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 75; seed++)
        read_after_slow_preambles(seed);
}

/* last: the last bit. */
static void read_low_first(const struct waveform *w, char last, uint64_t seed)
{
    struct synth_train t = { 0 };
    struct synth_random r = { seed };

    random_bits(&r, 40 + seed % 25);
    sent[strlen(sent) - 1] = last;
    for (int copy = 0; copy < COPIES; copy++)
        add_frame(&t, w, 300);
    copies_are_whole(&t, LINE_PWM, 20, seed);
    synth_free(&t);
}

/* The first pulse of the next preamble is one with the last of the data, or a chip
 * behind it. */
static void the_next_preamble_takes_no_bits(void **state)
{
    static const struct waveform low_first[] = {
        { .kind = LINE_PWM, .symbols = { "011", "001" } },
        { .kind = LINE_PWM,
          .symbols = { "011", "001" },
          .header = 2,
          .guard = 1 },
    };

    (void)state;
    for (size_t i = 0; i < 2; i++)
        for (uint64_t seed = 1; seed <= 25; seed++) {
            read_low_first(&low_first[i], '0', seed);
            read_low_first(&low_first[i], '1', seed + 50);
        }
}

static void noise_gives_no_sighting(void **state)
{
    struct synth_train t = { 0 };

    (void)state;
    synth_add(&t, SYNTH_SILENT, 1500 * 300);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct keyed k =
            sent_keyed(&t, MODULATION_OOK, 300, 10 + (double)(seed % 10), seed);
        assert_int_equal(find(&k, SENT_TE), 0);
        keyed_free(&k);
    }
    synth_free(&t);
}

/* A frame that is known leaves nothing; two, one of which is known, do. */
static void what_is_left_is_told(void **state)
{
    struct synth_train t = { 0 };
    struct synth_random r = { 90 };

    (void)state;
    for (int copy = 0; copy < 2; copy++) {
        random_bits(&r, 50);
        add_frame(&t, &formats[0], 300);
        synth_add(&t, SYNTH_SPACE, 22.4 * 300);
    }
    struct keyed k = sent_keyed(&t, MODULATION_OOK, 300, 20, 90);
    assert_int_equal(find(&k, SENT_TE), 2);
    assert_true(unknown_is_left(&track, seen, 0));
    assert_true(unknown_is_left(&track, seen, 1));
    assert_true(unknown_is_left(&track, seen + 1, 1));
    assert_false(unknown_is_left(&track, seen, 2));
    keyed_free(&k);
    synth_free(&t);
}

static void it_stays_in_its_room(void **state)
{
    struct synth_train t = { 0 };
    struct synth_random r = { 91 };

    (void)state;
    for (int copy = 0; copy < 4; copy++) {
        random_bits(&r, 50);
        add_frame(&t, &formats[0], 300);
        synth_add(&t, SYNTH_SPACE, 22.4 * 300);
    }
    struct keyed k = sent_keyed(&t, MODULATION_OOK, 300, 20, 91);
    chip_track_follow(&track, &table, &k.keying, 0, (double)k.n, SENT_TE);
    for (size_t room = 0; room <= 4; room++) {
        struct sighting *exact = malloc((room + 1) * sizeof *exact);
        assert_non_null(exact);
        exact[room].n_chips = 12345;
        assert_int_equal(unknown_find(&unknown, &k.keying, &track, exact, room),
                         room);
        assert_int_equal(exact[room].n_chips, 12345);
        free(exact);
    }
    keyed_free(&k);
    synth_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_and_bits_come_out_together),
        cmocka_unit_test(copies_are_read_alike),
        cmocka_unit_test(the_next_slow_preamble_takes_no_bits),
        cmocka_unit_test(the_next_preamble_takes_no_bits),
        cmocka_unit_test(noise_gives_no_sighting),
        cmocka_unit_test(what_is_left_is_told),
        cmocka_unit_test(it_stays_in_its_room),
    };

    likelihood_init(&table);
    if (unknown_init(&unknown, &table, ROOM) != 0 ||
        chip_track_init(&track, ROOM) != 0)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    chip_track_finish(&track);
    unknown_finish(&unknown);
    unknown_finish(&(struct unknown){ 0 });
    return failed;
}
