/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/sigmf_write.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/date.h"
#include "src/sigmf.h"

enum { DATE_MAX = 40, KEY_MAX = 32 };

/* The same as the version in captures/fob.sigmf-ext.md. */
static const char fob_version[] = "0.2.0";

static void set_finite(struct json *o, const char *key, double x)
{
    if (isfinite(x))
        json_set_real(o, key, x);
}

static void set_date(struct json *o, const char *key, double unix_s)
{
    char date[DATE_MAX];

    if (!isfinite(unix_s))
        return;
    date_format(date, sizeof date, unix_s);
    if (date[0] != '\0') /* beyond the year 9999 there is none */
        json_set_string(o, key, date);
}

/* Ours, and those of the former metadata. */
static struct json *new_extensions(const struct json *former)
{
    struct json *list = json_new_array();
    struct json *fob = json_new_object();
    const struct json *theirs = json_get(former, "core:extensions");

    json_set_string(fob, "name", "fob");
    json_set_string(fob, "version", fob_version);
    json_set_bool(fob, "optional", true);
    json_append(list, fob);
    for (size_t i = 0; i < json_size(theirs); i++) {
        const char *name = json_text(json_at(theirs, i), "name");

        if (name != NULL && strcmp(name, "fob") != 0)
            json_append(list, json_clone(json_at(theirs, i)));
    }
    return list;
}

static void set_owner(struct json *global, const struct owner_words *w)
{
    for (size_t i = 0; i < OWNER_WORDS; i++) {
        const char *word = owner_word(w, i);
        char key[KEY_MAX];

        snprintf(key, sizeof key, "fob:%s", owner_names[i]);
        if (word == NULL)
            continue;
        json_free(json_take(global, key));
        if (word[0] != '\0')
            json_set_string(global, key, word);
    }
}

/* What holds for another file than ours, or is nobody's business: where a fob
 * was recorded is for its owner to tell. */
static bool is_kept(const char *key)
{
    static const char *const left_out[] = {
        "core:geolocation",    "core:dataset", "core:metadata_only",
        "core:trailing_bytes", "core:offset",  "core:collection",
        "core:num_channels",   "fob:added",    "core:data_doi",
    };

    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (strcmp(key, left_out[i]) == 0)
            return false;
    return true;
}

static struct json *new_global(const struct sigmf_description *d)
{
    const struct sigmf_origin *o = &d->origin;
    const struct json *former = json_get(o->former, "global");
    struct json *global = json_new_object();

    json_set_string(global, "core:datatype", sigmf_datatype(d->format));
    json_set_real(global, "core:sample_rate", d->rate_hz);
    json_set_string(global, "core:version", "1.2.5");
    if (json_text(former, "core:recorder") == NULL)
        json_set_string(global, "core:recorder", "fobscope " FOBSCOPE_VERSION);
    if (o->hardware != NULL && json_text(former, "core:hw") == NULL)
        json_set_string(global, "core:hw", o->hardware);
    json_set_string(global, "core:sha512", d->sha512);
    json_set(global, "core:extensions", new_extensions(former));
    set_date(global, "fob:added", o->added_unix_s);
    json_fill(global, former, is_kept);
    set_owner(global, &o->owner);
    return global;
}

static struct json *new_captures(const struct sigmf_description *d)
{
    struct json *list = json_new_array();

    for (size_t i = 0; i < d->n_segments; i++) {
        const struct sigmf_segment *s = &d->segments[i];
        struct json *capture = json_new_object();

        json_set_int(capture, "core:sample_start", (int64_t)s->start);
        json_set_int(capture, "core:global_index", (int64_t)s->global);
        set_finite(capture, "core:frequency", s->centre_hz);
        set_date(capture, "core:datetime",
                 d->origin.start_unix_s + (double)s->global / d->rate_hz);
        set_finite(capture, "fob:gain_db", s->gain_db);
        if (s->left_out > 0)
            json_set_int(capture, "fob:left_out", (int64_t)s->left_out);
        json_append(list, capture);
    }
    return list;
}

