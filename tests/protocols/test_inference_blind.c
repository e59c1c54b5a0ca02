/* The inference on formats that it is told nothing of: 200 random ones, scored
 * against the truth as far as the presses show it (tests/support/score.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/score.h"
#include "tests/support/synth.h"

enum { FORMATS = 200, SEED = 1000 };

static struct inferrer inferrer;
static struct presses presses;
static struct inference found;

/* All of the 200 formats, each pressed so. */
static struct score_sum sum_of(const struct presses_cfg *like)
{
    struct score_sum sum = { .claims = 0 };
    struct format f;
    struct score s;

    for (uint64_t seed = SEED; seed < SEED + FORMATS; seed++) {
        struct presses_cfg cfg = *like;
        cfg.seed = seed;
        formats_draw(&f, seed);
        presses_make(&f, &cfg, &presses);
        inference_find(&inferrer, presses.frame, presses.n, LINE_PWM, &found);
        score_inference(&f, &presses, &found, &s);
        score_add(&sum, &s);
    }
    return sum;
}

/* Per cent of what is shown that is exact, by role; and false claims. */
static void print_header(void)
{
    printf("%-26s", "200 formats, 2 buttons");
    for (enum score_kind k = 0; k <= SCORE_KINDS; k++)
        printf("%9s", score_kind_name(k));
    printf("    border  role missing   false of claims  step  constant\n");
}

static size_t count(const struct score_sum *sum, enum score_result r)
{
    size_t n = 0;

    for (size_t k = 0; k < SCORE_KINDS; k++)
        n += sum->result[k][r];
    return n;
}

static void print_row(const char *name, const struct score_sum *sum)
{
    printf("%-26s", name);
    for (enum score_kind k = 0; k <= SCORE_KINDS; k++) {
        double share = score_exact_share(sum, k);
        if (isnan(share))
            printf("%9s", "-");
        else
            printf("%9.1f", 100 * share);
    }
    printf("    %6zu %5zu %7zu   %5zu of %-6zu  %zu/%zu  %zu/%zu\n",
           count(sum, SCORE_WRONG_BORDER), count(sum, SCORE_WRONG_ROLE),
           count(sum, SCORE_MISSING), sum->false_claims, sum->claims,
           sum->steps_right, sum->steps, sum->constants_right, sum->constants);
    fflush(stdout);
}

/* Nothing claimed is nothing false: it has to claim something as well. */
static void claims_are_true(const struct score_sum *sum)
{
    assert_true(sum->claims > FORMATS);
    assert_true(score_false_share(sum) < 0.02);
}

static void eight_presses_of_two_buttons_show_the_fields(void **state)
{
    static const unsigned presses_of[] = { 4, 6, 8, 12, 16 };
    struct score_sum eight = { .claims = 0 };

    (void)state;
    print_header();
    for (size_t i = 0; i < sizeof presses_of / sizeof presses_of[0]; i++) {
        const struct presses_cfg cfg = { .fobs = 1,
                                         .buttons = 2,
                                         .presses = presses_of[i] };
        const struct score_sum sum = sum_of(&cfg);
        char name[32];
        snprintf(name, sizeof name, "%u presses", presses_of[i]);
        print_row(name, &sum);
        if (presses_of[i] == 8)
            eight = sum;
    }
    assert_true(score_exact_share(&eight, SCORE_KINDS) >= 0.9);
    claims_are_true(&eight);
}

/* What follows the button cannot be seen as such: only what is said counts. */
static void nothing_false_is_said_of_buttons_not_known(void **state)
{
    const struct presses_cfg cfg = {
        .fobs = 1, .buttons = 2, .presses = 8, .is_unlabelled = true
    };
    const struct score_sum sum = sum_of(&cfg);

    (void)state;
    print_row("8, buttons not known", &sum);
    claims_are_true(&sum);
}

static void two_fobs_tell_identity_from_fixed(void **state)
{
    const struct presses_cfg cfg = { .fobs = 2, .buttons = 2, .presses = 8 };
    const struct score_sum sum = sum_of(&cfg);

    (void)state;
    print_row("8 of each of two fobs", &sum);
    assert_true(score_exact_share(&sum, SCORE_KINDS) >= 0.9);
    assert_true(score_exact_share(&sum, SCORE_IDENTITY) >= 0.9);
    claims_are_true(&sum);
}

static void doubtful_bits_and_slips_do_little_harm(void **state)
{
    const struct presses_cfg cfg = {
        .fobs = 1, .buttons = 2, .presses = 8, .is_noisy = true
    };
    const struct score_sum sum = sum_of(&cfg);

    (void)state;
    print_row("8, noisy", &sum);
    assert_true(score_exact_share(&sum, SCORE_KINDS) >= 0.85);
    claims_are_true(&sum);
}

/* Of frames in which every bit is any bit nothing is to be said but that. */
static void noise_has_no_fields(void **state)
{
    static const struct format nothing = {
        .n_bits = 64,
        .n = 1,
        .field = { { .role = ROLE_ROLLING, .bits = 64 } },
        .buttons = 2,
    };
    struct score_sum sum = { .claims = 0 };
    struct score s;

    (void)state;
    for (uint64_t seed = 1; seed <= FORMATS; seed++) {
        const struct presses_cfg cfg = {
            .fobs = 1, .buttons = 2, .presses = 8, .seed = seed
        };
        presses_make(&nothing, &cfg, &presses);
        inference_find(&inferrer, presses.frame, presses.n, LINE_PWM, &found);
        score_inference(&nothing, &presses, &found, &s);
        score_add(&sum, &s);
    }
    print_row("8, all bits random", &sum);
    assert_true(score_exact_share(&sum, SCORE_ROLLING) >= 0.9);
    assert_true(score_false_share(&sum) < 0.02);
}

