/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/dongle/air.h"

#include <math.h>
#include <string.h>

#include "tests/dongle/play.h"
#include "tests/dongle/r82xx.h"

static const double sqrt_half = 0.70710678118654752440;

/* The normal deviate that is exceeded with probability p < 0.5, by Newton from
 * a rough start; erfc does not lose what is small. */
static double deviate(double p)
{
    double x = sqrt(-2.0 * log(2.0 * p)) * 0.8;

    for (unsigned i = 0; i < 12; i++) {
        double excess = 0.5 * erfc(x * sqrt_half) - p;
        double density = exp(-0.5 * x * x) * 0.398942280401432678; /* 2pi^-.5 */
        x += excess / density;
        if (fabs(excess) < 1e-12 * p)
            break;
    }
    return x;
}

/* Equal parts of the normal distribution, each by its middle. */
static void make_noise(struct air *a)
{
    for (size_t i = 0; i < AIR_NOISES / 2; i++) {
        double x = deviate(((double)i + 0.5) / AIR_NOISES);
        a->unit[i] = (float)-x;
        a->unit[AIR_NOISES - 1 - i] = (float)x;
    }
}

/* The converter: zero is between 127 and 128, and it clips. */
static uint8_t converted(float x)
{
    float y = x * 127.5f + 128.0f;

    return y < 0.0f ? 0 : y >= 255.0f ? 255 : (uint8_t)y;
}

static void scale_noise(struct air *a, float sigma, float dc)
{
    for (size_t i = 0; i < AIR_NOISES; i++) {
        a->noise[i] = a->unit[i] * sigma;
        a->quiet[i] = converted(a->noise[i] + dc);
    }
    a->dc = dc;
}

static double gained_db(const struct air *a, double dbfs)
{
    return dbfs + a->tuning.gain_db - R82XX_REFERENCE_DB;
}

void air_init(struct air *a, const struct air_cfg *cfg)
{
    a->cfg = *cfg;
    a->tuning = (struct tuning){ 0 };
    a->since = 0;
    a->since_s = 0.0;
    a->unit[0] = 0.0f;
}

double air_time_s(const struct air *a, uint64_t at)
{
    if (a->tuning.rate_hz <= 0.0)
        return a->since_s;
    return a->since_s + (double)(int64_t)(at - a->since) / a->tuning.rate_hz;
}

void air_tune(struct air *a, const struct tuning *tuning, uint64_t at)
{
    a->since_s = air_time_s(a, at);
    a->since = at;
    a->tuning = *tuning;
    /* I and Q together have the power; the DC is equal in both, and below the
     * middle as often as not: here always. */
    double power = pow(10.0, gained_db(a, a->cfg.noise_dbfs) / 10.0) *
                   tuning->rate_hz * 1e-6;
    float sigma = (float)sqrt(0.5 * power);
    float dc = (float)(-sqrt_half * pow(10.0, a->cfg.dc_dbfs / 20.0));
    if (a->unit[0] == 0.0f)
        make_noise(a);
    scale_noise(a, sigma, dc);
}

/* Of the noise of samples 2 i and 2 i + 1: splitmix64's output function of a
 * counter (Steele, Lea, Flood, OOPSLA 2014, figure 17). */
