/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/now.h"

#include <time.h>

static double read_clock(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double now_s(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

double now_unix_s(void)
{
    return read_clock(CLOCK_REALTIME);
}
