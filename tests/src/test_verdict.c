/* test_verdict - what must be said of a fob, for every row of DOMAIN.md 4: what the
 * radio would show, the headline, the exit status, the words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/src/judged.h"

/* Which of three presses are heard. */
enum { ALL = 7, NONE = 0 };

static struct sat_fob fob, other;

/* A live sitting in all bands, a HCS200, a doorbell of another kind. */
static void begin(void)
{
    fob = sat_fob(&protocol_hcs200);
    other = sat_fob(&protocol_princeton);
    other.carrier_hz = 433.7e6;
    a = sat_live(SAT_ALL);
}

static void ask_both(unsigned lock, unsigned unlock)
{
    sat_ask_times(&a, "lock", 3, &fob, 1, lock);
    sat_ask_times(&a, "unlock", 3, &fob, 2, unlock);
}

/* Row 1, 5, 6: not a trace, and another remote is heard. */
static void silent(void)
{
    begin();
    ask_both(NONE, NONE);
    sat_control(&a, &other);
}

static void silent_beside_reference(void)
{
    begin();
    ask_both(NONE, NONE);
}

/* Its copies break off. */
static void cut_off(void)
{
    begin();
    sat_ask_times(&a, "lock", 3, &fob, 1, ALL);
    for (unsigned i = 0; i < 3; i++) {
        sitting_ask(a.s, a.t, "unlock", false);
        sat_find(&a, &fob);
        for (unsigned k = 0; k < 3; k++)
            sat_burst(a.s, &fob, a.t + 0.5 + 0.15 * k, 0.03, 400);
        sat_hop(&a, 3);
    }
}

/* Row 2. */
static void sagging(void)
{
    begin();
    fob.sag_db = 4.5;
    ask_both(ALL, ALL);
}

/* Row 3: good frames on some presses. */
static void intermittent(void)
{
    begin();
    ask_both(5, 6);
}

/* Row 3: bursts break off, when the case is squeezed. */
static void intermittent_cuts(void)
{
    begin();
    ask_both(ALL, 3);
    sitting_ask(a.s, a.t, "unlock", false);
    sat_find(&a, &fob);
    sat_burst(a.s, &fob, a.t + 0.5, 0.03, 400);
    sat_burst(a.s, &fob, a.t + 0.6, 0.02, 400);
    sat_hop(&a, 3);
    sitting_ask(a.s, a.t, "unlock", false);
    sat_find(&a, &fob);
    sat_burst(a.s, &fob, a.t + 0.5, 0.03, 400);
    sat_hop(&a, 3);
}

/* Row 4. */
static void one_button(void)
{
    begin();
    ask_both(ALL, NONE);
}

/* Row 4: the other gives clicks, on which nothing is keyed. */
static void chattering_button(void)
{
    begin();
    sat_ask_times(&a, "lock", 3, &fob, 1, ALL);
    for (unsigned i = 0; i < 3; i++) {
        sitting_ask(a.s, a.t, "unlock", false);
        sat_find(&a, &fob);
        sat_burst(a.s, &fob, a.t + 0.5, 0.012, 0);
        sat_burst(a.s, &fob, a.t + 0.55, 0.015, 0);
        sat_hop(&a, 3);
    }
}

/* J3: both switches bridged. */
static void buttons_alike(void)
{
    begin();
    sat_ask_times(&a, "lock", 3, &fob, 1, ALL);
    sat_ask_times(&a, "unlock", 3, &fob, 1, ALL);
}

/* Row 7. */
static void off_carrier(void)
{
    begin();
    fob.carrier_hz = 433.92e6 - 420e3;
    ask_both(ALL, ALL);
}

static void at_edge_of_band(void)
{
    begin();
    fob.carrier_hz = 433.92e6 - 240e3;
    ask_both(ALL, ALL);
}

/* Row 8, 9. */
static void healthy(void)
{
    begin();
    ask_both(ALL, ALL);
}

static void healthy_at_315(void)
{
    begin();
    fob = sat_fob(&protocol_siemens_5wy72xx);
    fob.carrier_hz = 315.02e6;
    ask_both(ALL, ALL);
}

/* Row 15: what sends all the time, and no fob. */
static void interference(void)
{
    begin();
    for (unsigned i = 0; i < 6; i++) {
        sitting_ask(a.s, a.t, "lock", false);
        sat_find(&a, &fob);
        sat_burst(a.s, &other, a.t, 2, 0);
        sat_burst(a.s, &other, a.t + 3, 2, 0);
        sat_burst(a.s, &other, a.t + 6, 1.9, 0);
        sat_hop(&a, 8);
    }
    sat_control(&a, &other); /* proof, but for the noise */
}

