/* options_man - the manual page, from the options table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/options.h"

#include <ctype.h>
#include <string.h>

#include "src/options_table.h"
#include "src/options_words.h"

/* Text for roff: hyphens and tildes that stay what they are, no requests by
 * accident. */
static void print_roff(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", out);
    for (; *text != '\0'; text++) {
        if (*text == '~') {
            fputs("\\(ti", out);
            continue;
        }
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

/* The heading of a command's or group's section. */
static void man_section(FILE *out, const char *name)
{
    fputs(".SH \"FOBSCOPE ", out);
    for (const char *c = name; *c != '\0'; c++)
        fputc(toupper((unsigned char)*c), out);
    fprintf(out, "\"\n.B fobscope %s\n", name);
}

static void man_command(FILE *out, const struct cmd *c)
{
    man_section(out, c->name);
    fprintf(out, "[\\fIOPTION\\fR]... %s\n.PP\n", c->operands);
    man_paragraph(out, c->description);
    man_options(out, c->set);
}

static void man_group(FILE *out, const struct cmd_group *group)
{
    man_section(out, group->name);
    fputs(".I ACTION\n[\\fIOPTION\\fR]...\n.PP\n", out);
    man_paragraph(out, group->description);
}

static void man_commands(FILE *out)
{
    const char *name, *summary;

    for (size_t i = 0; options_commands[i] != NULL; i++) {
        const struct cmd *c = options_commands[i];

        if (options_words_top(i, &name, &summary) &&
            options_words_second(c) != NULL)
            man_group(out, options_words_group_of(c));
        man_command(out, c);
    }
}

void options_man(FILE *out)
{
    fputs(".TH FOBSCOPE 1\n.nh\n.SH NAME\nfobscope \\- ", out);
    man_paragraph(out, options_about);
    fputs(".SH SYNOPSIS\n"
          ".B fobscope\n"
          ".I COMMAND\n"
          "[\\fIOPTION\\fR]... [\\fIFILE\\fR]...\n"
          ".SH OPTIONS\n",
          out);
    man_options(out, CMD_PROGRAM);
    man_commands(out);
    fputs(".SH EXIT STATUS\n", out);
    for (size_t i = 0; options_statuses[i].text != NULL; i++) {
        fprintf(out, ".TP\n.B %d\n", (int)options_statuses[i].status);
        man_paragraph(out, options_statuses[i].text);
    }
    fputs(".SH ENVIRONMENT\n"
          ".TP\n.B COLUMNS\nWidth of tables, from 40 on.\n"
          ".TP\n.B NO_COLOR\nIf set, no bold text.\n"
          ".TP\n.B FOBSCOPE_CAPTURES\nFolder of recordings for demo.\n"
          ".TP\n.B FOBSCOPE_ARCHIVE\n"
          "Folder of the archive, where \\-\\-archive names none.\n"
          ".TP\n.B XDG_DATA_HOME\n"
          "If FOBSCOPE_ARCHIVE is not set, the archive is the folder fobscope "
          "in it;\nif this is not set either, \\(ti/.local/share/fobscope.\n"
          ".SH LAW\n",
          out);
    man_paragraph(out, options_legal);
}
