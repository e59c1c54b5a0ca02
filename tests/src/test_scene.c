/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/scene.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/scene_impl.h"
#include "tests/protocols/sent.h"
#include "tests/src/opened.h"

extern const struct protocol protocol_hcs200;

#define RATE_HZ    250e3
#define CARRIER_HZ 30e3
#define TE_US      400.0

enum { SAMPLES = 150000 }; /* 0.6 s */

static struct scene *make(const char *spec, bool is_full)
{
    const struct scene_cfg cfg = { .is_full = is_full };
    struct source *s = open_ok(spec);
    struct scene *scene = NULL;
    struct err e = { "" };

    if (scene_create(&scene, s, &cfg, &e) < 0)
        fail_msg("%s: %s", spec, e.text);
    source_close(s);
    return scene;
}

/* Two copies of a frame of random bits, from 0.1 s on. */
static void record(const char *name, uint64_t seed, double level_dbfs)
{
    const struct waveform *w = protocol_hcs200.waveforms;
    struct synth_random bits = { seed }, noise = { 1 };
    const struct bits b = sent_bits(&protocol_hcs200, w->n_bits, &bits);
    struct synth_train t = { 0 };
    iq *x = calloc(SAMPLES, sizeof *x);
    uint8_t *stored = malloc(SAMPLES * synth_sample_bytes(SAMPLE_CS16));

    assert_true(x != NULL && stored != NULL);
    for (int i = 0; i < 2; i++)
        sent_frame(&t, w, TE_US, &b);
    synth_transmit(&(struct synth_transmitter){ .train = &t,
                                                .modulation = MODULATION_OOK,
                                                .start_samples = 25000.4,
                                                .carrier_hz = CARRIER_HZ,
                                                .level_dbfs = level_dbfs },
                   RATE_HZ, 0, x, SAMPLES);
    synth_noise(&noise, -50, x, SAMPLES);
    synth_store(SAMPLE_CS16, x, SAMPLES, stored);
    put(name, stored, SAMPLES * synth_sample_bytes(SAMPLE_CS16));
    synth_free(&t);
    free(stored);
    free(x);
}

/* Where and how strong the strongest cell is. */
static float peak(const struct scene_grid *g, double *at_s, double *at_hz)
{
    float most = -INFINITY;

    for (size_t x = 0; x < g->columns; x++)
        for (size_t y = 0; y < g->rows; y++) {
            const float v = g->power_dbfs[x * g->rows + y];

            if (!(v > most))
                continue;
            most = v;
            *at_s = ((double)x + 0.5) * g->column_s;
            *at_hz = g->low_hz + ((double)y + 0.5) * (g->high_hz - g->low_hz) /
                                     (double)g->rows;
        }
    return most;
}

static void shows_what_was_sent(void **state)
{
    struct scene *s;
    double at_s = 0, at_hz = 0;

    (void)state;
    record("a.cs16", 1, -12);
    s = make("cs16:433.92M:250k:a.cs16", true);
    assert_int_equal(s->totals.samples, SAMPLES);
    assert_true(fabs(s->duration_s - 0.6) < 1e-9);
    assert_int_equal(s->n_bursts, 1);
    assert_true(s->burst[0].has_frame);
    assert_true(s->burst[0].start_s > 0.05 && s->burst[0].start_s < 0.101);
    assert_int_equal(s->n_presses, 1);
    assert_ptr_equal(s->press[0].frame.protocol, &protocol_hcs200);
    assert_true(s->grid.columns <= SCENE_COLUMNS_MAX && s->grid.columns >= 200);
    assert_true(fabs((double)s->grid.columns * s->grid.column_s - 0.6) <
                2 * s->grid.column_s);
    /* a chip fills a block of 1 ms in part: some decibels less than it has */
    assert_true(fabsf(peak(&s->grid, &at_s, &at_hz) + 12) < 6);
    assert_true(at_s > 0.1 && at_s < 0.35);
    assert_true(fabs(at_hz - CARRIER_HZ) < 1500);
    scene_destroy(s);
}

