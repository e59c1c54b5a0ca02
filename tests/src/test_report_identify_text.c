/* test_report_identify_text - what a fob is, for people: all of it, in lines that fit.
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
static struct sat a;
static struct sat_fob fob;

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

static void check_lines(const char *text, size_t width)
{
    while (*text != '\0') {
        const size_t n = strcspn(text, "\n");

        if (n > width)
            fail_msg("%zu columns: %.*s", width, (int)n, text);
        for (size_t i = 0; i < n; i++)
            if (text[i] < 0x20 || text[i] > 0x7e)
                fail_msg("no ASCII: %.*s", (int)n, text);
        text += n + (text[n] == '\n');
    }
}

static void make(unsigned which)
{
    struct drawn_cfg how = drawn_usual;

    if (which == 0)
        reported_known(&report, NULL, SERIAL, 0);
    else if (which == 1)
        reported_known(&report, &protocol_siemens_5wy72xx, SERIAL, 5);
    else if (which == 2)
        reported_known(&report, &protocol_hcs361, SERIAL, 5);
    else {
        how.centre_hz = which % 2 ? 433.92e6 : NAN;
        how.sent = how.kind = which % 2 ? LINE_PWM : LINE_MANCHESTER;
        reported_unknown(&report, which, &how);
    }
}

/* Without what would settle it: see the next test. */
static void lines_fit(void **state)
{
    static const size_t widths[] = { 40, 41, 57, 80, 200 };

    (void)state;
    reported_said(&report, STICKER);
    for (unsigned which = 0; which < 12; which++) {
        make(which);
        report.subject.inference.n_wants = 0;
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
            char *text = reported_text(&report, widths[w]);

            check_lines(text, widths[w]);
            assert_non_null(strstr(text, "\nband "));
            assert_non_null(strstr(text, "\ngeneration "));
            free(text);
        }
    }
}

static void what_would_settle_fits(void **state)
{
    (void)state;
    reported_unsaid(&report);
    for (unsigned which = 3; which < 12; which++) {
        make(which);
        for (size_t width = 40; width < 90; width++) {
            char *text = reported_text(&report, width);

            check_lines(text, width);
            free(text);
        }
    }
}

/* Runs of spaces and line ends are one space. */
static void unfold(char *text)
{
    char *to = text;

    for (const char *c = text; *c != '\0'; c++) {
        if (!isspace((unsigned char)*c))
            *to++ = *c;
        else if (to > text && to[-1] != ' ')
            *to++ = ' ';
    }
    *to = '\0';
}

/* Nothing is cut: each finding with its weight and source, and what is open. */
static void all_is_said(void **state)
{
    char want[REPORT_WANT], headline[IDENTIFY_TEXT];

    (void)state;
    for (unsigned which = 0; which < 12; which++) {
        if (which % 2)
            reported_said(&report, STICKER);
        else
            reported_unsaid(&report);
        make(which);
        char *text = reported_text(&report, 72);
        unfold(text);
        identify_conclusion(&report.id, headline, sizeof headline);
        assert_int_equal(strncmp(text, headline, strlen(headline)), 0);
        for (size_t i = 0; i < report.id.n; i++) {
            const struct evidence *e = &report.id.evidence[i];
            const double ratio = evidence_ratio(e, NULL);
            char said[2 * EVIDENCE_TEXT];

            snprintf(said, sizeof said, "%s", e->finding);
            if (ratio > IDENTIFY_TELLS)
                snprintf(said, sizeof said, "%s (%.*f to 1, %s %s)", e->finding,
                         ratio < 10, ratio, e->certainty, e->source);
            unfold(said);
            if (strstr(text, said) == NULL)
                fail_msg("\"%s\" is not in %s", said, text);
        }
        for (size_t i = 0;
             report.subject.is_inferred && i < report.subject.inference.n_wants;
             i++) {
            report_fields_want(&report.subject,
                               &report.subject.inference.want[i], want);
            assert_non_null(strstr(text, want));
        }
        free(text);
    }
}

