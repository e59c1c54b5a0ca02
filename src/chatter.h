/* chatter - what a library says on standard error, caught and cut into lines.
 *
 * librtlsdr prints as it pleases, from any thread: "Found Rafael Micro R820T
 * tuner", "[R82XX] PLL not locked!". While chatter is caught, file descriptor 2
 * is a pipe and log_say writes to the real standard error. A program that
 * crashes meanwhile still shows what was said.
 *
 *   memory  fixed; what does not fit is left out
 *   thread  a process has one standard error: one struct chatter at a time
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_CHATTER_H
#define SRC_CHATTER_H

#include <stddef.h>

enum { CHATTER_LINE = 256 };

struct chatter { /* private */
    int pipe;    /* the end to read; -1: nothing is caught */
    char line[CHATTER_LINE];
    size_t n;
};

/* Catches from now on. 0; negative errno, and all is as before. */
int chatter_begin(struct chatter *c);

/* Hands out the lines that are complete; control characters are '?'. */
void chatter_drain(struct chatter *c,
                   void (*line)(void *user, const char *text), void *user);

/* Standard error is what it was. */
void chatter_end(struct chatter *c);

#endif
