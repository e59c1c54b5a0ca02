/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/database.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/source_impl.h"

/* How long another process may keep the file for itself; it does so for
 * milliseconds. */
enum { BUSY_MS = 20000 };

struct database {
    sqlite3 *db;
    const char *repair;
    char shown[SHOWN_MAX];
};

struct statement {
    sqlite3_stmt *stmt; /* NULL: it could not be prepared */
    struct database *database;
    int fault; /* of preparing it */
};

static int fault(const struct database *d, int rc, struct err *e)
{
    const char *text = d->db != NULL ? sqlite3_errmsg(d->db) : "";

    /* where a file that it shares cannot be made, it says only that */
    if (rc != SQLITE_OK && d->db != NULL &&
        sqlite3_system_errno(d->db) == ENOSPC)
        rc = SQLITE_FULL;
    switch (rc & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:    /* a table or a column is not there */
    case SQLITE_MISMATCH: /* or is another one */
        return err_set(e, -EBADMSG, "%s: is damaged (%s): %s", d->shown, text,
                       d->repair);
    case SQLITE_FULL:
        return err_set(e, -ENOSPC, "%s: %s", d->shown, strerror(ENOSPC));
    case SQLITE_READONLY:
        return err_set(e, -EROFS, "%s: cannot be written", d->shown);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(e, -EBUSY, "%s: another program keeps it", d->shown);
    case SQLITE_NOMEM:
        return err_set(e, -ENOMEM, "%s: out of memory", d->shown);
    case SQLITE_CONSTRAINT:
        return err_set(e, -EEXIST, "%s: %s", d->shown, text);
    default:
        return err_set(e, -EIO, "%s: cannot be used: %s", d->shown, text);
    }
}

/* A file: URI of path; it is read as it lies on the disk, without a lock. */
static void make_uri(char uri[3 * PATH_MAX + 32], const char *path)
{
    char *to = uri + sprintf(uri, "file:");

    for (; *path != '\0'; path++)
        to += strchr("?#%", *path) != NULL
                  ? sprintf(to, "%%%02x", (unsigned char)*path)
                  : sprintf(to, "%c", *path);
    strcpy(to, "?immutable=1");
}

/* Whether changes wait in the log beside the file. */
static bool has_log(const char *path)
{
    char log[PATH_MAX + 8];
    struct stat st;

    snprintf(log, sizeof log, "%s-wal", path);
    return stat(log, &st) == 0 && st.st_size > 0;
}

static int open_file(struct database *d, const char *path, bool is_read_only,
                     struct err *e)
{
    char uri[3 * PATH_MAX + 32];
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, rc;

    if (is_read_only)
        flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOFOLLOW;
    if (is_read_only && !has_log(path)) {
        make_uri(uri, path);
        path = uri;
    }
    rc = sqlite3_open_v2(path, &d->db, flags, NULL);
    if (rc != SQLITE_OK)
        return fault(d, rc, e);
    sqlite3_busy_timeout(d->db, BUSY_MS);
    return database_run(
        d,
        is_read_only ? "PRAGMA trusted_schema = OFF"
                     : "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; "
                       "PRAGMA secure_delete = ON; "
                       "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
        e);
}

int database_open(struct database **ret, const char *path, bool is_read_only,
                  const char *repair, struct err *e)
{
    struct database *d = calloc(1, sizeof *d);
    int status;

    if (d == NULL)
        return err_set(e, -ENOMEM, "out of memory");
    d->repair = repair;
    source_show(d->shown, path);
    status = open_file(d, path, is_read_only, e);
    if (status == 0)
        *ret = d;
    else
        database_close(d);
    return status;
}

void database_close(struct database *d)
{
    if (d != NULL)
        sqlite3_close(d->db);
    free(d);
}

const char *database_name(const struct database *d)
{
    return d->shown;
}

int database_run(struct database *d, const char *sql, struct err *e)
{
    const int rc = sqlite3_exec(d->db, sql, NULL, NULL, NULL);

    return rc == SQLITE_OK ? 0 : fault(d, rc, e);
}

int database_version(struct database *d, int *version, struct err *e)
{
    struct statement *s = database_prepare(d, "PRAGMA user_version");
    const int status = statement_step(s, e);

    if (status > 0)
        *version = sqlite3_column_int(s->stmt, 0);
    statement_end(s);
    return status < 0 ? status : 0;
}

int database_check(struct database *d, struct err *e)
{
    struct statement *s = database_prepare(d, "PRAGMA integrity_check(1)");
    int status = statement_step(s, e);
    char text[256];

    if (status > 0) {
        statement_get_text(s, 0, text, sizeof text);
        if (strcmp(text, "ok") != 0)
            status = err_set(e, -EBADMSG, "%s: is damaged (%s): %s", d->shown,
                             text, d->repair);
    }
    statement_end(s);
    return status < 0 ? status : 0;
}

struct statement *database_prepare(struct database *d, const char *sql)
{
    struct statement *s = calloc(1, sizeof *s);

    if (s == NULL)
        return NULL;
    s->database = d;
    s->fault = sqlite3_prepare_v2(d->db, sql, -1, &s->stmt, NULL);
    return s;
}

void statement_text(struct statement *s, int i, const char *text)
{
    if (s != NULL && text != NULL)
        sqlite3_bind_text(s->stmt, i, text, -1, SQLITE_STATIC);
}

void statement_real(struct statement *s, int i, double x)
{
    if (s != NULL && isfinite(x))
        sqlite3_bind_double(s->stmt, i, x);
}

void statement_count(struct statement *s, int i, uint64_t n)
{
    if (s != NULL)
        sqlite3_bind_int64(s->stmt, i,
                           n < INT64_MAX ? (sqlite3_int64)n : INT64_MAX);
}

int statement_step(struct statement *s, struct err *e)
{
    int rc;

    if (s == NULL)
        return err_set(e, -ENOMEM, "out of memory");
    rc = s->fault != SQLITE_OK ? s->fault : sqlite3_step(s->stmt);
    if (rc == SQLITE_ROW)
        return 1;
    return rc == SQLITE_DONE ? 0 : fault(s->database, rc, e);
}

void statement_get_text(struct statement *s, int i, char *to, size_t room)
{
    const unsigned char *text = sqlite3_column_text(s->stmt, i);

    snprintf(to, room, "%s", text != NULL ? (const char *)text : "");
    err_clean(to); /* the file may come from anywhere */
}

double statement_get_real(struct statement *s, int i)
{
    return sqlite3_column_type(s->stmt, i) == SQLITE_NULL
               ? NAN
               : sqlite3_column_double(s->stmt, i);
}

uint64_t statement_get_count(struct statement *s, int i)
{
    const sqlite3_int64 n = sqlite3_column_int64(s->stmt, i);

    return n > 0 ? (uint64_t)n : 0;
}

void statement_reset(struct statement *s)
{
    if (s != NULL)
        sqlite3_reset(s->stmt);
}

void statement_end(struct statement *s)
{
    if (s != NULL)
        sqlite3_finalize(s->stmt);
    free(s);
}

int statement_finish(struct statement *s, struct err *e)
{
    const int status = statement_step(s, e);

    statement_end(s);
    return status < 0 ? status : 0;
}

const char *database_library_version(void)
{
    return sqlite3_libversion();
}
