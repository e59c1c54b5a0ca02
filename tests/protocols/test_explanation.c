/* Which of the sightings of a burst explain it, and what rivals leave of them.
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

#include "protocols/explanation.h"
#include "tests/protocols/sent.h"

extern const struct protocol protocol_hcs200, protocol_hcs361,
    protocol_siemens_5wy72xx;

/* A place: frames of FRAME chips, which are further apart than that. */
#define TE    16.0
#define FRAME 231
#define APART 280.0
#define SURE  30.0f /* llr of a bit that is no question */

static const struct protocol *const hcs200 = &protocol_hcs200;
static const struct protocol *const hcs361 = &protocol_hcs361;
static const struct protocol *const siemens = &protocol_siemens_5wy72xx;

static struct sighting seen[EXPLANATION_MAX];
static size_t chosen[EXPLANATION_MAX];
static size_t n_seen, n_chosen;

static void begin(void)
{
    n_seen = n_chosen = 0;
}

static void choose(void)
{
    n_chosen = explanation_choose(seen, n_seen, chosen);
    assert_true(n_chosen <= n_seen);
}

static void judge(struct sighting *s)
{
    sighting_judge(s->protocol, &s->bits, &s->verdict, &s->confidence);
}

/* The waveform of a protocol, at a chip, with random bits that its check does
 * not object to: the same seed, the same bits. */
static struct sighting *add(const struct protocol *p, size_t waveform,
                            double chip, float gain, uint64_t seed)
{
    const struct waveform *w = &p->waveforms[waveform];
    struct synth_random r = { seed };
    struct sighting *s = &seen[n_seen++];

    *s = (struct sighting){ .protocol = p,
                            .waveform = w,
                            .code = line_code_of(w),
                            .lattice = { chip * TE, TE },
                            .n_chips = FRAME,
                            .gain = gain,
                            .bits = sent_bits(p, w->n_bits, &r) };
    for (size_t i = 0; i < s->bits.n; i++)
        s->bits.llr[i] = s->bits.value[i] ? SURE : -SURE;
    judge(s);
    return s;
}

/* The same of an unknown format. */
static struct sighting *add_unknown(double chip, float gain, uint64_t seed)
{
    struct sighting *s = add(hcs200, 0, chip, gain, seed);

    s->protocol = NULL;
    s->waveform = NULL;
    s->verdict = VERDICT_PLAUSIBLE;
    return s;
}

static void is_confidence(const struct sighting *s, double want)
{
    assert_float_equal((float)s->confidence, (float)want, 1e-3f);
}

/* HCS200 with its last bit and without, in either order. A rival that has 3
 * nats less has exp(-3) as much for it; one that has as many, the half. */
static void of_two_the_one_with_more_gain_is_chosen(void **state)
{
    (void)state;
    for (size_t first = 0; first < 2; first++)
        for (int by = 0; by < 60; by += 3) {
            begin();
            add(hcs200, first, 10, first ? 97 : 97 + (float)by, 1);
            add(hcs200, !first, 40, first ? 97 + (float)by : 97, 1);
            choose();
            assert_int_equal(n_chosen, 1);
            if (by > 0)
                assert_int_equal(chosen[0], first);
            is_confidence(&seen[chosen[0]], 1 / (1 + exp(-by)));
        }
}

/* What was doubtful before stays so. */
static void confidence_is_lowered_not_set(void **state)
{
    (void)state;
    begin();
    add(hcs200, 0, 10, 100, 1)->confidence = 0.6;
    add(hcs200, 1, 10, 100, 1);
    choose();
    is_confidence(&seen[chosen[0]], chosen[0] == 0 ? 0.3 : 0.5);
}

/* Two of HCS200 with another content each, and one over both. */
static void add_long_over_two(float whole, float part)
{
    begin();
    add(hcs200, 0, APART, part, 1);
    add(hcs200, 2, 0, whole, 2)->n_chips = 511;
    add(hcs200, 1, 0, part, 3);
}

static void a_long_one_wins_if_it_gains_more_than_both(void **state)
{
    (void)state;
    add_long_over_two(130, 60);
    choose();
    assert_int_equal(n_chosen, 1);
    assert_int_equal(chosen[0], 1);
    add_long_over_two(110, 60);
    choose();
    assert_int_equal(n_chosen, 2);
    assert_int_equal(chosen[0], 2);
    assert_int_equal(chosen[1], 0);
}

