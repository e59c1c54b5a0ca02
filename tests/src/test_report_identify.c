/* test_report_identify - what a fob is, as JSON and as text: what is in it, what is
 * not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/src/reported.h"

#define STICKER "3FAC55"

enum { SERIAL = 0xA7C3D5E };

static struct reported report;

static int open_all(void **state)
{
    (void)state;
    return reported_open(&report);
}

static int close_all(void **state)
{
    (void)state;
    reported_close(&report);
    return 0;
}

static const struct {
    const char *key;
    const char *kinds; /* any of: text, whole, number, bool, object, list, 0 */
} members[] = {
    { "schema", "t" },
    { "redacted", "b" },
    { "headline", "t" },
    { "exit", "w" },
    { "band", "t0" },
    { "carrier_hz", "n0" },
    { "carrier_uncertainty_hz", "n0" },
    { "modulation", "t0" },
    { "model", "t0" },
    { "rolling", "b0" },
    { "presses", "w" },
    { "presses_read", "w" },
    { "generation", "o" },
    { "evidence", "l" },
    { "inferred", "b" },
    { "fields", "l" },
    { "open", "l" },
}, of_frames[] = {
    { "protocol", "t" },
    { "proven", "b" },
    { "line_code", "t" },
    { "te_us", "n" },
    { "deviation_hz", "n0" },
    { "bits", "w" },
    { "preamble_chips", "w" },
    { "sync_chips", "w" },
}, of_evidence[] = {
    { "name", "t" },
    { "finding", "t" },
    { "likelihood_ratio", "n" },
    { "speaks_for", "t0" },
    { "likelihoods", "o" },
    { "is_radio", "b" },
    { "certainty", "t" },
    { "source", "t" },
}, of_generation[] = {
    { "rover_2_button", "n" },
    { "e46_3_button", "n" },
    { "neither", "n" },
    { "decidable", "b" },
};

static void has_member(const struct json *o, const char *key, const char *kinds)
{
    static const char letters[] = {
        [JSON_KIND_NONE] = '-',   [JSON_KIND_OBJECT] = 'o',
        [JSON_KIND_ARRAY] = 'l',  [JSON_KIND_TEXT] = 't',
        [JSON_KIND_NUMBER] = 'n', [JSON_KIND_BOOL] = 'b',
        [JSON_KIND_NULL] = '0',
    };
    const char letter = letters[json_kind(json_get(o, key))];
    int64_t whole;

    if (strchr(kinds, letter) != NULL || /* a whole number is one */
        (strchr(kinds, 'w') != NULL && json_whole(o, key, &whole)))
        return;
    fail_msg("%s is missing, or of another kind: '%c'", key, letter);
}

#define HAS_ALL(o, table)                                                      \
    for (size_t has = 0; has < sizeof table / sizeof *table; has++)            \
    has_member(o, table[has].key, table[has].kinds)

static struct json *parsed(bool is_full)
{
    struct json *made = reported_json(&report, is_full);
    char *text = reported_document(made);
    struct err e = { "" };
    struct json *j = json_load(text, strlen(text), "report", &e);

    if (j == NULL)
        fail_msg("%s", e.text);
    json_free(made);
    free(text);
    return j;
}

/* identify/1 of INTERFACE.md, whatever was heard. */
static void check_shape(void)
{
    struct json *j = parsed(false);
    double sum = 0;

    HAS_ALL(j, members);
    if (report.subject.frames.best != NULL)
        HAS_ALL(j, of_frames);
    HAS_ALL(json_get(j, "generation"), of_generation);
    for (size_t g = 0; g < GENERATIONS; g++)
        sum += json_number(json_get(j, "generation"), generation_names[g], 9);
    sat_near(sum, 1, 1e-6);
    const struct json *evidence = json_get(j, "evidence");
    assert_int_equal(json_size(evidence), report.id.n);
    for (size_t i = 0; i < json_size(evidence); i++) {
        const struct json *x = json_at(evidence, i);

        HAS_ALL(x, of_evidence);
        assert_string_equal(json_text(x, "finding"),
                            report.id.evidence[i].finding);
        assert_true(json_number(x, "likelihood_ratio", 0) >= 1);
        for (size_t g = 0; g < GENERATIONS; g++)
            assert_true(json_number(json_get(x, "likelihoods"),
                                    generation_names[g], -1) > 0);
    }
    for (size_t i = 0; i < json_size(json_get(j, "open")); i++)
        assert_int_equal(json_kind(json_at(json_get(j, "open"), i)),
                         JSON_KIND_TEXT);
    json_free(j);
}

static void the_contract(void **state)
{
    (void)state;
    for (int is_said = 0; is_said < 2; is_said++) {
        reported_unsaid(&report);
        if (is_said)
            reported_said(&report, STICKER);
        reported_known(&report, &protocol_siemens_5wy72xx, SERIAL, 5);
        check_shape();
        reported_known(&report, &protocol_princeton, SERIAL, 2);
        check_shape();
        reported_known(&report, NULL, SERIAL, 0);
        check_shape();
        reported_unknown(&report, 4, &drawn_usual);
        check_shape();
        reported_unknown(&report, 5,
                         &(struct drawn_cfg){ .te_us = 300,
                                              .modulation = MODULATION_FSK,
                                              .kind = LINE_MANCHESTER,
                                              .sent = LINE_DIFF_MANCHESTER,
                                              .centre_hz = NAN });
        check_shape();
    }
}

