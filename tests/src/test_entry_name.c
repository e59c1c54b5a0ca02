/* test_entry_name - names that tell what is in a file, names that tell no serial,
 * and what is different.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/entry.h"
#include "src/source_name.h"
#include "tests/src/archived.h"

/* To the hertz up to 1 GHz, and nine digits above. */
static void parses_back(const struct entry *t)
{
    char name[ENTRY_NAME], path[ENTRY_NAME + 16];
    struct source_facts facts;

    memset(name, 'x', sizeof name);
    entry_make_name(name, t);
    assert_non_null(memchr(name, '\0', sizeof name));
    assert_memory_equal(name, "fob_", 4);
    assert_non_null(strstr(name, t->id));
    snprintf(path, sizeof path, "%s.cu8", name);
    source_name_parse(path, &facts);
    if (isnan(t->centre_hz)
            ? !isnan(facts.centre_hz)
            : fabs(facts.centre_hz - t->centre_hz) > 0.5 + 5e-9 * t->centre_hz)
        fail_msg("%s: centre %.3f is not %.3f", path, facts.centre_hz,
                 t->centre_hz);
    if (!(fabs(facts.rate_hz - t->rate_hz) <= 0.5))
        fail_msg("%s: rate %.3f is not %.3f", path, facts.rate_hz, t->rate_hz);
}

static void names_parse_back(void **state)
{
    static const char *const ids[] = {
        "3f9a12bc01", "1234567890", "123e456789", "0000000000",
        "9999999999", "1e10e10e10", "000000000e", "433920000a",
        "abcdefabcd", "0e00000000", "12345678e9", "20260329ef"
    };
    static const double rates[] = { 20e3,   48e3,    250e3,  250001,
                                    1e6,    1.024e6, 1.2e6,  2.048e6,
                                    2.4e6,  2560001, 3.2e6,  10e6,
                                    28.8e6, 61.44e6, 333333, 999999 };
    static const double centres[] = {
        NAN,       0,        100e3, 27.12e6, 315e6,      433.92e6, 433.9201e6,
        868349123, 868.35e6, 1e9,   1.7e9,   2.4e9 + 10, 6e9
    };
    static const double dates[] = { NAN, 0, 1774783620.9, 4e9, 253402300799.0 };

    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        for (size_t k = 0; k < sizeof rates / sizeof *rates; k++)
            for (size_t m = 0; m < sizeof centres / sizeof *centres; m++)
                for (size_t n = 0; n < sizeof dates / sizeof *dates; n++) {
                    struct entry t = { .rate_hz = rates[k],
                                       .centre_hz = centres[m],
                                       .start_unix_s = dates[n],
                                       .added_unix_s = 1.8e9 };
                    strcpy(t.id, ids[i]);
                    strcpy(t.datatype, "cu8");
                    parses_back(&t);
                }
}

static void names_of_random_recordings(void **state)
{
    struct synth_random r = { 3 };

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct entry t = { .added_unix_s = NAN };

        for (size_t k = 0; k < ENTRY_ID_DIGITS; k++)
            t.id[k] = "0123456789abcdef"[synth_random_u64(&r) % 16];
        t.rate_hz = floor(20e3 + synth_random_unit(&r) * 61e6);
        t.centre_hz = floor(synth_random_unit(&r) * 6e9);
        t.start_unix_s = synth_random_unit(&r) * 4e9;
        parses_back(&t);
    }
}

static void the_name_of_one(void **state)
{
    struct entry t = { .id = "3f9a12bc01",
                       .rate_hz = 2.048e6,
                       .centre_hz = 433.92e6,
                       .start_unix_s = 1774783620.9,
                       .added_unix_s = NAN };
    char name[ENTRY_NAME];

    (void)state;
    entry_make_name(name, &t);
    assert_string_equal(name, "fob_3f9a12bc01_20260329T112700Z_433.92M_2048k");
    t.start_unix_s = NAN;
    entry_make_name(name, &t);
    assert_string_equal(name, "fob_3f9a12bc01_433.92M_2048k");
}

static struct entry sample(void)
{
    struct entry t = { .id = "3f9a12bc01",
                       .name = "n",
                       .sha512 = "3f9a12bc01",
                       .datatype = "cu8",
                       .rate_hz = 1e6,
                       .centre_hz = NAN,
                       .added_unix_s = 5,
                       .start_unix_s = NAN,
                       .samples = 10,
                       .lost = 1,
                       .owner = { "l", "c", "", "", "n" },
                       .heard = { { .model = "M",
                                    .fob = "F",
                                    .verdict = "proven",
                                    .frames = 2,
                                    .carrier_hz = NAN } },
                       .n_heard = 1 };
    return t;
}

