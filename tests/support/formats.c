/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/support/formats.h"

#include <assert.h>
#include <string.h>

#include "tests/support/synth.h"

static unsigned below(struct synth_random *r, unsigned n)
{
    return (unsigned)(synth_random_unit(r) * n);
}

static bool chance(struct synth_random *r, double p)
{
    return synth_random_unit(r) < p;
}

/* So often of 100 a thing is drawn. */
struct share {
    unsigned percent, value;
};

static unsigned pick(struct synth_random *r, const struct share *shares)
{
    unsigned x = below(r, 100);

    for (; x >= shares->percent; shares++)
        x -= shares->percent;
    return shares->value;
}

static const struct share identity_bits[] = {
    { 5, 16 }, { 8, 20 }, { 25, 24 }, { 25, 28 }, { 37, 32 }
};
static const struct share action_bits[] = {
    { 10, 2 }, { 5, 3 }, { 50, 4 }, { 35, 8 }
};
static const struct share rolling_bits[] = {
    { 10, 24 }, { 5, 28 }, { 55, 32 }, { 10, 40 }, { 10, 48 }, { 10, 64 }
};
static const struct share counter_bits[] = { { 8, 8 },   { 8, 10 }, { 12, 12 },
                                             { 40, 16 }, { 4, 20 }, { 20, 24 },
                                             { 8, 32 } };
static const struct share counter_step[] = { { 85, 1 }, { 10, 2 }, { 5, 4 } };

enum moving { ROLLING = 1, COUNTER = 2 };
static const struct share what_moves[] = {
    { 40, ROLLING }, { 25, COUNTER }, { 25, ROLLING | COUNTER }, { 10, 0 }
};

enum check {
    XOR_BYTES,
    XOR_NIBBLES,
    SUM_BYTES,
    MINUS_BYTES,
    SUM_NIBBLES_4,
    SUM_NIBBLES_8,
    CRC_8,
    CRC_16,
    CRC_2,
    CRC_4,
    PARITY,
};
static const struct share which_check[] = {
    { 24, XOR_BYTES },  { 8, XOR_NIBBLES },   { 19, SUM_BYTES },
    { 6, MINUS_BYTES }, { 7, SUM_NIBBLES_4 }, { 3, SUM_NIBBLES_8 },
    { 15, CRC_8 },      { 6, CRC_16 },        { 5, CRC_2 },
    { 2, CRC_4 },       { 5, PARITY },
};

static const struct {
    enum relation_kind kind;
    unsigned bits, unit;
} checks[] = {
    [XOR_BYTES] = { RELATION_XOR, 8, 8 },
    [XOR_NIBBLES] = { RELATION_XOR, 4, 4 },
    [SUM_BYTES] = { RELATION_SUM, 8, 8 },
    [MINUS_BYTES] = { RELATION_NEGATIVE_SUM, 8, 8 },
    [SUM_NIBBLES_4] = { RELATION_SUM, 4, 4 },
    [SUM_NIBBLES_8] = { RELATION_SUM, 8, 4 },
    [CRC_8] = { RELATION_CRC, 8, 0 },
    [CRC_16] = { RELATION_CRC, 16, 0 },
    [CRC_2] = { RELATION_CRC, 2, 0 },
    [CRC_4] = { RELATION_CRC, 4, 0 },
    [PARITY] = { RELATION_PARITY, 1, 0 },
};

/* The list of rtl_433's fobs (2F, 7F) and of G. Cook, "Catalogue of
 * parametrised CRC algorithms". */
static const uint32_t crc_8[] = {
    0x07, 0x31, 0x2F, 0x7F, 0xD5, 0x1D, 0x9B, 0x39
};
static const uint32_t crc_16[] = { 0x1021, 0x8005, 0x3D65,
                                   0x8BB7, 0x0589, 0xC867 };

static struct format_field *add(struct format *f, enum field_role role,
                                unsigned bits)
{
    assert(f->n < FORMATS_FIELDS_MAX);
    struct format_field *field = &f->field[f->n++];
    *field = (struct format_field){ .role = role, .bits = (uint16_t)bits };
    return field;
}

static unsigned fixed_bits(struct synth_random *r)
{
    static const struct share bits[] = {
        { 30, 4 }, { 10, 5 }, { 35, 8 }, { 10, 9 }, { 15, 16 }
    };
    unsigned x = pick(r, bits);

    if (x == 5)
        return 5 + below(r, 3);
    return x == 9 ? 9 + below(r, 7) : x;
}

static uint64_t fixed_value(struct synth_random *r)
{
    static const struct share kinds[] = { { 30, 0 }, { 10, 1 }, { 60, 2 } };
    unsigned kind = pick(r, kinds);

    return kind == 2 ? synth_random_u64(r) : kind == 1 ? UINT64_MAX : 0;
}

