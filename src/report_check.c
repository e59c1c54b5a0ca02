/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/report_check.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "protocols/protocol.h"
#include "src/verdict_facts.h"

enum { LINE_MAX_BYTES = 512 };

static const char *model_of(const struct frame *f)
{
    if (f->bits.n == 0)
        return "no frame";
    return f->protocol != NULL ? f->protocol->model : "Unknown";
}

/* What the frame itself says. False: it does not. */
static bool name_action(const struct frame *f, char text[SITTING_BUTTON_MAX])
{
    uint64_t value;

    if (f->protocol == NULL || f->bits.n == 0)
        return false;
    for (const struct field *x = f->protocol->fields; x->name != NULL; x++) {
        if (x->role != ROLE_ACTION || !field_is_inside(x, &f->bits))
            continue;
        value = field_value(x, &f->bits);
        snprintf(text, SITTING_BUTTON_MAX, "code %" PRIu64, value);
        for (const struct action *a = f->protocol->actions;
             a != NULL && a->name != NULL; a++)
            if (a->value == value)
                snprintf(text, SITTING_BUTTON_MAX, "%s", a->name);
        return true;
    }
    return false;
}

void report_check_button(const struct sitting *s, const struct sitting_press *p,
                         char text[SITTING_BUTTON_MAX])
{
    if (p->prompt >= 0 && s->prompt[p->prompt].button[0] != '\0')
        snprintf(text, SITTING_BUTTON_MAX, "%s", s->prompt[p->prompt].button);
    else if (!name_action(&p->frame, text))
        strcpy(text, "-");
}

static struct json *new_finding(const struct finding *x)
{
    struct json *o = json_new_object();

    json_set_string(o, "name", finding_name(x->kind));
    json_set_string(o, "weight", finding_weight_name(x->weight));
    json_set_string(o, "finding", x->evidence);
    if (x->cannot != NULL)
        json_set_string(o, "cannot_tell", x->cannot);
    if (x->advice != NULL)
        json_set_string(o, "advice", x->advice);
    return o;
}

/* Serials and codes, field by field. */
static struct json *new_fields(const struct frame *f)
{
    struct json *o = json_new_object();
    char hex[32];

    for (const struct field *x = f->protocol->fields; x->name != NULL; x++) {
        if (!field_is_inside(x, &f->bits))
            continue;
        snprintf(hex, sizeof hex, "%0*" PRIX64, (x->bits + 3) / 4,
                 field_value(x, &f->bits));
        json_set_string(o, x->name, hex);
    }
    return o;
}

static struct json *new_press(const struct report_check *r, size_t i)
{
    const struct sitting_press *p = &r->sitting->press[i];
    struct json *o = json_new_object();
    char button[SITTING_BUTTON_MAX];

    report_check_button(r->sitting, p, button);
    json_set_real(o, "start_s", p->start_s);
    json_set_real(o, "duration_s", p->end_s - p->start_s);
    json_set_bool(o, "is_fob", sitting_is_fobs(r->sitting, i));
    json_set_string(o, "button", strcmp(button, "-") != 0 ? button : NULL);
    json_set_bool(o, "was_asked", p->prompt >= 0);
    json_set_string(o, "model",
                    p->frame.bits.n > 0 ? model_of(&p->frame) : NULL);
    json_set_int(o, "copies", p->copies);
    json_set_int(o, "cut_offs", p->cut_offs);
    json_set_real(o, "carrier_hz", p->carrier_hz);
    json_set_real(o, "carrier_uncertainty_hz", p->carrier_uncertainty_hz);
    json_set_real(o, "drift_hz", p->drift_hz);
    json_set_real(o, "level_dbfs", p->level_dbfs);
    json_set_real(o, "snr_db", p->snr_db);
    json_set_real(o, "sag_db", p->sag_db);
    json_set_real(o, "te_us", p->te_us > 0 ? p->te_us : NAN);
    json_set_bool(o, "overload", p->is_overload);
    if (p->frame.bits.n > 0)
        json_set_real(o, "confidence", p->frame.confidence);
    if (r->is_full && p->frame.protocol != NULL && p->frame.bits.n > 0)
        json_set(o, "fields", new_fields(&p->frame));
    return o;
}

static struct json *new_receiver(const struct sitting *s)
{
    struct json *o = json_new_object(), *bands = json_new_array();

    for (size_t i = 0; i < s->n_bands; i++) {
        struct json *band = json_new_object();

        json_set_real(band, "centre_hz", s->band[i].centre_hz);
        json_set_real(band, "width_hz", s->band[i].width_hz);
        json_set_real(band, "watched_s", s->band[i].watched_s);
        json_set_real(band, "noise_dbfs", s->band[i].noise_dbfs);
        json_append(bands, band);
    }
    json_set_bool(o, "is_live", s->is_live);
    json_set_real(o, "gain_db", s->gain_db);
    json_set(o, "bands", bands);
    json_set_int(o, "lost", (int64_t)s->lost);
    json_set_int(o, "overloads", s->overloads);
    return o;
}

static struct json *new_buttons(const struct sitting *s)
{
    struct json *list = json_new_array();

    for (size_t i = 0; i < s->n_prompts; i++) {
        struct json *o = json_new_object();

        json_set_string(o, "button", s->prompt[i].button);
        json_set_bool(o, "is_control", s->prompt[i].is_control);
        json_set_real(o, "start_s", s->prompt[i].start_s);
        json_set_real(o, "end_s", s->prompt[i].end_s);
        json_append(list, o);
    }
    return list;
}

