/* Soft chips: signs, laws of likelihood ratios, runs, and levels measured.
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

#include "dsp/chips.h"
#include "tests/support/keyed.h"

#define RATE  40e3
#define TE    12.4 /* samples */
#define TE_US (TE / RATE * 1e6)

enum { N = 4000 };

static struct likelihood table;
static char pattern[N + 1];

static void random_pattern(uint64_t seed)
{
    struct synth_random r = { seed };

    for (size_t i = 0; i < N; i++)
        pattern[i] = synth_random_u64(&r) & 1 ? '1' : '0';
    pattern[N] = '\0';
}

/* The pattern from sample 20 on, at an E/N0 of a chip. */
static struct keyed burst(enum modulation m, double e_n0_db, uint64_t seed)
{
    struct synth_train t = { 0 };
    struct keyed_cfg c = { .train = &t,
                           .rate_hz = RATE,
                           .modulation = m,
                           .before = 20,
                           .after = 20,
                           .power = pow(10, e_n0_db / 10) / TE,
                           .noise = 1,
                           .seed = seed };

    synth_chips(&t, pattern, TE_US);
    struct keyed k = keyed_make(&c);
    synth_free(&t);
    return k;
}

static const struct lattice at = { 20, TE };

static struct chips measure(const struct keyed *k, void **memory)
{
    struct chips c = { 0 };

    *memory = calloc(1, chips_bytes(N));
    assert_non_null(*memory);
    chips_attach(&c, *memory, N);
    chips_measure(&c, &table, &k->keying, at, N, CHIPS_RUN_MAX);
    assert_int_equal(c.n, N);
    return c;
}

/* At 13 dB noise alone passes the middle between the levels with exp(-5), the
 * carrier falls short of it as often: 1 % of both. Coherent FSK tones: less. */
static void signs_are_those_of_the_chips(void **state)
{
    void *memory;

    (void)state;
    for (int m = MODULATION_OOK; m <= MODULATION_FSK; m++) {
        random_pattern(1);
        struct keyed k = burst((enum modulation)m, 13, 2);
        struct chips c = measure(&k, &memory);
        size_t wrong = 0;
        double mean[2] = { 0, 0 };
        for (size_t i = 0; i < N; i++) {
            float llr = chips_llr(&c, i);
            wrong += (llr > 0) != (pattern[i] == '1');
            mean[pattern[i] == '1'] += (double)llr * 2 / N;
        }
        assert_true(wrong < N * 3 / 100);
        assert_true(mean[1] > 5 && mean[0] < -5);
        assert_float_equal(c.g, 20.0f, 0.5f);
        free(memory);
        keyed_free(&k);
    }
}

/* Means over noise of the likelihood ratio, for runs of one, two, three. */
static double mean_ratio(const struct chips *c, unsigned run)
{
    double sum = 0;

    for (size_t i = 0; i + run <= N; i++)
        sum += exp((double)c->on[run - 1][i]) / (double)(N - run + 1);
    return sum;
}

/* A ratio of likelihoods has a mean of 1 where its denominator is true. At -3
 * dB a chip its variance is I0(2 g) - 1 = 0.3 for one and 5 for three: less
 * than 0.04 of deviation for 4,000 that overlap, times three. */
static void ratios_have_a_mean_of_one_in_noise(void **state)
{
    void *memory;

    (void)state;
    memset(pattern, '0', N);
    struct keyed k = burst(MODULATION_OOK, -3, 3);
    struct chips c = measure(&k, &memory);
    assert_float_equal((float)mean_ratio(&c, 1), 1.0f, 0.05f);
    assert_float_equal((float)mean_ratio(&c, 2), 1.0f, 0.1f);
    assert_float_equal((float)mean_ratio(&c, 3), 1.0f, 0.2f);
    for (size_t i = 0; i < N; i++)
        for (size_t m = 0; m < CHIPS_RUN_MAX; m++)
            assert_true(c.off[m][i] == 0.0f);
    free(memory);
    keyed_free(&k);
}

/* "Either level, equally likely": the mean of the two likelihoods. 0.02 is
 * what the table is good to. */
static void free_is_one_or_the_other(void **state)
{
    void *memory;

    (void)state;
    for (int m = MODULATION_OOK; m <= MODULATION_FSK; m++) {
        random_pattern(4);
        struct keyed k = burst((enum modulation)m, 8, 5);
        struct chips c = measure(&k, &memory);
        for (size_t i = 0; i < N; i++) {
            double a = (double)c.on[0][i], b = (double)c.off[0][i];
            double want = fmax(a, b) + log1p(exp(-fabs(a - b))) - log(2);
            assert_float_equal(c.free[i], (float)want, 0.021f);
        }
        free(memory);
        keyed_free(&k);
    }
}

/* The phase of a pulse is one, 97 times in 100: a run knows more than its chips
 * do. By hand, as likelihood.h has it. */
