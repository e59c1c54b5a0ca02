/* sitting_source - what sends alike, which of it is the fob, and which of its presses
 * answers which prompt.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <stdlib.h>

#include "protocols/protocol.h"
#include "src/sitting_impl.h"

#define SAME_TE 0.05
/* So much weaker than what is sent at the same time, and no frame: an image, a
 * harmonic or rounding of the receiver's own (an RTL2832's 8 bits make spurs 30 dB
 * below a fob). */
#define SHADOW_DB 20.0
#define SHADOW_S  0.05 /* a burst's ends are known to */

bool sitting_is_near(double a, double b, double most)
{
    return fabs(a - b) <= most;
}

bool sitting_is_same_te(double a, double b)
{
    return a <= 0 || b <= 0 || fabs(a - b) <= SAME_TE * b;
}

bool sitting_has_frame(const struct frame *f)
{
    return f->bits.n > 0;
}

/* The fields that tell fobs apart. False: the format has none. That of a fixed
 * code has the button in it, which is no other fob's. */
static bool has_identity(const struct protocol *p)
{
    if (!p->is_rolling)
        return false;
    for (const struct field *f = p->fields; f->name != NULL; f++)
        if (f->role == ROLE_IDENTITY)
            return true;
    return false;
}

static bool is_same_identity(const struct frame *a, const struct frame *b)
{
    for (const struct field *f = a->protocol->fields; f->name != NULL; f++)
        if (f->role == ROLE_IDENTITY && field_is_inside(f, &a->bits) &&
            field_is_inside(f, &b->bits) &&
            field_value(f, &a->bits) != field_value(f, &b->bits))
            return false;
    return true;
}

/* Carriers of one oscillator, as well as they are known. */
static bool is_same_carrier(const struct frame *a, double a_hz,
                            const struct frame *b, double b_hz, double most)
{
    const double error_hz = a->reception.carrier_uncertainty_hz +
                            b->reception.carrier_uncertainty_hz;

    return sitting_is_near(a_hz, b_hz, fmax(most, error_hz));
}

/* Whether two frames may come from one transmitter. */
bool sitting_is_same_source(const struct frame *a, double a_hz,
                            const struct frame *b, double b_hz)
{
    if (a->protocol != NULL && a->protocol == b->protocol &&
        has_identity(a->protocol))
        return is_same_identity(a, b);
    if (a->kind != b->kind || !sitting_is_same_te(a->te_us, b->te_us) ||
        a->reception.modulation != b->reception.modulation)
        return false;
    if (a->protocol != b->protocol)
        return (a->protocol == NULL || b->protocol == NULL) &&
               is_same_carrier(a, a_hz, b, b_hz, SITTING_NEAR_HZ);
    return is_same_carrier(a, a_hz, b, b_hz, SITTING_SAME_HZ) &&
           sitting_is_near((double)a->bits.n, (double)b->bits.n, 2);
}

/* A press without a frame goes to the source with that carrier and chip. */
static bool is_of_source(const struct sitting_source *src,
                         const struct sitting_press *p)
{
    if (sitting_has_frame(&src->frame) && sitting_has_frame(&p->frame))
        return sitting_is_same_source(&src->frame, src->carrier_hz, &p->frame,
                                      p->carrier_hz);
    return sitting_is_near(src->carrier_hz, p->carrier_hz, SITTING_SAME_HZ) &&
           (!p->is_keyed || !sitting_has_frame(&src->frame) ||
            sitting_is_same_te(p->te_us, src->frame.te_us));
}

static int find_source(struct sitting *s, const struct sitting_press *p)
{
    for (size_t i = 0; i < s->n_sources; i++)
        if (is_of_source(&s->source[i], p))
            return (int)i;
    if (s->n_sources == SITTING_SOURCES_MAX)
        return -1;
    s->source[s->n_sources] =
        (struct sitting_source){ .carrier_hz = p->carrier_hz,
                                 .frame = p->frame };
    return (int)s->n_sources++;
}

