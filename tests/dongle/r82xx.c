/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/dongle/r82xx.h"

#include <string.h>

/* The oscillator runs from 1.77 GHz to twice that; librtlsdr chooses its
 * dividers so. What real chips do beyond is a matter of temperature. */
static const double vco_min_hz = 1.75e9, vco_max_hz = 3.6e9;

/* Where it stands when it is not where it ought to be. */
static const double elsewhere_hz = 7.3e6;

/* Gain by setting, in tenths of a decibel: sums of the steps that Steve
 * Markgraf measured at 928 MHz (steve-m.de, rtl-sdr gain_measurement). */
static const int lna_db10[16] = { 0,   9,   22,  62,  100, 113, 144, 166,
                                  192, 223, 249, 263, 282, 287, 322, 335 };
static const int mixer_db10[16] = { 0,   5,   15,  25,  44,  53,  63,  88,
                                    105, 115, 123, 139, 152, 158, 161, 153 };
static const int vga_db10[16] = { -47, -21, 5,   35,  77,  112, 136, 149,
                                  163, 195, 231, 265, 300, 337, 372, 408 };

/* librtlsdr's manual mode leaves the VGA here and does not count it. */
static const int vga_manual = 8;

/* Automatic gain depends on the signal; this one does not. */
static const int automatic_db10 = 150; /* for each of LNA and mixer */

void r82xx_init(struct r82xx *t, const struct r82xx_cfg *cfg)
{
    *t = (struct r82xx){ .cfg = *cfg };
    t->reg[0] = 0x96; /* the chip's number, 0x69 as it comes over the wire */
}

void r82xx_write(struct r82xx *t, const uint8_t *data, size_t n)
{
    /* 0 to 4 can only be read. */
    for (size_t i = 1; i < n; i++) {
        size_t at = data[0] + i - 1;
        if (at > 4 && at < R82XX_REGISTERS)
            t->reg[at] = data[i];
    }
}

/* Frequency of the oscillator as registers 0x10 to 0x16 have it: integer
 * 4 ni + si + 13, fraction of 16 bits unless 0x12 has it off. */
static double vco_hz(const struct r82xx *t)
{
    double n = 4 * (t->reg[0x14] & 0x3f) + (t->reg[0x14] >> 6) + 13;
    double reference_hz = t->cfg.xtal_hz;

    if ((t->reg[0x12] & 0x08) == 0)
        n += (t->reg[0x16] << 8 | t->reg[0x15]) / 65536.0;
    if ((t->reg[0x10] & 0x10) != 0)
        reference_hz /= 2.0;
    return 2.0 * reference_hz * n;
}

static bool is_locked(const struct r82xx *t)
{
    double hz = vco_hz(t);

    switch (t->cfg.lock) {
    case R82XX_LOCK_YES:
        return hz >= vco_min_hz && hz <= vco_max_hz;
    case R82XX_LOCK_NEVER:
        return false;
    case R82XX_LOCK_WRONG:
        return true;
    }
    return false;
}

double r82xx_lo_hz(const struct r82xx *t)
{
    double divider = 2 << (t->reg[0x10] >> 5), hz = vco_hz(t);

    if (hz < vco_min_hz)
        hz = vco_min_hz;
    if (hz > vco_max_hz)
        hz = vco_max_hz;
    hz /= divider;
    return t->cfg.lock == R82XX_LOCK_YES ? hz : hz + elsewhere_hz;
}

static uint8_t reversed(uint8_t x)
{
    unsigned y = 0;

    for (unsigned i = 0; i < 8; i++)
        y |= ((unsigned)x >> i & 1u) << (7 - i);
    return (uint8_t)y;
}

void r82xx_read(const struct r82xx *t, uint8_t *data, size_t n)
{
    uint8_t now[R82XX_REGISTERS];

    memcpy(now, t->reg, sizeof now);
    /* Lock, and the band of the oscillator in its middle: 0x3f would mean
     * that the crystal does not swing. */
    now[2] = (uint8_t)((is_locked(t) ? 0x40 : 0) | 0x20);
    /* Gain that the automatic would take; librtlsdr reads and forgets it. */
    now[3] = 0x88;
    /* The fine tune that calls for no other divider, 2 in the R820T and 1 in
     * the R828D; below it the filter's code, good if neither 0 nor 15. */
    now[4] = (uint8_t)((t->cfg.is_r828d ? 1 : 2) << 4 | 8);
    for (size_t i = 0; i < n; i++)
        data[i] = i < sizeof now ? reversed(now[i]) : 0;
}

double r82xx_gain_db(const struct r82xx *t)
{
    int db10 = vga_db10[t->reg[0x0c] & 15] - vga_db10[vga_manual];

    /* Bit 4: manual in the LNA's register, automatic in the mixer's. */
    db10 += (t->reg[5] & 0x10) != 0 ? lna_db10[t->reg[5] & 15] : automatic_db10;
    db10 +=
        (t->reg[7] & 0x10) == 0 ? mixer_db10[t->reg[7] & 15] : automatic_db10;
    return db10 / 10.0;
}
