/* test_report_check - the verdict as JSON and as text: what is in it, what is not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>

#include "src/report_check.h"
#include "tests/src/archived.h"
#include "tests/src/judged.h"

static struct sat_fob fob;
static struct verdict_result verdict;

/* Asked for or not; with another fob's frames among them. */
static void make(const struct protocol *p, bool is_asked)
{
    struct sat_fob other = sat_fob(&protocol_siemens_5wy72xx);
    const struct verdict_cfg cfg = { .market_hz = NAN };

    fob = sat_fob(p);
    fob.serial = 0xA7C3D5E;
    other.serial = 0xB1D2E3F4;
    other.carrier_hz = 433.1e6;
    a = sat_live(SAT_ALL);
    for (unsigned i = 0; i < 3; i++) {
        sat_find(&a, &fob);
        sat_send(a.s, &other, a.t, 1);
        a.t += 3;
        if (is_asked) {
            sat_ask(&a, "lock", &fob, 1);
            sitting_stop_asking(a.s, a.t);
        } else {
            sat_send(a.s, &fob, a.t, 1);
            sat_send(a.s, &fob, a.t + 1, 1);
        }
        a.t += 3;
    }
    sat_end(&a);
    verdict_judge(&verdict, a.s, &cfg);
}

static char *json_as_text(bool is_full)
{
    const struct report_check r = { .sitting = a.s,
                                    .verdict = &verdict,
                                    .car = "MINI R53 2004",
                                    .is_full = is_full };
    struct json *j = report_check_json(&r);
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);

    assert_non_null(f);
    assert_int_equal(json_document(j, f), 0);
    assert_int_equal(fclose(f), 0);
    json_free(j);
    return text;
}

static char *text_of(size_t width, const char *car)
{
    const struct report_check r = { .sitting = a.s,
                                    .verdict = &verdict,
                                    .car = car };
    struct report_table t = { .width = width };
    char *text = NULL;
    size_t n = 0;

    t.out = open_memstream(&text, &n);
    assert_non_null(t.out);
    report_check_text(&r, &t);
    assert_int_equal(fclose(t.out), 0);
    return text;
}

static const struct json *member(const struct json *j, const char *key)
{
    assert_non_null(json_get(j, key));
    return json_get(j, key);
}

static void keys(void **state)
{
    static const char *const press[] = {
        "start_s",  "duration_s", "is_fob",   "button",     "was_asked",
        "model",    "copies",     "cut_offs", "carrier_hz", "level_dbfs",
        "drift_hz", "snr_db",     "sag_db",   "te_us",      "overload",
    };
    struct err e = { "" };

    (void)state;
    make(&protocol_hcs200, true);
    char *text = json_as_text(false);
    struct json *j = json_load(text, strlen(text), "report", &e);
    assert_non_null(j);
    assert_string_equal(json_text(j, "schema"), "fobscope.check/1");
    assert_string_equal(json_text(j, "verdict"), "transmits");
    assert_string_equal(json_text(j, "headline"), verdict.headline);
    assert_string_equal(json_text(j, "car"), "MINI R53 2004");
    assert_true(json_number(j, "exit", -1) == 0);
    assert_true(json_flag(j, "redacted"));
    const struct json *evidence = member(j, "evidence");
    assert_int_equal(json_size(evidence), verdict.n);
    for (size_t i = 0; i < verdict.n; i++) {
        const struct json *x = json_at(evidence, i);
        assert_string_equal(json_text(x, "name"),
                            finding_name(verdict.finding[i].kind));
        assert_string_equal(json_text(x, "weight"),
                            finding_weight_name(verdict.finding[i].weight));
        assert_string_equal(json_text(x, "finding"),
                            verdict.finding[i].evidence);
    }
    assert_int_equal(json_size(member(j, "not_tested")), verdict.n_not_tested);
    assert_int_equal(json_size(member(j, "asked")), 3);
    assert_string_equal(json_text(json_at(json_get(j, "asked"), 0), "button"),
                        "lock");
    const struct json *presses = member(j, "presses");
    assert_int_equal(json_size(presses), 6);
    unsigned fobs = 0;
    for (size_t i = 0; i < 6; i++) {
        const struct json *p = json_at(presses, i);
        fobs += json_flag(p, "is_fob");
        for (size_t k = 0; k < sizeof press / sizeof *press; k++)
            assert_non_null(json_get(p, press[k]));
        assert_null(json_get(p, "fields"));
    }
    assert_int_equal(fobs, 3);
    const struct json *receiver = member(j, "receiver");
    assert_int_equal(json_size(member(receiver, "bands")), 3);
    assert_true(json_flag(receiver, "is_live"));
    assert_true(json_number(receiver, "lost", -1) == 0);
    assert_true(json_number(receiver, "overloads", -1) == 0);
    json_free(j);
    free(text);
}

static void all_with_full(void **state)
{
    struct err e = { "" };

    (void)state;
    make(&protocol_hcs200, true);
    char *text = json_as_text(true);
    struct json *j = json_load(text, strlen(text), "report", &e);
    assert_false(json_flag(j, "redacted"));
    const struct json *presses = json_get(j, "presses");
    for (size_t i = 0; i < json_size(presses); i++) {
        const struct json *p = json_at(presses, i);
        assert_non_null(json_get(p, "fields"));
        if (json_flag(p, "is_fob"))
            assert_string_equal(json_text(json_get(p, "fields"), "serial"),
                                "A7C3D5E");
    }
    json_free(j);
    free(text);
}

static void upper(char *text)
{
    for (; *text != '\0'; text++)
        *text = (char)toupper((unsigned char)*text);
}

static void not_in(const char *text, const char *what)
{
    if (strstr(text, what) != NULL)
        fail_msg("\"%s\" in it", what);
}

