/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/verdict.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "src/verdict_facts.h"

/* Where fobs are, and how far from it one may be (DOMAIN.md 2.6). */
static const double nominal_hz[] = { 315e6, 433.92e6, 868.35e6 };
#define ON_BAND_HZ     3e6   /* no two of them are nearer */
#define OFF_CARRIER_HZ 250e3 /* the dongle's own error included */
#define OFF_LIMIT_HZ   900e3 /* further off are formats of their own (313.8) */

#define SAG_DB         3.0  /* twice what copies of a sound fob differ by */
#define WEAK_SNR_DB    -3.0 /* over the band: near what can be read at all */
#define BUSY_SHARE     0.1  /* of the time, that others send: a jammed band; */
#define BUSY_FROM_S    10.0 /* in less, as of a recording cut to a press, none */
#define HELD_S         10.0 /* a press that was asked for */
#define HELD_UNASKED_S 30.0 /* nobody holds a button for so long */
/* Asked for so often, a silent fob is no oversight. */
#define PROOF_PRESSES 3
#define PROOF_BAND_S  3.0

struct judge {
    const struct sitting *s;
    const struct verdict_cfg *cfg;
    struct facts f;
    struct verdict_result *v;
};

static void add(struct judge *j, enum finding_kind kind, const char *format,
                ...) __attribute__((format(printf, 3, 4)));

static void add(struct judge *j, enum finding_kind kind, const char *format,
                ...)
{
    struct finding *x = &j->v->finding[j->v->n++];
    va_list args;

    finding_init(x, kind);
    va_start(args, format);
    vsnprintf(x->evidence, sizeof x->evidence, format, args);
    va_end(args);
}

static const char *plural(unsigned n)
{
    return n == 1 ? "" : "es";
}

/* Where most presses overload the receiver, their shape says nothing. */
static bool is_overloaded(const struct facts *f)
{
    return f->presses > 0 && 2 * f->overloaded >= f->presses;
}

static bool is_judged(const struct judge *j)
{
    return j->f.presses > 0 && !is_overloaded(&j->f);
}

static void find_lost(struct judge *j)
{
    if (j->s->lost > 0)
        add(j, FINDING_LOST, "%" PRIu64 " samples are missing, %.3f s",
            j->s->lost, (double)j->s->lost / j->s->rate_hz);
}

static void find_stuck(struct judge *j)
{
    const double most_s = j->f.asked > 0 ? HELD_S : HELD_UNASKED_S;

    if (j->f.longest_s > most_s)
        add(j, FINDING_STUCK, "it sent for %.0f s without an end",
            j->f.longest_s);
    else if (j->f.is_late)
        add(j, FINDING_STUCK,
            "it was still sending more than 5 s after the last press was "
            "asked for");
}

static void find_carrier_only(struct judge *j)
{
    const struct facts *f = &j->f;

    if (is_judged(j) && f->carrier_only >= 2 && f->with_frame == 0 &&
        f->no_frame == 0 && (f->asked > 0 ? f->answered >= 2 : false))
        add(j, FINDING_CARRIER_ONLY,
            "%u press%s gave a carrier at %s, and nothing was keyed on "
            "it",
            f->carrier_only, plural(f->carrier_only), f->place);
}

/* One button gives frames, another only clicks, too short to be keyed. */
static void find_chatter(struct judge *j)
{
    const struct facts *f = &j->f;
    const struct facts_button *bad = NULL, *good = NULL;

    for (size_t i = 0; i < f->n_buttons; i++) {
        const struct facts_button *b = &f->button[i];

        if (b->answered >= 2 && b->framed == 0)
            bad = b;
        if (b->framed >= 2 && (!good || b->framed > good->framed))
            good = b;
    }
    if (bad != NULL && good != NULL)
        add(j, FINDING_CUT_OFF,
            "%s gave bursts without a frame on %u of %u presses, %s frames on "
            "%u of %u",
            bad->name, bad->answered, bad->asked, good->name, good->framed,
            good->asked);
}

static void find_cut_off(struct judge *j)
{
    const struct facts *f = &j->f;
    const unsigned n = f->cut_off;

    /* one that is never read is another matter: an unknown format */
    if (is_judged(j) && f->with_frame > 0 && n >= 2 && 4 * n >= f->presses)
        add(j, FINDING_CUT_OFF, "%u of %u presses broke off in mid-frame", n,
            f->presses);
    else if (is_judged(j))
        find_chatter(j);
}

static void find_sagging(struct judge *j)
{
    if (is_judged(j) && j->f.sags >= 2 && j->f.sag_db >= SAG_DB)
        add(j, FINDING_SAGGING,
            "from the first copy of a press to the last its level falls by "
            "%.1f dB, median of %u presses",
            j->f.sag_db, j->f.sags);
}

