/* dongle - one emulated dongle: its chip, its antenna, its samples.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_DONGLE_DONGLE_H
#define TESTS_DONGLE_DONGLE_H

#include "tests/dongle/air.h"
#include "tests/dongle/rtl2832.h"
#include "tests/dongle/stream.h"

enum dongle_driver { DRIVER_NONE, DRIVER_BOUND, DRIVER_STUCK };

struct dongle_cfg {
    char manufacturer[64], product[64], serial[64];
    double ppm;
    struct r82xx_cfg tuner;
    uint16_t vid, pid;
    int open_error, claim_error; /* libusb's; 0: none */
    enum dongle_driver driver;
    struct stream_cfg stream;
};

struct dongle {
    struct dongle_cfg cfg;
    struct rtl2832 chip;
    struct air air;
    struct stream stream;
    bool is_driver_active, is_claimed;
    const void *context; /* of libusb, of the one who claimed it */
    struct {             /* as last written into the journal */
        double rate_hz, nominal_hz, gain_db;
        bool has_agc, is_biased, is_counting;
    } told;
};

void dongle_init(struct dongle *d, const struct dongle_cfg *cfg,
                 const struct air_cfg *air);

/* A vendor request: how many bytes, or a negative error of libusb. */
int dongle_control(struct dongle *d, bool is_read, uint16_t value,
                   uint16_t index, uint8_t *data, uint16_t n, int64_t now_ns);

#endif
