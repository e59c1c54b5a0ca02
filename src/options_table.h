/* options_table - the commands and options, for the files options*.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_OPTIONS_TABLE_H
#define SRC_OPTIONS_TABLE_H

#include <stddef.h>

#include "src/cmd.h"

/* How an option's value gets into struct options. */
enum option_type {
    OPTION_FLAG,   /* bool at offset */
    OPTION_FORMAT, /* format = value */
    OPTION_ASK,    /* ask = value, and parsing ends */
    OPTION_SHELL,  /* ask = value, with the name of a shell */
    OPTION_HZ,     /* double at offset, within low .. high */
    OPTION_REAL,   /* the same; may have a sign, and no k, M, G */
    OPTION_WHOLE,  /* the same, without a fraction */
    OPTION_GAIN,   /* the same or the word auto, which is NAN */
    OPTION_BANDS,  /* band_hz and n_bands: names or frequencies, by commas */
    OPTION_COUNT,  /* size_t at offset, within low .. high */
    OPTION_STRING, /* const char * at offset */
    OPTION_FOLDER, /* the same, not "" */
    OPTION_WORDS,  /* the same: what a person wrote (owner.h) */
    OPTION_CHOICE, /* the same: one of choices */
    OPTION_AGE,    /* the same: what age_parse takes */
    OPTION_SIZE,   /* the same: what view_parse_size takes */
    OPTION_EXPORT, /* export = value */
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
    const char *choices; /* "proven plausible none" */
};

struct status_entry {
    enum status status;
    const char *text;
};

#define N_OPTIONS 89

extern const struct option_entry options_table[N_OPTIONS];

/* What the program is, and what to heed. */
extern const char options_about[], options_legal[];

/* Each ends with NULL; the commands of a group are side by side. */
extern const struct cmd *const options_commands[];
extern const char *const options_shells[];

/* The first words of commands of two; ends with a name of NULL. */
extern const struct cmd_group options_groups[];

/* Ends with a text of NULL. */
extern const struct status_entry options_statuses[];

#endif
