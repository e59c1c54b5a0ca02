/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/view.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/src/opened.h"

static void sizes_are_read(void **state)
{
    static const char *const bad[] = {
        "",
        "x",
        "1200",
        "1200x",
        "x900",
        "1200x900x",
        "1200 x900",
        "1200x 900",
        "-1200x900",
        "+1200x900",
        "399x300",
        "400x299",
        "4097x300",
        "400x4097",
        "0x0",
        "1e3x900",
        "1200X900",
        "1200x0x384",
        "99999999999999999999x900",
        "1200x18446744073709552516",
    };
    unsigned w = 0, h = 0;

    (void)state;
    assert_int_equal(view_parse_size("1200x900", &w, &h, NULL), 0);
    assert_int_equal(w, 1200);
    assert_int_equal(h, 900);
    assert_int_equal(view_parse_size("400x4096", &w, &h, NULL), 0);
    assert_int_equal(w, 400);
    assert_int_equal(h, 4096);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = { "" };

        w = h = 7;
        if (view_parse_size(bad[i], &w, &h, &e) != -EINVAL)
            fail_msg("%s is taken", bad[i]);
        assert_int_equal(w, 7);
        assert_int_equal(h, 7);
        assert_non_null(strstr(e.text, "--size"));
    }
}

struct bytes {
    void *at;
    size_t n;
};

static struct bytes view(const struct scene *s, enum draw_kind kind,
                         const char *name, bool is_full, unsigned w, unsigned h)
{
    const struct view_cfg cfg = { .name = name, .is_full = is_full };
    struct draw *d = NULL;
    struct bytes b = { NULL, 0 };
    struct err e = { "" };

    assert_int_equal(draw_create(&d, kind, w, h, NULL), 0);
    if (view_draw(d, s, &cfg, &e) < 0 || draw_finish(d, &b.at, &b.n, &e) < 0)
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

static struct scene *make(const char *spec)
{
    struct source *s = open_ok(spec);
    struct scene *scene = NULL;
    struct err e = { "" };

    if (scene_create(&scene, s, &(struct scene_cfg){ 0 }, &e) < 0)
        fail_msg("%s", e.text);
    source_close(s);
    return scene;
}

/* A name may be a serial; so may every bit of identity, code and counter. */
static void a_redacted_view_names_nothing(void **state)
{
    struct scene *s =
        make("captures/hcs200-lock-unlock/hcs200-lock-unlock.sigmf-meta");
    struct bytes a, b;

    (void)state;
    assert_int_equal(s->n_presses, 2);
    a = view(s, DRAW_PNG, "0123456", false, 1200, 900);
    b = view(s, DRAW_PNG, "7654321", false, 1200, 900);
    assert_true(are_same(a, b));
    a = view(s, DRAW_PNG, "0123456", true, 1200, 900);
    b = view(s, DRAW_PNG, "7654321", true, 1200, 900);
    assert_false(are_same(a, b));
    for (size_t i = 0; i < 60; i++) { /* hop and serial of HCS200 */
        uint8_t *bit = &s->press[0].frame.bits.value[i];

        a = view(s, DRAW_PNG, NULL, false, 400, 300);
        *bit ^= 1;
        b = view(s, DRAW_PNG, NULL, false, 400, 300);
        assert_true(are_same(a, b));
        *bit ^= 1;
    }
    a = view(s, DRAW_PNG, NULL, true, 400, 300);
    s->press[0].frame.bits.value[40] ^= 1;
    b = view(s, DRAW_PNG, NULL, true, 400, 300);
    assert_false(are_same(a, b));
    scene_destroy(s);
}

/* Every shape of picture, of every kind of recording, is whole. */
static void all_shapes_are_drawn(void **state)
{
    static const char *const specs[] = {
        "captures/noise/noise.sigmf-meta",
        "captures/hitag2-rke/hitag2-rke.sub",
        "captures/unknown-manchester/unknown-manchester.sigmf-meta",
        "captures/key-conundrum-a/key-conundrum-a.sigmf-meta",
    };
    static const unsigned sizes[][2] = {
        { 400, 300 }, { 400, 4096 }, { 4096, 300 }, { 1200, 900 }
    };

    (void)state;
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        struct scene *s = make(specs[i]);

        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            struct bytes b = view(s, k % 2 ? DRAW_SVG : DRAW_PNG, NULL, k == 0,
                                  sizes[k][0], sizes[k][1]);

            assert_true(b.n > 5000);
            free(b.at);
        }
        scene_destroy(s);
    }
}

/* As many bursts and presses as a scene holds. */
static void crowds_are_drawn(void **state)
{
    struct scene *s = make("captures/hcs200-weak/hcs200-weak.sigmf-meta");

    (void)state;
    assert_true(s->n_presses > 0);
    for (size_t i = s->n_bursts; i < SCENE_BURSTS_MAX; i++)
        s->burst[s->n_bursts++] = s->burst[0];
    for (size_t i = s->n_presses; i < SCENE_PRESSES_MAX; i++) {
        s->press[i] = s->press[0];
        s->press[s->n_presses++].number = (unsigned)i + 1;
    }
    free(view(s, DRAW_PNG, NULL, false, 1200, 900).at);
    s->info.centre_hz = NAN;
    s->bursts_left_out = SIZE_MAX / 2;
    free(view(s, DRAW_PNG, NULL, true, 1200, 900).at);
    scene_destroy(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_read),
        cmocka_unit_test(a_redacted_view_names_nothing),
        cmocka_unit_test(all_shapes_are_drawn),
        cmocka_unit_test(crowds_are_drawn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
