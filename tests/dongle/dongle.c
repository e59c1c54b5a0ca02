/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/dongle/dongle.h"

#include <inttypes.h>
#include <string.h>

#include "tests/dongle/journal.h"

#define GONE -4 /* LIBUSB_ERROR_NO_DEVICE */

/* A real one follows the level; this one is the same for all. */
static const double agc_db = 6.0;

void dongle_init(struct dongle *d, const struct dongle_cfg *cfg,
                 const struct air_cfg *air)
{
    memset(d, 0, sizeof *d);
    d->cfg = *cfg;
    d->cfg.stream.journal = journal;
    d->cfg.stream.journal_to = d->cfg.serial;
    d->is_driver_active = cfg->driver != DRIVER_NONE;
    d->told.gain_db = -1e3;
    const struct rtl2832_cfg chip = { .ppm = cfg->ppm,
                                      .tuner = cfg->tuner,
                                      .vid = cfg->vid,
                                      .pid = cfg->pid,
                                      .manufacturer = d->cfg.manufacturer,
                                      .product = d->cfg.product,
                                      .serial = d->cfg.serial };
    rtl2832_init(&d->chip, &chip);
    air_init(&d->air, air);
    stream_init(&d->stream, &d->cfg.stream, &d->air);
}

static void tell(struct dongle *d, uint64_t at)
{
    const struct rtl2832 *c = &d->chip;
    double rate_hz = rtl2832_rate_hz(c), nominal_hz = rtl2832_nominal_hz(c);
    double gain_db = r82xx_gain_db(&c->tuner);
    void *to = d->cfg.serial;

    if (rate_hz != d->told.rate_hz)
        journal(to, "rate hz=%.1f sample=%" PRIu64, rate_hz, at);
    /* Before the first tuning there is nothing to tell. */
    if (nominal_hz != d->told.nominal_hz && c->tuner.reg[0x14] != 0)
        journal(to, "tuned hz=%.0f true_hz=%.0f sample=%" PRIu64, nominal_hz,
                rtl2832_centre_hz(c), at);
    if (gain_db != d->told.gain_db && c->tuner.reg[0x14] != 0)
        journal(to, "gain db=%.1f sample=%" PRIu64, gain_db, at);
    if (rtl2832_has_agc(c) != d->told.has_agc)
        journal(to, "agc %s sample=%" PRIu64, rtl2832_has_agc(c) ? "on" : "off",
                at);
    if (rtl2832_is_counting(c) != d->told.is_counting)
        journal(to, "testmode %s sample=%" PRIu64,
                rtl2832_is_counting(c) ? "on" : "off", at);
    if (rtl2832_is_biased(c) != d->told.is_biased)
        journal(to, "bias %s sample=%" PRIu64,
                rtl2832_is_biased(c) ? "on" : "off", at);
    d->told.rate_hz = rate_hz;
    d->told.nominal_hz = nominal_hz;
    if (c->tuner.reg[0x14] != 0)
        d->told.gain_db = gain_db;
    d->told.has_agc = rtl2832_has_agc(c);
    d->told.is_counting = rtl2832_is_counting(c);
    d->told.is_biased = rtl2832_is_biased(c);
}

static void settle(struct dongle *d, int64_t now_ns)
{
    const struct rtl2832 *c = &d->chip;
    const struct tuning tuning = {
        .rate_hz = rtl2832_rate_hz(c),
        .centre_hz = rtl2832_centre_hz(c),
        .xtal_hz = RTL2832_XTAL_HZ * (1.0 + d->cfg.ppm * 1e-6),
        .gain_db =
            r82xx_gain_db(&c->tuner) + (rtl2832_has_agc(c) ? agc_db : 0.0),
        .is_mirrored = rtl2832_is_mirrored(c),
        .is_counting = rtl2832_is_counting(c),
    };

    stream_set(&d->stream, rtl2832_is_streaming(c), &tuning, now_ns);
    tell(d, stream_position(&d->stream, now_ns));
}

int dongle_control(struct dongle *d, bool is_read, uint16_t value,
                   uint16_t index, uint8_t *data, uint16_t n, int64_t now_ns)
{
    if (d->stream.is_unplugged)
        return GONE;
    if (is_read)
        return rtl2832_read(&d->chip, value, index, data, n);
    int r = rtl2832_write(&d->chip, value, index, data, n);
    if (r >= 0 && rtl2832_is_settled_by(value, index))
        settle(d, now_ns);
    return r;
}
