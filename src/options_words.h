/* options_words - commands, groups and options by name, or what was meant.
 *
 * A command's name has one word, or two: then the first is that of a group.
 * A second word of NULL is that of a command of one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_OPTIONS_WORDS_H
#define SRC_OPTIONS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "src/cmd.h"
#include "src/err.h"

/* NULL: there is none. */
const struct cmd *options_words_find(const char *first, const char *second);
const struct cmd_group *options_words_group(const char *first);

/* The group that a command is of; NULL: of none. */
const struct cmd_group *options_words_group_of(const struct cmd *c);

/* The second word of a command's name; NULL: it has one. */
const char *options_words_second(const struct cmd *c);

/* What stands for the i-th command in a list of first words. False: its group
 * does, which an earlier command brought into the list. */
bool options_words_top(size_t i, const char **name, const char **summary);

/* -EINVAL and a sentence: there is no such command, or no such option, word as
 * in argv, of the commands in set. What is nearest is in it. */
int options_words_no_command(const char *first, const char *second,
                             struct err *e);
int options_words_no_option(const char *word, unsigned set, struct err *e);

#endif