static void runs_are_matched_filters_of_their_length(void **state)
{
    void *memory;

    (void)state;
    random_pattern(6);
    struct keyed k = burst(MODULATION_OOK, 10, 7);
    struct chips c = measure(&k, &memory);
    for (unsigned run = 1; run <= CHIPS_RUN_MAX; run++)
        for (size_t i = 0; i + run <= N; i += 7) {
            double from = at.start + (double)i * TE;
            iq sum = tone_sum(&k.keying.mark, from + run * TE) -
                     tone_sum(&k.keying.mark, from);
            float r = cabsf(sum) / (float)sqrt(TE);
            float want =
                likelihood_ln_i0(&table, 2 * sqrtf(c.g) * r) - (float)run * c.g;
            if (run > 1) {
                double apart = 0;
                for (size_t j = 0; j < run; j++)
                    apart += (double)c.on[0][i + j];
                want = (float)log(0.97 * exp((double)want) + 0.03 * exp(apart));
            }
            assert_float_equal(c.on[run - 1][i], want, 0.05f);
        }
    double together = 0, apart = 0;
    for (size_t i = 0; i + 3 <= N; i++)
        if (strncmp(pattern + i, "111", 3) == 0) {
            together += (double)c.on[2][i];
            apart += (double)(c.on[0][i] + c.on[0][i + 1] + c.on[0][i + 2]);
        }
    assert_true(together > apart);
    free(memory);
    keyed_free(&k);
}

static void even_edges_are_a_lattice(void **state)
{
    void *memory, *more;
    static double edges[N + 1];

    (void)state;
    random_pattern(8);
    struct keyed k = burst(MODULATION_FSK, 10, 9);
    struct chips c = measure(&k, &memory);
    struct chips e = measure(&k, &more);
    for (size_t i = 0; i <= N; i++)
        edges[i] = at.start + (double)i * TE;
    chips_measure_grid(&e, &table, &k.keying,
                       &(struct chip_grid){ .even = { 0, TE }, .edges = edges },
                       N, CHIPS_RUN_MAX);
    for (size_t i = 0; i < N; i++)
        for (size_t m = 0; m < CHIPS_RUN_MAX; m++) {
            assert_float_equal(c.on[m][i], e.on[m][i], 0.02f);
            assert_float_equal(c.off[m][i], e.off[m][i], 0.02f);
        }
    free(more);
    free(memory);
    keyed_free(&k);
}

/* At 60 dB, and where the lattice leaves the burst at both ends. */
static void strong_and_outlying_chips_are_finite(void **state)
{
    void *memory;

    (void)state;
    random_pattern(10);
    struct keyed k = burst(MODULATION_OOK, 60, 11);
    struct chips c = measure(&k, &memory);
    assert_true(c.g <= CHIPS_E_N0_MAX);
    chips_measure(&c, &table, &k.keying, (struct lattice){ -500 * TE, TE }, N,
                  CHIPS_RUN_MAX);
    for (size_t i = 0; i < N; i++)
        for (size_t m = 0; m < CHIPS_RUN_MAX; m++)
            assert_true(isfinite(c.on[m][i]) && isfinite(c.off[m][i]));
    for (size_t i = 0; i < 490; i++)
        assert_true(c.on[0][i] < 0);
    free(memory);
    keyed_free(&k);
}

/* chips_fit of chips that are known for sure. */
static bool fit(const struct keyed *k, const char *chips, size_t n,
                float *power, float *noise)
{
    float on[N] = { 0 };

    for (size_t i = 0; i < n; i++)
        on[i] = chips[i] == '1';
    return chips_fit(&k->keying, at, on, n, power, noise);
}

/* 400 chips, half of them on: 200 times 12 samples know the noise to 2 %, the
 * power at 20 dB to 1 %; edges between samples add a little of each. */
static void known_chips_say_how_strong_they_are(void **state)
{
    const double db[] = { 10, 15, 20 };
    float power = 0, noise = 0;

    (void)state;
    random_pattern(12);
    for (int m = MODULATION_OOK; m <= MODULATION_FSK; m++)
        for (size_t i = 0; i < 3; i++) {
            struct keyed k = burst((enum modulation)m, db[i], 13 + i);
            float want = (float)(pow(10, db[i] / 10) / TE);
            assert_true(fit(&k, pattern, 400, &power, &noise));
            assert_float_equal(power / want, 1.0f, 0.1f);
            assert_float_equal(noise, 1.0f, 0.25f);
            keyed_free(&k);
        }
}

static void chips_of_one_kind_say_nothing(void **state)
{
    float power = 77, noise = 77;

    (void)state;
    random_pattern(14);
    memcpy(pattern, "1010", 4);
    struct keyed k = burst(MODULATION_OOK, 15, 15);
    assert_false(fit(&k, "1111", 4, &power, &noise));
    assert_false(fit(&k, "0000", 4, &power, &noise));
    assert_false(fit(&k, "", 0, &power, &noise));
    assert_true(power == 77 && noise == 77);
    assert_true(fit(&k, "1010", 4, &power, &noise));
    assert_true(isfinite(power) && noise > 0);
    keyed_free(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_are_those_of_the_chips),
        cmocka_unit_test(ratios_have_a_mean_of_one_in_noise),
        cmocka_unit_test(free_is_one_or_the_other),
        cmocka_unit_test(runs_are_matched_filters_of_their_length),
        cmocka_unit_test(even_edges_are_a_lattice),
        cmocka_unit_test(strong_and_outlying_chips_are_finite),
        cmocka_unit_test(known_chips_say_how_strong_they_are),
        cmocka_unit_test(chips_of_one_kind_say_nothing),
    };

    likelihood_init(&table);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
