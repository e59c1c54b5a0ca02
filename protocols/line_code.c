/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/line_code.h"

#include <assert.h>
#include <math.h>
#include <string.h>

struct line_code line_code_of(const struct waveform *w)
{
    return (struct line_code){ w->kind, w->symbols };
}

unsigned line_code_shortest(const struct line_code *c)
{
    switch (c->kind) {
    case LINE_PWM:
    case LINE_PPM: {
        const size_t a = strlen(c->symbols.zero), b = strlen(c->symbols.one);
        return (unsigned)(a < b ? a : b);
    }
    case LINE_MANCHESTER:
    case LINE_DIFF_MANCHESTER:
        return 2;
    case LINE_NRZ:
    case LINE_PIWM:
        break;
    }
    return 1;
}

unsigned line_code_longest(const struct line_code *c)
{
    if (c->kind == LINE_PIWM)
        return 2;
    if (c->kind != LINE_PWM && c->kind != LINE_PPM)
        return line_code_shortest(c);
    const size_t a = strlen(c->symbols.zero), b = strlen(c->symbols.one);
    return (unsigned)(a > b ? a : b);
}

unsigned line_code_period(const struct line_code *c)
{
    const unsigned n = line_code_shortest(c);
    return n == line_code_longest(c) ? n : 0;
}

bool line_code_is_same(const struct line_code *a, const struct line_code *b)
{
    const bool has_symbols = a->kind == LINE_PWM || a->kind == LINE_PPM;
    return a->kind == b->kind &&
           (!has_symbols || (!strcmp(a->symbols.zero, b->symbols.zero) &&
                             !strcmp(a->symbols.one, b->symbols.one)));
}

static bool has_run(const char *chips)
{
    return strstr(chips, "111") || strstr(chips, "000");
}

unsigned line_code_longest_run(const struct line_code *c)
{
    if (c->kind != LINE_PWM && c->kind != LINE_PPM)
        return c->kind == LINE_MANCHESTER ? 1 : 2;
    return has_run(c->symbols.zero) || has_run(c->symbols.one) ? 3 : 2;
}

unsigned line_code_most_run(const struct line_code *c)
{
    return c->kind == LINE_MANCHESTER ? 2 : line_code_longest_run(c);
}

size_t line_code_most_chips(const struct line_code *c, size_t n)
{
    return n * line_code_longest(c);
}

/* The pattern of one bit, given the level it starts at where that matters. */
static const char *pattern(const struct line_code *l, unsigned bit,
                           unsigned level)
{
    static const char *const manchester[] = { "01", "10" };
    static const char *const nrz[] = { "0", "1" };
    /* [level][bit]: an edge in the middle is 0 */
    static const char *const differential[2][2] = { { "01", "00" },
                                                    { "10", "11" } };
    static const char *const interval[2][2] = { { "00", "0" }, { "11", "1" } };
    switch (l->kind) {
    case LINE_PWM:
    case LINE_PPM:
        break;
    case LINE_MANCHESTER:
        return manchester[bit];
    case LINE_DIFF_MANCHESTER:
        return differential[level & 1][bit];
    case LINE_NRZ:
        return nrz[bit];
    case LINE_PIWM:
        return interval[level & 1][bit];
    }
    return bit ? l->symbols.one : l->symbols.zero;
}

bool line_code_has_memory(const struct line_code *c)
{
    return c->kind == LINE_MANCHESTER || c->kind == LINE_DIFF_MANCHESTER ||
           c->kind == LINE_PIWM;
}

unsigned line_code_first(const struct line_code *c)
{
    return c->kind != LINE_MANCHESTER;
}

unsigned line_code_next(const struct line_code *l, unsigned bit, unsigned level)
{
    if (l->kind == LINE_PIWM)
        return !level;
    if (l->kind == LINE_MANCHESTER)
        return !bit;
    if (l->kind == LINE_DIFF_MANCHESTER)
        return bit ? !level : level; /* ends high after 11 or 01 */
    return level;
}

