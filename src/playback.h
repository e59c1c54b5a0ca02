/* playback - a recording, block by block into a pipeline.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_PLAYBACK_H
#define SRC_PLAYBACK_H

#include <stddef.h>
#include <sys/types.h>

#include "src/err.h"
#include "src/pipeline.h"
#include "src/source.h"

/* Bytes of the largest sample, and of a pulse. */
#define PLAYBACK_BYTES 8

/* Up to `room` samples or pulses, with the gap in front of them. block has room
 * for so many of PLAYBACK_BYTES and holds them afterwards. Returns as
 * source_read. */
ssize_t playback_step(struct source *s, struct pipeline *p, void *block,
                      size_t room, struct err *e);

#endif
