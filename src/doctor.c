/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/doctor.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/convert.h"
#include "dsp/quantile.h"
#include "dsp/spectrum.h"
#include "src/live.h"
#include "src/source.h"
#include "src/source_rtlsdr.h"

enum { BLOCK = 16384, BINS = 4096, TEXT_MAX = 400, DONGLES_MAX = 16 };

#define STREAM_SECONDS 5.0
#define BAND_SECONDS   0.5
/* An 8-bit converter's own noise: two rails of 1/12 of a step squared, a step
 * being 1/127.5, is -49.9 dBFS. Less is a converter that stands still. */
#define DEAD_DBFS -55.0
/* More than this without a fob is a transmitter nearby, or too much gain. */
#define LOUD_DBFS     -12.0
#define CLIPPED_SHARE 1e-3
/* Each dongle hears the harmonics of its own crystal, 28.8 MHz (the RTL2832U's):
 * exactly there, for the tuner counts by the same crystal. */
#define CRYSTAL_HARMONIC_HZ 432.0e6
/* librtlsdr tunes some hundred hertz beside what it is asked for. */
#define HARMONIC_NEAR_HZ 1e3
/* The highest of some bins of noise, a mean of 30 spectra and more, is 3 dB over
 * the middle of all. */
#define HARMONIC_DB 8.0

struct doctor {
    const struct options *options;
    const struct doctor_sink *sink;
    const volatile sig_atomic_t *stop;
    struct source *source;
    enum status status;
    uint64_t received, lost; /* samples, in all */
    bool is_slow;            /* they came so */
    uint8_t raw[2 * BLOCK];
    iq samples[BLOCK];
    float row[BINS]; /* power, for check_pll */
};

/* What some samples are like. */
struct signal {
    uint64_t samples, clipped;
    double power, mean_i, mean_q; /* sums */
};

static void __attribute__((format(printf, 5, 6)))
say(struct doctor *d, const char *name, enum doctor_status status,
    const char *command, const char *format, ...)
{
    char text[TEXT_MAX];
    struct err clean;
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    err_set(&clean, 0, "%s", text); /* a dongle's strings are hostile */
    if (status == DOCTOR_FAULT && d->status == STATUS_OK)
        d->status = STATUS_FAULT;
    d->sink->check(d->sink->user, &(struct doctor_check){
                                      .name = name,
                                      .status = status,
                                      .text = clean.text,
                                      .command = command,
                                  });
}

static void busy(const struct doctor *d, const char *text)
{
    if (d->sink->busy != NULL)
        d->sink->busy(d->sink->user, text);
}

/* A sentence of a source: "cause; run: command". */
static void say_fault(struct doctor *d, const char *name, const struct err *e)
{
    static const char mark[] = "; run: ";
    char text[sizeof e->text];
    const char *command = "";
    char *split;

    snprintf(text, sizeof text, "%s", e->text);
    split = strstr(text, mark);
    if (split != NULL) {
        *split = '\0';
        command = split + sizeof mark - 1;
    }
    say(d, name, DOCTOR_FAULT, command, "%s", text);
}

/* On this computer, not behind a server. */
static bool is_dongle(const struct doctor *d)
{
    const char *device = d->options->device;

    return device == NULL ||
           (source_is_device(device) && !source_is_rtltcp(device));
}

static void check_library(struct doctor *d)
{
    const char *path = source_rtlsdr_library();

    if (strncmp(path, "/usr/local/", 11) == 0)
        say(d, "library", DOCTOR_NOTE, "",
            "%s: built by hand, used in place of the system's", path);
    else
        say(d, "library", DOCTOR_OK, "", "%s", path);
}

static void check_dongles(struct doctor *d)
{
    struct rtlsdr_dongle list[DONGLES_MAX];
    const size_t n = source_rtlsdr_list(list, DONGLES_MAX);

    for (size_t i = 0; i < n && i < DONGLES_MAX; i++) {
        const struct rtlsdr_dongle *x = &list[i];

        if (x->is_readable)
            say(d, "dongle", DOCTOR_OK, "", "%zu: %s %s, serial %s", i,
                x->manufacturer, x->product, x->serial);
        else
            say(d, "dongle", DOCTOR_NOTE, "",
                "%zu: %s; its name cannot be read", i, x->name);
    }
}

static bool open_source(struct doctor *d)
{
    const struct options *o = d->options;
    const char *device = o->device != NULL ? o->device : "0";
    const struct source_tuning t = {
        .rate_hz = o->rate_hz > 0 ? o->rate_hz : LIVE_RATE_HZ,
        .centre_hz = CRYSTAL_HARMONIC_HZ,
        .gain_db = isnan(o->gain_db) ? LIVE_GAIN_DB : o->gain_db,
        .ppm = o->ppm,
        .stop = d->stop,
    };
    const struct source_info *info;
    struct err e = { "" };

    if (!source_is_device(device)) {
        err_set(&e, -EINVAL, "%s: is a recording, not a receiver", device);
        say_fault(d, "receiver", &e);
        d->status = STATUS_INPUT;
        return false;
    }
    if (source_open_device(&d->source, device, &t, &e) < 0) {
        if (*d->stop)
            return false;
        say_fault(d, "receiver", &e);
        d->status = STATUS_INPUT;
        return false;
    }
    info = source_info(d->source);
    say(d, "receiver", DOCTOR_OK, "", "%s%s opens, %.6g kS/s, gain %.1f dB",
        is_dongle(d) ? "dongle " : "", source_name(d->source),
        info->rate_hz / 1e3, info->gain_db);
    return true;
}