static void add_status(struct format *f, struct synth_random *r)
{
    struct format_field *s = add(f, ROLE_STATUS, chance(r, 0.6) ? 1 : 2);

    s->value = chance(r, 0.7) ? 0 : below(r, 4);
    s->flicker = chance(r, 0.08) ? 0.25 : 0;
}

/* What every format has or may have, in no order yet. */
static void add_parts(struct format *f, struct synth_random *r)
{
    static const struct share how_many[] = { { 35, 0 }, { 45, 1 }, { 20, 2 } };
    unsigned moves = pick(r, what_moves), fixed = pick(r, how_many);

    for (unsigned i = 0; i < fixed; i++)
        add(f, ROLE_FIXED, fixed_bits(r))->value = fixed_value(r);
    add(f, ROLE_IDENTITY, pick(r, identity_bits));
    add(f, ROLE_ACTION, pick(r, action_bits));
    if (moves & ROLLING)
        add(f, ROLE_ROLLING, pick(r, rolling_bits));
    if (moves & COUNTER)
        add(f, ROLE_COUNTER, pick(r, counter_bits));
    if (chance(r, 0.55))
        add_status(f, r);
}

static void shuffle(struct format *f, struct synth_random *r)
{
    size_t first = f->field[0].role == ROLE_FIXED && chance(r, 0.7);

    for (size_t i = f->n; i > first + 1; i--) {
        size_t j = first + below(r, (unsigned)(i - first));
        struct format_field x = f->field[i - 1];
        f->field[i - 1] = f->field[j];
        f->field[j] = x;
    }
}

static bool is_copy(const struct format_field *field)
{
    return field->relation.kind == RELATION_COPY ||
           field->relation.kind == RELATION_INVERSE;
}

/* Room for one field at place i. Until all bits have their places a copy has
 * its original's number in relation.from. */
static struct format_field *insert(struct format *f, size_t i)
{
    assert(f->n < FORMATS_FIELDS_MAX && i <= f->n);
    for (size_t j = 0; j < f->n; j++)
        if (is_copy(&f->field[j]) && f->field[j].relation.from >= i)
            f->field[j].relation.from++;
    memmove(&f->field[i + 1], &f->field[i], (f->n - i) * sizeof f->field[0]);
    f->n++;
    f->field[i] = (struct format_field){ .bits = 0 };
    return &f->field[i];
}

static void place(struct format *f)
{
    f->n_bits = 0;
    for (size_t i = 0; i < f->n; i++) {
        f->field[i].at = (uint16_t)f->n_bits;
        f->n_bits += f->field[i].bits;
    }
}

/* Place of the first field of a role; f->n: none. */
static size_t find(const struct format *f, enum field_role role)
{
    size_t i = 0;

    while (i < f->n && f->field[i].role != role)
        i++;
    return i;
}

/* A copy of the action or of something else, after it. */
static void add_copy(struct format *f, struct synth_random *r)
{
    static const enum field_role others[] = { ROLE_COUNTER, ROLE_FIXED,
                                              ROLE_IDENTITY };
    size_t of = find(f, ROLE_ACTION);

    if (chance(r, 0.4)) {
        size_t other = find(f, others[below(r, 3)]);
        of = other < f->n ? other : of;
    }
    size_t at = of + 1;
    if (chance(r, 0.4))
        at += below(r, (unsigned)(f->n - of));
    uint16_t bits = f->field[of].bits;
    struct format_field *copy = insert(f, at);
    copy->role = ROLE_CHECK;
    copy->bits = bits;
    copy->relation.kind = chance(r, 0.6) ? RELATION_COPY : RELATION_INVERSE;
    copy->relation.from = (uint16_t)of;
}

static uint32_t polynomial(struct synth_random *r, unsigned bits)
{
    if (bits == 2)
        return 3; /* hcs36x.c: x^2 + x + 1 */
    if (bits == 4)
        return 3;        /* CRC-4 of G.704: x^4 + x + 1 */
    if (chance(r, 0.25)) /* odd, as all that are any good */
        return ((uint32_t)synth_random_u64(r) & ((1u << bits) - 1)) | 1;
    return bits == 8 ? crc_8[below(r, 8)] : crc_16[below(r, 6)];
}

/* The place of the check: after something that moves. */
static size_t check_place(const struct format *f, struct synth_random *r)
{
    size_t moving = find(f, ROLE_ROLLING), counter = find(f, ROLE_COUNTER);

    moving = counter < moving ? counter : moving;
    if (moving < f->n && chance(r, 0.1))
        return moving + 1 + below(r, (unsigned)(f->n - moving));
    return f->n;
}

