/* cmd_capture - what is sent, recorded with what was before and after it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "src/cmd_archive.h"
#include "src/live.h"
#include "src/live_talk.h"
#include "src/recorder.h"
#include "src/recording.h"

/* Where most fobs are (DOMAIN.md). */
#define BAND_HZ 433.92e6

/* One run of the command. */
struct capture {
    const struct options *options;
    const volatile sig_atomic_t *stop;
    struct archive *archive; /* NULL: into a folder */
    struct recorder *recorder;
    struct live *live;
    struct live_talk talk;
    struct progress progress;
    size_t n; /* recordings so far */
    int code; /* of a recording that could not be finished, or not be kept */
    struct err fault;
    int take_code; /* of the archive, from within a callback */
    struct err take_fault;
};

static void on_frame(void *user, const struct frame *f, unsigned press)
{
    struct capture *c = user;

    recorder_frame(c->recorder, f, press);
}

static void on_burst(void *user, const struct burst_report *b)
{
    struct capture *c = user;

    recorder_burst(c->recorder, b);
}

static void on_leaving(void *user)
{
    struct capture *c = user;

    recorder_leave(c->recorder);
}

static void on_tuned(void *user, double centre_hz, double gain_db)
{
    struct capture *c = user;

    recorder_tuned(c->recorder, centre_hz, gain_db);
}

static void on_lost(void *user, uint64_t at, uint64_t n)
{
    struct capture *c = user;

    recorder_lost(c->recorder, at, n);
}

static void end_line(const struct recorder_saved *r)
{
    if (r->left_out > 0)
        printf("  (%zu more not noted)", r->left_out);
    if (r->lost > 0)
        printf("  %" PRIu64 " samples lost", r->lost);
    putchar('\n');
    fflush(stdout);
}

static void tell_file(const struct recorder_saved *r)
{
    printf("%s  %.3f s  %zu frame%s%s%s", r->path, r->seconds, r->frames,
           r->frames == 1 ? "" : "s", r->summary[0] != '\0' ? "  " : "",
           r->summary);
    end_line(r);
}

/* A fob by its pseudonym: this may be shown around. */
static void tell_entry(const struct capture *c, const struct entry *t,
                       const struct recorder_saved *r)
{
    const struct report_entry report =
        cmd_archive_report(c->archive, c->options);
    char fob[ENTRY_WORD];

    printf("%s  %.3f s  %zu frame%s", t->id, r->seconds, r->frames,
           r->frames == 1 ? "" : "s");
    if (t->n_heard > 0) {
        report_entry_fob(&report, &t->heard[0], fob);
        printf("  %s %s", t->heard[0].model, fob);
    }
    end_line(r);
}

/* What is told is there. */
static void on_saved(void *user, const struct recorder_saved *r)
{
    struct capture *c = user;
    struct entry t;
    bool is_old;

    progress_hide(&c->progress);
    c->n++;
    if (c->archive == NULL) {
        tell_file(r);
        return;
    }
    if (c->take_code < 0)
        return; /* what came after stays beside it */
    c->take_code =
        archive_take(c->archive, r->path, &t, &is_old, &c->take_fault);
    if (c->take_code == 0)
        tell_entry(c, &t, r);
}

static bool is_over(const struct capture *c)
{
    return *c->stop || c->code < 0 || ferror(stdout) ||
           (c->options->count > 0 && c->n >= c->options->count);
}

static void note_code(struct capture *c, int code)
{
    c->code = code;
    if (code == 0 && c->take_code < 0)
        c->code = err_set(&c->fault, c->take_code, "%s", c->take_fault.text);
}

/* Until the end, a fault, the last recording, or the user's word. */
static int run(struct capture *c, struct err *e)
{
    int status = 1;

    while (!is_over(c)) {
        status = live_step(c->live, e);
        if (status <= 0 && status != -EINTR)
            break;
        progress_update(&c->progress, live_position(c->live));
        note_code(c, recorder_update(c->recorder, &c->fault));
    }
    progress_hide(&c->progress);
    if (c->code == 0)
        live_finish(c->live);
    if (c->code == 0)
        note_code(c, recorder_finish(c->recorder, &c->fault));
    if (c->code < 0)
        return err_set(e, c->code, "%s", c->fault.text);
    return status < 0 && status != -EINTR ? status : 0;
}

