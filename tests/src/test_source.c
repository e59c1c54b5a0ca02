/* test_source - formats, defaults, pipes, SigMF, and each fault's sentence.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/err.h"
#include "src/source.h"
#include "tests/src/opened.h"

static void test_err(void **state)
{
    (void)state;
    struct err e = { "" };
    assert_int_equal(err_set(NULL, -5, "%s", "x"), -5);
    assert_int_equal(err_set(&e, -7, "%s %d", "a\n\033[1mb\x7f", 3), -7);
    assert_string_equal(e.text, "a??[1mb? 3");
    err_set(&e, 0, "in %s", e.text);
    assert_string_equal(e.text, "in a??[1mb? 3");
    /* whole UTF-8 stays; C1, stray, overlong, surrogate, direction do not */
    err_set(&e, 0, "%s", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91");
    assert_string_equal(e.text, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91");
    err_set(&e, 0, "%s", "\xc2\x9b|\xff|\xc0\xaf|\xed\xa0\x80|\xe2\x80\xae|");
    assert_string_equal(e.text, "??|?|??|???|???|");
    char wide[600];
    memset(wide, 'w', sizeof wide);
    memcpy(wide + 510, "\xe2\x82\xac", 4); /* cut in the middle */
    err_set(&e, 0, "%s", wide);
    assert_int_equal(strlen(e.text), sizeof e.text - 1);
    assert_int_equal(e.text[510], '?');
}

static void test_formats(void **state)
{
    (void)state;
    static const struct {
        const char *ending;
        enum sample_format format;
    } rows[] = {
        { "cu8", SAMPLE_CU8 },        { "data", SAMPLE_CU8 },
        { "complex16u", SAMPLE_CU8 }, { "cs8", SAMPLE_CS8 },
        { "complex16s", SAMPLE_CS8 }, { "cs16", SAMPLE_CS16 },
        { "C16", SAMPLE_CS16 },       { "complex32s", SAMPLE_CS16 },
        { "cf32", SAMPLE_CF32 },      { "cfile", SAMPLE_CF32 },
        { "complex", SAMPLE_CF32 },   { "fc32", SAMPLE_CF32 },
        { "complex64", SAMPLE_CF32 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char name[64], spec[96];
        snprintf(name, sizeof name, "a_433.92M_250k.%s", rows[i].ending);
        put(name, "0123456789abcdef", 16);
        check_info(name, rows[i].format, 250e3, 433.92e6);
        snprintf(spec, sizeof spec, "cs8:315M:1M:%s", name);
        check_info(spec, SAMPLE_CS8, 1e6, 315e6);
    }
    put("b_cs16_1024k.iq", "0123", 4);
    check_info("b_cs16_1024k.iq", SAMPLE_CS16, 1024e3, NAN);
}

/* A read ends in front of a gap, and tells of the one before it. */
static void test_gaps(void **state)
{
    (void)state;
    char bytes[16];
    put("a.sigmf-data", "0123456789abcdef", 16);
    put_text("a.sigmf-meta",
             "{\"global\":{\"core:datatype\":\"cu8\","
             "\"core:sample_rate\":250e3},\"captures\":["
             "{\"core:sample_start\":0,\"core:global_index\":40},"
             "{\"core:sample_start\":3,\"core:global_index\":50},"
             "{\"core:sample_start\":4,\"core:global_index\":61,"
             "\"fob:left_out\":6},"
             "{\"core:sample_start\":8,\"core:global_index\":90}]}");
    struct source *s = open_ok("a.sigmf-meta");
    assert_int_equal(source_read(s, bytes, 2, NULL), 2);
    assert_int_equal(source_gap(s).lost, 0);
    assert_int_equal(source_read(s, bytes, 8, NULL), 1);
    assert_int_equal(source_gap(s).lost, 0);
    assert_int_equal(source_read(s, bytes, 8, NULL), 1);
    assert_int_equal(source_gap(s).lost, 7);
    assert_int_equal(source_gap(s).skipped, 0);
    assert_int_equal(source_read(s, bytes, 8, NULL), 4);
    assert_int_equal(source_gap(s).lost, 4);
    assert_int_equal(source_gap(s).skipped, 6);
    assert_memory_equal(bytes, "89abcdef", 8);
    /* behind the last sample nothing is missing */
    assert_int_equal(source_read(s, bytes, 8, NULL), 0);
    source_close(s);
}

static void test_defaults(void **state)
{
    (void)state;
    struct source_defaults d = { 250e3, 433.92e6 };
    struct source *s = NULL;
    put("a.cu8", "0123", 4);
    assert_int_equal(source_open(&s, "a.cu8", &d, NULL), 0);
    assert_true(source_info(s)->rate_hz == 250e3);
    assert_true(source_info(s)->centre_hz == 433.92e6);
    source_close(s);
    assert_int_equal(source_open(&s, "315M:1M:a.cu8", &d, NULL), 0);
    assert_true(source_info(s)->centre_hz == 315e6);
    assert_true(source_info(s)->rate_hz == 1e6);
    source_close(s);
}

static void test_read_raw(void **state)
{
    (void)state;
    enum { N = 100003 };
    static unsigned char in[2 * N + 1], out[2 * N + 8];
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (unsigned char)(i * 7 + i / 251);
    put("a.cu8", in, sizeof in);
    for (size_t block = 1; block < 200000; block = block * 31 + 1) {
        struct source *s = open_ok("250k:a.cu8");
        assert_int_equal(source_info(s)->total, N);
        assert_null(source_warning(s));
        size_t got = 0;
        ssize_t r;
        while ((r = source_read(s, out + 2 * got,
                                block < N - got + 1 ? block : N - got + 1,
                                NULL)) > 0)
            got += (size_t)r;
        assert_int_equal(r, 0);
        assert_int_equal(got, N);
        assert_memory_equal(in, out, 2 * N);
        assert_string_equal(source_warning(s),
                            "a.cu8: 1 odd byte at the end left out");
        assert_string_equal(source_name(s), "a.cu8");
        source_close(s);
    }
}

static void test_path_with_colon(void **state)
{
    (void)state;
    put("cu8:250k:a b,c.cs8", "0123", 4);
    check_info("433M:1M:cu8:250k:a b,c.cs8", SAMPLE_CS8, 1e6, 433e6);
    put("250k:433M.cs8", "0123", 4);
    check_info("250k:433M.cs8", SAMPLE_CS8, 250e3, 433e6); /* from the name */
}

static void test_pipe(void **state)
{
    (void)state;
    char out[16];
    assert_int_equal(mkfifo("p", 0600), 0);
    int hold = open("p", O_RDWR); /* so that no open waits */
    assert_true(hold >= 0);
    char bytes[65];
    memset(bytes, 'x', sizeof bytes);
    assert_int_equal(write(hold, bytes, sizeof bytes), sizeof bytes);
    struct source *s = open_ok("cs16:433M:250k:p");
    close(hold);
    assert_int_equal(source_info(s)->total, 0);
    size_t got = 0;
    ssize_t r;
    while ((r = source_read(s, out, 3, NULL)) > 0)
        got += (size_t)r;
    assert_int_equal(r, 0);
    assert_int_equal(got, 16);
    assert_string_equal(source_warning(s), "p: 1 odd byte at the end left out");
    source_close(s);
}

static void test_stdin(void **state)
{
    (void)state;
    put("a.bin", "01234567", 8);
    put("empty", "", 0);
    int saved = dup(STDIN_FILENO);
    assert_non_null(freopen("a.bin", "rb", stdin));
    struct source *s = open_ok("cs16:250k:-");
    assert_string_equal(source_name(s), "stdin");
    assert_int_equal(source_info(s)->total, 2);
    source_close(s);
    assert_non_null(freopen("a.bin", "rb", stdin));
    open_fails("-", -EINVAL,
               "stdin: sample format is not known: put it before the name, "
               "cu8:433.92M:250k:-");
    assert_non_null(freopen("a.bin", "rb", stdin));
    open_fails("cs8:-", -EINVAL,
               "stdin: sample rate is not known: put it before the name, "
               "cs8:433.92M:250k:-");
    assert_non_null(freopen("empty", "rb", stdin));
    open_fails("cu8:250k:-", -ENODATA, "stdin: is empty");
    dup2(saved, STDIN_FILENO);
    close(saved);
}

static void test_faults(void **state)
{
    (void)state;
    put("a.iq", "0123", 4);
    put("a.cu8", "0123", 4);
    put("empty.cu8", "", 0);
    put("short.cf32", "0123", 4);
    put("a.cu8.gz", "\x1f\x8b\x08\x00", 4);
    put("a.sigmf", "x", 1);
    put("a.wav", "no wave", 7);
    assert_int_equal(mkdir("d.cu8", 0700), 0);
    open_fails("", -EINVAL, "no file name in \"\"");
    open_fails("cu8:250k:", -EINVAL, "no file name in \"cu8:250k:\"");
    open_fails("250k:none.cu8", -ENOENT, "none.cu8: does not exist");
    open_fails("a.cu8/x", -ENOTDIR, "a.cu8/x: does not exist");
    open_fails("250k:d.cu8", -EISDIR, "d.cu8: is a directory");
    open_fails("250k:empty.cu8", -ENODATA, "empty.cu8: is empty");
    open_fails("250k:short.cf32", -ENODATA,
               "short.cf32: is shorter than one sample of 8 bytes");
    open_fails("a.iq", -EINVAL,
               "a.iq: sample format is not known: put it before the name, "
               "cu8:433.92M:250k:a.iq");
    open_fails("a.cu8", -EINVAL,
               "a.cu8: sample rate is not known: put it before the name, "
               "cu8:433.92M:250k:a.cu8");
    open_fails("19k:a.cu8", -ERANGE,
               "a.cu8: sample rate 19000 Hz is out of "
               "range, 20 kHz to 61.44 MHz");
    open_fails("61.45Msps:a.cu8", -ERANGE,
               "a.cu8: sample rate 61450000 Hz is out of range, 20 kHz to "
               "61.44 MHz");
    open_fails("250k:10.1GHz:a.cu8", -ERANGE,
               "a.cu8: centre frequency 1.01e+10 Hz is out of range, 0 to 10 "
               "GHz");
    open_fails("a.cu8.gz", -EINVAL,
               "a.cu8.gz: is packed with gzip: unpack it first");
    open_fails("a.sigmf", -EINVAL,
               "a.sigmf: is a SigMF archive: decode and archive add read it");
    open_fails("a.wav", -EINVAL, "a.wav: is not a WAV, RF64, W64 or FLAC file");
    open_fails("none\n\033.cu8", -ENOENT, "none??.cu8: does not exist");
    if (geteuid() != 0) { /* root reads anything */
        assert_int_equal(chmod("a.cu8", 0), 0);
        open_fails("a.cu8", -EACCES,
                   "a.cu8: cannot be read: permission denied");
    }
}

static void test_long_name(void **state)
{
    (void)state;
    char name[5000];
    struct source *s = NULL;
    struct err e = { "" };
    memset(name, 'n', sizeof name);
    strcpy(name + 300, ".cu8");
    assert_int_equal(source_open(&s, name, NULL, &e), -ENAMETOOLONG);
    assert_non_null(strstr(e.text, "nnn.cu8: name is too long"));
    assert_memory_equal(e.text, "...n", 4);
    /* the longest that exists: the sentence still ends whole */
    strcpy(name + 250, ".iq");
    put(name, "0123", 4);
    assert_int_equal(source_open(&s, name, NULL, &e), -EINVAL);
    assert_string_equal(e.text + strlen(e.text) - 7, "nnnn.iq");
}

static void put_pair(const char *meta, const void *data, size_t n)
{
    put_text("a.sigmf-meta", meta);
    put("a.sigmf-data", data, n);
}

static void test_sigmf_pair(void **state)
{
    (void)state;
    unsigned char out[16];
    put_pair("{\"global\":{\"core:datatype\":\"ci8\",\"core:sample_rate\":"
             "250000},\"captures\":[{\"core:sample_start\":0,"
             "\"core:frequency\":433920000,\"core:header_bytes\":3,"
             "\"core:datetime\":\"2026-03-29T11:27:00.5Z\"}]}",
             "hdr\1\2\3\4\5", 8);
    check_info("a.sigmf-meta", SAMPLE_CS8, 250e3, 433.92e6);
    check_info("a.sigmf-data", SAMPLE_CS8, 250e3, 433.92e6);
    check_info("315M:1M:a.sigmf-data", SAMPLE_CS8, 1e6, 315e6);
    check_info("cu8:a.sigmf-meta", SAMPLE_CU8, 250e3, 433.92e6);
    check_info("cu8:1Msps:a.sigmf-data", SAMPLE_CU8, 1e6, NAN);
    struct source *s = open_ok("a.sigmf-meta");
    assert_int_equal(source_info(s)->total, 2);
    assert_true(source_info(s)->recorded_unix_s == 1774783620.5);
    assert_int_equal(source_read(s, out, 8, NULL), 2);
    assert_memory_equal(out, "\1\2\3\4", 4);
    assert_int_equal(source_read(s, out, 8, NULL), 0);
    assert_string_equal(source_warning(s),
                        "a.sigmf-data: 1 odd byte at the end left out");
    source_close(s);
    s = open_ok("cs8:250k:a.sigmf-data");
    assert_true(isnan(source_info(s)->recorded_unix_s));
    source_close(s);
    open_fails("sub:a.sigmf-meta", -EINVAL, "a.sigmf-meta: is SigMF, not sub");
    put("a.sigmf-data", "hd", 2);
    open_fails("a.sigmf-meta", -ENODATA,
               "a.sigmf-data: ends before its samples");
    put("a.sigmf-data", "hdr", 3);
    open_fails("a.sigmf-meta", -ENODATA, "a.sigmf-data: is empty");
    unlink("a.sigmf-data");
    open_fails("a.sigmf-meta", -ENOENT, "a.sigmf-data: does not exist");
    put("b.sigmf-data", "0123", 4);
    open_fails("b.sigmf-data", -ENOENT, "b.sigmf-meta: does not exist");
    put_pair("{\"global\":{\"core:datatype\":\"cu8\"},\"captures\":"
             "[{\"core:frequency\":1e6},{\"core:frequency\":2e6}]}",
             "0123", 4);
    s = open_ok("250k:a.sigmf-meta");
    assert_non_null(strstr(source_warning(s), "was retuned"));
    source_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_err),
        TEST(test_formats),
        TEST(test_gaps),
        TEST(test_defaults),
        TEST(test_read_raw),
        TEST(test_pipe),
        TEST(test_path_with_colon),
        TEST(test_stdin),
        TEST(test_faults),
        TEST(test_long_name),
        TEST(test_sigmf_pair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
