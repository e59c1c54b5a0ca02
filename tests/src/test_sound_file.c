/* test_sound_file - WAV, RF64 and FLAC written, looked at and read back.
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
#include <signal.h>
#include <sys/resource.h>

#include "src/sound_file.h"
#include "tests/src/opened.h"
#include "tests/support/synth.h"

enum { FRAMES = 20011 };

static int16_t samples[2 * FRAMES], back[2 * FRAMES + 2];

static const struct sound_file_cfg plain = {
    .kind = SOUND_WAV,
    .tag = { .rate_hz = 2048000,
             .centre_hz = 433920000,
             .start_unix_s = 1774783620.25,
             .stop_unix_s = 1774783621,
             .scale = 1 },
    .frames = FRAMES,
};

/* All values of 16 bits come. */
static void fill(void)
{
    struct synth_random random = { 11 };

    for (int i = 0; i < 2 * FRAMES; i++)
        samples[i] = (int16_t)(synth_random_u64(&random) & 0xffff);
    samples[0] = INT16_MIN;
    samples[1] = INT16_MAX;
}

static int create(const char *path)
{
    const int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    return fd;
}

static int try_write(int fd, const struct sound_file_cfg *cfg)
{
    struct sound_file *f = NULL;
    int status = sound_file_create(&f, fd, cfg), closed;

    for (size_t at = 0; status == 0 && at < FRAMES; at += 1000)
        status = sound_file_write(f, samples + 2 * at,
                                  FRAMES - at < 1000 ? FRAMES - at : 1000);
    closed = sound_file_close(f);
    return status < 0 ? status : closed;
}

static void write_ok(const char *path, const struct sound_file_cfg *cfg)
{
    const int fd = create(path);

    assert_int_equal(try_write(fd, cfg), 0);
    close(fd);
}

/* By way of the source that decode uses. */
static void check_source(const char *path, double rate_hz, double centre_hz,
                         double start_unix_s)
{
    struct source *s = open_ok(path);
    const struct source_info *i = source_info(s);
    size_t got = 0;
    ssize_t n;

    assert_int_equal(i->format, SAMPLE_CS16);
    assert_int_equal(i->total, FRAMES);
    assert_true(i->rate_hz == rate_hz);
    assert_true(isnan(centre_hz) ? isnan(i->centre_hz)
                                 : i->centre_hz == centre_hz);
    assert_true(isnan(start_unix_s) ? isnan(i->recorded_unix_s)
                                    : i->recorded_unix_s == start_unix_s);
    memset(back, 0, sizeof back);
    while ((n = source_read(s, back + 2 * got,
                            999 < FRAMES + 1 - got ? 999 : FRAMES + 1 - got,
                            NULL)) > 0)
        got += (size_t)n;
    assert_int_equal(got, FRAMES);
    assert_memory_equal(samples, back, sizeof samples);
    assert_null(source_warning(s));
    source_close(s);
}

/* The whole file, to be freed. */
static unsigned char *slurp(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    unsigned char *bytes = malloc(1 << 20);

    assert_non_null(f);
    assert_non_null(bytes);
    *n = fread(bytes, 1, 1 << 20, f);
    fclose(f);
    return bytes;
}