static inline uint64_t hashed(uint64_t seed, uint64_t i)
{
    uint64_t z = seed + i * 0x9E3779B97F4A7C15u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t seed_of(const struct air *a)
{
    return hashed(0x666f62, a->cfg.seed); /* so that near seeds are far */
}

static void fill_quiet(const struct air *a, uint64_t at, uint8_t *out, size_t n)
{
    uint64_t seed = seed_of(a);
    size_t i = 0;

    for (; i < n && ((at + i) % 2 != 0 || n - i < 2); i++) {
        uint64_t z = hashed(seed, (at + i) / 2) >> 32 * ((at + i) % 2);
        out[2 * i] = a->quiet[z & 0xffff];
        out[2 * i + 1] = a->quiet[z >> 16 & 0xffff];
    }
    for (; i + 2 <= n; i += 2) {
        uint64_t z = hashed(seed, (at + i) / 2);
        out[2 * i] = a->quiet[z & 0xffff];
        out[2 * i + 1] = a->quiet[z >> 16 & 0xffff];
        out[2 * i + 2] = a->quiet[z >> 32 & 0xffff];
        out[2 * i + 3] = a->quiet[z >> 48];
    }
    if (i < n)
        fill_quiet(a, at + i, out + 2 * i, n - i);
}

static void fill_busy(const struct air *a, uint64_t at, uint8_t *out, size_t n)
{
    uint64_t seed = seed_of(a);

    for (size_t i = 0; i < n; i++) {
        uint64_t z = hashed(seed, (at + i) / 2) >> 32 * ((at + i) % 2);
        float noise_i = a->noise[z & 0xffff] + a->dc;
        float noise_q = a->noise[z >> 16 & 0xffff] + a->dc;
        out[2 * i] = converted(crealf(a->x[i]) + noise_i);
        out[2 * i + 1] = converted(cimagf(a->x[i]) + noise_q);
    }
}

static void fill_counter(uint64_t at, uint8_t *out, size_t n)
{
    for (size_t i = 0; i < 2 * n; i++)
        out[i] = (uint8_t)((2 * at + i) & 255);
}

/* Where something comes out, or how far it moves: above is above unless the
 * spectrum is mirrored. */
static double offset_hz(const struct air *a, double hz)
{
    double above = hz - a->tuning.centre_hz;

    return a->tuning.is_mirrored ? -above : above;
}

/* A tone of constant level over samples [from, to) of the chunk. Its phase is
 * that of 0 at time 0, computed anew at every 64th sample of the stream. */
static void add_carrier(struct air *a, double hz, double dbfs, uint64_t at,
                        size_t from, size_t to)
{
    const double two_pi = 6.283185307179586476925;
    double amplitude = pow(10.0, dbfs / 20.0);
    double step = two_pi * hz / a->tuning.rate_hz;
    iq turn = (float)cos(step) + (float)sin(step) * I, now = 0;

    for (size_t i = from; i < to; i++) {
        uint64_t index = at + i, grid = index & ~UINT64_C(63);
        if (i == from || index == grid) {
            double angle = two_pi * fmod(air_time_s(a, grid) * hz, 1.0);
            now = (float)(amplitude * cos(angle)) +
                  (float)(amplitude * sin(angle)) * I;
            for (uint64_t k = grid; k < index; k++)
                now *= turn;
        }
        a->x[i] += now;
        now *= turn;
    }
}

/* The first sample of a time, counted from `at` and clipped to the chunk. It is
 * rounded as a number of the stream, so that it is the same from any chunk. */
static size_t sample_of(const struct air *a, double s, uint64_t at, size_t n)
{
    double first =
        ceil((double)a->since + (s - a->since_s) * a->tuning.rate_hz);
    double i = first - (double)at;

    return i <= 0.0 ? 0 : i >= (double)n ? n : (size_t)i;
}

static void add_press(struct air *a, const struct emitter *e, uint64_t turn,
                      double hz, uint64_t at, size_t n)
{
    double rate_hz = a->tuning.rate_hz;
    double begin_s = e->at_s + (double)turn * e->every_s;
    bool is_ook = e->modulation == MODULATION_OOK;
    const struct synth_transmitter x = {
        .train = &e->train,
        .modulation = e->modulation,
        .start_samples = (double)a->since + (begin_s - a->since_s) * rate_hz,
        .carrier_hz = hz,
        .deviation_hz =
            a->tuning.is_mirrored ? -e->deviation_hz : e->deviation_hz,
        .level_dbfs = gained_db(a, e->level_dbfs),
        .is_restarting = is_ook,
        .phase_seed = e->seed + turn,
    };

    synth_transmit(&x, rate_hz, at, a->x, n);
}

/* One sending of an emitter, if it is on in the chunk. */
static bool add_turn(struct air *a, const struct emitter *e, uint64_t turn,
                     double hz, uint64_t at, size_t n)
{
    double begin_s = e->at_s + (double)turn * e->every_s;
    size_t from = sample_of(a, begin_s, at, n);
    size_t to = sample_of(a, begin_s + e->seconds, at, n);

    /* Part of the sample before its first whole one is a press's as well. */
    if (from > 0 && e->kind == EMITTER_PRESS)
        from--;
    if (to < n)
        to++;
    if (from >= to || sample_of(a, begin_s + e->seconds, at, n) == 0)
        return false;
    switch (e->kind) {
    case EMITTER_PRESS:
        add_press(a, e, turn, hz, at, n);
        break;
    case EMITTER_CARRIER:
        to = sample_of(a, begin_s + e->seconds, at, n);
        add_carrier(a, hz, gained_db(a, e->level_dbfs), at, from, to);
        break;
    case EMITTER_PLAY:
        play_add(a, e, begin_s, hz, gained_db(a, e->level_dbfs), at, n);
        break;
    }
    return true;
}

/* True if it is heard in the chunk, to which it is added. */
static bool add_emitter(struct air *a, const struct emitter *e, uint64_t at,
                        size_t n)
{
    double hz = offset_hz(a, e->hz);
    double width_hz = e->kind == EMITTER_PLAY ? e->rate_hz : 0.0;
    double first_s = air_time_s(a, at), last_s = air_time_s(a, at + n);
    uint64_t turn = 0, last = 0;
    bool is_heard = false;

    if (fabs(hz) > 0.5 * (a->tuning.rate_hz + width_hz) || last_s < e->at_s)
        return false;
    if (e->every_s > 0.0) {
        double passed = floor((first_s - e->seconds - e->at_s) / e->every_s);
        turn = passed > 0.0 ? (uint64_t)passed : 0;
        last = (uint64_t)floor((last_s - e->at_s) / e->every_s);
    }
    for (; turn <= last; turn++)
        is_heard |= add_turn(a, e, turn, hz, at, n);
    return is_heard;
}

/* The multiple of the crystal's frequency that is in the band, if one is. */
static bool add_spur(struct air *a, uint64_t at, size_t n)
{
    double xtal_hz = a->tuning.xtal_hz;
    double multiple = rint(a->tuning.centre_hz / xtal_hz);
    double hz = offset_hz(a, multiple * xtal_hz);

    if (multiple < 1.0 || fabs(hz) > 0.5 * a->tuning.rate_hz ||
        isinf(a->cfg.spur_dbfs))
        return false;
    add_carrier(a, hz, gained_db(a, a->cfg.spur_dbfs), at, 0, n);
    return true;
}

static void fill_chunk(struct air *a, uint64_t at, uint8_t *out, size_t n)
{
    bool is_busy = false;

    if (a->tuning.is_counting) {
        fill_counter(at, out, n);
        return;
    }
    memset(a->x, 0, n * sizeof *a->x);
    for (size_t i = 0; i < a->cfg.n_emitters; i++)
        is_busy |= add_emitter(a, &a->cfg.emitter[i], at, n);
    is_busy |= add_spur(a, at, n);
    if (is_busy)
        fill_busy(a, at, out, n);
    else
        fill_quiet(a, at, out, n);
}

void air_fill(struct air *a, uint64_t at, uint8_t *out, size_t n)
{
    while (n > 0) {
        size_t part = n < AIR_CHUNK ? n : AIR_CHUNK;
        fill_chunk(a, at, out, part);
        at += part;
        out += 2 * part;
        n -= part;
    }
}
