/* compare_conclude - what a comparison comes to, in one sentence; what follows from
 * it; what was not tested.
 *
 * Radio cannot prove that a fob is registered, that its counter is in step, or that
 * the car's receiver is at fault: "consistent with" is the most that is said.
 *
 *   source  design/DOMAIN.md 4, rows 10 to 17
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include "src/compare_impl.h"

static const struct compare_row *row_of(const struct compare_run *r,
                                        const char *name)
{
    return compare_find(r->c, name);
}

static enum compare_relation find_relation(const struct compare_run *r)
{
    const struct compare_row *format = row_of(r, "format");
    const struct compare_row *identity = row_of(r, "identity");

    if (identity != NULL && identity->answer == COMPARE_SAME)
        return RELATION_SAME_FOB;
    if (format->answer == COMPARE_OPEN)
        return RELATION_UNKNOWN;
    return format->answer == COMPARE_SAME ? RELATION_SAME_FAMILY
                                          : RELATION_OTHER_FAMILY;
}

/* The titles of what is noted, with commas: what matters, or what does not. How
 * many. The same number is no difference. */
static size_t list_noted(const struct compare_run *r, bool matters, char *text,
                         size_t room)
{
    size_t n = 0, at = 0;

    text[0] = '\0';
    for (size_t i = 0; i < r->c->n; i++) {
        const struct compare_row *row = &r->c->row[i];

        if (!compare_is_noted(row) || row->answer != COMPARE_OTHER ||
            row->matters != matters)
            continue;
        if (at < room)
            at += (size_t)snprintf(text + at, room - at, "%s%s",
                                   n > 0 ? ", " : "", row->title);
        n++;
    }
    return n;
}

static enum finding_weight weight_of(const struct compare_fob *x)
{
    return x->verdict->finding[0].weight;
}

static bool is_healthy(const struct compare_fob *x)
{
    return x->verdict->status == STATUS_OK;
}

static void conclude(struct compare_run *r, enum status status,
                     const char *conclusion, const char *follows)
{
    r->c->status = status;
    snprintf(r->c->conclusion, sizeof r->c->conclusion, "%s", conclusion);
    snprintf(r->c->follows, sizeof r->c->follows, "%s", follows);
}

/* Nothing to compare. False: there is. */
static bool conclude_nothing(struct compare_run *r)
{
    const struct facts *a = &r->a->subject->facts, *b = &r->b->subject->facts;

    if (r->a->subject->sitting->lost > 0 || r->b->subject->sitting->lost > 0)
        conclude(r, STATUS_LOST,
                 "Samples were lost: the comparison cannot be trusted.",
                 "Another USB port or a lower rate, and again.");
    else if (a->presses == 0 && b->presses == 0)
        conclude(r, STATUS_INCONCLUSIVE, "Neither fob was heard.",
                 "Check each alone, near the antenna: fobscope check.");
    else if (a->presses > 0 && b->presses > 0)
        return false;
    else if (weight_of(a->presses == 0 ? r->a : r->b) == WEIGHT_FAULT)
        conclude(r, STATUS_FAULT,
                 a->presses == 0
                     ? "A does not transmit; B, in the same place, does."
                     : "B does not transmit; A, in the same place, does.",
                 "Its cell first, under load; then joints and switches.");
    else
        conclude(r, STATUS_INCONCLUSIVE,
                 a->presses == 0 ? "A was not heard, B was."
                                 : "B was not heard, A was.",
                 "Live, both in one place (compare --live), it would be "
                 "proof; recordings are none.");
    return true;
}

