/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/archive_index.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/database.h"

struct archive_index {
    struct database *database;
    int version; /* of what is in the file; 0: nothing */
};

/* Statements that bring the tables from version i to i + 1. Only ever append. */
static const char *const migrations[] = {
    "CREATE TABLE recording ("
    " id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL UNIQUE,"
    " sha512 TEXT NOT NULL, datatype TEXT NOT NULL, rate_hz REAL NOT NULL,"
    " centre_hz REAL, added_s REAL, start_s REAL, samples INTEGER NOT NULL,"
    " lost INTEGER NOT NULL, label TEXT NOT NULL, car TEXT NOT NULL,"
    " buttons TEXT NOT NULL, sticker TEXT NOT NULL, note TEXT NOT NULL,"
    " verdict TEXT NOT NULL, is_synthetic INTEGER NOT NULL) STRICT;"
    "CREATE TABLE heard ("
    " recording TEXT NOT NULL REFERENCES recording ON DELETE CASCADE,"
    " place INTEGER NOT NULL, model TEXT NOT NULL, fob TEXT NOT NULL,"
    " verdict TEXT NOT NULL, frames INTEGER NOT NULL, carrier_hz REAL,"
    " pseudonym TEXT NOT NULL,"
    " PRIMARY KEY (recording, place)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE collection ("
    " name TEXT PRIMARY KEY NOT NULL, title TEXT NOT NULL) STRICT;"
    "CREATE TABLE member ("
    " place INTEGER PRIMARY KEY,"
    " collection TEXT NOT NULL REFERENCES collection ON DELETE CASCADE,"
    " recording TEXT NOT NULL, UNIQUE (collection, recording)) STRICT;"
    "CREATE TABLE intended ("
    " name TEXT PRIMARY KEY NOT NULL, change INTEGER NOT NULL) STRICT;",
};

enum { VERSION = sizeof migrations / sizeof *migrations };

/* In the order in which get_entry reads them. */
#define COLUMNS                                                                \
    "id, name, sha512, datatype, rate_hz, centre_hz, added_s, start_s, "       \
    "samples, lost, label, car, buttons, sticker, note, is_synthetic "

static const char repair[] =
    "\"fobscope archive reindex\" makes it anew from the recordings";

/* A name that is none of ours makes files elsewhere ours to remove. */
static int check_name(const struct archive_index *x, const char *name,
                      struct err *e)
{
    return entry_is_name(name)
               ? 0
               : err_set(e, -EBADMSG, "%s: is damaged (a name in it): %s",
                         database_name(x->database), repair);
}

/* A statement of up to two texts that gives no rows. */
static int run_with(struct archive_index *x, const char *sql, const char *a,
                    const char *b, struct err *e)
{
    struct statement *s = database_prepare(x->database, sql);

    statement_text(s, 1, a);
    if (b != NULL)
        statement_text(s, 2, b);
    return statement_finish(s, e);
}

/* Brings the tables up to date, within a change. */
static int migrate(struct archive_index *x, struct err *e)
{
    char sql[64];
    int status = 0;

    for (int i = x->version; i < VERSION && status == 0; i++)
        status = database_run(x->database, migrations[i], e);
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d", VERSION);
    if (status == 0 && x->version < VERSION)
        status = database_run(x->database, sql, e);
    if (status == 0)
        x->version = VERSION;
    return status;
}

static int update(struct archive_index *x, bool is_read_only, struct err *e)
{
    int status = 0;

    if (x->version < 0 || x->version > VERSION)
        return err_set(e, -EPROTONOSUPPORT,
                       "%s: is of a newer fobscope (version %d, this one knows "
                       "%d): use that, or \"fobscope archive reindex\"",
                       database_name(x->database), x->version, VERSION);
    if (x->version == 0 || x->version == VERSION || is_read_only)
        return 0;
    status = archive_index_begin(x, e);
    if (status == 0)
        status = migrate(x, e);
    return status == 0 ? archive_index_commit(x, e) : status;
}

int archive_index_open(struct archive_index **ret, const char *path,
                       bool is_read_only, struct err *e)
{
    struct archive_index *x = calloc(1, sizeof *x);
    int status;

    if (x == NULL)
        return err_set(e, -ENOMEM, "out of memory");
    status = database_open(&x->database, path, is_read_only, repair, e);
    if (status == 0)
        status = database_version(x->database, &x->version, e);
    if (status == 0)
        status = update(x, is_read_only, e);
    if (status == 0)
        *ret = x;
    else
        archive_index_close(x);
    return status;
}

