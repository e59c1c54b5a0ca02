/* test_identify_options - what the owner says of a fob, by options, by what was kept,
 * and when asked.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/src/parsed.h"

#include <errno.h>
#include <stdlib.h>

#include "src/identify_options.h"
#include "tests/src/typed.h"

static struct identify_owner owner;
static struct err why;

enum { LABEL, CAR, BUTTONS, STICKER, NOTE };

/* By a command line. */
static int take(const char *words, const struct check_files *kept)
{
    char line[256];
    struct options o;

    snprintf(line, sizeof line, "identify %s%sx.cu8", words,
             *words != '\0' ? " " : "");
    o = parse_ok(line);
    memset(&owner, 0x5a, sizeof owner);
    why.text[0] = '\0';
    return identify_options_take(&owner, &o, kept, &why);
}

static void takes(const char *words, const struct check_files *kept)
{
    if (take(words, kept) != 0)
        fail_msg("%s: %s", words, why.text);
}

static void refuses(const char *words, const char *says)
{
    assert_int_equal(take(words, NULL), -EINVAL);
    if (strstr(why.text, says) == NULL)
        fail_msg("%s: \"%s\", without \"%s\"", words, why.text, says);
}

static struct check_files kept(size_t word, const char *text)
{
    struct check_files c = { .n = 1 };

    snprintf(c.owner[word], sizeof c.owner[word], "%s", text);
    return c;
}

static void nothing_said(void **state)
{
    const struct check_files none = { .n = 1 };

    (void)state;
    for (int i = 0; i < 2; i++) {
        takes("", i == 0 ? NULL : &none);
        assert_int_equal(owner.buttons, 0);
        assert_int_equal(owner.cell, CELL_UNKNOWN);
        assert_false(owner.has_sticker || owner.has_no_sticker);
        assert_null(owner.car);
        assert_null(owner.market);
        assert_null(owner.fcc);
        assert_int_equal(owner.built_year, 0);
        assert_int_equal(owner.built_month, 0);
    }
}

static void all_said(void **state)
{
    (void)state;
    takes("--buttons lock,unlock --cell coin --car MINI~R53 --market us --fcc "
          "LX8FZV --built 2004-03",
          NULL);
    assert_int_equal(owner.buttons, 2);
    assert_int_equal(owner.cell, CELL_COIN);
    assert_string_equal(owner.car, "MINI R53");
    assert_string_equal(owner.market, "us");
    assert_string_equal(owner.fcc, "LX8FZV");
    assert_int_equal(owner.built_year, 2004);
    assert_int_equal(owner.built_month, 3);
    takes("--cell sealed --sticker 3FAC55", NULL);
    assert_true(owner.has_sticker && !owner.has_no_sticker);
    assert_int_equal(owner.sticker.code[0].value, 0x3fac55);
    assert_int_equal(owner.cell, CELL_SEALED);
}

static void months(void **state)
{
    static const struct {
        const char *text;
        unsigned year, month; /* 0: refused */
    } rows[] = {
        { "2004-03", 2004, 3 },
        { "2004-3", 2004, 3 },
        { "2004", 2004, 0 },
        { "1990", 1990, 0 },
        { "2100-12", 2100, 12 },
        { "2001-01", 2001, 1 },
        { "1989", 0, 0 },
        { "2101", 0, 0 },
        { "2004-00", 0, 0 },
        { "2004-13", 0, 0 },
        { "2004-", 0, 0 },
        { "2004-003", 0, 0 },
        { "2004-3x", 0, 0 },
        { "2004x", 0, 0 },
        { "04-03", 0, 0 },
        { "20043", 0, 0 },
        { "02004", 0, 0 },
        { "+2004", 0, 0 },
        { "2004-+3", 0, 0 },
        { "2004--3", 0, 0 },
        { "2004-~3", 0, 0 },
        { "2004-03-01", 0, 0 },
        { "March", 0, 0 },
        { "2004/03", 0, 0 },
        { "99999999999999999999", 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char words[64];

        snprintf(words, sizeof words, "--built %s", rows[i].text);
        if (rows[i].year == 0) {
            refuses(words, "--built");
            assert_non_null(strstr(why.text, "not a month such as 2004-03"));
            continue;
        }
        takes(words, NULL);
        assert_int_equal(owner.built_year, rows[i].year);
        assert_int_equal(owner.built_month, rows[i].month);
    }
}

static void buttons(void **state)
{
    static const struct {
        const char *text;
        unsigned n;
    } rows[] = {
        { "2", 2 },
        { "9", 9 },
        { "lock,unlock,boot", 3 },
        { "lock,~unlock", 2 },
        { "lock", 1 },
        { "3~buttons", 3 },
    };
    char words[64];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(words, sizeof words, "--buttons %s", rows[i].text);
        takes(words, NULL);
        assert_int_equal(owner.buttons, rows[i].n);
    }
    refuses("--buttons 0", "--buttons 0: not a number from 1 to 9");
    refuses("--buttons 10", "not a number from 1 to 9");
    refuses("--buttons 400", "400");
    refuses("--buttons a,b,c,d,e,f,g,h,i,j", "not names such as lock,unlock");
}

