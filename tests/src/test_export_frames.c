/* test_export_frames - what was exported decodes as the recording did.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "src/export.h"
#include "src/source_name.h"
#include "tests/src/opened.h"
#include "tests/src/played.h"

/* The frames of a file, in came.frame. */
static void decode(const char *spec)
{
    static uint8_t block[8 * 4096];
    struct source *s = open_ok(spec);
    struct pipeline *p = begin(source_info(s), false);
    ssize_t n;

    while ((n = source_read(s, block, 4096, NULL)) > 0)
        pipeline_process(p, block, (size_t)n);
    end(p);
    source_close(s);
}

/* Bits and verdicts; a position may be off by one, as levels are rounded. */
static void check_frames(const struct frame *want, size_t n)
{
    assert_int_equal(came.n, n);
    for (size_t i = 0; i < n; i++) {
        const struct frame *a = &want[i], *b = &came.frame[i];

        assert_ptr_equal(a->protocol, b->protocol);
        assert_int_equal(a->verdict, b->verdict);
        assert_int_equal(a->copies, b->copies);
        assert_int_equal(a->bits.n, b->bits.n);
        assert_memory_equal(a->bits.value, b->bits.value, a->bits.n);
        assert_true(fabs((double)a->at - (double)b->at) <= 1);
    }
}

/* Two presses, level times more than at -20 dBFS. */
static void check_decoding(enum sample_format format, float level)
{
    struct recording r = record(format, 250e3, 1.5);
    const size_t size = synth_sample_bytes(format);
    static struct frame want[FRAMES_MAX];
    char spec[64], path[32];
    uint8_t *bytes = malloc(r.n * size);
    size_t n;

    assert_non_null(bytes);
    transmit(&r, 3, 0.2, 20e3, 3);
    transmit(&r, 4, 0.9, -35e3, 3);
    synth_noise(&(struct synth_random){ 9 }, -40, r.x, r.n);
    for (size_t i = 0; i < r.n; i++)
        r.x[i] *= level;
    synth_store(format, r.x, r.n, bytes);
    if (format == SAMPLE_CF32)
        memcpy(bytes, r.x, r.n * size); /* beyond full scale as well */
    snprintf(spec, sizeof spec, "%s:250k:433.92M:a",
             source_format_word(format));
    put("a", bytes, r.n * size);
    free(bytes);
    free(r.x);
    decode(spec);
    assert_int_equal(came.n, 2);
    n = came.n;
    memcpy(want, came.frame, n * sizeof *want);
    for (int i = EXPORT_WAV; i <= EXPORT_CU8; i++) {
        const struct export_cfg cfg = { .format = (enum export_format)i };
        struct export_done done;
        struct err e;

        snprintf(path, sizeof path, "%d_433.92M_250k.cu8", i);
        /* whose content counts, not its ending */
        assert_int_equal(export_write(spec, path, &cfg, &done, &e), 0);
        decode(path);
        check_frames(want, n);
        unlink(path);
    }
}

static void test_same_frames(void **state)
{
    (void)state;
    check_decoding(SAMPLE_CU8, 1);
    check_decoding(SAMPLE_CS8, 1);
    check_decoding(SAMPLE_CS16, 1);
    check_decoding(SAMPLE_CS16, 0.02f);
    check_decoding(SAMPLE_CF32, 1);
    check_decoding(SAMPLE_CF32, 1e-3f);
    check_decoding(SAMPLE_CF32, 1e4f);
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(test_same_frames) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
