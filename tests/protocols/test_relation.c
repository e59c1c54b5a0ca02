/* Copies, parities, XORs and sums: found where they are, nowhere else.
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

#include "tests/protocols/rows.h"

enum { ROWS = 24, N_BITS = 64, SEEDS = 5 };

static struct rows rows;
static struct relation_list list;

struct method {
    enum relation_kind kind;
    unsigned bits, unit;
    bool is_lsb;
};

/* All that relation.h names and one bit or a few units can be. */
static const struct method methods[] = {
    { RELATION_PARITY, 1, 1, false },
    { RELATION_XOR, 4, 4, false },
    { RELATION_XOR, 8, 8, false },
    { RELATION_XOR_PLUS, 4, 4, false },
    { RELATION_XOR_PLUS, 8, 8, false },
    { RELATION_SUM, 4, 4, false },
    { RELATION_SUM, 4, 4, true },
    { RELATION_SUM, 8, 8, false },
    { RELATION_SUM, 8, 8, true },
    { RELATION_SUM, 8, 4, false },
    { RELATION_NEGATIVE_SUM, 4, 4, false },
    { RELATION_NEGATIVE_SUM, 4, 4, true },
    { RELATION_NEGATIVE_SUM, 8, 8, false },
    { RELATION_NEGATIVE_SUM, 8, 8, true },
};
enum { METHODS = sizeof methods / sizeof methods[0] };

static uint32_t ones(unsigned bits)
{
    return (1u << bits) - 1;
}

/* What the check must be. */
static uint32_t computed(const struct method *m, const uint8_t *row,
                         size_t from, size_t at, uint32_t constant)
{
    uint32_t sum = 0;

    for (size_t k = from; k < at; k += m->unit) {
        const uint32_t unit = rows_get(row, k, m->unit, m->is_lsb);

        if (m->kind == RELATION_SUM || m->kind == RELATION_NEGATIVE_SUM)
            sum += unit;
        else
            sum ^= unit;
    }
    if (m->kind == RELATION_SUM || m->kind == RELATION_XOR_PLUS)
        return (sum + constant) & ones(m->bits);
    if (m->kind == RELATION_NEGATIVE_SUM)
        return (constant - sum) & ones(m->bits);
    return (sum ^ constant) & ones(m->bits);
}

/* Each row's check; constant[fob]. */
static void put_checks(const struct method *m, size_t from, size_t at,
                       const uint32_t *constant)
{
    for (size_t i = 0; i < rows.in.n_rows; i++)
        rows_put(rows.cell[i], at, m->bits, m->is_lsb,
                 computed(m, rows.cell[i], from, at, constant[rows.in.fob[i]]));
}

static void assert_found(const struct relation_candidate *c,
                         const struct method *m, size_t from, size_t at,
                         uint32_t constant)
{
    assert_non_null(c);
    assert_int_equal(c->relation.kind, m->kind);
    assert_int_equal(c->at, at);
    assert_int_equal(c->bits, m->bits);
    assert_int_equal(c->relation.from, from);
    assert_int_equal(c->relation.from_bits, at - from);
    assert_int_equal(c->relation.unit, m->unit);
    assert_int_equal(c->relation.is_lsb, m->is_lsb);
    assert_int_equal(c->relation.constant, constant);
    assert_true(c->gain > 0);
}

/* Where a check lies that ends so many bits before the end, and where the bits
 * begin that it is computed from. */
struct place {
    size_t after, before;
};

static const struct place places[] = {
    { 0, 0 }, { 0, 1 }, { 3, 0 }, { 8, 3 }, { 20, 1 }
};
enum { PLACES = sizeof places / sizeof places[0] };

static void place(const struct method *m, size_t i, size_t *from, size_t *at)
{
    *at = N_BITS - places[i].after - m->bits;
    *from = *at % m->unit + places[i].before * m->unit;
}

static void every_kind_is_found_everywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < METHODS; i++)
        for (size_t k = 0; k < PLACES; k++)
            for (uint64_t seed = 1; seed <= SEEDS; seed++) {
                const struct method *m = &methods[i];
                struct synth_random r = { seed * 1000 + i * 10 + k };
                uint32_t constant =
                    seed == 1 ? 0
                              : (uint32_t)synth_random_u64(&r) & ones(m->bits);
                size_t from, at;

                constant |= m->kind == RELATION_XOR_PLUS; /* else it is a XOR */
                place(m, k, &from, &at);
                rows_init(&rows, ROWS, N_BITS, &r);
                put_checks(m, from, at, &constant);
                rows_find(&rows, &list);
                assert_found(rows_best(&list), m, from, at, constant);
            }
}

