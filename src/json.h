/* json - the only module that knows jansson: JSON out, JSON in.
 *
 * Keys keep the order in which they were set. Reals are printed with at most
 * ten significant digits (a carrier of 433870210.4 Hz whole). Not finite: null.
 *
 *   memory  json_new_* and json_load give a value that json_free releases;
 *           setters take over the child they are given
 *   errors  out of memory makes a value NULL or spoils it for good; every
 *           function takes those and does nothing, json_line says -ENOMEM
 *   names   none that jansson exports: ours would take their place inside it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_JSON_H
#define SRC_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "src/err.h"

struct json;

struct json *json_new_object(void);
struct json *json_new_array(void);
void json_free(struct json *j);

void json_set_string(struct json *o, const char *key, const char *value);
void json_set_int(struct json *o, const char *key, int64_t value);
void json_set_real(struct json *o, const char *key, double value);
void json_set_bool(struct json *o, const char *key, bool value);
void json_set_null(struct json *o, const char *key);
void json_set(struct json *o, const char *key, struct json *child);
void json_append(struct json *array, struct json *child);
void json_append_int(struct json *array, int64_t value);
void json_append_real(struct json *array, double value);
void json_append_string(struct json *array, const char *value);

/* A copy of all of it; json_take removes a member and gives it to the caller; NULL
 * where there is none. */
struct json *json_clone(const struct json *j);
struct json *json_take(struct json *o, const char *key);

/* Copies the members of `from` that o does not have and that are wanted (NULL:
 * all). */
void json_fill(struct json *o, const struct json *from,
               bool (*is_wanted)(const char *key));

/* One line with its \n, or an indented document. 0, -ENOMEM, -EIO. */
int json_line(const struct json *j, FILE *out);
int json_document(const struct json *j, FILE *out);

/* The same with reals as they were read, to fifteen digits: what is somebody
 * else's stays what it was. */
int json_document_exact(const struct json *j, FILE *out);

/* Reads a document of n bytes. NULL with a sentence that starts with
 * name on failure. */
struct json *json_load(const char *text, size_t n, const char *name,
                       struct err *e);

/* Borrowed: they live as long as the document. NULL, fallback, 0 where the key
 * is missing or of another type. */
const struct json *json_get(const struct json *o, const char *key);
const struct json *json_at(const struct json *array, size_t i);
size_t json_size(const struct json *array);
const char *json_text(const struct json *o, const char *key);
double json_number(const struct json *o, const char *key, double fallback);

/* The whole number under key: an integer, or a real without a fraction that
 * cannot have been rounded (below 2^53). False, *ret untouched, if none. */
bool json_whole(const struct json *o, const char *key, int64_t *ret);

enum json_kind {
    JSON_KIND_NONE, /* j is NULL */
    JSON_KIND_OBJECT,
    JSON_KIND_ARRAY,
    JSON_KIND_TEXT,
    JSON_KIND_NUMBER,
    JSON_KIND_BOOL,
    JSON_KIND_NULL,
};

enum json_kind json_kind(const struct json *j);

/* Whether the member is there, and true. */
bool json_flag(const struct json *o, const char *key);

/* Calls each for the members of an object, in their order. */
void json_each(const struct json *o,
               void (*each)(void *user, const char *key,
                            const struct json *value),
               void *user);

/* The version of jansson in use. */
const char *json_version(void);

#endif
