/* cmd_archive_add - recordings that exist somewhere, kept in the archive.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd_archive.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/inputs.h"
#include "src/keep.h"
#include "src/log.h"
#include "src/sigmf.h"
#include "src/sigmf_rules.h"
#include "src/source.h"

/* SigMF bounds no collection; more than this nobody compares. */
enum { COLLECTED_MAX = 1000 };

/* One run of the command. */
struct add {
    const struct options *options;
    const volatile sig_atomic_t *stop;
    struct archive *archive;
    struct report_entry report;
    struct progress progress;
    struct json *array;        /* --json: what was kept */
    char (*names)[ENTRY_NAME]; /* of what belongs together */
    size_t n;
    enum status status;
};

static void fail(struct add *a, const char *name, const struct err *e)
{
    progress_hide(&a->progress);
    log_fault(name, e);
    a->status = STATUS_INPUT;
}

static void collect(struct add *a, const struct entry *t)
{
    if (a->options->collection != NULL && a->n < COLLECTED_MAX)
        memcpy(a->names[a->n], t->name, sizeof t->name);
    a->n++;
}

/* It is in the archive when this is read. */
static void tell(struct add *a, const char *name, const struct entry *t,
                 const char *what)
{
    struct json *o;

    collect(a, t);
    if (a->options->format == OUTPUT_JSON) {
        o = report_entry_json(&a->report, t);
        json_set_string(o, "file", name);
        json_set_bool(o, "is_new", strcmp(what, "kept") == 0);
        json_append(a->array, o);
        return;
    }
    printf("%s  %s  %s\n", t->id, what, name);
    if (cmd_archive_flush(STATUS_OK) != STATUS_OK)
        a->status = STATUS_INPUT;
}

static bool has_owner(const struct owner_words *w)
{
    for (size_t i = 0; i < OWNER_WORDS; i++)
        if (owner_word(w, i) != NULL)
            return true;
    return false;
}

/* The same samples are there: what is new are the owner's words. */
static void add_words(struct add *a, const char *name, struct entry *t)
{
    const struct options *o = a->options;
    struct err e = { "" };

    if (!has_owner(&o->owner)) {
        tell(a, name, t, "is there");
        return;
    }
    if (archive_relabel(a->archive, t, &o->owner, &e) < 0)
        fail(a, name, &e);
    else
        tell(a, name, t, "relabelled");
}

/* Whether the same samples mean the same signal. */
static bool is_same_signal(struct add *a, const struct source_info *info,
                           const struct entry *t, const char *name)
{
    struct err e;

    if (t->rate_hz == info->rate_hz &&
        strcmp(t->datatype, sigmf_datatype(info->format)) == 0)
        return true;
    err_set(&e, -EEXIST,
            "its samples are in the archive as %s, %s at %.10g kS/s: forget "
            "that first",
            t->id, t->datatype, t->rate_hz / 1e3);
    fail(a, name, &e);
    return false;
}

static void take(struct add *a, struct source *s, const char *meta,
                 const char *name)
{
    struct err e = { "" };
    struct entry t;
    bool is_old;

    if (archive_take(a->archive, meta, &t, &is_old, &e) < 0) {
        fail(a, name, &e);
        archive_drop(a->archive, meta);
    } else if (!is_old) {
        tell(a, name, &t, "kept");
    } else if (is_same_signal(a, source_info(s), &t, name)) {
        add_words(a, name, &t);
    }
}

static void first_fault(void *user, const char *sentence)
{
    struct err *first = user;

    if (first->text[0] == '\0')
        err_set(first, 0, "%s", sentence);
}

/* The metadata that the samples came with, where it can be built upon. */
static struct json *load_former(const char *spec, struct source *s,
                                const char *name)
{
    char path[PATH_MAX];
    struct err why = { "" };
    struct json *document;
    const size_t n = strlen(spec);
    const uint64_t total = source_info(s)->total;

    if (n < 12 || n >= sizeof path || strncmp(spec + n - 11, ".sigmf-", 7))
        return NULL;
    snprintf(path, sizeof path, "%s", spec);
    memcpy(path + n - 4, "meta", 4);
    if (sigmf_load(&document, path, NULL) < 0)
        return NULL;
    if (sigmf_rules_check(document, total > 0 ? total : UINT64_MAX, first_fault,
                          &why) == 0)
        return document;
    log_say(LOG_NOTE,
            "%s: its own metadata is left out, which breaks a rule "
            "of SigMF: %s",
            name, why.text);
    json_free(document);
    return NULL;
}