/* Fills up what is covered to whole units; returns how many fields more. */
static size_t fill_up(struct format *f, struct synth_random *r, size_t first,
                      size_t at, unsigned unit, unsigned *skipped)
{
    unsigned covered = 0;

    for (size_t i = first; i < at; i++)
        covered += f->field[i].bits;
    *skipped = covered % unit;
    if (*skipped == 0 || chance(r, 0.3))
        return 0;
    struct format_field *fill =
        insert(f, first + below(r, (unsigned)(at - first) + 1));
    fill->role = ROLE_FIXED;
    fill->bits = (uint16_t)(unit - *skipped);
    fill->value = fixed_value(r);
    *skipped = 0;
    return 1;
}

static void add_check(struct format *f, struct synth_random *r)
{
    const enum check which = (enum check)pick(r, which_check);
    const unsigned unit = checks[which].unit;
    const bool is_later = f->field[0].role == ROLE_FIXED && chance(r, 0.25);
    unsigned skipped = 0;
    size_t at = check_place(f, r), first = is_later && at > 1 ? 1 : 0;
    struct relation relation = { .kind = checks[which].kind,
                                 .unit = (uint8_t)unit };

    if (unit > 0)
        at += fill_up(f, r, first, at, unit, &skipped);
    if (relation.kind == RELATION_CRC) {
        relation.polynomial = polynomial(r, checks[which].bits);
        relation.is_lsb = checks[which].bits >= 8 && below(r, 12) == 0;
        relation.unit = relation.is_lsb ? 8 : 0;
        if (relation.is_lsb) /* its bytes are to be whole */
            at += fill_up(f, r, first, at, 8, &skipped);
    }
    if (chance(r, 0.4))
        relation.constant =
            (uint32_t)synth_random_u64(r) & ((1u << checks[which].bits) - 1);
    place(f);
    relation.from = (uint16_t)(f->field[first].at + skipped);
    relation.from_bits =
        (uint16_t)((at < f->n ? f->field[at].at : f->n_bits) - relation.from);
    struct format_field *check = insert(f, at);
    check->role = ROLE_CHECK;
    check->bits = (uint16_t)checks[which].bits;
    check->relation = relation;
    if (at + 1 == f->n && chance(r, 0.2))
        add(f, ROLE_FIXED, 1)->value = below(r, 2);
}

static uint64_t new_code(const struct format *f, struct synth_random *r,
                         unsigned n, unsigned bits)
{
    for (;;) {
        uint64_t code = below(r, 1u << bits);
        unsigned i = 0;
        while (i < n && f->code[i] != code)
            i++;
        if (i == n)
            return code;
    }
}

static void draw_codes(struct format *f, struct synth_random *r)
{
    static const struct share kinds[] = { { 50, 0 }, { 35, 1 }, { 15, 2 } };
    const unsigned bits = f->field[find(f, ROLE_ACTION)].bits;
    const unsigned kind = pick(r, kinds), start = below(r, 2);

    f->buttons = bits < FORMATS_BUTTONS_MAX ? bits : FORMATS_BUTTONS_MAX;
    for (unsigned i = 0; i < f->buttons; i++)
        f->code[i] = kind == 0   ? UINT64_C(1) << i
                     : kind == 1 ? start + i
                                 : new_code(f, r, i, bits);
}

/* All have their places. */
static void settle(struct format *f, enum field_order order)
{
    for (size_t i = 0; i < f->n; i++) {
        struct format_field *field = &f->field[i];
        struct relation *relation = &field->relation;
        field->order = order;
        if (is_copy(field)) {
            relation->from_bits = f->field[relation->from].bits;
            relation->from = f->field[relation->from].at;
        }
        if (relation->kind == RELATION_SUM ||
            relation->kind == RELATION_NEGATIVE_SUM)
            relation->is_lsb = order == ORDER_LSB;
    }
}

static void draw(struct format *f, struct synth_random *r)
{
    *f = (struct format){ .step = pick(r, counter_step) };
    const enum field_order order = chance(r, 0.6) ? ORDER_MSB : ORDER_LSB;
    add_parts(f, r);
    shuffle(f, r);
    if (chance(r, 0.15))
        add_copy(f, r);
    if (chance(r, 0.6))
        add_check(f, r);
    place(f);
    settle(f, order);
    draw_codes(f, r);
}

void formats_draw(struct format *f, uint64_t seed)
{
    struct synth_random r = { seed };

    do
        draw(f, &r);
    while (f->n_bits < FORMATS_BITS_MIN || f->n_bits > FORMATS_BITS_MAX);
}
