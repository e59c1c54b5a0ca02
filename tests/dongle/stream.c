/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/dongle/stream.h"

#include <inttypes.h>
#include <math.h>
#include <time.h>

void stream_init(struct stream *s, const struct stream_cfg *cfg,
                 struct air *air)
{
    *s = (struct stream){ .cfg = *cfg, .air = air };
    s->last = &s->head;
}

/* Samples in a second of the program's time. */
static double pace_hz(const struct stream *s)
{
    return s->air->tuning.rate_hz * s->cfg.speed;
}

uint64_t stream_position(const struct stream *s, int64_t now_ns)
{
    if (s->cfg.speed <= 0.0)
        return s->made;
    if (!s->has_clock)
        return s->tail;
    double passed = (double)(now_ns - s->anchor_ns) * 1e-9 * pace_hz(s);
    return s->anchor + (passed > 0.0 ? (uint64_t)passed : 0);
}

static void start_clock(struct stream *s, int64_t now_ns)
{
    if (s->has_clock)
        return;
    s->has_clock = true;
    s->anchor = s->tail;
    s->anchor_ns = now_ns;
}

/* Gives a flight its number and its samples. */
static void place(struct stream *s, struct flight *f, int64_t now_ns)
{
    start_clock(s, now_ns);
    uint64_t from = s->tail, due = stream_position(s, now_ns);
    if (s->cfg.speed > 0.0 && !s->is_asked && due > from)
        from = due; /* nothing was asked for, so nothing is missed */
    if (s->cfg.speed > 0.0 && due > from + s->cfg.fifo_samples) {
        f->overrun_at = from;
        f->overrun = due - s->cfg.fifo_samples - from;
        from += f->overrun;
    }
    s->is_asked = true;
    s->number++;
    for (size_t i = 0; i < STREAM_DROPS; i++) {
        if (s->cfg.drop[i].first != s->number)
            continue;
        f->dropped_at = from;
        f->dropped = s->cfg.drop[i].count * f->n;
        from += f->dropped;
        s->number += s->cfg.drop[i].count;
    }
    f->number = s->number;
    f->from = from;
    f->is_placed = true;
    s->tail = from + f->n;
}

static double cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void fill(struct stream *s, struct flight *f, uint64_t until)
{
    size_t have = until - f->from < f->n ? (size_t)(until - f->from) : f->n;

    if (have <= f->filled)
        return;
    double before = cpu_s();
    air_fill(s->air, f->from + f->filled, f->buffer + 2 * f->filled,
             have - f->filled);
    s->cpu_s += cpu_s() - before;
    f->filled = have;
}

/* Everything that is due is made, as long as the settings are the old ones. */
static void catch_up(struct stream *s, uint64_t due)
{
    if (s->cfg.speed <= 0.0)
        return;
    for (struct flight *f = s->head; f != NULL; f = f->next)
        if (f->is_placed && !f->is_cancelled && due > f->from)
            fill(s, f, due);
}

/* The FIFO is held and emptied: what is not there yet has no place. */
static void hold(struct stream *s, uint64_t due)
{
    s->tail = due > s->made ? due : s->made;
    for (struct flight *f = s->head; f != NULL; f = f->next) {
        if (!f->is_placed || f->filled == f->n)
            continue;
        f->is_placed = false;
        f->filled = 0;
        s->number = f->number - 1 < s->number ? f->number - 1 : s->number;
    }
}

static bool is_same(const struct tuning *a, const struct tuning *b)
{
    return a->rate_hz == b->rate_hz && a->centre_hz == b->centre_hz &&
           a->gain_db == b->gain_db && a->is_mirrored == b->is_mirrored &&
           a->is_counting == b->is_counting;
}

void stream_set(struct stream *s, bool is_open, const struct tuning *tuning,
                int64_t now_ns)
{
    uint64_t due = stream_position(s, now_ns);
    bool was_open = s->is_open;

    if (!is_same(&s->air->tuning, tuning) || (was_open && !is_open)) {
        catch_up(s, due);
        if (s->has_clock) {
            s->anchor = due;
            s->anchor_ns = now_ns;
        }
        air_tune(s->air, tuning, due);
    }
    s->is_open = is_open;
    if (was_open && !is_open)
        hold(s, due);
    if (was_open || !is_open)
        return;
    s->is_asked = false;
    for (struct flight *f = s->head; f != NULL; f = f->next)
        if (!f->is_placed)
            place(s, f, now_ns);
}

