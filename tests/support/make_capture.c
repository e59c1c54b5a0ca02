/* make_capture - write the golden recordings of captures/.
 *
 *   make_capture DIRECTORY [NAME...]
 *
 * For each: NAME/NAME.sigmf-data and .sigmf-meta (or NAME.sub) from the
 * synthesiser, and NAME.frames, what a decoder must make of it: the truth, not
 * what some decoder said. Serials are invented. Same program, same files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/keyer.h"
#include "tests/support/scenarios.h"
#include "tests/support/synth.h"

static _Noreturn void __attribute__((format(printf, 1, 2)))
die(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("make_capture: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static FILE *create(const char *directory, const char *name,
                    const char *extension)
{
    char path[4096];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", directory, name);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        die("%s: %s", path, strerror(errno));
    snprintf(path, sizeof path, "%s/%s/%s%s", directory, name, name, extension);
    f = fopen(path, "wb");
    if (f == NULL)
        die("%s: %s", path, strerror(errno));
    return f;
}

static void finish(FILE *f)
{
    if (ferror(f) || fclose(f) != 0)
        die("a file could not be written");
}

static const struct protocol *protocol_of(const struct press *p)
{
    return p->protocol != NULL ? keyer_protocol(p->protocol) : NULL;
}

static void fill(const struct press *p, struct bits *b)
{
    const char *fault = keyer_fill(p, b);

    if (fault != NULL)
        die("%s: %s", p->protocol, fault);
}

/* From the start of the press to the first chip of the first frame. A header
 * with no pulses in front of it is silence, and not heard. */
static double first_chip_us(const struct press *p)
{
    const struct waveform *w = keyer_waveform(p);
    struct synth_train t = { 0 };

    keyer_lead(p, &t);
    double us = synth_duration_us(&t);
    synth_free(&t);
    if (p->before != NULL)
        us += (double)strlen(p->before) * p->te_us;
    if (w->preamble_pulses == 0)
        us += w->header * p->te_us;
    return us;
}

static double start_samples(const struct scenario *s, const struct press *p)
{
    return p->start_s * s->rate_hz;
}

static void write_samples(const struct scenario *s, const char *directory)
{
    size_t n = (size_t)llround(s->seconds * s->rate_hz);
    struct synth_random noise = { s->seed };
    iq *out = calloc(n, sizeof *out);
    void *bytes = malloc(n * synth_sample_bytes(s->format));

    if (out == NULL || bytes == NULL)
        die("out of memory");
    synth_noise(&noise, s->noise_dbfs, out, n);
    for (const struct press *p = s->presses; p->copies > 0; p++) {
        struct synth_train t = { 0 };
        struct bits b;
        fill(p, &b);
        keyer_key(p, &b, &t);
        const struct synth_transmitter x = {
            .train = &t,
            .modulation = p->modulation,
            .start_samples = start_samples(s, p),
            .carrier_hz = p->carrier_hz,
            .deviation_hz = p->deviation_hz,
            .level_dbfs = s->noise_dbfs + p->snr_db,
            .is_restarting = p->modulation == MODULATION_OOK,
            .phase_seed = s->seed + (uint64_t)(p - s->presses) + 1,
        };
        synth_transmit(&x, s->rate_hz, 0, out, n);
        synth_free(&t);
    }
    if (s->steady_hz != 0.0) {
        struct synth_train t = { 0 };
        synth_add(&t, SYNTH_MARK, s->seconds * 1e6);
        const struct synth_transmitter x = {
            .train = &t,
            .carrier_hz = s->steady_hz,
            .level_dbfs = s->noise_dbfs + s->steady_snr_db,
        };
        synth_transmit(&x, s->rate_hz, 0, out, n);
        synth_free(&t);
    }
    synth_store(s->format, out, n, bytes);
    FILE *f = create(directory, s->name, ".sigmf-data");
    fwrite(bytes, synth_sample_bytes(s->format), n, f);
    finish(f);
    free(bytes);
    free(out);
}

static const char *datatype(enum sample_format format)
{
    switch (format) {
    case SAMPLE_CU8:
        return "cu8";
    case SAMPLE_CS8:
        return "ci8";
    case SAMPLE_CS16:
        return "ci16_le";
    case SAMPLE_CF32:
        return "cf32_le";
    }
    return "";
}

static const char *label_of(const struct scenario *s, const struct press *p)
{
    if (p->protocol != NULL)
        return p->protocol;
    return s->is_hypothetical ? "hypothetical" : "unknown";
}

static void write_annotations(const struct scenario *s, FILE *f)
{
    for (const struct press *p = s->presses; p->copies > 0; p++) {
        struct synth_train t = { 0 };
        struct bits b;
        fill(p, &b);
        keyer_key(p, &b, &t);
        double samples = synth_duration_us(&t) * 1e-6 * s->rate_hz;
        if (p->asked != NULL)
            fprintf(f,
                    "%s\n    {\"core:sample_start\": %.0f, "
                    "\"core:label\": \"asked\", \"fob:asked\": \"%s\"}",
                    p > s->presses ? "," : "", floor(p->asked_s * s->rate_hz),
                    p->asked);
        fprintf(f,
                "%s\n    {\"core:sample_start\": %.0f, "
                "\"core:sample_count\": %.0f, \"core:label\": \"%s\",\n"
                "     \"fob:carrier_offset_hz\": %.1f, \"fob:snr_db\": %.1f, "
                "\"fob:te_us\": %.2f, \"fob:copies\": %u}",
                p > s->presses || p->asked != NULL ? "," : "",
                floor(start_samples(s, p)), ceil(samples), label_of(s, p),
                p->carrier_hz, p->snr_db, p->te_us, p->copies);
        synth_free(&t);
    }
}

