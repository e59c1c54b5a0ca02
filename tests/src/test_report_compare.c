/* test_report_compare - a comparison as JSON and as text: what is in it, what is not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "src/report_compare.h"
#include "tests/src/compared.h"

#define HCS &protocol_hcs200

enum { FOBS = COMPARE_FOBS_MAX };

static struct compared_side *side;
static struct compare_fob fob[FOBS];
static struct comparison *comparison;
static struct inferrer inferrer;

/* n fobs; each differs from the first by 41 kHz, the second in its format too. */
static void make(size_t n, bool is_other)
{
    static const char *const names[FOBS] = {
        "a.cu8", "b.cu8", "c.cu8", "d.cu8", "e.cu8", "f.cu8", "g.cu8", "h.cu8"
    };
    const struct verdict_cfg how = { .market_hz = NAN };
    const struct compare_cfg cfg = { .is_one_sitting = true };

    for (size_t i = 0; i < n; i++) {
        struct compared_fob x =
            compared_fob(i == 1 && is_other ? &protocol_siemens_5wy72xx : HCS);

        x.fob.serial = 0xA7C3D50 + i;
        x.fob.seed = 11 + i;
        x.fob.carrier_hz += i > 0 ? 41e3 : 0;
        compared_hear(&side[i], &x, &how, &inferrer);
        fob[i] = (struct compare_fob){ names[i], &side[i].subject,
                                       &side[i].verdict };
        if (i > 0)
            compare_judge(&comparison[i - 1], &fob[0], &fob[i], &cfg,
                          &inferrer);
    }
}

static char *json_as_text(size_t n, bool is_full)
{
    const struct report_compare r = { .fob = fob,
                                      .comparison = comparison,
                                      .n = n,
                                      .is_one_sitting = true,
                                      .is_full = is_full };
    struct json *j = report_compare_json(&r);
    char *text = NULL;
    size_t length = 0;
    FILE *f = open_memstream(&text, &length);

    assert_non_null(f);
    assert_int_equal(json_document(j, f), 0);
    assert_int_equal(fclose(f), 0);
    json_free(j);
    return text;
}

static char *text_of(size_t n, size_t width)
{
    const struct report_compare r = {
        .fob = fob, .comparison = comparison, .n = n, .is_one_sitting = true
    };
    struct report_table t = { .width = width };
    char *text = NULL;
    size_t length = 0;

    t.out = open_memstream(&text, &length);
    assert_non_null(t.out);
    report_compare_text(&r, &t);
    assert_int_equal(fclose(t.out), 0);
    return text;
}

static struct json *document_of(size_t n, bool is_full)
{
    char *text = json_as_text(n, is_full);
    struct err e = { "" };
    struct json *j = json_load(text, strlen(text), "report", &e);

    free(text);
    if (j == NULL)
        fail_msg("%s", e.text);
    return j;
}

static const struct json *row_of(const struct json *list, const char *name)
{
    for (size_t i = 0; i < json_size(list); i++)
        if (strcmp(json_text(json_at(list, i), "name"), name) == 0)
            return json_at(list, i);
    fail_msg("no row %s", name);
    return NULL;
}

static void json_of_a_pair(void **state)
{
    struct json *j;
    const struct json *rows, *row;

    (void)state;
    make(2, false);
    j = document_of(2, false);
    rows = json_get(j, "differences");
    assert_string_equal(json_text(j, "schema"), "fobscope.compare/1");
    assert_true(json_flag(j, "redacted"));
    assert_string_equal(json_text(j, "verdict"), "alike");
    assert_string_equal(json_text(j, "relation"), "same_family");
    sat_near(json_number(j, "exit", NAN), 0, 0);
    row = row_of(rows, "carrier");
    sat_near(json_number(row, "a", NAN), 433.93e6, 100);
    sat_near(json_number(row, "b", NAN), 433.971e6, 100);
    sat_near(json_number(row, "delta", NAN), 41e3, 1);
    assert_string_equal(json_text(row, "unit"), "hz");
    assert_false(json_flag(row, "same"));
    assert_true(json_flag(row, "noted"));
    assert_false(json_flag(row, "matters"));
    assert_non_null(json_text(row, "why"));
    row = row_of(rows, "deviation"); /* OOK has none */
    assert_int_equal(json_kind(json_get(row, "same")), JSON_KIND_NULL);
    assert_int_equal(json_kind(json_get(row, "a")), JSON_KIND_NULL);
    assert_int_equal(json_size(json_get(j, "evidence")), 1);
    assert_true(json_size(json_get(j, "not_tested")) >= 3);
    assert_string_equal(json_text(json_get(j, "a"), "name"), "a.cu8");
    assert_string_equal(json_text(json_get(j, "b"), "verdict"), "transmits");
    assert_true(json_size(json_get(json_get(j, "b"), "presses")) == 8);
    assert_true(json_number(json_get(j, "false_difference"), "sum", 1) < 1e-3);
    assert_null(json_get(j, "more"));
    json_free(j);
}