void stream_submit(struct stream *s, struct flight *f, int64_t now_ns)
{
    f->next = NULL;
    f->is_waiting = true;
    f->is_cancelled = f->is_placed = false;
    f->filled = 0;
    f->dropped = f->overrun = 0;
    if (s->is_open)
        place(s, f, now_ns);
    *s->last = f;
    s->last = &f->next;
}

static struct flight *take(struct stream *s, struct flight **at,
                           enum flight_end end)
{
    struct flight *f = *at;

    *at = f->next;
    if (f->next == NULL)
        s->last = at;
    f->next = NULL;
    f->is_waiting = false;
    f->end = end;
    return f;
}

/* Those behind the cancelled ones begin where these would have. */
static void give_back(struct stream *s, int64_t now_ns)
{
    uint64_t due = stream_position(s, now_ns);

    if (s->head != NULL)
        return;
    if (s->tail > due)
        s->tail = due > s->made ? due : s->made;
    s->number = s->completed;
    s->is_asked = false;
}

static void tell(const struct stream *s, const struct flight *f)
{
    void *to = s->cfg.journal_to;

    if (f->overrun > 0)
        s->cfg.journal(to, "overrun samples=%" PRIu64 " at=%" PRIu64,
                       f->overrun, f->overrun_at);
    if (f->dropped > 0)
        s->cfg.journal(to, "dropped samples=%" PRIu64 " at=%" PRIu64,
                       f->dropped, f->dropped_at);
}

static bool is_stalled(const struct stream *s)
{
    return s->cfg.stall_after > 0 && s->transfers >= s->cfg.stall_after;
}

static struct flight *complete(struct stream *s)
{
    bool is_bad = s->head->number == s->cfg.error;
    struct flight *f = take(s, &s->head, is_bad ? FLIGHT_ERROR : FLIGHT_FULL);

    tell(s, f);
    if (is_bad)
        s->cfg.journal(s->cfg.journal_to, "error samples=%zu at=%" PRIu64, f->n,
                       f->from);
    s->made = f->from + f->n;
    s->completed = f->number;
    s->transfers++;
    s->samples += f->n;
    if (s->cfg.unplug_after > 0 && s->transfers == s->cfg.unplug_after) {
        s->is_unplugged = true;
        s->cfg.journal(s->cfg.journal_to, "unplugged at=%" PRIu64, s->made);
    }
    return f;
}

struct flight *stream_ready(struct stream *s, int64_t now_ns)
{
    if (s->head == NULL)
        return NULL;
    if (s->is_unplugged)
        return take(s, &s->head, FLIGHT_GONE);
    for (struct flight **f = &s->head; *f != NULL; f = &(*f)->next) {
        if (!(*f)->is_cancelled)
            continue;
        struct flight *out = take(s, f, FLIGHT_CANCELLED);
        give_back(s, now_ns);
        return out;
    }
    if (!s->head->is_placed || is_stalled(s))
        return NULL;
    uint64_t end = s->head->from + s->head->n;
    bool is_free = s->cfg.speed <= 0.0 && s->air->tuning.rate_hz > 0.0;
    if (!is_free && stream_position(s, now_ns) < end)
        return NULL;
    fill(s, s->head, end);
    return complete(s);
}

int64_t stream_next_ns(const struct stream *s)
{
    bool is_cancelled = false;

    for (struct flight *f = s->head; f != NULL; f = f->next)
        is_cancelled |= f->is_cancelled;
    if (s->head == NULL)
        return INT64_MAX;
    if (s->is_unplugged || is_cancelled)
        return 0;
    if (!s->head->is_placed || is_stalled(s) || s->air->tuning.rate_hz <= 0.0)
        return INT64_MAX;
    if (s->cfg.speed <= 0.0)
        return 0;
    double samples = (double)(s->head->from + s->head->n) - (double)s->anchor;
    return s->anchor_ns + (int64_t)ceil(samples / pace_hz(s) * 1e9) + 1;
}
