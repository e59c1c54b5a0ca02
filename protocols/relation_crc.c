/* relation_crc - the CRC that several frames have in common.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/relation.h"

#include <math.h>
#include <string.h>

#include <assert.h>

#define LN2 0.6931471805599453
/* Assumed: three checks in ten are a CRC, eight of them one that is known. */
#define KIND_CRC    0.3
#define KNOWN_SHARE 0.8
/* Assumed: one in five has bytes that are sent the other way round. */
#define SWAPPED_SHARE 0.2
#define WHOLE_SHARE   0.7

enum {
    WORDS = BITS_MAX / 64,
    DIFFERENCES_MAX = 24, /* two dozen leave nothing by chance */
    STARTS_MAX = 8,
};

/* Bit i of word i / 64 is the coefficient of x^i. */
struct polynomial {
    uint64_t word[WORDS];
    int degree; /* -1: zero */
};

struct known {
    unsigned bits;
    uint32_t polynomial;
};

/* Those of the catalogue that short frames use; 7Fh: Kia V0, DOMAIN.md 5.4; 3h of
 * two bits: HCS36x, DS41189. */
static const struct known known[] = {
    { 2, 0x3 },     { 3, 0x3 },     { 4, 0x3 },     { 4, 0x9 },
    { 5, 0x05 },    { 5, 0x15 },    { 5, 0x09 },    { 6, 0x03 },
    { 6, 0x27 },    { 7, 0x09 },    { 7, 0x4F },    { 8, 0x07 },
    { 8, 0x2F },    { 8, 0x31 },    { 8, 0x1D },    { 8, 0x39 },
    { 8, 0x7F },    { 8, 0x9B },    { 8, 0xD5 },    { 8, 0xA7 },
    { 16, 0x1021 }, { 16, 0x8005 }, { 16, 0x3D65 }, { 16, 0x0589 },
    { 16, 0x8BB7 }, { 16, 0xA097 }, { 16, 0xC867 }, { 16, 0x5935 },
};
enum { N_KNOWN = sizeof known / sizeof *known };

static int degree_of(const struct polynomial *p)
{
    for (int w = WORDS - 1; w >= 0; w--)
        if (p->word[w] != 0)
            for (int b = 63; b >= 0; b--)
                if (p->word[w] >> b & 1)
                    return 64 * w + b;
    return -1;
}

static bool has_term(const struct polynomial *p, int i)
{
    return p->word[i / 64] >> (i % 64) & 1;
}

/* a += b x^shift */
static void add_shifted(struct polynomial *a, const struct polynomial *b,
                        int shift)
{
    const int words = shift / 64, bits = shift % 64;

    for (int w = WORDS - 1; w >= words; w--) {
        uint64_t x = b->word[w - words] << bits;

        if (bits > 0 && w > words)
            x |= b->word[w - words - 1] >> (64 - bits);
        a->word[w] ^= x;
    }
}

/* a mod b, into a. b is not zero. */
static void reduce(struct polynomial *a, const struct polynomial *b)
{
    for (int i = a->degree; i >= b->degree; i--)
        if (has_term(a, i))
            add_shifted(a, b, i - b->degree);
    a->degree = degree_of(a);
}

/* The greatest common divisor, into a. */
static void divide_common(struct polynomial *a, struct polynomial b)
{
    while (b.degree >= 0) {
        struct polynomial left = *a;

        reduce(&left, &b);
        *a = b;
        b = left;
    }
}

/* Factors of x: columns at the end that never differ. */
static void strip(struct polynomial *p)
{
    int zeros = 0;
    struct polynomial out = { { 0 }, -1 };

    if (p->degree < 0)
        return;
    while (!has_term(p, zeros))
        zeros++;
    for (int i = zeros; i <= p->degree; i++)
        if (has_term(p, i))
            out.word[(i - zeros) / 64] |= 1ull << (i - zeros) % 64;
    out.degree = p->degree - zeros;
    *p = out;
}

static struct polynomial from_known(unsigned bits, uint32_t polynomial)
{
    struct polynomial p = { { 0 }, (int)bits };

    p.word[0] = polynomial | 1ull << bits;
    return p;
}

/* The columns from `from` to `end`, first the highest term; is_swapped: with the
 * bits of each byte, counted from the end, the other way round. */
struct reading {
    size_t from, end;
    bool is_swapped;
};

static size_t column_of(const struct reading *g, size_t term)
{
    return g->is_swapped ? g->end - 1 - (term / 8 * 8 + 7 - term % 8)
                         : g->end - 1 - term;
}

/* Row r less the first of its fob. */
static struct polynomial difference(const struct relation_input *in,
                                    const struct reading *g, size_t r)
{
    const uint8_t *first = in->row[in->first[r]];
    struct polynomial p = { { 0 }, -1 };
    const size_t n = g->end - g->from;

    for (size_t i = 0; i < (g->is_swapped ? n / 8 * 8 : n); i++) {
        const size_t k = column_of(g, i);

        if (in->row[r][k] != first[k])
            p.word[i / 64] |= 1ull << i % 64;
    }
    p.degree = degree_of(&p);
    return p;
}

/* What divides all differences. Degree -1: there are none. */
static struct polynomial common(const struct relation_input *in,
                                const struct reading *g)
{
    struct polynomial a = { { 0 }, -1 };
    size_t n = 0;

    for (size_t r = 1; r < in->n_rows && n < DIFFERENCES_MAX && a.degree != 0;
         r++) {
        const struct polynomial d = difference(in, g, r);

        if (d.degree < 0)
            continue;
        n++;
        if (a.degree < 0)
            a = d;
        else
            divide_common(&a, d);
    }
    strip(&a);
    return a;
}

