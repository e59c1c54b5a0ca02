/* fuzz_compare - bytes as two recordings: held against each other, and each drawn.
 * What is said must be whole, whatever was heard.
 *
 *   byte 0          bits 0, 1: each is pulses (.sub), not samples; bit 2: all is
 *                   shown; bit 3: one sitting; the rest: width of the table
 *   byte 1          how long the first one is, in 256ths of what follows
 *   the rest        both, cu8 samples of 250 kHz or the lines of a .sub
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>

#include "src/check_files.h"
#include "src/report_compare.h"
#include "src/view.h"
#include "tests/fuzz/fuzz_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One of the two. */
struct side {
    char path[64];
    struct sitting sitting;
    struct identify_subject subject;
    struct verdict_result verdict;
};

static void put(struct side *y, int number, bool is_pulses, const uint8_t *data,
                size_t n)
{
    static const char header[] = "Filetype: Flipper SubGhz RAW File\n"
                                 "Frequency: 433920000\nRAW_Data: ";
    FILE *f;

    snprintf(y->path, sizeof y->path, "/tmp/fuzz_compare_%ld_%d_%s",
             (long)getpid(), number, is_pulses ? ".sub" : "433.92M_250k.cu8");
    f = fopen(y->path, "wb");
    if (f == NULL || (is_pulses && fputs(header, f) < 0) ||
        fwrite(data, 1, n, f) != n || fclose(f) != 0)
        abort();
}

static void play(struct side *y)
{
    static const volatile sig_atomic_t never;
    struct progress progress = { 0 };
    struct check_files c = { .sitting = &y->sitting,
                             .progress = &progress,
                             .stop = &never };
    struct source *source = NULL;
    struct err e = { "" };

    sitting_init(&y->sitting, 1, false);
    if (source_open(&source, y->path, NULL, &e) < 0 ||
        check_files_play(&c, source, &e) < 0)
        fuzz_check_sentence(e.text);
    source_close(source);
}

static void draw(const struct side *y, bool is_full)
{
    const struct scene_cfg scene_cfg = { .is_full = is_full };
    const struct view_cfg cfg = { .name = y->path, .is_full = is_full };
    struct source *source = NULL;
    struct scene *scene = NULL;
    struct draw *d = NULL;
    struct err e = { "" };
    void *bytes = NULL;
    size_t n = 0;

    if (source_open(&source, y->path, NULL, &e) == 0 &&
        scene_create(&scene, source, &scene_cfg, &e) == 0) {
        if (draw_create(&d, DRAW_SVG, VIEW_W, VIEW_H, &e) < 0 ||
            view_draw(d, scene, &cfg, &e) < 0 ||
            draw_finish(d, &bytes, &n, &e) < 0)
            abort();
        assert(n > 0);
    }
    free(bytes);
    draw_destroy(d);
    scene_destroy(scene);
    source_close(source);
}

static void print(const void *r, struct report_table *t)
{
    report_compare_text(r, t);
}

static void report(const struct report_compare *r, size_t width)
{
    fuzz_report(report_compare_json(r), report_compare_status(r), width, print,
                r);
}

static void compare(struct side *a, struct side *b, struct inferrer *m,
                    unsigned how)
{
    static struct comparison c;
    const struct verdict_cfg usual = { .market_hz = NAN };
    struct side *side[2] = { a, b };
    struct compare_fob fob[2];

    for (int i = 0; i < 2; i++) {
        sitting_settle(&side[i]->sitting);
        identify_subject_gather(&side[i]->subject, &side[i]->sitting, m);
        verdict_judge(&side[i]->verdict, &side[i]->sitting, &usual);
        fob[i] = (struct compare_fob){ side[i]->path, &side[i]->subject,
                                       &side[i]->verdict };
    }
    compare_judge(&c, &fob[0], &fob[1],
                  &(struct compare_cfg){ .is_one_sitting = how & 8 }, m);
    assert(c.n <= COMPARE_ROWS && c.conclusion[0] != '\0');
    for (size_t i = 0; i < c.n; i++)
        assert(strlen(c.row[i].why) < COMPARE_WHY - 1);
    report(&(struct report_compare){ .fob = fob,
                                     .comparison = &c,
                                     .n = 2,
                                     .is_one_sitting = how & 8,
                                     .is_full = how & 4 },
           40 + (how & 0xF0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct side a, b;
    static struct inferrer m;
    static bool has_inferrer;

    if (size < 4 || size > 1 << 17)
        return 0;
    if (!has_inferrer && inferrer_init(&m) < 0)
        abort();
    has_inferrer = true;
    const size_t n = (size - 2) * data[1] / 256 & ~(size_t)1;
    put(&a, 0, data[0] & 1, data + 2, n);
    put(&b, 1, data[0] & 2, data + 2 + n, size - 2 - n);
    play(&a);
    play(&b);
    compare(&a, &b, &m, data[0]);
    draw(&a, data[0] & 4);
    draw(&b, data[0] & 4);
    unlink(a.path);
    unlink(b.path);
    return 0;
}
