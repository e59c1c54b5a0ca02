/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/ring.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { GAPS_MAX = 64 }; /* under way at once; a power of two */

/* A gap in front of sample `at`. */
struct mark {
    uint64_t at;
    struct ring_gap gap;
};

/* Counts only rise; place = count % size. Whoever owns a count stores it with
 * release when the data it covers is in place, and the other loads it with
 * acquire. */
struct ring {
    uint8_t *bytes;
    size_t size, sample_bytes; /* size: a power of two */
    struct mark marks[GAPS_MAX];
    _Alignas(64) _Atomic uint64_t stored; /* by the producer */
    _Atomic uint64_t marked;
    /* The producer's own: not yet in a mark. */
    uint64_t missing;                    /* in front of the next sample */
    uint64_t late;                       /* found out late, */
    uint64_t late_before;                /* in front of this count */
    _Alignas(64) _Atomic uint64_t taken; /* by the consumer */
    _Atomic uint64_t seen;
};

int ring_create(struct ring **ret, size_t n, size_t sample_bytes)
{
    struct ring *r = aligned_alloc(64, sizeof *r);

    assert(n > 0 && n <= SIZE_MAX / 4 && sample_bytes > 0);
    if (r == NULL)
        return -ENOMEM;
    memset(r, 0, sizeof *r);
    r->sample_bytes = sample_bytes;
    for (r->size = 1; r->size < n;)
        r->size *= 2;
    r->bytes = calloc(r->size, sample_bytes);
    if (r->bytes == NULL) {
        free(r);
        return -ENOMEM;
    }
    *ret = r;
    return 0;
}

void ring_destroy(struct ring *r)
{
    if (r == NULL)
        return;
    free(r->bytes);
    free(r);
}

/* Copies n samples between the ring, from count at on, and a buffer. */
static void copy(const struct ring *r, uint64_t at, uint8_t *out,
                 const uint8_t *in, size_t n)
{
    while (n > 0) {
        const size_t place = (size_t)(at & (r->size - 1));
        const size_t room = r->size - place;
        const size_t k = n < room ? n : room;
        const size_t bytes = k * r->sample_bytes;
        uint8_t *mine = r->bytes + place * r->sample_bytes;

        if (in != NULL) {
            memcpy(mine, in, bytes);
            in += bytes;
        } else {
            memcpy(out, mine, bytes);
            out += bytes;
        }
        at += k;
        n -= k;
    }
}

static bool put_mark(struct ring *r, struct ring_gap gap)
{
    const uint64_t marked =
        atomic_load_explicit(&r->marked, memory_order_relaxed);
    const uint64_t seen = atomic_load_explicit(&r->seen, memory_order_acquire);

    if (marked - seen == GAPS_MAX)
        return false;
    r->marks[marked & (GAPS_MAX - 1)] = (struct mark){
        atomic_load_explicit(&r->stored, memory_order_relaxed),
        gap,
    };
    atomic_store_explicit(&r->marked, marked + 1, memory_order_release);
    return true;
}

static struct ring_gap late_gap(const struct ring *r)
{
    const uint64_t stored =
        atomic_load_explicit(&r->stored, memory_order_relaxed);

    return (struct ring_gap){ r->late, stored - r->late_before };
}

/* Writes what is pending in front of the next sample. False: no room for it. */
static bool put_pending(struct ring *r)
{
    if (r->late > 0 && !put_mark(r, late_gap(r)))
        return false;
    r->late = 0;
    if (r->missing > 0 && !put_mark(r, (struct ring_gap){ r->missing, 0 }))
        return false;
    r->missing = 0;
    return true;
}

void ring_push(struct ring *r, const void *samples, size_t n)
{
    const uint64_t stored =
        atomic_load_explicit(&r->stored, memory_order_relaxed);
    const uint64_t taken =
        atomic_load_explicit(&r->taken, memory_order_acquire);

    /* samples that follow a gap without saying so would be a lie */
    if (n > r->size - (size_t)(stored - taken) || !put_pending(r)) {
        r->missing += n;
        return;
    }
    copy(r, stored, NULL, samples, n);
    atomic_store_explicit(&r->stored, stored + n, memory_order_release);
}

void ring_push_gap(struct ring *r, struct ring_gap gap)
{
    const uint64_t stored =
        atomic_load_explicit(&r->stored, memory_order_relaxed);

    if (gap.samples == 0)
        return;
    if (gap.ago == 0) {
        r->missing += gap.samples;
        return;
    }
    if (r->late == 0 || stored - gap.ago < r->late_before)
        r->late_before = stored - gap.ago;
    r->late += gap.samples;
}

struct ring_gap ring_rest(struct ring *r)
{
    struct ring_gap gap = { r->missing, 0 };

    if (r->late > 0) {
        gap = late_gap(r);
        r->late = 0;
    } else {
        r->missing = 0;
    }
    return gap;
}

size_t ring_read(struct ring *r, void *out, size_t n, struct ring_gap *gap)
{
    const uint64_t taken =
        atomic_load_explicit(&r->taken, memory_order_relaxed);
    /* before the marks: each of these samples has its mark by then */
    const uint64_t stored =
        atomic_load_explicit(&r->stored, memory_order_acquire);
    uint64_t seen = atomic_load_explicit(&r->seen, memory_order_relaxed);
    const uint64_t marked =
        atomic_load_explicit(&r->marked, memory_order_acquire);
    uint64_t end = stored;

    *gap = (struct ring_gap){ 0 };
    if (seen != marked && r->marks[seen & (GAPS_MAX - 1)].at == taken) {
        *gap = r->marks[seen & (GAPS_MAX - 1)].gap;
        atomic_store_explicit(&r->seen, ++seen, memory_order_release);
    }
    if (seen != marked && r->marks[seen & (GAPS_MAX - 1)].at < end)
        end = r->marks[seen & (GAPS_MAX - 1)].at;
    if (n > end - taken)
        n = (size_t)(end - taken);
    copy(r, taken, out, NULL, n);
    atomic_store_explicit(&r->taken, taken + n, memory_order_release);
    return n;
}

size_t ring_room(const struct ring *r)
{
    const uint64_t stored =
        atomic_load_explicit(&r->stored, memory_order_relaxed);

    return r->size - (size_t)(stored - atomic_load_explicit(
                                           &r->taken, memory_order_acquire));
}

uint64_t ring_stored(const struct ring *r)
{
    return atomic_load_explicit(&r->stored, memory_order_acquire);
}
