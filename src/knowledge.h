/* knowledge - what is publicly known of the fobs, each row with its source:
 * knowledge.json, which is part of the program.
 *
 *   memory  open and close belong together; strings live as long
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_KNOWLEDGE_H
#define SRC_KNOWLEDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "src/err.h"

enum generation {
    GENERATION_ROVER, /* MINI 2-button, Rover era */
    GENERATION_E46,   /* MINI 3-button, BMW E46 style */
    GENERATION_NEITHER,
    GENERATIONS
};

/* "rover_2_button", "e46_3_button", "neither": the keys of the JSON contract. */
extern const char *const generation_names[GENERATIONS];

/* A finding, and how often it is so in each generation. */
struct knowledge_row {
    const char *fact;  /* "buttons", "cell", "modulation_868" */
    const char *value; /* "2", "coin" */
    const char *says;  /* for people: "two buttons are of the Rover era" */
    double likelihood[GENERATIONS];
    const char *certainty, *source;
};

struct knowledge;

/* -ENOMEM, -EINVAL: the file that is built in is broken. */
int knowledge_open(struct knowledge **ret, struct err *e);
void knowledge_close(struct knowledge *k);

/* NULL: nothing is known of that. */
const struct knowledge_row *knowledge_find(const struct knowledge *k,
                                           const char *fact, const char *value);

/* Walks the rows of a fact: *i from 0 on; NULL at the end. */
const struct knowledge_row *knowledge_next(const struct knowledge *k,
                                           const char *fact, size_t *i);

/* A number with a name, such as a band's centre or the month of the change. NAN:
 * there is none. */
double knowledge_number(const struct knowledge *k, const char *name);

/* The band of a market in Hz. NAN: not known. */
double knowledge_market_hz(const struct knowledge *k, const char *market);

#endif
