/* compare_fields - what the frames of two fobs carry, by the roles of the fields:
 * what is a fob's own differs between fobs and stays within one, what rolls changes,
 * what follows the button agrees.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/protocol.h"
#include "src/compare_impl.h"

/* Bits that stay, of a format that nobody described, which by chance are alike in
 * two fobs once in 65,536. */
enum { TELLING_BITS = 16 };

/* A format both send, and how to read the frames of either by it. */
struct reading {
    struct identify_subject both; /* A, with B's frames joined to it */
    struct inferred_protocol inferred;
    const struct protocol *format;
};

static void begin(struct reading *x, const struct compare_run *r)
{
    const struct identify_subject *a = r->a->subject, *b = r->b->subject;

    x->both = *a;
    x->format = NULL;
    if (a->frames.best == NULL || b->frames.best == NULL || r->is_other_format)
        return;
    identify_subject_join(&x->both, &b->frames, r->inferrer);
    x->format = identify_subject_format(&x->both, &x->inferred);
}

/* Frame i of a fob as the format reads it. False: it is shorter or longer. */
static bool read_frame(const struct reading *x,
                       const struct identify_subject *s, size_t i,
                       struct bits *out)
{
    const struct frame *f = s->frames.frame[i];

    inference_read_as(&f->bits, f->kind, identify_subject_kind(&x->both), out);
    return f->bits.n == x->both.frames.best->bits.n;
}

/* Whether field f is alike in all frames of s; *ret: what it is. */
static bool stays(const struct reading *x, const struct identify_subject *s,
                  const struct field *f, uint64_t *ret)
{
    bool has = false;
    struct bits bits;

    for (size_t i = 0; i < s->frames.n; i++) {
        if (!read_frame(x, s, i, &bits) || !field_is_inside(f, &bits))
            continue;
        if (has && field_value(f, &bits) != *ret)
            return false;
        *ret = field_value(f, &bits);
        has = true;
    }
    return has;
}

/* All fields of a role together. */
struct agreement {
    unsigned bits;     /* that could be compared */
    unsigned fields;   /* in which they are */
    unsigned unlike;   /* fields that differ between the fobs */
    unsigned unsteady; /* that do not stay within one */
};

static struct agreement agree(const struct reading *x,
                              const struct compare_run *r, enum field_role role)
{
    struct agreement g = { 0 };

    for (const struct field *f = x->format->fields; f->name != NULL; f++) {
        uint64_t va = 0, vb = 0;

        if (f->role != role)
            continue;
        if (!stays(x, r->a->subject, f, &va) ||
            !stays(x, r->b->subject, f, &vb)) {
            g.unsteady++;
            continue;
        }
        g.fields++;
        g.bits += f->bits;
        g.unlike += va != vb;
    }
    return g;
}

static void words(struct compare_row *row, const char *a, const char *b)
{
    snprintf(row->a, sizeof row->a, "%s", a);
    snprintf(row->b, sizeof row->b, "%s", b);
}

static void judge_identity(struct compare_row *row, const struct agreement *g,
                           const struct protocol *known)
{
    if (g->unlike > 0 && known != NULL && !known->is_rolling) {
        compare_say(row, "the codes differ, and the button is a part of them: "
                         "whether they are one fob's is not told");
    } else if (g->unlike > 0) {
        words(row, "its own", "its own");
        row->answer = COMPARE_OTHER;
        row->is_expected = true;
        compare_say(row,
                    "%u bits stay within each fob and differ between "
                    "them: two fobs, each with its number",
                    g->bits);
    } else if (g->unsteady > 0 || g->bits == 0) {
        compare_say(row, g->unsteady > 0
                             ? "the number does not stay within one fob: it "
                               "has the button in it, or two fobs were mixed"
                             : "no bits are known to be a fob's own");
    } else if (known != NULL) {
        words(row, "its own", "that of A");
        row->answer = COMPARE_SAME;
        row->matters = true;
        compare_say(row,
                    "both send one number of %u bits: it is one fob, or "
                    "one is a copy of the other",
                    g->bits);
    }
}

/* 1: it changes with each press; 0: it does not; -1: not seen. */
static int rolls(const struct facts *f)
{
    if (f->codes == 0 || !f->is_told)
        return -1;
    return 2 * f->repeated <= f->codes;
}

