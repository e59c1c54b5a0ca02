/* dongle_fault - why a dongle cannot be used: one cause, one command.
 *
 * Numbers are libusb's, as rtlsdr_open() returns them. Who holds a dongle is
 * read from /sys and /proc, as far as that may be read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_DONGLE_FAULT_H
#define SRC_DONGLE_FAULT_H

struct dongle_fault {
    int code; /* negative errno */
    char cause[240];
    char command[160]; /* "": none helps */
};

/* usb_code < 0. serial: of the dongle, "" where it is not known. root is "" on a
 * real system; tests give another folder. */
void dongle_fault_open(struct dongle_fault *f, int usb_code, const char *serial,
                       const char *root);

/* No dongle is there at all. */
void dongle_fault_none(struct dongle_fault *f, const char *root);

/* A dongle whose library is too old for it; path: of the library. */
void dongle_fault_v4(struct dongle_fault *f, const char *path);

#endif
