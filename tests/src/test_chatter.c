/* What is said on standard error comes out as lines, and nothing is lost of what
 * this program says, or of its last words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "src/chatter.h"
#include "src/log.h"

enum { LINES_MAX = 512 };

static struct chatter chatter;
static struct {
    char line[LINES_MAX][CHATTER_LINE];
    size_t n;
} said;

/* In the place of the real standard error is a pipe. */
static int saved = -1, real[2];

static void on_line(void *user, const char *text)
{
    assert_ptr_equal(user, &said);
    assert_true(strlen(text) < CHATTER_LINE);
    if (said.n < LINES_MAX)
        strcpy(said.line[said.n++], text);
}

static void drain(void)
{
    chatter_drain(&chatter, on_line, &said);
}

static int begin(void **state)
{
    (void)state;
    memset(&said, 0, sizeof said);
    fflush(stderr);
    saved = dup(STDERR_FILENO);
    if (saved < 0 || pipe(real) != 0)
        return -1;
    fcntl(real[0], F_SETFL, O_NONBLOCK);
    return dup2(real[1], STDERR_FILENO) < 0 ? -1 : 0;
}

/* All that the real standard error has been told. */
static const char *heard(void)
{
    static char text[65536];
    size_t n = 0;
    ssize_t k;

    while ((k = read(real[0], text + n, sizeof text - 1 - n)) > 0)
        n += (size_t)k;
    text[n] = '\0';
    return text;
}

static int end(void **state)
{
    (void)state;
    chatter_end(&chatter);
    dup2(saved, STDERR_FILENO);
    fputs(heard(), stderr); /* of a test that failed */
    close(saved);
    close(real[0]);
    close(real[1]);
    return 0;
}

static void has_said(size_t i, const char *text)
{
    assert_true(i < said.n);
    assert_string_equal(said.line[i], text);
}

static void what_is_said_comes_as_lines(void **state)
{
    (void)state;
    assert_int_equal(chatter_begin(&chatter), 0);
    drain();
    assert_int_equal(said.n, 0);
    fprintf(stderr, "Found Rafael Micro R820T tuner\n[R82XX] PLL not lock");
    drain();
    assert_int_equal(said.n, 1);
    has_said(0, "Found Rafael Micro R820T tuner");
    fprintf(stderr, "ed!\nthird\n");
    drain();
    assert_int_equal(said.n, 3);
    has_said(1, "[R82XX] PLL not locked!");
    has_said(2, "third");
    chatter_end(&chatter);
    assert_string_equal(heard(), "");
}

static void *talk(void *user)
{
    for (int i = 0; i < 100; i++)
        fprintf(stderr, "%s %d\n", (const char *)user, i);
    return NULL;
}

static void other_threads_are_heard(void **state)
{
    pthread_t a, b;
    int next[2] = { 0, 0 };

    (void)state;
    assert_int_equal(chatter_begin(&chatter), 0);
    assert_int_equal(pthread_create(&a, NULL, talk, (char[]){ "a" }), 0);
    assert_int_equal(pthread_create(&b, NULL, talk, (char[]){ "b" }), 0);
    drain(); /* while they talk */
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    drain();
    chatter_end(&chatter);
    assert_int_equal(said.n, 200);
    for (size_t i = 0; i < said.n; i++) {
        const bool is_b = said.line[i][0] == 'b';
        assert_int_equal(atoi(said.line[i] + 2), next[is_b]++);
    }
    assert_int_equal(next[0], 100);
}

static void the_log_is_not_caught(void **state)
{
    (void)state;
    assert_int_equal(chatter_begin(&chatter), 0);
    fprintf(stderr, "the library\n");
    log_say(LOG_WARNING, "this %s", "program");
    fprintf(stderr, "again\n");
    assert_string_equal(heard(), "fobscope: warning: this program\n");
    drain();
    assert_int_equal(said.n, 2);
    has_said(0, "the library");
    has_said(1, "again");
    chatter_end(&chatter);
    log_say(LOG_NOTE, "and now");
    assert_string_equal(heard(), "fobscope: and now\n");
}

static void control_characters_are_shown(void **state)
{
    (void)state;
    assert_int_equal(chatter_begin(&chatter), 0);
    fprintf(stderr, "\033[31mred\a \x7f\r\n");
    assert_int_equal(write(STDERR_FILENO, "a\0b\n", 4), 4);
    drain();
    assert_int_equal(said.n, 2);
    has_said(0, "?[31mred? ??");
    has_said(1, "a?b");
}