static bool divides_all(const struct relation_input *in,
                        const struct reading *g, const struct polynomial *p)
{
    for (size_t r = 1; r < in->n_rows; r++) {
        struct polynomial d = difference(in, g, r);

        if (d.degree < 0)
            continue;
        reduce(&d, p);
        if (d.degree >= 0)
            return false;
    }
    return true;
}

/* What row r leaves: start value and what is XORed at the end. */
static uint32_t constant_of(const struct relation_input *in,
                            const struct reading *g, const struct polynomial *p,
                            size_t r)
{
    struct polynomial d = { { 0 }, -1 };
    const size_t n = g->end - g->from;

    for (size_t i = 0; i < (g->is_swapped ? n / 8 * 8 : n); i++)
        if (in->row[r][column_of(g, i)])
            d.word[i / 64] |= 1ull << i % 64;
    d.degree = degree_of(&d);
    reduce(&d, p);
    return (uint32_t)d.word[0];
}

/* ln_prior: of the polynomial. */
static void add_crc(const struct relation_input *in, const struct reading *g,
                    const struct polynomial *p, double ln_prior,
                    struct relation_list *out)
{
    const unsigned bits = (unsigned)p->degree;
    const size_t at = g->end - bits;
    const size_t from =
        g->is_swapped ? g->end - (g->end - g->from) / 8 * 8 : g->from;
    uint32_t constant[RELATION_ROWS_MAX];

    for (size_t r = 0; r < in->n_rows; r++)
        constant[r] = constant_of(in, g, p, r);

    const struct relation_candidate c = {
        .at = (uint16_t)at,
        .bits = (uint16_t)bits,
        .gain =
            (double)(in->n_rows * bits) * LN2 + ln_prior +
            relation_constants(in, constant, bits) + log(KIND_CRC) +
            log(g->is_swapped ? SWAPPED_SHARE : 1 - SWAPPED_SHARE) +
            log(g->from == 0 ? WHOLE_SHARE : (1 - WHOLE_SHARE) / STARTS_MAX) +
            relation_place(g->end, in->n_bits),
        .relation = { .kind = RELATION_CRC,
                      .from = (uint16_t)from,
                      .from_bits = (uint16_t)(at - from),
                      .is_lsb = g->is_swapped,
                      .polynomial =
                          (uint32_t)(p->word[0] & ((1ull << bits) - 1)),
                      .constant = constant[0] },
    };

    relation_add(out, &c);
}

static bool is_known(unsigned bits, uint32_t polynomial)
{
    for (size_t i = 0; i < N_KNOWN; i++)
        if (known[i].bits == bits && known[i].polynomial == polynomial)
            return true;
    return false;
}

static size_t count_known(unsigned bits)
{
    size_t n = 0;

    for (size_t i = 0; i < N_KNOWN; i++)
        n += known[i].bits == bits;
    return n;
}

static bool has_room(const struct relation_input *in, const struct reading *g,
                     unsigned bits)
{
    return g->end - g->from > 2 * bits && (!g->is_swapped || bits % 8 == 0) &&
           relation_varies(in, g->end - bits, bits) &&
           relation_varies(in, g->from, g->end - bits - g->from);
}

/* XOR and parity have polynomials too, x^n + 1: they are not CRCs. */
static bool is_xor(const struct polynomial *p)
{
    return p->degree <= 64 - 1 && p->word[0] == (1ull << p->degree | 1);
}

static void find_at(const struct relation_input *in, const struct reading *g,
                    struct relation_list *out)
{
    const struct polynomial all = common(in, g);

    if (all.degree < 2)
        return;
    for (size_t i = 0; i < N_KNOWN; i++) {
        const struct polynomial p =
            from_known(known[i].bits, known[i].polynomial);
        struct polynomial left = all;

        reduce(&left, &p);
        if (left.degree < 0 && has_room(in, g, known[i].bits) &&
            divides_all(in, g, &p))
            add_crc(in, g, &p,
                    log(KNOWN_SHARE / (double)count_known(known[i].bits)), out);
    }
    if (all.degree <= RELATION_CRC_BITS_MAX && !is_xor(&all) &&
        has_room(in, g, (unsigned)all.degree) &&
        !is_known((unsigned)all.degree,
                  (uint32_t)(all.word[0] & ((1ull << all.degree) - 1))) &&
        divides_all(in, g, &all))
        add_crc(in, g, &all, log(1 - KNOWN_SHARE) - (all.degree - 1) * LN2,
                out);
}

void relation_find_crc(const struct relation_input *in,
                       struct relation_list *out)
{
    size_t starts[STARTS_MAX] = { 0 }, n = 1;

    for (size_t i = 1; i < in->n_bits && n < STARTS_MAX; i++)
        if (in->varies[i] && !in->varies[i - 1])
            starts[n++] = i;
    for (size_t end = 4; end <= in->n_bits; end++) {
        if (!in->varies[end - 1] && !in->varies[end - 2])
            continue;
        for (size_t s = 0; s < n && starts[s] + 4 < end; s++)
            for (unsigned swapped = 0; swapped < 2; swapped++)
                find_at(in, &(struct reading){ starts[s], end, swapped == 1 },
                        out);
    }
}
