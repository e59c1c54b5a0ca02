/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/compare.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/protocol.h"
#include "src/compare_impl.h"
#include "src/fingerprint.h"

/* No two bands of fobs are nearer (verdict.c: ON_BAND_HZ). */
#define BAND_HZ 3e6

struct compare_row *compare_add(struct compare_run *r, const char *name,
                                const char *title)
{
    struct compare_row *row;

    assert(r->c->n < COMPARE_ROWS); /* the code adds no more */
    row = &r->c->row[r->c->n++];
    *row = (struct compare_row){ .name = name,
                                 .title = title,
                                 .a = "-",
                                 .b = "-",
                                 .a_value = NAN,
                                 .b_value = NAN,
                                 .delta = NAN,
                                 .uncertainty = NAN,
                                 .limit = NAN };
    return row;
}

void compare_say(struct compare_row *row, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(row->why, sizeof row->why, format, args);
    va_end(args);
}

bool compare_is_noted(const struct compare_row *r)
{
    return r->answer != COMPARE_OPEN && !r->is_expected && !r->is_consequence;
}

const struct compare_row *compare_find(const struct comparison *c,
                                       const char *name)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->row[i].name, name) == 0)
            return &c->row[i];
    return NULL;
}

const char *compare_relation_name(enum compare_relation r)
{
    static const char *const names[] = {
        [RELATION_UNKNOWN] = "unknown",
        [RELATION_SAME_FOB] = "same_fob",
        [RELATION_SAME_FAMILY] = "same_family",
        [RELATION_OTHER_FAMILY] = "other_family",
    };

    assert(r < sizeof names / sizeof *names);
    return names[r];
}

/* Another one matters, and says all of what depends on it. */
static void set_answer(struct compare_row *row, bool is_same)
{
    row->answer = is_same ? COMPARE_SAME : COMPARE_OTHER;
    row->is_expected = is_same;
    row->matters = !is_same;
}

static void compare_band(struct compare_run *r)
{
    const struct facts *a = &r->a->subject->facts, *b = &r->b->subject->facts;
    struct compare_row *row = compare_add(r, "band", "band");

    if (a->presses == 0 || b->presses == 0 || !a->is_on_air || !b->is_on_air) {
        compare_say(row, "not known of both");
        return;
    }
    row->unit = "hz";
    row->a_value = a->carrier_hz;
    row->b_value = b->carrier_hz;
    snprintf(row->a, sizeof row->a, "%.0f MHz", row->a_value / 1e6);
    snprintf(row->b, sizeof row->b, "%.0f MHz", row->b_value / 1e6);
    row->delta = row->b_value - row->a_value;
    set_answer(row, fabs(a->carrier_hz - b->carrier_hz) <= BAND_HZ);
    r->is_other_band = row->answer == COMPARE_OTHER;
    compare_say(row, r->is_other_band
                         ? "a car that hears one does not hear the other"
                         : "a receiver for one hears the other");
}

static void name_format(char words[COMPARE_WORDS], const struct frame *f)
{
    if (f == NULL)
        snprintf(words, COMPARE_WORDS, "-");
    else
        snprintf(words, COMPARE_WORDS, "%s, %zu bits",
                 f->protocol != NULL ? f->protocol->model : "Unknown",
                 f->bits.n);
}

/* How they are keyed, apart from the bits. */
static bool is_keyed_alike(const struct frame *a, const struct frame *b)
{
    return a->protocol == b->protocol && a->kind == b->kind &&
           a->bits.n == b->bits.n &&
           a->reception.modulation == b->reception.modulation &&
           fabs(a->te_us - b->te_us) <= FINGERPRINT_TE * a->te_us;
}

/* The fields of an unknown format cannot be those of one whose code stands still:
 * what rolls in one looks fixed in the other. */
static bool is_one_frozen(const struct facts *a, const struct facts *b)
{
    return a->codes > 0 && b->codes > 0 &&
           (a->repeated == a->codes) != (b->repeated == b->codes);
}