static void stickers(void **state)
{
    (void)state;
    takes("--sticker none", NULL);
    assert_true(owner.has_no_sticker && !owner.has_sticker);
    takes("--sticker FFFFFFFF40E4D1~R", NULL); /* a line of a label */
    assert_true(owner.has_sticker);
    assert_int_equal(owner.sticker.check, STICKER_CHECK_RIGHT);
    refuses("--sticker nothing", "--sticker");
    assert_false(owner.has_sticker || owner.has_no_sticker);
    refuses("--sticker 3FAC5", "--sticker");
}

static void what_was_kept(void **state)
{
    struct check_files c;

    (void)state;
    c = kept(CAR, "MINI R50 2003");
    takes("", &c);
    assert_string_equal(owner.car, "MINI R50 2003");
    takes("--car BMW~E46", &c); /* an option goes before it */
    assert_string_equal(owner.car, "BMW E46");
    c = kept(BUTTONS, "lock,unlock");
    takes("", &c);
    assert_int_equal(owner.buttons, 2);
    takes("--buttons 3", &c);
    assert_int_equal(owner.buttons, 3);
    c = kept(STICKER, "3FAC55");
    takes("", &c);
    assert_true(owner.has_sticker);
    takes("--sticker none", &c);
    assert_true(owner.has_no_sticker && !owner.has_sticker);
    c = kept(STICKER, "none");
    takes("", &c);
    assert_true(owner.has_no_sticker && !owner.has_sticker);
    c = kept(STICKER, "under the cell, illegible"); /* any words */
    takes("", &c);
    assert_false(owner.has_sticker || owner.has_no_sticker);
    c = kept(LABEL, "good key"); /* and what is none of these */
    takes("", &c);
    assert_null(owner.car);
    assert_int_equal(owner.buttons, 0);
}

/* What was kept with a recording may be any words of buttons too: what does not count
 * them is not said, and no option is blamed that nobody gave. */
static void any_words_of_buttons(void **state)
{
    static const char *const texts[] = {
        "0",
        "12",
        "2004 key, see note",
        ("two of them, the boot one is worn and does "
         "not click as it should do"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct check_files c = kept(BUTTONS, texts[i]);

        takes("", &c);
        assert_int_equal(owner.buttons, 0);
    }
}

static const volatile sig_atomic_t going = 0, stopped = 1;

static void nobody_to_ask(void **state)
{
    struct options o = parse_ok("identify");
    struct identify_answers a;
    struct typed t;

    (void)state;
    typed_file(&t, "lock\ncoin\nnone\nMINI\n2004\n");
    identify_options_ask(&o, &a, &going);
    typed_end(&t);
    assert_string_equal(t.said, "");
    assert_null(o.owner.buttons);
    assert_null(o.cell);
    assert_null(o.owner.sticker);
    assert_null(o.owner.car);
    assert_null(o.built);
}

static bool ask(struct options *o, struct identify_answers *a,
                const char *typed, char said[4096])
{
    struct typed t;

    memset(a, 'x', sizeof *a);
    if (!typed_terminal(&t, typed))
        return false;
    identify_options_ask(o, a, &going);
    typed_end(&t);
    memcpy(said, t.said, sizeof t.said);
    return true;
}

static void all_answered(void **state)
{
    struct options o = parse_ok("identify");
    struct identify_answers a;
    char said[4096];
    struct err e = { "" };

    (void)state;
    if (!ask(&o, &a, "lock,boot\nsealed\n3FAC55\nMINI R53\n2004-03\n", said))
        skip();
    assert_string_equal(o.owner.buttons, "lock,boot");
    assert_string_equal(o.cell, "sealed");
    assert_string_equal(o.owner.sticker, "3FAC55");
    assert_string_equal(o.owner.car, "MINI R53");
    assert_string_equal(o.built, "2004-03");
    assert_int_equal(identify_options_take(&owner, &o, NULL, &e), 0);
    assert_int_equal(owner.buttons, 2);
    assert_int_equal(owner.cell, CELL_SEALED);
    assert_true(owner.has_sticker);
    assert_int_equal(owner.built_month, 3);
}

static void nothing_answered(void **state)
{
    static const char *const typed[] = { "\n\n\n\n\n", " \n \n \n \n \n",
                                         "\004\004\004\004\004" };

    (void)state;
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        struct options o = parse_ok("identify");
        struct identify_answers a;
        char said[4096];

        if (!ask(&o, &a, typed[i], said))
            skip();
        assert_null(o.owner.buttons);
        assert_null(o.cell);
        assert_null(o.owner.sticker);
        assert_null(o.owner.car);
        assert_null(o.built);
        assert_non_null(strstr(said, "How many buttons has it?"));
        assert_int_equal(strstr(said, "a sealed shell?") != NULL,
                         typed[i][0] != '\004'); /* nobody is there */
    }
}

