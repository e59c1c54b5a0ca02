/* cmd_check - does this fob transmit?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/check_files.h"
#include "src/inputs.h"
#include "src/log.h"
#include "src/options.h"
#include "src/report_check.h"
#include "src/verdict.h"

/* One run of the command. */
struct check {
    const struct options *options;
    struct sitting *sitting;
    struct check_files files;
    struct progress progress;
    enum status status; /* of what could not be opened or read */
};

static void fail(struct check *c, const char *name, const struct err *e)
{
    progress_hide(&c->progress);
    if (name != NULL && strncmp(e->text, name, strlen(name)) != 0)
        log_say(LOG_ERROR, "%s: %s", name, e->text);
    else
        log_say(LOG_ERROR, "%s", e->text);
    c->status = STATUS_INPUT;
}

static void play_item(void *user, const struct input_item *item)
{
    struct check *c = user;
    const struct source_defaults defaults = { c->options->rate_hz,
                                              c->options->centre_hz };
    struct source *s = NULL;
    struct err e = { "" };
    int status;

    if (*c->files.stop)
        return;
    status = source_open_as(&s, item->spec, item->name, &defaults, &e);
    if (status == 0) {
        progress_init(&c->progress, source_name(s), source_info(s)->total,
                      source_info(s)->rate_hz);
        status = check_files_play(&c->files, s, &e);
        progress_hide(&c->progress);
    }
    if (status < 0 && !*c->files.stop)
        fail(c, item->name, &e);
    else if (status == 0 && source_warning(s) != NULL)
        log_say(LOG_WARNING, "%s", source_warning(s));
    source_close(s);
}

static void play_all(struct check *c)
{
    const struct options *o = c->options;
    struct inputs in;
    struct err e = { "" };

    if (o->prompts != NULL &&
        check_files_read_prompts(c->sitting, o->prompts, &e) < 0) {
        fail(c, NULL, &e);
        return;
    }
    inputs_open(&in, o->archive, NULL);
    for (size_t i = 0; i < o->n_operands && !*c->files.stop; i++)
        if (inputs_each(&in, o->operands[i], play_item, c, &e) < 0)
            fail(c, NULL, &e);
    inputs_close(&in);
}

static double market_hz(const struct options *o)
{
    return o->market == NULL ? NAN
           : strcmp(o->market, "us") == 0 ? 315e6
                                          : 433.92e6;
}

static enum status report(struct check *c)
{
    const struct options *o = c->options;
    const struct verdict_cfg cfg = { .market_hz = market_hz(o) };
    struct verdict_result v;
    const struct report_check r = { .sitting = c->sitting,
                                    .verdict = &v,
                                    .car = o->owner.car,
                                    .is_full = o->is_full };
    struct report_table table;
    struct json *j;

    sitting_settle(c->sitting);
    verdict_judge(&v, c->sitting, &cfg);
    if (o->format == OUTPUT_JSON) {
        j = report_check_json(&r);
        if (json_document(j, stdout) == -ENOMEM)
            log_say(LOG_ERROR, "out of memory");
        json_free(j);
    } else {
        report_table_init(&table, stdout);
        report_check_text(&r, &table);
    }
    return v.status;
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct check c = { .options = o, .status = STATUS_OK };
    enum status status;

    c.sitting = malloc(sizeof *c.sitting);
    if (c.sitting == NULL) {
        log_say(LOG_ERROR, "out of memory");
        return STATUS_INPUT;
    }
    sitting_init(c.sitting, 1, false);
    c.files = (struct check_files){ .sitting = c.sitting,
                                    .progress = &c.progress,
                                    .stop = stop };
    play_all(&c);
    status = c.status;
    if (*stop)
        status = STATUS_INTERRUPTED;
    else if (c.files.n > 0)
        status = report(&c);
    free(c.sitting);
    return c.status != STATUS_OK && status != STATUS_INTERRUPTED ? c.status
                                                                 : status;
}

const struct cmd cmd_check = {
    .name = "check",
    .operands = "FILE...",
    .summary = "does this fob transmit? A verdict, with its proof",
    .description =
        "Puts what was sent together to presses and says what they tell of the "
        "fob: whether it transmits, on which carrier, whether its code rolls, "
        "which button is silent, whether its cell gives way; with the evidence, "
        "what that does not tell, and what to do. FILE is a recording of one "
        "fob, an ID of the archive, or several of them, one after the other; "
        "--prompts says which button was pressed when. The exit status is the "
        "verdict.",
    .set = CMD_CHECK,
    .exec = exec,
};
