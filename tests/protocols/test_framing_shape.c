/* Frames and what looks like them: a pulse, a chip or a bit more or less.
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

#include "protocols/framing_shape.h"
#include "tests/protocols/sent.h"

extern const struct protocol protocol_hcs200;

/* Where the template begins, so that its head may lie a chip before. */
enum { AT = 1, BITS = 66, PULSES = 12, SEEDS = 20 };

#define TE_US  400.0
#define HEADER "0000000000"
#define STRONG 20.0 /* dB, E/N0 of a chip: none is in doubt */
#define WEAK   5.0

/* An HCS200 frame and what is wrong with it. */
struct made {
    const char *preamble; /* chips up to the end of the last pulse */
    const char *header;
    int hole;         /* bit without its pulse; -1: none */
    const char *more; /* chips after the last bit */
    double head_us;   /* TE of preamble and header; 0: that of the data */
};

static const char pulses[] = "101010101010101010101010101";

/* So many pulses of a preamble; at most 14. */
static const char *preamble_of(size_t n)
{
    return pulses + sizeof pulses - 2 * n;
}

static struct made whole(void)
{
    return (struct made){ .preamble = preamble_of(PULSES),
                          .header = HEADER,
                          .hole = -1,
                          .more = "" };
}

static const struct waveform *waveform;
static struct likelihood table;
static struct framing_template template;
static struct line_code code;
static struct chips chips;

static size_t chips_of_template(void)
{
    return AT + template.n + template.data + template.n_tail +
           line_code_longest(&code);
}

/* Measures chips from AT before the template on. */
static void measure(const struct made *m, double e_n0_db, uint64_t seed)
{
    struct synth_random r = { seed };
    const struct bits b = sent_bits(&protocol_hcs200, BITS, &r);
    const double head_us = m->head_us > 0 ? m->head_us : TE_US;
    struct synth_train t = { 0 };

    synth_chips(&t, m->preamble, head_us);
    synth_chips(&t, m->header, head_us);
    const double data = synth_duration_us(&t) / TE_US;
    for (int i = 0; i < BITS; i++)
        if (i == m->hole)
            synth_chips(&t, "000", TE_US);
        else
            synth_bits(&t, waveform, b.value[i] ? "1" : "0", TE_US);
    synth_chips(&t, m->more, TE_US);
    synth_add(&t, SYNTH_SPACE, waveform->guard * TE_US);
    struct keyed k = sent_keyed(&t, MODULATION_OOK, TE_US, e_n0_db, seed);
    const double at = SENT_AROUND + 0.3 + data - (double)(template.n + AT);
    chips_measure(&chips, &table, &k.keying,
                  (struct lattice){ at * SENT_TE, SENT_TE },
                  chips_of_template(), CHIPS_RUN_MAX);
    keyed_free(&k);
    synth_free(&t);
}

/* How many of SEEDS fit. */
static unsigned fitting(const struct made *m, double e_n0_db)
{
    const struct framing_shape s = { .likelihood = &table,
                                     .chips = &chips,
                                     .code = &code,
                                     .waveform = waveform,
                                     .template = &template,
                                     .at = AT,
                                     .end = AT + template.n + template.data };
    unsigned n = 0;

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        measure(m, e_n0_db, seed);
        n += framing_shape_fits(&s);
    }
    return n;
}

static void a_frame_fits(void **state)
{
    struct made m = whole();

    (void)state;
    for (double e_n0_db = 2; e_n0_db <= 30; e_n0_db += 4)
        assert_int_equal(fitting(&m, e_n0_db), SEEDS);
}

/* As an HCS301 of a DoorHan remote has it: 402 and 415 us. */
static void its_preamble_may_be_faster_or_slower(void **state)
{
    struct made m = whole();

    (void)state;
    for (int percent = -3; percent <= 3; percent += 6) {
        m.head_us = TE_US * (1 + 0.01 * percent);
        assert_int_equal(fitting(&m, STRONG), SEEDS);
    }
}

/* A transmitter's first pulse is often short; one may be lost anywhere. */
static void a_pulse_of_the_preamble_may_be_missing(void **state)
{
    struct made m = whole();
    char text[sizeof pulses];

    (void)state;
    m.preamble = text;
    for (size_t i = 0; i < PULSES; i++) {
        memcpy(text, preamble_of(PULSES), 2 * PULSES);
        text[2 * i] = '0';
        assert_int_equal(fitting(&m, STRONG), SEEDS);
    }
    text[0] = text[10] = '0';
    assert_in_range(fitting(&m, STRONG), 0, 1);
}

static struct made with_pulses(size_t n)
{
    struct made m = whole();

    m.preamble = preamble_of(n);
    return m;
}

static struct made with_header(const char *header)
{
    struct made m = whole();

