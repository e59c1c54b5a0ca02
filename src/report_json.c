/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/report_json.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "src/date.h"
#include "src/log.h"

static const char *const verdict_names[] = {
    [VERDICT_NOT_MINE] = "not_mine",
    [VERDICT_DAMAGED] = "damaged",
    [VERDICT_PLAUSIBLE] = "plausible",
    [VERDICT_PROVEN] = "proven",
};

/* Never -0. */
static double rounded(double x, int decimals)
{
    double scale = pow(10.0, decimals);

    return round(x * scale) / scale + 0.0;
}

/* Leaves the key out where there is no number. */
static void set_rounded(struct json *o, const char *key, double x, int decimals)
{
    if (isfinite(x))
        json_set_real(o, key, rounded(x, decimals));
}

static void set_time(struct json *j, uint64_t at, const struct report_origin *o)
{
    char text[48];

    if (o->is_live)
        date_format(text, sizeof text,
                    o->start_unix_s + (double)at / o->rate_hz);
    else
        snprintf(text, sizeof text, "@%.6fs", (double)at / o->rate_hz);
    json_set_string(j, "time", text);
    if (o->file != NULL)
        json_set_string(j, "file", o->file);
}

static void set_hex(struct json *o, const char *key, uint64_t value,
                    unsigned bits)
{
    char text[17];

    snprintf(text, sizeof text, "%0*" PRIX64, (int)(bits + 3) / 4, value);
    json_set_string(o, key, text);
}

static void set_shown(struct json *j, const struct field *f, uint64_t value)
{
    switch (f->show) {
    case SHOW_NONE:
        break;
    case SHOW_HEX:
        set_hex(j, f->key, value, f->bits);
        break;
    case SHOW_INT:
        json_set_int(j, f->key, (int64_t)value);
        break;
    case SHOW_NOT_FLAG:
        json_set_int(j, f->key, 1 - (int64_t)value);
        break;
    }
}

static void set_action(struct json *j, const struct protocol *p, uint64_t value)
{
    if (p->actions == NULL)
        return;
    for (const struct action *a = p->actions; a->name != NULL; a++)
        if (a->value == value)
            json_set_string(j, "button_str", a->name);
}

static void set_role(struct json *j, const struct frame *f,
                     enum field_role role)
{
    for (const struct field *p = f->protocol->fields; p->name != NULL; p++) {
        uint64_t value;

        if (p->role != role || !field_is_inside(p, &f->bits))
            continue;
        value = field_value(p, &f->bits);
        set_shown(j, p, value);
        if (role == ROLE_ACTION)
            set_action(j, f->protocol, value);
    }
}

/* The fields under the keys that rtl_433 has for them: who, what, when, then
 * the rest. */
static void set_top(struct json *j, const struct frame *f)
{
    static const enum field_role order[] = {
        ROLE_IDENTITY, ROLE_ACTION, ROLE_COUNTER, ROLE_ROLLING,
        ROLE_STATUS,   ROLE_CHECK,  ROLE_FIXED,
    };
    const struct protocol *p = f->protocol;

    if (p == NULL)
        return;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        set_role(j, f, order[i]);
    if (p->mic != NULL && f->verdict == VERDICT_PROVEN)
        json_set_string(j, "mic", p->mic);
}

static void set_frequency(struct json *j, const struct reception *r,
                          double centre_hz)
{
    double freq_hz = centre_hz + r->carrier_hz;

    set_rounded(j, "freq", freq_hz / 1e6, 6);
    if (r->modulation == MODULATION_FSK) {
        set_rounded(j, "freq1", (freq_hz + r->deviation_hz) / 1e6, 6);
        set_rounded(j, "freq2", (freq_hz - r->deviation_hz) / 1e6, 6);
    }
}

static void set_levels(struct json *j, const struct reception *r)
{
    set_rounded(j, "rssi", r->level_dbfs, 1);
    set_rounded(j, "snr", r->snr_db, 1);
    set_rounded(j, "noise", r->noise_dbfs, 1);
}

