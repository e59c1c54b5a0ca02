/* cmd_decode - every frame of some recordings, as a table, JSON or CSV.
 *
 * Each file goes through a fresh pipeline; what comes out is written at once,
 * so memory does not grow with the length of a recording.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/err.h"
#include "src/json.h"
#include "src/log.h"
#include "src/options.h"
#include "src/pipeline.h"
#include "src/report_csv.h"
#include "src/report_json.h"
#include "src/report_table.h"
#include "src/source.h"

/* The largest sample: two rails of four bytes. */
#define SAMPLE_BYTES_MAX 8

/* One run of the command. */
struct decode {
    const struct options *options;
    const volatile sig_atomic_t *stop;
    FILE *out;
    int error; /* the first errno of writing; 0: none */
    struct report_table table;
    struct report_csv csv;
    bool has_items; /* of the JSON document's array */
    void *block;    /* options->block_samples samples or pulses */
    struct pipeline_totals totals;
    enum status status;

    /* Of the file under way. */
    struct report_origin origin;
    struct progress progress;
    uint64_t idle_bursts; /* bursts from which no frame came */
};

static bool is_over(const struct decode *d)
{
    return *d->stop || d->error != 0;
}

/* Keeps the first error of the output. Call it right after a write. */
static void note_output(struct decode *d, int status)
{
    if (d->error != 0)
        return;
    if (status == -ENOMEM)
        d->error = ENOMEM;
    else if (status != 0 || ferror(d->out))
        d->error = errno != 0 ? errno : EIO;
}

/* Writes one object in the format asked for, and frees it. */
static void emit(struct decode *d, struct json *j)
{
    int status = 0;

    progress_hide(&d->progress);
    errno = 0;
    switch (d->options->format) {
    case OUTPUT_TABLE:
        report_table_row(&d->table, j);
        break;
    case OUTPUT_JSON:
        fputs(d->has_items ? "," : "", d->out);
        d->has_items = true;
        status = json_line(j, d->out);
        break;
    case OUTPUT_JSONL:
        status = json_line(j, d->out);
        break;
    case OUTPUT_CSV:
        report_csv_row(&d->csv, j);
        break;
    }
    note_output(d, status);
    json_free(j);
}

static void on_frame(void *user, const struct frame *f, unsigned press)
{
    struct decode *d = user;

    emit(d, report_json_frame(f, press, &d->origin));
}

static void on_burst(void *user, const struct burst_report *b)
{
    struct decode *d = user;

    if (b->n_frames == 0)
        d->idle_bursts++;
    if (d->options->has_bursts)
        emit(d, report_json_burst(b, &d->origin));
}

static void on_chips(void *user, const struct chip_report *c)
{
    struct decode *d = user;
    const struct options *o = d->options;

    if (o->format != OUTPUT_TABLE) {
        if (o->has_chips)
            emit(d, report_json_chips(c, &d->origin));
        if (o->has_pulses)
            emit(d, report_json_pulses(c, &d->origin));
        return;
    }
    progress_hide(&d->progress);
    errno = 0;
    if (o->has_chips)
        report_table_chips(&d->table, c, d->origin.rate_hz);
    if (o->has_pulses)
        report_table_pulses(&d->table, c, d->origin.rate_hz);
    note_output(d, 0);
}

/* One block from the source into the pipeline. As source_read. */
static ssize_t step(struct decode *d, struct source *s, struct pipeline *p,
                    struct err *e)
{
    size_t room = d->options->block_samples;
    ssize_t n;

    if (source_info(s)->kind == SOURCE_PULSES) {
        n = source_read_pulses(s, d->block, room, e);
        if (n > 0)
            pipeline_process_pulses(p, d->block, (size_t)n);
    } else {
        n = source_read(s, d->block, room, e);
        if (n > 0)
            pipeline_process(p, d->block, (size_t)n);
    }
    return n;
}

