/* test_check_files - recordings as a sitting: prompts from a file, from annotations
 * that check_save wrote, and what the pipeline hears.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/check_files.h"
#include "src/check_save.h"
#include "src/sigmf.h"
#include "tests/src/archived.h"
#include "tests/src/played.h"

enum { RATE = 250000 };

static struct sitting sitting;

static void near(double x, double want, double most)
{
    if (!(fabs(x - want) <= most))
        fail_msg("%g, not %g", x, want);
}

static int prompts(const char *text, size_t n, struct err *e)
{
    put("p.txt", text, n);
    sitting_init(&sitting, RATE, false);
    return check_files_read_prompts(&sitting, "p.txt", e);
}

static void prompts_ok(const char *text)
{
    struct err e = { "" };

    if (prompts(text, strlen(text), &e) < 0)
        fail_msg("%s", e.text);
}

static void good_prompts(void **state)
{
    (void)state;
    prompts_ok("# what was pressed when\n"
               "\n"
               "   \t\n"
               "0.5 lock\n"
               " 4.25\tunlock   the one in the middle\n"
               "4.25 boot # twice at one time\r\n"
               "30 lock#last\n"
               "30.5 x"); /* no end of line */
    static const struct {
        const char *button;
        double start_s, end_s;
    } want[] = {
        { "lock", 0, 3.25 },         { "unlock", 3.25, 4.25 },
        { "boot", 4.25, 14.25 },     { "lock", 29, 30 + 1 / 3.0 },
        { "x", 30 + 1 / 3.0, 40.5 },
    };
    assert_int_equal(sitting.n_prompts, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(sitting.prompt[i].button, want[i].button);
        near(sitting.prompt[i].start_s, want[i].start_s, 1e-9);
        near(sitting.prompt[i].end_s, want[i].end_s, 1e-9);
        assert_false(sitting.prompt[i].is_control);
    }
}

static void no_prompts(void **state)
{
    (void)state;
    prompts_ok("");
    assert_int_equal(sitting.n_prompts, 0);
    prompts_ok("# nothing\n");
    assert_int_equal(sitting.n_prompts, 0);
}

