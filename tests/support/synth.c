/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/support/synth.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double two_pi = 6.283185307179586476925;

/* splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014, figure 17. */
uint64_t synth_random_u64(struct synth_random *r)
{
    uint64_t z = (r->state += 0x9E3779B97F4A7C15u);

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

double synth_random_unit(struct synth_random *r)
{
    return (double)(synth_random_u64(r) >> 11) * 0x1p-53;
}

iq synth_random_noise(struct synth_random *r)
{
    /* Box and Muller; 1 - u is never 0. |x|^2 is exponential of mean 1. */
    double radius = sqrt(-log(1.0 - synth_random_unit(r)));
    double angle = two_pi * synth_random_unit(r);

    return (float)(radius * cos(angle)) + (float)(radius * sin(angle)) * I;
}

void synth_add(struct synth_train *t, enum synth_level level, double us)
{
    if (us <= 0.0)
        return;
    if (t->n > 0 && t->piece[t->n - 1].level == level) {
        t->piece[t->n - 1].us += us;
        return;
    }
    if (t->n == t->room) {
        size_t room = t->room > 0 ? 2 * t->room : 256;
        struct synth_piece *p = realloc(t->piece, room * sizeof *p);
        if (p == NULL)
            abort();
        t->piece = p;
        t->room = room;
    }
    t->piece[t->n++] = (struct synth_piece){ us, level };
}

void synth_chips(struct synth_train *t, const char *chips, double te_us)
{
    for (; *chips != '\0'; chips++)
        synth_add(t, *chips == '1' ? SYNTH_MARK : SYNTH_SPACE, te_us);
}

static bool last_is_mark(const struct synth_train *t)
{
    return t->n > 0 && t->piece[t->n - 1].level == SYNTH_MARK;
}

static void add_bit(struct synth_train *t, const struct waveform *w, bool one,
                    double te_us)
{
    /* The first chip is other than the last of the bit before it. */
    bool first = !last_is_mark(t);

    switch (w->kind) {
    case LINE_PWM:
    case LINE_PPM:
        synth_chips(t, one ? w->symbols.one : w->symbols.zero, te_us);
        break;
    case LINE_MANCHESTER:
        synth_chips(t, one ? "10" : "01", te_us);
        break;
    case LINE_DIFF_MANCHESTER:
        synth_chips(t, first ? "1" : "0", te_us);
        synth_chips(t, first == one ? "1" : "0", te_us);
        break;
    case LINE_NRZ:
        synth_chips(t, one ? "1" : "0", te_us);
        break;
    case LINE_PIWM:
        synth_chips(t, first ? "1" : "0", te_us * (one ? 1 : 2));
        break;
    }
}

void synth_bits(struct synth_train *t, const struct waveform *w,
                const char *bits, double te_us)
{
    for (; *bits != '\0'; bits++)
        add_bit(t, w, (*bits == '1') != w->is_inverted, te_us);
}

void synth_append(struct synth_train *t, const struct synth_train *other)
{
    assert(t != other);
    for (size_t i = 0; i < other->n; i++)
        synth_add(t, other->piece[i].level, other->piece[i].us);
}

double synth_duration_us(const struct synth_train *t)
{
    double us = 0.0;

    for (size_t i = 0; i < t->n; i++)
        us += t->piece[i].us;
    return us;
}

void synth_free(struct synth_train *t)
{
    free(t->piece);
    *t = (struct synth_train){ 0 };
}

void synth_frame(struct synth_train *t, const struct waveform *w,
                 const struct synth_style *style, const struct bits *data)
{
    double te = style->te_us > 0.0 ? style->te_us : (double)w->te_us;
    unsigned pulses = style->preamble_pulses > 0 ? style->preamble_pulses
                                                 : w->preamble_pulses;
    unsigned wakes = style->wake_bits > 0 ? style->wake_bits : w->wake_sure;
    char text[BITS_MAX + 1];

    for (unsigned i = 0; i < pulses; i++)
        synth_chips(t, i + 1 < pulses || w->header == 0 ? "10" : "1", te);
    synth_add(t, SYNTH_SPACE, w->header * te);
    if (w->lead != NULL)
        synth_chips(t, w->lead, te);
    for (unsigned i = 0; w->wake != NULL && i < wakes; i++)
        synth_bits(t, w, w->wake, te);
    if (w->sync != NULL)
        synth_bits(t, w, w->sync, te);
    synth_bits_text(data, text);
    synth_bits(t, w, text, te);
    if (w->kind == LINE_PPM)
        synth_chips(t, "1", te);
    if (w->stop != NULL)
        synth_chips(t, w->stop, te);
    if (!style->has_no_guard)
        synth_add(t, SYNTH_SPACE, w->guard * te);
}

void synth_bits_from(struct bits *b, const char *text)
{
    b->n = strlen(text);
    assert(b->n <= BITS_MAX);
    for (size_t i = 0; i < b->n; i++) {
        b->value[i] = text[i] == '1';
        b->llr[i] = b->value[i] ? 40.0f : -40.0f;
    }
}

void synth_bits_text(const struct bits *b, char *text)
{
    for (size_t i = 0; i < b->n; i++)
        text[i] = b->value[i] ? '1' : '0';
    text[b->n] = '\0';
}

/* The weight, as a power of two, of the i-th bit sent of a field. */
static unsigned weight_of(const struct field *f, unsigned i)
{
    static const unsigned s3012[4] = { 3, 0, 1, 2 };

    switch (f->order) {
    case ORDER_LSB:
        return i;
    case ORDER_MSB:
        return f->bits - 1u - i;
    case ORDER_BYTES_LE:
        return i / 8 * 8 + 7 - i % 8;
    case ORDER_S3012:
        return s3012[i];
    }
    return 0;
}

void synth_set_field(struct bits *b, const struct field *f, uint64_t value)
{
    assert(f->at + f->bits <= b->n && f->bits <= 64);
    for (unsigned i = 0; i < f->bits; i++) {
        uint8_t bit = value >> weight_of(f, i) & 1;
        b->value[f->at + i] = bit;
        b->llr[f->at + i] = bit ? 40.0f : -40.0f;
    }
}

/* One stretch of carrier: constant frequency, from edge to edge. */
struct tone {
    double from, to;      /* samples of the recording */
    double cycles;        /* phase at from */
    double cycles_sample; /* frequency */
};

/* Adds the part of every sample that lies inside the stretch. The phase is
 * that of the middle of the part. */
static void add_tone(const struct tone *k, double amplitude, uint64_t at,
                     iq *out, size_t n)
{
    double first = fmax(floor(k->from) - (double)at, 0.0);
    double last = fmin(ceil(k->to) - (double)at, (double)n);

    for (double i = first; i < last; i += 1.0) {
        double left = fmax(i + (double)at, k->from);
        double right = fmin(i + (double)at + 1.0, k->to);
        double part = right - left;
        if (part <= 0.0)
            continue;
        double middle = 0.5 * (left + right) - k->from;
        double angle =
            two_pi * fmod(k->cycles + middle * k->cycles_sample, 1.0);
        double a = amplitude * part;
        out[(size_t)i] += (float)(a * cos(angle)) + (float)(a * sin(angle)) * I;
    }
}

void synth_transmit(const struct synth_transmitter *x, double rate_hz,
                    uint64_t at, iq *out, size_t n)
{
    double amplitude = pow(10.0, x->level_dbfs / 20.0);
    double edge = x->start_samples, end = (double)at + (double)n;
    struct synth_random phases = { x->phase_seed };
    double cycles = x->phase_rad / two_pi;

    for (size_t i = 0; i < x->train->n && edge < end; i++) {
        enum synth_level level = x->train->piece[i].level;
        double samples = x->train->piece[i].us * 1e-6 * rate_hz;
        double hz = x->carrier_hz;
        bool is_on = level == SYNTH_MARK;
        if (x->modulation == MODULATION_FSK) {
            hz += is_on ? x->deviation_hz : -x->deviation_hz;
            is_on = level != SYNTH_SILENT;
        }
        if (x->is_restarting && level == SYNTH_MARK)
            cycles = synth_random_unit(&phases);
        struct tone k = { edge, edge + samples, cycles, hz / rate_hz };
        if (is_on && k.to > (double)at)
            add_tone(&k, amplitude, at, out, n);
        cycles = fmod(cycles + samples * k.cycles_sample, 1.0);
        edge = k.to;
    }
}

void synth_noise(struct synth_random *r, double noise_dbfs, iq *out, size_t n)
{
    float scale = (float)pow(10.0, noise_dbfs / 20.0);

    for (size_t i = 0; i < n; i++)
        out[i] += scale * synth_random_noise(r);
}

size_t synth_sample_bytes(enum sample_format format)
{
    switch (format) {
    case SAMPLE_CU8:
    case SAMPLE_CS8:
        return 2;
    case SAMPLE_CS16:
        return 4;
    case SAMPLE_CF32:
        return 8;
    }
    return 0;
}

static double clip(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static void store_rail(enum sample_format format, float x, uint8_t *out)
{
    uint32_t u;

    switch (format) {
    case SAMPLE_CU8:
        out[0] = (uint8_t)clip(floor((double)x * 127.5 + 128.0), 0, 255);
        break;
    case SAMPLE_CS8:
        out[0] = (uint8_t)(int8_t)clip(rint((double)x * 127.0), -128, 127);
        break;
    case SAMPLE_CS16:
        u = (uint32_t)(int32_t)clip(rint((double)x * 32767.0), -32768, 32767);
        out[0] = (uint8_t)(u & 255);
        out[1] = (uint8_t)(u >> 8 & 255);
        break;
    case SAMPLE_CF32:
        memcpy(&u, &x, sizeof u);
        for (unsigned i = 0; i < 4; i++)
            out[i] = (uint8_t)(u >> 8 * i & 255);
        break;
    }
}

void synth_store(enum sample_format format, const iq *in, size_t n, void *out)
{
    size_t rail = synth_sample_bytes(format) / 2;
    uint8_t *p = out;

    for (size_t i = 0; i < n; i++, p += 2 * rail) {
        store_rail(format, crealf(in[i]), p);
        store_rail(format, cimagf(in[i]), p + rail);
    }
}
