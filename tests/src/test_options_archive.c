/* Commands of two words, and what is asked of the archive.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/options.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/options_table.h"
#include "src/options_words.h"
#include "tests/src/parsed.h"

static void test_commands(void **state)
{
    static const struct {
        const char *words;
        const struct cmd *cmd;
        size_t n_operands;
    } cases[] = {
        { "archive add a b", &cmd_archive_add, 2 },
        { "archive list", &cmd_archive_list, 0 },
        { "archive -- list", &cmd_archive_list, 0 },
        { "archive show 3f2 add", &cmd_archive_show, 2 },
        { "archive verify", &cmd_archive_verify, 0 },
        { "archive verify 3f2 --json 77a", &cmd_archive_verify, 2 },
        { "archive export --wav 3f2", &cmd_archive_export, 1 },
        { "archive forget 3f2", &cmd_archive_forget, 1 },
        { "archive purge --older 90d", &cmd_archive_purge, 0 },
        { "archive reindex", &cmd_archive_reindex, 0 },
        { "archive diff 3f2 77a", &cmd_archive_diff, 2 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct options o = parse_ok(cases[i].words);

        assert_int_equal(o.ask, ASK_RUN);
        assert_ptr_equal(o.cmd, cases[i].cmd);
        assert_null(o.group);
        assert_int_equal(o.n_operands, cases[i].n_operands);
    }
}

static void test_defaults(void **state)
{
    const struct options o = parse_ok("archive list");

    (void)state;
    assert_null(o.archive);
    assert_null(o.owner.label);
    assert_null(o.owner.car);
    assert_null(o.owner.buttons);
    assert_null(o.owner.sticker);
    assert_null(o.owner.note);
    assert_null(o.collection);
    assert_null(o.model);
    assert_null(o.fob);
    assert_null(o.verdict);
    assert_null(o.since);
    assert_null(o.until);
    assert_null(o.older);
    assert_false(o.is_cut || o.is_full || o.is_dry_run);
    assert_int_equal(o.export, EXPORT_TO_NONE);
}

static void check_owner(const struct owner_words *w)
{
    assert_string_equal(w->label, "key 2");
    assert_string_equal(w->car, "R53");
    assert_string_equal(w->buttons, "lock");
    assert_string_equal(w->sticker, "3FAC55");
    assert_string_equal(w->note, "");
}

#define OWNER "--label key~2 --car R53 --buttons lock --sticker 3FAC55 --note="

static void test_options_of_add(void **state)
{
    struct options o = parse_ok("archive add " OWNER " --archive dir a");

    (void)state;
    check_owner(&o.owner);
    assert_string_equal(o.archive, "dir");
    o = parse_ok("archive add --cut --pre 0.2 --post 0.3 --collection two~keys "
                 "-r 250k -f 433.92M --json a");
    assert_true(o.is_cut && o.pre_s == 0.2 && o.post_s == 0.3);
    assert_string_equal(o.collection, "two keys");
    assert_true(o.rate_hz == 250e3 && fabs(o.centre_hz - 433.92e6) < 1e-3);
    assert_int_equal(o.format, OUTPUT_JSON);
    o = parse_ok("capture " OWNER " --archive dir");
    check_owner(&o.owner);
    assert_string_equal(o.archive, "dir");
    assert_string_equal(parse_ok("decode --archive d a").archive, "d");
}

static void test_options_of_list(void **state)
{
    struct options o = parse_ok("archive list --label mini --model hcs --id "
                                "fob-0123abcd --band 433 --verdict proven");

    (void)state;
    assert_string_equal(o.owner.label, "mini");
    assert_string_equal(o.model, "hcs");
    assert_string_equal(o.fob, "fob-0123abcd");
    assert_string_equal(o.verdict, "proven");
    assert_int_equal(o.n_bands, 1);
    assert_true(o.band_hz[0] == 433.92e6);
    o = parse_ok("archive list --since 7d --until 2026-03-29T11:27Z --jsonl "
                 "--full -b 125k --verdict plausible");
    assert_string_equal(o.since, "7d");
    assert_string_equal(o.until, "2026-03-29T11:27Z");
    assert_string_equal(o.verdict, "plausible");
    assert_int_equal(o.format, OUTPUT_JSONL);
    assert_true(o.is_full && o.band_hz[0] == 125e3);
    assert_string_equal(parse_ok("archive list --verdict none").verdict,
                        "none");
}

static void test_options_of_the_others(void **state)
{
    struct options o = parse_ok("archive export 3f2 --sigmf --sigmf --full -o "
                                "x.sigmf");

    (void)state;
    assert_true(o.export == EXPORT_TO_SIGMF && o.is_full);
    assert_string_equal(o.output, "x.sigmf");
    assert_int_equal(parse_ok("archive export 3f2 --wav").export,
                     EXPORT_TO_WAV);
    assert_int_equal(parse_ok("archive export 3f2 --flac").export,
                     EXPORT_TO_FLAC);
    o = parse_ok("archive export 3f2 --cu8");
    assert_true(o.export == EXPORT_TO_CU8 && !o.is_plain);
    o = parse_ok("archive purge --older 6m --dry-run");
    assert_string_equal(o.older, "6m");
    assert_true(o.is_dry_run);
    assert_true(parse_ok("archive show --json --full 3f2").is_full);
    assert_true(parse_ok("archive diff --full 3f2 77a").is_full);
    assert_int_equal(parse_ok("archive diff --json 3f2 77a").format,
                     OUTPUT_JSON);
}

static void test_what_is_asked(void **state)
{
    static const struct {
        const char *words;
        enum ask ask;
        const struct cmd *cmd; /* NULL: the group */
    } cases[] = {
        { "archive", ASK_USAGE, NULL },
        { "archive --", ASK_USAGE, NULL },
        { "archive --help", ASK_HELP, NULL },
        { "archive -h list", ASK_HELP, NULL },
        { "archive help", ASK_HELP, NULL },
        { "archive help add", ASK_HELP, &cmd_archive_add },
        { "help archive", ASK_HELP, NULL },
        { "help archive --json", ASK_HELP, NULL },
        { "help archive add", ASK_HELP, &cmd_archive_add },
        { "archive add --help", ASK_HELP, &cmd_archive_add },
        { "archive diff -h 1", ASK_HELP, &cmd_archive_diff },
        { "archive purge --help", ASK_HELP, &cmd_archive_purge },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct options o = parse_ok(cases[i].words);

        assert_int_equal(o.ask, cases[i].ask);
        assert_ptr_equal(o.cmd, cases[i].cmd);
        assert_ptr_equal(o.group,
                         cases[i].cmd == NULL ? &options_groups[0] : NULL);
    }
}