static enum status capture_all(struct capture *c)
{
    const struct source_info *info = live_info(c->live);
    struct pipeline_totals totals;
    struct err e = { "" };
    int status;

    recorder_follow(c->recorder, c->live);
    live_talk_start(&c->talk, c->live, c->options);
    progress_init(&c->progress, "capturing", info->total, info->rate_hz);
    status = run(c, &e);
    totals = live_totals(c->live);
    if (status < 0)
        log_say(LOG_ERROR, "%s", e.text);
    else if (c->n == 0)
        log_say(LOG_NOTE, "nothing was recorded: no burst in %.1f s",
                (double)totals.samples / info->rate_hz);
    return status < 0 ? STATUS_INPUT : live_talk_end(&c->talk, &totals);
}

/* One band at a time can be recorded whole: the one that most fobs are in, where
 * none is named. */
static enum status check(struct options *o)
{
    struct err e;

    if (o->output != NULL && recording_check(o->output, &e) < 0) {
        log_say(LOG_ERROR, "%s", e.text);
        return STATUS_INPUT;
    }
    if (o->seconds > 0 && o->n_bands > 1) {
        log_say(LOG_ERROR, "--seconds records one band, not %zu", o->n_bands);
        return STATUS_USAGE;
    }
    if (o->seconds > 0 && o->n_bands == 0 && isnan(o->centre_hz) &&
        (o->device == NULL || source_is_device(o->device)))
        o->centre_hz = BAND_HZ;
    return STATUS_OK;
}

static enum status listen_and_record(struct capture *c,
                                     const volatile sig_atomic_t *stop)
{
    const struct options *o = c->options;
    const struct recorder_cfg cfg = {
        .folder = c->archive ? archive_work(c->archive) : o->output,
        .is_plain = o->is_plain,
        .is_continuous = o->seconds > 0,
        .is_archived = c->archive != NULL,
        .owner = o->owner,
        .pre_s = o->pre_s,
        .post_s = o->post_s,
        .saved = on_saved,
        .user = c,
    };
    const struct pipeline_sink sink = { .user = c,
                                        .frame = on_frame,
                                        .burst = on_burst };
    const struct live_events events = live_talk_events(&c->talk);
    enum status status = STATUS_INPUT;
    struct err e = { "" };

    if (recorder_create(&c->recorder, &cfg) < 0)
        log_say(LOG_ERROR, "out of memory");
    else if (live_open(&c->live, o, &sink, &events, stop, &e) == 0)
        status = capture_all(c);
    else if (*stop)
        status = STATUS_INTERRUPTED;
    else
        log_say(LOG_ERROR, "%s", e.text);
    recorder_destroy(c->recorder);
    live_close(c->live);
    return status;
}

/* A press cannot be had again. */
static void set_aside(struct capture *c)
{
    char path[PATH_MAX];

    if (archive_set_aside(c->archive, path, NULL) == 0)
        log_say(LOG_NOTE, "what could not be kept is in %s", path);
}

static enum status exec(const struct options *given,
                        const volatile sig_atomic_t *stop)
{
    struct options options = *given;
    struct capture c = { .options = &options,
                         .stop = stop,
                         .talk = { .is_verbose = options.is_verbose } };
    enum status status = check(&options);

    if (status == STATUS_OK && options.output == NULL)
        status = cmd_archive_open(&c.archive, &options, ARCHIVE_WRITES);
    if (status != STATUS_OK)
        return status;
    c.talk.progress = &c.progress;
    c.talk.next = (struct live_events){
        .user = &c, .leaving = on_leaving, .tuned = on_tuned, .lost = on_lost
    };
    status = listen_and_record(&c, stop);
    if (c.take_code < 0)
        set_aside(&c);
    archive_close(c.archive);
    return status;
}

const struct cmd cmd_capture = {
    .name = "capture",
    .operands = "",
    .summary = "records what is sent, with what was before it",
    .description =
        "Listens as listen does, and records each press, with an annotation "
        "for each burst and frame, and where samples are missing: into the "
        "archive, or, with --output, as a SigMF pair into a folder "
        "(g001_433.72M_2048k.sigmf-meta and .sigmf-data). With --seconds it "
        "records all of one band, 433.92 MHz as a rule, for so long. A "
        "recording of a fob holds its codes: only you may read the files, and "
        "you should think before you give them away.",
    .set = CMD_CAPTURE,
    .exec = exec,
};
