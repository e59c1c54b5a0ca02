/* The emulated dongle without libusb: registers, scenario, samples, pacing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "tests/dongle/script.h"

static const int64_t second = 1000000000;

static void to_demod(struct rtl2832 *r, unsigned page, unsigned address,
                     uint8_t x)
{
    assert_int_equal(rtl2832_write(r, (uint16_t)(address << 8 | 0x20),
                                   (uint16_t)(0x10 | page), &x, 1),
                     1);
}

static void to_tuner(struct rtl2832 *r, uint8_t address, uint8_t x)
{
    const uint8_t message[] = { address, x };

    assert_int_equal(rtl2832_write(r, 0x34, 0x610, message, 2), 2);
}

static void make_chip(struct rtl2832 *r, double ppm)
{
    const struct rtl2832_cfg cfg = { .ppm = ppm,
                                     .tuner.xtal_hz = 28.8e6,
                                     .vid = 0x0bda,
                                     .pid = 0x2838,
                                     .manufacturer = "a",
                                     .product = "b",
                                     .serial = "c" };

    rtl2832_init(r, &cfg);
    to_demod(r, 1, 0x01, 0x18);
}

/* 433.92 MHz and an IF of 3.57 MHz: 437.49 MHz times 8 is 57.6 MHz times
 * 60 + 49971 / 65536. */
static void tune(struct rtl2832 *r)
{
    to_tuner(r, 0x10, 2 << 5);
    to_tuner(r, 0x14, (60 - 13) / 4 | ((60 - 13) % 4) << 6);
    to_tuner(r, 0x12, 0x80);
    to_tuner(r, 0x16, 49971 >> 8);
    to_tuner(r, 0x15, 49971 & 255);
    /* -3.57e6 / 28.8e6 * 2^22 = -519919 */
    to_demod(r, 1, 0x19, (-519919 >> 16) & 0x3f);
    to_demod(r, 1, 0x1a, (-519919 >> 8) & 0xff);
    to_demod(r, 1, 0x1b, -519919 & 0xff);
    to_demod(r, 1, 0x15, 1);
}

static void registers_tune(void **state)
{
    struct rtl2832 r;

    (void)state;
    make_chip(&r, 25.0);
    tune(&r);
    assert_true(fabs(r82xx_lo_hz(&r.tuner) - 437.49e6) < 110.0);
    assert_true(fabs(rtl2832_nominal_hz(&r) - 433.92e6) < 120.0);
    assert_true(fabs(rtl2832_centre_hz(&r) - 433.92e6 * (1 + 25e-6)) < 120.0);
    assert_false(rtl2832_is_mirrored(&r));
    to_tuner(&r, 0x12, 0x88); /* without the fraction */
    assert_true(fabs(r82xx_lo_hz(&r.tuner) - 57.6e6 * 60 / 8) < 1.0);
}

static void registers_set_the_rate(void **state)
{
    struct rtl2832 r;

    (void)state;
    make_chip(&r, 0.0);
    assert_true(rtl2832_rate_hz(&r) == 0.0);
    /* 28.8e6 / 2.048e6 * 2^22 = 0x3840000; 28.8e6 / 250e3 * 2^22 has the bit
     * that counts twice. */
    to_demod(&r, 1, 0x9f, 0x03);
    to_demod(&r, 1, 0xa0, 0x84);
    assert_true(fabs(rtl2832_rate_hz(&r) - 2.048e6) < 1e-3);
    to_demod(&r, 1, 0x3e, 0x3c);
    to_demod(&r, 1, 0x3f, 0xb9); /* -839 / 2^24 are -50 ppm */
    assert_true(fabs(rtl2832_rate_hz(&r) / 2.048e6 - (1 - 50e-6)) < 1e-7);
    to_demod(&r, 1, 0x3e, 0);
    to_demod(&r, 1, 0x3f, 0);
    to_demod(&r, 1, 0x9f, 0x0c);
    to_demod(&r, 1, 0xa0, 0xcc);
    to_demod(&r, 1, 0xa1, 0xcc);
    to_demod(&r, 1, 0xa2, 0xcc);
    assert_true(fabs(rtl2832_rate_hz(&r) - 250e3) < 1e-3);
}