/* Until the end of the source, or of patience. 0; negative errno. */
static int run(struct decode *d, struct source *s, struct pipeline *p,
               struct err *e)
{
    ssize_t n = 0;

    while (!is_over(d)) {
        n = step(d, s, p, e);
        if (n <= 0)
            break;
        progress_update(&d->progress, pipeline_totals(p).samples);
        errno = 0;
        if (fflush(d->out) != 0)
            note_output(d, -EIO);
    }
    pipeline_flush(p);
    progress_hide(&d->progress);
    return n < 0 && !is_over(d) ? (int)n : 0;
}

/* A table of nothing needs a word. */
static void explain_nothing(const struct decode *d, const char *name,
                            const struct pipeline_totals *t)
{
    if (d->options->format != OUTPUT_TABLE || t->frames > 0 || is_over(d))
        return;
    log_say(LOG_NOTE,
            "%s: no frames; %" PRIu64 " burst%s without data; %.1f s read",
            name, d->idle_bursts, d->idle_bursts == 1 ? "" : "s",
            (double)t->samples / d->origin.rate_hz);
}

static void add_totals(struct decode *d, const struct pipeline_totals *t)
{
    d->totals.samples += t->samples;
    d->totals.lost += t->lost;
    d->totals.bursts += t->bursts;
    d->totals.frames += t->frames;
}

/* 0; negative errno with a sentence. */
static int decode_source(struct decode *d, struct source *s, struct err *e)
{
    const struct options *o = d->options;
    bool is_one = o->n_operands == 1;
    struct pipeline_cfg cfg = {
        .input = *source_info(s),
        .is_every = o->is_every,
        .is_all = o->is_all,
        .sink = { .user = d, .frame = on_frame, .burst = on_burst },
    };
    struct pipeline_totals totals;
    struct pipeline *p;
    struct err fault;
    int status;

    if (o->has_chips || o->has_pulses)
        cfg.sink.chips = on_chips;
    status = pipeline_create(&p, &cfg, &fault);
    if (status < 0)
        return err_set(e, status, "%s: %s", source_name(s), fault.text);
    d->origin = (struct report_origin){
        .file = is_one ? NULL : source_name(s),
        .rate_hz = cfg.input.rate_hz,
        .centre_hz = cfg.input.centre_hz,
    };
    d->idle_bursts = 0;
    progress_init(&d->progress, source_name(s), cfg.input.total,
                  cfg.input.rate_hz);
    status = run(d, s, p, e);
    totals = pipeline_totals(p);
    add_totals(d, &totals);
    if (status == 0)
        explain_nothing(d, source_name(s), &totals);
    pipeline_destroy(p);
    return status;
}

/* A fault of a file is said, kept for the exit status, and no more. */
static void decode_file(struct decode *d, const char *spec)
{
    const struct options *o = d->options;
    struct source_defaults defaults = { o->rate_hz, o->centre_hz };
    struct err e = { .text = "" };
    struct source *s = NULL;
    int status = source_open(&s, spec, &defaults, &e);

    if (status == 0) {
        if (o->format == OUTPUT_TABLE && o->n_operands > 1)
            report_table_heading(&d->table, source_name(s));
        status = decode_source(d, s, &e);
        /* so that talk comes after what it is about */
        if (fflush(d->out) != 0 && d->error == 0)
            d->error = errno;
    }
    if (status < 0 && !(status == -EINTR && *d->stop)) {
        log_say(LOG_ERROR, "%s", e.text);
        d->status = STATUS_INPUT;
    } else if (status == 0 && source_warning(s) != NULL) {
        log_say(LOG_WARNING, "%s", source_warning(s));
    }
    source_close(s);
}

static void start_output(struct decode *d)
{
    const struct options *o = d->options;

    report_table_init(&d->table, d->out);
    d->table.has_bits = o->has_bits;
    if (o->format == OUTPUT_CSV) {
        report_csv_init(&d->csv, d->out, o->n_operands > 1, o->has_bursts);
        report_csv_header(&d->csv);
    } else if (o->format == OUTPUT_JSON) {
        fputs("{\"schema\": \"fobscope.decode/1\", \"frames\": [\n", d->out);
    }
}

