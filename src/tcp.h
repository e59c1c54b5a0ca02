/* tcp - a connection to a server, within some seconds.
 *
 *   thread  any
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_TCP_H
#define SRC_TCP_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "src/err.h"

/* What ends every wait within 0.1 s: the word of another thread, or of the user.
 * Each may be NULL. */
struct tcp_stop {
    const atomic_bool *thread;
    const volatile sig_atomic_t *user;
};

struct tcp_address {
    char host[256], port[32];
    double seconds;           /* to wait for an answer */
    const char *shown;        /* what the user calls it, for sentences */
    const char *when_refused; /* the command that would help there */
};

/* 1: ready for events of poll(); 0: not within so long; -EINTR: stopped, or a
 * signal; another negative errno. fd < 0: just waits. */
int tcp_wait(int fd, short events, double seconds, struct tcp_stop stop);

/* A socket that does not block, to the first address of the host's that takes
 * it, IPv4 or IPv6; negative errno with a sentence. */
int tcp_connect(const struct tcp_address *a, struct tcp_stop stop,
                struct err *e);

#endif
