/* cmd_archive_list - which recordings there are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd_archive.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "src/age.h"
#include "src/log.h"
#include "src/now.h"
#include "src/report_table.h"

/* Seconds from the first of a day, which a bare date stands for, to its last. */
#define LAST_OF_DAY_S 86399.999999

/* One run of the command. */
struct list {
    const struct options *options;
    const volatile sig_atomic_t *stop;
    struct report_entry report;
    struct report_table table; /* for its width */
    struct json *array;        /* --json: what is in the document */
    size_t n;
};

static bool on_entry(void *user, const struct entry *t)
{
    struct list *l = user;
    struct json *j = NULL;

    if (l->options->format != OUTPUT_TABLE)
        j = report_entry_json(&l->report, t);
    if (l->options->format == OUTPUT_JSON) {
        json_append(l->array, j);
    } else if (l->options->format == OUTPUT_JSONL) {
        if (!l->options->is_full)
            json_set_bool(j, "redacted", true);
        json_line(j, stdout);
        json_free(j);
    } else {
        if (l->n == 0)
            report_entry_heading(stdout, l->table.width);
        report_entry_row(&l->report, t, stdout, l->table.width);
    }
    l->n++;
    return !*l->stop && !ferror(stdout);
}

/* Times were checked when they were parsed. */
static double moment(const char *text, bool is_end)
{
    static const char date[] = "2026-03-29";
    double unix_s = NAN;

    if (text == NULL || age_parse(text, now_unix_s(), &unix_s, NULL) < 0)
        return NAN;
    return is_end && strlen(text) == strlen(date) && text[4] == '-'
               ? unix_s + LAST_OF_DAY_S
               : unix_s;
}

static bool has_filter(const struct options *o)
{
    return o->owner.label || o->model || o->fob || o->verdict || o->since ||
           o->until || o->n_bands > 0;
}

static enum status print_list(struct list *l, struct archive *a)
{
    const struct options *o = l->options;
    const struct archive_filter filter = {
        .label = o->owner.label,
        .model = o->model,
        .fob = o->fob,
        .verdict = o->verdict,
        .band_hz = o->band_hz,
        .n_bands = o->n_bands,
        .since_unix_s = moment(o->since, false),
        .until_unix_s = moment(o->until, true),
    };
    struct err e = { "" };

    if (archive_index_list(archive_get_index(a), &filter, on_entry, l, &e) <
        0) {
        log_say(LOG_ERROR, "%s", e.text);
        return STATUS_INPUT;
    }
    if (l->n == 0 && o->format == OUTPUT_TABLE)
        log_say(LOG_NOTE, has_filter(o) ? "no recording is like that"
                                        : "the archive is empty");
    return *l->stop ? STATUS_INTERRUPTED : STATUS_OK;
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct list l = { .options = o, .stop = stop };
    struct archive *a;
    enum status status = cmd_archive_open(&a, o, ARCHIVE_READS);

    if (status != STATUS_OK)
        return status;
    l.array = json_new_array();
    report_table_init(&l.table, stdout);
    if (a != NULL) {
        l.report = cmd_archive_report(a, o);
        status = print_list(&l, a);
    }
    archive_close(a);
    return cmd_archive_end(o, l.array, status);
}

const struct cmd cmd_archive_list = {
    .name = "archive list",
    .operands = "",
    .summary = "the recordings there are, a line each, newest last",
    .description =
        "Prints a line for each recording, the newest last: its ID, when it "
        "was made, what was sent and by which fob. With filters such as "
        "--label or --since, only the recordings that pass all of them. Fobs "
        "have pseudonyms, the same each time, so that the list can be shown "
        "to others; --full has their serials.",
    .set = CMD_ARCHIVE_LIST,
    .exec = exec,
};
