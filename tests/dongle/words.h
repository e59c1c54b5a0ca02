/* words - a line of a scenario file, taken apart.
 *
 * Words are parted by blanks; "quotes" keep blanks together. Each word that
 * somebody takes is marked; one that is left over is a fault.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_DONGLE_WORDS_H
#define TESTS_DONGLE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORDS_MAX 64

struct words {
    char *word[WORDS_MAX];
    bool is_taken[WORDS_MAX];
    size_t n;
    char why[256]; /* the first fault, "" if there was none */
};

/* line is changed and kept. */
void words_split(struct words *w, char *line);

void words_fault(struct words *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The value of KEY=VALUE, or NULL. */
const char *words_text(struct words *w, const char *key);

/* The same as a number, which may end in k, M or G; left alone if there is
 * none. True if there was one. */
bool words_number(struct words *w, const char *key, double *to);
bool words_count(struct words *w, const char *key, uint64_t *to);

/* "none" is -infinity. */
void words_level(struct words *w, const char *key, double *to);

/* Which of the names, that end with NULL, the value is; left alone without. */
void words_choice(struct words *w, const char *key, const char *const *names,
                  unsigned *to);

/* The next word that nobody has taken, now taken; NULL if there is none. */
char *words_rest(struct words *w);

/* A number without a key, false if it is none. */
bool words_parse(const char *text, double *to);

#endif
