/* compare_measure - the quantities that are measured, each press anew: means, and
 * whether they differ by more than scatter.
 *
 *   source  B. L. Welch, "The generalization of 'Student's' problem when several
 *           different population variances are involved", Biometrika 34, 1947
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <stdio.h>

#include "src/chance.h"
#include "src/compare_impl.h"

/* Relative to a good reference fob, what is worth reporting (DOMAIN.md 2.6). */
#define CARRIER_MATTERS_HZ 150e3
/* 3 dB less are 0.7 of the range in free space; the least that an owner notices. */
#define LEVEL_MATTERS_DB 3.0
/* A cell that gives way (verdict.c: SAG_DB). */
#define SAG_MATTERS_DB 3.0
/* Pulses of a Flipper: within its receiver's filter (source_pulses.c). */
#define PULSES_HZ 100e3
/* What is printed of a level, and how well a level of 8 bits is one. */
#define LEVEL_STEP_DB 0.1
/* Of the chips' clock within a fob; below it the ratio of two scatters is of noise
 * alone (DS40138: RC oscillators move by tenths of a percent with their supply). */
#define JITTER_SHARE 2e-3
/* Levels that are so far apart scatter differently. */
#define SAME_SNR_DB 3.0

/* The presses of one fob. */
struct sample {
    double mean, variance; /* of one press */
    double own;            /* mean of the squares of each one's own */
    double step;           /* what all of them may be off by, together */
    double spread;         /* of one fob by itself */
    unsigned n;
};

struct quantity {
    const char *name, *title, *unit;
    double scale; /* of what is printed, in `shown` */
    const char *shown;
    int decimals;
    bool is_structure; /* of another format it is another anyway */
    double coarse; /* nothing is called the same that could differ by more; */
    bool is_share; /* of a's mean */
    double (*get)(const struct sitting *s, const struct sitting_press *p);
    /* One standard deviation of one; NULL: it shows in the scatter. */
    double (*own)(const struct sitting_press *p);
    double (*step)(const struct sitting *s, const struct sitting_press *p);
    void (*explain)(const struct compare_run *r, struct compare_row *row);
};

static double carrier_of(const struct sitting *s, const struct sitting_press *p)
{
    (void)s;
    return p->carrier_uncertainty_hz < PULSES_HZ ? p->carrier_hz : NAN;
}

static double carrier_own(const struct sitting_press *p)
{
    return p->carrier_uncertainty_hz;
}

static double no_step(const struct sitting *s, const struct sitting_press *p)
{
    (void)s, (void)p;
    return 0;
}

static double level_of(const struct sitting *s, const struct sitting_press *p)
{
    (void)s;
    return p->is_overload ? NAN : p->level_dbfs;
}

static double level_step(const struct sitting *s, const struct sitting_press *p)
{
    (void)s, (void)p;
    return LEVEL_STEP_DB;
}

static double deviation_of(const struct sitting *s,
                           const struct sitting_press *p)
{
    (void)s;
    return p->frame.bits.n > 0 &&
                   p->frame.reception.modulation == MODULATION_FSK
               ? p->frame.reception.deviation_hz
               : NAN;
}

static double te_of(const struct sitting *s, const struct sitting_press *p)
{
    (void)s;
    return p->frame.bits.n > 0 && p->te_us > 0 ? p->te_us : NAN;
}

/* The ends of a frame are known to a sample. */
static double te_step(const struct sitting *s, const struct sitting_press *p)
{
    (void)s;
    return p->frame.samples > 0 ? p->te_us / (double)p->frame.samples : 0;
}

static double gap_of(const struct sitting *s, const struct sitting_press *p)
{
    (void)s;
    return p->frame.bits.n > 0 && p->te_us > 0 ? p->gap_s * 1e6 / p->te_us
                                               : NAN;
}

static double gap_step(const struct sitting *s, const struct sitting_press *p)
{
    return p->te_us > 0 ? fmax(1e6 / (s->rate_hz * p->te_us), 0.5) : 0;
}

static bool is_unknown(const struct sitting_press *p)
{
    return p->frame.bits.n > 0 && p->frame.protocol == NULL;
}

static double preamble_of(const struct sitting *s,
                          const struct sitting_press *p)
{
    (void)s;
    return is_unknown(p) ? (double)p->frame.preamble_chips : NAN;
}

