/* check_save - a sitting on its way to the archive: which button was asked for,
 * noted in each of its recordings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_CHECK_SAVE_H
#define SRC_CHECK_SAVE_H

#include "src/err.h"
#include "src/sitting.h"

/* Adds annotations of what was asked for to the recording's metadata. */
int check_save_asked(const char *meta, const struct sitting *s, struct err *e);

#endif