static float largest(const float *v, size_t n, size_t *at)
{
    float most = -INFINITY;

    for (size_t i = 0; i < n; i++)
        if (v[i] > most) {
            most = v[i];
            *at = i;
        }
    return most;
}

/* The level of the carrier within 0.5 dB, its place within a bin, its edges. */
static void a_burst_close_up(void **state)
{
    const struct scene_closeup *c;
    struct scene *s;
    size_t at = 0, near = 0;

    (void)state;
    record("a.cs16", 1, -12);
    s = make("cs16:433.92M:250k:a.cs16", true);
    c = &s->closeup;
    assert_true(s->has_closeup);
    assert_true(fabs((double)c->at / RATE_HZ - 0.1) < 100e-6);
    assert_true(c->n <= SCENE_POINTS_MAX);
    assert_true(c->first_ms < 0 && c->first_ms >= -3.1);
    assert_true(fabsf(largest(c->level_dbfs, c->n, &at) + 12) < 0.5f);
    assert_true(c->n_bins > 50 && c->n_bins <= SCENE_BINS_MAX);
    largest(c->power_dbfs, c->n_bins, &at);
    assert_true(fabs(c->first_hz + (double)at * c->step_hz) <= c->step_hz);
    assert_true(c->n_highs > 100 && c->n_lows > 100);
    for (size_t i = 0; i < c->n_highs; i++)
        near += fabs((double)c->high_us[i] - TE_US) < 12 ||
                fabs((double)c->high_us[i] - 2 * TE_US) < 12;
    assert_true(near >= c->n_highs - 2);
    scene_destroy(s);
}

/* How far apart two recordings look at most, in decibels, where either is 10 dB
 * over the noise. */
static double differ(const float *a, const float *b, size_t n, float floor)
{
    double most = 0;

    for (size_t i = 0; i < n; i++)
        if (a[i] > floor || b[i] > floor)
            most = fmax(most, fabs((double)a[i] - (double)b[i]));
    return most;
}

/* Other bits look the same when they are hidden, and another when they are not. */
static void hidden_bits_do_not_show(void **state)
{
    struct scene *s[2][2];

    (void)state;
    record("a.cs16", 1, -12);
    record("b.cs16", 2, -12);
    for (int full = 0; full < 2; full++) {
        s[full][0] = make("cs16:433.92M:250k:a.cs16", full);
        s[full][1] = make("cs16:433.92M:250k:b.cs16", full);
        const struct scene *a = s[full][0], *b = s[full][1];
        const size_t cells = a->grid.columns * a->grid.rows;
        const size_t n =
            a->closeup.n < b->closeup.n ? a->closeup.n : b->closeup.n;

        assert_memory_not_equal(a->press[0].frame.bits.value,
                                b->press[0].frame.bits.value,
                                a->press[0].frame.bits.n);
        assert_int_equal(b->grid.columns * b->grid.rows, cells);
        assert_true(a->closeup.step_ms > 0 &&
                    fabs(a->closeup.step_ms - b->closeup.step_ms) < 1e-9);
        const double grid =
            differ(a->grid.power_dbfs, b->grid.power_dbfs, cells, -30);
        const double level =
            differ(a->closeup.level_dbfs, b->closeup.level_dbfs, n, -30);

        if (full) {
            assert_true(grid > 6);
            assert_true(level > 15);
        } else {
            assert_true(a->grid.column_s >= SCENE_COARSE_S);
            assert_true(grid < 2);
            assert_true(level < 1);
        }
    }
    for (int i = 0; i < 4; i++)
        scene_destroy(s[i / 2][i % 2]);
}

static void noise_has_no_bursts(void **state)
{
    struct scene *s;

    (void)state;
    s = make("captures/noise/noise.sigmf-meta", false);
    assert_int_equal(s->n_bursts, 0);
    assert_int_equal(s->n_presses, 0);
    assert_false(s->has_closeup);
    assert_true(s->grid.columns > 0);
    scene_destroy(s);
}

