/* test_compare_random - 200 pairs of equal fobs, as samples through the pipeline: no
 * difference is seen in any.
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

#include <cmocka.h>

#include "src/compare.h"
#include "src/pipeline.h"
#include "tests/support/pairs.h"

enum { PAIRS = 200 };

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
    static const char *const formats[] = {
        NULL, "hcs200", "hcs361", "hcs362", NULL, "siemens_5wy72xx"
    };
    static const double te_us[] = { 250, 400, 400, 400, 300, 250 };
    const unsigned k = (unsigned)(synth_random_u64(&random_state) >> 32) % 6;

    return (struct pair_fob){ .protocol = formats[k],
                              .centre_hz = 433.92e6,
                              .carrier_hz = between(-22e3, 22e3),
                              .snr_db = between(15, 30),
                              .te_us = te_us[k] * between(0.97, 1.03) };
}

/* What is noted, in lines. */
static size_t print_noted(unsigned i, const struct pair_fob *x,
                          const struct comparison *c)
{
    size_t n = 0;

    for (size_t k = 0; k < c->n; k++) {
        const struct compare_row *row = &c->row[k];

        if (!compare_is_noted(row))
            continue;
        n++;
        print_message("pair %u, %s, %.1f dB: %s, %s and %s (%g, limit %g)\n", i,
                      x->protocol != NULL ? x->protocol : "unknown", x->snr_db,
                      row->name, row->a, row->b, row->delta, row->limit);
    }
    return n;
}

static void test_equal_fobs(void **state)
{
    const struct compare_cfg cfg = { .is_one_sitting = true };
    struct side *side = calloc(2, sizeof *side);
    unsigned char *samples = malloc(2 * pairs_samples());
    struct comparison *c = calloc(1, sizeof *c);
    struct inferrer m;
    unsigned noted = 0, alike = 0, measured = 0, levels = 0;

    (void)state;
    assert_true(side != NULL && samples != NULL && c != NULL);
    assert_int_equal(inferrer_init(&m), 0);
    for (unsigned i = 0; i < PAIRS; i++) {
        const struct pair_scatter w = { between(10, 300), between(0.1, 1.5),
                                        between(1e-5, 1e-3) };
        const struct pair_fob same = random_fob();
        struct compare_fob fob[2];

        for (unsigned k = 0; k < 2; k++) {
            struct pair_fob x = same;

            x.serial = synth_random_u64(&random_state) >> 20;
            x.seed = synth_random_u64(&random_state);
            hear(&side[k], &x, &w, samples, &m);
            fob[k] =
                (struct compare_fob){ "", &side[k].subject, &side[k].verdict };
        }
        compare_judge(c, &fob[0], &fob[1], &cfg, &m);
        noted += print_noted(i, &same, c) > 0;
        alike += c->status == STATUS_OK;
        if (c->status != STATUS_OK)
            print_message("pair %u, %s: %s\n", i,
                          same.protocol != NULL ? same.protocol : "unknown",
                          c->conclusion);
        measured += compare_find(c, "carrier")->answer == COMPARE_SAME &&
                    compare_find(c, "te")->answer == COMPARE_SAME;
        levels += compare_find(c, "level")->answer == COMPARE_SAME;
    }
    print_message("%u pairs: %u with a difference, %u called alike, %u with "
                  "carrier and chips measured, %u with levels\n",
                  PAIRS, noted, alike, measured, levels);
    assert_int_equal(noted, 0);
    assert_true(measured >= PAIRS * 98 / 100); /* it is not for want of data */
    assert_true(levels >= PAIRS * 90 / 100);   /* hands scatter by 1.5 dB */
    assert_true(alike >= PAIRS * 98 / 100);
    inferrer_finish(&m);
    free(c);
    free(samples);
    free(side);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_equal_fobs) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
