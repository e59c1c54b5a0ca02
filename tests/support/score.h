/* score - an inferred table against the truth, as far as the presses show it.
 *
 * Frames show only what varies. A column (a bit's place) moves if it differs
 * between frames of one fob, differs if it does only between fobs, and else
 * stands. The true fields become units, by what is seen of them:
 *
 *   constant   fields none of whose bits vary, neighbours taken together:
 *              identity, fixed, status, all one. Of one fob any of the three
 *              roles is right, and so is a cut anywhere in the midst. Of several
 *              fobs one of 8 bits or more must not be called identity. A copy
 *              of what stands may be called check
 *   identity   a field that differs between fobs and only so
 *   action     the action, with neighbouring checks and copies that only follow
 *              the button: they are not told from more of it, and ACTION and
 *              CHECK are right for all of them
 *   counter, rolling, check: such fields where a bit of them moves. A check that
 *              only follows the button and has no such neighbour is an action
 *              unit too; a copy may also go by the role of what it copies
 *
 * A status bit that moves shows nothing of its meaning: not a unit.
 *
 * What of a unit's borders is shown:
 *
 *   inwards    its own outer columns that stand may be left to the neighbour:
 *              a counter begins with the highest bit that changed, an action
 *              with the first that differs between buttons, a rolling code with
 *              the first that varies
 *   outwards   identity, action and counter may reach over columns that stand
 *              as far as these go, for they have such themselves. A rolling code
 *              or a check may not: theirs change
 *   constant   the reverse of it: over all standing columns outwards; inwards by
 *              half at the most, and only beside one that may reach over it. Of
 *              less than 8 bits beside such a one it is not shown at all
 *   by chance  a rolling code's outer columns that follow the button, beside an
 *              action, may be called action; a status bit that moves beside a
 *              rolling code, rolling
 *
 * With no button pressed twice by a fob (or no buttons at all, -1) an action is
 * not shown as such: below a confidence of 0.9 ROLLING is right as well.
 *
 * The claim with most of a unit's columns decides (for constants, and actions of
 * several fields, neighbouring claims of right roles are one):
 *
 *   exact         role right (a counter's order, if two columns of it move; a
 *                 check's relation: right in all frames, whatever it is made of)
 *                 and both borders where they are shown
 *   wrong border  role right
 *   missing       it is another unit's right claim, reaching over this one; or
 *                 there is no table, or one of another length
 *   wrong role    else
 *
 * A claim is a field of the table with a confidence of 0.9 or more. It is false
 * if a column of it that varies has another role in truth (with the liberties
 * above; rolling is never action here), if none of its columns varies and its
 * role is action, counter, rolling or check where no such field is, if a
 * counter's order is wrong, or if it is a check whose relation, believed with
 * 0.9 or more, fails in a frame.
 *
 *   memory  the caller's
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SUPPORT_SCORE_H
#define TESTS_SUPPORT_SCORE_H

#include "tests/support/presses.h"

enum score_kind {
    SCORE_CONSTANT,
    SCORE_IDENTITY,
    SCORE_ACTION,
    SCORE_COUNTER,
    SCORE_ROLLING,
    SCORE_CHECK,
    SCORE_KINDS
};

enum score_result {
    SCORE_EXACT,
    SCORE_WRONG_BORDER,
    SCORE_WRONG_ROLE,
    SCORE_MISSING,
    SCORE_RESULTS
};

#define SCORE_CLAIM 0.9 /* confidence of what is claimed */

struct score_unit {
    enum score_kind kind;
    uint16_t at, bits;
    enum score_result result;
};

struct score {
    struct score_unit unit[FORMATS_FIELDS_MAX]; /* of the one inference */
    size_t units;
    bool is_false[INFERENCE_FIELDS_MAX]; /* by field of the table */
    size_t claims, false_claims;
    /* Asides, not part of the result: of exact checks, those with the constant
     * of computed.h; of exact counters, those whose step is the commonest. */
    size_t constants, constants_right, steps, steps_right;
};

const char *score_kind_name(enum score_kind k);
const char *score_result_name(enum score_result r);

/* Of one inference; p->frame tells fobs, p->button buttons, p->sent the bits.
 * Of the truth role, order, place and kind of relation are used. */
void score_inference(const struct format *truth, const struct presses *p,
                     const struct inference *i, struct score *s);

/* Of many. */
struct score_sum {
    size_t result[SCORE_KINDS][SCORE_RESULTS];
    size_t claims, false_claims;
    size_t constants, constants_right, steps, steps_right;
};

void score_add(struct score_sum *sum, const struct score *s);
/* SCORE_KINDS: of all. NAN if none was shown. */
double score_exact_share(const struct score_sum *sum, enum score_kind k);
double score_false_share(const struct score_sum *sum); /* 0 without claims */

#endif
