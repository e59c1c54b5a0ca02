/* CRCs of any polynomial, start value and order: found, and not where there is
 * none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/protocols/rows.h"

enum { ROWS = 30 };

static struct rows rows;
static struct relation_list list;

struct crc {
    unsigned bits;
    uint32_t polynomial, start, end; /* start value; what is XORed at the end */
    bool is_swapped;                 /* bytes are sent lowest bit first */
};

/* The catalogue's that fobs and other short frames use. */
static const struct crc known[] = {
    { .bits = 2, .polynomial = 0x3 },     { .bits = 3, .polynomial = 0x3 },
    { .bits = 4, .polynomial = 0x3 },     { .bits = 4, .polynomial = 0x9 },
    { .bits = 5, .polynomial = 0x05 },    { .bits = 5, .polynomial = 0x15 },
    { .bits = 5, .polynomial = 0x09 },    { .bits = 6, .polynomial = 0x03 },
    { .bits = 6, .polynomial = 0x27 },    { .bits = 7, .polynomial = 0x09 },
    { .bits = 7, .polynomial = 0x4F },    { .bits = 8, .polynomial = 0x07 },
    { .bits = 8, .polynomial = 0x2F },    { .bits = 8, .polynomial = 0x31 },
    { .bits = 8, .polynomial = 0x1D },    { .bits = 8, .polynomial = 0x39 },
    { .bits = 8, .polynomial = 0x7F },    { .bits = 8, .polynomial = 0x9B },
    { .bits = 8, .polynomial = 0xD5 },    { .bits = 8, .polynomial = 0xA7 },
    { .bits = 16, .polynomial = 0x1021 }, { .bits = 16, .polynomial = 0x8005 },
    { .bits = 16, .polynomial = 0x3D65 }, { .bits = 16, .polynomial = 0x0589 },
    { .bits = 16, .polynomial = 0x8BB7 }, { .bits = 16, .polynomial = 0xA097 },
    { .bits = 16, .polynomial = 0xC867 }, { .bits = 16, .polynomial = 0x5935 },
};
enum { KNOWN = sizeof known / sizeof known[0] };

static uint32_t ones(unsigned bits)
{
    return (1u << bits) - 1;
}

/* Bit by bit, as a shift register does it: row[from..at), or as many zeros. */
static uint32_t shifted(const struct crc *c, const uint8_t *row, size_t from,
                        size_t at)
{
    uint32_t x = c->start;

    for (size_t k = 0; k < at - from; k++) {
        const size_t i = c->is_swapped ? k / 8 * 8 + 7 - k % 8 : k;
        const uint32_t bit = row != NULL ? row[from + i] : 0;
        const uint32_t out = (x >> (c->bits - 1) ^ bit) & 1;

        x = (x << 1 ^ (out ? c->polynomial : 0)) & ones(c->bits);
    }
    return x ^ c->end;
}

static void put_crc(const struct crc *c, size_t from, size_t at)
{
    for (size_t i = 0; i < rows.in.n_rows; i++) {
        const uint32_t x = shifted(c, rows.cell[i], from, at);

        for (size_t k = 0; k < c->bits; k++) {
            const size_t to = c->is_swapped ? k / 8 * 8 + 7 - k % 8 : k;

            rows.cell[i][at + to] = x >> (c->bits - 1 - k) & 1;
        }
    }
}

static void assert_crc(const struct relation_candidate *r, const struct crc *c,
                       size_t from, size_t at)
{
    assert_non_null(r);
    assert_int_equal(r->relation.kind, RELATION_CRC);
    assert_int_equal(r->at, at);
    assert_int_equal(r->bits, c->bits);
    assert_int_equal(r->relation.from, from);
    assert_int_equal(r->relation.from_bits, at - from);
    assert_int_equal(r->relation.polynomial, c->polynomial);
    assert_int_equal(r->relation.is_lsb, c->is_swapped);
    /* What a message of zeros leaves. */
    assert_int_equal(r->relation.constant, shifted(c, NULL, from, at));
    assert_true(r->gain > 0);
}

static struct crc with_values(struct crc c, struct synth_random *r,
                              unsigned how)
{
    c.start = how & 1 ? (uint32_t)synth_random_u64(r) & ones(c.bits) : 0;
    c.end = how & 2 ? (uint32_t)synth_random_u64(r) & ones(c.bits) : 0;
    return c;
}

/* The best relation in a frame that is a message and its CRC, and no more. */
static const struct relation_candidate *
best_of(const struct crc *c, size_t message, struct synth_random *r)
{
    const size_t n_bits = message + c->bits;

    rows_init(&rows, ROWS, n_bits, r);
    put_crc(c, 0, message);
    rows_find(&rows, &list);
    return rows_best(&list);
}

