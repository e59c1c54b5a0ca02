/* test_post_text - the block of text: what it says, and that it fits, whatever it is
 * given.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/src/posted.h"

/* clang-format off */
static const char alike[] =
    "Two key fobs, side by side                               fobscope 0.1.0\n"
    "========================================================================\n"
    "Both fobs transmit as they should and are of one family; they differ in\n"
    "what does not matter: carrier.\n"
    "so          If the car heeds one only, that is consistent with the other\n"
    "            not being registered, or out of step, and if it heeds\n"
    "            neither, with the car's receiver: the car's side is the\n"
    "            suspect.\n"
    "\n"
    "A           The fob transmits as it should. The generation cannot be\n"
    "            told from radio alone: nothing public documents either ...\n"
    "            8 presses, 8 with a frame: lock 4 of 4, unlock 4 of 4\n"
    "            433.92 MHz, carrier 433.930 MHz; OOK, PWM, chips of 400 us,\n"
    "            66 bits; Microchip HCS200, HCS300, HCS301 (KeeLoq)\n"
    "B           The fob transmits as it should. The generation cannot be\n"
    "            told from radio alone: nothing public documents either ...\n"
    "            8 presses, 8 with a frame: lock 4 of 4, unlock 4 of 4\n"
    "            433.92 MHz, carrier 433.971 MHz; OOK, PWM, chips of 400 us,\n"
    "            66 bits; Microchip HCS200, HCS300, HCS301 (KeeLoq)\n"
    "\n"
    "differs      A                 B                 B less A\n"
    "* carrier    433.9300 MHz      433.9710 MHz      +41.00 +- 0.034 kHz\n"
    "* it need not matter: two sound fobs may differ so\n"
    "the same    band 434 MHz; format Microchip-HCS200, 66 bits; modulation\n"
    "            ASK; line code pwm; frame 66 bits; level -20.0 dBFS; chip\n"
    "            (TE) 400.00 us; TE jitter 0.038 us; copy gap 50.0 TE; drift\n"
    "            0.00 kHz; sag 0.0 dB; buttons lock 4/4, unlock 4/4; code ...\n"
    "not tested  whether the car has learned each fob; whether each fob's\n"
    "            counter and the car's agree; the car's receiver; whether\n"
    "            both were recorded alike\n"
    "------------------------------------------------------------------------\n"
    "No serial, sticker, code or sample of a fob is in this. Receive only.\n";

static const char one[] =
    "A key fob                                                fobscope 0.1.0\n"
    "========================================================================\n"
    "Computed recordings: no fob was there.\n"
    "One button does not send, another does.\n"
    "\n"
    "car         MINI R53\n"
    "because     unlock was heard on 0 of 4 presses, lock on 4 of 4\n"
    "            4 presses at 433.930 MHz, 4 read for sure\n"
    "            the code of 4 presses was another each time\n"
    "heard       4 presses, 4 with a frame: lock 4 of 4, unlock 0 of 4\n"
    "what to do  the switch under that button\n"
    "\n"
    "it is       The generation cannot be told from radio alone: nothing\n"
    "            public documents either fob's frame. To settle it, say how\n"
    "            many buttons it has, whether its cell can be changed, ...\n"
    "as          1.9 to 1: hcs200: it has the shape of a known format, with\n"
    "            nothing to prove it\n"
    "it sends    433.92 MHz, carrier 433.930 MHz; OOK, PWM, chips of 400 us,\n"
    "            66 bits; Microchip HCS200, HCS300, HCS301 (KeeLoq)\n"
    "fields      32 rolling, 28 identity, 4 action, 1 status, 1 status (bits,\n"
    "            in the order sent)\n"
    "not tested  315 MHz; 868.35 MHz; whether the car has learned this fob;\n"
    "            whether the fob's counter and the car's agree; range\n"
    "------------------------------------------------------------------------\n"
    "No serial, sticker, code or sample of a fob is in this. Receive only.\n";
/* clang-format on */

static char *text_of(const struct post *p)
{
    char *text = NULL;
    size_t n;
    FILE *f = open_memstream(&text, &n);

    assert_non_null(f);
    post_text(f, p);
    assert_int_equal(fclose(f), 0);
    return text;
}

/* At most 40 lines of 72 printable ASCII characters, none blank at its end. */
static void check_form(const char *text)
{
    size_t lines = 0, column = 0;

    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\n') {
            assert_true(c == text || c[-1] != ' ');
            lines++;
            column = 0;
            continue;
        }
        assert_in_range((unsigned char)*c, 0x20, 0x7e);
        assert_in_range(++column, 1, POST_TEXT_COLUMNS);
    }
    assert_int_equal(column, 0);
    assert_in_range(lines, 5, POST_TEXT_LINES);
}

