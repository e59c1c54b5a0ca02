/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/dongle/script.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/dongle/fob.h"
#include "tests/dongle/play.h"
#include "tests/dongle/words.h"

/* What the chip keeps while nobody asks, as far as librtlsdr's users found. */
#define FIFO_SAMPLES 2048

static void copy(struct words *w, const char *key, char *to, size_t room)
{
    const char *text = words_text(w, key);

    if (text != NULL && strlen(text) >= room)
        words_fault(w, "%s is longer than %zu", key, room - 1);
    else if (text != NULL)
        memcpy(to, text, strlen(text) + 1);
}

static uint16_t id(struct words *w, const char *key, uint16_t usual)
{
    const char *text = words_text(w, key);
    char *end = NULL;

    if (text == NULL)
        return usual;
    unsigned long x = strtoul(text, &end, 16);
    if (*text == '\0' || *end != '\0' || x > 0xffff)
        words_fault(w, "%s=%s: not four hex digits", key, text);
    return (uint16_t)x;
}

static int error(struct words *w, const char *key)
{
    double x = 0.0;

    words_number(w, key, &x);
    if (x > 0.0 || x < -99.0)
        words_fault(w, "%s: an error of libusb is below 0", key);
    return (int)x;
}

/* N:K, and several with commas between them. */
static void drops(struct words *w, struct stream_cfg *cfg)
{
    const char *text = words_text(w, "drop");
    size_t n = 0;

    while (text != NULL) {
        char *end = NULL;
        unsigned long long first = strtoull(text, &end, 10), count = 0;
        if (*end == ':')
            count = strtoull(end + 1, &end, 10);
        if (first == 0 || count == 0 || n == STREAM_DROPS ||
            (*end != ',' && *end != '\0')) {
            words_fault(w, "drop: N:K[,N:K...], %d of them", STREAM_DROPS);
            return;
        }
        cfg->drop[n].first = first;
        cfg->drop[n++].count = count;
        text = *end == ',' ? end + 1 : NULL;
    }
}

static void dongle(struct script *s, struct words *w)
{
    static const char *const tuners[] = { "r820t", "r828d", NULL };
    static const char *const locks[] = { "yes", "never", "wrong", NULL };
    static const char *const drivers[] = { "none", "bound", "stuck", NULL };
    struct dongle_cfg *d = &s->dongle[s->n_dongles];
    unsigned tuner = 0, lock = 0, driver = 0;

    if (s->n_dongles == SCRIPT_DONGLES) {
        words_fault(w, "more than %d dongles", SCRIPT_DONGLES);
        return;
    }
    s->n_dongles++;
    *d = (struct dongle_cfg){ .manufacturer = "Realtek",
                              .product = "RTL2838UHIDIR",
                              .serial = "00000001" };
    copy(w, "manufacturer", d->manufacturer, sizeof d->manufacturer);
    copy(w, "product", d->product, sizeof d->product);
    copy(w, "serial", d->serial, sizeof d->serial);
    d->vid = id(w, "vid", 0x0bda);
    d->pid = id(w, "pid", 0x2838);
    words_number(w, "ppm", &d->ppm);
    words_choice(w, "tuner", tuners, &tuner);
    words_choice(w, "lock", locks, &lock);
    words_choice(w, "driver", drivers, &driver);
    d->tuner.is_r828d = tuner == 1;
    /* A plain R828D has a crystal of its own; librtlsdr 0.6.0 expects it. */
    d->tuner.xtal_hz = d->tuner.is_r828d ? 16e6 : RTL2832_XTAL_HZ;
    words_number(w, "xtal", &d->tuner.xtal_hz);
    d->tuner.lock = (enum r82xx_lock)lock;
    d->driver = (enum dongle_driver)driver;
    d->open_error = error(w, "open");
    d->claim_error = error(w, "claim");
    words_count(w, "unplug", &d->stream.unplug_after);
    words_count(w, "stall", &d->stream.stall_after);
    words_count(w, "error", &d->stream.error);
    drops(w, &d->stream);
}

static void carrier(struct emitter *e, struct words *w)
{
    e->kind = EMITTER_CARRIER;
    e->seconds = INFINITY;
    words_number(w, "for", &e->seconds);
}

/* The whole of a file, kept for ever. */
static uint8_t *slurp(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    uint8_t *p = NULL;
    long size = 0;

    if (f == NULL)
        return NULL;
    if (fseek(f, 0, SEEK_END) == 0)
        size = ftell(f);
    rewind(f);
    if (size > 0)
        p = malloc((size_t)size);
    if (p != NULL && fread(p, 1, (size_t)size, f) != (size_t)size) {
        free(p);
        p = NULL;
    }
    fclose(f);
    *n = (size_t)size;
    return p;
}

