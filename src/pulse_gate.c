/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/pulse_gate.h"

#include <string.h>

enum { CONTEXT = SQUELCH_PULSES / 4 };

pulse_us *pulse_gate_room(struct pulse_gate *g, size_t *n)
{
    *n = SQUELCH_PULSES - g->n_in;
    return g->in + g->n_in;
}

static void end_run(struct pulse_gate *g)
{
    if (g->run != 0)
        g->out[g->n_out++] = g->run;
    g->run = 0;
}

/* Adds to the run of the same level, or ends it. */
static void pass(struct pulse_gate *g, pulse_us us)
{
    if (g->run != 0 && (g->run > 0) != (us > 0))
        end_run(g);
    if (g->run > PULSE_MAX_US - us && us > 0)
        g->run = PULSE_MAX_US;
    else if (g->run < -PULSE_MAX_US - us && us < 0)
        g->run = -PULSE_MAX_US;
    else
        g->run += us;
}

static pulse_us silence(pulse_us us)
{
    return us > 0 ? -us : us;
}

/* Pulses up to n, without those that are through; of them a quarter of a block is
 * kept. */
static void let_through(struct pulse_gate *g, size_t n, bool is_noisy)
{
    const size_t kept = n < CONTEXT ? n : CONTEXT;

    g->at = g->n_out = 0;
    for (size_t i = g->passed; i < n; i++)
        pass(g,
             is_noisy && !g->squelch.keyed[i] ? silence(g->in[i]) : g->in[i]);
    g->n_in -= n - kept;
    g->passed = kept;
    memmove(g->in, g->in + n - kept, g->n_in * sizeof *g->in);
}

void pulse_gate_put(struct pulse_gate *g, size_t n, bool is_last)
{
    g->n_in += n;
    if (!is_last && g->n_in < SQUELCH_PULSES)
        return;
    const bool is_noisy = squelch_find(&g->squelch, g->in, g->n_in);
    let_through(g, is_last ? g->n_in : g->n_in - CONTEXT, is_noisy);
    if (!is_last)
        return;
    end_run(g);
    g->n_in = g->passed = 0;
}

size_t pulse_gate_take(struct pulse_gate *g, pulse_us *out, size_t n)
{
    const size_t left = g->n_out - g->at;

    n = n < left ? n : left;
    memcpy(out, g->out + g->at, n * sizeof *out);
    g->at += n;
    return n;
}