static void put_summary(struct decode *d)
{
    struct json *j = report_json_summary(&d->totals, d->options->n_operands);
    int status = 0;

    if (d->options->format == OUTPUT_JSON) {
        fputs(", \"summary\": ", d->out);
        status = json_line(j, d->out);
    } else if (d->options->format == OUTPUT_JSONL) {
        status = json_line(j, d->out);
    } else if (d->options->format == OUTPUT_TABLE) {
        report_table_summary(&d->table, &d->totals, d->options->n_operands);
    } else {
        log_say(LOG_NOTE,
                "frames: %" PRIu64 ", bursts: %" PRIu64 ", samples: %" PRIu64
                ", lost: %" PRIu64,
                d->totals.frames, d->totals.bursts, d->totals.samples,
                d->totals.lost);
    }
    note_output(d, status);
    json_free(j);
}

static void end_output(struct decode *d)
{
    bool is_document = d->options->format == OUTPUT_JSON;

    errno = 0;
    if (is_document)
        fputs("]", d->out);
    if (d->options->has_summary)
        put_summary(d);
    if (is_document)
        fputs("}\n", d->out);
    note_output(d, 0);
    errno = 0;
    if (fflush(d->out) != 0)
        note_output(d, -EIO);
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

/* NULL, and a sentence, if it cannot be. */
static FILE *open_output(const struct options *o)
{
    struct stat st;
    FILE *out;

    if (o->output == NULL)
        return stdout;
    for (size_t i = 0; stat(o->output, &st) == 0 && i < o->n_operands; i++) {
        if (is_input(o->operands[i], &st)) {
            log_say(LOG_ERROR, "%s: is an input, and will not be overwritten",
                    o->output);
            return NULL;
        }
    }
    out = fopen(o->output, "w");
    if (out == NULL)
        log_say(LOG_ERROR, "%s: %s", o->output, strerror(errno));
    return out;
}

/* Whoever closes a pipe has read enough; that is no news to them. */
static enum status end_status(const struct decode *d)
{
    const char *name = d->options->output;

    if (d->error != 0 && d->error != EPIPE)
        log_say(LOG_ERROR, "%s: %s", name != NULL ? name : "standard output",
                strerror(d->error));
    if (d->error != 0)
        return STATUS_INPUT;
    return *d->stop ? STATUS_INTERRUPTED : d->status;
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct decode d = { .options = o, .stop = stop, .status = STATUS_OK };

    d.block = malloc(o->block_samples * SAMPLE_BYTES_MAX);
    if (d.block == NULL) {
        log_say(LOG_ERROR, "no memory for a block of %zu samples",
                o->block_samples);
        return STATUS_INPUT;
    }
    d.out = open_output(o);
    if (d.out == NULL) {
        free(d.block);
        return STATUS_INPUT;
    }
    start_output(&d);
    for (size_t i = 0; i < o->n_operands && !is_over(&d); i++)
        decode_file(&d, o->operands[i]);
    end_output(&d);
    if (d.out != stdout) {
        errno = 0;
        if (fclose(d.out) != 0 && d.error == 0)
            d.error = errno;
    }
    free(d.block);
    return end_status(&d);
}

const struct cmd cmd_decode = {
    .name = "decode",
    .operands = "FILE...",
    .summary = "every frame of some recordings",
    .description =
        "Prints the frames that key fobs sent, from recordings of samples "
        "(cu8, cs8, cs16, cf32, SigMF, WAV) or of pulses (Flipper .sub, "
        "rtl_433 .ook); - is standard input. A path may have overrides in "
        "front: cu8:433.92M:250k:PATH. Without an option, a table; \"sure\" "
        "is the probability that every bit is right, n how many copies of the "
        "frame were added up.",
    .set = CMD_DECODE,
    .exec = exec,
};
