/* sticker_search - looks for the code in the frames of a sitting.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/sticker.h"

#include <assert.h>
#include <string.h>

#include "protocols/line_code.h"

enum {
    BYTE_BITS = 8,
    CHIPS_MAX = 2 * BITS_MAX, /* Manchester and PIWM: two a bit at most */
    OPEN = 2, /* a bit that differs among the presses, or is not there */
    /* Of one length and line code there are at most 2,500, from 512 bits. */
    WINDOWS_MAX = 8192,
};

static uint32_t mask_of(unsigned bits)
{
    return (UINT32_C(1) << bits) - 1;
}

static uint32_t bits_reversed(uint32_t x, unsigned bits)
{
    x = (x >> 1 & 0x55555555) | (x & 0x55555555) << 1;
    x = (x >> 2 & 0x33333333) | (x & 0x33333333) << 2;
    x = (x >> 4 & 0x0f0f0f0f) | (x & 0x0f0f0f0f) << 4;
    x = (x >> 8 & 0x00ff00ff) | (x & 0x00ff00ff) << 8;
    x = x >> 16 | x << 16;
    return x >> (32 - bits);
}

static bool has_transform(unsigned bits, unsigned transform)
{
    return !(transform & STICKER_BYTES_REVERSED) || bits % BYTE_BITS == 0;
}

/* All but STICKER_MINUS_ONE, in any order; twice is as it was. */
static uint32_t turned(uint32_t x, unsigned bits, unsigned transform)
{
    if (transform & STICKER_INVERTED)
        x = ~x & mask_of(bits);
    if (transform & STICKER_BITS_REVERSED)
        x = bits_reversed(x, bits);
    if (transform & STICKER_BYTES_REVERSED)
        /* of three bytes: the only codes of whole bytes */
        x = (x & 0xff) << 16 | (x & 0xff00) | x >> 16;
    return x;
}

/* A bit is sent n times, or two by turns. */
static bool is_idle(uint32_t x, unsigned bits)
{
    return ((x ^ x >> 2) & mask_of(bits - 2)) == 0;
}

/* The bits of a view, those that differ among the presses OPEN. */
struct stretch {
    size_t n;
    uint8_t bit[CHIPS_MAX];
};

static void read_chips(struct stretch *v, const struct frame *f)
{
    const struct line_code code = { .kind = f->kind };
    char bits[BITS_MAX + 1], chips[CHIPS_MAX];

    v->n = 0;
    if (!line_code_has_memory(&code)) /* NRZ: the chips are the bits */
        return;
    for (size_t i = 0; i < f->bits.n; i++)
        bits[i] = f->bits.value[i] ? '1' : '0';
    bits[f->bits.n] = '\0';
    v->n = line_code_encode(&code, bits, chips);
    for (size_t i = 0; i < v->n; i++)
        v->bit[i] = chips[i] == '1';
}

static void read_view(struct stretch *v, const struct frame *f,
                      enum sticker_view view)
{
    const struct bits *b = &f->bits;
    uint8_t sum = 0;

    if (view == STICKER_CHIPS) {
        read_chips(v, f);
        return;
    }
    v->n = b->n;
    for (size_t i = 0; i < b->n; i++) {
        sum ^= b->value[i];
        if (view == STICKER_INTEGRATED)
            v->bit[i] = sum;
        else if (view == STICKER_DIFFERENTIAL)
            v->bit[i] = i ? b->value[i] ^ b->value[i - 1] : OPEN;
        else
            v->bit[i] = b->value[i];
    }
}

/* NAN is not sure. */
static bool is_sure(const struct frame *f)
{
    return f && f->bits.n > 0 && f->confidence >= STICKER_CONFIDENCE;
}

static bool is_alike(const struct frame *a, const struct frame *b)
{
    return is_sure(b) && a->kind == b->kind && a->bits.n == b->bits.n;
}

/* Frames of one length and line code. */
struct group {
    const struct frame *const *frames; /* from its first on, others between */
    size_t n;
    unsigned alike;
};

/* What is the same in all frames of the group. */
static void read_common(struct stretch *v, const struct group *g,
                        enum sticker_view view)
{
    struct stretch other;

    read_view(v, g->frames[0], view);
    for (size_t i = 1; i < g->n; i++) {
        if (!is_alike(g->frames[0], g->frames[i]))
            continue;
        read_view(&other, g->frames[i], view);
        v->n = v->n < other.n ? v->n : other.n;
        for (size_t k = 0; k < v->n; k++)
            if (v->bit[k] != other.bit[k])
                v->bit[k] = OPEN;
    }
}

/* One reading of the code in all groups.
 *
 * For the chance it is enough to know one of all that the turns make of a
 * window, its lowest: the codes that hit are these eight, and these plus one. */
struct search {
    struct sticker_code code;
    uint32_t image[STICKER_TRANSFORMS]; /* of the code */
    unsigned cost;                      /* of the hit in *ret */
    struct sticker_result *ret;
    size_t n, surplus; /* windows known, and those there was no room for */
    uint32_t window[WINDOWS_MAX]; /* the lowest turn of each, rising */
};

