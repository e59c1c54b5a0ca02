/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/options.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/src/parsed.h"

static void test_defaults(void **state)
{
    struct options o = parse_ok("decode a.cu8");

    (void)state;
    assert_int_equal(o.ask, ASK_RUN);
    assert_ptr_equal(o.cmd, &cmd_decode);
    assert_int_equal(o.format, OUTPUT_TABLE);
    assert_false(o.is_every || o.is_all || o.has_bursts || o.has_summary ||
                 o.has_chips || o.has_pulses || o.has_bits);
    assert_true(o.rate_hz == 0);
    assert_true(isnan(o.centre_hz));
    assert_int_equal(o.block_samples, 65536);
    assert_null(o.output);
    assert_int_equal(o.n_operands, 1);
    assert_string_equal(o.operands[0], "a.cu8");
}

/* Options may come behind files; "--" ends them. */
static void test_every_option(void **state)
{
    struct options o = parse_ok("decode a --jsonl --every --all --bursts "
                                "--summary --chips -r 250k -o out b --");

    (void)state;
    assert_int_equal(o.format, OUTPUT_JSONL);
    assert_true(o.is_every && o.is_all && o.has_bursts && o.has_summary &&
                o.has_chips);
    assert_false(o.has_pulses || o.has_bits);
    assert_true(o.rate_hz == 250e3);
    assert_string_equal(o.output, "out");
    assert_int_equal(o.n_operands, 2);
    assert_string_equal(o.operands[1], "b");

    o = parse_ok("decode --pulses --bits --freq=433.92M --block-size 1 -- "
                 "--all");
    assert_true(o.has_pulses && o.has_bits);
    assert_false(o.is_all);
    assert_true(fabs(o.centre_hz - 433.92e6) < 1e-3);
    assert_int_equal(o.block_samples, 1);
    assert_string_equal(o.operands[0], "--all");
    assert_int_equal(parse_ok("decode --json -").format, OUTPUT_JSON);
    assert_int_equal(parse_ok("decode --csv -").format, OUTPUT_CSV);
}