/* Row 16. */
static void weak(void)
{
    begin();
    fob.snr_db = -8;
    fob.level_dbfs = -48;
    fob.confidence = 0.5;
    ask_both(ALL, ALL);
}

/* Row 17: well-formed, and of a format of its own. */
static void clone(void)
{
    begin();
    fob = sat_fob(NULL);
    ask_both(ALL, ALL);
}

static void clone_with_one_code(void)
{
    begin();
    fob = sat_fob(NULL);
    fob.is_frozen = true;
    sat_ask_times(&a, "lock", 3, &fob, 1, ALL);
}

/* In front of a frame that stays as it is, one of so many bits that is too doubtful to
 * be told. */
static void beside_doubtful(size_t bits)
{
    struct sat_fob doubtful = sat_fob(NULL);

    begin();
    fob = sat_fob(NULL);
    fob.is_frozen = true;
    doubtful.n_bits = bits;
    doubtful.confidence = 0.3;
    for (unsigned i = 0; i < 3; i++) {
        sitting_ask(a.s, a.t, "lock", false);
        sat_find(&a, &fob);
        const struct bits b = sat_bits(&doubtful, 1);
        sat_copy(a.s, &doubtful, &b, a.t + 0.4, 0);
        sat_send(a.s, &fob, a.t + 0.5, 1);
        sat_hop(&a, 3);
    }
}

/* A Subaru: the longer one may roll. */
static void short_beside_doubtful(void)
{
    beside_doubtful(SAT_UNKNOWN_BITS + 1);
}

static void as_long_as_doubtful(void)
{
    beside_doubtful(SAT_UNKNOWN_BITS);
}

static void carrier_only(void)
{
    begin();
    for (unsigned i = 0; i < 3; i++) {
        sitting_ask(a.s, a.t, "lock", false);
        sat_find(&a, &fob);
        sat_burst(a.s, &fob, a.t + 0.5, 0.8, 0);
        sat_hop(&a, 3);
    }
}

static void frozen(void)
{
    begin();
    fob.is_frozen = true;
    sat_ask_times(&a, "lock", 3, &fob, 1, ALL);
}

/* One that leaves out a step is one thing, one that repeats itself another. */
static void frozen_in_part(void)
{
    begin();
    sat_ask_times(&a, "lock", 2, &fob, 1, ALL);
    fob.seed -= 1000003;
    sat_ask_times(&a, "lock", 1, &fob, 1, ALL);
}

static void fixed_code(void)
{
    begin();
    fob = sat_fob(&protocol_princeton);
    sat_ask_times(&a, "lock", 3, &fob, 1, ALL);
}

/* The button is in the code itself. */
static void fixed_buttons(void)
{
    begin();
    fob = sat_fob(&protocol_princeton);
    sat_ask_times(&a, "lock", 3, &fob, 1, ALL);
    fob.serial++;
    sat_ask_times(&a, "unlock", 3, &fob, 1, ALL);
}

static void fixed_unasked(void)
{
    begin();
    fob = sat_fob(&protocol_princeton);
    sat_find(&a, &fob);
    sat_send(a.s, &fob, a.t, 1);
    fob.serial++;
    sat_send(a.s, &fob, a.t + 2, 1);
    sat_hop(&a, 5);
}

static void held_for_long(void)
{
    begin();
    fob.copies = 130;
    sat_ask_times(&a, "lock", 1, &fob, 1, ALL);
    fob.copies = 4;
    sat_ask_times(&a, "lock", 2, &fob, 1, ALL);
}

/* 47 CFR 15.231: still there 5 s after it was let go. */
static void sends_on(void)
{
    begin();
    sat_ask_times(&a, "lock", 3, &fob, 1, ALL);
    sitting_stop_asking(a.s, a.t);
    a.t += 6;
    sat_send(a.s, &fob, a.t, 1);
    a.t += 1;
}

static void sends_a_little_on(void)
{
    begin();
    sat_ask_times(&a, "lock", 3, &fob, 1, ALL);
    sitting_stop_asking(a.s, a.t);
    a.t += 2;
    sat_send(a.s, &fob, a.t, 1);
    a.t += 1;
}

