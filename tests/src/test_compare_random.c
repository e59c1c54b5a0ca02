/* test_compare_random - pairs of equal fobs, as samples through the pipeline: no
 * difference is seen in any.
 *
 *   test_compare_random [PAIRS]
 *
 * 200 take a minute; those of every run are fewer.
 *
 * Both fobs of a pair have one format, carrier, level, chip length and scatter, all
 * drawn; their serials, codes, noise and presses are their own. 15 to 30 dB over the
 * noise in 62.5 kHz.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/compare.h"
#include "src/pipeline.h"
#include "tests/support/pairs.h"

enum { PAIRS = 80, WEAKER = 20 };

struct side {
    struct sitting sitting;
    struct identify_subject subject;
    struct verdict_result verdict;
};

static struct synth_random random_state = { 20260401 };

static double between(double low, double high)
{
    return low + (high - low) * synth_random_unit(&random_state);
}

static void on_frame(void *user, const struct frame *f, unsigned press)
{
    (void)press;
    sitting_frame(user, f);
}

static void on_burst(void *user, const struct burst_report *b)
{
    sitting_burst(user, b);
}

static void on_chips(void *user, const struct chip_report *c)
{
    sitting_chips(user, c);
}

/* As check_files.c does it with a recording. */
static void listen_to(struct sitting *s, const unsigned char *samples,
                      double centre_hz)
{
    const struct pipeline_cfg cfg = {
        .input = { .kind = SOURCE_IQ,
                   .format = SAMPLE_CU8,
                   .rate_hz = PAIRS_RATE_HZ,
                   .centre_hz = centre_hz },
        .is_every = true,
        .is_all = true,
        .sink = { .user = s,
                  .frame = on_frame,
                  .burst = on_burst,
                  .chips = on_chips },
    };
    struct pipeline *p = NULL;
    struct err e;

    assert_int_equal(pipeline_create(&p, &cfg, &e), 0);
    sitting_init(s, PAIRS_RATE_HZ, false);
    sitting_join(s, PAIRS_RATE_HZ);
    sitting_tune(s, 0, centre_hz, PAIRS_GAIN_DB);
    for (unsigned i = 0; i < PAIRS_PRESSES; i++)
        assert_true(sitting_ask(s, i * PAIRS_PRESS_S, pairs_button(i), false));
    pipeline_process(p, samples, pairs_samples());
    pipeline_flush(p);
    sitting_stop_asking(s, PAIRS_SECONDS);
    sitting_watch(s, pairs_samples());
    sitting_settle(s);
    pipeline_destroy(p);
}

static void hear(struct side *y, const struct pair_fob *x,
                 const struct pair_scatter *w, unsigned char *samples,
                 struct inferrer *m)
{
    const struct verdict_cfg cfg = { .market_hz = NAN };

    pairs_make(x, w, samples);
    listen_to(&y->sitting, samples, x->centre_hz);
    identify_subject_gather(&y->subject, &y->sitting, m);
    verdict_judge(&y->verdict, &y->sitting, &cfg);
}

static struct pair_fob random_fob(void)
{
    static const struct {
        const char *name;
        double te_us;
    } formats[] = {
        { NULL, 250 },
        { NULL, 300 },
        { "hcs200", 400 },
        { "hcs361", 400 },
        { "hcs362", 400 },
        { "siemens_5wy72xx", 250 },
        { "continental_kr5v2x", 100 },
    };
    const unsigned k = (unsigned)(synth_random_u64(&random_state) >> 32) %
                       (sizeof formats / sizeof *formats);

    return (struct pair_fob){ .protocol = formats[k].name,
                              .centre_hz = 433.92e6,
                              .carrier_hz = between(-18e3, 18e3),
                              .snr_db = between(15, 30),
                              .te_us = formats[k].te_us * between(0.97, 1.03) };
}

/* What is noted but for the row that may be, in lines. */
static size_t print_noted(unsigned i, const struct pair_fob *x,
                          const struct comparison *c, const char *allowed)
{
    size_t n = 0;

    for (size_t k = 0; k < c->n; k++) {
        const struct compare_row *row = &c->row[k];

        if (!compare_is_noted(row) ||
            (allowed != NULL && strcmp(row->name, allowed) == 0))
            continue;
        n++;
        print_message("pair %u, %s, %.1f dB: %s, %s and %s (%g, limit %g)\n", i,
                      x->protocol != NULL ? x->protocol : "unknown", x->snr_db,
                      row->name, row->a, row->b, row->delta, row->limit);
    }
    return n;
}

