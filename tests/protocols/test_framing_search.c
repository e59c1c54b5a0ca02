/* Places of known formats in followed chips and on all grids; none in noise.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocols/framing_search.h"
#include "tests/protocols/sent.h"

enum { ROOM = 8000 };

extern const struct protocol protocol_hcs200;

static struct likelihood table;
static struct chip_track track;
static struct framing_search search;
static struct places found;

/* A place of this waveform, in chips from the frame's first; NAN: none. */
static double place_of(const struct waveform *w)
{
    for (size_t i = 0; i < found.n; i++)
        if (found.at[i].waveform == w) {
            assert_true(found.at[i].fit.gain >= FRAMING_SEARCH_GAIN_MIN);
            return found.at[i].data / SENT_TE - SENT_AROUND - 0.3;
        }
    return NAN;
}

static struct keyed frame(double e_n0_db, uint64_t seed)
{
    struct synth_train t = { 0 };
    struct synth_random r = { seed };
    struct bits b = sent_bits(&protocol_hcs200, 66, &r);

    sent_frame(&t, protocol_hcs200.waveforms, 400, &b);
    struct keyed k = sent_keyed(&t, MODULATION_OOK, 400, e_n0_db, seed);
    synth_free(&t);
    return k;
}

/* Data starts after 23 chips of preamble and 10 of header. */
static void a_frame_has_its_place(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct keyed k = frame(18, seed);
        found.n = 0;
        chip_track_follow(&track, &table, &k.keying, 0, (double)k.n, SENT_TE);
        framing_search_track(&search, &k.keying, &track, SENT_TE, &found);
        assert_true(fabs(place_of(protocol_hcs200.waveforms) - 33) < 0.3);
        found.n = 0;
        framing_search_rate(&search, &k.keying, 0, (double)k.n,
                            SENT_TE * (seed % 2 ? 1.006 : 0.994), &found);
        assert_true(fabs(place_of(protocol_hcs200.waveforms) - 33) < 0.5);
        keyed_free(&k);
    }
}

/* A TE that no format allows: 16 samples of 400 us taken for 3 ms. */
static void no_format_has_such_chips(void **state)
{
    struct keyed k = frame(18, 1);

    (void)state;
    found.n = 0;
    framing_search_rate(&search, &k.keying, 0, (double)k.n, SENT_TE * 7.5,
                        &found);
    assert_int_equal(found.n, 0);
    keyed_free(&k);
}

static void noise_has_no_place(void **state)
{
    struct synth_train t = { 0 };

    (void)state;
    synth_add(&t, SYNTH_SILENT, 600 * 400);
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct keyed k = sent_keyed(&t, MODULATION_OOK, 400,
                                    5 + 2.0 * (double)seed, seed + 100);
        found.n = 0;
        framing_search_rate(&search, &k.keying, 0, (double)k.n, SENT_TE,
                            &found);
        assert_int_equal(found.n, 0);
        keyed_free(&k);
    }
    synth_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_has_its_place),
        cmocka_unit_test(no_format_has_such_chips),
        cmocka_unit_test(noise_has_no_place),
    };

    likelihood_init(&table);
    if (framing_search_init(&search, &table, ROOM) != 0 ||
        chip_track_init(&track, ROOM) != 0)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    framing_search_finish(&search);
    framing_search_finish(&(struct framing_search){ 0 });
    chip_track_finish(&track);
    return failed;
}
