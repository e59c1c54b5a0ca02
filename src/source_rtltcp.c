/* source_rtltcp - samples from a dongle behind an rtl_tcp server.
 *
 * The server sends twelve bytes, "RTL0", its tuner and how many gains that has,
 * then cu8 samples without end; it takes commands of five bytes and confirms
 * none. It throws whole buffers away when a client is slow, and says nothing of
 * it: the clock tells (loss_watch.h). A thread reads the socket into the feed.
 *
 *   source  rtl_tcp of rtl-sdr 0.6 and 2.0, as ECOSYSTEM.md 2.2 describes it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/now.h"
#include "src/source_impl.h"
#include "src/tcp.h"

static const char prefix[] = "rtl_tcp";
static const char default_host[] = "localhost", default_port[] = "1234";

enum {
    HEADER_BYTES = 12,
    TUNER_R820T = 5,
    TUNER_R828D = 6,
    GAINS_ABSURD = 256, /* the R820T has 29, no tuner more */
    /* Of rtl_tcp's buffers, unless it is told otherwise. */
    BUFFER_SAMPLES = 131072,
    READ_BYTES = 65536,
};

enum command {
    COMMAND_FREQUENCY = 0x01,
    COMMAND_RATE = 0x02,
    COMMAND_GAIN_MODE = 0x03, /* 1: manual */
    COMMAND_GAIN = 0x04,      /* tenths of a decibel */
    COMMAND_PPM = 0x05,
    COMMAND_AGC = 0x08,
};

#define ANSWER_SECONDS 5.0
#define SILENT_SECONDS 5.0
#define FULL_SECONDS   0.005
#define RETRY_SECONDS  1.0
/* What is on its way through the server and the network: 100 to 200 ms, and a
 * buffer of 64 ms at 2.048 MS/s. */
#define SETTLE_SECONDS 0.25
#define RING_SECONDS   4.0
/* Of the loss watch: a server's buffers are half a second long at 250 kS/s. */
#define WINDOW_SECONDS 2.0

struct rtltcp_source {
    struct tcp_address address;
    char shown[SHOWN_MAX], when_refused[64];
    struct feed *feed;
    pthread_t thread;
    bool has_thread, is_reconnecting;
    const volatile sig_atomic_t *stop; /* the user's, while it is opened */
    uint64_t discard; /* the thread's: samples that were sent too early */
    atomic_bool is_stopping;
    double rate_hz;
    pthread_mutex_t lock; /* for what follows */
    int fd;               /* -1: not connected */
    double gain_db;
    uint32_t frequency, ppm;
    unsigned tuner;
};

static struct tcp_stop stop_of(const struct rtltcp_source *r)
{
    return (struct tcp_stop){ &r->is_stopping, r->stop };
}

bool source_is_rtltcp(const char *spec)
{
    const size_t n = sizeof prefix - 1;

    return strncmp(spec, prefix, n) == 0 && (spec[n] == '\0' || spec[n] == ':');
}

/* HOST, HOST:PORT, [ADDRESS]:PORT, each with // in front or not; an address of
 * IPv6 without a port needs no brackets. */
static int parse(struct rtltcp_source *r, const char *spec, struct err *e)
{
    const char *host = spec + sizeof prefix - 1, *end, *port = default_port;
    size_t n;

    host += *host == ':';
    host += strncmp(host, "//", 2) == 0 ? 2 : 0;
    end = host + strlen(host);
    if (*host == '[' && strchr(host, ']') != NULL) {
        end = strchr(++host, ']');
        if (end[1] == ':')
            port = end + 2;
    } else if (strchr(host, ':') != NULL &&
               strchr(host, ':') == strrchr(host, ':')) {
        end = strchr(host, ':');
        port = end + 1;
    }
    n = (size_t)(end - host);
    if (n >= sizeof r->address.host || strlen(port) >= sizeof r->address.port)
        return err_set(e, -EINVAL, "%s: the name is too long", r->shown);
    memcpy(r->address.host, host, n);
    r->address.host[n] = '\0';
    if (n == 0)
        strcpy(r->address.host, default_host);
    strcpy(r->address.port, *port != '\0' ? port : default_port);
    snprintf(r->when_refused, sizeof r->when_refused,
             "rtl_tcp -a 0.0.0.0 -p %s, there", r->address.port);
    r->address.seconds = ANSWER_SECONDS;
    r->address.shown = r->shown;
    r->address.when_refused = r->when_refused;
    return 0;
}

