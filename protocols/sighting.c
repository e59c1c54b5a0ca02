/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/sighting.h"

#include <math.h>

/* A frame's chips are too few to tell noise under the burst's. */
#define NOISE_MIN 0.7f

bool sighting_is_sound(const struct sighting *s)
{
    return s->verdict >= VERDICT_PLAUSIBLE && s->confidence >= 0.5;
}

double sighting_confidence(const struct bits *b)
{
    double sum = 0;
    for (size_t i = 0; i < b->n; i++)
        sum += log1p(exp(-fabs((double)b->llr[i])));
    return exp(-sum);
}

struct keying sighting_fit(struct sighting *s, const struct keying *k,
                           struct lattice at, const float *on, size_t n)
{
    struct keying fitted = *k;
    s->power = k->power;
    s->noise = k->mark.noise;
    if (!chips_fit(k, at, on, n, &s->power, &s->noise))
        return fitted;
    s->noise = fmaxf(s->noise, NOISE_MIN * k->mark.noise);
    fitted.power = s->power;
    fitted.mark.noise = fitted.space.noise = s->noise;
    return fitted;
}

void sighting_judge(const struct protocol *p, const struct bits *b,
                    enum verdict *ret_verdict, double *ret_confidence)
{
    enum verdict v = p->check(b);
    double right = sighting_confidence(b);
    const double chance = pow(2, -(double)p->check_bits);
    if (v == VERDICT_PROVEN) /* a wrong frame would pass by chance only */
        right = right / (right + (1 - right) * chance);
    if (v == VERDICT_PROVEN && 1 - right > SIGHTING_PROOF)
        v = VERDICT_PLAUSIBLE;
    *ret_verdict = v;
    *ret_confidence = right;
}