static void count(struct doctor *d, size_t n)
{
    const struct source_gap gap = source_gap(d->source);

    d->received += n;
    d->lost += gap.lost + gap.late;
    d->is_slow |= gap.is_slow;
}

/* What is known only when nothing more comes. */
static void drain(struct doctor *d)
{
    ssize_t n;

    source_stop(d->source);
    while ((n = source_read(d->source, d->raw, BLOCK, NULL)) > 0 || n == -EINTR)
        count(d, n > 0 ? (size_t)n : 0);
    count(d, 0);
}

static void measure(const struct doctor *d, struct signal *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const float re = crealf(d->samples[i]), im = cimagf(d->samples[i]);

        s->power += (double)(re * re + im * im);
        s->mean_i += (double)re;
        s->mean_q += (double)im;
    }
    s->samples += n;
    s->clipped += convert_count_clipped(SAMPLE_CU8, d->raw, n);
}

/* Adds n samples to the row, a block whenever one is full; *fill of the next is
 * there already. */
static void transform(struct doctor *d, struct spectrum *spectrum, size_t n,
                      size_t *fill)
{
    for (size_t at = 0; at < n;) {
        const size_t k = n - at < BINS - *fill ? n - at : BINS - *fill;

        memcpy(spectrum_input(spectrum) + *fill, d->samples + at,
               k * sizeof *d->samples);
        at += k;
        *fill += k;
        if (*fill < BINS)
            continue;
        spectrum_add(spectrum, d->row);
        *fill = 0;
    }
}

/* So many seconds of samples, into s, and through spectrum into the row unless
 * that is NULL. False: they stopped coming, which was said. */
static bool receive(struct doctor *d, const char *name, double seconds,
                    struct signal *s, struct spectrum *spectrum)
{
    const uint64_t want = (uint64_t)(seconds * source_info(d->source)->rate_hz);
    struct err e = { "" };
    size_t fill = 0;

    *s = (struct signal){ 0 };
    while (s->samples < want && !*d->stop) {
        const ssize_t n = source_read(d->source, d->raw, BLOCK, &e);

        count(d, n > 0 ? (size_t)n : 0);
        if (n <= 0 && n != -EINTR) {
            say_fault(d, name, &e);
            d->status = STATUS_INPUT;
            return false;
        }
        if (n <= 0)
            continue;
        convert_to_iq(SAMPLE_CU8, d->raw, (size_t)n, d->samples);
        measure(d, s, (size_t)n);
        if (spectrum != NULL)
            transform(d, spectrum, (size_t)n, &fill);
    }
    return !*d->stop;
}

/* Last: what was lost is known for sure only at the end, and losses of all the
 * checks before count too. */
static void check_stream(struct doctor *d)
{
    const double rate = source_info(d->source)->rate_hz;
    const double lower_hz = rate > 1.1e6 ? 1.024e6 : 250e3;
    struct signal s;
    char command[64];

    busy(d, "receiving for five seconds");
    if (!receive(d, "stream", STREAM_SECONDS, &s, NULL))
        return;
    drain(d);
    if (d->lost == 0 && d->is_slow) {
        say(d, "stream", DOCTOR_NOTE, "",
            "%.1f s: samples come more slowly than time passes: the server or "
            "the network may lose some all the time",
            (double)d->received / rate);
        return;
    }
    if (d->lost == 0) {
        say(d, "stream", DOCTOR_OK, "", "%.1f s, %.0f samples, none lost",
            (double)d->received / rate, (double)d->received);
        return;
    }
    snprintf(command, sizeof command, "fobscope doctor --rate %.6gM",
             lower_hz / 1e6);
    say(d, "stream", DOCTOR_FAULT, rate > 300e3 ? command : "sudo dmesg | tail",
        "%.0f of %.0f samples lost in %.1f s: another USB socket, no hub, or a "
        "lower rate may help",
        (double)d->lost, (double)(d->received + d->lost),
        (double)(d->received + d->lost) / rate);
    d->status = STATUS_LOST;
}

static double noise_dbfs(const struct signal *s)
{
    const double n = (double)s->samples;
    const double i = s->mean_i / n, q = s->mean_q / n;

    return 10 * log10(fmax(s->power / n - i * i - q * q, 1e-12));
}