static uint32_t number(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static void test_wav(void **state)
{
    size_t n;
    unsigned char *bytes;

    (void)state;
    fill();
    write_ok("a.wav", &plain);
    check_source("a.wav", 2048000, 433920000, 1774783620.25);
    bytes = slurp("a.wav", &n);
    assert_int_equal(n, 12 + 24 + 8 + 164 + 8 + 4 * FRAMES);
    assert_memory_equal(bytes, "RIFF", 4);
    assert_int_equal(number(bytes + 4), n - 8);
    assert_memory_equal(bytes + 8, "WAVEfmt \x10\0\0\0\1\0\2\0", 16);
    assert_int_equal(number(bytes + 24), 2048000);
    assert_memory_equal(bytes + 36, "auxi\xa4\0\0\0\xea\x07\3\0\0\0\x1d\0", 16);
    assert_int_equal(number(bytes + 44 + 32), 433920000);
    assert_int_equal(number(bytes + 44 + 36), 2048000);
    assert_int_equal(number(bytes + 44 + 40), 0);
    assert_int_equal(number(bytes + 44 + 44), 2048000);
    assert_int_equal(number(bytes + 44 + 48), 0);
    assert_memory_equal(bytes + 208, "data", 4);
    assert_int_equal(number(bytes + 212), 4 * FRAMES);
    assert_memory_equal(bytes + 216, samples, sizeof samples);
    free(bytes);
}

static void test_nothing_known(void **state)
{
    struct sound_file_cfg cfg = plain;

    (void)state;
    fill();
    cfg.tag.centre_hz = cfg.tag.start_unix_s = cfg.tag.stop_unix_s = NAN;
    write_ok("a.wav", &cfg);
    check_source("a.wav", 2048000, NAN, NAN);
    cfg.kind = SOUND_FLAC;
    write_ok("a.flac", &cfg);
    check_source("a.flac", 2048000, NAN, NAN);
}

static void test_rf64(void **state)
{
    struct sound_file_cfg cfg = plain;
    size_t n;
    unsigned char *bytes;

    (void)state;
    fill();
    cfg.rf64_bytes = 4 * FRAMES + 4;
    write_ok("a.wav", &cfg);
    bytes = slurp("a.wav", &n);
    assert_memory_equal(bytes, "RIFF", 4);
    free(bytes);
    cfg.rf64_bytes = 4 * FRAMES;
    write_ok("a.wav", &cfg);
    check_source("a.wav", 2048000, 433920000, 1774783620.25);
    bytes = slurp("a.wav", &n);
    assert_memory_equal(bytes, "RF64\xff\xff\xff\xffWAVEds64", 16);
    free(bytes);
    /* the rule, without four gigabytes */
    cfg.rf64_bytes = 0;
    cfg.frames = UINT64_C(1) << 30;
    write_ok("a.wav", &cfg);
    check_source("a.wav", 2048000, 433920000, 1774783620.25);
    bytes = slurp("a.wav", &n);
    assert_memory_equal(bytes, "RF64", 4);
    free(bytes);
}

/* What the header holds, and what the comment restores. */
static void check_flac_rate(double rate_hz, double header_hz)
{
    struct sound_file_cfg cfg = plain;
    struct sound_file *f = NULL;
    struct sound_info info;
    int fd;

    cfg.kind = SOUND_FLAC;
    cfg.tag.rate_hz = rate_hz;
    write_ok("a.flac", &cfg);
    check_source("a.flac", rate_hz, 433920000, 1774783620.25);
    fd = open("a.flac", O_RDONLY);
    assert_int_equal(sound_file_open(&f, fd, 0, &info), 0);
    assert_true(info.rate_hz == header_hz && info.frames == FRAMES);
    assert_true(info.channels == 2 && info.coding == SOUND_16_BITS);
    sound_file_close(f);
    close(fd);
}

static void test_flac(void **state)
{
    (void)state;
    fill();
    check_flac_rate(250000, 250000);
    check_flac_rate(2048000, 2048);
    check_flac_rate(2400000, 2400);
    check_flac_rate(61440000, 61440);
    check_flac_rate(20000, 20000);
    check_flac_rate(65535, 65535);
    check_flac_rate(65536, 65540); /* libsndfile writes nothing at that rate */
    check_flac_rate(250001, 250000);
    check_flac_rate(655350, 655350);
    check_flac_rate(655351, 655350);
    check_flac_rate(655360, 655);
    check_flac_rate(249999.987, 250000);
}

/* Other bytes in place of some of a.flac's. */
static void patch(const char *was, const char *is)
{
    size_t n, at = 0, length = strlen(was);
    unsigned char *bytes = slurp("a.flac", &n);

    assert_int_equal(length, strlen(is));
    while (at + length <= n && memcmp(bytes + at, was, length) != 0)
        at++;
    assert_true(at + length <= n);
    memcpy(bytes + at, is, length);
    put("b.flac", bytes, n);
    free(bytes);
}

/* Then the header counts, and the name. */
static void test_hostile_comments(void **state)
{
    struct sound_file_cfg cfg = plain;

    (void)state;
    fill();
    cfg.kind = SOUND_FLAC;
    cfg.tag.rate_hz = 256000;
    write_ok("a.flac", &cfg);
    patch("rate=256000", "rate=250000"); /* resampled by somebody */
    check_source("b.flac", 256000, NAN, NAN);
    patch("rate=256000", "rate=256e99");
    check_source("b.flac", 256000, NAN, NAN);
    patch("rate=256000", "rate=-56000");
    check_source("b.flac", 256000, NAN, NAN);
    patch("rate=256000", "rate=000000");
    check_source("b.flac", 256000, NAN, NAN);
    patch("fobscope rate", "fobscope\xff\xfe\xfd\xfc\xfb");
    check_source("b.flac", 256000, NAN, NAN);
    patch("start=2026-03", "start=2026-13");
    check_source("b.flac", 256000, NAN, NAN);
    patch("centre=433920000", "centre=4339200e9");
    check_source("b.flac", 256000, NAN, 1774783620.25);
    patch("centre=433920000", "centre=000000000");
    check_source("b.flac", 256000, NAN, 1774783620.25);
    cfg.tag.rate_hz = 2048000;
    write_ok("a.flac", &cfg);
    patch("rate=2048000", "rate=2050000");
    open_fails("b.flac", -ERANGE,
               "b.flac: sample rate 2048 Hz is out of range, 20 kHz to 61.44 "
               "MHz");
    patch("fobscope", "fobsc0pe");
    check_source("2048k:b.flac", 2048000, NAN, NAN); /* as is said */
}

/* A disk that is full at any byte: said by a write, by close, or by what is read
 * back. */
static void test_full_disk(void **state)
{
    const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
    struct sound_file_cfg cfg = plain;

    (void)state;
    fill();
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t room = 0; room < 80000; room += 1 + room / 2) {
        for (int kind = SOUND_WAV; kind <= SOUND_FLAC; kind++) {
            const struct rlimit some = { room, RLIM_INFINITY };
            const int fd = create("full");
            struct sound_info info;
            struct sound_file *f = NULL;
            size_t frames = 0;
            int status;

            cfg.kind = (enum sound_kind)kind;
            assert_int_equal(setrlimit(RLIMIT_FSIZE, &some), 0);
            status = try_write(fd, &cfg);
            assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
            if (status == 0 && sound_file_open(&f, fd, 0, &info) == 0)
                frames = sound_file_read(f, info.coding, back, FRAMES);
            sound_file_close(f);
            assert_true(status < 0 || frames < FRAMES);
            close(fd);
        }
    }
}

static void test_damage(void **state)
{
    struct sound_file *f = NULL;
    struct sound_info info;
    int fd;

    (void)state;
    put("a", "RIFF", 4);
    fd = open("a", O_RDONLY);
    assert_int_equal(sound_file_open(&f, fd, 0, &info), -EINVAL);
    assert_int_equal(sound_file_open(&f, fd, -1, &info), -EINVAL);
    assert_null(f);
    close(fd);
    fd = open("a", O_RDONLY); /* cannot be written */
    assert_true(try_write(fd, &plain) < 0);
    close(fd);
    assert_int_equal(sound_file_close(NULL), 0);
    assert_non_null(strstr(sound_file_version(), "sndfile"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_wav),    TEST(test_nothing_known),    TEST(test_rf64),
        TEST(test_flac),   TEST(test_hostile_comments), TEST(test_full_disk),
        TEST(test_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
