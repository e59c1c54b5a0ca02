/* test_sigmf - what is taken from a .sigmf-meta, and each fault's sentence.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/sigmf.h"

#define GLOBAL(x) "{\"global\":{" x "},\"captures\":[{}]}"
#define CAPTURES(x)                                                            \
    "{\"global\":{\"core:datatype\":\"cu8\"},\"captures\":" x "}"

static struct sigmf_meta parse_ok(const char *text)
{
    struct sigmf_meta m;
    struct err e = { "" };
    if (sigmf_parse(&m, text, strlen(text), "m", &e) < 0)
        fail_msg("%s", e.text);
    return m;
}

static void test_fields(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        enum sample_format format;
    } rows[] = {
        { "cu8", SAMPLE_CU8 },
        { "ci8", SAMPLE_CS8 },
        { "ci16_le", SAMPLE_CS16 },
        { "cf32_le", SAMPLE_CF32 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[128];
        snprintf(text, sizeof text, GLOBAL("\"core:datatype\":\"%s\""),
                 rows[i].word);
        assert_int_equal(parse_ok(text).format, rows[i].format);
    }
    struct sigmf_meta m = parse_ok(GLOBAL("\"core:datatype\":\"cu8\""));
    assert_true(isnan(m.rate_hz) && isnan(m.centre_hz));
    assert_int_equal(m.header_bytes, 0);
    assert_false(m.is_retuned);
    m = parse_ok("{\"global\":{\"core:datatype\":\"cu8\",\"core:version\":"
                 "\"1.2.5\",\"core:sample_rate\":2.4e6,\"core:num_channels\""
                 ":1,\"x:y\":[]},\"captures\":[{\"core:frequency\":433920000.5,"
                 "\"core:header_bytes\":512},{\"core:header_bytes\":0}],"
                 "\"annotations\":[]}");
    assert_true(m.rate_hz == 2.4e6 && m.centre_hz == 433920000.5);
    assert_int_equal(m.header_bytes, 512);
    assert_false(m.is_retuned);
    assert_true(parse_ok(CAPTURES("[{\"core:frequency\":1},"
                                  "{\"core:frequency\":2}]"))
                    .is_retuned);
}

static void test_gaps(void **state)
{
    (void)state;
    assert_int_equal(parse_ok(CAPTURES("[{}]")).n_gaps, 0);
    /* a stream that began before the recording has no gap for that */
    struct sigmf_meta m = parse_ok(
        CAPTURES("[{\"core:sample_start\":0,\"core:global_index\":1000},"
                 "{\"core:sample_start\":50,\"core:global_index\":1050},"
                 "{\"core:sample_start\":90},"
                 "{\"core:sample_start\":100,\"core:global_index\":1107},"
                 "{\"core:sample_start\":130,\"core:global_index\":1140}]"));
    assert_int_equal(m.n_gaps, 2);
    assert_true(m.gaps[0].start == 100 && m.gaps[0].lost == 7);
    assert_true(m.gaps[1].start == 130 && m.gaps[1].lost == 3);
    /* what was left out is part of what is missing, or all of it */
    m = parse_ok(CAPTURES("[{\"core:global_index\":50,\"fob:left_out\":50},"
                          "{\"core:sample_start\":10,\"core:global_index\":100,"
                          "\"fob:left_out\":33},"
                          "{\"core:sample_start\":20,\"core:global_index\":115,"
                          "\"fob:left_out\":5},"
                          "{\"core:sample_start\":30,\"core:global_index\":130,"
                          "\"fob:left_out\":1125899906842624},"
                          "{\"core:sample_start\":40,\"fob:left_out\":9},"
                          "{\"core:sample_start\":50,\"core:global_index\":149,"
                          "\"fob:left_out\":9}]"));
    assert_int_equal(m.n_gaps, 3);
    assert_true(m.gaps[0].lost == 7 && m.gaps[0].left_out == 33);
    assert_true(m.gaps[1].lost == 0 && m.gaps[1].left_out == 5);
    assert_true(m.gaps[2].lost == 0 && m.gaps[2].left_out == 5);
    /* an overlap is none */
    m = parse_ok(CAPTURES("[{},{\"core:sample_start\":9,"
                          "\"core:global_index\":4}]"));
    assert_int_equal(m.n_gaps, 0);
}

/* Of a document with this in its first capture. */
static double start_of(const char *capture)
{
    char text[512];
    snprintf(text, sizeof text,
             "{\"global\":{\"core:datatype\":\"cu8\",\"core:sample_rate\":"
             "250000},\"captures\":[{%s},{\"core:sample_start\":900000,"
             "\"core:datetime\":\"2001-01-01T00:00:00Z\"}]}",
             capture);
    return parse_ok(text).start_unix_s;
}

static void test_start_time(void **state)
{
    (void)state;
    assert_true(isnan(start_of("")));
    assert_true(start_of("\"core:datetime\":\"2026-03-29T11:27:00.25Z\"") ==
                1774783620.25);
    assert_true(start_of("\"core:datetime\":\"2026-03-29T11:27:00+00:00\"") ==
                1774783620);
    /* the file's first sample, whatever came before it on the air */
    assert_true(start_of("\"core:global_index\":1000000,\"core:datetime\":"
                         "\"2026-03-29T11:27:00Z\"") == 1774783620);
    assert_true(start_of("\"core:sample_start\":500000,\"core:datetime\":"
                         "\"2026-03-29T11:27:00Z\"") == 1774783618);
    /* no date, no fault */
    assert_true(isnan(start_of("\"core:datetime\":1774783620")));
    assert_true(isnan(start_of("\"core:datetime\":\"yesterday\"")));
    assert_true(isnan(start_of("\"core:datetime\":\"2026-02-29T11:27:00Z\"")));
    assert_true(
        isnan(parse_ok(CAPTURES("[{\"core:sample_start\":5,\"core:datetime\":"
                                "\"2026-03-29T11:27:00Z\"}]"))
                  .start_unix_s)); /* nobody knows how long five samples are */
}

