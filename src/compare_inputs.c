/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/compare_inputs.h"

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "src/log.h"

enum { RECORDINGS_MAX = 200 }; /* of one pattern */

/* What stands before the path in "cu8:433.92M:250k:path", with its colon. */
static size_t prefix_of(const char *operand)
{
    const char *colon = strrchr(operand, ':');

    return colon == NULL ? 0 : (size_t)(colon - operand) + 1;
}

/* One walk over an operand. */
struct walk {
    void (*each)(void *user, const char *recording);
    void *user;
    const volatile sig_atomic_t *stop;
};

/* False: no file fits. */
static bool walk_pattern(const struct walk *w, const char *operand)
{
    const size_t prefix = prefix_of(operand);
    char name[PATH_MAX + 64];
    glob_t found = { 0 };
    bool is_any = false;

    if (glob(operand + prefix, 0, NULL, &found) != 0)
        found.gl_pathc = 0;
    if (found.gl_pathc > RECORDINGS_MAX)
        log_say(LOG_WARNING, "%s: the first %d of %zu recordings are read",
                operand, RECORDINGS_MAX, (size_t)found.gl_pathc);
    for (size_t i = 0; i < found.gl_pathc && i < RECORDINGS_MAX; i++) {
        const int n = snprintf(name, sizeof name, "%.*s%s", (int)prefix,
                               operand, found.gl_pathv[i]);

        is_any = true;
        if (n > 0 && (size_t)n < sizeof name && !*w->stop)
            w->each(w->user, name);
    }
    globfree(&found);
    return is_any;
}

static void walk_one(const struct walk *w, const char *operand)
{
    if (access(operand, F_OK) != 0 && strpbrk(operand, "*?[") != NULL &&
        walk_pattern(w, operand))
        return;
    w->each(w->user, operand);
}

void compare_inputs_each(const char *operand, const volatile sig_atomic_t *stop,
                         void (*each)(void *user, const char *recording),
                         void *user)
{
    const struct walk w = { each, user, stop };
    char name[PATH_MAX + 64];

    if (access(operand, F_OK) == 0 || strlen(operand) >= sizeof name) {
        each(user, operand);
        return;
    }
    while (*operand != '\0' && !*stop) {
        const size_t n = strcspn(operand, ",");

        snprintf(name, sizeof name, "%.*s", (int)n, operand);
        if (n > 0)
            walk_one(&w, name);
        operand += n + (operand[n] == ',');
    }
}

static void play(void *user, const char *recording)
{
    check_inputs_play(user, recording);
}

void compare_inputs_play(struct check_inputs *c, const char *operand)
{
    compare_inputs_each(operand, c->stop, play, c);
}
