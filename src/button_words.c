/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/button_words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/log.h"
#include "src/sitting.h"

/* No fob has more. */
enum { BUTTONS_MOST = 9 };

bool button_words_parse(const char *text, char words[BUTTON_WORDS],
                        struct asking_cfg *cfg)
{
    char *word;

    snprintf(words, BUTTON_WORDS, "%s", text);
    cfg->n_buttons = 0;
    for (word = strtok(words, ", "); word != NULL; word = strtok(NULL, ", ")) {
        if (cfg->n_buttons == ASKING_BUTTONS_MAX ||
            strlen(word) >= SITTING_BUTTON_MAX) {
            log_say(LOG_ERROR, "--buttons: at most %d names of %d letters",
                    ASKING_BUTTONS_MAX, SITTING_BUTTON_MAX - 1);
            return false;
        }
        cfg->button[cfg->n_buttons++] = word;
    }
    if (cfg->n_buttons == 0)
        log_say(LOG_ERROR, "--buttons: names none");
    return cfg->n_buttons > 0;
}

const char *button_words_ask(char line[BUTTON_WORDS],
                             const volatile sig_atomic_t *stop)
{
    if (isatty(STDIN_FILENO) && isatty(STDERR_FILENO)) {
        fprintf(stderr, "Which buttons does the fob have? [lock,unlock] ");
        fflush(stderr);
        if (fgets(line, BUTTON_WORDS, stdin) != NULL && !*stop) {
            line[strcspn(line, "\r\n")] = '\0';
            if (line[strspn(line, ", ")] != '\0')
                return line;
        } else {
            fputc('\n', stderr); /* nobody typed one */
        }
    }
    return button_words_usual(NULL);
}

const char *button_words_usual(const char *text)
{
    static const char *const usual[] = { "lock", "lock,unlock",
                                         "lock,unlock,boot" };

    if (text == NULL)
        return usual[1];
    text += strspn(text, " ");
    if (isdigit((unsigned char)*text)) {
        const unsigned n = button_words_count(text);

        return n >= 1 && n <= 3 ? usual[n - 1] : NULL;
    }
    return text;
}

unsigned button_words_count(const char *text)
{
    char *end;
    unsigned long number;
    unsigned n = 0;

    text += strspn(text, ", ");
    if (isdigit((unsigned char)*text)) {
        number = strtoul(text, &end, 10);
        return number <= BUTTONS_MOST &&
                       (*end == '\0' || isspace((unsigned char)*end))
                   ? (unsigned)number
                   : 0;
    }
    while (isalpha((unsigned char)*text)) {
        n++;
        text += strcspn(text, ", ");
        text += strspn(text, ", ");
    }
    return *text == '\0' && n <= BUTTONS_MOST ? n : 0;
}