struct json *report_check_json(const struct report_check *r)
{
    const struct verdict_result *v = r->verdict;
    struct json *o = json_new_object(), *evidence = json_new_array();
    struct json *untested = json_new_array(), *presses = json_new_array();

    for (size_t i = 0; i < v->n; i++)
        json_append(evidence, new_finding(&v->finding[i]));
    for (size_t i = 0; i < v->n_not_tested; i++)
        json_append_string(untested, v->not_tested[i]);
    for (size_t i = 0; i < r->sitting->n_presses; i++)
        json_append(presses, new_press(r, i));
    json_set_string(o, "schema", "fobscope.check/1");
    if (!r->is_full)
        json_set_bool(o, "redacted", true);
    if (r->car != NULL)
        json_set_string(o, "car", r->car);
    json_set_string(o, "verdict", finding_name(v->finding[0].kind));
    json_set_string(o, "headline", v->headline);
    json_set_int(o, "exit", (int64_t)v->status);
    json_set(o, "evidence", evidence);
    json_set(o, "not_tested", untested);
    json_set(o, "asked", new_buttons(r->sitting));
    json_set(o, "presses", presses);
    json_set_int(o, "presses_left_out", (int64_t)r->sitting->left_out);
    json_set(o, "receiver", new_receiver(r->sitting));
    return o;
}

static void put_press(const struct report_check *r,
                      const struct sitting_press *p, struct report_table *t)
{
    char line[LINE_MAX_BYTES], level[16], sag[16], button[SITTING_BUTTON_MAX];

    report_check_button(r->sitting, p, button);
    snprintf(level, sizeof level, "-");
    snprintf(sag, sizeof sag, "-");
    if (isfinite(p->level_dbfs))
        snprintf(level, sizeof level, "%.0f", p->level_dbfs);
    if (isfinite(p->sag_db))
        snprintf(sag, sizeof sag, "%.1f", p->sag_db);
    snprintf(line, sizeof line, "%7.2f %5.2f %-10s %3u %3u %8.3f %6s %5s  %s",
             p->start_s, p->end_s - p->start_s, button, p->copies, p->cut_offs,
             p->carrier_hz / 1e6, level, sag, model_of(&p->frame));
    fprintf(t->out, "%.*s\n", (int)t->width, line);
}

static void put_presses(const struct report_check *r, struct report_table *t)
{
    bool is_first = true;

    for (size_t i = 0; i < r->sitting->n_presses; i++) {
        if (!sitting_is_fobs(r->sitting, i))
            continue;
        if (is_first)
            fprintf(t->out, "\n%.*s\n", (int)t->width,
                    "   at s  held button     cop cut      MHz   dBFS   sag"
                    "  format");
        is_first = false;
        put_press(r, &r->sitting->press[i], t);
    }
}

/* "lock 3 of 3, unlock 0 of 3": presses heard of presses asked for. */
static void put_buttons(const struct sitting *s, struct report_table *t)
{
    struct facts f;
    char text[FINDING_TEXT] = "";

    facts_gather(&f, s);
    for (size_t i = 0; i < f.n_buttons; i++) {
        const size_t n = strlen(text);

        snprintf(text + n, sizeof text - n, "%s%s %u of %u", i > 0 ? ", " : "",
                 f.button[i].name, f.button[i].answered, f.button[i].asked);
    }
    if (text[0] != '\0')
        report_table_item(t, "heard", text);
}

/* Each press away from the car makes its counter run ahead (DOMAIN.md 7.3). */
static void put_used(const struct sitting *s, struct report_table *t)
{
    char text[FINDING_TEXT];
    unsigned n = 0;

    for (size_t i = 0; i < s->n_presses; i++)
        n += sitting_is_fobs(s, i);
    if (!s->is_live || n == 0)
        return;
    snprintf(text, sizeof text,
             "%u press%s so far; end with one that the car hears", n,
             n == 1 ? "" : "es");
    report_table_item(t, "used", text);
}

static void put_untested(const struct verdict_result *v, struct report_table *t)
{
    char text[FINDING_TEXT] = "";

    for (size_t i = 0; i < v->n_not_tested; i++) {
        const size_t n = strlen(text);

        snprintf(text + n, sizeof text - n, "%s%s", i > 0 ? "; " : "",
                 v->not_tested[i]);
    }
    if (text[0] != '\0')
        report_table_item(t, "not tested", text);
}

void report_check_text(const struct report_check *r, struct report_table *t)
{
    const struct verdict_result *v = r->verdict;

    report_table_heading(t, v->headline);
    fputc('\n', t->out);
    if (r->car != NULL)
        report_table_item(t, "car", r->car);
    for (size_t i = 0; i < v->n; i++)
        report_table_item(t, i == 0 ? "because" : "", v->finding[i].evidence);
    put_buttons(r->sitting, t);
    if (v->finding[0].cannot != NULL)
        report_table_item(t, "cannot tell", v->finding[0].cannot);
    for (size_t i = 0, n = 0; i < v->n; i++)
        if (v->finding[i].advice != NULL &&
            (i == 0 || v->finding[i].weight != WEIGHT_GOOD))
            report_table_item(t, n++ == 0 ? "what to do" : "",
                              v->finding[i].advice);
    put_untested(v, t);
    put_used(r->sitting, t);
    put_presses(r, t);
}
