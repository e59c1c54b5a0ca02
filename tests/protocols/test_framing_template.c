/* The chips of a waveform that are known beforehand.
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

#include "protocols/framing_template.h"
#include "tests/protocols/sent.h"

static const struct waveform pwm = { .kind = LINE_PWM,
                                     .symbols = { "110", "100" },
                                     .preamble_pulses = 4,
                                     .preamble_sure = 4,
                                     .header = 5,
                                     .lead = "11",
                                     .wake = "0",
                                     .wake_sure = 2,
                                     .sync = "10",
                                     .stop = "10",
                                     .guard = 3,
                                     .n_bits = 9 };

static void are_chips(const char *chips, size_t n, const char *want)
{
    assert_int_equal(n, strlen(want));
    assert_memory_equal(chips, want, n);
}

static void chips_are_those_of_the_waveform(void **state)
{
    struct framing_template t;
    struct waveform w = pwm;

    (void)state;
    framing_template_build(&t, &w, MODULATION_OOK);
    are_chips(t.chips, t.n,
              "00"
              "1010101"
              "00000"
              "11"
              "110110"
              "100110");
    are_chips(t.tail, t.n_tail,
              "10"
              "000");
    assert_int_equal(t.data, 27);
    assert_int_equal(t.head, 2 + 7);
    /* the carrier of FSK may be on before and after */
    framing_template_build(&t, &w, MODULATION_FSK);
    are_chips(t.chips, t.n,
              "1010101"
              "00000"
              "11"
              "110110"
              "100110");
    are_chips(t.tail, t.n_tail, "10");
    /* more pulses than are sure: what is before them is not known */
    w.preamble_pulses = 9;
    framing_template_build(&t, &w, MODULATION_OOK);
    are_chips(t.chips, t.n,
              "1010101"
              "00000"
              "11"
              "110110"
              "100110");
    /* a header without preamble, and nothing else */
    w = (struct waveform){ .kind = LINE_MANCHESTER, .header = 4, .n_bits = 8 };
    framing_template_build(&t, &w, MODULATION_OOK);
    are_chips(t.chips, t.n, "0000");
    assert_int_equal(t.n_tail, 0);
    assert_int_equal(t.data, 16);
}

/* All registered ones fit, and a frame drawn by the synthesiser begins so. */
static void templates_are_what_the_synthesiser_draws(void **state)
{
    struct synth_random r = { 1 };

    (void)state;
    for (size_t i = 0; protocols[i] != NULL; i++)
        for (const struct waveform *w = protocols[i]->waveforms; w->n_bits > 0;
             w++) {
            struct framing_template t;
            struct synth_train train = { 0 }, known = { 0 };
            char chips[sizeof t.chips + 1] = "";
            struct bits b = sent_bits(protocols[i], w->n_bits, &r);
            framing_template_build(&t, w, MODULATION_FSK);
            assert_true(t.n < sizeof t.chips && t.n_tail < sizeof t.tail);
            memcpy(chips, t.chips, t.n);
            synth_frame(&train, w,
                        &(struct synth_style){
                            .te_us = 1, .preamble_pulses = w->preamble_sure },
                        &b);
            synth_chips(&known, chips, 1);
            for (size_t k = 0; k + 1 < known.n; k++) {
                assert_int_equal(train.piece[k].level, known.piece[k].level);
                assert_true(train.piece[k].us == known.piece[k].us);
            }
            synth_free(&train);
            synth_free(&known);
        }
}

/* In its place it is likelier than a chip to the left or right. */
static void a_template_is_likeliest_where_it_is(void **state)
{
    struct framing_template t;
    struct likelihood table;
    struct synth_train train = { 0 };
    struct chips c = { 0 };
    struct bits b;

    (void)state;
    likelihood_init(&table);
    framing_template_build(&t, &pwm, MODULATION_OOK);
    synth_bits_from(&b, "110100101");
    synth_frame(&train, &pwm, &(struct synth_style){ .te_us = 400 }, &b);
    struct keyed k = sent_keyed(&train, MODULATION_OOK, 400, 16, 1);
    size_t n = k.n / SENT_TE - 1;
    void *memory = calloc(1, chips_bytes(n));
    assert_non_null(memory);
    chips_attach(&c, memory, n);
    chips_measure(&c, &table, &k.keying,
                  (struct lattice){ 0.3 * SENT_TE, SENT_TE }, n, 3);
    size_t at = SENT_AROUND - 2, end = at + t.n + t.data;
    float head = framing_template_head(&t, &c, at);
    float tail = framing_template_tail(&t, &c, end, t.n_tail);
    assert_true(head > 0 && tail > 0);
    for (size_t off = 2; off < 20; off++) {
        assert_true(framing_template_head(&t, &c, at - off) < head);
        assert_true(framing_template_head(&t, &c, at + off) < head);
    }
    assert_true(framing_template_tail(&t, &c, end, 0) == 0);
    free(memory);
    keyed_free(&k);
    synth_free(&train);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chips_are_those_of_the_waveform),
        cmocka_unit_test(templates_are_what_the_synthesiser_draws),
        cmocka_unit_test(a_template_is_likeliest_where_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
