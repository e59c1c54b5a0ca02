/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/verdict.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "src/verdict_impl.h"

/* Where fobs are (DOMAIN.md 2 and 5.3), and how far from it one may be (2.6). */
static const double nominal_hz[] = { 313.85e6, 314.35e6, 315e6,
                                     433.92e6, 434.42e6, 868.35e6 };
#define ON_BAND_HZ     3e6    /* no two bands of them are nearer */
#define DONGLE_ERROR   100e-6 /* of the frequency (DOMAIN.md 2.6) */
#define OFF_CARRIER_HZ 250e3  /* the dongle's own error included */
#define OFF_LIMIT_HZ   900e3  /* further off it is no fob of that band */

#define SAG_DB         3.0  /* twice what copies of a sound fob differ by */
#define WEAK_SNR_DB    -3.0 /* over the band: near what can be read at all */
#define CLEAR_SNR_DB   6.0  /* in 250 kHz: every copy can be read (README) */
#define HELD_S         10.0 /* a press that was asked for */
#define HELD_UNASKED_S 30.0 /* nobody holds a button for so long */

void verdict_add(struct judge *j, enum finding_kind kind, const char *format,
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

/* A known format, or answers to somebody who asked: otherwise it may be any sensor,
 * such as sends by the clock or answers now and then. */
static bool is_surely_a_fob(const struct facts *f)
{
    return f->is_rolling_format || f->is_fixed_format ||
           (f->asked > 0 && 3 * f->answered >= 2 * f->asked && !f->is_periodic);
}

static void find_lost(struct judge *j)
{
    if (j->s->lost > 0)
        verdict_add(j, FINDING_LOST, "%" PRIu64 " samples are missing, %.3f s",
                    j->s->lost, (double)j->s->lost / j->s->rate_hz);
}

static void find_stuck(struct judge *j)
{
    const double most_s = j->f.asked > 0 ? HELD_S : HELD_UNASKED_S;

    if (j->f.longest_s > most_s)
        verdict_add(j, FINDING_STUCK, "it sent for %.0f s without an end",
                    j->f.longest_s);
    else if (j->f.is_late)
        verdict_add(
            j, FINDING_STUCK,
            "it was still sending more than 5 s after it was no longer asked "
            "for");
}

static void find_carrier_only(struct judge *j)
{
    const struct facts *f = &j->f;

    if (is_judged(j) && f->carrier_only >= 2 && f->with_frame == 0 &&
        f->no_frame == 0 && f->answered >= 2)
        verdict_add(j, FINDING_CARRIER_ONLY,
                    "%u press%s gave a carrier at %s, and nothing was keyed on "
                    "it",
                    f->carrier_only, plural(f->carrier_only), f->place);
}

/* One button gives frames, another bursts from which none comes. */
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
        verdict_add(
            j, FINDING_CUT_OFF,
            "%s gave bursts without a frame on %u of %u presses, %s frames on "
            "%u of %u",
            bad->name, bad->answered, bad->asked, good->name, good->framed,
            good->asked);
}

static void find_cut_off(struct judge *j)
{
    const struct facts *f = &j->f;
    const unsigned n = f->cut_off;

    /* one that is never read is another matter: an unknown format; and what is
     * weak is not broken off */
    if (is_judged(j) && is_surely_a_fob(f) && f->snr_250k_db >= CLEAR_SNR_DB &&
        f->with_frame > 0 && n >= 2 && 4 * n >= f->presses)
        verdict_add(j, FINDING_CUT_OFF,
                    "%u of %u presses broke off in mid-frame", n, f->presses);
    else if (is_judged(j))
        find_chatter(j);
}

static void find_sagging(struct judge *j)
{
    if (is_judged(j) && j->f.sags >= 3 && j->f.sag_db >= SAG_DB)
        verdict_add(
            j, FINDING_SAGGING,
            "from the first copy of a press to the last its level falls by "
            "%.1f dB, median of %u presses",
            j->f.sag_db, j->f.sags);
}

/* Losses on the way may have taken a press. */
bool verdict_has_all(const struct judge *j)
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
    if (silent != NULL && other != NULL && verdict_has_all(j))
        verdict_add(j, FINDING_BUTTON_SILENT,
                    "%s was heard on 0 of %u presses, %s on %u of %u",
                    silent->name, silent->asked, other->name, other->answered,
                    other->asked);
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
            verdict_add(j, FINDING_BUTTONS_ALIKE,
                        "%s and %s both send button code %" PRIu64, a->name,
                        b->name, a->action);
            return;
        }
}

/* Who presses may miss one, too: a fault only of a fob that is known, heard well,
 * and missed more than once. */
static void find_intermittent(struct judge *j)
{
    const struct facts *f = &j->f;
    const bool is_fault = (f->is_rolling_format || f->is_fixed_format) &&
                          f->snr_250k_db >= CLEAR_SNR_DB;
    unsigned asked = 0, missed = 0;

    for (size_t i = 0; i < f->n_buttons; i++)
        if (f->button[i].answered > 0) {
            asked += f->button[i].asked - f->button[i].searched;
            missed += f->button[i].asked - f->button[i].answered -
                      f->button[i].searched;
        }
    if (!verdict_has_all(j) || asked < 3 || missed < 1 || 5 * missed < asked)
        return;
    verdict_add(j, FINDING_INTERMITTENT, "%u of %u presses were not heard",
                missed, asked);
    if (!is_fault || missed < 2)
        j->v->finding[j->v->n - 1].weight = WEIGHT_DOUBT;
}

