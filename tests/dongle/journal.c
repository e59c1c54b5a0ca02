/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/dongle/journal.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The caller has the lock of all dongles. One write a line, so that lines of
 * several processes do not mix. */
void journal(void *to, const char *format, ...)
{
    static int fd = -2;
    const char *path = getenv("FOBSCOPE_DONGLE_LOG");
    char line[512];
    va_list args;

    if (fd == -2)
        fd = path == NULL
                 ? -1
                 : open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0)
        return;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof line)
        return;
    int more = to != NULL ? snprintf(line + n, sizeof line - (size_t)n,
                                     " dongle=%s\n", (const char *)to)
                          : snprintf(line + n, sizeof line - (size_t)n, "\n");
    if (more > 0 && (size_t)(n + more) < sizeof line &&
        write(fd, line, (size_t)(n + more)) < 0)
        fd = -1;
}
