/* options - the one table of commands and options.
 *
 * The command line is parsed by it; help, shell completions and the man page
 * are written from it.
 *
 *   memory  struct options points into argv, which getopt may reorder
 *   thread  getopt has state of its own: one thread at a time
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_OPTIONS_H
#define SRC_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "src/cmd.h"
#include "src/err.h"
#include "src/owner.h"
#include "src/pipeline.h"

enum output_format {
    OUTPUT_TABLE, /* for people */
    OUTPUT_JSON,  /* one document */
    OUTPUT_JSONL, /* one object a line */
    OUTPUT_CSV,
};

/* How recordings leave the archive. */
enum export_choice {
    EXPORT_TO_NONE, /* not given */
    EXPORT_TO_WAV,
    EXPORT_TO_FLAC,
    EXPORT_TO_CU8,
    EXPORT_TO_SIGMF, /* one .sigmf archive */
};

/* What the command line asks for. */
enum ask {
    ASK_RUN,   /* cmd->exec */
    ASK_USAGE, /* too little was said: short help, and it is an error */
    ASK_HELP,  /* of cmd, of group, or of the program where both are NULL */
    ASK_VERSION,
    ASK_COMPLETION, /* for shell */
    ASK_MAN,
};

#define COMPARE_FOBS_MAX      8
#define OPTIONS_BANDS_MAX     PIPELINE_BANDS_MAX
#define OPTIONS_BLOCK_MAX     4194304
#define OPTIONS_BLOCK_DEFAULT 65536
#define OPTIONS_MARGIN_S      0.1 /* pre_s, post_s where nothing is said */

struct options {
    enum ask ask;
    const struct cmd *cmd;
    const struct cmd_group *group; /* that usage or help is of; or NULL */
    const char *shell;
    enum output_format format;
    bool is_every, is_all;
    bool has_bursts, has_summary, has_chips, has_pulses, has_bits;
    double rate_hz;       /* 0: not given */
    double centre_hz;     /* NAN: not given */
    size_t block_samples; /* 1 .. OPTIONS_BLOCK_MAX */
    const char *output;   /* NULL: standard output */
    /* Of a live receiver: */
    const char *device;                /* NULL: not given */
    double band_hz[OPTIONS_BANDS_MAX]; /* carriers to look for */
    size_t n_bands;                    /* 0: not given */
    double gain_db;                    /* NAN: automatic */
    double ppm;
    double seconds; /* then stop; 0: never */
    bool is_reconnecting, is_verbose;
    /* Of a triggered recording: */
    double pre_s, post_s;
    size_t count;  /* recordings, then stop; 0: never */
    bool is_plain; /* cu8 alone, not a SigMF pair */
    /* Of the archive: */
    const char *archive; /* its folder, not ""; NULL: not given */
    struct owner_words owner;
    bool is_cut, is_full, is_dry_run;
    enum export_choice export;
    const char *collection;            /* a title */
    const char *model, *fob;           /* filters, as is owner.label of list */
    const char *verdict;               /* proven, plausible or none */
    const char *since, *until, *older; /* age_parse takes them */
    /* Of a check: */
    const char *prompts; /* a file; NULL: none */
    const char *market;  /* "us" or "eu"; NULL: not known */
    size_t presses;      /* of each button; 0: as a rule */
    bool is_guide_plain, is_saved, is_batch;
    const char *limits; /* a file; NULL: none */
    /* Of an identification; NULL: not said: */
    const char *cell;  /* "coin" or "sealed" */
    const char *built; /* "2004-03" */
    const char *fcc;   /* an FCC ID */
    const char *like;  /* other fobs: files or IDs, with commas */
    bool is_emitted;   /* a draft of the format, and nothing else */
    /* Of a picture: */
    const char *size; /* view_parse_size takes it; NULL: as a rule */
    bool is_live;     /* of a comparison: at a receiver */
    bool is_shared;   /* of a report: redacted was asked for */
    /* Behind the options: */
    char *const *operands;
    size_t n_operands;
};

/* What holds where nothing is said. */
void options_init(struct options *o);

/* Makes band_hz all the bands that have names. */
void options_all_bands(struct options *o);

/* argv ends with NULL and lives as long as *ret. -EINVAL and a sentence with a
 * hint on wrong usage; *ret is then untouched. */
int options_parse(struct options *ret, int argc, char *const *argv,
                  struct err *e);

/* All fit 80 columns. cmd may be NULL: the program. */
void options_usage(FILE *out);
void options_help(FILE *out, const struct cmd *cmd);

/* The same of a group of commands. */
void options_group_usage(FILE *out, const struct cmd_group *group);
void options_group_help(FILE *out, const struct cmd_group *group);

/* shell: "bash", "zsh" or "fish". -EINVAL for any other. */
int options_completion(FILE *out, const char *shell);

/* A man page in man(7). */
void options_man(FILE *out);

#endif
