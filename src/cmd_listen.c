/* cmd_listen - frames as they come, from a receiver.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd.h"

#include <errno.h>
#include <inttypes.h>

#include "src/live.h"
#include "src/live_talk.h"
#include "src/printer.h"

static void on_tuned(void *user, double centre_hz, double gain_db)
{
    struct printer *p = user;

    p->origin.centre_hz = centre_hz;
    p->origin.gain_db = gain_db;
}

/* Until the end, a fault, or the user's word. 0 or negative errno. */
static int run(struct printer *p, struct live *l,
               const volatile sig_atomic_t *stop, struct err *e)
{
    int status = 1;

    while (!*stop && p->error == 0) {
        status = live_step(l, e);
        if (status <= 0 && status != -EINTR)
            break;
        p->origin.start_unix_s = live_start_time(l);
        progress_update(&p->progress, live_position(l));
        printer_flush(p);
    }
    live_finish(l);
    progress_hide(&p->progress);
    return status < 0 && !*stop ? status : 0;
}

/* A table of nothing needs a word. */
static void explain_nothing(const struct printer *p, const struct live *l)
{
    const struct pipeline_totals t = live_totals(l);

    if (p->options->format != OUTPUT_TABLE || t.frames > 0 || p->error != 0)
        return;
    log_say(LOG_NOTE,
            "no frames; %" PRIu64 " burst%s without data; %.1f s listened",
            p->idle_bursts, p->idle_bursts == 1 ? "" : "s",
            (double)t.samples / live_info(l)->rate_hz);
}

/* From an open receiver to its end. */
static enum status listen_to(struct printer *p, struct live *l,
                             struct live_talk *talk,
                             const volatile sig_atomic_t *stop)
{
    const struct source_info *info = live_info(l);
    struct pipeline_totals totals;
    struct err e = { "" };
    int status;

    p->origin.rate_hz = info->rate_hz;
    p->origin.is_live = info->is_live;
    live_talk_start(talk, l, p->options);
    progress_init(&p->progress, "listening", info->total, info->rate_hz);
    status = run(p, l, stop, &e);
    totals = live_totals(l);
    printer_flush(p);
    if (status < 0)
        log_say(LOG_ERROR, "%s", e.text);
    else if (live_warning(l) != NULL)
        log_say(LOG_WARNING, "%s", live_warning(l));
    if (status == 0)
        explain_nothing(p, l);
    return status < 0 ? STATUS_INPUT : live_talk_end(talk, &totals);
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct printer p;
    struct live_talk talk = { .is_verbose = o->is_verbose };
    struct pipeline_totals totals = { 0 };
    struct pipeline_sink sink;
    struct live_events events;
    struct live *l = NULL;
    struct err e = { "" };
    enum status status = STATUS_INPUT;

    if (printer_open(&p, o, false) < 0)
        return STATUS_INPUT;
    talk.progress = &p.progress;
    talk.next = (struct live_events){ .user = &p, .tuned = on_tuned };
    sink = printer_sink(&p);
    events = live_talk_events(&talk);
    if (live_open(&l, o, &sink, &events, stop, &e) == 0)
        status = listen_to(&p, l, &talk, stop);
    else if (*stop)
        status = STATUS_INTERRUPTED;
    else
        log_say(LOG_ERROR, "%s", e.text);
    if (l != NULL)
        totals = live_totals(l);
    status = printer_close(&p, &totals, 1, status);
    live_close(l);
    return status;
}

const struct cmd cmd_listen = {
    .name = "listen",
    .operands = "",
    .summary = "frames as they come, from a receiver",
    .description =
        "Listens through an RTL-SDR dongle, or an rtl_tcp server, and prints "
        "each frame within a tenth of a second of its end. Without --band it "
        "goes round 315, 433.92 and 868.35 MHz, fast enough to hear a press "
        "of one second on whichever it is. Ctrl-C ends it. Copies of a frame "
        "that follow a pause add to its press without a line of their own, "
        "unless they prove it.",
    .set = CMD_LISTEN,
    .exec = exec,
};
