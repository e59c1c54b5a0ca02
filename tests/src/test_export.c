/* test_export - recordings of every format written as each file, and decoded.
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
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "dsp/convert.h"
#include "src/export.h"
#include "src/source_name.h"
#include "tests/src/opened.h"
#include "tests/support/synth.h"

static const struct export_cfg wav = { .format = EXPORT_WAV };
static const struct export_cfg flac = { .format = EXPORT_FLAC };
static const struct export_cfg cu8 = { .format = EXPORT_CU8 };

#define META(datatype, rest)                                                   \
    "{\"global\":{\"core:datatype\":\"" datatype "\",\"core:sample_rate\":"    \
    "2048000},\"captures\":[{\"core:sample_start\":0,\"core:frequency\":"      \
    "433920000,\"core:datetime\":\"2026-03-29T11:27:00.5Z\"}" rest "]}"

static struct export_done export_ok(const char *spec, const char *path,
                                    const struct export_cfg *cfg)
{
    struct export_done done = { .samples = 77 };
    struct err e = { "" };

    if (export_write(spec, path, cfg, &done, &e) < 0)
        fail_msg("%s", e.text);
    assert_int_not_equal(access("o.wav.part", F_OK), 0);
    return done;
}

static void export_fails(const char *spec, const char *path,
                         const struct export_cfg *cfg, int code,
                         const char *sentence)
{
    struct export_done done = { .samples = 77 };
    struct err e = { "" };

    assert_int_equal(export_write(spec, path, cfg, &done, &e), code);
    assert_string_equal(e.text, sentence);
    assert_int_equal(done.samples, 77);
}

static bool is_there(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

/* Of a whole file; how many samples. */
static size_t read_all(const char *spec, void *out, size_t room)
{
    struct source *s = open_ok(spec);
    const size_t size = convert_size(source_info(s)->format);
    size_t got = 0;
    ssize_t n;

    while ((n = source_read(s, (char *)out + got * size, room - got, NULL)) > 0)
        got += (size_t)n;
    assert_int_equal(n, 0);
    source_close(s);
    return got;
}

static void check_known(const char *path)
{
    struct source *s = open_ok(path);

    assert_int_equal(source_info(s)->format, SAMPLE_CS16);
    assert_true(source_info(s)->rate_hz == 2048000);
    assert_true(source_info(s)->centre_hz == 433920000);
    assert_true(source_info(s)->recorded_unix_s == 1774783620.5);
    source_close(s);
}

static void test_cu8(void **state)
{
    enum { N = 50001 };
    static uint8_t in[2 * N], plain[2 * N];
    static int16_t out[2 * N + 2];
    struct export_done d;

    (void)state;
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (uint8_t)(i * 7 + i / 251);
    put("a.sigmf-data", in, sizeof in);
    put_text("a.sigmf-meta", META("cu8", ""));
    for (int i = 0; i < 2; i++) {
        const char *path = i == 0 ? "o.wav" : "o.flac";

        d = export_ok("a.sigmf-meta", path, i == 0 ? &wav : &flac);
        assert_true(d.samples == N && d.is_exact && d.scale == 1);
        assert_int_equal(d.clipped + d.lost + d.left_out, 0);
        assert_string_equal(d.warning.text, "");
        check_known(path);
        assert_int_equal(read_all(path, out, N + 1), N);
        for (size_t k = 0; k < sizeof in; k++)
            assert_int_equal(out[k], (2 * in[k] - 255) * 128);
    }
    d = export_ok("a.sigmf-meta", "o_433.92M_2048k.cu8", &cu8);
    assert_true(d.samples == N && d.is_exact);
    check_info("o_433.92M_2048k.cu8", SAMPLE_CU8, 2048000, 433920000);
    assert_int_equal(read_all("o_433.92M_2048k.cu8", plain, N), N);
    assert_memory_equal(in, plain, sizeof in);
}