static double sync_of(const struct sitting *s, const struct sitting_press *p)
{
    (void)s;
    return is_unknown(p) ? (double)p->frame.sync_chips : NAN;
}

static double chip_step(const struct sitting *s, const struct sitting_press *p)
{
    (void)s, (void)p;
    return 1;
}

static double drift_of(const struct sitting *s, const struct sitting_press *p)
{
    return isfinite(carrier_of(s, p)) ? p->drift_hz : NAN;
}

/* Of the difference of two carriers. */
static double tones_own(const struct sitting_press *p)
{
    return sqrt(2) * p->carrier_uncertainty_hz;
}

/* As verdict_facts.c takes it. */
static double sag_of(const struct sitting *s, const struct sitting_press *p)
{
    (void)s;
    return p->copies >= 3 && !p->is_overload ? p->sag_db : NAN;
}

static void explain_carrier(const struct compare_run *r,
                            struct compare_row *row)
{
    const char *dongle =
        r->cfg->is_one_sitting
            ? "the receiver's own error is the same for both and cancels"
            : "if both were recorded by the same receiver; another one would "
              "be off by up to 50 ppm";

    row->matters = fabs(row->delta) > CARRIER_MATTERS_HZ;
    compare_say(row, "%s; %s",
                row->answer == COMPARE_SAME ? "no difference is seen"
                : row->matters
                    ? "more than 150 kHz from the fob that works: a resonator "
                      "that has drifted is suspected"
                    : "resonators differ by so much when new; it matters only "
                      "if the car's receiver is a narrow one",
                dongle);
}

static void explain_level(const struct compare_run *r, struct compare_row *row)
{
    (void)r;
    row->matters = fabs(row->delta) >= LEVEL_MATTERS_DB;
    if (row->answer == COMPARE_SAME)
        compare_say(row, "at the same gain; as far as both were held alike");
    else
        compare_say(row,
                    "at the same gain: %.2g times the range of A in free "
                    "space; how each was held is not in the tolerance",
                    pow(10, row->delta / 20));
}

static void explain_te(const struct compare_run *r, struct compare_row *row)
{
    (void)r;
    compare_say(row,
                row->answer == COMPARE_SAME
                    ? "the chips are as long"
                    : "each fob has a clock of its own, and receivers "
                      "measure it anew: fobs of one family differ by this");
}

static void explain_structure(const struct compare_run *r,
                              struct compare_row *row)
{
    (void)r;
    compare_say(row, row->answer == COMPARE_SAME
                         ? "no difference is seen"
                         : "another make of the same format, perhaps; most "
                           "receivers take either");
}

static void explain_drift(const struct compare_run *r, struct compare_row *row)
{
    (void)r;
    compare_say(row, row->answer == COMPARE_SAME
                         ? "no difference is seen"
                         : "one oscillator settles more slowly: a resonator or "
                           "a cell that gives way");
}

static void explain_sag(const struct compare_run *r, struct compare_row *row)
{
    (void)r;
    row->matters =
        fmax(fabs(row->a_value), fabs(row->b_value)) >= SAG_MATTERS_DB;
    compare_say(row, row->answer == COMPARE_SAME
                         ? "no difference is seen"
                         : "the level falls during a press: a cell or a joint "
                           "that gives way; measure the cell under load");
}

/* clang-format off */
static const struct quantity quantities[] = {
    { "carrier", "carrier", "hz", 1e-3, "kHz", 2, false, 150e3, false,
      carrier_of, carrier_own, no_step, explain_carrier },
    { "level", "level", "dbfs", 1, "dBFS", 1, false, 6, false,
      level_of, NULL, level_step, explain_level },
    { "deviation", "deviation", "hz", 1e-3, "kHz", 2, true, 0.2, true,
      deviation_of, tones_own, no_step, explain_structure },
    { "te", "chip (TE)", "us", 1, "us", 2, true, 0.1, true,
      te_of, NULL, te_step, explain_te },
    { "preamble", "preamble", "chips", 1, "chips", 0, true, 16, false,
      preamble_of, NULL, chip_step, explain_structure },
    { "sync", "sync", "chips", 1, "chips", 0, true, 8, false,
      sync_of, NULL, chip_step, explain_structure },
    { "gap", "copy gap", "te", 1, "TE", 1, true, 0.2, true,
      gap_of, NULL, gap_step, explain_structure },
    { "drift", "drift", "hz", 1e-3, "kHz", 2, false, 10e3, false,
      drift_of, tones_own, no_step, explain_drift },
    { "sag", "sag", "db", 1, "dB", 1, false, 6, false,
      sag_of, NULL, level_step, explain_sag },
};
/* clang-format on */