/* What a frame holds, as anybody might write it. */
static void holds_nothing_of(char *text, const struct frame *f)
{
    char hex[32], decimal[32], bits[BITS_MAX + 1];

    upper(text);
    synth_bits_text(&f->bits, bits);
    bits[24] = '\0';
    not_in(text, bits);
    for (const struct field *x = f->protocol ? f->protocol->fields : NULL;
         x != NULL && x->name != NULL; x++) {
        if (x->bits < 20) /* a serial, a code */
            continue;
        const uint64_t value = field_value(x, &f->bits);
        snprintf(hex, sizeof hex, "%" PRIX64, value);
        snprintf(decimal, sizeof decimal, "%" PRIu64, value);
        not_in(text, hex);
        not_in(text, decimal);
    }
}

static void no_secrets(void **state)
{
    static const struct protocol *const kinds[] = { &protocol_hcs200,
                                                    &protocol_hcs362,
                                                    &protocol_siemens_5wy72xx,
                                                    &protocol_princeton, NULL };

    (void)state;
    for (size_t k = 0; k < 2 * sizeof kinds / sizeof *kinds; k++) {
        make(kinds[k / 2], k % 2 == 0);
        char *json = json_as_text(false), *text = text_of(200, "MINI");
        for (size_t i = 0; i < a.s->n_presses; i++) {
            holds_nothing_of(json, &a.s->press[i].frame);
            holds_nothing_of(text, &a.s->press[i].frame);
        }
        free(json);
        free(text);
    }
}

/* The test above can find what is there. */
static void secrets_with_full(void **state)
{
    (void)state;
    make(&protocol_hcs200, true);
    char *text = json_as_text(true);
    assert_non_null(strstr(text, "A7C3D5E"));
    free(text);
}

static void lines_fit(void **state)
{
    static const size_t widths[] = { 40, 80, 200 };

    (void)state;
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        make(&protocol_hcs200, true);
        char *text = text_of(widths[i], "a car with a name that is longer than "
                                        "any that was ever built, and then "
                                        "some");
        size_t n = 0, headings = 0;
        for (char *line = strtok(text, "\n"); line != NULL;
             line = strtok(NULL, "\n")) {
            if (strlen(line) > widths[i])
                fail_msg("%zu columns: %s", widths[i], line);
            for (const char *c = line; *c != '\0'; c++)
                assert_in_range(*c, 0x20, 0x7e);
            headings += strncmp(line, "because", 7) == 0 ||
                        strncmp(line, "cannot tell", 11) == 0 ||
                        strncmp(line, "what to do", 10) == 0 ||
                        strncmp(line, "not tested", 10) == 0 ||
                        strncmp(line, "car ", 4) == 0;
            n++;
        }
        assert_int_equal(headings, 5);
        assert_true(n > 10);
        free(text);
    }
}

/* A line for each of the fob's presses, none for others. */
static void a_line_a_press(void **state)
{
    (void)state;
    make(&protocol_hcs200, true);
    char *text = text_of(80, NULL);
    size_t n = 0;
    for (const char *c = text; (c = strstr(c, "Microchip-HCS200")) != NULL; c++)
        n++;
    assert_int_equal(n, 3);
    assert_null(strstr(text, "Siemens"));
    assert_non_null(strstr(text, "433.930"));
    assert_non_null(strstr(text, " lock "));
    assert_int_equal(strncmp(text, verdict.headline, strlen(verdict.headline)),
                     0);
    free(text);
}

/* As it was asked for, as its frame names it, as its code, or not at all. */
static void names_of_buttons(void **state)
{
    char text[SITTING_BUTTON_MAX];

    (void)state;
    make(&protocol_siemens_5wy72xx, true);
    struct sitting_press p = a.s->press[1];
    assert_true(p.prompt >= 0);
    report_check_button(a.s, &p, text);
    assert_string_equal(text, "lock");
    p.prompt = -1;
    report_check_button(a.s, &p, text);
    assert_string_equal(text, "Lock");
    fob = sat_fob(&protocol_siemens_5wy72xx);
    p.frame.bits = sat_bits(&fob, 3);
    report_check_button(a.s, &p, text);
    assert_string_equal(text, "code 3");
    p.frame.bits.n = 0;
    report_check_button(a.s, &p, text);
    assert_string_equal(text, "-");
    p.frame.protocol = NULL;
    report_check_button(a.s, &p, text);
    assert_string_equal(text, "-");
}

static void nothing_was_heard(void **state)
{
    const struct verdict_cfg cfg = { .market_hz = NAN };
    struct err e = { "" };

    (void)state;
    a = sat_file(NAN, 3);
    sat_end(&a);
    verdict_judge(&verdict, a.s, &cfg);
    char *text = json_as_text(false);
    struct json *j = json_load(text, strlen(text), "report", &e);
    assert_int_equal(json_size(json_get(j, "presses")), 0);
    assert_non_null(json_get(j, "presses"));
    assert_true(json_number(j, "exit", -1) == 3);
    const struct json *band =
        json_at(json_get(json_get(j, "receiver"), "bands"), 0);
    assert_int_equal(json_kind(json_get(band, "centre_hz")), JSON_KIND_NULL);
    json_free(j);
    free(text);
    text = text_of(80, NULL);
    assert_false(judged_has_word(text, "nan"));
    assert_null(strstr(text, "held button"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys),
        cmocka_unit_test(all_with_full),
        cmocka_unit_test(no_secrets),
        cmocka_unit_test(secrets_with_full),
        cmocka_unit_test(lines_fit),
        cmocka_unit_test(a_line_a_press),
        cmocka_unit_test(names_of_buttons),
        cmocka_unit_test(nothing_was_heard),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
