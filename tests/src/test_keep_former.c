/* test_keep_former - what a recording's former metadata says of it, and what of
 * that is kept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/sigmf_rules.h"
#include "src/sigmf_write.h"
#include "tests/src/archived.h"
#include "tests/src/played.h"

static void fault(void *user, const char *sentence)
{
    fail_msg("%s: %s", (const char *)user, sentence);
}

/* a.sigmf-meta kept, and its document. data: its samples, to be freed. */
static struct json *kept(bool is_cut, const struct owner_words *w, char **data,
                         size_t *n)
{
    static const volatile sig_atomic_t never;
    struct progress progress = { 0 };
    struct json *former = document_of("a.sigmf-meta");
    struct keep_cfg cfg = { .folder = ".",
                            .is_cut = is_cut,
                            .former = former,
                            .progress = &progress,
                            .stop = &never };
    struct source *s = open_ok("a.sigmf-meta");
    struct err e = { "" };
    char meta[PATH_MAX];
    size_t left_out = 77;

    assert_int_equal(hash_start(), 0);
    if (w != NULL)
        cfg.owner = *w;
    if (keep_recording(s, &cfg, meta, &left_out, &e) < 0)
        fail_msg("%s", e.text);
    source_close(s);
    json_free(former);
    assert_int_equal(left_out, 0);
    struct json *j = document_of(meta);
    sigmf_rules_check(j, UINT64_MAX, fault, meta);
    strcpy(meta + strlen(meta) - 4, "data");
    *data = bytes_of(meta, n);
    return j;
}

/* "1": the text is somewhere in the document. */
static bool says(const struct json *j, const char *text)
{
    char *bytes = NULL;
    size_t n;
    FILE *f = open_memstream(&bytes, &n);

    assert_non_null(f);
    assert_int_equal(json_document(j, f), 0);
    fclose(f);
    const bool is_said = strstr(bytes, text) != NULL;
    free(bytes);
    return is_said;
}

static void put_document(const char *format)
{
    char text[4096];

    assert_true(strlen(format) < sizeof text);
    strcpy(text, format);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    put_text("a.sigmf-meta", text);
}

/* 0.5 s with a burst at 0.2 s, and `more` bytes in front. */
static void put_burst(size_t more)
{
    struct recording r = record(SAMPLE_CU8, 250e3, 0.5);
    char *bytes = calloc(1, more + 2 * r.n);

    assert_non_null(bytes);
    transmit(&r, 7, 0.2, 20e3, 1);
    synth_noise(&(struct synth_random){ 3 }, -40, r.x, r.n);
    synth_store(SAMPLE_CU8, r.x, r.n, bytes + more);
    put("a.sigmf-data", bytes, more + 2 * r.n);
    free(bytes);
    free(r.x);
}

static const char rich[] =
    "{'global':{'core:datatype':'cu8','core:sample_rate':250000,"
    "'core:version':'1.2.5','core:author':'somebody',"
    "'core:description':'what it is','core:hw':'an antenna',"
    "'core:sha512':'%','core:recorder':'other','core:geolocation':"
    "{'type':'Point','coordinates':[-107.6183682,34.0787916]},"
    "'core:extensions':[{'name':'other','version':'1.0.0','optional':true}],"
    "'other:thing':7,'fob:label':'before','fob:car':'MINI'},"
    "'captures':[{'core:sample_start':0,'core:frequency':433920000,"
    "'core:geolocation':{'type':'Point','coordinates':[-107.61,34.07]},"
    "'core:datetime':'2026-03-29T11:27:00Z'}],"
    "'annotations':[{'core:sample_start':5,'core:sample_count':10,"
    "'core:label':'mine','core:comment':'by hand'}]}";

static void what_we_do_not_know_better_is_kept(void **state)
{
    const struct owner_words w = { .label = "now" };
    char *data;
    size_t n;

    (void)state;
    put_burst(0);
    put_document(rich);
    struct json *j = kept(false, &w, &data, &n);
    const struct json *global = json_get(j, "global");
    assert_int_equal(n, 250000);
    assert_string_equal(json_text(global, "core:author"), "somebody");
    assert_string_equal(json_text(global, "core:description"), "what it is");
    assert_string_equal(json_text(global, "core:hw"), "an antenna");
    assert_int_equal(strlen(json_text(global, "core:sha512")), 128);
    assert_true(json_number(global, "other:thing", 0) == 7);
    assert_true(says(json_get(global, "core:extensions"), "other"));
    assert_true(says(json_get(global, "core:extensions"), "fob"));
    assert_string_equal(json_text(global, "fob:label"), "now");
    assert_string_equal(json_text(global, "fob:car"), "MINI");
    assert_true(says(j, "by hand"));
    assert_false(says(j, "34.07"));
    assert_false(says(j, "geolocation"));
    assert_string_equal(
        json_text(json_at(json_get(j, "captures"), 0), "core:datetime"),
        "2026-03-29T11:27:00Z");
    const struct json *notes = json_get(j, "annotations");
    assert_int_equal(json_size(notes), 2); /* by where they start */
    assert_string_equal(json_text(json_at(notes, 0), "core:label"), "mine");
    assert_non_null(json_get(json_at(notes, 1), "fob:frame"));
    json_free(j);
    free(data);
}

