/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/identify_options.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/button_words.h"

/* What an owner of ours says of his fob's car (DOMAIN.md 2). */
enum { YEAR_MIN = 1990, YEAR_MAX = 2100 };

/* "2004-03", or "2004". False: it is none. */
static bool parse_month(const char *text, unsigned *ret_year,
                        unsigned *ret_month)
{
    char *end;
    const unsigned long year = strtoul(text, &end, 10);
    unsigned long month = 0;

    if (!isdigit((unsigned char)text[0]) || end != text + 4)
        return false;
    if (*end == '-') {
        const char *digits = end + 1;

        if (!isdigit((unsigned char)*digits))
            return false;
        month = strtoul(digits, &end, 10);
        if (end > digits + 2 || month < 1 || month > 12)
            return false;
    }
    *ret_year = (unsigned)year;
    *ret_month = (unsigned)month;
    return *end == '\0' && year >= YEAR_MIN && year <= YEAR_MAX;
}

static const char *word(const char *option, const struct check_files *kept,
                        size_t i)
{
    if (option != NULL)
        return option;
    return kept != NULL && kept->owner[i][0] != '\0' ? kept->owner[i] : NULL;
}

/* Where in owner_names. */
static size_t index_of(const char *name)
{
    size_t i = 0;

    while (i < OWNER_WORDS && strcmp(owner_names[i], name) != 0)
        i++;
    return i;
}

int identify_options_take(struct identify_owner *ret, const struct options *o,
                          const struct check_files *kept, struct err *e)
{
    const char *buttons = word(o->owner.buttons, kept, index_of("buttons"));
    const char *sticker = word(o->owner.sticker, kept, index_of("sticker"));
    struct err why = { "" };

    *ret = (struct identify_owner){
        .car = word(o->owner.car, kept, index_of("car")),
        .market = o->market,
        .fcc = o->fcc,
    };
    if (o->cell != NULL)
        ret->cell = strcmp(o->cell, "coin") == 0 ? CELL_COIN : CELL_SEALED;
    /* What was kept with a recording may be any words: what they do not say is not
     * said. */
    if (buttons != NULL)
        ret->buttons = button_words_count(buttons);
    if (o->owner.buttons != NULL && ret->buttons == 0)
        return err_set(e, -EINVAL,
                       "--buttons %s: not a number from 1 to 9, and not names "
                       "such as lock,unlock",
                       buttons);
    if (o->built != NULL &&
        !parse_month(o->built, &ret->built_year, &ret->built_month))
        return err_set(e, -EINVAL, "--built %s: not a month such as 2004-03",
                       o->built);
    if (sticker == NULL)
        return 0;
    ret->has_no_sticker = strcmp(sticker, "none") == 0;
    if (ret->has_no_sticker)
        return 0;
    ret->has_sticker = sticker_parse(&ret->sticker, sticker, &why) == 0;
    if (!ret->has_sticker && o->owner.sticker != NULL)
        return err_set(e, -EINVAL, "--sticker %s", why.text);
    return 0;
}

/* The rest of a line that was longer than an answer. */
static void skip_line(void)
{
    int c;

    while ((c = getchar()) != EOF && c != '\n')
        ;
}

/* NULL: nothing was typed. */
static const char *ask(const char *question, char answer[IDENTIFY_ANSWER],
                       const volatile sig_atomic_t *stop)
{
    if (*stop || feof(stdin))
        return NULL;
    fprintf(stderr, "%s ", question);
    fflush(stderr);
    if (fgets(answer, IDENTIFY_ANSWER, stdin) == NULL) {
        fputc('\n', stderr);
        return NULL;
    }
    if (strchr(answer, '\n') == NULL)
        skip_line();
    answer[strcspn(answer, "\r\n")] = '\0';
    return answer[strspn(answer, " ")] != '\0' ? answer : NULL;
}

/* Asks again until the answer can be used. */
static void ask_usable(struct options *o, const char **word,
                       const char *question, char answer[IDENTIFY_ANSWER],
                       const volatile sig_atomic_t *stop)
{
    struct identify_owner owner;
    struct err e = { "" };

    while (*word == NULL && (*word = ask(question, answer, stop)) != NULL &&
           identify_options_take(&owner, o, NULL, &e) < 0) {
        fprintf(stderr, "%s\n", e.text);
        *word = NULL;
    }
}

static const char *cell_of(const char *answer)
{
    const int first = tolower((unsigned char)answer[strspn(answer, " ")]);

    return first == 'c' ? "coin" : first == 's' ? "sealed" : NULL;
}

static void ask_cell(struct options *o, char answer[IDENTIFY_ANSWER],
                     const volatile sig_atomic_t *stop)
{
    while (o->cell == NULL &&
           ask("A coin cell that can be changed, or a sealed shell? "
               "[coin/sealed]",
               answer, stop) != NULL) {
        o->cell = cell_of(answer);
        if (o->cell == NULL)
            fputs("neither coin nor sealed\n", stderr);
    }
}

void identify_options_ask(struct options *o, struct identify_answers *a,
                          const volatile sig_atomic_t *stop)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return;
    fputs("What you can see of the fob (Enter: not known)\n", stderr);
    ask_usable(o, &o->owner.buttons, "How many buttons has it?", a->text[0],
               stop);
    ask_cell(o, a->text[1], stop);
    ask_usable(o, &o->owner.sticker,
               "The code on a sticker on its board, such as 3FAC55, or none?",
               a->text[2], stop);
    ask_usable(o, &o->owner.car, "The car, such as MINI R53?", a->text[3],
               stop);
    ask_usable(o, &o->built, "When it was built, such as 2004-03?", a->text[4],
               stop);
}
