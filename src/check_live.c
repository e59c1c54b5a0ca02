/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/check_live.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/convert.h"
#include "protocols/protocol.h"
#include "src/live.h"
#include "src/live_talk.h"
#include "src/log.h"
#include "src/report_check.h"

enum { METER_SAMPLES = 4096 };

/* Each band's noise floor is known after so long in it (burst finder: half a
 * second of rows). */
#define SETTLE_S 0.8
/* TOO STRONG stays on the screen for so long. */
#define STRONG_S 1.5
/* Two bursts are one press, and one line (sitting.c: PAUSE_S). */
#define TOLD_S 0.6

/* sitting.c takes no press for an answer that comes sooner; who is asked for the
 * same button again may have the finger on it already. */
#define REACTION_S 0.1

struct run {
    const struct check_live_cfg *cfg;
    struct sitting *sitting;
    struct live *live; /* NULL while it is being opened */
    struct live_talk talk;
    struct live_events said;  /* of talk, while the guide's line is away */
    struct progress progress; /* never shown: the guide's line is there */
    struct asking asking;
    double strong_s;  /* when the receiver was overloaded last */
    double heard_s;   /* when the last burst ended, */
    double decoded_s; /* the last frame */
    size_t told;      /* how many presses were */
    double asked_s;   /* when the question was put */
    double active_s;  /* what was decoded since is of what is being sent */
    bool is_active;
    double kept_hz; /* the band that is stayed in; NAN: all */
    int code;       /* of the recorder */
    struct err fault;
};

static double now_s(const struct run *r)
{
    return r->live != NULL ? sitting_seconds(r->sitting, live_position(r->live))
                           : 0;
}

static double hertz_on_air(const struct run *r, const struct reception *x)
{
    return live_centre_hz(r->live) + x->carrier_hz;
}

static const char *model_of(const struct frame *f)
{
    return f->bits.n == 0        ? "something that could not be read"
           : f->protocol != NULL ? f->protocol->model
                                 : "an unknown format";
}

/* What was sent since the last was told, in lines that stay. Bursts without a
 * frame, beside one that has one, are its own shadows. */
static void tell_presses(struct run *r)
{
    const struct sitting *s = r->sitting;
    bool has_frames = false;

    for (size_t i = r->told; i < s->n_presses; i++)
        has_frames |= s->press[i].frame.bits.n > 0;
    for (; r->told < s->n_presses; r->told++) {
        const struct sitting_press *p = &s->press[r->told];
        char level[24] = "";

        if (has_frames ? p->frame.bits.n == 0 : r->told + 1 < s->n_presses)
            continue;
        if (isfinite(p->level_dbfs))
            snprintf(level, sizeof level, ", %.0f dBFS", p->level_dbfs);
        guide_say(r->cfg->guide, "  heard %s at %.3f MHz%s",
                  model_of(&p->frame), p->carrier_hz / 1e6, level);
    }
}

/* The fob's band is known: no time is spent on others. */
static void keep_to_band(struct run *r, double hz)
{
    const enum asking_state state = r->asking.state;

    if (isfinite(r->kept_hz) || live_bands(r->live) < 2 ||
        r->cfg->board != NULL ||
        (state != ASKING_WAITS && state != ASKING_HEARS))
        return;
    r->kept_hz = live_keep_to(r->live, hz);
    guide_say(r->cfg->guide, "  staying on %.6g MHz", r->kept_hz / 1e6);
}

static bool is_searching(const struct run *r)
{
    return live_bands(r->live) > 1 && isnan(r->kept_hz);
}

/* What was heard first may have been somebody else's: the fob may be in another
 * band. */
static void search_again(struct run *r)
{
    if (isnan(r->kept_hz))
        return;
    r->kept_hz = NAN;
    live_keep_to(r->live, NAN);
}

static void on_frame(void *user, const struct frame *f, unsigned press)
{
    struct run *r = user;

    sitting_frame(r->sitting, f);
    r->heard_s = sitting_seconds(r->sitting, f->at + f->samples);
    if (sitting_is_told(f)) {
        r->decoded_s = r->heard_s;
        keep_to_band(r, hertz_on_air(r, &f->reception));
    }
    if (r->cfg->recorder != NULL)
        recorder_frame(r->cfg->recorder, f, press);
}

