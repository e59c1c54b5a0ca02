/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/now.h"
#include "src/ring.h"

/* A signal that comes just before poll() is noticed this late. */
enum { POLL_MS = 100 };

struct feed {
    struct feed_cfg cfg;
    struct ring *ring;
    struct loss_watch watch; /* the receiver's thread's own */
    int bell[2];             /* a pipe: a byte in it means look again */
    atomic_bool is_slow; /* the watch says so, and it was not handed out yet */
    atomic_bool is_over; /* code and sentence are in place */
    int code;
    struct err fault;
    _Atomic double start_unix_s;
    /* The main thread's: */
    unsigned waits;        /* in vain, in a row, of POLL_MS each */
    uint64_t taken;        /* samples taken out of the ring */
    uint64_t skip_until;   /* of those */
    struct source_gap gap; /* not handed out yet */
};

/* Neither end waits: a full pipe rings loud enough. */
static int open_bell(int bell[2])
{
    if (pipe(bell) != 0)
        return -errno;
    for (int i = 0; i < 2; i++) {
        fcntl(bell[i], F_SETFD, FD_CLOEXEC);
        fcntl(bell[i], F_SETFL, O_NONBLOCK);
    }
    return 0;
}

int feed_create(struct feed **ret, const struct feed_cfg *cfg)
{
    struct feed *f = calloc(1, sizeof *f);
    const double samples = cfg->seconds * cfg->watch.rate_hz;
    int r;

    if (f == NULL)
        return -ENOMEM;
    f->cfg = *cfg;
    atomic_init(&f->start_unix_s, NAN);
    loss_watch_init(&f->watch, &cfg->watch);
    r = open_bell(f->bell);
    if (r < 0) {
        free(f);
        return r;
    }
    r = ring_create(&f->ring, (size_t)samples, cfg->sample_bytes);
    if (r < 0) {
        feed_destroy(f);
        return r;
    }
    *ret = f;
    return 0;
}

void feed_destroy(struct feed *f)
{
    if (f == NULL)
        return;
    ring_destroy(f->ring);
    close(f->bell[0]);
    close(f->bell[1]);
    free(f);
}

/* A thread that does next to nothing, but must not wait for those that do much:
 * on a busy computer buffers run over. */
static int create_first(pthread_t *ret, void *(*run)(void *user), void *user)
{
    const struct sched_param priority = {
        .sched_priority = sched_get_priority_min(SCHED_RR),
    };
    pthread_attr_t attributes;
    int status;

    pthread_attr_init(&attributes);
    pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
    pthread_attr_setschedpolicy(&attributes, SCHED_RR);
    pthread_attr_setschedparam(&attributes, &priority);
    status = pthread_create(ret, &attributes, run, user);
    pthread_attr_destroy(&attributes);
    return status;
}

int feed_start(pthread_t *ret, void *(*run)(void *user), void *user)
{
    sigset_t all, before;
    int status;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    status = create_first(ret, run, user);
    if (status != 0) /* not allowed, as a rule */
        status = pthread_create(ret, NULL, run, user);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return -status;
}

static void ring_bell(struct feed *f)
{
    const ssize_t n = write(f->bell[1], "", 1);

    (void)n; /* full: it is ringing */
}

void feed_push(struct feed *f, const void *samples, size_t n)
{
    const struct ring_gap gap = loss_watch_add(&f->watch, now_s(), n);

    if (isnan(atomic_load(&f->start_unix_s)))
        atomic_store(&f->start_unix_s,
                     now_unix_s() - (double)n / f->cfg.watch.rate_hz);
    ring_push(f->ring, samples, n);
    ring_push_gap(f->ring, gap);
    if (f->watch.is_slow)
        atomic_store(&f->is_slow, true);
    f->watch.is_slow = false;
    ring_bell(f);
}

bool feed_has_room(const struct feed *f, size_t n)
{
    return n <= ring_room(f->ring);
}

void feed_lose(struct feed *f, uint64_t n)
{
    ring_push_gap(f->ring, loss_watch_finish(&f->watch));
    ring_push_gap(f->ring, (struct ring_gap){ .samples = n });
    loss_watch_reset(&f->watch);
}

