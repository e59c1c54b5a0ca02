/* check_inputs - the operands of a command, recordings of one fob, as one sitting.
 *
 * What the owner said of the fob when they were kept comes with them.
 *
 *   memory  the caller's
 *   errors  told as they come; the next recording still comes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_CHECK_INPUTS_H
#define SRC_CHECK_INPUTS_H

#include "src/check_files.h"
#include "src/options.h"

struct check_inputs { /* private but for status, files and owner */
    const struct options *options;
    const volatile sig_atomic_t *stop;
    struct check_files files; /* n: recordings that were read */
    struct progress progress;
    enum status status; /* STATUS_INPUT: one could not be read */
};

/* sitting: that of the caller, which has begun. */
void check_inputs_init(struct check_inputs *c, const struct options *o,
                       struct sitting *sitting,
                       const volatile sig_atomic_t *stop);

/* One operand more: a file, an ID of the archive. */
void check_inputs_play(struct check_inputs *c, const char *operand);

/* All operands of the command, and its --prompts. */
void check_inputs_play_all(struct check_inputs *c);

#endif