static void judge_band(struct doctor *d, double hz, const struct signal *s,
                       bool is_locked)
{
    const double level = noise_dbfs(s);
    const double clipped = (double)s->clipped / (double)s->samples;
    const double mhz = hz / 1e6;

    if (!is_locked)
        say(d, "band", DOCTOR_FAULT, "fobscope doctor",
            "%.6g MHz: the tuner's PLL does not lock: try once more when it is "
            "warm",
            mhz);
    else if (level < DEAD_DBFS)
        say(d, "band", DOCTOR_FAULT, "rtl_test -t",
            "%.6g MHz: not even noise, %.0f dBFS: the receiver is deaf", mhz,
            level);
    else if (clipped > CLIPPED_SHARE)
        say(d, "band", DOCTOR_FAULT, "fobscope doctor --gain 10",
            "%.6g MHz: too strong, %.1f %% of samples clipped: a transmitter "
            "is near, or the antenna long",
            mhz, 100 * clipped);
    else if (level > LOUD_DBFS)
        say(d, "band", DOCTOR_NOTE, "",
            "%.6g MHz: noise %.1f dBFS is loud: weak fobs will not be heard",
            mhz, level);
    else
        say(d, "band", DOCTOR_OK, "", "%.6g MHz: noise %.1f dBFS, no clipping",
            mhz, level);
}

static bool check_bands(struct doctor *d)
{
    struct options all = *d->options;

    options_all_bands(&all);
    busy(d, "listening to each band");
    for (size_t i = 0; i < all.n_bands; i++) {
        struct err e = { "" };
        struct signal s;

        if (source_tune(d->source, all.band_hz[i], &e) < 0) {
            say_fault(d, "band", &e);
            continue;
        }
        const bool is_locked = source_warning(d->source) == NULL;

        if (!receive(d, "band", BAND_SECONDS, &s, NULL))
            return false;
        judge_band(d, all.band_hz[i], &s, is_locked);
    }
    return true;
}

/* How far the strongest bin near the crystal's harmonic is over the middle of
 * all bins, in decibels. row is rearranged. */
static double harmonic_db(float *row, double rate_hz)
{
    const double bin_hz = rate_hz / BINS;
    const size_t bin =
        (size_t)lround(live_offset_hz(rate_hz) / bin_hz) + BINS / 2;
    const size_t near = (size_t)ceil(HARMONIC_NEAR_HZ / bin_hz);
    float peak = 0;

    for (size_t i = bin - near; i <= bin + near; i++)
        peak = fmaxf(peak, row[i]);
    return 10 *
           log10((double)peak /
                 fmax((double)quantile_select(row, BINS, BINS / 2), 1e-30));
}

/* The library may believe the tuner's word where its PLL has locked to another
 * frequency: what the crystal sends cannot. */
static bool check_pll(struct doctor *d)
{
    const double rate = source_info(d->source)->rate_hz;
    struct spectrum spectrum = { 0 };
    struct err e = { "" };
    struct signal s;
    bool is_done;
    double db;

    if (source_tune(d->source, CRYSTAL_HARMONIC_HZ - live_offset_hz(rate), &e) <
        0) {
        say_fault(d, "pll", &e);
        return true;
    }
    if (spectrum_init(&spectrum, BINS) < 0) {
        say(d, "pll", DOCTOR_NOTE, "", "not looked at: out of memory");
        return true;
    }
    is_done = receive(d, "pll", BAND_SECONDS, &s, &spectrum);
    spectrum_finish(&spectrum);
    if (!is_done)
        return false;
    db = harmonic_db(d->row, rate);
    if (db >= HARMONIC_DB)
        say(d, "pll", DOCTOR_OK, "",
            "the crystal's harmonic is at %.6g MHz as it should be, %.0f dB",
            CRYSTAL_HARMONIC_HZ / 1e6, db);
    else
        say(d, "pll", DOCTOR_NOTE, "",
            "the crystal's harmonic is not heard at %.6g MHz: the tuner may be "
            "on another frequency; a fob that works will tell",
            CRYSTAL_HARMONIC_HZ / 1e6);
    return true;
}

static void skip(struct doctor *d, const char *const names[])
{
    for (size_t i = 0; names[i] != NULL && !*d->stop; i++)
        say(d, names[i], DOCTOR_SKIPPED, "", "not reached");
}

/* Nothing further can be known after a check that ends in false. */
static void check_signal(struct doctor *d)
{
    static const char *const all[] = { "band", "pll", "stream", NULL };

    if (!open_source(d))
        skip(d, all);
    else if (!check_bands(d))
        skip(d, all + 1);
    else if (!check_pll(d))
        skip(d, all + 2);
    else
        check_stream(d);
}

enum status doctor_run(const struct options *o, const struct doctor_sink *sink,
                       const volatile sig_atomic_t *stop)
{
    struct doctor *d = calloc(1, sizeof *d);
    enum status status;

    if (d == NULL)
        return STATUS_INPUT;
    d->options = o;
    d->sink = sink;
    d->stop = stop;
    if (is_dongle(d)) {
        check_library(d);
        check_dongles(d);
    }
    check_signal(d);
    source_close(d->source);
    status = *stop ? STATUS_INTERRUPTED : d->status;
    free(d);
    return status;
}
