/* test_verdict_proof - what is said where nothing is heard, where nobody asked, and
 * on the way of each journey (ECOSYSTEM.md 4.2).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/src/judged.h"

enum { ALL = 31, NONE = 0 };

static struct sat_fob fob, other, sensor;

static void begin_in(unsigned bands)
{
    fob = sat_fob(&protocol_hcs200);
    other = sat_fob(&protocol_princeton);
    other.carrier_hz = 433.7e6;
    sensor = sat_fob(NULL);
    sensor.n_bits = 60;
    sensor.copies = 2;
    sensor.carrier_hz = 433.82e6;
    a = sat_live(bands);
}

/* All that proof takes, but for bands and prompts. */
static void silence(unsigned bands, unsigned prompts)
{
    begin_in(bands);
    sat_ask_times(&a, "lock", prompts, NULL, 0, NONE);
    if (bands & SAT_434)
        sat_control(&a, &other);
}

static void proof(void)
{
    silence(SAT_ALL, 3);
}

static void two_bands(void)
{
    silence(SAT_315 | SAT_434, 3);
}

static void two_prompts(void)
{
    silence(SAT_ALL, 2);
}

static void only_434(void)
{
    silence(SAT_434, 3);
}

static void only_315(void)
{
    silence(SAT_315, 3);
    other.carrier_hz = 315e6;
    sat_control(&a, &other);
}

/* 433.92 MHz for 2 s only. */
static void hardly_434(void)
{
    begin_in(SAT_315);
    sat_ask_times(&a, "lock", 3, NULL, 0, NONE);
    a.bands = SAT_434;
    sat_hop(&a, 2);
    a.bands = SAT_315;
    other.carrier_hz = 315e6;
    sat_control(&a, &other);
}

static void no_control(void)
{
    begin_in(SAT_ALL);
    sat_ask_times(&a, "lock", 3, NULL, 0, NONE);
}

static void control_unheard(void)
{
    begin_in(SAT_ALL);
    sat_ask_times(&a, "lock", 3, NULL, 0, NONE);
    sat_control(&a, NULL);
}

/* The other remote was pressed before it was asked for. */
static void control_too_early(void)
{
    begin_in(SAT_ALL);
    sat_find(&a, &other);
    sat_send(a.s, &other, a.t, 1);
    sat_hop(&a, 3);
    sat_ask_times(&a, "lock", 3, NULL, 0, NONE);
    sat_control(&a, NULL);
}

static void lost(void)
{
    proof();
    sitting_lose(a.s, 1);
}

static void left_out(void)
{
    proof();
    a.s->left_out = 1;
}

static void overloaded(void)
{
    proof();
    sitting_overload(a.s);
}

/* A sensor sends now and then, whoever presses. */
static void with_sensor(void)
{
    begin_in(SAT_ALL);
    for (unsigned i = 0; i < 6; i++) {
        sitting_ask(a.s, a.t, "lock", false);
        sat_hop(&a, 4);
        if (i % 3 == 0) {
            sat_find(&a, &sensor);
            sat_send(a.s, &sensor, a.t, 0);
            sat_send(a.s, &sensor, a.t + 1, 0);
            sat_send(a.s, &sensor, a.t + 2, 0);
        }
        sat_hop(&a, 4);
    }
    sat_control(&a, &other);
}

/* A fob that was heard once is not silent, however often it was not. */
static void heard_once(void)
{
    begin_in(SAT_ALL);
    sat_ask_times(&a, "lock", 6, &fob, 1, 4);
    sat_control(&a, &other);
}

/* Nothing at all. */
static void in_a_file(void)
{
    a = sat_file(433.92e6, 30);
    for (unsigned i = 0; i < 3; i++)
        sitting_ask(a.s, 5 * i, "lock", false);
    sitting_stop_asking(a.s, 20);
    a.t = 30;
}

/* Three presses that were marked, and one more. */
static void one_press_unmarked(void)
{
    a = sat_file(433.92e6, 60);
    fob = sat_fob(&protocol_hcs200);
    for (unsigned i = 0; i < 3; i++) {
        sitting_ask(a.s, 5 * i, "lock", false);
        sat_send(a.s, &fob, 5 * i + 1, 1);
    }
    sitting_stop_asking(a.s, 20);
    sat_send(a.s, &fob, 40, 1);
    a.t = 60;
}

/* From the last one on it does not stop. */
static void on_and_on_in_a_file(void)
{
    one_press_unmarked();
    fob.copies = 90;
    sat_send(a.s, &fob, 18, 1);
}

static void unknown_unasked(void)
{
    begin_in(SAT_ALL);
    fob = sat_fob(NULL);
    sat_find(&a, &fob);
    for (unsigned i = 0; i < 4; i++)
        sat_send(a.s, &fob, a.t + 3 * i, 1);
    a.t += 12;
}

static void unknown_unasked_one_code(void)
{
    begin_in(SAT_ALL);
    fob = sat_fob(NULL);
    fob.is_frozen = true;
    sat_find(&a, &fob);
    for (unsigned i = 0; i < 4; i++)
        sat_send(a.s, &fob, a.t + 3 * i, 1);
    a.t += 12;
}

