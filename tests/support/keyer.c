/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/support/keyer.h"

#include <string.h>

const struct protocol *keyer_protocol(const char *name)
{
    for (size_t i = 0; protocols[i] != NULL; i++)
        if (strcmp(protocols[i]->name, name) == 0)
            return protocols[i];
    return NULL;
}

const struct waveform *keyer_waveform(const struct press *p)
{
    return p->protocol != NULL
               ? &keyer_protocol(p->protocol)->waveforms[p->waveform]
               : &p->unknown;
}

/* The value of a check that makes the rest of the frame whole. */
static bool solve_check(const struct protocol *protocol, const struct field *f,
                        struct bits *b)
{
    for (uint64_t v = 0; v < UINT64_C(1) << f->bits; v++) {
        synth_set_field(b, f, v);
        enum verdict verdict = protocol->check(b);
        if (verdict == VERDICT_PROVEN || verdict == VERDICT_PLAUSIBLE)
            return true;
    }
    return false;
}

static const struct field *field_of(const struct protocol *protocol,
                                    const char *name)
{
    for (const struct field *f = protocol->fields; f->name != NULL; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

const char *keyer_fill(const struct press *p, struct bits *b)
{
    const struct protocol *protocol = NULL;
    const struct field *check = NULL;

    if (p->protocol == NULL) {
        synth_bits_from(b, p->bits);
        return NULL;
    }
    protocol = keyer_protocol(p->protocol);
    if (protocol == NULL)
        return "no protocol has this name";
    *b = (struct bits){ .n = keyer_waveform(p)->n_bits };
    for (const struct value *v = p->values; v->name != NULL; v++) {
        const struct field *f = field_of(protocol, v->name);
        if (f == NULL)
            return "the protocol has no such field";
        if (f->at + f->bits > b->n)
            return "a field lies beyond the waveform";
        synth_set_field(b, f, v->value);
    }
    for (const struct field *f = protocol->fields; f->name != NULL; f++)
        if (f->role == ROLE_CHECK && f->bits <= 16)
            check = f;
    if (check != NULL && protocol->check_bits > 0 &&
        !solve_check(protocol, check, b))
        return "no value makes the check hold";
    return NULL;
}

void keyer_lead(const struct press *p, struct synth_train *t)
{
    for (unsigned i = 0; i < p->lead_pulses; i++)
        synth_chips(t, "10", p->te_us);
    synth_add(t, SYNTH_SPACE, p->lead_us);
}

void keyer_key(const struct press *p, const struct bits *b,
               struct synth_train *t)
{
    const struct synth_style style = { .te_us = p->te_us,
                                       .has_no_guard = p->is_sharing_guard };

    keyer_lead(p, t);
    for (unsigned i = 0; i < p->copies; i++) {
        if (i > 0)
            synth_add(t, SYNTH_SILENT, p->gap_us);
        if (p->before != NULL)
            synth_chips(t, p->before, p->te_us);
        synth_frame(t, keyer_waveform(p), &style, b);
    }
}
