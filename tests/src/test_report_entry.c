/* test_report_entry - what is shown of a recording, and what of a fob is not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <inttypes.h>
#include <time.h>

#include "src/report_entry.h"
#include "src/report_json.h"
#include "tests/protocols/sent.h"
#include "tests/src/archived.h"

static const uint8_t key[HASH_KEY_BYTES] = "of no archive";
static const struct report_entry redacted = { .key = key };
static const struct report_entry full = { .key = key, .is_full = true };

static char *text_of(struct json *j)
{
    char *text = NULL;
    size_t n;
    FILE *f = open_memstream(&text, &n);

    assert_non_null(j);
    assert_non_null(f);
    assert_int_equal(json_line(j, f), 0);
    fclose(f);
    json_free(j);
    return text;
}

/* In capitals or not. */
static bool has(const char *text, const char *part)
{
    const size_t n = strlen(part);

    for (; *text != '\0'; text++) {
        size_t i = 0;
        while (i < n && text[i] != '\0' &&
               tolower((unsigned char)text[i]) ==
                   tolower((unsigned char)part[i]))
            i++;
        if (i == n)
            return true;
    }
    return false;
}

/* Twelve zeros and ones in a row could tell a serial. */
static bool has_bits(const char *text)
{
    for (size_t run = 0; *text != '\0'; text++) {
        run = *text == '0' || *text == '1' ? run + 1 : 0;
        if (run >= 12)
            return true;
    }
    return false;
}

/* A frame of p, or of no format, with random contents. */
static struct frame random_frame(const struct protocol *p,
                                 struct synth_random *r)
{
    struct frame f = { .protocol = p,
                       .verdict = VERDICT_PROVEN,
                       .te_us = 400,
                       .at = synth_random_u64(r) % 1000000,
                       .samples = 20000,
                       .copies = 3,
                       .confidence = 0.99,
                       .reception = { .carrier_hz = 1234.5,
                                      .carrier_uncertainty_hz = 9,
                                      .level_dbfs = -20,
                                      .noise_dbfs = -40,
                                      .snr_db = 20 } };

    if (p != NULL) {
        const struct waveform *w = p->waveforms;
        f.kind = w->kind;
        f.bits = sent_bits(p, w->n_bits, r);
    } else {
        f.kind = LINE_MANCHESTER;
        f.preamble_chips = 24;
        f.sync_chips = 5;
        f.bits.n = 12 + synth_random_u64(r) % 100;
        for (size_t i = 0; i < f.bits.n; i++)
            f.bits.value[i] = synth_random_u64(r) & 1;
    }
    return f;
}

static const struct report_origin origin = { .rate_hz = 250e3,
                                             .centre_hz = 433.92e6 };

/* What could tell the fob, or its code, as hexadecimal digits and as a number. */
static void tells_no_secret(const char *text, const struct frame *f)
{
    if (has_bits(text))
        fail_msg("bits: %s", text);
    if (f->protocol == NULL)
        return;
    for (const struct field *d = f->protocol->fields; d->name != NULL; d++) {
        char hex[32], number[32];

        if (d->bits < 16 || d->at + d->bits > f->bits.n ||
            (d->role != ROLE_IDENTITY && d->role != ROLE_ROLLING &&
             d->role != ROLE_COUNTER))
            continue;
        const uint64_t value = field_value(d, &f->bits);
        snprintf(hex, sizeof hex, "%0*" PRIX64, (d->bits + 3) / 4, value);
        snprintf(number, sizeof number, "%" PRIu64, value);
        if (has(text, hex) || has(text, number))
            fail_msg("%s: %s: %s", d->name, hex, text);
    }
}