void archive_index_close(struct archive_index *x)
{
    if (x != NULL)
        database_close(x->database);
    free(x);
}

bool archive_index_is_new(const struct archive_index *x)
{
    return x->version == 0;
}

int archive_index_begin(struct archive_index *x, struct err *e)
{
    int status = database_run(x->database, "BEGIN IMMEDIATE", e);

    if (status < 0)
        return status;
    /* another process may have made the tables since it was opened */
    status = database_version(x->database, &x->version, e);
    if (status < 0)
        database_run(x->database, "ROLLBACK", NULL);
    return status;
}

int archive_index_commit(struct archive_index *x, struct err *e)
{
    return database_run(x->database, "COMMIT", e);
}

void archive_index_rollback(struct archive_index *x)
{
    database_run(x->database, "ROLLBACK", NULL);
    database_version(x->database, &x->version,
                     NULL); /* tables made within it are gone again */
}

int archive_index_clear(struct archive_index *x, struct err *e)
{
    const int status = migrate(x, e);

    return status < 0
               ? status
               : database_run(x->database,
                              "DELETE FROM recording; DELETE FROM collection; "
                              "DELETE FROM intended",
                              e);
}

int archive_index_check(struct archive_index *x, struct err *e)
{
    return database_check(x->database, e);
}