static uint32_t lowest_turn(uint32_t x, unsigned bits)
{
    uint32_t low = x, high = x;

    /* the other half are these inverted: their lowest is the highest of these */
    for (unsigned t = 0; t < STICKER_MINUS_ONE; t += 2 * STICKER_INVERTED) {
        const uint32_t y = has_transform(bits, t) ? turned(x, bits, t) : x;

        low = y < low ? y : low;
        high = y > high ? y : high;
    }
    high = ~high & mask_of(bits);
    return low < high ? low : high;
}

/* The place of x, or where it would be. A branch would be guessed wrongly every
 * second time. */
static size_t find(const struct search *s, uint32_t x)
{
    size_t from = 0, n = s->n;

    while (n > 1) {
        const size_t half = n / 2;

        from += half * (s->window[from + half - 1] < x);
        n -= half;
    }
    return from + (n && s->window[from] < x);
}

static bool is_known(const struct search *s, uint32_t x)
{
    const size_t i = find(s, x);

    return i < s->n && s->window[i] == x;
}

static void learn(struct search *s, uint32_t x)
{
    const size_t i = find(s, x);

    if (i < s->n && s->window[i] == x)
        return;
    if (s->n == WINDOWS_MAX) {
        s->surplus++;
        return;
    }
    memmove(s->window + i + 1, s->window + i, (s->n - i) * sizeof *s->window);
    s->window[i] = x;
    s->n++;
}

/* What was done to code and bits, in steps. */
static unsigned cost_of(enum sticker_view view, unsigned transform)
{
    unsigned cost = view != STICKER_AS_DECODED;

    for (unsigned t = transform; t; t >>= 1)
        cost += t & 1;
    return cost;
}

static void compare(struct search *s, const struct group *g,
                    enum sticker_view view, uint32_t window, size_t at)
{
    struct sticker_result *r = s->ret;

    for (unsigned t = 0; t < STICKER_TRANSFORMS; t++) {
        unsigned cost;

        if (s->image[t] != window || !has_transform(s->code.bits, t))
            continue;
        cost = cost_of(view, t);
        if (r->is_hit && cost >= s->cost)
            continue;
        s->cost = cost;
        r->is_hit = true;
        r->with_code = g->alike;
        r->view = view;
        r->transform = t;
        r->at = at;
        r->code = s->code;
    }
}

static void search_group(struct search *s, const struct group *g)
{
    const unsigned bits = s->code.bits;

    for (int i = 0; i < STICKER_VIEWS; i++) {
        const enum sticker_view view = (enum sticker_view)i;
        uint32_t window = 0;
        struct stretch v;
        size_t run = 0;

        read_common(&v, g, view);
        for (size_t k = 0; k < v.n; k++) {
            run = v.bit[k] == OPEN ? 0 : run + 1;
            window = (window << 1 | v.bit[k]) & mask_of(bits);
            if (run < bits || is_idle(window, bits))
                continue;
            compare(s, g, view, window, k + 1 - bits);
            learn(s, lowest_turn(window, bits));
        }
    }
}

/* The share of all codes that would hit. Surplus windows count in full, as if no
 * two had a code in common. */
static double share(const struct search *s)
{
    const unsigned bits = s->code.bits;
    size_t codes = s->surplus * STICKER_TRANSFORMS;

    for (size_t i = 0; i < s->n; i++) {
        uint32_t turn[STICKER_MINUS_ONE];
        size_t n = 0;

        for (unsigned t = 0; t < STICKER_MINUS_ONE; t++) {
            const uint32_t x = turned(s->window[i], bits, t);
            size_t k = 0;

            while (k < n && turn[k] != x)
                k++;
            if (k < n || !has_transform(bits, t))
                continue;
            turn[n++] = x;
            /* itself, and itself plus one if that is not there by itself */
            codes +=
                is_known(s, lowest_turn((x + 1) & mask_of(bits), bits)) ? 1 : 2;
        }
    }
    return (double)codes / (double)(UINT32_C(1) << bits);
}

/* The frames alike the one at i, if that is the first of them. */
static struct group group_at(const struct frame *const *frames, size_t n,
                             size_t i)
{
    struct group g = { frames + i, n - i, 0 };

    if (!is_sure(frames[i]))
        return g;
    assert(frames[i]->bits.n <= BITS_MAX);
    for (size_t k = 0; k < i; k++)
        if (is_alike(frames[i], frames[k]))
            return g;
    for (size_t k = i; k < n; k++)
        g.alike += is_alike(frames[i], frames[k]);
    return g;
}

void sticker_search(const struct sticker *s, const struct frame *const *frames,
                    size_t n, struct sticker_result *ret)
{
    struct search x = { .ret = ret };

    *ret = (struct sticker_result){ .is_hit = false };
    for (size_t i = 0; i < n; i++)
        ret->presses += is_sure(frames[i]);
    for (size_t c = 0; c < s->n_codes; c++) {
        const uint32_t mask = mask_of(s->code[c].bits);

        x.code = s->code[c];
        x.n = x.surplus = 0;
        for (unsigned t = 0; t < STICKER_TRANSFORMS; t++)
            x.image[t] =
                turned((x.code.value - !!(t & STICKER_MINUS_ONE)) & mask,
                       x.code.bits, t);
        for (size_t i = 0; i < n; i++) {
            const struct group g = group_at(frames, n, i);

            if (g.alike >= STICKER_PRESSES_MIN)
                search_group(&x, &g);
        }
        ret->chance += share(&x);
    }
    ret->chance = ret->chance < 1 ? ret->chance : 1;
}
