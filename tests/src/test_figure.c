/* The figures: what they say of a fob, what they keep to themselves, and that no
 * numbers harm them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/figure.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/figure_impl.h"
#include "tests/support/synth.h"

struct bytes {
    void *at;
    size_t n;
};

static struct draw *create(void)
{
    struct draw *d = NULL;

    assert_int_equal(draw_create(&d, DRAW_PNG, 640, 300, NULL), 0);
    return d;
}

static struct bytes finish(struct draw *d)
{
    struct bytes b = { NULL, 0 };
    struct err e = { "" };

    if (draw_finish(d, &b.at, &b.n, &e) < 0)
        fail_msg("%s", e.text);
    draw_destroy(d);
    return b;
}

static bool are_same(struct bytes a, struct bytes b)
{
    const bool is_same = a.n == b.n && memcmp(a.at, b.at, a.n) == 0;

    free(a.at);
    free(b.at);
    return is_same;
}

static const struct field fields[] = {
    { .name = "serial", .at = 0, .bits = 8, .role = ROLE_IDENTITY },
    { .name = "button", .at = 8, .bits = 4, .role = ROLE_ACTION },
    { .name = "battery", .at = 12, .bits = 1, .role = ROLE_STATUS },
    { .name = "count", .at = 13, .bits = 6, .role = ROLE_COUNTER },
    { .name = "hop", .at = 19, .bits = 8, .role = ROLE_ROLLING },
    { .name = "crc", .at = 27, .bits = 4, .role = ROLE_CHECK },
    { .name = "stop", .at = 31, .bits = 2, .role = ROLE_FIXED },
    { 0 },
};
enum { BITS = 34 }; /* the last is in no field */

static struct bytes draw_bits(const uint8_t bit[BITS], bool is_redacted,
                              bool is_hiding)
{
    bool hidden[BITS_MAX] = { false };
    const struct figure_row row = { .bit = bit, .n = BITS, .label = "1 lock" };
    const struct figure_bits f = {
        .text = { .title = "Bits" },
        .row = &row,
        .n_rows = 1,
        .field = fields,
        .is_redacted = is_redacted,
        .is_hidden = is_hiding ? hidden : NULL,
    };
    struct draw *d = create();

    hidden[31] = hidden[32] = hidden[0] = true;
    figure_bits(d, draw_box(d), &f);
    return finish(d);
}

/* Whether the picture is another when bit i is. */
static bool tells(size_t i, bool is_redacted, bool is_hiding)
{
    uint8_t bit[BITS] = { 0, 1, 0, 0, 1 };
    struct bytes a = draw_bits(bit, is_redacted, is_hiding);

    bit[i] ^= 1;
    return !are_same(a, draw_bits(bit, is_redacted, is_hiding));
}

static void redacted_bits_tell_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < BITS; i++) {
        const bool is_button = i >= 8 && i < 13;
        const bool is_stop = i >= 31 && i < 33;

        assert_true(tells(i, false, false));
        assert_true(tells(i, false, true));
        assert_int_equal(tells(i, true, false), is_button || is_stop);
        assert_int_equal(tells(i, true, true), is_button);
    }
}

/* A box of nothing is not the same as an empty picture: it says why. */
static void empty_figures_say_so(void **state)
{
    const struct figure_text t = { .title = "T" };
    struct draw *d[8];
    struct bytes blank;

    (void)state;
    for (int i = 0; i < 8; i++)
        d[i] = create();
    blank = finish(d[7]);
    figure_spectrogram(d[0], draw_box(d[0]),
                       &(struct figure_spectrogram){ .text = t });
    figure_spectra(d[1], draw_box(d[1]), &(struct figure_spectra){ .text = t });
    figure_envelopes(d[2], draw_box(d[2]),
                     &(struct figure_envelopes){ .text = t });
    figure_lengths(d[3], draw_box(d[3]), &(struct figure_lengths){ .text = t });
    figure_presses(d[4], draw_box(d[4]), &(struct figure_presses){ .text = t });
    figure_bits(d[5], draw_box(d[5]), &(struct figure_bits){ .text = t });
    figure_nothing(d[6], draw_box(d[6]), &t);
    struct bytes first = finish(d[0]);

    assert_false(first.n == blank.n);
    for (int i = 1; i < 7; i++) {
        struct bytes b = finish(d[i]);

        assert_false(b.n == blank.n);
        if (i < 6) /* all of them say the same */
            assert_int_equal(b.n, first.n);
        free(b.at);
    }
    free(first.at);
    free(blank.at);
}

static float some_float(struct synth_random *r)
{
    static const float odd[] = { NAN,   INFINITY, -INFINITY, 0,
                                 1e38f, -1e38f,   1e-38f,    -3 };
    const uint64_t v = synth_random_u64(r);

    return v % 3 ? (float)(synth_random_unit(r) * 100 - 80)
                 : odd[v / 3 % (sizeof odd / sizeof *odd)];
}

