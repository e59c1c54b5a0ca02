/* identify - which generation of fob this is, from what the owner sees and what was
 * heard; or that it cannot be told.
 *
 * Each fact is turned into how well it goes with each generation; the product makes
 * a probability, and the list of facts is the reason. What the owner says fails
 * together: whoever has another fob in the hand gets all of it wrong at once. So it
 * is counted as
 *
 *     (1 - mixed_up) product(g) + mixed_up (mean of the products by the prior)
 *
 * and can prove no more than that, however much there is of it. What follows from
 * another fact is listed and not counted again. Bands, dates, what rules out what,
 * with the source of each, are in knowledge.json.
 *
 * Pure: the same facts give the same answer.
 *
 *   source  the ladder of evidence: design/PRODUCT.md; the facts: design/DOMAIN.md
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_IDENTIFY_H
#define SRC_IDENTIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "protocols/frame.h"
#include "src/knowledge.h"
#include "src/sticker.h"

enum {
    IDENTIFY_LIKES_MAX = 8,
    EVIDENCE_MAX = 32,
    EVIDENCE_TEXT = 320,
    IDENTIFY_TEXT = 480, /* holds a conclusion */
};

/* With this probability a generation is told. */
#define IDENTIFY_DECIDED 0.9
/* A likelihood ratio below this is as good as nothing. */
#define IDENTIFY_TELLS 1.25

enum truth { TRUTH_UNKNOWN, TRUTH_NO, TRUTH_YES };

enum cell { CELL_UNKNOWN, CELL_COIN, CELL_SEALED };

/* What the owner says. Zeroed: nothing. */
struct identify_owner {
    unsigned buttons; /* how many; 0: not said */
    enum cell cell;
    bool has_sticker;    /* sticker was typed */
    bool has_no_sticker; /* the board was looked at, and has none */
    struct sticker sticker;
    const char *car;    /* "MINI R53 2004"; NULL: not said. Its year counts
                           * where built_year is not said. */
    const char *market; /* a market of knowledge.json: "us"; NULL */
    const char *fcc;    /* FCC ID; NULL: not said */
    unsigned built_year, built_month; /* of the car; 0: not said; a year may
                                       * come without its month */
};

/* Another fob of known owner's facts that this one was compared with. */
struct identify_like {
    const char *name; /* "a3f09c11d2", for wording */
    bool is_same_family;
    const char *why;                /* what differs, or what agrees, in words */
    double generation[GENERATIONS]; /* what its owner's facts say of it */
    bool is_known;                  /* they say something */
};

/* What was heard. */
struct identify_radio {
    unsigned presses; /* of the fob, with a frame or without */
    unsigned with_frame;
    double carrier_hz;        /* on the air; NAN: not known */
    double carrier_spread_hz; /* its uncertainty, the dongle's included; NAN */
    bool is_harmonic; /* heard at twice a fundamental that was there as well */
    bool has_modulation;
    enum modulation modulation;
    bool has_code; /* a line code: a frame was read */
    enum line_kind kind;
    const struct protocol *protocol; /* proven or plausible; NULL: unknown */
    bool is_proven;                  /* protocol is */
    enum truth is_rolling;
    unsigned actions; /* distinct button codes decoded; 0: not known */
    bool has_sticker_result;
    struct sticker_result sticker;
};

struct identify_facts {
    struct identify_owner owner;
    struct identify_radio radio;
    struct identify_like
        like[IDENTIFY_LIKES_MAX]; /* the best compared first: of
                                                    * several one counts */
    size_t n_likes;
};

/* One fact and what it weighs. */
struct evidence {
    const char *name; /* "buttons", "sticker_in_frames": for programs */
    char finding[EVIDENCE_TEXT];    /* for people */
    double likelihood[GENERATIONS]; /* of the finding, under each */
    bool is_radio;                  /* heard, not said by the owner */
    const char *certainty; /* "DOC", "CLAIM": of the knowledge behind it */
    const char *source;
};

/* The likelihood under the generation it fits best over the mean of the others; 1
 * where all are alike. *ret_for is that generation; GENERATIONS where it is not
 * IDENTIFY_TELLS ahead of the second: then it speaks for none alone. ret_for may be
 * NULL. */
double evidence_ratio(const struct evidence *e, enum generation *ret_for);

struct identification {
    struct evidence evidence[EVIDENCE_MAX];
    size_t n;
    double probability[GENERATIONS];       /* with all evidence */
    double radio_probability[GENERATIONS]; /* with what was heard alone */
    bool
        is_decidable; /* one has IDENTIFY_DECIDED, and something speaks for it */
    bool is_relative; /* the owner's car is no MINI, but its fob's kin */
    enum generation best;
};

/* The centre of the band that the carrier, or what it is the harmonic of, is in; NAN:
 * in none that fobs have, or it is not known well enough. */
double identify_band_hz(const struct identify_radio *r,
                        const struct knowledge *k);

void identify_judge(struct identification *id, const struct identify_facts *f,
                    const struct knowledge *k);

/* "differential Manchester": for people. */
const char *identify_line_title(enum line_kind k);

/* What one or two sentences can say of it, and what would settle it, the cheapest
 * first. Returns text. */
const char *identify_conclusion(const struct identification *id, char *text,
                                size_t room);

/* "MINI 2-button fob of the Rover era"; the same for its kin. */
const char *identify_title(enum generation g, bool is_relative);

/* The same with the owner's facts alone: for a recording that this one is compared
 * with. False: they tell nothing. */
bool identify_owner_says(const struct identify_owner *o,
                         const struct knowledge *k,
                         double generation[GENERATIONS]);

#endif
