/* sigmf_fields - the fields a metadata document may have, as a table.
 *
 *   source  core: SigMF specification 1.2.5, objects global, captures and
 *           annotations, and their bounds in its schema; fob:
 *           captures/fob.sigmf-ext.md
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SIGMF_FIELDS_H
#define SRC_SIGMF_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

enum sigmf_place {
    SIGMF_GLOBAL,
    SIGMF_CAPTURES,
    SIGMF_ANNOTATIONS,
    SIGMF_PLACES,
};

enum sigmf_type {
    SIGMF_TEXT,
    SIGMF_NUMBER,
    SIGMF_UINT, /* at most 2^63 - 1, as the schema has it */
    SIGMF_BOOL,
    SIGMF_OBJECT,
    SIGMF_ARRAY,
    SIGMF_POINT, /* an object: of GeoJSON, RFC 7946, 3.1.2 */
};

/* What a text has to look like. */
struct sigmf_form {
    const char *name; /* "a version X.Y.Z" */
    bool (*holds)(const char *text);
};

struct sigmf_field {
    enum sigmf_place place;
    const char *name;
    enum sigmf_type type;
    bool is_required;
    const struct sigmf_form *form; /* NULL: any */
    /* Of a number its value, of a text its bytes; both 0: any. */
    double low, high;
};

enum { N_SIGMF_FIELDS = 52 };

extern const struct sigmf_field sigmf_fields[N_SIGMF_FIELDS];

/* The member of the document: "global" ... */
extern const char *const sigmf_places[SIGMF_PLACES];

/* NULL: there is none of that name there. */
const struct sigmf_field *sigmf_fields_find(enum sigmf_place place,
                                            const char *name);

#endif