static void on_burst(void *user, const struct burst_report *b)
{
    struct run *r = user;

    sitting_burst(r->sitting, b);
    r->heard_s = sitting_seconds(r->sitting, b->at + b->samples);
    if (r->cfg->recorder != NULL)
        recorder_burst(r->cfg->recorder, b);
}

static void on_chips(void *user, const struct chip_report *c)
{
    struct run *r = user;

    sitting_chips(r->sitting, c);
}

static void on_tuned(void *user, double centre_hz, double gain_db)
{
    struct run *r = user;

    if (r->cfg->options->is_verbose)
        guide_hide(r->cfg->guide);
    r->said.tuned(r->said.user, centre_hz, gain_db);
    sitting_tune(r->sitting, r->live != NULL ? live_position(r->live) : 0,
                 centre_hz, gain_db);
    if (r->cfg->recorder != NULL)
        recorder_tuned(r->cfg->recorder, centre_hz, gain_db);
}

static void on_lost(void *user, uint64_t at, uint64_t n)
{
    struct run *r = user;

    guide_hide(r->cfg->guide);
    r->said.lost(r->said.user, at, n);
    sitting_lose(r->sitting, n);
    if (r->cfg->recorder != NULL)
        recorder_lost(r->cfg->recorder, at, n);
}

static void on_leaving(void *user)
{
    struct run *r = user;

    if (r->cfg->recorder != NULL)
        recorder_leave(r->cfg->recorder);
}

static void on_overload(void *user, double gain_db, bool is_lower)
{
    struct run *r = user;

    guide_hide(r->cfg->guide);
    r->said.overload(r->said.user, gain_db, is_lower);
    r->strong_s = now_s(r);
    if (!is_lower) /* a lower gain mends it */
        sitting_overload(r->sitting);
}

static void on_harmonic(void *user, double hz)
{
    struct run *r = user;

    guide_hide(r->cfg->guide);
    r->said.harmonic(r->said.user, hz);
}

static void on_warning(void *user, const char *sentence)
{
    struct run *r = user;

    guide_hide(r->cfg->guide);
    r->said.warning(r->said.user, sentence);
}

static void on_talk(void *user, const char *line)
{
    struct run *r = user;

    if (r->cfg->options->is_verbose)
        guide_hide(r->cfg->guide);
    r->said.talk(r->said.user, line);
}

/* Of the newest samples. */
static double level_dbfs(const struct run *r)
{
    const struct pipeline *p = live_pipeline(r->live);
    uint8_t raw[METER_SAMPLES * 8];
    iq x[METER_SAMPLES];
    double power = 0;

    if (pipeline_position(p) < METER_SAMPLES ||
        !pipeline_copy_raw(p, pipeline_position(p) - METER_SAMPLES,
                           METER_SAMPLES, raw))
        return NAN;
    convert_to_iq(live_info(r->live)->format, raw, METER_SAMPLES, x);
    for (size_t i = 0; i < METER_SAMPLES; i++)
        power +=
            (double)(crealf(x[i]) * crealf(x[i]) + cimagf(x[i]) * cimagf(x[i]));
    return 10 * log10(power / METER_SAMPLES + 1e-12);
}

/* Whether a press began since the question was put. */
static bool is_answered(const struct run *r)
{
    const struct sitting *s = r->sitting;

    for (size_t i = s->n_presses; i-- > 0;)
        if (s->press[i].start_s >= r->asked_s)
            return true;
    return false;
}

static void upper(char *to, size_t room, const char *from)
{
    snprintf(to, room, "%s", from);
    for (; *to != '\0'; to++)
        *to = (char)toupper((unsigned char)*to);
}

/* Between two boards. */
#define BOARD_S 3.0

