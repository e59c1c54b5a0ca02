/* ring - samples from a thread that must not wait to one that may.
 *
 * One producer, one consumer, no lock. Where there is no room the producer's
 * samples are left out and counted, and the consumer is told in front of which
 * sample they are missing.
 *
 *   in      whole samples of sample_bytes, in pieces of any size
 *   out     the same in the same order, and what is missing between them
 *   memory  allocated by create; push and read never allocate
 *   thread  push by one thread, read and count by one other
 *   source  single-producer single-consumer queue after L. Lamport, "Proving
 *           the correctness of multiprocess programs", 1977
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_RING_H
#define SRC_RING_H

#include <stddef.h>
#include <stdint.h>

/* Samples that are missing. */
struct ring_gap {
    uint64_t samples; /* 0: none */
    uint64_t ago;     /* so many samples before the one that is read next */
};

struct ring;

/* Room for at least n samples, n > 0. -ENOMEM. */
int ring_create(struct ring **ret, size_t n, size_t sample_bytes);
void ring_destroy(struct ring *r); /* takes NULL */

/* All n samples, or, where they do not fit, none: they are a gap then. 0 samples
 * make a gap that is still on its way come out. */
void ring_push(struct ring *r, const void *samples, size_t n);

/* The producer has learnt that samples are missing in front of the next one or,
 * late, `ago` samples before it. */
void ring_push_gap(struct ring *r, struct ring_gap gap);

/* After the producer's last call: a gap that has not found its way, at the end
 * of all; to be called until there is none. */
struct ring_gap ring_rest(struct ring *r);

/* Up to n samples; fewer where the ring ends or a gap follows. *gap is what is
 * missing in front of them; it can come with 0 samples, and another follow. */
size_t ring_read(struct ring *r, void *out, size_t n, struct ring_gap *gap);

/* The producer's: for how many samples there is room at least. */
size_t ring_room(const struct ring *r);

/* How many samples the producer has stored, from the beginning. */
uint64_t ring_stored(const struct ring *r);

#endif