static unsigned count(const char *text, const char *what)
{
    unsigned n = 0;

    for (; (text = strstr(text, what)) != NULL; text++)
        n++;
    return n;
}

/* What cannot be used is asked for again. */
static void asked_again(void **state)
{
    struct options o = parse_ok("identify");
    struct identify_answers a;
    char said[4096];

    (void)state;
    if (!ask(&o, &a, "0\n12\n3\nwhat?\n Coin\n3FAC5\n3FAC55\nMINI\nMay\n2004\n",
             said))
        skip();
    assert_string_equal(o.owner.buttons, "3");
    assert_string_equal(o.cell, "coin");
    assert_string_equal(o.owner.sticker, "3FAC55");
    assert_string_equal(o.owner.car, "MINI");
    assert_string_equal(o.built, "2004");
    assert_int_equal(count(said, "How many buttons has it?"), 3);
    assert_int_equal(count(said, "not a number from 1 to 9"), 2);
    assert_int_equal(count(said, "a sealed shell?"), 2);
    assert_int_equal(count(said, "The code on a sticker"), 2);
    assert_int_equal(count(said, "The car"), 1);
    assert_int_equal(count(said, "not a month"), 1);
}

/* Nothing else is asked for where the answers end. */
static void unusable_and_gone(void **state)
{
    struct options o = parse_ok("identify");
    struct identify_answers a;
    char said[4096];

    (void)state;
    if (!ask(&o, &a, "12\n\004", said))
        skip();
    assert_null(o.owner.buttons);
    assert_null(o.cell);
    assert_int_equal(count(said, "How many buttons has it?"), 2);
}

/* What was said by an option is not asked for. */
static void asked_for_the_rest(void **state)
{
    struct options o =
        parse_ok("identify --buttons 2 --cell coin --sticker none");
    struct identify_answers a;
    char said[4096];

    (void)state;
    if (!ask(&o, &a, "MINI R50\n2003\n", said))
        skip();
    assert_string_equal(o.owner.buttons, "2");
    assert_string_equal(o.cell, "coin");
    assert_string_equal(o.owner.sticker, "none");
    assert_string_equal(o.owner.car, "MINI R50");
    assert_string_equal(o.built, "2003");
    assert_null(strstr(said, "sticker"));
    assert_null(strstr(said, "coin cell"));
    assert_non_null(strstr(said, "The car"));
}

static void stopped_while_asked(void **state)
{
    struct options o = parse_ok("identify");
    struct identify_answers a;
    struct typed t;

    (void)state;
    if (!typed_terminal(&t, "lock\ncoin\n3FAC55\nMINI\n2004\n"))
        skip();
    identify_options_ask(&o, &a, &stopped);
    typed_end(&t);
    assert_null(o.owner.buttons);
    assert_null(o.built);
}

/* What is longer than an answer's room does not go on as the next answer. */
static void a_long_answer(void **state)
{
    struct options o = parse_ok("identify");
    struct identify_answers a;
    char said[4096];

    (void)state;
    if (!ask(&o, &a,
             "the one for the doors, the one for the boot, and one that I have "
             "never tried, coin-shaped\n3\nsealed\nnone\nMINI\n2004\n",
             said))
        skip();
    assert_string_equal(o.owner.buttons, "3"); /* so many words are none */
    assert_string_equal(o.cell, "sealed");
    assert_string_equal(o.owner.sticker, "none");
    assert_string_equal(o.owner.car, "MINI");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_said),
        cmocka_unit_test(all_said),
        cmocka_unit_test(months),
        cmocka_unit_test(buttons),
        cmocka_unit_test(stickers),
        cmocka_unit_test(what_was_kept),
        cmocka_unit_test(any_words_of_buttons),
        cmocka_unit_test(nobody_to_ask),
        cmocka_unit_test(all_answered),
        cmocka_unit_test(nothing_answered),
        cmocka_unit_test(asked_again),
        cmocka_unit_test(unusable_and_gone),
        cmocka_unit_test(asked_for_the_rest),
        cmocka_unit_test(stopped_while_asked),
        cmocka_unit_test(a_long_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
