/* Objects against INTERFACE.md, and the table and CSV cut out of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/report_json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/report_csv.h"
#include "src/report_table.h"

/* clang-format off */
static const struct field fields[] = {
    { "hop",      0, 12, ROLE_ROLLING,  ORDER_MSB, SHOW_HEX,  "encrypted" },
    { "serial",  12,  9, ROLE_IDENTITY, ORDER_MSB, SHOW_HEX,  "id" },
    { "button",  21,  4, ROLE_ACTION,   ORDER_MSB, SHOW_INT,  "button" },
    { "low",     25,  1, ROLE_STATUS,   ORDER_MSB, SHOW_NOT_FLAG,
      "battery_ok" },
    { "spare",   26,  2, ROLE_FIXED,    ORDER_MSB, SHOW_NONE, NULL },
    { "beyond",  28,  8, ROLE_STATUS,   ORDER_MSB, SHOW_INT,  "beyond" },
    { 0 },
};
/* clang-format on */

static const struct action actions[] = { { 5, "Lock" }, { 0 } };

static const struct protocol maker = {
    .name = "maker",
    .model = "Maker-Model",
    .fields = fields,
    .actions = actions,
    .mic = "CRC",
};

static const struct report_origin origin = {
    .rate_hz = 250e3,
    .centre_hz = 433.92e6,
};

/* hop 123, serial 0A5, button 5, battery low, spare 2; 28 bits. */
static struct frame make_frame(void)
{
    static const char bits[] = "0001001000110101001010101110";
    struct frame f = {
        .protocol = &maker,
        .verdict = VERDICT_PROVEN,
        .kind = LINE_PWM,
        .te_us = 398.2149,
        .at = 43210,
        .samples = 27004,
        .copies = 4,
        .confidence = 0.99796,
        .reception = { .modulation = MODULATION_OOK,
                       .carrier_hz = -49789.62,
                       .carrier_uncertainty_hz = 90.04,
                       .level_dbfs = -21.43,
                       .noise_dbfs = -39.61,
                       .snr_db = 18.18 },
    };

    for (f.bits.n = 0; bits[f.bits.n] != '\0'; f.bits.n++)
        f.bits.value[f.bits.n] = bits[f.bits.n] == '1';
    return f;
}

/* Writes j, frees it, and compares. */
static void assert_line(struct json *j, const char *want)
{
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    assert_non_null(out);
    assert_int_equal(json_line(j, out), 0);
    fclose(out);
    assert_string_equal(text, want);
    free(text);
    json_free(j);
}

static void test_frame(void **state)
{
    struct frame f = make_frame();

    (void)state;
    assert_line(
        report_json_frame(&f, 3, &origin),
        "{\"time\": \"@0.172840s\", \"model\": \"Maker-Model\", \"id\": "
        "\"0A5\", \"button\": 5, \"button_str\": \"Lock\", \"encrypted\": "
        "\"123\", \"battery_ok\": 0, \"mic\": \"CRC\", \"mod\": \"ASK\", "
        "\"freq\": 433.87021, \"rssi\": -21.4, \"snr\": 18.2, \"noise\": "
        "-39.6, \"fob\": {\"protocol\": \"maker\", \"verdict\": \"proven\", "
        "\"at\": 43210, \"samples\": 27004, \"carrier_hz\": 433870210.4, "
        "\"carrier_uncertainty_hz\": 90.0, \"te_us\": 398.21, \"line_code\": "
        "\"pwm\", \"bits\": \"0001001000110101001010101110\", \"copies\": 4, "
        "\"press\": 3, \"confidence\": 0.998, \"fields\": {\"hop\": {\"role\": "
        "\"rolling\", \"hex\": \"123\"}, \"serial\": {\"role\": \"identity\", "
        "\"hex\": \"0A5\"}, \"button\": {\"role\": \"action\", \"hex\": "
        "\"5\"}, \"low\": {\"role\": \"status\", \"hex\": \"1\"}, \"spare\": "
        "{\"role\": \"fixed\", \"hex\": \"2\"}}}}\n");
}

static void test_unproven_has_no_mic(void **state)
{
    struct frame f = make_frame();
    struct json *j;

    (void)state;
    f.verdict = VERDICT_PLAUSIBLE;
    f.reception.is_overload = true;
    j = report_json_frame(&f, 1, &origin);
    assert_null(json_get(j, "mic"));
    assert_non_null(json_get(json_get(j, "fob"), "overload"));
    json_free(j);
}

