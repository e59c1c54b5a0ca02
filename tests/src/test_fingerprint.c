/* test_fingerprint - fobs of one family are told from those of another.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "src/fingerprint.h"
#include "tests/src/drawn.h"

/* Below 2 % of answers may be wrong: of so many families one, of the pairs of so many
 * formats none. */
enum { FORMATS = 100, PAIRS = FORMATS / 2 };

static struct sitting sitting[2];
static struct inferrer inferrer;
static struct fob_frames frames[2];
static struct frame frame[2]; /* made by hand */
static char why[FINGERPRINT_WHY];

static int begin(void **state)
{
    (void)state;
    return inferrer_init(&inferrer);
}

static int end(void **state)
{
    (void)state;
    inferrer_finish(&inferrer);
    return 0;
}

static enum fingerprint_answer compare(const struct fob_frames *a,
                                       const struct fob_frames *b)
{
    memset(why, 'x', sizeof why);
    const enum fingerprint_answer r = fingerprint_compare(a, b, &inferrer, why);
    assert_true(memchr(why, '\0', sizeof why) != NULL);
    assert_true(why[0] != '\0');
    return r;
}

/* Two fobs of one press each that agree in all. */
static void two_alike(const struct protocol *p, size_t n_bits)
{
    for (size_t i = 0; i < 2; i++) {
        frame[i] = (struct frame){ .protocol = p,
                                   .kind = LINE_PWM,
                                   .te_us = 400,
                                   .bits = { .n = n_bits },
                                   .confidence = 0.99 };
        frames[i] = (struct fob_frames){ .frame = { &frame[i] },
                                         .button = { NULL },
                                         .n = 1,
                                         .best = &frame[i] };
    }
}

static void says(const char *word)
{
    if (strstr(why, word) == NULL)
        fail_msg("no \"%s\" in: %s", word, why);
}

/* In both directions, with both values in words. */
static void they_differ(const char *one, const char *other)
{
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(compare(&frames[i], &frames[1 - i]),
                         FINGERPRINT_OTHER);
        says(one);
        says(other);
    }
}

static void a_known_format_is_the_family(void **state)
{
    (void)state;
    two_alike(&protocol_hcs200, 66);
    frame[0].bits.value[33] = 1; /* another serial */
    assert_int_equal(compare(&frames[0], &frames[1]), FINGERPRINT_SAME);
    assert_string_equal(why, "OOK, chips of 400 us, 66 bits");
}

static void modulations_differ(void **state)
{
    (void)state;
    two_alike(&protocol_hcs200, 66);
    frame[1].reception.modulation = MODULATION_FSK;
    they_differ("ASK", "FSK");
}

static void line_codes_differ(void **state)
{
    (void)state;
    two_alike(NULL, 66);
    frame[0].kind = LINE_PIWM;
    frame[1].kind = LINE_DIFF_MANCHESTER;
    they_differ("piwm", "diff_manchester");
}

static void chips_differ(void **state)
{
    (void)state;
    two_alike(&protocol_hcs200, 66);
    frame[1].te_us = 437; /* 9 %: an oscillator */
    assert_int_equal(compare(&frames[0], &frames[1]), FINGERPRINT_SAME);
    assert_int_equal(compare(&frames[1], &frames[0]), FINGERPRINT_SAME);
    frame[1].te_us = 460;
    they_differ("400", "460");
}

/* 440 is 10 % more than 400, which is 9 % less: it may not matter which comes first. */
static void chips_differ_either_way(void **state)
{
    (void)state;
    two_alike(&protocol_hcs200, 66);
    for (double te_us = 400; te_us < 500; te_us += 1) {
        frame[1].te_us = te_us;
        if (compare(&frames[0], &frames[1]) != compare(&frames[1], &frames[0]))
            fail_msg("chips of 400 and %.0f us: one way only", te_us);
    }
}

static void lengths_differ(void **state)
{
    (void)state;
    two_alike(NULL, 66);
    frame[1].bits.n = 80;
    they_differ("66", "80");
}

static void formats_differ(void **state)
{
    (void)state;
    two_alike(&protocol_hcs361, 67);
    frame[1].protocol = &protocol_hcs200;
    they_differ("Microchip-HCS361", "Microchip-HCS200");
    frame[1].protocol = NULL;
    they_differ("Microchip-HCS361", "Unknown");
}

static void no_frame(void **state)
{
    (void)state;
    two_alike(&protocol_hcs200, 66);
    frames[1] = (struct fob_frames){ .n = 0 };
    assert_int_equal(compare(&frames[0], &frames[1]), FINGERPRINT_OPEN);
    says("no frame");
    assert_int_equal(compare(&frames[1], &frames[0]), FINGERPRINT_OPEN);
    assert_int_equal(compare(&frames[1], &frames[1]), FINGERPRINT_OPEN);
}

/* One press shows nothing of the fields. */
static void too_few_frames(void **state)
{
    (void)state;
    two_alike(NULL, 66);
    assert_int_equal(compare(&frames[0], &frames[1]), FINGERPRINT_OPEN);
    frame[1].bits.value[3] = 1;
    assert_int_equal(compare(&frames[0], &frames[1]), FINGERPRINT_OPEN);
}

static enum fingerprint_answer compare_sittings(void)
{
    for (size_t i = 0; i < 2; i++)
        fob_frames_collect(&frames[i], &sitting[i]);
    return compare(&frames[0], &frames[1]);
}

/* Two fobs of the family; swapped: the first buttons they were asked for are not the
 * same. */