static void compare_format(struct compare_run *r)
{
    const struct identify_subject *a = r->a->subject, *b = r->b->subject;
    struct compare_row *row = compare_add(r, "format", "format");
    char why[FINGERPRINT_WHY];
    enum fingerprint_answer answer =
        fingerprint_compare(&a->frames, &b->frames, r->inferrer, why);

    name_format(row->a, a->frames.best);
    name_format(row->b, b->frames.best);
    if (answer == FINGERPRINT_OTHER &&
        is_keyed_alike(a->frames.best, b->frames.best) &&
        is_one_frozen(&a->facts, &b->facts))
        answer = FINGERPRINT_OPEN;
    if (answer == FINGERPRINT_OPEN) {
        compare_say(row, "%s; whether the fields are the same cannot be told",
                    why);
        return;
    }
    set_answer(row, answer == FINGERPRINT_SAME);
    r->is_other_format = answer == FINGERPRINT_OTHER;
    compare_say(row, "%s%s", why,
                r->is_other_format &&
                        is_keyed_alike(a->frames.best, b->frames.best)
                    ? "; but the fields differ"
                    : "");
}

/* What is seen in one frame of each, and what the format says too. */
static void compare_word(struct compare_run *r, const char *name,
                         const char *title, const char *a, const char *b)
{
    struct compare_row *row = compare_add(r, name, title);

    if (a == NULL || b == NULL) {
        compare_say(row, "no frame of one of them was read");
        return;
    }
    snprintf(row->a, sizeof row->a, "%s", a);
    snprintf(row->b, sizeof row->b, "%s", b);
    set_answer(row, strcmp(a, b) == 0);
    row->is_consequence = !row->is_expected && r->is_other_format;
    compare_say(row, row->is_expected ? "no difference is seen"
                                      : "another format's");
}

/* Of fobs of no known format whose chips are alike, what the presses of either show
 * holds for both. */
static const char *kind_name(const struct compare_fob *f,
                             const struct compare_fob *other)
{
    const struct frame *a = f->subject->frames.best;
    const struct frame *b = other->subject->frames.best;
    const enum line_kind shown = identify_subject_kind(f->subject);

    if (shown != a->kind || a->kind != b->kind || a->protocol != b->protocol)
        return line_kind_name(shown);
    return line_kind_name(identify_subject_kind(other->subject));
}

static void compare_keying(struct compare_run *r)
{
    const struct frame *a = r->a->subject->frames.best;
    const struct frame *b = r->b->subject->frames.best;
    char x[COMPARE_WORDS] = "", y[COMPARE_WORDS] = "";
    const bool has = a != NULL && b != NULL;

    compare_word(r, "modulation", "modulation",
                 has ? modulation_name(a->reception.modulation) : NULL,
                 has ? modulation_name(b->reception.modulation) : NULL);
    compare_word(r, "line_code", "line code",
                 has ? kind_name(r->a, r->b) : NULL,
                 has ? kind_name(r->b, r->a) : NULL);
    if (has) {
        snprintf(x, sizeof x, "%zu bits", a->bits.n);
        snprintf(y, sizeof y, "%zu bits", b->bits.n);
    }
    compare_word(r, "frame_bits", "frame", has ? x : NULL, has ? y : NULL);
}

/* What depends on how long a person pressed is shown, and not judged. */
static void compare_pressing(struct compare_run *r, bool is_copies)
{
    struct compare_row *row = is_copies
                                  ? compare_add(r, "copies", "copies")
                                  : compare_add(r, "press_duration", "press");
    double median[2];

    for (int k = 0; k < 2; k++) {
        const struct sitting *s = (k ? r->b : r->a)->subject->sitting;
        double x[SITTING_PRESSES_MAX];
        size_t n = 0;

        for (size_t i = 0; i < s->n_presses; i++)
            if (sitting_is_fobs(s, i))
                x[n++] = is_copies ? s->press[i].copies
                                   : s->press[i].end_s - s->press[i].start_s;
        median[k] = facts_median(x, n);
        if (n > 0)
            snprintf(k ? row->b : row->a, COMPARE_WORDS,
                     is_copies ? "%.3g a press" : "%.2f s", median[k]);
    }
    row->unit = is_copies ? "copies" : "s";
    row->a_value = median[0];
    row->b_value = median[1];
    row->delta = median[1] - median[0];
    compare_say(row, "how long a button is held is the hand's");
}