static void registers_set_the_gain(void **state)
{
    struct rtl2832 r;

    (void)state;
    make_chip(&r, 0.0);
    to_tuner(&r, 0x0c, 0x08);
    to_tuner(&r, 0x05, 0x10 | 8);
    to_tuner(&r, 0x07, 7);
    assert_true(fabs(r82xx_gain_db(&r.tuner) - 28.0) < 1e-9);
    to_tuner(&r, 0x05, 0x10 | 15);
    to_tuner(&r, 0x07, 14);
    assert_true(fabs(r82xx_gain_db(&r.tuner) - 49.6) < 1e-9);
    to_tuner(&r, 0x05, 0);
    to_tuner(&r, 0x07, 0x10);
    assert_true(fabs(r82xx_gain_db(&r.tuner) - 30.0) < 1e-9);
}

static void the_tuner_is_behind_the_repeater(void **state)
{
    struct rtl2832 r;
    uint8_t x[5] = { 0 };

    (void)state;
    make_chip(&r, 0.0);
    tune(&r);
    assert_int_equal(rtl2832_read(&r, 0x34, 0x600, x, 5), 5);
    assert_int_equal(x[0], 0x69);
    assert_int_equal(x[2] & 0x02, 0x02); /* lock, bit 6 turned round */
    assert_int_equal(rtl2832_read(&r, 0x74, 0x600, x, 1), RTL2832_STALL);
    to_demod(&r, 1, 0x01, 0x10);
    assert_int_equal(rtl2832_read(&r, 0x34, 0x600, x, 1), RTL2832_STALL);
    assert_int_equal(rtl2832_read(&r, 0xa0, 0x600, x, 2), 2);
    assert_int_equal(x[0], 0x28);
    assert_int_equal(rtl2832_read(&r, 0x2148, 0x300, x, 1), RTL2832_STALL);
}

static unsigned parse(struct script *s, const char *text, char why[256])
{
    char *copy = strdup(text);
    FILE *f = fmemopen(copy, strlen(copy), "r");

    assert_non_null(f);
    unsigned line = script_read(s, f, why, 256);
    fclose(f);
    free(copy);
    return line;
}

static void forget(struct script *s)
{
    for (size_t i = 0; i < s->air.n_emitters; i++)
        synth_free(&s->emitter[i].train);
    free(s);
}

static void a_scenario_is_read(void **state)
{
    struct script *s = calloc(1, sizeof *s);
    char why[256] = "";

    (void)state;
    assert_int_equal(
        parse(s,
              "# nothing\nspeed=0\nfifo=3M\nseed=5\nnoise dbfs=-40 # so much\n"
              "dc dbfs=none\ndongle product=\"Blog V4\" tuner=r828d "
              "xtal=28.8M ppm=-3.5 drop=50:1,200:3 unplug=9\n"
              "fob hcs200 freq=433.92M serial=C0FFEE button=2 hop=1 at=.5\n"
              "fob unknown manchester freq=315M te=290 bits=0101 every=1k\n"
              "fob princeton freq=433.9M code=5A1E3C hold=1\n"
              "carrier freq=1.7G for=2\n",
              why),
        0);
    assert_string_equal(why, "");
    assert_int_equal(s->n_dongles, 1);
    assert_string_equal(s->dongle[0].product, "Blog V4");
    assert_true(s->dongle[0].tuner.is_r828d);
    assert_true(s->dongle[0].tuner.xtal_hz == 28.8e6);
    assert_true(s->dongle[0].ppm == -3.5);
    assert_int_equal(s->dongle[0].stream.drop[1].first, 200);
    assert_int_equal(s->dongle[0].stream.unplug_after, 9);
    assert_int_equal(s->dongle[0].stream.fifo_samples, 3000000);
    assert_true(isinf(s->air.dc_dbfs));
    assert_int_equal(s->air.n_emitters, 4);
    assert_true(s->emitter[1].every_s == 1000.0);
    assert_true(fabs(s->emitter[1].seconds - 3 * 8 * 290e-6 - 2 * 9 * 290e-6) <
                1e-9);
    assert_true(s->emitter[2].seconds <= 1.0 && s->emitter[2].seconds > 0.9);
    assert_true(s->emitter[3].hz == 1.7e9 && s->emitter[3].seconds == 2.0);
    forget(s);
}