void feed_end(struct feed *f, int code, const char *sentence)
{
    ring_push_gap(f->ring, loss_watch_finish(&f->watch));
    f->code = code;
    err_set(&f->fault, code, "%s", sentence);
    atomic_store(&f->is_over, true);
    ring_bell(f);
}

/* Until the bell rings: 0; a signal comes, or POLL_MS pass: -EINTR. */
static int wait_for_bell(struct feed *f)
{
    struct pollfd p = { .fd = f->bell[0], .events = POLLIN };
    char rung[256];
    const int r = poll(&p, 1, POLL_MS);

    f->waits += r == 0;
    while (r > 0 && read(f->bell[0], rung, sizeof rung) == sizeof rung)
        continue;
    return r > 0 ? 0 : r == 0 ? -EINTR : -errno;
}

static ssize_t end_of(struct feed *f, struct err *e)
{
    if (f->code < 0)
        return err_set(e, f->code, "%s", f->fault.text);
    return 0;
}

static void add_gap(struct source_gap *sum, const struct ring_gap *gap)
{
    if (gap->ago == 0) {
        sum->lost += gap->samples;
        return;
    }
    sum->late += gap->samples;
    if (gap->ago > sum->ago)
        sum->ago = gap->ago;
}

/* How many of n samples that come next are to be skipped. */
static size_t skip(struct feed *f, size_t n)
{
    const uint64_t left =
        f->taken < f->skip_until ? f->skip_until - f->taken : 0;
    const size_t k = n < left ? n : (size_t)left;

    f->gap.skipped += k;
    f->gap.ago += f->gap.late > 0 ? k : 0;
    return k;
}

/* Samples from the ring that are not to be skipped; what is missing in front of
 * them is added to f->gap. True: there was something, if only a gap. */
static bool take(struct feed *f, uint8_t *out, size_t n, size_t *have)
{
    struct ring_gap gap;
    const size_t got = ring_read(f->ring, out, n, &gap);
    size_t k;

    add_gap(&f->gap, &gap);
    *have = 0;
    if (got == 0)
        return gap.samples > 0;
    f->waits = 0;
    k = skip(f, got);
    f->taken += got;
    *have = got - k;
    memmove(out, out + k * f->cfg.sample_bytes, *have * f->cfg.sample_bytes);
    return true;
}

static ssize_t hand_out(struct feed *f, ssize_t n, struct source_gap *gap)
{
    *gap = f->gap;
    gap->is_slow = atomic_exchange(&f->is_slow, false);
    f->gap = (struct source_gap){ 0 };
    return n;
}

/* By what was waited, not by the clock: the program itself may have been stopped
 * for a while. */
static bool is_silent(const struct feed *f)
{
    return f->waits * (POLL_MS * 1e-3) > f->cfg.silent_seconds;
}

/* What never found its way into the ring is missing at the end. */
static void take_rest(struct feed *f)
{
    struct ring_gap gap;

    while ((gap = ring_rest(f->ring)).samples > 0)
        add_gap(&f->gap, &gap);
}

ssize_t feed_read(struct feed *f, void *out, size_t n, struct source_gap *gap,
                  struct err *e)
{
    for (;;) {
        /* asked first: what was pushed before the end is still to be read */
        const bool is_over = atomic_load(&f->is_over);
        size_t have;
        int r;

        if (take(f, out, n, &have)) {
            if (have > 0)
                return hand_out(f, (ssize_t)have, gap);
            continue;
        }
        if (is_over) {
            take_rest(f);
            return hand_out(f, end_of(f, e), gap);
        }
        if (is_silent(f))
            return err_set(e, -ETIMEDOUT, "no samples for %g s",
                           f->cfg.silent_seconds);
        r = wait_for_bell(f);
        if (r < 0)
            return r;
    }
}

void feed_skip(struct feed *f, uint64_t n)
{
    f->skip_until = ring_stored(f->ring) + n;
    f->waits = 0;
}

bool feed_has_ended(struct feed *f, double within_seconds)
{
    const double start_s = now_s();

    while (!atomic_load(&f->is_over)) {
        if (now_s() - start_s > within_seconds)
            return false;
        wait_for_bell(f);
    }
    return true;
}

double feed_start_time(const struct feed *f)
{
    return atomic_load(&f->start_unix_s);
}
