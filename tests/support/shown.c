/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/support/shown.h"

#include <assert.h>

enum {
    CONSTANTS = 1u << ROLE_IDENTITY | 1u << ROLE_FIXED | 1u << ROLE_STATUS,
    REACHING = 1u << ROLE_IDENTITY | 1u << ROLE_ACTION | 1u << ROLE_COUNTER,
    TELLING_BITS = 8, /* a shorter constant may be its neighbour's */
    NO_UNIT = SCORE_KINDS,
};

static bool is_same_button(const struct presses *p, size_t i, size_t j)
{
    return p->frame[i].fob == p->frame[j].fob && p->button[i] >= 0 &&
           p->button[i] == p->button[j];
}

static void compare(struct shown *s, const struct presses *p, size_t i,
                    size_t j, size_t n_bits)
{
    const bool is_fob = p->frame[i].fob == p->frame[j].fob;

    for (size_t c = 0; c < n_bits; c++) {
        if (p->sent[i].value[c] == p->sent[j].value[c])
            continue;
        if (is_fob)
            s->column[c].moves = true;
        else
            s->column[c].differs = true;
        if (is_same_button(p, i, j))
            s->column[c].follows = false;
    }
}

static void find_columns(const struct presses *p, size_t n_bits,
                         struct shown *s)
{
    for (size_t c = 0; c < n_bits; c++)
        s->column[c] = (struct shown_column){ .follows = true };
    for (size_t i = 0; i < p->n; i++) {
        if (p->frame[i].fob >= s->fobs)
            s->fobs = p->frame[i].fob + 1;
        for (size_t j = 0; j < i; j++) {
            s->has_repeats |= is_same_button(p, i, j);
            compare(s, p, i, j, n_bits);
        }
    }
    for (size_t c = 0; c < n_bits; c++) {
        struct shown_column *column = &s->column[c];
        column->differs &= !column->moves;
        column->follows &= column->moves && s->has_repeats;
    }
}

static const struct format_field *original_of(const struct format *f,
                                              const struct format_field *copy)
{
    if (copy->relation.kind != RELATION_COPY &&
        copy->relation.kind != RELATION_INVERSE)
        return NULL;
    for (size_t i = 0; i < f->n; i++)
        if (f->field[i].at == copy->relation.from)
            return &f->field[i];
    return NULL;
}

/* Besides its own: of a copy, what it copies, if that is true of it as well. */
static unsigned other_roles(const struct format *f,
                            const struct format_field *field)
{
    const struct format_field *original = original_of(f, field);

    if (original == NULL || original->role == ROLE_ROLLING ||
        (original->role == ROLE_COUNTER &&
         field->relation.kind == RELATION_INVERSE))
        return 0;
    return 1u << original->role;
}

struct seen {
    bool moves, differs, follows; /* some; some; all that moves */
    uint16_t first, last;         /* that vary */
    unsigned moving;              /* columns */
};

static struct seen look(const struct shown *s, const struct format_field *f)
{
    struct seen seen = { .follows = true };

    for (uint16_t c = f->at; c < f->at + f->bits; c++) {
        const struct shown_column *column = &s->column[c];
        if (shown_stands(s, c))
            continue;
        if (!seen.moves && !seen.differs)
            seen.first = c;
        seen.last = c;
        seen.moves |= column->moves;
        seen.differs |= column->differs;
        seen.follows &= column->follows || !column->moves;
        seen.moving += column->moves;
    }
    return seen;
}

static unsigned kind_of(const struct format_field *field,
                        const struct seen *seen)
{
    if (!seen->moves)
        return seen->differs ? SCORE_IDENTITY : SCORE_CONSTANT;
    switch (field->role) {
    case ROLE_ACTION:
        return SCORE_ACTION;
    case ROLE_COUNTER:
        return SCORE_COUNTER;
    case ROLE_ROLLING:
        return SCORE_ROLLING;
    case ROLE_CHECK:
        return seen->follows ? SCORE_ACTION : SCORE_CHECK;
    case ROLE_IDENTITY:
    case ROLE_FIXED:
    case ROLE_STATUS:
        break;
    }
    return NO_UNIT;
}

