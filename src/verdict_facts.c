/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/verdict_facts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/protocol.h"

/* Bits that are taken for what was sent. */
#define SURE_CONFIDENCE 0.9
/* Two presses of a person are further apart; what is nearer may be one press that
 * was held with a pause in it. */
#define APART_S 1.0
/* Of two rolling codes half of the bits differ, by chance less than one in eight
 * of 32 once in 100,000: then what differs is a button or a flag. */
#define ALIKE 8
/* Of a sensor's period, that its intervals differ by; shorter ones a person may
 * keep up who follows the prompts. */
#define CLOCK_SHARE 0.03
#define CLOCK_S     4.0
/* A fob must be quiet 5 s after its button was let go (47 CFR 15.231(a)(1)). */
#define QUIET_AFTER_S 5.0
/* Nothing is further from a recording's centre (PIPELINE_RATE_MAX_HZ), and no fob
 * sends lower. */
#define ON_AIR_HZ 40e6

static bool is_sure(const struct sitting_press *p)
{
    return p->frame.bits.n > 0 && p->frame.confidence >= SURE_CONFIDENCE;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

double facts_median(double *x, size_t n)
{
    if (n == 0)
        return NAN;
    qsort(x, n, sizeof *x, by_value);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* Of the fob's presses; what is not a number does not count. */
static double median_of(const struct sitting *s,
                        double (*get)(const struct sitting_press *p),
                        unsigned *count)
{
    double x[SITTING_PRESSES_MAX];
    size_t n = 0;

    for (size_t i = 0; i < s->n_presses; i++)
        if (sitting_is_fobs(s, i) && isfinite(get(&s->press[i])))
            x[n++] = get(&s->press[i]);
    if (count != NULL)
        *count = (unsigned)n;
    return facts_median(x, n);
}

static double get_carrier(const struct sitting_press *p)
{
    return p->carrier_hz;
}

static double get_snr(const struct sitting_press *p)
{
    return p->snr_db;
}

/* Of two copies the second may lie in another's shadow; where the receiver was
 * overloaded its gain may have been lowered. */
static double get_sag(const struct sitting_press *p)
{
    return p->copies >= 3 && !p->is_overload ? p->sag_db : NAN;
}

static struct facts_button *find_button(struct facts *f, const char *name)
{
    for (size_t i = 0; i < f->n_buttons; i++)
        if (strcmp(f->button[i].name, name) == 0)
            return &f->button[i];
    if (f->n_buttons == FACTS_BUTTONS_MAX)
        return NULL;
    f->button[f->n_buttons] = (struct facts_button){ .name = name };
    return &f->button[f->n_buttons++];
}

static void note_action(struct facts_button *b, const struct sitting_press *p)
{
    const struct field *x =
        field_find(p->frame.protocol, &p->frame.bits, ROLE_ACTION);
    uint64_t action;

    if (x == NULL || !is_sure(p))
        return;
    action = field_value(x, &p->frame.bits);
    b->is_mixed |= b->has_action && b->action != action;
    b->has_action = true;
    b->action = action;
}

/* The fob's first press that answers prompt j; NULL: none does. */
static const struct sitting_press *answer_of(const struct sitting *s, size_t j)
{
    const struct sitting_press *first = NULL;

    for (size_t i = 0; i < s->n_presses; i++)
        if (s->press[i].prompt == (int)j && sitting_is_fobs(s, i) &&
            (first == NULL || s->press[i].start_s < first->start_s))
            first = &s->press[i];
    return first;
}

/* Whether the fob's answers to prompt j, or one of them, had a frame. */
static bool is_framed(const struct sitting *s, size_t j)
{
    for (size_t i = 0; i < s->n_presses; i++)
        if (s->press[i].prompt == (int)j && sitting_is_fobs(s, i) &&
            s->press[i].frame.bits.n > 0)
            return true;
    return false;
}

/* With a frame: a click is no remote. */
static bool has_any_answer(const struct sitting *s, size_t j)
{
    for (size_t i = 0; i < s->n_presses; i++)
        if (s->press[i].prompt == (int)j && s->press[i].frame.bits.n > 0)
            return true;
    return false;
}

static void gather_prompts(struct facts *f, const struct sitting *s)
{
    for (size_t j = 0; j < s->n_prompts; j++) {
        const struct sitting_prompt *p = &s->prompt[j];
        const struct sitting_press *answer = answer_of(s, j);
        struct facts_button *b;

        if (p->is_control) {
            f->has_control |= has_any_answer(s, j);
            continue;
        }
        f->asked++;
        f->answered += answer != NULL;
        b = p->button[0] != '\0' ? find_button(f, p->button) : NULL;
        if (b == NULL)
            continue;
        b->asked++;
        b->answered += answer != NULL;
        b->searched += answer == NULL && p->is_search;
        b->framed += is_framed(s, j);
        if (answer != NULL)
            note_action(b, answer);
    }
}

static bool is_broken_off(const struct sitting_press *p)
{
    return p->cut_offs > p->copies;
}

static void gather_press(struct facts *f, const struct sitting_press *p)
{
    const bool has_frame = p->frame.bits.n > 0;

    f->presses++;
    f->with_frame += has_frame;
    f->sure += is_sure(p);
    f->carrier_only += !p->is_keyed;
    f->no_frame += p->is_keyed && !has_frame;
    f->cut_off += is_broken_off(p);
    f->overloaded += p->is_overload;
    f->longest_s = fmax(f->longest_s, p->end_s - p->start_s);
}

static void gather_presses(struct facts *f, const struct sitting *s)
{
    for (size_t i = 0; i < s->n_presses; i++) {
        const struct sitting_press *p = &s->press[i];

        if (sitting_is_fobs(s, i)) {
            gather_press(f, p);
        } else {
            f->others++;
            f->others_s += p->end_s - p->start_s;
        }
    }
}

/* Whether two values differ in no more than `most` bits. */
static bool is_alike(uint64_t a, uint64_t b, unsigned most)
{
    unsigned n = 0;

    for (uint64_t x = a ^ b; x != 0; x &= x - 1)
        n++;
    return n <= most;
}

/* What changes with each press: the rolling or counting field; of an unknown or a
 * fixed format all bits. False: they cannot be compared. */
static bool compare_codes(const struct frame *a, const struct frame *b,
                          bool *is_same)
{
    const struct field *x = field_find(a->protocol, &a->bits, ROLE_ROLLING);

    if (a->protocol != b->protocol || a->bits.n != b->bits.n)
        return false;
    if (x == NULL)
        x = field_find(a->protocol, &a->bits, ROLE_COUNTER);
    if (a->protocol != NULL && a->protocol->is_rolling && x == NULL)
        return false;
    if (x != NULL)
        *is_same = is_alike(field_value(x, &a->bits), field_value(x, &b->bits),
                            x->role == ROLE_ROLLING ? x->bits / ALIKE : 0);
    else
        *is_same = bits_agreement(&a->bits, &b->bits) > 0;
    return true;
}

/* What it says for sure is all that it sends: no longer frame is in doubt. A Subaru
 * sends one that rolls, and a short one that does not. */
static bool is_whole(const struct sitting_press *p)
{
    return is_sure(p) && p->doubtful_bits <= p->frame.bits.n;
}

/* Whether two presses were of the same button, as far as is known. */
static bool is_same_button(const struct sitting *s,
                           const struct sitting_press *a,
                           const struct sitting_press *b)
{
    if (a->prompt < 0 || b->prompt < 0)
        return a->prompt < 0 && b->prompt < 0;
    return strcmp(s->prompt[a->prompt].button, s->prompt[b->prompt].button) ==
           0;
}

/* Every pair of presses of one button: an order would not matter. */
static void gather_codes(struct facts *f, const struct sitting *s)
{
    for (size_t i = 0; i < s->n_presses; i++)
        for (size_t j = 0; j < i; j++) {
            const struct sitting_press *a = &s->press[i], *b = &s->press[j];
            bool is_same;

            if (!sitting_is_fobs(s, i) || !sitting_is_fobs(s, j) ||
                !is_whole(a) || !is_whole(b) || !is_same_button(s, a, b) ||
                !compare_codes(&a->frame, &b->frame, &is_same) ||
                (is_same && (fabs(a->start_s - b->start_s) < APART_S ||
                             (a->prompt >= 0 && a->prompt == b->prompt))))
                continue;
            f->codes++;
            f->repeated += is_same;
        }
}

static void gather_format(struct facts *f, const struct sitting *s)
{
    for (size_t i = 0; i < s->n_presses; i++) {
        const struct frame *x = &s->press[i].frame;
        const struct field *status =
            field_find(x->protocol, &x->bits, ROLE_STATUS);

        if (!sitting_is_fobs(s, i) || x->protocol == NULL)
            continue;
        f->is_rolling_format |= x->protocol->is_rolling;
        f->is_fixed_format |= !x->protocol->is_rolling;
        for (; status != NULL && status->name != NULL; status++)
            if (is_sure(&s->press[i]) && status->key != NULL &&
                strcmp(status->key, "battery_ok") == 0 &&
                field_is_inside(status, &x->bits))
                f->is_low_cell |= field_value(status, &x->bits) != 0;
    }
}

/* What began while it was asked for goes on long after the next thing was, or it
 * begins when nothing is asked for any more. */
static bool sends_late(const struct sitting *s)
{
    for (size_t i = 0; i < s->n_presses; i++) {
        const struct sitting_press *p = &s->press[i];

        if (!sitting_is_fobs(s, i))
            continue;
        if (p->prompt >= 0 &&
            p->end_s > s->prompt[p->prompt].end_s + QUIET_AFTER_S)
            return true;
        if (s->is_live && s->n_prompts > 0 && p->prompt < 0 &&
            p->start_s > s->prompt[s->n_prompts - 1].end_s + QUIET_AFTER_S)
            return true; /* nothing is asked for any more */
    }
    return false;
}

/* Four sendings or more, all as far apart, and further than a person who is asked
 * presses: a clock. Presses are by time. */
static bool sends_by_clock(const struct sitting *s)
{
    double gap[SITTING_PRESSES_MAX], last_s = NAN;
    size_t n = 0;

    for (size_t i = 0; i < s->n_presses; i++) {
        if (!sitting_is_fobs(s, i))
            continue;
        if (isfinite(last_s))
            gap[n++] = s->press[i].start_s - last_s;
        last_s = s->press[i].start_s;
    }
    const double usual = facts_median(gap, n);

    for (size_t i = 0; i < n; i++)
        if (fabs(gap[i] - usual) > CLOCK_SHARE * usual)
            return false;
    return n >= 3 && usual >= CLOCK_S;
}

/* What was heard once, while it was asked for, may have been the fob. */
static void gather_doubts(struct facts *f, const struct sitting *s)
{
    for (size_t i = 0; i < s->n_sources; i++)
        if ((int)i != s->fob &&
            2 * s->source[i].answers >= s->source[i].presses)
            f->maybe += s->source[i].answers;
}

static void name_place(struct facts *f)
{
    f->is_on_air = f->carrier_hz > ON_AIR_HZ;
    if (f->is_on_air)
        snprintf(f->place, sizeof f->place, "%.3f MHz", f->carrier_hz / 1e6);
    else
        snprintf(f->place, sizeof f->place, "%+.1f kHz from the centre",
                 f->carrier_hz / 1e3);
}

void facts_gather(struct facts *f, const struct sitting *s)
{
    *f = (struct facts){ 0 };
    gather_presses(f, s);
    gather_prompts(f, s);
    gather_codes(f, s);
    gather_doubts(f, s);
    gather_format(f, s);
    f->carrier_hz = median_of(s, get_carrier, NULL);
    name_place(f);
    f->snr_db = median_of(s, get_snr, NULL);
    f->sag_db = median_of(s, get_sag, &f->sags);
    f->snr_250k_db = f->snr_db + 10 * log10(s->rate_hz / 250e3);
    if (isnan(f->snr_db)) /* edges that somebody else's receiver has seen */
        f->snr_250k_db = f->presses > 0 ? INFINITY : NAN;
    f->is_late = sends_late(s);
    f->is_periodic = sends_by_clock(s);
    f->is_told = f->codes > 1 ||
                 (f->codes == 1 && (f->repeated == 0 || f->is_rolling_format ||
                                    f->is_fixed_format));
    for (size_t i = 0; i < s->n_bands; i++)
        f->watched_s += s->band[i].watched_s;
}
