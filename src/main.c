/* main - from the command line to a command, and back to an exit status.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dsp/channel.h"
#include "dsp/spectrum.h"
#include "src/cmd.h"
#include "src/database.h"
#include "src/draw.h"
#include "src/err.h"
#include "src/hash.h"
#include "src/json.h"
#include "src/log.h"
#include "src/options.h"
#include "src/sigmf_archive.h"
#include "src/source.h"

static volatile sig_atomic_t stop;

static void on_interrupt(int number)
{
    (void)number;
    stop = 1;
}

/* SA_RESTART stays off, so that a read that waits comes back. A second
 * interrupt ends the program at once. */
static void catch_signals(void)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    struct sigaction interrupt = { .sa_handler = on_interrupt,
                                   .sa_flags = (int)SA_RESETHAND };

    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGTERM, &interrupt, NULL);
}

/* A file that was opened in place of a closed standard stream would be written
 * into by whoever means that stream. Writing to a closed output stays a fault. */
static void open_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
}

static void print_versions(void)
{
    printf("fobscope %s\n", FOBSCOPE_VERSION);
    printf("%s\n", spectrum_library_version());
    printf("liquid %s\n", channel_library_version());
    printf("jansson %s\n", json_version());
    printf("%s\n", source_library_version());
    printf("SQLite %s\n", database_library_version());
    printf("%s\n", sigmf_archive_library_version());
    printf("libsodium %s\n", hash_library_version());
    printf("cairo %s\n", draw_library_version());
}

static enum status run(const struct options *o)
{
    switch (o->ask) {
    case ASK_RUN:
        return o->cmd->exec(o, &stop);
    case ASK_USAGE:
        if (o->group != NULL)
            options_group_usage(stderr, o->group);
        else
            options_usage(stderr);
        return STATUS_USAGE;
    case ASK_HELP:
        if (o->group != NULL)
            options_group_help(stdout, o->group);
        else
            options_help(stdout, o->cmd);
        break;
    case ASK_VERSION:
        print_versions();
        break;
    case ASK_COMPLETION:
        options_completion(stdout, o->shell);
        break;
    case ASK_MAN:
        options_man(stdout);
        break;
    }
    return STATUS_OK;
}

/* What stdio still holds is data too: a full disk shows here. */
static enum status close_output(enum status status)
{
    bool had_error = ferror(stdout) != 0;

    errno = 0;
    if (fclose(stdout) == 0 && !had_error)
        return status;
    if (status == STATUS_OK && errno != EPIPE)
        log_say(LOG_ERROR, "standard output: %s",
                errno != 0 ? strerror(errno) : "write error");
    return status == STATUS_OK ? STATUS_INPUT : status;
}

int main(int argc, char **argv)
{
    struct options o;
    struct err e;

    open_streams();
    catch_signals();
    if (hash_start() < 0) {
        log_say(LOG_ERROR, "the system has no random numbers");
        return STATUS_BUG;
    }
    if (options_parse(&o, argc, argv, &e) < 0) {
        log_say(LOG_ERROR, "%s", e.text);
        return STATUS_USAGE;
    }
    return (int)close_output(run(&o));
}
