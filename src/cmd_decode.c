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
#include <stdlib.h>
#include <string.h>

#include "src/err.h"
#include "src/inputs.h"
#include "src/log.h"
#include "src/options.h"
#include "src/pipeline.h"
#include "src/playback.h"
#include "src/printer.h"
#include "src/source.h"

/* One run of the command. */
struct decode {
    const struct options *options;
    const volatile sig_atomic_t *stop;
    struct printer printer;
    void *block; /* options->block_samples samples or pulses */
    struct pipeline_totals totals;
    size_t files;
    enum status status;
};

static bool is_over(const struct decode *d)
{
    return *d->stop || d->printer.error != 0;
}

/* Until the end of the source, or of patience. 0; negative errno. */
static int run(struct decode *d, struct source *s, struct pipeline *p,
               struct err *e)
{
    ssize_t n = 0;

    while (!is_over(d)) {
        n = playback_step(s, p, d->block, d->options->block_samples, e);
        if (n <= 0)
            break;
        progress_update(&d->printer.progress, pipeline_totals(p).samples);
        printer_flush(&d->printer);
    }
    pipeline_flush(p);
    progress_hide(&d->printer.progress);
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
            name, d->printer.idle_bursts,
            d->printer.idle_bursts == 1 ? "" : "s",
            (double)t->samples / d->printer.origin.rate_hz);
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
    struct pipeline_cfg cfg = {
        .input = *source_info(s),
        .is_every = o->is_every,
        .is_all = o->is_all,
        .sink = printer_sink(&d->printer),
    };
    struct pipeline_totals totals;
    struct pipeline *p;
    struct err fault;
    int status;

    status = pipeline_create(&p, &cfg, &fault);
    if (status < 0)
        return err_set(e, status, "%s: %s", source_name(s), fault.text);
    d->printer.origin = (struct report_origin){
        .file = d->printer.has_files ? source_name(s) : NULL,
        .rate_hz = cfg.input.rate_hz,
        .centre_hz = cfg.input.centre_hz,
    };
    d->printer.idle_bursts = 0;
    progress_init(&d->printer.progress, source_name(s), cfg.input.total,
                  cfg.input.rate_hz);
    status = run(d, s, p, e);
    totals = pipeline_totals(p);
    add_totals(d, &totals);
    if (totals.lost > 0)
        log_say(LOG_WARNING,
                "%s: %" PRIu64 " samples are missing in it: what was sent "
                "then was not recorded",
                source_name(s), totals.lost);
    if (status == 0)
        explain_nothing(d, source_name(s), &totals);
    pipeline_destroy(p);
    return status;
}

/* A fault of a file is said, kept for the exit status, and no more. */
static void fail(struct decode *d, const char *name, const struct err *e)
{
    log_fault(name, e);
    d->status = STATUS_INPUT;
}

static void decode_item(void *user, const struct input_item *item)
{
    struct decode *d = user;
    const struct options *o = d->options;
    struct source_defaults defaults = { o->rate_hz, o->centre_hz };
    struct err e = { .text = "" };
    struct source *s = NULL;
    int status;

    if (is_over(d))
        return;
    d->files++;
    status = source_open_as(&s, item->spec, item->name, &defaults, &e);
    if (status == 0) {
        if (o->format == OUTPUT_TABLE && d->printer.has_files)
            report_table_heading(&d->printer.table, source_name(s));
        status = decode_source(d, s, &e);
        /* so that talk comes after what it is about */
        printer_flush(&d->printer);
    }
    if (status < 0 && !(status == -EINTR && *d->stop))
        fail(d, item->name, &e);
    else if (status == 0 && source_warning(s) != NULL)
        log_say(LOG_WARNING, "%s", source_warning(s));
    source_close(s);
}

static void decode_all(struct decode *d)
{
    const struct options *o = d->options;
    struct inputs in;

    inputs_open(&in, o->archive, NULL);
    for (size_t i = 0; i < o->n_operands && !is_over(d); i++) {
        struct err e = { "" };

        if (inputs_each(&in, o->operands[i], decode_item, d, &e) < 0)
            fail(d, NULL, &e);
    }
    inputs_close(&in);
}

static bool has_several(const struct options *o)
{
    for (size_t i = 0; i < o->n_operands; i++)
        if (inputs_is_several(o->operands[i]))
            return true;
    return o->n_operands > 1;
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct decode d = { .options = o, .stop = stop, .status = STATUS_OK };

    d.block = malloc(o->block_samples * PLAYBACK_BYTES);
    if (d.block == NULL) {
        log_say(LOG_ERROR, "no memory for a block of %zu samples",
                o->block_samples);
        return STATUS_INPUT;
    }
    if (printer_open(&d.printer, o, has_several(o)) < 0) {
        free(d.block);
        return STATUS_INPUT;
    }
    decode_all(&d);
    free(d.block);
    return printer_close(&d.printer, &d.totals, d.files,
                         *stop ? STATUS_INTERRUPTED : d.status);
}

const struct cmd cmd_decode = {
    .name = "decode",
    .operands = "FILE...",
    .summary = "every frame of some recordings",
    .description =
        "Prints the frames that key fobs sent, from recordings of samples "
        "(cu8, cs8, cs16, cf32, SigMF, WAV) or of pulses (Flipper .sub, "
        "rtl_433 .ook); - is standard input. A path may have overrides in "
        "front: cu8:433.92M:250k:PATH. A FILE may also be a .sigmf archive, "
        "or the ID of a recording, as archive list shows it. Without "
        "an option, a table; \"sure\" "
        "is the probability that every bit is right, n how many copies of the "
        "frame were added up.",
    .set = CMD_DECODE,
    .exec = exec,
};
