/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/entry.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "dsp/convert.h"
#include "src/date.h"
#include "src/sigmf.h"

/* It will stand on somebody's terminal: nothing that this would obey, and no half
 * of a character at its end. */
static void copy_word(char *to, size_t room, const char *from)
{
    struct err shown;

    assert(room <= sizeof shown.text);
    err_set(&shown, 0, "%.*s", (int)room - 1, from != NULL ? from : "");
    memcpy(to, shown.text, strlen(shown.text) + 1);
}

static int take_hash(struct entry *t, const struct json *global,
                     const char *name, struct err *e)
{
    static const char digits[] = "0123456789abcdef";
    const char *hash = json_text(global, "core:sha512");

    if (hash == NULL)
        return err_set(e, -EINVAL, "%s: has no core:sha512", name);
    if (strlen(hash) != HASH_HEX - 1 || strspn(hash, digits) != HASH_HEX - 1)
        return err_set(e, -EINVAL,
                       "%s: core:sha512 is not 128 hexadecimal digits", name);
    memcpy(t->sha512, hash, HASH_HEX);
    memcpy(t->id, hash, ENTRY_ID_DIGITS);
    return 0;
}

static void take_owner(struct entry *t, const struct json *global)
{
    for (size_t i = 0; i < OWNER_WORDS; i++) {
        char key[32];

        snprintf(key, sizeof key, "fob:%s", owner_names[i]);
        copy_word(t->owner[i], sizeof t->owner[i], json_text(global, key));
    }
}

/* Verdicts by their worth. */
static int worth(const char *verdict)
{
    static const char *const verdicts[] = { "damaged", "plausible", "proven" };

    for (int i = 0; i < 3; i++)
        if (strcmp(verdict, verdicts[i]) == 0)
            return i + 1;
    return 0;
}

/* The place for what frame tells of; NULL: there is none left. */
static struct entry_heard *find_heard(struct entry *t,
                                      const struct entry_heard *h)
{
    for (size_t i = 0; i < t->n_heard; i++)
        if (strcmp(t->heard[i].model, h->model) == 0 &&
            strcmp(t->heard[i].fob, h->fob) == 0)
            return &t->heard[i];
    if (t->n_heard == ENTRY_HEARD_MAX)
        return NULL;
    t->heard[t->n_heard] = *h;
    return &t->heard[t->n_heard++];
}

static void take_frame(struct entry *t, const struct json *frame)
{
    const struct json *fob = json_get(frame, "fob");
    const char *verdict = json_text(fob, "verdict");
    struct entry_heard h = { .carrier_hz =
                                 json_number(fob, "carrier_hz", NAN) };
    struct entry_heard *place;

    copy_word(h.model, sizeof h.model, json_text(frame, "model"));
    copy_word(h.fob, sizeof h.fob, json_text(frame, "id"));
    if (h.model[0] == '\0')
        return;
    place = find_heard(t, &h);
    if (place == NULL)
        return;
    place->frames++;
    if (verdict != NULL && worth(verdict) > worth(place->verdict))
        copy_word(place->verdict, sizeof place->verdict, verdict);
}

static void take_frames(struct entry *t, const struct json *annotations)
{
    for (size_t i = 0; i < json_size(annotations); i++) {
        const struct json *frame =
            json_get(json_at(annotations, i), "fob:frame");

        if (frame != NULL)
            take_frame(t, frame);
    }
}

int entry_from(struct entry *ret, const struct json *document, uint64_t bytes,
               const char *name, struct err *e)
{
    const struct json *global = json_get(document, "global");
    const char *added = json_text(global, "fob:added");
    struct entry t = { .added_unix_s = NAN };
    struct sigmf_meta meta;
    int status = sigmf_understand(&meta, document, name, e);

    if (status == 0)
        status = take_hash(&t, global, name, e);
    if (status < 0)
        return status;
    copy_word(t.name, sizeof t.name, name);
    copy_word(t.datatype, sizeof t.datatype, sigmf_datatype(meta.format));
    t.rate_hz = meta.rate_hz;
    t.centre_hz = meta.centre_hz;
    t.start_unix_s = meta.start_unix_s;
    if (added != NULL && !date_parse(added, &t.added_unix_s))
        t.added_unix_s = NAN;
    t.samples = bytes > meta.header_bytes
                    ? (bytes - meta.header_bytes) / convert_size(meta.format)
                    : 0;
    for (size_t i = 0; i < meta.n_gaps; i++)
        t.lost += meta.gaps[i].lost;
    t.is_synthetic = json_flag(global, "fob:synthetic");
    take_owner(&t, global);
    take_frames(&t, json_get(document, "annotations"));
    *ret = t;
    return 0;
}