/* The longest finding with the longest source. */
static void the_longest_evidence_fits(void **state)
{
    const struct knowledge_row *row;
    size_t i = 0, longest = 0;
    const char *source = "";

    (void)state;
    reported_unsaid(&report);
    reported_known(&report, &protocol_hcs200, SERIAL, 4);
    while ((row = knowledge_next(report.knowledge, NULL, &i)) != NULL)
        if (strlen(row->source) > longest) {
            longest = strlen(row->source);
            source = row->source;
        }
    struct evidence *e = &report.id.evidence[0];
    report.id.n = 1;
    memset(e->finding, 'x', sizeof e->finding - 1);
    e->finding[sizeof e->finding - 1] = '\0';
    e->likelihood[GENERATION_ROVER] = 1;
    e->likelihood[GENERATION_E46] = 1e-6;
    e->likelihood[GENERATION_NEITHER] = 1e-6;
    e->certainty = "CLAIM";
    e->source = source;
    char *text = reported_text(&report, 1000);
    assert_non_null(strstr(text, source));
    free(text);
}

static char *text_of_carrier(double centre_hz, double uncertainty_hz)
{
    struct drawn_cfg how = drawn_usual;

    reported_unsaid(&report);
    how.centre_hz = centre_hz;
    how.uncertainty_hz = uncertainty_hz;
    how.carrier_hz = 0;
    reported_unknown(&report, 4, &how);
    return reported_text(&report, 200);
}

static void bands(void **state)
{
    static const struct {
        double centre_hz, uncertainty_hz;
        const char *says;
    } rows[] = {
        { 433.92e6, 50, "433.92 MHz; the carrier is at 433.920 MHz" },
        { 315e6, 50, "315 MHz; the carrier is at 315.000 MHz" },
        { 868.35e6, 50, "868.35 MHz; the carrier is at 868.350 MHz" },
        { 390e6, 50, "390.000 MHz: not near 315, 433.92 or 868.35 MHz" },
        { NAN, 50, "the recording does not say its centre frequency" },
        { 433.92e6, 188e3, "tuned to 433.920 MHz, the carrier was not" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = text_of_carrier(rows[i].centre_hz, rows[i].uncertainty_hz);

        if (strstr(text, rows[i].says) == NULL)
            fail_msg("no \"%s\" in\n%s", rows[i].says, text);
        assert_null(strstr(text, "nan"));
        free(text);
    }
}

/* Pulses of a receiver that was tuned to none of the bands: none is named. */
static void pulses_in_no_band(void **state)
{
    (void)state;
    char *text = text_of_carrier(390e6, 188e3);
    if (strstr(text, "nan") != NULL ||
        strstr(text, "tuned to 390.000 MHz, not near 315, 433.92 or 868.35 "
                     "MHz; the carrier was not measured\n") == NULL)
        fail_msg("%s", text);
    free(text);
}

static void others_are_counted(void **state)
{
    struct sat_fob other = sat_fob(&protocol_hcs200);

    (void)state;
    reported_unsaid(&report);
    for (unsigned n = 0; n <= 2; n++) {
        fob = sat_fob(&protocol_siemens_5wy72xx);
        a = sat_file(433.92e6, 600);
        for (unsigned i = 0; i < 4; i++)
            sat_send(a.s, &fob, 3 * i + 1, 1);
        for (unsigned i = 0; i < n; i++)
            sat_send(a.s, &other, 3 * i + 30, 1);
        sat_end(&a);
        reported_judge(&report, a.s);
        char *text = reported_text(&report, 80);
        assert_int_equal(strstr(text, "left out") != NULL, n > 0);
        if (n > 0)
            assert_non_null(
                strstr(text, n == 1 ? "1 sending of" : "2 sendings of"));
        free(text);
    }
}

/* What an owner typed may have any letters; tables are pure ASCII (report_table.h). */
static void letters_of_others(void **state)
{
    (void)state;
    reported_unsaid(&report);
    report.facts.owner.car = "MINI R53 de Zo\303\253\033[31m";
    reported_known(&report, &protocol_hcs200, SERIAL, 4);
    char *text = reported_text(&report, 80);
    assert_non_null(strstr(text, "MINI R53 de Zo???[31m"));
    check_lines(text, 80);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_fit),
        cmocka_unit_test(what_would_settle_fits),
        cmocka_unit_test(all_is_said),
        cmocka_unit_test(the_longest_evidence_fits),
        cmocka_unit_test(bands),
        cmocka_unit_test(pulses_in_no_band),
        cmocka_unit_test(others_are_counted),
        cmocka_unit_test(letters_of_others),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
