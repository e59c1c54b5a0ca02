/* test_knowledge - the file that is built in is whole, and broken ones are refused.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocols/protocol.h"
#include "src/json.h"
#include "src/knowledge.h"

enum { FILE_MAX = 1 << 20, KEY_MAX = 64 };

static struct knowledge *k;

/* cmocka compares in float, which is too coarse. */
static void assert_near(double a, double b, double within)
{
    assert_true(fabs(a - b) <= within);
}

static int open_it(void **state)
{
    struct err e;

    (void)state;
    return knowledge_open(&k, &e);
}

static int close_it(void **state)
{
    (void)state;
    knowledge_close(k);
    return 0;
}

static bool is_tag(const char *tag)
{
    static const char *const tags[] = { "DOC", "MEAS", "DEC", "CLAIM",
                                        "INF", "MEM",  "SYN", "ASM" };

    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (strcmp(tag, tags[i]) == 0)
            return true;
    return false;
}

static void each_row_is_whole(void **state)
{
    const struct knowledge_row *row;
    size_t i = 0, n = 0;

    (void)state;
    while ((row = knowledge_next(k, NULL, &i)) != NULL) {
        bool is_one = true;

        assert_true(row->fact[0] != '\0' && row->value[0] != '\0');
        assert_true(row->says[0] != '\0' && row->source[0] != '\0');
        assert_true(row->says[strlen(row->says) - 1] != '.');
        assert_true(is_tag(row->certainty));
        for (size_t g = 0; g < GENERATIONS; g++) {
            assert_true(row->likelihood[g] > 0 && row->likelihood[g] <= 1);
            is_one &= row->likelihood[g] == 1;
        }
        assert_int_equal(row->is_remark, is_one);
        /* the first of its name: no value is there twice */
        assert_ptr_equal(row, knowledge_find(k, row->fact, row->value));
        n++;
    }
    assert_true(n > 50);
}

/* Values exclude each other and leave nothing out. */
static void values_of_a_fact_add_up(void **state)
{
    const struct knowledge_row *row, *other;
    size_t i = 0;

    (void)state;
    while ((row = knowledge_next(k, NULL, &i)) != NULL) {
        double sum[GENERATIONS] = { 0 };
        size_t j = 0;

        if (row->is_remark)
            continue;
        while ((other = knowledge_next(k, row->fact, &j)) != NULL)
            for (size_t g = 0; g < GENERATIONS && !other->is_remark; g++)
                sum[g] += other->likelihood[g];
        for (size_t g = 0; g < GENERATIONS; g++)
            assert_near(sum[g], 1, 1e-9);
    }
}

/* What tells nothing is alike to the last bit, or next to it. */
static void what_tells_nothing(void **state)
{
    const struct knowledge_row *near = knowledge_find(k, "built", "near");
    const struct knowledge_row *band = knowledge_find(k, "band", "shared");
    const struct knowledge_row *mini = knowledge_find(k, "car", "mini_first");

    (void)state;
    for (size_t g = 1; g < GENERATIONS; g++)
        assert_near(near->likelihood[g], near->likelihood[0], 1e-12);
    assert_true(band->likelihood[GENERATION_ROVER] ==
                band->likelihood[GENERATION_E46]);
    assert_true(mini->likelihood[GENERATION_ROVER] ==
                mini->likelihood[GENERATION_E46]);
}

/* A weaker source makes the same share weigh less: 9 in 10 of what a claim says,
 * and the mean of the shares for the rest. */
static void certainty_makes_the_strength(void **state)
{
    const struct knowledge_row *two = knowledge_find(k, "buttons", "2");

    (void)state;
    assert_string_equal(two->certainty, "CLAIM");
    assert_near(two->likelihood[GENERATION_ROVER],
                0.9 * 0.98 + 0.1 * (0.98 + 0.01 + 0.35) / 3, 1e-12);
    assert_near(two->likelihood[GENERATION_E46],
                0.9 * 0.01 + 0.1 * (0.98 + 0.01 + 0.35) / 3, 1e-12);
}

static void numbers(void **state)
{
    double prior[GENERATIONS], sum = 0;

    (void)state;
    for (size_t i = 0; knowledge_needed[i] != NULL; i++)
        assert_true(knowledge_number(k, knowledge_needed[i]) > 0);
    assert_true(isnan(knowledge_number(k, "no such number")));
    knowledge_prior(k, prior);
    for (size_t g = 0; g < GENERATIONS; g++)
        sum += prior[g];
    assert_near(sum, 1, 1e-12);
    assert_true(knowledge_number(k, "band_433_hz") == 433.92e6);
    assert_true(knowledge_number(k, "band_433_hz") *
                    knowledge_number(k, "harmonic") ==
                867.84e6);
}

static void markets(void **state)
{
    const struct knowledge_row *row;
    size_t i = 0;

    (void)state;
    assert_true(knowledge_market_hz(k, "us") == 315e6);
    assert_true(knowledge_market_hz(k, "uk") == 433.92e6);
    assert_true(knowledge_market_hz(k, "au") == 315e6);
    assert_string_equal(knowledge_find(k, "market", "au")->certainty, "INF");
    assert_true(isnan(knowledge_market_hz(k, "jp"))); /* nobody says */
    while ((row = knowledge_next(k, "market", &i)) != NULL)
        assert_true(knowledge_market_hz(k, row->value) > 0);
}

