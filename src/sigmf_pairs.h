/* sigmf_pairs - the halves of recordings that come out of an archive: what their
 * names may be, which belong together, how much, and the files they become.
 *
 * No name of the archive becomes the name of a file: they are 000.sigmf-meta,
 * 000.sigmf-data, 001.sigmf-meta and so on, for us alone.
 *
 *   errors  negative errno, and a sentence
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SIGMF_PAIRS_H
#define SRC_SIGMF_PAIRS_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/err.h"
#include "src/sigmf_archive.h"

enum sigmf_half { SIGMF_META, SIGMF_DATA, SIGMF_HALVES };

enum {
    SIGMF_ENDING = 11, /* bytes of ".sigmf-meta", and of ".sigmf-data" */
    SIGMF_ENTRY_NAME = SIGMF_ARCHIVE_NAME + SIGMF_ENDING,
};

/* libarchive converts names to the letters of the locale, or loses them: from
 * here to leave those are UTF-8's in this thread. (locale_t)0: the system has no
 * such locale, and a name that is not ASCII may be refused. */
locale_t sigmf_names_enter(locale_t *last);
void sigmf_names_leave(locale_t utf8, locale_t last);

/* An entry's name without "." and empty parts, so that strcmp knows what
 * belongs together. Returns what is wrong with it, or NULL. */
const char *sigmf_entry_clean(char ret[SIGMF_ENTRY_NAME], const char *name);

/* Which half of a pair it is called; SIGMF_HALVES: none. */
enum sigmf_half sigmf_entry_half(const char *clean);

struct sigmf_pairs {
    const char *archive, *folder; /* borrowed, for sentences and paths */
    int folder_fd;
    const struct sigmf_archive_limits *limits;
    uint64_t in;  /* bytes of the archive: all, or of a pipe those so far */
    uint64_t out; /* that came out of it, zeros that were only told as well */
    struct sigmf_archive_pair *pairs; /* the caller's */
    unsigned n;
    bool has[SIGMF_ARCHIVE_RECORDINGS][SIGMF_HALVES]; /* the file is ours */
};

int sigmf_pairs_open(struct sigmf_pairs *p, const char *archive,
                     const char *folder,
                     const struct sigmf_archive_limits *limits,
                     struct sigmf_archive_pair *pairs, struct err *e);

/* The most that may come out, by what went in. */
uint64_t sigmf_pairs_most(const struct sigmf_pairs *p);

/* May n bytes more come out? */
int sigmf_pairs_allow(const struct sigmf_pairs *p, uint64_t n, struct err *e);

/* A new file for that half of that entry, mode 0600 at any umask. Returns its
 * fd. */
int sigmf_pairs_create(struct sigmf_pairs *p, const char *clean,
                       enum sigmf_half half, struct err *e);

int sigmf_pairs_write(const struct sigmf_pairs *p, int fd, const void *bytes,
                      size_t n, uint64_t at, struct err *e);

/* Closes fd, of a file that is made longer by zeros if it is below size. */
int sigmf_pairs_finish(const struct sigmf_pairs *p, int fd, uint64_t size,
                       struct err *e);

/* Is there one, and none without its other half? */
int sigmf_pairs_check(const struct sigmf_pairs *p, struct err *e);

/* Not keep: all that was made is removed. */
void sigmf_pairs_close(struct sigmf_pairs *p, bool keep);

#endif
