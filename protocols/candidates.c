/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/candidates.h"

/* What the chip clock may be off by. */
#define TE_ERROR 0.01

static void add_candidate(struct candidates *c, const struct protocol *p,
                          const struct waveform *w, enum modulation m)
{
    if (c->n == CANDIDATES_MAX)
        return;
    struct candidate *new = &c->at[c->n];
    *new = (struct candidate){ .protocol = p, .waveform = w };
    new->code = line_code_of(w);
    framing_template_build(&new->template, w, m);
    while (!line_code_is_same(&new->code, &c->at[new->same_code].code))
        new->same_code++; /* ends at the new one itself */
    c->n++;
    /* what starts with silence may be the first on the air */
    const size_t lead = w->preamble_sure ? FRAMING_TEMPLATE_LEAD : w->header;
    c->lead = lead > c->lead ? lead : c->lead;
    const size_t chips =
        new->template.n + line_code_most_chips(&new->code, w->n_bits);
    c->longest = chips > c->longest ? chips : c->longest;
    const unsigned runs = line_code_longest_run(&new->code);
    c->runs = runs > c->runs ? runs : c->runs;
}

static bool allows(const struct waveform *w, enum modulation m, double te_us)
{
    return (w->modulations & 1u << m) &&
           te_us >= (double)w->te_min_us * (1 - TE_ERROR) &&
           te_us <= (double)w->te_max_us * (1 + TE_ERROR);
}

void candidates_list(struct candidates *c, enum modulation m, double te_us)
{
    *c = (struct candidates){ .n = 0 };
    for (size_t i = 0; protocols[i]; i++)
        for (const struct waveform *w = protocols[i]->waveforms; w->n_bits; w++)
            if (allows(w, m, te_us))
                add_candidate(c, protocols[i], w, m);
}
