/* fob - the line of a scenario that presses a button.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_DONGLE_FOB_H
#define TESTS_DONGLE_FOB_H

#include "tests/dongle/air.h"
#include "tests/dongle/words.h"

/* Takes all words that are left. */
void fob_read(struct emitter *e, struct words *w);

#endif
