/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/identify.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "src/identify_impl.h"

/* Two facts that speak so strongly for different generations contradict. */
#define CONTRADICTS 3.0
/* More than this is said as "over 99 %": what was assumed is not that exact. */
#define PERCENT_MAX 99

bool evidence_take(struct evidence *e, const struct knowledge_row *row)
{
    if (row == NULL)
        return false;
    memcpy(e->likelihood, row->likelihood, sizeof e->likelihood);
    e->certainty = row->certainty;
    e->source = row->source;
    return true;
}

void evidence_say(struct evidence *e, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(e->finding, sizeof e->finding, format, args);
    va_end(args);
    err_clean(e->finding); /* names and what was typed are from outside */
}

void evidence_implied(struct evidence *e, const char *why)
{
    const size_t n = strlen(e->finding);

    for (size_t g = 0; g < GENERATIONS; g++)
        e->likelihood[g] = 1;
    snprintf(e->finding + n, sizeof e->finding - n, " (not counted: %s)", why);
}

double evidence_ratio(const struct evidence *e, enum generation *ret_for)
{
    const double *x = e->likelihood;
    size_t best = 0;
    double second = 0, others = 0;

    for (size_t g = 1; g < GENERATIONS; g++)
        if (x[g] > x[best])
            best = g;
    for (size_t g = 0; g < GENERATIONS; g++)
        if (g != best) {
            second = fmax(second, x[g]);
            others += x[g] / (GENERATIONS - 1);
        }
    if (ret_for != NULL)
        *ret_for = x[best] < IDENTIFY_TELLS * second ? GENERATIONS
                                                     : (enum generation)best;
    return x[best] / others;
}

/* NULL where there is no room: then it does not count either. */
static struct evidence *add(struct identification *id, const char *name,
                            bool is_radio)
{
    struct evidence *e = &id->evidence[id->n];

    if (id->n == EVIDENCE_MAX)
        return NULL;
    memset(e, 0, sizeof *e);
    e->name = name;
    e->is_radio = is_radio;
    for (size_t g = 0; g < GENERATIONS; g++)
        e->likelihood[g] = 1;
    return e;
}

static void list_items(struct identification *id,
                       const struct identify_item *items, bool is_radio,
                       const struct identify_facts *f,
                       const struct knowledge *k)
{
    for (; items->name != NULL; items++) {
        struct evidence *e = add(id, items->name, is_radio);

        if (e != NULL && items->judge(f, k, e))
            id->n++;
    }
}

static void list_likes(struct identification *id,
                       const struct identify_facts *f,
                       const struct knowledge *k)
{
    for (size_t i = 0; i < f->n_likes && i < IDENTIFY_LIKES_MAX; i++) {
        struct evidence *e = add(id, "likes", true);

        if (e != NULL && identify_like_item(f, k, i, e))
            id->n++;
    }
}

/* What bounds the owner's facts is in the list as well. */
static void list_mix_up(struct identification *id, const struct knowledge *k)
{
    const struct knowledge_row *row = knowledge_find(k, "mix_up", "possible");
    struct evidence *e = add(id, "mix_up", false);

    if (id->n == 0 || e == NULL || !evidence_take(e, row))
        return;
    evidence_say(e, "%s: counted as 1 time in %.0f", row->says,
                 1 / knowledge_number(k, "mixed_up"));
    id->n++;
}

static void product(const struct identification *id, bool is_radio,
                    double ret[GENERATIONS])
{
    for (size_t g = 0; g < GENERATIONS; g++) {
        ret[g] = 1;
        for (size_t i = 0; i < id->n; i++)
            if (id->evidence[i].is_radio == is_radio)
                ret[g] *= id->evidence[i].likelihood[g];
    }
}

static void normalise(double p[GENERATIONS])
{
    double sum = 0;

    for (size_t g = 0; g < GENERATIONS; g++)
        sum += p[g];
    for (size_t g = 0; g < GENERATIONS; g++)
        p[g] /= sum;
}

/* The formula in the header: all that the owner says is of this fob, or of any. */
static void owner_likelihood(const struct identification *id,
                             const struct knowledge *k,
                             const double prior[GENERATIONS],
                             double ret[GENERATIONS])
{
    const double mixed_up = knowledge_number(k, "mixed_up");
    double any = 0;

    product(id, false, ret);
    for (size_t g = 0; g < GENERATIONS; g++)
        any += prior[g] * ret[g];
    for (size_t g = 0; g < GENERATIONS; g++)
        ret[g] = (1 - mixed_up) * ret[g] + mixed_up * any;
}

static bool speaks_for(const struct identification *id, enum generation g,
                       double ratio)
{
    for (size_t i = 0; i < id->n; i++) {
        enum generation is_for;

        if (evidence_ratio(&id->evidence[i], &is_for) >= ratio && is_for == g)
            return true;
    }
    return false;
}

static void conclude(struct identification *id, const struct knowledge *k)
{
    double prior[GENERATIONS], owner[GENERATIONS], heard[GENERATIONS];

    knowledge_prior(k, prior);
    owner_likelihood(id, k, prior, owner);
    product(id, true, heard);
    for (size_t g = 0; g < GENERATIONS; g++) {
        id->radio_probability[g] = prior[g] * heard[g];
        id->probability[g] = prior[g] * heard[g] * owner[g];
    }
    normalise(id->radio_probability);
    normalise(id->probability);
    id->best = GENERATION_ROVER;
    for (int g = 1; g < GENERATIONS; g++)
        if (id->probability[g] > id->probability[id->best])
            id->best = (enum generation)g;
    id->is_decidable = id->probability[id->best] >= IDENTIFY_DECIDED &&
                       speaks_for(id, id->best, IDENTIFY_TELLS);
}