static void begin_sitting(struct run *r)
{
    const double rate_hz = live_info(r->live)->rate_hz;

    sitting_init(r->sitting, rate_hz, true);
    r->told = 0;
    sitting_tune(r->sitting, live_position(r->live), live_centre_hz(r->live),
                 live_gain_db(r->live));
}

/* A board that was heard, and is quiet again. */
static void step_board(struct run *r)
{
    if (r->sitting->n_presses == 0 ||
        pipeline_is_busy(live_pipeline(r->live)) ||
        now_s(r) - r->heard_s < BOARD_S)
        return;
    guide_hide(r->cfg->guide);
    r->cfg->board(r->cfg->user);
    begin_sitting(r);
}

/* Puts the question that the state asks. */
static void ask(struct run *r)
{
    const struct asking *a = &r->asking;
    struct guide *g = r->cfg->guide;
    char button[SITTING_BUTTON_MAX];

    upper(button, sizeof button, a->cfg.button[a->button]);
    r->asked_s = now_s(r);
    if (a->state == ASKING_WAITS || a->state == ASKING_CONTROLS)
        guide_word(g, GUIDE_LISTENING);
    switch (a->state) {
    case ASKING_SETTLES:
        guide_ask(g, "press nothing yet, getting ready");
        break;
    case ASKING_WAITS:
        if (r->cfg->board != NULL) {
            guide_ask(g, "press a button of the next board, then wait %.0f s",
                      BOARD_S);
            break;
        }
        sitting_ask(r->sitting, r->asked_s - REACTION_S,
                    a->cfg.button[a->button], false);
        sitting_search(r->sitting, is_searching(r));
        guide_ask(g, "press %s for %.0f s (%u of %u)", button,
                  ceil(is_searching(r) ? live_press_seconds(r->live) : 1),
                  asking_number(a), asking_total(a));
        break;
    case ASKING_HEARS:
        guide_ask(g, "good; let go of %s and wait", button);
        break;
    case ASKING_CONTROLS:
        sitting_ask(r->sitting, r->asked_s - REACTION_S, "", true);
        guide_ask(g, "press ANY OTHER remote you have, near the antenna");
        break;
    case ASKING_ENDED:
        sitting_stop_asking(r->sitting, r->asked_s);
        break;
    }
}

static void show_word(struct run *r)
{
    const double now = now_s(r);
    const bool is_active =
        pipeline_is_busy(live_pipeline(r->live)) || now - r->heard_s < TOLD_S;
    enum guide_word word = GUIDE_LISTENING;

    if (is_active && !r->is_active)
        r->active_s = now - TOLD_S;
    if (!is_active)
        tell_presses(r);
    r->is_active = is_active;
    if (r->asking.state == ASKING_SETTLES)
        word = GUIDE_WAIT;
    else if (r->strong_s > 0 && now - r->strong_s < STRONG_S)
        word = GUIDE_TOO_STRONG;
    else if (r->is_active)
        word = r->decoded_s > r->active_s ? GUIDE_DECODED : GUIDE_HEARD;
    guide_word(r->cfg->guide, word);
}

/* Before the next question, if nothing answered this one. */
static void tell_silence(struct run *r, const struct asking *a)
{
    char button[SITTING_BUTTON_MAX];

    upper(button, sizeof button, a->cfg.button[a->button]);
    if (a->state == ASKING_WAITS) {
        guide_say(r->cfg->guide, "  nothing heard of %s (%u of %u)", button,
                  asking_number(a), asking_total(a));
        search_again(r);
    } else if (a->state == ASKING_CONTROLS)
        guide_say(r->cfg->guide, "  nothing heard of another remote");
}

static void step_asking(struct run *r, const struct asking_view *view)
{
    const struct asking before = r->asking;

    if (!asking_step(&r->asking, view))
        return;
    if (!view->is_answered)
        tell_silence(r, &before);
    ask(r);
}

