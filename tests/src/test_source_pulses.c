/* test_source_pulses - Flipper .sub and rtl_433 pulse data.
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
#include <string.h>

#include "src/source.h"
#include "tests/src/opened.h"

enum { PULSES_ROOM = 4096 };

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_sub),
        TEST(test_sub_faults),
        TEST(test_sub_custom_preset),
        TEST(test_ook),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
