/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/sitting_impl.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Copies of a press are no further apart, one lost between them included: the
 * longest pause between copies in ../shared/captures is 0.25 s. */
#define PAUSE_S 0.6
/* Between two recordings: more than what separates presses. */
#define JOIN_S 5.0
/* Of chips that are off: every line code has more. */
#define KEYED_SHARE 0.05
/* Frames below even odds are not told of (INTERFACE.md). */
#define CONFIDENCE_MIN 0.5
/* A frame of another kind so soon after one is of the same press: a wake-up, a copy
 * that was cut off or read with a bit too many. */
#define SAME_BREATH_S 0.15
/* A frame says more than another with so much of its bits on top: a fourth. */
enum { LONGER = 4 };
#define SURE 0.9
/* Shorter is a click, not a button. */
#define BURST_MIN_S 0.01

/* A copy of a frame, or a burst without one. */
struct event {
    double start_s, end_s;
    double carrier_hz;
    double te_us;
    const struct reception *reception;
    const struct frame *frame; /* NULL: none */
    unsigned doubtful_bits;    /* of one that is not told */
    bool is_keyed;
};

void sitting_init(struct sitting *s, double rate_hz, bool is_live)
{
    memset(s, 0, sizeof *s);
    s->rate_hz = rate_hz;
    s->is_live = is_live;
    s->centre_hz = s->gain_db = NAN;
    s->fob = -1;
}

static bool is_same_content(const struct frame *a, const struct frame *b)
{
    return a->protocol == b->protocol && a->kind == b->kind &&
           a->bits.n == b->bits.n && bits_agreement(&a->bits, &b->bits) > 0;
}

/* Of another format or length, from the same oscillator and at once. */
static bool is_one_breath(const struct sitting_press *p, const struct event *e)
{
    return (p->frame.protocol != e->frame->protocol ||
            p->frame.bits.n != e->frame->bits.n) &&
           (p->frame.protocol == NULL || e->frame->protocol == NULL) &&
           e->start_s <= p->end_s + SAME_BREATH_S &&
           sitting_is_near(p->carrier_hz, e->carrier_hz, SITTING_NEAR_HZ) &&
           sitting_is_same_te(e->te_us, p->te_us);
}

/* Whether e is one more part of what p began. */
static bool goes_on(const struct sitting_press *p, const struct event *e)
{
    if (e->start_s > p->end_s + PAUSE_S || e->end_s < p->start_s - PAUSE_S)
        return false;
    if (e->frame != NULL && sitting_has_frame(&p->frame) && is_one_breath(p, e))
        return true;
    if (e->frame != NULL && sitting_has_frame(&p->frame))
        return sitting_is_same_source(&p->frame, p->carrier_hz, e->frame,
                                      e->carrier_hz) &&
               (is_same_content(&p->frame, e->frame) ||
                p->frame.protocol != e->frame->protocol);
    return sitting_is_near(p->carrier_hz, e->carrier_hz, SITTING_SAME_HZ) &&
           sitting_is_same_te(e->te_us, p->te_us);
}

static struct sitting_press *find_press(struct sitting *s,
                                        const struct event *e)
{
    for (size_t i = s->n_presses; i-- > 0;)
        if (goes_on(&s->press[i], e))
            return &s->press[i];
    return NULL;
}

/* Says more than b, and is not b several times, run together. */
static bool is_longer(const struct frame *a, const struct frame *b)
{
    const size_t n = a->bits.n, m = b->bits.n;
    size_t same = 0;

    if (n < m + m / LONGER || a->confidence < SURE)
        return false;
    for (size_t i = m; i < n; i++)
        same += a->bits.value[i] == b->bits.value[i % m];
    return same < (n - m) - (n - m) / LONGER;
}

/* A known format goes before an unknown one, then one that says more (a Subaru sends
 * a frame that rolls, and the beginning of it several times), then what is surer. */
static bool is_better(const struct frame *a, const struct frame *b)
{
    if (!sitting_has_frame(b))
        return true;
    if ((a->protocol != NULL) != (b->protocol != NULL))
        return a->protocol != NULL;
    if (a->protocol == NULL && (is_longer(a, b) || is_longer(b, a)))
        return is_longer(a, b);
    if (a->verdict != b->verdict)
        return a->verdict > b->verdict;
    return a->confidence > b->confidence;
}