static unsigned roles_of(const struct shown *s, unsigned kind,
                         const struct format_field *field, unsigned others)
{
    const unsigned own = 1u << field->role | others;

    if (kind == SCORE_CONSTANT)
        return CONSTANTS | (own & 1u << ROLE_CHECK);
    if (kind == SCORE_IDENTITY)
        return own | 1u << ROLE_IDENTITY;
    if (kind == SCORE_ACTION && s->has_repeats)
        return own | 1u << ROLE_ACTION;
    return own;
}

static void add_field(struct shown *s, const struct format *f, size_t i)
{
    const struct format_field *field = &f->field[i];
    const struct seen seen = look(s, field);
    const unsigned kind = kind_of(field, &seen);
    struct shown_unit *last = s->n > 0 ? &s->unit[s->n - 1] : NULL;

    s->field_roles[i] = other_roles(f, field);
    if (kind == NO_UNIT)
        return;
    if (kind == SCORE_IDENTITY)
        s->field_roles[i] |= 1u << ROLE_IDENTITY;
    if (kind == SCORE_ACTION && s->has_repeats)
        s->field_roles[i] |= 1u << ROLE_ACTION;
    struct shown_unit unit = {
        .kind = (enum score_kind)kind,
        .at = field->at,
        .bits = field->bits,
        .first = kind == SCORE_CONSTANT ? field->at : seen.first,
        .last = kind == SCORE_CONSTANT ? (uint16_t)(field->at + field->bits - 1)
                                       : seen.last,
        .roles = roles_of(s, kind, field, s->field_roles[i]),
        .order = field->order,
        .is_joined = kind == SCORE_CONSTANT,
        .has_order = seen.moving > 1,
        .is_computed = kind == SCORE_CHECK,
    };
    if (last == NULL || last->kind != unit.kind ||
        last->at + last->bits != unit.at ||
        !(unit.roles & (REACHING | CONSTANTS)) || kind == SCORE_COUNTER ||
        kind == SCORE_CHECK) {
        s->unit[s->n++] = unit;
        return;
    }
    last->bits = (uint16_t)(last->bits + unit.bits);
    last->last = unit.last;
    last->roles |= unit.roles;
    last->is_joined = true;
}

static bool is_reaching(const struct shown_unit *u)
{
    return u->kind != SCORE_CONSTANT && (u->roles & REACHING) != 0;
}

/* The unit that ends, or begins, just where u begins or ends. */
static struct shown_unit *neighbour(struct shown *s, const struct shown_unit *u,
                                    int side)
{
    size_t i = (size_t)(u - s->unit);

    if (side < 0 && i > 0 && u[-1].at + u[-1].bits == u->at)
        return &s->unit[i - 1];
    if (side > 0 && i + 1 < s->n && u->at + u->bits == u[1].at)
        return &s->unit[i + 1];
    return NULL;
}

static uint16_t standing_before(const struct shown *s, uint16_t at)
{
    while (at > 0 && shown_stands(s, at - 1u))
        at--;
    return at;
}

static uint16_t standing_after(const struct shown *s, uint16_t at,
                               size_t n_bits)
{
    while (at < n_bits && shown_stands(s, at))
        at++;
    return at;
}

static void bound(struct shown *s, struct shown_unit *u, size_t n_bits)
{
    const struct shown_unit *before = neighbour(s, u, -1);
    const struct shown_unit *after = neighbour(s, u, 1);
    const uint16_t end = (uint16_t)(u->at + u->bits);

    u->begin_min = u->at;
    u->begin_max = u->first;
    u->end_min = (uint16_t)(u->last + 1);
    u->end_max = end;
    if (u->kind == SCORE_CONSTANT || is_reaching(u)) {
        u->begin_min = standing_before(s, u->at);
        u->end_max = standing_after(s, end, n_bits);
    }
    if (u->kind != SCORE_CONSTANT)
        return;
    if (before != NULL && is_reaching(before))
        u->begin_max = (uint16_t)(u->at + u->bits / 2);
    if (after != NULL && is_reaching(after))
        u->end_min = (uint16_t)(end - u->bits / 2);
}

