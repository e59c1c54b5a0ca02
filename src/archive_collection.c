/* archive_collection - recordings that belong together: both fobs of a
 * comparison, the presses of a sitting.
 *
 * A collection is a file that names its recordings and holds the hash of each
 * one's metadata, so it is written anew when one of them changes.
 *
 *   source  SigMF 1.2.5, "SigMF Collection"
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/archive_impl.h"
#include "src/json.h"
#include "src/sigmf.h"
#include "src/sigmf_write.h"

enum {
    MEMBERS_MAX = 1000,
    COLLECTION_ID_BYTES = 5,
};

/* core:streams in the making. */
struct streams {
    const struct archive *archive;
    struct json *list;
    size_t n;
};

/* One that cannot be read is a damage for verify to tell of: it stays in the
 * collection, without a hash. One that is gone was removed by hand. */
static bool add_stream(void *user, const char *name)
{
    struct streams *s = user;
    char file[ENTRY_NAME + 16], hash[HASH_HEX];
    struct json *stream;
    int fd, status;

    snprintf(file, sizeof file, "%s.sigmf-meta", name);
    fd = archive_open_file(s->archive, file);
    if (fd == -ENOENT)
        return true;
    status = fd < 0 ? fd : hash_file(fd, hash);
    if (fd >= 0)
        close(fd);
    stream = json_new_object();
    json_set_string(stream, "name", name);
    if (status == 0)
        json_set_string(stream, "hash", hash);
    json_append(s->list, stream);
    s->n++;
    return true;
}

static struct json *new_document(const char *title, struct json *streams)
{
    struct json *document = json_new_object();
    struct json *collection = json_new_object();

    json_set_string(collection, "core:version", "1.2.5");
    json_set_string(collection, "core:description", title);
    json_set(collection, "core:streams", streams);
    json_set(document, "collection", collection);
    return document;
}

static int save(struct archive *a, const char *collection,
                struct json *document, struct err *e)
{
    char path[PATH_MAX], file[ENTRY_NAME + 32];
    int status;

    snprintf(path, sizeof path, "%.*s/collection", PATH_MAX - 32, a->work);
    snprintf(file, sizeof file, "%s.sigmf-collection", collection);
    status = sigmf_save(document, path);
    if (status < 0)
        return err_set(e, status, "%s: %s", path, strerror(-status));
    return archive_move(a, "collection", file, e);
}

/* Without recordings there is none. */
static int drop(struct archive *a, const char *collection, struct err *e)
{
    char file[ENTRY_NAME + 32];

    snprintf(file, sizeof file, "%s.sigmf-collection", collection);
    if (unlinkat(a->folder_fd, file, 0) != 0 && errno != ENOENT)
        return err_set(e, -errno, "%s: %s", file, strerror(errno));
    return archive_index_drop_collection(a->index, collection, e);
}

/* The file as the index has it. */
static int write_collection(struct archive *a, const char *collection,
                            const char *title, struct err *e)
{
    struct streams s = { .archive = a, .list = json_new_array() };
    struct json *document;
    int status = archive_index_members(a->index, collection, add_stream, &s, e);

    if (status < 0 || s.n == 0) {
        json_free(s.list);
        return status < 0 ? status : drop(a, collection, e);
    }
    document = new_document(title, s.list);
    status = save(a, collection, document, e);
    json_free(document);
    return status;
}

/* Collections that are to be written anew. */
struct due {
    struct {
        char name[ENTRY_NAME], title[TITLE_MAX];
    } * item;
    size_t n, room;
    bool is_short; /* of memory */
};

static bool add_due(void *user, const char *collection, const char *title)
{
    struct due *d = user;

    if (d->n == d->room) {
        const size_t room = 2 * d->room + 8;
        void *grown = realloc(d->item, room * sizeof *d->item);

        d->is_short = grown == NULL;
        if (d->is_short)
            return false;
        d->item = grown;
        d->room = room;
    }
    snprintf(d->item[d->n].name, ENTRY_NAME, "%s", collection);
    snprintf(d->item[d->n++].title, TITLE_MAX, "%s", title);
    return true;
}