    m.header = header;
    return m;
}

static struct made with_hole(int bit)
{
    struct made m = whole();

    m.hole = bit;
    return m;
}

static struct made with_more(const char *more)
{
    struct made m = whole();

    m.more = more;
    return m;
}

/* What does not fit where chips are sure; where they are not, it may. At 20 dB
 * one chip in a few hundred is taken for another. */
static void is_fault(struct made m)
{
    assert_in_range(fitting(&m, STRONG), 0, 1);
    assert_int_equal(fitting(&m, STRONG + 6), 0);
    assert_int_equal(fitting(&m, WEAK), SEEDS);
}

static void a_preamble_has_no_pulse_more(void **state)
{
    (void)state;
    is_fault(with_pulses(PULSES + 1));
    is_fault(with_pulses(PULSES + 2));
}

static void a_header_has_its_length(void **state)
{
    (void)state;
    is_fault(with_header("00000000"));
    is_fault(with_header("000000000000"));
}

static void a_header_has_no_pulse(void **state)
{
    (void)state;
    is_fault(with_header("0000100000"));
    is_fault(with_header("0000000010"));
}

static void every_bit_has_its_pulse(void **state)
{
    (void)state;
    is_fault(with_hole(0));
    is_fault(with_hole(BITS / 2));
    is_fault(with_hole(BITS - 1));
}

/* Its pulse is one run, so at 5 dB a bit that follows is seen now and then: a 1
 * in 7 frames of 300, a 0 in 68. */
static void after_the_last_bit_comes_none(void **state)
{
    const struct made one = with_more("100"), zero = with_more("110");

    (void)state;
    assert_int_equal(fitting(&one, STRONG), 0);
    assert_int_equal(fitting(&zero, STRONG), 0);
    assert_in_range(fitting(&one, WEAK), SEEDS - 2, SEEDS);
    assert_in_range(fitting(&zero, WEAK), SEEDS / 2, SEEDS);
}

static void strong_chips_are_sure(void **state)
{
    const struct made m = whole();

    (void)state;
    measure(&m, STRONG, 1);
    assert_true(framing_shape_is_sure(&chips));
    measure(&m, WEAK, 1);
    assert_false(framing_shape_is_sure(&chips));
}

/* Those of the preamble begin FRAMING_TEMPLATE_LEAD chips into the template. */
static void pulses_are_counted_back_from_a_chip(void **state)
{
    const size_t first = AT + FRAMING_TEMPLATE_LEAD;

    (void)state;
    for (size_t n = 8; n <= PULSES; n++) {
        const struct made m = with_pulses(n);
        measure(&m, STRONG, n);
        for (size_t i = 0; i <= n; i++) {
            const size_t end = first + 2 * (PULSES - n + i);
            assert_int_equal(framing_shape_pulses(&chips, end), i);
        }
    }
}

static void what_is_no_pulse_is_not_counted(void **state)
{
    float on[16], off[16] = { 0 };
    struct chips c = { .n = 16, .on = { on }, .off = { off } };
    const char *text = "1010110010101100";

    (void)state;
    for (size_t i = 0; i < 16; i++)
        on[i] = text[i] == '1' ? 5 : -5;
    assert_int_equal(framing_shape_pulses(&c, 0), 0);
    assert_int_equal(framing_shape_pulses(&c, 1), 0);
    assert_int_equal(framing_shape_pulses(&c, 2), 1);
    assert_int_equal(framing_shape_pulses(&c, 4), 2);
    assert_int_equal(framing_shape_pulses(&c, 8), 0);
    assert_int_equal(framing_shape_pulses(&c, 12), 2);
    assert_int_equal(framing_shape_pulses(&c, 14), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_fits),
        cmocka_unit_test(its_preamble_may_be_faster_or_slower),
        cmocka_unit_test(a_pulse_of_the_preamble_may_be_missing),
        cmocka_unit_test(a_preamble_has_no_pulse_more),
        cmocka_unit_test(a_header_has_its_length),
        cmocka_unit_test(a_header_has_no_pulse),
        cmocka_unit_test(every_bit_has_its_pulse),
        cmocka_unit_test(after_the_last_bit_comes_none),
        cmocka_unit_test(strong_chips_are_sure),
        cmocka_unit_test(pulses_are_counted_back_from_a_chip),
        cmocka_unit_test(what_is_no_pulse_is_not_counted),
    };

    waveform = protocol_hcs200.waveforms;
    likelihood_init(&table);
    code = line_code_of(waveform);
    framing_template_build(&template, waveform, MODULATION_OOK);
    void *memory = calloc(1, chips_bytes(chips_of_template()));
    if (memory == NULL)
        return 1;
    chips_attach(&chips, memory, chips_of_template());
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(memory);
    return failed;
}
