/* The probabilities of stories are those of all the ways to cut a frame into fields:
 * tried one by one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocols/inference_impl.h"
#include "tests/support/synth.h"

#define LN2 0.6931471805599453

enum { TINY_MAX = 10, SCENES = 9, TWO_CHECKS = 8 };

static struct aligned aligned;
static struct explained explained;

/* What the sum over all ways says. */
struct brute {
    size_t n_bits;
    double total; /* not its logarithm */
    double begins[STORIES][TINY_MAX], ends[STORIES][TINY_MAX + 1];
    double inside[STORIES][TINY_MAX];
    struct segment path[TINY_MAX], best[TINY_MAX];
    size_t n, n_best, ways;
    double best_gain;
};

/* Of several fobs one way in a thousand has no identity in it. */
static double ln_share(const struct brute *b)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->path[i].story == STORY_IDENTITY)
            return 0;
    return aligned.fobs > 1 ? log(1e-3) : 0;
}

static void weigh(struct brute *b, double gain)
{
    double w;

    gain += ln_share(b);
    w = exp(gain);
    b->ways++;
    b->total += w;
    for (size_t i = 0; i < b->n; i++) {
        const struct segment *g = &b->path[i];

        b->begins[g->story][g->at] += w;
        b->ends[g->story][g->at + g->bits] += w;
        for (size_t k = g->at; k < g->at + g->bits; k++)
            b->inside[g->story][k] += w;
    }
    if (gain > b->best_gain) {
        b->best_gain = gain;
        b->n_best = b->n;
        memcpy(b->best, b->path, sizeof b->best);
    }
}

/* All ways to go on from bit `at`. Two fields of a kind never follow each other,
 * but checks may. Depth: TINY_MAX. */
static void go_on(struct brute *b, size_t at, double gain)
{
    if (at == b->n_bits) {
        weigh(b, gain);
        return;
    }
    for (unsigned s = 0; s < STORIES; s++) {
        if (b->n > 0 && b->path[b->n - 1].story == s && s != STORY_CHECK)
            continue;
        for (size_t bits = 1; at + bits <= b->n_bits; bits++) {
            const double more =
                explained_gain(&explained, (enum story)s, at, bits);

            if (isinf(more))
                continue;
            b->path[b->n++] = (struct segment){ (enum story)s, at, bits };
            go_on(b, at + bits, gain + more);
            b->n--;
        }
    }
}

static void assert_near(double a, double b)
{
    if (!(fabs(a - b) < 1e-9 + 1e-9 * fabs(b)))
        fail_msg("%.12g is not %.12g", a, b);
}

static void set_p(size_t i, size_t k, float p)
{
    aligned.p[i][k] = p;
    aligned.value[i][k] = p > 0.5f;
}

/* The rest follows from it. */
static void finish(size_t n, size_t n_bits, unsigned fobs, unsigned buttons)
{
    aligned.n = n;
    aligned.n_bits = n_bits;
    aligned.fobs = fobs;
    aligned.buttons = buttons;
    for (size_t i = 0; i < n; i++) {
        aligned.is_clean[i] = true;
        aligned.fob[i] = (unsigned)i % fobs;
        aligned.button[i] = buttons > 0 ? (int)(i / 2 % buttons) : -1;
        for (size_t k = 0; k < n_bits; k++)
            aligned.is_clean[i] &=
                aligned.p[i][k] < 0.05f || aligned.p[i][k] > 0.95f;
    }
    for (size_t k = 0; k < n_bits; k++) {
        aligned.varies[k] = aligned.moves[k] = false;
        for (size_t i = 1; i < n; i++)
            aligned.varies[k] |= aligned.value[i][k] != aligned.value[0][k];
        for (size_t i = fobs; i < n; i++)
            aligned.moves[k] |=
                aligned.value[i][k] != aligned.value[i - fobs][k];
    }
}

/* Frames of few bits: random; a counter; the button; a parity; bits in doubt; of
 * one fob or two, buttons known or not; two checks in a row. */