static void play(struct emitter *e, struct words *w)
{
    const char *path = words_rest(w);
    size_t n = 0;

    e->kind = EMITTER_PLAY;
    e->level_dbfs = 0.0;
    words_number(w, "gain", &e->level_dbfs);
    if (path == NULL || !play_name(path, &e->format, &e->rate_hz,
                                   e->hz > 0.0 ? &(double){ 0.0 } : &e->hz)) {
        words_fault(w, "play: a file .cu8, .cs16 or .cf32");
        return;
    }
    words_number(w, "rate", &e->rate_hz);
    if (e->rate_hz <= 0.0) {
        words_fault(w, "%s: the name has no rate; give rate=", path);
        return;
    }
    e->bytes = slurp(path, &n);
    if (e->bytes == NULL)
        words_fault(w, "%s: cannot be read", path);
    e->n = n / synth_sample_bytes(e->format);
    e->seconds = (double)e->n / e->rate_hz;
}

static void emitter(struct script *s, struct words *w, const char *item)
{
    struct emitter *e = &s->emitter[s->air.n_emitters];

    if (s->air.n_emitters == SCRIPT_EMITTERS) {
        words_fault(w, "more than %d transmitters", SCRIPT_EMITTERS);
        return;
    }
    *e = (struct emitter){ .level_dbfs = -20.0, .seed = s->air.n_emitters + 1 };
    s->air.n_emitters++;
    words_number(w, "at", &e->at_s);
    words_number(w, "every", &e->every_s);
    words_number(w, "freq", &e->hz);
    words_number(w, "level", &e->level_dbfs);
    if (strcmp(item, "fob") == 0)
        fob_read(e, w);
    else if (strcmp(item, "carrier") == 0)
        carrier(e, w);
    else
        play(e, w);
    if (e->hz <= 0.0)
        words_fault(w, "%s: no freq=", item);
    if (e->every_s > 0.0 && isinf(e->seconds))
        words_fault(w, "%s: every= and no end", item);
}

static void item(struct script *s, struct words *w)
{
    double seed = (double)s->air.seed;
    bool is_setting = words_number(w, "speed", &s->speed);

    is_setting |= words_number(w, "fifo", &s->fifo);
    is_setting |= words_number(w, "seed", &seed);
    s->air.seed = (uint64_t)seed;
    if (s->speed < 0.0 || s->fifo < 0.0 || seed < 0.0)
        words_fault(w, "below 0");
    if (is_setting)
        return;
    const char *name = words_rest(w);
    if (strcmp(name, "noise") == 0)
        words_level(w, "dbfs", &s->air.noise_dbfs);
    else if (strcmp(name, "dc") == 0)
        words_level(w, "dbfs", &s->air.dc_dbfs);
    else if (strcmp(name, "spur") == 0)
        words_level(w, "dbfs", &s->air.spur_dbfs);
    else if (strcmp(name, "dongle") == 0)
        dongle(s, w);
    else if (strcmp(name, "fob") == 0 || strcmp(name, "carrier") == 0 ||
             strcmp(name, "play") == 0)
        emitter(s, w, name);
    else
        words_fault(w, "no item is called %s", name);
}

unsigned script_read(struct script *s, FILE *f, char *why, size_t room)
{
    char line[4096] = "";
    struct words w = { 0 };
    unsigned number = 0;

    *s = (struct script){ .speed = 1.0,
                          .fifo = FIFO_SAMPLES,
                          .air = { .noise_dbfs = -38.0,
                                   .dc_dbfs = -45.0,
                                   .spur_dbfs = -48.0,
                                   .emitter = s->emitter,
                                   .seed = 1 } };
    while (fgets(line, sizeof line, f) != NULL) {
        number++;
        words_split(&w, line);
        if (w.n > 0 && w.why[0] == '\0')
            item(s, &w);
        const char *left = words_rest(&w);
        if (left != NULL)
            words_fault(&w, "%s: not understood", left);
        if (w.why[0] != '\0') {
            snprintf(why, room, "%s", w.why);
            return number;
        }
    }
    if (s->n_dongles == 0)
        dongle(s, &(struct words){ 0 });
    for (size_t i = 0; i < s->n_dongles; i++) {
        s->dongle[i].stream.speed = s->speed;
        s->dongle[i].stream.fifo_samples = (uint64_t)s->fifo;
    }
    return 0;
}
