/* keep - a recording that exists somewhere, decoded and written once more as a
 * SigMF pair, on its way to the archive.
 *
 * All of it, or what is around its bursts.
 *
 *   memory  fixed, but for a few words for each burst
 *   errors  negative errno, and a sentence; -EINTR: the user had enough. Files
 *           that are left then are in the folder it was given
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_KEEP_H
#define SRC_KEEP_H

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "src/err.h"
#include "src/json.h"
#include "src/log.h"
#include "src/owner.h"
#include "src/source.h"

struct keep_cfg {
    const char *folder;   /* that the pair is written into */
    bool is_cut;          /* only the bursts, with */
    double pre_s, post_s; /* so much around them */
    struct owner_words owner;
    const struct json *former; /* the metadata it came with; NULL: none */
    struct progress *progress;
    const volatile sig_atomic_t *stop;
};

/* Reads s to its end. The pair's .sigmf-meta is in meta; left_out: bursts and
 * frames that found no room in it. */
int keep_recording(struct source *s, const struct keep_cfg *cfg,
                   char meta[PATH_MAX], size_t *left_out, struct err *e);

#endif
