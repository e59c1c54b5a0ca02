/* verdict_silence - nothing was heard: because the fob is silent, or because it could
 * not have been heard.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <stdio.h>

#include "src/verdict_impl.h"

#define BUSY_SHARE   0.1  /* of the time, that others send: a jammed band */
#define STEADY_DB    20.0 /* of a carrier: 1 kHz of it, no spur of a dongle */
#define NEAR_FOBS_HZ 500e3
/* Asked for so often, a silent fob is no oversight. */
#define PROOF_PRESSES 3
#define PROOF_BAND_S  3.0

bool verdict_has_watched(const struct sitting *s, double hz)
{
    for (size_t i = 0; i < s->n_bands; i++)
        if (fabs(s->band[i].centre_hz - hz) < s->band[i].width_hz / 2 &&
            s->band[i].watched_s >= PROOF_BAND_S)
            return true;
    return false;
}

/* A recording is mostly cut to what was sent, so its share says nothing. */
static bool is_busy(const struct judge *j)
{
    return j->s->is_live && j->f.watched_s > 0 &&
           j->f.others_s > BUSY_SHARE * j->f.watched_s;
}

/* The level from which a frame is read for sure in the worst band: 6 dB under the
 * noise of 250 kHz (README, HCS200 -6.6 dB at 90 %). NAN: a band's noise is not
 * known. */
static double least_level_dbfs(const struct sitting *s)
{
    double worst = -INFINITY;

    for (size_t i = 0; i < s->n_bands; i++) {
        const struct sitting_band *b = &s->band[i];
        const double level_dbfs =
            b->noise_dbfs - 6 - 10 * log10(b->width_hz / 250e3);

        if (isnan(level_dbfs))
            return NAN;
        worst = fmax(worst, level_dbfs);
    }
    return s->n_bands > 0 ? worst : NAN;
}

/* Whether a fob that sent would have been heard. */
static bool is_proof(const struct judge *j)
{
    return j->f.asked >= PROOF_PRESSES && verdict_has_watched(j->s, 315e6) &&
           verdict_has_watched(j->s, 433.92e6) && verdict_has_all(j) &&
           j->s->overloads == 0 && isfinite(least_level_dbfs(j->s)) &&
           (j->f.has_control || j->cfg->has_reference);
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
        snprintf(text + n, FINDING_TEXT - n, "; %.0f dBFS would have been read",
                 least_level_dbfs(s));
}

/* A carrier that stays, where fobs are: a receiver hears nothing beside it. In a
 * shorter recording it may be the fob's own. */
static const struct sitting_band *find_steady(const struct sitting *s)
{
    const struct sitting_band *found = NULL;

    for (size_t i = 0; i < s->n_bands; i++) {
        const struct sitting_band *b = &s->band[i];

        if (b->steady_db >= STEADY_DB && b->watched_s >= PROOF_BAND_S &&
            fabs(b->steady_hz - verdict_nominal(b->steady_hz)) < NEAR_FOBS_HZ &&
            (found == NULL || b->steady_db > found->steady_db))
            found = b;
    }
    return found;
}

void verdict_find_nothing(struct judge *j)
{
    const struct facts *f = &j->f;
    char watch[FINDING_TEXT];

    if (f->presses > 0)
        return;
    describe_watch(j->s, watch);
    if (is_proof(j) && !is_busy(j) && f->maybe == 0 &&
        find_steady(j->s) == NULL)
        verdict_add(
            j, FINDING_SILENT,
            "nothing on any band during %u presses (%.200s), and %s was heard "
            "in the same place",
            f->asked, watch,
            f->has_control ? "another remote" : "the other fob");
    else if (f->others > 0 && !is_busy(j))
        verdict_add(j, FINDING_NOT_A_FOB,
                    "%u transmission%s, %s answers a press (%.200s)", f->others,
                    f->others == 1 ? "" : "s",
                    f->maybe > 0 ? "and too seldom one that" : "none of which",
                    watch);
    else
        verdict_add(j, FINDING_NOTHING_HEARD,
                    "%u presses asked for; listened %.300s", f->asked, watch);
}

void verdict_find_interference(struct judge *j)
{
    const struct facts *f = &j->f;
    const struct sitting_band *steady = find_steady(j->s);

    if (steady != NULL && f->with_frame < 2)
        verdict_add(j, FINDING_INTERFERENCE,
                    "a steady carrier at %.3f MHz, %.0f dB over the noise",
                    steady->steady_hz / 1e6, steady->steady_db);
    else if (is_busy(j) && f->with_frame < 2)
        verdict_add(
            j, FINDING_INTERFERENCE,
            "others sent for %.1f s of the %.1f s that were listened to",
            fmin(f->others_s, f->watched_s), f->watched_s);
    else if (f->others > 0 && f->presses > 0)
        verdict_add(j, FINDING_OTHERS, "%u transmission%s of others left out",
                    f->others, f->others == 1 ? "" : "s");
}
