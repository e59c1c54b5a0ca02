/* sigmf - reads a .sigmf-meta and holds it against what we can read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/sigmf.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/date.h"
#include "src/json.h"
#include "src/source_impl.h"

enum {
    META_MAX = 8 << 20, /* bytes: a day of annotations, not a recording */
    CAPTURES_MAX = 100000,
};
static const double header_max = 1099511627776.0;      /* 2^40 bytes */
static const double position_max = 1125899906842624.0; /* 2^50 samples */

static const struct {
    const char *word;
    enum sample_format format;
} datatypes[] = {
    { "cu8", SAMPLE_CU8 },
    { "ci8", SAMPLE_CS8 },
    { "ci16_le", SAMPLE_CS16 },
    { "cf32_le", SAMPLE_CF32 },
};

enum { DATATYPES = sizeof datatypes / sizeof *datatypes };

const char *sigmf_datatype(enum sample_format format)
{
    size_t i = 0;
    while (i < DATATYPES - 1 && datatypes[i].format != format)
        i++;
    return datatypes[i].word;
}

static int find_format(const char *datatype, enum sample_format *ret)
{
    for (size_t i = 0; i < DATATYPES; i++) {
        if (strcmp(datatype, datatypes[i].word) == 0) {
            *ret = datatypes[i].format;
            return 0;
        }
    }
    return -EINVAL;
}

/* A number that may be missing (NAN) but not something else. */
static int get_number(const struct json *o, const char *key, double *ret,
                      const char *name, struct err *e)
{
    *ret = json_number(o, key, NAN);
    if (!isfinite(*ret) && json_get(o, key))
        return err_set(e, -EINVAL, "%s: %s is not a number", name, key);
    return 0;
}

static int parse_global(struct sigmf_meta *m, const struct json *global,
                        const char *name, struct err *e)
{
    if (!global)
        return err_set(e, -EINVAL, "%s: has no global object", name);
    const char *datatype = json_text(global, "core:datatype");
    if (!datatype)
        return err_set(e, -EINVAL, "%s: has no core:datatype", name);
    if (find_format(datatype, &m->format) < 0)
        return err_set(e, -EINVAL,
                       "%s: core:datatype %.40s is not one of cu8, ci8, "
                       "ci16_le, cf32_le",
                       name, datatype);
    if (json_get(global, "core:dataset"))
        return err_set(e, -EINVAL,
                       "%s: keeps its samples in another file: open that one",
                       name);
    if (json_number(global, "core:num_channels", 1) != 1)
        return err_set(e, -EINVAL, "%s: has more than one channel", name);
    int r = get_number(global, "core:sample_rate", &m->rate_hz, name, e);
    if (r == 0 && m->rate_hz <= 0)
        return err_set(e, -EINVAL, "%s: core:sample_rate is not above 0", name);
    return r;
}

/* Reads the capture's frequency and the bytes in front of its samples. */
static int parse_capture(const struct json *capture, double *centre_hz,
                         uint64_t *header_bytes, const char *name,
                         struct err *e)
{
    double header = NAN;
    int r = get_number(capture, "core:frequency", centre_hz, name, e);
    if (r == 0)
        r = get_number(capture, "core:header_bytes", &header, name, e);
    if (r < 0)
        return r;
    if (isnan(header))
        header = 0;
    if (header < 0 || header > header_max || header != floor(header))
        return err_set(e, -EINVAL, "%s: core:header_bytes is out of range",
                       name);
    *header_bytes = (uint64_t)header;
    return 0;
}

/* A sample's number under key, `fallback` where it is not said. */
static int get_position(const struct json *capture, const char *key,
                        double fallback, double *ret, const char *name,
                        struct err *e)
{
    int r = get_number(capture, key, ret, name, e);
    if (r == 0 && isnan(*ret))
        *ret = fallback;
    if (r == 0 && (*ret < 0 || *ret > position_max || *ret != floor(*ret)))
        return err_set(e, -EINVAL, "%s: %s is out of range", name, key);
    return r;
}

/* Where a capture begins in the file, and in the stream that was recorded. */
struct start {
    double sample, global;
    double left_out; /* of the samples missing in front of it */
};

/* What is missing between two captures; the standard lets the second begin
 * anywhere, but only what is left out makes sense. */
static int add_gap(struct sigmf_meta *m, const struct start *last,
                   const struct start *now, const char *name, struct err *e)
{
    const double missing =
        (now->global - last->global) - (now->sample - last->sample);
    const double left_out = fmin(now->left_out, missing);
    if (missing <= 0)
        return 0;
    if (m->n_gaps == SIGMF_GAPS_MAX)
        return err_set(e, -EINVAL, "%s: has more than %d gaps", name,
                       SIGMF_GAPS_MAX);
    m->gaps[m->n_gaps++] = (struct sigmf_gap){
        .start = (uint64_t)now->sample,
        .lost = (uint64_t)(missing - left_out),
        .left_out = (uint64_t)left_out,
    };
    return 0;
}