/* Losses on the way may have taken a press. */
static bool has_all(const struct judge *j)
{
    return j->s->lost == 0 && j->s->left_out == 0;
}

static void find_button_silent(struct judge *j)
{
    const struct facts *f = &j->f;
    const struct facts_button *silent = NULL, *other = NULL;

    for (size_t i = 0; i < f->n_buttons; i++) {
        const struct facts_button *b = &f->button[i];

        if (b->answered == 0 && b->asked >= 2)
            silent = b;
        if (b->answered >= 2 && (!other || b->answered > other->answered))
            other = b;
    }
    if (silent != NULL && other != NULL && has_all(j))
        add(j, FINDING_BUTTON_SILENT,
            "%s was heard on 0 of %u presses, %s on %u of %u", silent->name,
            silent->asked, other->name, other->answered, other->asked);
}

static void find_buttons_alike(struct judge *j)
{
    const struct facts *f = &j->f;

    for (size_t i = 0; i < f->n_buttons; i++)
        for (size_t k = 0; k < i; k++) {
            const struct facts_button *a = &f->button[k], *b = &f->button[i];

            if (!a->has_action || !b->has_action || a->is_mixed ||
                b->is_mixed || a->action != b->action || a->answered < 2 ||
                b->answered < 2)
                continue;
            add(j, FINDING_BUTTONS_ALIKE,
                "%s and %s both send button code %" PRIu64, a->name, b->name,
                a->action);
            return;
        }
}

static void find_intermittent(struct judge *j)
{
    const struct facts *f = &j->f;
    unsigned asked = 0, missed = 0;

    for (size_t i = 0; i < f->n_buttons; i++)
        if (f->button[i].answered > 0) {
            asked += f->button[i].asked;
            missed += f->button[i].asked - f->button[i].answered;
        }
    if (has_all(j) && asked >= 3 && missed >= 1 && 5 * missed >= asked)
        add(j, FINDING_INTERMITTENT, "%u of %u presses were not heard", missed,
            asked);
}

static double nearest_nominal(double hz)
{
    double best = nominal_hz[0];

    for (size_t i = 1; i < sizeof nominal_hz / sizeof *nominal_hz; i++)
        if (fabs(hz - nominal_hz[i]) < fabs(hz - best))
            best = nominal_hz[i];
    return best;
}

static void find_wrong_band(struct judge *j)
{
    const double hz = j->f.carrier_hz, market_hz = j->cfg->market_hz;

    if (j->f.presses > 0 && j->f.is_on_air && isfinite(market_hz) &&
        fabs(hz - market_hz) > ON_BAND_HZ)
        add(j, FINDING_WRONG_BAND,
            "it sends at %s; cars of this market listen at %.6g MHz",
            j->f.place, market_hz / 1e6);
}

static void find_off_carrier(struct judge *j)
{
    const double hz = j->f.carrier_hz;
    const double off_hz = hz - nearest_nominal(hz);

    if (is_judged(j) && isfinite(j->cfg->market_hz) &&
        fabs(off_hz) > OFF_CARRIER_HZ && fabs(off_hz) < OFF_LIMIT_HZ)
        add(j, FINDING_OFF_CARRIER,
            "its carrier is %+.0f kHz from %.6g MHz, of which a dongle's own "
            "error is 40 kHz at most",
            off_hz / 1e3, nearest_nominal(hz) / 1e6);
}

/* A known format, or somebody who was asked: otherwise it may be any sensor. */
static bool is_surely_a_fob(const struct facts *f)
{
    return f->asked > 0 || f->is_rolling_format || f->is_fixed_format;
}

static void tell_code(struct judge *j)
{
    const struct facts *f = &j->f;

    if (f->codes > 0 && f->is_fixed_format)
        add(j, FINDING_FIXED_CODE,
            f->repeated == f->codes
                ? "%u presses carried the same code, of a format that has no "
                  "other"
                : "%u presses carried codes of a format that does not roll",
            f->sure);
    else if (f->codes >= 2 && f->repeated == f->codes)
        add(j, f->is_rolling_format ? FINDING_FROZEN : FINDING_FIXED_CODE,
            "%u presses carried the same code, or all but the same", f->sure);
    else if (f->codes > 0 && f->is_rolling_format && f->repeated > 0)
        add(j, FINDING_FROZEN,
            "%u of %u pairs of presses carried the same "
            "code",
            f->repeated, f->codes);
    else if (f->codes > 0 && f->repeated == 0 && is_surely_a_fob(f))
        add(j, FINDING_ROLLING, "the code of %u presses was another each time",
            f->sure);
}

