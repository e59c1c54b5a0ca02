/* knowledge - what is publicly known of the fobs, each row with its source:
 * knowledge.json, which is part of the program.
 *
 *   memory  open or parse and close belong together; strings live as long
 *   source  knowledge.json says where each row is from, and which numbers are
 *           assumed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_KNOWLEDGE_H
#define SRC_KNOWLEDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "src/err.h"

enum generation {
    GENERATION_ROVER, /* MINI 2-button, Rover era, and its family */
    GENERATION_E46,   /* MINI 3-button, BMW E46 style, and those BMWs' */
    GENERATION_NEITHER,
    GENERATIONS
};

/* "rover_2_button", "e46_3_button", "neither": the keys of the JSON contract. */
extern const char *const generation_names[GENERATIONS];

/* A finding, and how often it is so in each generation. The values of a fact
 * exclude each other; a remark has 1 everywhere, as it tells nothing. */
struct knowledge_row {
    const char *fact;  /* "buttons", "cell", "band" */
    const char *value; /* "2", "coin", "868_fsk" */
    const char *says;  /* for people: "two buttons, as the MINI fob ..." */
    double likelihood[GENERATIONS]; /* above 0, up to 1 */
    bool is_remark;
    const char *certainty, *source;
};

struct knowledge;

/* -ENOMEM, -EINVAL: the file that is built in is broken. */
int knowledge_open(struct knowledge **ret, struct err *e);

/* The same from n bytes of text, which are not needed afterwards. */
int knowledge_parse(struct knowledge **ret, const char *text, size_t n,
                    struct err *e);

/* Takes NULL. */
void knowledge_close(struct knowledge *k);

/* NULL: nothing is known of that. */
const struct knowledge_row *knowledge_find(const struct knowledge *k,
                                           const char *fact, const char *value);

/* Walks the rows of a fact (NULL: of all): *i from 0 on; NULL at the end. */
const struct knowledge_row *knowledge_next(const struct knowledge *k,
                                           const char *fact, size_t *i);

/* The row of a fact that has a word of what somebody typed, as "R53" of
 * "MINI Cooper S R53, 2004"; case and punctuation do not count. NULL: none. */
const struct knowledge_row *knowledge_recognise(const struct knowledge *k,
                                                const char *fact,
                                                const char *text);

/* A number with a name, such as a band's centre or the month of the change. NAN:
 * there is none. Those of knowledge_needed are always there. */
double knowledge_number(const struct knowledge *k, const char *name);

/* Ends with NULL. */
extern const char *const knowledge_needed[];

/* How likely each generation is before anything is known; they add up to 1. */
void knowledge_prior(const struct knowledge *k, double prior[GENERATIONS]);

/* The band of a market in Hz; its row is that of the fact "market". NAN: not
 * known. */
double knowledge_market_hz(const struct knowledge *k, const char *market);

#endif
