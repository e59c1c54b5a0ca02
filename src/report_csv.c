/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/report_csv.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "protocols/protocol.h"

#define EXACT_INTEGERS 9007199254740992.0 /* 2^53: doubles up to here */

/* clang-format off */
static const char *const tail[] = {
    "button_str", "mic", "mod", "freq", "freq1", "freq2", "rssi", "snr",
    "noise", "protocol", "verdict", "at", "samples", "carrier_hz",
    "carrier_offset_hz", "carrier_uncertainty_hz", "deviation_hz", "te_us",
    "line_code", "bits", "copies", "press", "confidence", NULL,
};

static const char *const burst_tail[] = {
    "bandwidth_hz", "duration_ms", "frames", NULL,
};
/* clang-format on */

/* Once, however many protocols have it. */
static void add_key(struct report_csv *c, const char *key)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->keys[i], key) == 0)
            return;
    assert(c->n < CSV_COLUMNS_MAX);
    if (c->n < CSV_COLUMNS_MAX)
        c->keys[c->n++] = key;
}

static void add_keys(struct report_csv *c, const char *const *keys)
{
    for (; *keys != NULL; keys++)
        add_key(c, *keys);
}

void report_csv_init(struct report_csv *c, FILE *out, bool has_file,
                     bool has_bursts)
{
    *c = (struct report_csv){ .out = out };
    add_key(c, "time");
    if (has_file)
        add_key(c, "file");
    add_key(c, "model");
    for (const struct protocol *const *p = protocols; *p != NULL; p++)
        for (const struct field *f = (*p)->fields; f->name != NULL; f++)
            if (f->show != SHOW_NONE)
                add_key(c, f->key);
    add_keys(c, tail);
    if (has_bursts)
        add_keys(c, burst_tail);
}

static void put_text(FILE *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void put_number(FILE *out, double x)
{
    if (x == floor(x) && fabs(x) <= EXACT_INTEGERS)
        fprintf(out, "%.0f", x);
    else
        fprintf(out, "%.10g", x);
}

void report_csv_header(const struct report_csv *c)
{
    for (size_t i = 0; i < c->n; i++)
        fprintf(c->out, "%s%s", i > 0 ? "," : "", c->keys[i]);
    fputc('\n', c->out);
}

void report_csv_row(const struct report_csv *c, const struct json *j)
{
    for (size_t i = 0; i < c->n; i++) {
        const char *key = c->keys[i];
        const struct json *o = json_get(j, key) ? j : json_get(j, "fob");
        const char *text = json_text(o, key);
        double x = json_number(o, key, NAN);

        if (i > 0)
            fputc(',', c->out);
        if (text != NULL)
            put_text(c->out, text);
        else if (isfinite(x))
            put_number(c->out, x);
    }
    fputc('\n', c->out);
}