static const char with_prompts[] =
    "{'global':{'core:datatype':'cu8','core:sample_rate':250000,"
    "'core:version':'1.2.5'},'captures':[{'core:sample_start':0,"
    "'core:frequency':433920000}],'annotations':["
    "{'core:sample_start':5,'core:sample_count':10,'core:label':'asked',"
    "'core:generator':'fobscope 1.0.0','fob:asked':'lock'},"
    "{'core:sample_start':6,'core:generator':'fobscope 1.0.0',"
    "'core:label':'a burst of ours'},"
    "{'core:sample_start':240000,'fob:asked':'unlock','fob:frame':{}}]}";

/* What somebody was asked for cannot be found out again: it is kept, though we wrote
 * it. What else we wrote is made anew. */
static void what_was_asked_for_is_kept(void **state)
{
    char *data;
    size_t n;

    (void)state;
    put_burst(0);
    put_document(with_prompts);
    for (int i = 0; i < 2; i++) { /* and of what was kept, once more */
        struct json *j = kept(false, NULL, &data, &n);
        const struct json *notes = json_get(j, "annotations");

        assert_int_equal(json_size(notes), 3);
        assert_string_equal(json_text(json_at(notes, 0), "fob:asked"), "lock");
        assert_true(json_number(json_at(notes, 0), "core:sample_start", 0) ==
                    5);
        assert_non_null(json_get(json_at(notes, 1), "fob:frame"));
        assert_null(json_get(json_at(notes, 1), "fob:asked"));
        assert_string_equal(json_text(json_at(notes, 2), "fob:asked"),
                            "unlock");
        assert_null(json_get(json_at(notes, 2), "fob:frame"));
        assert_false(says(j, "a burst of ours"));
        assert_int_equal(sigmf_save(j, "a.sigmf-meta"), 0);
        json_free(j);
        free(data);
    }
    put_document(with_prompts);
    struct json *j = kept(true, NULL, &data, &n); /* they do not fit any more */
    assert_false(says(j, "fob:asked"));
    json_free(j);
    free(data);
}

static void annotations_do_not_fit_what_is_cut(void **state)
{
    char *data;
    size_t n;

    (void)state;
    put_burst(0);
    put_document(rich);
    struct json *j = kept(true, NULL, &data, &n);
    assert_true(n < 250000);
    assert_string_equal(json_text(json_get(j, "global"), "core:author"),
                        "somebody");
    assert_string_equal(json_text(json_get(j, "global"), "fob:label"),
                        "before");
    assert_false(says(j, "by hand"));
    assert_false(says(j, "geolocation"));
    assert_int_equal(json_size(json_get(j, "annotations")), 1);
    json_free(j);
    free(data);
}

/* Added again, its frames are told once. */
static void our_own_frames_are_told_once(void **state)
{
    char *data, *again;
    size_t n, m;

    (void)state;
    put_burst(0);
    put_document(rich);
    struct json *j = kept(false, NULL, &data, &n);
    FILE *f = fopen("a.sigmf-meta", "w");
    assert_non_null(f);
    assert_int_equal(json_document(j, f), 0);
    fclose(f);
    json_free(j);
    j = kept(false, NULL, &again, &m);
    assert_int_equal(m, n);
    assert_memory_equal(data, again, n);
    assert_int_equal(json_size(json_get(j, "annotations")), 2);
    assert_true(says(j, "by hand"));
    json_free(j);
    free(data);
    free(again);
}

/* What stands in front of the samples is not taken for some. */
static void header_bytes(void **state)
{
    char *data, *whole;
    size_t n, m;

    (void)state;
    put_burst(1001);
    put_document("{'global':{'core:datatype':'cu8','core:sample_rate':250000,"
                 "'core:version':'1.2.5'},'captures':[{'core:sample_start':0,"
                 "'core:header_bytes':1001,'core:frequency':433920000}],"
                 "'annotations':[]}");
    whole = bytes_of("a.sigmf-data", &m);
    for (int is_cut = 0; is_cut < 2; is_cut++) {
        struct json *j = kept(is_cut == 1, NULL, &data, &n);
        const struct json *first = json_at(json_get(j, "captures"), 0);
        const size_t at =
            (size_t)json_number(first, "core:global_index", 0) * 2;

        assert_null(json_get(first, "core:header_bytes"));
        assert_true(is_cut == 1 ? n < m / 2 && at > 0 : n == m - 1001);
        assert_memory_equal(data, whole + 1001 + at, n);
        json_free(j);
        free(data);
    }
    free(whole);
}

static void captures_beyond_the_end(void **state)
{
    char *data;
    size_t n;

    (void)state;
    put_burst(0);
    put_document("{'global':{'core:datatype':'cu8','core:sample_rate':250000,"
                 "'core:version':'1.2.5'},'captures':[{'core:sample_start':0},"
                 "{'core:sample_start':900000,'core:global_index':900000,"
                 "'core:frequency':1}],'annotations':["
                 "{'core:sample_start':99,'core:sample_count':900000},"
                 "{'core:sample_start':800000,'core:sample_count':1}]}");
    json_free(kept(false, NULL, &data, &n));
    assert_int_equal(n, 250000);
    free(data);
    json_free(kept(true, NULL, &data, &n));
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_we_do_not_know_better_is_kept),
        TEST(what_was_asked_for_is_kept),
        TEST(annotations_do_not_fit_what_is_cut),
        TEST(our_own_frames_are_told_once),
        TEST(header_bytes),
        TEST(captures_beyond_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
