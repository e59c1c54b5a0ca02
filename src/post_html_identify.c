/* post_html_identify - what a fob is: generation, evidence, format, fields.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/post_html_impl.h"

#include <math.h>
#include <string.h>

#include "src/report_fields.h"

/* Never all or nothing. */
static const char *share(double p, char text[16])
{
    if (p >= 0.99)
        snprintf(text, 16, "over 99 %%");
    else if (p < 0.01)
        snprintf(text, 16, "under 1 %%");
    else
        snprintf(text, 16, "%.0f %%", floor(100 * p));
    return text;
}

static void put_generations(const struct page *g, size_t i)
{
    static const char *const heads[] = { "generation", "#probability",
                                         "#by radio alone", NULL };
    static const char *const words[GENERATIONS] = {
        [GENERATION_ROVER] = "2 buttons, of the Rover era",
        [GENERATION_E46] = "3 buttons, in the style of the E46",
        [GENERATION_NEITHER] = "neither",
    };
    const struct identification *id = g->post->fob[i].id;
    char name[PAGE_NAME], caption[PAGE_NAME + 32], text[16];

    snprintf(caption, sizeof caption, "%s: which generation",
             page_fob(g, i, name));
    html_table_begin(g->out, caption, heads);
    for (unsigned k = 0; k < GENERATIONS; k++) {
        const double p = fmin(fmax(id->probability[k], 0), 1);

        fputs("<tr>", g->out);
        html_element(g->out, "th scope=\"row\"", "%s", words[k]);
        fprintf(g->out,
                "<td class=\"n\"><span class=\"bar\" style=\"width:%.1fem\">"
                "</span>",
                6 * p);
        html_say(g->out, "%s", share(p, text));
        fputs("</td>", g->out);
        html_number(g->out, "%s", share(id->radio_probability[k], text));
        fputs("</tr>\n", g->out);
    }
    html_table_end(g->out);
}

/* "12 to 1 for neither". */
static const char *weight_of(const struct evidence *x, char text[64])
{
    static const char *const words[GENERATIONS + 1] = { "2 buttons",
                                                        "3 buttons", "neither",
                                                        "none alone" };
    enum generation best;
    const double ratio = evidence_ratio(x, &best);

    if (ratio <= IDENTIFY_TELLS)
        snprintf(text, 64, "tells none");
    else
        snprintf(text, 64, "%.*f to 1%s", ratio < 10 ? 1 : 0, ratio,
                 words[best < GENERATIONS ? best : GENERATIONS]);
    return text;
}

/* Another recording is called by its name: of a file, perhaps. */
static const char *finding_of(const struct page *g, const struct evidence *x)
{
    return strcmp(x->name, "likes") == 0 && !g->post->is_full
               ? "it was compared with another fob, whose name is left out"
               : x->finding;
}

static void put_evidence(const struct page *g, size_t i)
{
    static const char *const heads[] = { "finding",   "weighs", "told by",
                                         "certainty", "source", NULL };
    const struct identification *id = g->post->fob[i].id;
    char name[PAGE_NAME], caption[PAGE_NAME + 32], text[64];

    if (id->n == 0)
        return;
    snprintf(caption, sizeof caption, "%s: evidence", page_fob(g, i, name));
    html_table_begin(g->out, caption, heads);
    for (int tells = 1; tells >= 0; tells--)
        for (size_t k = 0; k < id->n; k++) {
            const struct evidence *x = &id->evidence[k];

            if ((evidence_ratio(x, NULL) > IDENTIFY_TELLS) != tells)
                continue;
            fputs("<tr>", g->out);
            html_cell(g->out, "%s", finding_of(g, x));
            html_cell(g->out, "%s", weight_of(x, text));
            html_cell(g->out, "%s", x->is_radio ? "radio" : "owner");
            html_cell(g->out, "%s", x->certainty != NULL ? x->certainty : "");
            html_cell(g->out, "%s", x->source != NULL ? x->source : "");
            fputs("</tr>\n", g->out);
        }
    html_table_end(g->out);
}

static void put_term(FILE *out, const char *term)
{
    html_element(out, "dt", "%s", term);
}

static void put_frame(const struct page *g, const struct identify_subject *x)
{
    const struct frame *f = x->frames.best;

    put_term(g->out, "sends");
    html_element(g->out, "dd", "%s, %s, chips of %.1f us, %zu bits",
                 f->reception.modulation == MODULATION_FSK ? "FSK" : "OOK",
                 identify_line_title(identify_subject_kind(x)), f->te_us,
                 f->bits.n);
    put_term(g->out, "format");
    if (f->protocol != NULL)
        html_element(g->out, "dd", "%s, %s", f->protocol->title,
                     f->verdict == VERDICT_PROVEN ? "proven" : "plausible");
    else
        html_element(g->out, "dd", "none that is known; read from %zu press%s",
                     x->frames.n, x->frames.n == 1 ? "" : "es");
}

