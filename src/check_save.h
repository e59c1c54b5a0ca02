/* check_save - a sitting on its way to the archive: which button was asked for,
 * noted in each of its recordings, and which one was asked for in vain.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_CHECK_SAVE_H
#define SRC_CHECK_SAVE_H

#include "src/err.h"
#include "src/sitting.h"

/* Adds to the recording's metadata what was asked for, and of the prompts from *next
 * on those before it that nothing answered; of the last recording those behind it
 * too. *next is then the first prompt that is not noted yet. */
int check_save_asked(const char *meta, const struct sitting *s, size_t *next,
                     bool is_last, struct err *e);

#endif
