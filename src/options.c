/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/pipeline.h"

#define HELP_WIDTH    79
#define HELP_INDENT   24
#define CENTRE_MAX_HZ 100e9
#define NAME_MAX_LEN  32 /* of an option or command, for nearest() */

/* How an option's value gets into struct options. */
enum option_type {
    OPTION_FLAG,   /* bool at offset */
    OPTION_FORMAT, /* format = value */
    OPTION_ASK,    /* ask = value, and parsing ends */
    OPTION_SHELL,  /* ask = value, with the name of a shell */
    OPTION_HZ,     /* double at offset, within low .. high */
    OPTION_COUNT,  /* size_t at offset, within low .. high */
    OPTION_STRING, /* const char * at offset */
};

struct option_entry {
    const char *name;
    const char *argument; /* as help shows it; NULL: none */
    const char *text;     /* for help, completion and man page; NULL: hidden */
    char letter;          /* 0: none */
    unsigned commands;    /* set of enum cmd_set */
    enum option_type type;
    int value;
    size_t offset;
    double low, high;
};

#define AT(member) .offset = offsetof(struct options, member)

/* clang-format off */
static const struct option_entry entries[] = {
    { .name = "json", .commands = CMD_DECODE,
      .type = OPTION_FORMAT, .value = OUTPUT_JSON,
      .text = "one JSON document, schema fobscope.decode/1" },
    { .name = "jsonl", .commands = CMD_DECODE,
      .type = OPTION_FORMAT, .value = OUTPUT_JSONL,
      .text = "one JSON object a line, with the keys of rtl_433" },
    { .name = "csv", .commands = CMD_DECODE,
      .type = OPTION_FORMAT, .value = OUTPUT_CSV,
      .text = "comma-separated values, the first line names the columns" },
    { .name = "every", .commands = CMD_DECODE,
      .type = OPTION_FLAG, AT(is_every),
      .text = "each copy of a frame on its own, not one line for a run of "
              "identical copies" },
    { .name = "all", .commands = CMD_DECODE,
      .type = OPTION_FLAG, AT(is_all),
      .text = "damaged frames and those of less than even odds as well" },
    { .name = "bursts", .commands = CMD_DECODE,
      .type = OPTION_FLAG, AT(has_bursts),
      .text = "bursts of energy too, whether or not bits came out of them" },
    { .name = "bits", .commands = CMD_DECODE,
      .type = OPTION_FLAG, AT(has_bits),
      .text = "the bits of each frame below its line of the table; JSON and "
              "CSV always have them" },
    { .name = "chips", .commands = CMD_DECODE,
      .type = OPTION_FLAG, AT(has_chips),
      .text = "the chips of each burst: # sure on, + weak on, - weak off, "
              ". sure off (sure is 99 %); in JSON, log-likelihood ratios" },
    { .name = "pulses", .commands = CMD_DECODE,
      .type = OPTION_FLAG, AT(has_pulses),
      .text = "the chips of each burst as stretches of on (+) and off (-), "
              "in microseconds" },
    { .name = "summary", .commands = CMD_DECODE,
      .type = OPTION_FLAG, AT(has_summary),
      .text = "at the end, what was read and found" },
    { .name = "rate", .letter = 'r', .argument = "HZ", .commands = CMD_DECODE,
      .type = OPTION_HZ, AT(rate_hz),
      .low = PIPELINE_RATE_MIN_HZ, .high = PIPELINE_RATE_MAX_HZ,
      .text = "sample rate of inputs that do not say (250k, 2.4M)" },
    { .name = "freq", .letter = 'f', .argument = "HZ", .commands = CMD_DECODE,
      .type = OPTION_HZ, AT(centre_hz), .low = 0, .high = CENTRE_MAX_HZ,
      .text = "centre frequency of inputs that do not say (433.92M)" },
    { .name = "block-size", .argument = "N", .commands = CMD_DECODE,
      .type = OPTION_COUNT, AT(block_samples),
      .low = 1, .high = OPTIONS_BLOCK_MAX,
      .text = "samples per read, 1 to 4194304, as a rule 65536; what is "
              "printed does not depend on it" },
    { .name = "output", .letter = 'o', .argument = "FILE",
      .commands = CMD_DECODE, .type = OPTION_STRING, AT(output),
      .text = "write to FILE, not to standard output" },
    { .name = "help", .letter = 'h',
      .commands = CMD_PROGRAM | CMD_DECODE | CMD_DEMO,
      .type = OPTION_ASK, .value = ASK_HELP, .text = "this help" },
    { .name = "version", .letter = 'V', .commands = CMD_PROGRAM,
      .type = OPTION_ASK, .value = ASK_VERSION,
      .text = "versions of the program and its libraries" },
    { .name = "generate-completion", .argument = "SHELL",
      .commands = CMD_PROGRAM, .type = OPTION_SHELL, .value = ASK_COMPLETION,
      AT(shell) },
    { .name = "generate-man", .commands = CMD_PROGRAM,
      .type = OPTION_ASK, .value = ASK_MAN },
};

