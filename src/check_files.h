/* check_files - recordings as a sitting: what was sent, and what was asked for when.
 *
 *   errors  negative errno, and a sentence
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_CHECK_FILES_H
#define SRC_CHECK_FILES_H

#include <signal.h>
#include <stdbool.h>

#include "src/err.h"
#include "src/log.h"
#include "src/owner.h"
#include "src/sitting.h"
#include "src/source.h"

struct check_files {
    struct sitting *sitting; /* that of the caller */
    struct progress *progress;
    const volatile sig_atomic_t *stop;
    const char *path; /* of what is played; NULL: as its source is named */
    bool has_prompts; /* those of a file: what recordings say is not asked */
    size_t n;         /* recordings so far */
    /* What the owner said, in the order of owner_names: the first recording that
     * has it; "": not said. */
    char owner[OWNER_WORDS][OWNER_WORD_MAX + 1];
    bool is_synthetic; /* one of them was computed */
};

/* All of s behind what came before. -EINTR: stopped. */
int check_files_play(struct check_files *c, struct source *s, struct err *e);

/* Lines of "SECONDS BUTTON", by time, # begins a comment: what was asked for when,
 * or pressed. A prompt holds until the next one, and ten seconds at most. */
int check_files_read_prompts(struct sitting *s, const char *path,
                             struct err *e);

#endif
