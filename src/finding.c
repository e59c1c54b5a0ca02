/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/finding.h"

#include <stddef.h>

static const struct {
    const char *name, *headline;
    enum finding_weight weight;
    const char *cannot, *advice;
} kinds[FINDINGS] = {
    [FINDING_LOST] = { "samples_lost",
                       "Samples were lost: the result cannot be trusted.",
                       WEIGHT_DOUBT, NULL,
                       "close other programs, use another USB port or a lower "
                       "--rate, and "
                       "repeat" },
    [FINDING_STUCK] = { "stuck", "The fob sends while no button is pressed.",
                        WEIGHT_FAULT,
                        "whether the switch, its rubber or the board keeps it "
                        "on",
                        "free the button or replace its switch; a fob that "
                        "always sends "
                        "empties its cell" },
    [FINDING_CARRIER_ONLY] = { "carrier_only",
                               "The fob sends a carrier without data.",
                               WEIGHT_FAULT,
                               "whether its chip or its clock is at fault",
                               "look for missing or broken parts on the "
                               "board" },
    [FINDING_CUT_OFF] = { "cut_off", "The fob's bursts break off.",
                          WEIGHT_FAULT, "cell, joint and switch look alike",
                          "measure the cell under load; flex the board gently "
                          "and repeat; "
                          "resolder the battery tabs" },
    [FINDING_SAGGING] = { "sagging", "The fob gets weaker while it sends.",
                          WEIGHT_FAULT, "whether cell or joint gives way",
                          "a new cell, or a charged one, first; then the "
                          "battery tabs" },
    [FINDING_BUTTON_SILENT] = { "button_silent",
                                "One button does not send, another does.",
                                WEIGHT_FAULT, NULL,
                                "the switch under that button" },
    [FINDING_BUTTONS_ALIKE] = { "buttons_alike",
                                "Two buttons send the same code.", WEIGHT_FAULT,
                                "whether the switches are bridged or the other "
                                "button was pressed",
                                "repeat with care; then look for a bridge "
                                "between the switches" },
    [FINDING_INTERMITTENT] = { "intermittent",
                               "The fob sends on some presses only.",
                               WEIGHT_FAULT,
                               "whether a joint or a worn switch is at fault",
                               "repeat while flexing the board gently" },
    [FINDING_WRONG_BAND] = { "wrong_band",
                             "The fob sends in another band than the car "
                             "listens to.",
                             WEIGHT_FAULT, NULL,
                             "a fob for the car's market; never press buttons "
                             "in combination to "
                             "switch bands" },
    [FINDING_OFF_CARRIER] = { "off_carrier",
                              "The fob's carrier is far from its band's "
                              "middle.",
                              WEIGHT_FAULT,
                              "how far off the car's receiver still hears it",
                              "compare it with the other fob: a difference is "
                              "its resonator's" },
    [FINDING_FROZEN] = { "not_rolling", "The fob's code does not change.",
                         WEIGHT_FAULT, "whether the car would take it",
                         "a rolling code must change with each press: the chip "
                         "is at fault" },
    [FINDING_SILENT] = { "silent", "The fob does not transmit.", WEIGHT_FAULT,
                         "cell, joint, switch, oscillator and transmitter look "
                         "alike",
                         "measure the cell under load; if an LED lights, cell "
                         "and logic are "
                         "alive and the transmitter is not" },
    [FINDING_FIXED_CODE] = { "fixed_code",
                             "It transmits a fixed code, which does not roll.",
                             WEIGHT_FAULT,
                             "whether it should: fans and old gates do",
                             "a car's fob must not have one" },
    [FINDING_OVERLOAD] = { "overload",
                           "Too strong to judge: the receiver is overloaded.",
                           WEIGHT_DOUBT, NULL,
                           "move the fob a metre away, or lower --gain" },
    [FINDING_INTERFERENCE] = { "interference",
                               "Something else keeps the band busy.",
                               WEIGHT_DOUBT,
                               "whether it disturbs the car's receiver too",
                               "find it, or test somewhere else" },
    [FINDING_NOTHING_HEARD] = { "nothing_heard",
                                "Nothing was heard, and it is not proven that "
                                "a fob "
                                "would have been.",
                                WEIGHT_DOUBT, NULL,
                                "press another remote that works: when it is "
                                "heard here, so would the "
                                "fob be" },
    [FINDING_NOT_A_FOB] = { "not_a_fob",
                            "It cannot be told whether what was heard is a "
                            "fob.",
                            WEIGHT_DOUBT, NULL,
                            "press a button while it listens, three times or "
                            "more" },
    [FINDING_NO_FRAME] = { "no_frame",
                           "It transmits data that could not be read.",
                           WEIGHT_DOUBT,
                           "whether its format is unknown or its signal "
                           "damaged",
                           "come nearer, and repeat; compare it with a fob "
                           "that works" },
    [FINDING_WEAK] = { "weak", "Too weak to judge.", WEIGHT_DOUBT,
                       "whether the fob is weak or far away",
                       "lay it half a metre from the antenna, and repeat" },
    [FINDING_FEW_PRESSES] = { "few_presses",
                              "It transmits; too few presses to say more.",
                              WEIGHT_DOUBT, NULL,
                              "press each button three times" },
    [FINDING_TRANSMITS] = { "transmits", "The fob transmits as it should.",
                            WEIGHT_GOOD,
                            "whether the car has learned it, whether their "
                            "counters agree, whether "
                            "the car's receiver works",
                            "if the car ignores it, look at the car: key in "
                            "the lock, open door, "
                            "registration, receiver" },
    [FINDING_ROLLING] = { "rolling", "", WEIGHT_GOOD, NULL, NULL },
    [FINDING_LOW_CELL] = { "low_cell", "", WEIGHT_FACT, NULL,
                           "replace or charge the cell soon" },
    [FINDING_OTHERS] = { "others", "", WEIGHT_FACT, "whose they are", NULL },
};

const char *finding_name(enum finding_kind kind)
{
    return kinds[kind].name;
}

const char *finding_weight_name(enum finding_weight weight)
{
    static const char *const names[] = { "fact", "good", "doubt", "fault" };

    return names[weight];
}

void finding_init(struct finding *x, enum finding_kind kind)
{
    *x = (struct finding){ .kind = kind,
                           .weight = kinds[kind].weight,
                           .cannot = kinds[kind].cannot,
                           .advice = kinds[kind].advice };
}

const char *finding_headline(enum finding_kind kind)
{
    return kinds[kind].headline;
}

bool finding_goes_before(const struct finding *a, const struct finding *b)
{
    const bool is_lost = a->kind == FINDING_LOST;

    if (is_lost != (b->kind == FINDING_LOST))
        return is_lost;
    return a->weight != b->weight ? a->weight > b->weight : a->kind < b->kind;
}
