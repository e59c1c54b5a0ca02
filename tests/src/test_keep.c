/* test_keep - recordings written once more, whole or cut, sample by sample.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dsp/convert.h"
#include "src/playback.h"
#include "src/sigmf.h"
#include "src/sigmf_rules.h"
#include "tests/src/archived.h"
#include "tests/src/played.h"

enum { RATE = 250000, SEGMENTS = 8 };

/* The samples of a file from start on are those of the stream from global on. */
struct segment {
    uint64_t start, global, left_out;
};

struct whole {
    char *bytes;
    size_t n, size; /* samples; bytes of one */
    struct segment segment[SEGMENTS];
    size_t n_segments;
};

/* a.sigmf-meta: bursts at these seconds of the file, and its segments. */
static struct whole make(enum sample_format format, double seconds,
                         const double *starts, size_t n,
                         const struct segment *s, size_t n_segments)
{
    struct recording r = record(format, RATE, seconds);
    struct whole w = { .n = r.n,
                       .size = convert_size(format),
                       .n_segments = n_segments };
    char text[2048];

    for (size_t i = 0; i < n; i++)
        transmit(&r, 7 + i, starts[i], 90e3 * (double)(i % 2) - 50e3, 1);
    synth_noise(&(struct synth_random){ 3 }, -40, r.x, r.n);
    w.bytes = malloc(r.n * w.size);
    assert_non_null(w.bytes);
    synth_store(format, r.x, r.n, w.bytes);
    put("a.sigmf-data", w.bytes, r.n * w.size);
    int at = snprintf(text, sizeof text,
                      "{\"global\":{\"core:datatype\":\"%s\","
                      "\"core:sample_rate\":%d,\"core:version\":\"1.2.5\"},"
                      "\"captures\":[",
                      sigmf_datatype(format), RATE);
    for (size_t i = 0; i < n_segments; i++) {
        w.segment[i] = s[i];
        at += snprintf(text + at, sizeof text - (size_t)at,
                       "%s{\"core:sample_start\":%d,\"core:global_index\":%d,"
                       "\"core:frequency\":433920000,\"core:datetime\":"
                       "\"2026-03-29T11:27:00Z\"",
                       i == 0 ? "" : ",", (int)s[i].start, (int)s[i].global);
        if (s[i].left_out > 0)
            at += snprintf(text + at, sizeof text - (size_t)at,
                           ",\"fob:left_out\":%d", (int)s[i].left_out);
        at += snprintf(text + at, sizeof text - (size_t)at, "}");
    }
    snprintf(text + at, sizeof text - (size_t)at, "],\"annotations\":[]}");
    put_text("a.sigmf-meta", text);
    free(r.x);
    return w;
}

static int keep(const char *spec, struct keep_cfg cfg, char meta[PATH_MAX],
                struct err *e)
{
    struct source *s = open_ok(spec);
    size_t left_out = 77;
    int status;

    static const volatile sig_atomic_t never;
    struct progress progress = { 0 };

    cfg.folder = "out";
    cfg.progress = &progress;
    if (cfg.stop == NULL)
        cfg.stop = &never;
    if (mkdir("out", 0700) != 0)
        assert_int_equal(errno, EEXIST);
    assert_int_equal(hash_start(), 0);
    status = keep_recording(s, &cfg, meta, &left_out, e);
    if (status == 0)
        assert_int_equal(left_out, 0);
    source_close(s);
    return status;
}

static void fault(void *user, const char *sentence)
{
    fail_msg("%s: %s", (const char *)user, sentence);
}

