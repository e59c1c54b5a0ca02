/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/check_save.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "src/json.h"
#include "src/sigmf.h"
#include "src/sigmf_write.h"

/* Where the file lies in the stream that was listened to. */
struct span {
    double first; /* position of its first sample */
    double rate_hz;
};

/* A prompt as an annotation; one that began before the file does so with it. */
static struct json *new_asked(const struct sitting_prompt *p,
                              const struct span *span)
{
    const double start = p->start_s * span->rate_hz - span->first;
    struct json *o = json_new_object();

    json_set_int(o, "core:sample_start", start > 0 ? (int64_t)start : 0);
    json_set_string(o, "core:label", "asked");
    json_set_string(o, "core:generator", "fobscope " FOBSCOPE_VERSION);
    json_set_string(o, "fob:asked", p->button);
    return o;
}

/* The last prompt that the file's first sample, or a later one, belongs to. */
static const struct sitting_prompt *
prompt_of(const struct sitting *s, const struct span *span, double last)
{
    const struct sitting_prompt *found = NULL;

    for (size_t i = 0; i < s->n_prompts; i++) {
        const struct sitting_prompt *p = &s->prompt[i];

        if (p->start_s * span->rate_hz <= span->first + last)
            found = p;
    }
    /* another remote's is no button of this fob */
    return found != NULL && found->is_control ? NULL : found;
}

/* Behind what begins no later than it does. */
static struct json *add_sorted(const struct json *annotations,
                               struct json *asked)
{
    struct json *list = json_new_array();
    const double start = json_number(asked, "core:sample_start", 0);
    size_t i = 0;

    for (; i < json_size(annotations); i++) {
        const struct json *a = json_at(annotations, i);

        if (json_number(a, "core:sample_start", 0) > start)
            break;
        json_append(list, json_clone(a));
    }
    json_append(list, asked);
    for (; i < json_size(annotations); i++)
        json_append(list, json_clone(json_at(annotations, i)));
    return list;
}

/* Of its frames: what comes after them is no answer. */
static double last_start(const struct json *annotations)
{
    double last = 0;

    for (size_t i = 0; i < json_size(annotations); i++)
        last = fmax(
            last, json_number(json_at(annotations, i), "core:sample_start", 0));
    return last;
}

int check_save_asked(const char *meta, const struct sitting *s, struct err *e)
{
    const struct sitting_prompt *p;
    struct json *j, *annotations;
    struct span span;
    int status = sigmf_load(&j, meta, e);

    if (status < 0)
        return status;
    span.first = json_number(json_at(json_get(j, "captures"), 0),
                             "core:global_index", 0);
    span.rate_hz =
        json_number(json_get(j, "global"), "core:sample_rate", s->rate_hz);
    annotations = json_take(j, "annotations");
    p = prompt_of(s, &span, last_start(annotations));
    if (p != NULL)
        json_set(j, "annotations",
                 add_sorted(annotations, new_asked(p, &span)));
    else
        json_set(j, "annotations", json_clone(annotations));
    json_free(annotations);
    status = sigmf_save(j, meta);
    json_free(j);
    return status < 0 ? err_set(e, status, "%s: %s", meta, strerror(-status))
                      : 0;
}
