/* cmd_archive_show - all that is known of a recording.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd_archive.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "src/date.h"
#include "src/log.h"
#include "src/report_table.h"
#include "src/sigmf.h"

/* One run of the command. */
struct show {
    const struct options *options;
    struct archive *archive;
    struct report_entry report;
    struct json *array; /* --json: what is in the document */
    size_t n;
};

static void print_date(const char *what, double unix_s, const char *rest)
{
    char date[64];

    date_format(date, sizeof date, unix_s);
    if (date[0] != '\0')
        printf("  %-9s %.19sZ%s\n", what, date, rest);
    else if (rest[0] != '\0')
        printf("  %-9s at a time that is not known%s\n", what, rest);
}

static void print_facts(const struct show *s, const struct entry *t)
{
    char path[PATH_MAX], length[96] = "", lost[64] = "";

    snprintf(length, sizeof length, ", %.3f s",
             (double)t->samples / t->rate_hz);
    if (t->lost > 0)
        snprintf(lost, sizeof lost, ", %llu samples lost",
                 (unsigned long long)t->lost);
    strcat(length, lost);
    archive_path(s->archive, t, path);
    printf("%s\n", t->id);
    if (t->is_synthetic)
        printf("  %-9s computed, no fob was there\n", "synthetic");
    print_date("recorded", t->start_unix_s, length);
    print_date("added", t->added_unix_s, "");
    if (isfinite(t->centre_hz))
        printf("  %-9s %.6g MHz, ", "centre", t->centre_hz / 1e6);
    else
        printf("  %-9s ", "rate");
    printf("%.10g kS/s, %s\n", t->rate_hz / 1e3, t->datatype);
    for (size_t i = 0; i < OWNER_WORDS; i++) {
        const bool is_hidden =
            !s->report.is_full && strcmp(owner_names[i], "sticker") == 0;

        if (t->owner[i][0] != '\0')
            printf("  %-9s %s\n", owner_names[i],
                   is_hidden ? "(--full shows it)" : t->owner[i]);
    }
    printf("  %-9s %.32s...\n", "SHA-512", t->sha512);
    printf("  %-9s %s\n", "file", path);
}

static bool print_collection(void *user, const char *collection,
                             const char *title)
{
    (void)user;
    printf("  %-9s %s (%s)\n", "in", title, collection);
    return true;
}

static bool append_collection(void *user, const char *collection,
                              const char *title)
{
    struct json *list = user;
    struct json *o = json_new_object();

    json_set_string(o, "name", collection);
    json_set_string(o, "title", title);
    json_append(list, o);
    return true;
}

/* Which fobs were heard; the table below has room for the digits only. */
static void print_heard(const struct show *s, const struct entry *t)
{
    for (size_t i = 0; i < t->n_heard; i++) {
        const struct entry_heard *h = &t->heard[i];
        char fob[ENTRY_WORD];

        report_entry_fob(&s->report, h, fob);
        printf("  %-9s %s, %u frame%s, %s%s%s\n", "heard", h->model, h->frames,
               h->frames == 1 ? "" : "s", h->verdict,
               strcmp(fob, "-") != 0 ? ": " : "",
               strcmp(fob, "-") != 0 ? fob : "");
    }
}

/* fob-3f9a12bc: what is behind the hyphen. */
static void shorten_id(struct json *frame)
{
    const char *id = json_text(frame, "id");
    char digits[ENTRY_WORD];

    if (id == NULL || strncmp(id, "fob-", 4) != 0)
        return;
    snprintf(digits, sizeof digits, "%s", id + 4);
    json_set_string(frame, "id", digits);
}

/* Its frames as decode prints them. */
static void print_frames(const struct show *s, const struct json *annotations)
{
    struct report_table table;
    size_t bursts = 0;

    report_table_init(&table, stdout);
    for (size_t i = 0; i < json_size(annotations); i++) {
        const struct json *annotation = json_at(annotations, i);
        const struct json *frame = json_get(annotation, "fob:frame");
        const char *label = json_text(annotation, "core:label");

        if (frame != NULL) {
            struct json *shown = report_entry_frame(&s->report, frame);

            if (!s->report.is_full)
                shorten_id(shown);
            report_table_row(&table, shown);
            json_free(shown);
        } else if (label != NULL && strcmp(label, "burst") == 0) {
            bursts++;
        }
    }
    if (bursts > 0)
        printf("%zu burst%s without data\n", bursts, bursts == 1 ? "" : "s");
}

static struct json *new_frames(const struct show *s,
                               const struct json *annotations)
{
    struct json *list = json_new_array();

    for (size_t i = 0; i < json_size(annotations); i++) {
        const struct json *frame =
            json_get(json_at(annotations, i), "fob:frame");

        if (frame != NULL)
            json_append(list, report_entry_frame(&s->report, frame));
    }
    return list;
}

static void print(const struct show *s, const struct entry *t,
                  const struct json *annotations)
{
    if (s->n > 0)
        putchar('\n');
    print_facts(s, t);
    archive_index_collections(archive_get_index(s->archive), t->name,
                              print_collection, NULL, NULL);
    print_heard(s, t);
    print_frames(s, annotations);
}

static void append(struct show *s, const struct entry *t,
                   const struct json *annotations)
{
    struct json *o = report_entry_json(&s->report, t);
    struct json *collections = json_new_array();
    char path[PATH_MAX];

    archive_path(s->archive, t, path);
    json_set_string(o, "file", path);
    json_set_string(o, "sha512", t->sha512);
    archive_index_collections(archive_get_index(s->archive), t->name,
                              append_collection, collections, NULL);
    json_set(o, "collections", collections);
    json_set(o, "frames", new_frames(s, annotations));
    json_append(s->array, o);
}

static enum status show_one(void *user, struct entry *t)
{
    struct show *s = user;
    char path[PATH_MAX];
    struct err e = { "" };
    struct json *document;

    archive_path(s->archive, t, path);
    if (archive_check(s->archive, t, &e) < 0 ||
        sigmf_load(&document, path, &e) < 0) {
        log_say(LOG_ERROR, "%s", e.text);
        return STATUS_INPUT;
    }
    if (s->options->format == OUTPUT_JSON)
        append(s, t, json_get(document, "annotations"));
    else
        print(s, t, json_get(document, "annotations"));
    s->n++;
    json_free(document);
    return STATUS_OK;
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct show s = { .options = o };
    enum status status = cmd_archive_open(&s.archive, o, ARCHIVE_READS);

    if (s.archive == NULL)
        return STATUS_INPUT;
    s.report = cmd_archive_report(s.archive, o);
    s.array = json_new_array();
    status = cmd_archive_each(s.archive, o, stop, show_one, &s);
    archive_close(s.archive);
    return cmd_archive_end(o, s.array, status);
}

const struct cmd cmd_archive_show = {
    .name = "archive show",
    .operands = "ID...",
    .summary = "all that is known of a recording",
    .description =
        "Prints all that the archive knows of each recording: where and when "
        "it was made, the bursts and frames in it, and what you said of the "
        "fob.",
    .set = CMD_ARCHIVE_SHOW,
    .exec = exec,
};
