/* tcp - a connection to a server, within some seconds.
 *
 *   thread  any; *stop, set by another, ends every wait within 0.1 s
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_TCP_H
#define SRC_TCP_H

#include <stdatomic.h>

#include "src/err.h"

struct tcp_address {
    char host[256], port[32];
    double seconds;           /* to wait for an answer */
    const char *shown;        /* what the user calls it, for sentences */
    const char *when_refused; /* the command that would help there */
};

/* 1: ready for events of poll(); 0: not within so long; negative errno. fd < 0:
 * just waits. */
int tcp_wait(int fd, short events, double seconds, const atomic_bool *stop);

/* A socket that does not block, to the first address of the host's that takes
 * it, IPv4 or IPv6; negative errno with a sentence. */
int tcp_connect(const struct tcp_address *a, const atomic_bool *stop,
                struct err *e);

#endif
