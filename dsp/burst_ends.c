/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/burst_ends.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

enum { ROWS = 5, ROWS_MAX = 33 };
/* Standard deviations over the noise that an end must be. */
#define SIGMAS 3.0f
/* A fifth of a burst's level that is as much makes it a strong one; its ends are
 * then where noise is ruled out: five rows of eight spectra reach five standard
 * deviations once in 5e4 (Erlang, one bin; rarer in more). */
#define STRONG      0.2f
#define SURE_SIGMAS 5.0f
/* No level is less than this share of one row's noise. */
#define LEVEL_MIN 0.01f

static float mean_of(const float *v, size_t from, size_t to)
{
    float sum = 0;
    for (size_t i = from; i <= to; i++)
        sum += v[i];
    return sum / (float)(to - from + 1);
}

/* How the ends of a burst are looked for: where so many rows have so much power
 * over the noise. */
struct ends {
    size_t rows; /* odd */
    float least; /* sum of them */
};

/* A strong burst: a few rows that noise does not make, for its frames may be of
 * unlike strength, or another fob's. A weak one: as many rows as tell half of
 * its level from noise, and that half, which is where it begins. */
static struct ends choose_ends(float level, float noise)
{
    const float sigmas = SIGMAS * noise / fmaxf(level, LEVEL_MIN * noise);
    const float wish = fminf(4 * sigmas * sigmas, ROWS_MAX);
    const size_t rows = wish < ROWS ? ROWS : (size_t)wish | 1;
    if (sigmas < STRONG * sqrtf(ROWS))
        return (struct ends){ ROWS, SURE_SIGMAS * noise * sqrtf(ROWS) };
    return (struct ends){ rows, 0.5f * level * (float)rows };
}

/* First and last row of such a stretch; false where there is none. */
static bool find_ends(const float *profile, size_t n, struct ends e,
                      struct burst_ends *found)
{
    const size_t half = e.rows / 2;
    bool is_any = false;
    for (size_t r = 0; r < n; r++) {
        const size_t a = r < half ? 0 : r - half;
        const size_t b = r + half < n ? r + half : n - 1;
        if (mean_of(profile, a, b) * (float)(b - a + 1) < e.least)
            continue;
        found->first = is_any ? found->first : r;
        found->last = r;
        is_any = true;
    }
    return is_any;
}

/* The mean of ROWS_MAX rows where it is largest. */
static float most_of(const float *profile, size_t n)
{
    const size_t rows = n < ROWS_MAX ? n : ROWS_MAX;
    float most = mean_of(profile, 0, rows - 1);
    for (size_t r = 1; r + rows <= n; r++)
        most = fmaxf(most, mean_of(profile, r, r + rows - 1));
    return most;
}

struct burst_ends burst_ends_find(const float *profile, size_t n, float noise)
{
    struct burst_ends e = { 0, n - 1 };
    assert(n > 0);
    /* first by the level where it is strongest, then by that of all of it */
    float level = most_of(profile, n);
    for (int pass = 0; pass < 2; pass++) {
        if (!find_ends(profile, n, choose_ends(level, noise), &e))
            break;
        level = mean_of(profile, e.first, e.last);
    }
    return e;
}