static void list_buttons(const struct facts *f, char words[COMPARE_WORDS])
{
    size_t n = 0;

    for (size_t i = 0; i < f->n_buttons && n < COMPARE_WORDS; i++)
        n += (size_t)snprintf(words + n, COMPARE_WORDS - n, "%s%s %u/%u",
                              i > 0 ? ", " : "", f->button[i].name,
                              f->button[i].answered, f->button[i].asked);
}

/* One never, the other always, twice or more: as in verdict.c. */
static bool is_missing(const struct facts_button *x,
                       const struct facts_button *y)
{
    return x->answered == 0 && x->asked >= 2 && x->searched < x->asked &&
           y->answered >= 2 && y->answered == y->asked;
}

static const struct facts_button *button_of(const struct facts *f,
                                            const char *name)
{
    for (size_t i = 0; i < f->n_buttons; i++)
        if (strcmp(f->button[i].name, name) == 0)
            return &f->button[i];
    return NULL;
}

static void compare_buttons(struct compare_run *r)
{
    const struct facts *a = &r->a->subject->facts, *b = &r->b->subject->facts;
    struct compare_row *row = compare_add(r, "buttons", "buttons");
    unsigned n = 0;

    list_buttons(a, row->a);
    list_buttons(b, row->b);
    for (size_t i = 0; i < a->n_buttons; i++) {
        const struct facts_button *x = &a->button[i];
        const struct facts_button *y = button_of(b, x->name);

        if (y == NULL || x->asked == 0 || y->asked == 0)
            continue;
        n++;
        if (row->answer == COMPARE_OTHER ||
            !(is_missing(x, y) || is_missing(y, x)))
            continue;
        set_answer(row, false);
        compare_say(row,
                    "%s is heard of %s, and not of %s: its switch, its "
                    "joint, or the rubber above it",
                    x->name, is_missing(y, x) ? "A" : "B",
                    is_missing(y, x) ? "B" : "A");
    }
    if (row->answer == COMPARE_OTHER)
        return;
    if (n == 0) {
        compare_say(row, "it is not known which button was pressed when");
        return;
    }
    set_answer(row, true);
    compare_say(row, "heard of asked for: no button answers in one fob alone");
}

/* A fault that no other row speaks of. */
static void compare_verdicts(struct compare_run *r)
{
    struct compare_row *row = compare_add(r, "verdict", "verdict");
    const struct finding *a = &r->a->verdict->finding[0];
    const struct finding *b = &r->b->verdict->finding[0];
    const bool is_a = a->weight == WEIGHT_FAULT,
               is_b = b->weight == WEIGHT_FAULT;

    snprintf(row->a, sizeof row->a, "%s", finding_name(a->kind));
    snprintf(row->b, sizeof row->b, "%s", finding_name(b->kind));
    if (a->kind == b->kind) {
        set_answer(row, true);
        compare_say(row, "%s", a->evidence);
        return;
    }
    if (!is_a && !is_b) {
        compare_say(row, "neither is a fault");
        return;
    }
    set_answer(row, false);
    compare_say(row, "%s", (is_b ? b : a)->evidence);
    for (size_t i = 0; i + 1 < r->c->n; i++)
        row->is_consequence |=
            compare_is_noted(&r->c->row[i]) && r->c->row[i].matters;
}

void compare_judge(struct comparison *c, const struct compare_fob *a,
                   const struct compare_fob *b, const struct compare_cfg *cfg,
                   struct inferrer *m)
{
    struct compare_run r = {
        .c = c, .a = a, .b = b, .cfg = cfg, .inferrer = m
    };

    memset(c, 0, sizeof *c);
    compare_band(&r);
    compare_format(&r);
    compare_keying(&r);
    compare_measure(&r);
    compare_pressing(&r, true);
    compare_pressing(&r, false);
    compare_buttons(&r);
    compare_fields(&r);
    compare_verdicts(&r);
    compare_conclude(&r);
}