static const struct cmd *const commands[] = { &cmd_decode, &cmd_demo };

static const char *const shells[] = { "bash", "zsh", "fish" };

static const struct {
    enum status status;
    const char *text;
} statuses[] = {
    { STATUS_OK,          "it ran, whether or not there were frames" },
    { STATUS_USAGE,       "wrong usage" },
    { STATUS_INPUT,       "a file could not be opened, read or written" },
    { STATUS_BUG,         "a bug in fobscope" },
    { STATUS_INTERRUPTED, "stopped by the user; what came before is there" },
};
/* clang-format on */

#define N_ENTRIES  (sizeof entries / sizeof *entries)
#define N_COMMANDS (sizeof commands / sizeof *commands)
#define N_SHELLS   (sizeof shells / sizeof *shells)
#define N_STATUSES (sizeof statuses / sizeof *statuses)

static const char about[] = "receives car key fobs; never transmits";
static const char legal[] =
    "Listening is not lawful everywhere: use it on your own fob, and know the "
    "law where you are.";

/* getopt's numbers for long options; letters stay below. */
#define LONG_BASE 256

void options_init(struct options *o)
{
    *o = (struct options){
        .centre_hz = NAN,
        .block_samples = OPTIONS_BLOCK_DEFAULT,
    };
}

