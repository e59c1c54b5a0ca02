/* finding - one thing that a sitting says of a fob: what kinds there are, what each
 * is called, what it cannot tell and what to do about it.
 *
 *   source  failure modes and their evidence: design/DOMAIN.md 4
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_FINDING_H
#define SRC_FINDING_H

#include <stdbool.h>

/* In the order in which they make the headline: the first that was found does. */
enum finding_kind {
    FINDING_LOST,          /* samples */
    FINDING_STUCK,         /* it sends when no button is pressed */
    FINDING_CARRIER_ONLY,  /* a carrier without data */
    FINDING_CUT_OFF,       /* its bursts break off */
    FINDING_SAGGING,       /* its level falls during a press */
    FINDING_BUTTON_SILENT, /* one button, others are heard */
    FINDING_BUTTONS_ALIKE, /* two buttons send the same */
    FINDING_INTERMITTENT,  /* some presses are heard, some are not */
    FINDING_WRONG_BAND,    /* for the market */
    FINDING_OFF_CARRIER,   /* far from where such fobs are */
    FINDING_FROZEN,        /* a rolling code that does not roll */
    FINDING_SILENT,        /* with proof */
    FINDING_FIXED_CODE,    /* a format without a rolling code */
    FINDING_OVERLOAD,
    FINDING_INTERFERENCE,
    FINDING_NOTHING_HEARD, /* without proof that it is silent */
    FINDING_NOT_A_FOB,     /* what was heard is no answer to presses */
    FINDING_NO_FRAME,      /* keyed, and no frame could be read */
    FINDING_WEAK,
    FINDING_FEW_PRESSES,
    FINDING_TRANSMITS, /* as it should */
    FINDING_ROLLING,   /* the code changes with each press */
    FINDING_LOW_CELL,  /* the fob says so itself */
    FINDING_OTHERS,    /* other transmitters were heard */
    FINDINGS
};

enum finding_weight {
    WEIGHT_FACT,  /* neither good nor bad */
    WEIGHT_GOOD,  /* the fob does what it should */
    WEIGHT_DOUBT, /* nothing can be concluded */
    WEIGHT_FAULT,
};

#define FINDING_TEXT 400

struct finding {
    enum finding_kind kind;
    enum finding_weight weight;
    char evidence[FINDING_TEXT]; /* what was measured */
    const char *cannot;          /* what that does not tell; NULL: nothing */
    const char *advice;          /* NULL: none */
};

/* Fills in all but the evidence. */
void finding_init(struct finding *x, enum finding_kind kind);

/* "The fob does not transmit."; "": it makes no headline. */
const char *finding_headline(enum finding_kind kind);

/* "silent", "button_silent" ...: for JSON, never renamed. */
const char *finding_name(enum finding_kind kind);

/* "fact", "good", "doubt", "fault". */
const char *finding_weight_name(enum finding_weight weight);

/* Whether a makes the headline rather than b: lost samples, then what weighs more,
 * then by kind. */
bool finding_goes_before(const struct finding *a, const struct finding *b);

#endif
