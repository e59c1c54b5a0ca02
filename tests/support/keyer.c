/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/support/keyer.h"

#include <assert.h>
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

static unsigned digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'A' + 10);
}

/* Bits of the bytes, and of the XOR of all but the first. */
static void fill_bytes(const char *hex, char text[BITS_MAX + 1])
{
    const size_t n = strlen(hex) / 2;
    unsigned sum = 0;

    assert(8 * (n + 1) < BITS_MAX); /* a bit more when differential */
    for (size_t i = 0; i <= n; i++) {
        const unsigned byte =
            i < n ? digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]) : sum;

        for (unsigned bit = 0; bit < 8; bit++)
            text[8 * i + bit] = byte >> (7 - bit) & 1 ? '1' : '0';
        sum ^= i > 0 ? byte : 0;
    }
    text[8 * (n + 1)] = '\0';
}

/* As levels: 0, and from then on another one for each 1. A Manchester code of them
 * is differential Manchester of the bits. */
static void make_differential(const char *bits, char text[BITS_MAX + 1])
{
    size_t i = 0;

    text[0] = '0';
    for (; bits[i] != '\0'; i++)
        text[i + 1] = bits[i] == text[i] ? '0' : '1';
    text[i + 1] = '\0';
}

static void fill_unknown(const struct press *p, struct bits *b)
{
    char bits[BITS_MAX + 1], levels[BITS_MAX + 1];

    if (p->hex == NULL) {
        synth_bits_from(b, p->bits);
        return;
    }
    fill_bytes(p->hex, bits);
    make_differential(bits, levels);
    synth_bits_from(b, levels);
}

const char *keyer_fill(const struct press *p, struct bits *b)
{
    const struct protocol *protocol = NULL;
    const struct field *check = NULL;

    if (p->protocol == NULL) {
        fill_unknown(p, b);
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
