/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/err.h"
#include "src/now.h"

#define PROGRESS_AFTER_S 1.0
#define PROGRESS_EVERY_S 0.2
#define PROGRESS_NAME    50 /* of the name, so that the line fits 80 columns */

/* Where talk goes while somebody else has standard error; NULL: there. */
static FILE *elsewhere;

FILE *log_stream(void)
{
    return elsewhere != NULL ? elsewhere : stderr;
}

int log_to(int fd)
{
    FILE *old = elsewhere;
    const int own = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 3);

    elsewhere = own < 0 ? NULL : fdopen(own, "w");
    if (own >= 0 && elsewhere == NULL)
        close(own);
    if (elsewhere != NULL)
        setvbuf(elsewhere, NULL, _IOLBF, 0);
    if (old != NULL)
        fclose(old);
    return fd >= 0 && elsewhere == NULL ? -EMFILE : 0;
}

void log_say(enum log_level level, const char *format, ...)
{
    struct err clean;
    char text[sizeof clean.text];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    err_set(&clean, 0, "%s", text);
    fprintf(log_stream(), "fobscope: %s%s\n",
            level == LOG_WARNING ? "warning: " : "", clean.text);
}

void log_fault(const char *name, const struct err *e)
{
    if (name != NULL && strncmp(e->text, name, strlen(name)) != 0)
        log_say(LOG_ERROR, "%s: %s", name, e->text);
    else
        log_say(LOG_ERROR, "%s", e->text);
}

void progress_init(struct progress *p, const char *name, uint64_t total,
                   double rate_hz)
{
    *p = (struct progress){
        .name = name,
        .total = total,
        .rate_hz = rate_hz,
        .is_on = isatty(fileno(log_stream())) == 1,
    };
    if (p->is_on)
        p->start_s = p->shown_s = now_s();
}

static void show(struct progress *p, uint64_t samples)
{
    struct err name;
    size_t n = strlen(p->name);

    err_set(&name, 0, "%s",
            n > PROGRESS_NAME ? p->name + n - PROGRESS_NAME : p->name);
    progress_hide(p);
    if (p->total > 0)
        fprintf(log_stream(), "%s: %.0f %%", name.text,
                100.0 * (double)samples / (double)p->total);
    else
        fprintf(log_stream(), "%s: %.1f s", name.text,
                (double)samples / p->rate_hz);
    fflush(log_stream());
    p->is_shown = true;
}

void progress_update(struct progress *p, uint64_t samples)
{
    double now;

    if (!p->is_on)
        return;
    now = now_s();
    if (now - p->start_s < PROGRESS_AFTER_S ||
        now - p->shown_s < PROGRESS_EVERY_S)
        return;
    p->shown_s = now;
    show(p, samples);
}

void progress_hide(struct progress *p)
{
    if (!p->is_shown)
        return;
    fputs("\r\033[K", log_stream());
    fflush(log_stream());
    p->is_shown = false;
}