/* One wrong bit in one frame, of the check or of what it is computed from. */
static void a_near_miss_is_none(void **state)
{
    const uint32_t zero = 0;

    (void)state;
    for (size_t i = 0; i < METHODS; i++)
        for (size_t k = 0; k < PLACES; k++) {
            const struct method *m = &methods[i];
            struct synth_random r = { 77 + i * 10 + k };
            const size_t row = synth_random_u64(&r) % ROWS;
            size_t from, at, wrong;

            place(m, k, &from, &at);
            rows_init(&rows, ROWS, N_BITS, &r);
            put_checks(m, from, at, &zero);
            wrong = from + synth_random_u64(&r) % (at + m->bits - from);
            rows.cell[row][wrong] ^= 1;
            rows_find(&rows, &list);
            assert_null(rows_of(&list, m->kind, at, m->bits));
        }
}

/* What is added may be each fob's own; in one fob it may not change. */
static void constants_are_a_fobs(void **state)
{
    static const uint32_t constant[3] = { 1, 0, 1 };
    double own, common;

    (void)state;
    for (size_t i = 0; i < METHODS; i++) {
        const struct method *m = &methods[i];
        struct synth_random r = { 300 + i };
        const size_t at = N_BITS - m->bits, from = at % m->unit;

        rows_init(&rows, ROWS, N_BITS, &r);
        for (size_t k = 0; k < ROWS; k++)
            rows.in.fob[k] = k == 0 ? 0 : (unsigned)(1 + k % 2);
        put_checks(m, from, at, constant);
        rows_find(&rows, &list);
        assert_found(rows_best(&list), m, from, at, 1);
        own = rows_best(&list)->gain;

        memset(rows.in.fob, 0, sizeof rows.in.fob);
        rows_find(&rows, &list);
        assert_null(rows_of(&list, m->kind, at, m->bits));

        for (size_t k = 0; k < ROWS; k++)
            rows.in.fob[k] = k == 0 ? 0 : (unsigned)(1 + k % 2);
        put_checks(m, from, at, (const uint32_t[3]){ 1, 1, 1 });
        rows_find(&rows, &list);
        common = rows_best(&list)->gain;
        assert_true(common > own);
    }
}

static void copies_and_inverses_are_found(void **state)
{
    (void)state;
    for (unsigned inverse = 0; inverse < 2; inverse++)
        for (size_t bits = 2; bits <= 24; bits++)
            for (size_t gap = 0; gap <= 6; gap += 3) {
                struct synth_random r = { 50 * bits + gap + inverse };
                const size_t from = 5, at = from + bits + gap;
                const enum relation_kind kind =
                    inverse ? RELATION_INVERSE : RELATION_COPY;
                const struct relation_candidate *c;

                rows_init(&rows, ROWS, N_BITS, &r);
                for (size_t i = 0; i < ROWS; i++)
                    for (size_t k = 0; k < bits; k++)
                        rows.cell[i][at + k] =
                            (uint8_t)(rows.cell[i][from + k] ^ inverse);
                rows_find(&rows, &list);
                c = rows_best(&list);
                assert_non_null(c);
                assert_int_equal(c->relation.kind, kind);
                assert_int_equal(c->at, at);
                assert_int_equal(c->bits, bits);
                assert_int_equal(c->relation.from, from);
                assert_int_equal(c->relation.from_bits, bits);
                assert_int_equal(c->relation.unit, 0);

                rows.cell[ROWS - 1][at] ^= 1;
                rows_find(&rows, &list);
                assert_null(rows_of(&list, kind, at, bits));
            }
}

/* Constant bits at either end of a copy may be its own or not: both are told. */
static void a_copy_may_have_constant_ends(void **state)
{
    struct synth_random r = { 4 };

    (void)state;
    rows_init(&rows, ROWS, N_BITS, &r);
    rows_fix(&rows, 8, 10);
    rows_fix(&rows, 22, 24);
    for (size_t i = 0; i < ROWS; i++)
        memcpy(rows.cell[i] + 40, rows.cell[i] + 8, 16);
    rows_find(&rows, &list);
    assert_non_null(rows_of(&list, RELATION_COPY, 40, 16));
    assert_non_null(rows_of(&list, RELATION_COPY, 42, 12));
}

/* The same bits three times are two copies, each of the time before. */
static void each_time_is_a_copy(void **state)
{
    struct synth_random r = { 6 };

    (void)state;
    rows_init(&rows, ROWS, 40, &r);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t k = 8; k < 24; k++)
            rows.cell[i][k] = rows.cell[i][k - 8];
    rows_find(&rows, &list);
    assert_non_null(rows_of(&list, RELATION_COPY, 8, 8));
    assert_non_null(rows_of(&list, RELATION_COPY, 16, 8));
    for (size_t i = 0; i < list.n; i++)
        assert_true(list.at[i].relation.from + list.at[i].relation.from_bits <=
                    list.at[i].at);
}

static void bits_that_never_change_are_no_check(void **state)
{
    struct synth_random r = { 9 };

    (void)state;
    rows_init(&rows, ROWS, N_BITS, &r);
    rows_fix(&rows, 0, N_BITS);
    rows_find(&rows, &list);
    assert_int_equal(list.n, 0);
}

