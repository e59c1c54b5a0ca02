/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "src/options_table.h"

#define NAME_MAX_LEN 32 /* of an option or command, for nearest() */

/* getopt's numbers for long options; letters stay below. */
#define LONG_BASE 256

void options_init(struct options *o)
{
    *o = (struct options){
        .centre_hz = NAN,
        .block_samples = OPTIONS_BLOCK_DEFAULT,
        .gain_db = NAN,
        .pre_s = 0.1,
        .post_s = 0.1,
    };
}

static const struct cmd *find_command(const char *name)
{
    for (size_t i = 0; options_commands[i] != NULL; i++)
        if (strcmp(options_commands[i]->name, name) == 0)
            return options_commands[i];
    return NULL;
}

static const struct option_entry *find_entry(int number, unsigned set)
{
    if (number >= LONG_BASE)
        return &options_table[number - LONG_BASE];
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (number != 0 && options_table[i].letter == number &&
            (options_table[i].commands & set) != 0)
            return &options_table[i];
    return NULL;
}

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edit distance: how many letters to add, drop or change. */
static size_t distance(const char *a, const char *b)
{
    size_t row[NAME_MAX_LEN + 1];
    size_t n = strlen(b);

    if (n > NAME_MAX_LEN)
        return SIZE_MAX;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 0; a[i] != '\0'; i++) {
        size_t corner = row[0];

        row[0] = i + 1;
        for (size_t j = 0; j < n; j++) {
            size_t change = corner + (a[i] != b[j]);

            corner = row[j + 1];
            row[j + 1] = min_size(change, min_size(row[j], corner) + 1);
        }
    }
    return row[n];
}

/* Keeps in *best the name that is nearer to word, if it is near at all. */
static void nearer(const char **best, const char *word, const char *name)
{
    size_t d = distance(word, name);

    if (d <= 3 && d < strlen(name) &&
        (*best == NULL || d < distance(word, *best)))
        *best = name;
}

static int fault_command(const char *word, struct err *e)
{
    const char *best = NULL;

    for (size_t i = 0; options_commands[i] != NULL; i++)
        nearer(&best, word, options_commands[i]->name);
    nearer(&best, word, "help");
    if (best != NULL)
        return err_set(e, -EINVAL, "unknown command \"%s\"; did you mean %s?",
                       word, best);
    return err_set(e, -EINVAL,
                   "unknown command \"%s\"; \"fobscope help\" lists them",
                   word);
}

static int fault_long_option(const char *word, unsigned set, struct err *e)
{
    char name[2 * NAME_MAX_LEN];
    const char *best = NULL;

    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    for (size_t i = 0; i < N_OPTIONS; i++)
        if ((options_table[i].commands & set) != 0 &&
            options_table[i].text != NULL)
            nearer(&best, name + 2, options_table[i].name);
    if (best != NULL)
        return err_set(e, -EINVAL, "unknown option %s; did you mean --%s?",
                       name, best);
    return err_set(e, -EINVAL, "unknown option %s; --help lists them", name);
}

/* What getopt did not like: c is '?' or ':', word the argument it was in. */
static int fault_option(int c, const char *word, unsigned set, struct err *e)
{
    const struct option_entry *o = find_entry(optopt, set);

    if (c == ':' && o != NULL)
        return err_set(e, -EINVAL, "--%s needs a value: --%s %s", o->name,
                       o->name, o->argument);
    if (o != NULL)
        return err_set(e, -EINVAL, "--%s takes no value", o->name);
    if (optopt == 0)
        return fault_long_option(word, set, e);
    if (optopt < 0 || optopt > 127 || !isprint(optopt))
        return err_set(e, -EINVAL, "unknown option -\\x%02x; --help lists them",
                       (unsigned char)optopt);
    return err_set(e, -EINVAL, "unknown option -%c; --help lists them", optopt);
}

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

static int apply(struct options *o, const struct option_entry *entry,
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
        memcpy(at, &text, sizeof text);
        return 0;
    }
    return 0;
}

