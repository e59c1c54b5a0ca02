/* check_live - a guided sitting at a receiver: asks for buttons, hears presses.
 *
 *   errors  negative errno, and a sentence
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_CHECK_LIVE_H
#define SRC_CHECK_LIVE_H

#include <signal.h>

#include "src/asking.h"
#include "src/err.h"
#include "src/guide.h"
#include "src/options.h"
#include "src/recorder.h"
#include "src/sitting.h"

struct check_live_cfg {
    const struct options *options;
    struct asking_cfg asking;
    struct sitting *sitting;   /* that of the caller */
    struct recorder *recorder; /* NULL: nothing is saved */
    struct guide *guide;
    /* Nothing is asked for: called when a board has been quiet for a while; the
     * next one is a sitting of its own. NULL: a guided sitting. */
    void (*board)(void *user);
    void *user;
    const volatile sig_atomic_t *stop;
};

/* To the end of the questions. What was heard before Ctrl-C is in the sitting; 0
 * then too. */
int check_live_run(const struct check_live_cfg *cfg, struct err *e);

#endif