static uint32_t read_u32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

/* Twelve bytes, in as many pieces as they come. */
static int read_header(const struct rtltcp_source *r, int fd, unsigned *tuner,
                       struct err *e)
{
    const double end_s = now_s() + ANSWER_SECONDS;
    uint8_t header[HEADER_BYTES];
    size_t n = 0;

    while (n < sizeof header) {
        const int status = tcp_wait(fd, POLLIN, end_s - now_s(), stop_of(r));
        ssize_t k;

        if (status < 0)
            return status;
        if (status == 0)
            return err_set(e, -ETIMEDOUT,
                           "%s: sent %zu of the 12 bytes that an rtl_tcp "
                           "server begins with, then nothing for %g s: it is "
                           "another server, or it serves another client",
                           r->shown, n, ANSWER_SECONDS);
        k = recv(fd, header + n, sizeof header - n, 0);
        if (k == 0)
            return err_set(e, -ECONNRESET,
                           "%s: closed the connection after %zu of the 12 "
                           "bytes that an rtl_tcp server begins with",
                           r->shown, n);
        if (k < 0 && errno != EAGAIN && errno != EINTR)
            return err_set(e, -errno, "%s: %s", r->shown, strerror(errno));
        n += k > 0 ? (size_t)k : 0;
    }
    if (memcmp(header, "RTL0", 4) != 0)
        return err_set(e, -EPROTO,
                       "%s: is no rtl_tcp server: it does not begin with RTL0",
                       r->shown);
    if (read_u32(header + 8) > GAINS_ABSURD)
        return err_set(e, -EPROTO,
                       "%s: says that its tuner has %u gains: that is no "
                       "rtl_tcp server's header",
                       r->shown, read_u32(header + 8));
    *tuner = read_u32(header + 4);
    return 0;
}

/* Five bytes fit into any socket's buffer; where they do not, the connection is
 * as good as gone, and reading will find out. */