/* Presses of A that B has too, bit by bit. */
static unsigned count_shared(const struct compare_run *r)
{
    const struct fob_frames *a = &r->a->subject->frames;
    const struct fob_frames *b = &r->b->subject->frames;
    unsigned n = 0;

    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++)
            if (a->frame[i]->bits.n == b->frame[k]->bits.n &&
                bits_agreement(&a->frame[i]->bits, &b->frame[k]->bits) > 0) {
                n++;
                break;
            }
    return n;
}

/* A format in which nobody knows where the number is: what rolls comes twice only
 * from one fob. False: it does not. */
static bool judge_shared(const struct compare_run *r, struct compare_row *row)
{
    const unsigned n = count_shared(r);

    if (n < 2 || rolls(&r->a->subject->facts) != 1)
        return false;
    words(row, "its own", "that of A");
    row->answer = COMPARE_SAME;
    row->matters = true;
    compare_say(row,
                "%u codes of A, which change with each press, are those of "
                "B: it is one fob, or one recording twice",
                n);
    return true;
}

static void compare_identity(struct compare_run *r, const struct reading *x)
{
    struct compare_row *row = compare_add(r, "identity", "identity");
    const struct protocol *known = x->both.frames.best->protocol;
    const struct agreement g = agree(x, r, ROLE_IDENTITY);
    struct agreement stays;

    judge_identity(row, &g, known);
    if (known != NULL || judge_shared(r, row) || g.bits > 0)
        return;
    stays = agree(x, r, ROLE_FIXED);
    if (x->both.is_inferred && x->both.inference.fobs > 1 &&
        stays.bits >= TELLING_BITS) {
        row->answer = COMPARE_OPEN;
        compare_say(row,
                    "%u bits stay, and are alike in both: it may be one "
                    "fob, or they are every fob's",
                    stays.bits);
    }
}

static void compare_fixed(struct compare_run *r, const struct reading *x)
{
    const struct agreement g = agree(x, r, ROLE_FIXED);
    struct compare_row *row;

    if (g.fields == 0)
        return;
    row = compare_add(r, "fixed", "fixed bits");
    words(row, g.unlike > 0 ? "those of A" : "alike",
          g.unlike > 0 ? "others" : "alike");
    row->answer = g.unlike > 0 ? COMPARE_OTHER : COMPARE_SAME;
    row->is_expected = g.unlike == 0;
    row->matters = g.unlike > 0;
    compare_say(row, g.unlike > 0 ? "bits that every fob of the family has "
                                    "alike: another make or another car's"
                                  : "what every fob of the family has alike");
}

static const char *rolling_word(const struct facts *f)
{
    if (f->codes == 0 || !f->is_told)
        return "not seen";
    if (f->repeated == 0)
        return "changes";
    return 2 * f->repeated > f->codes ? "stays" : "mostly changes";
}

static void compare_rolling(struct compare_run *r)
{
    const struct facts *a = &r->a->subject->facts, *b = &r->b->subject->facts;
    struct compare_row *row = compare_add(r, "rolling", "code");

    words(row, rolling_word(a), rolling_word(b));
    if (rolls(a) < 0 || rolls(b) < 0) {
        compare_say(row, "two presses of one button of each would show it");
        return;
    }
    row->answer = rolls(a) == rolls(b) ? COMPARE_SAME : COMPARE_OTHER;
    row->is_expected = row->answer == COMPARE_SAME;
    row->matters = !row->is_expected;
    row->is_consequence = !row->is_expected && r->is_other_format;
    compare_say(row,
                row->is_expected
                    ? "%u and %u pairs of presses were held against each "
                      "other"
                    : "a car takes a code once: a fob that sends the same "
                      "one again is not heeded (%u and %u pairs)",
                a->codes, b->codes);
}

/* What the counter rises by from press to press, mostly. False: it is not seen. */
static bool find_step(const struct reading *x, const struct identify_subject *s,
                      const struct field *f, int64_t *ret)
{
    double step[SITTING_PRESSES_MAX];
    uint64_t last = 0;
    bool has = false;
    size_t n = 0;
    struct bits bits;

    for (size_t i = 0; i < s->frames.n; i++) {
        if (!read_frame(x, s, i, &bits) || !field_is_inside(f, &bits))
            continue;
        if (has)
            step[n++] = (double)(int64_t)(field_value(f, &bits) - last);
        last = field_value(f, &bits);
        has = true;
    }
    *ret = n > 0 ? (int64_t)facts_median(step, n) : 0;
    return n > 0;
}