static double some_double(struct synth_random *r)
{
    static const double odd[] = { NAN,   INFINITY, -INFINITY, 0,
                                  1e300, -1e300,   1e-300 };
    const uint64_t v = synth_random_u64(r);

    return v % 2 ? synth_random_unit(r) * 200 - 100
                 : odd[v / 2 % (sizeof odd / sizeof *odd)];
}

enum { VALUES = 64 };

/* Numbers that nobody measured, in boxes of every size. */
static void no_numbers_do_harm(void **state)
{
    struct synth_random r = { 7 };
    float value[VALUES];
    double press[VALUES];

    (void)state;
    for (int round = 0; round < 300; round++) {
        struct draw *d = create();
        const struct box b = { some_double(&r), some_double(&r),
                               round % 3 ? 600 : some_double(&r),
                               round % 2 ? 280 : some_double(&r) };
        const struct figure_text t = { .title = "T", .note = "n" };
        struct figure_burst burst[2];

        for (int i = 0; i < VALUES; i++) {
            value[i] = some_float(&r);
            press[i] = some_double(&r);
        }
        for (int i = 0; i < 2; i++)
            burst[i] =
                (struct figure_burst){ some_double(&r), some_double(&r),
                                       some_double(&r), some_double(&r) };
        figure_spectrogram(
            d, b,
            &(struct figure_spectrogram){ .text = t,
                                          .power_dbfs = value,
                                          .columns = 8,
                                          .rows = 8,
                                          .start_s = some_double(&r),
                                          .column_s = some_double(&r),
                                          .low_hz = some_double(&r),
                                          .high_hz = some_double(&r),
                                          .centre_hz = some_double(&r),
                                          .burst = burst,
                                          .n_bursts = 2 });
        figure_spectra(
            d, b,
            &(struct figure_spectra){
                .text = t,
                .of = { { value, VALUES, some_double(&r), some_double(&r) },
                        { value, 3, 0, 1 } },
                .n = 2 });
        figure_envelopes(
            d, b,
            &(struct figure_envelopes){
                .text = t,
                .of = { { value, VALUES, some_double(&r), some_double(&r) } },
                .n = 1 });
        figure_lengths(
            d, b,
            &(struct figure_lengths){
                .text = t, .of = { { value, value, VALUES, 5 } }, .n = 1 });
        figure_presses(
            d, b,
            &(struct figure_presses){ .text = t,
                                      .span_min = some_double(&r),
                                      .of = { { press, NULL, VALUES } },
                                      .n = 1 });
        free(finish(d).at);
    }
}

/* 1, 2 or 5 times a power of ten, and never more ticks than asked for. */
static void steps_are_round(void **state)
{
    (void)state;
    for (double span = 1e-6; span < 1e9; span *= 1.37)
        for (double most = 2; most < 20; most++) {
            const double step = figure_step(span, most);
            const double share = step / pow(10, floor(log10(step) + 1e-9));

            assert_true(fabs(share - 1) < 1e-6 || fabs(share - 2) < 1e-6 ||
                        fabs(share - 5) < 1e-6);
            assert_true(span / step <= most * (1 + 1e-9));
            assert_true(span / step >= most / 2.5 * (1 - 1e-9));
        }
}

static void numbers_have_no_idle_digits(void **state)
{
    static const struct {
        double value, step;
        const char *text;
    } cases[] = {
        { 433.92, 0.02, "433.92" }, { -40, 20, "-40" },    { 0.3, 0.1, "0.3" },
        { -1e-12, 0.1, "0.0" },     { 1500, 500, "1500" }, { 2, 0.5, "2.0" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[32];

        figure_number(text, cases[i].value, cases[i].step);
        assert_string_equal(text, cases[i].text);
    }
}

/* The second fob is in the picture, and has another look than the first. */
static void two_fobs_are_told_apart(void **state)
{
    float a[VALUES], b[VALUES];
    struct figure_spectra f = { .text = { .title = "Spectra" },
                                .of = { { a, VALUES, -3, 0.1 },
                                        { b, VALUES, -3, 0.1 } },
                                .n = 2 };
    struct draw *d[3];

    (void)state;
    for (int i = 0; i < VALUES; i++) {
        a[i] = (float)(-40 + i % 7);
        b[i] = (float)(-60 + i % 5);
    }
    for (int i = 0; i < 3; i++) {
        d[i] = create();
        if (i == 1) { /* the other way round */
            f.of[0].level_db = b;
            f.of[1].level_db = a;
        }
        f.n = i == 2 ? 1 : 2;
        figure_spectra(d[i], draw_box(d[i]), &f);
    }
    struct bytes x = finish(d[0]), y = finish(d[1]), z = finish(d[2]);

    assert_false(x.n == z.n && memcmp(x.at, z.at, x.n) == 0);
    free(z.at);
    assert_false(are_same(x, y));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(redacted_bits_tell_nothing),
        cmocka_unit_test(empty_figures_say_so),
        cmocka_unit_test(no_numbers_do_harm),
        cmocka_unit_test(steps_are_round),
        cmocka_unit_test(numbers_have_no_idle_digits),
        cmocka_unit_test(two_fobs_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