/* The long one is a reading of the chips of both: against it stand both, here
 * with 20 nats more. */
static void what_both_have_counts_for_each_of_two(void **state)
{
    (void)state;
    add_long_over_two(100, 60);
    choose();
    assert_int_equal(n_chosen, 2);
    is_confidence(&seen[0], 1);
    is_confidence(&seen[2], 1);
}

static void what_both_have_counts_against_a_long_one(void **state)
{
    (void)state;
    add_long_over_two(121, 60);
    choose();
    assert_int_equal(n_chosen, 1);
    assert_true(seen[1].confidence > 0.5 && seen[1].confidence < 0.74);
}

static void an_unknown_format_owes_twelve_nats(void **state)
{
    (void)state;
    for (int by = 1; by < 30; by++) {
        begin();
        add_unknown(10, 100 + (float)by, 1);
        add(hcs200, 0, 10, 100, 1);
        choose();
        assert_int_equal(n_chosen, 1);
        if (by != 12)
            assert_int_equal(chosen[0], by < 12);
        is_confidence(&seen[chosen[0]], 1 / (1 + exp(-abs(by - 12))));
    }
}

/* One reading gains 3 nats more than another, but in one of four copies 3 less:
 * that is noise, and all are read as the others, by 9 - 3 nats. */
static void copies_decide_together(void **state)
{
    (void)state;
    for (size_t better = 0; better < 4; better += 2)
        for (size_t odd = 0; odd < 4; odd++) {
            begin();
            for (size_t i = 0; i < 4; i++) {
                const double chip = APART * (double)i;
                add(hcs200, better, chip, i == odd ? 97 : 100, 1);
                add(hcs200, 2 - better, chip, i == odd ? 100 : 97, 2);
            }
            choose();
            assert_int_equal(n_chosen, 4);
            for (size_t i = 0; i < 4; i++) {
                assert_int_equal(chosen[i], 2 * i);
                is_confidence(&seen[chosen[i]], 1 / (1 + exp(-6)));
            }
        }
}