static void send_command(const struct rtltcp_source *r, enum command c,
                         uint32_t value)
{
    const uint8_t bytes[5] = { (uint8_t)c, (uint8_t)(value >> 24),
                               (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                               (uint8_t)value };

    if (r->fd >= 0 && send(r->fd, bytes, sizeof bytes, MSG_NOSIGNAL) < 0)
        shutdown(r->fd, SHUT_RDWR);
}

/* Gains of the R820T and R828D in tenths of a decibel (librtlsdr's table). */
static const int r820t_gains[] = {
    0,   9,   14,  27,  37,  77,  87,  125, 144, 157, 166, 197, 207, 229, 254,
    280, 297, 328, 338, 364, 372, 386, 402, 421, 434, 439, 445, 480, 496,
};

static uint32_t nearest_gain(const struct rtltcp_source *r, double gain_db)
{
    const size_t n = sizeof r820t_gains / sizeof *r820t_gains;
    int best = r820t_gains[0];

    if (r->tuner != TUNER_R820T && r->tuner != TUNER_R828D)
        return (uint32_t)lround(gain_db * 10);
    for (size_t i = 1; i < n; i++)
        if (fabs(r820t_gains[i] - gain_db * 10) < fabs(best - gain_db * 10))
            best = r820t_gains[i];
    return (uint32_t)best;
}

/* All settings; manual gain goes before the gain. */
static void send_settings(struct rtltcp_source *r)
{
    send_command(r, COMMAND_RATE, (uint32_t)lround(r->rate_hz));
    send_command(r, COMMAND_PPM, r->ppm);
    send_command(r, COMMAND_AGC, 0);
    send_command(r, COMMAND_GAIN_MODE, 1);
    send_command(r, COMMAND_GAIN, nearest_gain(r, r->gain_db));
    send_command(r, COMMAND_FREQUENCY, r->frequency);
}

static int open_connection(struct rtltcp_source *r, struct err *e)
{
    const int fd = tcp_connect(&r->address, stop_of(r), e);
    unsigned tuner = 0;
    int status;

    if (fd < 0)
        return fd;
    status = read_header(r, fd, &tuner, e);
    if (status < 0) {
        close(fd);
        return status;
    }
    fcntl(fd, F_SETFL, 0);
    pthread_mutex_lock(&r->lock);
    r->tuner = tuner;
    r->fd = fd;
    send_settings(r);
    pthread_mutex_unlock(&r->lock);
    return 0;
}

static void close_connection(struct rtltcp_source *r)
{
    pthread_mutex_lock(&r->lock);
    if (r->fd >= 0)
        close(r->fd);
    r->fd = -1;
    pthread_mutex_unlock(&r->lock);
}

/* What a server sends before it has read its commands is of another frequency.
 * Where there is no room it can wait: a server may have more buffers than we. */
static void push(struct rtltcp_source *r, const uint8_t *bytes, size_t n)
{
    const size_t k = n < r->discard ? n : (size_t)r->discard;

    while (!feed_has_room(r->feed, n - k) &&
           tcp_wait(-1, 0, FULL_SECONDS, stop_of(r)) == 0)
        continue;
    r->discard -= k;
    if (n > k)
        feed_push(r->feed, bytes + 2 * k, n - k);
}

/* Until the connection ends; *heard_s: when samples last came. */
static void read_samples(struct rtltcp_source *r, uint8_t *bytes,
                         double *heard_s)
{
    size_t odd = 0; /* half a sample, kept for the next read */

    for (;;) {
        ssize_t n;

        if (tcp_wait(r->fd, POLLIN, SILENT_SECONDS, stop_of(r)) <= 0 &&
            (r->is_reconnecting || atomic_load(&r->is_stopping)))
            return;
        n = recv(r->fd, bytes + odd, READ_BYTES - odd, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            continue; /* the main thread's watchdog tells of silence */
        if (n <= 0)
            return;
        n += (ssize_t)odd;
        push(r, bytes, (size_t)n / 2);
        *heard_s = now_s();
        odd = (size_t)n % 2;
        bytes[0] = bytes[n - 1];
    }
}

/* The server may be back after a while: what it would have sent is lost, and so
 * is what it sends until it has its settings. */
static bool reconnect(struct rtltcp_source *r, double heard_s)
{
    close_connection(r);
    while (!atomic_load(&r->is_stopping)) {
        if (open_connection(r, NULL) == 0) {
            r->discard = (uint64_t)(SETTLE_SECONDS * r->rate_hz);
            feed_lose(r->feed, (uint64_t)((now_s() - heard_s) * r->rate_hz) +
                                   r->discard);
            return true;
        }
        tcp_wait(-1, 0, RETRY_SECONDS, stop_of(r));
    }
    return false;
}

static void *run(void *user)
{
    struct rtltcp_source *r = user;
    uint8_t *bytes = malloc(READ_BYTES);
    double heard_s = now_s();
    struct err fault;

    err_set(&fault, 0, "%s: out of memory", r->shown);
    if (bytes != NULL) {
        do
            read_samples(r, bytes, &heard_s);
        while (!atomic_load(&r->is_stopping) && r->is_reconnecting &&
               reconnect(r, heard_s));
        err_set(&fault, 0, "%s: the server closed the connection; run: %s",
                r->shown, r->when_refused);
    }
    free(bytes);
    feed_end(r->feed, atomic_load(&r->is_stopping) ? 0 : -ECONNRESET,
             fault.text);
    return NULL;
}

static int start(struct rtltcp_source *r, struct err *e)
{
    const struct feed_cfg cfg = {
        .seconds = RING_SECONDS,
        /* reconnecting is silence on purpose */
        .silent_seconds = r->is_reconnecting ? INFINITY : SILENT_SECONDS,
        .sample_bytes = 2,
        .watch = { .rate_hz = r->rate_hz,
                   .window_seconds = WINDOW_SECONDS,
                   .slack_seconds = 0.02,
                   .wants_step = true,
                   .burst_samples = BUFFER_SAMPLES,
                   .unit_samples = BUFFER_SAMPLES },
    };

    if (feed_create(&r->feed, &cfg) < 0)
        return err_set(e, -ENOMEM, "%s: out of memory", r->shown);
    feed_skip(r->feed, (uint64_t)(SETTLE_SECONDS * r->rate_hz));
    if (feed_start(&r->thread, run, r) < 0)
        return err_set(e, -EAGAIN, "%s: no thread can be started", r->shown);
    r->has_thread = true;
    return 0;
}

static int rtltcp_tune(struct source *s, double hz, struct err *e)
{
    struct rtltcp_source *r = s->state;

    if (!(hz >= 0 && hz <= UINT32_MAX))
        return err_set(e, -ERANGE, "%s: cannot be tuned to %.3f MHz", s->shown,
                       hz / 1e6);
    pthread_mutex_lock(&r->lock);
    r->frequency = (uint32_t)lround(hz);
    send_command(r, COMMAND_FREQUENCY, r->frequency);
    pthread_mutex_unlock(&r->lock);
    s->info.centre_hz = r->frequency;
    feed_skip(r->feed, (uint64_t)(SETTLE_SECONDS * r->rate_hz));
    return 0;
}

static int rtltcp_set_gain(struct source *s, double *gain_db, struct err *e)
{
    struct rtltcp_source *r = s->state;

    (void)e;
    pthread_mutex_lock(&r->lock);
    r->gain_db = nearest_gain(r, *gain_db) / 10.0;
    *gain_db = r->gain_db;
    send_command(r, COMMAND_GAIN, nearest_gain(r, r->gain_db));
    pthread_mutex_unlock(&r->lock);
    return 0;
}

static void rtltcp_stop(struct source *s)
{
    struct rtltcp_source *r = s->state;

    atomic_store(&r->is_stopping, true);
    if (r->has_thread)
        pthread_join(r->thread, NULL);
    r->has_thread = false;
}

static void rtltcp_close(struct source *s)
{
    struct rtltcp_source *r = s->state;

    rtltcp_stop(s);
    close_connection(r);
    feed_destroy(r->feed);
    s->feed = NULL;
    pthread_mutex_destroy(&r->lock);
    free(r);
}

static const struct source_reader rtltcp_reader = {
    .read = source_live_read,
    .stop = rtltcp_stop,
    .tune = rtltcp_tune,
    .set_gain = rtltcp_set_gain,
    .close = rtltcp_close,
    .when_silent = "start it again, there",
};

int source_rtltcp_start(struct source *s, const char *spec,
                        const struct source_tuning *t, struct err *e)
{
    struct rtltcp_source *r = calloc(1, sizeof *r);
    int status;

    if (r == NULL)
        return err_set(e, -ENOMEM, "out of memory");
    pthread_mutex_init(&r->lock, NULL);
    memcpy(r->shown, s->shown, sizeof r->shown);
    r->fd = -1;
    r->rate_hz = t->rate_hz;
    r->gain_db = t->gain_db;
    r->frequency = (uint32_t)lround(t->centre_hz);
    r->ppm = (uint32_t)(int32_t)lround(t->ppm);
    r->is_reconnecting = t->is_reconnecting;
    r->stop = t->stop;
    s->state = r;
    s->reader = &rtltcp_reader;
    s->info = (struct source_info){ .kind = SOURCE_IQ,
                                    .format = SAMPLE_CU8,
                                    .rate_hz = t->rate_hz,
                                    .centre_hz = r->frequency,
                                    .settle_s = SETTLE_SECONDS,
                                    .late_s = 3.5 * WINDOW_SECONDS,
                                    .is_live = true };
    status = parse(r, spec, e);
    if (status == 0)
        status = open_connection(r, e);
    r->stop = NULL;
    s->info.gain_db = nearest_gain(r, r->gain_db) / 10.0;
    if (status == 0)
        status = start(r, e);
    s->feed = r->feed;
    return status;
}