/* Its document keeps the rules, and has the hash of its data. */
static struct json *kept(const char *spec, struct keep_cfg cfg,
                         char data[PATH_MAX])
{
    struct err e = { "" };
    char meta[PATH_MAX], hex[HASH_HEX];
    struct stat st;
    size_t n;

    if (keep(spec, cfg, meta, &e) < 0)
        fail_msg("%s", e.text);
    assert_int_equal(stat(meta, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    struct json *j = document_of(meta);
    strcpy(data, meta);
    strcpy(data + strlen(data) - 4, "data");
    assert_int_equal(stat(data, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    char *bytes = bytes_of(data, &n);
    hash_bytes(bytes, n, hex);
    free(bytes);
    assert_string_equal(json_text(json_get(j, "global"), "core:sha512"), hex);
    sigmf_rules_check(j, UINT64_MAX, fault, meta);
    assert_int_equal(count_files("out"), 2);
    return j;
}

static size_t segments_of(const struct json *j, struct segment *s)
{
    const struct json *captures = json_get(j, "captures");
    const size_t n = json_size(captures);

    assert_true(n >= 1 && n <= SEGMENTS);
    for (size_t i = 0; i < n; i++) {
        const struct json *c = json_at(captures, i);
        s[i].start = (uint64_t)json_number(c, "core:sample_start", -1);
        s[i].global =
            (uint64_t)json_number(c, "core:global_index", (double)s[i].start);
        s[i].left_out = (uint64_t)json_number(c, "fob:left_out", 0);
    }
    return n;
}

/* Where stream position global is in the whole file; w->n: nowhere. */
static uint64_t find(const struct whole *w, uint64_t global)
{
    size_t i = w->n_segments - 1;

    while (i > 0 && w->segment[i].global > global)
        i--;
    const struct segment *s = &w->segment[i];
    const uint64_t end = i + 1 < w->n_segments ? s[1].start : w->n;
    const uint64_t at = s->start + (global - s->global);
    return global >= s->global && at < end ? at : w->n;
}

static uint64_t place(const struct whole *w, uint64_t global)
{
    const uint64_t at = find(w, global);

    assert_true(at < w->n);
    return at;
}

/* On purpose, in front of file position `before`, behind `after`. What is missing
 * in front of all of it is nobody's loss. */
static uint64_t left_out_between(const struct whole *w, uint64_t after,
                                 uint64_t before)
{
    uint64_t n = 0;

    for (size_t i = 1; i < w->n_segments; i++)
        if (w->segment[i].start <= before && w->segment[i].start > after)
            n += w->segment[i].left_out;
    return n;
}

/* What is in a cut file is what was there, and what is not is accounted for. */
static size_t check_cut(const struct whole *w, const struct json *j,
                        const char *data, bool *is_in)
{
    struct segment s[SEGMENTS];
    const size_t n_segments = segments_of(j, s);
    const uint64_t base = w->segment[0].global; /* it counts from there */
    uint64_t from = 0; /* of the whole file, not yet accounted for */
    size_t n;
    char *bytes = bytes_of(data, &n);

    n /= w->size;
    for (size_t i = 0; i < n_segments; i++) {
        const uint64_t end = i + 1 < n_segments ? s[i + 1].start : n;
        const uint64_t first = place(w, base + s[i].global);
        assert_true(s[i].start < end && first >= from);
        const uint64_t purpose =
            left_out_between(w, from == 0 ? 0 : from - 1, first);
        assert_int_equal(s[i].left_out, first - from + purpose);
        for (uint64_t k = s[i].start; k < end; k++) {
            from = place(w, base + s[i].global + (k - s[i].start));
            assert_memory_equal(bytes + k * w->size, w->bytes + from * w->size,
                                w->size);
            is_in[from++] = true;
        }
    }
    free(bytes);
    return n;
}

/* Frames of a recording, by the pipeline. */
static size_t decode(const char *spec, struct frame *frames)
{
    static char block[1000 * PLAYBACK_BYTES];
    struct source *s = open_ok(spec);
    struct pipeline *p = begin(source_info(s), false);
    struct err e = { "" };
    ssize_t n;

    while ((n = playback_step(s, p, block, 1000, &e)) > 0)
        ;
    assert_int_equal(n, 0);
    end(p);
    source_close(s);
    memcpy(frames, came.frame, sizeof came.frame);
    return came.n;
}

/* Positions count from the first sample: that of b is further on by so many. */
static void same_frames(const struct frame *a, const struct frame *b, size_t n,
                        uint64_t first)
{
    for (size_t i = 0; i < n; i++) {
        assert_ptr_equal(a[i].protocol, b[i].protocol);
        assert_int_equal(a[i].verdict, b[i].verdict);
        assert_int_equal(a[i].bits.n, b[i].bits.n);
        assert_memory_equal(a[i].bits.value, b[i].bits.value, a[i].bits.n);
        if (llabs((long long)(a[i].at - b[i].at - first)) > RATE / 5000)
            fail_msg("frame %zu: at %llu + %llu, not %llu", i,
                     (unsigned long long)b[i].at, (unsigned long long)first,
                     (unsigned long long)a[i].at);
    }
}

/* The time of the first sample is that in the whole. */
static void check_start(const char *data, double seconds)
{
    struct source *s = open_ok(data);

    assert_true(fabs(source_info(s)->recorded_unix_s - 1774783620 - seconds) <
                2e-6);
    source_close(s);
}

/* Cuts a.sigmf-meta with margins of 20 ms, and looks at all of it. */
static size_t cut(struct whole *w, size_t want_frames)
{
    static struct frame before[FRAMES_MAX], after[FRAMES_MAX];
    const uint64_t margin = RATE / 50;
    struct segment s[SEGMENTS];
    char data[PATH_MAX];
    bool *is_in = calloc(w->n, sizeof *is_in);

    assert_non_null(is_in);
    assert_int_equal(decode("a.sigmf-meta", before), want_frames);
    struct json *j =
        kept("a.sigmf-meta",
             (struct keep_cfg){ .is_cut = true, .pre_s = 0.02, .post_s = 0.02 },
             data);
    const size_t n = check_cut(w, j, data, is_in);
    assert_int_equal(decode(data, after), want_frames);
    segments_of(j, s);
    same_frames(before, after, want_frames, s[0].global);
    check_start(data, (double)s[0].global / RATE);
    for (size_t i = 0; i < want_frames; i++) {
        const uint64_t at = before[i].at + w->segment[0].global;
        for (uint64_t k = at < margin ? 0 : at - margin;
             k < at + before[i].samples + margin; k++)
            assert_true(find(w, k) == w->n || is_in[find(w, k)]);
    }
    size_t frames = 0;
    for (size_t i = 0; i < json_size(json_get(j, "annotations")); i++)
        frames += json_get(json_at(json_get(j, "annotations"), i),
                           "fob:frame") != NULL;
    assert_int_equal(frames, want_frames);
    json_free(j);
    free(is_in);
    free(w->bytes);
    assert_int_equal(system("rm -r out"), 0);
    return n;
}

#define CUT(format, seconds, frames, ...)                                      \
    do {                                                                       \
        static const double starts[] = { __VA_ARGS__ };                        \
        struct whole w = make(format, seconds, starts,                         \
                              sizeof starts / sizeof *starts, none, 1);        \
        const size_t n = w.n;                                                  \
        assert_true(cut(&w, frames) < n);                                      \
    } while (0)

static const struct segment none[] = { { 0, 0, 0 } };

static void cut_to_one_burst(void **state)
{
    static const double start = 0.4;
    struct whole w = make(SAMPLE_CU8, 1, &start, 1, none, 1);

    (void)state;
    const size_t n = cut(&w, 1); /* 105 ms, twice 20, and what the finder is */
    assert_true(n > RATE / 8 && n < RATE / 4);
}

static void cut_at_beginning_and_end(void **state)
{
    (void)state;
    CUT(SAMPLE_CU8, 0.8, 1, 0.001);
    CUT(SAMPLE_CU8, 0.8, 1, 0.69);
    CUT(SAMPLE_CU8, 2, 2, 0.001, 1.89);
    CUT(SAMPLE_CU8, 2.1, 3, 0.05, 0.5, 1.98);
}

static void cut_where_margins_meet(void **state)
{
    (void)state;
    CUT(SAMPLE_CU8, 1.2, 2, 0.3, 0.43); /* margins overlap */
    CUT(SAMPLE_CU8, 1.2, 2, 0.3, 0.46);
    CUT(SAMPLE_CU8, 1.2, 2, 0.3, 0.35); /* bursts overlap */
}

static void cut_of_every_format(void **state)
{
    (void)state;
    CUT(SAMPLE_CS8, 0.8, 1, 0.3);
    CUT(SAMPLE_CS16, 0.8, 1, 0.3);
    CUT(SAMPLE_CF32, 0.8, 1, 0.3);
}

/* Between bursts, in a margin, in a burst's tail, twice in one place. */
static void cut_with_gaps(void **state)
{
    static const struct segment gaps[][3] = {
        { { 0, 0, 0 }, { 125000, 225000, 0 }, { 130000, 230001, 0 } },
        { { 0, 0, 0 }, { 48000, 48500, 0 }, { 80000, 90000, 0 } },
        { { 0, 0, 0 }, { 78000, 88000, 10000 }, { 125000, 140000, 5000 } },
        { { 0, 5000, 5000 }, { 125000, 140000, 5000 }, { 125500, 141000, 0 } },
        { { 0, 0, 0 }, { 49990, 50000, 0 }, { 50000, 60000, 3000 } },
    };
    static const double starts[] = { 0.2, 1.3 };

    (void)state;
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        struct whole w = make(SAMPLE_CU8, 1.6, starts, 2, gaps[i], 3);
        assert_true(cut(&w, 2) < w.n);
    }
}

static void whole_with_gaps(void **state)
{
    static const struct segment gaps[] = { { 0, 0, 0 },
                                           { 30000, 31000, 0 },
                                           { 100000, 151000, 20000 } };
    static const double starts[] = { 0.2, 0.6 };
    static struct frame before[FRAMES_MAX], after[FRAMES_MAX];
    struct whole w = make(SAMPLE_CU8, 0.8, starts, 2, gaps, 3);
    const struct owner_words words = { .label = "L", .sticker = "S" };
    struct segment s[SEGMENTS];
    struct entry t;
    struct err e = { "" };
    char data[PATH_MAX];
    size_t n;

    (void)state;
    struct json *j =
        kept("a.sigmf-meta", (struct keep_cfg){ .owner = words }, data);
    assert_int_equal(segments_of(j, s), 3);
    assert_memory_equal(s, gaps, sizeof gaps);
    char *bytes = bytes_of(data, &n);
    assert_int_equal(n, w.n * w.size);
    assert_memory_equal(bytes, w.bytes, n);
    assert_int_equal(decode("a.sigmf-meta", before), 2);
    assert_int_equal(decode(data, after), 2);
    same_frames(before, after, 2, 0);
    assert_true(before[0].at == after[0].at);
    assert_int_equal(entry_from(&t, j, n, "n", &e), 0);
    assert_true(t.samples == w.n && t.lost == 1000 + 30000);
    assert_true(t.start_unix_s == 1774783620 && t.added_unix_s > 1.7e9);
    assert_string_equal(t.owner[0], "L");
    assert_string_equal(t.owner[1], "");
    assert_string_equal(t.owner[3], "S");
    assert_int_equal(t.n_heard, 2);
    json_free(j);
    free(bytes);
    free(w.bytes);
}

static void what_cannot_be_kept(void **state)
{
    const volatile sig_atomic_t stop = 1;
    struct err e = { "" };
    char meta[PATH_MAX];

    (void)state;
    struct whole w = make(SAMPLE_CU8, 0.5, NULL, 0, none, 1);
    free(w.bytes);
    assert_int_equal(
        keep("a.sigmf-meta",
             (struct keep_cfg){ .is_cut = true, .pre_s = 1, .post_s = 1 }, meta,
             &e),
        -ENODATA);
    assert_non_null(strstr(e.text, "no burst"));
    e.text[0] = '\0';
    assert_int_equal(
        keep("a.sigmf-meta", (struct keep_cfg){ .stop = &stop }, meta, &e),
        -EINTR);
    assert_int_equal(keep("a.sigmf-meta",
                          (struct keep_cfg){ .is_cut = true, .stop = &stop },
                          meta, &e),
                     -EINTR);
    put_text("a.sub", "Filetype: Flipper SubGhz RAW File\nVersion: 1\n"
                      "Frequency: 433920000\nPreset: "
                      "FuriHalSubGhzPresetOok650Async\nProtocol: RAW\n"
                      "RAW_Data: 100 -200 300 -400\n");
    assert_int_equal(keep("a.sub", (struct keep_cfg){ 0 }, meta, &e), -EINVAL);
    assert_non_null(strstr(e.text, "a.sub"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cut_to_one_burst),       TEST(cut_at_beginning_and_end),
        TEST(cut_where_margins_meet), TEST(cut_of_every_format),
        TEST(cut_with_gaps),          TEST(whole_with_gaps),
        TEST(what_cannot_be_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