static void known_polynomials_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < KNOWN; i++)
        for (unsigned how = 0; how < 4; how++) {
            struct synth_random r = { 10 * i + how };
            const struct crc c = with_values(known[i], &r, how);

            assert_crc(best_of(&c, 33 + 7 * how, &r), &c, 0, 33 + 7 * how);
        }
}

/* x^n + 1 is an XOR, and is called so. */
static struct crc random_crc(unsigned bits, struct synth_random *r)
{
    struct crc c = { .bits = bits, .polynomial = 1 };

    while (c.polynomial == 1)
        c.polynomial = ((uint32_t)synth_random_u64(r) & ones(bits)) | 1;
    return c;
}

static void any_polynomial_is_found(void **state)
{
    (void)state;
    for (unsigned bits = 5; bits <= 16; bits++)
        for (unsigned how = 0; how < 12; how++) {
            struct synth_random r = { 100 * bits + how };
            struct crc c = random_crc(bits, &r);

            c = with_values(c, &r, how);
            assert_crc(best_of(&c, 40 + how, &r), &c, 0, 40 + how);
        }
}

/* Of the same width, on the same bits: the catalogue's are likelier than any. */
static void known_polynomials_are_likelier(void **state)
{
    (void)state;
    for (size_t i = 4; i < KNOWN; i++) {
        struct synth_random r = { i };
        struct crc any = random_crc(known[i].bits, &r);
        double gain;

        for (size_t k = 0; k < KNOWN; k++) /* none of the known ones */
            if (known[k].bits == any.bits &&
                known[k].polynomial == any.polynomial) {
                any = random_crc(any.bits, &r);
                k = (size_t)-1;
            }
        gain = best_of(&known[i], 40, &r)->gain;
        assert_true(gain > best_of(&any, 40, &r)->gain + 2);
    }
}

static void bytes_may_be_swapped(void **state)
{
    (void)state;
    for (unsigned bits = 8; bits <= 16; bits += 8)
        for (unsigned how = 0; how < 12; how++) {
            struct synth_random r = { 900 * bits + how };
            struct crc c = how < 4 ? known[bits == 8 ? 11 + how : 20 + how]
                                   : random_crc(bits, &r);

            c = with_values(c, &r, how);
            c.is_swapped = true;
            assert_crc(best_of(&c, 40, &r), &c, 0, 40);
        }
}

/* A message of its own after bits that are not part of it: between them bits
 * that never change. */
static void it_may_start_in_the_middle(void **state)
{
    (void)state;
    for (unsigned how = 0; how < 8; how++)
        for (size_t i = 11; i < KNOWN; i += 3) {
            struct synth_random r = { 31 * i + how };
            struct crc c = with_values(known[i], &r, how);
            const size_t from = 20, at = 60;

            c.is_swapped = how & 4;
            rows_init(&rows, ROWS, at + c.bits, &r);
            rows_fix(&rows, 12, from);
            put_crc(&c, from, at);
            rows_find(&rows, &list);
            assert_crc(rows_best(&list), &c, from, at);
        }
}

/* A swapped CRC's first bytes may never change: those bits that make no whole
 * byte with them are not part of it. */
static void what_it_is_computed_from_is_whole_bytes(void **state)
{
    struct synth_random r = { 5 };
    struct crc c = { .bits = 8, .polynomial = 0x31, .is_swapped = true };
    const struct relation_candidate *found;

    (void)state;
    rows_init(&rows, ROWS, 4 + 40 + 8, &r);
    rows_fix(&rows, 0, 4);
    put_crc(&c, 4, 44);
    rows_find(&rows, &list);
    found = rows_of(&list, RELATION_CRC, 44, 8);
    assert_non_null(found);
    assert_int_equal(found->relation.from_bits % 8, 0);
}

/* Then the check might begin later as well, and end with them. */
static void constant_bits_may_follow(void **state)
{
    (void)state;
    for (size_t after = 1; after <= 12; after++)
        for (size_t i = 0; i < KNOWN; i++) {
            struct synth_random r = { 50 * i + after };
            const struct crc c = with_values(known[i], &r, 3);
            const size_t at = 44;

            rows_init(&rows, ROWS, at + c.bits + after, &r);
            rows_fix(&rows, at + c.bits, at + c.bits + after);
            put_crc(&c, 0, at);
            rows_find(&rows, &list);
            assert_crc(rows_of(&list, RELATION_CRC, at, c.bits), &c, 0, at);
        }
}

/* Of those of this polynomial there: whether constant bits in front are part of it
 * cannot be seen. */
static const struct relation_candidate *from_the_start(const struct crc *c,
                                                       size_t at)
{
    for (size_t i = 0; i < list.n; i++) {
        const struct relation *f = &list.at[i].relation;

        if (f->kind == RELATION_CRC && f->polynomial == c->polynomial &&
            f->from == 0 && list.at[i].at == at && list.at[i].bits == c->bits &&
            !f->is_lsb)
            return &list.at[i];
    }
    return NULL;
}