static void a_fault_has_its_line(void **state)
{
    static const char *const faults[] = {
        "carrier level=3\n",
        "carrier freq=433.92m\n",
        "dongle tuner=e4000\n",
        "dongle drop=3\n",
        "dongle serial=\"1\n",
        "fob nothing freq=1M\n",
        "fob hcs200 freq=1M colour=1\n",
        "fob hcs200 freq=1M button=z\n",
        "fob unknown manchester freq=1M\n",
        "fob hcs200 freq=1M waveform=9\n",
        "play there/is/none_250k.cu8 freq=1M\n",
        "noise dbfs=loud\n",
        "speed=-1\n",
        "fifo=-1\n",
        "hello\n",
    };
    struct script *s = calloc(1, sizeof *s);

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char text[256] = "\n\n", why[256] = "";
        strcat(text, faults[i]);
        assert_int_equal(parse(s, text, why), 3);
        assert_true(why[0] != '\0');
    }
    forget(s);
}

static const struct tuning usual = { .rate_hz = 1e6,
                                     .centre_hz = 433.92e6,
                                     .xtal_hz = 28.8e6,
                                     .gain_db = R82XX_REFERENCE_DB };

static struct air *air_of(struct script *s, const char *text)
{
    struct air *a = calloc(1, sizeof *a);
    char why[256] = "";

    assert_int_equal(parse(s, text, why), 0);
    air_init(a, &s->air);
    air_tune(a, &usual, 0);
    return a;
}

static double power_at(const uint8_t *p, size_t n, double cycles)
{
    double re = 0.0, im = 0.0;

    for (size_t i = 0; i < n; i++) {
        double x = p[2 * i] - 127.5, y = p[2 * i + 1] - 127.5;
        double angle = -6.283185307179586 * cycles * (double)i;
        re += x * cos(angle) - y * sin(angle);
        im += x * sin(angle) + y * cos(angle);
    }
    re /= (double)n * 127.5;
    im /= (double)n * 127.5;
    return 10.0 * log10(re * re + im * im + 1e-20);
}

#define MANY 40000

static void samples_do_not_depend_on_blocks(void **state)
{
    static uint8_t whole[2 * MANY], parts[2 * MANY];
    struct script *s = calloc(1, sizeof *s);
    struct air *a = air_of(s, "fob hcs200 freq=434M at=.001 button=1 hop=7\n"
                              "carrier freq=433.8M at=.01 for=.01\n"
                              "fob continental_kr5v2x freq=433.7M at=.004 "
                              "id=DECAFBAD button_code=3 encrypted=3C19E2B7\n");

    (void)state;
    air_fill(a, 3, whole, MANY);
    for (size_t at = 0, n = 1; at < MANY; at += n, n = n * 3 % 1009 + 1) {
        n = n < MANY - at ? n : MANY - at;
        air_fill(a, 3 + at, parts + 2 * at, n);
    }
    assert_memory_equal(whole, parts, sizeof whole);
    free(a);
    forget(s);
}