static void a_long_line_is_cut(void **state)
{
    char text[2000];

    (void)state;
    memset(text, 'y', sizeof text);
    assert_int_equal(chatter_begin(&chatter), 0);
    fprintf(stderr, "begin%.*s\nnext\n", (int)sizeof text, text);
    drain();
    assert_true(said.n >= 2);
    assert_memory_equal(said.line[0], "beginyyyy", 9);
    assert_true(strlen(said.line[0]) > 100);
    has_said(said.n - 1, "next");
}

/* Nobody drains; the library's thread has to go on. */
static void too_much_text_does_not_block(void **state)
{
    (void)state;
    assert_int_equal(chatter_begin(&chatter), 0);
    for (int i = 0; i < 50000; i++)
        fprintf(stderr, "%d bottles of something on the wall\n", i);
    drain();
    has_said(0, "0 bottles of something on the wall");
    assert_true(said.n > 50);
    for (int i = 0; i < 3; i++) { /* the rest of a line that was cut */
        fprintf(stderr, "\nafter it\n");
        said.n = 0;
        drain();
    }
    has_said(said.n - 1, "after it");
    assert_string_equal(heard(), "");
}

static size_t count_open(void)
{
    size_t n = 0;

    for (int fd = 0; fd < 256; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

static void all_is_as_it_was(void **state)
{
    const int signals[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV };
    struct sigaction before[5], after;
    struct stat was, is;
    const size_t n = count_open();
    const int flags = fcntl(STDERR_FILENO, F_GETFL);

    (void)state;
    for (size_t i = 0; i < 5; i++)
        sigaction(signals[i], NULL, &before[i]);
    assert_int_equal(fstat(STDERR_FILENO, &was), 0);
    for (int round = 0; round < 300; round++) {
        assert_int_equal(chatter_begin(&chatter), 0);
        fprintf(stderr, "half a line");
        drain();
        chatter_end(&chatter);
        assert_int_equal(count_open(), n);
    }
    assert_int_equal(said.n, 0); /* nor does one begin go on in the next */
    chatter_end(&chatter);       /* once more does nothing */
    assert_int_equal(fstat(STDERR_FILENO, &is), 0);
    assert_true(is.st_dev == was.st_dev && is.st_ino == was.st_ino);
    assert_int_equal(fcntl(STDERR_FILENO, F_GETFL), flags);
    for (size_t i = 0; i < 5; i++) {
        sigaction(signals[i], NULL, &after);
        assert_true(after.sa_handler == before[i].sa_handler);
    }
    fprintf(stderr, "here\n");
    assert_string_equal(heard(), "here\n");
    drain(); /* after the end there is nothing */
    assert_int_equal(said.n, 0);
}

static void only_one_at_a_time(void **state)
{
    struct chatter other;

    (void)state;
    assert_int_equal(chatter_begin(&chatter), 0);
    assert_true(chatter_begin(&other) < 0);
    chatter_end(&other);
    fprintf(stderr, "still caught\n");
    drain();
    has_said(0, "still caught");
}

static void without_standard_error_nothing_is_caught(void **state)
{
    (void)state;
    close(STDERR_FILENO);
    const size_t n = count_open();
    const int r = chatter_begin(&chatter);
    const size_t now = count_open();
    const bool is_closed = fcntl(STDERR_FILENO, F_GETFD) < 0;
    chatter_end(&chatter);
    dup2(real[1], STDERR_FILENO);
    assert_true(r < 0);
    assert_int_equal(n, now);
    assert_true(is_closed);
    assert_int_equal(chatter_begin(&chatter), 0);
}

/* A child that ends by a signal. Returns which. */
static int dies(int number)
{
    const struct rlimit none = { 0, 0 };
    int status = 0;
    const pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        setrlimit(RLIMIT_CORE, &none);
        signal(number, SIG_DFL); /* cmocka has one of its own */
        if (chatter_begin(&chatter) < 0)
            _exit(1);
        fprintf(stderr, "assertion failed: last words");
        if (number == SIGABRT)
            abort();
        raise(number);
        _exit(2);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    return WTERMSIG(status);
}

static void last_words_are_shown(void **state)
{
    const int signals[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV };

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(dies(signals[i]), signals[i]);
        assert_string_equal(heard(), "assertion failed: last words");
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_said_comes_as_lines),
        TEST(other_threads_are_heard),
        TEST(the_log_is_not_caught),
        TEST(control_characters_are_shown),
        TEST(a_long_line_is_cut),
        TEST(too_much_text_does_not_block),
        TEST(all_is_as_it_was),
        TEST(only_one_at_a_time),
        TEST(without_standard_error_nothing_is_caught),
        TEST(last_words_are_shown),
    };

    chatter.pipe = -1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
