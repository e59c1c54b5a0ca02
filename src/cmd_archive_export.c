/* cmd_archive_export - copies of recordings, to give away or to open elsewhere.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd_archive.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/export.h"
#include "src/log.h"
#include "src/new_file.h"
#include "src/sigmf.h"
#include "src/sigmf_archive.h"
#include "src/sigmf_write.h"
#include "src/source.h"

/* One run of the command. */
struct run {
    const struct options *options;
    const volatile sig_atomic_t *stop;
    struct archive *archive;
    /* --sigmf: what goes into the one archive, two files a recording */
    struct sigmf_archive_file *files;
    size_t n_files;
    char name[ENTRY_NAME]; /* of the last */
};

static bool is_folder(const char *path)
{
    const size_t n = strlen(path);
    struct stat st;

    return (n > 0 && path[n - 1] == '/') ||
           (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

/* Where --output wants a file that is called `name` as a rule. */
static int make_path(const struct run *r, const char *name, bool is_one,
                     char path[PATH_MAX], struct err *e)
{
    const char *output = r->options->output;
    int n;

    if (output == NULL)
        n = snprintf(path, PATH_MAX, "%s", name);
    else if (is_folder(output))
        n = snprintf(path, PATH_MAX, "%s%s%s", output,
                     output[strlen(output) - 1] == '/' ? "" : "/", name);
    else if (is_one)
        n = snprintf(path, PATH_MAX, "%s", output);
    else
        return err_set(e, -ENOTDIR, "--output %s: is no folder", output);
    return n < PATH_MAX
               ? 0
               : err_set(e, -ENAMETOOLONG, "%.100s: is too long", output);
}

static void warn(const char *path, const struct export_done *done)
{
    if (done->warning.text[0] != '\0')
        log_say(LOG_WARNING, "%s", done->warning.text);
    if (done->lost + done->left_out > 0)
        log_say(LOG_NOTE,
                "%s: goes on where %" PRIu64 " samples are missing in the "
                "recording",
                path, done->lost + done->left_out);
    if (done->scale != 1)
        log_say(LOG_NOTE, "%s: levels are %g times those of the recording",
                path, done->scale);
    if (done->clipped > 0)
        log_say(LOG_WARNING, "%s: %" PRIu64 " samples are clipped", path,
                done->clipped);
    if (!done->is_exact)
        log_say(LOG_NOTE, "%s: samples are rounded to what the file can hold",
                path);
}

static int read_info(const char *meta, struct source_info *info, struct err *e)
{
    struct source *s;
    const int status = source_open(&s, meta, NULL, e);

    if (status < 0)
        return status;
    *info = *source_info(s);
    source_close(s);
    return 0;
}

static int write_one(const struct run *r, const struct entry *t,
                     char path[PATH_MAX], struct export_done *done,
                     struct err *e)
{
    static const enum export_format formats[] = {
        [EXPORT_TO_WAV] = EXPORT_WAV,
        [EXPORT_TO_FLAC] = EXPORT_FLAC,
        [EXPORT_TO_CU8] = EXPORT_CU8,
    };
    const struct export_cfg cfg = { .format = formats[r->options->export],
                                    .stop = r->stop };
    char meta[PATH_MAX], name[EXPORT_NAME_MAX];
    struct source_info info;
    int status;

    archive_path(r->archive, t, meta);
    status = archive_check(r->archive, t, e);
    if (status == 0)
        status = read_info(meta, &info, e);
    if (status < 0)
        return status;
    export_name(name, &info, cfg.format, t->id);
    status = make_path(r, name, r->options->n_operands == 1, path, e);
    return status < 0 ? status : export_write(meta, path, &cfg, done, e);
}

static enum status export_one(void *user, struct entry *t)
{
    const struct run *r = user;
    char path[PATH_MAX];
    struct export_done done;
    struct err e = { "" };
    const int status = write_one(r, t, path, &done, &e);

    if (status == -EINTR && *r->stop)
        return STATUS_INTERRUPTED;
    if (status < 0) {
        log_say(LOG_ERROR, "%s", e.text);
        return STATUS_INPUT;
    }
    printf("%s  %s\n", t->id, path);
    warn(path, &done);
    return cmd_archive_flush(STATUS_OK);
}

/* The metadata as it is given away, as text; NULL with a sentence. */
static char *make_metadata(const struct run *r, const char *meta, size_t *n,
                           struct err *e)
{
    static const struct owner_words nothing = { "", "", "", "", "" };
    struct json *document;
    char *text = NULL;
    FILE *f;

    if (sigmf_load(&document, meta, e) < 0)
        return NULL;
    if (!r->options->is_full)
        document = sigmf_relabel(document, &nothing);
    f = open_memstream(&text, n);
    if (f == NULL || json_document_exact(document, f) < 0 || fclose(f) != 0) {
        err_set(e, -ENOMEM, "out of memory");
        free(text);
        text = NULL;
    }
    json_free(document);
    return text;
}

/* NULL: out of memory. */
static char *join(const char *a, const char *b)
{
    char *text = malloc(strlen(a) + strlen(b) + 1);

    return text != NULL ? strcat(strcpy(text, a), b) : NULL;
}

/* An archive with a file twice is refused by those who read it. */
static bool is_packed(const struct run *r, const struct entry *t)
{
    const size_t n = strlen(t->name);

    for (size_t i = 0; i < r->n_files; i += 2)
        if (strncmp(r->files[i].name, t->name, n) == 0 &&
            strcmp(r->files[i].name + n, ".sigmf-meta") == 0)
            return true;
    return false;
}

/* Both files of a recording. */
static enum status pack_one(void *user, struct entry *t)
{
    struct run *r = user;
    struct sigmf_archive_file *f = r->files + r->n_files;
    char meta[PATH_MAX];
    struct err e = { "" };

    if (is_packed(r, t))
        return STATUS_OK;
    memcpy(r->name, t->name, sizeof r->name);
    archive_path(r->archive, t, meta);
    if (archive_check(r->archive, t, &e) < 0) {
        log_say(LOG_ERROR, "%s", e.text);
        return STATUS_INPUT;
    }
    f[0].name = join(t->name, ".sigmf-meta");
    f[0].bytes = make_metadata(r, meta, &f[0].n, &e);
    f[1].name = join(t->name, ".sigmf-data");
    memcpy(meta + strlen(meta) - 4, "data", 4);
    f[1].path = join(meta, "");
    r->n_files += 2;
    if (f[0].bytes != NULL && f[0].name && f[1].name && f[1].path)
        return STATUS_OK;
    log_say(LOG_ERROR, "%s", e.text[0] != '\0' ? e.text : "out of memory");
    return STATUS_INPUT;
}

static int write_archive(const struct run *r, const char *path, struct err *e)
{
    struct new_file f;
    int status = new_file_open(&f, path, e);

    if (status < 0)
        return status;
    status = sigmf_archive_pack(f.fd, path, r->files, r->n_files, r->stop, e);
    if (status == 0)
        return new_file_keep(&f, e);
    new_file_drop(&f);
    return status;
}

static enum status pack(const struct run *r)
{
    char path[PATH_MAX], name[ENTRY_NAME + 16];
    struct err e = { "" };
    int status;

    if (r->n_files == 2)
        snprintf(name, sizeof name, "%s.sigmf", r->name);
    else
        snprintf(name, sizeof name, "fobscope_%zu_recordings.sigmf",
                 r->n_files / 2);
    status = make_path(r, name, true, path, &e);
    if (status == 0)
        status = write_archive(r, path, &e);
    if (status == -EINTR)
        return STATUS_INTERRUPTED;
    if (status < 0) {
        log_say(LOG_ERROR, "%s", e.text);
        return STATUS_INPUT;
    }
    printf("%s  %zu recording%s\n", path, r->n_files / 2,
           r->n_files == 2 ? "" : "s");
    return STATUS_OK;
}

static void free_files(struct run *r)
{
    for (size_t i = 0; i < r->n_files; i++) {
        free((void *)(uintptr_t)r->files[i].name);
        free((void *)(uintptr_t)r->files[i].path);
        free((void *)(uintptr_t)r->files[i].bytes);
    }
    free(r->files);
}

/* All of them, or nothing. */
static enum status export_archive(struct run *r)
{
    enum status status;

    r->files = calloc(2 * r->options->n_operands, sizeof *r->files);
    if (r->files == NULL) {
        log_say(LOG_ERROR, "out of memory");
        return STATUS_INPUT;
    }
    status = cmd_archive_each(r->archive, r->options, r->stop, pack_one, r);
    if (status == STATUS_OK)
        status = pack(r);
    free_files(r);
    return status;
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct run r = { .options = o, .stop = stop };
    enum status status = cmd_archive_open(&r.archive, o, ARCHIVE_READS);

    if (r.archive == NULL)
        return STATUS_INPUT;
    if (o->export == EXPORT_TO_SIGMF)
        status = export_archive(&r);
    else
        status = cmd_archive_each(r.archive, o, stop, export_one, &r);
    archive_close(r.archive);
    if (status == STATUS_OK)
        log_say(LOG_NOTE,
                "whoever has a copy of a recording has the codes in it");
    return status;
}

const struct cmd cmd_archive_export = {
    .name = "archive export",
    .operands = "ID...",
    .summary = "copies of recordings, to give away or to open",
    .description =
        "Writes copies of recordings in one of four forms: --wav, --flac and "
        "--cu8 a file each, --sigmf all of them into one .sigmf archive, "
        "without what you typed in unless --full is given. A recording holds "
        "the codes of its fob: think before you give it away.",
    .set = CMD_ARCHIVE_EXPORT,
    .exec = exec,
};
