/* test_report_fields - the fields of a fob's format, as JSON and in a table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/src/reported.h"

enum { FORMATS = 30 };

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

static char *table(size_t width)
{
    struct report_table t = { .width = width };
    char *text = NULL;
    size_t n = 0;

    t.out = open_memstream(&text, &n);
    assert_non_null(t.out);
    report_fields_text(&report.subject, &t);
    assert_int_equal(fclose(t.out), 0);
    return text;
}

static size_t count_lines(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++)
        n += *text == '\n';
    return n;
}

/* Those that do not go on with the words of the line above. */
static size_t count_rows(const char *text)
{
    enum { WHAT = 34 }; /* the column where words begin */
    size_t n = 0;

    for (; *text != '\0'; text += strcspn(text, "\n") + 1)
        n += strspn(text, " ") < WHAT;
    return n;
}

static void lines_fit(const char *text, size_t width)
{
    for (; *text != '\0'; text += strcspn(text, "\n") + 1) {
        const size_t n = strcspn(text, "\n");

        if (n > width)
            fail_msg("%zu columns: %.*s", width, (int)n, text);
        for (size_t i = 0; i < n; i++)
            assert_in_range(text[i], 0x20, 0x7e);
    }
}

static void no_format(void **state)
{
    (void)state;
    reported_unsaid(&report);
    reported_known(&report, NULL, 0, 0);
    struct json *j = report_fields_json(&report.subject, true);
    assert_int_equal(json_kind(j), JSON_KIND_ARRAY);
    assert_int_equal(json_size(j), 0);
    json_free(j);
    char *text = table(80);
    assert_string_equal(text, "");
    free(text);
}

/* One press of a format that nobody knows: no fields yet. */
static void too_few_presses(void **state)
{
    const struct presses_cfg cfg = { .fobs = 1, .buttons = 1, .presses = 1 };
    static struct sitting s;

    (void)state;
    drawn_sit(&s, drawn_presses(4, &cfg), 0, &drawn_usual);
    reported_judge(&report, &s);
    assert_non_null(report.subject.frames.best);
    struct json *j = report_fields_json(&report.subject, true);
    assert_int_equal(json_size(j), 0);
    json_free(j);
    char *text = table(80);
    assert_string_equal(text, "");
    free(text);
}

static const char *order_word(enum field_order o)
{
    return o == ORDER_LSB        ? "lsb"
           : o == ORDER_MSB      ? "msb"
           : o == ORDER_BYTES_LE ? "bytes_le"
                                 : "s3012";
}

/* What every field has; full: the value in each press. */
static void check_field(const struct json *o, const struct field *f,
                        bool is_full)
{
    const struct json *all = json_get(o, "values");
    struct bits bits;
    char hex[24];

    assert_string_equal(json_text(o, "name"), f->name);
    assert_string_equal(json_text(o, "role"), field_role_name(f->role));
    assert_true(json_number(o, "at", -1) == f->at);
    assert_true(json_number(o, "bits", -1) == f->bits);
    assert_string_equal(json_text(o, "order"), order_word(f->order));
    if (!is_full) {
        assert_null(all);
        return;
    }
    assert_int_equal(json_size(all), report.subject.frames.n);
    for (size_t i = 0; i < report.subject.frames.n; i++) {
        struct json *copy = json_new_object();

        identify_subject_bits(&report.subject, i, &bits);
        hex[0] = '\0';
        if (field_is_inside(f, &bits))
            snprintf(hex, sizeof hex, "%0*" PRIX64, (f->bits + 3) / 4,
                     field_value(f, &bits));
        json_set(copy, "value", json_clone(json_at(all, i)));
        const char *value = json_text(copy, "value");
        assert_int_equal(strlen(value), strlen(hex));
        for (size_t k = 0; hex[k] != '\0'; k++)
            assert_int_equal(toupper((unsigned char)value[k]), hex[k]);
        json_free(copy);
    }
}

static void check_fields(bool is_full)
{
    struct inferred_protocol inferred;
    const struct protocol *p =
        identify_subject_format(&report.subject, &inferred);
    struct json *j = report_fields_json(&report.subject, is_full);
    size_t n = 0;

    assert_non_null(p);
    for (const struct field *f = p->fields; f->name != NULL; f++, n++) {
        assert_true(n < json_size(j));
        check_field(json_at(j, n), f, is_full);
    }
    assert_int_equal(json_size(j), n);
    json_free(j);
}

static const struct protocol *const known[] = {
    &protocol_hcs200, &protocol_hcs361, &protocol_hcs362,
    &protocol_siemens_5wy72xx, &protocol_princeton
};

static void known_fields(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        reported_known(&report, known[i], 0xA7C3D5E, 3);
        check_fields(false);
        check_fields(true);
        struct json *j = report_fields_json(&report.subject, true);
        assert_null(json_get(json_at(j, 0), "confidence"));
        json_free(j);
    }
}

