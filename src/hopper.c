/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/hopper.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

/* A person holds a button for a second when asked to. All bands and one more
 * frame (100 ms, with its gap 150) go into it; each change takes the tuner's I2C
 * bus 10 ms. More than 0.2 s in a band finds nothing that less would not. */
#define PRESS_SECONDS     1.0
#define FRAME_SECONDS     0.15
#define CHANGE_SECONDS    0.01
#define DWELL_MAX_SECONDS 0.2
#define DWELL_MIN_SECONDS 0.08
/* Copies of a press may be further apart than a burst's hang. */
#define LINGER_SECONDS 0.3
/* Nobody presses for so long: interference, or a stuck button, which has been
 * told by then. */
#define STAY_SECONDS 3.0
/* Heard in both bands within so long is at the same time: a press and a round. */
#define TOGETHER_SECONDS 1.0
/* A carrier by its burst's edges; a fob of 60 kHz of FSK has its middle there. */
#define NEAR_HZ 20e3
/* SAW fobs are this far from their band's name (Ford, 315 MHz: 127 kHz, dsp.SE
 * 55983; at 433.92 MHz less). */
#define SPREAD_HZ 130e3

/* Where a band is asked for, and none is to be tuned to. */
enum { STAY = -1, NO_REASON = -2 /* to stay; others may have one */ };

void hopper_init(struct hopper *h, const struct hopper_cfg *cfg)
{
    assert(cfg->bands >= 1 && cfg->bands <= HOPPER_BANDS_MAX);
    *h = (struct hopper){ .cfg = *cfg, .checking = -1, .only = -1 };
}

double hopper_keep_to(struct hopper *h, double hz)
{
    h->only = isnan(hz) ? -1 : 0;
    if (h->only < 0)
        return NAN;
    for (unsigned i = 1; i < h->cfg.bands; i++)
        if (fabs(h->cfg.band_hz[i] - hz) < fabs(h->cfg.band_hz[h->only] - hz))
            h->only = (int)i;
    return h->cfg.band_hz[h->only];
}

double hopper_dwell_seconds(const struct hopper *h)
{
    const double share = (PRESS_SECONDS - FRAME_SECONDS) / h->cfg.bands -
                         CHANGE_SECONDS - h->cfg.settle_s;

    return fmax(fmin(share, DWELL_MAX_SECONDS), DWELL_MIN_SECONDS);
}

double hopper_round_seconds(const struct hopper *h)
{
    return h->cfg.bands *
           (hopper_dwell_seconds(h) + CHANGE_SECONDS + h->cfg.settle_s);
}

double hopper_press_seconds(const struct hopper *h)
{
    return fmax(PRESS_SECONDS, hopper_round_seconds(h) + FRAME_SECONDS);
}

static bool is_over(const struct hopper *h, uint64_t since, uint64_t now,
                    double seconds)
{
    return (double)(now - since) >= seconds * h->cfg.rate_hz;
}

/* Heard in another band at the same time, at a half or a third of hz. */
static bool is_known_harmonic(const struct hopper *h, double hz, uint64_t at)
{
    for (unsigned i = 0; i < h->cfg.bands; i++) {
        const double apart = fabs((double)at - (double)h->heard[i]);

        if (h->heard[i] == 0 || apart > TOGETHER_SECONDS * h->cfg.rate_hz)
            continue;
        for (int k = 2; k <= 3; k++)
            if (fabs(hz - k * h->heard_hz[i]) < k * NEAR_HZ)
                return true;
    }
    return false;
}

/* The band that a second harmonic at hz would come from; -1: none. */
static int origin_of(const struct hopper *h, double hz)
{
    for (unsigned i = 0; i < h->cfg.bands; i++)
        if (fabs(hz / 2 - h->cfg.band_hz[i]) < SPREAD_HZ)
            return (int)i;
    return -1;
}

static bool is_cleared(const struct hopper *h, double hz, uint64_t at)
{
    return h->is_cleared && at < h->cleared_until &&
           fabs(hz - h->suspect_hz) < 2 * NEAR_HZ;
}

enum hopper_harmonic hopper_is_harmonic(const struct hopper *h, double hz,
                                        uint64_t at)
{
    if (h->only >= 0) /* other bands are not looked at any more */
        return HOPPER_NO;
    if (is_known_harmonic(h, hz, at))
        return HOPPER_YES;
    return origin_of(h, hz) >= 0 && !is_cleared(h, hz, at) ? HOPPER_PERHAPS
                                                           : HOPPER_NO;
}

static unsigned following(const struct hopper *h)
{
    return (h->band + 1) % h->cfg.bands;
}

/* In the band where half of the suspect would be. */
static int check(struct hopper *h, const struct hopper_view *v)
{
    if (v->is_busy && fabs(v->busy_hz - h->suspect_hz / 2) < NEAR_HZ) {
        h->checking = -1; /* the fob itself: it is stayed with */
        return STAY;
    }
    if (!is_over(h, h->since, v->now, hopper_dwell_seconds(h)))
        return STAY;
    h->checking = -1;
    h->is_cleared = true;
    h->cleared_until = v->now + (uint64_t)(TOGETHER_SECONDS * h->cfg.rate_hz);
    return (int)h->suspect_band;
}

/* Something is being sent: STAY with it; the band to look at first; NO_REASON. */
static int follow(struct hopper *h, const struct hopper_view *v)
{
    const enum hopper_harmonic harmonic =
        hopper_is_harmonic(h, v->busy_hz, v->now);

    if (harmonic == HOPPER_YES || h->is_ignored[h->band])
        return NO_REASON;
    if (harmonic == HOPPER_PERHAPS) {
        h->suspect_band = h->band;
        h->suspect_hz = v->busy_hz;
        h->checking = origin_of(h, v->busy_hz);
        h->is_cleared = false;
        return h->checking;
    }
    if (h->busy_since == 0)
        h->busy_since = v->now + 1;
    h->was_busy = true;
    h->quiet_since = v->now;
    if (!is_over(h, h->busy_since, v->now + 1, STAY_SECONDS))
        return STAY;
    h->is_ignored[h->band] = true;
    return NO_REASON;
}

int hopper_next(struct hopper *h, const struct hopper_view *v)
{
    int band = NO_REASON;

    if (h->cfg.bands == 1)
        return STAY;
    if (h->only >= 0)
        return h->only == (int)h->band ? STAY : h->only;
    if (h->checking == (int)h->band) {
        band = check(h, v);
        if (h->checking >= 0 || band >= 0)
            return band;
        band = NO_REASON;
    }
    if (v->is_busy) {
        band = follow(h, v);
        if (band >= 0)
            return band;
        h->heard[h->band] = v->now + 1;
        h->heard_hz[h->band] = v->busy_hz;
    } else {
        h->busy_since = 0;
        h->is_ignored[h->band] = false;
    }
    if (band == STAY || !v->is_settled ||
        !is_over(h, h->since, v->now, hopper_dwell_seconds(h)))
        return STAY;
    if (h->was_busy && !is_over(h, h->quiet_since, v->now, LINGER_SECONDS))
        return STAY;
    return (int)following(h);
}

void hopper_tuned(struct hopper *h, unsigned band, uint64_t now)
{
    h->band = band;
    h->since = now;
    h->busy_since = 0;
    h->was_busy = false;
}
