/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/printer.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/json.h"

/* Keeps the first error of the output. Call it right after a write. */
static void note_output(struct printer *p, int status)
{
    if (p->error != 0)
        return;
    if (status == -ENOMEM)
        p->error = ENOMEM;
    else if (status != 0 || ferror(p->out))
        p->error = errno != 0 ? errno : EIO;
}

/* Writes one object in the format asked for, and frees it. */
static void emit(struct printer *p, struct json *j)
{
    int status = 0;

    progress_hide(&p->progress);
    errno = 0;
    switch (p->options->format) {
    case OUTPUT_TABLE:
        report_table_row(&p->table, j);
        break;
    case OUTPUT_JSON:
        fputs(p->has_items ? "," : "", p->out);
        p->has_items = true;
        status = json_line(j, p->out);
        break;
    case OUTPUT_JSONL:
        status = json_line(j, p->out);
        break;
    case OUTPUT_CSV:
        report_csv_row(&p->csv, j);
        break;
    }
    note_output(p, status);
    json_free(j);
}

static void on_frame(void *user, const struct frame *f, unsigned press)
{
    struct printer *p = user;

    emit(p, report_json_frame(f, press, &p->origin));
}

static void on_burst(void *user, const struct burst_report *b)
{
    struct printer *p = user;

    if (b->n_frames == 0)
        p->idle_bursts++;
    if (p->options->has_bursts)
        emit(p, report_json_burst(b, &p->origin));
}

static void on_chips(void *user, const struct chip_report *c)
{
    struct printer *p = user;
    const struct options *o = p->options;

    if (o->format != OUTPUT_TABLE) {
        if (o->has_chips)
            emit(p, report_json_chips(c, &p->origin));
        if (o->has_pulses)
            emit(p, report_json_pulses(c, &p->origin));
        return;
    }
    progress_hide(&p->progress);
    errno = 0;
    if (o->has_chips)
        report_table_chips(&p->table, c, p->origin.rate_hz);
    if (o->has_pulses)
        report_table_pulses(&p->table, c, p->origin.rate_hz);
    note_output(p, 0);
}

static bool is_file(const char *path, const struct stat *output)
{
    struct stat st;

    return stat(path, &st) == 0 && st.st_dev == output->st_dev &&
           st.st_ino == output->st_ino;
}

/* The other half of a SigMF pair, whichever path names. */
static bool is_partner(const char *path, const struct stat *output)
{
    static const char *const halves[2] = { ".sigmf-meta", ".sigmf-data" };
    const size_t n = strlen(path);
    char other[PATH_MAX];

    for (size_t i = 0; i < 2; i++) {
        const size_t m = strlen(halves[i]);
        if (n < m || n >= sizeof other || strcmp(path + n - m, halves[i]) != 0)
            continue;
        memcpy(other, path, n - m);
        memcpy(other + n - m, halves[1 - i], m + 1);
        return is_file(other, output);
    }
    return false;
}

/* Whether writing to output would destroy the recording that spec names; the
 * overrides in front of a path end in colons. */
static bool is_input(const char *spec, const struct stat *output)
{
    const char *colon = strrchr(spec, ':');
    const char *path = colon != NULL ? colon + 1 : spec;
    struct stat st;

    if (!S_ISREG(output->st_mode))
        return false;
    if (strcmp(path, "-") == 0)
        return fstat(STDIN_FILENO, &st) == 0 && st.st_dev == output->st_dev &&
               st.st_ino == output->st_ino;
    return is_file(spec, output) || is_partner(spec, output) ||
           is_file(path, output) || is_partner(path, output);
}

/* Whether the file that output names is one that is read. */
static bool is_any_input(const struct options *o)
{
    struct stat st;

    if (stat(o->output, &st) != 0)
        return false;
    for (size_t i = 0; i < o->n_operands; i++)
        if (is_input(o->operands[i], &st))
            return true;
    return o->device != NULL && is_input(o->device, &st);
}

static int open_output(struct printer *p)
{
    const char *path = p->options->output;

    p->out = stdout;
    if (path == NULL)
        return 0;
    if (is_any_input(p->options)) {
        log_say(LOG_ERROR, "%s: is an input, and will not be overwritten",
                path);
        return -EEXIST;
    }
    p->out = fopen(path, "w");
    if (p->out != NULL)
        return 0;
    log_say(LOG_ERROR, "%s: %s", path, strerror(errno));
    return -errno;
}

int printer_open(struct printer *p, const struct options *o, bool has_files)
{
    int status;

    *p = (struct printer){ .options = o, .has_files = has_files };
    status = open_output(p);
    if (status < 0)
        return status;
    report_table_init(&p->table, p->out);
    p->table.has_bits = o->has_bits;
    if (o->format == OUTPUT_CSV) {
        report_csv_init(&p->csv, p->out, p->has_files, o->has_bursts);
        report_csv_header(&p->csv);
    } else if (o->format == OUTPUT_JSON) {
        fprintf(p->out, "{\"schema\": \"fobscope.%s/1\", \"frames\": [\n",
                o->cmd->name);
    }
    return 0;
}

struct pipeline_sink printer_sink(struct printer *p)
{
    const struct options *o = p->options;
    struct pipeline_sink sink = { .user = p,
                                  .frame = on_frame,
                                  .burst = on_burst };

    if (o->has_chips || o->has_pulses)
        sink.chips = on_chips;
    return sink;
}

void printer_flush(struct printer *p)
{
    errno = 0;
    if (fflush(p->out) != 0)
        note_output(p, -EIO);
}

static void put_summary(struct printer *p, const struct pipeline_totals *t,
                        size_t files)
{
    struct json *j = report_json_summary(t, files);
    int status = 0;

    if (p->options->format == OUTPUT_JSON) {
        fputs(", \"summary\": ", p->out);
        status = json_line(j, p->out);
    } else if (p->options->format == OUTPUT_JSONL) {
        status = json_line(j, p->out);
    } else if (p->options->format == OUTPUT_TABLE) {
        report_table_summary(&p->table, t, files);
    } else {
        log_say(LOG_NOTE,
                "frames: %" PRIu64 ", bursts: %" PRIu64 ", samples: %" PRIu64
                ", lost: %" PRIu64,
                t->frames, t->bursts, t->samples, t->lost);
    }
    note_output(p, status);
    json_free(j);
}

static void end_output(struct printer *p, const struct pipeline_totals *t,
                       size_t files)
{
    bool is_document = p->options->format == OUTPUT_JSON;

    errno = 0;
    if (is_document)
        fputs("]", p->out);
    if (p->options->has_summary)
        put_summary(p, t, files);
    if (is_document)
        fputs("}\n", p->out);
    note_output(p, 0);
    printer_flush(p);
}

/* Whoever closes a pipe has read enough; that is no news to them. */
enum status printer_close(struct printer *p, const struct pipeline_totals *t,
                          size_t files, enum status status)
{
    const char *name = p->options->output;

    end_output(p, t, files);
    if (p->out != stdout) {
        errno = 0;
        if (fclose(p->out) != 0 && p->error == 0)
            p->error = errno;
    }
    if (p->error != 0 && p->error != EPIPE)
        log_say(LOG_ERROR, "%s: %s", name != NULL ? name : "standard output",
                strerror(p->error));
    return p->error != 0 ? STATUS_INPUT : status;
}