static void test_unknown_format_and_centre(void **state)
{
    const struct report_origin nowhere = { .file = "b.cu8",
                                           .rate_hz = 1e6,
                                           .centre_hz = NAN };
    struct frame f = make_frame();

    (void)state;
    f.protocol = NULL;
    f.kind = LINE_DIFF_MANCHESTER;
    f.verdict = VERDICT_PLAUSIBLE;
    f.bits.n = 4;
    f.preamble_chips = 24;
    f.sync_chips = 3;
    f.reception.level_dbfs = NAN;
    f.reception.noise_dbfs = NAN;
    f.reception.snr_db = NAN;
    assert_line(
        report_json_frame(&f, 1, &nowhere),
        "{\"time\": \"@0.043210s\", \"file\": \"b.cu8\", \"model\": "
        "\"Unknown\", \"mod\": \"ASK\", \"fob\": {\"protocol\": \"unknown\", "
        "\"verdict\": \"plausible\", \"at\": 43210, \"samples\": 27004, "
        "\"carrier_offset_hz\": -49789.6, \"carrier_uncertainty_hz\": 90.0, "
        "\"te_us\": 398.21, \"line_code\": \"diff_manchester\", \"bits\": "
        "\"0001\", \"copies\": 4, \"press\": 1, \"confidence\": 0.998, "
        "\"preamble_chips\": 24, \"sync_chips\": 3}}\n");
}

static void test_fsk_has_two_tones(void **state)
{
    struct frame f = make_frame();
    struct json *j;

    (void)state;
    f.reception.modulation = MODULATION_FSK;
    f.reception.deviation_hz = 20e3;
    j = report_json_frame(&f, 1, &origin);
    assert_string_equal(json_text(j, "mod"), "FSK");
    assert_true(json_number(j, "freq", 0) == 433.87021);
    assert_true(json_number(j, "freq1", 0) == 433.89021);
    assert_true(json_number(j, "freq2", 0) == 433.85021);
    assert_true(json_number(json_get(j, "fob"), "deviation_hz", 0) == 20e3);
    json_free(j);
}

static void test_burst(void **state)
{
    struct burst_report b = {
        .at = 250000,
        .samples = 2500,
        .reception = { .carrier_hz = 0,
                       .snr_db = -0.01,
                       .carrier_uncertainty_hz = NAN,
                       .level_dbfs = -20,
                       .noise_dbfs = -20 },
        .bandwidth_hz = 25e3,
    };

    (void)state;
    assert_line(report_json_burst(&b, &origin),
                "{\"time\": \"@1.000000s\", \"model\": \"Burst\", \"mod\": "
                "null, \"freq\": 433.92, \"rssi\": -20.0, \"snr\": 0.0, "
                "\"noise\": -20.0, \"fob\": {\"at\": 250000, \"samples\": "
                "2500, \"duration_ms\": 10.0, \"carrier_hz\": 433920000.0, "
                "\"bandwidth_hz\": 25000.0, \"frames\": 0}}\n");
}

static const float llr[] = { 9.126f, 2, -1, -9, -9, 1 };
static const struct chip_report chips = {
    .at = 250,
    .modulation = MODULATION_OOK,
    .carrier_hz = 0,
    .te_us = 400,
    .llr = llr,
    .n = 6,
};

static void test_chips_and_pulses(void **state)
{
    (void)state;
    assert_line(report_json_chips(&chips, &origin),
                "{\"time\": \"@0.001000s\", \"model\": \"Chips\", \"mod\": "
                "\"ASK\", \"freq\": 433.92, \"fob\": {\"at\": 250, "
                "\"carrier_hz\": 433920000.0, \"te_us\": 400.0, \"llr\": "
                "[9.13, 2.0, -1.0, -9.0, -9.0, 1.0]}}\n");
    assert_line(report_json_pulses(&chips, &origin),
                "{\"time\": \"@0.001000s\", \"model\": \"Pulses\", \"mod\": "
                "\"ASK\", \"freq\": 433.92, \"fob\": {\"at\": 250, "
                "\"carrier_hz\": 433920000.0, \"te_us\": 400.0, \"pulses_us\": "
                "[800, -1200, 400]}}\n");
}

static void test_summary(void **state)
{
    const struct pipeline_totals totals = { 1000, 0, 3, 2 };

    (void)state;
    assert_line(report_json_summary(&totals, 1),
                "{\"schema\": \"fobscope.summary/1\", \"samples\": 1000, "
                "\"lost\": 0, \"bursts\": 3, \"frames\": 2}\n");
}

/* A table of that width, into *text; close it with fclose. */
static FILE *open_table(struct report_table *t, char **text, size_t *n,
                        size_t width)
{
    FILE *out = open_memstream(text, n);

    assert_non_null(out);
    *t = (struct report_table){ .out = out, .width = width };
    return out;
}