/* On the air where the centre is known, else from the centre. */
static void set_carrier(struct json *fob, double carrier_hz, double centre_hz)
{
    if (isfinite(centre_hz))
        set_rounded(fob, "carrier_hz", centre_hz + carrier_hz, 1);
    else
        set_rounded(fob, "carrier_offset_hz", carrier_hz, 1);
}

static void set_reception(struct json *fob, const struct reception *r,
                          double centre_hz)
{
    set_carrier(fob, r->carrier_hz, centre_hz);
    set_rounded(fob, "carrier_uncertainty_hz", r->carrier_uncertainty_hz, 1);
}

static void set_deviation(struct json *fob, const struct reception *r)
{
    if (r->modulation == MODULATION_FSK)
        set_rounded(fob, "deviation_hz", r->deviation_hz, 1);
}

/* What else is known live: how long that is after the beginning, and the gain
 * that levels go with. */
static void set_live(struct json *fob, uint64_t at,
                     const struct report_origin *o)
{
    if (!o->is_live)
        return;
    set_rounded(fob, "elapsed_s", (double)at / o->rate_hz, 6);
    set_rounded(fob, "gain_db", o->gain_db, 1);
}

static void set_span(struct json *fob, uint64_t at, uint64_t samples)
{
    json_set_int(fob, "at", (int64_t)at);
    json_set_int(fob, "samples", (int64_t)samples);
}

static void set_bits(struct json *fob, const struct bits *b)
{
    char text[BITS_MAX + 1];
    size_t n = b->n < BITS_MAX ? b->n : BITS_MAX;

    for (size_t i = 0; i < n; i++)
        text[i] = b->value[i] != 0 ? '1' : '0';
    text[n] = '\0';
    json_set_string(fob, "bits", text);
}

static struct json *new_fields(const struct frame *f)
{
    struct json *fields = json_new_object();

    for (const struct field *p = f->protocol->fields; p->name != NULL; p++) {
        struct json *field;

        if (!field_is_inside(p, &f->bits))
            continue;
        field = json_new_object();
        json_set_string(field, "role", field_role_name(p->role));
        set_hex(field, "hex", field_value(p, &f->bits), p->bits);
        json_set(fields, p->name, field);
    }
    return fields;
}

static struct json *new_fob(const struct frame *f, unsigned press,
                            const struct report_origin *o)
{
    const struct protocol *p = f->protocol;
    struct json *fob = json_new_object();

    json_set_string(fob, "protocol", p != NULL ? p->name : "unknown");
    json_set_string(fob, "verdict", verdict_names[f->verdict]);
    set_span(fob, f->at, f->samples);
    set_live(fob, f->at, o);
    set_reception(fob, &f->reception, o->centre_hz);
    set_deviation(fob, &f->reception);
    set_rounded(fob, "te_us", f->te_us, 2);
    json_set_string(fob, "line_code", line_kind_name(f->kind));
    set_bits(fob, &f->bits);
    json_set_int(fob, "copies", (int64_t)f->copies);
    json_set_int(fob, "press", (int64_t)press);
    set_rounded(fob, "confidence", f->confidence, 4);
    if (f->reception.is_overload)
        json_set_bool(fob, "overload", true);
    if (p == NULL) {
        json_set_int(fob, "preamble_chips", (int64_t)f->preamble_chips);
        json_set_int(fob, "sync_chips", (int64_t)f->sync_chips);
    } else {
        json_set(fob, "fields", new_fields(f));
    }
    return fob;
}

struct json *report_json_frame(const struct frame *f, unsigned press,
                               const struct report_origin *o)
{
    const struct reception *r = &f->reception;
    struct json *j = json_new_object();

    set_time(j, f->at, o);
    json_set_string(j, "model", f->protocol ? f->protocol->model : "Unknown");
    set_top(j, f);
    json_set_string(j, "mod", modulation_name(r->modulation));
    set_frequency(j, r, o->centre_hz);
    set_levels(j, r);
    json_set(j, "fob", new_fob(f, press, o));
    return j;
}