/* Rolling columns that look like more of the action beside them. */
static void free_by_chance(struct shown *s, struct shown_unit *u)
{
    struct shown_unit *before = neighbour(s, u, -1);
    struct shown_unit *after = neighbour(s, u, 1);
    uint16_t x = u->at;

    if (before != NULL && before->kind == SCORE_ACTION) {
        while (x < u->last && (shown_stands(s, x) || s->column[x].follows))
            x++;
        u->begin_max = x > u->begin_max ? x : u->begin_max;
        before->end_max = x > before->end_max ? x : before->end_max;
    }
    x = (uint16_t)(u->at + u->bits);
    if (after != NULL && after->kind == SCORE_ACTION) {
        while (x > u->first + 1 &&
               (shown_stands(s, x - 1u) || s->column[x - 1].follows))
            x--;
        u->end_min = x < u->end_min ? x : u->end_min;
        after->begin_min = x < after->begin_min ? x : after->begin_min;
    }
}

/* A status bit that moves, and a rolling code beside it. */
static void free_beside_status(const struct shown *s, const struct format *f,
                               struct shown_unit *u)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct format_field *x = &f->field[i];
        if (x->role != ROLE_STATUS || !look(s, x).moves)
            continue;
        if (x->at + x->bits == u->at)
            u->begin_min = x->at;
        if (u->at + u->bits == x->at)
            u->end_max = (uint16_t)(x->at + x->bits);
    }
}

static bool is_hidden(struct shown *s, const struct shown_unit *u)
{
    const struct shown_unit *before = neighbour(s, u, -1);
    const struct shown_unit *after = neighbour(s, u, 1);

    return u->kind == SCORE_CONSTANT && u->bits < TELLING_BITS &&
           ((before != NULL && is_reaching(before)) ||
            (after != NULL && is_reaching(after)));
}

void shown_find(const struct format *f, const struct presses *p,
                struct shown *s)
{
    bool hidden[FORMATS_FIELDS_MAX] = { false };
    size_t kept = 0;

    *s = (struct shown){ .n = 0 };
    assert(f->n_bits <= BITS_MAX && f->n <= FORMATS_FIELDS_MAX);
    find_columns(p, f->n_bits, s);
    for (size_t i = 0; i < f->n; i++)
        add_field(s, f, i);
    for (size_t i = 0; i < s->n; i++)
        bound(s, &s->unit[i], f->n_bits);
    for (size_t i = 0; i < s->n; i++) {
        struct shown_unit *u = &s->unit[i];
        if (u->kind == SCORE_ROLLING) {
            free_by_chance(s, u);
            free_beside_status(s, f, u);
        }
        if (u->kind == SCORE_CONSTANT && s->fobs > 1 && u->bits >= TELLING_BITS)
            u->roles &= ~(1u << ROLE_IDENTITY);
        hidden[i] = is_hidden(s, u);
    }
    for (size_t i = 0; i < s->n; i++)
        if (!hidden[i])
            s->unit[kept++] = s->unit[i];
    s->n = kept;
}

static bool is_freely_action(const struct shown *s, size_t at)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->unit[i].kind == SCORE_ACTION && at >= s->unit[i].begin_min &&
            at < s->unit[i].end_max)
            return true;
    return false;
}

unsigned shown_roles(const struct shown *s, const struct format *f, size_t at)
{
    size_t i = 0;

    if (shown_stands(s, at))
        return UINT32_MAX;
    while (i + 1 < f->n && at >= (size_t)f->field[i].at + f->field[i].bits)
        i++;
    unsigned roles = 1u << f->field[i].role | s->field_roles[i];
    if (f->field[i].role == ROLE_STATUS)
        roles |= 1u << ROLE_ROLLING;
    if (f->field[i].role == ROLE_ROLLING && s->column[at].follows &&
        is_freely_action(s, at))
        roles |= 1u << ROLE_ACTION;
    return roles;
}
