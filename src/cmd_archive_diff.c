/* cmd_archive_diff - what is different between two recordings.
 *
 * Compares what the archive shows of them, as it shows it: whether a difference
 * of a carrier or a level means anything is for `compare` to say.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd_archive.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/log.h"
#include "src/sigmf.h"

enum { VALUE_MAX = 256, SUMS = 3 };

/* A recording, and what its frames say together. */
struct side {
    struct entry entry;
    struct json *document;
    double sum[SUMS]; /* of the frames' numbers, in the order of `numbers` */
    size_t n[SUMS];
    char buttons[VALUE_MAX], kinds[VALUE_MAX];
};

/* One run of the command. */
struct diff {
    const struct options *options;
    struct archive *archive;
    struct report_entry report;
    struct side side[2];
    struct json *array; /* --json: rows */
    size_t differences;
};

/* What is averaged over the frames of a recording. */
static const struct {
    const char *name, *key, *unit;
    bool is_of_fob; /* the key is under "fob" */
    double scale;
    int decimals;
} numbers[SUMS] = {
    { "carrier", "carrier_hz", "kHz", true, 1e-3, 1 },
    { "TE", "te_us", "us", true, 1, 0 },
    { "level", "rssi", "dBFS", false, 1, 0 },
};

/* Adds word to a list with commas, if it is not in it. */
static void add_word(char list[VALUE_MAX], const char *text)
{
    const size_t n = strlen(list);
    char word[VALUE_MAX];
    size_t m;

    snprintf(word, sizeof word, "%s", text);
    err_clean(word);
    m = strlen(word);

    for (const char *s = list; *s != '\0'; s += strcspn(s, ",")) {
        s += strspn(s, ", ");
        if (strncmp(s, word, m) == 0 && (s[m] == ',' || s[m] == '\0'))
            return;
    }
    if (m > 0 && n + m + 3 < VALUE_MAX)
        sprintf(list + n, "%s%s", n > 0 ? ", " : "", word);
}

static void add_button(struct side *s, const struct json *frame)
{
    const char *name = json_text(frame, "button_str");
    const double number = json_number(frame, "button", NAN);
    char text[64] = "";

    if (name != NULL)
        snprintf(text, sizeof text, "%s", name);
    else if (isfinite(number))
        snprintf(text, sizeof text, "%.0f", number);
    add_word(s->buttons, text);
}

static void add_frame(struct side *s, const struct json *frame)
{
    const struct json *fob = json_get(frame, "fob");
    const char *mod = json_text(frame, "mod");
    const char *code = json_text(fob, "line_code");
    char kind[64];

    for (size_t i = 0; i < SUMS; i++) {
        const double x = json_number(numbers[i].is_of_fob ? fob : frame,
                                     numbers[i].key, NAN);

        s->sum[i] += isfinite(x) ? x : 0;
        s->n[i] += isfinite(x) ? 1 : 0;
    }
    add_button(s, frame);
    snprintf(kind, sizeof kind, "%.20s %.20s", mod != NULL ? mod : "?",
             code != NULL ? code : "?");
    add_word(s->kinds, kind);
}

static void add_frames(struct side *s)
{
    const struct json *annotations = json_get(s->document, "annotations");

    for (size_t i = 0; i < json_size(annotations); i++) {
        const struct json *frame =
            json_get(json_at(annotations, i), "fob:frame");

        if (frame != NULL)
            add_frame(s, frame);
    }
}

static void add_row(struct diff *d, const char *name, const char *a,
                    const char *b)
{
    const bool is_same = strcmp(a, b) == 0;

    d->differences += !is_same;
    if (d->options->format == OUTPUT_JSON) {
        struct json *o = json_new_object();

        json_set_string(o, "name", name);
        json_set_string(o, "a", a);
        json_set_string(o, "b", b);
        json_set_bool(o, "same", is_same);
        json_append(d->array, o);
    } else if (!is_same) {
        printf("%-9s %-30s %s\n", name, a[0] != '\0' ? a : "-",
               b[0] != '\0' ? b : "-");
    }
}

static void list_heard(const struct diff *d, const struct side *s,
                       char models[VALUE_MAX], char fobs[VALUE_MAX])
{
    models[0] = fobs[0] = '\0';
    for (size_t i = 0; i < s->entry.n_heard; i++) {
        char fob[ENTRY_WORD];

        report_entry_fob(&d->report, &s->entry.heard[i], fob);
        add_word(models, s->entry.heard[i].model);
        if (strcmp(fob, "-") != 0)
            add_word(fobs, fob);
    }
}

static void add_heard(struct diff *d)
{
    char models[2][VALUE_MAX], fobs[2][VALUE_MAX];

    for (size_t i = 0; i < 2; i++)
        list_heard(d, &d->side[i], models[i], fobs[i]);
    add_row(d, "model", models[0], models[1]);
    add_row(d, "fob", fobs[0], fobs[1]);
    add_row(d, "verdict", entry_verdict(&d->side[0].entry),
            entry_verdict(&d->side[1].entry));
    add_row(d, "buttons", d->side[0].buttons, d->side[1].buttons);
    add_row(d, "keyed", d->side[0].kinds, d->side[1].kinds);
}

