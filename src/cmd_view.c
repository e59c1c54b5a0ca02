/* cmd_view - a picture of a recording.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "src/inputs.h"
#include "src/log.h"
#include "src/new_file.h"
#include "src/options.h"
#include "src/view.h"

/* One run of the command. */
struct run {
    const struct options *options;
    const volatile sig_atomic_t *stop;
    unsigned width, height;
    size_t pictures;
    enum status status;
};

static void fail(struct run *r, const char *name, const struct err *e)
{
    log_fault(name, e);
    r->status = STATUS_INPUT;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);

    return n >= m && strcasecmp(text + n - m, end) == 0;
}

/* What a picture is called as a rule: as the recording, up to its last point. */
static void make_name(char name[NAME_MAX], const char *source)
{
    const char *slash = strrchr(source, '/');
    const char *base = slash != NULL ? slash + 1 : source;
    const char *point = strrchr(base, '.');
    const size_t n =
        point != NULL && point != base ? (size_t)(point - base) : strlen(base);

    snprintf(name, NAME_MAX, "%.*s.png", (int)(n < 200 ? n : 200), base);
}

static bool is_folder(const char *path)
{
    const size_t n = strlen(path);
    struct stat st;

    return (n > 0 && path[n - 1] == '/') ||
           (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

static int make_path(const struct run *r, const char *source,
                     char path[PATH_MAX], struct err *e)
{
    const char *output = r->options->output;
    char name[NAME_MAX];
    int n;

    make_name(name, source);
    if (output == NULL)
        n = snprintf(path, PATH_MAX, "%s", name);
    else if (is_folder(output))
        n = snprintf(path, PATH_MAX, "%s%s%s", output,
                     output[strlen(output) - 1] == '/' ? "" : "/", name);
    else
        n = snprintf(path, PATH_MAX, "%s", output);
    if (n >= PATH_MAX)
        return err_set(e, -ENAMETOOLONG, "%.100s: is too long", output);
    return new_file_check(path, e);
}

static int paint(const struct run *r, const struct scene *s, const char *name,
                 const char *path, struct err *e)
{
    const char *slash = strrchr(name, '/');
    const struct view_cfg cfg = { .name = slash != NULL ? slash + 1 : name,
                                  .is_full = r->options->is_full };
    struct draw *d;
    int status = draw_create(&d, ends_with(path, ".svg") ? DRAW_SVG : DRAW_PNG,
                             r->width, r->height, e);

    if (status < 0)
        return status;
    status = view_draw(d, s, &cfg, e);
    if (status == 0)
        status = draw_save(d, path, e);
    draw_destroy(d);
    return status;
}

static int view(struct run *r, struct source *s, struct err *e)
{
    struct progress progress;
    const struct scene_cfg cfg = { .is_full = r->options->is_full,
                                   .stop = r->stop,
                                   .progress = &progress };
    struct scene *scene = NULL;
    char path[PATH_MAX];
    int status = make_path(r, source_name(s), path, e);

    if (status < 0)
        return status;
    progress_init(&progress, source_name(s), source_info(s)->total,
                  source_info(s)->rate_hz);
    status = scene_create(&scene, s, &cfg, e);
    progress_hide(&progress);
    if (status < 0)
        return status;
    status = paint(r, scene, source_name(s), path, e);
    scene_destroy(scene);
    if (status < 0)
        return status;
    r->pictures++;
    printf("%s\n", path);
    return 0;
}

static void view_item(void *user, const struct input_item *item)
{
    struct run *r = user;
    const struct source_defaults defaults = { r->options->rate_hz,
                                              r->options->centre_hz };
    struct source *s = NULL;
    struct err e = { "" };
    int status;

    if (*r->stop)
        return;
    status = source_open_as(&s, item->spec, item->name, &defaults, &e);
    if (status == 0)
        status = view(r, s, &e);
    if (status < 0 && !(status == -EINTR && *r->stop))
        fail(r, NULL, &e);
    else if (status == 0 && source_warning(s) != NULL)
        log_say(LOG_WARNING, "%s", source_warning(s));
    source_close(s);
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct run r = {
        .options = o, .stop = stop, .width = VIEW_W, .height = VIEW_H
    };
    struct err e = { "" };
    struct inputs in;

    if (o->size != NULL &&
        view_parse_size(o->size, &r.width, &r.height, &e) < 0)
        return STATUS_USAGE;
    inputs_open(&in, o->archive, NULL);
    if (inputs_each(&in, o->operands[0], view_item, &r, &e) < 0)
        fail(&r, NULL, &e);
    inputs_close(&in);
    if (r.status == STATUS_OK && o->is_full && r.pictures > 0)
        log_say(LOG_NOTE, "the codes of the fob are in the picture: think "
                          "before you give it away");
    return *stop ? STATUS_INTERRUPTED : r.status;
}

const struct cmd cmd_view = {
    .name = "view",
    .operands = "FILE",
    .summary = "a picture of a recording: PNG or SVG",
    .description =
        "Draws what is in a recording into one picture: spectrogram with its "
        "bursts, level and spectrum of the clearest press, the bits of each by "
        "their role, levels, and how long the carrier is on and off. FILE is a "
        "recording or an ID of the archive. Serials and codes cannot be read "
        "off the picture unless --full is given. Nothing is overwritten.",
    .set = CMD_VIEW,
    .exec = exec,
};