static void overload_unread(void)
{
    begin();
    fob.is_overload = true;
    fob.confidence = 0.3;
    ask_both(ALL, ALL);
}

static void overload_read(void)
{
    begin();
    fob.is_overload = true;
    fob.sag_db = 6; /* of clipped levels */
    ask_both(ALL, ALL);
}

static void overload_unheard(void)
{
    begin();
    sitting_overload(a.s);
    ask_both(NONE, NONE);
    sat_control(&a, &other);
}

static void lost(void)
{
    begin();
    ask_both(ALL, ALL);
    sitting_lose(a.s, 1234);
}

/* Lost, and many faults besides. */
static void lost_with_faults(void)
{
    begin();
    fob.sag_db = 9;
    fob.is_frozen = true;
    ask_both(ALL, NONE);
    sitting_lose(a.s, 5);
}

static void one_press(void)
{
    begin();
    sat_ask_times(&a, "lock", 1, &fob, 1, ALL);
}

static void low_cell(void)
{
    begin();
    fob.is_low = true;
    ask_both(ALL, ALL);
}

static void keyed_and_unread(void)
{
    begin();
    for (unsigned i = 0; i < 3; i++) {
        sitting_ask(a.s, a.t, "lock", false);
        sat_find(&a, &fob);
        sat_burst(a.s, &fob, a.t + 0.5, 0.3, 210);
        sat_hop(&a, 3);
    }
}

#define US 315e6
#define EU 433.92e6