static void step(struct run *r)
{
    const double now = now_s(r);
    const struct asking_view view = {
        .now_s = now,
        .is_answered = is_answered(r),
        .is_busy = pipeline_is_busy(live_pipeline(r->live)),
        .quiet_s = now - r->heard_s,
    };

    const struct pipeline_floor floor = pipeline_floor(live_pipeline(r->live));

    sitting_floor(r->sitting, &floor);
    sitting_watch(r->sitting, live_position(r->live));
    show_word(r);
    if (r->cfg->board != NULL && r->asking.state != ASKING_SETTLES)
        step_board(r);
    else
        step_asking(r, &view);
    guide_level(r->cfg->guide, now, level_dbfs(r));
    if (r->cfg->recorder != NULL && r->code == 0)
        r->code = recorder_update(r->cfg->recorder, &r->fault);
}

/* Who has had enough while asked for a button did not press it in vain. */
static void stop_asking(struct run *r)
{
    const enum asking_state state = r->asking.state;

    if ((state == ASKING_WAITS || state == ASKING_CONTROLS) &&
        r->sitting->n_prompts > 0 && !is_answered(r))
        r->sitting->n_prompts--;
    else
        sitting_stop_asking(r->sitting, now_s(r));
}

/* 0, also where the user has had enough. */
static int listen(struct run *r, struct err *e)
{
    int status = 1;

    ask(r);
    while (r->asking.state != ASKING_ENDED && !*r->cfg->stop && r->code == 0) {
        status = live_step(r->live, e);
        if (status <= 0 && status != -EINTR)
            break;
        step(r);
    }
    if (r->code == 0)
        live_finish(r->live);
    if (r->cfg->recorder != NULL && r->code == 0)
        r->code = recorder_finish(r->cfg->recorder, &r->fault);
    tell_presses(r);
    stop_asking(r);
    if (r->cfg->board != NULL && r->sitting->n_presses > 0)
        r->cfg->board(r->cfg->user);
    if (r->code < 0)
        return err_set(e, r->code, "%s", r->fault.text);
    return status < 0 && status != -EINTR ? status : 0;
}

static void tell_start(struct run *r)
{
    char bands[LIVE_TALK_BANDS];

    live_talk_bands(r->live, bands);
    guide_say(r->cfg->guide, "Listening on %s MHz%s; Ctrl-C ends it.", bands,
              live_bands(r->live) > 1 ? " in turn" : "");
}

int check_live_run(const struct check_live_cfg *cfg, struct err *e)
{
    struct run r = { .cfg = cfg,
                     .sitting = cfg->sitting,
                     .heard_s = -INFINITY,
                     .decoded_s = -INFINITY,
                     .kept_hz = NAN };
    const struct pipeline_sink sink = {
        .user = &r, .frame = on_frame, .burst = on_burst, .chips = on_chips
    };
    struct options o = *cfg->options;
    struct asking_cfg asking = cfg->asking;
    struct live_events events;
    int status;

    o.is_every = o.is_all = true; /* what is doubtful was sent all the same */
    r.talk.progress = &r.progress;
    r.talk.is_verbose = o.is_verbose;
    r.said = live_talk_events(&r.talk);
    events = (struct live_events){ .user = &r,
                                   .tuned = on_tuned,
                                   .lost = on_lost,
                                   .leaving = on_leaving,
                                   .overload = on_overload,
                                   .harmonic = on_harmonic,
                                   .warning = on_warning,
                                   .talk = on_talk };
    sitting_init(r.sitting, o.rate_hz > 0 ? o.rate_hz : LIVE_RATE_HZ, true);
    status = live_open(&r.live, &o, &sink, &events, cfg->stop, e);
    if (status < 0)
        return status;
    sitting_join(r.sitting, live_info(r.live)->rate_hz);
    if (cfg->recorder != NULL)
        recorder_follow(cfg->recorder, r.live);
    live_talk_opened(&r.talk, r.live, &o);
    tell_start(&r);
    asking.settle_s = SETTLE_S * live_bands(r.live);
    asking_init(&r.asking, &asking);
    status = listen(&r, e);
    guide_hide(cfg->guide);
    if (cfg->board == NULL)
        guide_say(cfg->guide, "%s", ""); /* the verdict stands apart */
    live_close(r.live);
    return status;
}
