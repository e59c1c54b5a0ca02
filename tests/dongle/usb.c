/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/dongle/usb.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/dongle/journal.h"
#include "tests/dongle/script.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct libusb_context default_context;
static struct dongle *all[SCRIPT_DONGLES];
static size_t n_all;

static void load(void)
{
    const char *path = getenv("FOBSCOPE_DONGLE");
    FILE *f = path != NULL ? fopen(path, "r") : NULL;
    static struct script script; /* what is on the air stays in it */
    char why[256];
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attr);
    pthread_condattr_destroy(&attr);
    if (f == NULL)
        return;
    unsigned line = script_read(&script, f, why, sizeof why);
    fclose(f);
    if (line > 0) {
        fprintf(stderr, "%s:%u: %s\n", path, line, why);
        _exit(99);
    }
    for (; n_all < script.n_dongles; n_all++) {
        struct air_cfg air = script.air;
        air.seed += n_all << 32; /* each has noise of its own */
        all[n_all] = calloc(1, sizeof *all[n_all]);
        if (all[n_all] == NULL)
            abort();
        dongle_init(all[n_all], &script.dongle[n_all], &air);
    }
}

size_t usb_dongles(struct dongle ***dongles)
{
    pthread_once(&once, load);
    *dongles = all;
    return n_all;
}

void usb_lock(void)
{
    pthread_once(&once, load);
    pthread_mutex_lock(&mutex);
}

void usb_unlock(void)
{
    pthread_mutex_unlock(&mutex);
}

void usb_wake(void)
{
    pthread_cond_broadcast(&changed);
}

void usb_wait(int64_t until_ns)
{
    const struct timespec t = { .tv_sec = until_ns / 1000000000,
                                .tv_nsec = until_ns % 1000000000 };

    pthread_cond_timedwait(&changed, &mutex, &t);
}

int64_t usb_now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

const struct libusb_context *usb_context(const struct libusb_context *given)
{
    return given != NULL ? given : &default_context;
}

int libusb_init(libusb_context **context)
{
    pthread_once(&once, load);
    if (context == NULL)
        return 0;
    *context = calloc(1, sizeof **context);
    return *context != NULL ? 0 : LIBUSB_ERROR_NO_MEM;
}

void libusb_exit(libusb_context *context)
{
    free(context);
}

libusb_device *libusb_ref_device(libusb_device *device)
{
    usb_lock();
    device->users++;
    usb_unlock();
    return device;
}

void libusb_unref_device(libusb_device *device)
{
    usb_lock();
    bool is_last = --device->users == 0;
    usb_unlock();
    if (is_last)
        free(device);
}

ssize_t libusb_get_device_list(libusb_context *context, libusb_device ***list)
{
    size_t n = 0;

    usb_lock();
    *list = calloc(n_all + 1, sizeof **list);
    for (size_t i = 0; *list != NULL && i < n_all; i++) {
        struct libusb_device *device = calloc(1, sizeof *device);
        if (all[i]->stream.is_unplugged || device == NULL) {
            free(device);
            continue;
        }
        device->dongle = all[i];
        device->context = usb_context(context);
        device->number = (unsigned)i;
        device->users = 1;
        (*list)[n++] = device;
    }
    usb_unlock();
    return *list != NULL ? (ssize_t)n : LIBUSB_ERROR_NO_MEM;
}

void libusb_free_device_list(libusb_device **list, int has_to_unref)
{
    for (size_t i = 0; list != NULL && has_to_unref && list[i] != NULL; i++)
        libusb_unref_device(list[i]);
    free(list);
}

int libusb_get_device_descriptor(libusb_device *device,
                                 struct libusb_device_descriptor *to)
{
    const struct dongle_cfg *cfg = &device->dongle->cfg;

    *to = (struct libusb_device_descriptor){
        .bLength = LIBUSB_DT_DEVICE_SIZE,
        .bDescriptorType = LIBUSB_DT_DEVICE,
        .bcdUSB = 0x0200,
        .bMaxPacketSize0 = 64,
        .idVendor = cfg->vid,
        .idProduct = cfg->pid,
        .bcdDevice = 0x0100,
        .iManufacturer = cfg->manufacturer[0] != '\0' ? 1 : 0,
        .iProduct = cfg->product[0] != '\0' ? 2 : 0,
        .iSerialNumber = cfg->serial[0] != '\0' ? 3 : 0,
        .bNumConfigurations = 1,
    };
    return 0;
}

