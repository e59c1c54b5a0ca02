/* test_identify_laws - laws that hold whatever is said and heard: all of it, each with
 * each.
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

static const double rover_fob[] = { 0.96, 0.01, 0.03 };
static const double e46_fob[] = { 0.01, 0.96, 0.03 };

/* Whatever is heard, radio alone tells neither MINI fob. */
static const struct protocol *const formats[] = {
    NULL,
    &protocol_hcs200,
    &protocol_hcs361,
    &protocol_hcs362,
    &protocol_hitag2_rke,
    &protocol_princeton,
    &protocol_siemens_5wy72xx,
    &protocol_continental_kr5v2x,
};
enum { FORMATS = sizeof formats / sizeof *formats };

/* The i-th of all that may be heard; false: there is none. */
static bool heard(size_t i, struct told *t)
{
    static const double mhz[] = {
        0, 315.02, 433.95, 433.92, 868.35, 867.84, 40
    };
    static const char *const keyed[] = { NULL, "ook", "fsk" };
    static const char *const codes[] = { NULL, "pwm", "manchester", "diff" };
    enum {
        MHZ = 7,
        KEYED = 3,
        CODES = 4,
        PROVEN = 2,
        ROLLING = 3,
        ACTIONS = 5
    };

    *t = (struct told){ .spread_khz = 5 };
    t->mhz = mhz[i % MHZ], i /= MHZ;
    t->is_harmonic = t->mhz == 867.84;
    t->modulation = keyed[i % KEYED], i /= KEYED;
    t->code = codes[i % CODES], i /= CODES;
    t->protocol = formats[i % FORMATS], i /= FORMATS;
    t->is_proven = i % PROVEN, i /= PROVEN;
    t->is_rolling = (enum truth)(i % ROLLING), i /= ROLLING;
    t->actions = (unsigned)(i % ACTIONS), i /= ACTIONS;
    return i == 0;
}

static void radio_alone_tells_no_mini(void **state)
{
    struct identification id;
    struct told t;
    size_t n = 0;

    (void)state;
    for (; heard(n, &t); n++) {
        const struct identify_facts f = identified_facts(&t);

        identify_judge(&id, &f, k);
        assert_true(!id.is_decidable || id.best == GENERATION_NEITHER);
        assert_memory_equal(id.probability, id.radio_probability,
                            sizeof id.probability);
    }
    assert_true(n > 10000);
}

/* Makers of cars that KeeLoq-shaped frames are mistaken for. */
static void no_maker_by_a_shape(void **state)
{
    static const char *const never[] = {
        "MINI fob of", "BMW",  "Rover", "Chrysler", "Jeep", "Honda",    "Kia",
        "Toyota",      "Fiat", "Opel",  "Renault",  "Ford", "Microchip"
    };
    struct identification id;
    struct told t;

    (void)state;
    for (size_t i = 0; heard(i, &t); i++) {
        const struct identify_facts f = identified_facts(&t);

        if (t.protocol == NULL)
            continue;
        identify_judge(&id, &f, k);
        for (size_t j = 0; j < id.n; j++)
            for (size_t m = 0; m < sizeof never / sizeof *never; m++)
                if (strcmp(id.evidence[j].name, "format") == 0)
                    assert_null(strstr(id.evidence[j].finding, never[m]));
    }
}

/* The i-th of all that an owner may say. */
static bool said(size_t i, struct told *t)
{
    static const char *const cars[] = { NULL,  "MINI R53", "R52", "MINI",
                                        "R56", "BMW E46",  "VW",  "Rover 75" };
    static const char *const ids[] = { NULL, "LX8765S", "LX8FZV", "KR55" };
    static const unsigned years[] = { 0, 1999, 2003, 2004, 2006, 2010 };
    enum { BUTTONS = 5, CELLS = 3, STICKERS = 5, CARS = 8, IDS = 4, YEARS = 6 };

    *t = (struct told){ .buttons = (unsigned)(i % BUTTONS) };
    i /= BUTTONS;
    t->cell = (enum cell)(i % CELLS), i /= CELLS;
    t->sticker = (enum sticker_said)(i % STICKERS), i /= STICKERS;
    t->car = cars[i % CARS], i /= CARS;
    t->fcc = ids[i % IDS], i /= IDS;
    t->year = years[i % YEARS], i /= YEARS;
    return i == 0;
}

/* However much an owner says, it may be of another fob. */
static void owner_never_proves_it(void **state)
{
    struct identification id;
    struct told t;
    double most = 0;
    size_t n = 0;

    (void)state;
    for (; said(n, &t); n++) {
        const struct identify_facts f = identified_facts(&t);
        double says[GENERATIONS];

        identify_judge(&id, &f, k);
        most = fmax(most, id.probability[id.best]);
        (void)identify_owner_says(&f.owner, k, says);
        assert_memory_equal(says, id.probability, sizeof says);
    }
    assert_true(n > 10000);
    printf("owner's facts alone: never more than %.4f\n", most);
    assert_true(most > 0.98 && most < 0.99);
}

