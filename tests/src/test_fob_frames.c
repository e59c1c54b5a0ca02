/* test_fob_frames - which frames of a sitting are taken for the fob's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/src/drawn.h"

static struct sat a;
static struct sat_fob fob;
static struct fob_frames frames;

static void begin(const struct protocol *p)
{
    fob = sat_fob(p);
    a = sat_file(433.92e6, 600);
}

/* n presses, 3 s apart. */
static void press(struct sat_fob *x, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        a.t += 3;
        sat_send(a.s, x, a.t, 1);
    }
}

static void collect(void)
{
    sat_end(&a);
    memset(&frames, 0x5a, sizeof frames);
    fob_frames_collect(&frames, a.s);
}

static struct fob_buttons names;

static void no_fob(void **state)
{
    struct inference_frame out[4];

    (void)state;
    begin(NULL);
    collect();
    assert_int_equal(frames.n, 0);
    assert_null(frames.best);
    assert_int_equal(fob_frames_present(&frames, 0, &names, out, 4), 0);
    begin(NULL); /* a carrier alone is no frame */
    sat_burst(a.s, &fob, 1, 0.5, 0);
    sat_burst(a.s, &fob, 5, 0.5, 400);
    collect();
    assert_true(a.s->fob >= 0);
    assert_int_equal(frames.n, 0);
    assert_null(frames.best);
}

static void one_a_press_by_time(void **state)
{
    (void)state;
    begin(&protocol_hcs200);
    press(&fob, 5);
    collect();
    assert_int_equal(frames.n, 5);
    for (size_t i = 0; i < frames.n; i++) {
        assert_ptr_equal(frames.frame[i], &a.s->press[i].frame);
        assert_null(frames.button[i]); /* nobody asked */
    }
    assert_non_null(frames.best);
}

static void doubtful_frames_are_left_out(void **state)
{
    static const double confidence[] = { 0.899, 0.95, 0.9, 0.6, 0.999, 0.97 };
    const size_t n = sizeof confidence / sizeof *confidence;

    (void)state;
    begin(&protocol_hcs200);
    for (size_t i = 0; i < n; i++) {
        fob.confidence = confidence[i];
        press(&fob, 1);
    }
    collect();
    assert_int_equal(a.s->n_presses, n);
    assert_int_equal(frames.n, 4);
    for (size_t i = 0; i < frames.n; i++)
        assert_true(frames.frame[i]->confidence >= FOB_FRAMES_SURE);
    assert_ptr_equal(frames.best, &a.s->press[4].frame);
    begin(&protocol_hcs200); /* none of them is sure */
    fob.confidence = 0.89;
    press(&fob, 4);
    collect();
    assert_int_equal(frames.n, 0);
    assert_null(frames.best);
}

static void others_are_left_out(void **state)
{
    struct sat_fob other = sat_fob(&protocol_hcs200);

    (void)state;
    begin(&protocol_hcs200);
    other.serial = 0x1112223;
    other.confidence = 0.9999;
    press(&fob, 3);
    press(&other, 2);
    collect();
    assert_int_equal(a.s->n_presses, 5);
    assert_int_equal(frames.n, 3);
    for (size_t i = 0; i < frames.n; i++)
        assert_int_equal(bits_lsb(&frames.frame[i]->bits, 32, 28), fob.serial);
    assert_true(frames.best->confidence < 0.9999);
}

/* Frames that were read wrong, by the same oscillator. */
static void the_usual_format_counts(void **state)
{
    struct sat_fob bad = sat_fob(NULL);

    (void)state;
    for (unsigned wrong = 1; wrong <= 4; wrong++) {
        begin(&protocol_hcs200);
        bad.confidence = 0.9999; /* surest, and yet not the fob's */
        press(&bad, wrong);
        press(&fob, 5);
        collect();
        assert_int_equal(a.s->n_sources, 1);
        assert_int_equal(frames.n, 5);
        for (size_t i = 0; i < frames.n; i++)
            assert_ptr_equal(frames.frame[i]->protocol, &protocol_hcs200);
        assert_ptr_equal(frames.best->protocol, &protocol_hcs200);
    }
    begin(&protocol_hcs200); /* the other way round */
    press(&fob, 2);
    press(&bad, 3);
    collect();
    assert_int_equal(frames.n, 3);
    assert_null(frames.best->protocol);
}

