/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/options_check.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* What a command's operands are called, in a sentence. */
static const char *operand_name(const struct cmd *c)
{
    return strncmp(c->operands, "FILE", 4) == 0 ? "input" : "ID";
}

/* As many as usage shows (cmd.h). */
static int check_operands(const struct options *o, struct err *e)
{
    const struct cmd *c = o->cmd;
    const char *text = c->operands;
    size_t n = 0;

    if (*text == '\0' && o->n_operands > 0)
        return err_set(e, -EINVAL, "%s takes no \"%s\"", c->name,
                       o->operands[0]);
    if (*text == '\0' || *text == '[')
        return 0;
    if (o->n_operands == 0)
        return err_set(e, -EINVAL, "%s: no %s; usage: fobscope %s %s", c->name,
                       operand_name(c), c->name, text);
    for (n = 1; (text = strchr(text, ' ')) != NULL; text++)
        n++;
    if (o->n_operands != n && strstr(c->operands, "...") == NULL)
        return err_set(e, -EINVAL,
                       "%s: %zu %s%s, not %zu; usage: fobscope %s %s", c->name,
                       n, operand_name(c), n == 1 ? "" : "s", o->n_operands,
                       c->name, c->operands);
    return 0;
}

static int check_printing(const struct options *o, struct err *e)
{
    if (o->n_bands > 0 && !isnan(o->centre_hz))
        return err_set(e, -EINVAL, "--band and --freq: one of them is enough");
    if (o->format == OUTPUT_CSV && (o->has_chips || o->has_pulses))
        return err_set(e, -EINVAL, "--csv has no room for --%s; use --jsonl",
                       o->has_chips ? "chips" : "pulses");
    return 0;
}

/* The option that gave the first of some words; NULL: none is given. */
static const char *words_option(const struct owner_words *w)
{
    return w->label != NULL     ? "label"
           : w->car != NULL     ? "car"
           : w->buttons != NULL ? "buttons"
           : w->sticker != NULL ? "sticker"
           : w->note != NULL    ? "note"
                                : NULL;
}

/* A recording goes into the archive or into a folder. */
static int check_capture(const struct options *o, struct err *e)
{
    const char *words = words_option(&o->owner);

    if (o->output == NULL && o->is_plain)
        return err_set(e, -EINVAL,
                       "--cu8 needs --output FOLDER: the archive keeps SigMF "
                       "pairs");
    if (o->output != NULL && words != NULL)
        return err_set(e, -EINVAL,
                       "--%s is for the archive, and --output is not: leave "
                       "one of them out",
                       words);
    if (o->output != NULL && o->archive != NULL)
        return err_set(e, -EINVAL,
                       "--archive and --output: one of them is enough");
    return 0;
}

static int check_add(const struct options *o, struct err *e)
{
    if (!o->is_cut &&
        (o->pre_s != OPTIONS_MARGIN_S || o->post_s != OPTIONS_MARGIN_S))
        return err_set(e, -EINVAL,
                       "--%s needs --cut: without it, all of a file is kept",
                       o->pre_s != OPTIONS_MARGIN_S ? "pre" : "post");
    return 0;
}

static int check_export(const struct options *o, struct err *e)
{
    if (o->export == EXPORT_TO_NONE)
        return err_set(e, -EINVAL,
                       "%s: in which form? one of --wav, --flac, --cu8, "
                       "--sigmf",
                       o->cmd->name);
    if (o->is_full && o->export != EXPORT_TO_SIGMF)
        return err_set(e, -EINVAL,
                       "--full needs --sigmf: the other forms hold no words");
    return 0;
}

static int check_purge(const struct options *o, struct err *e)
{
    if (o->older == NULL)
        return err_set(e, -EINVAL,
                       "%s: how old? --older 90d, 6m, 1y, or a date",
                       o->cmd->name);
    return 0;
}

/* Live, from recordings, or board after board: each has options of its own. */
static int check_check(const struct options *o, struct err *e)
{
    if (o->is_batch && (o->n_operands > 0 || o->is_saved))
        return err_set(e, -EINVAL,
                       "--batch listens to a receiver: no FILE and no --save "
                       "with it");
    if (!o->is_batch && o->limits != NULL)
        return err_set(e, -EINVAL, "--limits needs --batch");
    if (o->is_batch != (o->format == OUTPUT_JSONL) && o->format != OUTPUT_TABLE)
        return err_set(e, -EINVAL,
                       o->is_batch ? "--batch prints --jsonl, not --json"
                                   : "--jsonl needs --batch; use --json");
    if (o->n_operands > 0 && o->is_saved)
        return err_set(e, -EINVAL,
                       "--save is for a receiver; archive add keeps "
                       "recordings");
    if (o->n_operands == 0 && o->prompts != NULL)
        return err_set(e, -EINVAL, "--prompts is for recordings");
    return 0;
}

/* Fobs in recordings, or at a receiver; of what is asked for there is a list. */
static int check_compare(const struct options *o, struct err *e)
{
    if (o->is_live && o->n_operands > 0)
        return err_set(e, -EINVAL, "--live and FILE: one of them is enough");
    if (!o->is_live && o->n_operands < 2)
        return err_set(e, -EINVAL,
                       "%s: which fobs? two files or IDs, or --live",
                       o->cmd->name);
    if (o->n_operands > COMPARE_FOBS_MAX)
        return err_set(e, -EINVAL,
                       "%s: at most %d fobs; several recordings of one fob "
                       "are one FILE, with commas or as a pattern in quotes",
                       o->cmd->name, COMPARE_FOBS_MAX);
    if (!o->is_live && (o->owner.buttons != NULL || o->presses > 0))
        return err_set(e, -EINVAL, "--%s needs --live",
                       o->presses > 0 ? "presses" : "buttons");
    return 0;
}

/* Of one fob, or of two; what is said of one of two would be said of both. */
static int check_report(const struct options *o, struct err *e)
{
    const char *own = o->prompts != NULL         ? "prompts"
                      : o->cell != NULL          ? "cell"
                      : o->fcc != NULL           ? "fcc"
                      : o->owner.buttons != NULL ? "buttons"
                      : o->owner.sticker != NULL ? "sticker"
                                                 : NULL;

    if (o->is_full && o->is_shared)
        return err_set(e, -EINVAL, "--share and --full: one of them is enough");
    if (o->n_operands > 2)
        return err_set(e, -EINVAL,
                       "%s: one fob or two, not %zu; several recordings of "
                       "one fob are one FILE, with commas or as a pattern in "
                       "quotes",
                       o->cmd->name, o->n_operands);
    if (o->n_operands == 2 && own != NULL)
        return err_set(e, -EINVAL,
                       "--%s is of one fob: keep it with its recording "
                       "(archive add)",
                       own);
    return 0;
}

int options_check(const struct options *o, struct err *e)
{
    int status = check_operands(o, e);

    if (status == 0)
        status = check_printing(o, e);
    if (status < 0)
        return status;
    switch (o->cmd->set) {
    case CMD_CAPTURE:
        return check_capture(o, e);
    case CMD_CHECK:
        return check_check(o, e);
    case CMD_COMPARE:
        return check_compare(o, e);
    case CMD_REPORT:
        return check_report(o, e);
    case CMD_ARCHIVE_ADD:
        return check_add(o, e);
    case CMD_ARCHIVE_EXPORT:
        return check_export(o, e);
    case CMD_ARCHIVE_PURGE:
        return check_purge(o, e);
    default:
        return 0;
    }
}
