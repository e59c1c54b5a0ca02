/* source_name - what a spec's overrides and a file's name say.
 *
 * The grammar is rtl_433's (its documentation, "File names and formats").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/source_name.h"

#include <math.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { DIGITS_MAX = 15 }; /* of a number: a double holds them all */

/* rtl_433's words, then those of URH (complex…), GNU Radio (cfile, fc32) and
 * the PortaPack (C16). */
static const struct input_type types[] = {
    { "cu8", INPUT_RAW, SAMPLE_CU8 },
    { "cs8", INPUT_RAW, SAMPLE_CS8 },
    { "cs16", INPUT_RAW, SAMPLE_CS16 },
    { "cf32", INPUT_RAW, SAMPLE_CF32 },
    { "data", INPUT_RAW, SAMPLE_CU8 },
    { "complex16u", INPUT_RAW, SAMPLE_CU8 },
    { "complex16s", INPUT_RAW, SAMPLE_CS8 },
    { "complex32s", INPUT_RAW, SAMPLE_CS16 },
    { "c16", INPUT_RAW, SAMPLE_CS16 },
    { "sc16", INPUT_RAW, SAMPLE_CS16 },
    { "complex", INPUT_RAW, SAMPLE_CF32 },
    { "complex64", INPUT_RAW, SAMPLE_CF32 },
    { "cfile", INPUT_RAW, SAMPLE_CF32 },
    { "fc32", INPUT_RAW, SAMPLE_CF32 },
    { "wav", INPUT_SNDFILE, 0 },
    { "rf64", INPUT_SNDFILE, 0 },
    { "w64", INPUT_SNDFILE, 0 },
    { "flac", INPUT_SNDFILE, 0 },
    { "sub", INPUT_SUB, 0 },
    { "ook", INPUT_OOK, 0 },
    { "fsk", INPUT_FSK, 0 },
    { "sigmf-meta", INPUT_SIGMF_META, 0 },
    { "sigmf-data", INPUT_SIGMF_DATA, 0 },
    { "sigmf", INPUT_SIGMF_ARCHIVE, 0 },
};
enum { TYPES = sizeof types / sizeof *types, RAW_NAMES = 4 };

static const struct input_type *find_type(const char *p, size_t n, size_t limit)
{
    for (size_t i = 0; i < limit; i++)
        if (strlen(types[i].word) == n && strncasecmp(types[i].word, p, n) == 0)
            return &types[i];
    return NULL;
}

enum quantity {
    QUANTITY_NONE,
    QUANTITY_CENTRE,
    QUANTITY_RATE,
    QUANTITY_M, /* a frequency, or a rate if there is a frequency already */
};

static const struct unit {
    const char *word;
    enum quantity quantity;
    double factor;
} units[] = {
    { "M", QUANTITY_M, 1e6 },        { "Hz", QUANTITY_CENTRE, 1 },
    { "kHz", QUANTITY_CENTRE, 1e3 }, { "MHz", QUANTITY_CENTRE, 1e6 },
    { "GHz", QUANTITY_CENTRE, 1e9 }, { "k", QUANTITY_RATE, 1e3 },
    { "sps", QUANTITY_RATE, 1 },     { "ksps", QUANTITY_RATE, 1e3 },
    { "Msps", QUANTITY_RATE, 1e6 },  { "Gsps", QUANTITY_RATE, 1e9 },
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Length of the decimal number at p, 0 if there is none or it is too long. A
 * point belongs to it if digits stand on both sides. Own code: strtod obeys the
 * locale and takes hex and "inf". */
static size_t number(const char *p, double *value)
{
    double digits = 0, scale = 1;
    size_t n = 0, count = 0;
    bool point = false;
    for (;; n++) {
        if (n > 0 && !point && p[n] == '.' && is_digit(p[n + 1])) {
            point = true;
            continue;
        }
        if (!is_digit(p[n]))
            break;
        digits = digits * 10 + (p[n] - '0');
        scale *= point ? 10 : 1;
        count++;
    }
    *value = digits / scale;
    return count <= DIGITS_MAX ? n : 0;
}

/* Length of the number with its unit at p; 0 if that is not what is there. */
static size_t quantity(const char *p, enum quantity *kind, double *value)
{
    size_t n = number(p, value), m = 0;
    if (n == 0)
        return 0;
    while (is_letter(p[n + m]) || is_digit(p[n + m]))
        m++;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strlen(units[i].word) != m ||
            strncasecmp(units[i].word, p + n, m) != 0)
            continue;
        *kind = units[i].quantity;
        *value = round(*value * units[i].factor * 1e3) / 1e3;
        return n + m;
    }
    return 0;
}

/* False if this quantity has been told before. */
static bool take_quantity(struct source_facts *f, enum quantity kind,
                          double value)
{
    if (kind == QUANTITY_M)
        kind = isnan(f->centre_hz) ? QUANTITY_CENTRE : QUANTITY_RATE;
    double *to = kind == QUANTITY_CENTRE ? &f->centre_hz : &f->rate_hz;
    if (!isnan(*to))
        return false;
    *to = value;
    return true;
}

static bool take_override(struct source_facts *f, const char *p, size_t n)
{
    enum quantity kind = QUANTITY_NONE;
    double value;
    if (n > 0 && quantity(p, &kind, &value) == n)
        return take_quantity(f, kind, value);
    const struct input_type *t = find_type(p, n, TYPES);
    if (!t || f->type || t->kind >= INPUT_SIGMF_META)
        return false;
    f->type = t;
    return true;
}

bool source_is_stdin(const char *path)
{
    return strcmp(path, "-") == 0;
}

static void no_facts(struct source_facts *f)
{
    *f = (struct source_facts){ .rate_hz = NAN, .centre_hz = NAN };
}

const char *source_spec_parse(const char *spec, struct source_facts *ret)
{
    struct stat st;
    const char *path = spec;
    no_facts(ret);
    while (!source_is_stdin(path) && stat(path, &st) < 0) {
        const char *colon = strchr(path, ':');
        if (!colon || !take_override(ret, path, (size_t)(colon - path)))
            break;
        path = colon + 1;
    }
    return path;
}

void source_name_parse(const char *path, struct source_facts *ret)
{
    const char *slash = strrchr(path, '/');
    const char *p = slash ? slash + 1 : path;
    no_facts(ret);
    while (*p) {
        enum quantity kind = QUANTITY_NONE;
        double value;
        size_t n = quantity(p, &kind, &value);
        if (n > 0) {
            take_quantity(ret, kind, value);
            p += n;
            continue;
        }
        n = number(p, &value); /* 250.cu8: the point ends the token */
        while (is_letter(p[n]) || is_digit(p[n]))
            n++;
        if (n > 0 && !ret->type)
            ret->type = find_type(p, n, RAW_NAMES);
        p += n > 0 ? n : 1;
    }
}

const struct input_type *source_type_of_ending(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');
    return dot ? find_type(dot + 1, strlen(dot + 1), TYPES) : NULL;
}

const struct input_type *source_type_of_kind(enum input_kind kind)
{
    for (size_t i = 0; i < TYPES; i++)
        if (types[i].kind == kind)
            return &types[i];
    return NULL;
}

const char *source_format_word(enum sample_format format)
{
    size_t i = 0;
    while (i + 1 < RAW_NAMES && types[i].format != format)
        i++;
    return types[i].word;
}