static int put_heard(struct archive_index *x, const struct entry *t, size_t i,
                     const uint8_t key[HASH_KEY_BYTES], struct err *e)
{
    const struct entry_heard *h = &t->heard[i];
    struct statement *s =
        database_prepare(x->database, "INSERT INTO heard VALUES "
                                      "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    char pseudonym[ENTRY_PSEUDONYM];

    entry_pseudonym(pseudonym, key, h);
    statement_text(s, 1, t->id);
    statement_count(s, 2, i);
    statement_text(s, 3, h->model);
    statement_text(s, 4, h->fob);
    statement_text(s, 5, h->verdict);
    statement_count(s, 6, h->frames);
    statement_real(s, 7, h->carrier_hz);
    statement_text(s, 8, pseudonym);
    return statement_finish(s, e);
}

int archive_index_remove(struct archive_index *x, const char *name,
                         struct err *e)
{
    return run_with(x, "DELETE FROM recording WHERE name = ?1", name, NULL, e);
}

int archive_index_put(struct archive_index *x, const struct entry *t,
                      const uint8_t key[HASH_KEY_BYTES], struct err *e)
{
    struct statement *s;
    int status = archive_index_remove(x, t->name, e);

    if (status < 0)
        return status;
    s = database_prepare(
        x->database,
        "INSERT INTO recording VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
        "?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)");
    statement_text(s, 1, t->id);
    statement_text(s, 2, t->name);
    statement_text(s, 3, t->sha512);
    statement_text(s, 4, t->datatype);
    statement_real(s, 5, t->rate_hz);
    statement_real(s, 6, t->centre_hz);
    statement_real(s, 7, t->added_unix_s);
    statement_real(s, 8, t->start_unix_s);
    statement_count(s, 9, t->samples);
    statement_count(s, 10, t->lost);
    for (int i = 0; i < OWNER_WORDS; i++)
        statement_text(s, 11 + i, t->owner[i]);
    statement_text(s, 16, entry_verdict(t));
    statement_count(s, 17, t->is_synthetic);
    status = statement_finish(s, e);
    for (size_t i = 0; i < t->n_heard && status == 0; i++)
        status = put_heard(x, t, i, key, e);
    return status;
}

static void get_heard(struct statement *s, struct entry_heard *h)
{
    *h = (struct entry_heard){ .frames = (unsigned)statement_get_count(s, 3),
                               .carrier_hz = statement_get_real(s, 4) };
    statement_get_text(s, 0, h->model, sizeof h->model);
    statement_get_text(s, 1, h->fob, sizeof h->fob);
    statement_get_text(s, 2, h->verdict, sizeof h->verdict);
}

/* What get_entry asks for each recording; to be ended. */
static struct statement *prepare_heard(struct archive_index *x)
{
    return database_prepare(x->database,
                            "SELECT model, fob, verdict, frames, carrier_hz "
                            "FROM heard WHERE recording = ?1 ORDER BY place");
}

/* The recording of the row that s stands on. */
static int get_entry(struct archive_index *x, struct statement *s,
                     struct statement *heard, struct entry *t, struct err *e)
{
    int status;

    *t = (struct entry){ .rate_hz = statement_get_real(s, 4),
                         .centre_hz = statement_get_real(s, 5),
                         .added_unix_s = statement_get_real(s, 6),
                         .start_unix_s = statement_get_real(s, 7),
                         .samples = statement_get_count(s, 8),
                         .lost = statement_get_count(s, 9),
                         .is_synthetic = statement_get_count(s, 15) != 0 };
    statement_get_text(s, 0, t->id, sizeof t->id);
    statement_get_text(s, 1, t->name, sizeof t->name);
    statement_get_text(s, 2, t->sha512, sizeof t->sha512);
    statement_get_text(s, 3, t->datatype, sizeof t->datatype);
    for (int i = 0; i < OWNER_WORDS; i++)
        statement_get_text(s, 10 + i, t->owner[i], sizeof t->owner[i]);
    statement_reset(heard);
    statement_text(heard, 1, t->id);
    while ((status = statement_step(heard, e)) > 0 &&
           t->n_heard < ENTRY_HEARD_MAX)
        get_heard(heard, &t->heard[t->n_heard++]);
    return status < 0 ? status : check_name(x, t->name, e);
}

int archive_index_find(struct archive_index *x, const char *prefix,
                       struct entry *ret, struct err *e)
{
    /* hexadecimal digits, so that 'g' is behind all that begin with it */
    struct statement *s = database_prepare(
        x->database, "SELECT " COLUMNS "FROM recording "
                     "WHERE id >= ?1 AND id < ?1 || 'g' LIMIT 2");
    struct statement *heard = prepare_heard(x);
    int status;

    statement_text(s, 1, prefix);
    status = statement_step(s, e);
    if (status == 0)
        status = err_set(e, -ENOENT, "%s: no such recording", prefix);
    else if (status > 0)
        status = get_entry(x, s, heard, ret, e);
    if (status == 0 && (status = statement_step(s, e)) > 0)
        status = err_set(e, -ENOTUNIQ,
                         "%s: several recordings begin with it: say more "
                         "digits",
                         prefix);
    statement_end(heard);
    statement_end(s);
    return status;
}

/* A band is wider than its carrier, and a recording of it than its middle. */
#define IN_BAND(n) "abs(centre_hz - ?" #n ") <= rate_hz / 2 + 1e6"

enum { FIRST_BAND = 8, BANDS_MAX = 8 };

int archive_index_list(struct archive_index *x, const struct archive_filter *f,
                       bool (*each)(void *user, const struct entry *t),
                       void *user, struct err *e)
{
    struct statement
        *s =
            database_prepare(
                x->database,
                "SELECT " COLUMNS "FROM recording WHERE "
                "(?1 IS NULL OR instr(lower(label), lower(?1)) > 0) AND "
                "(?2 IS NULL OR id IN (SELECT recording FROM heard "
                "WHERE instr(lower(model), lower(?2)) > 0)) AND "
                "(?3 IS NULL OR id IN (SELECT recording FROM heard "
                "WHERE fob = upper(?3) OR fob = ?3 OR pseudonym = lower(?3))) "
                "AND "
                "(?4 IS NULL OR verdict = ?4) AND "
                "(?5 IS NULL OR coalesce(start_s, added_s) >= ?5) AND "
                "(?6 IS NULL OR coalesce(start_s, added_s) <= ?6) AND "
                "(?7 = 0 OR " IN_BAND(8) " OR " IN_BAND(9) " OR " IN_BAND(10) " OR " IN_BAND(11) " OR " IN_BAND(
                    12) " OR " IN_BAND(13) " OR " IN_BAND(14) " OR " IN_BAND(15) ") "
                                                                                 "ORDER BY coalesce(start_s, added_s), id");
    struct statement *heard = prepare_heard(x);
    struct entry t;
    int status;

    statement_text(s, 1, f->label);
    statement_text(s, 2, f->model);
    statement_text(s, 3, f->fob);
    statement_text(s, 4, f->verdict);
    statement_real(s, 5, f->since_unix_s);
    statement_real(s, 6, f->until_unix_s);
    statement_count(s, 7, f->n_bands);
    for (int i = 0; i < BANDS_MAX; i++)
        statement_real(s, FIRST_BAND + i,
                       (size_t)i < f->n_bands ? f->band_hz[i] : NAN);
    while ((status = statement_step(s, e)) > 0) {
        status = get_entry(x, s, heard, &t, e);
        if (status < 0 || !each(user, &t))
            break;
    }
    statement_end(heard);
    statement_end(s);
    return status < 0 ? status : 0;
}

int archive_index_intend(struct archive_index *x, const char *name,
                         enum archive_change change, struct err *e)
{
    struct statement *s = database_prepare(
        x->database, "INSERT OR REPLACE INTO intended VALUES (?1, ?2)");

    statement_text(s, 1, name);
    statement_count(s, 2, (uint64_t)change);
    return statement_finish(s, e);
}

int archive_index_settle(struct archive_index *x, const char *name,
                         struct err *e)
{
    return run_with(x, "DELETE FROM intended WHERE name = ?1", name, NULL, e);
}

int archive_index_intended(struct archive_index *x, char name[ENTRY_NAME],
                           enum archive_change *change, struct err *e)
{
    struct statement *s = database_prepare(
        x->database, "SELECT name, change FROM intended LIMIT 1");
    int status = statement_step(s, e);

    if (status > 0) {
        statement_get_text(s, 0, name, ENTRY_NAME);
        *change = (enum archive_change)statement_get_count(s, 1);
        if (check_name(x, name, e) < 0)
            status = -EBADMSG;
    }
    statement_end(s);
    return status;
}

int archive_index_collect(struct archive_index *x, const char *collection,
                          const char *title, struct err *e)
{
    return run_with(x,
                    "INSERT INTO collection VALUES (?1, ?2) "
                    "ON CONFLICT DO UPDATE SET title = ?2",
                    collection, title, e);
}

int archive_index_add_member(struct archive_index *x, const char *collection,
                             const char *name, struct err *e)
{
    return run_with(x,
                    "INSERT OR IGNORE INTO member (collection, recording) "
                    "VALUES (?1, ?2)",
                    collection, name, e);
}

int archive_index_drop_collection(struct archive_index *x,
                                  const char *collection, struct err *e)
{
    return run_with(x, "DELETE FROM collection WHERE name = ?1", collection,
                    NULL, e);
}

int archive_index_drop_member(struct archive_index *x, const char *name,
                              struct err *e)
{
    return run_with(x, "DELETE FROM member WHERE recording = ?1", name, NULL,
                    e);
}

int archive_index_collections(struct archive_index *x, const char *name,
                              bool (*each)(void *user, const char *collection,
                                           const char *title),
                              void *user, struct err *e)
{
    struct statement *s = database_prepare(
        x->database,
        "SELECT name, title FROM collection WHERE ?1 IS NULL OR name IN "
        "(SELECT collection FROM member WHERE recording = ?1) ORDER BY name");
    char collection[ENTRY_NAME], title[TITLE_MAX];
    int status;

    statement_text(s, 1, name);
    while ((status = statement_step(s, e)) > 0) {
        statement_get_text(s, 0, collection, sizeof collection);
        statement_get_text(s, 1, title, sizeof title);
        status = check_name(x, collection, e);
        if (status < 0 || !each(user, collection, title))
            break;
    }
    statement_end(s);
    return status < 0 ? status : 0;
}

int archive_index_members(struct archive_index *x, const char *collection,
                          bool (*each)(void *user, const char *name),
                          void *user, struct err *e)
{
    struct statement *s =
        database_prepare(x->database, "SELECT recording FROM member WHERE "
                                      "collection = ?1 ORDER BY place");
    char name[ENTRY_NAME];
    int status;

    statement_text(s, 1, collection);
    while ((status = statement_step(s, e)) > 0) {
        statement_get_text(s, 0, name, sizeof name);
        status = check_name(x, name, e);
        if (status < 0 || !each(user, name))
            break;
    }
    statement_end(s);
    return status < 0 ? status : 0;
}