static void no_frame_tells_its_fob(void **state)
{
    struct synth_random r = { 11 };

    (void)state;
    assert_int_equal(hash_start(), 0);
    for (size_t i = 0; i == 0 || protocols[i - 1] != NULL; i++) {
        for (int k = 0; k < 200; k++) { /* the last: of no format */
            const struct frame f = random_frame(protocols[i], &r);
            struct json *j = report_json_frame(&f, 1, &origin);
            char *all = text_of(report_entry_frame(&full, j));
            char *some = text_of(report_entry_frame(&redacted, j));
            char *was = text_of(j);

            assert_string_equal(all, was);
            assert_true(has_bits(all));
            tells_no_secret(some, &f);
            assert_true(strlen(some) > 50 && strlen(some) < strlen(all));
            if (f.protocol != NULL)
                assert_non_null(strstr(some, f.protocol->model));
            free(all);
            free(some);
            free(was);
        }
    }
}

/* From somebody else's metadata: more is in it than we know. */
static void what_is_not_known_is_not_shown(void **state)
{
    struct json *j = document(
        "{'model':'M','id':'0C0FFEE','secret':'C0DE5','code':'DEADBEEF',"
        "'encrypted':'12345678','rows':['0101010101010101'],'fob':{"
        "'protocol':'p','verdict':'proven','bits':'1010101010101010','new':"
        "'C0DE5','copies':3,'fields':{'serial':{'role':'identity','hex':"
        "'0C0FFEE'},'odd':{'role':'something','hex':'C0DE5'},'plain':"
        "'C0DE5','noted':{'role':'action','hex':'2','note':'C0DE5'}}}}");

    (void)state;
    assert_int_equal(hash_start(), 0);
    char *text = text_of(report_entry_frame(&redacted, j));
    assert_false(has(text, "C0FFEE"));
    assert_false(has(text, "C0DE5"));
    assert_false(has(text, "DEADBEEF"));
    assert_false(has(text, "12345678"));
    assert_false(has_bits(text));
    assert_non_null(strstr(text, "proven"));
    free(text);
    json_free(j);
}

static struct entry sample(void)
{
    struct entry t = { .id = "3f9a12bc01",
                       .name = "fob_3f9a12bc01_433.92M_250k",
                       .datatype = "cu8",
                       .rate_hz = 250e3,
                       .centre_hz = 433.92e6,
                       .added_unix_s = 1774783620,
                       .start_unix_s = NAN,
                       .samples = 250000,
                       .owner = { "good key", "MINI", "2", "stuck on it",
                                  "a note" },
                       .heard = { { .model = "Microchip-HCS200",
                                    .fob = "0C0FFEE",
                                    .verdict = "proven",
                                    .frames = 2,
                                    .carrier_hz = 433.9e6 } },
                       .n_heard = 1 };
    return t;
}

static void an_entry_as_json(void **state)
{
    const struct entry t = sample();
    char pseudonym[ENTRY_PSEUDONYM];

    (void)state;
    assert_int_equal(hash_start(), 0);
    entry_pseudonym(pseudonym, key, &t.heard[0]);
    char *some = text_of(report_entry_json(&redacted, &t));
    char *all = text_of(report_entry_json(&full, &t));
    assert_non_null(strstr(some, pseudonym));
    assert_false(has(some, "0C0FFEE"));
    assert_false(has(some, "stuck on it"));
    assert_non_null(strstr(some, "good key"));
    assert_non_null(strstr(some, "3f9a12bc01"));
    assert_true(has(all, "0C0FFEE"));
    assert_true(has(all, "stuck on it"));
    free(some);
    free(all);
}

static void a_fob_in_words(void **state)
{
    struct entry t = sample();
    char text[ENTRY_WORD], pseudonym[ENTRY_PSEUDONYM];

    (void)state;
    assert_int_equal(hash_start(), 0);
    entry_pseudonym(pseudonym, key, &t.heard[0]);
    report_entry_fob(&redacted, &t.heard[0], text);
    assert_string_equal(text, pseudonym);
    report_entry_fob(&full, &t.heard[0], text);
    assert_string_equal(text, "0C0FFEE");
    t.heard[0].fob[0] = '\0';
    report_entry_fob(&redacted, &t.heard[0], text);
    assert_string_equal(text, "-");
    report_entry_fob(&full, &t.heard[0], text);
    assert_string_equal(text, "-");
}

