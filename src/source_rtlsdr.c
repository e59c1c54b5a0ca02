/* source_rtlsdr - samples from a dongle, through librtlsdr.
 *
 * The library's thread pushes each USB buffer into the feed and goes back; all
 * settings are made from the main thread meanwhile, which librtlsdr allows.
 * Never called: what switches the bias tee on, and rtlsdr_set_offset_tuning,
 * which does so in one fork of the library.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE /* dladdr */

#include "src/source_rtlsdr.h"

#include <dlfcn.h>
#include <errno.h>
#include <math.h>
#include <rtl-sdr.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/chatter.h"
#include "src/dongle_fault.h"
#include "src/source_impl.h"

enum {
    TRANSFERS = 64,     /* USB buffers under way: a quarter of a second */
    PACKET_BYTES = 512, /* of USB 2.0 at high speed; buffers are whole ones */
    GAINS_MAX = 64,
};

/* A USB buffer is so long, for a frame is to be told within 100 ms; as a power
 * of two, which is a whole number of packets. */
#define BUFFER_SECONDS 4.5e-3
/* After a new frequency: the PLL locks within some ms, and buffers that were
 * filled before it are still to come. */
#define SETTLE_SECONDS 0.02
#define RING_SECONDS   2.0
#define SILENT_SECONDS 2.0
#define STOP_SECONDS   2.0
#define WINDOW_SECONDS 0.5  /* of the loss watch: a hundred buffers */
#define USB_BUSY       (-6) /* libusb.h, enum libusb_error */

struct rtlsdr_source {
    rtlsdr_dev_t *dev;
    struct chatter chatter;
    void (*talk)(void *user, const char *line);
    void *user;
    bool is_unlocked; /* the library said so since this was cleared */
    pthread_t thread;
    bool has_thread, is_stuck; /* stuck: it does not end */
    atomic_bool is_stopping;
    uint32_t buffer_bytes;
    struct feed *feed;
    char shown[SHOWN_MAX], serial[RTLSDR_TEXT];
};

static void on_chatter(void *user, const char *line)
{
    struct rtlsdr_source *r = user;

    if (strstr(line, "PLL not locked") != NULL ||
        strstr(line, "No valid PLL") != NULL)
        r->is_unlocked = true;
    if (r->talk != NULL)
        r->talk(r->user, line);
}

static void drain(struct rtlsdr_source *r)
{
    chatter_drain(&r->chatter, on_chatter, r);
}

static int fail(const struct dongle_fault *f, const char *shown, struct err *e)
{
    return err_set(e, f->code, "%s: %s; run: %s", shown, f->cause, f->command);
}

size_t source_rtlsdr_list(struct rtlsdr_dongle *out, size_t n)
{
    const size_t count = rtlsdr_get_device_count();

    for (size_t i = 0; i < count && i < n; i++) {
        struct rtlsdr_dongle *d = &out[i];

        *d = (struct rtlsdr_dongle){
            .name = rtlsdr_get_device_name((uint32_t)i),
        };
        d->is_readable =
            rtlsdr_get_device_usb_strings((uint32_t)i, d->manufacturer,
                                          d->product, d->serial) == 0;
    }
    return count;
}

/* USB strings of the maker: "RTLSDRBlog", "Blog V4". */
bool source_rtlsdr_is_v4(const struct rtlsdr_dongle *d)
{
    return strncmp(d->product, "Blog V4", 7) == 0;
}

const char *source_rtlsdr_library(void)
{
    int (*function)(rtlsdr_dev_t **, uint32_t) = rtlsdr_open;
    void *address;
    Dl_info info;

    memcpy(&address, &function, sizeof address);
    if (dladdr(address, &info) == 0 || info.dli_fname == NULL)
        return "librtlsdr";
    return info.dli_fname;
}

