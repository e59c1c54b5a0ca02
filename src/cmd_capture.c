/* cmd_capture - what is sent, recorded with what was before and after it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

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
    struct recorder *recorder;
    struct live *live;
    struct live_talk talk;
    struct progress progress;
    size_t n; /* recordings so far */
    int code; /* of a recording that could not be finished */
    struct err fault;
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

static void on_saved(void *user, const struct recorder_saved *r)
{
    struct capture *c = user;

    progress_hide(&c->progress);
    printf("%s  %.3f s  %zu frame%s%s%s", r->path, r->seconds, r->frames,
           r->frames == 1 ? "" : "s", r->summary[0] != '\0' ? "  " : "",
           r->summary);
    if (r->left_out > 0)
        printf("  (%zu more not noted)", r->left_out);
    if (r->lost > 0)
        printf("  %" PRIu64 " samples lost", r->lost);
    putchar('\n');
    fflush(stdout);
    c->n++;
}

static bool is_over(const struct capture *c)
{
    return *c->stop || c->code < 0 || ferror(stdout) ||
           (c->options->count > 0 && c->n >= c->options->count);
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
        c->code = recorder_update(c->recorder, &c->fault);
    }
    progress_hide(&c->progress);
    if (c->code == 0)
        live_finish(c->live);
    if (c->code == 0)
        c->code = recorder_finish(c->recorder, &c->fault);
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

    if (recording_check(o->output, &e) < 0) {
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

static enum status exec(const struct options *given,
                        const volatile sig_atomic_t *stop)
{
    struct options options = *given;
    const struct options *o = &options;
    struct capture c = { .options = o,
                         .stop = stop,
                         .talk = { .is_verbose = o->is_verbose } };
    const struct recorder_cfg cfg = {
        .folder = o->output,
        .is_plain = o->is_plain,
        .is_continuous = o->seconds > 0,
        .pre_s = o->pre_s,
        .post_s = o->post_s,
        .saved = on_saved,
        .user = &c,
    };
    const struct pipeline_sink sink = { .user = &c,
                                        .frame = on_frame,
                                        .burst = on_burst };
    struct live_events events;
    struct err e = { "" };
    enum status status = check(&options);

    if (status != STATUS_OK)
        return status;
    status = STATUS_INPUT;
    if (recorder_create(&c.recorder, &cfg) < 0) {
        log_say(LOG_ERROR, "out of memory");
        return STATUS_INPUT;
    }
    c.talk.progress = &c.progress;
    c.talk.next = (struct live_events){
        .user = &c, .leaving = on_leaving, .tuned = on_tuned, .lost = on_lost
    };
    events = live_talk_events(&c.talk);
    if (live_open(&c.live, o, &sink, &events, stop, &e) == 0)
        status = capture_all(&c);
    else if (*stop)
        status = STATUS_INTERRUPTED;
    else
        log_say(LOG_ERROR, "%s", e.text);
    recorder_destroy(c.recorder);
    live_close(c.live);
    return status;
}

const struct cmd cmd_capture = {
    .name = "capture",
    .operands = "",
    .summary = "records what is sent, with what was before it",
    .description =
        "Listens as listen does, and writes each press to a SigMF pair "
        "(g001_433.72M_2048k.sigmf-meta and .sigmf-data) with an annotation "
        "for each burst and frame, and where samples are missing. With "
        "--seconds it records all of one band, 433.92 MHz as a rule, for so "
        "long. A recording of a "
        "fob holds its codes: only you may read the files, and you should "
        "think before you give them away.",
    .set = CMD_CAPTURE,
    .exec = exec,
};
