/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/cmd_archive.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "src/log.h"

enum status cmd_archive_open(struct archive **ret, const struct options *o,
                             enum archive_mode mode)
{
    char place[PATH_MAX];
    struct err e = { "" };
    int status = archive_place(place, o->archive, &e);

    *ret = NULL;
    if (status == 0)
        status = archive_open(ret, place, mode, &e);
    if (status == -ENOENT && mode != ARCHIVE_WRITES) {
        log_say(LOG_NOTE, "%s", e.text);
        return STATUS_OK;
    }
    if (status == -EINTR)
        return STATUS_INTERRUPTED;
    if (status < 0)
        log_say(LOG_ERROR, "%s", e.text);
    return status < 0 ? STATUS_INPUT : STATUS_OK;
}

enum status cmd_archive_each(struct archive *a, const struct options *o,
                             const volatile sig_atomic_t *stop,
                             enum status (*each)(void *user, struct entry *t),
                             void *user)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < o->n_operands; i++) {
        struct err e = { "" };
        enum status now = STATUS_INPUT;
        struct entry t;

        if (*stop)
            return STATUS_INTERRUPTED;
        if (archive_find(a, o->operands[i], &t, &e) == 0)
            now = each(user, &t);
        else
            log_say(LOG_ERROR, "%s", e.text);
        if (now > status)
            status = now;
    }
    return status;
}

struct report_entry cmd_archive_report(const struct archive *a,
                                       const struct options *o)
{
    return (struct report_entry){ .key = archive_key(a),
                                  .is_full = o->is_full };
}

enum status cmd_archive_document(const struct options *o, const char *schema,
                                 struct json *more)
{
    struct json *document = json_new_object();
    int status;

    json_set_string(document, "schema", schema);
    if (!o->is_full)
        json_set_bool(document, "redacted", true);
    json_fill(document, more, NULL);
    json_free(more);
    status = json_document(document, stdout);
    json_free(document);
    if (status == -ENOMEM)
        log_say(LOG_ERROR, "out of memory");
    return status == 0 ? STATUS_OK : STATUS_INPUT;
}

enum status cmd_archive_end(const struct options *o, struct json *array,
                            enum status status)
{
    enum status printed;
    struct json *more;

    if (o->format != OUTPUT_JSON) {
        json_free(array);
        return status;
    }
    more = json_new_object();
    json_set(more, "recordings", array);
    printed = cmd_archive_document(o, "fobscope.archive/1", more);
    return printed > status ? printed : status;
}

enum status cmd_archive_flush(enum status status)
{
    if (fflush(stdout) == 0)
        return status;
    if (errno != EPIPE)
        log_say(LOG_ERROR, "standard output: %s", strerror(errno));
    return STATUS_INPUT;
}