/* Others, which have nothing in common, decide for themselves. */
static void frames_of_their_own_decide_alone(void **state)
{
    (void)state;
    begin();
    for (size_t i = 0; i < 4; i++) {
        const double chip = APART * (double)i;
        add(hcs200, 0, chip, i == 2 ? 97 : 100, 10 + i);
        add(hcs200, 1, chip, i == 2 ? 100 : 97, 20 + i);
    }
    choose();
    assert_int_equal(n_chosen, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(chosen[i], i == 2 ? 5 : 2 * i);
}

/* 28 nats is what a frame must gain, with its copies. */
static void weak_copies_come_out_if_they_agree(void **state)
{
    (void)state;
    for (size_t n = 2; n <= 6; n++) {
        begin();
        for (size_t i = 0; i < n; i++)
            add(hcs200, 0, APART * (double)i, 20, 1);
        choose();
        assert_int_equal(n_chosen, n);
    }
}

/* Nor do four that have nothing in common. */
static void a_weak_one_alone_does_not(void **state)
{
    (void)state;
    begin();
    add(hcs200, 0, 0, 29, 1);
    choose();
    assert_int_equal(n_chosen, 1);
    begin();
    add(hcs200, 0, 0, 20, 1);
    choose();
    assert_int_equal(n_chosen, 0);
    begin();
    for (size_t i = 0; i < 4; i++)
        add(hcs200, 0, APART * (double)i, 20, 10 + i);
    choose();
    assert_int_equal(n_chosen, 0);
}

/* One wrong in 10,000 is 9.2 nats. A check of 8 bits that holds is 5.5. */
static void what_has_a_close_rival_is_not_proven(void **state)
{
    (void)state;
    for (int by = 1; by < 20; by++) {
        begin();
        add(siemens, 0, 0, 100, 1);
        add(hcs200, 0, 20, 100 + 8 * logf(2) - (float)by, 2);
        assert_int_equal(seen[0].verdict, VERDICT_PROVEN);
        choose();
        assert_int_equal(n_chosen, 1);
        assert_int_equal(chosen[0], 0);
        assert_int_equal(seen[0].verdict,
                         by <= 9 ? VERDICT_PLAUSIBLE : VERDICT_PROVEN);
    }
}

/* Siemens with a wrong bit, and 5 nats less of HCS200 in its place. */
static void a_damaged_one_loses_if_its_bits_are_sure(void **state)
{
    (void)state;
    for (int is_doubtful = 0; is_doubtful < 2; is_doubtful++) {
        begin();
        struct sighting *s = add(siemens, 0, 0, 100, 1);
        s->bits.value[10] ^= 1;
        s->bits.llr[10] = -s->bits.llr[10];
        for (size_t i = 8; i < 12 && is_doubtful; i++)
            s->bits.llr[i] /= SURE;
        judge(s);
        assert_int_equal(s->verdict, VERDICT_DAMAGED);
        add(hcs200, 0, 5, 95, 2);
        choose();
        assert_int_equal(n_chosen, 1);
        assert_int_equal(chosen[0], !is_doubtful);
    }
}

static void none_one_and_all(void **state)
{
    (void)state;
    begin();
    choose();
    assert_int_equal(n_chosen, 0);
    begin();
    add(siemens, 0, 7, 100, 1);
    choose();
    assert_int_equal(n_chosen, 1);
    assert_int_equal(chosen[0], 0);
    assert_int_equal(seen[0].verdict, VERDICT_PROVEN);
    is_confidence(&seen[0], 1);
    begin();
    for (size_t i = 0; i < EXPLANATION_MAX; i++)
        add(i % 2 ? hcs200 : hcs361, 0,
            APART * (double)(i * 37 % EXPLANATION_MAX), 100, 1 + i % 5);
    choose();
    assert_int_equal(n_chosen, EXPLANATION_MAX);
    for (size_t i = 0; i < EXPLANATION_MAX; i++)
        assert_int_equal(chosen[i] * 37 % EXPLANATION_MAX, i);
}

static double start_of(size_t i)
{
    return seen[i].lattice.start;
}

static double length_of(size_t i)
{
    return (double)seen[i].n_chips * seen[i].lattice.te;
}

/* Samples that both cover, over the shorter one. */
static double common(size_t i, size_t j)
{
    const double end =
        fmin(start_of(i) + length_of(i), start_of(j) + length_of(j));
    const double both = end - fmax(start_of(i), start_of(j));

    return fmax(both, 0) / fmin(length_of(i), length_of(j));
}

/* Something that a stage might have seen, true or not: few contents, so that
 * there are copies; sure bits and doubtful ones; lengths from one to `longest`
 * times FRAME. */
static void add_random(struct synth_random *r, double room, double longest)
{
    static const size_t waveforms[] = { 3, 4, 1 };
    const struct protocol *const all[] = { hcs200, hcs361, siemens };
    const size_t p = synth_random_u64(r) % 3;
    const size_t w = synth_random_u64(r) % waveforms[p];
    const double chip = synth_random_unit(r) * room;
    const float gain = (float)(synth_random_unit(r) * 200);
    const bool is_unknown = synth_random_u64(r) % 5 == 0;
    const uint64_t content = synth_random_u64(r) % 4;
    struct sighting *s = is_unknown ? add_unknown(chip, gain, content)
                                    : add(all[p], w, chip, gain, content);
    const double llr = synth_random_unit(r) * 12;

    for (size_t i = 0; i < s->bits.n; i++) {
        const float by = (float)((synth_random_unit(r) - 0.2) * llr);
        s->bits.llr[i] = s->bits.value[i] ? by : -by;
        s->bits.value[i] = s->bits.llr[i] > 0;
    }
    s->n_chips = (size_t)(FRAME * (1 + synth_random_unit(r) * (longest - 1)));
    s->confidence = sighting_confidence(&s->bits);
    if (s->protocol != NULL)
        judge(s);
}

static double confidence_before[EXPLANATION_MAX];

static void make_random(uint64_t seed, double longest)
{
    struct synth_random r = { seed };
    const size_t n = synth_random_u64(&r) % (EXPLANATION_MAX + 1);
    const double room = (1 + synth_random_unit(&r) * 40) * FRAME;

    begin();
    for (size_t i = 0; i < n; i++) {
        add_random(&r, room, longest);
        confidence_before[i] = seen[i].confidence;
    }
}

static void what_is_chosen_is_in_order(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        bool is_out[EXPLANATION_MAX] = { false };
        make_random(seed, 1 + (double)(seed % 3));
        choose();
        for (size_t i = 0; i < n_chosen; i++) {
            const size_t at = chosen[i];
            assert_true(at < n_seen && !is_out[at]);
            is_out[at] = true;
            assert_true(i == 0 || start_of(chosen[i - 1]) <= start_of(at));
            assert_true(seen[at].confidence >= 0);
        }
        for (size_t i = 0; i < n_seen; i++) {
            assert_true(seen[i].confidence <= confidence_before[i]);
            if (!is_out[i])
                assert_true(seen[i].confidence == confidence_before[i]);
        }
    }
}