/* Sources are known by their frames first, then what has none is given to them. */
static void find_sources(struct sitting *s)
{
    s->n_sources = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < s->n_presses; i++) {
            struct sitting_press *p = &s->press[i];

            if (sitting_has_frame(&p->frame) == (pass == 0))
                p->source = find_source(s, p);
        }
}

/* The prompt during which the press began; one press answers one prompt, the
 * first that comes. */
static void match_prompts(struct sitting *s)
{
    for (size_t i = 0; i < s->n_presses; i++)
        s->press[i].prompt = -1;
    for (size_t j = 0; j < s->n_prompts; j++)
        for (size_t i = 0; i < s->n_presses; i++) {
            struct sitting_press *p = &s->press[i];

            if (p->prompt < 0 &&
                p->start_s >= s->prompt[j].start_s + SITTING_REACTION_S &&
                p->start_s < s->prompt[j].end_s)
                p->prompt = (int)j;
        }
}

static void count_presses(struct sitting *s)
{
    bool is_answered[SITTING_SOURCES_MAX][SITTING_PROMPTS_MAX] = { { false } };

    for (size_t i = 0; i < s->n_sources; i++)
        s->source[i].presses = s->source[i].answers = 0;
    for (size_t i = 0; i < s->n_presses; i++) {
        const struct sitting_press *p = &s->press[i];
        struct sitting_source *src;

        if (p->source < 0)
            continue;
        src = &s->source[p->source];
        src->presses++;
        src->carrier_hz = p->carrier_hz;
        if (p->prompt < 0 || s->prompt[p->prompt].is_control ||
            is_answered[p->source][p->prompt])
            continue;
        is_answered[p->source][p->prompt] = true;
        src->answers++;
    }
}

static size_t asked(const struct sitting *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_prompts; i++)
        n += !s->prompt[i].is_control;
    return n;
}

/* How well source i fits to be the fob: 0 it does not. With prompts, the one that
 * answers them, and does not send much at other times. Without, the one with
 * frames that sends most. */
static double fitness(const struct sitting *s, size_t i)
{
    const struct sitting_source *src = &s->source[i];
    const size_t prompts = asked(s);
    const double has = sitting_has_frame(&src->frame) ? 1 : 0;

    if (prompts == 0)
        return src->presses + 1000 * has;
    if (src->answers == 0 || 2 * src->answers < src->presses ||
        (prompts > 2 && src->answers < 2))
        return 0;
    return src->answers + has / 2;
}

/* So that what follows does not depend on the order in which things came. */
static int by_start(const void *a, const void *b)
{
    const struct sitting_press *x = a, *y = b;

    if (x->start_s != y->start_s)
        return x->start_s < y->start_s ? -1 : 1;
    return x->carrier_hz < y->carrier_hz ? -1 : x->carrier_hz > y->carrier_hz;
}

static bool is_shadow_of(const struct sitting_press *p,
                         const struct sitting_press *q)
{
    return !sitting_has_frame(&p->frame) && sitting_has_frame(&q->frame) &&
           p->start_s > q->start_s - SHADOW_S &&
           p->end_s < q->end_s + SHADOW_S && p->snr_db < q->snr_db - SHADOW_DB;
}

static bool is_shadow(const struct sitting *s, const struct sitting_press *p)
{
    for (size_t i = 0; i < s->n_presses; i++)
        if (is_shadow_of(p, &s->press[i]))
            return true;
    return false;
}

/* What casts one has a frame, and is none itself. */
static void drop_shadows(struct sitting *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_presses; i++)
        if (!is_shadow(s, &s->press[i]))
            s->press[n++] = s->press[i];
    s->n_presses = n;
}

void sitting_settle(struct sitting *s)
{
    double best = 0;

    drop_shadows(s);
    qsort(s->press, s->n_presses, sizeof *s->press, by_start);
    find_sources(s);
    match_prompts(s);
    count_presses(s);
    s->fob = -1;
    for (size_t i = 0; i < s->n_sources; i++)
        if (fitness(s, i) > best) {
            best = fitness(s, i);
            s->fob = (int)i;
        }
}

bool sitting_is_fobs(const struct sitting *s, size_t i)
{
    return s->fob >= 0 && s->press[i].source == s->fob;
}
