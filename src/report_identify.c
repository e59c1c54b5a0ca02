/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/report_identify.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "protocols/protocol.h"
#include "src/report_fields.h"

enum { TEXT_BYTES = 512 };

/* Known worse than this a carrier was not measured: recordings of pulses. */
#define MEASURED_HZ 100e3

/* The band that carrier_hz is in. NAN: it is in none of those that fobs have. */
static double nominal_of(const struct report_identify *r)
{
    return identify_band_hz(r->radio, r->knowledge);
}

static void set_truth(struct json *o, const char *key, enum truth t)
{
    if (t == TRUTH_UNKNOWN)
        json_set_null(o, key);
    else
        json_set_bool(o, key, t == TRUTH_YES);
}

static struct json *new_generation(const struct identification *id)
{
    struct json *o = json_new_object();

    for (unsigned g = 0; g < GENERATIONS; g++)
        json_set_real(o, generation_names[g], id->probability[g]);
    json_set_bool(o, "decidable", id->is_decidable);
    return o;
}

static struct json *new_evidence(const struct evidence *x)
{
    struct json *o = json_new_object(), *likelihoods = json_new_object();
    enum generation best;

    for (unsigned g = 0; g < GENERATIONS; g++)
        json_set_real(likelihoods, generation_names[g], x->likelihood[g]);
    json_set_string(o, "name", x->name);
    json_set_string(o, "finding", x->finding);
    json_set_real(o, "likelihood_ratio", evidence_ratio(x, &best));
    json_set_string(o, "speaks_for",
                    best < GENERATIONS ? generation_names[best] : NULL);
    json_set(o, "likelihoods", likelihoods);
    json_set_bool(o, "is_radio", x->is_radio);
    json_set_string(o, "certainty", x->certainty);
    json_set_string(o, "source", x->source);
    return o;
}

static void set_frame(struct json *o, const struct report_identify *r)
{
    const struct frame *f = r->subject->frames.best;

    json_set_string(o, "model",
                    f == NULL             ? NULL
                    : f->protocol != NULL ? f->protocol->model
                                          : "Unknown");
    if (f == NULL)
        return;
    json_set_string(o, "protocol",
                    f->protocol != NULL ? f->protocol->name : "unknown");
    json_set_bool(o, "proven", f->verdict == VERDICT_PROVEN);
    json_set_string(o, "line_code",
                    line_kind_name(identify_subject_kind(r->subject)));
    json_set_real(o, "te_us", f->te_us);
    json_set_real(o, "deviation_hz",
                  f->reception.modulation == MODULATION_FSK
                      ? f->reception.deviation_hz
                      : NAN);
    json_set_int(o, "bits",
                 (int64_t)(r->subject->is_inferred
                               ? r->subject->inference.n_bits
                               : f->bits.n));
    json_set_int(o, "preamble_chips", f->preamble_chips);
    json_set_int(o, "sync_chips", f->sync_chips);
}

static struct json *new_open(const struct identify_subject *x)
{
    struct json *list = json_new_array();
    char text[REPORT_WANT];

    for (size_t i = 0; x->is_inferred && i < x->inference.n_wants; i++) {
        report_fields_want(x, &x->inference.want[i], text);
        json_append_string(list, text);
    }
    return list;
}

struct json *report_identify_json(const struct report_identify *r)
{
    struct json *o = json_new_object(), *evidence = json_new_array();
    const double nominal_hz = nominal_of(r);
    char text[TEXT_BYTES];

    for (size_t i = 0; i < r->id->n; i++)
        json_append(evidence, new_evidence(&r->id->evidence[i]));
    json_set_string(o, "schema", "fobscope.identify/1");
    if (!r->is_full)
        json_set_bool(o, "redacted", true);
    if (r->is_synthetic)
        json_set_bool(o, "synthetic", true);
    json_set_string(o, "headline",
                    identify_conclusion(r->id, text, sizeof text));
    json_set_int(o, "exit", (int64_t)r->status);
    snprintf(text, sizeof text, "%.6g MHz", nominal_hz / 1e6);
    json_set_string(o, "band", isfinite(nominal_hz) ? text : NULL);
    json_set_real(o, "carrier_hz", r->radio->carrier_hz);
    json_set_real(o, "carrier_uncertainty_hz", r->radio->carrier_spread_hz);
    json_set_string(o, "modulation",
                    r->radio->has_modulation
                        ? modulation_name(r->radio->modulation)
                        : NULL);
    set_frame(o, r);
    set_truth(o, "rolling", r->radio->is_rolling);
    json_set_int(o, "presses", r->radio->presses);
    json_set_int(o, "presses_read", (int64_t)r->subject->frames.n);
    json_set(o, "generation", new_generation(r->id));
    json_set(o, "evidence", evidence);
    json_set_bool(o, "inferred", r->subject->is_inferred);
    json_set(o, "fields", report_fields_json(r->subject, r->is_full));
    json_set(o, "open", new_open(r->subject));
    return o;
}

