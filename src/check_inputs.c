/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/check_inputs.h"

#include "src/inputs.h"
#include "src/log.h"

void check_inputs_init(struct check_inputs *c, const struct options *o,
                       struct sitting *sitting,
                       const volatile sig_atomic_t *stop)
{
    *c = (struct check_inputs){ .options = o, .stop = stop };
    c->files.sitting = sitting;
    c->files.progress = &c->progress;
    c->files.stop = stop;
}

static void fail(struct check_inputs *c, const char *name, const struct err *e)
{
    progress_hide(&c->progress);
    log_fault(name, e);
    c->status = STATUS_INPUT;
}

static void play_item(void *user, const struct input_item *item)
{
    struct check_inputs *c = user;
    const struct source_defaults defaults = { c->options->rate_hz,
                                              c->options->centre_hz };
    struct source *s = NULL;
    struct err e = { "" };
    int status;

    if (*c->stop)
        return;
    status = source_open_as(&s, item->spec, item->name, &defaults, &e);
    if (status == 0) {
        progress_init(&c->progress, source_name(s), source_info(s)->total,
                      source_info(s)->rate_hz);
        c->files.path = item->spec;
        status = check_files_play(&c->files, s, &e);
        progress_hide(&c->progress);
    }
    if (status < 0 && !*c->stop)
        fail(c, item->name, &e);
    else if (status == 0 && source_warning(s) != NULL)
        log_say(LOG_WARNING, "%s", source_warning(s));
    source_close(s);
}

void check_inputs_play(struct check_inputs *c, const char *operand)
{
    struct inputs in;
    struct err e = { "" };

    inputs_open(&in, c->options->archive, NULL);
    if (inputs_each(&in, operand, play_item, c, &e) < 0)
        fail(c, NULL, &e);
    inputs_close(&in);
}

void check_inputs_play_all(struct check_inputs *c)
{
    const struct options *o = c->options;
    struct err e = { "" };

    c->files.has_prompts = o->prompts != NULL;
    if (o->prompts != NULL &&
        check_files_read_prompts(c->files.sitting, o->prompts, &e) < 0) {
        fail(c, NULL, &e);
        return;
    }
    for (size_t i = 0; i < o->n_operands && !*c->stop; i++)
        check_inputs_play(c, o->operands[i]);
}