static void unknown_asked(void)
{
    begin_in(SAT_ALL);
    fob = sat_fob(NULL);
    sat_ask_times(&a, "lock", 3, &fob, 1, ALL);
}

/* One pair alike proves nothing. */
static void unknown_asked_twice(void)
{
    begin_in(SAT_ALL);
    fob = sat_fob(NULL);
    fob.is_frozen = true;
    sat_ask_times(&a, "lock", 2, &fob, 1, ALL);
}

static void bursts_unasked(void)
{
    begin_in(SAT_ALL);
    sat_find(&a, &fob);
    for (unsigned i = 0; i < 3; i++)
        sat_burst(a.s, &fob, a.t + 2 * i, 0.5, 0);
    a.t += 6;
}

/* Noise does so, too. */
static void keyed_unasked(void)
{
    begin_in(SAT_ALL);
    sat_find(&a, &fob);
    sat_burst(a.s, &fob, a.t, 0.5, 300);
    a.t += 3;
}

/* A recording whose centre nobody knows. */
static void centre_unknown(void)
{
    a = sat_file(NAN, 30);
    fob = sat_fob(&protocol_hcs200);
    fob.carrier_hz = -12.5e3;
    for (unsigned i = 0; i < 3; i++)
        sat_send(a.s, &fob, 2 + 5 * i, 1);
}

static void centre_unknown_and_nothing(void)
{
    a = sat_file(NAN, 30);
}

/* J1, J6. */
static void healthy(void)
{
    begin_in(SAT_ALL);
    sat_ask_times(&a, "lock", 3, &fob, 1, ALL);
    sat_ask_times(&a, "unlock", 3, &fob, 2, ALL);
}

/* A click now and then is a person's finger. */
static void few_cut_off(void)
{
    begin_in(SAT_ALL);
    sat_ask_times(&a, "lock", 5, &fob, 1, ALL);
    sat_ask_times(&a, "unlock", 5, &fob, 2, ALL);
    for (unsigned i = 0; i < 2; i++) {
        sat_burst(a.s, &fob, a.t - 1, 0.03, 400);
        sat_ask(&a, "unlock", &fob, 2);
    }
}

/* J2 (b). */
static void carrier_only(void)
{
    begin_in(SAT_ALL);
    fob.carrier_hz = 315.03e6;
    for (unsigned i = 0; i < 3; i++) {
        sitting_ask(a.s, a.t, "", false);
        sat_find(&a, &fob);
        sat_burst(a.s, &fob, a.t + 0.5, 2, 0);
        sat_hop(&a, 4);
    }
}

/* J2 (d). */
static void too_near(void)
{
    begin_in(SAT_ALL);
    fob.is_overload = true;
    fob.confidence = 0.4;
    sat_ask_times(&a, "lock", 3, &fob, 1, ALL);
}

/* J3: three buttons, five times each. */
static void three_buttons(unsigned lock, uint64_t lock_code)
{
    begin_in(SAT_ALL);
    sat_ask_times(&a, "lock", 5, &fob, lock_code, lock);
    sat_ask_times(&a, "unlock", 5, &fob, 2, ALL);
    sat_ask_times(&a, "boot", 5, &fob, 4, ALL);
}

static void lock_silent(void)
{
    three_buttons(NONE, 1);
}

static void lock_bridged(void)
{
    three_buttons(ALL, 2);
}

static void lock_well(void)
{
    three_buttons(ALL, 1);
}

/* J5: between a sensor's chatter. */
static void beside_chatter(void)
{
    begin_in(SAT_ALL);
    for (unsigned i = 0; i < 4; i++) {
        sat_find(&a, &sensor);
        for (unsigned k = 0; k < 5; k++)
            sat_send(a.s, &sensor, a.t + 1.3 * k, 0);
        a.t += 7;
        sat_ask(&a, "lock", &fob, 1);
        sitting_stop_asking(a.s, a.t);
    }
}

#define US 315e6
#define NOTHING(name, make)                                                    \
    {                                                                          \
        name, make, FINDING_NOTHING_HEARD, STATUS_INCONCLUSIVE, .said = {      \
            "not proven that a fob would have been",                           \
            "press another remote that works"                                  \
        }                                                                      \
    }

