/* usb - what the parts of the emulated libusb share.
 *
 *   thread  usb_lock is held around everything but callbacks
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_DONGLE_USB_H
#define TESTS_DONGLE_USB_H

#include <pthread.h>

/* Only libusb's own names leave this library, or they would take the place of
 * names of the program it is loaded into. */
#pragma GCC visibility push(default)
#include <libusb-1.0/libusb.h>
#pragma GCC visibility pop

#include "tests/dongle/dongle.h"

struct libusb_context {
    unsigned users;
};

/* As libusb has them, of one context; all of a dongle share it. */
struct libusb_device {
    struct dongle *dongle;
    const struct libusb_context *context;
    unsigned number, users; /* from 0; handles and lists */
};

struct libusb_device_handle {
    struct libusb_device *device;
    bool is_claiming;
};

/* Reads the scenario the first time; how many dongles it has. */
size_t usb_dongles(struct dongle ***dongles);

void usb_lock(void);
void usb_unlock(void);

/* Something happened that one who waits should look at. */
void usb_wake(void);

/* Waits, unlocked, until then or until usb_wake. */
void usb_wait(int64_t until_ns);

int64_t usb_now_ns(void);

/* NULL is libusb's default context. */
const struct libusb_context *usb_context(const struct libusb_context *given);

#endif