double verdict_nominal(double hz)
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
        fabs(hz - market_hz) > ON_BAND_HZ &&
        !(market_hz > 400e6 && fabs(hz - 868.35e6) < ON_BAND_HZ))
        verdict_add(j, FINDING_WRONG_BAND,
                    "it sends at %s; cars of this market listen at %.6g MHz",
                    j->f.place, market_hz / 1e6);
}

static void find_off_carrier(struct judge *j)
{
    const double hz = j->f.carrier_hz;
    const double off_hz = hz - verdict_nominal(hz);

    if (is_judged(j) && isfinite(j->cfg->market_hz) &&
        fabs(off_hz) > OFF_CARRIER_HZ && fabs(off_hz) < OFF_LIMIT_HZ)
        verdict_add(
            j, FINDING_OFF_CARRIER,
            "its carrier is %+.0f kHz from %.6g MHz, of which a dongle's own "
            "error is %.0f kHz at most",
            off_hz / 1e3, verdict_nominal(hz) / 1e6,
            DONGLE_ERROR * verdict_nominal(hz) / 1e3);
}

static void tell_code(struct judge *j)
{
    const struct facts *f = &j->f;

    if (f->codes > 0 && f->is_fixed_format)
        verdict_add(
            j, FINDING_FIXED_CODE,
            f->repeated == f->codes
                ? "%u presses carried the same code, of a format that has no "
                  "other"
                : "%u presses carried codes of a format that does not roll",
            f->sure);
    else if (f->codes >= 2 && f->repeated == f->codes)
        verdict_add(
            j, f->is_rolling_format ? FINDING_FROZEN : FINDING_FIXED_CODE,
            "%u presses carried the same code, or all but the same", f->sure);
    else if (f->is_rolling_format && 2 * f->repeated > f->codes)
        verdict_add(j, FINDING_FROZEN,
                    "%u of %u pairs of presses carried the same "
                    "code",
                    f->repeated, f->codes);
    else if (f->codes > 0 && f->repeated == 0 && is_surely_a_fob(f))
        verdict_add(j, FINDING_ROLLING,
                    "the code of %u presses was another each time", f->sure);
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
        verdict_add(
            j, FINDING_OVERLOAD,
            "%u of %u presses drove the receiver to its end stops: levels say "
            "nothing",
            j->f.overloaded, j->f.presses);
    if (is_overloaded(&j->f) && is_read)
        j->v->finding[j->v->n - 1].weight = WEIGHT_FACT;
    else if (j->f.presses == 0 && j->s->overloads > 0)
        verdict_add(
            j, FINDING_OVERLOAD,
            "the receiver was overloaded %u times, and no press was heard",
            j->s->overloads);
}

/* Read for sure, most of it, of every button, and another code each time: no less
 * says that all is well. */
static bool is_sound(const struct facts *f)
{
    for (size_t i = 0; i < f->n_buttons; i++)
        if (f->button[i].answered == 0)
            return false;
    return f->sure >= 2 && 2 * f->sure > f->presses &&
           2 * f->carrier_only < f->presses && f->is_told &&
           4 * f->repeated <= f->codes;
}

static void find_presence(struct judge *j)
{
    const struct facts *f = &j->f;

    if (f->presses == 0 || (is_overloaded(f) && 2 * f->sure < f->presses))
        return;
    if (f->asked == 0 && f->with_frame == 0)
        verdict_add(j, FINDING_NOT_A_FOB, "%u burst%s, %s", f->presses,
                    f->presses == 1 ? "" : "s",
                    f->no_frame > 0 ? "from which no frame came"
                                    : "on which nothing is keyed");
    else if (!is_surely_a_fob(f) && f->with_frame > 0)
        verdict_add(j, FINDING_NOT_A_FOB,
                    "%u transmission%s of no known format at %s: %s",
                    f->presses, f->presses == 1 ? "" : "s", f->place,
                    f->asked > 0 ? "they come whether or not a button was "
                                   "asked for: it may be a sensor"
                                 : "without word of when a button was pressed "
                                   "it may be a sensor");
    else if (f->with_frame == 0 && f->no_frame > 0)
        verdict_add(j, FINDING_NO_FRAME,
                    "%u press%s at %s were keyed, and no frame came of them",
                    f->no_frame, plural(f->no_frame), f->place);
    else if (2 * f->sure < f->presses && f->snr_db < WEAK_SNR_DB)
        verdict_add(j, FINDING_WEAK,
                    "%u of %u presses could be read for sure, %.0f dB under "
                    "the band's noise",
                    f->sure, f->presses, -f->snr_db);
    else if (is_sound(f))
        verdict_add(j, FINDING_TRANSMITS, "%u press%s at %s, %u read for sure",
                    f->presses, plural(f->presses), f->place, f->sure);
    else
        verdict_add(j, FINDING_FEW_PRESSES,
                    "%u press%s at %s, %u read for sure", f->presses,
                    plural(f->presses), f->place, f->sure);
}

static void find_low_cell(struct judge *j)
{
    if (j->f.is_low_cell)
        verdict_add(j, FINDING_LOW_CELL,
                    "the fob itself says that its cell is low");
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

    if (j->s->is_live && !verdict_has_watched(j->s, 315e6))
        leave_untested(v, "315 MHz");
    if (j->s->is_live && !verdict_has_watched(j->s, 433.92e6))
        leave_untested(v, "433.92 MHz");
    if (j->s->is_live && !verdict_has_watched(j->s, 868.35e6))
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
        find_lost,
        find_stuck,
        find_carrier_only,
        find_cut_off,
        find_sagging,
        find_button_silent,
        find_buttons_alike,
        find_intermittent,
        find_wrong_band,
        find_off_carrier,
        find_code,
        find_overload,
        verdict_find_nothing,
        verdict_find_interference,
        find_presence,
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
