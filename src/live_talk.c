/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/live_talk.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Fobs this close are one, as far as its harmonic goes. */
#define SAME_HZ 50e3

static void hide(const struct live_talk *t)
{
    if (t->progress != NULL)
        progress_hide(t->progress);
}

static void on_tuned(void *user, double centre_hz, double gain_db)
{
    struct live_talk *t = user;

    if (t->is_verbose && t->rate_hz > 0) {
        hide(t);
        log_say(LOG_NOTE, "tuned to %.6g MHz, gain %.1f dB", centre_hz / 1e6,
                gain_db);
    }
    if (t->next.tuned != NULL)
        t->next.tuned(t->next.user, centre_hz, gain_db);
}

static void on_leaving(void *user)
{
    struct live_talk *t = user;

    if (t->next.leaving != NULL)
        t->next.leaving(t->next.user);
}

static void on_lost(void *user, uint64_t at, uint64_t n)
{
    struct live_talk *t = user;

    hide(t);
    log_say(LOG_WARNING,
            "%" PRIu64 " samples (%.3g ms) were lost at %.3f s: %s", n,
            1e3 * (double)n / t->rate_hz, (double)at / t->rate_hz,
            t->is_remote ? "the server was away, or it or the network too slow"
                         : "the computer or its USB was too slow");
    if (t->next.lost != NULL)
        t->next.lost(t->next.user, at, n);
}

static void on_overload(void *user, double gain_db, bool is_lower)
{
    struct live_talk *t = user;

    hide(t);
    if (is_lower)
        log_say(LOG_NOTE,
                "too strong for the receiver: gain lowered to %.1f dB",
                gain_db);
    else if (!t->has_overload || t->overload_gain_db != gain_db)
        log_say(LOG_WARNING, "too strong for the receiver: go further away%s",
                gain_db > 0 ? ", or lower --gain" : "");
    t->has_overload = !is_lower;
    t->overload_gain_db = gain_db;
    if (t->next.overload != NULL)
        t->next.overload(t->next.user, gain_db, is_lower);
}

static void on_harmonic(void *user, double hz)
{
    struct live_talk *t = user;

    if (fabs(hz - t->harmonic_hz) > SAME_HZ) {
        hide(t);
        log_say(LOG_NOTE,
                "%.3f MHz is left out: it is a harmonic of what is sent in "
                "another band",
                hz / 1e6);
    }
    t->harmonic_hz = hz;
    if (t->next.harmonic != NULL)
        t->next.harmonic(t->next.user, hz);
}

static void on_warning(void *user, const char *sentence)
{
    struct live_talk *t = user;

    hide(t);
    log_say(LOG_WARNING, "%s", sentence);
    if (t->next.warning != NULL)
        t->next.warning(t->next.user, sentence);
}

static void on_talk(void *user, const char *line)
{
    struct live_talk *t = user;

    if (t->is_verbose) {
        hide(t);
        log_say(LOG_NOTE, "librtlsdr: %s", line);
    }
    if (t->next.talk != NULL)
        t->next.talk(t->next.user, line);
}

struct live_events live_talk_events(struct live_talk *t)
{
    return (struct live_events){
        .user = t,
        .leaving = on_leaving,
        .tuned = on_tuned,
        .lost = on_lost,
        .overload = on_overload,
        .harmonic = on_harmonic,
        .warning = on_warning,
        .talk = on_talk,
    };
}

void live_talk_opened(struct live_talk *t, const struct live *l,
                      const struct options *o)
{
    t->rate_hz = live_info(l)->rate_hz;
    t->is_remote = o->device != NULL && source_is_rtltcp(o->device);
}

void live_talk_bands(const struct live *l, char text[LIVE_TALK_BANDS])
{
    const unsigned n = live_bands(l);
    size_t length = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < n; i++, length = strlen(text))
        snprintf(text + length, LIVE_TALK_BANDS - length, "%s%.6g",
                 i == 0      ? ""
                 : i + 1 < n ? ", "
                             : " and ",
                 live_band_hz(l, i) / 1e6);
}

void live_talk_start(struct live_talk *t, const struct live *l,
                     const struct options *o)
{
    char bands[LIVE_TALK_BANDS];
    const unsigned n = live_bands(l);

    live_talk_opened(t, l, o);
    if (!live_info(l)->is_live)
        return;
    live_talk_bands(l, bands);
    hide(t);
    log_say(LOG_NOTE, "listening on %s MHz, %.6g kS/s, gain %.1f dB%s%s", bands,
            t->rate_hz / 1e3, live_gain_db(l), n > 1 ? ", in turn" : "",
            o->seconds > 0 ? "" : "; Ctrl-C ends");
    if (n > 1)
        log_say(LOG_NOTE, "hold the button for %.1f s",
                ceil(10 * live_press_seconds(l)) / 10);
}

enum status live_talk_end(const struct live_talk *t,
                          const struct pipeline_totals *totals)
{
    if (totals->lost == 0)
        return STATUS_OK;
    hide(t);
    log_say(LOG_ERROR,
            "%" PRIu64 " samples were lost: what was sent then was not seen",
            totals->lost);
    return STATUS_LOST;
}