/* The tables getopt_long wants. shorts: start, then the letters. */
static void make_getopt_tables(unsigned set, struct option *longs, char *shorts)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const struct option_entry *entry = &options_table[i];
        bool has_value = entry->argument != NULL;

        if ((entry->commands & set) == 0)
            continue;
        *longs++ = (struct option){
            .name = entry->name,
            .has_arg = has_value ? required_argument : no_argument,
            .val = LONG_BASE + (int)i,
        };
        if (entry->letter != '\0') {
            *shorts++ = entry->letter;
            if (has_value)
                *shorts++ = ':';
        }
    }
    *longs = (struct option){ 0 };
    *shorts = '\0';
}

/* Parses the options of one command, or of the program, behind argv[0].
 * Returns the index of the first operand; negative errno. */
static int parse_set(struct options *o, unsigned set, int argc,
                     char *const *argv, struct err *e)
{
    struct option longs[N_OPTIONS + 1];
    char shorts[2 * N_OPTIONS + 3] = { set == CMD_PROGRAM ? '+' : ':', ':' };

    make_getopt_tables(set, longs, shorts + (set == CMD_PROGRAM ? 2 : 1));
    optind = 0; /* glibc: start afresh */
    opterr = 0;
    for (;;) {
        int c = getopt_long(argc, argv, shorts, longs, NULL);
        int status;

        if (c == -1)
            return optind;
        if (c == '?' || c == ':')
            return fault_option(c, argv[optind - 1], set, e);
        status = apply(o, find_entry(c, set), optarg, e);
        if (status < 0)
            return status;
        if (o->ask != ASK_RUN)
            return optind;
    }
}

static int check_command(const struct options *o, struct err *e)
{
    bool has_operands = o->cmd->operands[0] != '\0';

    if (o->ask != ASK_RUN)
        return 0;
    if (has_operands && o->n_operands == 0)
        return err_set(e, -EINVAL, "%s: no input; usage: fobscope %s %s",
                       o->cmd->name, o->cmd->name, o->cmd->operands);
    if (!has_operands && o->n_operands > 0)
        return err_set(e, -EINVAL, "%s takes no \"%s\"", o->cmd->name,
                       o->operands[0]);
    if (o->n_bands > 0 && !isnan(o->centre_hz))
        return err_set(e, -EINVAL, "--band and --freq: one of them is enough");
    if (o->format == OUTPUT_CSV && (o->has_chips || o->has_pulses))
        return err_set(e, -EINVAL, "--csv has no room for --%s; use --jsonl",
                       o->has_chips ? "chips" : "pulses");
    return 0;
}

static int parse_help(struct options *o, int argc, char *const *argv,
                      struct err *e)
{
    o->ask = ASK_HELP;
    if (argc < 2 || argv[1][0] == '-' || strcmp(argv[1], "help") == 0)
        return 0;
    o->cmd = find_command(argv[1]);
    return o->cmd != NULL ? 0 : fault_command(argv[1], e);
}

static int parse_command(struct options *o, int argc, char *const *argv,
                         struct err *e)
{
    int first;

    o->cmd = find_command(argv[0]);
    if (o->cmd == NULL)
        return fault_command(argv[0], e);
    first = parse_set(o, o->cmd->set, argc, argv, e);
    if (first < 0)
        return first;
    o->operands = argv + first;
    o->n_operands = (size_t)(argc - first);
    return check_command(o, e);
}

int options_parse(struct options *ret, int argc, char *const *argv,
                  struct err *e)
{
    struct options o;
    int first = 0;

    options_init(&o);
    if (argc > 0)
        first = parse_set(&o, CMD_PROGRAM, argc, argv, e);
    if (first < 0)
        return first;
    if (o.ask == ASK_RUN) {
        int status = 0;

        if (first >= argc)
            o.ask = ASK_USAGE;
        else if (strcmp(argv[first], "help") == 0)
            status = parse_help(&o, argc - first, argv + first, e);
        else
            status = parse_command(&o, argc - first, argv + first, e);
        if (status < 0)
            return status;
    }
    *ret = o;
    return 0;
}
