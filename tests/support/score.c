/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/support/score.h"

#include <math.h>

#include "tests/support/computed.h"
#include "tests/support/shown.h"

const char *score_kind_name(enum score_kind k)
{
    static const char *const names[] = { "constant", "identity", "action",
                                         "counter",  "rolling",  "check" };

    return k < SCORE_KINDS ? names[k] : "all";
}

const char *score_result_name(enum score_result r)
{
    static const char *const names[] = { "exact", "wrong_border", "wrong_role",
                                         "missing" };

    return r < SCORE_RESULTS ? names[r] : "";
}

/* What all of them look at. */
struct scoring {
    const struct format *truth;
    const struct presses *presses;
    const struct inference *inference;
    struct shown shown;
};

static bool is_holding(const struct scoring *x, const struct inference_field *c,
                       uint64_t *constant)
{
    return computed_holds(&(struct computed){ .relation = c->relation,
                                              .at = c->at,
                                              .bits = c->bits },
                          x->presses->sent, x->presses->n, constant);
}

static bool is_role_right(const struct scoring *x, const struct shown_unit *u,
                          const struct inference_field *c)
{
    uint64_t constant = 0;

    if (u->kind == SCORE_ACTION && !x->shown.has_repeats &&
        c->role == ROLE_ROLLING)
        return c->confidence < SCORE_CLAIM;
    if (!(u->roles >> c->role & 1))
        return false;
    if (c->role == ROLE_COUNTER)
        return !u->has_order || c->order == u->order;
    if (u->is_computed && c->role == ROLE_CHECK)
        return is_holding(x, c, &constant);
    return true;
}

/* A claim, or several that count as one: [first, end) of the table. */
struct claim {
    size_t first, end;
    unsigned begins, ends; /* bits */
};

static unsigned end_of(const struct inference_field *c)
{
    return (unsigned)c->at + c->bits;
}

static bool is_standing(const struct scoring *x,
                        const struct inference_field *c)
{
    for (unsigned at = c->at; at < end_of(c) && at < x->truth->n_bits; at++)
        if (!shown_stands(&x->shown, at))
            return false;
    return true;
}

/* What varies is no part of a constant, and the check after an action no part
 * of that; what stands between an action and its copy is. */
static bool is_joining(const struct scoring *x, const struct shown_unit *u,
                       const struct inference_field *c, bool is_first)
{
    const bool is_right = u->roles >> c->role & 1;

    if (!u->is_joined)
        return false;
    if (u->kind == SCORE_CONSTANT)
        return is_right && is_standing(x, c);
    if (c->at < u->begin_min || end_of(c) > u->end_max)
        return false;
    return is_right || (!is_first && is_standing(x, c));
}

static struct claim claim_at(const struct scoring *x,
                             const struct shown_unit *u, size_t i)
{
    const struct inference_field *field = x->inference->field;
    struct claim claim = { i, i + 1, field[i].at, end_of(&field[i]) };

    if (!is_joining(x, u, &field[i], true))
        return claim;
    while (claim.end < x->inference->n && field[claim.end].at == claim.ends &&
           is_joining(x, u, &field[claim.end], false))
        claim.ends = end_of(&field[claim.end++]);
    return claim;
}

static unsigned overlap(const struct shown_unit *u, const struct claim *c)
{
    unsigned begins = c->begins > u->first ? c->begins : u->first;
    unsigned ends = c->ends < u->last + 1u ? c->ends : u->last + 1u;

    return ends > begins ? ends - begins : 0;
}

/* It is right for another unit, and reaches over this one. */
static bool is_others(const struct scoring *x, const struct shown_unit *u,
                      const struct claim *c)
{
    for (size_t i = 0; i < x->shown.n; i++) {
        const struct shown_unit *other = &x->shown.unit[i];
        if (other != u && overlap(other, c) > 0 &&
            is_role_right(x, other, &x->inference->field[c->first]))
            return true;
    }
    return false;
}

static enum score_result judge(const struct scoring *x,
                               const struct shown_unit *u, size_t *by)
{
    const struct inference *inference = x->inference;
    struct claim best = { .end = 0 };
    unsigned most = 0;

    for (size_t i = 0; i < inference->n;) {
        struct claim c = claim_at(x, u, i);
        if (overlap(u, &c) > most) {
            most = overlap(u, &c);
            best = c;
        }
        i = c.end;
    }
    *by = best.first;
    if (most == 0 || inference->n_bits != x->truth->n_bits)
        return SCORE_MISSING;
    if (!is_role_right(x, u, &inference->field[best.first]))
        return is_others(x, u, &best) ? SCORE_MISSING : SCORE_WRONG_ROLE;
    if (best.begins < u->begin_min || best.begins > u->begin_max ||
        best.ends < u->end_min || best.ends > u->end_max)
        return SCORE_WRONG_BORDER;
    return SCORE_EXACT;
}

static uint64_t number(const struct inference_field *c, const struct bits *b)
{
    uint64_t x = 0;

    for (unsigned i = 0; i < c->bits; i++) {
        unsigned weight = c->order == ORDER_MSB        ? c->bits - 1u - i
                          : c->order == ORDER_BYTES_LE ? i / 8 * 8 + 7 - i % 8
                                                       : i;
        if (weight < 64)
            x |= (uint64_t)b->value[c->at + i] << weight;
    }
    return x;
}

