/* test_source_sndfile - WAV and FLAC, whole and damaged.
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
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/source.h"
#include "tests/src/opened.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_wav),
        TEST(test_wav_faults),
        TEST(test_flac),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
