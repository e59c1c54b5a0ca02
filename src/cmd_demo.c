/* cmd_demo - decodes the recordings that come with the program.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "src/err.h"
#include "src/json.h"
#include "src/log.h"
#include "src/options.h"
#include "src/report_table.h"

/* Of a .sigmf-meta or .sub, where its description must be. */
#define HEAD_BYTES 65536

/* Where to look, in this order; the environment comes first. */
static const char *const folders[] = {
#ifdef FOBSCOPE_SOURCE_CAPTURES_DIR
    FOBSCOPE_SOURCE_CAPTURES_DIR,
#endif
#ifdef FOBSCOPE_CAPTURES_DIR
    FOBSCOPE_CAPTURES_DIR,
#endif
    "captures",
};

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);

    return n > m && strcmp(name + n - m, end) == 0;
}

/* Paths of recordings, sorted. */
struct list {
    char **paths;
    size_t n;
};

static void list_free(struct list *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->paths[i]);
    free(l->paths);
    *l = (struct list){ 0 };
}

/* Does nothing where there is no memory: a recording less is shown. */
static void list_add(struct list *l, const char *path)
{
    char **paths = realloc(l->paths, (l->n + 1) * sizeof *paths);

    if (paths == NULL)
        return;
    l->paths = paths;
    l->paths[l->n] = strdup(path);
    if (l->paths[l->n] != NULL)
        l->n++;
}

static bool is_recording(const char *name)
{
    return ends_with(name, ".sigmf-meta") || ends_with(name, ".sub");
}

static void add_recordings(struct list *l, const char *folder)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort);

    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        char path[PATH_MAX];

        if (snprintf(path, sizeof path, "%s/%s", folder, name) <
                (int)sizeof path &&
            is_recording(name))
            list_add(l, path);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

/* Of the folder and of those in it, which have one recording each. */
static void find_recordings(struct list *l, const char *folder)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort);

    add_recordings(l, folder);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        char path[PATH_MAX];

        if (name[0] != '.' && snprintf(path, sizeof path, "%s/%s", folder,
                                       name) < (int)sizeof path)
            add_recordings(l, path);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

/* From the first folder that has some; false if none has. */
static bool list_all(struct list *l)
{
    const char *own = getenv("FOBSCOPE_CAPTURES");

    if (own != NULL && *own != '\0') {
        find_recordings(l, own);
        return l->n > 0;
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders && l->n == 0; i++)
        find_recordings(l, folders[i]);
    return l->n > 0;
}

/* The start of a file as text; "" where there is none. */
static void read_head(const char *path, char *head)
{
    FILE *f = fopen(path, "rb");
    size_t n = 0;

    if (f != NULL) {
        n = fread(head, 1, HEAD_BYTES, f);
        fclose(f);
    }
    head[n] = '\0';
    for (size_t i = 0; i < n; i++)
        if (head[i] == '\0')
            head[i] = ' ';
}

static bool says_synthetic(const char *text)
{
    static const char word[] = "synthetic";

    for (; *text != '\0'; text++)
        if (strncasecmp(text, word, sizeof word - 1) == 0)
            return true;
    return false;
}

/* The first comment of a .sub file, cut out of head; NULL: it has none. */
static const char *find_comment(char *head)
{
    char *start = strstr(head, "\n# ");

    if (start == NULL)
        return NULL;
    start += 3;
    start[strcspn(start, "\r\n")] = '\0';
    return start;
}

/* The file says what it is, in its metadata or in a comment. */
static void put_heading(const char *path, char *head)
{
    const char *name = strrchr(path, '/') + 1;
    const char *text, *note;
    struct json *meta = NULL;
    struct report_table table;
    struct err line;

    read_head(path, head);
    note = says_synthetic(head) ? " (synthetic)" : "";
    if (ends_with(name, ".sub")) {
        text = find_comment(head);
    } else {
        meta = json_load(head, strlen(head), name, NULL);
        text = json_text(json_get(meta, "global"), "core:description");
    }
    if (text == NULL)
        text = "no description";
    if (says_synthetic(text))
        note = "";
    err_set(&line, 0, "%.*s: %s%s", (int)strcspn(name, "."), name, text, note);
    report_table_init(&table, stdout);
    report_table_heading(&table, line.text);
    json_free(meta);
}

static enum status show(char *path, char *head,
                        const volatile sig_atomic_t *stop)
{
    char *operands[] = { path, NULL };
    struct options o;

    put_heading(path, head);
    fflush(stdout);
    options_init(&o);
    o.cmd = &cmd_decode;
    o.operands = operands;
    o.n_operands = 1;
    return cmd_decode.exec(&o, stop);
}

static enum status show_all(const struct list *l,
                            const volatile sig_atomic_t *stop)
{
    char *head = malloc(HEAD_BYTES + 1);
    enum status status = head != NULL ? STATUS_OK : STATUS_INPUT;

    for (size_t i = 0; i < l->n && head != NULL && !*stop; i++) {
        enum status now = show(l->paths[i], head, stop);

        if (now != STATUS_OK)
            status = now;
        if (ferror(stdout))
            break;
        putchar('\n');
    }
    free(head);
    return status;
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct list recordings = { 0 };
    enum status status;

    (void)o;
    if (!list_all(&recordings)) {
        log_say(LOG_ERROR, "no recordings found; name their folder in "
                           "FOBSCOPE_CAPTURES");
        return STATUS_INPUT;
    }
    status = show_all(&recordings, stop);
    if (status == STATUS_OK)
        printf("%zu recording%s decoded; now yours: fobscope decode FILE\n",
               recordings.n, recordings.n == 1 ? "" : "s");
    list_free(&recordings);
    return status;
}

const struct cmd cmd_demo = {
    .name = "demo",
    .operands = "",
    .summary = "decodes the recordings that come with fobscope",
    .description = "Decodes the recordings that come with fobscope and shows "
                   "what is in them; no receiver is needed. "
                   "FOBSCOPE_CAPTURES names another folder of .sigmf-meta "
                   "and .sub files.",
    .set = CMD_DEMO,
    .exec = exec,
};
