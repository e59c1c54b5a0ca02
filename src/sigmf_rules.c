/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/sigmf_rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "src/sigmf_fields.h"

enum {
    FAULTS_MAX = 20, /* sentences: more of them help nobody */
    /* Ours: each field's namespace is looked for among them. The
     * specification's own repository has a dozen. */
    EXTENSIONS_MAX = 64,
};

struct check {
    const struct json *extensions;
    uint64_t end; /* the index behind the last sample; UINT64_MAX: unknown */
    size_t n;
    void (*fault)(void *user, const char *sentence);
    void *user;
};

/* The document, its global object, or an entry of one of its lists. */
struct item {
    struct check *check;
    enum sigmf_place place;
    const struct json *o;
    char name[40]; /* "annotations 3" */
};

static const struct {
    const char *name;
    enum json_kind kind;
} types[] = {
    [SIGMF_TEXT] = { "a text", JSON_KIND_TEXT },
    [SIGMF_NUMBER] = { "a number", JSON_KIND_NUMBER },
    [SIGMF_UINT] = { "a whole number from 0 up", JSON_KIND_NUMBER },
    [SIGMF_BOOL] = { "true or false", JSON_KIND_BOOL },
    [SIGMF_OBJECT] = { "an object", JSON_KIND_OBJECT },
    [SIGMF_ARRAY] = { "an array", JSON_KIND_ARRAY },
    [SIGMF_POINT] = { "a GeoJSON point", JSON_KIND_OBJECT },
};