static void test_cs8(void **state)
{
    static int8_t in[256];
    static int16_t out[258];

    (void)state;
    for (int i = 0; i < 256; i++)
        in[i] = (int8_t)(i - 128);
    put("a.sigmf-data", in, sizeof in);
    put_text("a.sigmf-meta", META("ci8", ""));
    assert_true(export_ok("a.sigmf-meta", "o.wav", &wav).is_exact);
    assert_true(export_ok("a.sigmf-meta", "o.flac", &flac).is_exact);
    check_known("o.wav");
    check_known("o.flac");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(read_all(i == 0 ? "o.wav" : "o.flac", out, 129), 128);
        for (int k = 0; k < 256; k++)
            assert_int_equal(out[k], in[k] * 256);
    }
    assert_false(export_ok("a.sigmf-meta", "o.cu8", &cu8).is_exact);
}

static void test_cs16_and_cf32(void **state)
{
    enum { N = 32768 };
    static int16_t in[2 * N], out[2 * N + 2];
    static iq floats[N];
    struct export_done d;

    (void)state;
    for (int i = 0; i < 2 * N; i++)
        in[i] = (int16_t)(i - 32768);
    convert_to_iq(SAMPLE_CS16, in, N, floats);
    put("a_2048k.cs16", in, sizeof in);
    put("b_2048k.cf32", floats, sizeof floats);
    for (int i = 0; i < 4; i++) {
        char path[16];

        snprintf(path, sizeof path, "%d.%s", i, i % 2 == 0 ? "wav" : "flac");
        d = export_ok(i < 2 ? "a_2048k.cs16" : "b_2048k.cf32", path,
                      i % 2 == 0 ? &wav : &flac);
        assert_true(d.samples == N && d.is_exact && d.scale == 1);
        check_info(path, SAMPLE_CS16, 2048000, NAN);
        assert_int_equal(read_all(path, out, N + 1), N);
        assert_memory_equal(in, out, sizeof in);
    }
}

/* A WAV as input goes into any other, and back. */
static void test_chain(void **state)
{
    static int16_t in[2000], out[2002];

    (void)state;
    for (int i = 0; i < 2000; i++)
        in[i] = (int16_t)(i * 31);
    put("a.sigmf-data", in, sizeof in);
    put_text("a.sigmf-meta", META("ci16_le", ""));
    export_ok("a.sigmf-meta", "o.wav", &wav);
    export_ok("o.wav", "p.flac", &flac);
    export_ok("p.flac", "q.wav", &wav);
    check_known("q.wav");
    assert_int_equal(read_all("q.wav", out, 1001), 1000);
    assert_memory_equal(in, out, sizeof in);
}

static void check_levels(float level, double scale, double scale_8)
{
    static float in[2000];
    static int16_t out[2002];
    struct export_done d;

    for (int i = 0; i < 2000; i++)
        in[i] = level * (float)sin(i * 0.1);
    put("a_250k.cf32", in, sizeof in);
    d = export_ok("a_250k.cf32", "o.wav", &wav);
    assert_true(d.scale == scale && d.clipped == 0);
    assert_int_equal(read_all("o.wav", out, 1001), 1000);
    for (int i = 0; i < 2000; i++)
        assert_true(fabs(out[i] - (double)in[i] * scale * 32768) <= 0.5);
    d = export_ok("a_250k.cf32", "o.cu8", &cu8);
    assert_true(d.scale == scale_8 && d.clipped == 0);
    unlink("o.wav");
    unlink("o.cu8");
}

static void test_levels(void **state)
{
    (void)state;
    check_levels(0.9f, 1, 1);
    check_levels(0.2f, 4, 1);
    check_levels(0.02f, 32, 32);
    check_levels(1e-6f, 524288, 524288);
    check_levels(1.5f, 0.5, 0.5);
    check_levels(500000, 0x1p-19, 0x1p-19);
}

static void test_rf64(void **state)
{
    const struct export_cfg cfg = { .format = EXPORT_WAV, .rf64_bytes = 4096 };
    static char in[4000];
    char bytes[4];
    FILE *f;

    (void)state;
    put("a.sigmf-data", in, sizeof in);
    put_text("a.sigmf-meta", META("cu8", ""));
    export_ok("a.sigmf-meta", "o.wav", &cfg);
    check_known("o.wav");
    f = fopen("o.wav", "rb");
    assert_non_null(f);
    assert_int_equal(fread(bytes, 1, 4, f), 4);
    fclose(f);
    assert_memory_equal(bytes, "RF64", 4);
}

