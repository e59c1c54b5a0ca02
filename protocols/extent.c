/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/extent.h"

#include <math.h>

#include "protocols/sighting.h"

/* Nats that are as good as any more. */
#define FAR 50.0
/* Nats that chips which are no bits owe: as unknown has it for leaving data. */
#define OTHER 6.0

/* Log-likelihood of a bit from chip k on over silence; of PPM, whose bits end in
 * silence, of its pulse. */
static double bit_there(const struct extent *e, size_t k)
{
    const struct chips *c = e->chips;
    if (k + line_code_longest(e->code) > c->n)
        return -HUGE_VAL;
    if (e->code->kind == LINE_PPM)
        return (double)c->on[0][k];
    return (double)likelihood_either(
        e->likelihood, line_code_metric(e->code, c, k, 0, LINE_CODE_ALONE),
        line_code_metric(e->code, c, k, 1, LINE_CODE_ALONE));
}

/* The same of a bit beside the others, over what else may be there: silence, or
 * chips that are no bits. */
static double bit_beside(const struct extent *e, size_t k)
{
    const double there = bit_there(e, k);
    const size_t n = e->code->kind == LINE_PPM ? 1 : line_code_longest(e->code);
    double any = -OTHER;
    for (size_t i = 0; i < n && there > -HUGE_VAL; i++)
        any += (double)e->chips->free[k + i];
    return fmin(there - fmax(any, 0), FAR);
}

/* Probability that the bits begin and end where they do, the last at chip last:
 * that those are there, and none beside them. */
static double ends_certainty(const struct extent *e, size_t last)
{
    const bool has_start = e->is_after_silence;
    double start = has_start ? exp(-bit_there(e, e->first)) : 0;
    double end = exp(-bit_there(e, last));
    for (unsigned bit = 0; bit < (e->code->kind == LINE_PPM ? 2u : 1u); bit++) {
        const size_t length = line_code_length(e->code, bit);
        if (e->limit == 0 || last + 2 * length <= e->limit)
            end += exp(bit_beside(e, last + length));
        if (has_start && e->first >= length)
            start += exp(bit_beside(e, e->first - length));
    }
    return 1 / (1 + start) / (1 + end);
}

/* Log-likelihood of the bits as they are, up to chip to; -INFINITY if they do not
 * lead there. */
static float path_score(const struct extent *e, size_t to)
{
    size_t k = 0;
    float sum = 0;
    for (size_t i = 0; i + 1 < e->bits->n && k < to; i++) {
        const unsigned bit = e->bits->value[i];
        sum +=
            line_code_metric(e->code, e->fitted, k, bit, 1) - LIKELIHOOD_LN_2;
        k += line_code_length(e->code, bit);
    }
    return k == to ? sum : -INFINITY;
}

/* The same of all bits, however many, that lead there. */
static float all_paths_score(const struct extent *e, size_t to)
{
    float all[EXTENT_CHIPS_MAX];
    all[0] = 0;
    for (size_t k = 1; k <= to; k++) {
        all[k] = -INFINITY;
        for (unsigned bit = 0; bit < 2; bit++) {
            const size_t n = line_code_length(e->code, bit);
            if (k < n || all[k - n] == -INFINITY)
                continue;
            const float v = all[k - n] - LIKELIHOOD_LN_2 +
                            line_code_metric(e->code, e->fitted, k - n, bit, 1);
            all[k] = all[k] == -INFINITY
                         ? v
                         : likelihood_add(e->likelihood, all[k], v);
        }
    }
    return all[to];
}

/* PPM: the number of bits is in doubt as well. to: the last pulse, from first. */
static double path_certainty(const struct extent *e, size_t to)
{
    if (to >= EXTENT_CHIPS_MAX ||
        to + line_code_longest(e->code) > e->fitted->n)
        return sighting_confidence(e->bits);
    const float path = path_score(e, to);
    if (path == -INFINITY)
        return sighting_confidence(e->bits);
    return exp((double)fminf(path - all_paths_score(e, to), 0));
}

double extent_more(const struct extent *e)
{
    const bool can_tell = !e->chips->is_fsk && e->code->kind == LINE_PWM &&
                          line_code_period(e->code);
    return can_tell ? bit_beside(e, e->end) : -1;
}

double extent_certainty(const struct extent *e)
{
    const struct line_code *l = e->code;
    const bool is_ppm = l->kind == LINE_PPM;
    if (e->chips->is_fsk || (!line_code_period(l) && !is_ppm))
        return sighting_confidence(e->bits);
    size_t last = e->end - line_code_shortest(l);
    while (is_ppm && last > e->first && chips_llr(e->chips, last) <= 0)
        last--; /* its gap has no end */
    return ends_certainty(e, last) * (is_ppm
                                          ? path_certainty(e, last - e->first)
                                          : sighting_confidence(e->bits));
}
