/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/check_save.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
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

/* The last prompt that the file's first sample, or a later one, belongs to; the
 * number of prompts: none. */
static size_t find_prompt(const struct sitting *s, const struct span *span,
                          double last)
{
    size_t found = s->n_prompts;

    for (size_t i = 0; i < s->n_prompts; i++)
        if (s->prompt[i].start_s * span->rate_hz <= span->first + last)
            found = i;
    return found;
}

/* Of the fob, which it would be held against: another remote's is no button of it,
 * and while bands were gone round a press may be missed. */
static bool is_in_vain(const struct sitting *s, size_t prompt)
{
    const struct sitting_prompt *p = &s->prompt[prompt];

    for (size_t i = 0; i < s->n_presses; i++)
        if (s->press[i].start_s >= p->start_s && s->press[i].start_s < p->end_s)
            return false;
    return !p->is_control && !p->is_search;
}

/* "lock,boot", as --buttons has it. */
static void add_unanswered(struct json *global, const struct sitting *s,
                           size_t from, size_t to)
{
    char text[SITTING_PROMPTS_MAX * (SITTING_BUTTON_MAX + 1)] = "";
    size_t n = 0;

    for (size_t i = from; i < to; i++)
        if (is_in_vain(s, i))
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s",
                                  n > 0 ? "," : "", s->prompt[i].button);
    if (n > 0)
        json_set_string(global, "fob:unanswered", text);
}

/* The same annotations, which are gone, with `asked` behind what begins no later
 * than it does. */
static struct json *add_sorted(struct json *annotations, struct json *asked)
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
    json_free(annotations);
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

int check_save_asked(const char *meta, const struct sitting *s, size_t *next,
                     bool is_last, struct err *e)
{
    struct json *j, *global, *captures, *annotations;
    struct span span;
    size_t found, to;
    int status = sigmf_load(&j, meta, e);

    if (status < 0)
        return status;
    global = json_take(j, "global");
    captures = json_take(j, "captures");
    annotations = json_take(j, "annotations");
    span.first = json_number(json_at(captures, 0), "core:global_index", 0);
    span.rate_hz = json_number(global, "core:sample_rate", s->rate_hz);
    found = find_prompt(s, &span, last_start(annotations));
    if (found < s->n_prompts && !s->prompt[found].is_control)
        annotations =
            add_sorted(annotations, new_asked(&s->prompt[found], &span));
    to = is_last ? s->n_prompts : found < s->n_prompts ? found : *next;
    add_unanswered(global, s, *next, to);
    *next = to > *next ? to : *next;
    json_set(j, "global", global);
    json_set(j, "captures", captures);
    json_set(j, "annotations", annotations);
    status = sigmf_save(j, meta);
    json_free(j);
    return status < 0 ? err_set(e, status, "%s: %s", meta, strerror(-status))
                      : 0;
}
