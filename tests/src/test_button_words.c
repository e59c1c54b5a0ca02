/* test_button_words - the buttons of a fob, as a person names them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "src/button_words.h"
#include "src/sitting.h"
#include "tests/src/typed.h"

static char words[BUTTON_WORDS];
static struct asking_cfg cfg;

static bool parse(const char *text)
{
    memset(words, 'x', sizeof words);
    cfg = (struct asking_cfg){ .n_buttons = 77, .presses = 3 };
    return button_words_parse(text, words, &cfg);
}

/* names: in order, up to a NULL. */
static void parses(const char *text, const char *const *names)
{
    size_t n = 0;

    if (!parse(text))
        fail_msg("\"%s\" is not taken", text);
    for (; names[n] != NULL; n++) {
        assert_true(n < cfg.n_buttons);
        assert_string_equal(cfg.button[n], names[n]);
    }
    assert_int_equal(cfg.n_buttons, n);
    assert_int_equal(cfg.presses, 3); /* the rest is left as it was */
}

static void names(void **state)
{
    (void)state;
    parses("lock", (const char *const[]){ "lock", NULL });
    parses("lock,unlock", (const char *const[]){ "lock", "unlock", NULL });
    parses("lock, unlock ,boot",
           (const char *const[]){ "lock", "unlock", "boot", NULL });
    parses(" ,,lock,, unlock,",
           (const char *const[]){ "lock", "unlock", NULL });
    parses("a b c d e f g h", (const char *const[]){ "a", "b", "c", "d", "e",
                                                     "f", "g", "h", NULL });
}

static void no_names(void **state)
{
    char text[SITTING_BUTTON_MAX + 8];

    (void)state;
    assert_false(parse(""));
    assert_false(parse(" , ,"));
    assert_false(parse("a,b,c,d,e,f,g,h,i")); /* one too many */
    memset(text, 'a', sizeof text);
    text[SITTING_BUTTON_MAX] = '\0';
    assert_false(parse(text));
    text[SITTING_BUTTON_MAX - 1] = '\0';
    assert_true(parse(text));
    assert_int_equal(strlen(cfg.button[0]), SITTING_BUTTON_MAX - 1);
}

/* More text than there is room for: it ends, and is no more than its room. */
static void much_text(void **state)
{
    char text[2 * BUTTON_WORDS];

    (void)state;
    memset(text, ',', sizeof text);
    memcpy(text, "lock", 4);
    text[sizeof text - 1] = '\0';
    parses(text, (const char *const[]){ "lock", NULL });
    memset(text, 'a', sizeof text - 1);
    assert_false(parse(text));
}

static void the_usual(void **state)
{
    static const char *const names[] = { "", "lock,boot", "panic" };
    static const char *const none[] = { "4", "9", "0", "12", "2x" };

    (void)state;
    assert_string_equal(button_words_usual("1"), "lock");
    assert_string_equal(button_words_usual("2"), "lock,unlock");
    assert_string_equal(button_words_usual("3"), "lock,unlock,boot");
    assert_string_equal(button_words_usual(NULL), "lock,unlock");
    assert_string_equal(button_words_usual("2 buttons"), "lock,unlock");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_ptr_equal(button_words_usual(names[i]), names[i]);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_null(button_words_usual(none[i]));
    for (char c = '1'; c <= '3'; c++) { /* as many as they are asked for */
        assert_true(parse(button_words_usual((char[]){ c, '\0' })));
        assert_int_equal(cfg.n_buttons, c - '0');
    }
}

static void counts(void **state)
{
    (void)state;
    assert_int_equal(button_words_count("2"), 2);
    assert_int_equal(button_words_count(" 3 buttons"), 3);
    assert_int_equal(button_words_count("9"), 9);
    assert_int_equal(button_words_count("10"), 0);
    assert_int_equal(button_words_count("2004 key"), 0);
    assert_int_equal(button_words_count("2x"), 0);
    assert_int_equal(button_words_count("-2"), 0);
    assert_int_equal(button_words_count("0"), 0);
    assert_int_equal(button_words_count(""), 0);
    assert_int_equal(button_words_count("  "), 0);
    assert_int_equal(button_words_count("lock"), 1);
    assert_int_equal(button_words_count("lock,unlock"), 2);
    assert_int_equal(button_words_count("lock, unlock, boot,"), 3);
    assert_int_equal(button_words_count("lock unlock"), 2);
    assert_int_equal(button_words_count("a,b,c,d,e,f,g,h,i"), 9);
    assert_int_equal(button_words_count("a,b,c,d,e,f,g,h,i,j"), 0);
}

/* A comma in front is no button. */
static void counts_what_is_parsed(void **state)
{
    static const char *const texts[] = { ",lock", " ,lock,unlock", ",", " , " };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        parse(texts[i]);
        if (button_words_count(texts[i]) != cfg.n_buttons)
            fail_msg("\"%s\": %u, not %zu", texts[i],
                     button_words_count(texts[i]), cfg.n_buttons);
    }
}

/* 2^32 + 2 is not cut to 2. */
static void counts_beyond_all_bounds(void **state)
{
    (void)state;
    assert_int_equal(button_words_count("99999999999999999999"), 0);
    assert_int_equal(button_words_count("4294967298"), 0);
}

static const volatile sig_atomic_t going = 0, stopped = 1;

/* Nobody is there to answer. */
static void no_terminal(void **state)
{
    char line[BUTTON_WORDS] = "";
    struct typed t;

    (void)state;
    typed_file(&t, "boot\n");
    const char *got = button_words_ask(line, &going);
    typed_end(&t);
    assert_string_equal(got, "lock,unlock");
    assert_string_equal(t.said, "");
}

static void answers(void **state)
{
    static const struct {
        const char *typed, *want;
    } rows[] = {
        { "boot\n", "boot" },      { "lock, panic\n", "lock, panic" },
        { "\n", "lock,unlock" },   { " , \n", "lock,unlock" },
        { "\004", "lock,unlock" }, /* ^D */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[BUTTON_WORDS] = "", got[BUTTON_WORDS];
        struct typed t;

        if (!typed_terminal(&t, rows[i].typed))
            skip();
        snprintf(got, sizeof got, "%s", button_words_ask(line, &going));
        typed_end(&t);
        assert_string_equal(got, rows[i].want);
        assert_non_null(strstr(t.said, "Which buttons does the fob have?"));
    }
}

static void stopped_while_asked(void **state)
{
    char line[BUTTON_WORDS] = "", got[BUTTON_WORDS];
    struct typed t;

    (void)state;
    if (!typed_terminal(&t, "boot\n"))
        skip();
    snprintf(got, sizeof got, "%s", button_words_ask(line, &stopped));
    typed_end(&t);
    assert_string_equal(got, "lock,unlock");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(no_names),
        cmocka_unit_test(much_text),
        cmocka_unit_test(the_usual),
        cmocka_unit_test(counts),
        cmocka_unit_test(counts_what_is_parsed),
        cmocka_unit_test(counts_beyond_all_bounds),
        cmocka_unit_test(no_terminal),
        cmocka_unit_test(answers),
        cmocka_unit_test(stopped_while_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