static void levels_are_as_asked(void **state)
{
    static uint8_t x[2 * MANY];
    struct script *s = calloc(1, sizeof *s);
    struct air *a = air_of(s, "dc dbfs=none\nnoise dbfs=-30\n"
                              "carrier freq=434.02M level=-20\n");
    struct tuning other = usual;
    double sum = 0.0, power = 0.0;

    (void)state;
    air_fill(a, 0, x, MANY);
    assert_true(fabs(power_at(x, MANY, 0.1) + 20.0) < 0.1);
    other.is_mirrored = true;
    other.gain_db -= 6.0;
    air_tune(a, &other, MANY);
    air_fill(a, MANY, x, MANY);
    assert_true(fabs(power_at(x, MANY, -0.1) + 26.0) < 0.1);
    other.centre_hz = 400e6;
    other.gain_db += 6.0;
    air_tune(a, &other, 2 * MANY);
    air_fill(a, 2 * MANY, x, MANY);
    for (size_t i = 0; i < sizeof x; i++) {
        sum += x[i];
        power += (x[i] - 127.5) * (x[i] - 127.5) / (127.5 * 127.5 * MANY);
    }
    assert_true(fabs(sum / sizeof x - 127.5) < 0.05);
    assert_true(fabs(10.0 * log10(power) + 30.0) < 0.2);
    free(a);
    forget(s);
}

/* 432 MHz are 15 times 28.8. */
static void the_crystal_is_heard(void **state)
{
    static uint8_t x[2 * MANY];
    struct script *s = calloc(1, sizeof *s);
    struct air *a = air_of(s, "spur dbfs=-25\ndc dbfs=-25\n");
    struct tuning near = usual;

    (void)state;
    near.centre_hz = 431.75e6;
    air_tune(a, &near, 0);
    air_fill(a, 0, x, MANY);
    assert_true(fabs(power_at(x, MANY, 0.25) + 25.0) < 0.3);
    assert_true(fabs(power_at(x, MANY, 0.0) + 25.0) < 0.3);
    free(a);
    forget(s);
}

static char told[4096];

static void tell(void *to, const char *format, ...)
{
    size_t n = strlen(told);
    va_list args;

    (void)to;
    va_start(args, format);
    vsnprintf(told + n, sizeof told - n, format, args);
    va_end(args);
    strcat(told, ";");
}

#define FLIGHT 4096

static struct flight flights[4];

/* Four flights at 1 MS/s, submitted at second 1. */
static struct stream *stream_of(struct air *a, struct stream_cfg cfg)
{
    static uint8_t buffers[4][2 * FLIGHT];
    struct stream *s = calloc(1, sizeof *s);
    struct tuning counting = usual;

    told[0] = '\0';
    counting.is_counting = true;
    cfg.journal = tell;
    stream_init(s, &cfg, a);
    stream_set(s, true, &counting, second);
    for (size_t i = 0; i < 4; i++) {
        flights[i] = (struct flight){ .buffer = buffers[i], .n = FLIGHT };
        stream_submit(s, &flights[i], second);
    }
    return s;
}

static void samples_come_in_their_time(void **state)
{
    struct script *script = calloc(1, sizeof *script);
    struct air *a = air_of(script, "");
    struct stream *s =
        stream_of(a, (struct stream_cfg){ .speed = 1.0, .fifo_samples = 2048 });
    const int64_t each = FLIGHT * 1000; /* ns */

    (void)state;
    assert_null(stream_ready(s, second + each - 2000));
    assert_true(llabs(stream_next_ns(s) - second - each) < 10);
    assert_ptr_equal(stream_ready(s, second + each + 10), &flights[0]);
    assert_int_equal(flights[0].end, FLIGHT_FULL);
    assert_int_equal(flights[0].buffer[511], 255);
    assert_null(stream_ready(s, second + each + 10));
    /* Late, but the others are full and the FIFO holds. */
    for (size_t i = 1; i < 4; i++)
        assert_ptr_equal(stream_ready(s, second + 4 * each + 1000000),
                         &flights[i]);
    stream_submit(s, &flights[0], second + 4 * each + 1000000);
    assert_ptr_equal(stream_ready(s, second + 9 * each), &flights[0]);
    assert_string_equal(told, "");
    /* Later than that: what does not fit in the FIFO is gone. */
    stream_submit(s, &flights[0], second + 5 * each + 10048 * 1000);
    assert_ptr_equal(stream_ready(s, second + 99 * each), &flights[0]);
    assert_string_equal(told, "overrun samples=8000 at=20480;");
    free(s);
    free(a);
    forget(script);
}