int entry_read(struct entry *ret, const char *folder, const char *name,
               struct err *e)
{
    char path[PATH_MAX];
    struct json *document;
    struct stat st;
    off_t bytes;
    int status, n;

    n = snprintf(path, sizeof path, "%s/%s.sigmf-data", folder, name);
    if (n < 0 || (size_t)n >= sizeof path || strlen(name) >= ENTRY_NAME)
        return err_set(e, -ENAMETOOLONG, "%s: its name is too long", name);
    if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode))
        st.st_size = 0;
    bytes = st.st_size;
    strcpy(path + n - 4, "meta");
    if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
        return err_set(e, -EINVAL, "%s: its metadata is no regular file", name);
    status = sigmf_load(&document, path, e);
    if (status < 0)
        return status;
    status = entry_from(ret, document, (uint64_t)bytes, name, e);
    json_free(document);
    return status;
}

bool entry_is_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL &&
           strlen(name) < ENTRY_NAME - 1; /* shorter: nothing was cut off */
}

void entry_make_name(char name[ENTRY_NAME], const struct entry *t)
{
    char date[64] = "", centre[32] = "";
    struct date d;

    if (date_from_unix(&d, t->start_unix_s))
        snprintf(date, sizeof date, "_%04d%02d%02dT%02d%02d%02dZ", d.year,
                 d.month, d.day, d.hour, d.minute, d.second);
    if (isfinite(t->centre_hz))
        snprintf(centre, sizeof centre, "_%.9gM", t->centre_hz / 1e6);
    snprintf(name, ENTRY_NAME, "fob_%s%s%s_%.9gk", t->id, date, centre,
             t->rate_hz / 1e3);
}

double entry_time(const struct entry *t)
{
    return isfinite(t->start_unix_s) ? t->start_unix_s : t->added_unix_s;
}

const char *entry_verdict(const struct entry *t)
{
    const char *best = "none";

    for (size_t i = 0; i < t->n_heard; i++)
        if (worth(t->heard[i].verdict) > worth(best))
            best = t->heard[i].verdict;
    return best;
}

/* Unknown is the same as unknown. */
static bool is_same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool is_same_heard(const struct entry_heard *a,
                          const struct entry_heard *b)
{
    return strcmp(a->model, b->model) == 0 && strcmp(a->fob, b->fob) == 0 &&
           strcmp(a->verdict, b->verdict) == 0 && a->frames == b->frames &&
           is_same(a->carrier_hz, b->carrier_hz);
}

const char *entry_difference(const struct entry *a, const struct entry *b)
{
    if (strcmp(a->sha512, b->sha512) != 0)
        return "SHA-512";
    if (strcmp(a->name, b->name) != 0)
        return "name";
    if (strcmp(a->datatype, b->datatype) != 0 ||
        !is_same(a->rate_hz, b->rate_hz))
        return "format";
    if (!is_same(a->centre_hz, b->centre_hz))
        return "centre";
    if (!is_same(a->added_unix_s, b->added_unix_s) ||
        !is_same(a->start_unix_s, b->start_unix_s))
        return "date";
    if (a->is_synthetic != b->is_synthetic)
        return "mark of being synthetic";
    if (a->samples != b->samples || a->lost != b->lost)
        return "number of samples";
    for (size_t i = 0; i < OWNER_WORDS; i++)
        if (strcmp(a->owner[i], b->owner[i]) != 0)
            return owner_names[i];
    if (a->n_heard != b->n_heard)
        return "frames";
    for (size_t i = 0; i < a->n_heard; i++)
        if (!is_same_heard(&a->heard[i], &b->heard[i]))
            return "frames";
    return NULL;
}

void entry_pseudonym(char text[ENTRY_PSEUDONYM],
                     const uint8_t key[HASH_KEY_BYTES],
                     const struct entry_heard *h)
{
    char both[2 * ENTRY_WORD];
    int n;

    text[0] = '\0';
    if (h->fob[0] == '\0')
        return;
    /* a serial of another maker's is another fob */
    n = snprintf(both, sizeof both, "%s/%s", h->model, h->fob);
    assert(n > 0 && (size_t)n < sizeof both);
    snprintf(text, ENTRY_PSEUDONYM, "fob-%08" PRIx32,
             hash_keyed(key, both, (size_t)n));
}