static void write_sidecar(const struct scenario *s, const char *directory)
{
    FILE *f = create(directory, s->name, ".sigmf-meta");

    fprintf(f,
            "{\n  \"global\": {\n"
            "    \"core:datatype\": \"%s\",\n"
            "    \"core:sample_rate\": %.0f,\n"
            "    \"core:version\": \"1.2.5\",\n"
            "    \"core:description\": \"Synthetic: %s\",\n"
            "    \"core:author\": \"fobscope\",\n"
            "    \"core:license\": "
            "\"https://spdx.org/licenses/GPL-2.0-or-later.html\",\n"
            "    \"core:recorder\": \"tests/support/make_capture.c\",\n"
            "    \"core:extensions\": [{\"name\": \"fob\", "
            "\"version\": \"%s\", \"optional\": true}],\n",
            datatype(s->format), s->rate_hz, s->about,
            s->owner[0].name != NULL ? "0.2.0" : "0.1.0");
    for (const struct word *w = s->owner; w->name != NULL; w++)
        fprintf(f, "    \"fob:%s\": \"%s\",\n", w->name, w->text);
    fprintf(f,
            "    \"fob:synthetic\": true,\n"
            "    \"fob:seed\": %" PRIu64 ",\n"
            "    \"fob:noise_dbfs\": %.1f\n  },\n"
            "  \"captures\": [{\"core:sample_start\": 0, "
            "\"core:frequency\": %.0f}],\n"
            "  \"annotations\": [",
            s->seed, s->noise_dbfs, s->centre_hz);
    write_annotations(s, f);
    fprintf(f, "\n  ]\n}\n");
    finish(f);
}

/* As a Flipper writes it: microseconds, at most 512 to a line, edges moved by
 * the receiver. */
static void write_sub(const struct scenario *s, const char *directory)
{
    FILE *f = create(directory, s->name, ".sub");
    struct synth_random r = { s->seed };
    unsigned n = 0;

    fprintf(f,
            "Filetype: Flipper SubGhz RAW File\nVersion: 1\n"
            "# Synthetic: %s\nFrequency: %.0f\n"
            "Preset: FuriHalSubGhzPresetOok650Async\nProtocol: RAW\n",
            s->about, s->centre_hz);
    for (const struct press *p = s->presses; p->copies > 0; p++) {
        struct synth_train t = { 0 };
        struct bits b;
        fill(p, &b);
        keyer_key(p, &b, &t);
        double move = 0.0;
        for (size_t i = 0; i < t.n; i++, n++) {
            double next = 30.0 * (synth_random_unit(&r) - 0.5);
            long us = lround(t.piece[i].us + next - move);
            move = next;
            fputs(n == 0 ? "RAW_Data:" : n % 512 == 0 ? "\nRAW_Data:" : "", f);
            fprintf(f, " %ld", t.piece[i].level == SYNTH_MARK ? us : -us);
        }
        synth_free(&t);
    }
    fputc('\n', f);
    finish(f);
}

static void write_shown(const struct press *p, const struct bits *b, FILE *f)
{
    const struct protocol *protocol = protocol_of(p);

    for (const struct field *d = protocol->fields; d->name != NULL; d++) {
        uint64_t v = field_value(d, b);
        switch (d->show) {
        case SHOW_NONE:
            break;
        case SHOW_HEX:
            fprintf(f, ", \"%s\": \"%0*" PRIX64 "\"", d->key,
                    (int)(d->bits + 3) / 4, v);
            break;
        case SHOW_INT:
            fprintf(f, ", \"%s\": %" PRIu64, d->key, v);
            break;
        case SHOW_NOT_FLAG:
            fprintf(f, ", \"%s\": %d", d->key, v == 0);
            break;
        }
    }
}

static void write_frames(const struct scenario *s, const char *directory)
{
    FILE *f = create(directory, s->name, ".frames");

    for (const struct press *p = s->presses; p->copies > 0; p++) {
        const struct protocol *protocol = protocol_of(p);
        char text[BITS_MAX + 1];
        struct bits b;
        double first = first_chip_us(p) * 1e-6 * s->rate_hz;

        fill(p, &b);
        bool is_whole =
            protocol != NULL && protocol->check(&b) == VERDICT_PROVEN;
        synth_bits_text(&b, text);
        fprintf(f, "{\"at\": %.0f, \"model\": \"%s\"",
                floor(start_samples(s, p) + first),
                protocol != NULL ? protocol->model : "Unknown");
        if (protocol != NULL)
            write_shown(p, &b, f);
        fprintf(f, ", \"mod\": \"%s\"",
                p->modulation == MODULATION_FSK ? "FSK" : "ASK");
        fprintf(f, ", \"fob\": {\"verdict\": \"%s\", \"te_us\": %.2f",
                p->copies > 1 || is_whole ? "proven" : "plausible", p->te_us);
        if (!s->is_sub)
            fprintf(f, ", \"carrier_hz\": %.0f", s->centre_hz + p->carrier_hz);
        if (protocol == NULL)
            fprintf(f, ", \"line_code\": \"%s\"", p->line_code);
        fprintf(f, ", \"copies\": %u, \"bits\": \"%s\"}}\n", p->copies, text);
    }
    finish(f);
}

static bool is_asked_for(const char *name, int argc, char **argv)
{
    for (int i = 2; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc == 2;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: make_capture DIRECTORY [NAME...]\n", stderr);
        return 2;
    }
    for (const struct scenario *s = scenarios; s->name != NULL; s++) {
        if (!is_asked_for(s->name, argc, argv))
            continue;
        if (s->is_sub) {
            write_sub(s, argv[1]);
        } else {
            write_samples(s, argv[1]);
            write_sidecar(s, argv[1]);
        }
        write_frames(s, argv[1]);
    }
    return 0;
}
