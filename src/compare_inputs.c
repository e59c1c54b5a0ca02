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

/* False: no file fits. */
static bool play_pattern(struct check_inputs *c, const char *operand)
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
        if (n > 0 && (size_t)n < sizeof name && !*c->stop)
            check_inputs_play(c, name);
    }
    globfree(&found);
    return is_any;
}

static void play_one(struct check_inputs *c, const char *operand)
{
    if (access(operand, F_OK) != 0 && strpbrk(operand, "*?[") != NULL &&
        play_pattern(c, operand))
        return;
    check_inputs_play(c, operand);
}

void compare_inputs_play(struct check_inputs *c, const char *operand)
{
    char name[PATH_MAX + 64];

    if (access(operand, F_OK) == 0 || strlen(operand) >= sizeof name) {
        check_inputs_play(c, operand);
        return;
    }
    while (*operand != '\0' && !*c->stop) {
        const size_t n = strcspn(operand, ",");

        snprintf(name, sizeof name, "%.*s", (int)n, operand);
        if (n > 0)
            play_one(c, name);
        operand += n + (operand[n] == ',');
    }
}
