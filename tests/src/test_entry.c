/* test_entry - what metadata says of a recording, however odd it is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/entry.h"
#include "tests/src/archived.h"

#define HASH                                                                   \
    "22e0210ca2d3fc498c04ea137d12e8de60a965bdff31eb300596e5417be7d50d"         \
    "4faede0305df66f281b1615b445119fb220e084ccce07ebf623f5dfee8e4d6a4"
#define GLOBAL                                                                 \
    "'core:datatype':'cu8','core:sample_rate':250000,"                         \
    "'core:version':'1.2.5','core:sha512':'" HASH "'"
#define ONE "'captures':[{'core:sample_start':0}]"
#define PLAIN                                                                  \
    "{'global':{" GLOBAL "},'captures':[{'core:sample_start':0,"               \
    "'core:frequency':433920000}],'annotations':[]}"
#define FRAME(model, id, verdict, hz)                                          \
    "{'core:sample_start':1,'fob:frame':{'model':'" model "'," id              \
    "'fob':{'verdict':'" verdict "','carrier_hz':" hz "}}}"

static struct entry from_ok(struct json *j, uint64_t bytes)
{
    struct entry t;
    struct err e = { "" };

    memset(&t, 0x55, sizeof t);
    if (entry_from(&t, j, bytes, "a name", &e) < 0)
        fail_msg("%s", e.text);
    json_free(j);
    return t;
}

static void from_fails(struct json *j)
{
    struct entry t, was;
    struct err e = { "" };

    memset(&t, 0x55, sizeof t);
    was = t;
    assert_true(entry_from(&t, j, 1000, "a name", &e) < 0);
    assert_non_null(strstr(e.text, "a name"));
    assert_memory_equal(&t, &was, sizeof t);
    json_free(j);
}

static void a_plain_one(void **state)
{
    struct entry t = from_ok(document(PLAIN), 2001);

    (void)state;
    assert_string_equal(t.id, "22e0210ca2");
    assert_string_equal(t.name, "a name");
    assert_string_equal(t.sha512, HASH);
    assert_string_equal(t.datatype, "cu8");
    assert_true(t.rate_hz == 250e3 && t.centre_hz == 433.92e6);
    assert_true(isnan(t.added_unix_s) && isnan(t.start_unix_s));
    assert_true(t.samples == 1000 && t.lost == 0 && t.n_heard == 0);
    for (size_t i = 0; i < OWNER_WORDS; i++)
        assert_string_equal(t.owner[i], "");
    assert_true(isnan(entry_time(&t)));
    assert_string_equal(entry_verdict(&t), "none");
}

static void all_that_is_said(void **state)
{
    struct entry t = from_ok(
        document("{'global':{'core:datatype':'ci16_le',"
                 "'core:sample_rate':1e6,'core:version':'1.2.5',"
                 "'core:sha512':'" HASH "','fob:label':'L','fob:car':'C',"
                 "'fob:buttons':'B','fob:sticker':'S','fob:note':'N',"
                 "'fob:added':'2026-03-29T11:27:00Z'},'captures':["
                 "{'core:sample_start':0,'core:datetime':"
                 "'2026-03-28T00:00:00.5Z'},{'core:sample_start':100,"
                 "'core:global_index':1100,'fob:left_out':900}],"
                 "'annotations':[{'core:sample_start':0,"
                 "'core:label':'a burst'}," //
                 FRAME("Unknown", "", "plausible", "433900000") "]}"),
        4000);

    (void)state;
    for (size_t i = 0; i < OWNER_WORDS; i++) {
        const char want[] = { "LCBSN"[i], '\0' };
        assert_string_equal(t.owner[i], want);
    }
    assert_string_equal(t.datatype, "ci16_le");
    assert_true(isnan(t.centre_hz));
    assert_true(t.added_unix_s == 1774783620);
    assert_true(t.start_unix_s == 1774656000.5);
    assert_true(entry_time(&t) == t.start_unix_s);
    t.start_unix_s = NAN;
    assert_true(entry_time(&t) == t.added_unix_s);
    assert_true(t.samples == 1000 && t.lost == 100); /* not the 900 */
    assert_int_equal(t.n_heard, 1);
    assert_string_equal(t.heard[0].model, "Unknown");
    assert_string_equal(t.heard[0].fob, "");
    assert_string_equal(t.heard[0].verdict, "plausible");
    assert_true(t.heard[0].carrier_hz == 433900000);
}