static void test_gaps_and_warnings(void **state)
{
    static char in[2001];
    struct export_done d;

    (void)state;
    put("a.sigmf-data", in, sizeof in);
    put_text("a.sigmf-meta",
             META("cu8", ",{\"core:sample_start\":500,\"core:global_index\":"
                         "1600,\"fob:left_out\":1000}"));
    d = export_ok("a.sigmf-meta", "o.wav", &wav);
    assert_true(d.samples == 1000 && d.lost == 100 && d.left_out == 1000);
    assert_string_equal(d.warning.text,
                        "a.sigmf-data: 1 odd byte at the end left out");
    /* cut off, as a full disk leaves it */
    assert_int_equal(truncate("o.wav", 216 + 401), 0);
    d = export_ok("o.wav", "p.wav", &wav);
    assert_int_equal(d.samples, 100);
    assert_string_equal(d.warning.text, "o.wav: cut off: 401 of 4000 bytes of "
                                        "samples are there");
    check_known("p.wav");
}

static void test_never_overwrites(void **state)
{
    (void)state;
    put("a_250k.cu8", "0123456789", 10);
    put("o.wav", "mine", 4);
    export_fails("a_250k.cu8", "o.wav", &wav, -EEXIST,
                 "o.wav: exists already; nothing is overwritten");
    assert_int_equal(symlink("nowhere", "l.wav"), 0);
    export_fails("a_250k.cu8", "l.wav", &wav, -EEXIST,
                 "l.wav: exists already; nothing is overwritten");
    assert_false(is_there("nowhere"));
    assert_false(is_there("o.wav.part"));
    put("p.wav.part", "", 0);
    export_fails("a_250k.cu8", "p.wav", &wav, -EEXIST,
                 "p.wav.part: exists: it is being written, or was broken off "
                 "and can be deleted");
    assert_true(is_there("p.wav.part")); /* it is not ours */
    assert_false(is_there("p.wav"));
    export_fails("a_250k.cu8", "a_250k.cu8", &cu8, -EEXIST,
                 "a_250k.cu8: exists already; nothing is overwritten");
}