static struct sitting_press *new_press(struct sitting *s, const struct event *e)
{
    struct sitting_press *p;

    if (s->n_presses == SITTING_PRESSES_MAX) {
        s->left_out++;
        return NULL;
    }
    p = &s->press[s->n_presses++];
    *p = (struct sitting_press){ .start_s = e->start_s,
                                 .end_s = e->end_s,
                                 .carrier_hz = e->carrier_hz,
                                 .drift_hz = NAN,
                                 .level_dbfs = NAN,
                                 .snr_db = NAN,
                                 .sag_db = NAN,
                                 .gain_db = s->gain_db,
                                 .period_s = NAN,
                                 .gap_s = NAN,
                                 .copied_s = NAN,
                                 .source = -1,
                                 .prompt = -1 };
    return p;
}

/* Level, drift and sag, which are from the first copy that came out. */
static void measure(struct sitting_press *p, const struct event *e)
{
    const struct reception *r = e->reception;

    if (!(r->snr_db <= p->snr_db)) {
        p->snr_db = r->snr_db;
        p->carrier_uncertainty_hz = r->carrier_uncertainty_hz;
    }
    if (e->frame == NULL)
        return;
    if (p->copies == 0) {
        p->first_level_dbfs = r->level_dbfs;
        p->carrier_hz = e->carrier_hz;
    } else {
        p->sag_db = p->first_level_dbfs - r->level_dbfs;
        p->drift_hz = e->carrier_hz - p->carrier_hz;
    }
    if (!(r->level_dbfs <= p->level_dbfs))
        p->level_dbfs = r->level_dbfs;
}

/* Ends, since what stands in front of a frame may be lost; the least of them, since
 * whole copies may be. */
static void measure_period(struct sitting_press *p, const struct event *e)
{
    const double period_s = e->end_s - p->copied_s; /* NAN: it is the first */

    if (period_s > 0 && !(period_s >= p->period_s) &&
        is_same_content(&p->frame, e->frame)) {
        p->period_s = period_s;
        p->gap_s = e->start_s - p->copied_s;
    }
    if (!(e->end_s <= p->copied_s))
        p->copied_s = e->end_s;
}

static void add(struct sitting *s, const struct event *e)
{
    struct sitting_press *p = find_press(s, e);

    if (p == NULL)
        p = new_press(s, e);
    if (p == NULL)
        return;
    measure(p, e);
    p->start_s = fmin(p->start_s, e->start_s);
    p->end_s = fmax(p->end_s, e->end_s);
    p->is_overload |= e->reception->is_overload;
    p->is_keyed |= e->is_keyed;
    if (e->te_us > 0)
        p->te_us = e->te_us;
    if (e->doubtful_bits > p->doubtful_bits)
        p->doubtful_bits = e->doubtful_bits;
    if (e->frame == NULL) {
        p->bursts++;
        p->cut_offs += e->is_keyed;
        return;
    }
    p->copies += e->frame->copies;
    measure_period(p, e);
    if (is_better(e->frame, &p->frame))
        p->frame = *e->frame;
}

double sitting_seconds(const struct sitting *s, uint64_t at)
{
    return s->offset_s + (double)at / s->rate_hz;
}

/* What the band was when it was received. */
static double on_air(const struct sitting *s, double carrier_hz)
{
    return isfinite(s->centre_hz) ? s->centre_hz + carrier_hz : carrier_hz;
}

static void note_floor(struct sitting *s, const struct reception *r)
{
    if (s->n_bands > 0 && isfinite(r->noise_dbfs))
        s->band[s->tuned].noise_dbfs = r->noise_dbfs;
}

void sitting_chips(struct sitting *s, const struct chip_report *c)
{
    size_t off = 0;

    for (size_t i = 0; i < c->n; i++)
        off += c->llr[i] < 0;
    s->chips_s = sitting_seconds(s, c->at);
    s->is_all_on = c->modulation == MODULATION_OOK &&
                   (double)off < KEYED_SHARE * (double)c->n;
}

bool sitting_is_told(const struct frame *f)
{
    return f->verdict >= VERDICT_PLAUSIBLE && f->confidence >= CONFIDENCE_MIN;
}