static const struct cmd *find_command(const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static const struct option_entry *find_entry(int number, unsigned set)
{
    if (number >= LONG_BASE)
        return &entries[number - LONG_BASE];
    for (size_t i = 0; i < N_ENTRIES; i++)
        if (number != 0 && entries[i].letter == number &&
            (entries[i].commands & set) != 0)
            return &entries[i];
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

    for (size_t i = 0; i < N_COMMANDS; i++)
        nearer(&best, word, commands[i]->name);
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
    for (size_t i = 0; i < N_ENTRIES; i++)
        if ((entries[i].commands & set) != 0 && entries[i].text != NULL)
            nearer(&best, name + 2, entries[i].name);
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

static int set_number(struct options *o, const struct option_entry *entry,
                      const char *text, struct err *e)
{
    double x = parse_number(text);
    char *at = (char *)o + entry->offset;

    if (!isfinite(x))
        return err_set(e, -EINVAL, "--%s %s: not a number", entry->name, text);
    if (x < entry->low || x > entry->high)
        return err_set(e, -EINVAL, "--%s %s: not within %.10g and %.10g",
                       entry->name, text, entry->low, entry->high);
    if (entry->type == OPTION_COUNT && x != floor(x))
        return err_set(e, -EINVAL, "--%s %s: not a whole number", entry->name,
                       text);
    if (entry->type == OPTION_COUNT)
        memcpy(at, &(size_t){ (size_t)x }, sizeof(size_t));
    else
        memcpy(at, &x, sizeof x);
    return 0;
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
    for (size_t i = 0; i < N_SHELLS; i++) {
        if (strcmp(shells[i], text) == 0) {
            o->ask = (enum ask)entry->value;
            o->shell = shells[i];
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
    case OPTION_COUNT:
        return set_number(o, entry, text, e);
    case OPTION_STRING:
        memcpy(at, &text, sizeof text);
        return 0;
    }
    return 0;
}

/* The tables getopt_long wants. shorts: start, then the letters. */
static void make_getopt_tables(unsigned set, struct option *longs, char *shorts)
{
    for (size_t i = 0; i < N_ENTRIES; i++) {
        const struct option_entry *entry = &entries[i];
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
    struct option longs[N_ENTRIES + 1];
    char shorts[2 * N_ENTRIES + 3] = { set == CMD_PROGRAM ? '+' : ':', ':' };

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

/* Prints text in lines from column indent on; at is the column it starts in. */
static void print_wrapped(FILE *out, const char *text, size_t at, size_t indent)
{
    const char *gap = "";

    fprintf(out, "%*s", at < indent ? (int)(indent - at) : 0, "");
    at = at < indent ? indent : at;
    while (*text != '\0') {
        size_t n = strcspn(text, " ");

        if (*gap != '\0' && at + 1 + n > HELP_WIDTH) {
            fprintf(out, "\n%*s", (int)indent, "");
            at = indent;
            gap = "";
        }
        fprintf(out, "%s%.*s", gap, (int)n, text);
        at += strlen(gap) + n;
        gap = " ";
        text += n;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

static void print_item(FILE *out, const char *name, const char *text)
{
    size_t at = strlen(name);

    fputs(name, out);
    if (at + 2 > HELP_INDENT) {
        fputc('\n', out);
        at = 0;
    }
    print_wrapped(out, text, at, HELP_INDENT);
}

static void print_commands(FILE *out)
{
    char name[64];

    fputs("Commands:\n", out);
    for (size_t i = 0; i < N_COMMANDS; i++) {
        snprintf(name, sizeof name, "  %s %s", commands[i]->name,
                 commands[i]->operands);
        print_item(out, name, commands[i]->summary);
    }
    print_item(out, "  help [COMMAND]", "help on the program or a command");
}

static void print_options(FILE *out, unsigned set)
{
    char name[64];

    fputs("\nOptions:\n", out);
    for (size_t i = 0; i < N_ENTRIES; i++) {
        const struct option_entry *o = &entries[i];
        char letter[] = { '-', o->letter, ',', '\0' };

        if ((o->commands & set) == 0 || o->text == NULL)
            continue;
        snprintf(name, sizeof name, "  %3s --%s %s",
                 o->letter != '\0' ? letter : "", o->name,
                 o->argument != NULL ? o->argument : "");
        print_item(out, name, o->text);
    }
}

void options_usage(FILE *out)
{
    fputs("usage: fobscope COMMAND [OPTION]... [FILE]...\n\n", out);
    print_commands(out);
    fputs("\nStart with \"fobscope demo\"; \"fobscope --help\" says more.\n",
          out);
}

void options_help(FILE *out, const struct cmd *cmd)
{
    if (cmd == NULL) {
        fputs("usage: fobscope COMMAND [OPTION]... [FILE]...\n", out);
        fprintf(out, "fobscope %s.\n\n", about);
        print_commands(out);
        print_options(out, CMD_PROGRAM);
        fputs("\nExit status:\n", out);
        for (size_t i = 0; i < N_STATUSES; i++) {
            char name[16];

            snprintf(name, sizeof name, "  %d", (int)statuses[i].status);
            print_item(out, name, statuses[i].text);
        }
    } else {
        fprintf(out, "usage: fobscope %s [OPTION]...%s%s\n\n", cmd->name,
                cmd->operands[0] != '\0' ? " " : "", cmd->operands);
        print_wrapped(out, cmd->description, 0, 0);
        print_options(out, cmd->set);
    }
    fputc('\n', out);
    print_wrapped(out, legal, 0, 0);
}

static void bash_words(FILE *out, unsigned set)
{
    const char *gap = "";

    for (size_t i = 0; i < N_ENTRIES; i++) {
        if ((entries[i].commands & set) == 0 || entries[i].text == NULL)
            continue;
        fprintf(out, "%s--%s", gap, entries[i].name);
        gap = " ";
    }
}

static void complete_bash(FILE *out)
{
    fputs("# bash completion for fobscope\n"
          "_fobscope()\n{\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} words=\n"
          "    case ${COMP_WORDS[1]} in\n",
          out);
    for (size_t i = 0; i < N_COMMANDS; i++) {
        fprintf(out, "    %s) words=\"", commands[i]->name);
        bash_words(out, commands[i]->set);
        fputs("\" ;;\n", out);
    }
    fputs("    esac\n"
          "    [ \"$COMP_CWORD\" = 1 ] && words=\"help",
          out);
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(out, " %s", commands[i]->name);
    fputc(' ', out);
    bash_words(out, CMD_PROGRAM);
    fputs("\"\n"
          "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
          "}\n"
          "complete -o default -F _fobscope fobscope\n",
          out);
}

/* Text inside single quotes; zsh's [ ] and : of a description go as well. */
static void print_plain(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        fputc(strchr("'[]:\\", *text) != NULL ? ' ' : *text, out);
}

static void zsh_options(FILE *out, unsigned set)
{
    for (size_t i = 0; i < N_ENTRIES; i++) {
        const struct option_entry *o = &entries[i];

        if ((o->commands & set) == 0 || o->text == NULL)
            continue;
        fprintf(out, " \\\n        '--%s%s[", o->name,
                o->argument != NULL ? "=" : "");
        print_plain(out, o->text);
        fputc(']', out);
        if (o->argument != NULL)
            fprintf(out, ":%s:%s", o->argument,
                    strcmp(o->argument, "FILE") == 0 ? "_files" : "");
        fputc('\'', out);
    }
}

static void complete_zsh(FILE *out)
{
    fputs("#compdef fobscope\n"
          "_fobscope() {\n"
          "    if (( CURRENT == 2 )); then\n"
          "        _values command help",
          out);
    for (size_t i = 0; i < N_COMMANDS; i++) {
        fprintf(out, " '%s[", commands[i]->name);
        print_plain(out, commands[i]->summary);
        fputs("]'", out);
    }
    fputs("\n        return\n    fi\n    case $words[2] in\n", out);
    for (size_t i = 0; i < N_COMMANDS; i++) {
        fprintf(out, "    %s)\n        shift words; (( CURRENT-- ))\n",
                commands[i]->name);
        fputs("        _arguments", out);
        zsh_options(out, commands[i]->set);
        fprintf(out, "%s ;;\n",
                commands[i]->operands[0] != '\0' ? " '*:file:_files'" : "");
    }
    fputs("    esac\n}\n_fobscope \"$@\"\n", out);
}

static void fish_options(FILE *out, unsigned set, const char *condition)
{
    for (size_t i = 0; i < N_ENTRIES; i++) {
        const struct option_entry *o = &entries[i];

        if ((o->commands & set) == 0 || o->text == NULL)
            continue;
        fprintf(out, "complete -c fobscope -n '%s' -l %s", condition, o->name);
        if (o->letter != '\0')
            fprintf(out, " -s %c", o->letter);
        fprintf(out, "%s -d '", o->argument != NULL ? " -r" : "");
        print_plain(out, o->text);
        fputs("'\n", out);
    }
}

static void complete_fish(FILE *out)
{
    char condition[64];

    fputs("# fish completion for fobscope\n", out);
    for (size_t i = 0; i < N_COMMANDS; i++) {
        fprintf(out,
                "complete -c fobscope -n __fish_use_subcommand -a %s -d '%s'\n",
                commands[i]->name, commands[i]->summary);
        snprintf(condition, sizeof condition, "__fish_seen_subcommand_from %s",
                 commands[i]->name);
        fish_options(out, commands[i]->set, condition);
    }
    fish_options(out, CMD_PROGRAM, "__fish_use_subcommand");
}

int options_completion(FILE *out, const char *shell)
{
    if (strcmp(shell, "bash") == 0)
        complete_bash(out);
    else if (strcmp(shell, "zsh") == 0)
        complete_zsh(out);
    else if (strcmp(shell, "fish") == 0)
        complete_fish(out);
    else
        return -EINVAL;
    return 0;
}

/* Text for roff: hyphens that stay hyphens, no requests by accident. */
static void print_roff(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", out);
    for (; *text != '\0'; text++) {
        if (*text == '-' || *text == '\\')
            fputc('\\', out);
        fputc(*text == '\\' ? 'e' : *text, out);
    }
}

static void man_paragraph(FILE *out, const char *text)
{
    print_roff(out, text);
    fputc('\n', out);
}

static void man_options(FILE *out, unsigned set)
{
    for (size_t i = 0; i < N_ENTRIES; i++) {
        const struct option_entry *o = &entries[i];

        if ((o->commands & set) == 0 || o->text == NULL)
            continue;
        fputs(".TP\n", out);
        if (o->letter != '\0')
            fprintf(out, "\\fB\\-%c\\fR, ", o->letter);
        fputs("\\fB\\-\\-", out);
        print_roff(out, o->name);
        fputs("\\fR", out);
        if (o->argument != NULL)
            fprintf(out, " \\fI%s\\fR", o->argument);
        fputc('\n', out);
        man_paragraph(out, o->text);
    }
}

void options_man(FILE *out)
{
    fputs(".TH FOBSCOPE 1\n.SH NAME\nfobscope \\- ", out);
    man_paragraph(out, about);
    fputs(".SH SYNOPSIS\n"
          ".B fobscope\n"
          ".I COMMAND\n"
          "[\\fIOPTION\\fR]... [\\fIFILE\\fR]...\n"
          ".SH OPTIONS\n",
          out);
    man_options(out, CMD_PROGRAM);
    for (size_t i = 0; i < N_COMMANDS; i++) {
        fprintf(out, ".SH \"FOBSCOPE %s\"\n.B fobscope %s\n[\\fIOPTION\\fR]...",
                commands[i]->name, commands[i]->name);
        fprintf(out, " %s\n.PP\n", commands[i]->operands);
        man_paragraph(out, commands[i]->description);
        man_options(out, commands[i]->set);
    }
    fputs(".SH EXIT STATUS\n", out);
    for (size_t i = 0; i < N_STATUSES; i++) {
        fprintf(out, ".TP\n.B %d\n", (int)statuses[i].status);
        man_paragraph(out, statuses[i].text);
    }
    fputs(".SH ENVIRONMENT\n"
          ".TP\n.B COLUMNS\nWidth of tables, from 40 on.\n"
          ".TP\n.B NO_COLOR\nIf set, no bold text.\n"
          ".TP\n.B FOBSCOPE_CAPTURES\nFolder of recordings for demo.\n"
          ".SH LAW\n",
          out);
    man_paragraph(out, legal);
}
