/* test_source - names, containers, pulse text, and each fault's sentence.
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
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/err.h"
#include "src/source.h"
#include "src/source_impl.h"

enum { PATH_ROOM = 512, PULSES_ROOM = 4096 };

/* Each test works in a folder of its own, which is the working folder. */
static int enter(void **state)
{
    char *name = strdup("/tmp/test_source_XXXXXX");
    *state = name;
    return name && mkdtemp(name) && chdir(name) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    char command[PATH_ROOM];
    snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
    int r = chdir("/") == 0 ? system(command) : -1;
    free(*state);
    return r;
}

static void put(const char *name, const void *bytes, size_t n)
{
    FILE *f = fopen(name, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static void put_text(const char *name, const char *text)
{
    put(name, text, strlen(text));
}

static struct source *open_ok(const char *spec)
{
    struct source *s = NULL;
    struct err e = { "" };
    if (source_open(&s, spec, NULL, &e) < 0)
        fail_msg("%s: %s", spec, e.text);
    return s;
}

static void open_fails(const char *spec, int code, const char *sentence)
{
    struct source *s = NULL;
    struct err e = { "" };
    assert_int_equal(source_open(&s, spec, NULL, &e), code);
    assert_null(s);
    assert_string_equal(e.text, sentence);
}

/* Opens, checks rate and centre (NAN: unknown), closes. */
static void check_info(const char *spec, enum sample_format format,
                       double rate_hz, double centre_hz)
{
    struct source *s = open_ok(spec);
    const struct source_info *i = source_info(s);
    assert_int_equal(i->kind, SOURCE_IQ);
    assert_int_equal(i->format, format);
    assert_true(i->rate_hz == rate_hz);
    if (isnan(centre_hz))
        assert_true(isnan(i->centre_hz));
    else
        assert_true(i->centre_hz == centre_hz);
    source_close(s);
}

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

static void check_spec(const char *spec, const char *path, const char *word,
                       double rate_hz, double centre_hz)
{
    struct source_facts f;
    assert_string_equal(source_spec_parse(spec, &f), path);
    if (word)
        assert_string_equal(f.type->word, word);
    else
        assert_null(f.type);
    assert_true(isnan(rate_hz) ? isnan(f.rate_hz) : f.rate_hz == rate_hz);
    assert_true(isnan(centre_hz) ? isnan(f.centre_hz)
                                 : f.centre_hz == centre_hz);
}

static void test_spec(void **state)
{
    (void)state;
    check_spec("a.cu8", "a.cu8", NULL, NAN, NAN);
    check_spec("-", "-", NULL, NAN, NAN);
    check_spec("cs16:-", "-", "cs16", NAN, NAN);
    check_spec("cu8:433.92M:250k:/a/b", "/a/b", "cu8", 250e3, 433.92e6);
    check_spec("250k:CU8:433.92m:b", "b", "cu8", 250e3, 433.92e6);
    check_spec("cf32:372M:2.4M:x.iq", "x.iq", "cf32", 2.4e6, 372e6);
    check_spec("cf32:434M:1M:x", "x", "cf32", 1e6, 434e6);
    check_spec("433920kHz:1024ksps:x", "x", NULL, 1024e3, 433.92e6);
    check_spec("433920k:x", "x", NULL, 433920e3, NAN);
    check_spec("868300000Hz:2Msps:fc32:x", "x", "fc32", 2e6, 868.3e6);
    check_spec("0.4GHz:250000sps:x", "x", NULL, 250e3, 400e6);
    /* not overrides: they belong to the path */
    check_spec("cu9:x", "cu9:x", NULL, NAN, NAN);
    check_spec("cu8:cs8:x", "cs8:x", "cu8", NAN, NAN);
    check_spec("1M:2M:3M:x", "3M:x", NULL, 2e6, 1e6);
    check_spec("250k:1Msps:x", "1Msps:x", NULL, 250e3, NAN);
    check_spec("433.92:x", "433.92:x", NULL, NAN, NAN);
    check_spec("0x10M:x", "0x10M:x", NULL, NAN, NAN);
    check_spec("1234567890123456M:x", "1234567890123456M:x", NULL, NAN, NAN);
    check_spec("sigmf:x", "sigmf:x", NULL, NAN, NAN);
    check_spec("cu8:a:b c,d", "a:b c,d", "cu8", NAN, NAN);
}

static void check_name(const char *path, const char *word, double rate_hz,
                       double centre_hz)
{
    struct source_facts f;
    source_name_parse(path, &f);
    assert_true(word ? f.type && strcmp(f.type->word, word) == 0 : !f.type);
    assert_true(isnan(rate_hz) ? isnan(f.rate_hz) : f.rate_hz == rate_hz);
    assert_true(isnan(centre_hz) ? isnan(f.centre_hz)
                                 : f.centre_hz == centre_hz);
}

static void test_name(void **state)
{
    (void)state;
    check_name("g001_433.92M_250k.cu8", "cu8", 250e3, 433.92e6);
    check_name("/868M_1024k/g001_433.92M_250k.cu8", "cu8", 250e3, 433.92e6);
    check_name("fob_20260329T112700Z_433.92M_2048k.x", NULL, 2048e3, 433.92e6);
    check_name("SDRSharp_20260329_112700Z_433920000Hz_IQ.wav", NULL, NAN,
               433920000);
    check_name("HDSDR_20260329_112700Z_433920kHz_RF.wav", NULL, NAN, 433920000);
    check_name("05-Oct-2026 000058.250 436.665MHz 000.wav", NULL, NAN,
               436.665e6);
    check_name("x_cs16_250K.bin", "cs16", 250e3, NAN);
    check_name("g250k v1M 3rd 250kx 250.k.data", NULL, NAN, NAN);
    check_name("250.cu8", "cu8", NAN, NAN);
    check_name("", NULL, NAN, NAN);
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
               "a.sigmf: SigMF archives are not read "
               "yet; unpack it with tar");
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

/* A WAV header piece by piece. */
struct wav {
    unsigned char bytes[1024];
    size_t n;
};

static void add(struct wav *w, const void *p, size_t n)
{
    memcpy(w->bytes + w->n, p, n);
    w->n += n;
}

static void add_number(struct wav *w, uint32_t value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        w->bytes[w->n++] = (unsigned char)(value >> 8 * i);
}

static void wav_start(struct wav *w, unsigned tag, unsigned channels,
                      unsigned bits)
{
    unsigned frame = channels * bits / 8;
    w->n = 0;
    add(w, "RIFF\xff\x03\0\0WAVEfmt ", 16);
    add_number(w, 16, 4);
    add_number(w, tag, 2);
    add_number(w, channels, 2);
    add_number(w, 250000, 4);
    add_number(w, 250000 * frame, 4);
    add_number(w, frame, 2);
    add_number(w, bits, 2);
}

static void wav_auxi(struct wav *w, const char *first, uint32_t centre_hz)
{
    static const unsigned char zeros[128];
    add(w, "auxi\xa4\0\0\0", 8);
    add(w, first, 4);
    add(w, zeros, 28);
    add_number(w, centre_hz, 4);
    add(w, zeros, 128);
}

/* promised: the length that the header gives. */
static void wav_data(struct wav *w, const void *p, size_t n, uint32_t promised)
{
    add(w, "data", 4);
    add_number(w, promised, 4);
    add(w, p, n);
}

static void test_wav(void **state)
{
    (void)state;
    struct wav w;
    short out[16];
    float real[16];
    wav_start(&w, 1, 2, 16);
    wav_auxi(&w, "\xea\x07\0\0", 433920000);
    wav_data(&w, "\1\0\2\0\3\0\xff\xff", 8, 8);
    put("a.wav", w.bytes, w.n);
    put("a_868M.cu8", w.bytes, w.n); /* the container beats ending and name */
    check_info("a_868M.cu8", SAMPLE_CS16, 250e3, 433.92e6);
    check_info("315M:1Msps:a.wav", SAMPLE_CS16, 1e6, 315e6);
    check_info("cu8:1Msps:a.wav", SAMPLE_CU8, 1e6, NAN);
    struct source *s = open_ok("a.wav");
    assert_int_equal(source_info(s)->total, 2);
    assert_int_equal(source_read(s, out, 8, NULL), 2);
    assert_int_equal(out[0], 1);
    assert_int_equal(out[3], -1);
    assert_int_equal(source_read(s, out, 8, NULL), 0);
    assert_null(source_warning(s));
    source_close(s);

    wav_start(&w, 1, 2, 8);
    wav_data(&w, "\x80\x00\xff\x81", 4, 4);
    put("a_433920000Hz_IQ.wav", w.bytes, w.n);
    check_info("a_433920000Hz_IQ.wav", SAMPLE_CS16, 250e3, 433.92e6);
    s = open_ok("a_433920000Hz_IQ.wav");
    assert_int_equal(source_read(s, out, 8, NULL), 2);
    assert_int_equal(out[0], 0);
    assert_int_equal(out[1], -32768);
    source_close(s);

    wav_start(&w, 3, 2, 32);
    wav_auxi(&w, "<?xm", 433920000); /* SDR Console: no number to be had */
    wav_data(&w, "\0\0\x80\x3f\0\0\0\xbf", 8, 8);
    put("f.wav", w.bytes, w.n);
    check_info("f.wav", SAMPLE_CF32, 250e3, NAN);
    s = open_ok("f.wav");
    assert_int_equal(source_read(s, real, 8, NULL), 1);
    assert_true(real[0] == 1.0f && real[1] == -0.5f);
    source_close(s);

    wav_start(&w, 1, 2, 24);
    wav_data(&w, "\0\0\x40\0\0\xc0", 6, 6);
    put("24.wav", w.bytes, w.n);
    s = open_ok("24.wav");
    assert_int_equal(source_info(s)->format, SAMPLE_CF32);
    assert_int_equal(source_read(s, real, 8, NULL), 1);
    assert_true(real[0] == 0.5f && real[1] == -0.5f);
    source_close(s);
}

static void test_wav_faults(void **state)
{
    (void)state;
    struct wav w;
    short out[32];
    wav_start(&w, 1, 1, 16);
    wav_data(&w, "01234567", 8, 8);
    put("mono.wav", w.bytes, w.n);
    open_fails("mono.wav", -EINVAL,
               "mono.wav: has 1 channel; I and Q need two");
    wav_start(&w, 1, 4, 16);
    wav_data(&w, "01234567", 8, 8);
    put("four.wav", w.bytes, w.n);
    open_fails("four.wav", -EINVAL,
               "four.wav: has 4 channels; I and Q need two");
    wav_start(&w, 7, 2, 8); /* mu-law */
    wav_data(&w, "01234567", 8, 8);
    put("law.wav", w.bytes, w.n);
    open_fails("law.wav", -EINVAL,
               "law.wav: its samples are coded for "
               "sound, not stored plain");
    put("cut.wav", w.bytes, 20);
    open_fails("cut.wav", -EINVAL,
               "cut.wav: its WAV or FLAC header is damaged");
    wav_start(&w, 1, 2, 16);
    wav_data(&w, "", 0, 0);
    put("none.wav", w.bytes, w.n);
    open_fails("none.wav", -ENODATA, "none.wav: is empty: it holds no samples");
    wav_start(&w, 1, 2, 16);
    wav_data(&w, "0123456789ab", 12, 400);
    put("short.wav", w.bytes, w.n);
    struct source *s = open_ok("short.wav");
    assert_int_equal(source_read(s, out, 16, NULL), 3);
    assert_int_equal(source_read(s, out, 16, NULL), 0);
    assert_string_equal(source_warning(s),
                        "short.wav: cut off: 12 of 400 bytes of samples are "
                        "there");
    source_close(s);
    assert_int_equal(mkfifo("p", 0600), 0);
    int hold = open("p", O_RDWR);
    assert_true(write(hold, w.bytes, w.n) == (ssize_t)w.n);
    put("filler", w.bytes, w.n);
    assert_true(write(hold, w.bytes, w.n) == (ssize_t)w.n);
    open_fails("p", -ESPIPE,
               "p: WAV and FLAC cannot be read from a pipe; "
               "save to a file first");
    close(hold);
}

/* 16 frames -16000, -15000, ... of 16 bits at 250 kHz by libFLAC 1.4.2. */
static const unsigned char flac[] = {
    0x66, 0x4c, 0x61, 0x43, 0x00, 0x00, 0x00, 0x22, 0x10, 0x00, 0x10, 0x00,
    0x00, 0x00, 0x15, 0x00, 0x00, 0x15, 0x3d, 0x09, 0x02, 0xf0, 0x00, 0x00,
    0x00, 0x10, 0xe9, 0x5e, 0x11, 0x53, 0x1d, 0xbd, 0xae, 0xe3, 0xec, 0x7b,
    0x3f, 0xfc, 0x42, 0x54, 0x9e, 0x63, 0x84, 0x00, 0x00, 0x28, 0x20, 0x00,
    0x00, 0x00, 0x72, 0x65, 0x66, 0x65, 0x72, 0x65, 0x6e, 0x63, 0x65, 0x20,
    0x6c, 0x69, 0x62, 0x46, 0x4c, 0x41, 0x43, 0x20, 0x31, 0x2e, 0x34, 0x2e,
    0x32, 0x20, 0x32, 0x30, 0x32, 0x32, 0x31, 0x30, 0x32, 0x32, 0x00, 0x00,
    0x00, 0x00, 0xff, 0xf8, 0x6c, 0x88, 0x00, 0x0f, 0xfa, 0xa4, 0x15, 0x1c,
    0x18, 0xc9, 0x50, 0x03, 0xff, 0xf0, 0x13, 0xfc, 0x18, 0xef, 0x6c
};

static void test_flac(void **state)
{
    (void)state;
    short out[64];
    put("a_433.92M.flac", flac, sizeof flac);
    check_info("a_433.92M.flac", SAMPLE_CS16, 250e3, 433.92e6);
    struct source *s = open_ok("a_433.92M.flac");
    assert_int_equal(source_info(s)->total, 16);
    assert_int_equal(source_read(s, out, 32, NULL), 16);
    for (int i = 0; i < 32; i++)
        assert_int_equal(out[i], i * 1000 - 16000);
    assert_int_equal(source_read(s, out, 32, NULL), 0);
    source_close(s);
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
             "\"core:frequency\":433920000,\"core:header_bytes\":3}]}",
             "hdr\1\2\3\4\5", 8);
    check_info("a.sigmf-meta", SAMPLE_CS8, 250e3, 433.92e6);
    check_info("a.sigmf-data", SAMPLE_CS8, 250e3, 433.92e6);
    check_info("315M:1M:a.sigmf-data", SAMPLE_CS8, 1e6, 315e6);
    check_info("cu8:a.sigmf-meta", SAMPLE_CU8, 250e3, 433.92e6);
    check_info("cu8:1Msps:a.sigmf-data", SAMPLE_CU8, 1e6, NAN);
    struct source *s = open_ok("a.sigmf-meta");
    assert_int_equal(source_info(s)->total, 2);
    assert_int_equal(source_read(s, out, 8, NULL), 2);
    assert_memory_equal(out, "\1\2\3\4", 4);
    assert_int_equal(source_read(s, out, 8, NULL), 0);
    assert_string_equal(source_warning(s),
                        "a.sigmf-data: 1 odd byte at the end left out");
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

/* Opens, reads all at several block sizes, compares. */
static void check_pulses(const char *spec, const pulse_us *want, size_t n)
{
    static const size_t blocks[] = { 1, 3, PULSES_ROOM };
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
        pulse_us out[PULSES_ROOM];
        struct source *s = open_ok(spec);
        assert_int_equal(source_info(s)->kind, SOURCE_PULSES);
        assert_true(source_info(s)->rate_hz == 1e6);
        assert_int_equal(source_info(s)->total, 0);
        size_t got = 0;
        ssize_t r;
        while (got + blocks[b] <= PULSES_ROOM &&
               (r = source_read_pulses(s, out + got, blocks[b], NULL)) > 0)
            got += (size_t)r;
        assert_int_equal(got, n);
        assert_memory_equal(out, want, n * sizeof *want);
        source_close(s);
    }
}

static void check_radio(const char *spec, enum modulation modulation,
                        double centre_hz)
{
    struct source *s = open_ok(spec);
    assert_int_equal(source_info(s)->modulation, modulation);
    if (isnan(centre_hz))
        assert_true(isnan(source_info(s)->centre_hz));
    else
        assert_true(source_info(s)->centre_hz == centre_hz);
    source_close(s);
}

#define PULSES(...)                                                            \
    ((const pulse_us[]){ __VA_ARGS__ }),                                       \
        sizeof((const pulse_us[]){ __VA_ARGS__ }) / sizeof(pulse_us)

static void test_sub(void **state)
{
    (void)state;
    put_text("a.sub", "Filetype: Flipper SubGhz RAW File\nVersion: 1\n"
                      "Frequency: 433920000\n"
                      "Preset: FuriHalSubGhzPresetOok650Async\n"
                      "Protocol: RAW\nRAW_Data: 361 -740 361 -700\n"
                      "RAW_Data: 100 -200");
    check_pulses("a.sub", PULSES(361, -740, 361, -700, 100, -200));
    check_radio("a.sub", MODULATION_OOK, 433.92e6);
    check_radio("315M:a.sub", MODULATION_OOK, 315e6);
    /* a bare header, CRLF, commas, zeros, one sign twice, wrapped lines */
    put_text("b.sub", "Protocol: RAW\r\nPreset: FuriHalSubGhzPreset2FSKDev"
                      "476Async\r\nRAW_Data: -5, 10,20 0 -7\t-8,,+9\r\n"
                      "-1 2\r\n\r\nRAW_Data:\r\nRAW_Data:-3\r\n");
    check_pulses("b.sub", PULSES(-5, 30, -15, 9, -1, 2, -3));
    check_radio("b.sub", MODULATION_FSK, NAN);
    /* beyond any range, and words */
    put_text("c.sub", "Protocol: RAW\nRAW_Data: 99999999999999999999 "
                      "-99999999 -9 x 1x 5- - 7 -8.6\n");
    check_pulses("c.sub", PULSES(10000000, -10000000, 7, -9));
    pulse_us out[16];
    struct source *s = open_ok("c.sub");
    while (source_read_pulses(s, out, 16, NULL) > 0)
        ;
    assert_string_equal(source_warning(s),
                        "c.sub: 4 words left out that are no durations");
    source_close(s);
    put_text("f.sub", "RAW_Data: 6000000 6000000 -6000000 -6000000\n");
    check_pulses("f.sub", PULSES(10000000, -10000000));
    put_text("d", "Filetype: Flipper SubGhz RAW File\nRAW_Data: 1 -1\n");
    check_pulses("d", PULSES(1, -1)); /* by its first line */
    put_text("e.txt", "RAW_Data: 1 -1\n");
    check_pulses("sub:e.txt", PULSES(1, -1));
}

static void test_sub_custom_preset(void **state)
{
    (void)state;
    put_text("a.sub", "Preset: FuriHalSubGhzPresetCustom\n"
                      "Custom_preset_module: CC1101\n"
                      "Custom_preset_data: 02 0D 10 12 12 04 00 00 12 30\n"
                      "RAW_Data: 1 -1\n");
    check_radio("a.sub", MODULATION_FSK, NAN);
    put_text("b.sub", "Preset: FuriHalSubGhzPresetCustom\n"
                      "Custom_preset_data: 02 0D 12 30 00 00\n"
                      "RAW_Data: 1 -1\n");
    check_radio("b.sub", MODULATION_OOK, NAN);
    put_text("d.sub", "Custom_preset_data: 02 0D 00 00 12 04\n"
                      "RAW_Data: 1 -1\n"); /* behind the end: PA table */
    check_radio("d.sub", MODULATION_OOK, NAN);
    put_text("c.sub", "Preset: FM238\nRAW_Data: 1 -1\n");
    check_radio("c.sub", MODULATION_FSK, NAN);
}

static void test_sub_faults(void **state)
{
    (void)state;
    put_text("key.sub", "Filetype: Flipper SubGhz Key File\nVersion: 1\n"
                        "Frequency: 433920000\nProtocol: KeeLoq\nBit: 64\n"
                        "Key: E6 E4 F9 39 A5 40 00 01\n");
    open_fails("key.sub", -ENODATA,
               "key.sub: is a key file without a recording");
    put_text("bare.sub", "Protocol: Princeton\nKey: 00\n");
    open_fails("bare.sub", -ENODATA,
               "bare.sub: is a key file without a recording");
    put_text("none.sub", "Protocol: RAW\nRAW_Data: 0 0\n");
    open_fails("none.sub", -ENODATA,
               "none.sub: holds no pulses; is it a Flipper RAW file?");
    put("empty.sub", "", 0);
    open_fails("empty.sub", -ENODATA, "empty.sub: is empty");
    open_fails("sub:empty.sub", -ENODATA, "empty.sub: is empty");
    put_text("far.sub", "Frequency: 20000000000\nRAW_Data: 1 -1\n");
    open_fails("far.sub", -ERANGE,
               "far.sub: centre frequency 2e+10 Hz is out of "
               "range, 0 to 10 GHz");
    /* an endless line in front of the data is given up */
    static char junk[3 << 20];
    memset(junk, 'j', sizeof junk);
    memcpy(junk + sizeof junk - 20, "\nRAW_Data: 1 -1 1 -1", 20);
    put("junk.sub", junk, sizeof junk);
    open_fails("junk.sub", -ENODATA,
               "junk.sub: holds no pulses; is it a Flipper RAW file?");
}

static void test_ook(void **state)
{
    (void)state;
    put_text("a.ook", ";pulse data\n;version 1\n;timescale 1us\n"
                      ";created 2026-03-29 11:27:00+0000\n;ook 2 pulses\n"
                      ";freq1 433921000\n;centerfreq 433920000 Hz\n"
                      ";samplerate 250000 Hz\n;rssi -0.1 dB\n"
                      "361 740\n400 0\n;end\n;ook 1 pulses\n;freq1 1\n"
                      "100 9000\n;end\n;fsk 1 pulses\n77 78\n;end\n");
    check_pulses("a.ook", PULSES(361, -740, 400, -1000000, 100, -9000));
    check_radio("a.ook", MODULATION_OOK, 433921000);
    struct source *s = open_ok("a.ook");
    pulse_us out[16];
    while (source_read_pulses(s, out, 16, NULL) > 0)
        ;
    assert_string_equal(source_warning(s),
                        "a.ook: packages of another modulation left out");
    source_close(s);
    put_text("b", ";pulse data\r\n;timescale 100 ns\r\n;fsk 1 pulses\r\n"
                  ";freq1 433900000\r\n;freq2 433940000\r\n0 500\r\n"
                  "1000 2000 3000\r\n-4 5");
    check_pulses("b", PULSES(-50, 100, -201)); /* 0.5 us rounds up to 1 */
    check_radio("b", MODULATION_FSK, 433920000);
    put_text("c.fsk", "1 2\n");
    check_radio("c.fsk", MODULATION_FSK, NAN);
    put_text("d.ook", ";freq1 75324\n;centerfreq 0 Hz\n1 2\n");
    check_radio("d.ook", MODULATION_OOK, NAN); /* an offset, no frequency */
    put_text("e.ook", ";timescale 1ms\n1 2\n99999 1\n");
    check_pulses("e.ook", PULSES(1000, -2000, 10000000, -1000));
    put_text("none.ook", ";pulse data\n;end\n");
    open_fails("none.ook", -ENODATA,
               "none.ook: holds no pulses; is it rtl_433's pulse data?");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_err),        TEST(test_spec),
        TEST(test_name),       TEST(test_formats),
        TEST(test_defaults),   TEST(test_read_raw),
        TEST(test_pipe),       TEST(test_path_with_colon),
        TEST(test_stdin),      TEST(test_faults),
        TEST(test_long_name),  TEST(test_wav),
        TEST(test_wav_faults), TEST(test_flac),
        TEST(test_sigmf_pair), TEST(test_sub),
        TEST(test_sub_faults), TEST(test_sub_custom_preset),
        TEST(test_ook),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
