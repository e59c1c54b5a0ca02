/* rtl2832 - the registers of a Realtek RTL2832U and what is on its I2C bus.
 *
 *   in      vendor requests as librtlsdr sends them
 *   out     answers, and what the registers make of the signal
 *
 * Register numbers: librtlsdr and the Linux driver rtl2832.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_DONGLE_RTL2832_H
#define TESTS_DONGLE_RTL2832_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/dongle/r82xx.h"

#define RTL2832_XTAL_HZ 28.8e6 /* nominal */

struct rtl2832_cfg {
    double ppm; /* of its crystal, and of the tuner's */
    struct r82xx_cfg tuner;
    uint16_t vid, pid;
    const char *manufacturer, *product, *serial; /* for the EEPROM */
};

struct rtl2832 {
    struct rtl2832_cfg cfg;
    uint8_t demod[16][256]; /* by page */
    uint8_t usb[0x200];     /* from 0x2000 on */
    uint8_t sys[0x100];     /* from 0x3000 on */
    uint8_t eeprom[256], eeprom_at;
    struct r82xx tuner;
};

void rtl2832_init(struct rtl2832 *r, const struct rtl2832_cfg *cfg);

/* One request: n, or RTL2832_STALL where nobody answers. */
#define RTL2832_STALL -9 /* LIBUSB_ERROR_PIPE */
int rtl2832_read(struct rtl2832 *r, uint16_t value, uint16_t index,
                 uint8_t *data, size_t n);
int rtl2832_write(struct rtl2832 *r, uint16_t value, uint16_t index,
                  const uint8_t *data, size_t n);

/* True if a write of these ends a group, so that what follows is meant. */
bool rtl2832_is_settled_by(uint16_t value, uint16_t index);

/* Samples a second, ppm included; 0 before a ratio is set. */
double rtl2832_rate_hz(const struct rtl2832 *r);

/* The frequency that comes out at 0 Hz; nominal is without the ppm. */
double rtl2832_centre_hz(const struct rtl2832 *r);
double rtl2832_nominal_hz(const struct rtl2832 *r);

bool rtl2832_is_mirrored(const struct rtl2832 *r);  /* higher is lower */
bool rtl2832_is_counting(const struct rtl2832 *r);  /* test mode */
bool rtl2832_has_agc(const struct rtl2832 *r);      /* its own, digital */
bool rtl2832_is_streaming(const struct rtl2832 *r); /* FIFO not held */
bool rtl2832_is_biased(const struct rtl2832 *r);    /* feeds the antenna */

#endif
