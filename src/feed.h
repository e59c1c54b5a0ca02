/* feed - what a live receiver's thread delivers, until the main thread takes it.
 *
 * A ring with a bell: the receiver's thread pushes samples with the time they
 * came at and never waits; the main thread reads, waits, and learns of losses,
 * of a receiver that went silent, and of its end.
 *
 *   memory  allocated by create
 *   thread  push, has_room, lose, end: the receiver's; all else: the main one
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_FEED_H
#define SRC_FEED_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "src/err.h"
#include "src/loss_watch.h"
#include "src/source.h"

struct feed_cfg {
    double seconds;        /* how much the ring holds */
    double silent_seconds; /* longer without a sample is a fault */
    size_t sample_bytes;
    struct loss_watch_cfg watch;
};

struct feed;

/* -ENOMEM, or what pipe() says. */
int feed_create(struct feed **ret, const struct feed_cfg *cfg);
void feed_destroy(struct feed *f); /* takes NULL; the thread has ended */

/* Starts the receiver's thread, before all others where that is allowed. Signals
 * are for the main one. 0 or -errno. */
int feed_start(pthread_t *ret, void *(*run)(void *user), void *user);

/* What finds no room is lost. */
void feed_push(struct feed *f, const void *samples, size_t n);

/* Whether n samples would find room; for a thread that may wait. */
bool feed_has_room(const struct feed *f, size_t n);

/* The receiver was away, and is back: n samples went by. */
void feed_lose(struct feed *f, uint64_t n);

/* Nothing more will come. code: 0, or a negative errno with its sentence. */
void feed_end(struct feed *f, int code, const char *sentence);

/* Waits for samples. Returns up to n of them, 0 at the end; negative errno:
 * -EINTR after a signal, and after a tenth of a second without a sample, so that
 * no signal is missed; -ETIMEDOUT after silent_seconds; what feed_end was given.
 * *gap: what is missing in front of them, or of the end; else untouched. */
ssize_t feed_read(struct feed *f, void *out, size_t n, struct source_gap *gap,
                  struct err *e);

/* All that was pushed so far and the n samples after it are not for reading: the
 * receiver is being tuned. The silence until now does not count. */
void feed_skip(struct feed *f, uint64_t n);

/* Whether feed_end was called, within some seconds. */
bool feed_has_ended(struct feed *f, double within_seconds);

/* The Unix time of the first sample; NAN before it came. */
double feed_start_time(const struct feed *f);

#endif