/* A waveform of HCS200s leaves out the last bit. */
static void a_field_beyond_the_frame(void **state)
{
    (void)state;
    reported_known(&report, &protocol_hcs200, 0xA7C3D5E, 3);
    const struct bits *b = &report.subject.frames.frame[1]->bits;
    struct frame f = *report.subject.frames.frame[1];
    assert_int_equal(b->n, 66);
    f.bits.n = 65;
    report.subject.frames.frame[1] = &f;
    check_fields(true);
    struct json *j = report_fields_json(&report.subject, true);
    char *text = reported_document(j);
    assert_non_null(strstr(text, "\"\""));
    free(text);
    json_free(j);
}

static bool is_share(const struct json *o, const char *key)
{
    const double p = json_number(o, key, -1);

    return p >= 0 && p <= 1;
}

static void check_relation(const struct json *o, const struct relation *r)
{
    const struct json *x = json_get(o, "check");

    assert_non_null(x);
    assert_string_equal(json_text(x, "kind"), relation_name(r->kind));
    assert_true(json_number(x, "from", -1) == r->from);
    assert_true(json_number(x, "from_bits", -1) == r->from_bits);
    assert_true(json_number(x, "unit", 0) == r->unit);
    assert_true(is_share(x, "confidence"));
    assert_int_equal(strtoul(json_text(x, "constant"), NULL, 16), r->constant);
    assert_int_equal(json_text(x, "polynomial") != NULL,
                     r->kind == RELATION_CRC);
    if (r->kind == RELATION_CRC)
        assert_int_equal(strtoul(json_text(x, "polynomial"), NULL, 16),
                         r->polynomial);
}

/* Those of many formats; counters and checks among them. */
static void inferred_fields(void **state)
{
    unsigned counters = 0, checks = 0, crcs = 0;

    (void)state;
    for (uint64_t seed = 0; seed < FORMATS; seed++) {
        const struct inference *i = &report.subject.inference;
        reported_unknown(&report, seed, &drawn_usual);
        assert_true(report.subject.is_inferred);
        check_fields(false);
        check_fields(true);
        struct json *j = report_fields_json(&report.subject, false);
        assert_true(json_size(j) >= i->n);
        for (size_t k = 0, part = 0; k < i->n; k++) {
            const struct inference_field *g = &i->field[k];

            for (unsigned at = 0; at < g->bits; at += 64, part++) {
                const struct json *o = json_at(j, part);

                assert_true(is_share(o, "confidence") &&
                            is_share(o, "begins") && is_share(o, "ends"));
                sat_near(json_number(o, "confidence", -1), g->confidence, 1e-6);
                assert_int_equal(json_kind(json_get(o, "evidence_nats")),
                                 JSON_KIND_NUMBER);
                assert_int_equal(json_get(o, "step") != NULL,
                                 g->role == ROLE_COUNTER);
                counters += g->role == ROLE_COUNTER;
                if (g->relation.kind == RELATION_NONE) {
                    assert_null(json_get(o, "check"));
                    continue;
                }
                check_relation(o, &g->relation);
                checks++;
                crcs += g->relation.kind == RELATION_CRC;
            }
        }
        json_free(j);
    }
    assert_true(counters >= 5 && checks >= 5 && crcs >= 2);
}

/* A row a field, and the heading's, in any width; where there is room, a line. */
static void tables(void **state)
{
    static const size_t widths[] = { 40, 60, 80, 200 };

    (void)state;
    for (uint64_t seed = 0; seed < FORMATS; seed++) {
        const bool is_known = seed < sizeof known / sizeof *known;
        size_t n = 0;

        if (is_known) {
            reported_known(&report, known[seed], 0xA7C3D5E, 3);
            while (known[seed]->fields[n].name != NULL)
                n++;
        } else {
            reported_unknown(&report, seed, &drawn_usual);
            n = report.subject.inference.n;
        }
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
            char *text = table(widths[w]);

            lines_fit(text, widths[w]);
            assert_int_equal(count_rows(text), n + 2);
            if (widths[w] == 200)
                assert_int_equal(count_lines(text), n + 2);
            assert_int_equal(strncmp(text, "\n   bits  width  role ", 22), 0);
            assert_null(strstr(text, "nan"));
            free(text);
        }
    }
}

extern const struct protocol *const protocols[];

/* Every format there is in the narrowest table. */
static void all_known_fit(void **state)
{
    (void)state;
    reported_known(&report, &protocol_hcs200, 0xA7C3D5E, 3);
    for (size_t i = 0; protocols[i] != NULL; i++) {
        struct frame f = *report.subject.frames.best;

        f.protocol = protocols[i];
        report.subject.frames.best = &f;
        char *text = table(TABLE_WIDTH_MIN);
        lines_fit(text, TABLE_WIDTH_MIN);
        for (const struct field *x = f.protocol->fields; x->name; x++)
            assert_non_null(strstr(text, x->name));
        free(text);
    }
}

/* The words for a field that was made by hand. */
static void describes(const struct inference_field *g, const char *says)
{
    report.subject.inference.n = 1;
    report.subject.inference.field[0] = *g;
    char *text = table(120);
    if (strstr(text, says) == NULL)
        fail_msg("no \"%s\" in %s", says, text);
    free(text);
}

