/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/options_words.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "src/options_table.h"

#define NAME_MAX_LEN 32 /* of an option or command, for nearer() */

const char *options_words_second(const struct cmd *c)
{
    const char *space = strchr(c->name, ' ');

    return space != NULL ? space + 1 : NULL;
}

/* Whether the first word of a command's name is this. */
static bool begins_with(const struct cmd *c, const char *first)
{
    const size_t n = strcspn(c->name, " ");

    return strlen(first) == n && strncmp(c->name, first, n) == 0;
}

static bool is_second(const struct cmd *c, const char *word)
{
    const char *second = options_words_second(c);

    if (second == NULL || word == NULL)
        return second == word;
    return strcmp(second, word) == 0;
}

const struct cmd *options_words_find(const char *first, const char *second)
{
    for (size_t i = 0; options_commands[i] != NULL; i++)
        if (begins_with(options_commands[i], first) &&
            is_second(options_commands[i], second))
            return options_commands[i];
    return NULL;
}

const struct cmd_group *options_words_group(const char *first)
{
    for (size_t i = 0; options_groups[i].name != NULL; i++)
        if (strcmp(options_groups[i].name, first) == 0)
            return &options_groups[i];
    return NULL;
}

const struct cmd_group *options_words_group_of(const struct cmd *c)
{
    for (size_t i = 0; options_groups[i].name != NULL; i++)
        if (options_words_second(c) != NULL &&
            begins_with(c, options_groups[i].name))
            return &options_groups[i];
    return NULL;
}

bool options_words_top(size_t i, const char **name, const char **summary)
{
    const struct cmd *c = options_commands[i];
    const struct cmd_group *group = options_words_group_of(c);

    *name = group != NULL ? group->name : c->name;
    *summary = group != NULL ? group->summary : c->summary;
    return group == NULL || i == 0 ||
           options_words_group_of(options_commands[i - 1]) != group;
}

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edit distance: how many letters to add, drop or change. */
static size_t distance(const char *a, const char *b)
{
    size_t row[NAME_MAX_LEN + 1];
    size_t n = strlen(b);

    if (n > NAME_MAX_LEN)
        return SIZE_MAX;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 0; a[i] != '\0'; i++) {
        size_t corner = row[0];

        row[0] = i + 1;
        for (size_t j = 0; j < n; j++) {
            size_t change = corner + (a[i] != b[j]);

            corner = row[j + 1];
            row[j + 1] = min_size(change, min_size(row[j], corner) + 1);
        }
    }
    return row[n];
}

/* Keeps in *best the name that is nearer to word, if it is near at all. */
static void nearer(const char **best, const char *word, const char *name)
{
    size_t d = distance(word, name);

    if (d <= 3 && d < strlen(name) &&
        (*best == NULL || d < distance(word, *best)))
        *best = name;
}

static int no_second(const char *first, const char *second, struct err *e)
{
    const char *best = NULL;

    for (size_t i = 0; options_commands[i] != NULL; i++)
        if (begins_with(options_commands[i], first))
            nearer(&best, second, options_words_second(options_commands[i]));
    if (best != NULL)
        return err_set(e, -EINVAL,
                       "unknown command \"%s %s\"; did you mean %s %s?", first,
                       second, first, best);
    return err_set(e, -EINVAL,
                   "unknown command \"%s %s\"; \"fobscope help %s\" lists them",
                   first, second, first);
}

/* A command whose second word alone was typed is meant, sooner than one whose
 * name is like it: "list" is no "listen". */
static const char *nearest_command(const char *word)
{
    const char *best = NULL;

    for (size_t i = 0; options_commands[i] != NULL; i++) {
        if (is_second(options_commands[i], word))
            return options_commands[i]->name;
        if (options_words_second(options_commands[i]) == NULL)
            nearer(&best, word, options_commands[i]->name);
    }
    for (size_t i = 0; options_groups[i].name != NULL; i++)
        nearer(&best, word, options_groups[i].name);
    nearer(&best, word, "help");
    return best;
}

int options_words_no_command(const char *first, const char *second,
                             struct err *e)
{
    const char *best = NULL;

    if (second != NULL)
        return no_second(first, second, e);
    best = nearest_command(first);
    if (best != NULL)
        return err_set(e, -EINVAL, "unknown command \"%s\"; did you mean %s?",
                       first, best);
    return err_set(e, -EINVAL,
                   "unknown command \"%s\"; \"fobscope help\" lists them",
                   first);
}

int options_words_no_option(const char *word, unsigned set, struct err *e)
{
    char name[2 * NAME_MAX_LEN];
    const char *best = NULL;

    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    for (size_t i = 0; i < N_OPTIONS; i++)
        if ((options_table[i].commands & set) != 0 &&
            options_table[i].text != NULL)
            nearer(&best, name + 2, options_table[i].name);
    if (best != NULL)
        return err_set(e, -EINVAL, "unknown option %s; did you mean --%s?",
                       name, best);
    return err_set(e, -EINVAL, "unknown option %s; --help lists them", name);
}