/* The index knows of the change already. */
int archive_refresh_collections(struct archive *a, const char *name,
                                struct err *e)
{
    struct due d = { 0 };
    int status = archive_index_collections(a->index, name, add_due, &d, e);

    if (status == 0 && d.is_short)
        status = err_set(e, -ENOMEM, "out of memory");
    for (size_t i = 0; i < d.n && status == 0; i++)
        status = write_collection(a, d.item[i].name, d.item[i].title, e);
    free(d.item);
    return status;
}

/* What the file says, into the index. */
static int take_document(struct archive *a, const char *collection,
                         const struct json *document, struct err *e)
{
    const struct json *object = json_get(document, "collection");
    const struct json *streams = json_get(object, "core:streams");
    const char *title = json_text(object, "core:description");
    char short_title[TITLE_MAX];
    int status;

    if (object == NULL || json_size(streams) > MEMBERS_MAX)
        return err_set(e, -EINVAL, "%s: is no SigMF collection", collection);
    snprintf(short_title, sizeof short_title, "%s", title ? title : "");
    status = archive_index_collect(a->index, collection, short_title, e);
    for (size_t i = 0; i < json_size(streams) && status == 0; i++) {
        const char *name = json_text(json_at(streams, i), "name");

        if (name != NULL && entry_is_name(name))
            status = archive_index_add_member(a->index, collection, name, e);
    }
    return status;
}

int archive_index_collection(struct archive *a, const char *collection,
                             struct err *e)
{
    char path[PATH_MAX];
    struct json *document;
    struct stat st;
    int status;

    snprintf(path, sizeof path, "%.*s/%s.sigmf-collection", ARCHIVE_PLACE,
             a->folder, collection);
    if (access(path, F_OK) != 0)
        return archive_index_drop_collection(a->index, collection, e);
    if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
        return err_set(e, -EINVAL, "%s: is no regular file", collection);
    status = sigmf_load(&document, path, e);
    if (status < 0) /* of a file, not of the index */
        return -EINVAL;
    status = take_document(a, collection, document, e);
    json_free(document);
    return status;
}

/* Rows first: the file is written from them. */
static int begin_collection(struct archive *a, const char *collection,
                            const char *title, const char (*names)[ENTRY_NAME],
                            size_t n, struct err *e)
{
    int status = archive_index_begin(a->index, e);

    if (status < 0)
        return status;
    status = archive_index_collect(a->index, collection, title, e);
    for (size_t i = 0; i < n && status == 0; i++)
        status = archive_index_add_member(a->index, collection, names[i], e);
    if (status == 0)
        status = write_collection(a, collection, title, e);
    if (status == 0)
        status = archive_sync(a, e);
    if (status == 0)
        status = archive_index_settle(a->index, collection, e);
    if (status == 0)
        status = archive_index_commit(a->index, e);
    if (status < 0)
        archive_index_rollback(a->index);
    return status;
}

int archive_collect(struct archive *a, const char *title,
                    const char (*names)[ENTRY_NAME], size_t n,
                    char collection[ENTRY_NAME], struct err *e)
{
    uint8_t id[COLLECTION_ID_BYTES];
    int status =
        n <= MEMBERS_MAX
            ? archive_begin(a, e)
            : err_set(e, -E2BIG, "a collection has at most %d recordings",
                      MEMBERS_MAX);

    if (status < 0)
        return status;
    hash_random(id, sizeof id);
    snprintf(collection, ENTRY_NAME, "col_%02x%02x%02x%02x%02x", id[0], id[1],
             id[2], id[3], id[4]);
    status = archive_index_intend(a->index, collection, ARCHIVE_COLLECTS, e);
    if (status == 0)
        status = begin_collection(a, collection, title, names, n, e);
    archive_end(a);
    return status;
}
