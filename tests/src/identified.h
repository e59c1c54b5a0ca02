/* identified - short rows of facts of a fob, for tests of identify.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_IDENTIFIED_H
#define TESTS_SRC_IDENTIFIED_H

#include <math.h>
#include <string.h>

#include "src/identify.h"

extern const struct protocol protocol_hcs200, protocol_hcs361, protocol_hcs362,
    protocol_princeton, protocol_siemens_5wy72xx, protocol_continental_kr5v2x,
    protocol_hitag2_rke;

enum sticker_said { NOT_SAID, NO_STICKER, DIGITS, LABEL_RIGHT, LABEL_WRONG };
enum sticker_heard { NOT_LOOKED, HIT, MISS, FEW };

/* Zero: not said, not heard. */
struct told {
    /* the owner's */
    unsigned buttons;
    enum cell cell;
    enum sticker_said sticker;
    const char *car, *market, *fcc;
    unsigned year, month;
    /* heard */
    double mhz, spread_khz;
    bool is_harmonic;
    const char *modulation; /* "ook", "fsk" */
    const char *code;       /* "pwm", "manchester", "diff" */
    const struct protocol *protocol;
    bool is_proven;
    enum truth is_rolling;
    unsigned actions;
    enum sticker_heard heard;
    double chance; /* of a hit */
    /* one comparison: how likely the other is each generation */
    const double *like;
    bool is_same;
};

static inline enum line_kind identified_kind(const char *code)
{
    return strcmp(code, "pwm") == 0          ? LINE_PWM
           : strcmp(code, "manchester") == 0 ? LINE_MANCHESTER
                                             : LINE_DIFF_MANCHESTER;
}

static inline struct identify_owner identified_owner(const struct told *t)
{
    static const enum sticker_check checks[] = {
        [NOT_SAID] = STICKER_CHECK_NONE,
        [NO_STICKER] = STICKER_CHECK_NONE,
        [DIGITS] = STICKER_CHECK_NONE,
        [LABEL_RIGHT] = STICKER_CHECK_RIGHT,
        [LABEL_WRONG] = STICKER_CHECK_WRONG,
    };

    return (struct identify_owner){
        .buttons = t->buttons,
        .cell = t->cell,
        .has_sticker = t->sticker >= DIGITS,
        .has_no_sticker = t->sticker == NO_STICKER,
        .sticker = { .text = "3FAC55",
                     .code = { { 0x3fac55, 24 } },
                     .n_codes = 1,
                     .check = checks[t->sticker] },
        .car = t->car,
        .market = t->market,
        .fcc = t->fcc,
        .built_year = t->year,
        .built_month = t->month,
    };
}

static inline struct identify_facts identified_facts(const struct told *t)
{
    struct identify_facts f = {
        .owner = identified_owner(t),
        .radio = {
            .presses = 10,
            .with_frame = t->code != NULL ? 9 : 0,
            .carrier_hz = t->mhz > 0 ? t->mhz * 1e6 : NAN,
            .carrier_spread_hz = t->spread_khz > 0 ? t->spread_khz * 1e3 : NAN,
            .is_harmonic = t->is_harmonic,
            .has_modulation = t->modulation != NULL,
            .has_code = t->code != NULL,
            .protocol = t->protocol,
            .is_proven = t->is_proven,
            .is_rolling = t->is_rolling,
            .actions = t->actions,
            .has_sticker_result = t->heard != NOT_LOOKED,
            .sticker = { .is_hit = t->heard == HIT,
                         .presses = t->heard == FEW ? 2 : 9,
                         .with_code = t->heard == HIT ? 9 : 0,
                         .transform = STICKER_INVERTED,
                         .at = 12,
                         .code = { 0x3fac55, 24 },
                         .chance = t->heard == HIT ? t->chance : 1 },
        },
    };

    if (t->modulation != NULL && strcmp(t->modulation, "fsk") == 0)
        f.radio.modulation = MODULATION_FSK;
    if (t->code != NULL)
        f.radio.kind = identified_kind(t->code);
    if (t->like != NULL) {
        f.like[f.n_likes].name = "a3f09c11d2";
        f.like[f.n_likes].is_same_family = t->is_same;
        f.like[f.n_likes].why = "bit time, length and preamble";
        f.like[f.n_likes].is_known = true;
        memcpy(f.like[f.n_likes++].generation, t->like,
               sizeof f.like[0].generation);
    }
    return f;
}

#endif