static void make_scene(unsigned scene, size_t n_bits, struct synth_random *r)
{
    const size_t n = 12;

    for (size_t i = 0; i < n; i++) {
        unsigned parity = 0;

        for (size_t k = 0; k < n_bits; k++) {
            unsigned v = synth_random_u64(r) >> 40 & 1;

            if (scene % 4 == 1 && k >= 2 && k < 6)
                v = (unsigned)(i + 5) >> (5 - k) & 1;
            if (scene % 4 == 2 && k < 4)
                v = (unsigned)(i / 2 % 2 + k) & 1;
            if (scene % 4 == 3 && k < 3)
                v = k & 1;
            if (scene % 2 == 1 && k == n_bits - 1)
                v = parity;
            if (scene == TWO_CHECKS && (k == 4 || k == 5)) /* a copy */
                v = aligned.value[i][k - 4];
            if (scene == TWO_CHECKS && k == 6)
                v = parity;
            parity ^= v;
            set_p(i, k, v ? 0.998f : 0.002f);
            if (scene == 0)
                set_p(i, k, (float)synth_random_unit(r) * 0.98f + 0.01f);
        }
    }
    finish(n, n_bits, 1 + scene / 2 % 2, scene < 4 ? 0 : 2);
}

static void assert_same_as_brute(struct brute *b)
{
    struct segment best[BITS_MAX];
    double inside[BITS_MAX];

    assert_near(explained.total, log(b->total));
    for (unsigned s = 0; s < STORIES; s++) {
        explained_inside(&explained, (enum story)s, inside);
        for (size_t k = 0; k < b->n_bits; k++) {
            assert_near(inside[k], b->inside[s][k] / b->total);
            assert_near(explained_begins(&explained, (enum story)s, k),
                        b->begins[s][k] / b->total);
            assert_near(explained_ends(&explained, (enum story)s, k + 1),
                        b->ends[s][k + 1] / b->total);
        }
    }
    assert_int_equal(explained_best(&explained, best), b->n_best);
    for (size_t i = 0; i < b->n_best; i++) {
        assert_int_equal(best[i].story, b->best[i].story);
        assert_int_equal(best[i].at, b->best[i].at);
        assert_int_equal(best[i].bits, b->best[i].bits);
    }
}

static void all_ways_tried_say_the_same(void **state)
{
    unsigned seen[STORIES] = { 0 };
    size_t ways = 0;

    (void)state;
    for (unsigned scene = 0; scene < SCENES; scene++)
        for (size_t n_bits = 1; n_bits <= TINY_MAX; n_bits++) {
            struct synth_random r = { scene * 100 + n_bits };
            struct brute b = { .n_bits = n_bits, .best_gain = -INFINITY };

            make_scene(scene, n_bits, &r);
            explained_reckon(&explained, &aligned);
            go_on(&b, 0, 0);
            assert_same_as_brute(&b);
            ways += b.ways;
            for (unsigned s = 0; s < STORIES; s++)
                for (size_t k = 0; k < n_bits; k++)
                    seen[s] += b.begins[s][k] > 0;
        }
    print_message("%zu ways\n", ways);
    for (unsigned s = 0; s < STORIES; s++)
        assert_true(seen[s] > 0); /* each story was among them */
}

/* Each bit is in one field. */
static void assert_sums(void)
{
    double inside[BITS_MAX], sum[BITS_MAX] = { 0 };

    for (unsigned s = 0; s < STORIES; s++) {
        explained_inside(&explained, (enum story)s, inside);
        for (size_t k = 0; k < aligned.n_bits; k++) {
            assert_true(inside[k] >= 0 && inside[k] <= 1);
            sum[k] += inside[k];
        }
    }
    for (size_t k = 0; k < aligned.n_bits; k++)
        if (!(fabs(sum[k] - 1) < 1e-6))
            fail_msg("bit %zu of %zu: %.9f", k, aligned.n_bits, sum[k]);
}

static void each_bit_is_in_one_field(void **state)
{
    static const size_t length[] = { 1, 3, 24, 66, 128 };

    (void)state;
    for (unsigned scene = 0; scene < SCENES; scene++)
        for (size_t i = 0; i < sizeof length / sizeof *length; i++) {
            struct synth_random r = { scene };

            make_scene(scene, length[i], &r);
            explained_reckon(&explained, &aligned);
            assert_sums();
        }
}

/* Of the longest frames, whose gains are thousands of nats. */
static void the_longest_frames_too(void **state)
{
    struct synth_random r = { 1 };

    (void)state;
    for (size_t i = 0; i < 40; i++)
        for (size_t k = 0; k < BITS_MAX; k++) {
            const bool v =
                k < 300 ? k % 3 == 0 : (synth_random_u64(&r) >> 40 & 1) == 1;
            set_p(i, k, v ? 0.998f : 0.002f);
        }
    finish(40, BITS_MAX, 1, 2);
    explained_reckon(&explained, &aligned);
    assert_true(explained.total > 39 * 300 * LN2 * 0.9);
    assert_sums();
}

