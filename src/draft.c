/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/draft.h"

#include <string.h>

#include <assert.h>

static const char *c_role(enum field_role r)
{
    static const char *const names[] = {
        [ROLE_IDENTITY] = "ROLE_IDENTITY", [ROLE_ACTION] = "ROLE_ACTION",
        [ROLE_STATUS] = "ROLE_STATUS",     [ROLE_COUNTER] = "ROLE_COUNTER",
        [ROLE_ROLLING] = "ROLE_ROLLING",   [ROLE_CHECK] = "ROLE_CHECK",
        [ROLE_FIXED] = "ROLE_FIXED",
    };

    assert(r < sizeof names / sizeof *names);
    return names[r];
}

static const char *c_kind(enum line_kind k)
{
    static const char *const names[] = {
        [LINE_PWM] = "LINE_PWM",
        [LINE_PPM] = "LINE_PPM",
        [LINE_MANCHESTER] = "LINE_MANCHESTER",
        [LINE_DIFF_MANCHESTER] = "LINE_DIFF_MANCHESTER",
        [LINE_NRZ] = "LINE_NRZ",
        [LINE_PIWM] = "LINE_PIWM",
    };

    assert(k < sizeof names / sizeof *names);
    return names[k];
}

/* A check in words: what check() of the descriptor has to test. */
static void put_relation(FILE *out, const struct inference_field *f)
{
    const struct relation *r = &f->relation;

    fprintf(out, " *   bits %u to %u: %s of bits %u to %u", f->at,
            f->at + f->bits - 1, relation_name(r->kind), r->from,
            r->from + r->from_bits - 1);
    if (r->unit > 1)
        fprintf(out, " in units of %u", r->unit);
    if (r->kind == RELATION_CRC)
        fprintf(out, ", polynomial %Xh", r->polynomial);
    if (r->constant != 0)
        fprintf(out, ", %s %Xh",
                r->kind == RELATION_SUM ? "plus" : "which leaves", r->constant);
    if (r->is_lsb)
        fputs(", lowest bit first", out);
    fprintf(out, " (p %.2f)\n", f->confidence);
}

static void put_heading(FILE *out, const struct inference *i)
{
    fprintf(
        out,
        "/* draft - a format inferred from %u presses of %u fob%s. Nothing of "
        "it is\n * confirmed: name it, give the source, and test it on frames "
        "it was not\n * inferred from.\n",
        i->frames, i->fobs, i->fobs == 1 ? "" : "s");
    for (size_t k = 0; k < i->n; k++)
        if (i->field[k].role == ROLE_CHECK)
            put_relation(out, &i->field[k]);
    fputs(" *\n * SPDX-License-Identifier: GPL-2.0-or-later\n */\n"
          "#include \"protocols/protocol.h\"\n\n",
          out);
}

static void put_fields(FILE *out, const struct protocol *p)
{
    fputs("/* clang-format off */\nstatic const struct field fields[] = {\n",
          out);
    for (const struct field *f = p->fields; f->name != NULL; f++)
        fprintf(out, "    { \"%s\", %u, %u, %s, %s, SHOW_NONE, NULL },\n",
                f->name, f->at, f->bits, c_role(f->role),
                f->order == ORDER_LSB ? "ORDER_LSB" : "ORDER_MSB");
    fputs("    { 0 },\n};\n\n", out);
}

static void put_waveform(FILE *out, const struct waveform *w)
{
    fprintf(out,
            "static const struct waveform waveforms[] = {\n"
            "    { .modulations = 1u << %s,\n      .kind = %s,",
            w->modulations >> MODULATION_FSK & 1 ? "MODULATION_FSK"
                                                 : "MODULATION_OOK",
            c_kind(w->kind));
    if (w->symbols.zero != NULL)
        fprintf(out, " .symbols = { .zero = \"%s\", .one = \"%s\" },",
                w->symbols.zero, w->symbols.one);
    fprintf(out,
            "\n      .te_us = %.0f, .te_min_us = %.0f, .te_max_us = %.0f,\n"
            "      .preamble_pulses = %u, .preamble_sure = %u, .header = %u,\n"
            "      .sync = \"\", .n_bits = %u },\n    { 0 },\n};\n\n",
            (double)w->te_us, (double)w->te_min_us, (double)w->te_max_us,
            w->preamble_pulses, w->preamble_sure, w->header, w->n_bits);
}

