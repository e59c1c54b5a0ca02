/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/dongle/fob.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/keyer.h"

static unsigned small(struct words *w, const char *key, unsigned usual,
                      unsigned most)
{
    uint64_t x = usual;

    words_count(w, key, &x);
    if (x > most)
        words_fault(w, "%s: more than %u", key, most);
    return (unsigned)x;
}

/* Text of 0 and 1. */
static const char *bits(struct words *w, const char *key, const char *usual)
{
    const char *text = words_text(w, key);

    if (text == NULL)
        return usual;
    if (strspn(text, "01") != strlen(text))
        words_fault(w, "%s=%s: not of 0 and 1", key, text);
    return text;
}

/* A format that no descriptor knows. */
static void read_unknown(struct press *p, struct words *w)
{
    static const char *const kinds[] = { "pwm", "ppm",  "manchester", "diff",
                                         "nrz", "piwm", NULL };
    const char *name = words_rest(w);
    unsigned kind = 0;

    while (kinds[kind] != NULL && (!name || strcmp(kinds[kind], name) != 0))
        kind++;
    if (kinds[kind] == NULL) {
        words_fault(w, "unknown: pwm, ppm, manchester, diff, nrz or piwm");
        return;
    }
    bool is_ppm = kind == LINE_PPM;
    p->unknown = (struct waveform){
        .modulations = 1u << MODULATION_OOK,
        .kind = (enum line_kind)kind,
        .symbols = { .zero = bits(w, "zero", is_ppm ? "10" : "110"),
                     .one = bits(w, "one", "100") },
        .te_us = 400,
        .preamble_pulses = (uint8_t)small(w, "preamble", 0, 255),
        .header = (uint8_t)small(w, "header", 0, 255),
        .sync = bits(w, "sync", ""),
        .guard = (uint8_t)small(w, "guard", 0, 255),
    };
    p->bits = bits(w, "bits", NULL);
    if (p->bits == NULL || strlen(p->bits) > BITS_MAX)
        words_fault(w, "unknown: no bits=, or more than %d", BITS_MAX);
    else
        p->unknown.n_bits = (uint16_t)strlen(p->bits);
}

static void read_known(struct press *p, struct words *w, const char *name)
{
    const struct protocol *protocol = keyer_protocol(name);

    if (protocol == NULL) {
        words_fault(w, "no protocol is called %s", name);
        return;
    }
    p->protocol = protocol->name;
    unsigned n = 0;
    while (protocol->waveforms[n].n_bits > 0)
        n++;
    p->waveform = small(w, "waveform", 0, n - 1);
}

static void read_fields(struct press *p, struct words *w)
{
    const size_t room = sizeof p->values / sizeof *p->values;

    for (size_t n = 0; n + 1 < room; n++) {
        char *word = words_rest(w), *end = NULL;
        if (word == NULL)
            return;
        char *value = strchr(word, '=');
        if (value == NULL) {
            words_fault(w, "%s: not understood", word);
            return;
        }
        *value++ = '\0';
        p->values[n].name = word;
        p->values[n].value = strtoull(value, &end, 16);
        if (*value == '\0' || *end != '\0')
            words_fault(w, "%s=%s: not a hex number", word, value);
    }
}

/* As many copies as fit, one at least. */
static unsigned copies_in(const struct press *p, const struct bits *b,
                          double us)
{
    struct press one = *p;
    struct synth_train t = { 0 }, lead = { 0 };

    one.copies = 1;
    keyer_lead(p, &lead);
    keyer_key(&one, b, &t);
    double first = synth_duration_us(&t);
    double next = first - synth_duration_us(&lead) + p->gap_us;
    synth_free(&t);
    synth_free(&lead);
    return us > first ? 1 + (unsigned)fmin((us - first) / next, 1e4) : 1;
}

static void read_keying(struct emitter *e, struct press *p, struct words *w)
{
    const struct waveform *form = keyer_waveform(p);
    bool is_fsk = (form->modulations & 1u << MODULATION_OOK) == 0;
    static const char *const modulations[] = { "ook", "fsk", NULL };
    unsigned modulation = is_fsk ? MODULATION_FSK : MODULATION_OOK;

    p->te_us = (double)form->te_us;
    words_number(w, "te", &p->te_us);
    p->gap_us = 9.0 * p->te_us * 1e-6;
    words_number(w, "gap", &p->gap_us);
    p->gap_us *= 1e6;
    words_number(w, "lead", &p->lead_us);
    p->lead_us *= 1e6;
    p->lead_pulses = small(w, "pulses", 0, 10000);
    p->before = bits(w, "before", NULL);
    p->is_sharing_guard = small(w, "sharing", 0, 1) == 1;
    p->copies = small(w, "copies", 3, 10000);
    e->deviation_hz = 30e3;
    words_number(w, "deviation", &e->deviation_hz);
    words_choice(w, "mod", modulations, &modulation);
    e->modulation = (enum modulation)modulation;
    if (!(p->te_us >= 1.0) || p->gap_us < 0.0 || p->copies == 0)
        words_fault(w, "te, gap or copies: too small");
}

void fob_read(struct emitter *e, struct words *w)
{
    const char *name = words_rest(w), *fault = NULL;
    struct press p = { 0 };
    struct bits b = { 0 };
    double hold_s = 0.0;

    e->kind = EMITTER_PRESS;
    if (name == NULL)
        words_fault(w, "fob: of which protocol?");
    else if (strcmp(name, "unknown") == 0)
        read_unknown(&p, w);
    else
        read_known(&p, w, name);
    if (w->why[0] != '\0')
        return;
    read_keying(e, &p, w);
    words_number(w, "hold", &hold_s);
    if (p.protocol != NULL)
        read_fields(&p, w);
    if (w->why[0] == '\0')
        fault = keyer_fill(&p, &b);
    if (fault != NULL)
        words_fault(w, "%s: %s", name, fault);
    if (w->why[0] != '\0')
        return;
    if (hold_s > 0.0)
        p.copies = copies_in(&p, &b, hold_s * 1e6);
    keyer_key(&p, &b, &e->train);
    e->seconds = synth_duration_us(&e->train) * 1e-6;
}