/* How often something seems to be related where nothing is. The relations are
 * weighed by how likely they were before, which adds up to one at most, so that
 * their gains may all together be above t no more often than exp(-t): Markov's
 * inequality. Measured: 6.4 % above 0, 0.3 % above 3. */
static void random_bits_are_not_related(void **state)
{
    enum { RANDOM_SEEDS = 1000, FEW = 4 };
    unsigned few = 0, more = 0, many = 0;
    double most = -INFINITY;

    (void)state;
    for (uint64_t seed = 1; seed <= RANDOM_SEEDS; seed++) {
        struct synth_random r = { seed };
        const size_t n = 2 + seed % 15;
        const struct relation_candidate *c;

        rows_init(&rows, n, 48, &r);
        rows_find(&rows, &list);
        c = rows_best(&list);
        if (c == NULL)
            continue;
        most = fmax(most, c->gain);
        few += c->gain > 0 && n < FEW;
        more += c->gain > 0 && n >= FEW;
        many += c->gain > 3;
    }
    print_message(
        "of %u: gain above 0 in %u (2 or 3 rows) + %u (more), above 3 "
        "in %u, most %.2f\n",
        RANDOM_SEEDS, few, more, many, most);
    assert_true(few + more <= RANDOM_SEEDS / 10);
    assert_true(many <= (unsigned)(RANDOM_SEEDS * exp(-3)));
    assert_true(most < log(RANDOM_SEEDS));
}

static void no_rows_and_one_do_no_harm(void **state)
{
    struct synth_random r = { 3 };

    (void)state;
    for (size_t n = 0; n < 2; n++)
        for (size_t bits = 0; bits <= BITS_MAX; bits += BITS_MAX / 2) {
            rows_init(&rows, n, bits, &r);
            list.n = 7;
            rows_find(&rows, &list);
            assert_int_equal(list.n, 0);
        }
    for (size_t bits = 0; bits < 20; bits++) {
        rows_init(&rows, 2, bits, &r);
        rows_find(&rows, &list);
        for (size_t i = 0; i < list.n; i++)
            assert_true(list.at[i].at + list.at[i].bits <= bits);
    }
}

static int is_lower(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static int is_lower_gain(const void *a, const void *b)
{
    const struct relation_candidate *x = a, *y = b;

    return is_lower(&x->gain, &y->gain);
}

static void a_full_list_keeps_the_best(void **state)
{
    enum { MANY = 1000 };
    struct synth_random r = { 12 };
    double gain[MANY];

    (void)state;
    list.n = 0;
    for (size_t i = 0; i < MANY; i++) {
        gain[i] = 100 * synth_random_unit(&r) - 50;
        relation_add(&list, &(struct relation_candidate){ .at = (uint16_t)i,
                                                          .gain = gain[i] });
        assert_int_equal(list.n,
                         i < RELATION_CANDIDATES ? i + 1 : RELATION_CANDIDATES);
    }
    for (size_t i = 0; i < list.n; i++)
        assert_true(list.at[i].gain == gain[list.at[i].at]);
    qsort(gain, MANY, sizeof *gain, is_lower);
    qsort(list.at, list.n, sizeof *list.at, is_lower_gain);
    for (size_t i = 0; i < list.n; i++)
        assert_true(list.at[i].gain == gain[MANY - RELATION_CANDIDATES + i]);
}

/* One bit, again and again: more copies than there is room for. The longest is
 * one of those that are kept. */
static void too_many_relations_do_no_harm(void **state)
{
    struct synth_random r = { 8 };

    (void)state;
    rows_init(&rows, 10, 200, &r);
    for (size_t i = 0; i < 10; i++)
        memset(rows.cell[i], (int)(i & 1), 200);
    rows_find(&rows, &list);
    assert_int_equal(list.n, RELATION_CANDIDATES);
    assert_non_null(rows_of(&list, RELATION_COPY, 100, 100));
}

static void names_are_told_apart(void **state)
{
    (void)state;
    for (unsigned i = 0; i < RELATIONS; i++) {
        assert_true(relation_name((enum relation_kind)i)[0] != '\0');
        for (unsigned k = 0; k < i; k++)
            assert_string_not_equal(relation_name((enum relation_kind)i),
                                    relation_name((enum relation_kind)k));
    }
    assert_string_equal(relation_name(RELATION_NEGATIVE_SUM), "negative_sum");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_found_everywhere),
        cmocka_unit_test(a_near_miss_is_none),
        cmocka_unit_test(constants_are_a_fobs),
        cmocka_unit_test(copies_and_inverses_are_found),
        cmocka_unit_test(a_copy_may_have_constant_ends),
        cmocka_unit_test(each_time_is_a_copy),
        cmocka_unit_test(bits_that_never_change_are_no_check),
        cmocka_unit_test(random_bits_are_not_related),
        cmocka_unit_test(no_rows_and_one_do_no_harm),
        cmocka_unit_test(a_full_list_keeps_the_best),
        cmocka_unit_test(too_many_relations_do_no_harm),
        cmocka_unit_test(names_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
