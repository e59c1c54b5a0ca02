/* typed - what somebody types at a terminal, and what they are shown, for tests.
 *
 * Standard input and error are a terminal of our own between typed_terminal and
 * typed_end: nothing may be asserted there.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_TYPED_H
#define TESTS_SRC_TYPED_H

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

struct typed {
    int in, err; /* as they were */
    int heard;   /* what is said on standard error can be read here */
    char said[4096];
};

static inline void typed_begin(struct typed *t, int in, int err)
{
    fflush(stderr);
    t->in = dup(STDIN_FILENO);
    t->err = dup(STDERR_FILENO);
    dup2(in, STDIN_FILENO);
    dup2(err, STDERR_FILENO);
    clearerr(stdin);
}

static inline int typed_temporary(void)
{
    char name[] = "/tmp/test_typed_XXXXXX";
    const int fd = mkstemp(name);

    assert_true(fd >= 0);
    unlink(name);
    return fd;
}

/* A file with this text is standard input, and there is no terminal. */
static inline void typed_file(struct typed *t, const char *text)
{
    const int fd = typed_temporary();

    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    t->heard = typed_temporary();
    typed_begin(t, fd, t->heard);
    close(fd);
}

/* False: this system gives us no terminal. */
static inline bool typed_terminal(struct typed *t, const char *text)
{
    struct termios mode;
    int fd = -1;

    t->heard = posix_openpt(O_RDWR | O_NOCTTY);
    if (t->heard < 0 || grantpt(t->heard) < 0 || unlockpt(t->heard) < 0 ||
        (fd = open(ptsname(t->heard), O_RDWR | O_NOCTTY)) < 0)
        return false;
    assert_int_equal(tcgetattr(fd, &mode), 0);
    mode.c_lflag &= (tcflag_t)~ECHO; /* what is said is the program's alone */
    assert_int_equal(tcsetattr(fd, TCSANOW, &mode), 0);
    assert_int_equal(write(t->heard, text, strlen(text)), strlen(text));
    typed_begin(t, fd, fd);
    close(fd);
    return true;
}

/* What was said is in t->said. */
static inline void typed_end(struct typed *t)
{
    struct pollfd ready = { .fd = t->heard, .events = POLLIN };
    size_t n = 0;
    ssize_t k = 1;

    fflush(stderr);
    lseek(t->heard, 0, SEEK_SET); /* of a file */
    while (k > 0 && n < sizeof t->said - 1 && poll(&ready, 1, 0) > 0 &&
           (ready.revents & POLLIN)) {
        k = read(t->heard, t->said + n, sizeof t->said - 1 - n);
        n += k > 0 ? (size_t)k : 0;
    }
    t->said[n] = '\0';
    tcflush(STDIN_FILENO, TCIFLUSH);
    dup2(t->in, STDIN_FILENO);
    dup2(t->err, STDERR_FILENO);
    close(t->in);
    close(t->err);
    close(t->heard);
    clearerr(stdin);
}

#endif
