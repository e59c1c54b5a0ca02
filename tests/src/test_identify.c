/* test_identify - which generation, by what; and what cannot be told.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/src/identified.h"
#include "tests/src/known.h"

enum { WORDS = 4, ROOM = 16384 };
#define UNDECIDED GENERATIONS

static const double rover_fob[] = { 0.96, 0.01, 0.03 };
static const double e46_fob[] = { 0.01, 0.96, 0.03 };

struct row {
    const char *name;
    struct told told;
    enum generation is;    /* or UNDECIDED */
    enum generation never; /* GENERATION_*: is not the best; 0: any */
    const char *said[WORDS];
};

/* clang-format off */
#define ROVER GENERATION_ROVER
#define E46 GENERATION_E46
#define NEITHER GENERATION_NEITHER
#define RADIO_433 .mhz = 433.95, .spread_khz = 20, .modulation = "ook", .code = "manchester", .is_rolling = TRUTH_YES, .actions = 2

static const struct row rows[] = {
    /* nothing, and radio alone */
    { "nothing at all", { 0 }, UNDECIDED, 0,
      { "Nothing is known", "how many buttons" } },
    { "433.92 MHz, OOK, unknown format", { RADIO_433 }, UNDECIDED, 0,
      { "cannot be told from radio alone", "so the band tells nothing", "how either fob is modulated is not public", "no known format" } },
    { "433.92 MHz, FSK", { .mhz = 433.9, .modulation = "fsk" }, UNDECIDED, 0,
      { "cannot be told from radio alone" } },
    { "315 MHz, OOK, unknown format", { .mhz = 315.03, .modulation = "ook", .code = "pwm", .is_rolling = TRUTH_YES }, UNDECIDED, 0,
      { "cannot be told from radio alone", "315.03 MHz: both generations" } },
    { "differential Manchester, as the Discovery II's", { .mhz = 433.9, .modulation = "ook", .code = "diff", .is_rolling = TRUTH_YES }, UNDECIDED, 0,
      { "differential Manchester, as a fob of the Land Rover Discovery II looked" } },
    { "868 MHz, FSK", { .mhz = 868.35, .spread_khz = 20, .modulation = "fsk" }, NEITHER, 0,
      { "Neither of the two MINI fobs", "868 MHz is of later" } },
    { "868 MHz, FSK, all of it", { .mhz = 868.3, .spread_khz = 20, .modulation = "fsk", .code = "manchester", .is_rolling = TRUTH_YES, .actions = 2 }, NEITHER, 0, { NULL } },
    { "867.84 MHz with its fundamental", { .mhz = 867.84, .is_harmonic = true, .modulation = "fsk" }, UNDECIDED, 0,
      { "433.92 MHz: both generations", "867.84 MHz: twice the carrier", "cannot be told from radio alone" } },
    { "867.84 MHz alone", { .mhz = 867.84, .modulation = "ook" }, UNDECIDED, 0,
      { "listen there" } },
    { "868 MHz, modulation not known", { .mhz = 868.35 }, UNDECIDED, 0, { "listen there" } },
    { "somewhere else", { .mhz = 390 }, UNDECIDED, 0, { "in no band" } },
    { "433.92 MHz in its market", { RADIO_433, .market = "eu" }, UNDECIDED, 0, { "433.92 MHz is the band of fobs for Europe" } },
    { "a fixed code of no known format", { .mhz = 433.92, .modulation = "ook", .code = "pwm", .is_rolling = TRUTH_NO }, UNDECIDED, 0,
      { "unless they are faulty" } },
    { "three codes", { .mhz = 433.9, .modulation = "ook", .code = "manchester", .actions = 3 }, UNDECIDED, ROVER,
      { "3 distinct button codes: so many has hardware of three buttons" } },
    { "one code", { .actions = 1 }, UNDECIDED, 0, { "1 distinct button code: that proves only" } },
    { "exactly centred", { .mhz = 433.921, .spread_khz = 2, .modulation = "ook" }, UNDECIDED, 0,
      { "rather a board of another maker, of either generation" } },

    /* known formats */
    { "KeeLoq-style, proven", { .mhz = 433.9, .modulation = "ook", .code = "pwm", .protocol = &protocol_hcs200, .is_proven = true, .is_rolling = TRUTH_YES }, UNDECIDED, 0,
      { "hcs200: a KeeLoq-style frame, which many makers of cars and gates share" } },
    { "KeeLoq-style, plausible", { .mhz = 433.9, .modulation = "ook", .code = "pwm", .protocol = &protocol_hcs361, .is_rolling = TRUTH_YES }, UNDECIDED, 0,
      { "hcs361: it has the shape of a known format, with nothing to prove it" } },
    { "Princeton", { .mhz = 433.9, .modulation = "ook", .code = "pwm", .protocol = &protocol_princeton, .is_proven = true, .is_rolling = TRUTH_NO }, NEITHER, 0,
      { "a fixed code of gates", "not counted: it goes with the format" } },
    { "Siemens", { .mhz = 315, .modulation = "ook", .code = "manchester", .protocol = &protocol_siemens_5wy72xx, .is_proven = true, .is_rolling = TRUTH_YES }, NEITHER, 0, { "checksum holds" } },
    { "Continental", { .mhz = 313.8, .modulation = "fsk", .code = "manchester", .protocol = &protocol_continental_kr5v2x, .is_proven = true, .is_rolling = TRUTH_YES }, NEITHER, 0, { NULL } },
    { "Hitag2", { .mhz = 433.9, .modulation = "ook", .code = "manchester", .protocol = &protocol_hitag2_rke, .is_proven = true, .is_rolling = TRUTH_YES }, UNDECIDED, ROVER, { "a Hitag2 frame" } },

    /* what the owner sees */
    { "two buttons", { .buttons = 2 }, UNDECIDED, E46, { "two buttons", "cannot be told from what is known", "whether its cell" } },
    { "two buttons, coin cell", { .buttons = 2, .cell = CELL_COIN }, UNDECIDED, E46, { "which car it is for" } },
    { "two buttons, coin cell, a MINI", { .buttons = 2, .cell = CELL_COIN, .car = "MINI R53" }, ROVER, 0, { "MINI 2-button fob of the Rover era: 9", "may have either fob" } },
    { "two buttons, coin cell, code", { .buttons = 2, .cell = CELL_COIN, .sticker = DIGITS }, ROVER, 0, { "MINI 2-button fob of the Rover era: 9" } },
    { "two buttons, MINI of 2003", { .buttons = 2, .car = "MINI R53 2003" }, ROVER, 0, { "a car of 2003: before the change" } },
    { "all of the Rover era", { .buttons = 2, .cell = CELL_COIN, .sticker = LABEL_RIGHT, .car = "MINI R50", .year = 2002, .month = 5, .fcc = "LX8 765S", RADIO_433 }, ROVER, 0, { "FCC ID LX8765S: listed", "it was typed as printed", "98 %", "1 time in 50" } },
    { "a label that was typed wrong", { .buttons = 2, .cell = CELL_COIN, .sticker = LABEL_WRONG, .car = "MINI" }, ROVER, 0, { "a typing error, or the label of a cloning tool" } },
    { "three buttons", { .buttons = 3 }, UNDECIDED, ROVER, { NULL } },
    { "three buttons, sealed", { .buttons = 3, .cell = CELL_SEALED }, E46, 0, { "MINI 3-button fob of the BMW E46 style: 9", "charged in the lock" } },
    { "three buttons, coin cell", { .buttons = 3, .cell = CELL_COIN }, UNDECIDED, ROVER, { NULL } },
    { "three buttons, sealed, R52", { .buttons = 3, .cell = CELL_SEALED, .car = "R52", .year = 2005, .month = 6 }, E46, 0, { "not counted: the car itself tells more" } },
    { "two buttons, but sealed", { .buttons = 2, .cell = CELL_SEALED }, UNDECIDED, 0, { "contradicts itself", "two buttons", "a sealed shell" } },
    { "a MINI of 2003-12", { .car = "MINI Cooper S R53", .year = 2003, .month = 12 }, UNDECIDED, NEITHER, { "Rover era 8",  "a car of 12/2003: before" } },
    { "a MINI of 2005-06", { .car = "MINI Cooper S R53", .year = 2005, .month = 6 }, UNDECIDED, NEITHER, { "E46 style 8",  "a car of 06/2005: after" } },
    { "a MINI of 2004-07", { .car = "MINI Cooper S R53", .year = 2004, .month = 7 }, UNDECIDED, NEITHER, { "too near the change" } },
    { "a MINI of 2004", { .car = "MINI R53 2004" }, UNDECIDED, NEITHER, { "a car of 2004: too near the change" } },
    { "built 1999", { .year = 1999 }, UNDECIDED, 0, { "before the MINI of 2001: it tells nothing" } },
    { "two buttons, 2003-12", { .buttons = 2, .car = "MINI R53", .year = 2003, .month = 12 }, ROVER, 0, { NULL } },
    { "three buttons, 2005-06", { .buttons = 3, .car = "MINI R53", .year = 2005, .month = 6 }, E46, 0, { NULL } },
    { "two buttons, coin cell, 2004-07", { .buttons = 2, .cell = CELL_COIN, .year = 2004, .month = 7 }, UNDECIDED, E46, { "too near the change" } },
    { "three buttons, coin cell, 2005", { .buttons = 3, .cell = CELL_COIN, .car = "MINI R50", .year = 2005 }, UNDECIDED, NEITHER, { "E46 style 8" } },
    { "a BMW's", { .buttons = 3, .cell = CELL_SEALED, .car = "BMW E46 2002" }, E46, 0, { "3-button fob of the BMW E46 style: 9", "not counted: the car" } },
    { "a Rover's", { .buttons = 2, .cell = CELL_COIN, .sticker = DIGITS, .car = "Rover 75" }, ROVER, 0, { "2-button fob of the Rover family: 9" } },
    { "a later MINI's", { .car = "MINI R56", .year = 2008, .month = 1 }, NEITHER, 0, { "a later MINI, which has neither fob" } },
    { "a later MINI's at 868", { .car = "MINI R56", .mhz = 868.3, .modulation = "fsk" }, NEITHER, 0, { NULL } },
    { "another maker's", { .car = "VW Golf", .cell = CELL_COIN }, NEITHER, 0, { "another maker's car" } },
    { "one button", { .buttons = 1 }, UNDECIDED, 0, { "neither MINI fob has so few" } },
    { "five buttons, coin cell", { .buttons = 5, .cell = CELL_COIN }, NEITHER, 0, { "neither MINI fob has so many" } },
    { "an FCC ID", { .fcc = "LX8FZV", .buttons = 3, .cell = CELL_SEALED }, E46, 0, { "FCC ID LX8FZV: of the BMW fob" } },
    { "an FCC ID of others", { .fcc = "KR5V2X" }, UNDECIDED, 0, { "FCC ID KR5V2X: not known of either fob" } },
    { "no FCC ID", { .fcc = "--?", .car = "my car" }, UNDECIDED, 0, { "Nothing is known" } },
    { "a board without a code", { .buttons = 2, .sticker = NO_STICKER }, UNDECIDED, E46, { "no code on the board" } },

    /* what is seen outranks what is heard */
    { "seen and heard alike", { .buttons = 3, .cell = CELL_SEALED, RADIO_433 }, E46, 0, { NULL } },
    { "three buttons and three codes", { .buttons = 3, .cell = CELL_SEALED, .actions = 3 }, E46, 0, { "not counted: the owner has counted" } },
    { "two buttons, three codes", { .buttons = 2, .cell = CELL_COIN, .actions = 3 }, UNDECIDED, 0, { "hardware of three buttons" } },
    { "wrong market", { .buttons = 2, .cell = CELL_COIN, .car = "MINI R53", .market = "us", RADIO_433 }, ROVER, 0,
      { "it sends at 433.95 MHz, but fobs for the USA are made for 315.00 MHz" } },
    { "market not known", { .buttons = 3, .cell = CELL_SEALED, .market = "jp", RADIO_433 }, E46, 0, { NULL } },
    { "KeeLoq-style, of three sealed buttons", { .buttons = 3, .cell = CELL_SEALED, .protocol = &protocol_hcs200, .is_proven = true, .code = "pwm" }, UNDECIDED, ROVER, { NULL } },

    /* the code on the board */
    { "code found", { .sticker = DIGITS, .heard = HIT, .chance = 1e-6, RADIO_433 }, ROVER, 0,
      { "stands in what the fob sends", "at bit 12 of 9 presses", "inverted", "MINI 2-button fob of the Rover era: over 99 %" } },
    { "code found, likely by chance", { .sticker = DIGITS, .heard = HIT, .chance = 0.5, RADIO_433 }, UNDECIDED, 0, { NULL } },
    { "code not found", { .sticker = DIGITS, .heard = MISS, RADIO_433 }, UNDECIDED, E46, { "it may be scrambled there: that tells nothing" } },
    { "too few presses", { .sticker = DIGITS, .heard = FEW, RADIO_433 }, UNDECIDED, E46, { "too few presses" } },
    { "code not found, two buttons, MINI", { .buttons = 2, .cell = CELL_COIN, .car = "MINI R53", .sticker = DIGITS, .heard = MISS, RADIO_433 }, ROVER, 0, { NULL } },
    { "code found, but three buttons and sealed", { .buttons = 3, .cell = CELL_SEALED, .sticker = DIGITS, .heard = HIT, .chance = 1e-6 }, ROVER, 0, { "though some of what is known speaks against it", "a sealed shell", "stands in what the fob sends" } },

    /* another fob */
    { "as a known 3-button fob", { RADIO_433, .like = e46_fob, .is_same = true }, UNDECIDED, ROVER,
      { "same family as a3f09c11d2, by its owner's word: MINI 3-button fob", "bit time, length and preamble" } },
    { "as a known 3-button fob, and three buttons", { .buttons = 3, .like = e46_fob, .is_same = true }, E46, 0, { NULL } },
    { "as a known 2-button fob, and a MINI", { .car = "MINI", .like = rover_fob, .is_same = true }, ROVER, 0, { NULL } },
    { "unlike a known 2-button fob", { RADIO_433, .like = rover_fob }, UNDECIDED, ROVER, { "another family than a3f09c11d2" } },
};
/* clang-format on */