int libusb_get_string_descriptor_ascii(libusb_device_handle *h, uint8_t index,
                                       unsigned char *data, int room)
{
    const struct dongle_cfg *cfg = &h->device->dongle->cfg;
    const char *const text[] = { NULL, cfg->manufacturer, cfg->product,
                                 cfg->serial };

    if (index == 0 || index >= sizeof text / sizeof *text || room <= 0)
        return LIBUSB_ERROR_INVALID_PARAM;
    int n = snprintf((char *)data, (size_t)room, "%s", text[index]);
    return n < room ? n : room - 1;
}

int libusb_open(libusb_device *device, libusb_device_handle **to)
{
    int r = device->dongle->cfg.open_error;

    usb_lock();
    if (device->dongle->stream.is_unplugged)
        r = LIBUSB_ERROR_NO_DEVICE;
    usb_unlock();
    if (r != 0)
        return r;
    *to = calloc(1, sizeof **to);
    if (*to == NULL)
        return LIBUSB_ERROR_NO_MEM;
    (*to)->device = libusb_ref_device(device);
    return 0;
}

static void release(libusb_device_handle *h)
{
    struct dongle *d = h->device->dongle;

    if (!h->is_claiming)
        return;
    h->is_claiming = d->is_claimed = false;
    journal(d->cfg.serial,
            "closed transfers=%" PRIu64 " samples=%" PRIu64 " cpu_seconds=%.6f",
            d->stream.transfers, d->stream.samples, d->stream.cpu_s);
}

void libusb_close(libusb_device_handle *h)
{
    usb_lock();
    release(h);
    usb_unlock();
    libusb_unref_device(h->device);
    free(h);
}

int libusb_kernel_driver_active(libusb_device_handle *h, int interface)
{
    (void)interface;
    return h->device->dongle->is_driver_active;
}

int libusb_detach_kernel_driver(libusb_device_handle *h, int interface)
{
    struct dongle *d = h->device->dongle;

    (void)interface;
    if (!d->is_driver_active)
        return LIBUSB_ERROR_NOT_FOUND;
    if (d->cfg.driver == DRIVER_STUCK)
        return LIBUSB_ERROR_ACCESS;
    d->is_driver_active = false;
    return 0;
}

int libusb_attach_kernel_driver(libusb_device_handle *h, int interface)
{
    struct dongle *d = h->device->dongle;

    (void)interface;
    if (d->cfg.driver == DRIVER_NONE)
        return LIBUSB_ERROR_NOT_FOUND;
    if (d->is_claimed)
        return LIBUSB_ERROR_BUSY;
    d->is_driver_active = true;
    return 0;
}

int libusb_claim_interface(libusb_device_handle *h, int interface)
{
    struct dongle *d = h->device->dongle;
    int r = d->cfg.claim_error;

    (void)interface;
    usb_lock();
    if (d->stream.is_unplugged)
        r = LIBUSB_ERROR_NO_DEVICE;
    else if (d->is_driver_active || (d->is_claimed && !h->is_claiming))
        r = LIBUSB_ERROR_BUSY;
    if (r == 0) {
        h->is_claiming = d->is_claimed = true;
        d->context = h->device->context;
    }
    usb_unlock();
    return r;
}

int libusb_release_interface(libusb_device_handle *h, int interface)
{
    (void)interface;
    usb_lock();
    release(h);
    usb_unlock();
    return 0;
}

int libusb_control_transfer(libusb_device_handle *h, uint8_t type,
                            uint8_t request, uint16_t value, uint16_t index,
                            unsigned char *data, uint16_t n, unsigned timeout)
{
    (void)timeout;
    if ((type & 0x60) != LIBUSB_REQUEST_TYPE_VENDOR || request != 0)
        return LIBUSB_ERROR_PIPE;
    usb_lock();
    int r = dongle_control(h->device->dongle, (type & LIBUSB_ENDPOINT_IN) != 0,
                           value, index, data, n, usb_now_ns());
    usb_wake();
    usb_unlock();
    return r;
}