static void test_numbers(void **state)
{
    static const struct {
        const char *words;
        double rate_hz;
    } cases[] = {
        { "decode -r 20000 a", 20e3 },    { "decode -r 1e6 a", 1e6 },
        { "decode -r 2.4M a", 2.4e6 },    { "decode -r61.44M a", 61.44e6 },
        { "decode -r .25M a", 0.25e6 },   { "decode -r 0.001024G a", 1.024e6 },
        { "decode --rate=250k a", 25e4 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double got = parse_ok(cases[i].words).rate_hz;

        assert_true(fabs(got - cases[i].rate_hz) < 1e-3);
    }
}

static void test_bands(void **state)
{
    static const struct {
        const char *words;
        size_t n;
        double hz[3];
    } cases[] = {
        { "listen", 0, { 0 } },
        { "listen --band all", 3, { 315e6, 433.92e6, 868.35e6 } },
        { "listen --band 868", 1, { 868.35e6 } },
        { "capture -b 433,390M,315", 3, { 433.92e6, 390e6, 315e6 } },
        { "listen -b 434.4,868.0", 2, { 434.4e6, 868e6 } },
        { "listen -b 315 -b 433", 1, { 433.92e6 } }, /* the last word holds */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct options o = parse_ok(cases[i].words);

        assert_int_equal(o.n_bands, cases[i].n);
        for (size_t k = 0; k < o.n_bands; k++)
            assert_true(fabs(o.band_hz[k] - cases[i].hz[k]) < 1e-3);
    }
}

static void test_receiver(void **state)
{
    struct options o = parse_ok("listen");

    (void)state;
    assert_true(isnan(o.gain_db) && isnan(o.centre_hz));
    assert_true(o.ppm == 0 && o.seconds == 0);
    assert_null(o.device);
    assert_false(o.is_reconnecting || o.is_verbose);
    o = parse_ok("listen -d :0042 -g 25.4 -p -37 -T 0.5 --reconnect -v");
    assert_string_equal(o.device, ":0042");
    assert_true(o.gain_db == 25.4 && o.ppm == -37 && o.seconds == 0.5);
    assert_true(o.is_reconnecting && o.is_verbose);
    assert_true(isnan(parse_ok("listen -g 3 -g auto").gain_db));
    o = parse_ok("capture --pre 0.2 --post 0 -n 3 --cu8 -o folder");
    assert_true(o.pre_s == 0.2 && o.post_s == 0 && o.count == 3 && o.is_plain);
    assert_ptr_equal(parse_ok("doctor --json -d rtl_tcp:a:1").cmd, &cmd_doctor);
}

static void test_what_is_asked(void **state)
{
    struct options o = parse_ok("help decode");

    (void)state;
    assert_int_equal(o.ask, ASK_HELP);
    assert_ptr_equal(o.cmd, &cmd_decode);
    o = parse_ok("demo --help");
    assert_int_equal(o.ask, ASK_HELP);
    assert_ptr_equal(o.cmd, &cmd_demo);
    o = parse_ok("--help");
    assert_int_equal(o.ask, ASK_HELP);
    assert_null(o.cmd);
    assert_null(parse_ok("help").cmd);
    assert_int_equal(parse_ok("").ask, ASK_USAGE);
    assert_int_equal(parse_ok("-V").ask, ASK_VERSION);
    assert_int_equal(parse_ok("--generate-man").ask, ASK_MAN);
    o = parse_ok("--generate-completion zsh");
    assert_int_equal(o.ask, ASK_COMPLETION);
    assert_string_equal(o.shell, "zsh");
    assert_ptr_equal(parse_ok("demo").cmd, &cmd_demo);
}

static void test_wrong_usage(void **state)
{
    static const struct {
        const char *words, *sentence;
    } cases[] = {
        { "decod a", "unknown command \"decod\"; did you mean decode?" },
        { "demos", "unknown command \"demos\"; did you mean demo?" },
        { "transmit",
          "unknown command \"transmit\"; \"fobscope help\" lists them" },
        { "help decoed", "unknown command \"decoed\"; did you mean decode?" },
        { "--jsonl decode a", "unknown option --jsonl; --help lists them" },
        { "decode --jsnl a", "unknown option --jsnl; did you mean --jsonl?" },
        { "decode --sumary=1 a",
          "unknown option --sumary; did you mean --summary?" },
        { "decode --quietly a", "unknown option --quietly; --help lists them" },
        { "decode -z a", "unknown option -z; --help lists them" },
        { "decode -\x01 a", "unknown option -\\x01; --help lists them" },
        { "decode -\xff a", "unknown option -\\xff; --help lists them" },
        { "decode a --rate", "--rate needs a value: --rate HZ" },
        { "decode a -o", "--output needs a value: --output FILE" },
        { "decode --json=yes a", "--json takes no value" },
        { "decode --json --csv a",
          "--csv: another output format was asked for" },
        { "decode", "decode: no input; usage: fobscope decode FILE..." },
        { "demo a", "demo takes no \"a\"" },
        { "decode --csv --pulses a",
          "--csv has no room for --pulses; use --jsonl" },
        { "decode -r 1k a", "--rate 1k: not within 20000 and 61440000" },
        { "decode -r 62M a", "--rate 62M: not within 20000 and 61440000" },
        { "decode -r nan a", "--rate nan: not a number" },
        { "decode -r inf a", "--rate inf: not a number" },
        { "decode -r 0x1p20 a", "--rate 0x1p20: not a number" },
        { "decode -r 250kk a", "--rate 250kk: not a number" },
        { "decode -r -250k a", "--rate -250k: not a number" },
        { "decode -r 1e999 a", "--rate 1e999: not a number" },
        { "decode -f x a", "--freq x: not a number" },
        { "decode --block-size 0 a",
          "--block-size 0: not within 1 and 4194304" },
        { "decode --block-size 4194305 a",
          "--block-size 4194305: not within 1 and 4194304" },
        { "decode --block-size 1.5 a", "--block-size 1.5: not a whole number" },
        { "capture --cu8", "--cu8 needs --output FOLDER: the archive keeps "
                           "SigMF pairs" },
        { "capture --archive a -o b",
          "--archive and --output: one of them is enough" },
        { "capture --label x -o b", "--label is for the archive, and --output "
                                    "is not: leave one of them out" },
        { "capture --note x -o b", "--note is for the archive, and --output "
                                   "is not: leave one of them out" },
        { "listen a", "listen takes no \"a\"" },
        { "listen --band", "--band needs a value: --band BANDS" },
        { "listen --band ,", "--band : not a number" },
        { "listen --band 315,", "--band : not a number" },
        { "listen --band fm", "--band fm: not a number" },
        { "listen --band 2.4G", "--band 2.4G: not within 24000000 and "
                                "1766000000" },
        { "listen --band 1,2,3,4,5,6,7,8,9", "--band 1: not within 24000000 "
                                             "and 1766000000" },
        { "listen --band 31,32,33,34,35,36,37,38,39",
          "--band: more than 8 of them" },
        { "listen --band 315 --freq 433.92M",
          "--band and --freq: one of them is enough" },
        { "listen --gain loud", "--gain loud: not a number" },
        { "listen --gain -1", "--gain -1: not within 0 and 60" },
        { "listen --gain 2k", "--gain 2k: not a number" },
        { "listen --ppm --", "--ppm --: not a number" },
        { "listen --ppm 1e2", "--ppm 1e2: not a number" },
        { "listen --ppm 1.5", "--ppm 1.5: not a whole number" },
        { "listen --ppm 201", "--ppm 201: not within -200 and 200" },
        { "listen --count 3", "unknown option --count; --help lists them" },
        { "capture --count 0", "--count 0: not within 1 and 1000000" },
        { "capture --pre 1", "--pre 1: not within 0 and 0.5" },
        { "--generate-completion tcsh",
          "--generate-completion tcsh: not one of bash, zsh, fish" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct options o = { .n_operands = 99 };
        struct err e = { .text = "" };

        assert_int_equal(parse(&o, cases[i].words, &e), -EINVAL);
        assert_string_equal(e.text, cases[i].sentence);
        assert_int_equal(o.n_operands, 99); /* untouched */
    }
}

/* argv may be empty: execve allows it. */
static void test_no_arguments_at_all(void **state)
{
    char *argv[] = { NULL };
    struct options o;
    struct err e;

    (void)state;
    assert_int_equal(options_parse(&o, 0, argv, &e), 0);
    assert_int_equal(o.ask, ASK_USAGE);
}

static void help_program(FILE *out)
{
    options_help(out, NULL);
}

static void help_decode(FILE *out)
{
    options_help(out, &cmd_decode);
}

static void test_help_fits(void **state)
{
    static void (*const prints[])(FILE *) = { options_usage, help_program,
                                              help_decode };

    (void)state;
    for (size_t i = 0; i < sizeof prints / sizeof *prints; i++) {
        char *text = text_of(prints[i]);

        check_lines(text);
        free(text);
    }
}

/* Help, man page and completions all have every option and command. */
static void test_nothing_is_left_out(void **state)
{
    static const char *const names[] = { "jsonl", "every", "block-size",
                                         "output", "summary" };
    static void (*const prints[])(FILE *) = { help_decode, options_man, bash,
                                              zsh, fish };

    (void)state;
    for (size_t i = 0; i < sizeof prints / sizeof *prints; i++) {
        char *text = text_of(prints[i]);

        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            char plain[32], roff[32] = "block\\-size";

            snprintf(plain, sizeof plain, "%s", names[k]);
            assert_true(strstr(text, plain) != NULL ||
                        strstr(text, roff) != NULL);
        }
        assert_null(strstr(text, "generate")); /* hidden */
        free(text);
    }
    assert_int_equal(options_completion(stdout, "tcsh"), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_every_option),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_bands),
        cmocka_unit_test(test_receiver),
        cmocka_unit_test(test_what_is_asked),
        cmocka_unit_test(test_wrong_usage),
        cmocka_unit_test(test_no_arguments_at_all),
        cmocka_unit_test(test_help_fits),
        cmocka_unit_test(test_nothing_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
