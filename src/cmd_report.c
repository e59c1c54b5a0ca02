/* cmd_report - something worth posting: a block of text, a picture, a page.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/log.h"
#include "src/new_file.h"
#include "src/options.h"
#include "src/post_gather.h"

/* Where nothing else is said; with "-2" and so on behind it where that is taken. */
#define FOLDER "fobscope-report"
enum { FOLDERS_MAX = 1000 };

static int write_text(const char *path, const struct post *p, struct err *e)
{
    struct new_file f;
    int status = new_file_open(&f, path, e), fd;
    FILE *out;

    if (status < 0)
        return status;
    fd = dup(f.fd);
    out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (out != NULL) {
        post_text(out, p);
        status = ferror(out) ? -EIO : 0;
        if (fclose(out) != 0)
            status = -EIO;
    } else {
        status = -errno;
        if (fd >= 0)
            close(fd);
    }
    if (status == 0)
        return new_file_keep(&f, e);
    new_file_drop(&f);
    return err_set(e, status, "%.300s: cannot be written", path);
}

/* The text goes last: where it is, all is there. */
static const struct part {
    const char *name;
    int (*write)(const char *path, const struct post *p, struct err *e);
} parts[] = {
    { "report.png", post_card },
    { "report.html", post_html },
    { "report.txt", write_text },
};
enum { PARTS = sizeof parts / sizeof *parts };

/* One that was not there. */
static int make_fresh(char folder[PATH_MAX], struct err *e)
{
    for (unsigned i = 1; i <= FOLDERS_MAX; i++) {
        if (i == 1)
            snprintf(folder, PATH_MAX, FOLDER);
        else
            snprintf(folder, PATH_MAX, FOLDER "-%u", i);
        if (mkdir(folder, 0700) == 0)
            return 0;
        if (errno != EEXIST)
            return err_set(e, -errno, "%s: %s", folder, strerror(errno));
    }
    return err_set(e, -EEXIST, FOLDER ": %d of them are there", FOLDERS_MAX);
}

static int join(char path[PATH_MAX], const char *folder, const char *name,
                struct err *e)
{
    const size_t n = strlen(folder);
    const char *slash = n > 0 && folder[n - 1] == '/' ? "" : "/";

    if (snprintf(path, PATH_MAX, "%s%s%s", folder, slash, name) >= PATH_MAX)
        return err_set(e, -ENAMETOOLONG, "%.100s: is too long", folder);
    return 0;
}

/* The one that was asked for may be there; none of the files may. */
static int make_folder(char folder[PATH_MAX], const char *output, struct err *e)
{
    char path[PATH_MAX];
    int status;

    if (output == NULL)
        return make_fresh(folder, e);
    for (size_t i = 0; i < PARTS; i++) {
        status = join(path, output, parts[i].name, e);
        if (status == 0 && access(output, F_OK) == 0)
            status = new_file_check(path, e);
        if (status < 0)
            return status;
    }
    if (mkdir(output, 0700) != 0 && errno != EEXIST)
        return err_set(e, -errno, "%.300s: %s", output, strerror(errno));
    snprintf(folder, PATH_MAX, "%s", output);
    return 0;
}

static enum status write_all(const struct post *p, const char *output)
{
    char folder[PATH_MAX], path[PATH_MAX];
    struct err e = { "" };
    int status = make_folder(folder, output, &e);

    for (size_t i = 0; status == 0 && i < PARTS; i++) {
        status = join(path, folder, parts[i].name, &e);
        if (status == 0)
            status = parts[i].write(path, p, &e);
        if (status == 0)
            log_say(LOG_NOTE, "written: %s", path);
    }
    if (status == 0)
        return STATUS_OK;
    log_say(LOG_ERROR, "%s", e.text);
    return STATUS_INPUT;
}

static enum status run(struct post_gather *g, const struct options *o,
                       const volatile sig_atomic_t *stop)
{
    const struct post *p = post_gather_post(g);
    enum status status = post_gather_run(g);

    if (status != STATUS_OK)
        return status;
    status = write_all(p, o->output);
    if (status != STATUS_OK)
        return status;
    post_text(stdout, p);
    if (o->is_full)
        log_say(LOG_NOTE, "serials and codes of the fob are in it: think "
                          "before you give it away");
    return *stop ? STATUS_INTERRUPTED : post_gather_status(g);
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct post_gather *g = NULL;
    struct err e = { "" };
    enum status status = STATUS_INPUT;

    if (post_gather_create(&g, o, stop, &e) < 0)
        log_say(LOG_ERROR, "%s", e.text);
    else
        status = run(g, o, stop);
    post_gather_destroy(g);
    return status;
}

const struct cmd cmd_report = {
    .name = "report",
    .operands = "FILE...",
    .summary = "text, picture and page to post, of one fob or two",
    .description =
        "Says what check and identify say of a fob, and compare of two, in a "
        "form to be given away: a block of text for a forum, on standard "
        "output and as report.txt, a picture, report.png, and a page, "
        "report.html, that loads nothing. FILE: a recording of one fob, or an "
        "ID of the archive; several of one fob with commas between them, or "
        "as a pattern in quotes. Serials, stickers, codes and samples are "
        "left out unless --full is given. Nothing is overwritten. What you "
        "can see of one fob is said as to identify.",
    .set = CMD_REPORT,
    .exec = exec,
};
