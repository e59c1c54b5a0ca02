/* make_pairs - write pairs of fobs that are equal but for one thing.
 *
 *   make_pairs DIRECTORY [SEED]
 *
 * NAME-a and NAME-b, each a SigMF pair, NAME what is planted. A line for each on
 * standard output: the name, and the name of the row of compare that must speak of
 * it ("-": none).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/pairs.h"

static _Noreturn void die(const char *path)
{
    fprintf(stderr, "make_pairs: %s: %s\n", path, strerror(errno));
    exit(1);
}

static FILE *create(const char *directory, const char *name, char letter,
                    const char *extension)
{
    char path[4096];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s-%c.sigmf-%s", directory, name, letter,
             extension);
    f = fopen(path, "wb");
    if (f == NULL)
        die(path);
    return f;
}

static void finish(FILE *f)
{
    if (ferror(f) || fclose(f) != 0)
        die("write");
}

static void write_meta(const struct pair_fob *x, FILE *f)
{
    fprintf(
        f,
        "{\"global\": {\"core:datatype\": \"cu8\", "
        "\"core:sample_rate\": %.0f, \"core:version\": \"1.2.5\",\n"
        "  \"core:extensions\": [{\"name\": \"fob\", \"version\": \"0.2.0\", "
        "\"optional\": true}], \"fob:synthetic\": true},\n"
        " \"captures\": [{\"core:sample_start\": 0, \"core:frequency\": "
        "%.0f, \"fob:gain_db\": %.1f}],\n \"annotations\": [",
        PAIRS_RATE_HZ, x->centre_hz, PAIRS_GAIN_DB);
    for (unsigned i = 0; i < PAIRS_PRESSES; i++)
        fprintf(f,
                "%s\n  {\"core:sample_start\": %.0f, \"core:sample_count\": "
                "%.0f, \"core:label\": \"asked\", \"fob:asked\": \"%s\"}",
                i > 0 ? "," : "",
                (i * PAIRS_PRESS_S + PAIRS_ASKED_S) * PAIRS_RATE_HZ,
                0.8 * PAIRS_RATE_HZ, pairs_button(i));
    fputs("\n ]}\n", f);
}

static void write_fob(const char *directory, const char *name, char letter,
                      const struct pair_fob *x)
{
    const struct pair_scatter w = { 80, 0.4, 2e-4 };
    unsigned char *data = malloc(2 * pairs_samples());
    FILE *f;

    if (data == NULL)
        die("memory");
    pairs_make(x, &w, data);
    f = create(directory, name, letter, "data");
    fwrite(data, 2, pairs_samples(), f);
    finish(f);
    f = create(directory, name, letter, "meta");
    write_meta(x, f);
    finish(f);
    free(data);
}

/* Plants one thing into b. */
struct planted {
    const char *name, *row;
    void (*plant)(struct pair_fob *b);
};

static void plant_nothing(struct pair_fob *b)
{
    (void)b;
}

static void plant_carrier(struct pair_fob *b)
{
    b->carrier_hz -= 41e3;
}

static void plant_level(struct pair_fob *b)
{
    b->snr_db -= 6;
}

static void plant_te(struct pair_fob *b)
{
    b->te_us *= 1.03;
}

static void plant_format(struct pair_fob *b)
{
    b->protocol = "hcs361";
}

static void plant_silent_button(struct pair_fob *b)
{
    b->is_half_silent = true;
}

static void plant_frozen(struct pair_fob *b)
{
    b->is_frozen = true;
}

static void plant_sag(struct pair_fob *b)
{
    b->sag_db = 6;
}

static void plant_band(struct pair_fob *b)
{
    b->centre_hz = 315e6;
}

static void plant_same(struct pair_fob *b)
{
    b->serial = 0x0BADC0DE & 0xFFFFFF;
}

static const struct planted all[] = {
    { "none", "-", plant_nothing },
    { "carrier", "carrier", plant_carrier },
    { "level", "level", plant_level },
    { "te", "te", plant_te },
    { "format", "format", plant_format },
    { "missing-button", "buttons", plant_silent_button },
    { "frozen-counter", "rolling", plant_frozen },
    { "sagging-cell", "sag", plant_sag },
    { "other-band", "band", plant_band },
    { "same-fob", "identity", plant_same },
};

int main(int argc, char **argv)
{
    static const char *const formats[] = { "hcs200", "hcs362", NULL };

    if (argc < 2 || argc > 3) {
        fputs("usage: make_pairs DIRECTORY [SEED]\n", stderr);
        return 2;
    }
    const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;

    for (size_t k = 0; k < sizeof formats / sizeof *formats; k++)
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
            struct pair_fob a = { .protocol = formats[k],
                                  .serial = 0x0BADC0DE & 0xFFFFFF,
                                  .centre_hz = 433.92e6,
                                  .carrier_hz = 17.3e3,
                                  .snr_db = 24,
                                  .te_us = k == 2 ? 250 : 400,
                                  .seed =
                                      100 * (i + 10 * k) + 1 + 100003 * seed };
            struct pair_fob b = a;
            char name[64];

            b.serial = 0x05EED1;
            b.seed += 50;
            all[i].plant(&b);
            snprintf(name, sizeof name, "%s-%s", all[i].name,
                     formats[k] != NULL ? formats[k] : "unknown");
            write_fob(argv[1], name, 'a', &a);
            write_fob(argv[1], name, 'b', &b);
            printf("%s %s\n", name, all[i].row);
        }
    return 0;
}
