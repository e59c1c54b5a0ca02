/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <string.h>

#include "src/options_check.h"
#include "src/options_table.h"
#include "src/options_value.h"
#include "src/options_words.h"

/* getopt's numbers for long options; letters stay below. */
#define LONG_BASE 256

void options_init(struct options *o)
{
    *o = (struct options){
        .centre_hz = NAN,
        .block_samples = OPTIONS_BLOCK_DEFAULT,
        .gain_db = NAN,
        .pre_s = OPTIONS_MARGIN_S,
        .post_s = OPTIONS_MARGIN_S,
    };
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
        return options_words_no_option(word, set, e);
    if (optopt < 0 || optopt > 127 || !isprint(optopt))
        return err_set(e, -EINVAL, "unknown option -\\x%02x; --help lists them",
                       (unsigned char)optopt);
    return err_set(e, -EINVAL, "unknown option -%c; --help lists them", optopt);
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

/* Parses the options of one command behind argv[0], or those of the program or
 * of a group up to the word behind them. Returns the index of the first operand; negative errno. */
static int parse_set(struct options *o, unsigned set, int argc,
                     char *const *argv, struct err *e)
{
    const bool has_command = (set & (CMD_PROGRAM | CMD_GROUP)) != 0;
    struct option longs[N_OPTIONS + 1];
    char shorts[2 * N_OPTIONS + 3] = { has_command ? '+' : ':', ':' };

    make_getopt_tables(set, longs, shorts + (has_command ? 2 : 1));
    optind = 0; /* glibc: start afresh */
    opterr = 0;
    for (;;) {
        int c = getopt_long(argc, argv, shorts, longs, NULL);
        int status;

        if (c == -1)
            return optind;
        if (c == '?' || c == ':')
            return fault_option(c, argv[optind - 1], set, e);
        status = options_value_set(o, find_entry(c, set), optarg, e);
        if (status < 0)
            return status;
        if (o->ask != ASK_RUN)
            return optind;
    }
}

/* Help on what the n words name, all of which may be missing. */
static int parse_help(struct options *o, int n, char *const *words,
                      struct err *e)
{
    const struct cmd_group *group;
    const char *second = NULL;

    o->ask = ASK_HELP;
    if (n == 0 || words[0][0] == '-' || strcmp(words[0], "help") == 0)
        return 0;
    group = options_words_group(words[0]);
    if (group != NULL && n > 1 && words[1][0] != '-')
        second = words[1];
    if (group != NULL && second == NULL) {
        o->group = group;
        return 0;
    }
    o->cmd = options_words_find(words[0], second);
    return o->cmd != NULL ? 0 : options_words_no_command(words[0], second, e);
}

/* The options and operands of o->cmd behind argv[0]. */
static int parse_command(struct options *o, int argc, char *const *argv,
                         struct err *e)
{
    int first = parse_set(o, o->cmd->set, argc, argv, e);

    if (first < 0)
        return first;
    o->operands = argv + first;
    o->n_operands = (size_t)(argc - first);
    return o->ask == ASK_RUN ? options_check(o, e) : 0;
}

/* A command of a group whose name is argv[0], or the group alone. */
static int parse_group(struct options *o, const struct cmd_group *group,
                       int argc, char *const *argv, struct err *e)
{
    int first = parse_set(o, CMD_GROUP, argc, argv, e);

    if (first < 0)
        return first;
    if (o->ask == ASK_RUN && first >= argc)
        o->ask = ASK_USAGE;
    if (o->ask != ASK_RUN) {
        o->group = group;
        return 0;
    }
    if (strcmp(argv[first], "help") == 0) {
        char *const words[] = { argv[0], argv[first + 1] };

        return parse_help(o, first + 1 < argc ? 2 : 1, words, e);
    }
    o->cmd = options_words_find(argv[0], argv[first]);
    if (o->cmd == NULL)
        return options_words_no_command(argv[0], argv[first], e);
    return parse_command(o, argc - first, argv + first, e);
}

/* The words from a command's or group's name on. */
static int parse_words(struct options *o, int argc, char *const *argv,
                       struct err *e)
{
    const struct cmd_group *group = options_words_group(argv[0]);

    if (strcmp(argv[0], "help") == 0)
        return parse_help(o, argc - 1, argv + 1, e);
    if (group != NULL)
        return parse_group(o, group, argc, argv, e);
    o->cmd = options_words_find(argv[0], NULL);
    if (o->cmd == NULL)
        return options_words_no_command(argv[0], NULL, e);
    return parse_command(o, argc, argv, e);
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
    if (o.ask == ASK_RUN && first >= argc) {
        o.ask = ASK_USAGE;
    } else if (o.ask == ASK_RUN) {
        int status = parse_words(&o, argc - first, argv + first, e);

        if (status < 0)
            return status;
    }
    *ret = o;
    return 0;
}
