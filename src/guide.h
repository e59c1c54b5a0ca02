/* guide - what a person at a terminal sees during a check: what is going on in one
 * word, how strong it is, what to do now.
 *
 * On a terminal one line that is written anew; with is_plain, or elsewhere, a line
 * for each change, so that it can be read out or logged. Standard error.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_GUIDE_H
#define SRC_GUIDE_H

#include <stdbool.h>
#include <stddef.h>

enum guide_word {
    GUIDE_WAIT,
    GUIDE_LISTENING,
    GUIDE_HEARD,
    GUIDE_DECODED,
    GUIDE_TOO_STRONG,
};

enum { GUIDE_TEXT = 160 };

struct guide { /* private */
    bool is_plain, is_bold;
    size_t width;
    enum guide_word word;
    char text[GUIDE_TEXT]; /* what to do now */
    double shown_s, level_dbfs;
    bool is_shown;
};

void guide_init(struct guide *g, bool is_plain);

/* The next step, in one sentence. */
void guide_ask(struct guide *g, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void guide_word(struct guide *g, enum guide_word word);

/* The receiver's level now, for the bar; at most ten times a second. */
void guide_level(struct guide *g, double now_s, double level_dbfs);

/* A sentence that stays, above the line. */
void guide_say(struct guide *g, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The line goes. */
void guide_hide(struct guide *g);

#endif