/* Serials and codes only where all is asked for. */
static void redacted(void **state)
{
    char *text;

    (void)state;
    make(2, false);
    text = json_as_text(2, false);
    assert_null(strstr(text, "A7C3D5"));
    assert_null(strstr(text, "\"fields\""));
    free(text);
    text = json_as_text(2, true);
    assert_non_null(strstr(text, "A7C3D50"));
    assert_non_null(strstr(text, "A7C3D51"));
    assert_null(strstr(text, "redacted"));
    free(text);
    text = text_of(2, 80);
    assert_null(strstr(text, "A7C3D5"));
    free(text);
}

static void check_width(const char *text, size_t width)
{
    for (const char *line = text; *line != '\0';) {
        const size_t n = strcspn(line, "\n");

        if (n > width)
            fail_msg("%zu columns: %.*s", n, (int)n, line);
        for (size_t i = 0; i < n; i++)
            assert_true(line[i] >= ' ' && line[i] <= '~');
        line += n + (line[n] == '\n');
    }
}

static size_t count_lines(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++)
        n += *text == '\n';
    return n;
}

/* A screen of 80 by 24, what differs first. */
static void text_of_a_pair(void **state)
{
    char *text;

    (void)state;
    make(2, false);
    text = text_of(2, 80);
    check_width(text, 80);
    assert_true(count_lines(text) <= 24);
    assert_true(strstr(text, "\ncarrier ") != NULL &&
                strstr(text, "\ncarrier ") < strstr(text, "\nthe same"));
    assert_true(strstr(text, "\nthe same") < strstr(text, "\nnot tested"));
    free(text);
    text = text_of(2, 40);
    check_width(text, 40);
    free(text);
}

/* What another format brings with it is not told as more differences. */
static void text_of_two_formats(void **state)
{
    char *text;

    (void)state;
    make(2, true);
    text = text_of(2, 80);
    assert_non_null(strstr(text, "\nformat "));
    assert_non_null(strstr(text, "\nwith it "));
    assert_non_null(strstr(text, "not of one family"));
    check_width(text, 80);
    free(text);
}

static void matrix(void **state)
{
    const struct report_compare r = { .fob = fob,
                                      .comparison = comparison,
                                      .n = FOBS };
    struct json *j;
    char *text;

    (void)state;
    make(FOBS, true);
    for (size_t n = 3; n <= FOBS; n++) {
        text = text_of(n, 80);
        check_width(text, 80);
        assert_non_null(strstr(text, "\nformat "));
        assert_non_null(strstr(text, "*"));
        free(text);
    }
    assert_int_equal(report_compare_status(&r), STATUS_FAULT);
    j = document_of(3, false);
    assert_int_equal(json_size(json_get(j, "more")), 1);
    assert_string_equal(
        json_text(json_get(json_at(json_get(j, "more"), 0), "fob"), "name"),
        "c.cu8");
    assert_string_equal(json_text(j, "verdict"), "differ");
    json_free(j);
}

/* A loss goes before a difference, a difference before a doubt. */
static void worst_status(void **state)
{
    static const struct {
        enum status of[3], all;
    } rows[] = {
        { { STATUS_OK, STATUS_OK, STATUS_OK }, STATUS_OK },
        { { STATUS_OK, STATUS_INCONCLUSIVE, STATUS_OK }, STATUS_INCONCLUSIVE },
        { { STATUS_INCONCLUSIVE, STATUS_FAULT, STATUS_OK }, STATUS_FAULT },
        { { STATUS_FAULT, STATUS_INCONCLUSIVE, STATUS_OK }, STATUS_FAULT },
        { { STATUS_FAULT, STATUS_LOST, STATUS_FAULT }, STATUS_LOST },
    };
    const struct report_compare r = { .fob = fob,
                                      .comparison = comparison,
                                      .n = 4 };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t k = 0; k < 3; k++)
            comparison[k].status = rows[i].of[k];
        assert_int_equal(report_compare_status(&r), rows[i].all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_of_a_pair), cmocka_unit_test(redacted),
        cmocka_unit_test(text_of_a_pair), cmocka_unit_test(text_of_two_formats),
        cmocka_unit_test(matrix),         cmocka_unit_test(worst_status),
    };
    int failed;

    side = calloc(FOBS, sizeof *side);
    comparison = calloc(FOBS, sizeof *comparison);
    if (side == NULL || comparison == NULL || inferrer_init(&inferrer) < 0)
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    inferrer_finish(&inferrer);
    free(comparison);
    free(side);
    return failed;
}
