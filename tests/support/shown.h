/* shown - what of a format its presses show: the units that a table is scored
 * by, as score.h defines them.
 *
 *   memory  the caller's
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SUPPORT_SHOWN_H
#define TESTS_SUPPORT_SHOWN_H

#include "tests/support/score.h"

struct shown_column {
    bool moves;   /* within a fob */
    bool differs; /* between fobs, and only so */
    bool follows; /* one value for each fob and button; some button was pressed
                   * twice, and it moves */
};

struct shown_unit {
    enum score_kind kind;
    uint16_t at, bits;
    uint16_t first, last; /* column that varies; of a constant all */
    uint16_t begin_min, begin_max, end_min, end_max; /* what is right */
    unsigned roles;                                  /* set of 1u << role */
    enum field_order order;
    bool is_joined;   /* neighbouring claims of these roles are one */
    bool has_order;   /* two columns or more of a counter move */
    bool is_computed; /* its relation has to hold */
};

struct shown {
    struct shown_column column[BITS_MAX];
    bool has_repeats; /* some fob's button was pressed twice */
    unsigned fobs;
    struct shown_unit unit[FORMATS_FIELDS_MAX];
    size_t n;
    unsigned field_roles[FORMATS_FIELDS_MAX]; /* of what of it varies, beside
                                               * its own */
};

void shown_find(const struct format *f, const struct presses *p,
                struct shown *s);

/* The roles that are no contradiction for a column; all if it stands. */
unsigned shown_roles(const struct shown *s, const struct format *f, size_t at);

static inline bool shown_stands(const struct shown *s, size_t at)
{
    return !s->column[at].moves && !s->column[at].differs;
}

#endif
