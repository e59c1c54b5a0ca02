/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/options.h"

#include <errno.h>
#include <string.h>

#include "src/options_table.h"

#define HELP_WIDTH  79
#define HELP_INDENT 24

static const char about[] = "receives car key fobs; never transmits";
static const char legal[] =
    "Listening is not lawful everywhere: use it on your own fob, and know the "
    "law where you are.";

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

static void print_commands(FILE *out)
{
    char name[64];

    fputs("Commands:\n", out);
    for (size_t i = 0; options_commands[i] != NULL; i++) {
        snprintf(name, sizeof name, "  %s %s", options_commands[i]->name,
                 options_commands[i]->operands);
        print_item(out, name, options_commands[i]->summary);
    }
    print_item(out, "  help [COMMAND]", "help on the program or a command");
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

void options_help(FILE *out, const struct cmd *cmd)
{
    if (cmd == NULL) {
        fputs("usage: fobscope COMMAND [OPTION]... [FILE]...\n", out);
        fprintf(out, "fobscope %s.\n\n", about);
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
    print_wrapped(out, legal, 0, 0);
}

static void bash_words(FILE *out, unsigned set)
{
    const char *gap = "";

    for (size_t i = 0; i < N_OPTIONS; i++) {
        if ((options_table[i].commands & set) == 0 ||
            options_table[i].text == NULL)
            continue;
        fprintf(out, "%s--%s", gap, options_table[i].name);
        gap = " ";
    }
}

static void complete_bash(FILE *out)
{
    fputs("# bash completion for fobscope\n"
          "_fobscope()\n{\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} words=\n"
          "    case ${COMP_WORDS[1]} in\n",
          out);
    for (size_t i = 0; options_commands[i] != NULL; i++) {
        fprintf(out, "    %s) words=\"", options_commands[i]->name);
        bash_words(out, options_commands[i]->set);
        fputs("\" ;;\n", out);
    }
    fputs("    esac\n"
          "    [ \"$COMP_CWORD\" = 1 ] && words=\"help",
          out);
    for (size_t i = 0; options_commands[i] != NULL; i++)
        fprintf(out, " %s", options_commands[i]->name);
    fputc(' ', out);
    bash_words(out, CMD_PROGRAM);
    fputs("\"\n"
          "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
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

static void zsh_options(FILE *out, unsigned set)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const struct option_entry *o = &options_table[i];

        if ((o->commands & set) == 0 || o->text == NULL)
            continue;
        fprintf(out, " \\\n        '--%s%s[", o->name,
                o->argument != NULL ? "=" : "");
        print_plain(out, o->text);
        fputc(']', out);
        if (o->argument != NULL)
            fprintf(out, ":%s:%s", o->argument,
                    strcmp(o->argument, "FILE") == 0 ? "_files" : "");
        fputc('\'', out);
    }
}

static void complete_zsh(FILE *out)
{
    fputs("#compdef fobscope\n"
          "_fobscope() {\n"
          "    if (( CURRENT == 2 )); then\n"
          "        _values command help",
          out);
    for (size_t i = 0; options_commands[i] != NULL; i++) {
        fprintf(out, " '%s[", options_commands[i]->name);
        print_plain(out, options_commands[i]->summary);
        fputs("]'", out);
    }
    fputs("\n        return\n    fi\n    case $words[2] in\n", out);
    for (size_t i = 0; options_commands[i] != NULL; i++) {
        fprintf(out, "    %s)\n        shift words; (( CURRENT-- ))\n",
                options_commands[i]->name);
        fputs("        _arguments", out);
        zsh_options(out, options_commands[i]->set);
        fprintf(out, "%s ;;\n",
                options_commands[i]->operands[0] != '\0' ? " '*:file:_files'"
                                                         : "");
    }
    fputs("    esac\n}\n_fobscope \"$@\"\n", out);
}

static void fish_options(FILE *out, unsigned set, const char *condition)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const struct option_entry *o = &options_table[i];

        if ((o->commands & set) == 0 || o->text == NULL)
            continue;
        fprintf(out, "complete -c fobscope -n '%s' -l %s", condition, o->name);
        if (o->letter != '\0')
            fprintf(out, " -s %c", o->letter);
        fprintf(out, "%s -d '", o->argument != NULL ? " -r" : "");
        print_plain(out, o->text);
        fputs("'\n", out);
    }
}

static void complete_fish(FILE *out)
{
    char condition[64];

    fputs("# fish completion for fobscope\n", out);
    for (size_t i = 0; options_commands[i] != NULL; i++) {
        fprintf(out,
                "complete -c fobscope -n __fish_use_subcommand -a %s -d '%s'\n",
                options_commands[i]->name, options_commands[i]->summary);
        snprintf(condition, sizeof condition, "__fish_seen_subcommand_from %s",
                 options_commands[i]->name);
        fish_options(out, options_commands[i]->set, condition);
    }
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

/* Text for roff: hyphens that stay hyphens, no requests by accident. */
static void print_roff(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", out);
    for (; *text != '\0'; text++) {
        if (*text == '-' || *text == '\\')
            fputc('\\', out);
        fputc(*text == '\\' ? 'e' : *text, out);
    }
}

static void man_paragraph(FILE *out, const char *text)
{
    print_roff(out, text);
    fputc('\n', out);
}

static void man_options(FILE *out, unsigned set)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const struct option_entry *o = &options_table[i];

        if ((o->commands & set) == 0 || o->text == NULL)
            continue;
        fputs(".TP\n", out);
        if (o->letter != '\0')
            fprintf(out, "\\fB\\-%c\\fR, ", o->letter);
        fputs("\\fB\\-\\-", out);
        print_roff(out, o->name);
        fputs("\\fR", out);
        if (o->argument != NULL)
            fprintf(out, " \\fI%s\\fR", o->argument);
        fputc('\n', out);
        man_paragraph(out, o->text);
    }
}

void options_man(FILE *out)
{
    fputs(".TH FOBSCOPE 1\n.SH NAME\nfobscope \\- ", out);
    man_paragraph(out, about);
    fputs(".SH SYNOPSIS\n"
          ".B fobscope\n"
          ".I COMMAND\n"
          "[\\fIOPTION\\fR]... [\\fIFILE\\fR]...\n"
          ".SH OPTIONS\n",
          out);
    man_options(out, CMD_PROGRAM);
    for (size_t i = 0; options_commands[i] != NULL; i++) {
        fprintf(out, ".SH \"FOBSCOPE %s\"\n.B fobscope %s\n[\\fIOPTION\\fR]...",
                options_commands[i]->name, options_commands[i]->name);
        fprintf(out, " %s\n.PP\n", options_commands[i]->operands);
        man_paragraph(out, options_commands[i]->description);
        man_options(out, options_commands[i]->set);
    }
    fputs(".SH EXIT STATUS\n", out);
    for (size_t i = 0; options_statuses[i].text != NULL; i++) {
        fprintf(out, ".TP\n.B %d\n", (int)options_statuses[i].status);
        man_paragraph(out, options_statuses[i].text);
    }
    fputs(".SH ENVIRONMENT\n"
          ".TP\n.B COLUMNS\nWidth of tables, from 40 on.\n"
          ".TP\n.B NO_COLOR\nIf set, no bold text.\n"
          ".TP\n.B FOBSCOPE_CAPTURES\nFolder of recordings for demo.\n"
          ".SH LAW\n",
          out);
    man_paragraph(out, legal);
}