void identify_judge(struct identification *id, const struct identify_facts *f,
                    const struct knowledge *k)
{
    const struct knowledge_row *car = identify_car(&f->owner, k);

    memset(id, 0, sizeof *id);
    list_items(id, identify_owner_items, false, f, k);
    list_mix_up(id, k);
    list_items(id, identify_heard_items, true, f, k);
    list_likes(id, f, k);
    id->is_relative = car != NULL && (strcmp(car->value, "bmw_fzv") == 0 ||
                                      strcmp(car->value, "rover_kin") == 0);
    conclude(id, k);
}

bool identify_owner_says(const struct identify_owner *o,
                         const struct knowledge *k,
                         double generation[GENERATIONS])
{
    const struct identify_facts f = {
        .owner = *o, .radio = { .carrier_hz = NAN, .carrier_spread_hz = NAN }
    };
    struct identification id;
    bool is_known = false;

    identify_judge(&id, &f, k);
    memcpy(generation, id.probability, sizeof id.probability);
    for (size_t i = 0; i < id.n; i++)
        is_known |= evidence_ratio(&id.evidence[i], NULL) >= IDENTIFY_TELLS;
    return is_known;
}

const char *identify_title(enum generation g, bool is_relative)
{
    static const char *const titles[GENERATIONS][2] = {
        [GENERATION_ROVER] = { "MINI 2-button fob of the Rover era",
                               "2-button fob of the Rover family" },
        [GENERATION_E46] = { "MINI 3-button fob of the BMW E46 style",
                             "3-button fob of the BMW E46 style" },
        [GENERATION_NEITHER] = { "neither of the two MINI fobs",
                                 "of neither of the two families" },
    };

    return titles[g][is_relative];
}

/* One that grows in a text of limited room. */
struct words {
    char *text;
    size_t room, n;
};

static void __attribute__((format(printf, 2, 3)))
say(struct words *w, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(w->text + w->n, w->room - w->n, format, args);
    va_end(args);
    if (n > 0)
        w->n = w->n + (size_t)n < w->room ? w->n + (size_t)n : w->room - 1;
}

static void say_probability(struct words *w, double p)
{
    const double percent = floor(100 * p);

    say(w, percent >= PERCENT_MAX ? "over %.0f %%" : "%.0f %%",
        fmin(percent, PERCENT_MAX));
}

static bool has_item(const struct identification *id, const char *name)
{
    for (size_t i = 0; i < id->n; i++)
        if (strcmp(id->evidence[i].name, name) == 0)
            return true;
    return false;
}

static bool has_kind(const struct identification *id, bool is_radio)
{
    for (size_t i = 0; i < id->n; i++)
        if (id->evidence[i].is_radio == is_radio)
            return true;
    return false;
}

/* The owner's facts that were not given, the cheapest first. */
static void say_wanted(struct words *w, const struct identification *id)
{
    static const struct {
        const char *item, *asks;
    } wanted[] = {
        { "buttons", "how many buttons it has" },
        { "cell", "whether its cell can be changed" },
        { "car", "which car it is for" },
        { "built", "when its car was built" },
        { "sticker", "the code on its board if it opens" },
    };
    const char *before = " To settle it, say ";

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!has_item(id, wanted[i].item)) {
            say(w, "%s%s", before, wanted[i].asks);
            before = ", ";
        }
    if (before[0] == ',')
        say(w, ".");
    else
        say(w, " To settle it, compare it with a fob of known generation.");
}

/* The likeliest two: "MINI ...: 52 %, neither of ...: 41 %". */
static void say_likeliest(struct words *w, const struct identification *id)
{
    enum generation second =
        id->best == 0 ? (enum generation)1 : (enum generation)0;

    for (int g = 0; g < GENERATIONS; g++)
        if (g != (int)id->best && id->probability[g] > id->probability[second])
            second = (enum generation)g;
    say(w, "%s ", identify_title(id->best, id->is_relative));
    say_probability(w, id->probability[id->best]);
    say(w, ", %s ", identify_title(second, id->is_relative));
    say_probability(w, id->probability[second]);
}

/* Also decided, it must be seen that not all agrees. */
static void say_decided(struct words *w, const struct identification *id)
{
    bool is_against = false;

    for (int g = 0; g < GENERATIONS; g++)
        is_against |= g != (int)id->best &&
                      speaks_for(id, (enum generation)g, CONTRADICTS);
    say(w, "%s: ", identify_title(id->best, id->is_relative));
    say_probability(w, id->probability[id->best]);
    say(w,
        is_against ? ", though some of what is known speaks against it." : ".");
    if (w->text[0] >= 'a' && w->text[0] <= 'z')
        w->text[0] = (char)(w->text[0] - 'a' + 'A');
}

const char *identify_conclusion(const struct identification *id, char *text,
                                size_t room)
{
    struct words w = { text, room, 0 };

    if (room == 0)
        return text;
    text[0] = '\0';
    if (id->is_decidable) {
        say_decided(&w, id);
        return text;
    }
    if (id->n == 0)
        say(&w, "Nothing is known of the fob yet.");
    else if (!has_kind(id, false))
        say(&w, "The generation cannot be told from radio alone: nothing "
                "public documents either fob's frame.");
    else {
        say(&w, speaks_for(id, GENERATION_ROVER, CONTRADICTS) &&
                        speaks_for(id, GENERATION_E46, CONTRADICTS)
                    ? "What is known contradicts itself: "
                    : "The generation cannot be told from what is known: ");
        say_likeliest(&w, id);
        say(&w, ".");
    }
    say_wanted(&w, id);
    return text;
}
