/* test_playback - a recording block by block: gaps where they are, pulses, ends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/playback.h"
#include "tests/src/opened.h"
#include "tests/src/played.h"

enum { N = 30000 };

/* spec to its end, in blocks of `room`; the blocks are those of the source. */
static struct pipeline_totals play_file(const char *spec, size_t room,
                                        uint64_t *position)
{
    static char block[4096 * PLAYBACK_BYTES], want[4096 * PLAYBACK_BYTES];
    struct source *s = open_ok(spec), *plain = open_ok(spec);
    struct pipeline *p = begin(source_info(s), false);
    const bool is_iq = source_info(s)->kind == SOURCE_IQ;
    struct err e = { "" };
    ssize_t n;

    while ((n = playback_step(s, p, block, room, &e)) > 0) {
        const ssize_t m =
            is_iq ? source_read(plain, want, (size_t)n, &e)
                  : source_read_pulses(plain, (pulse_us *)(void *)want,
                                       (size_t)n, &e);
        assert_true((size_t)n <= room && m == n);
        assert_memory_equal(block, want,
                            (size_t)n * (is_iq ? 2 : sizeof(pulse_us)));
    }
    assert_int_equal(n, 0);
    *position = pipeline_position(p);
    const struct pipeline_totals t = end(p);
    source_close(s);
    source_close(plain);
    return t;
}

static void put_pair(const char *captures)
{
    struct recording r = record(SAMPLE_CU8, 250e3, N / 250e3);
    uint8_t bytes[2 * N];
    char text[512];

    synth_noise(&(struct synth_random){ 3 }, -40, r.x, r.n);
    synth_store(SAMPLE_CU8, r.x, r.n, bytes);
    put("a.sigmf-data", bytes, sizeof bytes);
    snprintf(text, sizeof text,
             "{\"global\":{\"core:datatype\":\"cu8\",\"core:sample_rate\":"
             "250000,\"core:version\":\"1.2.5\"},\"captures\":[%s],"
             "\"annotations\":[]}",
             captures);
    put_text("a.sigmf-meta", text);
    free(r.x);
}

static void gaps_take_their_time(void **state)
{
    static const size_t rooms[] = { 1, 7, 500, 4096 };
    uint64_t position;

    (void)state;
    put_pair("{\"core:sample_start\":0},{\"core:sample_start\":10000,"
             "\"core:global_index\":11000,\"fob:left_out\":400},"
             "{\"core:sample_start\":10001,\"core:global_index\":21001}");
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        const struct pipeline_totals t =
            play_file("a.sigmf-meta", rooms[i], &position);
        assert_true(t.samples == N && t.lost == 600 + 10000);
        assert_true(position == N + 11000);
    }
}

static void without_gaps(void **state)
{
    uint64_t position;

    (void)state;
    put_pair("{\"core:sample_start\":0}");
    const struct pipeline_totals t = play_file("a.sigmf-data", 1000, &position);
    assert_true(t.samples == N && t.lost == 0 && position == N);
}

static void pulses(void **state)
{
    uint64_t position;

    (void)state;
    put_text("a.sub", "Filetype: Flipper SubGhz RAW File\nVersion: 1\n"
                      "Frequency: 433920000\nPreset: "
                      "FuriHalSubGhzPresetOok650Async\nProtocol: RAW\n"
                      "RAW_Data: 100 -200 300 -400 500 -600\n");
    const struct pipeline_totals t = play_file("a.sub", 2, &position);
    assert_true(t.samples >= 1500 && t.samples <= 2100); /* the last is a gap */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(gaps_take_their_time),
        TEST(without_gaps),
        TEST(pulses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