static void say(const struct item *item, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(const struct item *item, const char *format, ...)
{
    struct check *c = item->check;
    struct err e; /* makes the document's own words fit for a terminal */
    char text[sizeof e.text];
    va_list args;

    if (c->n++ >= FAULTS_MAX)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    err_set(&e, 0, "%s: %s", item->name, text);
    c->fault(c->user, e.text);
}

static bool get_uint(const struct json *o, const char *key, uint64_t *ret)
{
    int64_t x;

    if (!json_whole(o, key, &x) || x < 0)
        return false;
    *ret = (uint64_t)x;
    return true;
}

/* RFC 7946: longitude, latitude and, if it is known, the height. */
static bool is_point(const struct json *o)
{
    const char *type = json_text(o, "type");
    const struct json *coordinates = json_get(o, "coordinates");
    const size_t n = json_size(coordinates);

    for (size_t i = 0; i < n; i++)
        if (json_kind(json_at(coordinates, i)) != JSON_KIND_NUMBER)
            return false;
    return type && strcmp(type, "Point") == 0 && (n == 2 || n == 3);
}

static bool is_of_type(const struct json *o, const struct sigmf_field *f)
{
    uint64_t x;

    if (json_kind(json_get(o, f->name)) != types[f->type].kind)
        return false;
    if (f->type == SIGMF_UINT)
        return get_uint(o, f->name, &x);
    return f->type != SIGMF_POINT || is_point(json_get(o, f->name));
}

static void check_value(const struct item *item, const struct sigmf_field *f)
{
    if (!is_of_type(item->o, f)) {
        say(item, "%s is not %s", f->name, types[f->type].name);
        return;
    }
    const char *text = json_text(item->o, f->name);
    const double size =
        text ? (double)strlen(text) : json_number(item->o, f->name, 0);
    const bool is_bounded = f->low != 0 || f->high != 0;

    if (f->form && !f->form->holds(text))
        say(item, "%s is not %s", f->name, f->form->name);
    else if (is_bounded && text && size > f->high)
        say(item, "%s is longer than %.0f bytes", f->name, f->high);
    else if (is_bounded && (size < f->low || size > f->high))
        say(item, "%s is out of range", f->name);
}

/* Specification, "SigMF Metadata Format": namespace:name, the name of letters,
 * digits and _, without a digit in front. Its own examples have a - in the
 * namespace, so of that nothing is asked. */
static bool is_key(const char *key, size_t *namespace_length)
{
    const char *colon = strchr(key, ':');

    if (!colon || colon == key)
        return false;
    *namespace_length = (size_t)(colon - key);
    const size_t digits = strspn(colon + 1, "0123456789");
    const size_t n = strspn(colon + 1, "0123456789_"
                                       "abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return digits == 0 && n > 0 && colon[1 + n] == '\0';
}

static bool is_namespace(const char *key, size_t n, const char *name)
{
    return strlen(name) == n && memcmp(key, name, n) == 0;
}

static bool is_declared(const struct check *c, const char *key, size_t n)
{
    const size_t entries = json_size(c->extensions);

    for (size_t i = 0; i < entries && i < EXTENSIONS_MAX; i++) {
        const char *name = json_text(json_at(c->extensions, i), "name");
        if (name && is_namespace(key, n, name))
            return true;
    }
    return false;
}

static void check_member(void *user, const char *key, const struct json *value)
{
    const struct item *item = user;
    size_t n;

    (void)value;
    if (!is_key(key, &n)) {
        say(item, "%.60s is not of the form namespace:name", key);
        return;
    }
    const bool is_core = is_namespace(key, n, "core");
    const struct sigmf_field *f = sigmf_fields_find(item->place, key);

    if (f)
        check_value(item, f);
    else if (is_core || is_namespace(key, n, "fob"))
        say(item, "%.60s is not a field of %s", key, sigmf_places[item->place]);
    if (!is_core && !is_declared(item->check, key, n))
        say(item, "%.60s is of a namespace that core:extensions lacks", key);
}

static bool check_members(const struct item *item)
{
    if (json_kind(item->o) != JSON_KIND_OBJECT) {
        say(item, "is not an object");
        return false;
    }
    for (size_t i = 0; i < N_SIGMF_FIELDS; i++) {
        const struct sigmf_field *f = &sigmf_fields[i];
        if (f->place == item->place && f->is_required &&
            !json_get(item->o, f->name))
            say(item, "%s is missing", f->name);
    }
    struct item copy = *item; /* json_each's user is not const */
    json_each(item->o, check_member, &copy);
    return true;
}

static void count(void *user, const char *key, const struct json *value)
{
    size_t *n = user;

    (void)key;
    (void)value;
    ++*n;
}

static bool is_extension(const struct json *o)
{
    size_t n = 0;

    json_each(o, count, &n);
    return n == 3 && json_text(o, "name") && json_text(o, "version") &&
           json_kind(json_get(o, "optional")) == JSON_KIND_BOOL;
}

static void check_global(struct check *c, const struct json *document)
{
    const struct item item = {
        .check = c,
        .place = SIGMF_GLOBAL,
        .o = json_get(document, "global"),
        .name = "global",
    };
    const size_t n = json_size(c->extensions);

    if (!check_members(&item))
        return;
    for (size_t i = 0; i < n; i++)
        if (!is_extension(json_at(c->extensions, i)))
            say(&item, "core:extensions %zu is not name, version, optional", i);
    if (n > EXTENSIONS_MAX)
        say(&item, "core:extensions has more than %d entries", EXTENSIONS_MAX);
}

/* Where it begins and ends; *last is where the one in front of it began. */
static void check_position(const struct item *item, uint64_t *last)
{
    const uint64_t end = item->check->end;
    uint64_t start, n = 0;

    if (!get_uint(item->o, "core:sample_start", &start))
        return;
    if (start < *last)
        say(item, "begins before the one in front of it");
    *last = start;
    get_uint(item->o, "core:sample_count", &n);
    if (start > end)
        say(item, "begins behind the last sample");
    else if (n > end - start)
        say(item, "ends behind the last sample");
}

/* What was left out on purpose is a part of what the global index says is
 * missing (fob.sigmf-ext.md); before the first capture of all there is. */
static void check_left_out(const struct item *item, const struct json *before)
{
    uint64_t left_out, global, start, last_start = 0, last_global = 0;

    if (!get_uint(item->o, "fob:left_out", &left_out) ||
        !get_uint(item->o, "core:sample_start", &start))
        return;
    if (!get_uint(item->o, "core:global_index", &global)) {
        say(item, "fob:left_out is there without core:global_index");
        return;
    }
    if (before && !get_uint(before, "core:sample_start", &last_start))
        return;
    /* not said: the two are equal */
    if (!get_uint(before, "core:global_index", &last_global))
        last_global = last_start;
    if (start < last_start)
        return;
    /* each is below 2^63: nothing overflows */
    const uint64_t kept = before ? start - last_start : 0;
    if (global < last_global || global - last_global < kept + left_out)
        say(item, "fob:left_out is more than core:global_index leaves out");
}

static void check_edges(const struct item *item)
{
    if (!json_get(item->o, "core:freq_lower_edge") !=
        !json_get(item->o, "core:freq_upper_edge"))
        say(item, "has one of its two frequency edges only");
}

static void check_list(struct check *c, const struct json *document,
                       enum sigmf_place place)
{
    const struct json *list = json_get(document, sigmf_places[place]);
    struct item item = { .check = c, .place = place };
    uint64_t last = 0;

    for (size_t i = 0; i < json_size(list); i++) {
        item.o = json_at(list, i);
        snprintf(item.name, sizeof item.name, "%s %zu", sigmf_places[place], i);
        if (!check_members(&item))
            continue;
        check_position(&item, &last);
        if (place == SIGMF_CAPTURES)
            check_left_out(&item, i > 0 ? json_at(list, i - 1) : NULL);
        else
            check_edges(&item);
    }
}

static void check_top(void *user, const char *key, const struct json *value)
{
    const struct item *item = user;

    for (size_t i = 0; i < SIGMF_PLACES; i++) {
        if (strcmp(key, sigmf_places[i]) != 0)
            continue;
        if (i != SIGMF_GLOBAL && json_kind(value) != JSON_KIND_ARRAY)
            say(item, "%s is not an array", key);
        return;
    }
    say(item, "%.60s is not global, captures or annotations", key);
}

size_t sigmf_rules_check(const struct json *document, uint64_t samples,
                         void (*fault)(void *user, const char *sentence),
                         void *user)
{
    const struct json *global = json_get(document, "global");
    struct check c = { json_get(global, "core:extensions"), UINT64_MAX, 0,
                       fault, user };
    struct item item = { .check = &c, .o = document, .name = "document" };
    uint64_t offset = 0; /* of the first sample's index */

    get_uint(global, "core:offset", &offset);
    if (samples < UINT64_MAX - offset)
        c.end = offset + samples;
    if (json_kind(document) != JSON_KIND_OBJECT) {
        say(&item, "is not an object");
        return c.n;
    }
    json_each(document, check_top, &item);
    for (size_t i = 0; i < SIGMF_PLACES; i++)
        if (!json_get(document, sigmf_places[i]))
            say(&item, "%s is missing", sigmf_places[i]);
    if (global)
        check_global(&c, document);
    check_list(&c, document, SIGMF_CAPTURES);
    check_list(&c, document, SIGMF_ANNOTATIONS);
    return c.n;
}
