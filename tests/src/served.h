/* served - an rtl_tcp server of our own, on a thread, and a client, for tests.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_SERVED_H
#define TESTS_SRC_SERVED_H

#include <arpa/inet.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "src/source.h"
#include "tests/support/synth.h"

enum { COMMAND_BYTES = 5, SETTINGS_BYTES = 6 * COMMAND_BYTES };

struct server {
    int listener, fd; /* fd: of the client; -1: none */
    unsigned port;
    char spec[64]; /* rtl_tcp:127.0.0.1:PORT */
    pthread_t thread;
    /* What it does; runs on its thread, without assertions. */
    void (*script)(struct server *s);
    unsigned variant; /* for the script */
    uint8_t got[1000];
    size_t n_got;   /* bytes of commands */
    uint32_t next;  /* number of the next sample */
    bool is_failed; /* something did not come within ten seconds */
};

static inline bool is_ready(int fd, short events, int ms)
{
    struct pollfd p = { .fd = fd, .events = events };

    return poll(&p, 1, ms) > 0;
}

static inline void accept_client(struct server *s)
{
    const int one = 1;

    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    if (is_ready(s->listener, POLLIN, 10000))
        s->fd = accept(s->listener, NULL, NULL);
    s->is_failed |= s->fd < 0;
    setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

/* In pieces of at most so many bytes. */
static inline void put_bytes(struct server *s, const void *bytes, size_t n,
                             size_t piece)
{
    const uint8_t *b = bytes;

    while (n > 0) {
        const size_t k = n < piece ? n : piece;
        ssize_t sent = -1;
        if (is_ready(s->fd, POLLOUT, 10000))
            sent = send(s->fd, b, k, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the client has gone */
        b += sent;
        n -= (size_t)sent;
    }
}

static inline void put_header(struct server *s, uint32_t tuner, uint32_t gains,
                              size_t piece)
{
    uint8_t header[12] = "RTL0";

    for (int i = 0; i < 4; i++) {
        header[4 + i] = (uint8_t)(tuner >> (24 - 8 * i));
        header[8 + i] = (uint8_t)(gains >> (24 - 8 * i));
    }
    put_bytes(s, header, sizeof header, piece);
}

/* Sample number i: I has its lower seven bits, Q the next seven and a mark. */
static inline void store_sample(uint8_t *out, uint32_t i)
{
    out[0] = i & 0x7f;
    out[1] = (uint8_t)(0x80 | (i >> 7 & 0x7f));
}

static inline void put_samples(struct server *s, size_t n, size_t piece)
{
    uint8_t bytes[2 * 4096];

    while (n > 0) {
        const size_t k = n < 4096 ? n : 4096;
        for (size_t i = 0; i < k; i++)
            store_sample(bytes + 2 * i, s->next++);
        put_bytes(s, bytes, 2 * k, piece);
        n -= k;
    }
}

/* n more bytes of commands. */
static inline void get_commands(struct server *s, size_t n)
{
    while (n > 0) {
        ssize_t k = -1;
        if (s->n_got + n <= sizeof s->got && is_ready(s->fd, POLLIN, 10000))
            k = recv(s->fd, s->got + s->n_got, n, 0);
        if (k <= 0) {
            s->is_failed = true;
            return;
        }
        s->n_got += (size_t)k;
        n -= (size_t)k;
    }
}

/* Until the client closes; what it still says is kept. */
static inline void wait_for_close(struct server *s)
{
    while (s->n_got < sizeof s->got) {
        ssize_t k = 0;
        if (!is_ready(s->fd, POLLIN, 10000)) {
            s->is_failed = true;
            return;
        }
        k = recv(s->fd, s->got + s->n_got, sizeof s->got - s->n_got, 0);
        if (k <= 0)
            return;
        s->n_got += (size_t)k;
    }
}

static inline void *serve(void *user)
{
    struct server *s = user;

    s->script(s);
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    return NULL;
}

/* A socket that is bound to a port of its own. False: there is no IPv6. */
static inline bool bind_any(struct server *s, bool is_v6)
{
    struct sockaddr_in6 a6 = { .sin6_family = AF_INET6,
                               .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    struct sockaddr_in a4 = { .sin_family = AF_INET };
    struct sockaddr *a = is_v6 ? (void *)&a6 : (void *)&a4;
    socklen_t n = is_v6 ? sizeof a6 : sizeof a4;

    a4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->listener = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
    if (s->listener < 0 || bind(s->listener, a, n) != 0 ||
        getsockname(s->listener, a, &n) != 0) {
        assert_true(is_v6);
        close(s->listener);
        return false;
    }
    s->port = ntohs(is_v6 ? a6.sin6_port : a4.sin_port);
    snprintf(s->spec, sizeof s->spec, "rtl_tcp:%s:%u",
             is_v6 ? "[::1]" : "127.0.0.1", s->port);
    return true;
}

static inline bool server_begin(struct server *s, bool is_v6,
                                void (*script)(struct server *),
                                unsigned variant)
{
    *s = (struct server){ .fd = -1, .script = script, .variant = variant };
    if (!bind_any(s, is_v6))
        return false;
    assert_int_equal(listen(s->listener, 4), 0);
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
    return true;
}

static inline void server_end(struct server *s)
{
    assert_int_equal(pthread_join(s->thread, NULL), 0);
    close(s->listener);
    assert_false(s->is_failed);
    for (size_t i = 0; i < s->n_got; i += COMMAND_BYTES)
        assert_int_not_equal(s->got[i], 0x0e); /* volts on the antenna */
    assert_int_equal(s->n_got % COMMAND_BYTES, 0);
}

/* ---- and its client */

#define RATE 250e3

enum { PIECE = 65536, PATTERN = 16384, ENOUGH = 200000, TOO_EARLY = 62500 };

static const struct source_tuning tuning = {
    .rate_hz = RATE, .centre_hz = 433.92e6, .gain_db = 28.3, .ppm = -7
};

static inline double seconds(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline struct source *open_ok(const struct server *s,
                                     const struct source_tuning *t)
{
    struct source *source = NULL;
    struct err e = { "" };

    if (source_open_device(&source, s->spec, t, &e) < 0)
        fail_msg("%s", e.text);
    assert_non_null(source);
    return source;
}

/* The sentence names the device and has all of these words. */
static inline void explains(const char *text, const char *spec,
                            const char *words)
{
    char word[32];
    int n;

    if (strstr(text, spec) == NULL)
        fail_msg("no %s in: %s", spec, text);
    for (; sscanf(words, "%31s%n", word, &n) == 1; words += n)
        if (strstr(text, word) == NULL)
            fail_msg("no %s in: %s", word, text);
    assert_null(strchr(text, '\n'));
}

/* Position in the pattern, by what was read, skipped and lost. */
struct heard {
    uint64_t read, skipped, lost;
    uint32_t next;
    struct err e;
};

static inline ssize_t hear(struct source *source, struct heard *h)
{
    static uint8_t out[2 * PIECE];
    uint8_t want[2];
    ssize_t n;

    do
        n = source_read(source, out, PIECE, &h->e);
    while (n == -EINTR);
    if (n < 0)
        return n;
    h->skipped += source_gap(source).skipped;
    h->lost += source_gap(source).lost;
    h->next += (uint32_t)source_gap(source).skipped;
    /* lost with the connection: what the new one began with is not heard */
    if (source_gap(source).lost > 0)
        h->next += TOO_EARLY;
    for (ssize_t i = 0; i < n; i++) {
        store_sample(want, h->next++);
        assert_memory_equal(out + 2 * i, want, 2);
    }
    h->read += (uint64_t)n;
    return n;
}

static inline void hear_enough(struct source *source, struct heard *h,
                               uint64_t n)
{
    while (h->read < n)
        if (hear(source, h) <= 0)
            fail_msg("%s", h->e.text);
}

#endif
