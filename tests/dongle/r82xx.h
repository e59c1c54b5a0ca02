/* r82xx - the registers of a Rafael Micro R820T or R828D tuner.
 *
 *   in      I2C messages as a driver sends them
 *   out     answers, and what the registers make of the signal
 *
 * What registers mean: R820T register description (Rafael Micro, 2012), and
 * what librtlsdr and the Linux driver r820t write into them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_DONGLE_R82XX_H
#define TESTS_DONGLE_R82XX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define R82XX_REGISTERS 32

/* Levels of a scenario are meant for this gain. */
#define R82XX_REFERENCE_DB 28.0

enum r82xx_lock {
    R82XX_LOCK_YES,
    R82XX_LOCK_NEVER, /* says so, and is elsewhere */
    R82XX_LOCK_WRONG, /* says that it is locked, and is elsewhere */
};

struct r82xx_cfg {
    bool is_r828d;
    double xtal_hz; /* nominal, of this dongle */
    enum r82xx_lock lock;
};

struct r82xx {
    struct r82xx_cfg cfg;
    uint8_t reg[R82XX_REGISTERS];
};

void r82xx_init(struct r82xx *t, const struct r82xx_cfg *cfg);

/* A message: the first register, then its value and those of the next. */
void r82xx_write(struct r82xx *t, const uint8_t *data, size_t n);

/* Always from register 0 on, lowest bit first. */
void r82xx_read(const struct r82xx *t, uint8_t *data, size_t n);

double r82xx_lo_hz(const struct r82xx *t);

/* As librtlsdr counts: 28.0 for a setting of 28.0 dB. */
double r82xx_gain_db(const struct r82xx *t);

#endif
