/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/dongle/rtl2832.h"

#include <string.h>

/* The upper byte of wIndex. */
enum block { BLOCK_DEMOD, BLOCK_USB, BLOCK_SYS, BLOCK_I2C = 6 };

enum {
    USB_BASE = 0x2000,
    USB_EPA_CTL = 0x2148, /* two bytes; 0x10 0x02 holds and empties the FIFO */
    SYS_BASE = 0x3000,
    SYS_DEMOD_CTL = 0x3000, /* bit 7 PLL, bit 6 the I converter */
    SYS_GPO = 0x3001,
    SYS_GPOE = 0x3003,
    I2C_EEPROM = 0xa0, /* on the chip's own bus, not behind the repeater */
    I2C_R820T = 0x34,
    I2C_R828D = 0x74,
};

/* Both a length, 3 and UTF-16; they follow each other from byte 9 on. */
static size_t put_string(uint8_t *eeprom, size_t at, const char *text)
{
    size_t n = strlen(text);

    if (at + 2 + 2 * n > 256)
        n = (254 - at) / 2;
    eeprom[at] = (uint8_t)(2 + 2 * n);
    eeprom[at + 1] = 3;
    for (size_t i = 0; i < n; i++) {
        eeprom[at + 2 + 2 * i] = (uint8_t)text[i];
        eeprom[at + 3 + 2 * i] = 0;
    }
    return at + 2 + 2 * n;
}

/* As rtl_eeprom shows it: 0x28 0x32, ids, 0xa5 for "has a serial number". */
static void burn(struct rtl2832 *r)
{
    const uint8_t head[9] = { 0x28,
                              0x32,
                              (uint8_t)(r->cfg.vid & 255),
                              (uint8_t)(r->cfg.vid >> 8),
                              (uint8_t)(r->cfg.pid & 255),
                              (uint8_t)(r->cfg.pid >> 8),
                              0xa5,
                              0x16,
                              0x02 };
    size_t at = sizeof head;

    memset(r->eeprom, 0xff, sizeof r->eeprom);
    memcpy(r->eeprom, head, sizeof head);
    at = put_string(r->eeprom, at, r->cfg.manufacturer);
    at = put_string(r->eeprom, at, r->cfg.product);
    put_string(r->eeprom, at, r->cfg.serial);
}

void rtl2832_init(struct rtl2832 *r, const struct rtl2832_cfg *cfg)
{
    *r = (struct rtl2832){ .cfg = *cfg };
    r82xx_init(&r->tuner, &cfg->tuner);
    burn(r);
    r->usb[USB_EPA_CTL - USB_BASE] = 0x10;
    r->usb[USB_EPA_CTL - USB_BASE + 1] = 0x02;
}

static bool is_tuner_there(const struct rtl2832 *r, uint16_t address)
{
    bool is_through = (r->demod[1][0x01] & 0x08) != 0; /* the repeater */

    return is_through &&
           address == (r->cfg.tuner.is_r828d ? I2C_R828D : I2C_R820T);
}

static int read_i2c(struct rtl2832 *r, uint16_t address, uint8_t *data,
                    size_t n)
{
    if (address == I2C_EEPROM) {
        for (size_t i = 0; i < n; i++)
            data[i] = r->eeprom[r->eeprom_at++];
    } else if (is_tuner_there(r, address)) {
        r82xx_read(&r->tuner, data, n);
    } else {
        return RTL2832_STALL;
    }
    return (int)n;
}

static int write_i2c(struct rtl2832 *r, uint16_t address, const uint8_t *data,
                     size_t n)
{
    if (address == I2C_EEPROM) {
        r->eeprom_at = n > 0 ? data[0] : 0;
        for (size_t i = 1; i < n; i++)
            r->eeprom[r->eeprom_at++] = data[i];
    } else if (is_tuner_there(r, address)) {
        r82xx_write(&r->tuner, data, n);
    } else {
        return RTL2832_STALL;
    }
    return (int)n;
}

/* The register a request begins with, and how many follow it; NULL where
 * there is none. */
static uint8_t *find(struct rtl2832 *r, uint16_t value, uint16_t index,
                     size_t *room)
{
    size_t base = 0, size = 256, at = value;
    uint8_t *all = NULL;

    switch (index >> 8) {
    case BLOCK_DEMOD:
        all = r->demod[index & 15];
        at = value >> 8;
        break;
    case BLOCK_USB:
        all = r->usb;
        base = USB_BASE;
        size = sizeof r->usb;
        break;
    case BLOCK_SYS:
        all = r->sys;
        base = SYS_BASE;
        size = sizeof r->sys;
        break;
    default:
        return NULL;
    }
    if (at < base || at >= base + size)
        return NULL;
    *room = base + size - at;
    return all + (at - base);
}