static void test_permissions(void **state)
{
    static const mode_t masks[] = { 0, 022, 0777 };
    struct stat st;

    (void)state;
    put("a_250k.cu8", "0123456789", 10);
    for (size_t i = 0; i < 3; i++) {
        const mode_t was = umask(masks[i]);

        export_ok("a_250k.cu8", "o.wav", &wav);
        umask(was);
        assert_int_equal(stat("o.wav", &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        assert_int_equal(st.st_nlink, 1);
        unlink("o.wav");
    }
}

static void test_faults(void **state)
{
    static char long_name[5000];
    struct err e;
    struct export_done d;

    (void)state;
    put("a_250k.cu8", "0123456789", 10);
    put_text("a.sub", "Filetype: Flipper SubGhz RAW File\nVersion: 1\n"
                      "Frequency: 433920000\nPreset: "
                      "FuriHalSubGhzPresetOok650Async\nProtocol: RAW\n"
                      "RAW_Data: 100 -200 300 -400\n");
    export_fails("a.sub", "o.wav", &wav, -EINVAL,
                 "a.sub: has pulses, no samples to export");
    export_fails("none_250k.cu8", "o.wav", &wav, -ENOENT,
                 "none_250k.cu8: does not exist");
    export_fails("a_250k.cu8", "none/o.wav", &wav, -ENOENT,
                 "none/o.wav: cannot be written: No such file or directory");
    assert_int_equal(mkdir("d", 0500), 0);
    if (geteuid() != 0) /* root writes anywhere */
        export_fails("a_250k.cu8", "d/o.wav", &wav, -EACCES,
                     "d/o.wav: cannot be written: Permission denied");
    memset(long_name, 'n', sizeof long_name - 1);
    assert_int_equal(export_write("a_250k.cu8", long_name, &wav, &d, &e),
                     -ENAMETOOLONG);
    memset(long_name + 253, 0, 1); /* there is room for no more than ".p" */
    assert_int_equal(export_write("a_250k.cu8", long_name, &wav, &d, &e),
                     -ENAMETOOLONG);
    assert_int_equal(mkfifo("p_250k.cu8", 0600), 0);
    FILE *hold = fopen("p_250k.cu8", "r+");
    assert_non_null(hold);
    fprintf(hold, "%65s", ""); /* enough to know what it is */
    fflush(hold);
    export_fails("p_250k.cu8", "o.wav", &wav, -EINVAL,
                 "p_250k.cu8: is a pipe; save to a file first");
    fclose(hold);
    assert_false(is_there("o.wav") || is_there("o.wav.part"));
}

static void test_stop(void **state)
{
    const volatile sig_atomic_t stop = 1;
    const struct export_cfg cfg = { .format = EXPORT_FLAC, .stop = &stop };

    (void)state;
    put("a_250k.cu8", "0123456789", 10);
    export_fails("a_250k.cu8", "o.flac", &cfg, -EINTR, "o.flac: stopped");
    assert_false(is_there("o.flac") || is_there("o.flac.part"));
}

/* No room on the disk for this or that many bytes. */
static void test_full_disk(void **state)
{
    static uint8_t in[20000];
    struct synth_random random = { 1 };

    (void)state;
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (uint8_t)synth_random_u64(&random);
    put("a_250k.cu8", in, sizeof in);
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t room = 0; room < 18000; room += 1 + room / 2) {
        for (int i = EXPORT_WAV; i <= EXPORT_CU8; i++) {
            const struct export_cfg cfg = { .format = (enum export_format)i };
            const struct rlimit some = { room, RLIM_INFINITY };
            const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
            struct export_done d;
            struct err e = { "" };
            int status;

            assert_int_equal(setrlimit(RLIMIT_FSIZE, &some), 0);
            status = export_write("a_250k.cu8", "o", &cfg, &d, &e);
            assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
            assert_true(status < 0);
            assert_memory_equal(e.text, "o: cannot be written: ", 22);
            assert_false(is_there("o") || is_there("o.part"));
        }
    }
}

static void check_name(const struct source_info *info, enum export_format f,
                       const char *id, const char *want)
{
    char text[EXPORT_NAME_MAX];
    struct source_facts facts;

    export_name(text, info, f, id);
    assert_string_equal(text, want);
    source_name_parse(text, &facts);
    if (isnan(info->centre_hz))
        assert_true(isnan(facts.centre_hz));
    else
        assert_true(facts.centre_hz == info->centre_hz);
    if (f == EXPORT_CU8)
        assert_true(facts.rate_hz == info->rate_hz && facts.type != NULL);
    else
        assert_true(isnan(facts.rate_hz));
}

static void test_names(void **state)
{
    struct source_info i = { .rate_hz = 2048000,
                             .centre_hz = 433920000,
                             .recorded_unix_s = 1774783620.9 };

    (void)state;
    check_name(&i, EXPORT_WAV, NULL, "fob_20260329_112700Z_433920000Hz_IQ.wav");
    check_name(&i, EXPORT_FLAC, "3f9a12bc01",
               "fob_20260329_112700Z_433920000Hz_3f9a12bc01_IQ.flac");
    check_name(&i, EXPORT_CU8, NULL, "fob_20260329T112700Z_433.92M_2048k.cu8");
    check_name(&i, EXPORT_CU8, "3f9a12bc01",
               "fob_20260329T112700Z_433.92M_2048k_3f9a12bc01.cu8");
    check_name(&i, EXPORT_CU8, "1234567890",
               "fob_20260329T112700Z_433.92M_2048k_1234567890.cu8");
    i.recorded_unix_s = NAN;
    check_name(&i, EXPORT_WAV, NULL, "fob_433920000Hz_IQ.wav");
    i.centre_hz = NAN;
    check_name(&i, EXPORT_WAV, NULL, "fob_IQ.wav");
    check_name(&i, EXPORT_WAV, "abcdefabcd", "fob_abcdefabcd_IQ.wav");
    check_name(&i, EXPORT_CU8, "12cdef34ab", "fob_2048k_12cdef34ab.cu8");
    i.centre_hz = 868.349123e6;
    i.rate_hz = 1e6;
    check_name(&i, EXPORT_CU8, NULL, "fob_868.349123M_1000k.cu8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_cu8),
        TEST(test_cs8),
        TEST(test_cs16_and_cf32),
        TEST(test_chain),
        TEST(test_levels),
        TEST(test_rf64),
        TEST(test_gaps_and_warnings),
        TEST(test_never_overwrites),
        TEST(test_permissions),
        TEST(test_faults),
        TEST(test_stop),
        TEST(test_full_disk),
        TEST(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