/* A library that knows the V4 compares the dongle's strings with the V4's. */
bool source_rtlsdr_knows_v4(void)
{
    static const char word[] = "Blog V4";
    FILE *f = fopen(source_rtlsdr_library(), "rb");
    size_t matched = 0;
    int c;

    if (f == NULL)
        return false;
    while (matched < sizeof word - 1 && (c = getc(f)) != EOF)
        matched = c == word[matched] ? matched + 1 : c == word[0];
    fclose(f);
    return matched == sizeof word - 1;
}

/* The index that name stands for: "1", or ":SERIAL". */
static int find_index(const char *name, const struct rtlsdr_dongle *list,
                      size_t n, const char *shown, struct err *e)
{
    if (name[0] != ':') {
        const size_t index = strtoul(name, NULL, 10);

        if (index >= n)
            return err_set(e, -ENODEV,
                           "%s: there %s only %zu; run: fobscope doctor", shown,
                           n == 1 ? "is" : "are", n);
        return (int)index;
    }
    for (size_t i = 0; i < n; i++)
        if (list[i].is_readable && strcmp(list[i].serial, name + 1) == 0)
            return (int)i;
    return err_set(e, -ENODEV,
                   "%s: no dongle has this serial number; run: fobscope doctor",
                   shown);
}

static int find_dongle(struct rtlsdr_source *r, const char *name, struct err *e)
{
    struct rtlsdr_dongle list[16];
    const size_t count = source_rtlsdr_list(list, 16);
    const size_t n = count < 16 ? count : 16;
    struct dongle_fault fault;
    int index;

    if (n == 0) {
        dongle_fault_none(&fault, "");
        return fail(&fault, r->shown, e);
    }
    index = find_index(name, list, n, r->shown, e);
    if (index >= 0)
        memcpy(r->serial, list[index].serial, sizeof r->serial);
    if (index >= 0 && source_rtlsdr_is_v4(&list[index]) &&
        !source_rtlsdr_knows_v4()) {
        dongle_fault_v4(&fault, source_rtlsdr_library());
        return fail(&fault, r->shown, e);
    }
    return index;
}

/* The library says 0 even where the PLL is not locked (SatDump #1051), but
 * prints it; a second try is what helps if anything does. */
static int tune(struct rtlsdr_source *r, double hz, struct err *e)
{
    for (int tries = 0; tries < 2; tries++) {
        r->is_unlocked = false;
        if (hz < 0 || hz > UINT32_MAX ||
            rtlsdr_set_center_freq(r->dev, (uint32_t)lround(hz)) < 0)
            return err_set(e, -EIO, "%s: cannot be tuned to %.3f MHz", r->shown,
                           hz / 1e6);
        drain(r);
        if (!r->is_unlocked)
            break;
    }
    return 0;
}

static int rtlsdr_source_tune(struct source *s, double hz, struct err *e)
{
    struct rtlsdr_source *r = s->state;
    const int status = tune(r, hz, e);

    if (status < 0)
        return status;
    s->info.centre_hz = (double)rtlsdr_get_center_freq(r->dev);
    s->warning.text[0] = '\0';
    if (r->is_unlocked)
        err_set(&s->warning, 0,
                "%s: the tuner's PLL does not lock at %.3f MHz: what comes may "
                "be another frequency",
                s->shown, hz / 1e6);
    if (r->feed != NULL)
        feed_skip(r->feed, (uint64_t)(SETTLE_SECONDS * s->info.rate_hz) +
                               r->buffer_bytes);
    return 0;
}

/* Of the tuner's gains the nearest, in tenths of a decibel as librtlsdr has
 * them. */