int rtl2832_read(struct rtl2832 *r, uint16_t value, uint16_t index,
                 uint8_t *data, size_t n)
{
    size_t room = 0;

    if (index >> 8 == BLOCK_I2C)
        return read_i2c(r, value, data, n);
    const uint8_t *from = find(r, value, index, &room);
    if (from == NULL || n > room)
        return RTL2832_STALL;
    memcpy(data, from, n);
    return (int)n;
}

int rtl2832_write(struct rtl2832 *r, uint16_t value, uint16_t index,
                  const uint8_t *data, size_t n)
{
    size_t room = 0;

    if (index >> 8 == BLOCK_I2C)
        return write_i2c(r, value, data, n);
    uint8_t *to = find(r, value, index, &room);
    if (to == NULL || n > room)
        return RTL2832_STALL;
    memcpy(to, data, n);
    return (int)n;
}

/* librtlsdr writes a tuner's registers between opening and closing the
 * repeater, a ratio before the trim and a reset, and each number of several
 * bytes in one order. */
bool rtl2832_is_settled_by(uint16_t value, uint16_t index)
{
    unsigned address = value >> 8;

    if (index >> 8 != BLOCK_DEMOD)
        return index >> 8 == BLOCK_SYS || index >> 8 == BLOCK_USB;
    if ((index & 15) == 0)
        return address == 0x19;                       /* mode */
    return (index & 15) == 1 && (address == 0x01      /* repeater, reset */
                                 || address == 0x15   /* mirror */
                                 || address == 0x1b   /* last of the IF */
                                 || address == 0x3e); /* last of the trim */
}

static double true_hz(const struct rtl2832 *r, double nominal_hz)
{
    return nominal_hz * (1.0 + r->cfg.ppm * 1e-6);
}

/* xtal 2^22 / ratio; of the ratio's 28 bits the highest counts twice and the
 * lowest two not. The trim is 14 bits, signed, in 2^-24. */
double rtl2832_rate_hz(const struct rtl2832 *r)
{
    const uint8_t *p = r->demod[1];
    uint32_t ratio = (uint32_t)p[0x9f] << 24 | (uint32_t)p[0xa0] << 16 |
                     (uint32_t)p[0xa1] << 8 | p[0xa2];
    int trim = (p[0x3e] & 0x3f) << 8 | p[0x3f];

    ratio &= 0x0ffffffc;
    ratio |= (ratio & 0x08000000) << 1;
    if (trim >= 1 << 13)
        trim -= 1 << 14;
    if (ratio == 0)
        return 0.0;
    return true_hz(r, RTL2832_XTAL_HZ) * 0x1p22 / ratio *
           (1.0 + trim * 0x1p-24);
}

/* The oscillator is above the wanted signal, which is then mirrored and at
 * the IF; the down converter shifts by its own register, 22 bits, signed. */
double rtl2832_nominal_hz(const struct rtl2832 *r)
{
    const uint8_t *p = r->demod[1];
    int32_t shift = (p[0x19] & 0x3f) << 16 | p[0x1a] << 8 | p[0x1b];

    if (shift >= 1 << 21)
        shift -= 1 << 22;
    return r82xx_lo_hz(&r->tuner) + shift * RTL2832_XTAL_HZ * 0x1p-22;
}

double rtl2832_centre_hz(const struct rtl2832 *r)
{
    return true_hz(r, rtl2832_nominal_hz(r));
}

bool rtl2832_is_mirrored(const struct rtl2832 *r)
{
    return (r->demod[1][0x15] & 1) == 0;
}

/* Bit 2 of the mode is samples, bit 1 the counter; bit 5 the AGC. */
bool rtl2832_is_counting(const struct rtl2832 *r)
{
    return (r->demod[0][0x19] & 0x06) == 0x02;
}

bool rtl2832_has_agc(const struct rtl2832 *r)
{
    return (r->demod[0][0x19] & 0x20) != 0;
}

bool rtl2832_is_streaming(const struct rtl2832 *r)
{
    const uint8_t *control = r->usb + (USB_EPA_CTL - USB_BASE);
    uint8_t power = r->sys[SYS_DEMOD_CTL - SYS_BASE];

    return control[0] == 0 && control[1] == 0 && (power & 0xc0) == 0xc0;
}

bool rtl2832_is_biased(const struct rtl2832 *r)
{
    return (r->sys[SYS_GPO - SYS_BASE] & r->sys[SYS_GPOE - SYS_BASE] & 1) != 0;
}