static const struct row table[] = {
    { "proof", proof, FINDING_SILENT, STATUS_FAULT,
      .said = { "3 presses", "another remote" } },
    { "without 868", two_bands, FINDING_SILENT, STATUS_FAULT,
      .said = { "not tested: 868.35 MHz" } },
    NOTHING("no control", no_control),
    NOTHING("control unheard", control_unheard),
    { "control too early", control_too_early, FINDING_NOT_A_FOB,
      STATUS_INCONCLUSIVE, .said = { "1 transmission" } },
    { "two prompts", two_prompts, FINDING_NOT_A_FOB, STATUS_INCONCLUSIVE,
      .also = 0 },
    { "only 433.92", only_434, FINDING_NOT_A_FOB, STATUS_INCONCLUSIVE,
      .said = { "not tested: 315 MHz" } },
    { "only 315", only_315, FINDING_NOT_A_FOB, STATUS_INCONCLUSIVE,
      .said = { "not tested: 433.92 MHz" } },
    { "hardly 433.92", hardly_434, FINDING_NOT_A_FOB, STATUS_INCONCLUSIVE,
      .said = { "not tested: 433.92 MHz" } },
    { "lost", lost, FINDING_LOST, STATUS_LOST, .also = 0 },
    { "left out", left_out, FINDING_NOT_A_FOB, STATUS_INCONCLUSIVE, .also = 0 },
    { "overloaded", overloaded, FINDING_OVERLOAD, STATUS_INCONCLUSIVE,
      .also = 0 },
    { "with a sensor", with_sensor, FINDING_SILENT, STATUS_FAULT, .also = 0 },
    { "heard once", heard_once, FINDING_NOT_A_FOB, STATUS_INCONCLUSIVE,
      .said = { "too seldom" }, .never = { "nothing on any band" } },
    NOTHING("in a file", in_a_file),

    { "one press not marked", one_press_unmarked, FINDING_TRANSMITS, STATUS_OK,
      .said = { "4 presses" }, .never = { "no button" } },
    { "on and on in a file", on_and_on_in_a_file, FINDING_STUCK, STATUS_FAULT,
      .said = { "more than 5 s" } },
    { "unknown, not asked", unknown_unasked, FINDING_NOT_A_FOB,
      STATUS_INCONCLUSIVE,
      .said = { "no known format", "may be a sensor", "three times" },
      .never = { "as it should" } },
    { "unknown, not asked, one code", unknown_unasked_one_code,
      FINDING_NOT_A_FOB, STATUS_INCONCLUSIVE, .also = FINDING_FIXED_CODE },
    { "unknown, asked", unknown_asked, FINDING_TRANSMITS, STATUS_OK,
      .also = FINDING_ROLLING },
    { "unknown, asked twice, one code", unknown_asked_twice,
      FINDING_FEW_PRESSES, STATUS_INCONCLUSIVE, .also = 0 },
    { "bursts, not asked", bursts_unasked, FINDING_NOT_A_FOB,
      STATUS_INCONCLUSIVE, .said = { "nothing is keyed" } },
    { "keyed, not asked", keyed_unasked, FINDING_NOT_A_FOB, STATUS_INCONCLUSIVE,
      .said = { "1 burst, from which no frame came" },
      .never = { "It transmits" } },
    { "centre not known", centre_unknown, FINDING_TRANSMITS, STATUS_OK,
      .market_hz = US, .said = { "-12.5 kHz from the centre" },
      .never = { "MHz" } },
    { "centre not known, nothing", centre_unknown_and_nothing,
      FINDING_NOTHING_HEARD, STATUS_INCONCLUSIVE,
      .said = { "band not known 30 s" } },

    { "few are cut off", few_cut_off, FINDING_TRANSMITS, STATUS_OK,
      .said = { "14 presses", "12 read for sure" }, .never = { "broke off" } },
    { "J1 second key does not lock", healthy, FINDING_TRANSMITS, STATUS_OK,
      .said = { "6 read for sure", "whether the car has learned it" },
      .also = FINDING_ROLLING },
    { "J2 other band", healthy, FINDING_WRONG_BAND, STATUS_FAULT,
      .market_hz = US, .said = { "433.930 MHz", "315 MHz" } },
    { "J2 carrier without data", carrier_only, FINDING_CARRIER_ONLY,
      STATUS_FAULT, .market_hz = US, .said = { "315.030 MHz" } },
    NOTHING("J2 nothing, before the control", no_control),
    { "J2 nothing, after it", proof, FINDING_SILENT, STATUS_FAULT, .also = 0 },
    { "J2 too near", too_near, FINDING_OVERLOAD, STATUS_INCONCLUSIVE,
      .said = { "a metre away" } },
    { "J3 no signal", lock_silent, FINDING_BUTTON_SILENT, STATUS_FAULT,
      .said = { "lock was heard on 0 of 5", "5 of 5",
                "switch under that button" } },
    { "J3 bridged", lock_bridged, FINDING_BUTTONS_ALIKE, STATUS_FAULT,
      .said = { "lock and unlock both send button code 2" } },
    { "J3 car side", lock_well, FINDING_TRANSMITS, STATUS_OK,
      .said = { "15 presses", "look at the car" } },
    { "J5 unknown", unknown_unasked, FINDING_NOT_A_FOB, STATUS_INCONCLUSIVE,
      .also = 0 },
    { "J5 beside chatter", beside_chatter, FINDING_TRANSMITS, STATUS_OK,
      .said = { "4 presses", "20 transmissions of others" },
      .also = FINDING_OTHERS },
    { "J6 both keys", healthy, FINDING_TRANSMITS, STATUS_OK,
      .market_hz = 433.92e6,
      .said = { "whether the car's receiver works", "receiver" } },
};

int main(void)
{
    return judge_table(table, sizeof table / sizeof *table);
}