#define NO_AGE                                                                 \
    ": not a date (2026-03-29, 2026-03-29T11:27Z) or an age (12h, 7d, 8w, "    \
    "6m, 1y)"

static void test_wrong_usage(void **state)
{
    static const struct {
        const char *words, *sentence;
    } cases[] = {
        { "archive lst",
          "unknown command \"archive lst\"; did you mean archive list?" },
        { "archive mend", "unknown command \"archive mend\"; \"fobscope help "
                          "archive\" lists them" },
        { "help archive ad",
          "unknown command \"archive ad\"; did you mean archive add?" },
        { "archive help shw",
          "unknown command \"archive shw\"; did you mean archive show?" },
        { "archve list", "unknown command \"archve\"; did you mean archive?" },
        { "list", "unknown command \"list\"; did you mean archive list?" },
        { "export --wav a",
          "unknown command \"export\"; did you mean archive export?" },
        { "archive~add a", "unknown command \"archive add\"; \"fobscope help\" "
                           "lists them" },
        { "archive --json list", "unknown option --json; --help lists them" },
        { "archive add", "archive add: no input; usage: fobscope archive add "
                         "FILE..." },
        { "archive show",
          "archive show: no ID; usage: fobscope archive show ID..." },
        { "archive forget",
          "archive forget: no ID; usage: fobscope archive forget ID..." },
        { "archive diff",
          "archive diff: no ID; usage: fobscope archive diff ID ID" },
        { "archive diff 1",
          "archive diff: 2 IDs, not 1; usage: fobscope archive diff ID ID" },
        { "archive diff 1 2 3",
          "archive diff: 2 IDs, not 3; usage: fobscope archive diff ID ID" },
        { "archive list 1", "archive list takes no \"1\"" },
        { "archive purge 1", "archive purge takes no \"1\"" },
        { "archive reindex 1", "archive reindex takes no \"1\"" },
        { "archive purge",
          "archive purge: how old? --older 90d, 6m, 1y, or a date" },
        { "archive purge --older 7", "--older 7" NO_AGE },
        { "archive purge --older 0d", "--older 0d: an age begins at 1d" },
        { "archive list --since soon", "--since soon" NO_AGE },
        { "archive list --until 2026-02-30",
          "--until 2026-02-30: there is no such day" },
        { "archive list --verdict maybe",
          "--verdict maybe: not one of proven, plausible, none" },
        { "archive list --verdict prove",
          "--verdict prove: not one of proven, plausible, none" },
        { "archive list --verdict=",
          "--verdict : not one of proven, plausible, none" },
        { "archive list --json --jsonl",
          "--jsonl: another output format was asked for" },
        { "archive list --archive=", "--archive: no name" },
        { "archive export 1 --wav --output=", "--output: no name" },
        { "archive export 1", "archive export: in which form? one of --wav, "
                              "--flac, --cu8, --sigmf" },
        { "archive export 1 --wav --cu8",
          "--cu8: another way to export was asked for" },
        { "archive export 1 --wav --full",
          "--full needs --sigmf: the other forms hold no words" },
        { "archive add a --pre 0.2",
          "--pre needs --cut: without it, all of a file is kept" },
        { "archive add a --post 0",
          "--post needs --cut: without it, all of a file is kept" },
        { "archive add a --labl x",
          "unknown option --labl; did you mean --label?" },
        { "archive add a --label \x1b[2J",
          "--label: a control character, at byte 1" },
        { "archive add a --car ab\x7f",
          "--car: a control character, at byte 3" },
        { "archive add a --collection \xc2\x9b",
          "--collection: a control character, at byte 1" },
        { "capture --note a\nb", "--note: a control character, at byte 2" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct options o = { .n_operands = 99 };
        struct err e = { .text = "" };

        if (parse(&o, cases[i].words, &e) != -EINVAL)
            fail_msg("%s was let through", cases[i].words);
        assert_string_equal(e.text, cases[i].sentence);
        assert_int_equal(o.n_operands, 99); /* untouched */
    }
}

/* As long as may be, in whatever encoding; and a byte more. */
static void test_long_words(void **state)
{
    char words[300] = "archive add a --note ";
    const size_t n = strlen(words);
    struct options o;
    struct err e;

    (void)state;
    memset(words + n, 0xe9, OWNER_WORD_MAX);
    assert_int_equal(strlen(parse_ok(words).owner.note), OWNER_WORD_MAX);
    words[n + OWNER_WORD_MAX] = 'x';
    assert_int_equal(parse(&o, words, &e), -EINVAL);
    assert_string_equal(e.text, "--note: 201 bytes, more than 200");
}

/* Each group has its text, stands in one place, and its summaries fit. */
static void test_table(void **state)
{
    unsigned sets = 0;
    size_t tops = 0;

    (void)state;
    for (size_t i = 0; options_commands[i] != NULL; i++) {
        const struct cmd *c = options_commands[i];
        const bool has_two = strchr(c->name, ' ') != NULL;
        const char *name, *summary;

        assert_in_range(strlen(c->summary), 1, 54);
        assert_int_equal(c->set & (c->set - 1), 0);
        assert_int_equal(sets & c->set, 0);
        sets |= c->set;
        assert_int_equal(options_words_group_of(c) != NULL, has_two);
        if (options_words_top(i, &name, &summary) && has_two)
            tops++;
    }
    assert_int_equal(tops, 1);
}

static void print_usage(FILE *out)
{
    options_group_usage(out, &options_groups[0]);
}

static void print_group(FILE *out)
{
    options_group_help(out, &options_groups[0]);
}

static void print_all(FILE *out)
{
    for (size_t i = 0; options_commands[i] != NULL; i++)
        options_help(out, options_commands[i]);
}

static void test_help_fits(void **state)
{
    static void (*const prints[])(FILE *) = { print_usage, print_group,
                                              print_all };

    (void)state;
    for (size_t i = 0; i < sizeof prints / sizeof *prints; i++) {
        char *text = text_of(prints[i]);

        check_lines(text);
        free(text);
    }
}

/* Lists, completions and manual page have every action of the group. */
static void test_nothing_is_left_out(void **state)
{
    static const struct {
        void (*print)(FILE *);
        const char *form;
    } cases[] = {
        { options_usage, " %s" },   { print_usage, "  %s" },
        { print_group, "  %s" },    { bash, "'archive %s '*)" },
        { zsh, "'archive %s '*)" }, { zsh, "'%s[" },
        { fish, " -a %s -d" },      { options_man, ".B fobscope archive %s\n" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = text_of(cases[i].print);

        for (size_t k = 0; options_commands[k] != NULL; k++) {
            const char *word = options_words_second(options_commands[k]);
            char wanted[64];

            if (word == NULL)
                continue;
            snprintf(wanted, sizeof wanted, cases[i].form, word);
            if (strstr(text, wanted) == NULL)
                fail_msg("no %s in:\n%s", wanted, text);
        }
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_options_of_add),
        cmocka_unit_test(test_options_of_list),
        cmocka_unit_test(test_options_of_the_others),
        cmocka_unit_test(test_what_is_asked),
        cmocka_unit_test(test_wrong_usage),
        cmocka_unit_test(test_long_words),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_help_fits),
        cmocka_unit_test(test_nothing_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