static void bad_prompts(void **state)
{
    static const struct {
        const char *text, *why;
    } bad[] = {
        { "lock 1\n", "line 1" },
        { "1\n", "line 1" },
        { "1 \n", "line 1" },
        { "1lock\n", "line 1" },
        { "1,5 lock\n", "line 1" },
        { "-1 lock\n", "line 1" },
        { "nan lock\n", "line 1" },
        { "inf lock\n", "line 1" },
        { "1e6 lock\n", "line 1" },
        { "1e999 lock\n", "line 1" },
        { "1 # lock\n", "line 1" },
        { "1 lo\033[2Jck\n", "line 1" },
        { "1 l\303\266ck\n", "line 1" },
        { "1 abcdefghijklmnopqrstuvwxyz\n", "line 1" },
        { "1 lock\n\n0.9 lock\n", "line 3 is not in order" },
        { "5 lock\n6 lock\n5.5 lock\n", "line 3 is not in order" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = { "" };

        if (prompts(bad[i].text, strlen(bad[i].text), &e) != -EINVAL)
            fail_msg("taken: %s", bad[i].text);
        assert_non_null(strstr(e.text, "p.txt"));
        if (strstr(e.text, bad[i].why) == NULL)
            fail_msg("%s: %s", bad[i].text, e.text);
    }
}

static void longest_name(void **state)
{
    (void)state;
    prompts_ok("1 abcdefghijklmnopqrstuvw\n");
    assert_string_equal(sitting.prompt[0].button, "abcdefghijklmnopqrstuvw");
}

static void hostile_prompts(void **state)
{
    char text[3000];
    struct err e = { "" };

    (void)state;
    memset(text, '1', sizeof text);
    assert_int_equal(prompts(text, sizeof text, &e), -EINVAL);
    assert_non_null(strstr(e.text, "line 1 is too long"));
    memcpy(text, "1 lock\n", 7);
    assert_int_equal(prompts(text, sizeof text, &e), -EINVAL);
    assert_non_null(strstr(e.text, "line 2 is too long"));
    memset(text, '\0', sizeof text);
    prompts(text, sizeof text, &e); /* whatever it says, it ends */
    struct synth_random r = { 5 };
    for (unsigned n = 0; n < 2000; n++) {
        static const char some[] = "0123456789.e+- \t\n\n#lock\r\0\377";
        for (size_t i = 0; i < 200; i++)
            text[i] = some[synth_random_u64(&r) % (sizeof some - 1)];
        prompts(text, synth_random_u64(&r) % 200, &e);
        for (size_t i = 0; i < sitting.n_prompts; i++) {
            assert_true(isfinite(sitting.prompt[i].start_s));
            assert_true(sitting.prompt[i].start_s >= 0);
            assert_true(sitting.prompt[i].button[0] != '\0');
        }
    }
}

static void too_many_prompts(void **state)
{
    char text[4096];
    struct err e = { "" };
    size_t n = 0;

    (void)state;
    for (unsigned i = 0; i < SITTING_PROMPTS_MAX; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%u lock\n", 3 * i);
    assert_int_equal(prompts(text, n, &e), 0);
    n += (size_t)snprintf(text + n, sizeof text - n, "1000 lock\n");
    assert_int_equal(prompts(text, n, &e), -E2BIG);
    assert_non_null(strstr(e.text, "more than 100 prompts"));
}

static void no_file(void **state)
{
    struct err e = { "" };

    (void)state;
    assert_int_equal(check_files_read_prompts(&sitting, "none.txt", &e),
                     -ENOENT);
    assert_non_null(strstr(e.text, "none.txt"));
    assert_true(check_files_read_prompts(&sitting, ".", &e) < 0);
}

/* NAME of three seconds, with presses of three copies at these times. */
static void put_recording(const char *name, const double *starts, size_t n)
{
    struct recording r = record(SAMPLE_CU8, RATE, 3);
    uint8_t *bytes = malloc(2 * r.n);

    assert_non_null(bytes);
    for (size_t i = 0; i < n; i++)
        transmit(&r, 7, starts[i], 40e3, 3);
    synth_noise(&(struct synth_random){ 3 }, -40, r.x, r.n);
    synth_store(SAMPLE_CU8, r.x, r.n, bytes);
    put(name, bytes, 2 * r.n);
    free(bytes);
    free(r.x);
}

static int play_file(struct check_files *c, const char *spec, struct err *e)
{
    struct source *s = open_ok(spec);
    const int status = check_files_play(c, s, e);

    source_close(s);
    return status;
}

static const volatile sig_atomic_t never;

static struct check_files begin_files(void)
{
    static struct progress progress;

    return (struct check_files){ .sitting = &sitting,
                                 .progress = &progress,
                                 .stop = &never };
}

/* Recording after recording; the prompts count from the first. */
static void recordings_with_prompts(void **state)
{
    static const double one[] = { 0.5, 1.9 }, two[] = { 1.2 };
    struct check_files c = begin_files();
    struct err e = { "" };

    (void)state;
    put_recording("a_433.92M_250k.cu8", one, 2);
    put_recording("b_433.92M_250k.cu8", two, 1);
    prompts_ok("0.4 lock\n2.5 unlock\n9 boot\n");
    sitting_init(&sitting, 1, false);
    assert_int_equal(check_files_read_prompts(&sitting, "p.txt", &e), 0);
    c.has_prompts = true;
    assert_int_equal(play_file(&c, "a_433.92M_250k.cu8", &e), 0);
    assert_int_equal(play_file(&c, "b_433.92M_250k.cu8", &e), 0);
    sitting_settle(&sitting);
    assert_int_equal(c.n, 2);
    assert_int_equal(sitting.n_presses, 3);
    assert_int_equal(sitting.n_bands, 1);
    near(sitting.band[0].watched_s, 6, 0.01);
    near(sitting.press[0].start_s, 0.5, 0.01);
    near(sitting.press[1].start_s, 1.9, 0.01);
    near(sitting.press[2].start_s, 3 + 5 + 1.2, 0.01);
    assert_int_equal(sitting.press[0].prompt, 0);
    assert_int_equal(sitting.press[1].prompt, 1);
    assert_int_equal(sitting.press[2].prompt, 2);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(sitting.press[i].copies, 3);
        assert_ptr_equal(sitting.press[i].frame.protocol, &protocol_hcs200);
        near(sitting.press[i].carrier_hz, 433.96e6, 500);
        assert_true(sitting_is_fobs(&sitting, i));
    }
    assert_int_equal(sitting.lost, 0);
    assert_true(isnan(sitting.gain_db));
}

/* Pulses have an end as well: what follows does not lie upon them. */
static void recordings_of_pulses(void **state)
{
    struct check_files c = begin_files();
    struct err e = { "" };

    (void)state;
    put_text("a.sub", "Filetype: Flipper SubGhz RAW File\nVersion: 1\n"
                      "Frequency: 433920000\nPreset: "
                      "FuriHalSubGhzPresetOok650Async\nProtocol: RAW\n"
                      "RAW_Data: 400 -1000000 400 -1000000 400 -999200\n");
    sitting_init(&sitting, 1, false);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(play_file(&c, "a.sub", &e), 0);
    near(sitting.watched_s, 3 * 3 + 2 * 5, 0.01);
    near(sitting.band[0].watched_s, 9, 0.01);
}

static void stopped(void **state)
{
    const volatile sig_atomic_t stop = 1;
    struct check_files c = begin_files();
    struct err e = { "" };

    (void)state;
    put_recording("a_433.92M_250k.cu8", NULL, 0);
    sitting_init(&sitting, 1, false);
    c.stop = &stop;
    assert_int_equal(play_file(&c, "a_433.92M_250k.cu8", &e), -EINTR);
    assert_non_null(strstr(e.text, "stopped"));
}

#define META(captures, annotations)                                            \
    "{\"global\":{\"core:datatype\":\"cu8\",\"core:sample_rate\":250000,"      \
    "\"core:version\":\"1.2.5\"},\"captures\":[{\"core:sample_start\":0,"      \
    "\"core:frequency\":433920000" captures "}],\"annotations\":[" annotations \
    "]}"

#define IN_VAIN(value)                                                         \
    "{\"global\":{\"core:datatype\":\"cu8\",\"core:sample_rate\":250000,"      \
    "\"core:version\":\"1.2.5\",\"fob:unanswered\":" value                     \
    "},\"captures\":[{\"core:sample_start\":0}],\"annotations\":[]}"

/* What check --save noted is what check of the archive reads. */
static void asked_comes_back(void **state)
{
    static const double starts[] = { 1.1 };
    static struct sitting live;
    struct check_files c = begin_files();
    struct err e = { "" };
    size_t next = 0;

    (void)state;
    /* heard live from second 20 on: lock had been asked for, then unlock */
    sitting_init(&live, RATE, true);
    sitting_ask(&live, 10, "lock", false);
    sitting_search(&live, true); /* may have been missed */
    sitting_ask(&live, 20.6, "unlock", false);
    sitting_ask(&live, 30, "boot", false);
    sitting_ask(&live, 40, "", true);
    live.press[live.n_presses++] =
        (struct sitting_press){ .start_s = 21.1, .end_s = 21.3 };
    put_recording("a.sigmf-data", starts, 1);
    put_text("a.sigmf-meta",
             META(",\"core:global_index\":5000000",
                  "{\"core:sample_start\":100,\"core:label\":\"early\"},"
                  "{\"core:sample_start\":275000,\"core:label\":\"late\"}"));
    if (check_save_asked("a.sigmf-meta", &live, &next, true, &e) < 0)
        fail_msg("%s", e.text);
    struct json *j = document_of("a.sigmf-meta");
    const struct json *list = json_get(j, "annotations");
    assert_int_equal(json_size(list), 3);
    assert_string_equal(json_text(json_at(list, 0), "core:label"), "early");
    assert_string_equal(json_text(json_at(list, 1), "fob:asked"), "unlock");
    near(json_number(json_at(list, 1), "core:sample_start", -1), 150000, 0);
    assert_string_equal(json_text(json_at(list, 2), "core:label"), "late");
    json_free(j);

    sitting_init(&sitting, 1, false);
    assert_int_equal(play_file(&c, "a.sigmf-meta", &e), 0);
    sitting_settle(&sitting);
    assert_int_equal(sitting.n_prompts, 2);
    assert_string_equal(sitting.prompt[0].button, "boot");
    assert_string_equal(sitting.prompt[1].button, "unlock");
    assert_int_equal(sitting.n_presses, 1);
    assert_int_equal(sitting.press[0].prompt, 1);
    assert_true(sitting.fob >= 0);
    assert_true(isfinite(sitting.prompt[1].end_s)); /* with the recording */
    /* prompts of a file go before those of recordings */
    sitting_init(&sitting, 1, false);
    c.has_prompts = true;
    assert_int_equal(play_file(&c, "a.sigmf-meta", &e), 0);
    assert_int_equal(sitting.n_prompts, 0);
}

/* Each recording speaks of the prompts since the one before, once. */
static void in_vain(void **state)
{
    static struct sitting live;
    struct err e = { "" };
    size_t next = 0;

    (void)state;
    sitting_init(&live, RATE, true);
    for (int i = 0; i < 6; i++)
        sitting_ask(&live, 10 * i, i < 3 ? "lock" : "boot", false);
    sitting_stop_asking(&live, 60);
    live.press[live.n_presses++] = (struct sitting_press){ .start_s = 21 };
    for (int file = 0; file < 2; file++) {
        put_text("a.sigmf-meta", META(",\"core:global_index\":5250000",
                                      "{\"core:sample_start\":7}"));
        assert_int_equal(
            check_save_asked("a.sigmf-meta", &live, &next, file == 1, &e), 0);
        struct json *j = document_of("a.sigmf-meta");
        assert_string_equal(json_text(json_get(j, "global"), "fob:unanswered"),
                            file == 0 ? "lock,lock" : "boot,boot,boot");
        json_free(j);
    }
    assert_int_equal(next, 6);
}

/* A prompt that began before the file. */
static void asked_before_the_file(void **state)
{
    static struct sitting live;
    struct err e = { "" };
    size_t next = 0;

    (void)state;
    sitting_init(&live, RATE, true);
    sitting_ask(&live, 10, "lock", false);
    put_text("a.sigmf-meta", META(",\"core:global_index\":5000000",
                                  "{\"core:sample_start\":7}"));
    assert_int_equal(check_save_asked("a.sigmf-meta", &live, &next, false, &e),
                     0);
    struct json *j = document_of("a.sigmf-meta");
    const struct json *list = json_get(j, "annotations");
    assert_string_equal(json_text(json_at(list, 0), "fob:asked"), "lock");
    near(json_number(json_at(list, 0), "core:sample_start", -1), 0, 0);
    json_free(j);
}

/* Nothing was asked for, or another remote only. */
static void not_asked(void **state)
{
    static struct sitting live;
    struct err e = { "" };
    size_t next = 0;

    (void)state;
    sitting_init(&live, RATE, true);
    sitting_ask(&live, 1, "", true);
    put_text("a.sigmf-meta", META("", "{\"core:sample_start\":700000}"));
    assert_int_equal(check_save_asked("a.sigmf-meta", &live, &next, false, &e),
                     0);
    struct json *j = document_of("a.sigmf-meta");
    assert_int_equal(json_size(json_get(j, "annotations")), 1);
    json_free(j);
    assert_true(check_save_asked("none.sigmf-meta", &live, &next, false, &e) <
                0);
    assert_non_null(strstr(e.text, "none.sigmf-meta"));
}

/* Metadata that somebody else wrote. */
static void hostile_annotations(void **state)
{
    static const char *const texts[] = {
        META("", "1,null,[],\"x\""),
        META("", "{\"fob:asked\":7,\"core:sample_start\":0}"),
        META("", "{\"fob:asked\":\"lock\"}"),
        META("", "{\"fob:asked\":\"lock\",\"core:sample_start\":-5}"),
        META("", "{\"fob:asked\":\"lock\",\"core:sample_start\":1e300}"),
        META("", "{\"fob:asked\":\"lock\",\"core:sample_start\":\"0\"}"),
        IN_VAIN("7"),
        IN_VAIN("\"\""),
        IN_VAIN("\",,,\""),
    };
    char text[8192], many[4096] = "\"a-name-of-a-button-that-has-no-end";
    struct check_files c = begin_files();
    struct err e = { "" };

    (void)state;
    put_recording("a.sigmf-data", NULL, 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        put_text("a.sigmf-meta", texts[i]);
        sitting_init(&sitting, 1, false);
        play_file(&c, "a.sigmf-meta", &e);
        assert_int_equal(sitting.n_prompts, 0);
    }
    while (strlen(many) < 1000)
        strcat(many, ",b");
    strcat(many, "\"");
    snprintf(text, sizeof text, IN_VAIN("%s"), many);
    put_text("a.sigmf-meta", text);
    play_file(&c, "a.sigmf-meta", &e);
    assert_int_equal(sitting.n_prompts, SITTING_PROMPTS_MAX);
    assert_int_equal(strlen(sitting.prompt[0].button), SITTING_BUTTON_MAX - 1);
}

#define GAIN(db)    ",\"fob:gain_db\":" #db
#define NEXT(start) "},{\"core:sample_start\":" #start ",\"core:frequency\":1e8"

/* Of a recording that has one gain all through. */
static void gain_comes_with_a_recording(void **state)
{
    static const char *const known[] = { META(GAIN(28), ""),
                                         META(GAIN(28) NEXT(5) GAIN(28), "") };
    static const char *const unknown[] = { META("", ""),
                                           META(GAIN(28) NEXT(5) GAIN(20), ""),
                                           META(GAIN(28) NEXT(5), "") };
    struct check_files c = begin_files();
    struct err e = { "" };

    (void)state;
    put_recording("a.sigmf-data", NULL, 0);
    for (size_t i = 0; i < 5; i++) {
        put_text("a.sigmf-meta", i < 2 ? known[i] : unknown[i - 2]);
        sitting_init(&sitting, 1, false);
        play_file(&c, "a.sigmf-meta", &e);
        assert_true(i < 2 ? sitting.gain_db == 28 : isnan(sitting.gain_db));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(good_prompts),
        TEST(no_prompts),
        TEST(bad_prompts),
        TEST(longest_name),
        TEST(hostile_prompts),
        TEST(too_many_prompts),
        TEST(no_file),
        TEST(recordings_with_prompts),
        TEST(recordings_of_pulses),
        TEST(stopped),
        TEST(asked_comes_back),
        TEST(in_vain),
        TEST(asked_before_the_file),
        TEST(not_asked),
        TEST(hostile_annotations),
        TEST(gain_comes_with_a_recording),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