/* What can be pointed at. False: nothing that matters. */
static bool conclude_difference(struct compare_run *r)
{
    char what[COMPARE_SENTENCE / 2], text[COMPARE_SENTENCE];
    const size_t n = list_noted(r, true, what, sizeof what);

    if (n == 0)
        return false;
    if (r->is_other_band)
        conclude(r, STATUS_FAULT,
                 "The fobs send on different bands: a car that hears A cannot "
                 "hear B.",
                 "Compare the marks on the boards and the car's market.");
    else if (r->c->relation == RELATION_OTHER_FAMILY)
        conclude(r, STATUS_FAULT,
                 "The fobs are not of one family: the car that takes A would "
                 "not take B.",
                 "A fob of A's family is needed; this one is another car's or "
                 "another make's.");
    else {
        snprintf(text, sizeof text, "B differs from A in what matters: %s.",
                 what);
        conclude(r, STATUS_FAULT, text,
                 row_of(r, "verdict")->answer == COMPARE_OTHER
                     ? "The difference is in the fob, not in the car: see what "
                       "is said of it below."
                     : "It may be why a car heeds one and not the other; see "
                       "what is said of it below.");
    }
    return true;
}

static void conclude_same_fob(struct compare_run *r)
{
    conclude(r,
             is_healthy(r->a) && is_healthy(r->b) ? STATUS_OK
                                                  : STATUS_INCONCLUSIVE,
             "Both are one fob, or one is a copy of the other: they send the "
             "same number.",
             "To compare two fobs, record each by itself. Two fobs with one "
             "number would be one to the car.");
}

static void conclude_alike(struct compare_run *r)
{
    char what[COMPARE_SENTENCE / 2], text[COMPARE_SENTENCE];
    const size_t n = list_noted(r, false, what, sizeof what);

    snprintf(text, sizeof text,
             "Both fobs transmit as they should and are of one family%s%s%s.",
             n > 0 ? "; they differ in what does not matter: " : "", what, "");
    conclude(r, STATUS_OK, text,
             "If the car heeds one only, that is consistent with the other not "
             "being registered, or out of step, and if it heeds neither, with "
             "the car's receiver: the car's side is the suspect.");
}

static void conclude_rest(struct compare_run *r)
{
    if (weight_of(r->a) == WEIGHT_FAULT && weight_of(r->b) == WEIGHT_FAULT)
        conclude(r, STATUS_FAULT,
                 "Both fobs have the same fault: see the verdicts.",
                 r->a->verdict->finding[0].advice != NULL
                     ? r->a->verdict->finding[0].advice
                     : "Check each alone: fobscope check.");
    else if (r->c->relation == RELATION_SAME_FOB)
        conclude_same_fob(r);
    else if (r->c->relation == RELATION_UNKNOWN)
        conclude(r, STATUS_INCONCLUSIVE,
                 "Whether the fobs are of one family cannot be told.",
                 "More presses of each, of every button, three times or more.");
    else if (is_healthy(r->a) && is_healthy(r->b))
        conclude_alike(r);
    else
        conclude(r, STATUS_INCONCLUSIVE,
                 "The fobs are of one family, and no difference that matters "
                 "was seen; too little was heard to call both healthy.",
                 "More presses of each, of every button, three times or more.");
}

static void leave_untested(struct comparison *c, const char *what)
{
    if (c->n_not_tested < COMPARE_UNTESTED)
        c->not_tested[c->n_not_tested++] = what;
}

static void list_untested(struct compare_run *r)
{
    const struct compare_row *identity = row_of(r, "identity");
    struct comparison *c = r->c;

    if (r->c->relation == RELATION_SAME_FAMILY &&
        (identity == NULL || identity->answer == COMPARE_OPEN))
        leave_untested(c, "whether they are two fobs, or one twice");
    if (row_of(r, "level")->answer == COMPARE_OPEN)
        leave_untested(c, "which one is the stronger");
    if (row_of(r, "buttons")->answer == COMPARE_OPEN)
        leave_untested(c, "whether every button of each sends");
    if (row_of(r, "rolling")->answer == COMPARE_OPEN)
        leave_untested(c, "whether both codes roll");
    leave_untested(c, "whether the car has learned each fob");
    leave_untested(c, "whether each fob's counter and the car's agree");
    leave_untested(c, "the car's receiver");
    if (!r->cfg->is_one_sitting)
        leave_untested(c, "whether both were recorded alike");
}

void compare_conclude(struct compare_run *r)
{
    r->c->relation = find_relation(r);
    list_untested(r);
    if (!conclude_nothing(r) && !conclude_difference(r))
        conclude_rest(r);
}
