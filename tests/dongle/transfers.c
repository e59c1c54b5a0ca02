/* transfers - libusb's transfers and its loop of events.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "tests/dongle/usb.h"

/* What libusb_alloc_transfer gives comes behind it, with its packets. */
struct envelope {
    struct flight flight; /* first */
    struct libusb_transfer *transfer;
    bool is_sync; /* libusb_bulk_transfer's own */
    bool is_done;
};

static struct envelope *of_transfer(struct libusb_transfer *t)
{
    return (struct envelope *)(void *)t - 1;
}

static struct envelope *of_flight(struct flight *f)
{
    return (struct envelope *)(void *)f;
}

static struct stream *stream_of(const struct libusb_transfer *t)
{
    return &t->dev_handle->device->dongle->stream;
}

struct libusb_transfer *libusb_alloc_transfer(int iso_packets)
{
    size_t more =
        (size_t)iso_packets * sizeof(struct libusb_iso_packet_descriptor);
    struct envelope *e =
        calloc(1, sizeof *e + sizeof(struct libusb_transfer) + more);

    if (e == NULL)
        return NULL;
    e->transfer = (struct libusb_transfer *)(void *)(e + 1);
    return e->transfer;
}

void libusb_free_transfer(struct libusb_transfer *t)
{
    if (t == NULL)
        return;
    if ((t->flags & LIBUSB_TRANSFER_FREE_BUFFER) != 0)
        free(t->buffer);
    free(of_transfer(t));
}

static int submit(struct envelope *e)
{
    struct libusb_transfer *t = e->transfer;
    struct stream *s = stream_of(t);

    if (e->flight.is_waiting)
        return LIBUSB_ERROR_BUSY;
    if (s->is_unplugged)
        return LIBUSB_ERROR_NO_DEVICE;
    if (t->endpoint != 0x81 || t->length < 512 || t->length % 512 != 0)
        return LIBUSB_ERROR_INVALID_PARAM;
    e->flight.buffer = t->buffer;
    e->flight.n = (size_t)t->length / 2;
    e->is_done = false;
    stream_submit(s, &e->flight, usb_now_ns());
    usb_wake();
    return 0;
}

int libusb_submit_transfer(struct libusb_transfer *t)
{
    usb_lock();
    int r = submit(of_transfer(t));
    usb_unlock();
    return r;
}

int libusb_cancel_transfer(struct libusb_transfer *t)
{
    struct flight *f = &of_transfer(t)->flight;
    int r = LIBUSB_ERROR_NOT_FOUND;

    usb_lock();
    if (t->dev_handle != NULL && stream_of(t)->is_unplugged && f->is_waiting) {
        r = LIBUSB_ERROR_NO_DEVICE;
    } else if (f->is_waiting && !f->is_cancelled) {
        f->is_cancelled = true;
        r = 0;
    }
    usb_wake();
    usb_unlock();
    return r;
}

/* Ends a transfer that has left its stream; the lock is given up for the
 * callback, which submits it again as a rule. */
static void deliver(struct flight *f)
{
    static const enum libusb_transfer_status status[] = {
        [FLIGHT_FULL] = LIBUSB_TRANSFER_COMPLETED,
        [FLIGHT_ERROR] = LIBUSB_TRANSFER_ERROR,
        [FLIGHT_CANCELLED] = LIBUSB_TRANSFER_CANCELLED,
        [FLIGHT_GONE] = LIBUSB_TRANSFER_NO_DEVICE,
    };
    struct envelope *e = of_flight(f);
    struct libusb_transfer *t = e->transfer;
    uint8_t flags = t->flags;

    t->status = status[f->end];
    t->actual_length = f->end == FLIGHT_FULL ? t->length : 0;
    e->is_done = true;
    if (e->is_sync) {
        usb_wake();
        return;
    }
    usb_unlock();
    if (t->callback != NULL)
        t->callback(t);
    if ((flags & LIBUSB_TRANSFER_FREE_TRANSFER) != 0)
        libusb_free_transfer(t);
    usb_lock();
}

/* Delivers what is ready by now, not what becomes so on the way. */
static unsigned deliver_ready(const void *context, int64_t now_ns)
{
    struct dongle **dongle = NULL;
    size_t n = usb_dongles(&dongle);
    unsigned delivered = 0;

    for (size_t i = 0; i < n; i++) {
        struct stream *s = &dongle[i]->stream;
        /* Without pacing there is always one more. */
        unsigned most = s->cfg.speed > 0.0 ? 64 : 1;
        for (unsigned k = 0; k < most && dongle[i]->context == context; k++) {
            struct flight *f = stream_ready(s, now_ns);
            if (f == NULL)
                break;
            deliver(f);
            delivered++;
        }
    }
    return delivered;
}