static void values(void **state)
{
    (void)state;
    reported_said(&report, STICKER);
    reported_known(&report, &protocol_hcs200, SERIAL, 4);
    struct json *j = parsed(false);
    char headline[IDENTIFY_TEXT];
    assert_string_equal(json_text(j, "schema"), "fobscope.identify/1");
    assert_true(json_flag(j, "redacted"));
    assert_null(json_get(j, "synthetic"));
    assert_string_equal(
        json_text(j, "headline"),
        identify_conclusion(&report.id, headline, sizeof headline));
    assert_true(json_number(j, "exit", -1) == 0);
    assert_string_equal(json_text(j, "band"), "433.92 MHz");
    sat_near(json_number(j, "carrier_hz", 0), 433.93e6, 1);
    sat_near(json_number(j, "carrier_uncertainty_hz", 0), 21.7e3, 100);
    assert_string_equal(json_text(j, "modulation"), "ASK");
    assert_string_equal(json_text(j, "model"), "Microchip-HCS200");
    assert_string_equal(json_text(j, "protocol"), "hcs200");
    assert_string_equal(json_text(j, "line_code"), "pwm");
    sat_near(json_number(j, "te_us", 0), 400, 1e-6);
    assert_int_equal(json_kind(json_get(j, "deviation_hz")), JSON_KIND_NULL);
    assert_true(json_number(j, "bits", 0) == 66);
    assert_true(json_flag(j, "rolling"));
    assert_true(json_number(j, "presses", 0) == 4);
    assert_true(json_number(j, "presses_read", 0) == 4);
    assert_false(json_flag(j, "inferred") || json_flag(j, "proven"));
    assert_int_equal(json_size(json_get(j, "open")), 0);
    assert_true(json_size(json_get(j, "fields")) >= 5);
    json_free(j);
}

static void values_of_unknown(void **state)
{
    (void)state;
    reported_unsaid(&report);
    reported_unknown(&report, 4, &drawn_usual);
    struct json *j = parsed(true);
    assert_null(json_get(j, "redacted"));
    assert_string_equal(json_text(j, "model"), "Unknown");
    assert_string_equal(json_text(j, "protocol"), "unknown");
    assert_true(json_flag(j, "inferred"));
    assert_true(json_number(j, "preamble_chips", 0) == 24);
    assert_true(json_number(j, "sync_chips", 0) == 10);
    assert_int_equal(json_size(json_get(j, "open")),
                     report.subject.inference.n_wants);
    assert_true(json_size(json_get(j, "open")) > 0);
    json_free(j);
}

static void status_and_synthetic(void **state)
{
    struct report_identify r;

    (void)state;
    reported_unsaid(&report);
    reported_known(&report, NULL, SERIAL, 0);
    r = reported_of(&report);
    r.status = STATUS_INCONCLUSIVE;
    r.is_synthetic = true;
    struct json *j = report_identify_json(&r);
    assert_true(json_number(j, "exit", -1) == 3);
    assert_true(json_flag(j, "synthetic"));
    json_free(j);
    struct report_table t = { .width = 80 };
    char *text = NULL;
    size_t n = 0;
    t.out = open_memstream(&text, &n);
    report_identify_text(&r, &t);
    fclose(t.out);
    assert_int_equal(strncmp(text, "Computed, no fob was there.", 27), 0);
    free(text);
}

static void nothing_was_heard(void **state)
{
    (void)state;
    reported_unsaid(&report);
    reported_known(&report, NULL, SERIAL, 0);
    struct json *j = parsed(false);
    assert_int_equal(json_kind(json_get(j, "band")), JSON_KIND_NULL);
    assert_int_equal(json_kind(json_get(j, "carrier_hz")), JSON_KIND_NULL);
    assert_int_equal(json_kind(json_get(j, "modulation")), JSON_KIND_NULL);
    assert_int_equal(json_kind(json_get(j, "model")), JSON_KIND_NULL);
    assert_int_equal(json_kind(json_get(j, "rolling")), JSON_KIND_NULL);
    assert_int_equal(json_size(json_get(j, "fields")), 0);
    json_free(j);
    char *text = reported_text(&report, 80);
    assert_non_null(strstr(text, "nothing was heard"));
    assert_non_null(strstr(text, "none that is sure"));
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "would settle"));
    free(text);
}

