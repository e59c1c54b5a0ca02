/* post - what was found of one fob or of two, in a form that a forum, a customer or a
 * workshop can read: a block of text, a picture, a page.
 *
 * Made to be given away: no serial, sticker, code or sample of a fob is in any of
 * them unless is_full, and then they say so in a banner.
 *
 *   memory  a post points into what it is made of
 *   errors  negative errno, and a sentence
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_POST_H
#define SRC_POST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "src/compare.h"
#include "src/err.h"
#include "src/identify.h"
#include "src/identify_subject.h"
#include "src/json.h"
#include "src/scene.h"
#include "src/verdict.h"

enum {
    POST_FOBS_MAX = 2,
    POST_TEXT_COLUMNS = 72,
    POST_TEXT_LINES = 40,
    POST_CARD_W = 1200,
    POST_CARD_H = 800,
};

/* One fob. */
struct post_fob {
    const char *name; /* "A", "B", or a name that gives nothing away */
    const char *car;  /* NULL: not said */
    const struct sitting *sitting;
    const struct identify_subject *subject;
    const struct identify_radio *radio;
    const struct verdict_result *verdict;
    const struct identification *id;
    const struct scene *scene; /* of its first recording, made with the post's
                                * is_full; NULL: there is none */
};

struct post {
    struct post_fob fob[POST_FOBS_MAX];
    size_t n;                            /* 1 or 2 */
    const struct comparison *comparison; /* NULL: one fob */
    const struct knowledge *knowledge;
    const struct json *document; /* what --json says of the same: embedded */
    bool is_synthetic;           /* computed recordings: no fob was there */
    bool is_full;
};

/* At most POST_TEXT_LINES of POST_TEXT_COLUMNS, ASCII. */
void post_text(FILE *out, const struct post *p);

/* A PNG of POST_CARD_W by POST_CARD_H. */
int post_card(const char *path, const struct post *p, struct err *e);

/* One HTML file: no script, no request. */
int post_html(const char *path, const struct post *p, struct err *e);

#endif