static void test_table(void **state)
{
    struct frame f = make_frame();
    struct json *j = report_json_frame(&f, 1, &origin);
    struct report_table t;
    char *text = NULL;
    size_t n;
    FILE *out = open_table(&t, &text, &n, 80);

    (void)state;
    t.has_bits = true;
    report_table_row(&t, j);
    fclose(out);
    assert_string_equal(
        text,
        "time s model              id       button code     verdict   sure  n  "
        "   MHz dB\n"
        " 0.173 Maker-Model        0A5      Lock   123      proven     99%  4 "
        "433.870 18\n"
        "  0001001000110101001010101110\n");
    free(text);
    json_free(j);
}

/* Whatever the width, no line is longer, and the first columns stay. */
static void test_table_fits_any_width(void **state)
{
    struct frame f = make_frame();
    struct burst_report b = { .te_us = 400, .samples = 99999999 };
    struct json *row = report_json_frame(&f, 1, &origin);
    struct json *burst = report_json_burst(&b, &origin);

    (void)state;
    for (size_t width = TABLE_WIDTH_MIN; width <= 130; width++) {
        struct report_table t;
        char *text = NULL;
        size_t n;
        FILE *out = open_table(&t, &text, &n, width);

        t.has_bits = true;
        report_table_heading(&t, "a/long path/to \x1b[1m/\xc3\xa9/in/which/no/"
                                 "space/comes/for/ninety/or/so/characters/"
                                 "until/it/ends.cu8");
        report_table_row(&t, row);
        report_table_row(&t, burst);
        report_table_chips(&t, &chips, 250e3);
        report_table_pulses(&t, &chips, 250e3);
        fclose(out);
        assert_non_null(strstr(text, " 0.173 Maker-Model        0A5"));
        for (const char *line = text; *line != '\0';) {
            size_t length = strcspn(line, "\n");

            assert_true(length <= width);
            for (size_t i = 0; i < length; i++)
                assert_in_range(line[i], ' ', '~');
            line += length + 1;
        }
        free(text);
    }
    json_free(row);
    json_free(burst);
}

static void test_table_of_chips(void **state)
{
    struct report_table t;
    char *text = NULL;
    size_t n;
    FILE *out = open_table(&t, &text, &n, 80);

    (void)state;
    report_table_chips(&t, &chips, 250e3);
    report_table_pulses(&t, &chips, 250e3);
    fclose(out);
    assert_string_equal(
        text, "chips at 0.001000 s, ASK, te 400.00 us, 6 chips\n  #+-..+\n"
              "pulses at 0.001000 s, ASK, te 400.00 us, 6 chips\n"
              "  +800 -1200 +400\n");
    free(text);
}

static void test_csv(void **state)
{
    static const char *const keys[] = { "time", "file", "id",
                                        "at",   "rssi", "mic" };
    const struct report_origin far = { .file = "a,\"b\".cu8",
                                       .rate_hz = 250e3,
                                       .centre_hz = 433.92e6 };
    struct frame f = make_frame();
    struct json *j;
    struct report_csv csv = { .n = 6 };
    char *text = NULL;
    size_t n;

    (void)state;
    f.at = 12345678901234; /* as long as it is, it stays whole */
    f.verdict = VERDICT_PLAUSIBLE;
    j = report_json_frame(&f, 1, &far);
    memcpy(csv.keys, keys, sizeof keys);
    csv.out = open_memstream(&text, &n);
    report_csv_header(&csv);
    report_csv_row(&csv, j);
    fclose(csv.out);
    assert_string_equal(text, "time,file,id,at,rssi,mic\n"
                              "@49382715.604936s,\"a,\"\"b\"\".cu8\",0A5,"
                              "12345678901234,-21.4,\n");
    free(text);
    json_free(j);
}

/* Every key a protocol shows has one column, and no column comes twice. */
static void test_csv_columns(void **state)
{
    struct report_csv csv;

    (void)state;
    report_csv_init(&csv, stdout, true, true);
    for (size_t i = 0; i < csv.n; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(csv.keys[i], csv.keys[k]);
    for (const struct protocol *const *p = protocols; *p != NULL; p++) {
        for (const struct field *f = (*p)->fields; f->name != NULL; f++) {
            size_t found = f->show == SHOW_NONE;

            for (size_t i = 0; i < csv.n && f->show != SHOW_NONE; i++)
                found += strcmp(csv.keys[i], f->key) == 0;
            assert_int_equal(found, 1);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frame),
        cmocka_unit_test(test_unproven_has_no_mic),
        cmocka_unit_test(test_unknown_format_and_centre),
        cmocka_unit_test(test_fsk_has_two_tones),
        cmocka_unit_test(test_burst),
        cmocka_unit_test(test_chips_and_pulses),
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_table_fits_any_width),
        cmocka_unit_test(test_table_of_chips),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_csv_columns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
