/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/options_value.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/age.h"
#include "src/now.h"
#include "src/view.h"

/* A number of plain decimal digits with k, M or G behind it. NAN: it is none.*/
static double parse_number(const char *text)
{
    static const char suffixes[] = "kMG";
    size_t digits = strspn(text, "0123456789.eE+-");
    char *end;
    double x = strtod(text, &end);

    if (end == text || end > text + digits || *text == '+' || *text == '-')
        return NAN;
    if (*end != '\0') {
        const char *suffix = strchr(suffixes, *end);

        if (suffix == NULL || end[1] != '\0')
            return NAN;
        x *= pow(1e3, (double)(suffix - suffixes + 1));
    }
    return x;
}

static int check_range(const struct option_entry *entry, double x,
                       const char *text, struct err *e)
{
    if (!isfinite(x))
        return err_set(e, -EINVAL, "--%s %s: not a number", entry->name, text);
    if (x < entry->low || x > entry->high)
        return err_set(e, -EINVAL, "--%s %s: not within %.10g and %.10g",
                       entry->name, text, entry->low, entry->high);
    return 0;
}

/* Plain decimal digits, a sign in front of them or none. */
static double parse_real(const char *text)
{
    const bool has_sign = *text == '-' || *text == '+';
    const char *digits = text + has_sign;
    const size_t n = strspn(digits, "0123456789.");
    const double x = parse_number(digits);

    if (n == 0 || digits[n] != '\0')
        return NAN;
    return *text == '-' ? -x : x;
}

static int set_number(struct options *o, const struct option_entry *entry,
                      const char *text, struct err *e)
{
    const bool has_suffix =
        entry->type == OPTION_HZ || entry->type == OPTION_COUNT;
    const bool is_auto =
        entry->type == OPTION_GAIN && strcmp(text, "auto") == 0;
    double x = has_suffix ? parse_number(text) : parse_real(text);
    char *at = (char *)o + entry->offset;
    int status = is_auto ? 0 : check_range(entry, x, text, e);

    if (status < 0)
        return status;
    if ((entry->type == OPTION_COUNT || entry->type == OPTION_WHOLE) &&
        x != floor(x))
        return err_set(e, -EINVAL, "--%s %s: not a whole number", entry->name,
                       text);
    if (is_auto)
        x = NAN;
    if (entry->type == OPTION_COUNT)
        memcpy(at, &(size_t){ (size_t)x }, sizeof(size_t));
    else
        memcpy(at, &x, sizeof x);
    return 0;
}

/* Bands by the names that people call them by; 868.35 MHz is the middle of what
 * European car keys use (DOMAIN.md 2.5). */
static const struct {
    const char *name;
    double hz;
} bands[] = { { "315", 315e6 }, { "433", 433.92e6 }, { "868", 868.35e6 } };

/* 434.4 is in megahertz: nobody means so few hertz. */
#define MHZ_BELOW 1e4

enum { N_BANDS = sizeof bands / sizeof *bands };

static int add_band(struct options *o, const struct option_entry *entry,
                    const char *text, struct err *e)
{
    double hz = NAN;
    int status;

    for (size_t i = 0; i < N_BANDS; i++)
        if (strcmp(text, bands[i].name) == 0)
            hz = bands[i].hz;
    if (isnan(hz))
        hz = parse_number(text);
    if (hz < MHZ_BELOW)
        hz *= 1e6;
    status = check_range(entry, hz, text, e);
    if (status < 0)
        return status;
    for (size_t i = 0; i < o->n_bands; i++)
        if (o->band_hz[i] == hz)
            return 0;
    if (o->n_bands == OPTIONS_BANDS_MAX)
        return err_set(e, -EINVAL, "--%s: more than %d of them", entry->name,
                       OPTIONS_BANDS_MAX);
    o->band_hz[o->n_bands++] = hz;
    return 0;
}

static int set_bands(struct options *o, const struct option_entry *entry,
                     const char *text, struct err *e)
{
    o->n_bands = 0;
    if (strcmp(text, "all") == 0) {
        options_all_bands(o);
        return 0;
    }
    for (;;) {
        const size_t n = strcspn(text, ",");
        char band[32];
        int status;

        snprintf(band, sizeof band, "%.*s", (int)n, text);
        status = add_band(o, entry, band, e);
        if (status < 0 || text[n] == '\0')
            return status;
        text += n + 1;
    }
}

void options_all_bands(struct options *o)
{
    for (o->n_bands = 0; o->n_bands < N_BANDS; o->n_bands++)
        o->band_hz[o->n_bands] = bands[o->n_bands].hz;
}

static int set_format(struct options *o, const struct option_entry *entry,
                      struct err *e)
{
    enum output_format format = (enum output_format)entry->value;