static uint64_t step_after(const struct presses *p,
                           const struct inference_field *c, size_t i)
{
    uint64_t step = number(c, &p->sent[i + 1]) - number(c, &p->sent[i]);

    return c->bits < 64 ? step & ((UINT64_C(1) << c->bits) - 1) : step;
}

/* True if no other step is commoner than the one that is claimed. */
static bool is_commonest_step(const struct presses *p,
                              const struct inference_field *c)
{
    size_t most = 0, claimed = 0;

    for (size_t i = 0; i + 1 < p->n; i++) {
        const uint64_t step = step_after(p, c, i);
        size_t as_often = 0;
        if (p->frame[i].fob != p->frame[i + 1].fob)
            continue;
        for (size_t j = 0; j + 1 < p->n; j++)
            as_often += p->frame[j].fob == p->frame[j + 1].fob &&
                        step_after(p, c, j) == step;
        most = as_often > most ? as_often : most;
        if (step == (uint64_t)c->step)
            claimed = as_often;
    }
    return claimed == most;
}

static void add_asides(const struct scoring *x, const struct shown_unit *u,
                       const struct inference_field *c, struct score *s)
{
    uint64_t constant = 0;

    if (u->kind == SCORE_COUNTER) {
        s->steps++;
        s->steps_right += is_commonest_step(x->presses, c);
    }
    if (u->is_computed && c->role == ROLE_CHECK &&
        is_holding(x, c, &constant)) {
        s->constants++;
        s->constants_right += constant == c->relation.constant;
    }
}

/* Some true field under the claim has its role. */
static bool has_such_field(const struct scoring *x,
                           const struct inference_field *c)
{
    for (size_t i = 0; i < x->truth->n; i++) {
        const struct format_field *f = &x->truth->field[i];
        if (f->at < end_of(c) && c->at < f->at + f->bits &&
            (1u << f->role | x->shown.field_roles[i]) >> c->role & 1)
            return true;
    }
    return false;
}

static bool is_order_wrong(const struct scoring *x,
                           const struct inference_field *c)
{
    for (size_t i = 0; i < x->shown.n; i++) {
        const struct shown_unit *u = &x->shown.unit[i];
        if (u->first < end_of(c) && c->at <= u->last && u->has_order &&
            u->roles >> ROLE_COUNTER & 1 && c->order != u->order)
            return true;
    }
    return false;
}

static bool is_false(const struct scoring *x, const struct inference_field *c)
{
    bool is_varying = false;
    uint64_t constant = 0;

    if (x->inference->n_bits != x->truth->n_bits ||
        end_of(c) > x->truth->n_bits)
        return true;
    for (unsigned at = c->at; at < end_of(c); at++) {
        is_varying |= !shown_stands(&x->shown, at);
        if (!(shown_roles(&x->shown, x->truth, at) >> c->role & 1))
            return true;
    }
    if (c->role == ROLE_CHECK && c->relation.kind != RELATION_NONE &&
        c->relation.confidence >= SCORE_CLAIM && !is_holding(x, c, &constant))
        return true;
    if (c->role == ROLE_COUNTER && is_order_wrong(x, c))
        return true;
    return !is_varying && c->role != ROLE_IDENTITY && c->role != ROLE_FIXED &&
           c->role != ROLE_STATUS && !has_such_field(x, c);
}

void score_inference(const struct format *truth, const struct presses *p,
                     const struct inference *i, struct score *s)
{
    struct scoring x = { truth, p, i, { .n = 0 } };

    shown_find(truth, p, &x.shown);
    *s = (struct score){ .units = x.shown.n };
    for (size_t k = 0; k < x.shown.n; k++) {
        const struct shown_unit *u = &x.shown.unit[k];
        size_t by = 0;
        s->unit[k] =
            (struct score_unit){ u->kind, u->at, u->bits, judge(&x, u, &by) };
        if (s->unit[k].result == SCORE_EXACT)
            add_asides(&x, u, &i->field[by], s);
    }
    for (size_t k = 0; k < i->n; k++) {
        if (i->field[k].confidence < SCORE_CLAIM)
            continue;
        s->claims++;
        s->is_false[k] = is_false(&x, &i->field[k]);
        s->false_claims += s->is_false[k];
    }
}

void score_add(struct score_sum *sum, const struct score *s)
{
    for (size_t i = 0; i < s->units; i++)
        sum->result[s->unit[i].kind][s->unit[i].result]++;
    sum->claims += s->claims;
    sum->false_claims += s->false_claims;
    sum->constants += s->constants;
    sum->constants_right += s->constants_right;
    sum->steps += s->steps;
    sum->steps_right += s->steps_right;
}

double score_exact_share(const struct score_sum *sum, enum score_kind k)
{
    size_t exact = 0, all = 0;

    for (size_t i = 0; i < SCORE_KINDS; i++)
        for (size_t j = 0; j < SCORE_RESULTS && (k == SCORE_KINDS || i == k);
             j++) {
            all += sum->result[i][j];
            exact += j == SCORE_EXACT ? sum->result[i][j] : 0;
        }
    return all > 0 ? (double)exact / (double)all : (double)NAN;
}

double score_false_share(const struct score_sum *sum)
{
    return sum->claims > 0 ? (double)sum->false_claims / (double)sum->claims
                           : 0.0;
}
