/* sat - sittings made by hand, for tests: a receiver, fobs, and who presses them.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_SAT_H
#define TESTS_SRC_SAT_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/sitting.h"
#include "tests/protocols/sent.h"

extern const struct protocol protocol_hcs200, protocol_hcs361, protocol_hcs362;
extern const struct protocol protocol_siemens_5wy72xx, protocol_princeton;

#define SAT_RATE 1e6

enum {
    SAT_315 = 1,
    SAT_434 = 2,
    SAT_868 = 4,
    SAT_ALL = 7,
    SAT_UNKNOWN_BITS = 48
};

static inline void sat_near(double x, double want, double most)
{
    if (!(fabs(x - want) <= most))
        fail_msg("%g, not %g", x, want);
}

static const double sat_centre_hz[] = { 315e6, 433.92e6, 868.35e6 };

/* A transmitter. Copies of a press are 0.1 s each. */
struct sat_fob {
    const struct protocol *protocol; /* NULL: of no known format */
    size_t n_bits;
    uint64_t serial;
    double carrier_hz; /* on the air */
    double level_dbfs, snr_db;
    double sag_db;   /* over a press */
    double drift_hz; /* over a press */
    double te_us;
    double confidence;
    enum verdict verdict; /* of each copy */
    unsigned copies;
    bool is_overload;
    bool is_frozen; /* sends the same bits at each press */
    bool is_low;    /* says that its cell is */
    uint64_t seed;
};

/* Who sits there. */
struct sat {
    struct sitting *s;
    double t;       /* now */
    unsigned bands; /* that are gone round */
};

static inline struct sat_fob sat_fob(const struct protocol *p)
{
    return (struct sat_fob){ .protocol = p,
                             .n_bits = p != NULL ? p->waveforms[0].n_bits
                                                 : SAT_UNKNOWN_BITS,
                             .serial = 0x5A6B7C8,
                             .carrier_hz = 433.93e6,
                             .level_dbfs = -20,
                             .snr_db = 20,
                             .te_us = 400,
                             .confidence = 0.999,
                             .verdict = VERDICT_PLAUSIBLE,
                             .copies = 4,
                             .seed = 11 };
}

/* Without a protocol all bits are of the seed. */
static inline struct bits sat_bits(struct sat_fob *x, uint64_t action)
{
    struct synth_random r = { x->seed };
    struct bits b = { .n = x->n_bits };

    if (!x->is_frozen)
        x->seed += 1000003;
    for (size_t i = 0; i < b.n; i++)
        b.value[i] = synth_random_u64(&r) & 1;
    for (unsigned c = 0; c < 256 && x->protocol != NULL; c++) {
        for (const struct field *f = x->protocol->fields; f->name; f++) {
            if ((size_t)f->at + f->bits > b.n)
                continue;
            if (f->role == ROLE_IDENTITY)
                synth_set_field(&b, f, x->serial);
            else if (f->role == ROLE_ACTION)
                synth_set_field(&b, f, action);
            else if (f->role == ROLE_STATUS)
                synth_set_field(
                    &b, f, strcmp(f->name, "low_battery") == 0 && x->is_low);
            else if (f->role == ROLE_CHECK)
                synth_set_field(&b, f, c);
            else if (f->role == ROLE_FIXED)
                synth_set_field(&b, f, 0);
        }
        if (x->protocol->check(&b) >= VERDICT_PLAUSIBLE)
            break;
    }
    for (size_t i = 0; i < b.n; i++)
        b.llr[i] = b.value[i] ? 20 : -20;
    return b;
}

/* From the centre of what is listened to. */
static inline double sat_offset_hz(const struct sitting *s, double carrier_hz)
{
    return isfinite(s->centre_hz) ? carrier_hz - s->centre_hz : carrier_hz;
}

static inline struct reception sat_reception(const struct sitting *s,
                                             const struct sat_fob *x)
{
    return (struct reception){ .modulation = MODULATION_OOK,
                               .carrier_hz = sat_offset_hz(s, x->carrier_hz),
                               .carrier_uncertainty_hz = 50,
                               .level_dbfs = x->level_dbfs,
                               .noise_dbfs = x->level_dbfs - x->snr_db,
                               .snr_db = x->snr_db,
                               .is_overload = x->is_overload };
}

/* Position of a time of the sitting. */
static inline uint64_t sat_at(const struct sitting *s, double t)
{
    return (uint64_t)((t - s->offset_s) * s->rate_hz);
}

