/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/check_files.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/json.h"
#include "src/pipeline.h"
#include "src/playback.h"
#include "src/sigmf.h"

enum { BLOCK_SAMPLES = 65536, LINE_BYTES = 256 };

/* A person who is asked, or who marks, presses within this. */
#define PROMPT_S 10.0
/* What was marked may have begun a little before the mark. */
#define EARLY_S 1.0
/* But what comes in the first part of the time between two marks belongs to the
 * first. */
#define MARK_SHARE (2.0 / 3)

static void on_frame(void *user, const struct frame *f, unsigned press)
{
    struct check_files *c = user;

    (void)press; /* they are put together anew: others may send in between */
    sitting_frame(c->sitting, f);
}

static void on_burst(void *user, const struct burst_report *b)
{
    struct check_files *c = user;

    sitting_burst(c->sitting, b);
}

/* Buttons that were asked for in vain: prompts before the recording, of no length. */
static void ask_in_vain(struct sitting *s, const char *buttons)
{
    const double at_s = sitting_seconds(s, 0) - EARLY_S;
    char button[SITTING_BUTTON_MAX];

    while (*buttons != '\0') {
        const size_t n = strcspn(buttons, ",");

        snprintf(button, n < sizeof button ? n + 1 : sizeof button, "%s",
                 buttons);
        if (n > 0 && sitting_ask(s, at_s, button, false))
            sitting_stop_asking(s, at_s);
        buttons += n + (buttons[n] == ',');
    }
}

/* The metadata of a SigMF pair; path is that of either file. NULL: it is none. */
static struct json *load_meta(const char *path)
{
    struct json *document = NULL;
    char meta[PATH_MAX];
    const size_t ends = strlen(path);

    if (ends < 11 || ends >= sizeof meta ||
        (strcmp(path + ends - 11, ".sigmf-meta") != 0 &&
         strcmp(path + ends - 11, ".sigmf-data") != 0))
        return NULL;
    memcpy(meta, path, ends + 1);
    memcpy(meta + ends - 4, "meta", 4);
    return sigmf_load(&document, meta, NULL) == 0 ? document : NULL;
}

static void read_owner(struct check_files *c, const struct json *document)
{
    const struct json *global = json_get(document, "global");

    for (size_t i = 0; i < OWNER_WORDS; i++) {
        char key[32];
        const char *word;

        snprintf(key, sizeof key, "fob:%s", owner_names[i]);
        word = json_text(global, key);
        if (word != NULL && c->owner[i][0] == '\0')
            snprintf(c->owner[i], sizeof c->owner[i], "%s", word);
    }
    c->is_synthetic |= json_flag(global, "fob:synthetic");
}

/* What `check --save` was asking for when it recorded. */
static void read_asked(struct sitting *s, const struct json *document)
{
    const struct json *annotations;
    const char *unanswered;

    unanswered = json_text(json_get(document, "global"), "fob:unanswered");
    if (unanswered != NULL)
        ask_in_vain(s, unanswered);
    annotations = json_get(document, "annotations");
    for (size_t i = 0; i < json_size(annotations); i++) {
        const struct json *a = json_at(annotations, i);
        const char *button = json_text(a, "fob:asked");
        const double at = json_number(a, "core:sample_start", NAN);
        const double n = json_number(a, "core:sample_count", NAN);

        if (button == NULL || !(at >= 0 && at < 1e15))
            continue;
        sitting_ask(s, sitting_seconds(s, (uint64_t)at) - EARLY_S, button,
                    false);
        if (n > 0 && n < 1e15)
            sitting_stop_asking(s, sitting_seconds(s, (uint64_t)(at + n)));
    }
}

/* Of all that was recorded; NAN: it is not told, or not the same all through. */
static double read_gain(const struct json *document)
{
    const struct json *captures = json_get(document, "captures");
    double gain_db = json_number(json_at(captures, 0), "fob:gain_db", NAN);

    for (size_t i = 1; i < json_size(captures); i++)
        if (json_number(json_at(captures, i), "fob:gain_db", NAN) != gain_db)
            gain_db = NAN;
    return gain_db;
}

static void read_meta(struct check_files *c, const char *path)
{
    struct json *document = load_meta(path);

    if (document == NULL)
        return;
    read_owner(c, document);
    sitting_set_gain(c->sitting, read_gain(document));
    if (!c->has_prompts)
        read_asked(c->sitting, document);
    json_free(document);
}

/* Microseconds, and so samples. */
static uint64_t length(const pulse_us *pulses, ssize_t n)
{
    uint64_t us = 0;

    for (ssize_t i = 0; i < n; i++)
        us += (uint64_t)llabs((long long)pulses[i]);
    return us;
}

static void on_chips(void *user, const struct chip_report *r)
{
    struct check_files *c = user;

    sitting_chips(c->sitting, r);
}

