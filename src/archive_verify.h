/* archive_verify - what is damaged in an archive: samples by their hashes,
 * metadata by the rules of SigMF, the index by the files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_ARCHIVE_VERIFY_H
#define SRC_ARCHIVE_VERIFY_H

#include <signal.h>
#include <stddef.h>

#include "src/archive.h"

struct archive_verify_cfg {
    /* what: a file or a recording; sentence: what is wrong with it. */
    void (*damage)(void *user, const char *what, const char *sentence);
    /* A file has been looked at: the n-th of total. May be NULL. */
    void (*done)(void *user, size_t n, size_t total);
    void *user;
    const volatile sig_atomic_t *stop;
};

struct archive_verify_totals {
    size_t recordings, damages;
    uint64_t bytes; /* of samples that were hashed */
};

/* All there is. -EINTR: stopped; negative errno where it could not be looked. */
int archive_verify(struct archive *a, const struct archive_verify_cfg *cfg,
                   struct archive_verify_totals *totals, struct err *e);

/* One recording; adds to *totals. */
void archive_verify_one(struct archive *a, const struct entry *t,
                        const struct archive_verify_cfg *cfg,
                        struct archive_verify_totals *totals);

#endif
