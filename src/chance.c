/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/chance.h"

#include <assert.h>
#include <math.h>

enum {
    STEPS = 2000, /* of Simpson's rule: 1e-4 of the result */
    HALVINGS = 60,
};

#define QUARTER (acos(-1.0) / 2)
#define T_MAX   1e9

/* If x and y are chi-squared of m and n degrees of freedom and x / y = tan(a)^2,
 * then the density of a is in proportion to this. */
static double density(double a, double m, double n)
{
    return pow(fmax(sin(a), 0), m - 1) * pow(fmax(cos(a), 0), n - 1);
}

static double integral(double from, double to, double m, double n)
{
    const double step = (to - from) / STEPS;
    double sum = density(from, m, n) + density(to, m, n);

    for (int i = 1; i < STEPS; i++)
        sum += (i % 2 ? 4 : 2) * density(from + i * step, m, n);
    return sum * step / 3;
}

double chance_of_ratio(double f, double m, double n)
{
    const double p = fmin(m, CHANCE_FREEDOM_MAX);
    const double q = fmin(n, CHANCE_FREEDOM_MAX);
    const double begin = atan(sqrt(p * f / q));

    assert(m >= 1 && n >= 1 && f >= 0);
    return integral(begin, QUARTER, p, q) /
           (integral(0, begin, p, q) + integral(begin, QUARTER, p, q));
}

double chance_limit(double p, double freedom)
{
    double low = 0, high = log1p(T_MAX);

    assert(p > 0 && p < 1);
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = (low + high) / 2;
        const double t = expm1(middle);

        if (chance_of_ratio(t * t, 1, fmax(freedom, 1)) > p)
            low = middle;
        else
            high = middle;
    }
    return expm1(high);
}
