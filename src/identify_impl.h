/* identify_impl - the items of evidence, shared by the files of identify.
 *
 * An item looks at the facts and says what one of them is worth; false: nobody
 * said or heard anything of it. It fills finding, likelihood, certainty and source.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_IDENTIFY_IMPL_H
#define SRC_IDENTIFY_IMPL_H

#include "src/identify.h"

struct identify_item {
    const char *name; /* of its evidence */
    bool (*judge)(const struct identify_facts *f, const struct knowledge *k,
                  struct evidence *e);
};

/* End with a name of NULL. */
extern const struct identify_item identify_owner_items[];
extern const struct identify_item identify_heard_items[];

/* The i-th comparison with another fob. */
bool identify_like_item(const struct identify_facts *f,
                        const struct knowledge *k, size_t i,
                        struct evidence *e);

/* The row of the car; NULL: not said, or not known. */
const struct knowledge_row *identify_car(const struct identify_owner *o,
                                         const struct knowledge *k);

/* Takes likelihood, certainty and source of a row, which may be NULL: false. */
bool evidence_take(struct evidence *e, const struct knowledge_row *row);

/* Writes the finding. */
void evidence_say(struct evidence *e, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What another fact has told already: listed, not counted; why goes behind the
 * finding. */
void evidence_implied(struct evidence *e, const char *why);

#endif