static struct json *new_annotation(const struct sigmf_note *n)
{
    struct json *annotation = json_new_object();

    json_set_int(annotation, "core:sample_start", (int64_t)n->start);
    json_set_int(annotation, "core:sample_count", (int64_t)n->count);
    if (isfinite(n->low_hz) && isfinite(n->high_hz)) {
        json_set_real(annotation, "core:freq_lower_edge", n->low_hz);
        json_set_real(annotation, "core:freq_upper_edge", n->high_hz);
    }
    json_set_string(annotation, "core:label", n->label);
    json_set_string(annotation, "core:generator", "fobscope " FOBSCOPE_VERSION);
    if (n->about != NULL)
        json_set(annotation, "fob:frame", n->about);
    return annotation;
}

/* Captures of the same samples in another file. */
static struct json *copy_captures(const struct json *former)
{
    struct json *list = json_new_array();

    for (size_t i = 0; i < json_size(former); i++) {
        struct json *capture = json_clone(json_at(former, i));

        json_free(json_take(capture, "core:geolocation"));
        json_free(json_take(capture, "core:header_bytes"));
        json_append(list, capture);
    }
    return list;
}

/* What a person was asked for cannot be found out again. */
static const char asked[] = "fob:asked";

/* An annotation of a program such as this one is made anew. */
static bool is_ours(const struct json *annotation)
{
    const char *generator = json_text(annotation, "core:generator");

    return generator != NULL && strncmp(generator, "fobscope ", 9) == 0 &&
           json_text(annotation, asked) == NULL;
}

static bool is_kept_of_theirs(const char *key)
{
    return strncmp(key, "fob:", 4) != 0 || strcmp(key, asked) == 0;
}

/* Somebody else's, without what only a program such as this one can say. */
static struct json *copy_annotation(const struct json *theirs)
{
    struct json *copy = json_new_object();

    json_fill(copy, theirs, is_kept_of_theirs);
    return copy;
}

/* Ours, with the former ones between them, by start. */
static struct json *new_annotations(const struct sigmf_description *d,
                                    const struct json *former)
{
    struct json *list = json_new_array();
    const size_t n = json_size(former);
    size_t next = 0;

    for (size_t i = 0; i <= d->n_notes; i++) {
        const double start =
            i < d->n_notes ? (double)d->notes[i].start : INFINITY;

        for (; next < n; next++) {
            const struct json *theirs = json_at(former, next);

            if (json_number(theirs, "core:sample_start", 0) > start)
                break;
            if (!is_ours(theirs))
                json_append(list, copy_annotation(theirs));
        }
        if (i < d->n_notes)
            json_append(list, new_annotation(&d->notes[i]));
    }
    return list;
}

struct json *sigmf_write(const struct sigmf_description *d)
{
    struct json *document = json_new_object();
    const struct sigmf_origin *o = &d->origin;
    const struct json *former = o->is_cut ? NULL : o->former;
    const struct json *captures = json_get(former, "captures");

    json_set(document, "global", new_global(d));
    json_set(document, "captures",
             captures != NULL ? copy_captures(captures) : new_captures(d));
    json_set(document, "annotations",
             new_annotations(d, json_get(former, "annotations")));
    return document;
}

struct json *sigmf_relabel(struct json *document, const struct owner_words *w)
{
    static const char *const parts[] = { "global", "captures", "annotations" };
    struct json *ret = json_new_object();

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct json *part = json_take(document, parts[i]);

        if (part == NULL)
            continue; /* verify tells of it */
        if (i == 0) {
            json_set(part, "core:extensions", new_extensions(part));
            set_owner(part, w);
        }
        json_set(ret, parts[i], part);
    }
    json_free(document);
    return ret;
}

int sigmf_save(const struct json *document, const char *path)
{
    const int fd =
        open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
    int status;

    if (f == NULL)
        return -errno;
    status = fchmod(fd, 0600) != 0 ? -errno : json_document_exact(document, f);
    if (status == 0 && (fflush(f) != 0 || fsync(fd) != 0))
        status = -errno;
    if (fclose(f) != 0 && status == 0)
        status = -errno;
    return status;
}