static void take(struct sample *x, const struct sitting *s,
                 const struct quantity *q)
{
    double low = INFINITY, high = -INFINITY, sum = 0, squares = 0;

    *x = (struct sample){ 0 };
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < s->n_presses; i++) {
            const struct sitting_press *p = &s->press[i];
            const double v = sitting_is_fobs(s, i) ? q->get(s, p) : NAN;

            if (!isfinite(v))
                continue;
            if (pass == 1) {
                squares += (v - x->mean) * (v - x->mean);
                continue;
            }
            sum += v;
            x->mean = sum / ++x->n;
            x->own += q->own != NULL ? q->own(p) * q->own(p) : 0;
            x->step = fmax(x->step, q->step(s, p));
            low = fmin(low, v);
            high = fmax(high, v);
            if (q->get == carrier_of && isfinite(p->drift_hz))
                x->spread = fmax(x->spread, fabs(p->drift_hz));
        }
    x->variance = x->n > 1 ? squares / (x->n - 1) : 0;
    x->own = x->n > 0 ? x->own / x->n : 0;
    x->spread = fmax(x->spread, high - low);
}

/* Fills uncertainty and limit. False: there is no telling. */
static bool weigh(struct compare_row *row, const struct sample *a,
                  const struct sample *b)
{
    const double steps = a->step * a->step + b->step * b->step;
    double va = a->variance / a->n, vb = b->variance / b->n;
    double scatter, other, freedom = CHANCE_FREEDOM_MAX;

    if (a->n == 1 && b->n > 1) /* it scatters as the other does */
        va = b->variance;
    if (b->n == 1 && a->n > 1)
        vb = a->variance;
    scatter = va + vb;
    other = a->own / a->n + b->own / b->n + steps;
    if (a->n + b->n < 3 && a->own == 0)
        return false;
    if (scatter > 0) {
        freedom = a->n > 1 && b->n > 1
                      ? scatter * scatter /
                            (va * va / (a->n - 1) + vb * vb / (b->n - 1))
                      : a->n + b->n - 2.0;
        /* what is known besides has any number of them */
        freedom *= (1 + other / scatter) * (1 + other / scatter);
    }
    row->uncertainty = sqrt(scatter + other);
    row->limit = chance_limit(COMPARE_CHANCE, freedom) * row->uncertainty;
    row->limit = fmax(row->limit, fmax(a->spread, b->spread));
    return true;
}

static void show(char words[COMPARE_WORDS], const struct quantity *q,
                 const struct sample *x)
{
    if (x->n == 0)
        snprintf(words, COMPARE_WORDS, "-");
    else if (q->get == carrier_of && fabs(x->mean) > 1e6)
        snprintf(words, COMPARE_WORDS, "%.4f MHz", x->mean / 1e6);
    else
        snprintf(words, COMPARE_WORDS, "%.*f %s", q->decimals,
                 x->mean * q->scale, q->shown);
}

/* One gain, known, of all presses of both. */
static bool has_one_gain(const struct compare_run *r)
{
    double gain_db = NAN;

    for (int k = 0; k < 2; k++) {
        const struct sitting *s = (k ? r->b : r->a)->subject->sitting;

        for (size_t i = 0; i < s->n_presses; i++) {
            if (!sitting_is_fobs(s, i))
                continue;
            if (isnan(gain_db))
                gain_db = s->press[i].gain_db;
            if (s->press[i].gain_db != gain_db)
                return false;
        }
    }
    return isfinite(gain_db);
}

/* So few presses, or so unlike each other, that hardly anything would be noticed. */
static bool is_coarse(const struct quantity *q, const struct compare_row *row,
                      const struct sample *a)
{
    const double unit = q->is_share ? fabs(a->mean) : 1;

    return row->limit > q->coarse * fmax(unit, 1);
}

