/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/framing_template.h"

#include <math.h>
#include <string.h>

/* Nats for a head that is a chip off. */
#define HEAD_SHIFT 4.0f

static void put(struct framing_template *t, char chip, size_t n)
{
    while (n-- && t->n < sizeof t->chips)
        t->chips[t->n++] = chip;
}

static void put_bits(struct framing_template *t, const struct line_code *l,
                     const char *bits)
{
    char chips[64 * 4];
    for (; *bits; bits++) {
        const char one[2] = { *bits, 0 };
        const size_t n = line_code_encode(l, one, chips);
        for (size_t i = 0; i < n; i++)
            put(t, chips[i], 1);
    }
}

void framing_template_build(struct framing_template *t,
                            const struct waveform *w, enum modulation m)
{
    const struct line_code l = line_code_of(w);
    *t = (struct framing_template){ 0 };
    if (m == MODULATION_OOK && w->preamble_pulses &&
        w->preamble_sure == w->preamble_pulses)
        put(t, '0', FRAMING_TEMPLATE_LEAD);
    for (unsigned i = 0; i < w->preamble_sure; i++) {
        put(t, '1', 1);
        put(t, '0', i + 1u < w->preamble_sure ? 1 : w->header);
    }
    t->head = w->preamble_sure && w->header ? t->n - w->header : 0;
    if (!w->preamble_sure)
        put(t, '0', w->header);
    for (const char *c = w->lead ? w->lead : ""; *c; c++)
        put(t, *c, 1);
    for (unsigned i = 0; w->wake && i < w->wake_sure; i++)
        put_bits(t, &l, w->wake);
    put_bits(t, &l, w->sync ? w->sync : "");
    t->data = (size_t)w->n_bits * line_code_period(&l);
    const size_t guard = m == MODULATION_OOK ? w->guard : 0;
    for (const char *c = w->stop ? w->stop : ""; *c; c++)
        t->tail[t->n_tail++] = *c;
    for (size_t i = 0; i < guard && i < FRAMING_TEMPLATE_GUARD_MAX; i++)
        t->tail[t->n_tail++] = '0';
}

static float part_metric(const struct chips *c, size_t k, const char *chips,
                         size_t n)
{
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += chips[i] == '1' ? c->on[0][k + i] : c->off[0][k + i];
    return sum;
}

/* The head's log-likelihood, and by how much it is off. */
static float best_head(const struct framing_template *t, const struct chips *c,
                       size_t k, int *ret_shift)
{
    float head = part_metric(c, k, t->chips, t->head);
    *ret_shift = 0;
    for (int shift = -FRAMING_TEMPLATE_SHIFT;
         t->head && shift <= FRAMING_TEMPLATE_SHIFT; shift++) {
        if (!shift || (shift < 0 && k < (size_t)-shift))
            continue;
        const size_t at = (size_t)((ptrdiff_t)k + shift);
        const float other = part_metric(c, at, t->chips, t->head) - HEAD_SHIFT;
        if (other <= head)
            continue;
        head = other;
        *ret_shift = shift;
    }
    return head;
}

int framing_template_shift(const struct framing_template *t,
                           const struct chips *c, size_t k)
{
    int shift;
    best_head(t, c, k, &shift);
    return shift;
}

float framing_template_head(const struct framing_template *t,
                            const struct chips *c, size_t k)
{
    int shift;
    return best_head(t, c, k, &shift) +
           part_metric(c, k + t->head, t->chips + t->head, t->n - t->head);
}

float framing_template_tail(const struct framing_template *t,
                            const struct chips *c, size_t k, size_t n)
{
    return part_metric(c, k, t->tail, n);
}
