/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/framing_shape.h"

#include <string.h>

/* Nats under "any pattern" that a chip or a bit may be: noise in a chip that is
 * off costs up to 6 once in 1e3 bits; a missing pulse costs g, E/N0 of a chip.
 */
#define HOLE      8.0f
#define HOLE_E_N0 0.5f
/* Nats over silence that make what follows a frame another bit. */
#define GOES_ON 6.0f

/* Chips of the preamble that may differ: a transmitter's first pulse is often
 * short. */
enum { MISFITS = 1 };

static float hole(const struct chips *c)
{
    return -HOLE - HOLE_E_N0 * c->g;
}

bool framing_shape_is_sure(const struct chips *c)
{
    return c->g + hole(c) > 0;
}

static bool is_misfit(const struct chips *c, size_t k, char chip)
{
    const float as_known = chip == '1' ? c->on[0][k] : c->off[0][k];
    return as_known - c->free[k] < hole(c);
}

static size_t count_misfits(const struct framing_shape *s, size_t from,
                            size_t to, int shift)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        n += is_misfit(s->chips, (size_t)((ptrdiff_t)(s->at + i) + shift),
                       s->template->chips[i]);
    return n;
}

/* Silence before the first pulse; preamble and header; sync. */
static bool has_template(const struct framing_shape *s)
{
    const struct framing_template *t = s->template;
    const int shift = framing_template_shift(t, s->chips, s->at);
    size_t lead = 0;
    while (lead < t->head && t->chips[lead] == '0')
        lead++;
    return count_misfits(s, 0, lead, shift) == 0 &&
           count_misfits(s, lead, t->head, shift) <= MISFITS &&
           count_misfits(s, t->head + (size_t)(shift > 0 ? shift : 0), t->n,
                         0) == 0;
}

static float either_bit(const struct framing_shape *s, size_t k)
{
    return likelihood_either(
        s->likelihood,
        line_code_metric(s->code, s->chips, k, 0, LINE_CODE_ALONE),
        line_code_metric(s->code, s->chips, k, 1, LINE_CODE_ALONE));
}

/* Where neither value of a bit fits it is another format, of one bit more or
 * less. */
static bool has_all_bits(const struct framing_shape *s)
{
    const unsigned period = line_code_period(s->code);
    const size_t data = s->at + s->template->n;
    for (size_t k = data; period && k < s->end; k += period) {
        float gain = either_bit(s, k);
        for (unsigned j = 0; j < period; j++)
            gain -= s->chips->free[k + j];
        if (gain < hole(s->chips))
            return false;
    }
    return true;
}

/* Where silence should follow, one more bit does. */
static bool goes_on(const struct framing_shape *s)
{
    const struct waveform *w = s->waveform;
    const unsigned period = line_code_period(s->code);
    const size_t end = s->end + (w->stop ? strlen(w->stop) : 0);
    if (!period || !w->guard || s->chips->is_fsk || end + period > s->chips->n)
        return false;
    return either_bit(s, end) > GOES_ON;
}

bool framing_shape_fits(const struct framing_shape *s)
{
    return !framing_shape_is_sure(s->chips) ||
           (has_template(s) && has_all_bits(s) && !goes_on(s));
}

size_t framing_shape_pulses(const struct chips *c, size_t n)
{
    size_t pulses = 0;
    while (n >= 2 && chips_llr(c, n - 2) > 0 && chips_llr(c, n - 1) <= 0 &&
           (n == 2 || chips_llr(c, n - 3) <= 0)) {
        pulses++;
        n -= 2;
    }
    return pulses;
}