static int parse_start(const struct json *capture, const struct start *last,
                       struct start *ret, const char *name, struct err *e)
{
    int r =
        get_position(capture, "core:sample_start", 0, &ret->sample, name, e);
    if (r < 0)
        return r;
    if (ret->sample < last->sample)
        return err_set(e, -EINVAL, "%s: its captures are not in order", name);
    r = get_position(capture, "fob:left_out", 0, &ret->left_out, name, e);
    if (r < 0)
        return r;
    /* no global index: it goes on */
    return get_position(capture, "core:global_index",
                        last->global + (ret->sample - last->sample),
                        &ret->global, name, e);
}

/* When the file's first sample was received; a date that is none says nothing:
 * the samples are as good without. */
static double start_time(const struct json *capture, double sample,
                         double rate_hz)
{
    const char *date = json_text(capture, "core:datetime");
    double unix_s;
    if (!date || !date_parse(date, &unix_s))
        return NAN;
    return sample > 0 ? unix_s - sample / rate_hz : unix_s;
}

static int parse_captures(struct sigmf_meta *m, const struct json *captures,
                          const char *name, struct err *e)
{
    size_t n = json_size(captures);
    if (n == 0 || n > CAPTURES_MAX)
        return err_set(e, -EINVAL, "%s: has %s captures", name,
                       n == 0 ? "no" : "too many");
    struct start last = { 0, 0, 0 }, first = last;
    int r = parse_capture(json_at(captures, 0), &m->centre_hz, &m->header_bytes,
                          name, e);
    if (r == 0)
        r = parse_start(json_at(captures, 0), &last, &first, name, e);
    m->start_unix_s =
        start_time(json_at(captures, 0), first.sample, m->rate_hz);
    last = first;
    for (size_t i = 1; r == 0 && i < n; i++) {
        double centre;
        uint64_t header;
        struct start now = last;
        r = parse_capture(json_at(captures, i), &centre, &header, name, e);
        if (r == 0 && header > 0)
            return err_set(e, -EINVAL,
                           "%s: has a header between its samples, which is "
                           "not read",
                           name);
        if (r == 0 && centre != m->centre_hz && !isnan(centre))
            m->is_retuned = true;
        if (r == 0)
            r = parse_start(json_at(captures, i), &last, &now, name, e);
        if (r == 0)
            r = add_gap(m, &last, &now, name, e);
        last = now;
    }
    return r;
}

int sigmf_understand(struct sigmf_meta *ret, const struct json *document,
                     const char *name, struct err *e)
{
    struct sigmf_meta m = { .rate_hz = NAN,
                            .centre_hz = NAN,
                            .start_unix_s = NAN };
    int r = parse_global(&m, json_get(document, "global"), name, e);
    if (r == 0)
        r = parse_captures(&m, json_get(document, "captures"), name, e);
    if (r == 0)
        *ret = m;
    return r;
}

int sigmf_parse(struct sigmf_meta *ret, const char *text, size_t n,
                const char *name, struct err *e)
{
    struct json *j = json_load(text, n, name, e);
    if (!j)
        return -EINVAL;
    int r = sigmf_understand(ret, j, name, e);
    json_free(j);
    return r;
}

/* The whole file, to be freed; its length in *n. NULL with *r set on fault. */
static char *read_text(struct input *in, size_t *n, int *r, struct err *e)
{
    *r = -EFBIG;
    if (!in->is_regular || in->size > META_MAX) {
        err_set(e, *r, "%s: is no metadata file of at most 8 MiB", in->name);
        return NULL;
    }
    *r = -ENOMEM;
    char *text = malloc((size_t)in->size + 1);
    if (!text) {
        err_set(e, *r, "%s: out of memory", in->name);
        return NULL;
    }
    ssize_t have;
    *n = 0;
    while ((have = input_peek(in, 1, e)) > 0 && *n < in->size) {
        size_t room = (size_t)in->size - *n;
        size_t step = (size_t)have < room ? (size_t)have : room;
        memcpy(text + *n, in->bytes + in->at, step);
        in->at += step;
        *n += step;
    }
    *r = have < 0 ? (int)have : 0;
    if (have >= 0)
        return text;
    free(text);
    return NULL;
}

int sigmf_load(struct json **ret, const char *path, struct err *e)
{
    char shown[SHOWN_MAX];
    source_show(shown, path);
    struct input *in = malloc(sizeof *in);
    if (!in)
        return err_set(e, -ENOMEM, "%s: out of memory", shown);
    int r = input_open(in, path, shown, e);
    if (r == 0) {
        size_t n;
        char *text = read_text(in, &n, &r, e);
        struct json *document = text ? json_load(text, n, shown, e) : NULL;
        if (document)
            *ret = document;
        else if (text)
            r = -EINVAL;
        free(text);
        input_close(in);
    }
    free(in);
    return r;
}

int sigmf_read(struct sigmf_meta *ret, const char *path, struct err *e)
{
    char shown[SHOWN_MAX];
    struct json *document;
    int r = sigmf_load(&document, path, e);
    if (r < 0)
        return r;
    source_show(shown, path);
    r = sigmf_understand(ret, document, shown, e);
    json_free(document);
    return r;
}
