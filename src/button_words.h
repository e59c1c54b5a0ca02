/* button_words - which buttons a fob has, as a person names them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_BUTTON_WORDS_H
#define SRC_BUTTON_WORDS_H

#include <signal.h>
#include <stdbool.h>

#include "src/asking.h"

enum { BUTTON_WORDS = 256 }; /* bytes of all names */

/* "lock,unlock" into words, which cfg then points to. False, told: no good. */
bool button_words_parse(const char *text, char words[BUTTON_WORDS],
                        struct asking_cfg *cfg);

/* Asks which there are, if somebody is there to answer: into line. Else, or where
 * nothing is typed, the usual two. */
const char *button_words_ask(char line[BUTTON_WORDS],
                             const volatile sig_atomic_t *stop);

/* The names of "1", "2" or "3", which are the usual ones; names are left as they are.
 * text NULL: the usual two. NULL: more than three have no usual names. */
const char *button_words_usual(const char *text);

/* How many buttons "2", "lock,unlock" or "3 buttons" are; 0: it does not say, or no
 * fob has so many. */
unsigned button_words_count(const char *text);

#endif