/* *end is where the recording ends: a pipeline of pulses has no position. */
static int play(struct check_files *c, struct source *s, struct pipeline *p,
                void *block, uint64_t *end, struct err *e)
{
    const bool is_pulses = source_info(s)->kind == SOURCE_PULSES;
    ssize_t n;

    while ((n = playback_step(s, p, block, BLOCK_SAMPLES, e)) != 0) {
        if (*c->stop)
            return err_set(e, -EINTR, "%s: stopped", source_name(s));
        if (n < 0 && n != -EINTR)
            return (int)n;
        *end = is_pulses ? *end + length(block, n) : pipeline_position(p);
        progress_update(c->progress, *end);
    }
    pipeline_flush(p);
    return 0;
}

int check_files_play(struct check_files *c, struct source *s, struct err *e)
{
    const struct source_info *info = source_info(s);
    const struct pipeline_cfg cfg = {
        .input = *info,
        .is_every = true,
        .is_all = true, /* what is doubtful was sent all the same */
        .sink = { .user = c,
                  .frame = on_frame,
                  .burst = on_burst,
                  .chips = on_chips },
    };
    struct pipeline *p = NULL;
    struct pipeline_floor floor;
    struct err why = { "" };
    uint64_t end = 0;
    void *block = malloc((size_t)BLOCK_SAMPLES * PLAYBACK_BYTES);
    int status = pipeline_create(&p, &cfg, &why);

    if (status < 0) {
        err_set(e, status, "%s: %s", source_name(s), why.text);
    } else if (block == NULL) {
        status = err_set(e, -ENOMEM, "out of memory");
    } else {
        sitting_join(c->sitting, info->rate_hz);
        sitting_tune(c->sitting, 0, info->centre_hz, NAN);
        read_meta(c, c->path != NULL ? c->path : source_name(s));
        status = play(c, s, p, block, &end, e);
        if (!c->has_prompts)
            sitting_stop_asking(c->sitting, sitting_seconds(c->sitting, end));
        floor = pipeline_floor(p);
        sitting_floor(c->sitting, &floor);
        sitting_watch(c->sitting, end);
        sitting_lose(c->sitting, pipeline_totals(p).lost);
        c->n++;
    }
    pipeline_destroy(p);
    free(block);
    return status;
}

/* "12.5 lock" into its parts; false: it is none. */
static bool parse_prompt(char *line, double *at_s, const char **button)
{
    char *end;

    line[strcspn(line, "#\r\n")] = '\0';
    *at_s = strtod(line, &end);
    if (end == line || !(*at_s >= 0 && *at_s < 1e6) ||
        !isblank((unsigned char)*end))
        return false;
    end += strspn(end, " \t");
    *button = end;
    end += strcspn(end, " \t");
    *end = '\0';
    for (const char *c = *button; *c != '\0'; c++)
        if (!isprint((unsigned char)*c))
            return false;
    return **button != '\0' && strlen(*button) < SITTING_BUTTON_MAX;
}

static bool is_blank(const char *line)
{
    line += strspn(line, " \t");
    return *line == '#' || *line == '\n' || *line == '\r' || *line == '\0';
}

static double begin_of(double at_s, double last_s)
{
    return fmax(fmax(0, at_s - EARLY_S), last_s + MARK_SHARE * (at_s - last_s));
}

static int read_lines(struct sitting *s, FILE *f, const char *path,
                      struct err *e)
{
    char line[LINE_BYTES];
    double last_s = -1e9; /* long ago */

    for (unsigned n = 1; fgets(line, sizeof line, f) != NULL; n++) {
        const char *button;
        double at_s;

        if (is_blank(line))
            continue;
        if (strchr(line, '\n') == NULL && !feof(f))
            return err_set(e, -EINVAL, "%s: line %u is too long", path, n);
        if (!parse_prompt(line, &at_s, &button))
            return err_set(e, -EINVAL, "%s: line %u is not \"SECONDS BUTTON\"",
                           path, n);
        if (at_s < last_s)
            return err_set(e, -EINVAL, "%s: line %u is not in order", path, n);
        sitting_stop_asking(s, last_s + PROMPT_S);
        if (!sitting_ask(s, begin_of(at_s, last_s), button, false))
            return err_set(e, -E2BIG, "%s: has more than %d prompts", path,
                           SITTING_PROMPTS_MAX);
        last_s = at_s;
    }
    sitting_stop_asking(s, last_s + PROMPT_S);
    return ferror(f) ? err_set(e, -EIO, "%s: cannot be read", path) : 0;
}

int check_files_read_prompts(struct sitting *s, const char *path, struct err *e)
{
    FILE *f = fopen(path, "re");
    int status;

    if (f == NULL)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    status = read_lines(s, f, path, e);
    fclose(f);
    return status;
}