unsigned line_code_length(const struct line_code *l, unsigned bit)
{
    return (unsigned)strlen(pattern(l, bit, 1));
}

/* Runs longer than CHIPS_RUN_MAX are taken in pieces. */
static float pattern_metric(const struct chips *c, size_t k, const char *p)
{
    float sum = 0;
    while (*p) {
        size_t m = 1;
        while (m < CHIPS_RUN_MAX && p[m] == p[0])
            m++;
        sum += p[0] == '1' ? c->on[m - 1][k] : c->off[m - 1][k];
        p += m;
        k += m;
    }
    return sum;
}

/* What a run across the border before chip k adds, where both chips are high
 * (or both low). */
static float across(float *const run[CHIPS_RUN_MAX], size_t k)
{
    return run[1][k - 1] - run[0][k - 1] - run[0][k];
}

float line_code_metric(const struct line_code *l, const struct chips *c,
                       size_t k, unsigned bit, unsigned level)
{
    float metric = pattern_metric(c, k, pattern(l, bit, level));
    /* 01 10 and 10 01: a run of two across the border */
    if (l->kind == LINE_MANCHESTER && level == bit && k)
        metric += across(bit ? c->on : c->off, k);
    return metric;
}

/* Adds what a run of m chips that starts at chip from of a pattern is worth, for
 * every place of the pattern. */
static void add_run(float *restrict out, const float *restrict run, size_t from,
                    size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] += run[k + from];
}

/* pattern_metric for all places at once. */
static void add_pattern(const struct chips *c, const char *p, size_t n,
                        float *out)
{
    for (size_t i = 0; p[i];) {
        size_t m = 1;
        while (m < CHIPS_RUN_MAX && p[i + m] == p[i])
            m++;
        if (p[i] == '1' || c->is_fsk)
            add_run(out, p[i] == '1' ? c->on[m - 1] : c->off[m - 1], i, n);
        i += m;
    }
}

void line_code_evidence(const struct line_code *l, const struct likelihood *t,
                        const struct chips *c, float *out)
{
    const unsigned period = line_code_period(l);
    const size_t n = c->n < period ? 0 : c->n - period + 1;
    float *other = c->scratch;
    assert(period);
    memset(out, 0, n * sizeof *out);
    memset(other, 0, n * sizeof *other);
    add_pattern(c, pattern(l, 0, 1), n, out);
    add_pattern(c, pattern(l, 1, 1), n, other);
    for (size_t k = 0; k < n; k++)
        out[k] = likelihood_either(t, out[k], other[k]);
    for (size_t k = n; k < c->n; k++)
        out[k] = -INFINITY;
}

size_t line_code_encode(const struct line_code *l, const char *bits, char *out)
{
    size_t n = 0;
    unsigned level = line_code_first(l);
    for (; *bits; bits++) {
        const unsigned bit = *bits == '1';
        const char *p = pattern(l, bit, level);
        const size_t m = strlen(p);
        memcpy(out + n, p, m);
        n += m;
        level = line_code_next(l, bit, level);
    }
    return n;
}

size_t line_code_expect(const struct line_code *l, const struct bits *b,
                        float *out)
{
    const bool is_apart = line_code_period(l) && (!line_code_has_memory(l) ||
                                                  l->kind == LINE_MANCHESTER);
    unsigned level = line_code_first(l);
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++) {
        const unsigned bit = b->value[i];
        const char *likely = pattern(l, bit, level);
        const char *other = pattern(l, !bit, level);
        /* that the other value is the right one */
        const float doubt =
            is_apart ? 1 / (1 + expf(fminf(fabsf(b->llr[i]), 80))) : 0;
        for (size_t j = 0; likely[j]; j++)
            out[n++] = (likely[j] == '1') * (1 - doubt) +
                       (doubt > 0 ? (other[j] == '1') * doubt : 0);
        level = line_code_next(l, bit, level);
    }
    return n;
}