static void test_two_alike(void **state)
{
    struct compared_fob a = compared_fob(&protocol_hcs200), b = a;
    struct posted *x;
    char *text;

    (void)state;
    b.fob.serial = 0x5EED1;
    b.fob.carrier_hz += 41e3;
    x = posted_create(&a, &b, 2);
    text = text_of(&x->post);
    check_form(text);
    assert_string_equal(text, alike);
    free(text);
    posted_destroy(x);
}

static void test_one(void **state)
{
    struct compared_fob a = compared_fob(&protocol_hcs200);
    struct posted *x;
    char *text;

    (void)state;
    a.is_half_silent = true;
    x = posted_create(&a, &a, 1);
    x->post.fob[0].car = "MINI R53";
    x->post.is_synthetic = true;
    text = text_of(&x->post);
    check_form(text);
    assert_string_equal(text, one);
    free(text);
    posted_destroy(x);
}

/* Serials and codes are there when they are asked for, and only then. */
static void test_full(void **state)
{
    struct compared_fob a = compared_fob(&protocol_hcs200), b = a;
    struct posted *x;
    char serial[16];
    char *text;

    (void)state;
    a.fob.serial = 0x3D760BA;
    x = posted_create(&a, &b, 2);
    snprintf(serial, sizeof serial, "3D760BA");
    text = text_of(&x->post);
    assert_null(strstr(text, serial));
    assert_null(strstr(text, "NOT FOR POSTING"));
    assert_null(strstr(text, "hop"));
    free(text);
    x->post.is_full = true;
    text = text_of(&x->post);
    check_form(text);
    assert_non_null(strstr(text, serial));
    assert_non_null(strstr(text, "NOT FOR POSTING"));
    assert_non_null(strstr(text, "hop"));
    free(text);
    posted_destroy(x);
}

/* What an owner or a file says may be of any length, and any bytes. */
static void test_hostile(void **state)
{
    static const char *const cars[] = {
        "",
        " ",
        "M\xc3\xbcller's K\xc3\xa4"
        "fer",
        "\xff\xfe\x80\x80",
        "\x1b[31mred\x1b[0m\r\n\t",
        "\xe2\x80\xae"
        "drawkcab",
        "\xf0\x9f\x9a\x97 car",
        "cut off \xe2\x82",
    };
    struct compared_fob a = compared_fob(&protocol_hcs200), b = a;
    char longest[5000], words[3000];
    struct posted *x;

    (void)state;
    b.fob.serial = 0x5EED1;
    b.fob.carrier_hz = 315e6;
    b.is_half_silent = b.fob.is_frozen = b.fob.is_low = true;
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    for (size_t i = 0; i < sizeof words - 1; i++)
        words[i] = i % 7 == 6 ? ' ' : 'w';
    words[sizeof words - 1] = '\0';
    for (size_t n = 1; n <= 2; n++) {
        x = posted_create(&a, &b, n);
        for (size_t i = 0; i < sizeof cars / sizeof *cars + 2; i++)
            for (int is_full = 0; is_full < 2; is_full++) {
                char *text;

                x->post.fob[0].car = i < sizeof cars / sizeof *cars ? cars[i]
                                     : i % 2 == 0                   ? longest
                                                                    : words;
                x->post.is_full = is_full;
                x->post.is_synthetic = is_full;
                snprintf(x->side[0].sitting.prompt[0].button,
                         SITTING_BUTTON_MAX, "%.20s", x->post.fob[0].car);
                text = text_of(&x->post);
                check_form(text);
                free(text);
            }
        posted_destroy(x);
    }
}

/* A letter of several bytes is one '?'. */
static void test_utf8(void **state)
{
    struct compared_fob a = compared_fob(&protocol_hcs200);
    struct posted *x = posted_create(&a, &a, 1);
    char *text;

    (void)state;
    x->post.fob[0].car = "M\xc3\xbcller \xf0\x9f\x9a\x97.";
    text = text_of(&x->post);
    assert_non_null(strstr(text, "car         M?ller ?.\n"));
    free(text);
    posted_destroy(x);
}

/* Nothing was heard of either. */
static void test_nothing(void **state)
{
    struct compared_fob a = compared_fob(&protocol_hcs200);

    (void)state;
    a.is_unheard = true;
    for (size_t n = 1; n <= 2; n++) {
        struct posted *x = posted_create(&a, &a, n);
        char *text = text_of(&x->post);

        check_form(text);
        assert_non_null(strstr(text, "no frame was read"));
        assert_non_null(strstr(text, "not tested"));
        free(text);
        posted_destroy(x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_alike), cmocka_unit_test(test_one),
        cmocka_unit_test(test_full),      cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_utf8),      cmocka_unit_test(test_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
