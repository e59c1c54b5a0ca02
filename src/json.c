/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/json.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define REAL_DIGITS 10
/* As many as a double holds of any decimal number (DBL_DIG). */
#define EXACT_DIGITS 15
/* From 2^53 on a double may stand for another whole number as well: IEEE 754,
 * binary64. */
#define EXACT_END 9007199254740992.0

/* A struct json is a json_t under another name, so that no other file has to
 * know jansson. Each has exactly one owner here, so its reference count is 1;
 * a second reference marks a value that lost a member for want of memory. */

static json_t *theirs(struct json *j)
{
    return (json_t *)j;
}

static const json_t *theirs_const(const struct json *j)
{
    return (const json_t *)j;
}

static bool is_spoiled(const json_t *j)
{
    return j == NULL || j->refcount > 1;
}

static void spoil(json_t *j)
{
    if (!is_spoiled(j))
        json_incref(j);
}

struct json *json_new_object(void)
{
    return (struct json *)json_object();
}

struct json *json_new_array(void)
{
    return (struct json *)json_array();
}

void json_free(struct json *j)
{
    if (j == NULL)
        return;
    if (is_spoiled(theirs(j)))
        json_decref(theirs(j));
    json_decref(theirs(j));
}

/* Takes over value, NULL where there was no memory for it. */
static void set(struct json *o, const char *key, json_t *value)
{
    if (is_spoiled(theirs(o)))
        json_decref(value);
    else if (json_object_set_new(theirs(o), key, value) != 0)
        spoil(theirs(o));
}

/* The length of the UTF-8 character at s, 0 if it is none (RFC 3629). Jansson
 * refuses a string with one fault in it. */