static void set_bit(struct bits *b, size_t i, float llr)
{
    b->llr[i] = llr;
    b->value[i] = llr > 0;
}

/* Bits that share nothing with their neighbours. */
static float decode_apart(const struct line_code *l, const struct likelihood *t,
                          const struct chips *c, size_t k, size_t n,
                          struct bits *out)
{
    const unsigned period = line_code_period(l);
    float sum = 0;
    for (size_t i = 0; i < n; i++, k += period) {
        const float zero = line_code_metric(l, c, k, 0, LINE_CODE_ALONE);
        const float one = line_code_metric(l, c, k, 1, LINE_CODE_ALONE);
        set_bit(out, i, one - zero);
        sum += likelihood_either(t, zero, one);
    }
    return sum;
}

/* pair[i][2 * level + bit]: the state is the level of codes with memory. */
static void measure_pairs(float pair[][4], const struct line_code *l,
                          const struct chips *c, size_t k, size_t n)
{
    for (size_t i = 0; i < n; i++, k += 2)
        for (unsigned level = 0; level < 2; level++)
            for (unsigned bit = 0; bit < 2; bit++)
                pair[i][2 * level + bit] =
                    line_code_metric(l, c, k, bit, level);
}

/* Two states; next[2 * state + bit] is the state after it. */
static float forward_backward(struct line_decoder *d,
                              const struct likelihood *t, size_t n,
                              const unsigned next[4], unsigned state,
                              struct bits *out)
{
    float before[BITS_MAX + 1][2];
    before[0][state] = 0;
    before[0][!state] = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        float sum[2] = { -INFINITY, -INFINITY };
        for (unsigned e = 0; e < 4; e++) {
            const float v = before[i][e / 2] + d->pair[i][e];
            float *s = &sum[next[e]];
            *s = *s == -INFINITY ? v : likelihood_add(t, *s, v);
        }
        before[i + 1][0] = sum[0];
        before[i + 1][1] = sum[1];
    }
    float after[2] = { 0, 0 };
    for (size_t i = n; i-- > 0;) {
        float bit[2] = { -INFINITY, -INFINITY };
        float back[2] = { -INFINITY, -INFINITY };
        for (unsigned e = 0; e < 4; e++) {
            const float v = d->pair[i][e] + after[next[e]];
            float *s = &back[e / 2];
            *s = *s == -INFINITY ? v : likelihood_add(t, *s, v);
            if (before[i][e / 2] == -INFINITY)
                continue;
            s = &bit[e % 2];
            const float w = v + before[i][e / 2];
            *s = *s == -INFINITY ? w : likelihood_add(t, *s, w);
        }
        set_bit(out, i, bit[1] - bit[0]);
        after[0] = back[0];
        after[1] = back[1];
    }
    return after[state] - (float)n * LIKELIHOOD_LN_2;
}

static float decode_pairs(struct line_decoder *d, const struct line_code *l,
                          const struct likelihood *t, const struct chips *c,
                          size_t k, size_t n, unsigned level, struct bits *out)
{
    unsigned next[4];
    for (unsigned e = 0; e < 4; e++)
        next[e] = line_code_next(l, e % 2, e / 2);
    measure_pairs(d->pair, l, c, k, n);
    return forward_backward(d, t, n, next, level, out);
}

static void accumulate(const struct likelihood *t, float *sum, float v)
{
    if (v != -INFINITY)
        *sum = *sum == -INFINITY ? v : likelihood_add(t, *sum, v);
}

/* Bits of two lengths: node (i, e) is "i bits took e chips more than the least
 * they can take"; the level of PIWM follows from i. */
struct stretch {
    const struct line_code *l;
    const struct chips *c;
    size_t k, n;
    unsigned level, shortest, extra;
};