/* One more fact for a generation never makes it less likely. */
static void facts_add_up(void **state)
{
    struct identification id;
    struct told t;

    (void)state;
    for (size_t i = 0; said(i, &t); i++) {
        struct identify_facts f = identified_facts(&t);
        double before;

        if (t.buttons != 0)
            continue;
        identify_judge(&id, &f, k);
        before = id.probability[GENERATION_ROVER];
        f.owner.buttons = 2;
        identify_judge(&id, &f, k);
        assert_true(id.probability[GENERATION_ROVER] > before);
    }
}

static void owner_says_nothing(void **state)
{
    const struct identify_owner o = { .market = "us" };
    double says[GENERATIONS];

    (void)state;
    assert_false(identify_owner_says(&o, k, says));
    for (size_t g = 0; g < GENERATIONS; g++)
        assert_true(fabs(says[g] - 1.0 / 3) < 1e-12);
}

static void ratio_and_whom_for(void **state)
{
    struct evidence e = { .likelihood = { 0.9, 0.1, 0.2 } };
    enum generation is_for;

    (void)state;
    assert_true(fabs(evidence_ratio(&e, &is_for) - 6) < 1e-12);
    assert_int_equal(is_for, GENERATION_ROVER);
    e = (struct evidence){ .likelihood = { 1, 1, 1 } };
    assert_true(evidence_ratio(&e, &is_for) == 1);
    assert_int_equal(is_for, GENERATIONS);
    e = (struct evidence){ .likelihood = { 0.5, 0.5, 0.05 } };
    assert_true(evidence_ratio(&e, &is_for) > 1.5);
    assert_int_equal(is_for, GENERATIONS); /* of a MINI, not of which */
    e = (struct evidence){ .likelihood = { 0.1, 0.1, 0.2 } };
    assert_true(evidence_ratio(&e, NULL) == 2);
}

static const struct evidence *find(const struct identification *id,
                                   const char *name)
{
    for (size_t i = 0; i < id->n; i++)
        if (strcmp(id->evidence[i].name, name) == 0)
            return &id->evidence[i];
    return NULL;
}

/* Each item has all that a report prints, and comes once. */
static void evidence_is_whole(void **state)
{
    const struct told t = { .buttons = 2,
                            .cell = CELL_COIN,
                            .sticker = LABEL_RIGHT,
                            .car = "MINI R53 2003",
                            .market = "uk",
                            .fcc = "LX8765S",
                            .mhz = 867.84,
                            .spread_khz = 1,
                            .is_harmonic = true,
                            .modulation = "ook",
                            .code = "diff",
                            .is_rolling = TRUTH_YES,
                            .actions = 2,
                            .heard = HIT,
                            .chance = 1e-5,
                            .like = rover_fob,
                            .is_same = true };
    const struct identify_facts f = identified_facts(&t);
    struct identification id;

    (void)state;
    identify_judge(&id, &f, k);
    assert_int_equal(id.n, 8 + 10 + 1); /* every item there is */
    for (size_t i = 0; i < id.n; i++) {
        const struct evidence *e = &id.evidence[i];

        assert_ptr_equal(find(&id, e->name), e);
        assert_true(strlen(e->finding) > 10);
        assert_true(e->finding[strlen(e->finding) - 1] != '.');
        assert_non_null(e->certainty);
        assert_non_null(e->source);
        assert_int_equal(e->is_radio, i >= 8);
        for (size_t g = 0; g < GENERATIONS; g++)
            assert_true(e->likelihood[g] > 0 && e->likelihood[g] <= 1);
    }
}

/* A code that was copied, or typed for a trial, is bounded; a chance of 0 or none
 * at all does no harm. */
static void a_hit_is_bounded(void **state)
{
    static const double chances[] = { 0, 1e-300, 1e-9, 1e-4, 0.01, 1, NAN };
    double last = 1e9;

    (void)state;
    for (size_t i = 0; i < sizeof chances / sizeof *chances; i++) {
        const struct told t = { .sticker = DIGITS,
                                .heard = HIT,
                                .chance = chances[i] };
        const struct identify_facts f = identified_facts(&t);
        struct identification id;
        double ratio;

        identify_judge(&id, &f, k);
        ratio = evidence_ratio(find(&id, "sticker_in_frames"), NULL);
        assert_true(ratio >= 1 && ratio <= 1000 * (1 + 1e-9));
        assert_true(ratio <= last);
        last = ratio;
    }
    assert_true(last == 1); /* by chance alone */
}

/* A miss is told to tell nothing, and next to nothing is what it weighs; too few
 * presses weigh nothing at all. */