static void check_fault(const char *text, const char *sentence)
{
    struct sigmf_meta m = { .header_bytes = 77 };
    struct err e = { "" };
    assert_int_equal(sigmf_parse(&m, text, strlen(text), "m", &e), -EINVAL);
    assert_string_equal(e.text, sentence);
    assert_int_equal(m.header_bytes, 77); /* untouched */
}

static void test_faults(void **state)
{
    (void)state;
    check_fault(CAPTURES("[{},{\"core:sample_start\":-1}]"),
                "m: core:sample_start is out of range");
    check_fault(CAPTURES("[{},{\"core:global_index\":1e300}]"),
                "m: core:global_index is out of range");
    check_fault(CAPTURES("[{},{\"fob:left_out\":-1}]"),
                "m: fob:left_out is out of range");
    check_fault(CAPTURES("[{\"fob:left_out\":0.5}]"),
                "m: fob:left_out is out of range");
    check_fault(CAPTURES("[{},{\"fob:left_out\":\"1\"}]"),
                "m: fob:left_out is not a number");
    check_fault(CAPTURES("[{\"core:sample_start\":5},"
                         "{\"core:sample_start\":4}]"),
                "m: its captures are not in order");
    check_fault("{}", "m: has no global object");
    check_fault("[]", "m: has no global object");
    check_fault("{\"global\":7}", "m: has no core:datatype");
    check_fault(GLOBAL(""), "m: has no core:datatype");
    check_fault(GLOBAL("\"core:datatype\":8"), "m: has no core:datatype");
    check_fault(GLOBAL("\"core:datatype\":\"ri16_le\""),
                "m: core:datatype ri16_le is not one of cu8, ci8, ci16_le, "
                "cf32_le");
    check_fault(GLOBAL("\"core:datatype\":\"c\\u001b\""),
                "m: core:datatype c? is not one of cu8, ci8, ci16_le, "
                "cf32_le");
    check_fault(GLOBAL("\"core:datatype\":\"cu8\",\"core:sample_rate\":\"1\""),
                "m: core:sample_rate is not a number");
    check_fault(GLOBAL("\"core:datatype\":\"cu8\",\"core:sample_rate\":0"),
                "m: core:sample_rate is not above 0");
    check_fault(GLOBAL("\"core:datatype\":\"cu8\",\"core:num_channels\":2"),
                "m: has more than one channel");
    check_fault(GLOBAL("\"core:datatype\":\"cu8\",\"core:dataset\":\"a.wav\""),
                "m: keeps its samples in another file: open that one");
    check_fault("{\"global\":{\"core:datatype\":\"cu8\"}}",
                "m: has no captures");
    check_fault(CAPTURES("[]"), "m: has no captures");
    check_fault(CAPTURES("{\"core:frequency\":1}"), "m: has no captures");
    check_fault(CAPTURES("[{\"core:frequency\":[]}]"),
                "m: core:frequency is not a number");
    check_fault(CAPTURES("[{\"core:header_bytes\":\"\"}]"),
                "m: core:header_bytes is not a number");
    check_fault(CAPTURES("[{\"core:header_bytes\":-1}]"),
                "m: core:header_bytes is out of range");
    check_fault(CAPTURES("[{\"core:header_bytes\":0.5}]"),
                "m: core:header_bytes is out of range");
    check_fault(CAPTURES("[{\"core:header_bytes\":1e300}]"),
                "m: core:header_bytes is out of range");
    check_fault(CAPTURES("[{},{\"core:header_bytes\":4}]"),
                "m: has a header between its samples, which is not read");
}

static void test_not_json(void **state)
{
    (void)state;
    static const char *texts[] = { "", "{", "nonsense", "{\"global\":{}}x" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct sigmf_meta m;
        struct err e = { "" };
        assert_int_equal(sigmf_parse(&m, texts[i], strlen(texts[i]), "m", &e),
                         -EINVAL);
        assert_memory_equal(e.text, "m: ", 3);
        assert_true(strlen(e.text) > 3);
    }
}

static void test_read(void **state)
{
    (void)state;
    char name[] = "/tmp/test_sigmf_XXXXXX";
    char want[128];
    struct sigmf_meta m;
    struct err e = { "" };
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    const char *text = GLOBAL("\"core:datatype\":\"ci8\"");
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(sigmf_read(&m, name, &e), 0);
    assert_int_equal(m.format, SAMPLE_CS8);
    assert_int_equal(ftruncate(fd, (8 << 20) + 1), 0);
    assert_int_equal(sigmf_read(&m, name, &e), -EFBIG);
    snprintf(want, sizeof want, "%s: is no metadata file of at most 8 MiB",
             name);
    assert_string_equal(e.text, want);
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(sigmf_read(&m, name, &e), -EINVAL);
    close(fd);
    unlink(name);
    assert_int_equal(sigmf_read(&m, name, &e), -ENOENT);
    assert_int_equal(sigmf_read(&m, "/tmp", &e), -EISDIR);
    assert_string_equal(e.text, "/tmp: is a directory");
    assert_int_equal(sigmf_read(&m, "/dev/null", &e), -EFBIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),     cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_start_time), cmocka_unit_test(test_faults),
        cmocka_unit_test(test_not_json),   cmocka_unit_test(test_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