static void add_source(struct add *a, const char *spec, struct source *s)
{
    const struct options *o = a->options;
    const char *name = source_name(s);
    struct json *former = load_former(spec, s, name);
    const struct keep_cfg cfg = {
        .folder = archive_work(a->archive),
        .is_cut = o->is_cut,
        .pre_s = o->pre_s,
        .post_s = o->post_s,
        .owner = o->owner,
        .former = former,
        .progress = &a->progress,
        .stop = a->stop,
    };
    char meta[PATH_MAX];
    struct err e = { "" };
    size_t left_out;
    int status;

    progress_init(&a->progress, name, source_info(s)->total,
                  source_info(s)->rate_hz);
    status = keep_recording(s, &cfg, meta, &left_out, &e);
    progress_hide(&a->progress);
    json_free(former);
    if (status == -EINTR && *a->stop)
        return;
    if (status < 0) {
        fail(a, name, &e);
        return;
    }
    if (source_warning(s) != NULL)
        log_say(LOG_WARNING, "%s", source_warning(s));
    if (left_out > 0)
        log_say(LOG_WARNING, "%s: %zu bursts and frames are not noted in it",
                name, left_out);
    take(a, s, meta, name);
}

static void add_item(void *user, const struct input_item *item)
{
    struct add *a = user;
    const struct source_defaults defaults = { a->options->rate_hz,
                                              a->options->centre_hz };
    struct source *s = NULL;
    struct err e = { "" };

    if (*a->stop)
        return;
    if (item->entry != NULL) {
        struct entry t = *item->entry;

        add_words(a, t.id, &t);
        return;
    }
    if (source_open_as(&s, item->spec, item->name, &defaults, &e) < 0)
        fail(a, item->name, &e);
    else
        add_source(a, item->spec, s);
    source_close(s);
}

/* What was added and what was there already belong together now. */
static void make_collection(struct add *a)
{
    char collection[ENTRY_NAME];
    struct err e = { "" };

    if (a->options->collection == NULL || a->n == 0 || *a->stop)
        return;
    if (archive_collect(a->archive, a->options->collection,
                        (const char(*)[ENTRY_NAME])a->names, a->n, collection,
                        &e) < 0)
        fail(a, NULL, &e);
    else if (a->options->format == OUTPUT_TABLE)
        printf("%s  %zu recording%s of \"%s\"\n", collection, a->n,
               a->n == 1 ? "" : "s", a->options->collection);
}

static enum status add_all(struct add *a)
{
    const struct options *o = a->options;
    struct inputs in;

    inputs_open(&in, NULL, a->archive);
    for (size_t i = 0; i < o->n_operands && !*a->stop; i++) {
        struct err e = { "" };

        if (inputs_each(&in, o->operands[i], add_item, a, &e) < 0)
            fail(a, NULL, &e);
    }
    inputs_close(&in);
    make_collection(a);
    return *a->stop ? STATUS_INTERRUPTED : a->status;
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct add a = { .options = o, .stop = stop };
    enum status status = cmd_archive_open(&a.archive, o, ARCHIVE_WRITES);

    if (status != STATUS_OK)
        return status;
    a.report = cmd_archive_report(a.archive, o);
    a.array = json_new_array();
    a.names = calloc(COLLECTED_MAX, sizeof *a.names);
    status = a.names != NULL ? add_all(&a) : STATUS_INPUT;
    if (a.names == NULL)
        log_say(LOG_ERROR, "out of memory");
    archive_close(a.archive);
    free(a.names);
    return cmd_archive_end(o, a.array, status);
}

const struct cmd cmd_archive_add = {
    .name = "archive add",
    .operands = "FILE...",
    .summary = "keeps recordings, with what you know of the fob",
    .description =
        "Decodes each file and keeps it in the archive as a SigMF pair that "
        "only you may read. A FILE is any input of decode but pulses, a "
        ".sigmf archive with any number of recordings, or what is in the "
        "archive already: a file of the same samples, or an ID. That is not "
        "kept twice, but gets the new label, car, buttons, sticker and note, "
        "as far as they are given. What you type in is for you: export leaves "
        "it out.",
    .set = CMD_ARCHIVE_ADD,
    .exec = exec,
};