/* A serial, a button, and a counter of four bits. */
static void few_bits_that_change_are_enough(void **state)
{
    (void)state;
    for (size_t i = 0; i < KNOWN; i++)
        for (uint64_t seed = 1; seed <= 4; seed++) {
            struct synth_random r = { 70 * i + seed };
            const struct crc c = with_values(known[i], &r, 3);
            const size_t at = 52;

            rows_init(&rows, ROWS, at + c.bits, &r);
            rows_fix(&rows, 0, 30);
            rows_fix(&rows, 32, 46);
            rows_fix(&rows, 50, at);
            for (size_t k = 0; k < ROWS; k++)
                rows_put(rows.cell[k], 46, 4, false, (uint32_t)(k + 3) & 15);
            put_crc(&c, 0, at);
            rows_find(&rows, &list);
            assert_crc(from_the_start(&c, at), &c, 0, at);
        }
}

/* Parts that are not seen, each fob's own: other start values. */
static void start_values_may_be_a_fobs(void **state)
{
    (void)state;
    for (size_t i = 11; i < KNOWN; i++) {
        struct synth_random r = { i };
        struct crc c = with_values(known[i], &r, 3), other = c;
        const size_t at = 40;

        other.start ^= 1;
        rows_init(&rows, ROWS, at + c.bits, &r);
        rows.in.n_rows = ROWS / 2;
        put_crc(&other, 0, at);
        for (size_t k = 0; k < ROWS / 2; k++) {
            const uint8_t *from = rows.cell[k];

            memcpy(rows.cell[ROWS / 2 + k], from, at + c.bits);
            rows.cell[ROWS / 2 + k][k] ^= 1;
            rows.in.fob[ROWS / 2 + k] = 1;
        }
        rows.in.n_rows = ROWS;
        for (size_t k = ROWS / 2; k < ROWS; k++) {
            const uint32_t x = shifted(&c, rows.cell[k], 0, at);
            rows_put(rows.cell[k], at, c.bits, false, x);
        }
        rows_find(&rows, &list);
        assert_crc(rows_of(&list, RELATION_CRC, at, c.bits), &other, 0, at);

        memset(rows.in.fob, 0, sizeof rows.in.fob);
        rows_find(&rows, &list);
        assert_null(rows_of(&list, RELATION_CRC, at, c.bits));
    }
}

static void one_wrong_bit_is_too_many(void **state)
{
    (void)state;
    for (size_t i = 0; i < KNOWN; i++) {
        struct synth_random r = { 800 + i };
        const struct crc c = with_values(known[i], &r, 3);
        const size_t at = 40;

        rows_init(&rows, ROWS, at + c.bits, &r);
        put_crc(&c, 0, at);
        rows.cell[synth_random_u64(&r) % ROWS]
                 [synth_random_u64(&r) % (at + c.bits)] ^= 1;
        rows_find(&rows, &list);
        assert_null(rows_of(&list, RELATION_CRC, at, c.bits));
    }
}

/* Random bits, some of which never change. */
static void random_bits_have_none(void **state)
{
    enum { SEEDS = 1000 };
    unsigned claimed = 0;
    double most = -INFINITY;

    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct synth_random r = { seed };
        const size_t n_bits = 20 + synth_random_u64(&r) % 60;
        const size_t fixed = synth_random_u64(&r) % n_bits;
        bool is_claimed = false;

        rows_init(&rows, 3 + seed % 14, n_bits, &r);
        rows_fix(&rows, fixed / 2, fixed);
        rows_find(&rows, &list);
        for (size_t i = 0; i < list.n; i++)
            if (list.at[i].relation.kind == RELATION_CRC) {
                is_claimed |= list.at[i].gain > 0;
                most = fmax(most, list.at[i].gain);
            }
        claimed += is_claimed;
    }
    print_message("of %u: a CRC with gain above 0 in %u, most %.2f\n", SEEDS,
                  claimed, most);
    assert_true(claimed <= SEEDS / 50);
    assert_true(most < log(SEEDS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_polynomials_are_found),
        cmocka_unit_test(any_polynomial_is_found),
        cmocka_unit_test(known_polynomials_are_likelier),
        cmocka_unit_test(bytes_may_be_swapped),
        cmocka_unit_test(it_may_start_in_the_middle),
        cmocka_unit_test(what_it_is_computed_from_is_whole_bytes),
        cmocka_unit_test(constant_bits_may_follow),
        cmocka_unit_test(few_bits_that_change_are_enough),
        cmocka_unit_test(start_values_may_be_a_fobs),
        cmocka_unit_test(one_wrong_bit_is_too_many),
        cmocka_unit_test(random_bits_have_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