static void add_numbers(struct diff *d)
{
    for (size_t i = 0; i < SUMS; i++) {
        char text[2][VALUE_MAX] = { "", "" };

        for (size_t j = 0; j < 2; j++) {
            const struct side *s = &d->side[j];

            if (s->n[i] > 0)
                snprintf(text[j], VALUE_MAX, "%.*f %s", numbers[i].decimals,
                         s->sum[i] / (double)s->n[i] * numbers[i].scale,
                         numbers[i].unit);
        }
        add_row(d, numbers[i].name, text[0], text[1]);
    }
}

/* How the recordings were made. */
static void add_receiver(struct diff *d)
{
    char date[2][REPORT_DATE], rate[2][VALUE_MAX], centre[2][VALUE_MAX];

    for (size_t i = 0; i < 2; i++) {
        const struct entry *t = &d->side[i].entry;

        report_entry_date(t->start_unix_s, date[i]);
        snprintf(rate[i], VALUE_MAX, "%.10g kS/s, %s", t->rate_hz / 1e3,
                 t->datatype);
        snprintf(centre[i], VALUE_MAX, "%.10g kHz", t->centre_hz / 1e3);
        if (isnan(t->centre_hz))
            centre[i][0] = '\0';
    }
    add_row(d, "recorded", date[0], date[1]);
    add_row(d, "rate", rate[0], rate[1]);
    add_row(d, "centre", centre[0], centre[1]);
}

static void add_owner(struct diff *d)
{
    for (size_t i = 0; i < OWNER_WORDS; i++) {
        const bool is_hidden =
            !d->report.is_full && strcmp(owner_names[i], "sticker") == 0;
        const char *a = d->side[0].entry.owner[i];
        const char *b = d->side[1].entry.owner[i];

        if (is_hidden && strcmp(a, b) != 0)
            add_row(d, owner_names[i], "(--full shows it)", "(another)");
        else if (!is_hidden)
            add_row(d, owner_names[i], a, b);
    }
}

static int open_side(struct diff *d, size_t i, struct err *e)
{
    struct side *s = &d->side[i];
    char path[PATH_MAX];
    int status =
        archive_find(d->archive, d->options->operands[i], &s->entry, e);

    if (status < 0)
        return status;
    archive_path(d->archive, &s->entry, path);
    status = archive_check(d->archive, &s->entry, e);
    if (status < 0)
        return status;
    status = sigmf_load(&s->document, path, e);
    if (status == 0)
        add_frames(s);
    return status;
}

static void compare(struct diff *d)
{
    add_receiver(d);
    add_owner(d);
    add_heard(d);
    add_numbers(d);
}

static enum status print(struct diff *d)
{
    struct json *more;

    if (d->options->format != OUTPUT_JSON) {
        printf("%-9s %-30s %s\n", "", d->side[0].entry.id, d->side[1].entry.id);
        compare(d);
        if (d->differences == 0)
            puts("nothing is different");
        return STATUS_OK;
    }
    compare(d);
    more = json_new_object();
    json_set_string(more, "a", d->side[0].entry.id);
    json_set_string(more, "b", d->side[1].entry.id);
    json_set(more, "rows", d->array);
    d->array = NULL;
    return cmd_archive_document(d->options, "fobscope.archive-diff/1", more);
}

static enum status run(struct diff *d)
{
    struct err e = { "" };
    enum status status;

    if (open_side(d, 0, &e) < 0 || open_side(d, 1, &e) < 0) {
        log_say(LOG_ERROR, "%s", e.text);
        return STATUS_INPUT;
    }
    d->array = json_new_array();
    status = print(d);
    return status == STATUS_OK && d->differences > 0 ? STATUS_FAULT : status;
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct diff *d = calloc(1, sizeof *d);
    enum status status = STATUS_INPUT;

    (void)stop;
    if (d == NULL) {
        log_say(LOG_ERROR, "out of memory");
        return status;
    }
    d->options = o;
    if (cmd_archive_open(&d->archive, o, ARCHIVE_READS) == STATUS_OK &&
        d->archive != NULL) {
        d->report = cmd_archive_report(d->archive, o);
        status = run(d);
    }
    archive_close(d->archive);
    json_free(d->side[0].document);
    json_free(d->side[1].document);
    json_free(d->array);
    free(d);
    return status;
}

const struct cmd cmd_archive_diff = {
    .name = "archive diff",
    .operands = "ID ID",
    .summary = "what is different between two recordings",
    .description =
        "Compares two recordings, of one fob at two times or of two fobs, and "
        "prints what is different. The exit status is 0 if nothing is, 1 if "
        "something is.",
    .set = CMD_ARCHIVE_DIFF,
    .exec = exec,
};
