/* cmd_demo - shows the program at work on the recordings that come with it.
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

/* The names of the two keys of the "Key conundrum" begin with it. */
#define STORY "key-conundrum"

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

/* The two keys of one car, which have a story of their own. */
static bool is_of_story(const char *path)
{
    return strncmp(strrchr(path, '/') + 1, STORY, sizeof STORY - 1) == 0;
}

/* What a command is run with. */
struct call {
    char *operands[3]; /* end with NULL */
    const char *like, *output;
};

static enum status run(const struct cmd *cmd, const struct call *call,
                       const volatile sig_atomic_t *stop)
{
    struct options o;

    options_init(&o);
    o.cmd = cmd;
    o.operands = call->operands;
    while (call->operands[o.n_operands] != NULL)
        o.n_operands++;
    o.like = call->like;
    o.output = call->output;
    return cmd->exec(&o, stop);
}

static enum status show(char *path, char *head,
                        const volatile sig_atomic_t *stop)
{
    const struct call call = { .operands = { path } };

    put_heading(path, head);
    fflush(stdout);
    return run(&cmd_decode, &call, stop);
}

/* What check and identify say of one key, the second beside the first. */
static enum status tell_key(char *path, const char *first, char *head,
                            const volatile sig_atomic_t *stop)
{
    const struct call call = { .operands = { path }, .like = first };
    enum status status;

    put_heading(path, head);
    putchar('\n');
    status = run(&cmd_check, &call, stop);
    putchar('\n');
    if (status == STATUS_OK)
        status = run(&cmd_identify, &call, stop);
    putchar('\n');
    return status;
}

/* A folder of its own for what is to be posted. */
static enum status tell_report(char *const pair[2],
                               const volatile sig_atomic_t *stop)
{
    const char *tmp = getenv("TMPDIR");
    char folder[PATH_MAX];
    const struct call call = { .operands = { pair[0], pair[1] },
                               .output = folder };
    enum status status;

    if (tmp == NULL || *tmp == '\0')
        tmp = "/tmp";
    if (snprintf(folder, sizeof folder, "%s/fobscope-demo-XXXXXX", tmp) >=
            (int)sizeof folder ||
        mkdtemp(folder) == NULL) {
        log_say(LOG_ERROR, "%.200s: no folder can be made there", tmp);
        return STATUS_INPUT;
    }
    fflush(stdout);
    status = run(&cmd_report, &call, stop);
    if (status == STATUS_OK)
        printf("\nreport: %s\n", folder);
    return status;
}

/* Both beside each other, and something to post of it. */
static enum status tell_pair(char *const pair[2],
                             const volatile sig_atomic_t *stop)
{
    const struct call call = { .operands = { pair[0], pair[1] } };
    struct report_table table;
    enum status status;

    report_table_init(&table, stdout);
    report_table_heading(&table, "The two keys side by side");
    putchar('\n');
    status = run(&cmd_compare, &call, stop);
    putchar('\n');
    if (status != STATUS_OK)
        return status;
    report_table_heading(&table, "What could be posted of it");
    putchar('\n');
    return tell_report(pair, stop);
}

/* Each key, then the two. */
static enum status tell_story(const struct list *l, char *head,
                              const volatile sig_atomic_t *stop)
{
    enum status status = STATUS_OK;
    char *pair[2] = { NULL, NULL };
    size_t n = 0;

    for (size_t i = 0; i < l->n && head != NULL && !*stop; i++) {
        if (!is_of_story(l->paths[i]) || status != STATUS_OK)
            continue;
        status = tell_key(l->paths[i], pair[0], head, stop);
        if (n < 2)
            pair[n++] = l->paths[i];
    }
    if (n == 2 && status == STATUS_OK && !*stop)
        status = tell_pair(pair, stop);
    return status;
}

static enum status show_all(const struct list *l, char *head,
                            const volatile sig_atomic_t *stop)
{
    enum status status = head != NULL ? STATUS_OK : STATUS_INPUT;

    for (size_t i = 0; i < l->n && head != NULL && !*stop; i++) {
        enum status now;

        if (is_of_story(l->paths[i]))
            continue;
        now = show(l->paths[i], head, stop);

        if (now != STATUS_OK)
            status = now;
        if (ferror(stdout))
            break;
        putchar('\n');
    }
    return status;
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct list recordings = { 0 };
    char *head = malloc(HEAD_BYTES + 1);
    enum status status;

    (void)o;
    if (!list_all(&recordings)) {
        log_say(LOG_ERROR, "no recordings found; name their folder in "
                           "FOBSCOPE_CAPTURES");
        free(head);
        return STATUS_INPUT;
    }
    status = show_all(&recordings, head, stop);
    if (status == STATUS_OK)
        status = tell_story(&recordings, head, stop);
    if (status == STATUS_OK)
        printf("%zu recording%s; now yours: fobscope check, fobscope compare\n",
               recordings.n, recordings.n == 1 ? "" : "s");
    free(head);
    list_free(&recordings);
    return status;
}

const struct cmd cmd_demo = {
    .name = "demo",
    .operands = "",
    .summary = "fobscope at work on recordings that come with it",
    .description = "Decodes the recordings that come with fobscope; checks, "
                   "identifies and compares the two keys of one car among "
                   "them, and writes a report on them into a new folder under "
                   "$TMPDIR or /tmp; no receiver is needed. "
                   "FOBSCOPE_CAPTURES names another folder of .sigmf-meta "
                   "and .sub files.",
    .set = CMD_DEMO,
    .exec = exec,
};
