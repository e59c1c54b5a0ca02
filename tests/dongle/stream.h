/* stream - the order and the time in which samples go into transfers.
 *
 *   in      buffers, settings, and what time it is, in nanoseconds
 *   out     the same buffers, full, in the order they came
 *   memory  a flight is the caller's until it is ready
 *   thread  the caller has a lock
 *
 * A flight has its samples from the moment it comes: those after the flight in
 * front of it. Where none was waiting and more than the chip's FIFO passed,
 * they are lost.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_DONGLE_STREAM_H
#define TESTS_DONGLE_STREAM_H

#include "tests/dongle/air.h"

enum flight_end {
    FLIGHT_FULL,
    FLIGHT_ERROR,
    FLIGHT_CANCELLED,
    FLIGHT_GONE, /* the dongle is */
};

struct flight {
    struct flight *next;
    uint8_t *buffer;
    size_t n; /* samples */
    bool is_waiting, is_cancelled;
    enum flight_end end;

    /* Private. */
    bool is_placed;
    uint64_t from, number;
    size_t filled;
    uint64_t dropped, dropped_at, overrun, overrun_at;
};

#define STREAM_DROPS 16

/* Numbers of flights, from 1 on; 0: none. */
struct stream_cfg {
    double speed;          /* of time; 0: as fast as asked for */
    uint64_t fifo_samples; /* kept while nobody asks */
    uint64_t unplug_after, stall_after, error;
    struct {
        uint64_t first, count;
    } drop[STREAM_DROPS];
    void (*journal)(void *to, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
    void *journal_to;
};

struct stream {
    struct stream_cfg cfg;
    struct air *air;
    struct flight *head, **last;
    bool is_open;  /* the chip lets samples go */
    bool is_asked; /* and somebody has asked for them */
    bool is_unplugged;
    bool has_clock;
    int64_t anchor_ns;
    uint64_t anchor;    /* the sample of that time */
    uint64_t tail;      /* behind all that are placed */
    uint64_t made;      /* behind all that were ready */
    uint64_t number;    /* of the last placed */
    uint64_t completed; /* number of the last ready, lost ones counted */
    uint64_t transfers; /* delivered */
    uint64_t samples;   /* in them */
    double cpu_s;       /* spent in making them */
};

void stream_init(struct stream *s, const struct stream_cfg *cfg,
                 struct air *air);

/* What the chip's registers say, from now on. */
void stream_set(struct stream *s, bool is_open, const struct tuning *tuning,
                int64_t now_ns);

/* The number of the sample that is due. */
uint64_t stream_position(const struct stream *s, int64_t now_ns);

void stream_submit(struct stream *s, struct flight *f, int64_t now_ns);

/* The next one that is ready, no longer in the stream; NULL: none. */
struct flight *stream_ready(struct stream *s, int64_t now_ns);

/* When one will be; INT64_MAX: not before something else happens. */
int64_t stream_next_ns(const struct stream *s);

#endif