static bool sit_family(uint64_t seed, bool *is_swapped, bool is_asked)
{
    const struct presses_cfg cfg = { .fobs = 2, .buttons = 2, .presses = 8 };
    const struct presses *p = drawn_presses(seed, &cfg);
    struct drawn_cfg how = drawn_usual;

    *is_swapped = p->button[0] != p->button[cfg.presses];
    how.is_asked = is_asked;
    for (unsigned i = 0; i < 2; i++)
        drawn_sit(&sitting[i], p, i, &how);
    return p->n == 16;
}

/* With names of the buttons where both were asked in one order, without elsewhere. */
static void one_family(void **state)
{
    unsigned answers[FINGERPRINT_OTHER + 1] = { 0 }, asked = 0;

    (void)state;
    for (uint64_t seed = 0; seed < FORMATS; seed++) {
        bool is_swapped;

        assert_true(sit_family(seed, &is_swapped, true));
        if (is_swapped)
            sit_family(seed, &is_swapped, false);
        asked += !is_swapped;
        answers[compare_sittings()]++;
    }
    print_message("one family, %d pairs, 8 presses: same %u, open %u, other "
                  "%u\n",
                  FORMATS, answers[FINGERPRINT_SAME], answers[FINGERPRINT_OPEN],
                  answers[FINGERPRINT_OTHER]);
    assert_in_range(asked, FORMATS / 4, 3 * FORMATS / 4);
    assert_in_range(answers[FINGERPRINT_OTHER], 0, 1);
    assert_in_range(answers[FINGERPRINT_SAME], 9 * FORMATS / 10, FORMATS);
}

/* Seeds of formats: the next one behind `seed` that is as long as that of `like`. */
static uint64_t next_as_long(uint64_t seed, uint64_t like)
{
    struct format a, b;

    formats_draw(&a, like);
    do
        formats_draw(&b, ++seed);
    while (b.n_bits != a.n_bits);
    return seed;
}

static void two_formats(void **state)
{
    const struct presses_cfg cfg = { .fobs = 1, .buttons = 2, .presses = 8 };
    unsigned answers[FINGERPRINT_OTHER + 1] = { 0 };
    struct drawn_cfg how = drawn_usual;

    (void)state;
    for (uint64_t seed = 0; seed < PAIRS; seed++) {
        const uint64_t other = next_as_long(1000 * (seed + 1), seed);

        how.is_asked = seed % 2 == 0;
        drawn_sit(&sitting[0], drawn_presses(seed, &cfg), 0, &how);
        drawn_sit(&sitting[1], drawn_presses(other, &cfg), 0, &how);
        answers[compare_sittings()]++;
    }
    print_message("two formats of one length, %d pairs, 8 presses: same %u, "
                  "open %u, other %u\n",
                  PAIRS, answers[FINGERPRINT_SAME], answers[FINGERPRINT_OPEN],
                  answers[FINGERPRINT_OTHER]);
    assert_int_equal(answers[FINGERPRINT_SAME], 0);
    assert_in_range(answers[FINGERPRINT_OTHER], 9 * PAIRS / 10, PAIRS);
}

/* Each sitting has other first prompts: "lock" of one is no "unlock" of the other. */
static void asked_in_another_order(void **state)
{
    unsigned answers[FINGERPRINT_OTHER + 1] = { 0 }, n = 0;

    (void)state;
    for (uint64_t seed = 0; n < 8; seed++) {
        bool is_swapped;

        sit_family(seed, &is_swapped, true);
        if (!is_swapped)
            continue;
        n++;
        answers[compare_sittings()]++;
    }
    print_message("one family, asked in another order, %u pairs: same %u, open "
                  "%u, other %u\n",
                  n, answers[FINGERPRINT_SAME], answers[FINGERPRINT_OPEN],
                  answers[FINGERPRINT_OTHER]);
    assert_int_equal(answers[FINGERPRINT_OTHER], 0);
}

/* What has lost its first bit is as sure as others: the length is that of most. */
static void a_lost_bit_is_no_other_format(void **state)
{
    bool is_swapped;

    (void)state;
    sit_family(0, &is_swapped, false);
    struct bits *b = &sitting[1].press[0].frame.bits;
    b->n--;
    memmove(b->value, b->value + 1, b->n);
    memmove(b->llr, b->llr + 1, b->n * sizeof *b->llr);
    sitting[1].press[0].frame.confidence = 0.99999999;
    for (size_t i = 1; i < sitting[1].n_presses; i++)
        sitting[1].press[i].frame.confidence = 0.9999;
    if (compare_sittings() != FINGERPRINT_SAME)
        fail_msg("%s", why);
}

static void it_says_that_fields_differ(void **state)
{
    const struct presses_cfg cfg = { .fobs = 1, .buttons = 2, .presses = 8 };
    const uint64_t other = next_as_long(1000, 0);
    char same[FINGERPRINT_WHY];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        drawn_sit(&sitting[0], drawn_presses(0, &cfg), 0, &drawn_usual);
        drawn_sit(&sitting[1], drawn_presses(i == 0 ? 0 : other, &cfg), 0,
                  &drawn_usual);
        assert_int_equal(compare_sittings(),
                         i == 0 ? FINGERPRINT_SAME : FINGERPRINT_OTHER);
        if (i == 0)
            memcpy(same, why, sizeof same);
    }
    assert_string_not_equal(why, same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_format_is_the_family),
        cmocka_unit_test(modulations_differ),
        cmocka_unit_test(line_codes_differ),
        cmocka_unit_test(chips_differ),
        cmocka_unit_test(chips_differ_either_way),
        cmocka_unit_test(lengths_differ),
        cmocka_unit_test(formats_differ),
        cmocka_unit_test(no_frame),
        cmocka_unit_test(too_few_frames),
        cmocka_unit_test(one_family),
        cmocka_unit_test(two_formats),
        cmocka_unit_test(asked_in_another_order),
        cmocka_unit_test(a_lost_bit_is_no_other_format),
        cmocka_unit_test(it_says_that_fields_differ),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