/* Edges: no spectrum, and keying instead of levels. */
static void pulses_have_no_samples(void **state)
{
    struct scene *s;
    size_t on = 0;

    (void)state;
    s = make("captures/hitag2-rke/hitag2-rke.sub", true);
    assert_int_equal(s->grid.columns, 0);
    assert_true(s->has_closeup);
    assert_int_equal(s->closeup.n_bins, 0);
    assert_true(s->closeup.n > 100 && s->closeup.n_highs > 50);
    for (size_t i = 0; i < s->closeup.n; i++) {
        assert_true(s->closeup.level_dbfs[i] == 0 ||
                    s->closeup.level_dbfs[i] == 1);
        on += s->closeup.level_dbfs[i] == 1;
    }
    assert_true(on > s->closeup.n / 5 && on < s->closeup.n * 4 / 5);
    scene_destroy(s);
    s = make("captures/hitag2-rke/hitag2-rke.sub", false);
    assert_true(s->closeup.n > 100);
    scene_destroy(s);
}

/* Long recordings of unknown length, with a gap: columns are joined, and a tone is
 * where it was. */
static void columns_are_joined(void **state)
{
    const struct source_info info = { .kind = SOURCE_IQ,
                                      .format = SAMPLE_CF32,
                                      .rate_hz = 64e3 };
    enum { N = 64000 };
    struct scene_grid g = { 0 };
    struct scene_painter p = { 0 };
    iq *x = calloc(N, sizeof *x);
    double at_s = 0, at_hz = 0;
    size_t empty = 0;

    (void)state;
    assert_int_equal(scene_painter_init(&p, &g, &info, true), 0);
    for (int s = 0; s < 20; s++) {
        for (int i = 0; i < N; i++)
            x[i] = (iq)(s == 13 ? 0.5 * cexp(2 * M_PI * I * 0.25 * i) : 1e-4);
        scene_painter_process(&p, x, N);
        assert_true(g.columns <= SCENE_COLUMNS_MAX);
    }
    scene_painter_skip(&p, (uint64_t)N * 100);
    scene_painter_process(&p, x, N);
    scene_painter_skip(&p, UINT64_C(1) << 50);
    scene_painter_process(&p, x, N);
    scene_painter_flush(&p);
    assert_true(g.columns <= SCENE_COLUMNS_MAX);
    assert_true(g.columns > SCENE_COLUMNS_MAX / 4);
    assert_true(fabsf(peak(&g, &at_s, &at_hz) + 6) < 0.2f);
    assert_true(at_s < g.column_s);
    assert_true(fabs(at_hz - 16e3) < 2 * 64e3 / (double)g.rows);
    for (size_t i = 0; i < g.columns; i++)
        empty += isnan(g.power_dbfs[i * g.rows]) ? 1 : 0;
    assert_int_equal(empty, g.columns - 2);
    scene_painter_finish(&p);
    free(g.power_dbfs);
    free(x);
}

static void stops_when_asked(void **state)
{
    const volatile sig_atomic_t stop = 1;
    const struct scene_cfg cfg = { .stop = &stop };
    struct source *s = open_ok("captures/noise/noise.sigmf-meta");
    struct scene *scene = NULL;
    struct err e = { "" };

    (void)state;
    assert_int_equal(scene_create(&scene, s, &cfg, &e), -EINTR);
    assert_null(scene);
    source_close(s);
    scene_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_has_no_bursts),
        cmocka_unit_test(pulses_have_no_samples),
        cmocka_unit_test(stops_when_asked),
        cmocka_unit_test(columns_are_joined),
        cmocka_unit_test_setup_teardown(shows_what_was_sent, enter, leave),
        cmocka_unit_test_setup_teardown(a_burst_close_up, enter, leave),
        cmocka_unit_test_setup_teardown(hidden_bits_do_not_show, enter, leave),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
