/* options_complete - completions for shells, from the options table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "src/options_table.h"
#include "src/options_words.h"

static bool is_offered(const struct option_entry *o, unsigned set)
{
    return (o->commands & set) != 0 && o->text != NULL;
}

/* The first words of all commands, with a space in front of each. */
static void print_first_words(FILE *out)
{
    const char *name, *summary;

    for (size_t i = 0; options_commands[i] != NULL; i++)
        if (options_words_top(i, &name, &summary))
            fprintf(out, " %s", name);
}

/* The second words of a group, with a space between them. */
static void print_second_words(FILE *out, const struct cmd_group *group)
{
    const char *gap = "";

    for (size_t i = 0; options_commands[i] != NULL; i++) {
        if (options_words_group_of(options_commands[i]) != group)
            continue;
        fprintf(out, "%s%s", gap, options_words_second(options_commands[i]));
        gap = " ";
    }
}

static void bash_options(FILE *out, unsigned set)
{
    const char *gap = "";

    for (size_t i = 0; i < N_OPTIONS; i++) {
        if (!is_offered(&options_table[i], set))
            continue;
        fprintf(out, "%s--%s", gap, options_table[i].name);
        gap = " ";
    }
}

/* What may come, by the words in front of it and a space. */
static void bash_cases(FILE *out)
{
    fputs("    ' ') words=\"help", out);
    print_first_words(out);
    fputc(' ', out);
    bash_options(out, CMD_PROGRAM);
    fputs("\" ;;\n    'help ') words=\"", out);
    print_first_words(out);
    fputs("\" ;;\n", out);
    for (size_t i = 0; options_groups[i].name != NULL; i++) {
        const char *name = options_groups[i].name;

        fprintf(out, "    '%s ' | '%s help ' | 'help %s ') words=\"", name,
                name, name);
        print_second_words(out, &options_groups[i]);
        fputs("\" ;;\n", out);
    }
    for (size_t i = 0; options_commands[i] != NULL; i++) {
        fprintf(out, "    '%s '*) words=\"", options_commands[i]->name);
        bash_options(out, options_commands[i]->set);
        fputs("\" ;;\n", out);
    }
}

/* What may come behind an option that takes one of a few words. */
static void bash_choices(FILE *out)
{
    fputs("    case ${COMP_WORDS[COMP_CWORD - 1]} in\n", out);
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (options_table[i].choices != NULL)
            fprintf(out, "    --%s) words=\"%s\" ;;\n", options_table[i].name,
                    options_table[i].choices);
    fputs("    esac\n", out);
}

static void complete_bash(FILE *out)
{
    fputs("# bash completion for fobscope\n"
          "_fobscope()\n{\n"
          "    local IFS=$' \\t\\n' cur=${COMP_WORDS[COMP_CWORD]} words=\n"
          "    case \"${COMP_WORDS[*]:1:COMP_CWORD - 1} \" in\n",
          out);
    bash_cases(out);
    fputs("    esac\n", out);
    bash_choices(out);
    fputs("    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
          "}\n"
          "complete -o default -F _fobscope fobscope\n",
          out);
}

/* Text inside single quotes; zsh's [ ] and : of a description go as well. */
static void print_plain(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        fputc(strchr("'[]:\\", *text) != NULL ? ' ' : *text, out);
}

/* What zsh offers for an option's argument. */
static void zsh_argument(FILE *out, const struct option_entry *o)
{
    fprintf(out, ":%s:", o->argument);
    if (o->choices != NULL)
        fprintf(out, "(%s)", o->choices);
    else if (strcmp(o->argument, "FILE") == 0 ||
             strcmp(o->argument, "PATH") == 0)
        fputs("_files", out);
    else if (strcmp(o->argument, "FOLDER") == 0 ||
             strcmp(o->argument, "DIR") == 0)
        fputs("_files -/", out);
}

static void zsh_options(FILE *out, unsigned set)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const struct option_entry *o = &options_table[i];

        if (!is_offered(o, set))
            continue;
        fprintf(out, " \\\n        '--%s%s[", o->name,
                o->argument != NULL ? "=" : "");
        print_plain(out, o->text);
        fputc(']', out);
        if (o->argument != NULL)
            zsh_argument(out, o);
        fputc('\'', out);
    }
}

static void zsh_word(FILE *out, const char *word, const char *summary)
{
    fprintf(out, " \\\n            '%s[", word);
    print_plain(out, summary);
    fputs("]'", out);
}

static void zsh_first_words(FILE *out)
{
    const char *name, *summary;

    fputs("    if (( CURRENT == 2 )); then\n"
          "        _values command help",
          out);
    for (size_t i = 0; options_commands[i] != NULL; i++)
        if (options_words_top(i, &name, &summary))
            zsh_word(out, name, summary);
    fputs("\n        return\n    fi\n", out);
}