#define SURE .bits = 8, .confidence = 0.97, .begins = 1, .ends = 1

static void words(void **state)
{
    (void)state;
    reported_unknown(&report, 4, &drawn_usual);
    describes(&(struct inference_field){ SURE, .role = ROLE_ACTION },
              "  0-  7      8  action     97 %  follows the button\n");
    describes(&(struct inference_field){ SURE, .role = ROLE_ROLLING, .at = 12 },
              " 12- 19      8  rolling    97 %  changes with each press\n");
    describes(&(struct inference_field){ SURE, .role = ROLE_STATUS }, "a flag");
    describes(&(struct inference_field){ SURE, .role = ROLE_COUNTER,
                                         .order = ORDER_LSB, .step = 2 },
              "counts by 2, lowest bit first");
    describes(&(struct inference_field){ SURE, .role = ROLE_COUNTER,
                                         .order = ORDER_MSB, .step = 1 },
              "counts by 1, highest bit first\n");
    describes(&(struct inference_field){ SURE, .role = ROLE_COUNTER, .reach = 5,
                                         .order = ORDER_MSB, .step = 1 },
              "highest bit first; its upper bits may be 5 more\n");
    describes(&(struct inference_field){ SURE, .role = ROLE_CHECK,
                                         .relation = { .kind = RELATION_CRC,
                                                       .from = 4,
                                                       .from_bits = 60,
                                                       .polynomial = 0x31 } },
              "CRC, polynomial 31h, of bits 4-63");
    describes(
        &(struct inference_field){
            SURE, .role = ROLE_CHECK,
            .relation = { .kind = RELATION_XOR, .from = 0, .from_bits = 56 } },
        "xor of bits 0-55");
    describes(&(struct inference_field){ .bits = 8,
                                         .confidence = 0.5,
                                         .role = ROLE_ROLLING,
                                         .begins = 0.25,
                                         .ends = 0.5 },
              "; begins there: 25 %, ends there: 50 %");
    describes(&(struct inference_field){ .bits = 8,
                                         .confidence = 0.5,
                                         .role = ROLE_ROLLING,
                                         .begins = 1,
                                         .ends = 0.5 },
              "each press; ends there: 50 %");
}

/* A probability that is rounded to 1 is no certainty either. */
static void nothing_is_sure(void **state)
{
    (void)state;
    reported_unknown(&report, 4, &drawn_usual);
    report.subject.inference.n = 1;
    report.subject.inference.field[0] =
        (struct inference_field){ SURE, .role = ROLE_ROLLING };
    report.subject.inference.field[0].confidence = 1;
    char *text = table(120);
    if (strstr(text, "100 %") != NULL || strstr(text, " 99 %") == NULL)
        fail_msg("%s", text);
    free(text);
}

/* Of two fobs an identity is not the same in all presses: just that tells it from
 * what is fixed. */
static void an_identity_of_two_fobs(void **state)
{
    const struct inference_field own = { SURE, .role = ROLE_IDENTITY },
                                 all = { SURE, .role = ROLE_FIXED };

    (void)state;
    reported_unknown(&report, 4, &drawn_usual);
    describes(&own, "the same in all presses\n");
    describes(&all, "the same in all presses\n");
    report.subject.inference.fobs = 2;
    describes(&own, "each fob's own\n");
    describes(&all, "the same in all fobs\n");
}

static void wants(void **state)
{
    static const struct {
        struct inference_want want;
        const char *says;
    } rows[] = {
        { { WANT_PRESSES, 1, -1, 8, 4 }, "1 more press, for bits 8-11" },
        { { WANT_PRESSES, 20, -1, 8, 4 }, "20 more presses, for bits 8-11" },
        { { WANT_PRESSES, 2, -1, 0, 0 }, "2 more presses, for the rest" },
        { { WANT_BUTTON, 2, -1, 0, 0 }, "2 presses of another button: " },
        { { WANT_SAME_BUTTON, 1, -1, 0, 0 }, "each button once again: " },
        { { WANT_FOB, 2, -1, 0, 0 }, "another fob of the kind (--like): " },
        { { WANT_LABELS, 1, -1, 0, 0 }, "which button was pressed when (--p" },
    };
    char text[REPORT_WANT];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        memset(text, 'x', sizeof text);
        report_fields_want(&report.subject, &rows[i].want, text);
        assert_int_equal(strncmp(text, rows[i].says, strlen(rows[i].says)), 0);
        assert_in_range(strlen(text), 10, REPORT_WANT - 2); /* not cut */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_format),
        cmocka_unit_test(too_few_presses),
        cmocka_unit_test(known_fields),
        cmocka_unit_test(a_field_beyond_the_frame),
        cmocka_unit_test(inferred_fields),
        cmocka_unit_test(tables),
        cmocka_unit_test(all_known_fit),
        cmocka_unit_test(words),
        cmocka_unit_test(nothing_is_sure),
        cmocka_unit_test(an_identity_of_two_fobs),
        cmocka_unit_test(wants),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