/* One of them for each fob: its frames counted, its best verdict. */
static void fobs_that_were_heard(void **state)
{
    struct entry t = from_ok(
        document("{'global':{" GLOBAL "}," ONE ",'annotations':["            //
                 FRAME("A-1", "'id':'0C0FFEE',", "damaged", "433000000") "," //
                 FRAME("A-1", "'id':'5EA51DE',", "plausible", "null") ","    //
                 FRAME("A-1", "'id':'0C0FFEE',", "proven", "434000000") ","  //
                 FRAME("B-2", "'id':'0C0FFEE',", "damaged", "1") ","         //
                 FRAME("A-1", "'id':'0C0FFEE',", "plausible", "2") ","       //
                 FRAME("B-2", "'id':'77',", "damaged", "1") "]}"),
        0);

    (void)state;
    assert_int_equal(t.samples, 0);
    assert_true(t.n_heard == 4);
    assert_string_equal(t.heard[0].fob, "0C0FFEE");
    assert_string_equal(t.heard[0].verdict, "proven");
    assert_int_equal(t.heard[0].frames, 3);
    assert_true(t.heard[0].carrier_hz == 433e6); /* of the first */
    assert_string_equal(t.heard[1].fob, "5EA51DE");
    assert_true(isnan(t.heard[1].carrier_hz));
    assert_string_equal(t.heard[2].model, "B-2");
    assert_string_equal(t.heard[3].fob, "77");
    assert_string_equal(entry_verdict(&t), "proven");
}

static void more_fobs_than_there_is_room(void **state)
{
    enum { FOBS = 3 * ENTRY_HEARD_MAX };
    static char text[FOBS * 160];
    size_t n = 0;

    (void)state;
    for (int i = 0; i < FOBS; i++)
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "%s" FRAME("A", "'id':'%d',", "plausible", "1"),
                              i == 0 ? "" : ",", i);
    struct entry t = from_ok(document("{'global':{" GLOBAL "}," ONE ","
                                      "'annotations':[%s]}",
                                      text),
                             0);
    assert_int_equal(t.n_heard, ENTRY_HEARD_MAX);
    for (int i = 0; i < ENTRY_HEARD_MAX; i++) {
        char want[8];
        snprintf(want, sizeof want, "%d", i);
        assert_string_equal(t.heard[i].fob, want);
        assert_int_equal(t.heard[i].frames, 1);
    }
}

static void what_is_no_recording_of_the_archive(void **state)
{
    (void)state;
    from_fails(document("{}"));
    from_fails(document("[]"));
    from_fails(document("{'global':{}}"));
    from_fails(document("{'global':{'core:datatype':'cu8',"
                        "'core:sample_rate':250000,'core:version':'1.2.5'},"
                        "" ONE ",'annotations':[]}"));
    from_fails(document("{'global':{'core:datatype':'cu8',"
                        "'core:sample_rate':250000,'core:sha512':'%.127s'},"
                        "" ONE "}",
                        HASH));
    from_fails(document("{'global':{'core:datatype':'cu8',"
                        "'core:sample_rate':250000,'core:sha512':'%.127sg'},"
                        "" ONE "}",
                        HASH));
    from_fails(document("{'global':{'core:datatype':'cu8',"
                        "'core:sample_rate':250000,'core:sha512':'%s0'},"
                        "" ONE "}",
                        HASH));
    from_fails(document("{'global':{'core:datatype':'cu8',"
                        "'core:sample_rate':250000,'core:sha512':7},"
                        "" ONE "}"));
    from_fails(document("{'global':{'core:sample_rate':250000,'core:sha512':'"
                        "%s'}," ONE "}",
                        HASH));
}

/* SigMF's schema wants lower case. */
static void a_hash_in_capitals(void **state)
{
    (void)state;
    from_fails(document("{'global':{'core:datatype':'cu8',"
                        "'core:sample_rate':250000,'core:sha512':'A%s'}," ONE
                        "}",
                        &HASH[1]));
}

/* SigMF lets it be. */
static void a_rate_that_is_not_said(void **state)
{
    struct entry t =
        from_ok(document("{'global':{'core:datatype':'cu8','core:sha512':'" HASH
                         "'}," ONE "}"),
                10);

    (void)state;
    assert_true(isnan(t.rate_hz) || t.rate_hz == 0);
    assert_null(entry_difference(&t, &t));
}