static int set_gain(struct rtlsdr_source *r, double *gain_db, struct err *e)
{
    int gains[GAINS_MAX];
    const int n = rtlsdr_get_tuner_gains(r->dev, NULL);
    int best = 0;

    if (n <= 0 || n > GAINS_MAX || rtlsdr_get_tuner_gains(r->dev, gains) != n)
        return err_set(e, -EIO, "%s: its tuner has no gains to choose from",
                       r->shown);
    for (int i = 1; i < n; i++)
        if (fabs(gains[i] - *gain_db * 10) < fabs(gains[best] - *gain_db * 10))
            best = i;
    if (rtlsdr_set_tuner_gain(r->dev, gains[best]) != 0)
        return err_set(e, -EIO, "%s: its gain cannot be set", r->shown);
    drain(r);
    *gain_db = gains[best] / 10.0;
    return 0;
}

static int rtlsdr_source_set_gain(struct source *s, double *gain_db,
                                  struct err *e)
{
    return set_gain(s->state, gain_db, e);
}

/* Level is worth something only with all automatics off: rtl_433's primer. */
static int set_up(struct rtlsdr_source *r, struct source *s,
                  const struct source_tuning *t, struct err *e)
{
    double gain_db = t->gain_db;
    int status;

    if (rtlsdr_get_tuner_type(r->dev) == RTLSDR_TUNER_UNKNOWN)
        return err_set(e, -EIO, "%s: its tuner is not known to librtlsdr",
                       r->shown);
    if (rtlsdr_set_sample_rate(r->dev, (uint32_t)lround(t->rate_hz)) < 0)
        return err_set(e, -EIO, "%s: its sample rate cannot be set", r->shown);
    /* -2 says that it is that already */
    status = rtlsdr_set_freq_correction(r->dev, (int)lround(t->ppm));
    if (status < 0 && status != -2)
        return err_set(e, -EIO, "%s: its crystal cannot be corrected by %g ppm",
                       r->shown, t->ppm);
    if (rtlsdr_set_agc_mode(r->dev, 0) < 0 ||
        rtlsdr_set_tuner_gain_mode(r->dev, 1) < 0)
        return err_set(e, -EIO, "%s: its automatic gain cannot be switched off",
                       r->shown);
    status = set_gain(r, &gain_db, e);
    if (status < 0)
        return status;
    s->info.gain_db = gain_db;
    s->info.settle_s = SETTLE_SECONDS;
    s->info.late_s = 3.5 * WINDOW_SECONDS;
    s->info.rate_hz = (double)rtlsdr_get_sample_rate(r->dev);
    return rtlsdr_source_tune(s, t->centre_hz, e);
}

static void on_samples(unsigned char *bytes, uint32_t n, void *user)
{
    struct rtlsdr_source *r = user;

    feed_push(r->feed, bytes, n / 2);
}

static void *run(void *user)
{
    struct rtlsdr_source *r = user;
    char sentence[sizeof r->shown + 128];
    int status;

    status =
        rtlsdr_read_async(r->dev, on_samples, r, TRANSFERS, r->buffer_bytes);
    if (atomic_load(&r->is_stopping)) {
        feed_end(r->feed, 0, "");
        return NULL;
    }
    snprintf(sentence, sizeof sentence,
             status == -ENOMEM
                 ? "%s: the system has no memory for its USB transfers"
                 : "%s: was unplugged, or its USB connection failed; run: "
                   "fobscope doctor",
             r->shown);
    feed_end(r->feed, -ENODEV, sentence);
    return NULL;
}

static int start(struct rtlsdr_source *r, struct source *s, struct err *e)
{
    const double rate = s->info.rate_hz;
    struct feed_cfg cfg = {
        .seconds = RING_SECONDS,
        .silent_seconds = SILENT_SECONDS,
        .sample_bytes = 2,
        .watch = { .rate_hz = rate,
                   .window_seconds = WINDOW_SECONDS,
                   .slack_seconds = 1e-3 },
    };

    r->buffer_bytes = PACKET_BYTES;
    while (2 * r->buffer_bytes <= 2 * BUFFER_SECONDS * rate)
        r->buffer_bytes *= 2;
    /* what a host loses is whole buffers; what a FIFO loses, anything */
    cfg.watch.unit_samples = r->buffer_bytes / 2;
    if (feed_create(&r->feed, &cfg) < 0)
        return err_set(e, -ENOMEM, "%s: out of memory", r->shown);
    s->feed = r->feed;
    if (rtlsdr_reset_buffer(r->dev) < 0)
        return err_set(e, -EIO, "%s: does not start", r->shown);

    if (feed_start(&r->thread, run, r) < 0)
        return err_set(e, -EAGAIN, "%s: no thread can be started", r->shown);
    r->has_thread = true;
    return 0;
}