static void tiles(const struct inference *i)
{
    size_t at = 0;

    for (size_t k = 0; k < i->n; k++) {
        const struct inference_field *f = &i->field[k];
        assert_int_equal(f->at, at);
        assert_true(f->bits > 0);
        assert_true(f->confidence >= 0 && f->confidence <= 1);
        assert_true(f->begins >= 0 && f->begins <= 1);
        assert_true(f->ends >= 0 && f->ends <= 1);
        assert_true(isfinite(f->gain));
        at += f->bits;
    }
    assert_int_equal(at, i->n_bits);
    assert_true(i->n_wants <= INFERENCE_WANTS_MAX);
}

/* The same frames, the same table. */
static void a_table_covers_the_frame_and_comes_again(void **state)
{
    static struct inference again;
    struct format f;

    (void)state;
    for (uint64_t seed = SEED; seed < SEED + 20; seed++) {
        const struct presses_cfg cfg = { .fobs = 2,
                                         .buttons = 2,
                                         .presses = 6,
                                         .is_noisy = true,
                                         .seed = seed };
        formats_draw(&f, seed);
        presses_make(&f, &cfg, &presses);
        assert_true(inference_find(&inferrer, presses.frame, presses.n,
                                   LINE_PWM, &found));
        tiles(&found);
        assert_in_range(found.frames, INFERENCE_PRESSES_MIN, presses.n);
        assert_int_equal(found.fobs, 2);
        assert_int_equal(found.buttons, 2);
        assert_true(inference_find(&inferrer, presses.frame, presses.n,
                                   LINE_PWM, &again));
        assert_int_equal(found.n, again.n);
        for (size_t k = 0; k < found.n; k++) {
            assert_int_equal(found.field[k].at, again.field[k].at);
            assert_int_equal(found.field[k].role, again.field[k].role);
            assert_true(found.field[k].confidence == again.field[k].confidence);
        }
    }
}

/* Lengths of all kinds, single frames, none: no harm. */
static void frames_that_do_not_fit_do_no_harm(void **state)
{
    struct synth_random r = { 3 };

    (void)state;
    found.n = 1;
    assert_false(inference_find(&inferrer, presses.frame, 0, LINE_PWM, &found));
    assert_int_equal(found.n, 0);
    for (int round = 0; round < 30; round++) {
        const size_t n = 1 + synth_random_u64(&r) % 12;
        for (size_t i = 0; i < n; i++) {
            struct bits *b = &presses.heard[i];
            b->n = round == 0 ? BITS_MAX
                   : round == 1
                       ? 0
                       : (size_t)(synth_random_u64(&r) % (BITS_MAX + 1));
            for (size_t k = 0; k < b->n; k++) {
                b->value[k] = synth_random_u64(&r) & 1;
                b->llr[k] = b->value[k] ? 3.0f : -3.0f;
            }
            presses.frame[i] = (struct inference_frame){
                .bits = b,
                .fob = (unsigned)(synth_random_u64(&r) % 3),
                .button = (int)(synth_random_u64(&r) % 4) - 1,
            };
        }
        if (inference_find(&inferrer, presses.frame, n, LINE_PWM, &found))
            tiles(&found);
        else
            assert_int_equal(found.n, 0);
    }
}

/* What would settle more is asked for, and nothing that is there already. */
static void what_is_open_is_asked_for(void **state)
{
    enum { BUTTON = 1u << WANT_BUTTON, SAME = 1u << WANT_SAME_BUTTON };
    enum { FOB = 1u << WANT_FOB, LABELS = 1u << WANT_LABELS };
    static const struct {
        struct presses_cfg cfg;
        unsigned wanted, unwanted;
    } rows[] = {
        { { 1, 1, 8, false, false, SEED }, BUTTON | FOB, SAME | LABELS },
        { { 1, 2, 2, false, false, SEED }, SAME | FOB, BUTTON | LABELS },
        { { 1, 2, 8, true, false, SEED }, LABELS | FOB, SAME },
        { { 2, 2, 8, false, false, SEED }, 0, BUTTON | SAME | FOB | LABELS },
    };
    struct format f;

    (void)state;
    formats_draw(&f, SEED);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned wants = 0;
        presses_make(&f, &rows[i].cfg, &presses);
        assert_true(inference_find(&inferrer, presses.frame, presses.n,
                                   LINE_PWM, &found));
        for (size_t k = 0; k < found.n_wants; k++)
            wants |= 1u << found.want[k].kind;
        assert_int_equal(wants & rows[i].wanted, rows[i].wanted);
        assert_int_equal(wants & rows[i].unwanted, 0);
    }
}

static int setup(void **state)
{
    (void)state;
    return inferrer_init(&inferrer);
}

static int teardown(void **state)
{
    (void)state;
    inferrer_finish(&inferrer);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eight_presses_of_two_buttons_show_the_fields),
        cmocka_unit_test(nothing_false_is_said_of_buttons_not_known),
        cmocka_unit_test(two_fobs_tell_identity_from_fixed),
        cmocka_unit_test(doubtful_bits_and_slips_do_little_harm),
        cmocka_unit_test(noise_has_no_fields),
        cmocka_unit_test(a_table_covers_the_frame_and_comes_again),
        cmocka_unit_test(frames_that_do_not_fit_do_no_harm),
        cmocka_unit_test(what_is_open_is_asked_for),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