/* All that is said: the conclusion and the findings, in lines. */
static const char *all_said(const struct identification *id)
{
    static char text[ROOM];
    char conclusion[IDENTIFY_TEXT];
    size_t n = (size_t)snprintf(
        text, sizeof text, "%s\n",
        identify_conclusion(id, conclusion, sizeof conclusion));

    assert_true(strlen(conclusion) < sizeof conclusion - 1);
    for (size_t i = 0; i < id->n; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s\n",
                              id->evidence[i].finding);
    assert_true(n < sizeof text);
    return text;
}

static void check_row(const struct row *row)
{
    const struct identify_facts f = identified_facts(&row->told);
    struct identification id;
    const char *text;
    double sum = 0;

    identify_judge(&id, &f, k);
    text = all_said(&id);
    for (size_t g = 0; g < GENERATIONS; g++)
        sum += id.probability[g];
    assert_true(fabs(sum - 1) < 1e-9);
    if (id.is_decidable != (row->is != UNDECIDED) ||
        (id.is_decidable && id.best != row->is) ||
        (row->never != 0 && id.best == row->never))
        fail_msg("%s: %s %.4f %.4f %.4f\n%s", row->name,
                 id.is_decidable ? "decided" : "undecided", id.probability[0],
                 id.probability[1], id.probability[2], text);
    for (size_t i = 0; i < WORDS && row->said[i] != NULL; i++)
        if (strstr(text, row->said[i]) == NULL)
            fail_msg("%s: \"%s\" is not in\n%s", row->name, row->said[i], text);
}

static void each_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row),
    };

    return cmocka_run_group_tests(tests, open_knowledge, close_knowledge);
}