void draft_descriptor(FILE *out, const struct inference *i,
                      const struct protocol *p)
{
    put_heading(out, i);
    put_fields(out, p);
    put_waveform(out, &p->waveforms[0]);
    fprintf(out,
            "static enum verdict check(const struct bits *b)\n{\n"
            "    (void)b; /* to be written: see above */\n"
            "    return VERDICT_PLAUSIBLE;\n}\n\n"
            "const struct protocol protocol_draft = {\n"
            "    .name       = \"draft\",\n"
            "    .model      = \"Maker-Model\",\n"
            "    .title      = \"to be named\",\n"
            "    .source     = \"inferred by fobscope from %u presses\",\n"
            "    .waveforms  = waveforms,\n"
            "    .fields     = fields,\n"
            "    .is_rolling = %s,\n"
            "    .check      = check,\n"
            "};\n/* clang-format on */\n",
            i->frames, p->is_rolling ? "true" : "false");
}

/* Chips of the first level of a symbol, and of the second. */
static void measure(const char *symbol, double *first, double *second)
{
    const size_t n = strspn(symbol, symbol[0] == '1' ? "1" : "0");

    *first = (double)n;
    *second = (double)(strlen(symbol) - n);
}

/* How far widths may be off: less than half of what separates one TE from two. */
#define TOLERANCE_TE 0.4

struct flex {
    const char *modulation;
    double short_te, long_te, gap_te;
};

/* The widths that rtl_433 asks for, in TE: of pulses for PWM, of gaps for PPM, of
 * half bits for Manchester. */
static struct flex flex_of(const struct waveform *w)
{
    double one, one_gap, zero, zero_gap;

    switch (w->kind) {
    case LINE_PWM:
        measure(w->symbols.one, &one, &one_gap);
        measure(w->symbols.zero, &zero, &zero_gap);
        if (w->symbols.one[0] == '0') /* low first: the pulse comes second */
            return (struct flex){ "PWM", one_gap, zero_gap, one + 1 };
        return (struct flex){ "PWM", one, zero, one_gap + 1 };
    case LINE_PPM:
        measure(w->symbols.one, &one, &one_gap);
        measure(w->symbols.zero, &zero, &zero_gap);
        return (struct flex){ "PPM", zero_gap, one_gap, one_gap + 1 };
    case LINE_MANCHESTER:
        return (struct flex){ "MC_ZEROBIT", 1, 0, 3 };
    case LINE_DIFF_MANCHESTER:
        return (struct flex){ "DMC", 1, 2, 3 };
    case LINE_NRZ:
        return (struct flex){ "PCM", 1, 1, 8 };
    case LINE_PIWM:
        return (struct flex){ "PIWM_DC", 1, 2, 3 };
    }
    return (struct flex){ "PCM", 1, 1, 8 };
}

/* rtl_433 22.11 knows these of FSK, and no others. */
static bool is_known_of_fsk(const struct waveform *w)
{
    return w->kind == LINE_PWM || w->kind == LINE_MANCHESTER ||
           w->kind == LINE_NRZ;
}

/* It takes eight fields, of 31 bits at most: numbers there are ints. */
static void put_getters(FILE *out, const struct protocol *p)
{
    unsigned n = 0;

    for (const struct field *f = p->fields; f->name != NULL; f++)
        if (f->role != ROLE_FIXED && f->bits <= 31 && n < 8) {
            fprintf(out, ",get=@%u:{%u}:%s", f->at, f->bits, f->name);
            n++;
        }
}

bool draft_flex(FILE *out, const struct protocol *p)
{
    const struct waveform *w = &p->waveforms[0];
    const bool is_fsk = w->modulations >> MODULATION_FSK & 1;
    const struct flex x = flex_of(w);
    const double te = (double)w->te_us;

    if (is_fsk && !is_known_of_fsk(w))
        return false;
    fprintf(out, "n=draft,m=%s_%s,s=%.0f,l=%.0f,r=%.0f", is_fsk ? "FSK" : "OOK",
            x.modulation, x.short_te * te, x.long_te * te, (x.gap_te + 2) * te);
    if (w->kind == LINE_PWM || w->kind == LINE_PPM)
        fprintf(out, ",g=%.0f", x.gap_te * te);
    if (w->kind == LINE_DIFF_MANCHESTER || w->kind == LINE_PIWM)
        fprintf(out, ",t=%.0f", TOLERANCE_TE * te); /* it asks for one */
    fprintf(out, ",bits>=%u", w->n_bits);
    put_getters(out, p);
    return true;
}