static size_t utf8_length(const unsigned char *s)
{
    unsigned low = 0x80, high = 0xbf;
    size_t n;

    if (s[0] < 0x80)
        return 1;
    if (s[0] >= 0xc2 && s[0] <= 0xdf)
        n = 2;
    else if ((s[0] & 0xf0) == 0xe0)
        n = 3;
    else if (s[0] >= 0xf0 && s[0] <= 0xf4)
        n = 4;
    else
        return 0;
    if (s[0] == 0xe0)
        low = 0xa0;
    else if (s[0] == 0xed)
        high = 0x9f;
    else if (s[0] == 0xf0)
        low = 0x90;
    else if (s[0] == 0xf4)
        high = 0x8f;
    if (s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

/* File names are bytes; what is no UTF-8 in them becomes '?'. */
static json_t *new_string(const char *value)
{
    char *copy = strdup(value);
    json_t *j;

    if (copy == NULL)
        return NULL;
    for (char *s = copy; *s != '\0';) {
        size_t n = utf8_length((const unsigned char *)s);

        if (n == 0)
            *s = '?';
        s += n == 0 ? 1 : n;
    }
    j = json_stringn(copy, strlen(copy));
    free(copy);
    return j;
}

void json_set_string(struct json *o, const char *key, const char *value)
{
    set(o, key, value == NULL ? json_null() : new_string(value));
}

void json_set_int(struct json *o, const char *key, int64_t value)
{
    set(o, key, json_integer(value));
}

void json_set_real(struct json *o, const char *key, double value)
{
    set(o, key, isfinite(value) ? json_real(value) : json_null());
}

void json_set_bool(struct json *o, const char *key, bool value)
{
    set(o, key, json_boolean(value));
}

void json_set_null(struct json *o, const char *key)
{
    set(o, key, json_null());
}

/* The value to hand over to a parent; NULL, and freed, if it is spoiled. */
static json_t *hand_over(struct json *child)
{
    if (!is_spoiled(theirs(child)))
        return theirs(child);
    json_free(child);
    return NULL;
}

void json_set(struct json *o, const char *key, struct json *child)
{
    set(o, key, hand_over(child));
}

static void append(struct json *array, json_t *value)
{
    if (is_spoiled(theirs(array)))
        json_decref(value);
    else if (json_array_append_new(theirs(array), value) != 0)
        spoil(theirs(array));
}

void json_append(struct json *array, struct json *child)
{
    append(array, hand_over(child));
}

void json_append_int(struct json *array, int64_t value)
{
    append(array, json_integer(value));
}

void json_append_real(struct json *array, double value)
{
    append(array, isfinite(value) ? json_real(value) : json_null());
}

struct json *json_clone(const struct json *j)
{
    return (struct json *)json_deep_copy(theirs_const(j));
}

struct json *json_take(struct json *o, const char *key)
{
    json_t *value = json_object_get(theirs(o), key);

    if (value == NULL || is_spoiled(theirs(o)) || is_spoiled(value))
        return NULL;
    json_incref(value);
    json_object_del(theirs(o), key);
    return (struct json *)value;
}

void json_fill(struct json *o, const struct json *from,
               bool (*is_wanted)(const char *key))
{
    const char *key;
    json_t *value;

    /* jansson's iteration wants an object that is not const, and leaves it alone */
    json_object_foreach((json_t *)(uintptr_t)from, key, value)
    {
        if (json_get(o, key) == NULL && (is_wanted == NULL || is_wanted(key)))
            set(o, key, json_deep_copy(value));
    }
}

void json_append_string(struct json *array, const char *value)
{
    append(array, new_string(value));
}

static int put(const char *text, size_t n, void *user)
{
    FILE *out = user;

    return fwrite(text, 1, n, out) == n ? 0 : -1;
}

static int dump(const struct json *j, FILE *out, size_t flags)
{
    if (is_spoiled(theirs_const(j)))
        return -ENOMEM;
    if (json_dump_callback(theirs_const(j), put, out, flags) != 0)
        return ferror(out) ? -EIO : -ENOMEM;
    return fputc('\n', out) == EOF ? -EIO : 0;
}

int json_line(const struct json *j, FILE *out)
{
    return dump(j, out, JSON_REAL_PRECISION(REAL_DIGITS));
}

int json_document(const struct json *j, FILE *out)
{
    return dump(j, out, JSON_INDENT(2) | JSON_REAL_PRECISION(REAL_DIGITS));
}

int json_document_exact(const struct json *j, FILE *out)
{
    return dump(j, out, JSON_INDENT(2) | JSON_REAL_PRECISION(EXACT_DIGITS));
}

struct json *json_load(const char *text, size_t n, const char *name,
                       struct err *e)
{
    json_error_t fault;
    json_t *j = json_loadb(text, n, 0, &fault);

    if (j == NULL)
        err_set(e, -EINVAL, "%s: not JSON: line %d: %s", name, fault.line,
                fault.text);
    return (struct json *)j;
}

const struct json *json_get(const struct json *o, const char *key)
{
    return (const struct json *)json_object_get(theirs_const(o), key);
}

const struct json *json_at(const struct json *array, size_t i)
{
    return (const struct json *)json_array_get(theirs_const(array), i);
}

size_t json_size(const struct json *array)
{
    return json_array_size(theirs_const(array));
}

const char *json_text(const struct json *o, const char *key)
{
    return json_string_value(json_object_get(theirs_const(o), key));
}

double json_number(const struct json *o, const char *key, double fallback)
{
    const json_t *j = json_object_get(theirs_const(o), key);

    return json_is_number(j) ? json_number_value(j) : fallback;
}

bool json_whole(const struct json *o, const char *key, int64_t *ret)
{
    const json_t *j = json_object_get(theirs_const(o), key);
    const double x = json_real_value(j); /* 0 of what is no real */

    if (json_is_integer(j))
        *ret = json_integer_value(j);
    else if (json_is_real(j) && fabs(x) < EXACT_END && x == floor(x))
        *ret = (int64_t)x;
    else
        return false;
    return true;
}

enum json_kind json_kind(const struct json *j)
{
    static const enum json_kind kinds[] = {
        [JSON_OBJECT] = JSON_KIND_OBJECT, [JSON_ARRAY] = JSON_KIND_ARRAY,
        [JSON_STRING] = JSON_KIND_TEXT,   [JSON_INTEGER] = JSON_KIND_NUMBER,
        [JSON_REAL] = JSON_KIND_NUMBER,   [JSON_TRUE] = JSON_KIND_BOOL,
        [JSON_FALSE] = JSON_KIND_BOOL,    [JSON_NULL] = JSON_KIND_NULL,
    };

    return j == NULL ? JSON_KIND_NONE : kinds[json_typeof(theirs_const(j))];
}

void json_each(const struct json *o,
               void (*each)(void *user, const char *key,
                            const struct json *value),
               void *user)
{
    /* jansson's iterators are not const, and change nothing */
    json_t *j = (json_t *)(uintptr_t)theirs_const(o);

    for (void *at = json_object_iter(j); at != NULL;
         at = json_object_iter_next(j, at))
        each(user, json_object_iter_key(at),
             (const struct json *)json_object_iter_value(at));
}

bool json_flag(const struct json *o, const char *key)
{
    return json_boolean_value(json_object_get(theirs_const(o), key));
}

const char *json_version(void)
{
    return jansson_version_str();
}
