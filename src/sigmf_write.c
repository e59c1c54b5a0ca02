/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/sigmf_write.h"

#include <math.h>

#include "src/report_json.h"
#include "src/sigmf.h"

#define DATE_MAX 40

static void set_finite(struct json *o, const char *key, double x)
{
    if (isfinite(x))
        json_set_real(o, key, x);
}

static struct json *new_extensions(void)
{
    struct json *list = json_new_array();
    struct json *fob = json_new_object();

    json_set_string(fob, "name", "fob");
    json_set_string(fob, "version", "0.2.0");
    json_set_bool(fob, "optional", true);
    json_append(list, fob);
    return list;
}

static struct json *new_global(const struct sigmf_description *d)
{
    struct json *global = json_new_object();

    json_set_string(global, "core:datatype", sigmf_datatype(d->format));
    json_set_real(global, "core:sample_rate", d->rate_hz);
    json_set_string(global, "core:version", "1.2.5");
    json_set_string(global, "core:recorder", "fobscope " FOBSCOPE_VERSION);
    json_set_string(global, "core:hw", d->hardware);
    json_set(global, "core:extensions", new_extensions());
    return global;
}

static struct json *new_captures(const struct sigmf_description *d)
{
    struct json *list = json_new_array();

    for (size_t i = 0; i < d->n_segments; i++) {
        const struct sigmf_segment *s = &d->segments[i];
        struct json *capture = json_new_object();
        char date[DATE_MAX];

        json_set_int(capture, "core:sample_start", (int64_t)s->start);
        json_set_int(capture, "core:global_index", (int64_t)s->global);
        set_finite(capture, "core:frequency", s->centre_hz);
        if (isfinite(d->start_unix_s)) {
            report_json_date(date, sizeof date,
                             d->start_unix_s + (double)s->global / d->rate_hz);
            json_set_string(capture, "core:datetime", date);
        }
        set_finite(capture, "fob:gain_db", s->gain_db);
        json_append(list, capture);
    }
    return list;
}

static struct json *new_annotations(const struct sigmf_description *d)
{
    struct json *list = json_new_array();

    for (size_t i = 0; i < d->n_notes; i++) {
        const struct sigmf_note *n = &d->notes[i];
        struct json *annotation = json_new_object();

        json_set_int(annotation, "core:sample_start", (int64_t)n->start);
        json_set_int(annotation, "core:sample_count", (int64_t)n->count);
        if (isfinite(n->low_hz) && isfinite(n->high_hz)) {
            json_set_real(annotation, "core:freq_lower_edge", n->low_hz);
            json_set_real(annotation, "core:freq_upper_edge", n->high_hz);
        }
        json_set_string(annotation, "core:label", n->label);
        json_set_string(annotation, "core:generator",
                        "fobscope " FOBSCOPE_VERSION);
        if (n->about != NULL)
            json_set(annotation, "fob:frame", n->about);
        json_append(list, annotation);
    }
    return list;
}

struct json *sigmf_write(const struct sigmf_description *d)
{
    struct json *document = json_new_object();

    json_set(document, "global", new_global(d));
    json_set(document, "captures", new_captures(d));
    json_set(document, "annotations", new_annotations(d));
    return document;
}