static void recognises_what_is_typed(void **state)
{
    /* clang-format off */
    static const struct { const char *typed, *value; } rows[] = {
        { "MINI R53 2004", "mini_first" },
        { "mini cooper-s (r53)", "mini_first" },
        { "R53", "mini_first" },
        { "R52 Cabrio", "mini_open" },
        { "MINI Cooper", "mini" },
        { "MINI R56", "mini_later" },
        { "Rover Mini 1997", "other" },
        { "Rover 75", "rover_kin" },
        { "land rover discovery  II", "rover_kin" },
        { "BMW E46 320d", "bmw_fzv" },
        { "VW Golf", "other" },
        { "Ford Focus", "other" },
        { "BMW", NULL },            /* which one was not said */
        { "Rover 7", NULL },
        { "R533", NULL },           /* a word, not a part of one */
        { "XR53", NULL },
        { "minivan", NULL },
        { "", NULL },
        { "\xff\xfe|||", NULL },
        { "Fordham", NULL },
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct knowledge_row *row =
            knowledge_recognise(k, "car", rows[i].typed);

        if (rows[i].value == NULL)
            assert_null(row);
        else
            assert_string_equal(row->value, rows[i].value);
    }
    assert_null(knowledge_recognise(k, "no such fact", "R53"));
}

/* Longer than is looked at: the end does not count, nothing breaks. */
static void long_typing(void **state)
{
    char text[4096];

    (void)state;
    memset(text, 'x', sizeof text);
    text[0] = ' ';
    memcpy(text + sizeof text - 5, " R53", 5);
    assert_null(knowledge_recognise(k, "car", text));
    memcpy(text, "R53 ", 4);
    assert_non_null(knowledge_recognise(k, "car", text));
}

/* Every format that is decoded has a row, so that it weighs something. */
static void each_format_has_a_row(void **state)
{
    (void)state;
    for (size_t i = 0; protocols[i] != NULL; i++)
        assert_non_null(knowledge_find(k, "format", protocols[i]->name));
}

static char *file_text(size_t *n)
{
    FILE *f = fopen("src/knowledge.json", "rb");
    char *text = malloc(FILE_MAX);

    assert_non_null(f);
    assert_non_null(text);
    *n = fread(text, 1, FILE_MAX - 1, f);
    fclose(f);
    text[*n] = '\0';
    return text;
}

/* Of the program, by embed.py. */
extern const unsigned char knowledge_json[];
extern const size_t knowledge_json_size;

static void the_file_is_built_in(void **state)
{
    size_t n;
    char *text = file_text(&n);

    (void)state;
    assert_true(n > 1000 && n < FILE_MAX - 1);
    assert_int_equal(knowledge_json_size, n);
    assert_memory_equal(knowledge_json, text, n);
    free(text);
}

/* Each [KEY] of a source is resolved in the file. */
static void each_source_is_resolved(void **state)
{
    struct err e;
    size_t n, i = 0, found = 0;
    char *text = file_text(&n);
    struct json *doc = json_load(text, n, "knowledge.json", &e);
    const struct json *sources = json_get(doc, "sources");
    const struct knowledge_row *row;

    (void)state;
    assert_non_null(sources);
    while ((row = knowledge_next(k, NULL, &i)) != NULL)
        for (const char *c = row->source; (c = strchr(c, '[')) != NULL; c++) {
            char key[KEY_MAX];
            const size_t length = strcspn(c + 1, "]");

            assert_true(length < sizeof key);
            memcpy(key, c + 1, length);
            key[length] = '\0';
            if (json_text(sources, key) == NULL)
                fail_msg("%s %s: [%s] is not in sources", row->fact, row->value,
                         key);
            found++;
        }
    assert_true(found > 40);
    json_free(doc);
    free(text);
}

/* The file with the first `from` behind `after` made `to`. */
static char *changed(const char *after, const char *from, const char *to,
                     size_t *ret_n)
{
    char *text = file_text(ret_n), *out = malloc(2 * FILE_MAX);
    char *at = strstr(text, after);

    assert_non_null(out);
    assert_non_null(at);
    at = strstr(at, from);
    assert_non_null(at);
    *ret_n = (size_t)snprintf(out, 2 * FILE_MAX, "%.*s%s%s", (int)(at - text),
                              text, to, at + strlen(from));
    free(text);
    return out;
}