/* Of an unknown format that nobody was asked for, one code is no fault. */
static void find_code(struct judge *j)
{
    struct verdict_result *v = j->v;

    tell_code(j);
    if (!is_surely_a_fob(&j->f) && v->n > 0 &&
        v->finding[v->n - 1].kind == FINDING_FIXED_CODE)
        v->finding[v->n - 1].weight = WEIGHT_FACT;
}

/* What could be read all the same is as good as any. */
static void find_overload(struct judge *j)
{
    const bool is_read = 2 * j->f.sure >= j->f.presses;

    if (is_overloaded(&j->f))
        add(j, FINDING_OVERLOAD,
            "%u of %u presses drove the receiver to its end stops: levels say "
            "nothing",
            j->f.overloaded, j->f.presses);
    if (is_overloaded(&j->f) && is_read)
        j->v->finding[j->v->n - 1].weight = WEIGHT_FACT;
    else if (j->f.presses == 0 && j->s->overloads > 0)
        add(j, FINDING_OVERLOAD,
            "the receiver was overloaded %u times, and no press was heard",
            j->s->overloads);
}

static bool has_watched(const struct sitting *s, double hz)
{
    for (size_t i = 0; i < s->n_bands; i++)
        if (fabs(s->band[i].centre_hz - hz) < s->band[i].width_hz / 2 &&
            s->band[i].watched_s >= PROOF_BAND_S)
            return true;
    return false;
}

/* Whether a fob that sent would have been heard. */
static bool is_proof(const struct judge *j)
{
    return j->f.asked >= PROOF_PRESSES && has_watched(j->s, 315e6) &&
           has_watched(j->s, 433.92e6) && has_all(j) && j->s->overloads == 0 &&
           (j->f.has_control || j->cfg->has_reference);
}

static bool is_busy(const struct facts *f)
{
    return f->watched_s >= BUSY_FROM_S &&
           f->others_s > BUSY_SHARE * f->watched_s;
}

/* The level that a fob must have to be heard: what 100 ms of carrier needs
 * (README), 20 dB under the noise of 250 kHz. */
static double least_level_dbfs(const struct sitting *s)
{
    double worst = NAN;

    for (size_t i = 0; i < s->n_bands; i++) {
        const struct sitting_band *b = &s->band[i];
        const double level_dbfs =
            b->noise_dbfs - 20 - 10 * log10(b->width_hz / 250e3);

        if (!(level_dbfs <= worst))
            worst = level_dbfs;
    }
    return worst;
}

static void describe_watch(const struct sitting *s, char text[FINDING_TEXT])
{
    size_t n = 0;

    text[0] = '\0';
    for (size_t i = 0; i < s->n_bands && n < FINDING_TEXT / 2; i++) {
        n += (size_t)snprintf(text + n, FINDING_TEXT - n, "%s",
                              i > 0 ? ", " : "");
        if (isfinite(s->band[i].centre_hz))
            n += (size_t)snprintf(text + n, FINDING_TEXT - n, "%.2f MHz",
                                  s->band[i].centre_hz / 1e6);
        else
            n += (size_t)snprintf(text + n, FINDING_TEXT - n,
                                  "a band not known");
        n += (size_t)snprintf(text + n, FINDING_TEXT - n, " %.0f s",
                              s->band[i].watched_s);
    }
    if (isfinite(least_level_dbfs(s)))
        snprintf(text + n, FINDING_TEXT - n, "; %.0f dBFS would have been seen",
                 least_level_dbfs(s));
}

static void find_nothing(struct judge *j)
{
    const struct facts *f = &j->f;
    char watch[FINDING_TEXT];

    if (f->presses > 0)
        return;
    describe_watch(j->s, watch);
    if (is_proof(j) && !is_busy(f) && f->maybe == 0)
        add(j, FINDING_SILENT,
            "nothing on any band during %u presses (%.200s), and %s was heard "
            "in the same place",
            f->asked, watch,
            f->has_control ? "another remote" : "the other fob");
    else if (f->others > 0 && !is_busy(f))
        add(j, FINDING_NOT_A_FOB,
            "%u transmission%s, %s answers a press (%.200s)", f->others,
            f->others == 1 ? "" : "s",
            f->maybe > 0 ? "and too seldom one that" : "none of which", watch);
    else
        add(j, FINDING_NOTHING_HEARD, "%u presses asked for; listened %.300s",
            f->asked, watch);
}

