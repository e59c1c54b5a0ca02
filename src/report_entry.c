/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/report_entry.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "src/date.h"

enum { WHAT_MAX = OWNER_WORD_MAX + 4 * ENTRY_WORD };

static void set_date(struct json *o, const char *key, double unix_s)
{
    char date[64];

    date_format(date, sizeof date, unix_s);
    json_set_string(o, key, date[0] != '\0' ? date : NULL);
}

void report_entry_fob(const struct report_entry *r, const struct entry_heard *h,
                      char text[ENTRY_WORD])
{
    if (r->is_full)
        snprintf(text, ENTRY_WORD, "%s", h->fob);
    else
        entry_pseudonym(text, r->key, h);
    if (text[0] == '\0')
        strcpy(text, "-");
}

static struct json *new_heard(const struct report_entry *r,
                              const struct entry *t)
{
    struct json *list = json_new_array();

    for (size_t i = 0; i < t->n_heard; i++) {
        const struct entry_heard *h = &t->heard[i];
        struct json *o = json_new_object();
        char pseudonym[ENTRY_PSEUDONYM];

        entry_pseudonym(pseudonym, r->key, h);
        json_set_string(o, "model", h->model);
        json_set_string(o, "fob", pseudonym[0] != '\0' ? pseudonym : NULL);
        if (r->is_full && h->fob[0] != '\0')
            json_set_string(o, "id", h->fob);
        json_set_int(o, "frames", h->frames);
        json_set_string(o, "verdict", h->verdict);
        json_set_real(o, "carrier_hz", h->carrier_hz);
        json_append(list, o);
    }
    return list;
}

struct json *report_entry_json(const struct report_entry *r,
                               const struct entry *t)
{
    struct json *o = json_new_object();

    json_set_string(o, "id", t->id);
    set_date(o, "time", t->start_unix_s);
    set_date(o, "added", t->added_unix_s);
    json_set_string(o, "datatype", t->datatype);
    json_set_real(o, "rate_hz", t->rate_hz);
    json_set_real(o, "centre_hz", t->centre_hz);
    json_set_int(o, "samples", (int64_t)t->samples);
    json_set_real(o, "seconds", (double)t->samples / t->rate_hz);
    json_set_int(o, "lost", (int64_t)t->lost);
    for (size_t i = 0; i < OWNER_WORDS; i++) {
        /* it may be a part of what pairs a fob with its car (DOMAIN.md) */
        const bool is_hidden =
            !r->is_full && strcmp(owner_names[i], "sticker") == 0;

        if (t->owner[i][0] != '\0' && !is_hidden)
            json_set_string(o, owner_names[i], t->owner[i]);
    }
    if (t->is_synthetic)
        json_set_bool(o, "synthetic", true);
    json_set_string(o, "verdict", entry_verdict(t));
    json_set(o, "fobs", new_heard(r, t));
    return o;
}

static bool is_one_of(const char *key, const char *const *keys)
{
    for (; *keys != NULL; keys++)
        if (strcmp(key, *keys) == 0)
            return true;
    return false;
}

/* Bits, codes and fields hold the serial; so may what a later format adds. */
static bool is_open_key(const char *key)
{
    static const char *const keys[] = {
        "time", "model", "button", "button_str", "battery_ok", "repeat", "mod",
        "freq", "freq1", "freq2",  "rssi",       "snr",        "noise",  NULL,
    };

    return is_one_of(key, keys);
}

static bool is_open_fob_key(const char *key)
{
    static const char *const keys[] = {
        "protocol", "verdict",    "at",
        "samples",  "carrier_hz", "carrier_uncertainty_hz",
        "te_us",    "line_code",  "copies",
        "press",    "confidence", "deviation_hz",
        "gain_db",  "overload",   NULL,
    };

    return is_one_of(key, keys);
}

struct json *report_entry_frame(const struct report_entry *r,
                                const struct json *frame)
{
    const char *model = json_text(frame, "model"), *id = json_text(frame, "id");
    struct entry_heard h = { .frames = 1 };
    struct json *o, *fob;
    char pseudonym[ENTRY_PSEUDONYM];

    if (r->is_full)
        return json_clone(frame);
    o = json_new_object();
    fob = json_new_object();
    json_fill(o, frame, is_open_key);
    if (model != NULL && id != NULL) {
        snprintf(h.model, sizeof h.model, "%s", model);
        snprintf(h.fob, sizeof h.fob, "%s", id);
        entry_pseudonym(pseudonym, r->key, &h);
        json_set_string(o, "id", pseudonym);
    }
    json_fill(fob, json_get(frame, "fob"), is_open_fob_key);
    json_set(o, "fob", fob);
    return o;
}

void report_entry_date(double unix_s, char text[REPORT_DATE])
{
    struct date d;
    struct tm tm;
    time_t when;

    strcpy(text, "-");
    if (!date_from_unix(&d, unix_s))
        return;
    when = (time_t)floor(unix_s);
    if (localtime_r(&when, &tm) != NULL)
        strftime(text, REPORT_DATE, "%Y-%m-%d %H:%M", &tm);
}

/* What it is called, and what was heard in it. */
static void describe(const struct entry *t, char what[WHAT_MAX])
{
    const char *label = t->owner[0];
    int n =
        snprintf(what, WHAT_MAX, "%s%s%s", t->is_synthetic ? "SYNTHETIC " : "",
                 label, label[0] != '\0' && t->n_heard > 0 ? ", " : "");

    if (t->n_heard > 0)
        n += snprintf(what + n, WHAT_MAX - (size_t)n, "%s", t->heard[0].model);
    if (t->n_heard > 1)
        snprintf(what + n, WHAT_MAX - (size_t)n, " and %zu more",
                 t->n_heard - 1);
    if (label[0] == '\0' && t->n_heard == 0)
        snprintf(what + n, WHAT_MAX - (size_t)n, "no frames");
}

/* At most width columns of line; a character of UTF-8 counts as one, and is not
 * cut. */
static void put_line(FILE *out, const char *line, size_t width)
{
    size_t columns = 0;

    for (; *line != '\0'; line++) {
        if (((unsigned char)*line & 0xc0) != 0x80 && columns++ == width)
            break;
        fputc(*line, out);
    }
    fputc('\n', out);
}

/* When it was recorded, or the day on which it was added. */
static void put_when(const struct entry *t, char text[REPORT_DATE])
{
    char added[REPORT_DATE];

    report_entry_date(t->start_unix_s, text);
    report_entry_date(t->added_unix_s, added);
    if (!isfinite(t->start_unix_s) && isfinite(t->added_unix_s))
        snprintf(text, REPORT_DATE, "added %.10s", added);
}

void report_entry_heading(FILE *out, size_t width)
{
    put_line(out,
             "id         recorded             MHz      s fob          what",
             width);
}

void report_entry_row(const struct report_entry *r, const struct entry *t,
                      FILE *out, size_t width)
{
    char what[WHAT_MAX], date[REPORT_DATE], fob[ENTRY_WORD] = "-";
    char line[WHAT_MAX + 128], centre[16] = "-";

    describe(t, what);
    put_when(t, date);
    if (t->n_heard > 0)
        report_entry_fob(r, &t->heard[0], fob);
    if (isfinite(t->centre_hz))
        snprintf(centre, sizeof centre, "%.2f", t->centre_hz / 1e6);
    snprintf(line, sizeof line, "%-10s %-16s %6s %5.1f %-12s %s", t->id, date,
             centre, (double)t->samples / t->rate_hz, fob, what);
    put_line(out, line, width);
}