static void a_miss_tells_nothing(void **state)
{
    const struct told t = { .sticker = DIGITS, .heard = MISS };
    struct identify_facts f = identified_facts(&t);
    struct identification id;
    const struct evidence *e;
    enum generation is_for;

    (void)state;
    identify_judge(&id, &f, k);
    e = find(&id, "sticker_in_frames");
    assert_true(e->likelihood[GENERATION_ROVER] <
                e->likelihood[GENERATION_E46]);
    assert_true(evidence_ratio(e, &is_for) < IDENTIFY_TELLS);
    assert_int_equal(is_for, GENERATIONS);
    f.radio.sticker.presses = STICKER_PRESSES_MIN - 1;
    identify_judge(&id, &f, k);
    assert_true(evidence_ratio(find(&id, "sticker_in_frames"), NULL) == 1);
}

/* Of several comparisons one counts: the first alike. */
static void one_comparison_counts(void **state)
{
    struct told t = { .like = rover_fob };
    struct identify_facts f = identified_facts(&t);
    struct identification one, all;

    (void)state;
    f.like[0].is_same_family = true;
    identify_judge(&one, &f, k);
    for (; f.n_likes < IDENTIFY_LIKES_MAX; f.n_likes++) {
        f.like[f.n_likes] = f.like[0];
        f.like[f.n_likes].is_same_family = f.n_likes % 2 == 0;
    }
    identify_judge(&all, &f, k);
    assert_int_equal(all.n, IDENTIFY_LIKES_MAX);
    assert_memory_equal(one.probability, all.probability,
                        sizeof one.probability);
    f.like[0].is_same_family = false; /* now the third */
    memcpy(f.like[2].generation, e46_fob, sizeof e46_fob);
    identify_judge(&all, &f, k);
    assert_int_equal(all.best, GENERATION_E46);
    for (size_t i = 0; i < f.n_likes; i++)
        f.like[i].is_known = false;
    identify_judge(&all, &f, k);
    assert_true(fabs(all.probability[0] - 1.0 / 3) < 1e-12);
    assert_non_null(strstr(all.evidence[0].finding, "not said what it is"));
}

/* All at their longest: nothing is cut in the middle of a word that matters, and
 * what was typed is cleaned. */
static void hostile_words(void **state)
{
    static char car[5000];
    struct told t = { .car = car, .fcc = car, .market = car };
    struct identify_facts f;
    struct identification id;

    (void)state;
    memset(car, 'x', sizeof car - 1);
    memcpy(car, "R53 \033[31m\xff\n 2003 ", 17);
    f = identified_facts(&t);
    f.like[0] = (struct identify_like){ .name = car, .why = car };
    f.n_likes = 1;
    identify_judge(&id, &f, k);
    assert_non_null(find(&id, "car"));
    assert_null(find(&id, "fcc"));
    for (size_t i = 0; i < id.n; i++)
        for (const char *c = id.evidence[i].finding; *c != '\0'; c++)
            assert_true(*c >= ' ' && *c < 0x7f);
}

/* A room too small gives a shorter text that ends. */
static void small_rooms(void **state)
{
    const struct told t = { .buttons = 2, .cell = CELL_SEALED };
    const struct identify_facts f = identified_facts(&t);
    struct identification id;
    char whole[IDENTIFY_TEXT], text[IDENTIFY_TEXT];

    (void)state;
    identify_judge(&id, &f, k);
    identify_conclusion(&id, whole, sizeof whole);
    for (size_t room = 0; room < sizeof text; room++) {
        memset(text, '#', sizeof text);
        identify_conclusion(&id, text, room);
        assert_int_equal(text[room], '#');
        if (room > 0)
            assert_memory_equal(text, whole,
                                strlen(whole) < room ? strlen(whole) + 1
                                                     : room - 1);
    }
}

static void carriers_that_are_none(void **state)
{
    static const double carriers[] = { NAN, INFINITY, -INFINITY, 0, -433.92e6 };
    struct identify_facts f = identified_facts(&(struct told){ 0 });
    struct identification id;

    (void)state;
    for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++) {
        f.radio.carrier_hz = carriers[i];
        identify_judge(&id, &f, k);
        assert_int_equal(id.n, 0);
    }
    f.radio.carrier_hz = 433.92e6;
    f.radio.carrier_spread_hz = 1e6; /* it may be anywhere */
    identify_judge(&id, &f, k);
    assert_int_equal(id.n, 0);
    f.radio.carrier_spread_hz =
        NAN; /* not known: the band is, the centre not */
    identify_judge(&id, &f, k);
    assert_non_null(find(&id, "band"));
    assert_null(find(&id, "centred"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(radio_alone_tells_no_mini),
        cmocka_unit_test(no_maker_by_a_shape),
        cmocka_unit_test(owner_never_proves_it),
        cmocka_unit_test(facts_add_up),
        cmocka_unit_test(owner_says_nothing),
        cmocka_unit_test(ratio_and_whom_for),
        cmocka_unit_test(evidence_is_whole),
        cmocka_unit_test(a_hit_is_bounded),
        cmocka_unit_test(a_miss_tells_nothing),
        cmocka_unit_test(one_comparison_counts),
        cmocka_unit_test(hostile_words),
        cmocka_unit_test(small_rooms),
        cmocka_unit_test(carriers_that_are_none),
    };

    return cmocka_run_group_tests(tests, open_knowledge, close_knowledge);
}