static void broken_files_are_refused(void **state)
{
    /* clang-format off */
    static const struct { const char *after, *from, *to, *says; } rows[] = {
        { "", "{", "", "knowledge.json" },
        { "", "knowledge/1", "knowledge/2", "schema" },
        { "", "\"certainties\"", "\"certain\"", "certainties: there are none" },
        { "", "\"wrong\": 0.02", "\"wrong\": 1.5", "DOC: wrong is not" },
        { "", "\"tag\": \"DEC\"", "\"tag\": \"\"", "tag or says" },
        { "", "\"tag\": \"SYN\"", "\"gat\": \"SYN\"", "tag or says" },
        { "", "\"numbers\"", "\"n\"", "numbers: there are none" },
        { "", "\"facts\"", "\"f\"", "facts: there are none" },
        { "", "\"remarks\"", "\"f\"", "remarks: there are none" },
        { "", "\"name\": \"mixed_up\"", "\"name\": \"mix\"", "mixed_up: the number is missing" },
        { "", "\"name\": \"mixed_up\"", "\"name\": \"prior_rover\"", "prior_rover: it is there twice" },
        { "mixed_up", "\"value\": 0.02", "\"value\": \"0.02\"", "mixed_up: value is no number" },
        { "mixed_up", "\"value\": 0.02", "\"value\": -1", "mixed_up: value is no number" },
        { "mixed_up", "\"certainty\": \"ASM\"", "\"certainty\": \"SURE\"", "mixed_up: certainty is none" },
        { "\"market\": \"us\"", "\"hz\": 315e6", "\"hz\": 0", "us: hz is no frequency" },
        { "", "\"market\": \"ca\"", "\"market\": \"us\"", "market: a value is there twice" },
        { "", "\"why\"", "\"because\"", "buttons: why is missing" },
        { "", "\"fact\": \"cell\"", "\"fact\": \"buttons\"", "buttons: the fact is there twice" },
        { "", "\"fact\": \"cell\"", "\"fakt\": \"cell\"", "facts: fact is missing" },
        { "\"fact\": \"buttons\"", "\"value\": \"3\"", "\"value\": \"2\"", "buttons: a value is there twice" },
        { "\"fact\": \"buttons\"", "\"value\": \"3\"", "\"walue\": \"3\"", "a row: it has no name" },
        { "\"fact\": \"buttons\"", "\"says\"", "\"tells\"", "1: says is missing" },
        { "\"fact\": \"buttons\"", "\"source\": \"[NAM-74398]\"", "\"source\": \"\"", "1: source is missing" },
        { "\"fact\": \"buttons\"", "\"certainty\": \"CLAIM\"", "\"certainty\": 7", "1: certainty is none" },
        { "\"fact\": \"buttons\"", "0.98", "0.97", "buttons: shares do not add up" },
        { "\"fact\": \"buttons\"", "0.98", "-0.98", "2: shares are missing" },
        { "\"fact\": \"buttons\"", "0.98", "1.98", "2: shares are missing" },
        { "\"fact\": \"buttons\"", "\"share\"", "\"shares\"", "1: shares are missing" },
        { "\"fact\": \"buttons\"", "\"neither\"", "\"none\"", "1: shares are missing" },
        { "\"remarks\"", "\"fact\": \"mix_up\"", "\"fact\": \"\"", "possible: fact is missing" },
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct knowledge *ret = NULL;
        struct err e = { "" };
        size_t n;
        char *text = changed(rows[i].after, rows[i].from, rows[i].to, &n);

        assert_int_equal(knowledge_parse(&ret, text, n, &e), -EINVAL);
        assert_null(ret);
        if (strstr(e.text, rows[i].says) == NULL)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, e.text, rows[i].says);
        free(text);
    }
}

/* A row that nothing can speak against would be certain for ever: wrong of 0 and a
 * share of 0. */
static void nothing_is_certain(void **state)
{
    struct knowledge *ret = NULL;
    struct err e = { "" };
    size_t n;
    char *text = changed("", "\"wrong\": 0.1", "\"wrong\": 0", &n), *at;

    (void)state;
    at = strstr(strstr(text, "\"fact\": \"buttons\""), "0.005");
    memcpy(at, "0    ", 5);
    assert_int_equal(knowledge_parse(&ret, text, n, &e), -EINVAL);
    assert_non_null(strstr(e.text, "nothing can rule it out wholly"));
    free(text);
}

/* Cut off anywhere, it is refused. */
static void cut_files_are_refused(void **state)
{
    size_t n;
    char *text = file_text(&n);
    struct err e;

    (void)state;
    while (text[n - 1] == '\n')
        n--;
    for (size_t i = 0; i < n; i += 97) {
        struct knowledge *ret = NULL;

        assert_int_equal(knowledge_parse(&ret, text, i, &e), -EINVAL);
        assert_null(ret);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_is_whole),
        cmocka_unit_test(values_of_a_fact_add_up),
        cmocka_unit_test(what_tells_nothing),
        cmocka_unit_test(certainty_makes_the_strength),
        cmocka_unit_test(numbers),
        cmocka_unit_test(markets),
        cmocka_unit_test(recognises_what_is_typed),
        cmocka_unit_test(long_typing),
        cmocka_unit_test(each_format_has_a_row),
        cmocka_unit_test(the_file_is_built_in),
        cmocka_unit_test(each_source_is_resolved),
        cmocka_unit_test(broken_files_are_refused),
        cmocka_unit_test(nothing_is_certain),
        cmocka_unit_test(cut_files_are_refused),
    };

    return cmocka_run_group_tests(tests, open_it, close_it);
}
