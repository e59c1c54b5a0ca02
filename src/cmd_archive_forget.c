/* cmd_archive_forget - recordings removed, by name or by age.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd_archive.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "src/age.h"
#include "src/log.h"
#include "src/now.h"
#include "src/report_table.h"

/* One run of a command. */
struct forget {
    const struct options *options;
    struct archive *archive;
    struct report_entry report;
    struct report_table table; /* for its width */
    /* purge: those that are to go */
    struct entry *old;
    size_t n, room;
    bool is_short; /* of memory */
};

static enum status forget_one(void *user, struct entry *t)
{
    struct forget *f = user;
    struct err e = { "" };

    if (!f->options->is_dry_run && archive_forget(f->archive, t, &e) < 0) {
        log_say(LOG_ERROR, "%s", e.text);
        return STATUS_INPUT;
    }
    report_entry_row(&f->report, t, stdout, f->table.width);
    return cmd_archive_flush(STATUS_OK);
}

static enum status begin(struct forget *f, const struct options *o)
{
    *f = (struct forget){ .options = o };
    report_table_init(&f->table, stdout);
    return cmd_archive_open(&f->archive, o, ARCHIVE_REMOVES);
}

static enum status exec_forget(const struct options *o,
                               const volatile sig_atomic_t *stop)
{
    struct forget f;
    enum status status = begin(&f, o);

    if (f.archive == NULL) /* then there is nothing of that name */
        return STATUS_INPUT;
    f.report = cmd_archive_report(f.archive, o);
    status = cmd_archive_each(f.archive, o, stop, forget_one, &f);
    archive_close(f.archive);
    return status;
}

static bool on_old(void *user, const struct entry *t)
{
    struct forget *f = user;

    if (f->n == f->room) {
        const size_t room = 2 * f->room + 64;
        struct entry *grown = realloc(f->old, room * sizeof *grown);

        f->is_short = grown == NULL;
        if (f->is_short)
            return false;
        f->old = grown;
        f->room = room;
    }
    f->old[f->n++] = *t;
    return true;
}

/* Those from before then; the moment itself stays. */
static int find_old(struct forget *f, double before_unix_s, struct err *e)
{
    const struct archive_filter filter = {
        .since_unix_s = NAN,
        .until_unix_s = nextafter(before_unix_s, -INFINITY),
    };
    const int status = archive_index_list(archive_get_index(f->archive),
                                          &filter, on_old, f, e);

    return status == 0 && f->is_short ? err_set(e, -ENOMEM, "out of memory")
                                      : status;
}

static enum status purge(struct forget *f, const volatile sig_atomic_t *stop,
                         double before_unix_s)
{
    struct err e = { "" };
    enum status status = STATUS_OK;

    if (find_old(f, before_unix_s, &e) < 0) {
        log_say(LOG_ERROR, "%s", e.text);
        return STATUS_INPUT;
    }
    for (size_t i = 0; i < f->n && status == STATUS_OK; i++)
        status = *stop ? STATUS_INTERRUPTED : forget_one(f, &f->old[i]);
    if (f->options->is_dry_run)
        log_say(LOG_NOTE, "%zu recording%s would be removed", f->n,
                f->n == 1 ? "" : "s");
    else if (f->n == 0)
        log_say(LOG_NOTE, "no recording is that old");
    return status;
}

static enum status exec_purge(const struct options *o,
                              const volatile sig_atomic_t *stop)
{
    struct forget f;
    double before_unix_s = NAN;
    enum status status;

    /* it was checked when it was parsed */
    age_parse(o->older, now_unix_s(), &before_unix_s, NULL);
    if (!(before_unix_s < now_unix_s())) {
        log_say(LOG_ERROR, "--older %s: is not in the past", o->older);
        return STATUS_USAGE;
    }
    status = begin(&f, o);
    if (f.archive == NULL)
        return status;
    f.report = cmd_archive_report(f.archive, o);
    status = purge(&f, stop, before_unix_s);
    archive_close(f.archive);
    free(f.old);
    return status;
}

const struct cmd cmd_archive_forget = {
    .name = "archive forget",
    .operands = "ID...",
    .summary = "removes recordings for good",
    .description =
        "Removes recordings from the archive, files and all. Nothing brings "
        "them back; what was exported stays where it is.",
    .set = CMD_ARCHIVE_FORGET,
    .exec = exec_forget,
};

const struct cmd cmd_archive_purge = {
    .name = "archive purge",
    .operands = "",
    .summary = "removes old recordings for good",
    .description =
        "Removes the recordings that are older than --older says, as forget "
        "does; --older must be given. With --dry-run it says which they are, "
        "and removes none.",
    .set = CMD_ARCHIVE_PURGE,
    .exec = exec_purge,
};