static void zsh_second_words(FILE *out, const struct cmd_group *group)
{
    fprintf(out,
            "    if (( CURRENT == 3 )) && [[ $words[2] == %s ]]; then\n"
            "        _values action help",
            group->name);
    for (size_t i = 0; options_commands[i] != NULL; i++)
        if (options_words_group_of(options_commands[i]) == group)
            zsh_word(out, options_words_second(options_commands[i]),
                     options_commands[i]->summary);
    fputs("\n        return\n    fi\n", out);
}

static void zsh_command(FILE *out, const struct cmd *c)
{
    const int n = options_words_second(c) != NULL ? 2 : 1;

    fprintf(out,
            "    '%s '*)\n        shift %d words; (( CURRENT -= %d ))\n"
            "        _arguments",
            c->name, n, n);
    zsh_options(out, c->set);
    fprintf(out, "%s ;;\n",
            strstr(c->operands, "FILE") != NULL ? " '*:file:_files'" : "");
}

static void complete_zsh(FILE *out)
{
    fputs("#compdef fobscope\n_fobscope() {\n", out);
    zsh_first_words(out);
    for (size_t i = 0; options_groups[i].name != NULL; i++)
        zsh_second_words(out, &options_groups[i]);
    fputs("    case \"$words[2] $words[3] \" in\n", out);
    for (size_t i = 0; options_commands[i] != NULL; i++)
        zsh_command(out, options_commands[i]);
    fputs("    esac\n}\n_fobscope \"$@\"\n", out);
}

static void fish_options(FILE *out, unsigned set, const char *condition)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const struct option_entry *o = &options_table[i];

        if (!is_offered(o, set))
            continue;
        fprintf(out, "complete -c fobscope -n '%s' -l %s", condition, o->name);
        if (o->letter != '\0')
            fprintf(out, " -s %c", o->letter);
        if (o->choices != NULL)
            fprintf(out, " -x -a '%s'", o->choices);
        fprintf(out, "%s -d '", o->argument != NULL ? " -r" : "");
        print_plain(out, o->text);
        fputs("'\n", out);
    }
}

static void fish_word(FILE *out, const char *condition, const char *word,
                      const char *summary)
{
    fprintf(out, "complete -c fobscope -n '%s' -f -a %s -d '", condition, word);
    print_plain(out, summary);
    fputs("'\n", out);
}

static void fish_second_words(FILE *out, const struct cmd_group *group)
{
    char *condition = NULL;
    size_t n;
    FILE *text = open_memstream(&condition, &n);

    if (text == NULL)
        return;
    fprintf(text,
            "__fish_seen_subcommand_from %s; "
            "and not __fish_seen_subcommand_from ",
            group->name);
    print_second_words(text, group);
    fclose(text);
    for (size_t i = 0; options_commands[i] != NULL; i++)
        if (options_words_group_of(options_commands[i]) == group)
            fish_word(out, condition, options_words_second(options_commands[i]),
                      options_commands[i]->summary);
    free(condition);
}

static void fish_command(FILE *out, const struct cmd *c)
{
    const struct cmd_group *group = options_words_group_of(c);
    char condition[128];

    if (group == NULL)
        snprintf(condition, sizeof condition, "__fish_seen_subcommand_from %s",
                 c->name);
    else
        snprintf(condition, sizeof condition,
                 "__fish_seen_subcommand_from %s; "
                 "and __fish_seen_subcommand_from %s",
                 group->name, options_words_second(c));
    fish_options(out, c->set, condition);
}

static void complete_fish(FILE *out)
{
    const char *name, *summary;

    fputs("# fish completion for fobscope\n", out);
    for (size_t i = 0; options_commands[i] != NULL; i++)
        if (options_words_top(i, &name, &summary))
            fish_word(out, "__fish_use_subcommand", name, summary);
    for (size_t i = 0; options_groups[i].name != NULL; i++)
        fish_second_words(out, &options_groups[i]);
    for (size_t i = 0; options_commands[i] != NULL; i++)
        fish_command(out, options_commands[i]);
    fish_options(out, CMD_PROGRAM, "__fish_use_subcommand");
}

int options_completion(FILE *out, const char *shell)
{
    if (strcmp(shell, "bash") == 0)
        complete_bash(out);
    else if (strcmp(shell, "zsh") == 0)
        complete_zsh(out);
    else if (strcmp(shell, "fish") == 0)
        complete_fish(out);
    else
        return -EINVAL;
    return 0;
}
