/* cmd_archive_verify - what is damaged, and the index anew.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd_archive.h"

#include <errno.h>
#include <stdio.h>

#include "src/archive_verify.h"
#include "src/log.h"

/* One run of a command. */
struct run {
    const struct options *options;
    struct archive *archive;
    struct archive_verify_cfg cfg;
    struct archive_verify_totals totals;
    struct progress progress;
    struct json *array; /* --json: damages */
};

static void on_damage(void *user, const char *what, const char *sentence)
{
    struct run *r = user;
    struct err shown;

    progress_hide(&r->progress);
    err_set(&shown, 0, "%s", what); /* a file's name can be anything */
    if (r->options->format == OUTPUT_JSON) {
        struct json *o = json_new_object();

        json_set_string(o, "what", shown.text);
        json_set_string(o, "damage", sentence);
        json_append(r->array, o);
    } else {
        printf("%s: %s\n", shown.text, sentence);
    }
}

static void on_done(void *user, size_t n, size_t total)
{
    struct run *r = user;

    r->progress.total = total;
    progress_update(&r->progress, n);
}

static enum status verify_one(void *user, struct entry *t)
{
    struct run *r = user;

    archive_verify_one(r->archive, t, &r->cfg, &r->totals);
    return STATUS_OK;
}

static enum status verify(struct run *r, const volatile sig_atomic_t *stop)
{
    struct err e = { "" };
    int status = 0;

    if (r->options->n_operands == 0)
        status = archive_verify(r->archive, &r->cfg, &r->totals, &e);
    else if (archive_get_index(r->archive) != NULL)
        return cmd_archive_each(r->archive, r->options, stop, verify_one, r);
    else
        status =
            err_set(&e, -EBADMSG,
                    "the index cannot be used: \"fobscope archive verify\" "
                    "without an ID says why");
    progress_hide(&r->progress);
    if (status == -EINTR)
        return STATUS_INTERRUPTED;
    if (status < 0)
        log_say(LOG_ERROR, "%s", e.text);
    return status < 0 ? STATUS_INPUT : STATUS_OK;
}

static enum status print_totals(struct run *r)
{
    const struct archive_verify_totals *t = &r->totals;

    if (r->options->format == OUTPUT_JSON) {
        struct json *more = json_new_object();

        json_set_int(more, "recordings", (int64_t)t->recordings);
        json_set_int(more, "bytes", (int64_t)t->bytes);
        json_set(more, "damages", r->array);
        r->array = NULL;
        return cmd_archive_document(r->options, "fobscope.archive-verify/1",
                                    more);
    }
    printf("%zu recording%s, %.1f MB of samples: ", t->recordings,
           t->recordings == 1 ? "" : "s", (double)t->bytes / 1e6);
    if (t->damages == 0)
        puts("all as it was kept");
    else
        printf("%zu damage%s\n", t->damages, t->damages == 1 ? "" : "s");
    return STATUS_OK;
}

static enum status exec_verify(const struct options *o,
                               const volatile sig_atomic_t *stop)
{
    struct run r = { .options = o };
    enum status status = cmd_archive_open(&r.archive, o, ARCHIVE_REPAIRS);

    if (status != STATUS_OK)
        return status;
    r.cfg = (struct archive_verify_cfg){
        .damage = on_damage, .done = on_done, .user = &r, .stop = stop
    };
    r.array = json_new_array();
    progress_init(&r.progress, "verify", 0, 1);
    if (r.archive != NULL)
        status = verify(&r, stop);
    archive_close(r.archive);
    if (status == STATUS_OK)
        status = print_totals(&r);
    json_free(r.array);
    return status == STATUS_OK && r.totals.damages > 0 ? STATUS_FAULT : status;
}

static void on_fault(void *user, const char *sentence)
{
    (void)user;
    log_say(LOG_WARNING, "%s", sentence);
}

static enum status exec_reindex(const struct options *o,
                                const volatile sig_atomic_t *stop)
{
    struct archive *a;
    struct err e = { "" };
    size_t n = 0;
    enum status status = cmd_archive_open(&a, o, ARCHIVE_REPAIRS);
    int faults = 0;

    (void)stop; /* it is whole or it has not happened: signals wait */
    if (a != NULL)
        faults = archive_reindex(a, on_fault, NULL, &n, &e);
    if (a == NULL)
        return status;
    archive_close(a);
    if (faults < 0) {
        log_say(LOG_ERROR, "%s", e.text);
        return STATUS_INPUT;
    }
    printf("%zu recording%s in the index\n", n, n == 1 ? "" : "s");
    return faults > 0 ? STATUS_FAULT : STATUS_OK;
}

const struct cmd cmd_archive_verify = {
    .name = "archive verify",
    .operands = "[ID...]",
    .summary = "whether files and index are as they were",
    .description =
        "Reads each recording, or those named, and checks its hash, the rules "
        "of its metadata, and that the index agrees with the files. Says each "
        "damage; the exit status is then 1. It mends nothing: reindex makes "
        "the index anew.",
    .set = CMD_ARCHIVE_VERIFY,
    .exec = exec_verify,
};

const struct cmd cmd_archive_reindex = {
    .name = "archive reindex",
    .operands = "",
    .summary = "makes the index anew from the files",
    .description =
        "Makes the index anew from the files, which hold all there is to "
        "know: after a damage that verify found, or when files were put into "
        "the folder or taken out by hand.",
    .set = CMD_ARCHIVE_REINDEX,
    .exec = exec_reindex,
};