/* Copy k of a press. */
static inline void sat_copy(struct sitting *s, const struct sat_fob *x,
                            const struct bits *b, double at_s, unsigned k)
{
    const double share = x->copies > 1 ? k / (x->copies - 1.0) : 0;
    struct frame f = { .protocol = x->protocol,
                       .verdict = x->verdict,
                       .kind = LINE_PWM,
                       .te_us = x->te_us,
                       .at = sat_at(s, at_s),
                       .samples = (uint64_t)(0.08 * s->rate_hz),
                       .bits = *b,
                       .copies = 1,
                       .confidence = x->confidence,
                       .reception = sat_reception(s, x) };

    f.reception.level_dbfs -= share * x->sag_db;
    f.reception.carrier_hz += share * x->drift_hz;
    sitting_frame(s, &f);
}

/* A press that is heard: all its copies. */
static inline void sat_send(struct sitting *s, struct sat_fob *x, double at_s,
                            uint64_t action)
{
    const struct bits b = sat_bits(x, action);

    for (unsigned k = 0; k < x->copies; k++)
        sat_copy(s, x, &b, at_s + 0.1 * k, k);
}

/* Bursts without a frame; te_us 0: nothing is keyed on them. */
static inline void sat_burst(struct sitting *s, const struct sat_fob *x,
                             double at_s, double seconds, double te_us)
{
    struct burst_report b = { .at = sat_at(s, at_s),
                              .samples = (uint64_t)(seconds * s->rate_hz),
                              .reception = sat_reception(s, x),
                              .bandwidth_hz = 5e3,
                              .te_us = te_us };

    if (te_us == 0)
        b.reception.level_dbfs = NAN;
    sitting_burst(s, &b);
}

/* Goes round the bands, a third of a second in each. */
static inline void sat_hop(struct sat *a, double seconds)
{
    const double end = a->t + seconds;

    for (unsigned i = 0; a->t < end; i = (i + 1) % 3) {
        if (!(a->bands & 1u << i))
            continue;
        sitting_tune(a->s, sat_at(a->s, a->t), sat_centre_hz[i], 30);
        sitting_floor(a->s, &(struct pipeline_floor){ .noise_dbfs = -40 });
        a->t += 1. / 3;
        sitting_watch(a->s, sat_at(a->s, a->t));
    }
}

/* A live sitting that has settled. The sitting is the same at each call. */
static inline struct sat sat_live(unsigned bands)
{
    static struct sitting *s;
    struct sat a = { .t = 0, .bands = bands };

    if (s == NULL)
        s = malloc(sizeof *s);
    assert_non_null(s);
    a.s = s;
    sitting_init(a.s, SAT_RATE, true);
    sat_hop(&a, 3);
    return a;
}

/* One recording of centre_hz, of so many seconds. */
static inline struct sat sat_file(double centre_hz, double seconds)
{
    struct sat a = sat_live(SAT_434);

    sitting_init(a.s, SAT_RATE, false);
    sitting_join(a.s, SAT_RATE);
    sitting_tune(a.s, 0, centre_hz, NAN);
    sitting_watch(a.s, sat_at(a.s, seconds));
    a.t = 0;
    return a;
}

/* Tunes to the fob's band, as a receiver does that found it there. */
static inline void sat_find(struct sat *a, const struct sat_fob *x)
{
    for (size_t i = 0; i < 3; i++)
        if (fabs(sat_centre_hz[i] - x->carrier_hz) < 3e6)
            sitting_tune(a->s, sat_at(a->s, a->t), sat_centre_hz[i], 30);
}

/* Asks for a button; x answers, or (NULL) nobody does. */
static inline void sat_ask(struct sat *a, const char *button, struct sat_fob *x,
                           uint64_t action)
{
    assert_true(sitting_ask(a->s, a->t, button, false));
    if (x == NULL) {
        sat_hop(a, 8);
        return;
    }
    sat_find(a, x);
    a->t += 0.5;
    sat_send(a->s, x, a->t, action);
    a->t += 0.1 * x->copies + 2;
    sitting_watch(a->s, sat_at(a->s, a->t));
}

/* n times; the presses whose bit is in heard are. */
static inline void sat_ask_times(struct sat *a, const char *button, unsigned n,
                                 struct sat_fob *x, uint64_t action,
                                 unsigned heard)
{
    for (unsigned i = 0; i < n; i++)
        sat_ask(a, button, heard >> i & 1 ? x : NULL, action);
}

/* Asks for another remote, which is heard or not. */
static inline void sat_control(struct sat *a, struct sat_fob *x)
{
    assert_true(sitting_ask(a->s, a->t, "", true));
    if (x != NULL) {
        sat_find(a, x);
        a->t += 0.5;
        sat_send(a->s, x, a->t, 1);
    }
    sat_hop(a, 3);
}

static inline void sat_end(struct sat *a)
{
    if (a->t > a->s->watched_s)
        sitting_watch(a->s, sat_at(a->s, a->t));
    if (a->s->is_live)
        sitting_stop_asking(a->s, a->t);
    sitting_settle(a->s);
}

#endif