static int64_t next_ns(const void *context)
{
    struct dongle **dongle = NULL;
    size_t n = usb_dongles(&dongle);
    int64_t first = INT64_MAX;

    for (size_t i = 0; i < n; i++) {
        int64_t ns = stream_next_ns(&dongle[i]->stream);
        if (dongle[i]->context == context)
            first = ns < first ? ns : first;
    }
    return first;
}

/* One round, as libusb does it: until something was delivered, `done` is set,
 * or it is late. */
static void handle(const void *context, int64_t until_ns, const int *done)
{
    for (;;) {
        int64_t now_ns = usb_now_ns();
        if (done != NULL && *done != 0)
            return;
        if (deliver_ready(context, now_ns) > 0 || now_ns >= until_ns)
            return;
        int64_t next = next_ns(context);
        usb_wait(next < until_ns ? next : until_ns);
    }
}

int libusb_handle_events_timeout_completed(libusb_context *context,
                                           struct timeval *tv, int *done)
{
    int64_t until_ns = usb_now_ns() + (int64_t)tv->tv_sec * 1000000000 +
                       (int64_t)tv->tv_usec * 1000;

    usb_lock();
    handle(usb_context(context), until_ns, done);
    usb_unlock();
    return 0;
}

/* 0, or the error of libusb that a synchronous transfer ends in. */
static int outcome(const struct libusb_transfer *t, bool is_late)
{
    if (is_late)
        return LIBUSB_ERROR_TIMEOUT;
    if (t->status == LIBUSB_TRANSFER_COMPLETED)
        return 0;
    return t->status == LIBUSB_TRANSFER_NO_DEVICE ? LIBUSB_ERROR_NO_DEVICE
                                                  : LIBUSB_ERROR_IO;
}

/* Until it is done; a timeout of 0 is none. True if that was passed. */
static bool wait_for(struct envelope *e, const void *context, unsigned timeout)
{
    const int64_t second = 1000000000, start = usb_now_ns();
    int64_t until = timeout == 0 ? INT64_MAX : start + timeout * second / 1000;

    while (!e->is_done) {
        int64_t now = usb_now_ns(), next = now + second;
        if (now >= until)
            e->flight.is_cancelled = true;
        if (deliver_ready(context, now) > 0)
            continue;
        int64_t ready = next_ns(context);
        next = ready < next ? ready : next;
        usb_wait(next < until ? next : until);
    }
    return e->flight.is_cancelled;
}

int libusb_bulk_transfer(libusb_device_handle *h, unsigned char endpoint,
                         unsigned char *data, int n, int *have,
                         unsigned timeout)
{
    struct libusb_transfer *t = libusb_alloc_transfer(0);
    bool is_late = false;

    if (t == NULL)
        return LIBUSB_ERROR_NO_MEM;
    libusb_fill_bulk_transfer(t, h, endpoint, data, n, NULL, NULL, 0);
    of_transfer(t)->is_sync = true;
    usb_lock();
    int r = submit(of_transfer(t));
    if (r == 0)
        is_late = wait_for(of_transfer(t), h->device->context, timeout);
    usb_unlock();
    if (have != NULL)
        *have = t->actual_length;
    if (r == 0)
        r = outcome(t, is_late);
    libusb_free_transfer(t);
    return r;
}

int libusb_handle_events_timeout(libusb_context *context, struct timeval *tv)
{
    return libusb_handle_events_timeout_completed(context, tv, NULL);
}

int libusb_handle_events_completed(libusb_context *context, int *done)
{
    struct timeval minute = { .tv_sec = 60 }; /* as libusb */

    return libusb_handle_events_timeout_completed(context, &minute, done);
}

int libusb_handle_events(libusb_context *context)
{
    return libusb_handle_events_completed(context, NULL);
}

/* librtlsdr looks whether it comes zeroed. */
unsigned char *libusb_dev_mem_alloc(libusb_device_handle *h, size_t n)
{
    (void)h;
    return calloc(1, n);
}

int libusb_dev_mem_free(libusb_device_handle *h, unsigned char *p, size_t n)
{
    (void)h;
    (void)n;
    free(p);
    return 0;
}