/* UTF-8 that ends in the middle of a character is none. */
static bool is_utf8(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != 0;) {
        const int more = *c < 0x80                 ? 0
                         : *c >= 0xc2 && *c < 0xe0 ? 1
                         : *c >= 0xe0 && *c < 0xf0 ? 2
                         : *c >= 0xf0 && *c < 0xf5 ? 3
                                                   : -1;
        if (more < 0)
            return false;
        c++;
        for (int i = 0; i < more; i++, c++)
            if ((*c & 0xc0) != 0x80)
                return false;
    }
    return true;
}

static void is_shown_safely(const char *text)
{
    assert_true(is_utf8(text));
    assert_null(strstr(text, "\xc2\x9b"));     /* a terminal's CSI */
    assert_null(strstr(text, "\xe2\x80\xae")); /* turns the line round */
    for (; *text != '\0'; text++)
        assert_true((unsigned char)*text >= 0x20 && *text != 0x7f);
}

static void long_strings_and_control_characters(void **state)
{
    static const char *const words[] = {
        "x",          "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x94\x91",
        "\\u001b[2J", "\\n",      "\\u007f"
    };

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        for (size_t before = 0; before < 4; before++) {
            char text[4096] = "";

            memset(text, 'y', before);
            for (size_t k = 0; k < 300; k++)
                strcat(text, words[i]);
            struct json *j =
                document("{'global':{" GLOBAL ",'fob:label':'%s',"
                         "'fob:note':'%s'}," ONE ",'annotations':["
                         "{'core:sample_start':0,'fob:frame':{'model':'%s',"
                         "'id':'%s','fob':{'verdict':'%s'}}}]}",
                         text, text, text, text, text);
            struct entry t;
            struct err e = { "" };
            if (entry_from(&t, j, 0, "n", &e) == 0) {
                is_shown_safely(t.owner[0]);
                is_shown_safely(t.owner[4]);
                for (size_t k = 0; k < t.n_heard; k++) {
                    is_shown_safely(t.heard[k].model);
                    is_shown_safely(t.heard[k].fob);
                    is_shown_safely(t.heard[k].verdict);
                }
            } else {
                is_shown_safely(e.text);
            }
            json_free(j);
        }
    }
}

static void values_of_other_types(void **state)
{
    static const char *const values[] = { "null", "7",  "-1e300", "true",
                                          "[]",   "{}", "[[]]",   "'x'" };

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const char *v = values[i];
        struct entry t = { .n_heard = 99 };
        struct json *j = document(
            "{'global':{" GLOBAL ",'fob:label':%s,'fob:added':%s},"
            "'captures':[{'core:sample_start':0,'core:datetime':'x'}],"
            "'annotations':[%s,{'fob:frame':%s},{'fob:frame':{'model':%s,"
            "'id':%s,'fob':%s}},{'fob:frame':{'model':'M','fob':{"
            "'verdict':%s,'carrier_hz':%s}}}]}",
            v, v, v, v, v, v, v, v, v);

        if (entry_from(&t, j, 10, "n", NULL) == 0) {
            assert_true(t.n_heard <= 3 && isnan(t.added_unix_s));
            is_shown_safely(entry_verdict(&t));
        } else {
            assert_int_equal(t.n_heard, 99);
        }
        json_free(j);
    }
}

static void from_a_file(void **state)
{
    struct entry t = { .samples = 77 };
    struct err e = { "" };
    char text[] = PLAIN;

    (void)state;
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    assert_int_equal(entry_read(&t, ".", "a", &e), -ENOENT);
    assert_int_equal(t.samples, 77);
    put_text("a.sigmf-meta", text);
    assert_int_equal(entry_read(&t, ".", "a", &e), 0); /* there is no data */
    assert_string_equal(t.name, "a");
    assert_int_equal(t.samples, 0);
    put("a.sigmf-data", text, 100);
    assert_int_equal(entry_read(&t, ".", "a", &e), 0);
    assert_int_equal(t.samples, 50);
    put_text("a.sigmf-meta", "{");
    assert_true(entry_read(&t, ".", "a", &e) < 0);
    assert_non_null(strstr(e.text, "a.sigmf-meta"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_plain_one),
        TEST(all_that_is_said),
        TEST(fobs_that_were_heard),
        TEST(more_fobs_than_there_is_room),
        TEST(what_is_no_recording_of_the_archive),
        TEST(a_hash_in_capitals),
        TEST(a_rate_that_is_not_said),
        TEST(long_strings_and_control_characters),
        TEST(values_of_other_types),
        TEST(from_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