static void find_interference(struct judge *j)
{
    const struct facts *f = &j->f;

    if (is_busy(f) && f->with_frame < 2)
        add(j, FINDING_INTERFERENCE,
            "others sent for %.1f s of the %.1f s that were listened to",
            f->others_s, f->watched_s);
    else if (f->others > 0 && f->presses > 0)
        add(j, FINDING_OTHERS, "%u transmission%s of others left out",
            f->others, f->others == 1 ? "" : "s");
}

static void find_presence(struct judge *j)
{
    const struct facts *f = &j->f;

    if (f->presses == 0 || (is_overloaded(f) && 2 * f->sure < f->presses))
        return;
    if (f->asked == 0 && f->with_frame == 0)
        add(j, FINDING_NOT_A_FOB, "%u burst%s, %s", f->presses,
            f->presses == 1 ? "" : "s",
            f->no_frame > 0 ? "from which no frame came"
                            : "on which nothing is keyed");
    else if (!is_surely_a_fob(f) && f->with_frame > 0)
        add(j, FINDING_NOT_A_FOB,
            "%u transmission%s of no known format at %s: without word of "
            "when a button was pressed it may be a sensor",
            f->presses, f->presses == 1 ? "" : "s", f->place);
    else if (f->with_frame == 0 && f->no_frame > 0)
        add(j, FINDING_NO_FRAME,
            "%u press%s at %s were keyed, and no frame came of them",
            f->no_frame, plural(f->no_frame), f->place);
    else if (2 * f->sure < f->presses && f->snr_db < WEAK_SNR_DB)
        add(j, FINDING_WEAK,
            "%u of %u presses could be read for sure, %.0f dB under the "
            "band's noise",
            f->sure, f->presses, -f->snr_db);
    else if (f->with_frame > 0 && (f->sure < 2 || !f->is_told))
        add(j, FINDING_FEW_PRESSES, "%u press%s at %s, %u read for sure",
            f->presses, plural(f->presses), f->place, f->sure);
    else
        add(j, FINDING_TRANSMITS, "%u press%s at %s, %u read for sure",
            f->presses, plural(f->presses), f->place, f->sure);
}

static void find_low_cell(struct judge *j)
{
    if (j->f.is_low_cell)
        add(j, FINDING_LOW_CELL, "the fob itself says that its cell is low");
}

static void sort_findings(struct verdict_result *v)
{
    for (size_t i = 1; i < v->n; i++)
        for (size_t k = i;
             k > 0 && finding_goes_before(&v->finding[k], &v->finding[k - 1]);
             k--) {
            const struct finding swap = v->finding[k];

            v->finding[k] = v->finding[k - 1];
            v->finding[k - 1] = swap;
        }
}

static void leave_untested(struct verdict_result *v, const char *what)
{
    if (v->n_not_tested < NOT_TESTED_MAX)
        v->not_tested[v->n_not_tested++] = what;
}

static void list_untested(struct judge *j)
{
    struct verdict_result *v = j->v;

    if (j->s->is_live && !has_watched(j->s, 315e6))
        leave_untested(v, "315 MHz");
    if (j->s->is_live && !has_watched(j->s, 433.92e6))
        leave_untested(v, "433.92 MHz");
    if (j->s->is_live && !has_watched(j->s, 868.35e6))
        leave_untested(v, "868.35 MHz");
    if (j->f.codes == 0)
        leave_untested(v, "whether the code rolls");
    if (j->f.n_buttons == 0)
        leave_untested(v, "which button was pressed");
    leave_untested(v, "whether the car has learned this fob");
    leave_untested(v, "whether the fob's counter and the car's agree");
    leave_untested(v, "range");
}

static enum status status_of(const struct finding *first)
{
    if (first->kind == FINDING_LOST)
        return STATUS_LOST;
    if (first->weight == WEIGHT_FAULT)
        return STATUS_FAULT;
    return first->weight == WEIGHT_DOUBT ? STATUS_INCONCLUSIVE : STATUS_OK;
}

void verdict_judge(struct verdict_result *v, const struct sitting *s,
                   const struct verdict_cfg *cfg)
{
    static void (*const finders[])(struct judge * j) = {
        find_lost,          find_stuck,        find_carrier_only,
        find_cut_off,       find_sagging,      find_button_silent,
        find_buttons_alike, find_intermittent, find_wrong_band,
        find_off_carrier,   find_code,         find_overload,
        find_nothing,       find_interference, find_presence,
        find_low_cell,
    };
    struct judge j = { .s = s, .cfg = cfg, .v = v };

    *v = (struct verdict_result){ 0 };
    facts_gather(&j.f, s);
    for (size_t i = 0; i < sizeof finders / sizeof *finders; i++)
        finders[i](&j);
    sort_findings(v);
    list_untested(&j);
    v->status = status_of(&v->finding[0]);
    v->headline = finding_headline(v->finding[0].kind);
}
