/* test_source_name - what specs and file names say, and what they do not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "src/source_name.h"
#include "tests/src/opened.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_spec),
        TEST(test_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
