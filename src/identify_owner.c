/* identify_owner - what the owner's facts tell of the generation.
 *
 *   source  design/DOMAIN.md 3.1, 3.2; shares and certainties: knowledge.json
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/identify_impl.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MONTHS = 12,
    CAR_SHOWN = 60, /* characters of what was typed */
    FCC_MIN = 4,    /* a grantee's code of three and something behind it */
    FCC_MAX = 19,   /* five and fourteen: 47 CFR 2.926 */
};

const struct knowledge_row *identify_car(const struct identify_owner *o,
                                         const struct knowledge *k)
{
    return o->car == NULL ? NULL : knowledge_recognise(k, "car", o->car);
}

static bool buttons(const struct identify_facts *f, const struct knowledge *k,
                    struct evidence *e)
{
    static const char *const values[] = { NULL, "1", "2", "3", "more" };
    const unsigned n = f->owner.buttons;
    const struct knowledge_row *row;

    if (n == 0)
        return false;
    row = knowledge_find(k, "buttons", values[n < 4 ? n : 4]);
    if (!evidence_take(e, row))
        return false;
    evidence_say(e, "%s", row->says);
    return true;
}

static bool cell(const struct identify_facts *f, const struct knowledge *k,
                 struct evidence *e)
{
    const struct knowledge_row *row;

    if (f->owner.cell == CELL_UNKNOWN)
        return false;
    row = knowledge_find(k, "cell",
                         f->owner.cell == CELL_COIN ? "coin" : "sealed");
    if (!evidence_take(e, row))
        return false;
    evidence_say(e, "%s", row->says);
    return true;
}

static bool sticker(const struct identify_facts *f, const struct knowledge *k,
                    struct evidence *e)
{
    static const char *const values[] = {
        [STICKER_CHECK_NONE] = "digits",
        [STICKER_CHECK_RIGHT] = "label_right",
        [STICKER_CHECK_WRONG] = "label_wrong",
    };
    const struct identify_owner *o = &f->owner;
    const struct knowledge_row *row;

    if (!o->has_sticker && !o->has_no_sticker)
        return false;
    row = knowledge_find(k, "sticker",
                         o->has_sticker ? values[o->sticker.check] : "none");
    if (!evidence_take(e, row))
        return false;
    evidence_say(e, "%s", row->says);
    return true;
}

/* Whether the label was typed rightly; what it weighs is in the item before. */
static bool sticker_check(const struct identify_facts *f,
                          const struct knowledge *k, struct evidence *e)
{
    const struct identify_owner *o = &f->owner;
    const struct knowledge_row *row;

    if (!o->has_sticker || o->sticker.check == STICKER_CHECK_NONE)
        return false;
    row = knowledge_find(k, "sticker_check",
                         o->sticker.check == STICKER_CHECK_RIGHT ? "right"
                                                                 : "wrong");
    if (!evidence_take(e, row))
        return false;
    evidence_say(e, "%s", row->says);
    return true;
}

static bool car(const struct identify_facts *f, const struct knowledge *k,
                struct evidence *e)
{
    const struct knowledge_row *row = identify_car(&f->owner, k);

    if (!evidence_take(e, row))
        return false;
    evidence_say(e, "\"%.*s\": %s", CAR_SHOWN, f->owner.car, row->says);
    return true;
}

/* The year in "MINI R53 2004"; 0: there is none. */
static unsigned year_in(const char *text)
{
    size_t n;

    for (; *text != '\0'; text += n) {
        n = strspn(text, "0123456789");
        if (n == 4 &&
            (strncmp(text, "19", 2) == 0 || strncmp(text, "20", 2) == 0))
            return (unsigned)strtoul(text, NULL, 10);
        if (n == 0)
            n = isalnum((unsigned char)*text)
                    ? strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789")
                    : 1;
    }
    return 0;
}

/* A year without its month is all of it: too near if any of its months is. */
static const char *built_value(unsigned year, unsigned month,
                               const struct knowledge *k)
{
    const double change = knowledge_number(k, "change_year") * MONTHS +
                          knowledge_number(k, "change_month");
    const double within = knowledge_number(k, "change_uncertain_months");
    const bool is_month = month >= 1 && month <= MONTHS;
    const double first = year * MONTHS + (is_month ? month : 1);
    const double last = year * MONTHS + (is_month ? month : MONTHS);

    if (year < knowledge_number(k, "mini_since_year"))
        return "before_mini";
    if (year >= knowledge_number(k, "later_since_year"))
        return "later";
    return last < change - within    ? "before"
           : first > change + within ? "after"
                                     : "near";
}

/* The change was of MINIs, and an R52 tells of it already. */
static bool is_built_implied(const struct knowledge_row *car_row)
{
    return car_row != NULL && strcmp(car_row->value, "mini_first") != 0 &&
           strcmp(car_row->value, "mini") != 0;
}

static bool built(const struct identify_facts *f, const struct knowledge *k,
                  struct evidence *e)
{
    const struct identify_owner *o = &f->owner;
    const struct knowledge_row *row;
    unsigned year = o->built_year, month = o->built_month;
    char when[32] = "";

    if (year == 0 && o->car != NULL) {
        year = year_in(o->car);
        month = 0;
    }
    if (year == 0)
        return false;
    row = knowledge_find(k, "built", built_value(year, month, k));
    if (!evidence_take(e, row))
        return false;
    if (month >= 1 && month <= MONTHS)
        snprintf(when, sizeof when, "%02u/", month);
    evidence_say(e, "a car of %s%u: %s", when, year, row->says);
    if (is_built_implied(identify_car(o, k)))
        evidence_implied(e, "the car itself tells more than its date");
    return true;
}

/* Letters and digits alone, at most FCC_MAX of them; false: that is no FCC ID. */
static bool fcc_plain(const char *text, char id[FCC_MAX + 1])
{
    size_t n = 0;

    for (; *text != '\0'; text++) {
        if (!isalnum((unsigned char)*text))
            continue;
        if (n == FCC_MAX)
            return false;
        id[n++] = (char)toupper((unsigned char)*text);
    }
    id[n] = '\0';
    return n >= FCC_MIN;
}

static bool fcc(const struct identify_facts *f, const struct knowledge *k,
                struct evidence *e)
{
    const struct knowledge_row *row;
    char id[FCC_MAX + 1];

    if (f->owner.fcc == NULL || !fcc_plain(f->owner.fcc, id))
        return false;
    row = knowledge_recognise(k, "fcc", id);
    if (row == NULL)
        row = knowledge_find(k, "fcc", "other");
    if (!evidence_take(e, row))
        return false;
    evidence_say(e, "FCC ID %s: %s", id, row->says);
    return true;
}

/* clang-format off */
const struct identify_item identify_owner_items[] = {
    { "buttons", buttons },
    { "cell", cell },
    { "sticker", sticker },
    { "sticker_check", sticker_check },
    { "car", car },
    { "built", built },
    { "fcc", fcc },
    { NULL, NULL },
};
/* clang-format on */