/* What came of many pairs. */
struct tally {
    unsigned noted, alike;
    unsigned measured, levels; /* carrier and chips, levels, called the same */
    unsigned weaker;           /* levels called different */
};

static struct side *side;
static unsigned char *samples;
static struct comparison *comparison;
static struct inferrer inferrer;
static unsigned pairs = PAIRS;

/* One pair; the second fob weaker by drop_db. */
static void judge_pair(double drop_db, struct pair_fob *same)
{
    const struct compare_cfg cfg = { .is_one_sitting = true };
    const struct pair_scatter w = { between(10, 300), between(0.1, 1.5),
                                    between(1e-5, 1e-3) };
    struct compare_fob fob[2];

    *same = random_fob();
    if (drop_db > 0)
        same->snr_db = between(15 + drop_db, 30);
    for (unsigned k = 0; k < 2; k++) {
        struct pair_fob x = *same;

        x.serial = synth_random_u64(&random_state) >> 20;
        x.seed = synth_random_u64(&random_state);
        x.snr_db = k == 0 ? x.snr_db : x.snr_db - drop_db;
        hear(&side[k], &x, &w, samples, &inferrer);
        fob[k] = (struct compare_fob){ "", &side[k].subject, &side[k].verdict };
    }
    compare_judge(comparison, &fob[0], &fob[1], &cfg, &inferrer);
}

static struct tally judge_pairs(unsigned n, double drop_db, const char *allowed)
{
    const struct comparison *c = comparison;
    struct tally t = { 0 };
    struct pair_fob same;

    for (unsigned i = 0; i < n; i++) {
        judge_pair(drop_db, &same);
        t.noted += print_noted(i, &same, c, allowed) > 0;
        t.alike += c->status == STATUS_OK;
        if (c->status != STATUS_OK && allowed == NULL)
            print_message("pair %u, %s: %s\n", i,
                          same.protocol != NULL ? same.protocol : "unknown",
                          c->conclusion);
        t.measured += compare_find(c, "carrier")->answer == COMPARE_SAME &&
                      compare_find(c, "te")->answer == COMPARE_SAME;
        t.levels += compare_find(c, "level")->answer == COMPARE_SAME;
        t.weaker += compare_find(c, "level")->answer == COMPARE_OTHER;
    }
    print_message("%u pairs: %u with a false difference, %u called alike, %u "
                  "with carrier and chips measured, %u levels alike, %u not\n",
                  n, t.noted, t.alike, t.measured, t.levels, t.weaker);
    return t;
}

/* None is different, and that is not for want of data; hands scatter levels by up
 * to 1.5 dB. */
static void equal_fobs(void **state)
{
    const struct tally t = judge_pairs(pairs, 0, NULL);

    (void)state;
    assert_int_equal(t.noted, 0);
    assert_true(t.measured >= pairs * 98 / 100);
    assert_true(t.levels >= pairs * 90 / 100);
    assert_true(t.alike >= pairs * 98 / 100);
}

/* One of the two is weaker by 10 dB: nothing but the level is called different. */
static void weaker_fobs(void **state)
{
    const struct tally t = judge_pairs(WEAKER, 10, "level");

    (void)state;
    assert_int_equal(t.noted, 0);
    assert_true(t.measured >= WEAKER * 95 / 100);
    assert_true(t.weaker >= WEAKER * 80 / 100);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(equal_fobs),
                                        cmocka_unit_test(weaker_fobs) };
    int failed;

    if (argc > 1)
        pairs = (unsigned)strtoul(argv[1], NULL, 10);
    side = calloc(2, sizeof *side);
    samples = malloc(2 * pairs_samples());
    comparison = calloc(1, sizeof *comparison);
    if (side == NULL || samples == NULL || comparison == NULL ||
        inferrer_init(&inferrer) < 0)
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    inferrer_finish(&inferrer);
    free(comparison);
    free(samples);
    free(side);
    return failed;
}