static const struct row table[] = {
    { "1 flat cell, nothing", silent, FINDING_SILENT, STATUS_FAULT,
      .said = { "does not transmit", "6 presses", "315.00 MHz", "433.92 MHz",
                "another remote", "measure the cell under load" } },
    { "1 beside a reference", silent_beside_reference, FINDING_SILENT,
      STATUS_FAULT, .has_reference = true,
      .said = { "the other fob was heard", "-52 dBFS would have been read" } },
    { "1 flat cell, bursts break off", cut_off, FINDING_CUT_OFF, STATUS_FAULT,
      .said = { "3 of 6", "measure the cell under load" } },
    { "2 aged cell", sagging, FINDING_SAGGING, STATUS_FAULT,
      .said = { "4.5 dB", "6 presses", "charged", "cell or joint" } },
    { "3 cracked joint", intermittent, FINDING_INTERMITTENT, STATUS_FAULT,
      .said = { "2 of 6 presses were not heard", "flexing", "joint" } },
    { "3 cracked joint, cuts", intermittent_cuts, FINDING_CUT_OFF, STATUS_FAULT,
      .said = { "flex the board", "battery tabs" } },
    { "4 worn button", one_button, FINDING_BUTTON_SILENT, STATUS_FAULT,
      .said = { "unlock was heard on 0 of 3", "lock on 3 of 3",
                "the switch under that button" } },
    { "4 chattering button", chattering_button, FINDING_CUT_OFF, STATUS_FAULT,
      .said = { "unlock" } },
    { "5, 6 no transmitter", silent, FINDING_SILENT, STATUS_FAULT,
      .said = { "LED", "oscillator", "look alike" } },
    { "7 resonator", off_carrier, FINDING_OFF_CARRIER, STATUS_FAULT,
      .market_hz = EU,
      .said = { "-420 kHz", "433.92 MHz", "compare it with the other fob",
                "car's receiver still hears it" } },
    { "7 on band", at_edge_of_band, FINDING_TRANSMITS, STATUS_OK,
      .market_hz = EU },
    { "8 wrong band", healthy, FINDING_WRONG_BAND, STATUS_FAULT,
      .market_hz = US, .said = { "433.930 MHz", "315 MHz" } },
    { "8 wrong band, other way", healthy_at_315, FINDING_WRONG_BAND,
      STATUS_FAULT, .market_hz = EU, .said = { "315.020 MHz", "433.92 MHz" } },
    { "9 band switched", healthy, FINDING_WRONG_BAND, STATUS_FAULT,
      .market_hz = US, .said = { "never press buttons in combination" } },
    { "10 not registered", healthy, FINDING_TRANSMITS, STATUS_OK,
      .said = { "whether the car has learned it", "registration",
                "not tested: whether the car has learned this fob" } },
    { "11 out of step", healthy, FINDING_TRANSMITS, STATUS_OK,
      .said = { "whether their counters agree",
                "not tested: whether the fob's counter" },
      .never = { "out of step" } },
    { "12 learned by accident", healthy, FINDING_TRANSMITS, STATUS_OK,
      .never = { "relearn", "re-learn", "initialis", "gesture" } },
    { "13 receiver", healthy_at_315, FINDING_TRANSMITS, STATUS_OK,
      .market_hz = US,
      .said = { "look at the car", "receiver", "the car's receiver works" } },
    { "14 car ignores fobs", healthy, FINDING_TRANSMITS, STATUS_OK,
      .said = { "key in the lock", "open door" } },
    { "15 interference", interference, FINDING_INTERFERENCE,
      STATUS_INCONCLUSIVE,
      .said = { "others sent for", "test somewhere else" } },
    { "16 short range", weak, FINDING_WEAK, STATUS_INCONCLUSIVE,
      .said = { "0 of 6", "8 dB under", "half a metre", "weak or far away" } },
    { "17 clone", clone, FINDING_TRANSMITS, STATUS_OK,
      .said = { "another each time" } },
    { "17 clone, one code", clone_with_one_code, FINDING_FIXED_CODE,
      STATUS_FAULT, .said = { "same code" } },
    { "short, beside a doubtful one", short_beside_doubtful,
      FINDING_FEW_PRESSES, STATUS_INCONCLUSIVE,
      .said = { "not tested: whether the code" },
      .never = { "same code", "does not roll", "another each time" } },
    { "as long as a doubtful one", as_long_as_doubtful, FINDING_FIXED_CODE,
      STATUS_FAULT, .said = { "3 presses", "same code" } },

    { "carrier without data", carrier_only, FINDING_CARRIER_ONLY, STATUS_FAULT,
      .said = { "433.930 MHz", "chip or its clock", "on the board" } },
    { "buttons alike", buttons_alike, FINDING_BUTTONS_ALIKE, STATUS_FAULT,
      .said = { "lock and unlock", "button code 1", "bridge" } },
    { "frozen", frozen, FINDING_FROZEN, STATUS_FAULT,
      .said = { "3 presses", "same code" } },
    { "frozen in part", frozen_in_part, FINDING_FEW_PRESSES,
      STATUS_INCONCLUSIVE, .never = { "does not change" } },
    { "fixed code", fixed_code, FINDING_FIXED_CODE, STATUS_FAULT,
      .said = { "3 presses", "the same code", "fans and old gates" } },
    { "fixed code, two buttons", fixed_buttons, FINDING_FIXED_CODE,
      STATUS_FAULT, .said = { "6 presses" }, .never = { "0 of 3" } },
    { "fixed code, not asked", fixed_unasked, FINDING_FIXED_CODE, STATUS_FAULT,
      .said = { "does not roll" }, .never = { "another each time" } },
    { "stuck, held", held_for_long, FINDING_STUCK, STATUS_FAULT,
      .said = { "13 s", "free the button" } },
    { "stuck, sends on", sends_on, FINDING_STUCK, STATUS_FAULT,
      .said = { "5 s", "empties its cell" } },
    { "let go of late", sends_a_little_on, FINDING_TRANSMITS, STATUS_OK,
      .never = { "no button" } },
    { "overload", overload_unread, FINDING_OVERLOAD, STATUS_INCONCLUSIVE,
      .said = { "6 of 6", "a metre away", "--gain" } },
    { "overload, read", overload_read, FINDING_TRANSMITS, STATUS_OK,
      .also = FINDING_OVERLOAD, .never = { "sagging" } },
    { "overload, unheard", overload_unheard, FINDING_OVERLOAD,
      STATUS_INCONCLUSIVE, .said = { "1 time" } },
    { "lost", lost, FINDING_LOST, STATUS_LOST,
      .said = { "1234 samples", "repeat" } },
    { "lost with faults", lost_with_faults, FINDING_LOST, STATUS_LOST,
      .said = { "5 samples" }, .never = { "was heard on 0 of" } },
    { "one press", one_press, FINDING_FEW_PRESSES, STATUS_INCONCLUSIVE,
      .said = { "1 press ", "three times", "not tested: whether the code" } },
    { "low cell", low_cell, FINDING_TRANSMITS, STATUS_OK,
      .also = FINDING_LOW_CELL,
      .said = { "cell is low", "replace or charge" } },
    { "unread", keyed_and_unread, FINDING_NO_FRAME, STATUS_INCONCLUSIVE,
      .said = { "3 presses", "come nearer" } },
};

int main(void)
{
    return judge_table(table, sizeof table / sizeof *table);
}