    if (o->format != OUTPUT_TABLE && o->format != format)
        return err_set(e, -EINVAL, "--%s: another output format was asked for",
                       entry->name);
    o->format = format;
    return 0;
}

static int set_shell(struct options *o, const struct option_entry *entry,
                     const char *text, struct err *e)
{
    for (size_t i = 0; options_shells[i] != NULL; i++) {
        if (strcmp(options_shells[i], text) == 0) {
            o->ask = (enum ask)entry->value;
            o->shell = options_shells[i];
            return 0;
        }
    }
    return err_set(e, -EINVAL, "--%s %s: not one of bash, zsh, fish",
                   entry->name, text);
}

static int set_export(struct options *o, const struct option_entry *entry,
                      struct err *e)
{
    enum export_choice export = (enum export_choice)entry->value;

    if (o->export != EXPORT_TO_NONE && o->export != export)
        return err_set(e, -EINVAL, "--%s: another way to export was asked for",
                       entry->name);
    o->export = export;
    return 0;
}

/* Bytes of a control character at p, which a terminal would obey, in ASCII or
 * in UTF-8 (C1); 0: it is none. */
static size_t control_bytes(const unsigned char *p)
{
    if (p[0] < 0x20 || p[0] == 0x7f)
        return 1;
    return p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0 ? 2 : 0;
}

static int check_words(const struct option_entry *entry, const char *text,
                       struct err *e)
{
    const size_t n = strlen(text);

    for (size_t i = 0; i < n; i++)
        if (control_bytes((const unsigned char *)text + i) > 0)
            return err_set(e, -EINVAL, "--%s: a control character, at byte %zu",
                           entry->name, i + 1);
    if (n > OWNER_WORD_MAX)
        return err_set(e, -EINVAL, "--%s: %zu bytes, more than %d", entry->name,
                       n, OWNER_WORD_MAX);
    return 0;
}

static int check_choice(const struct option_entry *entry, const char *text,
                        struct err *e)
{
    const size_t n = strlen(text);
    char list[64];
    size_t at = 0;

    for (const char *word = entry->choices; *word != '\0';) {
        const size_t length = strcspn(word, " ");

        if (length == n && strncmp(word, text, n) == 0)
            return 0;
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%.*s",
                               at > 0 ? ", " : "", (int)length, word);
        word += length;
        word += strspn(word, " ");
    }
    return err_set(e, -EINVAL, "--%s %s: not one of %s", entry->name, text,
                   list);
}

static int check_age(const struct option_entry *entry, const char *text,
                     struct err *e)
{
    struct err fault = { "" };
    double unix_s;
    int status = age_parse(text, now_unix_s(), &unix_s, &fault);

    if (status < 0)
        return err_set(e, status, "--%s %s", entry->name, fault.text);
    return 0;
}

/* Text that stays text, once it is found to be right. */
static int set_text(struct options *o, const struct option_entry *entry,
                    const char *text, struct err *e)
{
    int status = 0;

    if (entry->type == OPTION_WORDS)
        status = check_words(entry, text, e);
    else if (entry->type == OPTION_CHOICE)
        status = check_choice(entry, text, e);
    else if (entry->type == OPTION_AGE)
        status = check_age(entry, text, e);
    else if (entry->type == OPTION_SIZE)
        status = view_parse_size(text, &(unsigned){ 0 }, &(unsigned){ 0 }, e);
    else if (entry->type == OPTION_FOLDER && *text == '\0')
        status = err_set(e, -EINVAL, "--%s: no name", entry->name);
    if (status == 0)
        memcpy((char *)o + entry->offset, &text, sizeof text);
    return status;
}

int options_value_set(struct options *o, const struct option_entry *entry,
                      const char *text, struct err *e)
{
    char *at = (char *)o + entry->offset;

    switch (entry->type) {
    case OPTION_FLAG:
        memcpy(at, &(bool){ true }, sizeof(bool));
        return 0;
    case OPTION_FORMAT:
        return set_format(o, entry, e);
    case OPTION_ASK:
        o->ask = (enum ask)entry->value;
        return 0;
    case OPTION_SHELL:
        return set_shell(o, entry, text, e);
    case OPTION_HZ:
    case OPTION_REAL:
    case OPTION_WHOLE:
    case OPTION_GAIN:
    case OPTION_COUNT:
        return set_number(o, entry, text, e);
    case OPTION_BANDS:
        return set_bands(o, entry, text, e);
    case OPTION_STRING:
    case OPTION_FOLDER:
    case OPTION_WORDS:
    case OPTION_CHOICE:
    case OPTION_AGE:
    case OPTION_SIZE:
        return set_text(o, entry, text, e);
    case OPTION_EXPORT:
        return set_export(o, entry, e);
    }
    return 0;
}