static void a_large_fifo_loses_nothing(void **state)
{
    struct script *script = calloc(1, sizeof *script);
    struct air *a = air_of(script, "");
    struct stream *s = stream_of(
        a, (struct stream_cfg){ .speed = 1.0, .fifo_samples = 10000000 });
    const int64_t late = 9 * second; /* the four were full long ago */

    (void)state;
    for (size_t i = 0; i < 40; i++) {
        struct flight *f = stream_ready(s, late);
        assert_ptr_equal(f, &flights[i % 4]);
        assert_int_equal(f->from, i * FLIGHT);
        stream_submit(s, f, late);
    }
    assert_string_equal(told, "");
    free(s);
    free(a);
    forget(script);
}

static void transfers_are_lost_as_asked(void **state)
{
    struct script *script = calloc(1, sizeof *script);
    struct air *a = air_of(script, "");
    struct stream *s =
        stream_of(a, (struct stream_cfg){
                         .error = 2, .drop = { { 3, 2 } }, .unplug_after = 3 });

    (void)state;
    assert_ptr_equal(stream_ready(s, 0), &flights[0]);
    assert_ptr_equal(stream_ready(s, 0), &flights[1]);
    assert_int_equal(flights[1].end, FLIGHT_ERROR);
    assert_ptr_equal(stream_ready(s, 0), &flights[2]);
    assert_ptr_equal(stream_ready(s, 0), &flights[3]);
    assert_int_equal(flights[3].end, FLIGHT_GONE);
    assert_string_equal(told, "error samples=4096 at=4096;"
                              "dropped samples=8192 at=8192;"
                              "unplugged at=20480;");
    free(s);
    free(a);
    forget(script);
}

static void what_is_cancelled_costs_no_samples(void **state)
{
    struct script *script = calloc(1, sizeof *script);
    struct air *a = air_of(script, "");
    struct stream *s = stream_of(a, (struct stream_cfg){ .stall_after = 1 });

    (void)state;
    assert_ptr_equal(stream_ready(s, 0), &flights[0]);
    assert_null(stream_ready(s, 0));
    assert_true(stream_next_ns(s) == INT64_MAX);
    for (size_t i = 1; i < 4; i++) {
        flights[i].is_cancelled = true;
        assert_ptr_equal(stream_ready(s, 0), &flights[i]);
        assert_int_equal(flights[i].end, FLIGHT_CANCELLED);
    }
    stream_submit(s, &flights[1], 0);
    assert_int_equal(flights[1].from, FLIGHT);
    free(s);
    free(a);
    forget(script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_tune),
        cmocka_unit_test(registers_set_the_rate),
        cmocka_unit_test(registers_set_the_gain),
        cmocka_unit_test(the_tuner_is_behind_the_repeater),
        cmocka_unit_test(a_scenario_is_read),
        cmocka_unit_test(a_fault_has_its_line),
        cmocka_unit_test(samples_do_not_depend_on_blocks),
        cmocka_unit_test(levels_are_as_asked),
        cmocka_unit_test(the_crystal_is_heard),
        cmocka_unit_test(samples_come_in_their_time),
        cmocka_unit_test(a_large_fifo_loses_nothing),
        cmocka_unit_test(transfers_are_lost_as_asked),
        cmocka_unit_test(what_is_cancelled_costs_no_samples),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