void sitting_frame(struct sitting *s, const struct frame *f)
{
    note_floor(s, &f->reception);
    add(s, &(struct event){
               .start_s = sitting_seconds(s, f->at),
               .end_s = sitting_seconds(s, f->at + f->samples),
               .carrier_hz = on_air(s, f->reception.carrier_hz),
               .te_us = f->te_us,
               .reception = &f->reception,
               .frame = sitting_is_told(f) ? f : NULL, /* but it was sent */
               .doubtful_bits = sitting_is_told(f) ? 0 : (unsigned)f->bits.n,
               .is_keyed = true,
           });
}

/* A carrier has a chip clock too: any. */
static bool is_carrier(const struct sitting *s, double start_s, double end_s)
{
    return s->is_all_on && s->chips_s >= start_s - SITTING_REACTION_S &&
           s->chips_s <= end_s;
}

void sitting_burst(struct sitting *s, const struct burst_report *b)
{
    const double start_s = sitting_seconds(s, b->at);
    const double end_s = sitting_seconds(s, b->at + b->samples);

    note_floor(s, &b->reception);
    if (b->n_frames > 0 || end_s - start_s < BURST_MIN_S)
        return;
    add(s, &(struct event){
               .start_s = start_s,
               .end_s = end_s,
               .carrier_hz = on_air(s, b->reception.carrier_hz),
               .te_us = b->te_us,
               .reception = &b->reception,
               .is_keyed = b->te_us > 0 && !is_carrier(s, start_s, end_s),
           });
}

void sitting_join(struct sitting *s, double rate_hz)
{
    if (s->watched_s > 0)
        s->offset_s = s->watched_s + JOIN_S;
    s->watched_s = s->offset_s;
    s->rate_hz = rate_hz;
}

void sitting_tune(struct sitting *s, uint64_t at, double centre_hz,
                  double gain_db)
{
    size_t i = 0;

    sitting_watch(s, at);
    while (i < s->n_bands && s->band[i].centre_hz != centre_hz &&
           !(isnan(s->band[i].centre_hz) && isnan(centre_hz)))
        i++;
    if (i == SITTING_BANDS_MAX)
        i = SITTING_BANDS_MAX - 1; /* recordings may have any number */
    if (i >= s->n_bands)
        s->band[s->n_bands++] = (struct sitting_band){ .centre_hz = centre_hz,
                                                       .width_hz = s->rate_hz,
                                                       .noise_dbfs = NAN };
    s->tuned = i;
    s->centre_hz = centre_hz;
    s->gain_db = gain_db;
}

void sitting_set_gain(struct sitting *s, double gain_db)
{
    s->gain_db = gain_db;
}

void sitting_watch(struct sitting *s, uint64_t at)
{
    const double now_s = sitting_seconds(s, at);

    if (s->n_bands > 0 && now_s > s->watched_s)
        s->band[s->tuned].watched_s += now_s - s->watched_s;
    s->watched_s = fmax(s->watched_s, now_s);
}

void sitting_floor(struct sitting *s, const struct pipeline_floor *f)
{
    struct sitting_band *b = &s->band[s->tuned];

    if (s->n_bands == 0 || !isfinite(f->noise_dbfs))
        return;
    b->noise_dbfs = f->noise_dbfs;
    b->steady_hz = on_air(s, f->steady_hz);
    b->steady_db = f->steady_db;
}

void sitting_overload(struct sitting *s)
{
    s->overloads++;
}

void sitting_lose(struct sitting *s, uint64_t n)
{
    s->lost += n;
}

bool sitting_ask(struct sitting *s, double now_s, const char *button,
                 bool is_control)
{
    struct sitting_prompt *p;

    sitting_stop_asking(s, now_s);
    if (s->n_prompts == SITTING_PROMPTS_MAX)
        return false;
    p = &s->prompt[s->n_prompts++];
    *p = (struct sitting_prompt){ .start_s = now_s,
                                  .end_s = INFINITY,
                                  .is_control = is_control };
    snprintf(p->button, sizeof p->button, "%s", button);
    return true;
}

void sitting_search(struct sitting *s, bool is_search)
{
    if (s->n_prompts > 0)
        s->prompt[s->n_prompts - 1].is_search = is_search;
}

void sitting_stop_asking(struct sitting *s, double now_s)
{
    if (s->n_prompts > 0 && now_s < s->prompt[s->n_prompts - 1].end_s)
        s->prompt[s->n_prompts - 1].end_s = now_s;
}