static void put_band(const struct report_identify *r, struct report_table *t)
{
    const double nominal_hz = nominal_of(r), hz = r->radio->carrier_hz;
    char text[TEXT_BYTES];

    if (!isfinite(hz))
        snprintf(text, sizeof text,
                 r->radio->presses > 0
                     ? "not known: the recording does not say "
                       "its centre frequency"
                     : "nothing was heard");
    else if (r->radio->carrier_spread_hz > MEASURED_HZ && isfinite(nominal_hz))
        snprintf(
            text, sizeof text,
            "%.6g MHz; the receiver was tuned to %.3f MHz, the carrier was "
            "not measured",
            nominal_hz / 1e6, hz / 1e6);
    else if (r->radio->carrier_spread_hz > MEASURED_HZ)
        snprintf(text, sizeof text,
                 "not known; the receiver was tuned to %.3f MHz, not near "
                 "315, 433.92 or 868.35 MHz; the carrier was not measured",
                 hz / 1e6);
    else if (isfinite(nominal_hz))
        snprintf(text, sizeof text, "%.6g MHz; the carrier is at %.3f MHz",
                 nominal_hz / 1e6, hz / 1e6);
    else
        snprintf(text, sizeof text,
                 "%.3f MHz: not near 315, 433.92 or 868.35 MHz", hz / 1e6);
    report_table_item(t, "band", text);
}

static void put_frame(const struct report_identify *r, struct report_table *t)
{
    const struct frame *f = r->subject->frames.best;
    char text[TEXT_BYTES];

    if (f == NULL) {
        report_table_item(t, "frames", "none that is sure");
        return;
    }
    snprintf(text, sizeof text, "%s, %s, chips of %.0f us, %zu bits",
             f->reception.modulation == MODULATION_FSK ? "FSK" : "OOK",
             identify_line_title(identify_subject_kind(r->subject)), f->te_us,
             f->bits.n);
    report_table_item(t, "sends", text);
    if (f->protocol != NULL)
        snprintf(text, sizeof text, "%s, %s", f->protocol->title,
                 f->verdict == VERDICT_PROVEN ? "proven" : "plausible");
    else
        snprintf(text, sizeof text, "none that is known; read from %zu press%s",
                 r->subject->frames.n, r->subject->frames.n == 1 ? "" : "es");
    report_table_item(t, "format", text);
    if (r->radio->is_rolling != TRUTH_UNKNOWN)
        report_table_item(t, "code",
                          r->radio->is_rolling == TRUTH_YES
                              ? "rolling: another one with each press"
                              : "not rolling");
}

/* What was heard besides, and is not the fob. */
static void put_others(const struct report_identify *r, struct report_table *t)
{
    const unsigned n = r->subject->facts.others;
    char text[TEXT_BYTES];

    snprintf(text, sizeof text, "%u sending%s of other transmitters", n,
             n == 1 ? "" : "s");
    if (n > 0)
        report_table_item(t, "left out", text);
}

/* "12 %", and never all or nothing. */
static void put_share(char *text, size_t room, double p)
{
    if (p >= 0.99)
        snprintf(text, room, "over 99 %%");
    else if (p < 0.01)
        snprintf(text, room, "under 1 %%");
    else
        snprintf(text, room, "%.0f %%", floor(100 * p));
}

static void put_generation(const struct report_identify *r,
                           struct report_table *t)
{
    char share[GENERATIONS][16], text[TEXT_BYTES];

    for (unsigned g = 0; g < GENERATIONS; g++)
        put_share(share[g], sizeof share[g], r->id->probability[g]);
    snprintf(text, sizeof text,
             "Rover-era 2-button %s, E46-style 3-button %s, neither %s",
             share[GENERATION_ROVER], share[GENERATION_E46],
             share[GENERATION_NEITHER]);
    report_table_item(t, "generation", text);
}

/* What weighs: "12 to 1 for neither: ...". */
static void put_evidence(const struct report_identify *r, bool is_telling,
                         struct report_table *t)
{
    const char *what = is_telling ? "because" : "tells none";

    for (size_t i = 0; i < r->id->n; i++) {
        const struct evidence *x = &r->id->evidence[i];
        enum generation best;
        const double ratio = evidence_ratio(x, &best);
        char text[TEXT_BYTES];

        if ((ratio > IDENTIFY_TELLS) != is_telling)
            continue;
        if (is_telling)
            snprintf(text, sizeof text, "%s (%.*f to 1, %s %s)", x->finding,
                     ratio < 10 ? 1 : 0, ratio, x->certainty, x->source);
        else
            snprintf(text, sizeof text, "%s", x->finding);
        report_table_item(t, what, text);
        what = "";
    }
}

static void put_open(const struct identify_subject *x, struct report_table *t)
{
    char text[REPORT_WANT];

    for (size_t i = 0; x->is_inferred && i < x->inference.n_wants; i++) {
        report_fields_want(x, &x->inference.want[i], text);
        report_table_item(t, i == 0 ? "to settle" : "", text);
    }
}

void report_identify_text(const struct report_identify *r,
                          struct report_table *t)
{
    char text[TEXT_BYTES];
    struct err heading;

    identify_conclusion(r->id, text, sizeof text);
    err_set(&heading, 0, "%s%s",
            r->is_synthetic ? "Computed, no fob was there. " : "", text);
    report_table_heading(t, heading.text);
    fputc('\n', t->out);
    put_band(r, t);
    put_frame(r, t);
    put_others(r, t);
    put_generation(r, t);
    put_evidence(r, true, t);
    put_evidence(r, false, t);
    put_open(r->subject, t);
    report_fields_text(r->subject, t);
}