/* -2 while the library's thread is still on its way in. */
static bool stop_thread(struct rtlsdr_source *r)
{
    const double step = 0.02;

    atomic_store(&r->is_stopping, true);
    for (double waited = 0; waited < STOP_SECONDS; waited += step) {
        rtlsdr_cancel_async(r->dev);
        if (feed_has_ended(r->feed, step)) {
            pthread_join(r->thread, NULL);
            r->has_thread = false;
            return true;
        }
    }
    return false;
}

static void rtlsdr_source_stop(struct source *s)
{
    struct rtlsdr_source *r = s->state;

    if (r->has_thread && !r->is_stuck)
        r->is_stuck = !stop_thread(r);
}

static void rtlsdr_source_close(struct source *s)
{
    struct rtlsdr_source *r = s->state;

    rtlsdr_source_stop(s);
    /* A thread that hangs in the library (steve-m #2) keeps what it may still
     * touch: better a leak at the end than a program that does not end. */
    if (r->is_stuck) {
        pthread_detach(r->thread);
        chatter_end(&r->chatter);
        s->feed = NULL;
        return;
    }
    if (r->dev != NULL)
        rtlsdr_close(r->dev);
    drain(r);
    chatter_end(&r->chatter);
    feed_destroy(r->feed);
    free(r);
    s->feed = NULL;
}

static ssize_t rtlsdr_source_read(struct source *s, void *out, size_t n,
                                  struct err *e)
{
    const ssize_t have = source_live_read(s, out, n, e);

    drain(s->state);
    return have;
}

static const struct source_reader rtlsdr_reader = {
    .read = rtlsdr_source_read,
    .stop = rtlsdr_source_stop,
    .tune = rtlsdr_source_tune,
    .set_gain = rtlsdr_source_set_gain,
    .close = rtlsdr_source_close,
    .when_silent = "plug it in again; run: fobscope doctor",
};

int source_rtlsdr_start(struct source *s, const char *name,
                        const struct source_tuning *t, struct err *e)
{
    struct rtlsdr_source *r = calloc(1, sizeof *r);
    struct dongle_fault fault;
    int status;

    if (r == NULL)
        return err_set(e, -ENOMEM, "out of memory");
    r->talk = t->talk;
    r->user = t->user;
    memcpy(r->shown, s->shown, sizeof r->shown);
    s->state = r;
    s->reader = &rtlsdr_reader;
    s->info.kind = SOURCE_IQ;
    s->info.format = SAMPLE_CU8;
    s->info.is_live = true;
    status = chatter_begin(&r->chatter);
    if (status < 0)
        return err_set(e, status, "%s: standard error cannot be caught: %s",
                       r->shown, strerror(-status));
    status = find_dongle(r, name, e);
    if (status < 0)
        return status;
    status = rtlsdr_open(&r->dev, (uint32_t)status);
    drain(r);
    if (status < 0 || r->dev == NULL) {
        /* 0.6 says 0 when the kernel's driver does not let go */
        dongle_fault_open(&fault,
                          r->dev == NULL && status == 0 ? USB_BUSY : status,
                          r->serial, "");
        r->dev = NULL;
        return fail(&fault, r->shown, e);
    }
    status = set_up(r, s, t, e);
    return status < 0 ? status : start(r, s, e);
}