/* What stands in the way, in words. NULL: nothing. */
static const char *obstacle(const struct compare_run *r,
                            const struct quantity *q, const struct sample *a,
                            const struct sample *b)
{
    const struct facts *fa = &r->a->subject->facts;
    const struct facts *fb = &r->b->subject->facts;

    if (a->n == 0 || b->n == 0)
        return "not measured of both";
    if (q->get == carrier_of && fa->is_on_air != fb->is_on_air)
        return "one recording does not say its centre frequency";
    if (q->get == level_of && r->is_other_band)
        return "receivers and antennas differ from band to band";
    if (q->get == level_of && !has_one_gain(r))
        return "whether both had the same gain is not known, or they had not";
    return NULL;
}

static void compare_one(struct compare_run *r, const struct quantity *q)
{
    struct compare_row *row = compare_add(r, q->name, q->title);
    struct sample a, b;
    const char *why;

    row->unit = q->unit;
    take(&a, r->a->subject->sitting, q);
    take(&b, r->b->subject->sitting, q);
    show(row->a, q, &a);
    show(row->b, q, &b);
    row->a_value = a.n > 0 ? a.mean : NAN;
    row->b_value = b.n > 0 ? b.mean : NAN;
    why = obstacle(r, q, &a, &b);
    if (why == NULL && !weigh(row, &a, &b))
        why = "one press of each shows no scatter to judge by";
    if (why != NULL) {
        compare_say(row, "%s", why);
        return;
    }
    row->delta = b.mean - a.mean;
    snprintf(row->difference, sizeof row->difference, "%+.*f +- %.2g %s",
             q->decimals, row->delta * q->scale, row->uncertainty * q->scale,
             q->shown);
    if (fabs(row->delta) <= row->limit && is_coarse(q, row, &a)) {
        compare_say(row,
                    "from so few presses only a difference above %.2g %s "
                    "would show",
                    row->limit * q->scale, q->shown);
        return;
    }
    row->answer = fabs(row->delta) > row->limit ? COMPARE_OTHER : COMPARE_SAME;
    row->is_expected = row->answer == COMPARE_SAME;
    q->explain(r, row);
    row->is_consequence = row->answer == COMPARE_OTHER &&
                          ((q->get == carrier_of && r->is_other_band) ||
                           (q->is_structure && r->is_other_format));
}

static double jitter(const struct sample *x)
{
    return hypot(sqrt(x->variance), x->step);
}

/* The scatter of the chips' length from press to press: by the ratio of the
 * variances, not of the means. */
static void compare_jitter(struct compare_run *r, const struct quantity *te)
{
    struct compare_row *row = compare_add(r, "te_jitter", "TE jitter");
    const struct facts *fa = &r->a->subject->facts;
    const struct facts *fb = &r->b->subject->facts;
    struct sample a, b;
    double x, y;

    row->unit = "us";
    take(&a, r->a->subject->sitting, te);
    take(&b, r->b->subject->sitting, te);
    if (a.n < 3 || b.n < 3) {
        compare_say(row, "three presses of each, or more, would show it");
        return;
    }
    x = jitter(&a);
    y = jitter(&b);
    row->a_value = x;
    row->b_value = y;
    row->delta = y - x;
    snprintf(row->a, sizeof row->a, "%.3f us", x);
    snprintf(row->b, sizeof row->b, "%.3f us", y);
    if (isfinite(fa->snr_db + fb->snr_db) &&
        fabs(fa->snr_db - fb->snr_db) > SAME_SNR_DB) {
        compare_say(row, "the weaker one scatters more by its noise");
        return;
    }
    row->answer = COMPARE_SAME;
    if (fmax(x, y) > JITTER_SHARE * a.mean &&
        chance_of_ratio(fmax(x * x / (y * y), y * y / (x * x)), a.n - 1.0,
                        b.n - 1.0) < COMPARE_CHANCE / 2)
        row->answer = COMPARE_OTHER;
    row->is_expected = row->answer == COMPARE_SAME;
    row->is_consequence = !row->is_expected && r->is_other_format;
    compare_say(row, row->is_expected
                         ? "no difference is seen"
                         : "one clock is less steady: its supply or its "
                           "oscillator gives way");
}

void compare_measure(struct compare_run *r)
{
    const size_t n = sizeof quantities / sizeof *quantities;

    for (size_t i = 0; i < n; i++) {
        compare_one(r, &quantities[i]);
        if (quantities[i].get == te_of)
            compare_jitter(r, &quantities[i]);
    }
}