/* What is doubtful has no say in which format is the usual one. */
static void doubt_does_not_vote(void **state)
{
    struct sat_fob bad = sat_fob(NULL);

    (void)state;
    begin(&protocol_hcs200);
    bad.confidence = 0.8;
    press(&bad, 6);
    press(&fob, 2);
    collect();
    assert_int_equal(frames.n, 2);
    assert_ptr_equal(frames.best->protocol, &protocol_hcs200);
}

static void line_codes_are_not_mixed(void **state)
{
    const struct presses_cfg cfg = { .fobs = 1, .buttons = 2, .presses = 8 };
    struct drawn_cfg c = drawn_usual;
    static struct sitting s;
    const struct presses *p = drawn_presses(3, &cfg);

    (void)state;
    c.is_asked = false;
    drawn_begin(&s, &c);
    for (size_t i = 0; i < p->n; i++) {
        struct frame f;

        c.kind = i < 3 ? LINE_PPM : LINE_PWM;
        f = drawn_frame(&c, &p->sent[i]);
        drawn_press(&s, &f, NULL, 3);
    }
    sitting_settle(&s);
    for (size_t i = 0; i < s.n_presses; i++)
        s.press[i].source = s.fob; /* as if they were told to be one fob's */
    fob_frames_collect(&frames, &s);
    assert_int_equal(frames.n, 5);
    for (size_t i = 0; i < frames.n; i++)
        assert_int_equal(frames.frame[i]->kind, LINE_PWM);
}

static void ask(const char *button, uint64_t action)
{
    sat_ask(&a, button, &fob, action);
    sitting_stop_asking(a.s, a.t);
    a.t += 1;
}

/* Whatever came in between; the numbers are those in which names first came. */
static void buttons_go_by_name(void **state)
{
    static const char *const asked[] = { "lock",   "unlock", "lock", "",
                                         "unlock", "boot",   "lock" };
    static const int want[] = { 0, 1, 0, -1, 1, 2, 0 };
    const size_t n = sizeof want / sizeof *want;
    struct inference_frame out[8];

    (void)state;
    begin(&protocol_hcs200);
    for (size_t i = 0; i < n; i++)
        ask(asked[i], i + 1);
    press(&fob, 1); /* when nothing was asked for */
    collect();
    assert_int_equal(frames.n, n + 1);
    names.n = 0;
    assert_int_equal(fob_frames_present(&frames, 0, &names, out, 8), n + 1);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(out[i].button, want[i]);
    assert_int_equal(out[n].button, -1);
    assert_int_equal(names.n, 3);
    assert_string_equal(names.name[2], "boot");
}

static void frames_are_presented(void **state)
{
    struct inference_frame out[8];

    (void)state;
    begin(&protocol_hcs200);
    ask("lock", 1);
    ask("unlock", 2);
    ask("lock", 1);
    collect();
    names.n = 0;
    for (size_t i = 0; i < 8; i++)
        out[i] = (struct inference_frame){ .fob = 77 };
    assert_int_equal(fob_frames_present(&frames, 3, &names, out, 8), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_ptr_equal(out[i].bits, &frames.frame[i]->bits);
        assert_int_equal(out[i].fob, 3);
        assert_int_equal(out[i].button, i == 1);
    }
    assert_int_equal(out[3].fob, 77); /* untouched */
    out[1].fob = 77;
    assert_int_equal(fob_frames_present(&frames, 3, &names, out, 1), 1);
    assert_int_equal(out[1].fob, 77);
    assert_int_equal(fob_frames_present(&frames, 3, &names, out, 0), 0);
}

/* As many as a sitting holds. */
static void a_full_sitting(void **state)
{
    (void)state;
    begin(&protocol_hcs200);
    fob.copies = 1;
    press(&fob, SITTING_PRESSES_MAX + 5);
    collect();
    assert_int_equal(a.s->left_out, 5);
    assert_int_equal(frames.n, SITTING_PRESSES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_fob),
        cmocka_unit_test(one_a_press_by_time),
        cmocka_unit_test(doubtful_frames_are_left_out),
        cmocka_unit_test(others_are_left_out),
        cmocka_unit_test(the_usual_format_counts),
        cmocka_unit_test(doubt_does_not_vote),
        cmocka_unit_test(line_codes_are_not_mixed),
        cmocka_unit_test(buttons_go_by_name),
        cmocka_unit_test(frames_are_presented),
        cmocka_unit_test(a_full_sitting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