/* Whether text holds a code of the frames or the sticker. */
static const char *secret_in(const char *text)
{
    static char what[64];

    for (size_t i = 0; i < report.subject.frames.n; i++) {
        const struct bits *b = &report.subject.frames.frame[i]->bits;
        struct inferred_protocol inferred;
        const struct protocol *p =
            identify_subject_format(&report.subject, &inferred);
        struct bits read;

        identify_subject_bits(&report.subject, i, &read);
        if (reported_has_bits(text, b) || reported_has_bits(text, &read))
            return "bits";
        for (const struct field *f = p != NULL ? p->fields : NULL;
             f != NULL && f->name != NULL; f++)
            if (reported_has_field(text, &read, f->at, f->bits)) {
                snprintf(what, sizeof what, "%s of press %zu", f->name, i);
                return what;
            }
    }
    return reported_has(text, STICKER) ? "the sticker" : NULL;
}

/* The fields as they truly are, of a format that was drawn. */
static const char *true_field_in(const char *text, uint64_t seed)
{
    static char what[64];
    struct format f;

    formats_draw(&f, seed);
    for (size_t i = 0; i < report.subject.frames.n; i++) {
        struct bits read;

        identify_subject_bits(&report.subject, i, &read);
        for (size_t k = 0; k < f.n; k++)
            if (f.field[k].role != ROLE_FIXED &&
                reported_has_field(text, &read, f.field[k].at,
                                   f.field[k].bits)) {
                snprintf(what, sizeof what, "field %zu of press %zu", k, i);
                return what;
            }
    }
    return NULL;
}

static void is_clean(const char *text, const char *name, uint64_t seed,
                     bool is_drawn)
{
    const char *what = secret_in(text);

    if (what == NULL && is_drawn)
        what = true_field_in(text, seed);
    if (what != NULL)
        fail_msg("%s, %d: %s in\n%s", name, (int)seed, what, text);
}

static void no_secrets(void **state)
{
    static const struct protocol *const known[] = {
        &protocol_hcs200, &protocol_hcs361, &protocol_hcs362,
        &protocol_siemens_5wy72xx, &protocol_princeton
    };
    const size_t n = sizeof known / sizeof *known;
    struct drawn_cfg how = drawn_usual;

    (void)state;
    reported_said(&report, STICKER);
    for (uint64_t i = 0; i < 40; i++) {
        how.kind = i % 4 ? LINE_PWM : LINE_MANCHESTER;
        how.sent = i % 8 ? how.kind : LINE_DIFF_MANCHESTER;
        if (i < n)
            reported_known(&report, known[i], SERIAL, 5);
        else
            reported_unknown(&report, i, &how);
        struct json *j = reported_json(&report, false);
        char *json = reported_document(j), *text = reported_text(&report, 200);
        is_clean(json, "json", i, i >= n);
        is_clean(text, "text", i, i >= n);
        json_free(j);
        free(json);
        free(text);
    }
}

/* A code that is found in the frames is not told, only where it is. */
static void no_sticker(void **state)
{
    (void)state;
    reported_said(&report, STICKER);
    reported_known(&report, &protocol_hcs200, 0x83FAC55, 6);
    assert_true(report.facts.radio.sticker.is_hit);
    struct json *j = reported_json(&report, false);
    char *json = reported_document(j), *text = reported_text(&report, 200);
    is_clean(json, "json", 0, false);
    is_clean(text, "text", 0, false);
    assert_non_null(strstr(text, "of 6 presses"));
    json_free(j);
    free(json);
    free(text);
}

/* What looks for them finds them where they are. */
static void secrets_with_full(void **state)
{
    (void)state;
    reported_said(&report, STICKER);
    reported_known(&report, &protocol_hcs200, SERIAL, 4);
    struct json *j = reported_json(&report, true);
    char *json = reported_document(j);
    assert_non_null(secret_in(json));
    assert_true(reported_has_number(json, SERIAL, 28));
    json_free(j);
    free(json);
    reported_unknown(&report, 4, &drawn_usual);
    j = reported_json(&report, true);
    json = reported_document(j);
    assert_non_null(secret_in(json));
    json_free(j);
    free(json);
}

/* However much better it is than the other: the kind that is judged is the one that is
 * said. */
static void one_line_code_is_said(void **state)
{
    struct drawn_cfg how = drawn_usual;

    (void)state;
    reported_unsaid(&report);
    how.kind = LINE_MANCHESTER;
    how.sent = LINE_DIFF_MANCHESTER;
    reported_unknown(&report, 0, &how);
    assert_int_equal(report.subject.inference.kind, LINE_DIFF_MANCHESTER);
    report.subject.inference.kind_gain = 1;
    identify_subject_radio(&report.subject, NULL, &report.facts.radio);
    identify_judge(&report.id, &report.facts, report.knowledge);
    struct json *j = parsed(false);
    assert_string_equal(json_text(j, "line_code"),
                        line_kind_name(report.facts.radio.kind));
    json_free(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_contract),
        cmocka_unit_test(values),
        cmocka_unit_test(values_of_unknown),
        cmocka_unit_test(status_and_synthetic),
        cmocka_unit_test(nothing_was_heard),
        cmocka_unit_test(no_secrets),
        cmocka_unit_test(no_sticker),
        cmocka_unit_test(secrets_with_full),
        cmocka_unit_test(one_line_code_is_said),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