static void put_heard(const struct page *g, const struct post_fob *f)
{
    const struct identify_radio *r = f->radio;

    fputs("<dl>\n", g->out);
    if (isfinite(r->carrier_hz)) {
        const double band_hz = identify_band_hz(r, g->post->knowledge);

        put_term(g->out, "carrier");
        html_element(g->out, "dd", "%.4f MHz, known to %.3g kHz",
                     r->carrier_hz / 1e6, r->carrier_spread_hz / 1e3);
        put_term(g->out, "band");
        if (isfinite(band_hz))
            html_element(g->out, "dd", "%.6g MHz", band_hz / 1e6);
        else
            html_element(g->out, "dd", "none that fobs have");
    }
    if (f->subject->frames.best != NULL)
        put_frame(g, f->subject);
    if (r->is_rolling != TRUTH_UNKNOWN) {
        put_term(g->out, "code");
        html_element(g->out, "dd", "%s",
                     r->is_rolling == TRUTH_YES
                         ? "rolling: another one with each press"
                         : "not rolling");
    }
    put_term(g->out, "presses");
    html_element(g->out, "dd", "%u, of which %u with a frame", r->presses,
                 r->with_frame);
    fputs("</dl>\n", g->out);
}

static const char *role_says(const char *role)
{
    static const struct {
        const char *role, *says;
    } words[] = {
        { "identity", "the same in all presses of a fob" },
        { "action", "follows the button" },
        { "status", "battery, repeat, flags" },
        { "counter", "counts" },
        { "rolling", "changes with each press" },
        { "check", "computed from other bits" },
        { "fixed", "the same in every frame" },
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (role != NULL && strcmp(role, words[i].role) == 0)
            return words[i].says;
    return "";
}

static void put_field(const struct page *g, const struct json *f)
{
    const double at = json_number(f, "at", 0), bits = json_number(f, "bits", 0);
    const double sure = json_number(f, "confidence", NAN);
    const char *role = json_text(f, "role"), *name = json_text(f, "name");
    const struct json *check = json_get(f, "check");

    fputs("<tr>", g->out);
    if (bits > 1)
        html_number(g->out, "%.0f-%.0f", at, at + bits - 1);
    else
        html_number(g->out, "%.0f", at);
    html_number(g->out, "%.0f", bits);
    html_cell(g->out, "%s", role != NULL ? role : "");
    html_cell(g->out, "%s", name != NULL ? name : "");
    if (isfinite(sure)) /* a certainty that is nobody's is not printed */
        html_number(g->out, "%.0f %%", fmin(floor(100 * sure), 99));
    else
        html_number(g->out, "known");
    if (json_text(check, "kind") != NULL)
        html_cell(g->out, "%s of bits %.0f-%.0f", json_text(check, "kind"),
                  json_number(check, "from", 0),
                  json_number(check, "from", 0) +
                      json_number(check, "from_bits", 0) - 1);
    else
        html_cell(g->out, "%s", role_says(role));
    fputs("</tr>\n", g->out);
}

/* From the same list as JSON has, without values: those are with the bits. */
static void put_fields(const struct page *g, size_t i)
{
    static const char *const heads[] = { "#bits", "#width",     "role", "name",
                                         "#sure", "what it is", NULL };
    const struct identify_subject *x = g->post->fob[i].subject;
    struct json *list = report_fields_json(x, false);
    char name[PAGE_NAME], caption[PAGE_NAME + 32], text[REPORT_WANT];

    snprintf(caption, sizeof caption, "%s: fields of a frame",
             page_fob(g, i, name));
    if (json_size(list) > 0) {
        html_table_begin(g->out, caption, heads);
        for (size_t k = 0; k < json_size(list); k++)
            put_field(g, json_at(list, k));
        html_table_end(g->out);
    }
    json_free(list);
    if (!x->is_inferred || x->inference.n_wants == 0)
        return;
    fputs("<p>What would settle more of it:</p>\n<ul>\n", g->out);
    for (size_t k = 0; k < x->inference.n_wants; k++) {
        report_fields_want(x, &x->inference.want[k], text);
        html_element(g->out, "li", "%s", text);
    }
    fputs("</ul>\n", g->out);
}

void page_identification(const struct page *g, size_t i)
{
    const struct post_fob *f = &g->post->fob[i];
    char text[IDENTIFY_TEXT];

    fputs("<h3>What it is</h3>\n", g->out);
    html_element(g->out, "p class=\"what\"", "%s",
                 identify_conclusion(f->id, text, sizeof text));
    put_heard(g, f);
    put_generations(g, i);
    put_evidence(g, i);
    put_fields(g, i);
}
