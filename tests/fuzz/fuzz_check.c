/* fuzz_check - bytes as a prompts file, a limits file and a recording, through a
 * whole check: what is said must be whole, whatever was heard.
 *
 *   up to the first 0    the prompts file
 *   up to the second     the limits file
 *   next byte            the market; whether all is shown
 *   next byte            how often the rest is repeated, and the silence between
 *   the rest             cu8 samples of 250 kHz
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>

#include "src/check_files.h"
#include "src/check_limits.h"
#include "src/report_check.h"
#include "src/verdict.h"
#include "tests/fuzz/fuzz_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SAMPLES_MAX = 1 << 17 };

/* A file with these bytes; its name is where room is. */
static void put(char name[64], const char *ending, const uint8_t *data,
                size_t n)
{
    FILE *f;

    snprintf(name, 64, "/tmp/fuzz_check_%ld%s", (long)getpid(), ending);
    f = fopen(name, "wb");
    if (f == NULL || fwrite(data, 1, n, f) != n || fclose(f) != 0)
        abort();
}

/* The part up to a 0, or all of it. */
static size_t part(const uint8_t *data, size_t n)
{
    const uint8_t *end = memchr(data, 0, n);

    return end != NULL ? (size_t)(end - data) : n;
}

static void put_samples(char name[64], const uint8_t *data, size_t n,
                        unsigned how)
{
    const size_t times = 1 + (how & 31), silence = n * (how >> 5);
    uint8_t *bytes = malloc(SAMPLES_MAX);
    size_t used = 0;

    if (bytes == NULL)
        abort();
    for (size_t i = 0; i < times && used + n + silence <= SAMPLES_MAX; i++) {
        memcpy(bytes + used, data, n);
        memset(bytes + used + n, 127, silence);
        used += n + silence;
    }
    put(name, "_433.92M_250k.cu8", bytes, used);
    free(bytes);
}

static void play(struct sitting *s, const char *spec)
{
    static const volatile sig_atomic_t never;
    struct progress progress = { 0 };
    struct check_files c = { .sitting = s,
                             .progress = &progress,
                             .stop = &never };
    struct source *source = NULL;
    struct err e = { "" };

    for (int i = 0; i < 2; i++) {
        if (source_open(&source, spec, NULL, &e) < 0) {
            fuzz_check_sentence(e.text);
            return;
        }
        if (check_files_play(&c, source, &e) < 0)
            fuzz_check_sentence(e.text);
        source_close(source);
    }
}

static void print(const void *r, struct report_table *t)
{
    report_check_text(r, t);
}

/* What is said, in JSON and in lines. */
static void report(const struct sitting *s, const struct verdict_result *v,
                   bool is_full, size_t width)
{
    const struct report_check r = { .sitting = s,
                                    .verdict = v,
                                    .is_full = is_full };

    fuzz_report(report_check_json(&r), v->status, width, print, &r);
}

static void judge(struct sitting *s, unsigned how)
{
    static const double markets[] = { NAN, 315e6, 433.92e6, NAN };
    const struct verdict_cfg cfg = { .market_hz = markets[how & 3],
                                     .has_reference = how & 4 };
    struct verdict_result v;

    sitting_settle(s);
    verdict_judge(&v, s, &cfg);
    assert(v.n >= 1 && v.n <= FINDINGS && v.headline[0] != '\0');
    assert(v.status == STATUS_OK || v.status == STATUS_FAULT ||
           v.status == STATUS_INCONCLUSIVE || v.status == STATUS_LOST);
    for (size_t i = 0; i < v.n; i++) {
        assert(v.finding[i].kind != FINDING_SILENT); /* 315 MHz was not heard */
        assert(v.finding[i].evidence[0] != '\0');
        assert(strlen(v.finding[i].evidence) < FINDING_TEXT - 1);
    }
    report(s, &v, how & 8, 40 + (how & 0xF0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct sitting s;
    struct check_measures m;
    struct check_limits l;
    struct err e = { "" };
    char prompts[64], limits[64], samples[64], why[128];
    const size_t n = part(data, size);
    const size_t k = n < size ? part(data + n + 1, size - n - 1) : 0;

    if (size < n + k + 4 || size > 1 << 16)
        return 0;
    const uint8_t *rest = data + n + 1 + k + 1;
    const size_t n_rest = size - (n + k + 2);
    if (n_rest < 4)
        return 0;
    put(prompts, ".txt", data, n);
    put(limits, ".json", data + n + 1, k);
    put_samples(samples, rest + 2, (n_rest - 2) & ~(size_t)1, rest[1]);
    sitting_init(&s, 1, false);
    if (check_files_read_prompts(&s, prompts, &e) < 0)
        fuzz_check_sentence(e.text);
    play(&s, samples);
    judge(&s, rest[0]);
    check_measure(&m, &s);
    if (check_limits_read(&l, limits, &e) < 0)
        fuzz_check_sentence(e.text);
    else
        assert(check_limits_hold(&l, &m, why, sizeof why) == (why[0] == '\0'));
    unlink(prompts);
    unlink(limits);
    unlink(samples);
    return 0;
}