/* change is done to b alone, then to a as well. */
#define TELLS(change)                                                          \
    do {                                                                       \
        struct entry a = sample(), b = sample();                               \
        struct entry *t = &b;                                                  \
        change;                                                                \
        if (entry_difference(&a, &b) == NULL ||                                \
            entry_difference(&b, &a) == NULL ||                                \
            entry_difference(&a, &b)[0] == '\0')                               \
            fail_msg("no difference: %s", #change);                            \
        t = &a;                                                                \
        change;                                                                \
        assert_null(entry_difference(&a, &b));                                 \
    } while (0)

static void each_difference_is_told(void **state)
{
    (void)state;
    TELLS(t->centre_hz = NAN; t->lost = 2); /* unknown is as unknown */
    TELLS(t->name[0] = 'm');
    TELLS(t->sha512[3] = '0');
    TELLS(strcpy(t->datatype, "cs8"));
    TELLS(t->rate_hz = 2e6);
    TELLS(t->centre_hz = 433e6);
    TELLS(t->added_unix_s = NAN);
    TELLS(t->added_unix_s = 7);
    TELLS(t->start_unix_s = 6);
    TELLS(t->samples = 11);
    TELLS(t->lost = 0);
    TELLS(t->is_synthetic = true);
    for (size_t i = 0; i < OWNER_WORDS; i++)
        TELLS(strcpy(t->owner[i], "other"));
    TELLS(t->n_heard = 0);
    TELLS(t->heard[t->n_heard++] = t->heard[0]);
    TELLS(strcpy(t->heard[0].model, "N"));
    TELLS(strcpy(t->heard[0].fob, ""));
    TELLS(strcpy(t->heard[0].verdict, "damaged"));
    TELLS(t->heard[0].frames = 3);
    TELLS(t->heard[0].carrier_hz = 433e6);
}

static void the_best_verdict(void **state)
{
    static const char *const words[] = { "damaged", "plausible", "proven" };
    struct entry t = sample();

    (void)state;
    t.n_heard = 0;
    assert_string_equal(entry_verdict(&t), "none");
    t.n_heard = 2;
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 3; k++) {
            strcpy(t.heard[0].verdict, words[i]);
            strcpy(t.heard[1].verdict, words[k]);
            assert_string_equal(entry_verdict(&t), words[i > k ? i : k]);
        }
    t.n_heard = 1;
    strcpy(t.heard[0].verdict, "something else");
    assert_string_equal(entry_verdict(&t), "none");
}

static void pseudonyms(void **state)
{
    uint8_t key[HASH_KEY_BYTES] = { 1 }, other[HASH_KEY_BYTES] = { 2 };
    struct entry_heard h = { .model = "Microchip-HCS200",
                             .fob = "0C0FFEE",
                             .verdict = "proven",
                             .frames = 1 },
                       g = h;
    char a[ENTRY_PSEUDONYM], b[ENTRY_PSEUDONYM];

    (void)state;
    assert_int_equal(hash_start(), 0);
    entry_pseudonym(a, key, &h);
    assert_int_equal(strlen(a), 12);
    assert_memory_equal(a, "fob-", 4);
    assert_int_equal(strspn(a + 4, "0123456789abcdef"), 8);
    g.frames = 7;
    g.carrier_hz = 1;
    strcpy(g.verdict, "damaged");
    entry_pseudonym(b, key, &g);
    assert_string_equal(a, b);
    entry_pseudonym(b, other, &h);
    assert_string_not_equal(a, b);
    strcpy(g.fob, "0C0FFEF");
    entry_pseudonym(b, key, &g);
    assert_string_not_equal(a, b);
    g = h;
    strcpy(g.model, "Microchip-HCS361");
    entry_pseudonym(b, key, &g);
    assert_string_not_equal(a, b);
    /* where one ends and the other begins is told */
    strcpy(g.model, "A");
    strcpy(g.fob, "BC");
    entry_pseudonym(a, key, &g);
    strcpy(g.model, "AB");
    strcpy(g.fob, "C");
    entry_pseudonym(b, key, &g);
    assert_string_not_equal(a, b);
    g.fob[0] = '\0';
    entry_pseudonym(b, key, &g);
    assert_string_equal(b, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_parse_back), TEST(names_of_random_recordings),
        TEST(the_name_of_one),  TEST(each_difference_is_told),
        TEST(the_best_verdict), TEST(pseudonyms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
