/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/now.h"

static bool is_stopped(struct tcp_stop stop)
{
    return (stop.thread != NULL && atomic_load(stop.thread)) ||
           (stop.user != NULL && *stop.user);
}

int tcp_wait(int fd, short events, double seconds, struct tcp_stop stop)
{
    const double end_s = now_s() + seconds;
    struct pollfd p = { .fd = fd, .events = events };

    while (now_s() < end_s) {
        if (is_stopped(stop))
            return -EINTR;
        const double left_s = end_s - now_s();
        const int n = poll(&p, 1, left_s < 0.1 ? (int)(left_s * 1e3) + 1 : 100);

        if (n > 0)
            return 1;
        if (n < 0)
            return -errno;
    }
    return 0;
}

/* A socket that is connected, within some seconds; negative errno. */
static int connect_to(const struct addrinfo *a, double seconds,
                      struct tcp_stop stop)
{
    const int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
    socklen_t n = sizeof(int);
    int fault = 0, status;

    if (fd < 0)
        return -errno;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
        return fd;
    status =
        errno != EINPROGRESS ? -errno : tcp_wait(fd, POLLOUT, seconds, stop);
    if (status == 1) {
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &fault, &n);
        status = -fault;
    } else if (status == 0) {
        status = -ETIMEDOUT;
    }
    if (status == 0)
        return fd;
    close(fd);
    return status;
}

static int fault(const struct tcp_address *a, int code, struct err *e)
{
    switch (code) {
    case -ECONNREFUSED:
        return err_set(e, code, "%s: nobody listens on port %s of %s; run: %s",
                       a->shown, a->port, a->host, a->when_refused);
    case -ETIMEDOUT:
        return err_set(e, code,
                       "%s: %s does not answer within %g s: is it on, and no "
                       "firewall between?; run: ping %s",
                       a->shown, a->host, a->seconds, a->host);
    case -EINTR:
        return code;
    default:
        return err_set(e, code, "%s: cannot connect to %s: %s", a->shown,
                       a->host, strerror(-code));
    }
}

/* Every address that the name has, in turn. */
int tcp_connect(const struct tcp_address *a, struct tcp_stop stop,
                struct err *e)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *list;
    int status = getaddrinfo(a->host, a->port, &hints, &list);

    if (status != 0)
        return err_set(e, -EADDRNOTAVAIL, "%s: host %s, port %s: %s", a->shown,
                       a->host, a->port, gai_strerror(status));
    status = -EADDRNOTAVAIL;
    for (const struct addrinfo *i = list; i != NULL && status < 0;
         i = i->ai_next) {
        status = connect_to(i, a->seconds, stop);
        if (status == -EINTR)
            break;
    }
    freeaddrinfo(list);
    return status >= 0 ? status : fault(a, status, e);
}
