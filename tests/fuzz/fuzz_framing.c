/* fuzz_framing - bytes as pulses; known, unknown and matched frames in them.
 *
 *   byte 0      modulation, noise, how the powers are told
 *   byte 1      TE that is claimed, 2.5 to 34 samples
 *   byte 2, 3   the stretch that is looked at, room for chips, clock or not
 *   the rest    a byte is a pulse: bit 0 its level, the others its samples
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#undef NDEBUG /* a fuzzer without asserts finds nothing */
#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/match.h"
#include "protocols/unknown.h"
#include "tests/support/synth.h"

enum { SAMPLES_MAX = 8000, ROOM_MAX = 6000, RATE = 40000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static iq samples[SAMPLES_MAX], mark[SAMPLES_MAX + 1], space[SAMPLES_MAX + 1];
static struct sighting seen[FRAMING_SIGHTINGS_MAX];
static struct likelihood table;
static struct chip_clock chip_clock;

static void check(const struct sighting *s, bool is_known)
{
    assert((s->protocol != NULL) == is_known);
    assert(s->bits.n >= 1 && s->bits.n <= BITS_MAX);
    for (size_t i = 0; i < s->bits.n; i++) {
        assert(s->bits.value[i] <= 1 && !isnan(s->bits.llr[i]));
        assert(s->bits.llr[i] == 0 ||
               (s->bits.llr[i] > 0) == (s->bits.value[i] == 1));
    }
    assert(s->confidence >= 0 && s->confidence <= 1);
    assert(s->verdict >= VERDICT_NOT_MINE && s->verdict <= VERDICT_PROVEN);
    assert(isfinite(s->lattice.start) && s->lattice.te > 0);
    assert(isfinite(s->power) && isfinite(s->noise) && isfinite(s->score));
}

/* Levels as samples: OOK on and off, FSK up and down. */
static size_t draw(const uint8_t *data, size_t size, bool is_fsk, float noise)
{
    struct synth_random r = { size };
    size_t n = 0;

    for (size_t i = 0; i < size; i++)
        for (size_t k = 0; k <= data[i] >> 1 && n < SAMPLES_MAX; k++, n++) {
            bool on = data[i] & 1;
            iq tone = is_fsk ? (n % 4 == 0   ? 1
                                : n % 4 == 1 ? (on ? I : -I)
                                : n % 4 == 2 ? -1
                                             : (on ? -I : I))
                             : (on ? 1 : 0);
            samples[n] = tone + noise * synth_random_noise(&r);
        }
    return n;
}

static void build(struct tone *t, iq *sums, size_t n, double frequency)
{
    const struct tone_course c = {
        .n = 1,
        .piece = SAMPLES_MAX / TONE_TURN * TONE_TURN + TONE_TURN,
        .frequency = { frequency }
    };

    *t = (struct tone){ .sums = sums, .n = n, .rate_hz = RATE, .noise = 1e-3f };
    tone_build(t, samples, n, &c);
}

static void find_known(const struct keying *k, const struct chip_track *t,
                       double from, double to, double te, size_t room)
{
    const struct chip_rate rate = { te, 1 };
    struct framing f = { 0 };

    if (framing_init(&f, &table, room) != 0)
        abort();
    size_t n = framing_find_clear(&f, k, t, te, seen);
    assert(n <= FRAMING_SIGHTINGS_MAX);
    for (size_t i = 0; i < n; i++)
        check(&seen[i], true);
    unknown_is_left(t, seen, n);
    n = framing_find(&f, k, from, to, &rate, 1, seen);
    assert(n <= FRAMING_SIGHTINGS_MAX);
    for (size_t i = 0; i < n; i++)
        check(&seen[i], true);
    framing_finish(&f);
}

/* The likeliest TE, or the one that was claimed. */
static double find_te(const struct keying *k, double from, double to, double te)
{
    struct chip_rate rates[CHIP_CLOCK_RATES_MAX];
    const struct chip_clock_range range = { from, to, 4, 40 };
    size_t n = chip_clock_find(&chip_clock, k, k->power, &range, rates);

    assert(n <= CHIP_CLOCK_RATES_MAX);
    for (size_t i = 0; i < n; i++)
        assert(rates[i].te > 3 && rates[i].te < 41 &&
               isfinite(rates[i].evidence));
    return n > 0 ? rates[0].te : te;
}

static void find_unknown(const struct keying *k, const struct chip_track *t,
                         double te, size_t room)
{
    struct unknown u = { 0 };

    if (unknown_init(&u, &table, room) != 0)
        abort();
    size_t n = unknown_find(&u, k, t, seen, 8);
    assert(n <= 8);
    for (size_t i = 0; i < n; i++) {
        check(&seen[i], false);
        check(&seen[i],
              match_protocol(&seen[i], k->modulation, te / RATE * 1e6));
    }
    unknown_finish(&u);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const float noises[4] = { 0, 0.05f, 0.3f, 1 };
    struct keying k = { 0 };

    if (size < 5)
        return 0;
    likelihood_init(&table);
    chip_clock_init(&chip_clock, &table);
    const bool is_fsk = data[0] & 1;
    const float noise = noises[data[0] >> 1 & 3];
    double te = 2.5 + data[1] / 8.0;
    size_t n = draw(data + 4, size - 4, is_fsk, noise);
    k.modulation = is_fsk ? MODULATION_FSK : MODULATION_OOK;
    k.power = data[0] & 8 ? 1e-3f : 1;
    build(&k.mark, mark, n, is_fsk ? 0.25 : 0);
    if (is_fsk)
        build(&k.space, space, n, -0.25);
    if (data[0] & 16)
        k.mark.noise = k.space.noise = noise * noise + 1e-9f;
    const double from = (double)n * (data[2] & 15) / 32;
    const double to = (double)n * (1 - (data[2] >> 4) / 32.0);
    if (data[3] & 2)
        te = find_te(&k, from, to, te);
    const size_t room = data[3] & 1 ? 64 + data[3] : ROOM_MAX;
    struct chip_track t = { 0 };
    if (chip_track_init(&t, room) != 0)
        abort();
    chip_track_follow(&t, &table, &k, from, to, te);
    assert(t.chips.n <= room);
    find_known(&k, &t, from, to, te, room);
    find_unknown(&k, &t, te, room);
    chip_track_finish(&t);
    return 0;
}