struct json *report_json_burst(const struct burst_report *b,
                               const struct report_origin *o)
{
    const struct reception *r = &b->reception;
    struct json *j = json_new_object();
    struct json *fob = json_new_object();

    set_time(j, b->at, o);
    json_set_string(j, "model", "Burst");
    if (b->is_modulation_known)
        json_set_string(j, "mod", modulation_name(r->modulation));
    else
        json_set_null(j, "mod");
    set_rounded(j, "freq", (o->centre_hz + r->carrier_hz) / 1e6, 6);
    set_levels(j, r);
    set_span(fob, b->at, b->samples);
    set_live(fob, b->at, o);
    set_rounded(fob, "duration_ms", 1e3 * (double)b->samples / o->rate_hz, 3);
    set_reception(fob, r, o->centre_hz);
    if (b->is_modulation_known)
        set_deviation(fob, r);
    set_rounded(fob, "bandwidth_hz", b->bandwidth_hz, 1);
    if (b->te_us > 0)
        set_rounded(fob, "te_us", b->te_us, 2);
    json_set_int(fob, "frames", (int64_t)b->n_frames);
    if (r->is_overload)
        json_set_bool(fob, "overload", true);
    json_set(j, "fob", fob);
    return j;
}

/* What chips and pulses have in common; *fob is for the rest. */
static struct json *new_lattice(const char *model, const struct chip_report *c,
                                const struct report_origin *o,
                                struct json **fob)
{
    struct json *j = json_new_object();

    set_time(j, c->at, o);
    json_set_string(j, "model", model);
    json_set_string(j, "mod", modulation_name(c->modulation));
    set_rounded(j, "freq", (o->centre_hz + c->carrier_hz) / 1e6, 6);
    *fob = json_new_object();
    json_set_int(*fob, "at", (int64_t)c->at);
    set_carrier(*fob, c->carrier_hz, o->centre_hz);
    set_rounded(*fob, "te_us", c->te_us, 2);
    return j;
}

struct json *report_json_chips(const struct chip_report *c,
                               const struct report_origin *o)
{
    struct json *fob;
    struct json *j = new_lattice("Chips", c, o, &fob);
    struct json *llr = json_new_array();

    for (size_t i = 0; i < c->n; i++)
        json_append_real(llr, rounded((double)c->llr[i], 2));
    json_set(fob, "llr", llr);
    json_set(j, "fob", fob);
    return j;
}

double report_pulse_us(const struct chip_report *c, size_t *i)
{
    size_t start = *i;
    bool is_on;

    if (start >= c->n)
        return 0;
    is_on = c->llr[start] > 0;
    while (*i < c->n && (c->llr[*i] > 0) == is_on)
        ++*i;
    return (is_on ? 1 : -1) * (double)(*i - start) * c->te_us;
}

struct json *report_json_pulses(const struct chip_report *c,
                                const struct report_origin *o)
{
    struct json *fob;
    struct json *j = new_lattice("Pulses", c, o, &fob);
    struct json *pulses = json_new_array();

    for (size_t i = 0; i < c->n;)
        json_append_int(pulses, (int64_t)llround(report_pulse_us(c, &i)));
    json_set(fob, "pulses_us", pulses);
    json_set(j, "fob", fob);
    return j;
}

struct json *report_json_summary(const struct pipeline_totals *t, size_t files)
{
    struct json *j = json_new_object();

    json_set_string(j, "schema", "fobscope.summary/1");
    json_set_int(j, "samples", (int64_t)t->samples);
    json_set_int(j, "lost", (int64_t)t->lost);
    json_set_int(j, "bursts", (int64_t)t->bursts);
    json_set_int(j, "frames", (int64_t)t->frames);
    if (files > 1)
        json_set_int(j, "files", (int64_t)files);
    return j;
}

void report_json_print(struct json *j)
{
    if (json_document(j, stdout) == -ENOMEM)
        log_say(LOG_ERROR, "out of memory");
    json_free(j);
}