/* Characters of a line of UTF-8; it must be whole. */
static size_t columns(const char *line)
{
    const unsigned char *c = (const unsigned char *)line;
    size_t n = 0;

    while (*c != '\n') {
        const int more = *c < 0x80 ? 0 : *c < 0xe0 ? 1 : *c < 0xf0 ? 2 : 3;
        assert_true(*c >= 0x20 && (*c < 0x80 || *c >= 0xc2));
        c++;
        for (int i = 0; i < more; i++, c++)
            assert_true((*c & 0xc0) == 0x80);
        n++;
    }
    assert_int_equal(c[1], '\0');
    return n;
}

static char *row(const struct report_entry *r, const struct entry *t,
                 size_t width)
{
    char *text = NULL;
    size_t n;
    FILE *f = open_memstream(&text, &n);

    assert_non_null(f);
    if (t != NULL)
        report_entry_row(r, t, f, width);
    else
        report_entry_heading(f, width);
    fclose(f);
    return text;
}

static void rows_fit(void **state)
{
    static const char *const letters[] = { "x", "\xc3\xa4", "\xe2\x82\xac",
                                           "\xf0\x9f\x94\x91" };
    struct entry t = sample();

    (void)state;
    assert_int_equal(hash_start(), 0);
    for (size_t i = 0; i < 4; i++) {
        t.owner[0][0] = '\0';
        while (strlen(t.owner[0]) + 5 < sizeof t.owner[0])
            strcat(t.owner[0], letters[i]);
        for (size_t width = 1; width < 300; width++) {
            char *text = row(&redacted, &t, width);
            assert_true(columns(text) <= width);
            assert_true(width > 100 || columns(text) == width);
            assert_null(strstr(text, "0C0FFEE"));
            free(text);
            text = row(&redacted, NULL, width);
            assert_true(columns(text) <= width);
            free(text);
        }
    }
}

static void a_row(void **state)
{
    struct entry t = sample();

    (void)state;
    assert_int_equal(hash_start(), 0);
    assert_int_equal(setenv("TZ", "UTC", 1), 0);
    tzset();
    t.start_unix_s = 1774783620;
    char *text = row(&full, &t, 200);
    assert_non_null(strstr(text, "3f9a12bc01"));
    assert_non_null(strstr(text, "2026-03-29 11:27"));
    assert_non_null(strstr(text, "433.92"));
    assert_non_null(strstr(text, "0C0FFEE"));
    assert_non_null(strstr(text, "good key"));
    free(text);
    t = (struct entry){ .centre_hz = NAN,
                        .start_unix_s = NAN,
                        .added_unix_s = NAN,
                        .rate_hz = 1e6 };
    text = row(&redacted, &t, 200);
    assert_null(strstr(text, "nan"));
    assert_non_null(strstr(text, " no frames\n"));
    free(text);
    t.is_synthetic = true;
    text = row(&redacted, &t, 200);
    assert_non_null(strstr(text, " SYNTHETIC no frames\n"));
    free(text);
}

static void dates_as_they_are_here(void **state)
{
    char text[REPORT_DATE];

    (void)state;
    assert_int_equal(setenv("TZ", "XYZ-2", 1), 0); /* east of Greenwich */
    tzset();
    report_entry_date(1774783620, text);
    assert_string_equal(text, "2026-03-29 13:27");
    assert_int_equal(setenv("TZ", "UTC", 1), 0);
    tzset();
    report_entry_date(1774783620.99, text);
    assert_string_equal(text, "2026-03-29 11:27");
    report_entry_date(NAN, text);
    assert_string_equal(text, "-");
    report_entry_date(1e300, text);
    assert_string_equal(text, "-");
    report_entry_date(-1e300, text);
    assert_string_equal(text, "-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_frame_tells_its_fob),
        TEST(what_is_not_known_is_not_shown),
        TEST(an_entry_as_json),
        TEST(a_fob_in_words),
        TEST(rows_fit),
        TEST(a_row),
        TEST(dates_as_they_are_here),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
