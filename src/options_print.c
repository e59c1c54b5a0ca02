/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/options.h"

#include <assert.h>
#include <string.h>

#include "src/options_table.h"
#include "src/options_words.h"

#define HELP_WIDTH  79
#define HELP_INDENT 24

/* Prints text in lines from column indent on; at is the column it starts in. */
static void print_wrapped(FILE *out, const char *text, size_t at, size_t indent)
{
    const char *gap = "";

    fprintf(out, "%*s", at < indent ? (int)(indent - at) : 0, "");
    at = at < indent ? indent : at;
    while (*text != '\0') {
        size_t n = strcspn(text, " ");

        if (*gap != '\0' && at + 1 + n > HELP_WIDTH) {
            fprintf(out, "\n%*s", (int)indent, "");
            at = indent;
            gap = "";
        }
        fprintf(out, "%s%.*s", gap, (int)n, text);
        at += strlen(gap) + n;
        gap = " ";
        text += n;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

static void print_item(FILE *out, const char *name, const char *text)
{
    size_t at = strlen(name);

    fputs(name, out);
    if (at + 2 > HELP_INDENT) {
        fputc('\n', out);
        at = 0;
    }
    print_wrapped(out, text, at, HELP_INDENT);
}

static void print_command(FILE *out, const char *name, const struct cmd *c)
{
    char item[64];

    snprintf(item, sizeof item, "  %s %s", name, c->operands);
    print_item(out, item, c->summary);
}

/* A group in one item: what it is for, and the second words. */
static void print_group(FILE *out, const struct cmd_group *group)
{
    char item[64], text[256];
    const char *gap = ": ";
    size_t at;

    snprintf(item, sizeof item, "  %s ACTION", group->name);
    at = (size_t)snprintf(text, sizeof text, "%s", group->summary);
    for (size_t i = 0; options_commands[i] != NULL; i++) {
        if (options_words_group_of(options_commands[i]) != group)
            continue;
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", gap,
                               options_words_second(options_commands[i]));
        gap = ", ";
        assert(at < sizeof text);
    }
    print_item(out, item, text);
}

static void print_commands(FILE *out)
{
    const char *name, *summary;

    fputs("Commands:\n", out);
    for (size_t i = 0; options_commands[i] != NULL; i++) {
        const struct cmd *c = options_commands[i];

        if (!options_words_top(i, &name, &summary))
            continue;
        if (options_words_second(c) != NULL)
            print_group(out, options_words_group_of(c));
        else
            print_command(out, name, c);
    }
    print_item(out, "  help [COMMAND]", "help on the program or a command");
}

static void print_actions(FILE *out, const struct cmd_group *group)
{
    fputs("Actions:\n", out);
    for (size_t i = 0; options_commands[i] != NULL; i++)
        if (options_words_group_of(options_commands[i]) == group)
            print_command(out, options_words_second(options_commands[i]),
                          options_commands[i]);
    fprintf(out, "\n\"fobscope %s ACTION --help\" says more of each.\n",
            group->name);
}

static void print_options(FILE *out, unsigned set)
{
    char name[64];

    fputs("\nOptions:\n", out);
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const struct option_entry *o = &options_table[i];
        char letter[] = { '-', o->letter, ',', '\0' };

        if ((o->commands & set) == 0 || o->text == NULL)
            continue;
        snprintf(name, sizeof name, "  %3s --%s %s",
                 o->letter != '\0' ? letter : "", o->name,
                 o->argument != NULL ? o->argument : "");
        print_item(out, name, o->text);
    }
}

void options_usage(FILE *out)
{
    fputs("usage: fobscope COMMAND [OPTION]... [FILE]...\n\n", out);
    print_commands(out);
    fputs("\nStart with \"fobscope demo\"; \"fobscope --help\" says more.\n",
          out);
}

void options_group_usage(FILE *out, const struct cmd_group *group)
{
    fprintf(out, "usage: fobscope %s ACTION [OPTION]... [FILE or ID]...\n\n",
            group->name);
    print_actions(out, group);
}

void options_group_help(FILE *out, const struct cmd_group *group)
{
    fprintf(out, "usage: fobscope %s ACTION [OPTION]... [FILE or ID]...\n\n",
            group->name);
    print_wrapped(out, group->description, 0, 0);
    fputc('\n', out);
    print_actions(out, group);
    fputc('\n', out);
    print_wrapped(out, options_legal, 0, 0);
}

void options_help(FILE *out, const struct cmd *cmd)
{
    if (cmd == NULL) {
        fputs("usage: fobscope COMMAND [OPTION]... [FILE]...\n", out);
        fprintf(out, "fobscope %s.\n\n", options_about);
        print_commands(out);
        print_options(out, CMD_PROGRAM);
        fputs("\nExit status:\n", out);
        for (size_t i = 0; options_statuses[i].text != NULL; i++) {
            char name[16];

            snprintf(name, sizeof name, "  %d",
                     (int)options_statuses[i].status);
            print_item(out, name, options_statuses[i].text);
        }
    } else {
        fprintf(out, "usage: fobscope %s [OPTION]...%s%s\n\n", cmd->name,
                cmd->operands[0] != '\0' ? " " : "", cmd->operands);
        print_wrapped(out, cmd->description, 0, 0);
        print_options(out, cmd->set);
    }
    fputc('\n', out);
    print_wrapped(out, options_legal, 0, 0);
}