/* As many segments as bits in the sequence, one after the other. */
static void the_best_sequence_covers_all_bits(void **state)
{
    struct segment best[BITS_MAX];

    (void)state;
    for (unsigned scene = 0; scene < SCENES; scene++) {
        struct synth_random r = { scene + 50 };
        size_t at = 0, n;

        make_scene(scene, 100, &r);
        explained_reckon(&explained, &aligned);
        n = explained_best(&explained, best);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(best[i].at, at);
            assert_true(best[i].bits > 0);
            at += best[i].bits;
        }
        assert_int_equal(at, 100);
    }
}

/* Gains of stories by themselves, as they are in nats over "any bits". */
static double alone(enum story s, size_t at, size_t bits)
{
    return explained_gain(&explained, s, at, bits) - inference_width(s, bits);
}

/* Four bits more of the same in eight frames: as many times what one bit more
 * brings. The first frame says what it is. */
static void gains_are_what_the_frames_say(void **state)
{
    const double sure = log(2 * 0.998), wrong = log(2 * 0.002);
    double one;

    (void)state;
    for (size_t i = 0; i < 8; i++)
        for (size_t k = 0; k < 12; k++)
            set_p(i, k, (k < 8 ? k & 1 : i / 2 & 1) ? 0.998f : 0.002f);
    finish(8, 12, 1, 2);
    explained_reckon(&explained, &aligned);
    one = log(exp(8 * sure) + exp(8 * wrong)) - LN2;
    assert_true(fabs(alone(STORY_CONSTANT, 0, 5) - alone(STORY_CONSTANT, 0, 1) -
                     4 * one) < 1e-4);
    one = 2 * (log(exp(4 * sure) + exp(4 * wrong)) - LN2);
    /* Some codes of buttons are likelier than others: by less than two bits. */
    assert_true(fabs(alone(STORY_ACTION, 8, 4) - alone(STORY_ACTION, 8, 1) -
                     3 * one) < 2 * LN2);
    /* It neither stays the same nor is it an "any" that never changes. */
    assert_true(alone(STORY_CONSTANT, 8, 4) < -10);
    assert_true(isinf(explained_gain(&explained, STORY_ROLLING, 0, 8)) != 0);
    assert_true(isinf(explained_gain(&explained, STORY_ACTION, 0, 4)) != 0);
    assert_true(isinf(explained_gain(&explained, STORY_FIXED, 0, 4)) != 0);
    assert_true(isinf(explained_gain(&explained, STORY_IDENTITY, 0, 8)) != 0);
}

/* Two fobs: what both have is FIXED, what each has is its IDENTITY, and there are no
 * other constant bits. */
static void two_fobs_tell_what_is_whose(void **state)
{
    struct segment best[BITS_MAX];

    (void)state;
    for (size_t i = 0; i < 12; i++)
        for (size_t k = 0; k < 40; k++)
            set_p(i, k,
                  (k < 16 ? k % 3 == 0 : (k % 5 == 0) ^ (i & k & 1)) ? 0.998f
                                                                     : 0.002f);
    finish(12, 40, 2, 0);
    explained_reckon(&explained, &aligned);
    assert_true(isinf(explained_gain(&explained, STORY_CONSTANT, 0, 4)) != 0);
    assert_true(explained_begins(&explained, STORY_FIXED, 0) > 0.9);
    assert_true(explained_ends(&explained, STORY_IDENTITY, 40) > 0.9);
    assert_int_equal(explained_best(&explained, best), 2);
    assert_int_equal(best[0].story, STORY_FIXED);
    assert_int_equal(best[1].story, STORY_IDENTITY);
    assert_true(best[1].at >= 13 &&
                best[1].at <= 17); /* the first that differs */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ways_tried_say_the_same),
        cmocka_unit_test(each_bit_is_in_one_field),
        cmocka_unit_test(the_longest_frames_too),
        cmocka_unit_test(the_best_sequence_covers_all_bits),
        cmocka_unit_test(gains_are_what_the_frames_say),
        cmocka_unit_test(two_fobs_tell_what_is_whose),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