static void compare_counter(struct compare_run *r, const struct reading *x)
{
    const struct field *f = x->format->fields;
    struct compare_row *row;
    int64_t a, b;

    while (f->name != NULL && f->role != ROLE_COUNTER)
        f++;
    if (f->name == NULL)
        return;
    row = compare_add(r, "counter", "counter");
    if (!find_step(x, r->a->subject, f, &a) ||
        !find_step(x, r->b->subject, f, &b)) {
        compare_say(row, "two presses of each would show its steps");
        return;
    }
    snprintf(row->a, sizeof row->a, "by %" PRId64, a);
    snprintf(row->b, sizeof row->b, "by %" PRId64, b);
    row->answer = (a == 0) == (b == 0) ? COMPARE_SAME : COMPARE_OTHER;
    row->is_expected = row->answer == COMPARE_SAME;
    row->matters = !row->is_expected;
    row->is_consequence = /* of the code, which says it */
        !row->is_expected &&
        compare_find(r->c, "rolling")->answer == COMPARE_OTHER;
    compare_say(row, row->is_expected
                         ? "median from one press to the next one heard"
                         : "one counts its presses, the other stands still");
}

/* The button of b of this name. */
static const struct facts_button *find_button(const struct facts *f,
                                              const char *name)
{
    for (size_t i = 0; i < f->n_buttons; i++)
        if (strcmp(f->button[i].name, name) == 0)
            return &f->button[i];
    return NULL;
}

static void compare_actions(struct compare_run *r)
{
    const struct facts *a = &r->a->subject->facts, *b = &r->b->subject->facts;
    struct compare_row *row = compare_add(r, "button_codes", "key codes");
    const char *unlike = NULL;
    unsigned n = 0;

    for (size_t i = 0; i < a->n_buttons; i++) {
        const struct facts_button *x = &a->button[i];
        const struct facts_button *y = find_button(b, x->name);

        if (y == NULL || !x->has_action || !y->has_action || x->is_mixed ||
            y->is_mixed)
            continue;
        n++;
        if (x->action != y->action)
            unlike = x->name;
    }
    if (n == 0) {
        compare_say(row, "no button is known of both, with a code of its own");
        return;
    }
    words(row, unlike != NULL ? "those of A" : "alike",
          unlike != NULL ? "others" : "alike");
    row->answer = unlike != NULL ? COMPARE_OTHER : COMPARE_SAME;
    row->is_expected = unlike == NULL;
    row->matters = unlike != NULL;
    row->is_consequence = unlike != NULL && r->is_other_format;
    if (unlike != NULL)
        compare_say(row, "%s is another button code in the other fob", unlike);
    else
        compare_say(row, "%u button%s, each with one code in both", n,
                    n == 1 ? "" : "s");
}

static void compare_cell(struct compare_run *r)
{
    const struct facts *a = &r->a->subject->facts, *b = &r->b->subject->facts;
    struct compare_row *row;

    if (!a->is_low_cell && !b->is_low_cell)
        return;
    row = compare_add(r, "cell_flag", "cell flag");
    words(row, a->is_low_cell ? "low" : "not low",
          b->is_low_cell ? "low" : "not low");
    row->answer =
        a->is_low_cell == b->is_low_cell ? COMPARE_SAME : COMPARE_OTHER;
    row->is_expected = row->answer == COMPARE_SAME;
    row->matters = !row->is_expected;
    row->is_consequence = !row->is_expected && r->is_other_format;
    compare_say(row, "what a fob says itself of its cell: measure the cell "
                     "under load");
}

void compare_fields(struct compare_run *r)
{
    struct reading *x = malloc(sizeof *x);

    if (x != NULL) {
        begin(x, r);
        if (x->format != NULL) {
            compare_identity(r, x);
            compare_fixed(r, x);
        }
    }
    compare_rolling(r);
    if (x != NULL && x->format != NULL)
        compare_counter(r, x);
    compare_actions(r);
    compare_cell(r);
    free(x);
}
