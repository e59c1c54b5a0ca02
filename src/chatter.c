/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/chatter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "src/log.h"

/* For the handler: the real standard error, and what was said instead. */
static volatile sig_atomic_t real_fd = -1, caught_fd = -1;

static const int fatal[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV };

/* The last words of assert() or of a sanitizer are in the pipe. Calls only what
 * a handler may (signal-safety(7)); the signal comes again and ends all. */
static void on_fatal(int number)
{
    char text[512];
    ssize_t n;

    dup2(real_fd, STDERR_FILENO);
    while ((n = read(caught_fd, text, sizeof text)) > 0)
        if (write(STDERR_FILENO, text, (size_t)n) != n)
            break;
    raise(number);
}

/* A handler of somebody else's stays: a sanitizer knows better. */
static void set_handlers(bool is_on)
{
    const struct sigaction ours = { .sa_handler = on_fatal,
                                    .sa_flags = (int)SA_RESETHAND };
    const struct sigaction none = { .sa_handler = SIG_DFL };

    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) {
        struct sigaction now;

        if (sigaction(fatal[i], NULL, &now) != 0)
            continue;
        if (is_on && now.sa_handler == SIG_DFL)
            sigaction(fatal[i], &ours, NULL);
        else if (!is_on && now.sa_handler == on_fatal)
            sigaction(fatal[i], &none, NULL);
    }
}

int chatter_begin(struct chatter *c)
{
    int ends[2], real;

    *c = (struct chatter){ .pipe = -1 };
    if (real_fd >= 0)
        return -EBUSY;
    real = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (real < 0)
        return -errno;
    if (pipe(ends) != 0) {
        const int r = -errno;

        close(real);
        return r;
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    /* who talks too much is cut short, not stopped */
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    if (log_to(real) < 0 || dup2(ends[1], STDERR_FILENO) < 0) {
        log_to(-1);
        close(real);
        close(ends[0]);
        close(ends[1]);
        return -EMFILE;
    }
    close(ends[1]);
    c->pipe = ends[0];
    real_fd = real;
    caught_fd = ends[0];
    set_handlers(true);
    return 0;
}

void chatter_drain(struct chatter *c,
                   void (*line)(void *user, const char *text), void *user)
{
    char text[512];
    ssize_t n;

    while (c->pipe >= 0 && (n = read(c->pipe, text, sizeof text)) > 0) {
        for (ssize_t i = 0; i < n; i++) {
            const unsigned char b = (unsigned char)text[i];

            if (b != '\n' && c->n < sizeof c->line - 1)
                c->line[c->n++] = b < 32 || b > 126 ? '?' : text[i];
            if (b != '\n' || c->n == 0)
                continue;
            c->line[c->n] = '\0';
            c->n = 0;
            if (line != NULL)
                line(user, c->line);
        }
    }
}

void chatter_end(struct chatter *c)
{
    if (c->pipe < 0)
        return;
    set_handlers(false);
    dup2(real_fd, STDERR_FILENO);
    log_to(-1);
    close(real_fd);
    close(c->pipe);
    real_fd = caught_fd = -1;
    c->pipe = -1;
}