static float edge(const struct stretch *s, size_t i, size_t e, unsigned bit)
{
    const size_t at = s->k + i * s->shortest + e;
    const unsigned level = (s->level + (unsigned)i) % 2;
    if (at + s->shortest + s->extra > s->c->n)
        return -INFINITY;
    return line_code_metric(s->l, s->c, at, bit, level);
}

static size_t longer(const struct stretch *s, unsigned bit)
{
    return line_code_length(s->l, bit) - s->shortest;
}

static void fill_forward(struct line_decoder *d, const struct stretch *s,
                         const struct likelihood *t)
{
    const size_t most = s->n * s->extra;
    for (size_t i = 0; i <= s->n; i++)
        for (size_t e = 0; e <= most; e++)
            d->forward[i][e] = i || e ? -INFINITY : 0;
    for (size_t i = 0; i < s->n; i++)
        for (size_t e = 0; e <= i * s->extra; e++)
            for (unsigned bit = 0; bit < 2; bit++)
                accumulate(t, &d->forward[i + 1][e + longer(s, bit)],
                           d->forward[i][e] + edge(s, i, e, bit));
}

static void fill_backward(struct line_decoder *d, const struct stretch *s,
                          const struct likelihood *t)
{
    const size_t most = s->n * s->extra;
    for (size_t e = 0; e <= most; e++)
        d->backward[s->n][e] = 0;
    for (size_t i = s->n; i-- > 0;)
        for (size_t e = 0; e <= i * s->extra; e++) {
            d->backward[i][e] = -INFINITY;
            for (unsigned bit = 0; bit < 2; bit++)
                accumulate(t, &d->backward[i][e],
                           edge(s, i, e, bit) +
                               d->backward[i + 1][e + longer(s, bit)]);
        }
}

static float decode_stretch(struct line_decoder *d, const struct line_code *l,
                            const struct likelihood *t, const struct chips *c,
                            size_t k, size_t n, unsigned level,
                            struct bits *out, size_t *ret_end)
{
    const unsigned shortest = line_code_shortest(l);
    const struct stretch s = {
        l, c, k, n, level, shortest, line_code_longest(l) - shortest,
    };
    fill_forward(d, &s, t);
    fill_backward(d, &s, t);
    if (d->backward[0][0] == -INFINITY)
        return -INFINITY;
    out->n = n;
    for (size_t i = 0; i < n; i++) {
        float bit[2] = { -INFINITY, -INFINITY };
        for (size_t e = 0; e <= i * s.extra; e++)
            for (unsigned b = 0; b < 2; b++)
                accumulate(t, &bit[b],
                           d->forward[i][e] + edge(&s, i, e, b) +
                               d->backward[i + 1][e + longer(&s, b)]);
        set_bit(out, i, bit[1] - bit[0]);
    }
    size_t best = 0;
    for (size_t e = 1; e <= n * s.extra; e++)
        best = d->forward[n][e] > d->forward[n][best] ? e : best;
    *ret_end = k + n * shortest + best;
    return d->backward[0][0] - (float)n * LIKELIHOOD_LN_2;
}

float line_code_decode(struct line_decoder *d, const struct line_code *l,
                       const struct likelihood *t, const struct chips *c,
                       size_t k, size_t n, struct bits *out, size_t *ret_end)
{
    const unsigned period = line_code_period(l);
    const unsigned level = line_code_first(l);
    assert(n >= 1 && n <= BITS_MAX);
    if (!period) {
        assert(n <= LINE_CODE_VARIABLE_BITS_MAX);
        return decode_stretch(d, l, t, c, k, n, level, out, ret_end);
    }
    if (k + n * period > c->n)
        return -INFINITY;
    out->n = n;
    *ret_end = k + n * period;
    return l->kind == LINE_MANCHESTER || l->kind == LINE_DIFF_MANCHESTER
               ? decode_pairs(d, l, t, c, k, n, level, out)
               : decode_apart(l, t, c, k, n, out);
}