/* The same ones, from the last to the first. */
static void their_order_is_of_no_account(void **state)
{
    static struct sighting other[EXPLANATION_MAX];
    size_t out[EXPLANATION_MAX];

    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        make_random(seed, 2);
        for (size_t i = 0; i < n_seen; i++)
            other[n_seen - 1 - i] = seen[i];
        choose();
        assert_int_equal(explanation_choose(other, n_seen, out), n_chosen);
        for (size_t i = 0; i < n_chosen; i++) {
            assert_int_equal(out[i], n_seen - 1 - chosen[i]);
            is_confidence(&other[out[i]], seen[chosen[i]].confidence);
        }
    }
}

static void chosen_ones_share_no_more_than_a_quarter(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        make_random(seed, 1);
        choose();
        for (size_t i = 0; i < n_chosen; i++)
            for (size_t j = 0; j < i; j++)
                assert_true(common(chosen[i], chosen[j]) <= 0.25);
    }
}

/* Of 1,000 chips (many are wake bits) and of 100 the same 100 to 35. */
static void nor_does_a_short_one_with_a_long_one(void **state)
{
    (void)state;
    for (double chip = 850; chip < 970; chip += 5) {
        begin();
        add(siemens, 0, 0, 300, 1)->n_chips = 1000;
        add(hcs200, 0, chip, 50, 2)->n_chips = 100;
        choose();
        assert_int_equal(n_chosen, 1);
        assert_int_equal(chosen[0], 0);
    }
}

/* The most that any set without overlap gains; contents of their own. */
static double most_gain(size_t n)
{
    double most = 0;

    for (unsigned set = 0; set < 1u << n; set++) {
        double sum = 0;
        bool is_apart = true;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < i && set >> i & 1; j++)
                is_apart &= !(set >> j & 1) || common(i, j) <= 0;
        for (size_t i = 0; i < n; i++)
            sum += set >> i & 1 ? (double)seen[i].gain : 0;
        most = is_apart ? fmax(most, sum) : most;
    }
    return most;
}

static void no_other_set_gains_more(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct synth_random r = { seed };
        double sum = 0;
        begin();
        for (uint64_t i = 0; i < 9; i++) {
            const double chip = synth_random_unit(&r) * 5 * FRAME;
            const double gain = 30 + synth_random_unit(&r) * 100;
            add(hcs200, i % 3, chip, (float)gain, 100 * seed + i);
            seen[i].n_chips = FRAME * (1 + synth_random_u64(&r) % 3);
        }
        choose();
        for (size_t i = 0; i < n_chosen; i++)
            sum += (double)seen[chosen[i]].gain;
        assert_true(sum >= most_gain(9) - 1e-3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_two_the_one_with_more_gain_is_chosen),
        cmocka_unit_test(confidence_is_lowered_not_set),
        cmocka_unit_test(a_long_one_wins_if_it_gains_more_than_both),
        cmocka_unit_test(what_both_have_counts_for_each_of_two),
        cmocka_unit_test(what_both_have_counts_against_a_long_one),
        cmocka_unit_test(an_unknown_format_owes_twelve_nats),
        cmocka_unit_test(copies_decide_together),
        cmocka_unit_test(frames_of_their_own_decide_alone),
        cmocka_unit_test(weak_copies_come_out_if_they_agree),
        cmocka_unit_test(a_weak_one_alone_does_not),
        cmocka_unit_test(what_has_a_close_rival_is_not_proven),
        cmocka_unit_test(a_damaged_one_loses_if_its_bits_are_sure),
        cmocka_unit_test(none_one_and_all),
        cmocka_unit_test(what_is_chosen_is_in_order),
        cmocka_unit_test(their_order_is_of_no_account),
        cmocka_unit_test(chosen_ones_share_no_more_than_a_quarter),
        cmocka_unit_test(nor_does_a_short_one_with_a_long_one),
        cmocka_unit_test(no_other_set_gains_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
